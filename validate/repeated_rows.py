"""T-34: a row of a sum stands on the sheet twice, and the sum ties only without the second: both results are told."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.templates.addresses import place_in_table
from gouji.templates.exact import significant
from gouji.templates.labels import label_key
from gouji.templates.rules.naming import item_label, quoted, row_labels
from gouji.templates.rules.nodes import Compare, Ref
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.other_edition import extra_parts, parts_of
from gouji.validate.residuals import Residual
from gouji.validate.wide import ExtraAmount, Wide
from gouji.validate.wording import figure_text


def repeated_rows(residual: Residual, wide: Wide) -> Iterator[Finding]:
    """Once per sum that ties although a row of the same label stands among its parts once more. 核实性.

    Rows of that label under another total (公务接待 under 公用经费) stand elsewhere, and are none of this sum's.
    """
    for row, extra in extra_parts(residual, wide).items():
        if not residual.known[row] or residual.difference[row] != 0:
            continue
        origin = wide.origins[row]
        for again in extra:
            namesake = _namesake(residual, wide, again)
            if namesake is not None and abs(again.value) > residual.tolerance[row]:
                yield _repeated(residual, wide, origin, again, namesake)


def _namesake(residual: Residual, wide: Wide, again: ExtraAmount) -> str | None:
    """The cell of the part with the same label, where the row stands among the parts or right below them."""
    labels = row_labels(wide.form)
    cells = {ref.item: wide.fixed.cell[again.row, wide.fixed.place[ref.item]] for ref in parts_of(residual)}
    rows = [place_in_table(str(cell))[0] for cell in cells.values() if cell is not None]
    if not rows or place_in_table(again.cell)[0] > max(rows) + 1:
        return None
    for item, cell in cells.items():
        row = wide.form.items[item].row or ""
        if cell is not None and label_key(labels.get(row, row)) == label_key(again.label):
            return str(cell)
    return None


def _repeated(residual: Residual, wide: Wide, origin: Origin, again: ExtraAmount, namesake: str) -> Finding:
    node = residual.rule.node
    assert isinstance(node, Compare) and isinstance(node.left, Ref)
    total: Decimal = residual.expected[again.row]
    amount = significant(again.value)
    return common(
        "T-34", origin, item=f"{again.label}.{again.column}", cell=again.cell, related_cells=namesake,
        label=quoted(again.label), cells=f"{namesake}、{again.cell}",
        whole=quoted(item_label(wide.form, wide.form.items[node.left.item], origin.year)),
        stated=figure_text(residual.stated[again.row], "amount"), alone=figure_text(total, "amount"),
        expected=figure_text(total + amount, "amount"), gap=figure_text(abs(amount), "amount"),
        difference=float(residual.stated[again.row] - total - amount),
    )  # fmt: skip
