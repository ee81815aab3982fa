"""Tables whose amounts are ten thousand times what they should be, or that part of it: filled in in 元 without a word.

A figure that is large proves nothing: what counts is the same figure in another table of the unit, last year or in the
bureau's table, the same sum in words of the table itself, or amounts that no staff of that size could spend.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.frames import AMOUNTS_OPEN
from gouji.ingest.register.return_row import table_id
from gouji.templates.checks import ProjectTies
from gouji.templates.exact import significant
from gouji.templates.items import Item
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import sides
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.naming import item_label
from gouji.templates.rules.nodes import Compare, demanded, refs
from gouji.templates.rules.scope import EVIDENCE, PREVIOUS, REFERENCE
from gouji.validate.cells_in_yuan import InYuan, cells_in_yuan
from gouji.validate.figures import ReturnFigures, Tables, column_quantity, money_quantity
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.wide import Wide
from gouji.validate.wording import figure_text

RULE = "R-12"
_WAN = Decimal(10_000)
_LEAST, _MOST = Decimal(3_000), Decimal(30_000)
"""Between these lies "about 10,000 times": figures of two years, or of two offices, are not the same."""
_SAME = Decimal(2)
_FEWEST = 2
"""Amounts that must be so far apart, unless the only one is so to the last digit."""
_PER_HEAD, _LOWER, _SMALLEST, _FEWEST_AMOUNTS = Decimal(1500), Decimal(50), Decimal(100), 4
"""万元 per head: that the lower quarter of a table's amounts and its largest one reach together (their geometric mean),
and that the lower quarter reaches; 万元 below which no amount lies; how many there are. No office spends that on its
journeys and its paper, and who hands on a great deal still has small amounts beside it. Amounts a hundred times the
usual do not reach it, those ten thousand times the usual do."""
_HEADS = ("人数", "编制")
_SOURCES = {PREVIOUS: "上年", REFERENCE: "财政局的参照表"}

Doubts = dict[str, str]
"""Return → why its amounts are in doubt (Chinese)."""


@dataclass(frozen=True)
class _Compared:
    """An amount of every return of an edition beside what the same amount is elsewhere (`source`)."""

    wide: Wide
    rule: Rule
    source: str
    amount: q.Quantity
    other: q.Quantity

    def apart(self, larger: q.Quantity, smaller: q.Quantity) -> NDArray[np.bool_]:
        """Where one side is about 10,000 times the other."""
        mask = self.filled()
        mask[mask] = (larger.value[mask] >= smaller.value[mask] * _LEAST) & (
            larger.value[mask] <= smaller.value[mask] * _MOST
        )
        return mask

    def exactly(self, larger: q.Quantity, smaller: q.Quantity) -> NDArray[np.bool_]:
        """Where it is so within the rounding of both."""
        within = (larger.low <= smaller.high * _WAN) & (larger.high >= smaller.low * _WAN)
        return np.asarray(self.filled() & within, bool)

    def alike(self) -> NDArray[np.bool_]:
        """Where both sides are of one size."""
        mask = self.filled()
        mask[mask] = (self.amount.value[mask] <= self.other.value[mask] * _SAME) & (
            self.other.value[mask] <= self.amount.value[mask] * _SAME
        )
        return mask

    def filled(self) -> NDArray[np.bool_]:
        """Where both sides are known and above 0."""
        above = np.greater(self.amount.value, q.NOUGHT) & np.greater(self.other.value, q.NOUGHT)
        return np.asarray(self.amount.known & self.other.known & above, bool)


_Sides = Callable[[_Compared], tuple[q.Quantity, q.Quantity]]
"""Which side is the larger one, and which the smaller."""


def hold_back(tables: Tables, settled: Collection[str]) -> list[Finding]:
    """Takes the tables whose amounts are in doubt out of what counts (status, `adopted`), each told by one R-12.

    `settled`: tables (`table_id`) that people said are right as they are.
    """
    doubts = _doubts(tables)
    findings: list[Finding] = []
    single = _single(tables, doubts)
    for wide in tables.wides:
        ids = [table_id(*pair) for pair in zip(wide.returns["sha256"], wide.returns["return_id"], strict=True)]
        open_ = wide.returns["return_id"].isin(list(doubts)) & ~np.isin(ids, list(settled))
        open_ &= wide.returns["adopted"]
        for row in wide.returns[open_].itertuples(index=False):
            origin = Origin.of(row)
            in_yuan = single.get(str(origin.return_id))
            cells = {} if in_yuan is None else {"cell": in_yuan.cell, "related_cells": "；".join(in_yuan.related)}
            findings.append(common(RULE, origin, item=origin.place, detail=doubts[str(origin.return_id)], **cells))
        wide.returns["reason"] = wide.returns["reason"].mask(open_, wide.returns["return_id"].map(doubts))
        wide.returns["status"] = wide.returns["status"].mask(open_, AMOUNTS_OPEN)
        wide.returns["adopted"] &= ~open_
    return findings


def _single(tables: Tables, doubts: Doubts) -> dict[str, InYuan]:
    """Return → the cells of a table in which only some amounts are in doubt; added to what was found."""
    by_return = {
        str(wide.returns["return_id"].iloc[row]): in_yuan
        for wide in tables.wides
        for row, in_yuan in cells_in_yuan(wide).items()
    }
    fresh = {name: in_yuan for name, in_yuan in by_return.items() if name not in doubts}
    doubts |= {name: in_yuan.detail for name, in_yuan in fresh.items()}
    return fresh


def _doubts(tables: Tables) -> Doubts:
    doubts: Doubts = {}
    compared = [comparison for wide in tables.wides for comparison in _comparisons(wide, tables)]
    for wide in tables.wides:
        mine = [comparison for comparison in compared if comparison.wide is wide]
        for source in _SOURCES:
            _against(wide, [comparison for comparison in mine if comparison.source == source], doubts)
        _by_heads(wide, doubts)
        _by_words(wide, doubts)
        _by_lines(wide, tables, doubts)
    for wide in tables.wides:
        for form in {comparison.source for comparison in compared if comparison.wide is wide} - _SOURCES.keys():
            _partners(
                wide,
                [comparison for comparison in compared if comparison.wide is wide and comparison.source == form],
                tables,
                doubts,
            )
    return doubts


def _comparisons(wide: Wide, tables: Tables) -> Iterator[_Compared]:
    """The rules of the form that set an amount of its own equal to one of elsewhere."""
    figures = ReturnFigures(wide, tables)
    for rule in wide.form.rules:
        _, demand = demanded(rule.node)
        if rule.list_id is not None or not isinstance(demand, Compare) or demand.sign != "=":
            continue
        outside = {ref.form for ref in refs(demand.right)}
        if demand.left.kind != "amount" or len(outside) != 1 or {ref.form for ref in refs(demand.left)} != {None}:
            continue
        (source,) = outside
        available = {PREVIOUS: tables.previous is not None, REFERENCE: tables.reference is not None, EVIDENCE: False}
        if source is not None and available.get(source, True):
            yield _Compared(wide, rule, source, *sides(demand, figures))


def _settles(compared: list[_Compared], sides: _Sides) -> NDArray[np.bool_]:
    """For which returns most of the amounts that are compared are about 10,000 times too far apart."""
    apart, filled = (
        np.stack(masks).sum(axis=0)
        for masks in (
            [comparison.apart(*sides(comparison)) for comparison in compared],
            [comparison.filled() for comparison in compared],
        )
    )
    return np.asarray((2 * apart > filled) & ((apart >= _FEWEST) | _exactly(compared, sides)), bool)


def _exactly(compared: list[_Compared], sides: _Sides) -> NDArray[np.bool_]:
    """For which returns one of the amounts is so within the rounding of both."""
    return np.asarray(np.stack([comparison.exactly(*sides(comparison)) for comparison in compared]).any(axis=0), bool)


def _up(comparison: _Compared) -> tuple[q.Quantity, q.Quantity]:
    return comparison.amount, comparison.other


def _down(comparison: _Compared) -> tuple[q.Quantity, q.Quantity]:
    return comparison.other, comparison.amount


def _against(wide: Wide, compared: list[_Compared], doubts: Doubts) -> None:
    """Against last year's tables, or the bureau's own."""
    if not compared:
        return
    for larger, times in ((_up, "一万倍"), (_down, "万分之一")):
        for row in np.flatnonzero(_settles(compared, larger)).tolist():
            comparison = next(comparison for comparison in compared if comparison.apart(*larger(comparison))[row])
            label = item_label(wide.form, wide.form.items[comparison.rule.item], None)
            stated, due = (figure_text(side.value[row], "amount") for side in (comparison.amount, comparison.other))
            said = (
                f"多数金额约为{_SOURCES[comparison.source]}的{times}"
                f"（如“{label}”{stated}，{_SOURCES[comparison.source]}{due}）"
            )
            _doubt(wide, row, f"{said}，整张表可能不是按万元填列", doubts)


def _doubt(wide: Wide, row: int, reason: str, doubts: Doubts) -> None:
    doubts.setdefault(str(wide.returns["return_id"].iloc[row]), reason)


def _amounts(wide: Wide) -> list[Item]:
    return [item for item in wide.form.items.values() if item.kind == "amount"]


def _by_heads(wide: Wide, doubts: Doubts) -> None:
    """Against the number of staff that the same table states."""
    counts = (item for item in wide.form.items.values() if item.kind == "count")
    heads = [item for item in counts if any(word in item.label for word in _HEADS)]
    amounts = _amounts(wide)
    if not heads or not amounts:
        return
    staff = np.nan_to_num(_figures(wide, heads)).max(axis=1)
    figures = _figures(wide, amounts)
    filled = figures > 0
    smallest = np.where(filled, figures, np.inf).min(axis=1)
    large = (filled.sum(axis=1) >= _FEWEST_AMOUNTS) & (staff > 0) & (smallest >= float(_SMALLEST))
    for row in np.flatnonzero(large).tolist():
        ordered = sorted(significant(amount) for amount in figures[row][filled[row]].tolist())
        quarter, largest, people = ordered[len(ordered) // 4], ordered[-1], significant(staff[row])
        if quarter >= _LOWER * people and quarter * largest >= (_PER_HEAD * people) ** 2:
            said = f"表上最大的金额是 {figure_text(largest, 'amount')}，最小的也有 {figure_text(ordered[0], 'amount')}"
            _doubt(wide, row, f"{said}，而单位只有 {people:f} 人，整张表可能是按元填列的", doubts)


def _figures(wide: Wide, items: list[Item]) -> NDArray[np.float64]:
    return wide.fixed.value[:, [wide.fixed.place[item.id] for item in items]]


def _by_words(wide: Wide, doubts: Doubts) -> None:
    """Against sums of money that stand in the same table with their unit: ≤100万元 beside 1000000."""
    figures = _figures(wide, _amounts(wide))
    for name, spec in wide.form.lists.items():
        lines = wide.lists[name]
        for column in (column for column, item in spec.columns.items() if item.kind == "measure"):
            money = money_quantity(lines.columns, column)
            raised = np.where(money.known, money.value * _WAN, q.NOUGHT).astype(float)
            near = np.isclose(figures[lines.owner], raised[:, None], rtol=1e-9) & (raised > 0)[:, None]
            for line in np.flatnonzero(near.any(axis=1)).tolist():
                row, stated = int(lines.owner[line]), money.value[line]
                amounts = {significant(amount) for amount in figures[row].tolist() if amount == amount}
                if stated * _WAN in amounts and stated not in amounts:
                    said = f"指标里写的“{lines.columns.raw_of(column)[line]}”在金额栏里填的是 {stated * _WAN:f}"
                    _doubt(wide, row, f"{said}，整张表可能是按元填列的", doubts)


def _by_lines(wide: Wide, tables: Tables, doubts: Doubts) -> None:
    """A project's own table against the line of the project, to the last digit."""
    for ties in wide.form.definition.projects if wide.size else []:
        _by_lines_of(wide, ties, tables, doubts)


