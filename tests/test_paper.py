"""汇总.xlsx on paper: readable print, one page of 总览, notes that are whole, colours that are told apart."""

from __future__ import annotations

import colorsys
from itertools import pairwise
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from gouji.export.book import SHADES, SIZE
from gouji.export.outputs import SUMMARY
from gouji.export.pages import LEAST_SIZE, across, column_breaks, on_first_page, pages_across
from gouji.export.returned.styles import COLOURS
from gouji.export.rulebook import rule_words, rulebook
from gouji.export.sheets.findings import COLUMNS as FINDING_COLUMNS
from gouji.export.sheets.overview import WIDTHS
from gouji.export.sheets.received import FILE_COLUMNS
from gouji.export.sheets.scores import INDICATOR_COLUMNS, UNIT_COLUMNS
from gouji.export.summary import write_summary
from gouji.export.table import Column, Table
from gouji.ingest.frames import typed
from gouji.templates.catalogue import built_in
from gouji.templates.issuing.styles import INPUT
from gouji.validate.frames import findings_schema
from tests.recalculation import converted
from tests.test_export import FINDINGS, finding, results

A4 = (8.27 * 72, 11.69 * 72)
DIGIT = 6.0
"""Points of a column's unit of width under 宋体 11, as Excel has it."""


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of a batch in which every kind of text is long."""
    place = tmp_path_factory.mktemp("paper") / SUMMARY
    long = {"unit": "青禾县人力资源和社会保障综合行政执法服务中心", "message": "说明" * 200, "cause": "原因" * 30,
            "stated": "1,234,567.123456万元", "expected": "不大于1,234,567.123456万元", "file": "很长的文件名" * 20,
            "explanation": "确属实情" * 40, "difference": -1234567.1234}  # fmt: skip
    more = [FINDINGS[1] | long | {"finding_id": f"z{n}"} for n in range(9)]
    made = results(findings=typed(pd.DataFrame([*FINDINGS, *more]), findings_schema))
    write_summary(made, place)
    return place


def printed(sheet: Worksheet) -> tuple[list[float], list[float]]:
    """Widths and heights of the printed columns and rows, in points."""
    left, top, right, bottom = range_boundaries(sheet.print_area.rpartition("!")[2].replace("$", ""))
    widths = {}
    for dimension in sheet.column_dimensions.values():
        widths |= dict.fromkeys(
            range(dimension.min, dimension.max + 1), 0.0 if dimension.hidden else dimension.width * DIGIT
        )
    rows = [sheet.row_dimensions[row].height or 13.5 for row in range(top, bottom + 1)]
    return [widths.get(place, 9 * DIGIT) for place in range(left, right + 1)], rows


def size_on_paper(sheet: Worksheet) -> float:
    """Points of 10-point text as it is printed."""
    setup, margins = sheet.page_setup, sheet.page_margins
    across_page, down = A4 if setup.orientation == "portrait" else A4[::-1]
    width = across_page - (margins.left + margins.right) * 72
    widths, heights = printed(sheet)
    if not sheet.sheet_properties.pageSetUpPr.fitToPage:
        return SIZE * setup.scale / 100
    pages = setup.fitToWidth or 1
    again = sum(widths[: _repeated(sheet)]) * (pages - 1)
    scale = width * pages / (sum(widths) + again)
    if setup.fitToHeight == 1 or setup.fitToHeight is None:
        scale = min(scale, (down - (margins.top + margins.bottom) * 72) / sum(heights))
    return SIZE * min(1.0, scale)


def _repeated(sheet: Worksheet) -> int:
    columns = sheet.print_title_cols
    return 0 if not columns else range_boundaries(columns.replace("$", "").replace(":", "1:") + "1")[2]


def test_every_sheet_is_printed_in_readable_size(summary: Path) -> None:
    book = openpyxl.load_workbook(summary)
    sizes = {sheet.title: round(size_on_paper(sheet), 2) for sheet in book}
    assert len(sizes) >= 14 and min(sizes.values()) >= LEAST_SIZE, sizes
    assert all(sheet.page_setup.fitToWidth in (None, 1) for sheet in book if sheet.title in ("问题清单", "收表明细"))


@pytest.mark.parametrize("columns", [FINDING_COLUMNS, FILE_COLUMNS, INDICATOR_COLUMNS, UNIT_COLUMNS])
def test_lists_fit_across_one_page_whatever_stands_in_them(columns: list[Column]) -> None:
    cells = [["长" * 400 if column.kind == "text" else 12345.67 for column in columns]]
    cells[0] = [
        -1234567.1234 if column.head == "差额" else cell for column, cell in zip(columns, cells[0], strict=True)
    ]
    shown = [width for column, width in zip(columns, Table(columns, cells).widths(), strict=True) if column.on_paper]
    assert pages_across(shown, 3) == 1, across(shown)
    off = [not column.on_paper for column in columns]
    assert sorted(off) == off  # what is printed stands together


def test_a_table_too_wide_goes_on_on_pages_side_by_side() -> None:
    widths = [10.0] * 40
    pages = pages_across(widths, 3)
    assert pages == 3 and pages_across(widths[:10], 3) == 1
    first = on_first_page(widths, 3)
    assert 3 < len(first) <= len(widths) // pages + 2 and on_first_page(widths[:10], 3) == widths[:10]
    breaks = column_breaks(widths, 3, [(start, start + 3) for start in range(3, 39, 4)])
    assert breaks and all(across(widths[:3]) + across(widths[a:b]) <= 190 for a, b in pairwise([3, *breaks, 40]))


def test_the_overview_is_one_page_with_its_links_on_top(summary: Path) -> None:
    book = openpyxl.load_workbook(summary)
    sheet = book["总览"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight in (None, 1)
    links = [cell for row in sheet.iter_rows(min_row=3, max_row=7) for cell in row if cell.hyperlink is not None]
    places = {cell.hyperlink.location.split("!")[0].strip("'") for cell in links}
    assert places == {cell.value for cell in links} == set(book.sheetnames) - {"总览"}
    assert len(sheet._charts) == 4 and len(WIDTHS) == len(printed(sheet)[0])


@pytest.mark.deep
@pytest.mark.libreoffice
def test_the_overview_is_one_page_for_another_program_too(summary: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(summary)
    for name in book.sheetnames[1:]:
        del book[name]
    book.save(tmp_path / "总览.xlsx")
    made = converted([tmp_path / "总览.xlsx"], tmp_path, "pdf")
    pdf = made["总览"].read_bytes()
    assert pdf.count(b"/Type/Page") - pdf.count(b"/Type/Pages") == 1


def test_notes_are_as_high_as_their_text_needs(summary: Path) -> None:
    """Of 10-point signs, 宋体: a 汉字 is 10 points wide, and a line 13."""
    for sheet in openpyxl.load_workbook(summary):
        for merged in sheet.merged_cells.ranges:
            text = sheet.cell(merged.min_row, merged.min_col).value
            if merged.min_row != 2 or not isinstance(text, str):
                continue
            width = sum(printed(sheet)[0][: merged.max_col])
            lines = -(-sum(10 if ord(sign) > 0x2E80 or sign in "“”…—" else 5 for sign in text) // (width - 6))
            assert sheet.row_dimensions[2].height >= 13 * lines, (sheet.title, lines)


def test_yellow_is_where_people_write() -> None:
    def yellow(colour: str) -> bool:
        red, green, blue = (int(colour[-6:][start : start + 2], 16) / 255 for start in (0, 2, 4))
        hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
        return saturation > 0.2 and 42 <= hue * 360 <= 75

    shades = {name for name, look in SHADES.items() if yellow(look.get("bg_color", "#FFFFFF"))}
    assert shades == {"ask", "ask_head"} and yellow(INPUT)
    assert not any(map(yellow, COLOURS.values())) and len(set(COLOURS.values())) == 3


def test_rules_are_told_in_the_words_of_the_edition_that_ran() -> None:
    """A rule of one number says other things in other editions."""
    words: dict[str, dict[str, str]] = {}
    for rule in rulebook(built_in().forms):
        words.setdefault(f"{rule.form} {rule.id}", {})[str(rule.edition)] = rule.words
    key, by_edition = next((key, by_edition) for key, by_edition in words.items() if len(set(by_edition.values())) > 1)
    form, _, number = key.partition(" ")
    for edition, sentence in by_edition.items():
        findings = typed(pd.DataFrame([finding("x", rule=number, form=form, edition=edition)]), findings_schema)
        assert rule_words(results(findings=findings), findings)[number] == sentence
