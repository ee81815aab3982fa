"""Sums of a sentence and their parts, while it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.ingest.narrative.phrases import Phrases
from gouji.ingest.narrative.statement import COUNT, SPENT, Statement

_LEAST_MONEY, _LEAST_COUNTS = 2, 3
"""Parts with 、 between them behind 其中 that make up an enumeration."""
_TOTAL = re.compile(
    r"[，、；:：\s]*(?:以上|上述)?(?:[两二三四五六七八九](?:项|者))?(?:费用)?(?:合计|共计|总计|相加|加总|总和)(?:为|是|达|共|支出)?"
)
"""Before a figure that adds up those before it."""


@dataclass
class Listing:
    """A sum and its parts. `level`: by which marks these are parted; `open`: whether more may come."""

    total: int
    unit: str
    complete: bool
    parts: list[int] = field(default_factory=list)
    level: int | None = None
    open: bool = True

    def take(self, at: int, one: Statement, level: int, after: str) -> bool:
        """The statement at `at` as a further part; whether it is one."""
        if not self.open:
            return False
        if one.unit != self.unit or one.exactness or not one.label.strip("：: "):
            self.open = one.unit != self.unit
            return False
        if self.parts:
            self.level = level if self.level is None else self.level
            if level > self.level:
                self.open = False
                return False
        self.parts.append(at)
        self.complete &= after != "等"
        return True

    def tells(self, words: Phrases) -> bool:
        """Whether its parts make it up, or divide it: 其中网上800件，当场办结600件 may be the same ones."""
        least = _LEAST_MONEY if self.unit in words.units else _LEAST_COUNTS
        return len(self.parts) > 1 and (self.complete or (self.level == 0 and len(self.parts) >= least))


def added_up(found: Sequence[Statement], label: str, words: Phrases) -> Listing | None:
    """The sum whose label (，三项合计) says that it adds up the amounts before it in the sentence."""
    if found[-1].item != COUNT or found[-1].unit not in words.units or _TOTAL.fullmatch(label) is None:
        return None
    parts = list(range(len(found) - 1))
    plain = all(
        one.unit in words.units and one.aspect in ("", SPENT) and not one.exactness and one.label.strip("，、；：: ")
        for one in found[:-1]
    )
    return Listing(len(found) - 1, found[-1].unit, complete=True, parts=parts) if plain and len(parts) > 1 else None


def with_lists(
    found: Sequence[Statement], listings: Sequence[Listing], first: int, words: Phrases
) -> Iterator[Statement]:
    """The statements, those that are parts with the number of their sum; `first`: the number of the first."""
    part_of = {part: (one.total, one.complete) for one in listings if one.tells(words) for part in one.parts}
    for at, statement in enumerate(found):
        total, complete = part_of.get(at, (None, False))
        yield statement if total is None else replace(statement, part_of=first + total, complete=complete)
