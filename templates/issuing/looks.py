"""How each box of a layout is aligned and framed, from what it is on the printed form."""

from __future__ import annotations

from typing import Any

from gouji.templates.blocks import FieldsBlock, GridBlock, Row
from gouji.templates.form import Form
from gouji.templates.layout import Box, Layout, with_year

_BARE: dict[str, Any] = {"border": 0}
_LEFT = {"align": "left"}
_CENTRE = {"align": "center"}


class Looks:
    """The alignment and frame of every box of one sheet, as XlsxWriter properties."""

    def __init__(self, form: Form, layout: Layout, year: int) -> None:
        self._stubs = _stub_labels(form, year)
        self._open_rows = _open_rows(form, layout)

    def of(self, box: Box) -> dict[str, Any]:
        """Properties beside font and colour; `border` is left out where the usual frame applies."""
        if box.row in self._open_rows:
            return self._open(box)
        match box.role:
            case "title" | "caption":
                return _BARE | _CENTRE
            case "note":
                return _BARE | _LEFT
            case "label" if box.text in self._stubs and box.rows == 1:
                return _LEFT | ({"indent": box.indent} if box.indent else {})
            case "text":
                return _LEFT
            case "name":
                return _LEFT | ({"indent": box.indent} if box.indent else {})
            case "input" if box.height > 1:
                return _LEFT | {"valign": "top"}
            case "input" | "computed" | "fixed":
                return {}
            case _:
                return _CENTRE

    def _open(self, box: Box) -> dict[str, Any]:
        """A line of fields above or below the table: no frame, a line to write on."""
        if box.role == "input":
            return _BARE | _LEFT | {"bottom": 1}
        return _BARE | ({"align": "right"} if box.role == "text" or box.column > 0 else _LEFT)


def _stub_labels(form: Form, year: int) -> set[str]:
    """The row labels of grids with a header: they are read from the left, the others stand centred."""
    grids = [block for block in form.definition.blocks if isinstance(block, GridBlock) and block.header]
    rows = [row for grid in grids for row in grid.rows if isinstance(row, Row)]
    return {with_year(row.label or row.id, year) for row in rows}


def _open_rows(form: Form, layout: Layout) -> set[int]:
    """The rows of header fields whose labels end with a colon (填报单位：, 填表人：)."""
    fields = {
        field.id
        for block in form.definition.blocks
        if isinstance(block, FieldsBlock)
        for field in block.fields
        if hasattr(field, "id")
    }
    rows = {layout.positions[name][0] for name in fields}
    closed = {box.row for box in layout.boxes if box.role == "label" and not box.text.endswith("：")}
    return rows - closed
