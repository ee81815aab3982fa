"""A Word document as it stands: cells, merges, what counts of changes, fields and controls, what nobody sees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gouji.ingest.grid import Kind, Sheet, Workbook
from gouji.ingest.read import read_workbook
from gouji.ingest.read_return import read_return, units_forms
from gouji.ingest.refusal import Refused
from gouji.ingest.register.batch import assemble
from gouji.samples.document import cell, document_bytes, paragraph, run, table
from gouji.samples.word_table import Patch
from gouji.templates.addresses import cell_position, on_sheet, with_sheet
from gouji.templates.catalogue import built_in

LOREM = "本单位按照要求开展了绩效自评，成立了工作小组，制定了实施方案，逐项核对了各项指标的完成情况，形成了本报告。"


def read(body: str, **more: str) -> Workbook:
    return read_workbook(document_bytes(body, more), "某局.docx")


def rows_of(cells: str) -> str:
    """A table of one row for a few cells."""
    return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"


def only(body: str) -> Sheet:
    (sheet,) = read(body).sheets
    return sheet


def values(sheet: Sheet) -> list[list[object]]:
    return [[str(value) for value in row] for row in sheet.rows]


def grid(lines: Sequence[Sequence[str]]) -> str:
    return table([Patch(row, column, 1, 1, text) for row, line in enumerate(lines) for column, text in enumerate(line)])


def test_a_table_is_a_sheet_with_the_lines_around_it_and_its_places_in_words() -> None:
    body = paragraph(LOREM) + paragraph("附件1") + paragraph("某表") + grid([["甲", "乙"], ["1", "2.50"]])
    body += paragraph("填表人：无") + paragraph("附件2") + grid([["丙", "丁"]])
    book = read(body)
    first, second = book.sheets
    assert (first.name, second.name) == ("第1个表", "第2个表")
    assert values(first) == [["附件1", ""], ["某表", ""], ["甲", "乙"], ["1", "2.50"], ["填表人：无", ""]]
    assert values(second) == [["附件2", ""], ["丙", "丁"]]
    names = [first.address(row, column) for row, column in ((0, 0), (1, 0), (2, 1), (3, 0), (4, 0))]
    assert names == ["上方第2行", "上方第1行", "第1行第2列", "第2行第1列", "下方第1行"]
    assert [first.position(name) for name in names] == [(0, 0), (1, 0), (2, 1), (3, 0), (4, 0)]
    assert first.number_format(3, 1) == "0.00"
    assert book.paragraphs == [LOREM, "附件1", "某表", "填表人：无", "附件2"]
    assert (book.file_kind, book.notes) == ("docx", [])


def test_places_of_two_kinds_are_told_apart_and_found_again() -> None:
    assert with_sheet("自评表", "B7") == "自评表!B7"
    assert with_sheet("第2个表", "第7行第3列") == "第2个表第7行第3列"
    assert with_sheet("第1个表", "第2个表第7行第3列") == "第2个表第7行第3列"
    assert with_sheet("正文", "B7") == "正文!B7"  # a worksheet of that name
    assert with_sheet("正文", "第3段") == "正文第3段"
    assert on_sheet("表", "正文表!B7") == ("正文表", "B7")
    assert on_sheet("第1个表", "第2个表第7行第3列") == ("第2个表", "第7行第3列")
    assert on_sheet("第1个表", "第7行第3列") == ("第1个表", "第7行第3列")
    assert cell_position("第7行第3列") == (6, 2)
    assert cell_position("上方第1行") < cell_position("第1行第1列") < cell_position("下方第1行") < (10**6, 0)


def test_merges_are_those_that_are_drawn() -> None:
    patches = [Patch(0, 0, 1, 3, "题"), Patch(1, 0, 2, 1, "并"), Patch(1, 1, 2, 2, "块"), Patch(3, 0, 1, 1, "末")]
    sheet = only(table(patches))
    assert values(sheet) == [["题", "", ""], ["并", "块", ""], ["", "", ""], ["末", "", ""]]
    assert sorted(sheet.merges) == [(0, 0, 0, 2), (1, 0, 2, 0), (1, 1, 2, 2)]


def test_rows_that_do_not_fill_the_grid_stand_where_they_are_drawn() -> None:
    """A row without spans, as some programs write it, is fitted by the widths of its cells; 2 mm make no column."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in (3000, 3000, 40, 2960))
    wide = [("甲", 3000, 1), ("乙", 3000, 1), ("丙", 3000, 2)]
    cut = [("丁", 3000, 1), ("戊", 3040, 2), ("己", 2960, 1)]
    bare = [("庚", 6000, 1), ("辛", 3000, 1)]

    def line(cells: Sequence[tuple[str, int, int]]) -> str:
        cells_drawn = (cell(t, f'<w:tcW w:w="{w}" w:type="dxa"/><w:gridSpan w:val="{n}"/>') for t, w, n in cells)
        return f"<w:tr>{''.join(cells_drawn)}</w:tr>"

    sheet = only(f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{line(wide)}{line(cut)}{line(bare)}</w:tbl>")
    assert values(sheet) == [["甲", "乙", "丙"], ["丁", "戊", "己"], ["庚", "", "辛"]]
    assert sheet.merges == [(2, 0, 2, 1)]


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [
        ("5", 5.0, None),
        ("１２．５０", 12.5, "0.00"),
        ("1,733.60", 1733.6, "0.00"),
        ("60.5%", 0.605, "0.0%"),
        ("-3", -3.0, None),
        ("087001", "087001", None),
        ("12.5万元", "12.5万元", None),
        ("12\t13", "12\t13", None),
        ("⑤", "⑤", None),
        ("1234567890123456.7", "1234567890123456.7", None),
    ],
)
def test_a_plain_figure_is_a_number_with_the_decimals_that_are_written(
    written: str, value: object, code: str | None
) -> None:
    sheet = only(rows_of(cell("甲") + cell(written)))
    assert sheet.rows[0][1] == value
    assert type(value) is str or str(sheet.rows[0][1]) == written
    assert sheet.number_format(0, 1) == code


