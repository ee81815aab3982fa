"""One rated indicator over all returns: everything that its rows, verdicts and findings are made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from gouji.score.kinds.agreement import Agreement
from gouji.score.kinds.reading import Recomputed
from gouji.templates.rules.quantity import Quantity
from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.rated import Rated
from gouji.validate.inputs import Input, InputAt


@dataclass
class RatedCase:
    """`reasons` and `traces`: one text per return, None where there is nothing to say."""

    indicator: Indicator
    rule: Rated
    stated: Quantity
    rate: Quantity
    recomputed: Recomputed
    judged: Agreement
    inputs: list[Input]
    reasons: list[str | None] = field(default_factory=list)
    traces: list[str | None] = field(default_factory=list)

    def inputs_at(self, row: int) -> list[InputAt]:
        """The inputs of one return."""
        return [operand.at_row(row) for operand in self.inputs]

    def cells(self, row: int) -> str | None:
        """Where the inputs of one return stand."""
        cells = [str(operand.cells[row]) for operand in self.inputs if operand.cells[row]]
        return "；".join(dict.fromkeys(cells)) or None
