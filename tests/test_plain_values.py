"""Workbooks plainly written are read without the reader: to the same values as with it, and refused as with it."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from gouji.ingest import read
from gouji.ingest.files import reader
from gouji.ingest.files.archive import Archive
from gouji.ingest.files.plain_book import plain_texts
from gouji.ingest.files.styles import BUILT_IN
from gouji.ingest.grid import Workbook
from gouji.ingest.limits import Limits
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.samples.generate import WORKBOOKS, generate
from tests.packages import MAIN, packed, parts, sheet_xml

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORMATS = ("yyyy-mm-dd", "h:mm", "0.00", "#,##0.00_ ", 'yyyy"年"m"月"d"日"', "[Red]0.0", "@", "General", "yyyy/m/d")
_STYLES = [0, *sorted(BUILT_IN), *range(164, 164 + len(_FORMATS))]
_TEXTS = (
    "甲", " 甲 ", "甲\n乙", "\n", "\t甲", "_x000D_甲", "_x4E00_", "a&amp;b", "&lt;&gt;&quot;&apos;", "", "   ",
    "甲\u3000", "\u00a0甲", "\ufeff甲", "1", "&amp;amp;", "甲&#10;乙", "&#65;", "a\r\nb", "#N/A", "TRUE",
)  # fmt: skip
_NUMBERS = (
    "1", "-1.5", "+1", "1e5", "1E-3", ".5", "5.", "", "abc", "NaN", "inf", "1_0", " 1", "0x1", "1e309", "-0", "1e-400",
    "123456789012345678901234567890", "0.1234567890123456789", "٣", "44613", "44613.0", "44613.5", "60", "61", "0",
    "2958465", "2958466", "-3", "9007199254740993",
)  # fmt: skip
_TYPES = ("", "n", "s", "str", "inlineStr", "b", "e", "d", "N", "foo")
_ITEMS = (
    "<si><t>{}</t></si>", '<si><t xml:space="preserve">{}</t></si>', "<si><r><t>{}</t></r><r><t>b</t></r></si>",
    '<si><t>{}</t><phoneticPr fontId="1" type="noConversion"/></si>', "<si/>", "<si><t/></si>",
    "<si><t>{}</t><rPh sb='0' eb='1'><t>jiǎ</t></rPh></si>",
)  # fmt: skip


def _book(rows: str, texts: str | None = None, *, before: str = "", now: str = "") -> bytes:
    """A workbook of one sheet, with styles and texts."""
    members = parts(sheet_xml(rows).replace("<sheetData>", f"{before}<sheetData>"))
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).replace("<sheets>", f"{now}<sheets>")
    formats = "".join(
        f'<numFmt numFmtId="{164 + number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in enumerate(_FORMATS)
    )
    looks = "".join(f'<xf numFmtId="{number}"/>' for number in _STYLES)
    members["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{looks}</cellXfs></styleSheet>'
    )
    related = f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    if texts is not None:
        members["xl/sharedStrings.xml"] = f'<?xml version="1.0"?>\n<sst xmlns="{MAIN}">{texts}</sst>'
        related += f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    name = "xl/_rels/workbook.xml.rels"
    members[name] = str(members[name]).replace("</Relationships>", f"{related}</Relationships>")
    return packed(members)


def _told(data: bytes) -> list[tuple[str, bool, str]] | str:
    try:
        book: Workbook = read_workbook(data, "某.xlsx")
    except Refused as error:
        return error.code
    return [(sheet.name, sheet.hidden, repr(sheet.rows)) for sheet in book.sheets]  # 1 is not 1.0, -0.0 not 0.0


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The sheets of which the reader was asked, by their number."""
    numbers: list[int] = []
    of_reader = reader.Reader.sheet

    def sheet(self: reader.Reader, index: int) -> object:
        numbers.append(index)
        return of_reader(self, index)

    with monkeypatch.context() as patch:
        patch.setattr(reader.Reader, "sheet", sheet)
        yield numbers


def _by_reader(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool, str]] | str:
    with monkeypatch.context() as patch:
        patch.setattr(read, "plain_rows", lambda scan, texts: None)
        patch.setattr(read, "alike", lambda archive, workbook: None)
        return _told(data)


def _cell(chosen: random.Random, name: str) -> str:
    kind, style = chosen.choice([*_TYPES, "", "s", "str", "inlineStr"]), chosen.choice(["", chosen.randrange(80)])
    text = chosen.choice(_TEXTS) if kind in {"str", "inlineStr"} else chosen.choice(_NUMBERS)
    kept = chosen.choice(["", ' xml:space="preserve"'])
    value = f"<is><t{kept}>{text}</t></is>" if chosen.random() < (0.9 if kind == "inlineStr" else 0.02) else ""
    value = value or chosen.choice([f"<v>{text}</v>", f"<v{kept}>{text}</v>", "<v/>", ""])
    formula = chosen.choice(["", "", "", "<f>A1+1</f>", '<f t="shared" si="0"/>'])
    said = (f' s="{style}"' if style != "" else "") + (f' t="{kind}"' if kind else "")
    return f'<c r="{name}"{said}>{formula}{value}</c>'


