"""One form on its issued sheet: printed words, input cells with entry rules, formulas, page, protection."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from gouji.templates.addresses import cell_name, range_name
from gouji.templates.blocks import GridBlock, HeadingBlock, ListBlock, Row
from gouji.templates.form import Form
from gouji.templates.issuing.contents import Contents
from gouji.templates.issuing.entry import entry_rule, name_rule, upper_bounds
from gouji.templates.issuing.heights import row_heights
from gouji.templates.issuing.looks import Looks
from gouji.templates.issuing.page import Page, planned_page, protect, set_up_page
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.issuing.styles import Styles
from gouji.templates.items import Item
from gouji.templates.layout import Box, Layout, with_year
from gouji.templates.rules.excel import excel_formula
from gouji.templates.scores_block import ScoresBlock
from gouji.templates.write import merge_cells, write_figure, write_formula, write_text

_PRINTED = ("title", "label", "head", "side", "note", "text", "points", "closed", "caption")
_UNALARMED = ("number_stored_as_text", "formula_range", "formula_differs", "empty_cell_reference")
"""Excel's green corners that would accuse a correctly filled form."""

_TOP = 2
"""A head not lower than this row may stay on the screen: it leaves enough of the screen to scroll."""


class FormSheet:
    """Writes one planned sheet into a worksheet."""

    def __init__(
        self, worksheet: Worksheet, sheet: IssuedSheet, given: Contents, styles: Styles, year: int, choices: int = 0
    ) -> None:
        self._worksheet = worksheet
        self._choices = choices
        self._sheet = sheet
        self._form = sheet.form
        self._layout = sheet.layout
        self._given = given
        self._styles = styles
        self._year = year
        self._looks = Looks(sheet.form, sheet.layout, year)
        self._bounds = upper_bounds(sheet.form)
        self._rows = _row_labels(sheet.form)

    def write(self) -> None:
        """Everything: cells, entry rules, widths and heights, page, protection."""
        for box in self._layout.boxes:
            self._box(box)
        self._entry_rules()
        widths = self._form.definition.page.widths
        heights = sheet_heights(self._sheet, self._given)
        for column, width in enumerate(widths):
            self._worksheet.set_column(column, column, width)
        for row, height in enumerate(heights):
            self._worksheet.set_row(row, height)
        repeated = repeated_row(self._form, self._layout)
        if repeated is not None and repeated <= _TOP:
            self._worksheet.freeze_panes(repeated + 1, 0)
        area = range_name(0, 0, self._layout.height - 1, len(widths) - 1)
        self._worksheet.ignore_errors(dict.fromkeys(_UNALARMED, area))
        set_up_page(
            self._worksheet,
            self._form.definition.page.orientation,
            widths,
            heights,
            repeat=repeated,
        )
        protect(self._worksheet)

    def _box(self, box: Box) -> None:
        item = self._item(box)
        look = self._looks.of(box)
        if box.role in _PRINTED:
            style = self._styles.printed(box.role, look)
        else:
            style = self._styles.entry(box.role, item, look)
        merge_cells(self._worksheet, box.row, box.column, box.rows, box.columns, style)
        self._value(box, item, style)

    def _value(self, box: Box, item: Item | None, style: Any) -> None:
        at = self._worksheet, box.row, box.column
        if box.role == "computed" and box.item is not None:
            write_formula(*at, excel_formula(self._form, box.item, self._layout), self._given.figure(box), style)
        elif box.role in _PRINTED:
            write_text(*at, box.text, style)
        elif item is not None and item.is_figure:
            write_figure(*at, self._given.figure(box), style)
        else:
            write_text(*at, self._given.text(box), style)

    def _item(self, box: Box) -> Item | None:
        """The box's item; None for the name of a line and for printed words."""
        if box.item is None or box.role == "name":
            return None
        if box.slot is None:
            return self._form.items[box.item]
        owner, _, column = box.item.rpartition(".")
        return self._form.lists[owner].columns[column]

    def _entry_rules(self) -> None:
        """One rule for each input cell; the lines of a list share those of their columns."""
        runs: list[list[Box]] = []
        inputs = [box for box in self._layout.boxes if box.role in ("input", "name")]
        for box in sorted(inputs, key=lambda one: (one.column, one.item or "", one.row)):
            if runs and _continues(runs[-1][-1], box):
                runs[-1].append(box)
            else:
                runs.append([box])
        for run in sorted(runs, key=lambda boxes: (boxes[0].row, boxes[0].column)):
            first, last = run[0], run[-1]
            rule = self._entry_rule(first, self._item(first))
            self._worksheet.data_validation(first.row, first.column, last.row, last.column, rule)

    def _entry_rule(self, box: Box, item: Item | None) -> dict[str, Any]:
        if item is None:
            spec = self._form.lists[box.item or ""]
            measured = any(one.kind == "measure" for one in spec.columns.values())
            return name_rule(spec.name_column, self._choices if measured else 0)
        return entry_rule(item, self._title(item), self._upper(box, item))

    def _upper(self, box: Box, item: Item) -> Decimal | str | None:
        bound = self._bounds.get(item.id)
        if bound is None or isinstance(bound, Decimal):
            return bound
        if box.slot is not None and item.list_id is not None:
            slot = self._layout.slots[item.list_id][box.slot]
            return cell_name(*slot.columns[bound.rpartition(".")[2]])
        fixed = self._form.items[bound].fixed
        return fixed if fixed is not None else cell_name(*self._layout.positions[bound])

    def _title(self, item: Item) -> str:
        parts = [self._rows.get(item.row, item.row) if item.row else "", item.label]
        words = "：".join(part.strip("：") for part in parts if part)
        return with_year(words.replace("\n", ""), self._year)


