"""自评 against 复核: how far self-scores lie from what the auditors gave, by table, by unit and for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from gouji.ingest.beside.sampled import Reviewed

_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Deviation:
    """Of a unit, or of all (`unit` is 合计): tables drawn and reviewed, and over those that were reviewed the sums of
    self-scores, of the auditors' scores, and of the sizes of what lies between; no sum where none was reviewed.
    """

    unit_code: str
    unit: str
    drawn: int
    reviewed: int
    own: Decimal | None
    score: Decimal | None
    apart: Decimal | None

    @property
    def rate(self) -> Decimal | None:
        """Σ|自评 − 复核| ÷ Σ复核; None where nothing was reviewed or all that was got 0."""
        return _quotient(self.apart, self.score)

    @property
    def net(self) -> Decimal | None:
        """Σ(自评 − 复核): above 0 where the units gave themselves too much."""
        return None if self.own is None or self.score is None else self.own - self.score


ALL = "合计"


def table_rate(row: Reviewed) -> Decimal | None:
    """|自评 − 复核| ÷ 复核 of one table; None where it was not reviewed, or got 0."""
    return None if row.score is None or row.own is None else _quotient(abs(row.own - row.score), row.score)


def deviations(rows: Sequence[Reviewed]) -> list[Deviation]:
    """One per unit in the order of the list, then that of all. What was not reviewed counts for nothing."""
    units: dict[tuple[str, str], list[Reviewed]] = {}
    for row in rows:
        units.setdefault((row.unit_code, "" if row.unit_code else row.unit), []).append(row)
    return [*(_of(part[0].unit_code, part[0].unit, part) for part in units.values()), _of("", ALL, rows)]


def _of(code: str, name: str, rows: Sequence[Reviewed]) -> Deviation:
    both = [(row.own, row.score) for row in rows if row.own is not None and row.score is not None]
    return Deviation(
        code, name, len(rows), len(both), _sum(self_score for self_score, _ in both), _sum(score for _, score in both),
        _sum(abs(self_score - score) for self_score, score in both),
    )  # fmt: skip


def _sum(figures: Iterable[Decimal]) -> Decimal | None:
    addends = list(figures)
    with localcontext(prec=_DIGITS):
        return sum(addends, Decimal(0)) if addends else None


def _quotient(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    with localcontext(prec=_DIGITS):
        return None if part is None or not whole else part / whole
