"""What an .ods says beside its values.

Errors, formulas and whether they have a value, number formats; rows and columns that are collapsed, filtered or flat,
and cells that are hidden by their format or colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gouji.ingest.figures.recomputed import LONGEST, Expression
from gouji.ingest.files.colours import BLACK, WHITE, Colour, parsed
from gouji.ingest.files.sight import LEAST_HEIGHT, LEAST_WIDTH, Sight
from gouji.ingest.files.styles import GENERAL, Look
from gouji.ingest.files.xml import Element, local, tree
from gouji.ingest.grid import Kind
from gouji.ingest.refusal import Refused

_MOST = 10_000
"""Rows and columns up to which repeats are multiplied out; those of a form are far fewer."""
_LENGTH = re.compile(r"([0-9.]{1,20})(cm|mm|in|pt|px)")
_POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pt": 1.0, "px": 0.75}
_POINTS_OF_A_CHARACTER = 5.25
_DATA_STYLES = frozenset(
    "number-style currency-style percentage-style date-style time-style boolean-style text-style".split()
)
_CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?[0-9.]{1,20})")
_USUAL = ([">=0"], [">0", "<0"])
"""Conditions that are those of a format's sections anyway."""
_LARGEST = 12 * 1024 * 1024
"""Content beyond which nothing is looked for: it would stand in memory as a whole, and no return is as large."""
_NUMBERS = frozenset({"float", "percentage", "currency"})
_VALUES = {**dict.fromkeys(_NUMBERS, "value"), "date": "date-value", "time": "time-value", "boolean": "boolean-value"}
"""The attribute in which a cell of some type holds its value."""
_REFERENCE = re.compile(r"\[\.(\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::\.(\$?[A-Z]{1,3}\$?[0-9]{1,7}))?\]")
_OTHERWISE = re.compile(r"[\[\]'\",]")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|(?:Err|错误)[:：]\d{3}")


@dataclass(slots=True)
class _Styles:
    """The named styles of both parts: their elements by family and name, data styles by name."""

    by_name: dict[tuple[str, str], Element] = field(default_factory=dict)
    formats: dict[str, Element] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    looks: dict[str, Look] = field(default_factory=dict)

    def add(self, root: Element) -> None:
        for element in root.iter("{*}style", *(f"{{*}}{name}" for name in _DATA_STYLES)):
            name = _said(element, "name")
            if local(element.tag) == "style":
                self.by_name[_said(element, "family"), name] = element
            else:
                self.formats[name] = element

    def length(self, family: str, name: str, wanted: str) -> float | None:
        """A height or width in points."""
        found = _LENGTH.fullmatch(self._property(family, name, wanted))
        try:
            return float(found[1]) * _POINTS[found[2]] if found is not None else None
        except ValueError:
            return None

    def look(self, name: str) -> Look:
        """The look of a cell style."""
        if name not in self.looks:
            ink, paper = (self._property("table-cell", name, one) for one in ("color", "background-color"))
            code = self._code(self._property("table-cell", name, "data-style-name"))
            self.looks[name] = Look(code, _colour(ink, BLACK), _colour(paper, WHITE))
        return self.looks[name]

    def _property(self, family: str, name: str, wanted: str) -> str:
        """An attribute of a style or of its properties, its own or that of the style above it."""
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            style = self.by_name.get((family, name))
            if style is None:
                return ""
            for part in (style, *style):
                said = _said(part, wanted)
                if said:
                    return said
            name = _said(style, "parent-style-name")
        return ""

    def _code(self, name: str) -> str:
        """A data style as a number format code; each of its conditions is a section of its own."""
        if name not in self.codes:
            style = self.formats.get(name)
            mapped = [] if style is None else list(self._mapped(style))
            usual = [condition for condition, _ in mapped] in _USUAL
            parts = [section if usual else f"[{condition}]{section}" for condition, section in mapped]
            self.codes[name] = "" if style is None else ";".join([*parts, _section(style)])
        return self.codes[name]

    def _mapped(self, style: Element) -> Iterator[tuple[str, str]]:
        """The conditions of a data style, each with the section that it leads to."""
        for part in style:
            found = _CONDITION.fullmatch(_said(part, "condition")) if local(part.tag) == "map" else None
            target = self.formats.get(_said(part, "apply-style-name"))
            if found is not None and target is not None:
                yield f"{found[1].replace('!=', '<>')}{found[2]}", _section(target)


def ods_sights(content: bytes, styles: bytes | None) -> list[Sight]:
    """One per table of the spreadsheet, in order."""
    if len(content) + len(styles or b"") > _LARGEST:
        return []
    named = _Styles()
    if styles is not None:
        try:
            named.add(tree(styles))
        except Refused:
            named = _Styles()  # the reader does not need them
    root = tree(content)
    named.add(root)
    body = next(root.iter("{*}spreadsheet"), None)
    return [] if body is None else [_sight(table, named) for table in body if local(table.tag) == "table"]


def _sight(table: Element, styles: _Styles) -> Sight:
    sight = Sight()
    defaults: list[str] = []
    for column in table.iter("{*}table-column"):
        repeat = _repeat(column, "number-columns-repeated")
        width = styles.length("table-column", _said(column, "style-name"), "column-width")
        first = len(defaults)
        defaults += [_said(column, "default-cell-style-name")] * min(repeat, _MOST - first)
        if _is_gone(column) or (width is not None and width < LEAST_WIDTH * _POINTS_OF_A_CHARACTER):
            sight.hidden_columns |= set(range(first, len(defaults)))
    at = 0
    for row in table.iter("{*}table-row"):
        repeat = _repeat(row, "number-rows-repeated")
        height = styles.length("table-row", _said(row, "style-name"), "row-height")
        rows = range(at, min(at + repeat, at + _MOST))
        if _is_gone(row) or (height is not None and height < LEAST_HEIGHT):
            sight.hidden_rows |= set(rows)
        _cells(sight, row, rows, styles, defaults)
        at += repeat
    return sight


