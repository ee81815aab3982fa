"""Reports on sheets of a workbook are held against its tables, sentence by sentence, as those of a document are."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from gouji.export.results import Results
from gouji.export.returned.mark_up import Mark, Stamp, mark_up
from gouji.ingest.read import read_workbook
from gouji.ingest.text_beside import text_beside
from gouji.pipeline import run
from tests.field.build import build_case

FIRST = "本部门负责全县的行政审批和政务服务工作，机构运转正常。"


def book(*lines: tuple[object, ...], name: str = "自评报告", hidden: bool = False) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = name
    for line in lines:
        sheet.append(line)
    made.create_sheet("另一张")["A1"] = "甲"
    sheet.sheet_state = "hidden" if hidden else "visible"
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def texts(data: bytes, *tables: str) -> list[tuple[str, str]]:
    return [(one.cell, one.text) for one in text_beside(read_workbook(data, "某局.xlsx"), {*tables, "另一张"})]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("一、部门概况",), (FIRST,)], [("A1", "一、部门概况"), ("A2", FIRST)]),
        ([(f"一、部门概况\n{FIRST}\n二、支出",)], [("A1", "一、部门概况"), ("A1", FIRST), ("A1", "二、支出")]),
        ([("概况", FIRST), (2, FIRST)], [("A1", "概况"), ("B1", FIRST), ("B2", FIRST)]),
        ([("（3）", FIRST)], [("A1", "（3）"), ("B1", FIRST)]),
        ([(FIRST + "支出",), ("50万元，其中基本支出30万元。",)], [("A1", FIRST + "支出50万元，其中基本支出30万元。")]),
        ([(FIRST + "全年支出",), ("二、支出情况",)], [("A1", FIRST + "全年支出"), ("A2", "二、支出情况")]),
        ([(FIRST + "全年支出",), (None,), ("50万元。",)], []),  # nobody knows of what
        ([("全年支出", 50), (FIRST,)], []),  # a figure in a cell of its own: a table
        ([("全年支出", "50万元"), (FIRST,)], []),
        ([(FIRST, 50)], []),
        ([("甲", "乙", "丙"), (FIRST,)], []),
        ([("一、部门概况",), ("二、支出",)], []),  # nothing but headings
    ],
)  # fmt: skip
def test_a_sheet_of_sentences_is_a_text_and_what_has_columns_is_none(
    lines: list[tuple[object, ...]], expected: list[tuple[str, str]]
) -> None:
    assert texts(book(*lines)) == expected


@pytest.mark.parametrize("name", ["填报说明", "评分标准", "自评报告模板", "自评报告提纲", "绩效目标", "Sheet2"])
def test_what_is_not_called_a_report_is_none(name: str) -> None:
    assert texts(book((FIRST,), name=name)) == []
    assert texts(book(("自评报告填写要求",), (FIRST,))) == []
    assert texts(book((FIRST,), hidden=True)) == []
    assert texts(book((FIRST,)), "自评报告") == []


@pytest.mark.parametrize(
    ("name", "title"),
    [("自评报告", "一、概况"), ("Sheet2", "某局2023年整体支出绩效自评报告"), ("文字说明", "二、绩效目标")],
)
def test_a_sheet_is_a_report_by_its_name_or_its_title(name: str, title: str) -> None:
    assert texts(book((title,), (FIRST,), name=name)) == [("A1", title), ("A2", FIRST)]


def told(results: Results) -> list[tuple[str, str, str, str]]:
    """Rule, sheet, cell and the first of the sentence of everything that is said of texts."""
    found = results.findings[results.findings["rule"].str.startswith("L-")]
    columns = (found[name].fillna("").astype(str) for name in ("rule", "sheet", "cell", "stated"))
    return sorted(zip(*columns, strict=True))


HONEST = [
    "道路养护项目支出绩效自评报告", "一、项目概况",
    "2023年本项目全年预算数100万元，全年执行数90万元，预算执行率90%，项目按计划完成。",
    "二、绩效情况", "群众满意度95%，自评得分99分，养护工作取得了较好的效果。",
]  # fmt: skip
FALSE = [line.replace("执行数90万元", "执行数96万元").replace("自评得分99分", "自评得分95分") for line in HONEST]
EXPECTED = [("L-01", "自评报告", "A3", "96万元"), ("L-01", "自评报告", "A5", "95分")]


def with_report(folder: Path, lines: list[str]) -> Path:
    """A plain 自评表 with a report on the next sheet."""
    path = build_case("v00_试点v00局", folder / "试点v00局.xlsx")
    made = openpyxl.load_workbook(path)
    sheet = made.create_sheet("自评报告")
    for line in lines:
        sheet.append([line])
    made.save(path)
    return path


def test_the_sentences_of_a_sheet_are_held_against_the_tables_of_its_workbook(tmp_path: Path) -> None:
    assert told(run([with_report(tmp_path, HONEST)], year=2023)) == []
    results = run([with_report(tmp_path, FALSE)], year=2023)
    assert [one for one in told(results) if one[0] == "L-01"] == EXPECTED
    assert "R-14" not in set(results.findings["rule"])  # a text is no table that was not recognised


def test_the_cell_of_the_sentence_is_marked_when_the_workbook_goes_back(tmp_path: Path) -> None:
    path = with_report(tmp_path, FALSE)
    marks = [
        Mark(f"F{n}", rule, "核实性", "不符", f"{stated}不一致", sheet=sheet, cell=cell)
        for n, (rule, sheet, cell, stated) in enumerate(EXPECTED)
    ]
    returned = openpyxl.load_workbook(BytesIO(mark_up(path.read_bytes(), marks, Stamp("0" * 64), "某局")))
    comments = {cell.coordinate: cell.comment.text for (cell,) in returned["自评报告"].iter_rows() if cell.comment}
    assert {cell: "不一致" in text for cell, text in comments.items()} == {"A3": True, "A5": True}
