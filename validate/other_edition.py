"""Sheets of another edition: rows that the definition does not have, labels that were read by their likeness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.locating.parts import adds_up, taken_off
from gouji.templates.addresses import place_in_table
from gouji.templates.exact import significant
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.naming import quoted, ref_name, row_labels
from gouji.templates.rules.nodes import Compare, Over, Ref, Sum, refs
from gouji.validate.figures import ReturnFigures, Tables
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.inputs import InputAt
from gouji.validate.lookup import picked, stacked
from gouji.validate.of_which import of_which_runs
from gouji.validate.residuals import Residual, residual_of
from gouji.validate.wide import ABSENT_STATE, ExtraAmount, Wide
from gouji.validate.wording import figure_text

_MOST_ROWS = 5
MUST, ASK = "强制性", "核实性"


def judge_by_printed_rows(residual: Residual, wide: Wide, tables: Tables) -> None:
    """A sum of which the sheet lacks parts is judged by the rows that it has, in place, where these decide.

    They do where they add up to the total or to more than it, where the sheet has other rows instead, and where all
    that is lacking are totals of rows that are there (公务用车 of 公车购置 and 公车运行维护).
    """
    if not sums_a_column(residual, wide):
        return
    lacking = ~residual.known & ~residual.idle & _lacks_parts(residual, wide)
    lacking[list(residual.unread)] = False
    if not lacking.any():
        return
    printed = residual_of(residual.rule, PrintedFigures(wide, tables))
    others = np.isin(np.arange(wide.size), list(extra_parts(residual, wide)))
    too_much = (printed.excess > 0) & (printed.difference < 0)
    decided = lacking & printed.known & ((printed.difference == 0) | too_much | others | _made_up(residual, wide))
    for name in ("difference", "excess", "tolerance", "known", "stated", "expected", "both", "cut_off"):
        setattr(residual, name, np.where(decided, getattr(printed, name), getattr(residual, name)))


class PrintedFigures(ReturnFigures):
    """The figures of every return, of which those that its sheet does not have count as their own parts, else as
    nothing."""

    def column(self, wide: Wide, item: str) -> q.Quantity:
        figures = super().column(wide, item)
        absent = wide.fixed.state_of(item) == ABSENT_STATE
        figures = replace(figures, state=np.where(absent, q.OK, figures.state).astype(np.int8))
        parts = _own_parts(wide, item) if absent.any() else None
        if parts is None:
            return figures
        rows = np.arange(wide.size)
        return picked(stacked([figures, parts]), np.where(absent & parts.known, rows + wide.size, rows))


def _own_parts(wide: Wide, item: str) -> q.Quantity | None:
    """What the rows that make up an item add up to, where they are all there; None where it is no total."""
    node = wide.form.computed.get(item)
    if not isinstance(node, Sum) or any(ref.form is not None or ref.list_id is not None for ref in refs(node)):
        return None
    return evaluate(node, ReturnFigures(wide, Tables([wide])))


def _made_up(residual: Residual, wide: Wide) -> NDArray[np.bool_]:
    """Of which sheets every part that is lacking is a total of rows that are there."""
    made = np.ones(wide.size, bool)
    for ref in parts_of(residual):
        parts = _own_parts(wide, ref.item)
        absent = wide.fixed.state_of(ref.item) == ABSENT_STATE
        made &= ~absent if parts is None else ~absent | parts.known
    return made


def _lacks_parts(residual: Residual, wide: Wide) -> NDArray[np.bool_]:
    """Which sheets have the total and not all of its parts."""
    node = residual.rule.node
    assert isinstance(node, Compare) and isinstance(node.left, Ref)
    absent = [wide.fixed.state_of(ref.item) == ABSENT_STATE for ref in (node.left, *parts_of(residual))]
    lacking: NDArray[np.bool_] = np.any(absent[1:], axis=0) & ~absent[0]
    return lacking


def parts_of(residual: Residual) -> list[Ref]:
    assert isinstance(residual.rule.node, Compare)
    return [ref for ref in refs(residual.rule.node.right) if ref.list_id is None]


def sums_a_column(residual: Residual, wide: Wide) -> bool:
    """Whether the rule is a total row and the fixed rows of its own block that make it up."""
    node, form = residual.rule.node, wide.form
    if not isinstance(node, Compare) or node.sign != "=" or not isinstance(node.left, Ref):
        return False
    total = form.items.get(node.left.item)
    if total is None or total.column is None or not isinstance(node.right, Sum | Over):
        return False
    parts = [form.items.get(ref.item) for ref in parts_of(residual)]
    return bool(parts) and all(item is not None and item.block == total.block for item in parts)


@dataclass(frozen=True)
class Beyond:
    """Extra amounts (of a `kind`) of a sum that ties neither with nor without them: counted in it, or left open."""

    kind: str
    counted: tuple[ExtraAmount, ...]
    open: tuple[ExtraAmount, ...]


def settled_by_extra_rows(residual: Residual, wide: Wide) -> dict[int, Beyond]:
    """A sum that ties when rows of its block that the definition lacks are counted agrees, in place.

    Where it does not, they are counted on sheets that have them instead of rows of the form: the residual is that of
    all rows then. Returns, by row of the residual, the extra amounts of sums that do not tie.
    """
    beyond: dict[int, Beyond] = {}
    for row, extra in extra_parts(residual, wide).items():
        if not residual.known[row] or residual.difference[row] == 0:
            continue
        gap, leeway = residual.stated[row] - residual.expected[row], Decimal(str(residual.tolerance[row]))
        sums = (sum(_amount(part) for part in parts) for parts in _choices(extra))
        if any(abs(gap - total) <= leeway for total in sums):
            residual.difference[row] = residual.excess[row] = 0.0
            continue
        counted = _instead(residual, wide, row, extra) if _lacks_parts(residual, wide)[row] else ()
        assert isinstance(residual.rule.node, Compare)
        left_open = tuple(part for part in extra if part not in counted)
        beyond[row] = Beyond(residual.rule.node.left.kind, counted, left_open)
        if counted:
            _count(residual, row, sum(map(_amount, counted), Decimal(0)))
    return beyond


def _instead(residual: Residual, wide: Wide, row: int, extra: Sequence[ExtraAmount]) -> tuple[ExtraAmount, ...]:
    """The extra rows that stand for rows of the form: no 其中 of a row that is there as well."""
    assert isinstance(residual.rule.node, Compare) and isinstance(residual.rule.node.left, Ref)
    total = place_in_table(str(wide.fixed.cell[row, wide.fixed.place[residual.rule.node.left.item]]))[0]
    inner = [part for run in of_which_runs(extra) if _row(run[0][0]) != total + 1 for line in run for part in line]
    return tuple(part for part in extra if part not in inner)


def _row(extra: ExtraAmount) -> int:
    return place_in_table(extra.cell)[0]


def _count(residual: Residual, row: int, amount: Decimal) -> None:
    """Adds what belongs to a sum to its expected side, in place."""
    residual.expected = residual.expected.copy()
    residual.expected[row] += amount
    difference = float(residual.stated[row] - residual.expected[row])
    residual.difference[row] = difference
    residual.excess[row] = max(0.0, abs(difference) - residual.tolerance[row])


def extra_parts(residual: Residual, wide: Wide) -> dict[int, list[ExtraAmount]]:
    """Row of the residual → the extra amounts of its sum: in its block and column, below the total, no totals; and
    what is taken off or added (扣分项) among the lines that it sums."""
    node = residual.rule.node
    if not wide.extra or not isinstance(node, Compare) or node.sign != "=" or not isinstance(node.left, Ref):
        return {}
    extras: dict[int, list[ExtraAmount]] = {}
    for extra in _among_lines(node, wide):
        extras.setdefault(extra.row, []).append(extra)
    if not sums_a_column(residual, wide):
        return extras
    total = wide.form.items[node.left.item]
    for extra in wide.extra:
        above = wide.fixed.cell[extra.row, wide.fixed.place[total.id]]
        same = (extra.block, extra.column) == (total.block, total.column) and not adds_up(extra.label)
        if same and above is not None and place_in_table(extra.cell)[0] > place_in_table(str(above))[0]:
            extras.setdefault(extra.row, []).append(extra)
    return extras


def _among_lines(node: Compare, wide: Wide) -> list[ExtraAmount]:
    summed = {ref.item for ref in refs(node.right) if ref.list_id is not None and ref.group is None}
    return [extra for extra in wide.extra if f"{extra.block}.{extra.column}" in summed]


def _choices(extra: Sequence[ExtraAmount]) -> Iterator[tuple[ExtraAmount, ...]]:
    for count in range(1, min(len(extra), _MOST_ROWS) + 1):
        yield from combinations(extra, count)


def _amount(part: ExtraAmount) -> Decimal:
    amount = significant(part.value)
    return -abs(amount) if taken_off(part.label) else amount


def other_edition_findings(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    """T-31 of labels read by likeness, T-32 of rows that the definition does not have: once per table each."""
    names = row_labels(wide.form)
    for row, similar in sorted(wide.similar.items()):
        detail = "、".join(f"{quoted(text)}按{quoted(names.get(name, name))}" for name, text in similar.items())
        yield common("T-31", origins[row], item="", detail=detail)
    asked = [extra for extra in wide.extra if not extra.settled]
    for row in sorted({extra.row for extra in asked}):
        extras = [extra for extra in asked if extra.row == row]
        detail = "、".join(dict.fromkeys(quoted(extra.label) for extra in extras))
        yield common("T-32", origins[row], item="", detail=detail, cell=extras[0].cell)


def _left(finding: Finding, beyond: Beyond) -> str:
    """By how much a sum differs when the extra rows are counted."""
    gap = significant(finding.difference or 0.0) - sum(map(_amount, beyond.open))
    return figure_text(abs(gap), beyond.kind) or ""


def softened(finding: Finding, wide: Wide, row: int, inputs: Sequence[InputAt], beyond: Beyond | None) -> Finding:
    """Nothing is grave because of a label: what was read by likeness, or may lack an extra row, is asked about."""
    similar = wide.similar.get(row, {})
    lacking = [quoted(ref_name(wide.form, operand.ref)) for operand in inputs if operand.absent]
    parts = dict.fromkeys(part for operand in inputs for part in operand.ref.item.split(".") if part in similar)
    words = [
        f"{quoted(row_labels(wide.form).get(part, part))}是按表上的{quoted(similar[part])}读取的" for part in parts
    ]
    if lacking:
        words.append(f"表上没有{'、'.join(lacking)}，只按表上有的各行计算")
    if beyond is not None and beyond.counted:
        words.append(f"表样没有的{_listed(beyond.counted, beyond.kind)}已计入")
    if beyond is not None and beyond.open:
        words.append(
            f"表上还有表样没有的{_listed(beyond.open, beyond.kind)}，计入后也不相符，相差 {_left(finding, beyond)}"
        )
    if not words:
        return finding
    severity = ASK if finding.severity == MUST else finding.severity
    return replace(finding, severity=severity, message=f"{finding.message}（{'；'.join(words)}。）")


def _listed(extra: Sequence[ExtraAmount], kind: str) -> str:
    return "、".join(f"{quoted(part.label)}{figure_text(part.value, kind)}" for part in extra)
