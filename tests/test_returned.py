"""退回: the unit's own workbook, marked; what it may not lose, what it may not carry on, and its way back."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from python_calamine import CalamineWorkbook

from gouji.export.packed_members import archive as archive_of
from gouji.export.packed_members import packed
from gouji.export.returned.mark_up import CannotMark, Mark, Stamp, mark_up
from gouji.export.returned.package import MAIN
from gouji.export.returned.sheet import Sheet
from gouji.export.returned.unmark import unmarked
from tests.hostile.mutants import mutant
from tests.recalculation import recalculated
from tests.rotation import rotated

STAMP = Stamp("a" * 64, 2)
OURS = {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}


def mark(sheet: str | None, cell: str | None, severity: str = "强制性", **fields: str) -> Mark:
    words = {"finding_id": f"{sheet}{cell}{severity}", "rule": "F-01", "message": "应等于各项之和，请核对后更正。"}
    return Mark(severity=severity, verdict="不符", sheet=sheet, cell=cell, **(words | fields))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


@lru_cache(maxsize=1)
def rich() -> bytes:
    """A workbook with all that openpyxl loses on a round trip, and all that it keeps."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet("基础 数据'表")
        other = workbook.add_worksheet("自评表")
        bold, green = (
            workbook.add_format({"bold": True}),
            workbook.add_format({"bg_color": "#C6EFCE", "num_format": "0.00%"}),
        )
        sheet.write_formula("A1", "=SUM(B1:B3)", None, 6)
        sheet.write_column("B1", [1, 2, 3])
        sheet.write("C2", 0.5, green)
        sheet.write_rich_string("D1", "前", bold, "粗", "后")
        sheet.merge_range("E1:F3", "合并")
        sheet.conditional_format("B1:B3", {"type": "data_bar", "data_bar_2010": True})
        sheet.conditional_format("C1:C9", {"type": "cell", "criteria": ">", "value": 1, "format": bold})
        sheet.insert_textbox("H2", "框里的话")
        sheet.data_validation("B1:B9", {"validate": "list", "source": ["甲", "乙"]})
        sheet.write_comment("B2", "单位自己的批注", {"author": "会计"})
        sheet.set_header("&L页眉")
        sheet.print_area("A1:F9")
        sheet.write_url("A9", "https://example.org/")
        sheet.add_sparkline("G1", {"range": "'基础 数据''表'!B1:B3"})
        other.write("B2", "文")
        other.set_column("C:C", 20, green)
        other.add_table("A5:B7", {"columns": [{"header": "甲"}, {"header": "乙"}]})
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": "='基础 数据''表'!$B$1:$B$3"})
        other.insert_chart("D9", chart)
        workbook.define_name("自评表!局部", "=自评表!$B$2")
        other.activate()
        other.select()
    return target.getvalue()


RICH_MARKS = [
    mark("基础 数据'表", "A1"), mark("基础 数据'表", "B2", "核实性"), mark("基础 数据'表", "C2", "提示"),
    mark("基础 数据'表", "F3"), mark("基础 数据'表", "AB40"), mark("自评表", "C3", "提示"), mark("自评表", None),
    mark(None, None, "提示"),
]  # fmt: skip


@pytest.fixture(scope="module")
def marked() -> bytes:
    return mark_up(rich(), RICH_MARKS, STAMP, "甲局")


def test_no_part_is_lost_and_what_is_not_marked_is_the_same(marked: bytes) -> None:
    before, after = parts(rich()), parts(marked)
    assert before.keys() <= after.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert {
        name for name in changed if not re.match(r"xl/(worksheets|styles|workbook|_rels|comments|drawings/vml)", name)
    } == {"[Content_Types].xml"}
    untouched = [
        "drawings/drawing1.xml",
        "drawings/drawing2.xml",
        "charts/chart1.xml",
        "tables/table1.xml",
        "sharedStrings.xml",
    ]
    assert all(before[f"xl/{name}"] == after[f"xl/{name}"] for name in untouched)
    added = {re.sub(r"\d+", "", name) for name in after.keys() - before.keys()}
    assert added == {"xl/worksheets/sheet.xml", "xl/comments.xml", "xl/drawings/vmlDrawing.vml"}


