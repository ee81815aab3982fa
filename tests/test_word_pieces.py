"""Word documents as people leave them: notes beside figures, what is crossed out, tables drawn in pieces."""

from __future__ import annotations

import pytest

from gouji.ingest.files.docx_raised import without_notes
from gouji.ingest.grid import Kind, Sheet, Workbook
from gouji.ingest.locating.cut_tables import together
from gouji.ingest.read import read_workbook
from gouji.samples.document import cell, document_bytes, paragraph, run, table
from gouji.samples.word_table import Patch
from gouji.templates.labels import squeezed

_STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:type="character" w:styleId="Mark"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    "</w:styles>"
)
_RAISED = '<w:vertAlign w:val="superscript"/>'


def read(body: str, **more: str) -> Workbook:
    return read_workbook(document_bytes(body, more), "某局.docx")


def row_of(*cells: str) -> str:
    """A table of one row of cells with these runs."""
    return f"<w:tbl><w:tr>{''.join(f'<w:tc><w:p>{one}</w:p></w:tc>' for one in cells)}</w:tr></w:tbl>"


def first_row(body: str, **more: str) -> list[object]:
    return read(body, **more).sheets[0].rows[0]


def test_whatever_raises_a_digit_it_is_none_of_the_figure() -> None:
    by_position = run("7.5") + run("2", '<w:position w:val="12"/>')
    by_style = run("7.5") + run("2", '<w:rStyle w:val="Mark"/>')
    lowered = run("7.5") + run("2", '<w:vertAlign w:val="subscript"/>')
    marked = run("7.5") + '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>2</w:t></w:r>'
    body = row_of(by_position, by_style, lowered, marked)
    assert first_row(body, **{"word/styles.xml": _STYLES}) == ["7.5²", "7.5²", "7.5₂", 7.5]


@pytest.mark.parametrize("mark", ["[1]", "①", "*", "注2", "〔3〕", "[1],[2]"])
def test_marks_of_notes_are_no_part_of_a_figure_or_a_label(mark: str) -> None:
    pieces = "".join(run(char, _RAISED) for char in mark)
    assert first_row(row_of(run("三公经费") + pieces, run("12.5") + pieces)) == ["三公经费", 12.5]


@pytest.mark.parametrize(
    ("text", "sign", "expected"),
    [
        ("三公经费", "1", "三公经费"), ("平方米", "2", "平方米²"), ("m", "2", "m²"), ("10", "4", "10⁴"),
        ("三公经费：", "12", "三公经费：¹²"), ("", "12", "12"),
    ],
)  # fmt: skip
def test_a_raised_digit_is_a_note_only_behind_a_word(text: str, sign: str, expected: str) -> None:
    assert without_notes(text + sign, [(len(text), len(text + sign), True)]) == expected


def test_a_raised_digit_behind_a_figure_in_a_labels_cell_is_no_digit_of_it() -> None:
    assert squeezed("项目支出：896.27²") == "项目支出:896.27^2"
    assert squeezed("面积（m²）") == "面积(m2)"


def test_what_is_crossed_out_counts_where_nothing_else_stands_and_is_unsure_then() -> None:
    old = run("9", "<w:strike/>")
    book = read(row_of(old + run("12.5"), old, run("3", '<w:strike w:val="0"/>')) + paragraph("甲"))
    sheet = book.sheets[0]
    assert sheet.rows[0] == [12.5, 9.0, 3.0]
    assert [sheet.kind(0, column) for column in range(3)] == [Kind.NUMBER, Kind.UNKNOWN, Kind.NUMBER]
    (note,) = book.notes
    assert note.startswith("文档里有 2 个单元格的文字被划去（删除线，如第1个表第1行第1列）")


def test_a_figure_in_a_frame_of_its_own_stands_in_its_cell() -> None:
    framed = f"<w:tbl><w:tr>{cell('12.5')}</w:tr></w:tbl>"
    (sheet,) = read(f"<w:tbl><w:tr>{cell('甲')}<w:tc>{framed}<w:p/></w:tc></w:tr></w:tbl>").sheets
    assert sheet.rows == [["甲", 12.5]]


def test_where_the_end_of_a_paragraph_was_deleted_the_next_goes_on() -> None:
    ends = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    book = read(f"<w:tbl><w:tr><w:tc><w:p>{ends}{run('12')}</w:p><w:p>{run('.5')}</w:p></w:tc></w:tr></w:tbl>")
    assert book.sheets[0].rows == [[12.5]]
    assert book.notes[0].startswith("文档里有 1 处修订")


