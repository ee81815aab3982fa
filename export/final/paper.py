"""What a 送审版 has on paper beside its tables: whose they are, of which year, total, signatures, 校验数."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from gouji.export.final.check_number import GROUPS
from gouji.export.returned.elements import edited, elements
from gouji.export.returned.package import MAIN, CannotMark, Package, parsed
from gouji.export.returned.sheet import deselected
from gouji.templates.addresses import cell_position
from gouji.templates.blocks import FieldsBlock
from gouji.templates.form import Form
from gouji.templates.issuing.page import Page
from gouji.templates.issuing.styles import COMPUTED, INPUT
from gouji.templates.text import shortened

LEAD = "校验数"
_NUMBER = re.compile(rf"{LEAD}\s*(\d{{4}}(?:\s+\d{{4}}){{{GROUPS - 1}}})(?!\d)")
_SIGNS = re.compile("签|单位负责人|填[表报]人")
_COLOURS = {colour.removeprefix("#").upper() for colour in (INPUT, COMPUTED)}
_MOST_OF_A_NAME = 60
_CELLS = ("sheetData", "row")
_WITH_FORMULAS = {"dataValidations", "conditionalFormatting", "hyperlinks", "extLst"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a table: whether it stands `as_issued`, whose and of which year it is, its total in words where the
    form prints none, and whether the form itself has a line for signatures."""

    as_issued: bool
    unit: str | None = None
    year: int | None = None
    total: str = ""
    signed: bool = False

    def header(self) -> str:
        """Unit, total and year; a code of the font stands before what may begin with a digit."""
        parts = {
            "L": f"填报单位：{shortened(self.unit, _MOST_OF_A_NAME)}" if self.unit else "",
            "C": self.total,
            "R": f"{self.year}年度" if self.year else "",
        }
        return "".join(f"&{side}&8 {text.replace('&', '&&')}" for side, text in parts.items() if text)

    def footer(self, number: str) -> str:
        """Who signs, where the form does not say it, above the 校验数 and the page."""
        if self.signed:
            return f"&L&8{LEAD} {number}&R&8第 &P 页，共 &N 页"
        return (
            f"&L&8填报人：____________　单位负责人（签章）：____________\n{LEAD} {number}"
            "&R&8填报日期：____年__月__日\n第 &P 页，共 &N 页"
        )


def number_in(footer: str) -> str:
    """The 校验数 that stands in a footer, or nothing."""
    match = _NUMBER.search(footer)
    return "" if match is None else " ".join(match[1].split())


def signed(form: Form) -> bool:
    """Whether the form has a line for signatures of its own."""
    fields = (field for block in form.definition.blocks if isinstance(block, FieldsBlock) for field in block.fields)
    labels = (getattr(field, "label", None) or getattr(field, "id", "") for field in fields)
    return any(_SIGNS.search(str(label)) for label in labels)


def without_colours(package: Package) -> None:
    """The colours of cells to be filled in are gone, whatever the style that has them. Raises CannotMark."""
    styles = package.related(package.workbook, "styles")
    if styles is None or not _coloured(package.read(styles)):
        return
    for fill in package.tree(styles).iter(f"{{{MAIN}}}fill"):
        if any(str(colour.get("rgb", ""))[-6:].upper() in _COLOURS for colour in fill.iter(f"{{{MAIN}}}fgColor")):
            fill[:] = [parsed(f'<patternFill xmlns="{MAIN}" patternType="none"/>'.encode())]


def _coloured(styles: bytes) -> bool:
    return any(colour.encode() in styles.upper() for colour in _COLOURS)


def without_conditions(xml: bytes) -> bytes:
    """The sheet without formats that come and go with what the 自查 finds."""
    children = elements(xml).found
    return edited(xml, [(child.start, child.end, b"") for child in children if child.name == "conditionalFormatting"])


def without_words_beside(xml: bytes, page: Page) -> bytes:
    """The sheet without the formulas right of its page: there the 自查 tells what is wrong. Raises CannotMark."""
    cells = elements(xml, _CELLS).found
    beside = (cell for cell in cells if "f" in cell.inner and _column(cell.said.get("r", "")) >= page.columns)
    return edited(xml, [(cell.start, cell.end, b"") for cell in beside])


def set_aside(package: Package, names: Collection[str]) -> None:
    """Take these sheets out, so that nothing but tables is sent up; where a formula still needs one, hide them all.

    Raises CannotMark where nothing else would be left.
    """
    shown = [
        element.get("name") for element in package.sheet_elements() if element.get("state", "visible") == "visible"
    ]
    if set(shown) <= set(names):
        raise CannotMark("文件里没有可以打印的表")
    order = package.related(package.workbook, "calcChain")
    if order is not None:  # it lists the cells with formulas; programs make it anew
        package.drop(order)
    aside = [sheet.name for sheet in package.sheets() if sheet.name in names]
    if _needed(package, aside):
        _hide(package, aside)
        return
    for name in aside:
        package.drop_sheet(name)


def _needed(package: Package, names: Collection[str]) -> bool:
    """Whether a formula, a rule or a name of what stays mentions one of the sheets."""
    mentions = tuple(f"{name}{end}!" for name in names for end in ("", "'"))
    named = package.child("definedNames")
    whole = (defined for defined in (() if named is None else named) if defined.get("localSheetId") is None)
    rest = (sheet.part for sheet in package.sheets() if sheet.has_cells and sheet.name not in names)
    texts = chain((defined.text or "" for defined in whole), *(_formulas(package.read(part)) for part in rest))
    return any(mention in text for text in texts for mention in mentions)


def _formulas(xml: bytes) -> Iterator[str]:
    """The formulas of a sheet, and all else that may hold some, as it stands."""
    yield from (cell.text.get("f", "") for cell in elements(xml, _CELLS).found)
    for element in elements(xml).found:
        if element.name in _WITH_FORMULAS:
            yield xml[element.start : element.end].decode("utf-8", "replace")


def _hide(package: Package, names: Collection[str]) -> None:
    for element in package.sheet_elements():
        if element.get("name") in names and element.get("state", "visible") == "visible":
            element.set("state", "hidden")
    for sheet in package.sheets():
        if sheet.has_cells and sheet.name in names:
            package.write(sheet.part, deselected(package.read(sheet.part)))


def _column(address: str) -> int:
    """Column of an address from 0; -1 where there is none."""
    try:
        return cell_position(address)[1]
    except ValueError:
        return -1
