"""Items: the values of a form, each with its name, kind and what is expected of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gouji.templates.model import FIGURES

DECIMALS = {"count": 0, "points": 2, "rate": 4, "quantity": 2}
"""Decimals shown where the form declares none; 万元 amounts have the form's own."""
UNITS = {"amount": "万元", "points": "分"}
"""What stands behind a figure of a kind in a sentence."""


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a form, or one column of its lists.

    `id` is `row.column` in grids, `list.column` for the column of a list, else the field's own id.
    `severity` is that of its absence when `required`; `label` may hold {年} and {上年}. `signed`, `part_of` and
    `most` say what it may be (see `templates.rules.bounds`).
    """

    id: str
    block: str
    kind: str
    label: str
    row: str | None = None
    column: str | None = None
    list_id: str | None = None
    group: str | None = None
    decimals: int | None = None
    unit: str | None = None
    required: bool = False
    severity: str = "核实性"
    role: str | None = None
    personal: bool = False
    signed: bool = False
    part_of: str | None = None
    most: Decimal | None = None
    fixed: Decimal | None = None
    actual: bool = False
    choices: tuple[str, ...] = ()

    @property
    def is_figure(self) -> bool:
        """Whether its cell holds one figure (金额、人数、比率、分值)."""
        return self.kind in FIGURES
