"""How the cells of an issued sheet look: like the printed form, coloured only where there is work to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from gouji.templates.items import Item

INPUT = "#FFF9DB"
COMPUTED = "#EDEDED"
FAULTY, DOUBTFUL = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}, {"bg_color": "#FFE0B2", "font_color": "#7A4100"}
"""How a cell looks that is 不符 by a 强制性 rule, and by a 核实性 one."""
_RULE = "#808080"

SIZES = {"title": 16, "caption": 11, "note": 9, "text": 9, "name": 10}
"""Points of the font by the role of a box; 10 for the others."""

_NUMBER_FORMATS = {
    "amount": "0.00##",
    "quantity": "0.00##",
    "rate": "0.00%",
    "count": "0",
    "date": "yyyy-mm-dd",
}
_AS_TEXT = "@"


def size_of(role: str) -> int:
    """The font size in points."""
    return SIZES.get(role, 10)


def number_format(kind: str) -> str:
    """The number format of an item's cell. Points stay General: 9.5 and 10 alike, without a stray point.

    Text cells hold text, so that `5-6` does not become a date nor a telephone number a figure.
    """
    return _NUMBER_FORMATS.get(kind, "General" if kind == "points" else _AS_TEXT)


class Styles:
    """The formats of one workbook; equal properties share one format."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:
        """A format with exactly these properties beside the font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"valign": "vcenter", **properties})
        return self._made[key]

    def printed(self, role: str, look: Mapping[str, Any]) -> Format:
        """Words of the form itself: locked, wrapped; `look` has the alignment and what else differs."""
        return self.of(**{"font_size": size_of(role), "text_wrap": True, **_frame(look), **_bold(role), **look})

    def entry(self, role: str, item: Item | None, look: Mapping[str, Any]) -> Format:
        """A cell for a value: input and name unlocked and pale yellow, computed grey, fixed white."""
        kind = item.kind if item is not None else "text"
        figure = item is not None and item.is_figure
        look = {"align": "center" if figure or kind == "measure" else "left", **look}
        # A figure cannot be wrapped: it shrinks before it becomes ####.
        fit = {"shrink": True} if figure or kind == "date" else {"text_wrap": True}
        colour = {"input": INPUT, "name": INPUT, "computed": COMPUTED}.get(role)
        properties = {
            "font_size": size_of(role),
            "num_format": number_format(kind),
            **fit,
            **_frame(look),
            **look,
        }
        properties |= {"bg_color": colour} if colour else {}
        return self.of(**properties, locked=role not in ("input", "name"))


def _bold(role: str) -> dict[str, Any]:
    return {"bold": True} if role in ("title", "head") else {}


def _frame(look: Mapping[str, Any]) -> dict[str, Any]:
    """Thin lines all round, unless the look says otherwise."""
    return {} if "border" in look else {"border": 1, "border_color": _RULE}