def _cells(sight: Sight, row: Element, rows: range, styles: _Styles, defaults: list[str]) -> None:
    column = 0
    for cell in row:
        repeat = _repeat(cell, "number-columns-repeated")
        said = {local(name): str(value) for name, value in cell.attrib.items()}
        if "value-type" in said or "formula" in said:
            name = said.get("style-name") or (defaults[column] if column < len(defaults) else "")
            _mark(sight, cell, said, styles.look(name or "Default"), (rows, range(column, column + repeat)))
        column += repeat


def _mark(sight: Sight, cell: Element, said: Mapping[str, str], look: Look, area: tuple[range, range]) -> None:
    """Mark the places of a cell that stands in an area of like ones."""
    special, number = _special(cell, said), None
    if said.get("value-type") in _NUMBERS:
        number = _number(said.get("value", ""))
    code = "" if look.code.lower() in GENERAL else look.code
    formula = "formula" in said
    if not (special or formula or (number is not None and code) or not look.plain):
        return
    rows, columns = area
    places = ((row, column) for row in rows for column in columns)
    for count, at in enumerate(places):
        if count >= _MOST:
            sight.told = False
            return
        if formula:
            sight.formulas.add(at)
            if count == 0 and number is not None and (text := _plainly(said["formula"])) is not None:
                sight.expressions[at] = Expression(text)
        if special is not None:
            sight.special[at] = special
            continue
        if number is not None and code:
            sight.formats[at] = code
        if not look.plain:
            sight.look(at, look, number)


def _plainly(formula: str) -> str | None:
    """A formula as it would be typed, if it refers to cells of the same sheet only: `of:=[.B5]+[.B6]` → `B5+B6`."""
    text = _REFERENCE.sub(lambda found: found[1] + (f":{found[2]}" if found[2] else ""), formula.partition("=")[2])
    return None if len(formula) > LONGEST or _OTHERWISE.search(text) else text.replace(";", ",")


def _special(cell: Element, said: Mapping[str, str]) -> tuple[Kind, str] | None:
    """Whether a cell holds an error, or has no value though it should.

    Programs write an error as a text of an own type (calcext), or as a number or a text of which something else is
    shown. The empty text is no value of any type to LibreOffice, but a paragraph without text.
    """
    kind = said.get("value-type", "")
    texts = ["".join(map(str, part.itertext())) for part in cell if local(part.tag) == "p"]
    shown = texts[0].strip() if len(texts) == 1 else ""
    if kind == "error" or (("formula" in said or kind in _NUMBERS) and _ERROR.fullmatch(shown)):
        return Kind.ERROR, shown or "#N/A"
    lacking = kind in _VALUES and not said.get(_VALUES[kind])
    if "formula" in said and (lacking or (not kind and (shown or not texts))):
        return Kind.UNCALCULATED, "=" + said["formula"].partition("=")[2]
    return (Kind.UNKNOWN, "没有值") if lacking else None


def _section(style: Element) -> str:
    """One data style as a section of a number format code, as far as it matters whether and what it shows."""
    code = ""
    for part in style:
        match local(part.tag):
            case "text":
                code += "".join(f'"{text}"' for text in (part.text or "").replace('"', "").splitlines() or [""] if text)
            case "number":
                code += _digits(part)
            case "text-content":
                code += "@"
            case "map" | "text-properties" | "properties":
                continue
            case _:
                code += "General"  # parts of dates, fractions, currency signs with their own rules: they show something
    if local(style.tag) == "percentage-style" and code:
        return code.replace('"%"', "%")
    return code


def _digits(part: Element) -> str:
    if not (_said(part, "decimal-places") or _said(part, "display-factor")):
        return "General"
    whole, decimals = _count(part, "min-integer-digits"), _count(part, "decimal-places")
    least = _count(part, "min-decimal-places") if _said(part, "min-decimal-places") else decimals
    digits = "0" * max(whole, 0) or "#"
    factor = _said(part, "display-factor").partition(".")[0]
    thousands = "," * ((len(factor) - 1) // 3) if factor.startswith("1") else ""
    return digits + (f".{'0' * least}{'#' * (decimals - least)}" if decimals else "") + thousands


def _count(element: Element, name: str) -> int:
    said = _said(element, name)
    return min(int(said), 30) if said.isdecimal() and len(said) < 4 else 0


def _is_gone(element: Element) -> bool:
    """Whether a row or column, or a group that it stands in, is not shown."""
    if _said(element, "visibility") in ("collapse", "filter"):
        return True
    return any(
        _said(group, "display") == "false"
        for group in element.iterancestors("{*}table-row-group", "{*}table-column-group")
    )


def _colour(said: str, automatic: Colour) -> Colour | None:
    return automatic if said in ("", "transparent") else parsed(said.removeprefix("#"))


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def _said(element: Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if local(key) == name), "")


def _repeat(element: Element, name: str) -> int:
    said = _said(element, name)
    return int(said) if said.isdecimal() and 0 < len(said) < 10 else 1
