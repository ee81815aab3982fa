"""Sheets of another edition: rows that the definition does not have, labels that were read by their likeness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ingest.exact import significant
from templates.addresses import place_in_table
from templates.rules import quantity as q
from templates.rules.naming import quoted, ref_name, row_labels
from templates.rules.nodes import Compare, Over, Ref, Sum, refs
from validate.figures import ReturnFigures, Tables
from validate.findings import Finding, Origin, common
from validate.inputs import InputAt
from validate.residuals import Residual, residual
from validate.wide import ABSENT_STATE, ExtraAmount, Wide
from validate.wording import figure_text

_MOST_ROWS = 5
MUST, ASK = "强制性", "核实性"


def judge_by_printed_rows(one: Residual, wide: Wide, tables: Tables) -> None:
    """A sum of which the sheet lacks parts is judged by the rows that it has, in place, where these decide.

    They do where they add up to the total or to more than it, and where the sheet has other rows instead.
    """
    if not _sums_a_column(one, wide):
        return
    lacking = ~one.known & ~one.idle & _lacks_parts(one, wide)
    lacking[list(one.unread)] = False
    if not lacking.any():
        return
    told = residual(one.rule, PrintedFigures(wide, tables))
    others = np.isin(np.arange(wide.size), [extra.row for extra in wide.extra])
    too_much = (told.excess > 0) & (told.difference < 0)
    decided = lacking & told.known & ((told.difference == 0) | too_much | others)
    for name in ("difference", "excess", "tolerance", "known", "stated", "expected", "cut_off"):
        setattr(one, name, np.where(decided, getattr(told, name), getattr(one, name)))


class PrintedFigures(ReturnFigures):
    """The figures of every return, of which those that its sheet does not have count as nothing."""

    def column(self, wide: Wide, item: str) -> q.Quantity:
        figures = super().column(wide, item)
        absent = wide.fixed.state_of(item) == ABSENT_STATE
        return replace(figures, state=np.where(absent, q.OK, figures.state).astype(np.int8))


def _lacks_parts(one: Residual, wide: Wide) -> NDArray[np.bool_]:
    """Which sheets have the total and not all of its parts."""
    node = one.rule.node
    assert isinstance(node, Compare) and isinstance(node.left, Ref)
    absent = [wide.fixed.state_of(ref.item) == ABSENT_STATE for ref in (node.left, *_parts(one))]
    lacking: NDArray[np.bool_] = np.any(absent[1:], axis=0) & ~absent[0]
    return lacking


def _parts(one: Residual) -> list[Ref]:
    assert isinstance(one.rule.node, Compare)
    return [ref for ref in refs(one.rule.node.right) if ref.list_id is None]


def _sums_a_column(one: Residual, wide: Wide) -> bool:
    """Whether the rule is a total row and the fixed rows of its own block that make it up."""
    node, form = one.rule.node, wide.form
    if not isinstance(node, Compare) or node.sign != "=" or not isinstance(node.left, Ref):
        return False
    total = form.items.get(node.left.item)
    if total is None or total.column is None or not isinstance(node.right, Sum | Over):
        return False
    own = [form.items.get(ref.item) for ref in _parts(one)]
    return bool(own) and all(item is not None and item.block == total.block for item in own)


def settled_by_extra_rows(one: Residual, wide: Wide) -> dict[int, tuple[ExtraAmount, ...]]:
    """A sum that ties when rows of its block that the definition lacks are counted agrees, in place.

    Returns, by row of the residual, the extra amounts that may belong to a sum that does not tie with them either.
    """
    doubtful: dict[int, tuple[ExtraAmount, ...]] = {}
    for at, extra in _extra_parts(one, wide).items():
        if not one.known[at] or one.difference[at] == 0:
            continue
        gap, leeway = one.stated[at] - one.expected[at], Decimal(str(one.tolerance[at]))
        sums = (sum(_amount(part) for part in parts) for parts in _choices(extra))
        if any(abs(gap - total) <= leeway for total in sums):
            one.difference[at] = one.excess[at] = 0.0
        else:
            doubtful[at] = tuple(extra)
    return doubtful


def _extra_parts(one: Residual, wide: Wide) -> dict[int, list[ExtraAmount]]:
    """Row of the residual → the extra amounts in the block and column of its sum, below the total."""
    node = one.rule.node
    if not wide.extra or not _sums_a_column(one, wide):
        return {}
    assert isinstance(node, Compare) and isinstance(node.left, Ref)
    total = wide.form.items[node.left.item]
    found: dict[int, list[ExtraAmount]] = {}
    for extra in wide.extra:
        above = wide.fixed.cell[extra.row, wide.fixed.place[total.id]]
        same = (extra.block, extra.column) == (total.block, total.column)
        if same and above is not None and place_in_table(extra.cell)[0] > place_in_table(str(above))[0]:
            found.setdefault(extra.row, []).append(extra)
    return found


def _choices(extra: Sequence[ExtraAmount]) -> Iterator[tuple[ExtraAmount, ...]]:
    for count in range(1, min(len(extra), _MOST_ROWS) + 1):
        yield from combinations(extra, count)


def _amount(part: ExtraAmount) -> Decimal:
    return significant(part.value)


def other_edition_findings(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    """T-31 of labels read by likeness, T-32 of rows that the definition does not have: once per table each."""
    names = row_labels(wide.form)
    for row, similar in sorted(wide.similar.items()):
        told = "、".join(f"{quoted(text)}按{quoted(names.get(name, name))}" for name, text in similar.items())
        yield common("T-31", origins[row], item="", detail=told)
    asked = [extra for extra in wide.extra if not extra.settled]
    for row in sorted({extra.row for extra in asked}):
        own = [extra for extra in asked if extra.row == row]
        told = "、".join(dict.fromkeys(quoted(extra.label) for extra in own))
        yield common("T-32", origins[row], item="", detail=told, cell=own[0].cell)


def _left(finding: Finding, extra: Sequence[ExtraAmount]) -> str:
    """By how much a sum differs when the extra rows are counted."""
    gap = significant(finding.difference or 0.0) - sum(map(_amount, extra))
    return figure_text(abs(gap), "amount") or ""


def softened(
    finding: Finding, wide: Wide, row: int, inputs: Sequence[InputAt], extra: Sequence[ExtraAmount]
) -> Finding:
    """Nothing is grave because of a label: what was read by likeness, or may lack an extra row, is asked about."""
    similar = wide.similar.get(row, {})
    lacking = [quoted(ref_name(wide.form, given.ref)) for given in inputs if given.absent]
    parts = dict.fromkeys(part for given in inputs for part in given.ref.item.split(".") if part in similar)
    words = [
        f"{quoted(row_labels(wide.form).get(part, part))}是按表上的{quoted(similar[part])}读取的" for part in parts
    ]
    if lacking:
        words.append(f"表上没有{'、'.join(lacking)}，只按表上有的各行计算")
    if extra:
        rows = "、".join(f"{quoted(one.label)}{figure_text(one.value, 'amount')}" for one in extra)
        words.append(f"表上还有表样没有的{rows}，计入后也不相符，相差 {_left(finding, extra)}")
    if not words:
        return finding
    severity = ASK if finding.severity == MUST else finding.severity
    return replace(finding, severity=severity, message=f"{finding.message}（{'；'.join(words)}。）")