def _by_lines_of(wide: Wide, ties: ProjectTies, tables: Tables, doubts: Doubts) -> None:
    lines, spec = wide.lists[ties.list_id], wide.form.lists[ties.list_id]
    listed = _keys(
        wide.unit_key[lines.owner], [column_quantity(lines.columns, name, spec.columns[name]) for name in ties.columns]
    )
    known = {key for key in listed if key is not None}
    raised = {(unit, tuple(amount * _WAN for amount in amounts)) for unit, amounts in known}
    name = wide.form.scope.others[ties.form][0]
    for other in (candidate for candidate in tables.of_form(name) if set(ties.items) <= candidate.form.items.keys()):
        figures = {item: column_quantity(other.fixed, item, other.form.items[item]) for item in ties.items}
        choices = [
            _keys(other.unit_key, [figures[item] for item in choice]) for choice in product(*ties.columns.values())
        ]
        for row, keys in enumerate(zip(*choices, strict=True)):
            if not raised.isdisjoint(keys) and known.isdisjoint(keys):
                said = f"金额恰为“{_short(wide)}”里项目金额的一万倍，可能是按元填列的"
                _doubt(other, row, said, doubts)


def _keys(units: NDArray[np.object_], figures: list[q.Quantity]) -> list[tuple[object, tuple[Decimal, ...]] | None]:
    """Unit and amounts of every row; none for a row that has not all of them."""
    known = np.asarray(
        np.stack([column.known & np.greater(column.value, q.NOUGHT) for column in figures]).all(axis=0), bool
    )
    rows = zip(units, zip(*(column.value for column in figures), strict=True), known, strict=True)
    return [(unit, amounts) if whole else None for unit, amounts, whole in rows]


