"""How each cell style of an .xlsx shows what stands in a cell: its number format, ink and paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from gouji.ingest.files.colours import (
    BLACK,
    NAMED,
    WHITE,
    Colour,
    alike,
    numbered_as,
    palette,
    resolved,
    said_by,
    theme,
)
from gouji.ingest.files.format_sections import conceals, section_for
from gouji.ingest.files.xml import Element, elements, local

# The codes of the numbered formats that a file does not spell out (Chinese locale where it matters).
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy/m/d"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip

GENERAL = frozenset({"general", "g/通用格式"})

# Larger styles than this are not kept.
_ORDINARY = 64 * 1024
# A format that shows any figure as it is; most are.
_PLAIN = re.compile(r"|@|[#,]*0(?:\.0+)?%?")
_NUMBERED_COLOUR = re.compile(r"(?:color|颜色) *([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Look:
    """How cells of one style show their value.

    code: the number format, "" for General; ink, paper: the colours of font and fill, None where unknown (patterns,
    gradients); numbered: the colours that number formats may name by number.
    """

    code: str = ""
    ink: Colour | None = BLACK
    paper: Colour | None = WHITE
    numbered: tuple[Colour | None, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it shows every value as it is."""
        return _PLAIN.fullmatch(self.code) is not None and not alike(self.ink, self.paper)

    def conceals(self, number: float | None) -> bool:
        """Whether nobody sees the value (None: a text)."""
        return conceals(self.code, number) or alike(self._ink(number), self.paper)

    def _ink(self, number: float | None) -> Colour | None:
        """The colour of the section in force, else of the font."""
        shown = section_for(self.code, number)
        name = shown.colour.lower() if shown is not None else ""
        found = _NUMBERED_COLOUR.fullmatch(name)
        if found is not None and int(found[1]) + 7 < len(self.numbered):
            return self.numbered[int(found[1]) + 7]
        return NAMED.get(name, self.ink)


class Looks(tuple[Look, ...]):
    """Those of a workbook's cell styles, in order."""

    @cached_property
    def doubtful(self) -> dict[str, Look]:
        """Those that may not show a value as it is, by their number as cells write it; few workbooks have any."""
        return {str(number): look for number, look in enumerate(self) if not look.plain}

    def code(self, style: str | None) -> str:
        """The number format of cells that name a style so; "" for General, and for a style that there is not."""
        number = int(style) if style and style.isdecimal() and len(style) < 8 else 0
        return self[number].code if number < len(self) else ""

    def conceal(self, style: str | None, value: str | None) -> bool:
        """Whether nobody sees what stands in such a cell: the number `value`, or a text (None)."""
        look = self.doubtful.get(style or "0")
        if look is None:
            return False
        try:
            return look.conceals(None if value is None else float(value))
        except ValueError:
            return False

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()

    def __hash__(self) -> int:
        return self._hash


def cell_looks(styles_xml: bytes | None, theme_xml: bytes | None = None) -> Looks:
    """The look of each cell style (cellXfs in order). Raises Refused (文件损坏) for malformed XML."""
    if styles_xml is None:
        return Looks()
    small = len(styles_xml) + len(theme_xml or b"") <= _ORDINARY
    return (_kept if small else _looks)(styles_xml, theme_xml)


@lru_cache(maxsize=64)
def _kept(styles_xml: bytes, theme_xml: bytes | None) -> Looks:
    """Worked out once: the returns of a batch come from few templates and programs, and have few sets of styles."""
    return _looks(styles_xml, theme_xml)


def _looks(styles_xml: bytes, theme_xml: bytes | None) -> Looks:
    own: dict[str, str] = {}
    inks: list[Mapping[str, str]] = []
    papers: list[Mapping[str, str] | None] = []
    cells: list[tuple[str, str, str]] = []
    colours: list[str] = []
    for element in elements(styles_xml, "numFmt", "font", "fill", "xf", "rgbColor"):
        parent = element.getparent()
        match local(element.tag), "" if parent is None else local(parent.tag):
            case "numFmt", _:
                own[element.get("numFmtId", "")] = element.get("formatCode", "")
            case "font", "fonts":
                inks.append(_child(element, "color") or {})
            case "fill", "fills":
                papers.append(_paper(element))
            case "xf", "cellXfs":
                cells.append((element.get("numFmtId", "0"), element.get("fontId", "0"), element.get("fillId", "0")))
            case "rgbColor", "indexedColors":
                colours.append(element.get("rgb", ""))
    numbered, themed = tuple(palette(colours)), theme(theme_xml)
    ink = [resolved(said, numbered, themed, BLACK) for said in inks]
    paper = [None if said is None else resolved(said, numbered, themed, WHITE) for said in papers]
    return Looks(
        Look(_code(number, own), numbered_as(font, ink, BLACK), numbered_as(fill, paper, WHITE), numbered)
        for number, font, fill in cells
    )


def _code(number: str, own: Mapping[str, str]) -> str:
    code = own.get(number)
    if code is None:
        code = BUILT_IN.get(int(number), "") if number.isdecimal() and len(number) < 6 else ""
    return "" if code.lower() in GENERAL else code


def _child(element: Element, name: str) -> dict[str, str] | None:
    """The attributes of a child."""
    return next((said_by(child) for child in element if local(child.tag) == name), None)


def _paper(fill: Element) -> dict[str, str] | None:
    """The colour that a fill names; {} where there is none; None for patterns and gradients, which have several."""
    for pattern in fill:
        if local(pattern.tag) != "patternFill":
            return None
        match pattern.get("patternType", "none"):
            case "none":
                return {}
            case "solid":
                return _child(pattern, "fgColor")
            case _:
                return None
    return {}
