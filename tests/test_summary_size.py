"""Long tables in 汇总.xlsx: they go on on further sheets, which 总览 lists, and say what they leave out."""

from __future__ import annotations

import datetime
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from xlsxwriter.format import Format

from gouji.export.book import Size
from gouji.export.consolidation import untied
from gouji.export.stored import Stored
from gouji.export.summary import write_summary
from gouji.ingest.frames import typed
from gouji.score.frames import scores_schema
from gouji.templates.live import LiveSheet
from gouji.templates.write import (
    add_sheet,
    blank_cell,
    cell_style,
    figure_cell,
    formula_cell,
    text_cell,
    workbook_by_rows,
    write_figure,
    write_formula,
    write_row,
    write_text,
)
from tests.recalculation import converted
from tests.test_export import SCORES, results

LINES = [SCORES[0] | {"indicator": f"指标{n}", "label": f"指标{n}"} for n in range(7)]
LINES += [SCORES[1] | {"return_id": "r", "indicator": f"指标{n}", "label": f"指标{n}"} for n in range(5)]


def written(path: Path, size: Size) -> Workbook:
    """Twelve lines of scores: seven of 甲局, five of 乙局."""
    write_summary(results(scores=Stored.of(typed(pd.DataFrame(LINES), scores_schema))), path, size)
    return load_workbook(path, data_only=True)


@cache
def on_three_sheets() -> Workbook:
    """With five lines to a sheet; to be looked at only."""
    with TemporaryDirectory() as folder:
        return written(Path(folder) / "汇总.xlsx", Size(sheet=5))


