"""Figures of published 部门决算: taken with their sources, in 万元, and of no account until somebody confirms them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from gouji.cli import app
from gouji.ingest.beside.published import published_figures
from gouji.ingest.beside.reference import ReferenceTableError, read_reference
from gouji.ingest.read import read_workbook
from gouji.pipeline import run
from gouji.samples.build import build_issued
from gouji.samples.document import document_bytes, paragraph, table
from gouji.samples.word_table import Patch
from gouji.templates.catalogue import built_in
from gouji.templates.published import CONFIRMED, HEADS, LEFT_SHEET, SHEET
from tests.measure_published import compared
from tests.pdfs import pdf, ruled, text
from tests.publication_kinds import kinds, publication
from tests.publications import Style, Writer
from tests.publications import in_excel as published_workbook
from tests.publications import in_word as published_document

Rows = list[list[str]]
SUMMARY: Rows = [
    ["收入", "", "", "支出", "", ""],
    ["项目", "行次", "金额", "项目", "行次", "金额"],
    ["栏次", "", "1", "栏次", "", "2"],
    ["一、一般公共预算财政拨款收入", "1", "12,345,678.90", "一、一般公共服务支出", "32", "13,000,000.00"],
    ["二、政府性基金预算财政拨款收入", "2", "", "八、社会保障和就业支出", "39", "500,000.00"],
    ["本年收入合计", "27", "13,345,678.90", "本年支出合计", "58", "13,500,000.00"],
    ["年初结转和结余", "29", "200,000.00", "年末结转和结余", "60", "45,678.90"],
    ["总计", "31", "13,545,678.90", "总计", "62", "13,545,678.90"],
]
SPENT: Rows = [
    ["功能分类科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["栏次", "", "1", "2", "3"],
    ["合计", "", "13,500,000.00", "9,500,000.00", "4,000,000.00"],
    ["2010301", "行政运行", "9,500,000.00", "9,500,000.00", ""],
]
BASIC: Rows = [
    ["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
    ["30101", "基本工资", "8,000,000.00", "30215", "会议费", "10,000.00"],
    ["30102", "津贴补贴", "500,000.00", "30216", "培训费", "0.00"],
    ["人员经费合计", "", "8,500,000.00", "公用经费合计", "", "1,000,000.00"],
]
THREE: Rows = [
    ["预算数", "", "", "决算数", "", ""],
    ["合计", "因公出国（境）费", "公务接待费", "合计", "因公出国（境）费", "公务接待费"],
    ["1", "2", "3", "4", "5", "6"],
    ["90,000.00", "0.00", "90,000.00", "75,000.00", "0.00", "75,000.00"],
]
TABLES = [
    ("收入支出决算总表", SUMMARY, []), ("支出决算表", SPENT, []),
    ("一般公共预算财政拨款基本支出决算明细表", BASIC, []),
    ("一般公共预算财政拨款“三公”经费支出决算表", THREE, [(0, 0, 0, 2), (0, 3, 0, 5)]),
]  # fmt: skip
EXPECTED = {
    "收入合计": "1334.56789", "一般公共预算财政拨款": "1234.56789", "支出合计": "1350",
    "年初结转结余": "20", "年末结转结余": "4.56789",
    "基本支出": "950", "项目支出": "400", "人员经费": "850", "公用经费": "100", "会议费": "1", "培训费": "0",
    "三公经费预算数": "9", "三公经费决算数": "7.5",
}  # fmt: skip


def in_word(money: str = "元") -> bytes:
    body = ""
    for title, rows, merges in TABLES:
        ends = {(top, left): right - left + 1 for top, left, _, right in merges}
        covered = {(top, at) for top, left, _, right in merges for at in range(left + 1, right + 1)}
        body += paragraph(title) + paragraph(f"公开部门：青禾县档案馆    2021年度    金额单位：{money}")
        body += table(
            [
                Patch(row, column, 1, ends.get((row, column), 1), words)
                for row, line in enumerate(rows)
                for column, words in enumerate(line)
                if (row, column) not in covered
            ]
        )
    return document_bytes(body)


def in_excel(path: Path) -> Path:
    book = openpyxl.Workbook()
    for title, rows, merges in TABLES:
        sheet = book.create_sheet(title[-10:].replace("“", "").replace("”", ""))
        for line in ([title], ["公开部门：青禾县档案馆", "", "2021年度", "", "单位：万元"], *rows):
            sheet.append([_number(words) for words in line])
        for top, left, bottom, right in merges:
            sheet.merge_cells(start_row=top + 3, start_column=left + 1, end_row=bottom + 3, end_column=right + 1)
    del book["Sheet"]
    book.save(path)
    return path


def _number(words: str) -> object:
    bare = words.replace(",", "")
    return float(bare) / 10_000 if "." in bare and bare.replace(".", "").isdecimal() else words or None


def figures(data: bytes, name: str) -> dict[str, str]:
    taken = published_figures(read_workbook(data, name), name)
    assert {(one.unit, one.year) for one in taken.figures} == {("青禾县档案馆", 2021)}
    return {one.column: f"{one.figure.normalize():f}" for one in taken.figures}


def test_published_tables_give_the_same_figures_in_word_and_in_a_workbook(tmp_path: Path) -> None:
    assert figures(in_word(), "决算.docx") == EXPECTED
    path = in_excel(tmp_path / "决算.xlsx")
    assert figures(path.read_bytes(), path.name) == EXPECTED


def test_every_figure_tells_its_cell_and_what_is_missing_is_named() -> None:
    taken = published_figures(read_workbook(in_word(), "决算.docx"), "决算.docx")
    told = {one.column: (one.shown, one.money, one.table, one.place) for one in taken.figures}
    assert told["收入合计"] == ("13,345,678.90", "元", "第1个表", "第6行第3列")
    assert told["三公经费决算数"] == ("75,000.00", "元", "第4个表", "第4行第4列")
    assert taken.omitted == ["决算.docx 第1个表（收入支出决算总表）：没有取到政府性基金"]
    bare = published_figures(read_workbook(in_word("人民币"), "决算.docx"), "决算.docx")
    assert bare.figures == [] and len(bare.omitted) == 4 and "没有写明金额单位" in bare.omitted[0]


def test_what_is_of_appropriations_alone_says_so_and_gives_way() -> None:
    body = paragraph("一般公共预算财政拨款支出决算表") + paragraph("公开部门：青禾县档案馆  2021年度  金额单位：元")
    body += table([Patch(r, c, 1, 1, words) for r, line in enumerate(SPENT) for c, words in enumerate(line)])
    alone = published_figures(read_workbook(document_bytes(body), "决算.docx"), "决算.docx").figures
    assert [(one.column, f"{one.figure:f}", "不含其他资金" in one.note) for one in alone] == [
        ("基本支出", "950", True), ("项目支出", "400", True)
    ]  # fmt: skip


def test_a_printed_publication_is_read_too() -> None:
    columns, rows = (40, 200, 230, 330, 480, 510, 590), [760 - 25 * n for n in range(len(SUMMARY) + 1)]
    page = text(220, 810, "收入支出决算总表") + text(40, 790, "公开部门：青禾县档案馆") + text(300, 790, "2021年度")
    page += text(450, 790, "金额单位：元") + ruled(columns, rows, SUMMARY)
    read = figures(pdf([page]), "决算.pdf")
    assert read == {name: EXPECTED[name] for name in list(EXPECTED)[:5]}


def test_a_units_name_that_a_printed_cell_cuts_off_is_that_of_the_other_tables() -> None:
    columns, rows = (40, 200, 230, 330, 480, 510, 590), [760 - 25 * n for n in range(len(SUMMARY) + 1)]
    heads = text(300, 790, "2021年度") + text(450, 790, "金额单位：元")
    first = text(220, 810, "收入支出决算总表") + text(40, 790, "公开部门：青禾县档") + heads
    second = text(220, 810, "支出决算表") + text(40, 790, "公开部门：青禾县档案馆") + heads
    spent = ruled((40, 150, 250, 350, 450, 550), [760 - 25 * n for n in range(len(SPENT) + 1)], SPENT)
    data = pdf([first + ruled(columns, rows, SUMMARY), second + spent])
    assert {one.unit for one in published_figures(read_workbook(data, "决算.pdf"), "决算.pdf").figures} == {
        "青禾县档案馆"
    }


def test_only_confirmed_rows_count(tmp_path: Path) -> None:
    (tmp_path / "决算.docx").write_bytes(in_word())
    (tmp_path / "别的.docx").write_bytes(document_bytes(paragraph("没有表")))
    out = tmp_path / "取数.xlsx"
    asked = ["reference", str(tmp_path / "决算.docx"), str(tmp_path / "别的.docx"), "--out", str(out)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    book = openpyxl.load_workbook(out)
    sheet, confirming = book[SHEET], [head.name for head in HEADS].index(CONFIRMED) + 1
    assert sheet.max_row == len(EXPECTED) + 1
    assert any("别的.docx：没有找到" in str(row[0]) for row in book[LEFT_SHEET].iter_rows(values_only=True))
    with pytest.raises(ReferenceTableError, match="没有一行填了“确认”"):
        read_reference(out, built_in())
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 4).value in ("公用经费", "培训费"):
            sheet.cell(row, confirming).value = "是"
    book.save(out)
    batch = read_reference(out, built_in())
    filled = batch.values[batch.values["value"].notna()]
    assert dict(zip(filled["item"], filled["value"], strict=True)) == {
        "青禾县档案馆.公用经费": 100.0,
        "青禾县档案馆.培训费": 0.0,
    }
    assert (list(batch.returns["form"]), list(batch.returns["year"])) == (["部门决算参照表"], [2021])
    assert CliRunner().invoke(app, asked).exit_code != 0  # what was confirmed is not overwritten


def test_what_is_confirmed_twice_or_in_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "决算.docx").write_bytes(in_word())
    out = tmp_path / "取数.xlsx"
    CliRunner().invoke(app, ["reference", str(tmp_path / "决算.docx"), "--out", str(out)])
    book = openpyxl.load_workbook(out)
    sheet = book[SHEET]
    for row in (2, 3):
        sheet.cell(row, 4).value, sheet.cell(row, 11).value = "收入合计", "是"
    book.save(out)
    with pytest.raises(ReferenceTableError, match="确认了不止一次"):
        read_reference(out, built_in())
    sheet.cell(3, 11).value, sheet.cell(2, 5).value = None, None
    book.save(out)
    with pytest.raises(ReferenceTableError, match="第 2 行已确认，但"):
        read_reference(out, built_in())


@pytest.mark.parametrize(("figure", "verdict"), [(49.76, "相符"), (50.1, "不符")])
def test_what_was_confirmed_is_what_returns_are_held_against(tmp_path: Path, figure: float, verdict: str) -> None:
    unit = Path("samples/returns/衡山县行政审批服务局.yaml")
    book = openpyxl.Workbook()
    book.active.title = SHEET  # type: ignore[union-attr]
    names = [head.name for head in HEADS]
    told = {
        "单位名称": "衡山县行政审批服务局",
        "年度": "2021",
        "项目": "公用经费",
        "金额（万元）": figure,
        CONFIRMED: "是",
    }
    for row in (names, [told.get(name) for name in names]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "取数.xlsx")
    results = run([build_issued(unit, tmp_path)], reference_path=tmp_path / "取数.xlsx", year=2021)
    verdicts = results.verdicts.frame()
    assert set(verdicts.loc[verdicts["rule"].eq("X-R1"), "verdict"]) == {verdict}


KINDS = dict(kinds())
NOT_TOLD_IN_WORD = frozenset(("titles in sheet names", "unit and money in cells of their own"))
"""What a document has no place for: its tables are named, none of their figures is read."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_publication_is_read_rightly(kind: str) -> None:
    one = KINDS[kind]
    for data, name in ((published_workbook(one, cover=bool(one.text)), ".xlsx"), (published_document(one), ".docx")):
        counts, told = compared(one, data, one.file + name)
        assert counts["wrong"] == 0, told
        if name == ".xlsx" or kind not in NOT_TOLD_IN_WORD:
            assert counts["unread"] == 0, told


