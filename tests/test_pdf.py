"""A PDF that was printed from a document or a workbook: cells between lines, what pages tear, what is not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from gouji.export.results import Results
from gouji.ingest import admit
from gouji.ingest.grid import PICTURE, Kind, Workbook
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.pipeline import run
from gouji.samples.build import build_issued
from gouji.samples.report import build_report
from tests.pdfs import PICTURES, line, pdf, picture, ruled, stream, text
from tests.recalculation import converted
from tests.rotation import rotated

UNITS = sorted(Path("samples/returns").glob("*.yaml"))
_ITEM = ["unit", "form", "instance", "item"]
COLUMNS, ROWS = (50, 150, 250, 350), (800, 770, 740, 710)
TEXTS = [["项目", "预算数", "决算数"], ["基本支出", "120.50", "118.30"], ["项目支出", "30", "28.1"]]


def read(pages: Sequence[str], **more: object) -> Workbook:
    return read_workbook(pdf(pages, **more), "某局.pdf")  # type: ignore[arg-type]


def rows(book: Workbook, number: int = 0) -> list[list[str]]:
    return [[str(value) for value in row] for row in book.sheets[number].rows]


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as told:
        read_workbook(data, "某局.pdf")
    return told.value


def test_a_table_is_a_sheet_with_the_lines_around_it() -> None:
    page = text(200, 815, "某表") + ruled(COLUMNS, ROWS, TEXTS) + text(50, 690, "填表人：无") + text(280, 30, "- 1 -")
    book = read([page])
    assert rows(book) == [["某表", "", ""], *TEXTS, ["填表人：无", "", ""]]
    (sheet,) = book.sheets
    assert (sheet.name, sheet.address(2, 1), sheet.raw(2, 1)) == ("第1个表", "第2行第2列", 120.5)
    assert sheet.number_format(2, 1) == "0.00"
    assert (book.file_kind, book.paragraphs) == ("pdf", ["某表", "填表人：无"])
    (note,) = book.notes
    assert "这是 PDF 文件" in note and "核实性" in note and "第1个表在第1页" in note


@pytest.mark.parametrize(
    ("first", "rest", "value"),
    [
        ("1,234,5", "67.89", 1234567.89),
        ("123456.", "78", 123456.78),
        ("1234567", ".89", 1234567.89),
        ("12345.6", "7", 12345.67),
        ("1234567", "89", "1234567\n89"),  # may be two figures
        ("12", "34", "12\n34"),
    ],
)
def test_a_figure_over_two_lines_is_put_together_where_it_cannot_be_two(first: str, rest: str, value: object) -> None:
    book = read([ruled((50, 150, 193), (800, 770, 740), [["甲", "乙"], ["丙", f"{first}\n{rest}"]])])
    assert book.sheets[0].raw(1, 1) == value


def test_a_label_over_two_lines_is_one() -> None:
    book = read([ruled((50, 100, 200), (800, 770, 740), [["甲", "乙"], ["一般公共\n预算拨款", "5"]])])
    assert rows(book)[1] == ["一般公共预算拨款", "5"]


@pytest.mark.parametrize(
    "drawn",
    [
        text(230, 745, "1234567"),  # over the border of the next cell
        text(160, 745, "12.34") + text(163, 745, "5678"),  # over each other
        "q 150 735 30 40 re W n " + text(160, 745, "1234567") + "Q\n",  # cut at 180
        text(160, 745, "\ue001\ue002"),  # signs of a font of its own
        "q 1 g " + text(160, 745, "12") + "Q " + text(180, 745, "34"),  # a part is white
    ],
    ids=["beyond", "overlap", "cut", "private", "white"],
)
def test_a_figure_that_is_not_surely_all_is_not_read(drawn: str) -> None:
    book = read([ruled(COLUMNS, ROWS, [["甲", "乙", "丙"], ["丁", "", ""]]) + drawn])
    assert book.sheets[0].kind(1, 1) is Kind.UNKNOWN


def test_what_nobody_sees_is_not_there() -> None:
    hidden = text(160, 745, "99", more="3 Tr") + "q 0 0 10 10 re W n " + text(160, 745, "88") + "Q\n"
    white = "q 1 g " + text(260, 745, "77") + "Q\n"
    (sheet,) = read([ruled(COLUMNS, ROWS, [["甲", "乙", "丙"], ["丁", "", ""]]) + hidden + white]).sheets
    assert (sheet.raw(1, 1), sheet.hides(1, 2)) == (None, True)


def test_bold_letters_drawn_twice_are_one_and_figures_apart_are_two() -> None:
    page = ruled(COLUMNS, ROWS, [["甲", "乙", "丙"], ["丁", "100", ""]]) + text(153.4, 758, "100")
    page += text(252, 758, "12") + text(272, 758, "34")
    assert rows(read([page]))[1] == ["丁", "100", "12\t34"]


def test_a_table_over_two_pages_is_one_without_its_repeated_head() -> None:
    upper = ruled(COLUMNS, (300, 270, 60), [TEXTS[0], TEXTS[1]])
    lower = ruled(COLUMNS, (800, 770, 740), [TEXTS[0], TEXTS[2]])
    book = read([upper + text(280, 30, "1"), lower + text(280, 30, "2")])
    assert rows(book) == TEXTS
    assert "第1个表在第1—2页" in book.notes[0]


def test_a_row_torn_by_the_end_of_a_page_is_one_where_its_text_was_full() -> None:
    lower = ruled(COLUMNS, (800, 770, 740), [["", "通过验收", ""], ["乙", "其他", "6"]])
    upper = ruled(COLUMNS, (300, 270, 60), [["项目", "内容", "数"], ["甲", "完成全部的建设任务", "5"]])
    joined = [["项目", "内容", "数"], ["甲", "完成全部的建设任务通过验收", "5"], ["乙", "其他", "6"]]
    assert rows(read([upper, lower])) == joined
    upper = ruled(COLUMNS, (300, 270, 60), [["项目", "内容", "数"], ["甲", "完成", "5"]])
    assert rows(read([upper, lower]))[1:3] == [["甲", "完成", "5"], ["", "通过验收", ""]]


def test_two_tables_with_titles_stay_two_though_the_title_is_the_same() -> None:
    one = text(200, 815, "项目支出绩效自评表") + ruled(
        COLUMNS, (800, 770, 60), [["项目名称", "甲", "乙"], ["金额", "1", "2"]]
    )
    other = text(200, 815, "项目支出绩效自评表") + ruled(
        COLUMNS, (800, 770, 60), [["项目名称", "丙", "丁"], ["金额", "3", "4"]]
    )
    assert [sheet.name for sheet in read([one, other]).sheets] == ["第1个表", "第2个表"]


def test_sides_left_open_are_closed_where_their_lines_end() -> None:
    across = "".join(line(50, y, 350, y) for y in ROWS)
    inner = "".join(line(x, ROWS[0], x, ROWS[-1]) for x in COLUMNS[1:-1])
    words = "".join(
        text(COLUMNS[column] + 3, ROWS[row] - 12, word)
        for row, cells in enumerate(TEXTS)
        for column, word in enumerate(cells)
    )
    assert rows(read([across + inner + words])) == TEXTS


def test_figures_in_columns_without_lines_are_named() -> None:
    page = "".join(text(50, y, "甲") + text(200, y, "12.5") + text(400, y, "13.5") for y in (700, 680, 660))
    assert any("第1页有没有框线的表" in note for note in read([page, ruled(COLUMNS, ROWS, TEXTS)]).notes)


WIDE_ROWS = [800, 776, 755, 710, 689, 650]
"""Of different heights, as the same rows are on every page of a table wider than its paper."""


def test_columns_on_pages_of_their_own_are_named_and_not_read(tmp_path: Path) -> None:
    first = [["单位基本情况", "编制数"], ["", "60"], ["三公经费", "7.6"], ["公务接待", "1.2"], ["公用经费", "83.4"]]
    second = [["在职人数", "2021年"], ["54", ""], ["", "8."], ["", "1."], ["", "90."]]
    pages = [ruled([50, 200, 350], WIDE_ROWS, first), ruled([50, 200, 400], WIDE_ROWS, second)]
    book = read(pages)
    assert book.sheets == [] and any("第1、2页印的是比纸宽的表" in note for note in book.notes)
    again = [ruled([50, 200, 350], WIDE_ROWS, texts) for texts in (first, [[a, b + "0"] for a, b in first])]
    assert len(read(again).sheets) == 2  # the same form twice
    even = [800, 780, 760, 740, 720, 700]
    assert read([ruled([50, 200, 350], even, first), ruled([50, 200, 400], even, second)]).sheets
    path = tmp_path / "某局.pdf"
    path.write_bytes(pdf(pages))
    results = run([path])
    (status,), (reason,) = results.returns["status"], results.returns["reason"]
    assert status == "附件" and "没有读取这些页" in reason


def test_pages_that_are_pictures_are_named_and_a_file_of_them_is_refused() -> None:
    scan, objects = picture(595, 842)
    behind = text(60, 700, "123.45", more="3 Tr")
    good = ruled(COLUMNS, ROWS, TEXTS)
    book = read([good, scan, scan + text(60, 700, "123.45")], objects=objects, resources=PICTURES)
    assert rows(book) == TEXTS
    assert book.notes[1] == "第2、3页是图片（扫描件），未读。请把这些页上的表填在下发的工作簿里报送。"
    told = refusal(pdf([scan + behind, scan], objects=objects, resources=PICTURES))
    assert (told.code, "第1、2页是图片" in told.reason, "请报送填好的 Excel" in told.reason) == ("扫描件", True, True)


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("60 0 0 12 160 745", True),
        ("60 0 0 12 220 745", False),
        ("60 0 0 60 160 700", False),
        ("60 0 0 12 160 600", False),
    ],
    ids=["in the cell", "over two cells", "over two rows", "beside the table"],
)
def test_a_picture_in_the_place_of_a_figure_is_no_blank(place: str, named: bool) -> None:
    _, objects = picture(1, 1)
    without = [TEXTS[0], ["基本支出", "", "118.30"], ["项目支出", "", "28.1"]]
    page = ruled(COLUMNS, ROWS, without) + f"q {place} cm /Im1 Do Q\n"
    (sheet,) = read([page], objects=objects, resources=PICTURES).sheets
    assert sheet.special == ({(1, 1): (Kind.UNKNOWN, PICTURE)} if named else {})


def test_pages_that_were_filled_in_above_are_not_read() -> None:
    note = "/Annots[<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(5)>>]"
    assert "第1页有填写用的域、批注文字或图章" in "".join(read([ruled(COLUMNS, ROWS, TEXTS)], page=note).notes)


def test_layers_that_are_not_shown_are_refused() -> None:
    layers = "/OCProperties<</OCGs[900 0 R]/D<</OFF[900 0 R]>>>>"
    told = refusal(pdf([ruled(COLUMNS, ROWS, TEXTS)], layers, objects={900: b"<</Type/OCG/Name(a)>>"}))
    assert "不显示的图层" in told.reason


def test_without_the_extra_people_are_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admit, "has_reader", lambda: False)
    told = refusal(pdf([ruled(COLUMNS, ROWS, TEXTS)]))
    assert "gouji[pdf]" in told.reason and "另存为 .docx" in told.reason


def test_a_stream_that_swells_is_not_unpacked() -> None:
    packed = stream(b"\0" * 60_000_000)
    assert refusal(pdf([text(9, 9, "1")], objects={5: packed})).code == "展开过大"


def figures(results: Results) -> pd.DataFrame:
    counted = results.returns[results.returns["status"].eq("已收")][["return_id", *_ITEM[:3]]]
    frame = results.values.frame().merge(counted, on="return_id")
    # Spare tables that were printed too are counted.
    frame["instance"] = frame["instance"].fillna("").str.replace(r"^第\d+张$", "第几张", regex=True)
    return frame[frame["value"].notna()].set_index(_ITEM)["value"].sort_values().sort_index(kind="stable")


PRINTED = [(build, unit) for build in (build_report, build_issued) for unit in UNITS]


@pytest.mark.libreoffice
@pytest.mark.parametrize(("build", "unit"), rotated("pdf", PRINTED, 1))
def test_printed_returns_say_what_they_were_printed_from(
    tmp_path: Path, build: Callable[[Path, Path], Path], unit: Path
) -> None:
    """Every figure of a report in Word, of an issued workbook, as it is shown; no fault of it is 强制性 any more."""
    source = build(unit, tmp_path)
    before, read_off = (run([file]) for file in (source, converted([source], tmp_path, "pdf")[source.stem]))
    expected = figures(before)
    pd.testing.assert_series_equal(figures(read_off), expected, rtol=0, atol=5.01e-5)
    assert len(expected) > 20
    assert set(read_off.returns.loc[read_off.returns["status"].eq("已收"), "layout"]) == {"pages"}
    assert not read_off.findings["severity"].eq("强制性").any()
    grave = before.findings["severity"].eq("强制性").any()
    assert read_off.findings["message"].str.contains("从 PDF 读取，请对照原件确认").any() or not grave