def repeated_row(form: Form, layout: Layout) -> int | None:
    """The head of the long table, repeated where the print runs over the page; none in a form of many parts."""
    blocks = form.definition.blocks
    if any(isinstance(block, HeadingBlock) for block in blocks):
        return None
    levels = next((block.levels for block in blocks if isinstance(block, ScoresBlock | ListBlock)), None)
    heads = (box.row for box in layout.boxes if levels and box.role == "head" and box.text == levels[0])
    return next(heads, None)


def blank_page(form: Form, layout: Layout) -> Page:
    """How the form is printed when it is issued, as far as the names that then stand in it do not lengthen it."""
    page, texts = form.definition.page, [(box, box.text) for box in layout.boxes if box.role in _PRINTED and box.text]
    heights = row_heights(layout.boxes, texts, page.widths, layout.height)
    return planned_page(page.orientation, page.widths, heights, repeated_row(form, layout))


def sheet_heights(sheet: IssuedSheet, given: Contents) -> list[float]:
    """Points per row of the sheet as it is issued: all that the length of a name changes there."""
    boxes, widths = sheet.layout.boxes, sheet.form.definition.page.widths
    texts = [(box, box.text if box.role in _PRINTED else given.text(box)) for box in boxes]
    return row_heights(boxes, [(box, text) for box, text in texts if text], widths, sheet.layout.height)


def _continues(above: Box, below: Box) -> bool:
    """Whether two boxes are the same column of neighbouring lines of a list."""
    lined = above.slot is not None and below.slot is not None
    return lined and (above.item, above.column, above.row + 1) == (below.item, below.column, below.row)


def _row_labels(form: Form) -> dict[str, str]:
    """Row or indicator id → its printed label."""
    labels: dict[str, str] = {}
    for block in form.definition.blocks:
        if isinstance(block, GridBlock):
            labels |= {row.id: row.label or row.id for row in block.rows if isinstance(row, Row)}
        if isinstance(block, ScoresBlock):
            labels |= {indicator.id: indicator.printed_labels[0] for indicator in block.indicators}
    return labels
