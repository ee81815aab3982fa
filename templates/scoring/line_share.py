"""Which share of its points an indicator line of a 自评表 is due, in [0, 1]: T = 年度指标值, A = 实际完成值."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.rules.arithmetic import Arithmetic, Condition, F, Term

_NOTHING, _ALL = Decimal(0), Decimal(1)


def more_share(target: Term, actual: Term, on: Arithmetic[F]) -> Term:
    """正向: all from A ≥ T on, below it A/T, never below 0."""
    nothing = on.at_most(target, _NOTHING)
    share = on.over(actual, on.divisor(target, nothing))
    return _share(on.at_most(target, actual), nothing, share, on)


def less_share(target: Term, actual: Term, on: Arithmetic[F]) -> Term:
    """反向: all up to A ≤ T, 1 − (A − T)/T up to 2T, nothing from there on."""
    nothing = on.at_most(target, _NOTHING)
    share = on.minus(_ALL, on.over(on.minus(actual, target), on.divisor(target, nothing)))
    return _share(on.at_most(actual, target), nothing, share, on)


def _share(met: Condition, nothing: Condition, share: Term, on: Arithmetic[F]) -> Term:
    return on.where(met, _ALL, on.where(nothing, _NOTHING, on.greatest(share, _NOTHING)))
