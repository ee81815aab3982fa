"""How suggested checks fare in filled returns: counts beside the reason, and what is beyond doubt after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gouji.ingest.drafting.suggest import Suggestion

_ENOUGH = 3
"""Tables in which a guess must hold, and in none fail, before it is put to use."""
_NAMED = 3
"""Counter-examples that are named."""


@dataclass
class Tally:
    """`tables`: how many were filled in; in `held` of them a check holds, in `failed` it does not, in the others it
    could not be checked. `against`: where it fails, file and cell.
    """

    tables: int
    held: int = 0
    failed: int = 0
    against: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The counts in a sentence."""
        unchecked = self.tables - self.held - self.failed
        clauses = [f"在 {self.tables} 份填好的表里 {self.held} 份成立"]
        if self.failed:
            and_more = "等" if len(self.against) > _NAMED else ""
            clauses.append(f"{self.failed} 份不成立（{'、'.join(self.against[:_NAMED])}{and_more}）")
        if unchecked:
            clauses.append(f"{unchecked} 份没有可核对的数")
        return "，".join(clauses)


def tallied(suggested: Sequence[Suggestion], tallies: Sequence[Tally]) -> list[Suggestion]:
    """The suggestions with their counts: one failure makes a check doubtful, a guess that holds often enough is sure.

    ≥ is left out where = holds beyond doubt between the same rows.
    """
    judged = [
        replace(suggestion, reason=f"{suggestion.reason}；{tally.words}", sure=_is_sure(suggestion, tally))
        for suggestion, tally in zip(suggested, tallies, strict=True)
    ]
    equal = {suggestion.rule for suggestion in judged if suggestion.sure}
    return [
        suggestion for suggestion in judged if suggestion.rule.replace(" ≥ ", " = ") not in equal - {suggestion.rule}
    ]


def _is_sure(suggestion: Suggestion, tally: Tally) -> bool:
    return not tally.failed and (suggestion.sure or tally.held >= _ENOUGH)
