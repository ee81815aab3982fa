"""How the score of a rated indicator came about, in words: inputs with cells, the rate, the steps, the points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from score.rated_case import RatedCase
from score.sheet_context import SheetContext
from score.step_rule import WAYS, excess, lost
from score.wording import percent, points_text, reference_label
from templates.definition import RatioRule, StepRule
from templates.rules import quantity as q
from templates.rules.evaluate import evaluate
from templates.rules.nodes import Binary, Node, Number, Ref, Sum
from templates.rules.sentence import formula, plain
from validate.inputs import Input

_SIGNS = {"-": "－", "*": "×", "/": "÷"}


def traces(context: SheetContext, case: RatedCase) -> list[str | None]:
    """One sentence per return, None where nothing could be recomputed."""
    node = context.form.rates[case.indicator.id]
    expression = _Expression(context, {one.ref: one for one in case.inputs}).texts(node)
    steps = _steps(case)
    return [
        _trace(case, row, expression[row], steps[row]) if known else None
        for row, known in enumerate(case.recomputed.known.tolist())
    ]


def _trace(case: RatedCase, row: int, expression: str, steps: str) -> str:
    if case.rate.state[row] == q.OK:
        return f"{expression}＝{percent(case.rate.value[row])}；{steps}"
    why = "都是0" if case.rate.state[row] == q.BOTH_ZERO else "已注明没有该类项目"
    return f"{expression}，{why}，按规则得满分{points_text(case.recomputed.readings[0].score[row])}"


def _steps(case: RatedCase) -> list[str]:
    rule, score = case.rule, case.recomputed.of(case.judged.reading, "score")
    match rule:
        case StepRule():
            return _step_words(rule, case.rate, case.judged.reading, score)
        case RatioRule():
            shares = [percent(min(max(rate, Decimal(0)), Decimal(1))) for rate in case.rate.value]
            full = plain(case.indicator.points)
            return [f"{full}分×{share}，得{points_text(one)}" for share, one in zip(shares, score, strict=True)]
        case _:
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


@dataclass
class _Expression:
    """A rate's formula with the figures of every return filled in: `公用经费（2021年决算数）49.76（I49）÷…`."""

    context: SheetContext
    inputs: dict[Ref, Input]

    def texts(self, node: Node) -> list[str]:
        """One text per return."""
        size = self.context.wide.size
        match node:
            case Ref():
                return self._item(node)
            case Number(value=value):
                return [plain(value)] * size
            case Sum(parts=parts):
                return ["＋".join(texts) for texts in zip(*map(self.texts, parts), strict=True)]
            case Binary(sign=sign, left=left, right=right):
                sides = zip(self._bracketed(left), self._bracketed(right), strict=True)
                return [f"{one}{_SIGNS[sign]}{other}" for one, other in sides]
            case _:
                return [f"{formula(node)}{plain(value)}" for value in evaluate(node, self.context.given).value]

    def _bracketed(self, node: Node) -> list[str]:
        loose = isinstance(node, Sum) or (isinstance(node, Binary) and node.sign == "-")
        return [f"（{text}）" for text in self.texts(node)] if loose else self.texts(node)

    def _item(self, ref: Ref) -> list[str]:
        figures, found = self.context.given.quantity(ref), self.inputs[ref]
        labels = {year: reference_label(self.context.form, ref, year) for year in set(self.context.years)}
        columns = zip(
            self.context.years, figures.value, figures.state.tolist(), found.trouble, found.cells,
            self.context.wide.returns["sheet"], strict=True,
        )  # fmt: skip
        return [
            f"{labels[year]}{_shown(value, ref) if state == q.OK else trouble or ''}{_place(cell, sheet)}"
            for year, value, state, trouble, cell, sheet in columns
        ]


def _shown(value: Decimal, ref: Ref) -> str:
    return percent(value) if ref.kind == "rate" else plain(value)


def _place(cell: str | None, sheet: object) -> str:
    """The cell in brackets, without the sheet's name where it is the return's own sheet."""
    return "" if cell is None else f"（{cell.removeprefix(f'{sheet}!')}）"