def test_what_is_not_marked_stays_compressed_as_it_came() -> None:
    untouched = "xl/drawings/drawing1.xml"
    members = {name: packed(content) for name, content in parts(rich()).items()}
    otherwise = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    quickly = otherwise.compress(parts(rich())[untouched]) + otherwise.flush()
    assert quickly != members[untouched].deflated
    members[untouched] = replace(members[untouched], deflated=quickly)
    made = mark_up(archive_of(members), RICH_MARKS, STAMP)
    assert quickly in made
    assert parts(made) == parts(mark_up(zipped(parts(rich())), RICH_MARKS, STAMP))


@pytest.mark.parametrize("size", [20, 300 * 1024])
def test_what_stands_behind_a_compressed_part_is_not_carried_on(size: int) -> None:
    members = {name: packed(content) for name, content in parts(rich()).items()}
    part = packed(random.Random(1).randbytes(size))
    hidden = b"=WEBSERVICE"
    members["xl/media/a.png"] = replace(part, deflated=part.deflated + hidden)
    given = archive_of(members)
    made = mark_up(given, RICH_MARKS, STAMP)
    assert hidden in given and hidden not in made
    assert parts(made)["xl/media/a.png"] == parts(given)["xl/media/a.png"]


def test_a_sheet_differs_only_where_it_is_marked(marked: bytes) -> None:
    """The bytes of the sheet without styles of marked cells, new cells and the selection are those of before."""
    before, after = (parts(data)["xl/worksheets/sheet1.xml"].decode() for data in (rich(), marked))
    assert '<row r="40"><c r="AB40" s=' in after
    after = re.sub(
        r'<row r="40">.*?</row>|<c r="F3" s="\d+"/>(?=</row>)(?<!x)', lambda m: "" if "40" in m[0] else m[0], after
    )

    def bare(xml: str) -> str:
        return re.sub(r' (?:s|spans|tabSelected)="[^"]*"', "", xml)

    # A web address is carried on by no copy.
    assert bare(after) == bare(before).replace('<hyperlinks><hyperlink ref="A9" r:id="rId1"/></hyperlinks>', "")


def test_values_formulas_and_formats_stay(marked: bytes) -> None:
    cached = openpyxl.load_workbook(io.BytesIO(marked), data_only=True)["基础 数据'表"]
    live = openpyxl.load_workbook(io.BytesIO(marked), rich_text=True)["基础 数据'表"]
    assert (cached["A1"].value, live["A1"].value) == (6, "=SUM(B1:B3)")
    assert str(live["D1"].value) == "前粗后" and len(live["D1"].value) > 1
    assert (live["C2"].number_format, live["C2"].fill.fgColor.rgb[:6]) == ("0.00%", "FFBDD7")
    assert live["E1"].fill.fgColor.rgb[:4] == "FFF8"  # the area's first cell shows F3's mark
    assert live["B2"].comment.text.startswith("单位自己的批注") and "【勾稽核对】核实性" in live["B2"].comment.text
    assert "请核对后更正" in live["A1"].comment.text
    assert len(live.conditional_formatting) == 2
    assert live.data_validations.dataValidation[0].sqref.ranges


def test_a_new_cell_takes_the_format_of_its_column(marked: bytes) -> None:
    cell = openpyxl.load_workbook(io.BytesIO(marked))["自评表"]["C3"]
    assert (cell.number_format, cell.fill.fgColor.rgb[:6]) == ("0.00%", "FFBDD7")


