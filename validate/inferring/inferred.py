"""Undefined tables → the inferred ties that do not hold, as findings; and how many were looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gouji.ingest.locating.undefined import Undefined
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.inferring.columns import balances, limits, rates
from gouji.validate.inferring.points import point_ties
from gouji.validate.inferring.sums import beside_sums, breakdowns, column_sums, row_sums
from gouji.validate.inferring.tie import Tie
from gouji.validate.inferring.turned import turned
from gouji.validate.wording import told_apart

_OPEN = ("未识别", "未收录")


def ties(table: Undefined) -> Iterator[Tie]:
    """Every tie that the labels and figures of a table tell."""
    grids = [block for block in table.blocks if not block.beside]
    for block in grids:
        for infer in (row_sums, column_sums, rates, limits, balances):
            yield from infer(block)
    for block in filter(None, map(turned, grids)):
        for infer in (rates, limits, balances):
            yield from infer(block)
    yield from beside_sums([block for block in table.blocks if block.beside])
    yield from breakdowns(table.blocks)
    yield from point_ties(grids)


def undefined_findings(returns: pd.DataFrame, tables: Sequence[tuple[str, Undefined]]) -> Iterator[Finding]:
    """The findings of a batch's undefined tables (return_id, table) that nothing has replaced."""
    known = {row.return_id: row for row in returns[returns["status"] != "已替代"].itertuples(index=False)}
    for known_as, table in tables:
        row = known.get(known_as)
        if row is not None and (table.unread or row.status in _OPEN):
            yield from inferred_findings(table, Origin.of(row))


def inferred_findings(table: Undefined, origin: Origin) -> Iterator[Finding]:
    """U-01 … U-05, 核实性: once per place in which an inferred tie does not hold.

    Of a table that has a definition only ties of a figure that was not read: the others have their own rules.
    """
    unread = set(table.unread)
    which = "这些行" if unread else "这张表"
    for tie in ties(table):
        # The printed unit of money may be any: figures are shown as they stand.
        kind = "number" if tie.kind in {"amount", "count", "quantity"} else tie.kind
        for instance in tie.broken:
            if unread and tie.cells[instance] not in unread:
                continue
            stated, expected, gap = told_apart(tie.stated.value[instance], tie.expected.value[instance], kind)
            yield common(
                tie.code, origin, item=f"{tie.cells[instance]} {tie.sentence[instance]}", cell=tie.cells[instance],
                tie=tie.sentence[instance],
                stated=stated, expected=expected, gap=gap, which=which,
                related_cells="、".join(tie.related[instance]) or None,
                difference=float(tie.stated.value[instance] - tie.expected.value[instance]),
            )  # fmt: skip