@pytest.fixture(scope="module")
def by_twos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of test_export with two rows to a sheet; to be read only."""
    path = tmp_path_factory.mktemp("by twos") / "汇总.xlsx"
    write_summary(results(), path, Size(sheet=2))
    return path


def column(sheet: Any, place: int, top: int = 4) -> list[Any]:
    return [row[place] for row in sheet.iter_rows(min_row=top, values_only=True)]


@pytest.mark.in_turn("long")
def test_a_table_goes_on_with_its_numbers() -> None:
    book = on_three_sheets()
    sheets = [name for name in book.sheetnames if name.startswith("指标得分")]
    assert sheets == ["指标得分", "指标得分（续2）", "指标得分（续3）"]
    assert [number for name in sheets for number in column(book[name], 0)] == list(range(1, 13))
    assert [book[name].auto_filter.ref for name in sheets] == ["A3:P8", "A3:P8", "A3:P5"]
    assert {book[name].freeze_panes for name in sheets} == {"C4"}
    assert [book[name]["A1"].value for name in sheets] == sheets
    assert len({tuple(cell.value for cell in book[name][3]) for name in sheets}) == 1
    assert "本表分在3张工作表上，这里是第6至10行，单位从“甲局”到“乙局”；" in book["指标得分（续2）"]["A2"].value


def test_the_overview_lists_the_sheets_of_a_long_table() -> None:
    book = on_three_sheets()
    page = book["总览"]
    first = next(row for row in page.iter_rows() if str(row[0].value).startswith("十一、续表目录"))[0].row
    listed = {row[0].value: row for row in page.iter_rows(min_row=first + 1)}
    scores = [name for name in listed if name.startswith("指标得分")]
    assert scores == ["指标得分", "指标得分（续2）", "指标得分（续3）"]
    link, words = listed["指标得分（续3）"][:2]
    assert (link.hyperlink.location, words.value) == ("'指标得分（续3）'!A1", "第11至12行，单位从“乙局”到“乙局”")
    assert set(listed) <= set(book.sheetnames)
    assert listed["问题清单（续2）"][1].value == "第6至7行，严重程度从“提示”到“提示”"


def test_a_short_table_has_no_list_of_sheets(tmp_path: Path) -> None:
    book = written(tmp_path / "汇总.xlsx", Size())
    assert not [name for name in book.sheetnames if "续" in name]
    assert not [cell for cell in column(book["总览"], 0, 1) if "续表" in str(cell)]


def test_what_is_too_long_says_how_much_is_left_out(tmp_path: Path) -> None:
    book = written(tmp_path / "汇总.xlsx", Size(sheet=5, table=9))
    sheets = [name for name in book.sheetnames if name.startswith("指标得分")]
    assert [number for name in sheets for number in column(book[name], 0)] == list(range(1, 10))
    for name in sheets:
        assert book[name]["A2"].value.endswith(
            "本表共12行，为了能够正常打开，这里只列出前9行，另有3行没有列出；"
            "全部内容保存在 data/scores.parquet，需要时请技术人员协助查看。"
        )
    assert "没有列出" not in book["问题清单"]["A2"].value


@pytest.mark.in_turn("long")
def test_totals_run_over_all_sheets_and_tie(by_twos: Path) -> None:
    assert untied(results(), by_twos) == []
    book = load_workbook(by_twos)
    sheets = [name for name in book.sheetnames if name.startswith("项目绩效汇总")]
    assert sheets == ["项目绩效汇总", "项目绩效汇总（续2）"]
    total = next(row for row in book[sheets[1]].iter_rows(min_row=4) if str(row[2].value).startswith("合计"))
    assert total[6].value == "=IF(COUNT('项目绩效汇总'!G4:G5,G4)=0,\"\",SUM('项目绩效汇总'!G4:G5,G4))"
    assert [name for name in book.sheetnames if name.startswith("基础数据汇总")] == [
        "基础数据汇总", "基础数据汇总（续2）", "基础数据汇总（续3）", "基础数据汇总（续4）",
    ]  # fmt: skip


@pytest.mark.in_turn("long")
def test_a_total_changed_on_a_further_sheet_is_found(by_twos: Path, tmp_path: Path) -> None:
    made, path = results(), tmp_path / "汇总.xlsx"
    book = load_workbook(by_twos, data_only=True)
    row = next(cells for cells in book["基础数据汇总（续3）"].iter_rows(min_row=5) if cells[2].value == "合计")
    row[5].value += 1
    book.save(path)
    assert [(finding.sheet, finding.cell) for finding in untied(made, path)] == [
        ("基础数据汇总（续3）", row[5].coordinate)
    ]


@pytest.mark.libreoffice
@pytest.mark.in_turn("totals by a spreadsheet")
def test_totals_over_sheets_are_what_a_spreadsheet_calculates(by_twos: Path, tmp_path: Path) -> None:
    # openpyxl keeps no cached values, so that every formula has to be calculated anew.
    live = load_workbook(by_twos)
    live.save(tmp_path / "bare.xlsx")
    converted([tmp_path / "bare.xlsx"], tmp_path / "done")
    fresh, cached = (load_workbook(path, data_only=True) for path in (tmp_path / "done" / "bare.xlsx", by_twos))
    compared = 0
    for sheet in live:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            calculated, stored = (book[sheet.title][cell.coordinate].value for book in (fresh, cached))
            assert (calculated or 0) == pytest.approx(stored or 0, abs=1e-9), (sheet.title, cell.coordinate, cell.value)
            compared += "!" in str(cell.value)
    assert compared > 100


TEXTS = [
    "a", "<b>&\"'\"", " x", "x\n", "_x0041_", "a_x00Ff_b", "_xzz_", "=1+1", "长\n文", "a\u2028b", "\u3000x", "",
]  # fmt: skip
FIGURES = [0, 1, -1.5, 1 / 3, 1e20, 1e-7, 123456789.123456, -0.0, 28.25]


def test_a_row_written_whole_is_what_xlsxwriter_writes(tmp_path: Path) -> None:
    def whole(sheet: LiveSheet, row: int, format_: Format) -> None:
        style = cell_style(format_)
        cells = [*(text_cell(text, style) for text in TEXTS), *(figure_cell(figure, style) for figure in FIGURES)]
        cells += [formula_cell('=IF(A1<2,"&",1)', None, style), formula_cell("=A1/3", 1 / 3, style), blank_cell(style)]
        write_row(sheet, row, 18.7, cells)

    def by_cells(sheet: LiveSheet, row: int, style: Format) -> None:
        sheet.set_row(row, 18.7)
        for place, text in enumerate(TEXTS):
            write_text(sheet, row, place, text, style)
        for place, figure in enumerate(FIGURES, len(TEXTS)):
            write_figure(sheet, row, place, figure, style)
        last = len(TEXTS) + len(FIGURES)
        write_formula(sheet, row, last, '=IF(A1<2,"&",1)', None, style)
        write_formula(sheet, row, last + 1, "=A1/3", 1 / 3, style)
        write_text(sheet, row, last + 2, "", style)

    sheets = []
    for name, write in (("one", whole), ("other", by_cells)):
        with workbook_by_rows(tmp_path / name, datetime.datetime(2022, 1, 1)) as workbook:
            sheet, style = add_sheet(workbook, "表"), workbook.add_format({"border": 1})
            for row in range(3):
                write(sheet, row, style)
        with zipfile.ZipFile(tmp_path / name) as archive:
            sheets.append(archive.read("xl/worksheets/sheet1.xml").decode())
    assert sheets[0] == sheets[1]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_figure_makes_no_cell(value: float) -> None:
    with pytest.raises(ValueError, match="not a figure"):
        figure_cell(value, "")


def test_an_error_leaves_nothing_beside_the_workbook(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), workbook_by_rows(tmp_path / "x.xlsx", datetime.datetime(2022, 1, 1)) as workbook:
        write_text(add_sheet(workbook, "表"), 0, 0, "甲")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
