"""How the score of a rated indicator came about, in words: inputs with cells, the rate, the steps, the points."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from score.columns import joined, years
from score.reading import Recomputed
from score.sheet_rules import full_without_rate
from score.step_rule import WAYS, excess, lost
from score.wording import percent, points_text, reference_label
from templates.definition import Indicator, Rated, StepRule
from templates.rules import quantity as q
from templates.rules.evaluate import evaluate
from templates.rules.nodes import Binary, Node, Number, Ref, Sum
from templates.rules.sentence import formula, plain
from validate.figures import ReturnFigures
from validate.inputs import Input
from validate.wide import Wide

_SIGNS = {"-": "－", "*": "×", "/": "÷"}


def traces(
    wide: Wide, given: ReturnFigures, indicator: Indicator, rate: q.Quantity, recomputed: Recomputed,
    which: NDArray[np.intp], inputs: Sequence[Input],
) -> list[str | None]:  # fmt: skip
    """One sentence per return, None where nothing could be recomputed."""
    rule = indicator.rule
    assert isinstance(rule, Rated)
    node = wide.form.rates[indicator.id]
    expression = _expression(wide, given, node, {one.ref: one for one in inputs})
    steps = _steps(rule, indicator.points, rate, recomputed, which)
    absent = recomputed.known & ~rate.known
    texts: list[str | None] = []
    for row, known in enumerate(recomputed.known.tolist()):
        if not known:
            texts.append(None)
        elif absent[row]:
            why = "均为0" if rate.state[row] == q.BOTH_ZERO else "已注明没有该类项目"
            texts.append(f"{expression[row]}，{why}，按规则得满分{points_text(recomputed.readings[0].score[row])}")
        else:
            texts.append(f"{expression[row]}＝{percent(rate.value[row])}；{steps[row]}")
    return texts


def _steps(
    rule: Rated, points: Decimal, rate: q.Quantity, recomputed: Recomputed, which: NDArray[np.intp]
) -> list[str]:
    score = recomputed.of(which, "score")
    if isinstance(rule, StepRule):
        return _step_words(rule, rate, which, score)
    if rule.kind == "ratio":  # type: ignore[attr-defined]
        return [f"{plain(points)}×{percent(min(r, Decimal(1)))}，得{points_text(s)}" for r, s in zip(rate.value, score, strict=True)]
    return [f"按所在档得{points_text(one)}" for one in score]


def _step_words(rule: StepRule, rate: q.Quantity, which: NDArray[np.intp], score: q.Decimals) -> list[str]:
    beyond = excess(rule, rate).value
    off = np.stack([lost(rule, way, beyond) for way in WAYS])[which % len(WAYS), np.arange(len(which))]
    at = percent(rule.threshold)
    texts = []
    for value, by, deduction, points in zip(rate.value, beyond, off, score, strict=True):
        if by == 0:
            texts.append(f"{_kept(rule, at)}，得{points_text(points)}")
        else:
            side = "超过" if value > rule.threshold else "低于"
            gap = plain(q.round_half_up(by, 2))
            texts.append(f"{side}{at}达{gap}个百分点，扣{points_text(deduction)}，得{points_text(points)}")
    return texts


def _kept(rule: StepRule, at: str) -> str:
    return {"above": f"不超过{at}", "below": f"不低于{at}", "both": f"等于{at}"}[rule.bad]


def _expression(wide: Wide, given: ReturnFigures, node: Node, inputs: dict[Ref, Input]) -> list[str]:
    """The rate's formula with the figures filled in: `公用经费（2021年决算数）49.76（I49）÷…`."""
    size = wide.size
    match node:
        case Ref():
            return _filled_in(wide, given, node, inputs[node])
        case Number(value=value):
            return [plain(value)] * size
        case Sum(parts=parts):
            texts = [_expression(wide, given, part, inputs) for part in parts]
            return joined([part for text in texts for part in ([text] if text is texts[0] else [["＋"] * size, text])], size)
        case Binary(sign=sign, left=left, right=right):
            one, other = (_bracketed(part, _expression(wide, given, part, inputs)) for part in (left, right))
            return joined([one, [_SIGNS[sign]] * size, other], size)
        case _:
            values = evaluate(node, given).value
            return [f"{formula(node)}{plain(value)}" for value in values]


def _bracketed(node: Node, texts: list[str]) -> list[str]:
    loose = isinstance(node, Sum) or (isinstance(node, Binary) and node.sign == "-")
    return [f"（{text}）" for text in texts] if loose else texts


def _filled_in(wide: Wide, given: ReturnFigures, ref: Ref, found: Input) -> list[str]:
    figures = given.quantity(ref)
    known = years(wide)
    labels = {year: reference_label(wide.form, ref, year) for year in set(known)}
    sheets = wide.returns["sheet"].tolist()
    texts = []
    for row, (value, state) in enumerate(zip(figures.value, figures.state, strict=True)):
        cell = _own(found.cells[row], sheets[row])
        shown = _shown(value, ref) if state == q.OK else found.trouble[row] or ""
        texts.append(f"{labels[known[row]]}{shown}{f'（{cell}）' if cell else ''}")
    return texts


def _shown(value: Decimal, ref: Ref) -> str:
    return percent(value) if ref.kind == "rate" else plain(value)


def _own(cell: str | None, sheet: object) -> str:
    """The cell without the sheet's name where it is the return's own sheet."""
    return "" if cell is None else cell.removeprefix(f"{sheet}!")