def test_the_sheet_in_front_lists_every_finding_with_its_link(marked: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(marked))
    assert workbook.sheetnames == ["问题", "基础 数据'表", "自评表", "_退回"]
    assert (workbook.active.title, workbook["_退回"].sheet_state) == ("问题", "veryHidden")
    assert [sheet.title for sheet in workbook if sheet.sheet_view.tabSelected] == ["问题"]
    sheet = workbook["问题"]
    rows = {row[2].value: row for row in sheet.iter_rows(min_row=5) if row[2].value}
    assert len([row for row in sheet.iter_rows(min_row=5) if row[0].value]) == len(RICH_MARKS)
    assert rows["AB40"][2].hyperlink.location == "'基础 数据''表'!AB40"
    assert rows["A1"][9].protection.locked is False and rows["A1"][5].protection.locked is True
    severities = [row[3].value for row in sheet.iter_rows(min_row=5)]
    assert severities == sorted(severities, key=["强制性", "核实性", "提示"].index)


@pytest.mark.parametrize(
    ("written", "marked_there"),
    [
        ('<row r="2"/>', '<row r="2"><c r="B2" s="N"/></row>'),
        ('<row r="2" spans="1:1" s="3"></row>', '<row r="2" s="3"><c r="B2" s="N"/></row>'),
        ('<row r="3"/>', '<row r="2"><c r="B2" s="N"/></row><row r="3"/>'),
        ('<row r="1"/><row><c/></row>', '<row r="1"/><row><c/><c r="B2" s="N"/></row>'),
        ('<row r="2"><c r="A2"/><c r="C2"/></row>', '<row r="2"><c r="A2"/><c r="B2" s="N"/><c r="C2"/></row>'),
        (
            '<row r="2"><c t="n" r="B2" s=\'1\'><v>1</v></c></row>',
            '<row r="2"><c t="n" r="B2" s="N"><v>1</v></c></row>',
        ),
        ("", '<row r="2"><c r="B2" s="N"/></row>'),
        (None, '<row r="2"><c r="B2" s="N"/></row>'),
    ],
)
def test_cells_are_put_where_they_belong(written: str | None, marked_there: str) -> None:
    data = "<sheetData/>" if written is None else f"<sheetData>{written}</sheetData>"
    sheet = Sheet(f'<worksheet xmlns="x">{data}</worksheet>'.encode(), {(1, 1)}, lambda cell, style: 77)
    after = f'<worksheet xmlns="x"><sheetData>{marked_there}</sheetData></worksheet>'.replace('"N"', '"77"')
    assert sheet.to_bytes().decode() == after


def test_names_of_sheets_move_with_their_sheets(marked: bytes) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(marked))
    assert workbook["自评表"].defined_names["局部"].value == "自评表!$B$2"
    assert workbook["基础 数据'表"].print_area == "'基础 数据''表'!$A$1:$F$9"
    assert workbook["问题"].print_title_rows == "$4:$4"


def test_equal_input_gives_equal_bytes(marked: bytes) -> None:
    assert mark_up(rich(), RICH_MARKS, STAMP, "甲局") == marked


def test_unmarked_is_as_before(marked: bytes) -> None:
    """All marks go, and every cell looks as it did."""
    clean = unmarked(marked)
    assert clean is not None
    assert unmarked(rich()) is None and unmarked(clean) is None
    before, after = (openpyxl.load_workbook(io.BytesIO(data)) for data in (rich(), clean))
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                same = after[sheet.title][cell.coordinate]
                assert [repr(look) for look in (same.fill, same.font)] == [
                    repr(look) for look in (cell.fill, cell.font)
                ]
                assert same.number_format == cell.number_format
                comment = cell.comment.text if cell.comment else None
                assert (same.comment.text if same.comment else None) == comment
    assert after["自评表"].defined_names["局部"].value == "自评表!$B$2"
    assert "【勾稽核对】" not in "".join(part.decode("utf-8", "replace") for part in parts(clean).values())


