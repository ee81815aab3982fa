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
        told = [f"在 {self.tables} 份填好的表里 {self.held} 份成立"]
        if self.failed:
            more = "等" if len(self.against) > _NAMED else ""
            told.append(f"{self.failed} 份不成立（{'、'.join(self.against[:_NAMED])}{more}）")
        if unchecked:
            told.append(f"{unchecked} 份没有可核对的数")
        return "，".join(told)


def tallied(suggested: Sequence[Suggestion], tallies: Sequence[Tally]) -> list[Suggestion]:
    """The suggestions with their counts: one that fails anywhere is in doubt, a guess that holds often enough is not.

    ≥ is left out where = holds beyond doubt between the same rows.
    """
    told = [
        replace(one, reason=f"{one.reason}；{tally.words}", sure=_is_sure(one, tally))
        for one, tally in zip(suggested, tallies, strict=True)
    ]
    equal = {one.rule for one in told if one.sure}
    return [one for one in told if one.rule.replace(" ≥ ", " = ") not in equal - {one.rule}]


def _is_sure(one: Suggestion, tally: Tally) -> bool:
    return not tally.failed and (one.sure or tally.held >= _ENOUGH)