def pieces() -> list[str]:
    """Three rows, each a table of its own, with cells that begin in other places than those above."""
    return [
        table([Patch(0, 0, 1, 2, "甲"), Patch(0, 2, 1, 2, "1")]),
        table([Patch(0, 0, 1, 1, "乙"), Patch(0, 1, 1, 2, "2"), Patch(0, 3, 1, 1, "3")]),
        table([Patch(0, 0, 1, 4, "丙")]),
    ]


@pytest.mark.parametrize("between", ["", paragraph(""), paragraph("— 3 —"), paragraph("续表"), paragraph("（续）")])
def test_a_table_drawn_row_by_row_is_one_table_whose_cells_keep_their_names(between: str) -> None:
    sheets = read(between.join(pieces())).sheets
    (whole,) = together(sheets)
    texts = [[str(value) for value in line if str(value) not in ("续表", "（续）", "— 3 —", "")] for line in whole.rows]
    assert [line for line in texts if line] == [["甲", "1"], ["乙", "2", "3"], ["丙"]]
    at = next((row, line.index(3.0)) for row, line in enumerate(whole.rows) if 3.0 in line)
    assert whole.address(*at) == "第2个表第1行第4列"
    assert whole.position(whole.address(*at)) == at


def test_tables_of_other_widths_or_with_a_title_between_are_not_one() -> None:
    first, second, _ = pieces()
    assert len(list(together(read(first + paragraph("别的表") + second).sheets))) == 2
    tall = table([Patch(row, 0, 1, 1, "甲") for row in range(3)] + [Patch(0, 1, 1, 1, "1")])
    assert len(list(together(read(tall + tall).sheets))) == 2


def test_parts_of_what_was_put_together_keep_their_names() -> None:
    sheets: list[Sheet] = read("".join(pieces()) * 2).sheets
    head, rest = list(together(sheets[:3])), list(together(sheets[3:]))
    rest[0].adjoins = True
    (whole,) = together([*head, *rest])
    names = [whole.address(row, 0).partition("第1行")[0] for row in range(whole.height)]
    assert names == ["", "第2个表", "第3个表", "第4个表", "第5个表", "第6个表"]


def test_pieces_without_end_are_not_widened_without_end() -> None:
    def piece(left: int) -> str:
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (left, 90_000 - left))
        return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid><w:tr>{cell('甲')}{cell('1')}</w:tr></w:tbl>"

    sheets = read("".join(piece(200 * (at + 1)) for at in range(150))).sheets
    assert len(sheets) == 150 and max(sheet.width for sheet in sheets) <= 63


def half_bordered(columns: list[list[str]], open_columns: tuple[int, ...]) -> Sheet:
    """A table of these columns; in some no line stands between the cells."""

    def one(text: str, row: int, last: int, column: int) -> str:
        top, bottom = ('<w:top w:val="nil"/>' * (row > 0), '<w:bottom w:val="nil"/>' * (row < last))
        return cell(text, f"<w:tcBorders>{top}{bottom}</w:tcBorders>" if column in open_columns else "")

    lines = list(zip(*columns, strict=True))
    rows = (
        "".join(one(text, row, len(lines) - 1, column) for column, text in enumerate(line))
        for row, line in enumerate(lines)
    )
    (sheet,) = read("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>").sheets
    return sheet


def test_a_label_amid_cells_that_no_line_parts_is_that_of_all_of_them() -> None:
    sheet = half_bordered([["", "产出指标", ""], ["甲", "乙", "丙"], ["1", "2", "3"]], (0,))
    assert sheet.merges == [(0, 0, 2, 0)] and [row[0] for row in sheet.rows] == ["产出指标", "", ""]


@pytest.mark.parametrize(
    ("columns", "open_columns"),
    [
        ([["甲", "乙", "丙"], ["1", "", ""]], (1,)),  # a figure is that of its own row
        ([["1", "2", "3"], ["", "略有偏差", ""]], (1,)),  # so is what is said of it
        ([["甲", "", "丙"], ["子", "丑", "寅"]], (0,)),  # two labels
        ([["", "甲", ""], ["子", "丑", "寅"]], (0, 1)),  # a table without lines
    ],
)
def test_other_cells_that_no_line_parts_stay_apart(columns: list[list[str]], open_columns: tuple[int, ...]) -> None:
    sheet = half_bordered(columns, open_columns)
    assert not sheet.merges
    assert [[str(text) for text in line] for line in zip(*sheet.rows, strict=True)] == columns
