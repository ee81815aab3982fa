"""The computed cells of one form for given inputs: what an issued workbook shows as its cached values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from gouji.templates.form import Form
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import Truth, evaluate
from gouji.templates.rules.nodes import Call, Node, Ref, refs

Lines = Mapping[str, Sequence[Mapping[str, Decimal | str | None]]]
"""List → its lines, each column id → figure; `二级指标` (or the list's own level) names the line's group."""


def computed_values(form: Form, known_figures: Mapping[str, Decimal | None], lines: Lines) -> dict[str, Decimal | None]:
    """Every computed item of the form (None while its inputs are blank), from inputs by item id and lines.

    A computed item that is among `known_figures` keeps that value: somebody has written over its formula.
    """
    figures = OneForm(form, dict(known_figures), lines)
    waiting = {item: node for item, node in form.computed.items() if item not in known_figures}
    while waiting:
        ready = [item for item, node in waiting.items() if not {ref.item for ref in refs(node)} & waiting.keys()]
        if not ready:
            raise ValueError(f"computed items depend on each other: {', '.join(waiting)}")
        for item in ready:
            result = evaluate(waiting.pop(item), figures)
            figures.known[item] = result.value[0] if result.state[0] == q.OK else None
    return {item: figures.known[item] for item in form.computed}


class OneForm:
    """The figures of one filled form (see `templates.rules.evaluate.Figures`); other forms are blank."""

    size = 1

    def __init__(self, form: Form, known_figures: dict[str, Decimal | None], lines: Lines) -> None:
        self.form = form
        self.known = {**{i.id: i.fixed for i in form.items.values() if i.fixed is not None}, **known_figures}
        self.lines = lines

    def quantity(self, ref: Ref) -> q.Quantity:
        return _column([self.known.get(ref.item)])

    def total(self, part: Node) -> q.Quantity:
        ref = next(refs(part))
        if ref.list_id is None or isinstance(part, Call):
            return q.blank(1)
        spec = self.form.lists[ref.list_id]
        column = ref.item.rpartition(".")[2]
        groups_meant = {leaf for leaf, parent in spec.groups.items() if ref.group in (leaf, parent)}
        lines = [
            line
            for line in self.lines.get(ref.list_id, ())
            if ref.group is None or str(line.get(spec.levels[-2])) in groups_meant
        ]
        figures = [value if isinstance(value := line.get(column), Decimal) else None for line in lines]
        return q.total_by(np.zeros(len(figures), np.intp), 1, _column(figures))

    def full_mark(self, name: str, value: Decimal) -> q.Quantity:
        return q.constant(value, 1)

    def filled(self, ref: Ref) -> Truth:
        return np.array([self.known.get(ref.item) is not None], np.int8)

    def money(self, ref: Ref) -> q.Quantity:
        return self.quantity(ref)


def _column(figures: Sequence[Decimal | None]) -> q.Quantity:
    value = np.array([Decimal(0) if figure is None else figure for figure in figures], dtype=object)
    return q.exact(value, np.array([q.BLANK if figure is None else q.OK for figure in figures], np.int8))
