"""The cells of plainly written sheets, each worked out once: workbooks of one template have most in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from gouji.ingest.files.cell_areas import Position, cell_position
from gouji.ingest.files.cell_contents import check_number_of_text
from gouji.ingest.files.plain import PlainCell, PlainSheet, address_in, cell_in, unescaped
from gouji.ingest.files.sheet_scan import UNSAID, Marks, SheetScan, Value
from gouji.ingest.files.styles import Looks
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused

_KINDS = frozenset({"", "n", "s", "str", "inlineStr", "b", "e"})
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_NO_DATE = re.compile(r"""[-#0.,%;()_+*"¥$@? ]*""")
"""Number formats without a letter, which show no date to any reader."""
_DATES = frozenset({"yyyy-mm-dd", "yyyy/m/d", "yyyy-m-d", "yyyy/mm/dd"})
_DAY_0, _FIRST_DAY, _LAST_DAY = date(1899, 12, 30), 61, 2_958_465
"""The days that all programs count alike, from March 1900 on."""
_EXTENT = re.compile(rb'<dimension ref="[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?"/>', re.ASCII)
_TRUTH = {"0": False, "1": True, "false": False, "true": True}
ESCAPE = "_x"
SPACE = " \t\n\r"
_PRESERVED = "<t "
_MOST = 12_000
_MOST_LOOKS = 4
LONGEST_KNOWN = 512
"""Characters of a cell that is kept; what is longer is no two units' own."""


class ToldCell(NamedTuple):
    """A cell: its address, where it stands (None: nothing stands in it), its value, what else is said of it."""

    address: str
    position: Position | None = None
    value: Value = None
    marks: Marks | None = None


Told = dict[str, ToldCell]
"""What is known of cells, by their XML."""


def known_cells(looks: Looks, limits: Limits, *, only_values: bool = False) -> Told:
    """What is known of cells under these styles and limits, to be added to. It is forgotten when it is too much."""
    key = (looks, limits, only_values)
    known = _known[key] = _known.pop(key, {})
    if len(_known) > _MOST_LOOKS:
        del _known[next(iter(_known))]
    if len(known) > _MOST:
        known.clear()
    return known


_known: dict[tuple[Looks, Limits, bool], Told] = {}


def extent_is_plain(around: bytes) -> bool:
    """Whether the reader, which looks at the extent that a sheet states of itself, takes no offence at it."""
    return around.count(b"dimension") == len(_EXTENT.findall(around)) <= 1


def told_cell(cell: PlainCell, position: Position, alone: SheetScan, looks: Looks) -> ToldCell:
    """A cell by a scan of nothing but this cell."""
    value = value_of(cell, looks)
    if alone.bottom:
        return ToldCell(cell[0], position, value, alone.marks(position))
    # A text of no signs: to the reader it is one, and nothing stands there.
    return ToldCell(cell[0], None, None if value is None else UNSAID)


def bare_cell(cell: PlainCell, position: Position, looks: Looks) -> ToldCell:
    """A cell without a formula or an error. Raises Refused for a text by a number that is none."""
    address, style, kind, _, _, holds, _, text = cell
    value = value_of(cell, looks)
    if kind == "s":
        check_number_of_text(text)
        unseen, code = looks.conceal(style, None), ""
    else:
        stated = unescaped(text) if holds == "v" else None
        if not (stated or holds == "is"):
            return ToldCell(address, None, None if value is None else UNSAID)
        number = kind in {"", "n"}
        unseen, code = looks.conceal(style, stated if number else None), looks.code(style) if number else ""
    marks = Marks(None, code or None, computed=False, quotient=None, expression=None, unseen=unseen, strange=False)
    return ToldCell(address, position, value, marks if code or unseen else None)


def values_alone(plain: PlainSheet, looks: Looks, limits: Limits) -> list[tuple[Position, Value]] | None:
    """The values of a sheet of which nothing else is asked; None where any of them is left to the reader."""
    known = known_cells(looks, limits, only_values=True)
    try:
        cells = [known.get(piece) or _valued(piece, known, looks, limits) for piece in plain.pieces()]
    except Refused:
        return None
    return None if stated_twice(cells) else values_of(cells)


def _valued(piece: str, known: Told, looks: Looks, limits: Limits) -> ToldCell:
    cell = cell_in(piece)
    if cell is None:
        told = ToldCell(address_in(piece))
    else:
        value = value_of(cell, looks)
        nothing = value == "" and not cell[3] and cell[2] == "str"
        told = ToldCell(cell[0], cell_position(cell[0], limits), UNSAID if nothing else value)
    if len(piece) <= LONGEST_KNOWN:
        known[piece] = told
    return told


def stated_twice(cells: Sequence[ToldCell]) -> set[str]:
    """The addresses that several cells have, of which programs take one or the other."""
    addresses = [cell.address for cell in cells]
    if len(set(addresses)) == len(addresses):
        return set()
    return {address for address, count in Counter(addresses).items() if count > 1}


def values_of(cells: Iterable[ToldCell]) -> list[tuple[Position, Value]] | None:
    """The values of cells with their places; None where any of them is left to the reader."""
    values: list[tuple[Position, Value]] = []
    for _, position, value, _ in cells:
        if value is UNSAID:
            return None
        if position is not None and value is not None:
            values.append((position, value))
    return values


def value_of(cell: PlainCell, looks: Looks) -> Value:
    """The value of a cell as the reader would tell it, where that is certain."""
    _, style, kind, _, _, holds, text_tag, text = cell
    if kind not in _KINDS or (holds == "is") is not (kind == "inlineStr" and holds != ""):
        return UNSAID
    if kind == "e" or not holds or (not text and kind not in {"str", "inlineStr"}):
        return None
    if kind in {"str", "inlineStr"}:
        return _text(text, trimmed=kind == "inlineStr" and not text_tag.startswith(_PRESERVED))
    if kind == "s":
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else UNSAID
    if kind == "b":
        return _TRUTH.get(text, UNSAID)
    return _number(text, looks.code(style)) if _NUMBER.fullmatch(text) else UNSAID


def _number(text: str, code: str) -> Value:
    number = float(text)
    if _NO_DATE.fullmatch(code):
        return number
    whole = number.is_integer() and _FIRST_DAY <= number <= _LAST_DAY
    return _DAY_0 + timedelta(number) if whole and code in _DATES else UNSAID


def _text(text: str, *, trimmed: bool) -> Value:
    if ESCAPE in text:
        return UNSAID
    return unescaped(text.strip(SPACE) if trimmed else text)