def test_what_contradicts_itself_is_named_with_both_places() -> None:
    one = KINDS["contradicts itself"]
    (said,) = published_figures(read_workbook(published_workbook(one), "决算.xlsx"), "决算.xlsx").omitted
    assert "支出合计在几处不一致" in said
    assert "工作表“Z01 收入支出决算总表”F13" in said and "工作表“Z03 支出决算表”C7" in said


def test_a_total_that_is_no_sum_of_its_parts_is_named() -> None:
    one = KINDS["三公 that does not add up"]
    said = published_figures(read_workbook(published_workbook(one), "决算.xlsx"), "决算.xlsx").omitted
    assert any("三公经费决算数的合计 99.99 与各项相加的" in text for text in said)


def test_a_table_whose_title_is_not_known_is_named() -> None:
    one = KINDS["titles in sheet names"]
    said = published_figures(read_workbook(published_document(one), "决算.docx"), "决算.docx").omitted
    assert said[0].startswith("决算.docx 第1个表：像是部门决算公开的表，但没有认出表名")


def test_the_seal_is_no_part_of_a_units_name() -> None:
    one = publication(Writer.nine, Style(unit_line="填报单位：{unit}（公章）"))
    counts, told = compared(one, published_workbook(one), one.file + ".xlsx")
    assert (counts["wrong"], counts["unread"]) == (0, 0), told
