"""What calamine does not tell about an .xlsx: errors, uncalculated formulas, formats, merges, extent.

One pass over each sheet's XML. Element names are taken without their namespace, so transitional and
strict files read alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from gouji.ingest.figures.quotients import quotient
from gouji.ingest.figures.recomputed import Expression, is_plain
from gouji.ingest.files.cell_areas import Area, Position, cell_area, cell_position, outside
from gouji.ingest.files.cell_contents import Contents, Formula, check_number_of_text, contents_of
from gouji.ingest.files.plain import PlainCell, PlainSheet, address_in, attributes, cell_in, plain_sheet, unescaped
from gouji.ingest.files.plain_cells import (
    LONGEST_KNOWN,
    Told,
    ToldCell,
    bare_cell,
    extent_is_plain,
    known_cells,
    stated_twice,
    told_cell,
    value_of,
    values_alone,
    values_of,
)
from gouji.ingest.files.same_parts import once_per_part
from gouji.ingest.files.sheet_scan import SheetScan
from gouji.ingest.files.sight import LEAST_HEIGHT, LEAST_WIDTH
from gouji.ingest.files.styles import Look, Looks
from gouji.ingest.files.xml import Element, check_ignored, elements, local, namespace
from gouji.ingest.grid import Kind
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused, malformed

# The errors that calamine reads past; at any other it gives up the sheet.
KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
# An array formula marks the blank cells of its area too; an absurd area marks only its first cell.
_LARGEST_ARRAY = 10_000
# A column is no wider in Excel; and a form has fewer columns, though one <col> may name all 16,384.
_WIDEST = 256
_WIDTHS_KEPT = 256
_PLACES_KEPT = 10_000
# What is said around the cells is kept for a while up to this size.
_ORDINARY = 32 * 1024
# Comments, CDATA, instructions and character references, of which calamine loses what is in them or behind them.
_MISREAD = (b"<!", b"&#")
_DECLARED = len(b"\xef\xbb\xbf<?")
"""Bytes within which the declaration begins; an instruction stands behind them."""
_TWICE, _ELSEWHERE = "同一个单元格写了不止一次", "单元格地址与所在的行不一致"
"""What stands in a cell of which programs read different things."""
_MOST_IN_DISORDER = 1_000_000
_TRUE, _FALSE = {"1", "true"}, {"0", "false"}
_OF_THE_TABLE = frozenset({"sheetData", "row", "c"})
_IN_A_CELL = frozenset({"v", "f", "is"})
_OF_ONE_CELL = frozenset({"normal", "shared"})
_NO_MORE_THAN_A_RESULT = frozenset({"", "n", "str"})
"""Types of cells whose result says nothing but a figure or a text."""
_TAG_ALONE = "f>"
"""The tag of a formula that says nothing of other cells."""
_VIEWS = ("sheetView", "sheetFormatPr")


def scan_sheet(
    xml: bytes, looks: Sequence[Look], limits: Limits | None = None, *, only_extent: bool = False
) -> SheetScan:
    """Scan one sheet's XML; `looks` are those of the workbook's cell styles.

    `only_extent`: the marks of cells are not needed, and are left out where that saves time (`told`). Raises Refused:
    文件损坏 (not well formed), 地址越界 (a cell outside the Excel grid).
    """
    own = looks if isinstance(looks, Looks) else Looks(looks)
    return _scanned(xml, own, limits or Limits(), only_extent).copy()


@once_per_part(64)
def _scanned(xml: bytes, looks: Looks, limits: Limits, only_extent: bool) -> SheetScan:
    return _Scanner(looks, limits, only_extent).run(xml)


class _Scanner:
    """The running state of one sheet's scan: where the next cell stands when it does not say so."""

    def __init__(self, looks: Looks, limits: Limits, only_extent: bool) -> None:
        self._looks, self._limits, self._only_extent = looks, limits, only_extent
        self._scan = SheetScan()
        self._begun: Element | None = None
        self._row, self._column = -1, 0
        self._filled: set[Position] = set()
        self._arrays: list[tuple[Area, str]] = []
        self._shared: dict[str, tuple[Position, str]] = {}
        self._sheet_data = 0
        self._own: str | None = None
        self._said_row: int | None = None
        self._last, self._in_order = (-1, -1), True

    def run(self, xml: bytes) -> SheetScan:
        plain = plain_sheet(xml)
        if plain is None:
            self._parse(xml)
            self._scan.strange |= any(sign in xml for sign in _MISREAD) or b"<?" in xml[_DECLARED:]
            if not self._in_order:
                self._mark_repeated(xml)
        else:
            self._take(plain.around)
            self._plain_cells(plain)
            if not extent_is_plain(plain.around):
                self._scan.values = None
        self._mark_arrays()
        return self._scan

    def _take(self, around: bytes) -> None:
        """What is said around the cells, often in the very words of another return."""
        if len(around) > _ORDINARY:
            self._parse(around)
            return
        said = _said(around, self._limits)
        self._scan.merges += said.merges
        self._scan.widths |= said.widths
        self._scan.validated += said.validated
        self._scan.hidden_columns |= said.hidden_columns
        self._scan.blank_zeros, self._scan.collapsed = said.blank_zeros, said.collapsed

    def _parse(self, xml: bytes) -> None:
        for element in elements(xml, "sheetData", "row", "c", "mergeCell", "col", "dataValidation", *_VIEWS):
            name = local(element.tag)
            if not self._is_own(element):
                continue
            if name == "c":
                self._begin_row(element.getparent())
                self._cell(element)
            elif name == "row":
                self._begin_row(element)
            elif name == "sheetData":
                self._sheet_data += 1
                if self._sheet_data > 1:
                    raise malformed()  # one reader takes the first, another both
            elif name == "col":
                self._widths(element)
            elif name == "dataValidation":
                self._validated(element)
            elif name in _VIEWS:
                self._view(element)
            elif element.get("ref"):
                self._scan.merges.append(cell_area(element.get("ref", ""), self._limits))

    def _is_own(self, element: Element) -> bool:
        """Whether an element is in the namespace of the sheet; foreign ones are nothing, where the file says so.

        Raises Refused (无法读取) for one of the table that is not said to be, for programs differ on it.
        """
        if self._own is None:
            self._own = namespace(element.getroottree().getroot())
        if namespace(element) == self._own:
            return True
        if local(element.tag) in _OF_THE_TABLE:
            self._scan.strange = True
            check_ignored(element)
        return False

    def _plain_cells(self, plain: PlainSheet) -> None:
        low = (int(row) for row, height in plain.heights() if _below(height, LEAST_HEIGHT))
        unmeasured = plain.unmeasured() if self._scan.collapsed else ()
        self._scan.hidden_rows |= {row - 1 for row in (*plain.hidden(), *low, *unmeasured)}
        if self._only_extent and not plain.errors:
            self._scan.told = False
            corner = plain.corner()
            if corner is not None:
                self._reach(cell_position(corner, self._limits))
            self._scan.values = values_alone(plain, self._looks, self._limits)
            return
        cells = self._told(plain)
        repeated = stated_twice(cells)
        self._scan.values = None if repeated else values_of(cells)
        for cell in cells:
            if cell.position is not None and cell.address in repeated:
                self._unreadable(cell.position, _TWICE)

    def _told(self, plain: PlainSheet) -> list[ToldCell]:
        """All cells, what is said of them taken up."""
        known = known_cells(self._looks, self._limits)
        cells = [known.get(piece) or self._learnt(piece, known) for piece in plain.pieces()]
        mark = self._scan.mark
        for _, position, _, marks in cells:
            if marks is not None and position is not None:
                mark(position, marks)
        filled = [cell.position for cell in cells if cell.position is not None]
        if self._arrays:
            self._filled.update(filled)
        if filled:
            rows, columns = zip(*filled, strict=True)
            self._scan.bottom = max(self._scan.bottom, max(rows) + 1)
            self._scan.right = max(self._scan.right, max(columns) + 1)
        return cells

    def _learnt(self, piece: str, known: Told) -> ToldCell:
        """A cell that is not known yet; it is from now on, if nothing of it depends on other cells."""
        cell = cell_in(piece)
        if cell is None:
            told = ToldCell(address_in(piece))
        else:
            position, tag = cell_position(cell[0], self._limits), cell[3]
            if tag and tag != _TAG_ALONE:
                self._plain_cell(position, cell)
                return ToldCell(cell[0], position, value_of(cell, self._looks))
            if tag and cell[2] in _NO_MORE_THAN_A_RESULT:
                told = self._computed(cell, position, known)
            elif tag or cell[2] == "e":
                told = self._alone(cell, position)
            else:
                told = bare_cell(cell, position, self._looks)
        if len(piece) <= LONGEST_KNOWN:
            known[piece] = told
        return told

    def _alone(self, cell: PlainCell, position: Position) -> ToldCell:
        alone = _Scanner(self._looks, self._limits, only_extent=False)
        alone._plain_cell(position, cell)
        return told_cell(cell, position, alone._scan, self._looks)

    def _computed(self, cell: PlainCell, position: Position, known: Told) -> ToldCell:
        """A cell with a formula of its own: what is said of it is the same for every result, but for whether the result
        is seen, so that it is worked out once per formula."""
        address, style, kind, _, text, holds, _, value = cell
        key = "\n".join((style, kind, holds, "1" if value else "", text))
        like = known.get(key)
        if like is None:
            like = self._alone(cell, position)
            if len(key) <= LONGEST_KNOWN:
                known[key] = like
        marks = like.marks
        if marks is not None and marks.special is None:
            number = unescaped(value) if kind != "str" and holds == "v" else None
            marks = marks._replace(unseen=self._looks.conceal(style, number))
        return ToldCell(address, position, value_of(cell, self._looks), marks)

    def _plain_cell(self, position: Position, cell: PlainCell) -> None:
        _, style, kind, tag, text, holds, _, value = cell
        if kind == "s":
            check_number_of_text(value)
            self._reach(position)
            self._look(position, style, None)
        else:
            formula = Formula(unescaped(text), attributes(tag)) if tag else None
            stated = unescaped(value) if holds == "v" else None
            self._judge(position, kind or "n", style, Contents(stated, formula, holds == "is"))

    def _begin_row(self, row: Element | None) -> None:
        """A row begins with its first cell or, in a sheet that is not parsed in pieces, before it."""
        if row is self._begun:
            return
        if row is None or local(row.tag) != "row" or not self._is_own(row):
            raise malformed()  # the reader would take a cell wherever it stands
        holder = row.getparent()
        if holder is not None and (local(holder.tag) != "sheetData" or not self._is_own(holder)):
            raise malformed()  # programs choose among alternatives each in its own way
        self._begun = row
        said = row.get("r", "")
        known = said.isascii() and said.isdecimal() and len(said) < 8
        self._row = int(said) - 1 if known else self._row + 1
        self._said_row = self._row if known else None
        self._column = 0
        height = row.get("ht")
        low = self._scan.collapsed if height is None else _below(height, LEAST_HEIGHT)
        if low or row.get("hidden") in _TRUE:
            self._scan.hidden_rows.add(self._row)

    def _position(self, cell: Element) -> Position:
        address = cell.get("r")
        if address is not None:
            position = cell_position(address, self._limits)
        else:
            position = self._row, self._column
            if not (0 <= self._row < self._limits.grid_rows and self._column < self._limits.grid_columns):
                raise outside("")
        self._column = position[1] + 1
        self._in_order &= position > self._last
        self._last = position
        return position

    def _cell(self, cell: Element) -> None:
        position = self._position(cell)
        if not len(cell):
            return
        kind = cell.get("t", "n")
        contents = contents_of(cell, self._own or "")
        self._check_children(cell)
        odd = contents.odd or (_ELSEWHERE if self._said_row not in (None, position[0]) else "")
        if odd:
            self._reach(position)
            self._unreadable(position, odd)
        elif kind == "s":  # text by number: most cells of a form, and never anything special
            check_number_of_text(contents.value or "")
            self._reach(position)
            self._look(position, cell.get("s"), None)
        else:
            self._judge(position, kind, cell.get("s"), contents)

    def _check_children(self, cell: Element) -> None:
        """What else there is in a cell is taken out for the reader. Raises Refused where programs differ on it."""
        for child in cell:
            stranger = namespace(child) != self._own
            if stranger:
                check_ignored(child)
            self._scan.strange |= stranger or local(child.tag) not in _IN_A_CELL

    def _unreadable(self, position: Position, what: str) -> None:
        self._scan.special[position] = (Kind.UNKNOWN, what)

    def _judge(self, position: Position, kind: str, style: str | None, contents: Contents) -> None:
        value, formula, inline, _ = contents
        if not (value or inline or formula is not None or kind == "e"):
            return
        self._reach(position)
        if formula is not None:
            self._scan.formulas.add(position)
        if kind == "e":
            self._error(position, (value or "").strip())
        elif formula is not None and not (value or inline or (kind == "str" and value is not None)):
            # Text formulas that yield "" are stored with an empty value; the others have no value yet.
            self._uncalculated(position, formula)
        elif kind == "n":
            self._format(position, style)
            self._look(position, style, value)
        else:
            self._look(position, style, None)
        if formula is not None and formula.text and formula.said.get("t") == "shared":
            self._shared.setdefault(formula.said.get("si", ""), (position, formula.text))
        if formula is not None and kind != "e" and position not in self._scan.special:
            self._expression(position, formula)
        if formula is not None and kind == "n":
            self._quotient(position, formula)

    def _formula_text(self, position: Position, formula: Formula) -> Expression:
        """A formula as it is written, here or in the cell with which this one shares it."""
        if formula.text:
            return Expression(formula.text)
        (row, column), text = self._shared.get(formula.said.get("si", ""), (position, ""))
        return Expression(text, position[0] - row, position[1] - column)

    def _expression(self, position: Position, formula: Formula) -> None:
        expression = self._formula_text(position, formula)
        if expression.text and formula.said.get("t", "normal") in _OF_ONE_CELL and is_plain(expression.text):
            self._scan.expressions[position] = expression

    def _quotient(self, position: Position, formula: Formula) -> None:
        told = quotient(self._formula_text(position, formula).text)
        if told is not None:
            self._scan.quotients[position] = told

    def _reach(self, position: Position) -> None:
        scan = self._scan
        if position[0] >= scan.bottom:
            scan.bottom = position[0] + 1
        if position[1] >= scan.right:
            scan.right = position[1] + 1
        if self._arrays:
            self._filled.add(position)

    def _error(self, position: Position, text: str) -> None:
        self._scan.special[position] = (Kind.ERROR, text or "#N/A")
        self._scan.strange |= text not in KNOWN_ERRORS

    def _uncalculated(self, position: Position, formula: Formula) -> None:
        text = self._formula_text(position, formula).text
        self._scan.special[position] = (Kind.UNCALCULATED, f"={text}")
        reference = formula.said.get("ref")
        if formula.said.get("t") in {"array", "dataTable"} and reference:
            self._arrays.append((cell_area(reference, self._limits), text))

    def _format(self, position: Position, style: str | None) -> None:
        if code := self._looks.code(style):
            self._scan.formats[position] = code

    def _look(self, position: Position, style: str | None, value: str | None) -> None:
        """Whether people see what stands there: the number `value`, or a text."""
        if self._looks.conceal(style, value):
            self._scan.unseen.add(position)

    def _view(self, element: Element) -> None:
        """What is said of rows, columns and zeros that say nothing themselves."""
        scan = self._scan
        scan.blank_zeros |= element.get("showZeros") in _FALSE
        if local(element.tag) == "sheetFormatPr":
            scan.collapsed |= element.get("zeroHeight") in _TRUE
            if _below(element.get("defaultColWidth"), LEAST_WIDTH):
                scan.hidden_columns |= set(range(_WIDTHS_KEPT))

    def _validated(self, rule: Element) -> None:
        """Where an entry rule stands; an unreadable place is left out, for nothing but a hint depends on it."""
        for reference in rule.get("sqref", "").split()[:_PLACES_KEPT]:
            try:
                self._scan.validated.append(cell_area(reference, self._limits))
            except Refused:
                continue

    def _widths(self, col: Element) -> None:
        """What is said of a stretch of columns; an unreadable width is left out, for nothing depends on it."""
        try:
            first, last = int(col.get("min", "")), int(col.get("max", ""))
            width = float(col.get("width", "0"))
        except ValueError:
            return
        columns = range(max(first - 1, 0), min(last, _WIDTHS_KEPT))
        if 0 < width < _WIDEST:
            self._scan.widths.update(dict.fromkeys(columns, width))
        self._scan.hidden_columns.difference_update(columns)
        if col.get("hidden") in _TRUE or _below(col.get("width"), LEAST_WIDTH):
            self._scan.hidden_columns.update(columns)

    def _mark_repeated(self, xml: bytes) -> None:
        """Cells that are not in order may be there twice, of which programs take one or the other."""
        places = _Scanner(Looks(), self._limits, only_extent=True)
        seen: set[Position] = set()
        filled: set[Position] = set()
        repeated: set[Position] = set()
        for element in elements(xml, "c"):
            if not places._is_own(element):
                continue
            places._begin_row(element.getparent())
            position = places._position(element)
            (repeated if position in seen else seen).add(position)
            if len(element):
                filled.add(position)
            if len(seen) > _MOST_IN_DISORDER:
                raise _unreadable_order()
        for position in sorted(repeated & filled):
            self._unreadable(position, _TWICE)

    def _mark_arrays(self) -> None:
        """Only the first cell of an array holds the formula; the others are uncalculated with it."""
        room = _LARGEST_ARRAY
        for (top, left, bottom, right), text in self._arrays:
            room -= (bottom - top + 1) * (right - left + 1)
            if room < 0:
                return
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (row, column) not in self._filled:
                        self._scan.special.setdefault((row, column), (Kind.UNCALCULATED, f"={text}"))
                        self._reach((row, column))


def _unreadable_order() -> Refused:
    return Refused("无法读取", "文件里单元格的次序混乱，无法读取，请用 Excel 或 WPS 打开、另存后再报送。")


def _below(said: str | None, least: float) -> bool:
    """Whether a stated measure is less; one that is none says nothing."""
    try:
        return said is not None and float(said) < least
    except ValueError:
        return False


@lru_cache(maxsize=128)
def _said(around: bytes, limits: Limits) -> SheetScan:
    """Merges, widths and entry rules, not to be changed. Returns of one template and program agree in them."""
    scanner = _Scanner(Looks(), limits, only_extent=True)
    scanner._parse(around)
    return scanner._scan
