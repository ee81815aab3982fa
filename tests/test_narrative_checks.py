"""Text against tables, against the bureau's own table and against itself: exact findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest

from gouji.export.results import Results
from gouji.export.returned.document import mark_document
from gouji.export.returned.marks import Mark, Stamp
from gouji.ingest.register.batch import Batch
from gouji.ingest.text_beside import TextBeside
from gouji.samples.build import ISSUED, REPORTED
from gouji.samples.document import write_document
from gouji.templates.addresses import BODY
from gouji.templates.catalogue import built_in
from gouji.templates.rules import quantity as q
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.lookup import Reference
from gouji.validate.narrative.belonging import paragraphs_of_file
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of
from tests.measure_text import FAULTS, measured
from tests.narrative_oracle import contradicted, contradictions, findings_of, oracles

D = Decimal
WHOLE = built_in().form("部门整体支出绩效评价自评报告", "汨罗市-2018")
PROJECT = built_in().form("财政支出项目绩效评价自评报告", "汨罗市-2018")
FIGURES = {
    "收入汇总.收入合计": D("846.77"), "支出汇总.支出合计": D("846.77"), "支出汇总.基本支出": D("307.55"),
    "支出汇总.人员支出": D("256.23"), "支出汇总.公用支出": D("51.32"), "支出汇总.项目支出": D("539.22"),
    "三公汇总.三公经费合计": D("4.54"), "实有人数": D("32"), "绩效自评综合得分": D("98"), "评价等次": "优秀",
}  # fmt: skip


def found(text: str, *, reference: Reference | None = None, unit: str = "某局") -> list[Finding]:
    """What is found of a text in 综述 beside the figures above."""
    returns = returns_of(WHOLE, 1).assign(unit=unit)
    values = values_of(WHOLE, [{**FIGURES, "综述": text}])
    tables = Tables(wides_of(Batch(returns, values, 2021), built_in()), reference=reference)
    return list(check_narrative(tables, built_in()))


def told(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(one.rule, one.stated, one.expected) for one in found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年支出846.77万元，其中基本支出307.55万元，项目支出539.22万元。", []),
        ("三公经费支出4.5万元。", []),  # 4.54, rounded as it is written
        ("三公经费支出45400元，自评得分98分，评价等次为优。", []),
        ("三公经费支出约4.7万元。", []),
        ("三公经费支出不超过4万元。", []),  # a bound is no figure
        ("三公经费支出4.6万元。", [("L-01", "4.6万元", "4.54万元")]),
        ("三公经费支出454元。", [("L-01", "454元", "4.54万元")]),
        ("现有在职人员23人。", [("L-01", "23人", "32人")]),
        ("自评得分89分，评价等次为良。", [("L-01", "89分", "98分"), ("L-01", "良", "优")]),
        ("2019年支出合计900万元。", []),  # of another year
        ("二级机构某中心支出合计900万元。", []),
        ("信访局支出合计900万元。", []),  # somebody else
        ("财政拨款基本支出300万元。", []),  # a part of the money may be less
        ("财政拨款基本支出310万元。", [("L-01", "310万元", "307.55万元")]),
        ("项目支出539.22万元，比上年增加10万元，增长3%。", [("L-04", "3%", "1.89%")]),
        ("项目支出539.22万元，比上年减少10万元，下降1.82%。", []),
        ("基本支出307.55万元，占支出合计的36.32%。", []),
        ("支出合计846.77万元，基本支出307.55万元，占支出合计的63.32%。", [("L-05", "63.32%", "36.32%")]),
        ("专项经费539.22万元，具体为：硬件300万元、软件239.22万元。", []),
        ("专项经费539.22万元，具体为：硬件300万元、软件200万元。", [("L-03", "539.22万元", "500万元")]),
        ("在职人员32人，其中女性20人，党员15人。", []),  # the same people
        ("全年办件1000件，其中网上办理800件，当场办结600件。", []),
        ("总投资500万元，其中本年投资300万元，累计完成投资650万元。", []),
        ("预算收入800万元，其中财政拨款700万元；支出846.77万元。", []),
        ("评价等次为优，上年评价等次为良。县财政局评价得分为92分。项目一自评得分95分。", []),
        ("工单100件，其中咨询50件、投诉40件、建议30件。", [("L-03", "100件", "≥120件")]),
        ("填报578项，发布574项，发布率99.31%。", []),
        ("填报578项，发布574项，发布率89.31%。", [("L-05", "89.31%", "99.31%")]),
        ("培训费3万元。培训费支出2万元。", [("L-06", "2万元", "3万元")]),
    ],
)  # fmt: skip
def test_a_text_beside_its_tables(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected


def test_a_finding_names_cell_sentence_and_what_to_do() -> None:
    (one,) = found("联系13812345678。三公经费支出4.6万元，联系人电话13812345678，比预算少。")
    assert (one.severity, one.verdict, one.layer, one.cell, one.related_cells) == (
        "核实性", "不符", "表间", "A1", "表!A1",
    )  # fmt: skip
    assert one.message == (
        "文字写的是“三公经费支出4.6万元，联系人电话（号码不显示），比预算少”，其中三公经费为 4.6万元，"
        "而“部门整体支出绩效评价自评报告”（A1）是 4.54万元，相差 0.06万元。请核对是文字还是表写错了，更正或说明理由。"
    )


def test_the_bureaus_own_table_is_asked_too() -> None:
    training = q.rounded(np.array([D("2.50")], dtype=object), np.zeros(1, np.int8), np.array([2], np.int16))
    cells = np.array(["部门决算参照表!D9"], dtype=object)
    reference = Reference(
        "部门决算参照表", np.array(["U0|2021"], dtype=object), {"培训费": training}, {"培训费": cells}
    )
    (one,) = found("培训费支出3.5万元。", reference=reference)
    assert (one.rule, one.stated, one.expected, one.related_cells) == ("L-02", "3.5万元", "2.5万元", cells[0])


def test_paragraphs_beside_a_table_are_looked_at_with_it() -> None:
    returns, values = returns_of(WHOLE, 1), values_of(WHOLE, [FIGURES])
    tables = Tables(wides_of(Batch(returns, values, 2021), built_in()))
    paragraphs = [Paragraph("R0", "第7段", "三公经费支出4.6万元。"), Paragraph("R9", "第8段", "三公经费支出4.6万元。")]
    (one,) = check_narrative(tables, built_in(), paragraphs)
    assert (one.rule, one.cell, one.item) == ("L-01", "第7段", "正文")


def test_the_published_texts_are_held_against_their_tables_as_by_hand(of_published: Callable[[str], Results]) -> None:
    """Of 30 contradictions that were listed by hand 28 are found, and nothing that was not."""
    results = of_published(ISSUED)
    mine: Counter[tuple[object, ...]] = Counter()
    theirs: Counter[tuple[object, ...]] = Counter()
    for oracle in oracles():
        mine += Counter({(oracle["unit"], *key): n for key, n in contradicted(findings_of(oracle, results)).items()})
        theirs += Counter({(oracle["unit"], *key): n for key, n in contradictions(oracle).items()})
    assert (sum((mine & theirs).values()), theirs.total()) == (28, 30)
    assert mine - theirs == Counter()


def test_the_text_of_documents_is_held_against_their_tables(of_published: Callable[[str], Results]) -> None:
    findings = of_published(REPORTED).findings
    rows = findings[findings["item"] == BODY]
    assert set(rows["sheet"]) == {BODY}
    columns = ["unit", "rule", "cell", "stated", "expected", "related_cells"]
    assert [tuple(row) for row in rows[columns].astype(object).where(rows[columns].notna(), None).to_numpy()] == [
        ("衡山县行政审批服务局", "L-01", "第4段", "272.74万元", "146.07万元", "第4个表第6行第5列"),
        ("衡山县行政审批服务局", "L-01", "第4段", "189.83万元", "127.3万元", "第4个表第6行第7列"),
        ("衡山县行政审批服务局", "L-01", "第4段", "69.1%", "87.15%", "第4个表第6行第7列；第4个表第6行第5列"),
        ("衡山县行政审批服务局", "L-05", "第4段", "69.1%", "69.6%", None),
    ]  # fmt: skip


REPORTS = pd.DataFrame(
    [
        ("R0", WHOLE.name, WHOLE.edition, None),
        ("R1", PROJECT.name, PROJECT.edition, "农村公路养护专项资金"),
        ("R2", PROJECT.name, PROJECT.edition, "公路养护项目"),
    ],
    columns=["return_id", "form", "edition", "instance"],
)


def beside(texts: list[str]) -> list[TextBeside]:
    return [TextBeside(BODY, f"第{number}段", text) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("tables", "owners"),
    [(1, ["R0", "R0", "R0", "R0"]), (2, ["R0", "R0", "R1", "R1"]), (3, ["R0", "R0"])],
    ids=["no project", "one project", "which of two projects cannot be told"],
)
def test_a_paragraph_belongs_to_the_report_in_which_it_stands(tables: int, owners: list[str]) -> None:
    texts = ["某局2021年度整体支出绩效自评报告", "支出合计5万元。", "某局项目支出绩效自评报告", "项目资金5万元。"]
    found_of = paragraphs_of_file(beside(texts), REPORTS.iloc[:tables], built_in())
    assert [one.return_id for one in found_of] == owners


@pytest.mark.parametrize(
    ("texts", "owners"),
    [
        (["某局2021年农村公路养护项目支出绩效自评报告", "项目资金5万元。"], ["R1", "R1"]),  # the longer of two names
        (["公路养护项目支出绩效自评报告", "项目资金5万元。", "某局整体支出绩效自评报告"], ["R2", "R2", "R0"]),
        (["某局项目支出绩效自评报告", "项目名称：公路养护项目", "项目资金5万元。"], ["R2", "R2"]),
        (["某局安保项目支出绩效自评报告", "项目资金5万元。"], []),
        (["支出合计5万元。", "项目名称：公路养护项目"], ["R0", "R0"]),  # no report on a project began
    ],
)
def test_a_report_on_a_project_belongs_to_the_table_of_its_name(texts: list[str], owners: list[str]) -> None:
    assert [one.return_id for one in paragraphs_of_file(beside(texts), REPORTS, built_in())] == owners


EMPTY = dict.fromkeys(FIGURES)
"""No figures in the tables: only the text itself is left."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("基本支出300万元。支出合计500万元。", []),
        ("三公经费支出5万元。公务接待费支出5万元，公务用车购置及运行维护费支出0万元。", []),
        ("三公经费预算5万元。公务接待费支出6万元。", []),  # a plan and what was spent
        ("财政拨款支出合计400万元。项目支出450万元。", []),
        ("支出合计500万元。2020年项目支出600万元。", []),
        ("基本支出100万元。商品和服务支出150万元。", []),  # also of projects
        ("全县支出合计300万元。基本支出400万元。", []),
        ("自评得分92分。评价等次为优秀。", []),
        ("自评得分88分。上年评价等次为优。", []),
        ("自评得分85分，评价等次为良。", []),
        ("项目一自评得分70分。评价等次为优。", []),
        ("基本支出600万元。经核算，支出合计500万元。", [("L-03", "500万元", "≥600万元")]),
        ("支出合计500.0万元。全年项目支出512.3万元。", [("L-03", "500.0万元", "≥512.3万元")]),
        ("三公经费支出3万元。公务接待费支出4.2万元。", [("L-03", "3万元", "≥4.2万元")]),
        ("本次自评得分82分。评价等次为优秀。", [("L-05", "优秀", "良")]),
        ("我局自评总分96分。绩效等级：中。", [("L-05", "中", "优")]),
    ],
)
def test_a_text_across_its_paragraphs(text: str, expected: list[tuple[str, str, str]]) -> None:
    values = values_of(WHOLE, [{**EMPTY, "综述": text}])
    tables = Tables(wides_of(Batch(returns_of(WHOLE, 1), values, 2021), built_in()))
    assert [(one.rule, one.stated, one.expected) for one in check_narrative(tables, built_in())] == expected


def test_generated_reports() -> None:
    """Every kind of planted fault is found, and nothing is said of honest reports (`python -m tests.measure_text`)."""
    planted, caught, alarms = measured(66, 7)
    assert (caught, alarms) == (planted, [])
    assert set(planted) == set(FAULTS)


def test_the_sentence_of_a_document_has_the_comment(tmp_path: Path) -> None:
    content = ["某局报告", "三公经费支出4.6万元。", "支出合计5万元。"]
    data = write_document(tmp_path / "某局.docx", content).read_bytes()
    mark = Mark("F1", "L-01", "核实性", "不符", "三公经费不一致", sheet=BODY, cell="第2段")
    with ZipFile(BytesIO(mark_document(data, [mark], Stamp("0" * 64), "某局"))) as package:
        body = package.read("word/document.xml").decode()
        (comments,) = (name for name in package.namelist() if name.startswith("word/comments"))
        assert "三公经费不一致" in package.read(comments).decode()
    start = body.index("commentRangeStart")
    assert start < body.index("三公经费支出4.6万元", start) < body.index("commentRangeEnd")