def test_marked_again_only_the_new_marks_are_there(marked: bytes) -> None:
    again = mark_up(marked, [mark("自评表", "B2")], Stamp("b" * 64, 3), "甲局")
    workbook = openpyxl.load_workbook(io.BytesIO(again))
    assert workbook.sheetnames == ["问题", "基础 数据'表", "自评表", "_退回"]
    assert not workbook["基础 数据'表"]["A1"].comment and workbook["基础 数据'表"]["A1"].fill.fill_type is None
    assert workbook["基础 数据'表"]["B2"].comment.text == "单位自己的批注"
    assert workbook["自评表"]["B2"].fill.fgColor.rgb[:4] == "FFF8"
    said = [row[:2] for row in CalamineWorkbook.from_filelike(io.BytesIO(again)).get_sheet_by_name("_退回").to_python()]
    assert ["轮次", "3"] in said and said.index(["来源", "b" * 64]) < said.index(["来源", "a" * 64])


# ---- what is never carried on --------------------------------------------------------------------


def _with(name: str, content: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    members = parts(rich()) | {name: content}
    for key, change in changes.items():
        real = {"types": "[Content_Types].xml", "book": "xl/workbook.xml", "rels": "xl/_rels/workbook.xml.rels",
                "sheet": "xl/worksheets/sheet1.xml"}[key]  # fmt: skip
        members[real] = change(members[real])
    return zipped(members)


def _inserted(before: bytes, text: str) -> Callable[[bytes], bytes]:
    def changed(part: bytes) -> bytes:
        assert before in part
        return part.replace(before, text.encode() + before, 1)

    return changed


_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _linked_elsewhere() -> bytes:
    """A link to another workbook by way of DDE, used in a cell and in a name."""
    dde = '<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'
    target = f'<Relationship Id="rId99" Type="{_KIND}/externalLink" Target="externalLinks/externalLink1.xml"/>'
    listed = '<externalReferences><externalReference r:id="rId99"/></externalReferences>'
    name = b'<definedNames><definedName name="out">[1]Sheet1!$A$1</definedName>'
    return _with(
        "xl/externalLinks/externalLink1.xml", f'<externalLink xmlns="{MAIN}">{dde}</externalLink>'.encode(),
        rels=_inserted(b"</Relationships>", target),
        book=lambda part: _inserted(b"<definedNames>", listed)(part.replace(b"<definedNames>", name)),
        sheet=lambda part: part.replace(b"<f>SUM(B1:B3)</f>", b"<f>SUM([1]Sheet1!A1,'[1]a b'!A2)</f>"),
    )  # fmt: skip


def test_links_to_other_workbooks_become_values() -> None:
    after = parts(mark_up(_linked_elsewhere(), RICH_MARKS, STAMP))
    whole = b"".join(after.values())
    assert not [name for name in after if "externalLink" in name]
    assert b"externalReference" not in whole and b"[1]" not in whole and b"ddeLink" not in whole
    sheet = openpyxl.load_workbook(io.BytesIO(zipped(after)))["基础 数据'表"]
    assert sheet["A1"].value == 6


def test_macros_are_left_behind() -> None:
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    ordinary = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    stated = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    data = _with(
        "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macro",
        rels=_inserted(b"</Relationships>", f'<Relationship Id="rId98" Type="{kind}" Target="vbaProject.bin"/>'),
        types=lambda part: _inserted(b"<Override", stated)(part.replace(ordinary, macro)),
    )  # fmt: skip
    after = parts(mark_up(data, RICH_MARKS, STAMP))
    whole = b"".join(after.values())
    assert "xl/vbaProject.bin" not in after
    assert b"vba" not in whole.lower() and b"macroEnabled" not in whole and ordinary in after["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("xl/macrosheets/sheet1.xml", "宏表"),
        ("xl/activeX/activeX1.bin", "控件"),
        ("xl/embeddings/oleObject1.bin", "嵌入"),
        ("xl/connections.xml", "连接"),
    ],
)
def test_what_cannot_be_taken_out_is_not_marked(name: str, reason: str) -> None:
    with pytest.raises(CannotMark, match=reason):
        mark_up(_with(name, b"<x/>"), RICH_MARKS, STAMP)