def _partners(wide: Wide, compared: list[_Compared], tables: Tables, doubts: Doubts) -> None:
    """Against the unit's tables of another form, to the last digit: a few of many projects are a small sum too."""
    others = tables.of_form(compared[0].source)
    if not others:
        return
    for row in np.flatnonzero(_settles(compared, _up) & _exactly(compared, _up)).tolist():
        _doubt(wide, row, f"金额为本单位“{_short(others[0])}”的一万倍，可能是按元填列的", doubts)
    larger = _settles(compared, _down) & _exactly(compared, _down)
    _doubt_partners(wide, larger, others, f"金额为本单位“{_short(wide)}”的一万倍，可能是按元填列的", doubts)
    alike = np.stack([comparison.alike() for comparison in compared]).any(axis=0)
    alike &= wide.returns["return_id"].isin(list(doubts)).to_numpy(dtype=bool)
    _doubt_partners(wide, alike, others, f"金额与本单位“{_short(wide)}”相符，而该表可能是按元填列的", doubts)


def _doubt_partners(wide: Wide, returns: NDArray[np.bool_], others: list[Wide], reason: str, doubts: Doubts) -> None:
    """The tables of the other form of the units of these returns."""
    units = set(wide.unit_key[returns])
    for other in others if units else []:
        for row in np.flatnonzero(np.isin(other.unit_key, list(units))).tolist():
            _doubt(other, row, reason, doubts)


def _short(wide: Wide) -> str:
    return wide.form.definition.short or wide.form.name
