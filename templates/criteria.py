"""评价标准 and 指标说明 as printed on an issued form, made from the scoring rule's own parameters."""

from __future__ import annotations

from decimal import Decimal

from templates.definition import (
    Band,
    BandRule,
    ChecklistRule,
    DeductRule,
    Indicator,
    JudgeRule,
    QualitativeRule,
    Rated,
    RatioRule,
    StepRule,
)
from templates.form import Form
from templates.rules.nodes import Ref
from templates.rules.sentence import formula, plain

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


def criterion(indicator: Indicator) -> str:
    """The criterion text (评价标准): thresholds, steps, bands and points as the rule has them."""
    rule, points = indicator.rule, plain(indicator.points)
    match rule:
        case StepRule():
            return _step(rule, points) + _absent(rule)
        case BandRule(bands=bands):
            return "；".join(f"{_band(band)}，计{plain(band.points)}分" for band in bands) + "。" + _absent(rule)
        case RatioRule():
            return f"得分＝{points}×完成比率，最高{points}分。"
        case ChecklistRule(items=items):
            marked = (f"{_CIRCLED[i]}{item.text}，{plain(item.points)}分" for i, item in enumerate(items))
            return "；".join(marked) + "。"
        case DeductRule(events=events, each=each):
            marked = (f"{_CIRCLED[i]}{event}" for i, event in enumerate(events))
            return "；".join(marked) + f"。以上情形每发现一例扣{plain(each)}分，扣完为止。"
        case QualitativeRule(options=options):
            return "；".join(f"{name}，计{plain(given)}分" for name, given in options.items()) + "。"
        case JudgeRule():
            return f"由部门结合实际细化为个性化指标，在0至{points}分之间评定。"


def explanation(form: Form, indicator: Indicator) -> str:
    """The note (指标说明): the rate's own formula, or where the score comes from."""
    if isinstance(indicator.rule, Rated):
        words = formula(form.rates[indicator.id], _short)
        return f"{indicator.printed_labels[0]}＝{words}" + ("×100%" if "÷" in words else "")
    return "根据自评材料评定。"


def _short(ref: Ref) -> str:
    """An item on a page that has little room: its row and column, without the table it stands in."""
    return ref.item.replace("本年", "").replace(".", "")


def percent(share: Decimal) -> str:
    """0.9 → 90%."""
    return f"{plain(share * 100)}%"


def _step(rule: StepRule, points: str) -> str:
    at = percent(rule.threshold)
    lost = f"{plain(rule.per)}个百分点扣{plain(rule.deduct)}分，扣完为止。"
    match rule.bad:
        case "above":
            return f"{at}以下（含）计{points}分；每超过{lost}"
        case "below":
            return f"{at}以上（含）计{points}分；每低于{lost}"
        case "both":
            return f"{at}计{points}分；每超过或低于{lost}"


def _band(band: Band) -> str:
    if band.at is not None:
        return percent(band.at)
    low = (
        f"{percent(band.from_)}（含）"
        if band.from_ is not None
        else percent(band.over)
        if band.over is not None
        else ""
    )
    high = (
        f"{percent(band.upto)}（含）"
        if band.upto is not None
        else percent(band.below)
        if band.below is not None
        else ""
    )
    if low and high:
        return f"{low}至{high}"
    if low:
        return f"{low}以上" if band.from_ is not None else f"大于{low}"
    return f"{high}以下" if band.upto is not None else f"低于{high}"


def _absent(rule: Rated) -> str:
    return "没有该类项目的填0，计满分。" if rule.full_when_absent else ""