def test_a_formula_that_calls_out_elsewhere_is_not_marked() -> None:
    data = _with(
        "a.xml", b"<a/>", sheet=lambda part: part.replace(b"<formula>1</formula>", b"<formula>[1]A!B1</formula>")
    )
    with pytest.raises(CannotMark, match="其他工作簿"):
        mark_up(data, RICH_MARKS, STAMP)


def test_formulas_with_brackets_that_call_nobody_stay() -> None:
    formulas = ["SUM(表1[[#This Row],[2021]])", "表1[2021]+Sheet2!A1", '"a|b [1]x!y"&amp;A2', 'IF(A2,"[1]s!",B1)']
    for formula in formulas:
        data = _with("a.xml", b"<a/>", sheet=lambda part, f=formula: part.replace(b"SUM(B1:B3)", f.encode()))
        assert formula.encode() in parts(mark_up(data, RICH_MARKS, STAMP))["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("target", ["file:///c:/a.exe", "\\\\host\\share\\a.xlsx", "javascript:alert(1)"])
def test_links_that_open_files_are_taken_out(target: str) -> None:
    members = parts(rich())
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    members[rels] = members[rels].replace(b"https://example.org/", target.encode())
    after = parts(mark_up(zipped(members), RICH_MARKS, STAMP))
    assert target.encode() not in b"".join(after.values())
    assert b"hyperlink" not in after["xl/worksheets/sheet1.xml"]


# ---- other programs, damaged files ---------------------------------------------------------------


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
def test_libreoffice_keeps_marks_and_record(marked: bytes, tmp_path: Path) -> None:
    """Opened and saved by another program it is still a marked copy, and can be made clean."""
    (tmp_path / "退.xlsx").write_bytes(marked)
    saved = recalculated([tmp_path / "退.xlsx"], tmp_path / "out")["退"].read_bytes()
    workbook = openpyxl.load_workbook(io.BytesIO(saved))
    assert workbook.sheetnames == ["问题", "基础 数据'表", "自评表", "_退回"]
    sheet = workbook["基础 数据'表"]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment} == {
        "A1", "B2", "C2", "E1", "AB40",
    }  # fmt: skip
    assert workbook["问题"]["C5"].hyperlink is not None
    clean = unmarked(saved)
    assert clean is not None
    after = openpyxl.load_workbook(io.BytesIO(clean))
    fills = {cell: after["基础 数据'表"][cell].fill for cell in ("A1", "C2", "AB40")}
    assert [fill.fgColor.rgb if fill.fill_type else None for fill in fills.values()] == [None, "FFC6EFCE", None]
    assert {cell.coordinate for row in after["基础 数据'表"].iter_rows() for cell in row if cell.comment} == {"B2"}


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("first", rotated("mutants marked", [5_000_000, 5_000_100, 5_000_200]))
def test_damaged_workbooks_are_marked_or_not_and_never_crash(
    first: int, record_property: Callable[[str, object], None]
) -> None:
    done = Counter(map(_mutant_marked, range(first, first + 100)))
    record_property(f"mutants marked from {first}", dict(done))
    assert done["marked"] > 17


def _mutant_marked(number: int) -> str:
    try:
        mark_up(mutant(number), [mark("基础数据表", "D8"), mark("基础数据表", "D200")], STAMP)
    except CannotMark:
        return "not marked"
    return "marked"


# ---- nothing outward, under whatever name ---------------------------------------------------------

_ELSEWHERE = re.compile(
    rb"""(?:target|src|href|url)\s*=\s*["'](?:[a-z][a-z0-9+.-]*:|\\\\|//)|webPublish|HyperlinkBase|evil\.example""",
    re.IGNORECASE,
)


def _related(part: str, kind: str, target: str, mode: str = "") -> Callable[[bytes], bytes]:
    stated = f'<Relationship Id="rId97" Type="{_KIND}/{kind}" Target="{target}"{mode}/>'
    return _inserted(b"</Relationships>", stated)