def test_digits_of_notes_are_no_part_of_a_figure() -> None:
    raised = run("12.5") + run("2", '<w:vertAlign w:val="superscript"/>')
    note = run("7.5") + '<w:r><w:footnoteReference w:id="1"/></w:r>'
    sheet = only(rows_of(*[f"<w:tc><w:p>{raised}</w:p></w:tc><w:tc><w:p>{note}</w:p></w:tc>"]))
    assert sheet.rows[0] == ["12.5²", 7.5]


def test_the_accepted_state_counts_and_is_told() -> None:
    changed = f"<w:del><w:r><w:delText>3</w:delText></w:r></w:del><w:ins>{run('8')}</w:ins>"
    body = f"<w:tbl><w:tr><w:tc><w:p>{run('1')}{changed}</w:p></w:tc></w:tr>"
    body += f"<w:tr><w:trPr><w:del/></w:trPr>{cell('99')}</w:tr><w:tr>{cell('7')}</w:tr></w:tbl>"
    book = read(body)
    assert book.sheets[0].rows == [[18.0], [7.0]]
    assert [note.partition("，")[0] for note in book.notes] == ["文档里有 3 处修订没有接受或拒绝"]


def test_of_a_field_its_result_of_a_control_its_content() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    field = mark("begin") + "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>" + mark("separate") + run("42")
    simple = f'<w:fldSimple w:instr=" PAGE ">{run("3")}</w:fldSimple>'
    filled = f"<w:sdt><w:sdtContent>{cell('局')}</w:sdtContent></w:sdt>"
    asked = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入')}</w:sdtContent></w:sdt>"
    cells = f"<w:tc><w:p>{field}{mark('end')}</w:p></w:tc><w:tc><w:p>{simple}</w:p></w:tc>{filled}"
    sheet = only(rows_of(f"{cells}<w:tc><w:p>{asked}</w:p></w:tc>"))
    assert sheet.rows == [[42.0, 3.0, "局", ""]]


def test_what_nobody_sees_is_told_and_a_figure_half_seen_is_not_read() -> None:
    hidden, white = run("5", "<w:vanish/>"), run("6", '<w:color w:val="FFFFFF"/>')
    half = run("12") + run("3", "<w:vanish/>")
    sheet = only(rows_of("".join(f"<w:tc><w:p>{text}</w:p></w:tc>" for text in (hidden, white, half))))
    assert sheet.rows[0][:2] == [5.0, 6.0] and sheet.unseen == {(0, 0), (0, 1)}
    assert sheet.kind(0, 2) is Kind.UNKNOWN


def test_line_breaks_in_labels_and_paragraphs_in_cells_are_one_text() -> None:
    sheet = only(rows_of(cell("一级\n指标") + f"<w:tc>{paragraph('甲')}{paragraph('')}{paragraph('乙')}</w:tc>"))
    assert sheet.rows == [["一级\n指标", "甲\n\n乙"]]


