"""A sheet written as plainly as spreadsheet programs write it, taken apart without an XML parser.

A parser makes objects of thousands of cells; one pattern reads them ten times as fast. What is not exactly of its
grammar is left to the parser, and nothing can pass for what it is not: the text is UTF-8 without comments, CDATA or
instructions; the pattern accounts for every character between <sheetData> and </sheetData>, as rows and cells whose
attributes are unique and whose references are known; and the XML around them still goes through the parser. So the
whole is well formed exactly if what is around is, and the cells are those that any parser would find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PlainCell = tuple[str, str, str, str, str, str, str, str]
"""Address, style, type, tag and text of the formula, tag of the value, tag of its text (where it has one) and the text
itself, as they stand in the file."""

# No control characters but tab and line feed, which no parser changes; and no >, so that there is no ]]>.
_CHARACTERS = r"[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*+"
TEXT = rf"{_CHARACTERS}(?:&(?:amp|lt|gt|quot|apos);{_CHARACTERS})*+"
_SPACE = r'(?: xml:space="preserve")?+'


def _attributes(names: str, group: int) -> str:
    """Attributes of these names, none twice; few, since each looks ahead for another of its name. No = in a value."""
    value = r'[^<>&"=\x00-\x1f\ufffe\uffff]*+'
    return rf'(?: (?!xmlns=)({names})="{value}"(?![^<>]* \{group}=)){{0,15}}+'


_FORMULA = rf"<f{_attributes('[A-Za-z]{1,20}+', 3)}(?:/>|>{TEXT}</f>)"
_VALUE = rf"<v{_SPACE}(?:/>|>{TEXT}</v>)|<is><t{_SPACE}(?:/>|>{TEXT}</t>)</is>"
# Columns to ZZ and rows to 999,999 are within the grid of every sheet. \1 is the number of the row.
_CELL = (
    r'<c r="[A-Z]{1,2}+\1"(?: s="[0-9]{1,7}+")?+(?: t="[A-Za-z]{1,20}+")?+'
    rf"(?:/>|>(?:{_FORMULA})?+(?:{_VALUE})?+</c>)"
)
_ROW = (
    rf'<row r="([1-9][0-9]{{0,5}}+)"(?![^<>]* r=){_attributes("(?:x14ac:)?[A-Za-z]{1,20}+", 2)}'
    rf"(?:/>|>(?:{_CELL})*+</row>)"
)
_ROWS = re.compile(rf"(?:{_ROW})*+(?=</sheetData>)")
# Of cells that are known to be of the grammar above, those that hold anything.
_CONTENT = re.compile(r'<c r="([A-Z]++)([0-9]++)"[^>/]*+><[fvi]')
_CELL_BEGINS = "<c "
_ADDRESS = re.compile(r'r="([^"]++)"')
_FILLED = re.compile(
    r'r="([A-Z0-9]++)"(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+><(?=[fvi])'
    r"(?:(f[^>]*+>)(?:([^<]*+)</f>)?+<?)?+(?:(v|is)[^>]*+>(<t[^>]*+>)?+([^<]*+))?+"
)
_HIDDEN = re.compile(r'<row r="([0-9]++)"[^>]* hidden="(?:1|true)"')
_LOW_HEIGHT = re.compile(r' ht="[-+0-2.]')
_HEIGHT = re.compile(r'<row r="([0-9]++)"[^>]* ht="([^"]*+)"')
_UNMEASURED = re.compile(r'<row r="([0-9]++)"(?![^>]* ht=")')
_BEGIN = "<sheetData>"
DECLARATION = re.compile(
    r"""<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?(?: standalone=["'](?:yes|no)["'])?\?>"""
)
# What the cells might be hidden behind, and cells elsewhere.
_STRANGE = re.compile(r"<(?:[?!]|(?:[^<>/\s:]*:)?(?:row|c)[\s/>])")
_PREFIXED = re.compile(r"<row [^>]* x14ac:[A-Za-z]+=")
_ATTRIBUTE = re.compile(r' ([A-Za-z]+)="([^"]*)"')
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet whose cells are all plainly written. `rows`: their XML; `around`: the XML of the sheet without them."""

    rows: str
    around: bytes

    @property
    def errors(self) -> bool:
        """Whether any cell holds an error."""
        return ' t="e"' in self.rows

    def corner(self) -> str | None:
        """The address in the last row and column in which anything stands."""
        found = _CONTENT.findall(self.rows)
        if not found:
            return None
        columns, rows = (set(parts) for parts in zip(*found, strict=True))
        return f"{max(columns, key=lambda column: (len(column), column))}{max(map(int, rows))}"

    def hidden(self) -> list[int]:
        """The numbers of the rows that are not shown."""
        return [int(number) for number in _HIDDEN.findall(self.rows)] if ' hidden="' in self.rows else []

    def heights(self) -> list[tuple[str, str]]:
        """Number and height of the rows that state one, where any of them may be low."""
        return _HEIGHT.findall(self.rows) if _LOW_HEIGHT.search(self.rows) else []

    def unmeasured(self) -> list[int]:
        """The numbers of the rows that state no height."""
        return [int(number) for number in _UNMEASURED.findall(self.rows)]

    def pieces(self) -> list[str]:
        """The XML of each cell behind the beginning of its tag, with what follows up to the next cell."""
        return self.rows.split(_CELL_BEGINS)[1:]


def address_in(piece: str) -> str:
    """The address of a cell."""
    found = _ADDRESS.match(piece)
    assert found is not None
    return found[1]


def cell_in(piece: str) -> PlainCell | None:
    """A cell in which anything stands; None where nothing does."""
    found = _FILLED.match(piece)
    return None if found is None else found.groups("")  # type: ignore[return-value]


def plain_sheet(xml: bytes) -> PlainSheet | None:
    """The sheet taken apart; None where its cells, or what is around them, are not plainly written."""
    if len(xml) > _LARGEST:
        return None
    try:
        text = xml.decode()
    except UnicodeDecodeError:
        return None
    first = text.find(_BEGIN) + len(_BEGIN)
    found = _ROWS.match(text, first) if first >= len(_BEGIN) else None
    if found is None:
        return None
    declared = DECLARATION.match(text)
    if _STRANGE.search(text, declared.end() if declared else 0, first) or _STRANGE.search(text, found.end()):
        return None
    rows = text[first : found.end()]
    # The one prefix that may stand in rows must be declared, which is for the parser to say.
    prefixed = '<x x14ac:x=""/>' if _PREFIXED.search(rows) else ""
    return PlainSheet(rows, f"{text[:first]}{prefixed}{text[found.end() :]}".encode())


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a formula's tag."""
    return dict(_ATTRIBUTE.findall(tag)) if " " in tag else {}


def unescaped(text: str) -> str:
    """Text with its references resolved; &amp; comes last, so that none is resolved twice."""
    if "&" in text:
        for reference, character in _REFERENCES.items():
            text = text.replace(reference, character)
    return text