@pytest.mark.parametrize("mode", [' TargetMode="external"', ' TargetMode="EXTERNAL"', "", ' TargetMode="Internal"'])
@pytest.mark.parametrize(
    "target", ["https://evil.example/a", r"\\evil.example\a", "ftp://evil.example", "//evil.example/a"]
)
def test_an_address_is_one_whatever_its_mode(mode: str, target: str) -> None:
    members = parts(rich())
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    members[rels] = members[rels].replace(b"https://example.org/", target.encode())
    members[rels] = members[rels].replace(b' TargetMode="External"', mode.encode())
    after = parts(mark_up(zipped(members), RICH_MARKS, STAMP))
    assert {name for name, content in after.items() if _ELSEWHERE.search(content)} == set()


def test_nothing_outward_is_left_in_any_part() -> None:
    picture = (
        '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="http://evil.example/a.png"/></v:shape>'
    )
    data = _with(
        "docProps/app.xml", b"<Properties><HyperlinkBase>http://evil.example/</HyperlinkBase></Properties>",
        book=_inserted(b"</workbook>", '<webPublishing css="0"/>'),
        sheet=lambda part: part.replace(b"SUM(B1:B3)", b'HYPERLINK(&quot;http://evil.example&quot;)').replace(
            b"</worksheet>", b'<webPublishItems><webPublishItem destinationFile="x"/></webPublishItems></worksheet>'
        ),
    )  # fmt: skip
    members = parts(data)
    drawing = next(name for name in members if name.endswith(".vml"))
    members[drawing] = _inserted(b"</xml>", picture)(members[drawing])
    after = parts(mark_up(zipped(members), RICH_MARKS, STAMP))
    assert {name for name, content in after.items() if _ELSEWHERE.search(content)} == set()
    assert openpyxl.load_workbook(io.BytesIO(zipped(after)))["基础 数据'表"]["A1"].value == 6


def test_macros_under_another_name_are_left_behind() -> None:
    data = _with("xl/media/image9.dat", b"\xd0\xcf\x11\xe0x", rels=_related("", "vbaProject", "media/image9.dat"))
    assert "xl/media/image9.dat" not in parts(mark_up(data, RICH_MARKS, STAMP))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("xlMacrosheet", "宏表"),
        ("connections", "连接"),
        ("oleObject", "嵌入"),
        ("webextension", "加载项"),
        ("x", "嵌入"),
    ],
)
def test_what_acts_is_known_by_its_relation_and_content(kind: str, reason: str) -> None:
    content = b"\xd0\xcf\x11\xe0" if kind == "x" else b"<x/>"
    with pytest.raises(CannotMark, match=reason):
        mark_up(_with("xl/a.dat", content, rels=_related("", kind, "a.dat")), RICH_MARKS, STAMP)


@pytest.mark.parametrize("lead", ["=", "+", " @", "＝", "\t="])
def test_words_that_begin_like_a_formula_are_text_in_the_copy(lead: str) -> None:
    """Of the unit's own comment and its author; a program that takes them over as cells calculates nothing."""
    members = parts(rich())
    (name,) = [member for member in members if "comments" in member and member.endswith(".xml")]
    root = etree.fromstring(members[name])
    author, words = root.find(f".//{{{MAIN}}}author"), root.find(f".//{{{MAIN}}}text")
    assert author is not None
    assert words is not None
    (first, *others) = words.iter(f"{{{MAIN}}}t")
    said = "".join(run.text or "" for run in (first, *others))
    author.text, first.text = f"{lead}A1", f"{lead}{first.text}"
    members[name] = etree.tostring(root)
    after = etree.fromstring(parts(mark_up(zipped(members), RICH_MARKS, STAMP))[name])
    spoken = ["".join(map(str, element.itertext())) for element in after.iter(f"{{{MAIN}}}author", f"{{{MAIN}}}text")]
    assert f"'{lead}A1" in spoken
    assert any(text.startswith(f"'{lead}{said}") for text in spoken)
