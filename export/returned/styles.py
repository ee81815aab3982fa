"""The styles of a returned workbook, added to and never renumbered: a marked cell keeps its format, but its colour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

from gouji.export.returned.package import MAIN, CannotMark, Package, parsed
from gouji.ingest.files.styles import BUILT_IN
from gouji.ingest.files.xml import Element, local

COLOURS = {"强制性": "FFF8B4AE", "核实性": "FFFBD08F", "提示": "FFBDD7EE"}
"""Severity → colour of its marks (ARGB); none is yellow, as the cells are that units fill in. Their last digits say
 what the cell looked like before (`_Fills`)."""

_MOST_STYLES = 64_000
_FIRST_OWN = 164
"""Numbers of number formats from which on they are a file's own."""
_SHADES = 64
"""Former looks that are told apart by the colour, for each severity; the cells of any more become blank."""
_PLAIN = '<patternFill patternType="none"/>'
_FILL_WORDS = {"patternFill", "gradientFill", "fgColor", "bgColor", "stop", "color"}
_MOST_WORDS = 20
_VALUE = re.compile(r"[A-Za-z0-9.+\-]{0,40}")


class Styles:
    """The part `xl/styles.xml`. Raises CannotMark when there is none that can be added to."""

    def __init__(self, package: Package) -> None:
        part = package.related(package.workbook, "styles")
        if part is None:
            raise CannotMark("文件没有样式表")
        self._root = package.tree(part)
        self._cells = self._list("cellXfs")
        self._fills = self._list("fills")
        if not len(self._cells) or not len(self._fills):
            raise CannotMark("文件的样式表不完整")
        self._marked: dict[tuple[int, str], int] = {}
        self._formatted: dict[tuple[int, str], int] = {}
        self._added: dict[bytes, int] = {}
        self._used = {str(colour.get("rgb", "")).upper() for colour in self._root.iter(f"{{{MAIN}}}fgColor")}
        self.former: dict[str, str] = {}

    def marked(self, style: int, severity: str) -> int:
        """The style that differs from `style` in its colour only."""
        key = (style, severity)
        if key not in self._marked:
            cell = deepcopy(self._cells[style if style < len(self._cells) else 0])
            former = self._fill(_number(cell.get("fillId")))
            colour = self._colour(severity, former)
            fill = f'<patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill>'
            cell.set("fillId", str(self.add("fills", f"<fill>{fill}</fill>")))
            cell.set("applyFill", "1")
            self._marked[key] = self._append(self._cells, cell)
        return self._marked[key]

    def formatted(self, style: int, code: str) -> int:
        """The style that differs from `style` in its number format only."""
        key = (style, code)
        if key not in self._formatted:
            cell = deepcopy(self._cells[style if style < len(self._cells) else 0])
            cell.set("numFmtId", str(self._number_format(code)))
            cell.set("applyNumberFormat", "1")
            self._formatted[key] = self._append(self._cells, cell)
        return self._formatted[key]

    def _number_format(self, code: str) -> int:
        """The number of a number format: a built-in one, one that the file has, or a new one."""
        if code == "General":
            return 0
        built_in = next((number for number, built_in_code in BUILT_IN.items() if built_in_code == code), None)
        if built_in is not None:
            return built_in
        group = self._root.find(f"{{{MAIN}}}numFmts")
        if group is None:
            group = etree.Element(f"{{{MAIN}}}numFmts")
            self._root.insert(0, group)
        formats = [(_number(element.get("numFmtId")), element.get("formatCode")) for element in group]
        number = next((number for number, known_code in formats if known_code == code), None)
        if number is None:
            number = max([_FIRST_OWN, *(number + 1 for number, _ in formats)])
            self._append(group, etree.Element(f"{{{MAIN}}}numFmt", numFmtId=str(number), formatCode=code))
        return number

    def restore(self, fills: Mapping[str, str]) -> None:
        """Give every cell in one of these colours the fill back that it had before it was marked."""
        ours = {number: former for number in range(len(self._fills)) if (former := fills.get(self._shown(number)))}
        for cell in self._cells:
            former = ours.get(_number(cell.get("fillId")))
            if former is not None:
                cell.set("fillId", str(self.add("fills", f"<fill>{_trusted(former)}</fill>")))
        # Left where they are, lest numbers change; but nobody may take them for marks again.
        for number in ours:
            self._fills[number][:] = [parsed(_in_main(_PLAIN))]
        self._used = {str(colour.get("rgb", "")).upper() for colour in self._root.iter(f"{{{MAIN}}}fgColor")}

    def add(self, group: str, xml: str) -> int:
        """A font, fill, border or cell style of our own making; returns its number. Equal ones are added once."""
        element = parsed(_in_main(xml))
        key = group.encode() + etree.tostring(element)
        if key not in self._added:
            self._added[key] = self._append(self._list(group), element)
        return self._added[key]

    def _colour(self, severity: str, former: str) -> str:
        """The severity's colour in the shade that stands for this former fill."""
        base = int(COLOURS[severity], 16)
        for shade in range(_SHADES):
            # The lowest bits of green and blue: nobody sees them, and every program keeps them.
            colour = f"{base ^ (shade & 7) ^ ((shade >> 3) << 8):08X}"
            if self.former.get(colour) == former:
                return colour
            if colour not in self._used and colour not in self.former:
                self.former[colour] = former
                return colour
        raise CannotMark("文件里的底色过多")

    def _fill(self, number: int) -> str:
        """What stands in a fill, as XML that is trusted."""
        if number >= len(self._fills) or not len(self._fills[number]):
            return _PLAIN
        return _written(self._fills[number][0])

    def _shown(self, number: int) -> str:
        colours = [colour.get("rgb", "") for colour in self._fills[number].iter(f"{{{MAIN}}}fgColor")]
        return colours[0].upper() if len(colours) == 1 else ""

    def _list(self, name: str) -> Element:
        element = self._root.find(f"{{{MAIN}}}{name}")
        if element is None:
            raise CannotMark("文件的样式表不完整")
        return element

    def _append(self, group: Element, element: Element) -> int:
        if len(group) >= _MOST_STYLES:
            raise CannotMark("文件的单元格格式过多")
        group.append(element)
        group.set("count", str(len(group)))
        return len(group) - 1


def _trusted(xml: str) -> str:
    """A fill that came in a record from outside, as far as it is one."""
    try:
        return _written(parsed(_in_main(xml)))
    except CannotMark:
        return _PLAIN


def _written(fill: Element) -> str:
    """A fill with the words of the format only; anything else is no fill."""
    words = [*fill.iter()]
    words_allowed = len(words) <= _MOST_WORDS and all(local(element.tag) in _FILL_WORDS for element in words)
    values_allowed = all(
        _VALUE.fullmatch(str(value)) and str(key).isalnum() for element in words for key, value in element.items()
    )
    if not (words_allowed and values_allowed and local(fill.tag) in {"patternFill", "gradientFill"}):
        return _PLAIN
    return _as_text(fill)


def _as_text(element: Element) -> str:
    attributes = "".join(f' {key!s}="{value!s}"' for key, value in element.items())
    inner = "".join(_as_text(child) for child in element)
    name = local(element.tag)
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


def _in_main(xml: str) -> bytes:
    name = re.match(r"<\w+", xml)
    if name is None:
        raise CannotMark("样式记录不合规范")
    return f'{name[0]} xmlns="{MAIN}"{xml[name.end() :]}'.encode()


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else 0
