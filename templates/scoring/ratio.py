"""`ratio`: the points times the rate, full at 100 %; reversed, the points less their share of what lies beyond."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from gouji.templates.exact import plain
from gouji.templates.rules.arithmetic import Arithmetic, F, Term
from gouji.templates.scoring.points import points_text, rounded_percent
from gouji.templates.scoring.rated import Rated
from gouji.templates.scoring.scored import Scores, clipped, over_ends

READING, REVERSED = "按完成比率", "按超出比例扣减"
_BEYOND = "超出比例"
"""What the rate of a reversed rule is called."""
_ALL = Decimal(1)


class RatioRule(Rated):
    """points × min(1, rate); `reverse`: points × (1 − rate), the rate being what lies beyond the target (超支比例)."""

    kind: Literal["ratio"]
    reverse: bool = False

    # ---- words

    def criterion(self, points: Decimal) -> str:
        full = plain(points)
        if self.reverse:
            return f"得分＝{full}×（1－{_BEYOND}），最高{full}分，扣完为止。"
        return f"得分＝{full}×完成比率，最高{full}分。"

    def explained(self, label: str, words: str) -> str:
        return super().explained(_BEYOND if self.reverse else label, words)

    def share_text(self, full: Decimal, rate: Decimal, earned: Decimal, score: Decimal) -> str:
        """`8分×95%，得7.6分`: the share of the full marks that the rate earns."""
        share = (
            f"（1－{rounded_percent(min(max(rate, Decimal(0)), _ALL))}）" if self.reverse else rounded_percent(earned)
        )
        return f"{plain(full)}分×{share}，得{points_text(score)}"

    # ---- arithmetic

    def readings(self, points: Decimal, start: Decimal, rate: F, on: Arithmetic[F]) -> Iterator[tuple[str, Scores]]:
        """Name and scores of the one reading: start × min(1, rate), or start × (1 − rate), in [0, points]."""

        def score(end: Term) -> Term:
            return clipped(on.times(self.earned_share(end, on), start), points, on)

        yield REVERSED if self.reverse else READING, over_ends(score, rate, falls=self.reverse)

    def earned_share(self, rate: Term, on: Arithmetic[F]) -> Term:
        """Which share of the points a rate earns, in [0, 1]."""
        return clipped(on.minus(_ALL, rate) if self.reverse else rate, _ALL, on)
