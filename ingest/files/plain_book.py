"""The values of a workbook that is plainly written, without the reader: its texts, and the rows of its sheets."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache

from gouji.ingest.files.archive import Archive
from gouji.ingest.files.package import relations, relations_part
from gouji.ingest.files.plain import DECLARATION, TEXT, unescaped
from gouji.ingest.files.plain_cells import ESCAPE, LONGEST_KNOWN, SPACE
from gouji.ingest.files.sheet_scan import SheetScan

Rows = list[list[object]]

_TEXTS, _STYLES = ("sharedStrings", "xl/sharedStrings.xml"), ("styles", "xl/styles.xml")
"""What the workbook calls a part, and where the reader takes it from."""

_TABLE = re.compile(
    rf"(?:{DECLARATION.pattern}\s*+)?+"
    r'<sst(?: [A-Za-z:]++="[^<>&"]*+")*+>'
)
_END = "</sst>"
_PRONOUNCED = r'(?:<phoneticPr(?: [A-Za-z]++="[^<>&"]*+")*+/>)?+'
"""How Chinese programs end most texts; it says nothing."""
_ITEM = re.compile(rf'<si>(?:<t>({TEXT})</t>|<t xml:space="preserve">({TEXT})</t>|<t/>){_PRONOUNCED}')
_ITEM_END, _EMPTY, _EMPTY_ITEM = "</si>", "<si><t/>", "<si/>"


def alike(archive: Archive, workbook: str) -> Hashable | None:
    """What the reader's list of sheets depends on, its texts and cells apart; None where programs may take other parts
    for those that were admitted.
    """
    related = dict(relations(archive, workbook).values())
    # Where days are counted from 1904, only the reader does.
    if (
        not archive.orderly
        or b"date1904" in archive.read(workbook)
        or any(related.get(kind) != archive.find(usual) for kind, usual in (_TEXTS, _STYLES))
    ):
        return None
    said = ("[Content_Types].xml", relations_part(""), workbook, relations_part(workbook), _STYLES[1])
    return (*archive.names, *(archive.read(name) if name in archive.names else b"" for name in said))


def texts_of(archive: Archive) -> list[str] | None:
    """The texts that cells of a package name by number; None where only the reader can tell them."""
    part = archive.find(_TEXTS[1])
    return [] if part is None else plain_texts(archive.read(part))


def plain_texts(xml: bytes) -> list[str] | None:
    """The texts that cells name by number, as the reader tells them; None where they are not all plainly written."""
    try:
        text = xml.decode()
    except UnicodeDecodeError:
        return None
    begun = _TABLE.match(text)
    last = len(text.rstrip()) - len(_END)
    if begun is None or text.find(_END, begun.end()) != last or ESCAPE in text:
        return None
    *items, behind = text[begun.end() : last].replace(_EMPTY_ITEM, f"{_EMPTY}{_ITEM_END}").split(_ITEM_END)
    if behind:
        return None
    texts = [_item(item) if len(item) <= LONGEST_KNOWN else _item.__wrapped__(item) for item in items]
    return None if None in texts else texts  # type: ignore[return-value]


@lru_cache(maxsize=16384)
def _item(item: str) -> str | None:
    """The text of an item, without its end; None where it is not plainly written. Most are the form's own labels."""
    if (plain := _ITEM.fullmatch(item)) is None:
        return None
    # No reader keeps blanks at the ends that nothing says to keep.
    return unescaped((plain[1] or "").strip(SPACE) or plain[2] or "")


def plain_rows(scan: SheetScan, texts: Sequence[str]) -> Rows | None:
    """The values of a sheet from A1 to its last cell; None where only the reader can tell all of them."""
    if scan.values is None:
        return None
    rows: Rows = [[""] * scan.right for _ in range(scan.bottom)]
    for (row, column), value in scan.values:
        if type(value) is not int:
            rows[row][column] = value
        elif value < len(texts):
            rows[row][column] = texts[value]
        else:
            return None
    return rows
