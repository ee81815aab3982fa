"""From which full marks a rule starts: the printed ones capped at the 分值, and the other figure where they differ."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.definition import BandRule, JudgeRule, QualitativeRule, Rated, ScoringRule, StepRule
from gouji.templates.exact import plain


def starts(rule: Rated, points: Decimal) -> list[Decimal]:
    """One figure, or both where the printed full marks are not the 分值; the first, never above it, is ours."""
    if rule.printed_full is None or rule.printed_full == points:
        return [points]
    return [min(rule.printed_full, points), max(rule.printed_full, points)]


def start_name(rule: Rated, name: str, start: Decimal, points: Decimal) -> str:
    """A reading's name, with the full marks where it is not the first that the form prints."""
    if start == starts(rule, points)[0]:
        return name
    return f"{name}，自{plain(start)}分起扣" if isinstance(rule, StepRule) else f"{name}，满分按{plain(start)}分"


def printed_full_marks(rule: ScoringRule) -> Decimal | None:
    """The highest score that the printed criterion names; None where it names none but the 分值."""
    match rule:
        case BandRule(bands=bands):
            return max(band.points for band in bands)
        case Rated(printed_full=printed):
            return printed
        case QualitativeRule(options=options) if options:
            return max(options.values())
        case JudgeRule(ranges=ranges) if ranges:
            return max(one.ends[1] for one in ranges)
        case _:
            return None
