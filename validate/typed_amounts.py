"""What stands in the cell of a converted amount, for people to find it: 现为 0.0115万元（F6填的是115，按元换算）."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gouji.ingest.figures.cleaning import squeeze
from gouji.templates.exact import figure, significant
from gouji.templates.units import MONEY
from gouji.validate.findings import Finding
from gouji.validate.inputs import InputAt
from gouji.validate.wide import Wide

_UNITS = {Decimal(1).scaleb(power): unit for unit, power in MONEY.items() if power}


def with_typed_amount(finding: Finding, wide: Wide, row: int, inputs: Sequence[InputAt]) -> Finding:
    """The finding of a return, with its stated amount in the cell's own unit where that is another one than 万元."""
    item = inputs[0].ref.item if inputs and inputs[0].ref.form is None else None
    if item is None or item not in wide.fixed.place or finding.stated is None or inputs[0].ref.kind != "amount":
        return finding
    place = wide.fixed.place[item]
    raw, value = wide.fixed.raw[row, place], float(wide.fixed.value[row, place])
    typed = figure(squeeze(raw)) if isinstance(raw, str) else None
    unit = _UNITS.get(significant(value) / typed) if typed and value == value else None
    if unit is None:
        return finding
    clause = f"现为 {finding.stated}"
    return replace(
        finding, message=finding.message.replace(clause, f"{clause}（{finding.cell}填的是{raw}，按{unit}换算）", 1)
    )
