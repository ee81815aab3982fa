"""How the score of a rated indicator came about, in words: inputs with cells, the rate, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gouji.score.sheets.rate_words import rate_text, rate_words
from gouji.score.sheets.rated_case import RatedCase
from gouji.score.sheets.sheet_context import SheetContext
from gouji.score.wording import reference_label
from gouji.templates.addresses import on_sheet
from gouji.templates.exact import plain
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.nodes import Binary, Node, Number, Ref, Sum
from gouji.templates.rules.sentence import formula
from gouji.templates.scoring.points import points_text, rounded_percent
from gouji.validate.inputs import Input

_SIGNS = {"-": "－", "*": "×", "/": "÷"}


def traces(context: SheetContext, case: RatedCase) -> list[str | None]:
    """One sentence per return, None where nothing could be recomputed."""
    node = context.form.rates[case.indicator.id]
    expression = _Expression(context, {operand.ref: operand for operand in case.inputs}).texts(node)
    words = rate_words(case)
    return [
        _trace(case, row, expression[row], words[row]) if known else None
        for row, known in enumerate(case.recomputed.known.tolist())
    ]


def _trace(case: RatedCase, row: int, expression: str, words: str) -> str:
    if case.rate.state[row] == q.OK:
        return f"{expression}＝{rate_text(case, case.rate.value[row])}；{words}"
    why = "都是0" if case.rate.state[row] == q.BOTH_ZERO else "已注明没有该类项目"
    return f"{expression}，{why}，按规则得满分{points_text(case.recomputed.readings[0].score[row])}"


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
                return [f"{left_text}{_SIGNS[sign]}{right_text}" for left_text, right_text in sides]
            case _:
                return [f"{formula(node)}{plain(value)}" for value in evaluate(node, self.context.figures).value]

    def _bracketed(self, node: Node) -> list[str]:
        loose = isinstance(node, Sum) or (isinstance(node, Binary) and node.sign == "-")
        return [f"（{text}）" for text in self.texts(node)] if loose else self.texts(node)

    def _item(self, ref: Ref) -> list[str]:
        figures, operand = self.context.figures.quantity(ref), self.inputs[ref]
        labels = {year: reference_label(self.context.form, ref, year) for year in set(self.context.years)}
        columns = zip(
            self.context.years, figures.value, figures.state.tolist(), operand.trouble, operand.cells,
            self.context.wide.returns["sheet"], strict=True,
        )  # fmt: skip
        return [
            f"{labels[year]}{_shown(value, ref) if state == q.OK else trouble or ''}{_place(cell, sheet)}"
            for year, value, state, trouble, cell, sheet in columns
        ]


def _shown(value: Decimal, ref: Ref) -> str:
    return rounded_percent(value) if ref.kind == "rate" else plain(value)


def _place(cell: str | None, sheet: object) -> str:
    """The cell in brackets, without the sheet's name where it is the return's own sheet."""
    if cell is None:
        return ""
    there, address = on_sheet(str(sheet), cell)
    return f"（{address if there == sheet else cell}）"
