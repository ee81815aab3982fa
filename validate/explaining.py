"""A verdict as a finding that an official understands: what stands there, what was expected, what to do."""

from __future__ import annotations

from functools import partial

from gouji.templates.form import Form
from gouji.templates.rules.naming import column_label, ref_name, rule_sentence
from gouji.templates.rules.nodes import Compare, Node, Number, Over, children, demanded, demands_whole, refs
from gouji.templates.rules.sentence import COMPARED, WHOLE, Name, formula, sentence
from gouji.templates.verdicts import ROUNDING, UNCHECKED
from gouji.validate.findings import Finding, Origin
from gouji.validate.inputs import InputAt
from gouji.validate.one_cause.links import BETWEEN, INPUTS
from gouji.validate.residuals import CUT_OFF, Residual
from gouji.validate.wording import figure_text, told_apart

HINT = "提示"
ASK = "核实性"


def explained(
    form: Form, residual: Residual, row: int, verdict: str, origin: Origin, item: str, inputs: list[InputAt],
    cause: str | None = None,
) -> Finding:  # fmt: skip
    """The finding of one rule at one return or line (`row` of the residual); `cause`: what explains it, if known."""
    rule = residual.rule
    demand = demanded(rule.node)[1]
    compared = demand if isinstance(demand, Compare) and verdict != UNCHECKED else None
    stated = compared or _stated_alone(rule.node, inputs)
    first = inputs[0].cells if inputs else None
    return Finding(
        rule=rule.id,
        layer=rule.layer,
        severity=_severity(residual, row, verdict, inputs),
        verdict=verdict,
        message=_message(form, residual, row, verdict, origin.year, item, inputs),
        item=item,
        cell=None if first is None else first.partition("；")[0],
        stated=figure_text(residual.stated[row], stated.left.kind) if stated else None,
        expected=_expected(residual, row, compared) if compared else None,
        difference=float(residual.stated[row] - residual.expected[row]) if compared else None,
        tolerance=float(residual.tolerance[row]) if compared else None,
        cause=CUT_OFF if verdict == ROUNDING and residual.cut_off[row] else cause,
        basis=rule.basis or form.definition.basis,
        related_cells=_related(inputs),
        wants=None if compared or verdict == UNCHECKED else _lacking(inputs, BETWEEN),
        adds=BETWEEN.join(_added(rule.node)) or None,
        waits=_lacking(inputs, INPUTS) if verdict == UNCHECKED and row not in residual.unread else None,
        **origin.fields(),
    )


def _severity(residual: Residual, row: int, verdict: str, inputs: list[InputAt]) -> str:
    """A rule that waits for a figure which another finding asks for is not asked for once more."""
    if verdict == ROUNDING or (verdict == UNCHECKED and any(operand.asked_for for operand in inputs)):
        return HINT
    return ASK if row in residual.unread else residual.rule.severity


def _stated_alone(node: Node, inputs: list[InputAt]) -> Compare | None:
    """The comparison, where its stated side is one figure that stands there although the rest is missing."""
    known = inputs and inputs[0].trouble is None
    return node if known and isinstance(node, Compare) and inputs[0].ref == node.left else None


def _expected(residual: Residual, row: int, node: Compare) -> str:
    bound = "" if node.sign == "=" else node.sign
    return f"{bound}{figure_text(residual.expected[row], node.left.kind)}"


def _message(
    form: Form, residual: Residual, row: int, verdict: str, year: int | None, item: str, inputs: list[InputAt]
) -> str:
    rule = residual.rule
    in_full = partial(ref_name, form, year=year)
    repeated = partial(ref_name, form, year=year, rule=rule)
    if verdict == UNCHECKED:
        wrong = "；".join(_trouble(operand, in_full) for operand in inputs if operand.trouble)
        if row in residual.unread:
            wrong = f"{wrong}；" if wrong else ""
            wrong += f"有可能属于这里的数没有读取（{residual.unread[row]}）"
        words = rule_sentence(form, rule, year)
        return (
            f"{_where(form, residual, item, in_full)}无法核对：{wrong or '除数为 0'}。规则是：{words}。请补齐后再核对。"
        )
    demand = demanded(rule.node)[1]
    if not isinstance(demand, Compare):
        return f"{_where(form, residual, item, in_full)}：{rule.words or sentence(rule.node, repeated)}。请补填或更正。"
    return _comparison(residual, row, verdict, demand, _where(form, residual, item, in_full), repeated)


def _comparison(residual: Residual, row: int, verdict: str, node: Compare, where: str, name: Name) -> str:
    kind = node.left.kind
    stated, expected, gap = told_apart(residual.stated[row], residual.expected[row], kind)
    ending = "属于四舍五入尾差，无须更正" if verdict == ROUNDING else "请核对后更正"
    if verdict != ROUNDING and residual.rule.severity == ASK:
        ending += "，或说明理由"
    if demands_whole(node):
        return f"{where}现为 {stated}，{WHOLE}，{ending}。"
    if residual.tried:
        return f"{where}现为 {stated}，{COMPARED[node.sign]} {_tried(residual, row, verdict, name, gap)}，{ending}。"
    right = formula(node.right, name)
    plain = isinstance(node.right, Number) or right == expected
    shown = expected if plain else f"{right}＝{expected}"
    return f"{where}现为 {stated}，{COMPARED[node.sign]} {shown}，相差 {gap}，{ending}。"


def _tried(residual: Residual, row: int, verdict: str, name: Name, gap: str) -> str:
    """All that the figure was compared with and fits none of; of one that it fits but for rounding only that."""
    known = [(part, tried.value[row]) for part, tried in residual.tried if tried.known[row]]
    if verdict == ROUNDING:
        known = [(part, value) for part, value in known if value == residual.expected[row]][:1]
    shown = "，或 ".join(f"{formula(part, name)}＝{figure_text(value, part.kind)}" for part, value in known)
    return f"{shown}，{'相差最少的也差' if len(known) > 1 else '相差'} {gap}"


def _where(form: Form, residual: Residual, item: str, name: Name) -> str:
    """Which cell the sentence is about: a line's own name, or the left side of the rule."""
    if residual.rule.list_id is not None:
        line = item.rpartition(".")[0]
        return f"“{line}”的{column_label(form.scope.list_columns[residual.rule.item], None)}"
    node = demanded(residual.rule.node)[1]
    return f"“{formula(node.left, name)}”" if isinstance(node, Compare) else f"“{item}”"


def _trouble(operand: InputAt, name: Name) -> str:
    return str(operand.trouble) if operand.ref.form is not None else f"“{name(operand.ref)}”{operand.trouble}"


def _added(node: Node) -> list[str]:
    """The other forms whose tables a rule adds up."""
    summed = [ref.form for ref in refs(node) if ref.form] if isinstance(node, Over) else []
    return [*summed, *(form for child in children(node) for form in _added(child))]


def _lacking(inputs: list[InputAt], between: str) -> str | None:
    """The cells of the inputs that cannot be used; None where one of them stands in none."""
    cells = [operand.cells for operand in inputs if operand.trouble]
    return between.join(str(cell) for cell in cells) if cells and all(cells) else None


def _related(inputs: list[InputAt]) -> str | None:
    cells = [operand.cells for operand in inputs[1:] if operand.cells]
    return "；".join(dict.fromkeys(cells)) or None