def test_every_cell_is_what_the_reader_finds_there(monkeypatch: pytest.MonkeyPatch, asked: list[int]) -> None:
    chosen, alone = random.Random(1), 0
    for _ in range(300):
        cells = "".join(_cell(chosen, f"{column}1") for column in "BCD"[: chosen.randrange(1, 4)])
        items = "".join(chosen.choice(_ITEMS).format(chosen.choice(_TEXTS)) for _ in range(chosen.randrange(50)))
        data = _book(f'<row r="1">{cells}</row>', chosen.choice([None, items]))
        asked.clear()
        told, without = _told(data), not asked
        assert told == _by_reader(data, monkeypatch), cells
        alone += without and not isinstance(told, str)
    assert alone > 50


@pytest.mark.parametrize("item", _ITEMS)
@pytest.mark.parametrize("text", _TEXTS)
def test_texts_are_those_of_the_reader(item: str, text: str) -> None:
    items = item.format(text) + "<si><t>乙</t></si>"
    texts = plain_texts(f'<sst xmlns="{MAIN}">{items}</sst>'.encode())
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    with CalamineWorkbook.from_filelike(io.BytesIO(_book(cells, items))) as book:
        assert texts is None or [texts] == book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("extra", ["x", "<x/>", "<si>", "<!-- -->", "</sst><sst>", "<si><t>a</si>", "\x01", "&b;"])
def test_a_table_of_texts_with_anything_else_in_it_is_left_to_the_reader(extra: str) -> None:
    whole = f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><t>乙</t></si></sst>'
    assert plain_texts(whole.encode()) == ["甲", "乙"]
    for before in ("<si>", "</sst>"):
        assert plain_texts(whole.replace(before, extra + before, 1).encode()) is None
    assert plain_texts(whole.encode("utf-16")) is None


@pytest.mark.parametrize(
    "before",
    ['<dimension ref="??"/>', '<dimension ref="B1"/>', '<dimension ref="A1:XFD9"/>', "<dimension/>",
     '<dimension ref="B1"/><dimension ref="B1"/>', '<dimension ref="$B$1"/>'],
)  # fmt: skip
def test_what_the_reader_takes_offence_at_is_refused(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = _book('<row r="1"><c r="B1"><v>1</v></c></row>', before=before)
    assert _told(data) == _by_reader(data, monkeypatch)


def test_days_counted_from_1904_are_the_readers(monkeypatch: pytest.MonkeyPatch, asked: list[int]) -> None:
    style = _STYLES.index(14)
    for now in ("", '<workbookPr date1904="1"/>'):
        data = _book(f'<row r="1"><c r="A1" s="{style}"><v>44613</v></c></row>', now=now)
        told, without = _told(data), not asked
        assert told == _by_reader(data, monkeypatch)
        assert without is not bool(now)


def test_an_archive_that_programs_may_take_otherwise_is_the_readers(asked: list[int]) -> None:
    data = _book('<row r="1"><c r="A1"><v>1</v></c></row>')
    other = _book('<row r="1"><c r="A1"><v>2</v></c></row>')
    assert _told(data) == [("表", False, "[[1.0]]")] and not asked
    behind = io.BytesIO(data)
    with zipfile.ZipFile(behind, "a") as archive:
        archive.comment = b"x"
    for disorderly in (behind.getvalue(), other + data):
        assert not Archive(disorderly, Limits()).orderly
        asked.clear()
        assert _told(disorderly) == [("表", False, "[[1.0]]")]
        assert asked


def test_names_that_only_some_programs_understand_spoil_no_other_file(asked: list[int]) -> None:
    data = _book('<row r="1"><c r="A1"><v>1</v></c></row>')
    for name in ("/xl/workbook.xml", "xl\\workbook.xml"):
        odd = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as good, zipfile.ZipFile(odd, "w") as written:
            for member in good.namelist():
                info = zipfile.ZipInfo("x")
                info.filename = name if member == "xl/workbook.xml" else member
                written.writestr(info, good.read(member))
        assert Archive(odd.getvalue(), Limits()).names == Archive(data, Limits()).names
        assert not Archive(odd.getvalue(), Limits()).orderly
        _told(odd.getvalue())
        asked.clear()
        assert _told(data) == [("表", False, "[[1.0]]")]
        assert not asked


def test_a_package_known_by_its_list_brings_its_own_sheets(asked: list[int]) -> None:
    texts = "<si><t>{}</t></si>"
    row = '<row r="1"><c r="A1" t="s"><v>{}</v></c></row>'
    for text in ("甲", "乙", "甲"):
        assert _told(_book(row.format(0), texts.format(text))) == [("表", False, f"[['{text}']]")]
    assert not asked
    assert _told(_book(row.format(7), texts.format("甲"))) == "无法读取"  # the reader finds no such text


def test_issued_workbooks_are_read_without_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[int]
) -> None:
    generate(tmp_path, 3, 1, 5)
    for path in sorted((tmp_path / WORKBOOKS).iterdir()):
        asked.clear()
        told = _told(path.read_bytes())
        if not isinstance(told, str):
            assert not asked
        assert told == _by_reader(path.read_bytes(), monkeypatch)
