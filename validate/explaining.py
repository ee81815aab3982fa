"""A verdict as a finding that an official understands: what stands there, what was expected, what to do."""

from __future__ import annotations


from templates.form import Form
from templates.rules.nodes import Compare, Implies, Number, Over, Sum
from templates.rules.sentence import sentence
from validate.findings import Finding, Origin
from validate.frames import DIFFERS, ROUNDING, UNCHECKED
from validate.inputs import InputAt
from validate.residuals import CUT_OFF, Residual
from validate.wording import figure_text, input_label, item_label

HINT = "提示"


def explained(
    form: Form, one: Residual, at: int, verdict: str, origin: Origin, item: str, inputs: list[InputAt]
) -> Finding:
    """The finding of one rule at one return or line (row `at` of the residual)."""
    rule = one.rule
    stated, expected = _sides(one, at, verdict)
    usable = verdict in (DIFFERS, ROUNDING) and isinstance(rule.node, Compare)
    return Finding(
        rule=rule.id,
        layer=rule.layer,
        severity=HINT if verdict == ROUNDING else rule.severity,
        verdict=verdict,
        message=_message(form, one, at, verdict, origin.year, item, inputs),
        item=item,
        cell=inputs[0].cells if inputs and not _many(inputs[0].cells) else None,
        stated=stated,
        expected=expected,
        difference=float(one.stated[at] - one.expected[at]) if usable else None,
        tolerance=float(one.tolerance[at]) if usable else None,
        cause=CUT_OFF if verdict == ROUNDING and one.cut_off[at] else None,
        basis=form.definition.basis,
        related_cells=_related(inputs),
        **origin.fields(),
    )


def _many(cells: str | None) -> bool:
    return cells is not None and "；" in cells


def _sides(one: Residual, at: int, verdict: str) -> tuple[str | None, str | None]:
    node = one.rule.node
    if verdict == UNCHECKED or not isinstance(node, Compare):
        return None, None
    return figure_text(one.stated[at], node.left.kind), _bound(node) + str(figure_text(one.expected[at], node.left.kind))


def _bound(node: Compare) -> str:
    return "" if node.sign == "=" else node.sign


def _message(
    form: Form, one: Residual, at: int, verdict: str, year: int | None, item: str, inputs: list[InputAt]
) -> str:
    node = one.rule.node
    label = _stated_label(form, one, year, item)
    if verdict == UNCHECKED:
        wrong = "；".join(_trouble(form, given, year) for given in inputs if given.trouble)
        return f"“{label}”无法核对（{sentence(node)}）：{wrong or '除数为 0 或数据不全'}。补齐后才能核对。"
    if isinstance(node, Implies) or not isinstance(node, Compare):
        return f"“{label}”：{sentence(node)}。请补填或更正。"
    stated, expected = _sides(one, at, verdict)
    gap = figure_text(abs(one.stated[at] - one.expected[at]), _gap_kind(node))
    gap = f"{gap}" if node.left.kind != "rate" else f"{gap} 个百分点".replace("% 个", " 个")
    if verdict == ROUNDING:
        return f"“{label}”填报 {stated}，按规则（{sentence(node)}）算得 {expected}，相差 {gap}，属于四舍五入尾差，无须更正。"
    return f"“{label}”填报 {stated}，按规则（{sentence(node)}）应为 {expected}，相差 {gap}。请核对后更正。"


def _gap_kind(node: Compare) -> str:
    return node.left.kind


def _stated_label(form: Form, one: Residual, year: int | None, item: str) -> str:
    if one.rule.list_id is not None:
        line, _, _ = item.rpartition(".")
        return f"{line}（{form.scope.list_columns[one.rule.item].label}）".replace("\n", "")
    node = one.rule.node
    if isinstance(node, Compare) and isinstance(node.left, Over | Sum | Number):
        return sentence(node).split("应")[0]
    found = form.items.get(one.rule.item)
    return item if found is None else item_label(form, found, year)


def _trouble(form: Form, given: InputAt, year: int | None) -> str:
    if given.ref.form is not None:
        return str(given.trouble)
    return f"“{input_label(form, given.ref, year)}”{given.trouble}"


def _related(inputs: list[InputAt]) -> str | None:
    cells = [given.cells for given in inputs[1:] if given.cells]
    return "；".join(dict.fromkeys(cells)) or None