def test_a_table_drawn_with_tabs_or_spaces_is_named_as_unread() -> None:
    lines = ["项目\t预算数\t决算数", "基本支出\t120.5\t118.2", "项目支出\t80\t79.5", "合计\t200.5\t197.7"]
    spaced = [line.replace("\t", "\u3000" * 4) for line in lines]
    text = [paragraph(LOREM), *map(paragraph, lines), paragraph("以上。"), *map(paragraph, spaced)]
    book = read("".join(text) + rows_of(cell("甲") + cell("1")))
    assert book.notes == [
        f"正文第{first}段起有 4 行用制表符或空格排成的表，没有读取，请改成 Word 表格（插入表格）后再报送。"
        for first in (2, 7)
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["单位：\t\t2021年", "填报人：\t电话：\t日期：", "负责人：\t\t"],  # who signs
        [f"1.{number}\t基本情况\t{number}" for number in range(1, 9)],  # contents
        ["甲\t乙\t丙", "甲\t乙\t丙", "甲\t乙\t丙", "甲\t乙\t丙"],
        ["甲\t1", "乙\t2", "丙\t3", "丁\t4"],
    ],
)
def test_other_lines_with_tabs_are_no_table(lines: list[str]) -> None:
    assert read("".join(map(paragraph, lines)) + rows_of(cell("甲") + cell("1"))).notes == []


def boxed(text: str) -> str:
    inner = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    shape = f'<wps:txbx xmlns:wps="wps">{inner}</wps:txbx>'
    return f"<w:r><w:drawing>{shape}</w:drawing></w:r>"


def test_a_text_box_in_an_empty_cell_is_its_text_beside_other_text_it_is_told() -> None:
    book = read(rows_of(f"<w:tc><w:p>{boxed('12.5')}</w:p></w:tc><w:tc><w:p>{run('3')}{boxed('4')}</w:p></w:tc>"))
    assert book.sheets[0].rows == [[12.5, 3.0]]
    assert book.notes == [
        "文档的单元格里有 1 个文本框（如第1个表第1行第2列），里面的文字没有读取，请直接填在单元格里。"
    ]


def test_a_frame_around_tables_is_no_table_and_a_nested_one_counts_behind_its_own() -> None:
    inner = grid([["甲", "1"]])
    framed = f"<w:tbl><w:tr><w:tc>{paragraph('附表')}{inner}<w:p/></w:tc></w:tr></w:tbl>"
    assert values(only(framed)) == [["附表", ""], ["甲", "1"]]
    outer = rows_of(cell("外") + f"<w:tc>{inner}<w:p/></w:tc>")
    first, second = read(outer).sheets
    assert (values(first), values(second)) == ([["外", ""]], [["甲", "1"]])


def test_tables_torn_by_a_page_have_the_same_columns() -> None:
    first = table([Patch(0, 0, 1, 2, "甲"), Patch(0, 2, 1, 1, "1"), Patch(1, 0, 1, 3, "乙")])
    rest = table([Patch(0, 0, 1, 1, "丙"), Patch(0, 1, 1, 1, "丁"), Patch(0, 2, 1, 1, "2")])
    first_sheet, second_sheet = read(first + paragraph("") + rest).sheets
    assert values(first_sheet) == [["甲", "", "1"], ["乙", "", ""]] and second_sheet.adjoins
    assert sorted(first_sheet.merges) == [(0, 0, 0, 1), (1, 0, 1, 2)]
    assert not read(first + paragraph("别的表") + rest).sheets[1].adjoins


def nested(depth: int) -> str:
    inner = ""
    for _ in range(depth):
        inner = f"<w:tbl><w:tr>{cell('甲')}<w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    return inner


@pytest.mark.parametrize(("depth", "code"), [(30, "嵌套过深"), (1000, "文件损坏")])
def test_tables_within_tables_without_end_are_refused(depth: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(nested(depth))
    assert refused.value.code == code


def test_more_columns_than_any_program_makes_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        read(rows_of(cell("甲", '<w:gridSpan w:val="999999"/>')))
    assert refused.value.code == "范围过大"


def test_two_main_parts_are_refused(tmp_path: Path) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    targets = ("word/document.xml", "word/styles.xml")
    both = "".join(f'<Relationship Id="r{n}" Type="{office}" Target="{target}"/>' for n, target in enumerate(targets))
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with pytest.raises(Refused) as refused:
        read(paragraph("甲"), **{"_rels/.rels": f'<Relationships xmlns="{package}">{both}</Relationships>'})
    assert refused.value.code == "文件损坏"


def test_a_document_without_a_table_that_is_asked_for_is_an_attachment(tmp_path: Path) -> None:
    catalogue = built_in()
    path = tmp_path / "工作总结.docx"
    path.write_bytes(document_bytes(paragraph(LOREM) + grid([["姓名", "电话"], ["某", "无"]])))
    reading = read_return(path, path.name, catalogue, forms=units_forms(catalogue))
    (row,) = assemble([reading], None, None).returns.itertuples()
    assert (row.status, row.reason) == ("附件", "文档里没有要报的表，登记为附件")
