"""反馈意见: the letters read back as Word documents."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn

from gouji.export.letters.contents import MOST_ROWS, day, letters
from gouji.export.letters.document import document
from gouji.export.letters.letters import write_letters
from gouji.export.outputs import LETTERS
from gouji.export.results import Results
from gouji.export.terms import Terms
from gouji.ingest.frames import typed
from gouji.templates.text import CUT_MARK
from gouji.validate.frames import decisions_schema, findings_schema
from tests.test_export import FINDINGS, ROSTER, empty_results, finding, results

EVIL = "../=cmd|' /C calc'!A0<w:p>\x07&amp;\u2028{ INCLUDETEXT C:\\x }\n第二行"
MORE = [
    finding("m1", rule="C-07", severity="核实性", verdict="无法核对", item="结余", message="缺少“结余”。",
            sheet="Sheet1", cell="H26", explanation="确属实情"),
    finding("h1", rule="G-01", unit_code="09", unit=EVIL, message=EVIL, stated=EVIL, expected=EVIL, instance=EVIL,
            sheet=EVIL, cell=EVIL, return_id=None, item="x"),
    *(finding(f"l{n}", rule="T-01", unit_code="02", unit="乙局", item=f"第{n}行", message=f"第{n}处", return_id="b")
      for n in range(MOST_ROWS + 5)),
]  # fmt: skip


def batch(**changed: object) -> Results:
    returns = results().returns
    evil = returns.iloc[[0]].assign(return_id="h", unit_code="09", unit=EVIL, file="h.xlsx")
    frames = {
        "returns": pd.concat([returns, evil], ignore_index=True),
        "findings": typed(pd.DataFrame([*FINDINGS, *MORE]), findings_schema),
    }
    return results(**(frames | changed))


@pytest.fixture(scope="module")
def papers() -> dict[str, Paper]:
    """Unit → its letter."""
    refused = typed(pd.DataFrame([{"finding_id": "m1", "opinion": "不予采纳"}]), decisions_schema)
    made = letters(batch(decisions=refused))
    return {letter.name: Document(io.BytesIO(document(letter))) for letter in made}


def texts(paper: Paper) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs]


def cells(paper: Paper, table: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in paper.tables[table].rows]


def test_only_units_with_something_to_mend_or_explain_get_one(papers: dict[str, Paper]) -> None:
    assert list(papers) == ["甲局", "乙局", "丁局", EVIL]


def test_who_is_only_asked_which_file_counts_is_not_told_to_mend_one() -> None:
    asked = finding(
        "v", rule="R-04", unit_code="02", unit="乙局", message="报了两份。请说明以哪一份为准。", return_id="b"
    )
    (letter,) = [
        letter
        for letter in letters(results(findings=typed(pd.DataFrame([asked]), findings_schema)))
        if letter.name == "乙局"
    ]
    said = texts(Document(io.BytesIO(document(letter))))
    assert any("书面说明以哪一份为准；所报的文件不用修改" in line for line in said)
    assert not any("改好" in line for line in said)


def test_a_letter_says_to_whom_what_and_by_when(papers: dict[str, Paper]) -> None:
    said = texts(papers["甲局"])
    assert said[:2] == ["关于2021年度绩效自评的审核反馈意见", "甲局："]
    assert "需要更正的问题2处、需要核实说明的问题2处" in said[2]
    assert "尚未报齐" in said[2]  # 项目九 has not come
    heads = [text for text in said if text[1:2] == "、"]
    assert heads == ["一、请补报的表（1种）", "二、请更正的问题（2处）", "三、请核实说明的问题（2处）", "四、办理要求"]
    assert "还没有收到：自评表1张（项目九）。" in said
    assert any("请于____年__月__日前" in text for text in said)  # 2022-03-31 was the deadline of the return
    assert said[-2:] == ["__________财政局（综合股）", "____年__月__日"]


def test_findings_stand_with_their_figures_the_mandatory_first(papers: dict[str, Paper]) -> None:
    paper = papers["甲局"]
    must = cells(paper)
    assert must[0] == ["序号", "位置", "填报数", "应为", "问题和要求"]
    assert must[1] == [
        "1", "D9", "-1.5万元", "2万元", "三公经费应等于公务用车＋出国经费＋公务接待。可能的原因：漏加一行。",
    ]  # fmt: skip
    asked = [row for table in range(len(paper.tables)) for row in cells(paper, table) if row[1] in ("H26", "—")]
    assert ["2", "H26", "—", "—", "缺少“结余”。你单位已说明：确属实情（未予采纳）"] in asked


def test_what_was_explained_is_asked_no_more() -> None:
    """It waits for the bureau, unless an auditor has refused it."""
    refused = typed(pd.DataFrame([{"finding_id": "m1", "opinion": "不予采纳"}]), decisions_schema)
    for decisions, count in ((refused, 2), (refused.iloc[:0], 1)):
        (remaining,) = [letter for letter in letters(batch(decisions=decisions)) if letter.name == "甲局"]
        assert remaining.ask.count == count


def test_who_has_only_things_to_mend_is_asked_for_no_reasons(papers: dict[str, Paper]) -> None:
    said = "".join(texts(papers["乙局"]))
    assert "收悉" in said and "请核实说明" not in said and "单位说明" not in said


def test_who_sent_nothing_is_reminded_and_has_nothing_to_correct(papers: dict[str, Paper]) -> None:
    assert texts(papers["丁局"]) == [
        "关于催报2021年度绩效自评材料的通知", "丁局：",
        "你单位应报送2021年度绩效自评材料（基础数据表1张），至今没有收到。",
        "请于____年__月__日前报送。已经报送的，请与财政局联系核对。",
        "", "__________财政局", "____年__月__日",
    ]  # fmt: skip


def test_long_lists_repeat_their_head_and_end_somewhere(papers: dict[str, Paper]) -> None:
    paper = papers["乙局"]
    assert sum(len(table.rows) - 1 for table in paper.tables) == MOST_ROWS
    assert any("其余6处没有逐一列出" in text for text in texts(paper))
    for table in paper.tables:
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows][:2] == [True, False]


def test_hostile_texts_stay_text(papers: dict[str, Paper]) -> None:
    paper = papers[EVIL]
    clean = EVIL.replace("\x07", "").replace("\n", " ")
    assert texts(paper)[1] == f"{clean}："
    assert cells(paper)[1] == ["1", clean, clean, clean, clean]
    fields = [element.text for element in paper.element.body.iter(qn("w:instrText"))]
    assert fields == [] and not list(paper.element.body.iter(qn("w:hyperlink")))


def test_names_of_files_are_safe_and_units_of_one_name_have_two(tmp_path: Path) -> None:
    twins = [finding(f"t{code}", rule="T-01", unit_code=code, unit="同名局", item="甲", form=None) for code in "AaB"]
    nothing_due = ROSTER.assign(required_forms=None)
    roster = pd.concat([nothing_due, pd.DataFrame([{"unit_code": code, "unit": "同名局"} for code in "AaB"])])
    outcome = batch(findings=typed(pd.DataFrame([*MORE[1:2], *twins]), findings_schema), roster=roster)
    assert write_letters(outcome, tmp_path) == 4
    names = sorted(path.name for path in (tmp_path / LETTERS).iterdir())
    assert names[1:] == [f"{stem}_审核反馈意见.docx" for stem in ("A_同名局", "B_同名局", "a_同名局_2")]
    assert names[0].startswith("09_") and not set(names[0]) & set('/\\<>:"|?*\x07\n')
    assert [path for path in tmp_path.rglob("*") if path.parent not in (tmp_path, tmp_path / LETTERS)] == []


def test_an_endless_text_is_cut(tmp_path: Path) -> None:
    endless = finding("e", rule="T-01", item="甲", message="长" * 100_000)
    letter = next(letters(batch(findings=typed(pd.DataFrame([endless]), findings_schema))))
    paper = Document(io.BytesIO(document(letter)))
    assert cells(paper)[1][4].endswith(CUT_MARK)


def test_nobody_gets_a_letter_when_there_is_nothing(tmp_path: Path) -> None:
    assert write_letters(empty_results(), tmp_path) == 0
    assert list((tmp_path / LETTERS).iterdir()) == []


def test_equal_results_give_equal_bytes() -> None:
    assert [document(letter) for letter in letters(batch())] == [document(letter) for letter in letters(batch())]


@pytest.mark.parametrize(
    ("moment", "shown"), [(datetime.date(2022, 3, 1), "2022年3月1日"), (None, "____年__月__日")]
)  # fmt: skip
def test_a_day_is_written_as_in_official_papers(moment: datetime.date | None, shown: str) -> None:
    assert day(moment) == shown


def test_an_answer_is_due_days_after_the_letter_and_never_on_the_deadline_of_the_returns() -> None:
    outcome = batch()
    outcome.run["started"] = "2022-04-26T09:00:00+08:00"
    (blank, *_), outcome.terms = letters(outcome), Terms(bureau="某某县财政局", reply_days=10)
    (letter, *_) = letters(outcome)
    assert (blank.bureau, blank.sent, blank.reply) == (None, "____年__月__日", "____年__月__日")
    assert (letter.sent, letter.reply) == ("2022年4月26日", "2022年5月6日")
    lines = [line.text for line in Document(io.BytesIO(document(letter))).paragraphs]
    assert lines[-2:] == ["某某县财政局（综合股）", "2022年4月26日"]
    assert "（二）请于2022年5月6日前在你单位报送的文件上改好、保存后重新报送，不要增删表中的行、列和工作表。" in lines


@pytest.mark.parametrize(
    ("copies", "said"),
    [
        (
            [{"file": "收到/甲.xlsx", "copy": "甲局/甲.xlsx"}],
            ["随文退回你单位的“甲.xlsx”：有问题的格子已标出颜色", "请在“问题”表的“单位说明”一栏写明理由，随文件报送"],
        ),
        (
            [{"file": "收到/甲.xlsx", "copy": "甲局/甲.xls-问题清单.xlsx", "reason": "文件不是 .xlsx 格式"}],
            ["“甲.xlsx”没有能够标注，随文附问题清单“甲.xls-问题清单.xlsx”", "请在所报工作簿“自查”表的“单位说明”一栏"],
        ),
        ([], ["在你单位报送的文件上改好、保存后重新报送", "请在所报工作簿“自查”表的“单位说明”一栏"]),
    ],
)
def test_a_letter_speaks_of_the_file_that_goes_with_it(copies: list[dict[str, str]], said: list[str]) -> None:
    rows = [finding("f", rule="C-07", severity="核实性", verdict="不符", item="结余", file="收到/甲.xlsx", unit="甲局")]
    outcome = batch(findings=typed(pd.DataFrame(rows), findings_schema))
    outcome.run["returned"] = {"copies": copies}
    letter = next(candidate for candidate in letters(outcome) if candidate.name == "甲局")
    text = "".join(texts(Document(io.BytesIO(document(letter)))))
    assert all(words in text for words in said), text
    assert ("退回你单位的" in text, "清单" in text) == ("标出颜色" in said[0], "清单" in said[0])


def test_who_signs_stands_on_the_page_of_what_comes_before(papers: dict[str, Paper]) -> None:
    for paper in papers.values():
        *_, way, thanks, gap, name, _ = paper.paragraphs
        kept = [paragraph.paragraph_format.keep_with_next for paragraph in (way, thanks, gap, name)]
        assert kept[1:] == [True] * 3, way.text
        lines = [paragraph for paragraph in paper.paragraphs if paragraph.text.startswith("以下内容")]
        assert all(paragraph.paragraph_format.keep_with_next for paragraph in lines)


def test_a_project_goes_by_its_name_and_its_code_stands_behind() -> None:
    named = ROSTER.assign(project_code=ROSTER["project_name"].map({"项目九": "01-09"}), project_name="大桥维修")
    rows = [
        finding("f", rule="A-02", form="预算支出绩效自评表", instance="01-09", item="结余", unit="甲局", sheet="自评表")
    ]
    outcome = batch(findings=typed(pd.DataFrame(rows), findings_schema), roster=named)
    letter = next(candidate for candidate in letters(outcome) if candidate.name == "甲局")
    assert [group.name for group in letter.must.groups] == ["自评表：大桥维修（01-09）"]
