"""评价标准 and 指标说明 as printed on an issued form, made from the scoring rule's own parameters.

Where a published form contradicts itself, what it evidently means is printed; what it printed stays in the definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from gouji.templates.definition import (
    BandRule,
    ChecklistItem,
    ChecklistRule,
    DeductEvent,
    DeductRule,
    Indicator,
    JudgeRule,
    Meant,
    PointRange,
    QualitativeRule,
    Rated,
    RatioRule,
    StepRule,
)
from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.rules.nodes import Ref
from gouji.templates.rules.scope import EVIDENCE
from gouji.templates.rules.sentence import formula
from gouji.templates.scoring.bands import Span, Stretch, bands_of, gaps_between

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
BEYOND = "超出比例"
"""What the rate of a reversed `ratio` is called."""


def criterion(indicator: Indicator) -> str:
    """The criterion text (评价标准): thresholds, steps, bands and points as the rule has them."""
    rule, points = indicator.rule, indicator.points
    match rule:
        case StepRule():
            return _step(rule, rule.meant or rule, points) + _absent(rule)
        case BandRule():
            return _bands(rule, points) + _absent(rule)
        case RatioRule(reverse=True):
            return f"得分＝{plain(points)}×（1－{BEYOND}），最高{plain(points)}分，扣完为止。"
        case RatioRule():
            return f"得分＝{plain(points)}×完成比率，最高{plain(points)}分。"
        case ChecklistRule(items=items):
            return "；".join(_numbered(map(_item, items))) + "。"
        case DeductRule():
            return "；".join(_numbered(map(_event, rule.events))) + f"。{_deducted(rule)}"
        case QualitativeRule(options=options):
            return "；".join(f"{name}，计{plain(given)}分" for name, given in options.items()) + "。"
        case JudgeRule(ranges=ranges) if ranges:
            return _judged(ranges)
        case JudgeRule(step=step):
            by = "" if step is None else f"，以{plain(step)}分为一级"
            return f"由部门结合实际细化为个性化指标，在0至{plain(points)}分之间评定{by}。"


def criterion_as_printed(indicator: Indicator, rule: StepRule) -> str:
    """The criterion of a reversed rule as the published form has it, with the full marks that stand there."""
    return _step(rule, rule, indicator.points if rule.printed_full is None else rule.printed_full)


def explanation(form: Form, indicator: Indicator) -> str:
    """The note (指标说明): the rate's own formula, or where the score comes from."""
    rule = indicator.rule
    if not isinstance(rule, Rated):
        return "根据自评材料评定。"
    words = formula(form.rates[indicator.id], partial(_short, form))
    name = BEYOND if isinstance(rule, RatioRule) and rule.reverse else indicator.printed_labels[0]
    months = isinstance(rule, StepRule) and rule.unit == "个月"
    return f"{name}＝{words}" + ("×100%" if "÷" in words and not months else "")


def _short(form: Form, ref: Ref) -> str:
    """An item on a page that has little room: its row and column, without the table it stands in."""
    if ref.form == EVIDENCE:
        return form.evidence[ref.item].label
    return ref.item.replace("本年", "").replace(".", "")


def percent(share: Decimal) -> str:
    """0.9 → 90%."""
    return f"{plain(share * 100)}%"


def threshold_text(rule: StepRule, threshold: Decimal) -> str:
    """`100%`, or `1个月` where steps are months."""
    return f"{plain(threshold)}个月" if rule.unit == "个月" else percent(threshold)


def span_text(span: Span) -> str:
    """`80%（含）至90%`, `90%（含）以上`, `大于30%`, `0%`."""
    if span.low is not None and span.low == span.high:
        return percent(span.low)
    low = "" if span.low is None else percent(span.low) + ("（含）" if span.low_in else "")
    high = "" if span.high is None else percent(span.high) + ("（含）" if span.high_in else "")
    if low and high:
        return f"{low}至{high}"
    if low:
        return f"{low}以上" if span.low_in else f"大于{low}"
    return f"{high}以下" if span.high_in else f"低于{high}"


def _step(rule: StepRule, direction: StepRule | Meant, points: Decimal) -> str:
    at, full = threshold_text(rule, direction.threshold), plain(points)
    lost = f"{plain(rule.per)}{'个' if rule.unit == '百分点' else ''}{rule.unit}扣{plain(rule.deduct)}分，扣完为止。"
    is_strict = isinstance(direction, StepRule) and direction.strict
    match direction.bad:
        case "above":
            kept = f"小于{at}" if is_strict else f"{at}{'以内' if rule.unit == '个月' else '以下'}（含）"
            return f"{kept}计{full}分；每超过{lost}"
        case "below":
            kept = f"大于{at}" if is_strict else f"{at}以上（含）"
            return f"{kept}计{full}分；每低于{lost}"
        case "both":
            return f"{at}计{full}分；每超过或低于{lost}"


def _bands(rule: BandRule, points: Decimal) -> str:
    bands = bands_of(rule, points, points)
    told = [f"{span_text(band.span)}，计{plain(band.most)}分" for band in bands]
    told += [f"{span_text(gap.span)}，{gap_points(gap)}" for gap in gaps_between(bands)]
    return "；".join(told) + "。"


def gap_points(gap: Stretch) -> str:
    """What a rate between two bands may earn."""
    if gap.least == gap.most:
        return f"计{plain(gap.most)}分"
    return f"在{plain(gap.least)}至{plain(gap.most)}分之间评定"


def _absent(rule: Rated) -> str:
    return "没有该类项目的填0，计满分。" if rule.full_when_absent else ""


def _item(item: ChecklistItem) -> str:
    if item.options is None:
        return f"{item.text}，{plain(item.points)}分"
    given = "、".join(plain(one) for one in sorted(item.options, reverse=True))
    return f"{item.text}，按程度计{given}分"


def _event(event: DeductEvent) -> str:
    if event.cost is None:
        return event.text
    least, most = event.cost
    return f"{event.text}，扣{plain(least)}分" if least == most else f"{event.text}，扣{plain(least)}至{plain(most)}分"


def _deducted(rule: DeductRule) -> str:
    if rule.each is None:
        return "扣完为止。"
    which = "以上" if all(event.cost is None for event in rule.events) else "未注明扣分的"
    found = "每缺一项" if rule.missed else "情形每发现一例"
    return f"{which}{found}扣{plain(rule.each)}分，扣完为止。"


def _judged(ranges: list[PointRange]) -> str:
    if all(one.text is None for one in ranges):
        return f"由评价人评定，可计{'或'.join(map(_given, ranges))}。"
    return (
        "；".join(f"{one.text}，计{_given(one)}" if one.text else f"其他情形，计{_given(one)}" for one in ranges) + "。"
    )


def _given(one: PointRange) -> str:
    low, high = one.ends
    return f"{plain(low)}分" if low == high else f"{plain(low)}至{plain(high)}分"


def _numbered(texts: Iterator[str]) -> Iterator[str]:
    """①…；②…: as many as there are circled figures, then （21）."""
    for place, text in enumerate(texts):
        yield (_CIRCLED[place] if place < len(_CIRCLED) else f"（{place + 1}）") + text
