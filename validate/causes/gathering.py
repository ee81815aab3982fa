"""The figures of broken rules, looked up for the returns or lines at which they are broken and for no others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.templates.exact import significant
from gouji.templates.rules import quantity as q
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.naming import ref_name
from gouji.templates.rules.nodes import Compare, Ref
from gouji.templates.rules.scope import PREVIOUS
from gouji.validate.causes.equation import Equation, Term, equation_of
from gouji.validate.causes.figure import Difference, Figure, equated, figure_at
from gouji.validate.causes.naming import cause_of
from gouji.validate.figures import LineFigures, ReturnFigures, Tables, column_quantity, in_group, outer_item
from gouji.validate.lookup import picked
from gouji.validate.residuals import Residual
from gouji.validate.wide import Wide, narrowed

Column = list[list[Figure]]
"""The figures that a term has, row by row: one, the lines of a list, or none where nothing is filled in."""


def causes_at(wide: Wide, tables: Tables, residual: Residual, rows: NDArray[np.intp]) -> dict[int, str]:
    """Row of a residual → the probable cause, where there is one; `rows`: those at which the rule is 不符."""
    equation = equation_of(residual.rule.node) if len(rows) else None
    if equation is None:
        return {}
    looked_up = _Broken(wide, tables, residual.rule, rows).differences(residual, equation)
    named = ((row, cause_of(difference)) for row, difference in zip(rows.tolist(), looked_up, strict=True))
    return {row: cause for row, cause in named if cause is not None}


@dataclass
class _Broken:
    """A rule at the rows at which it is broken."""

    wide: Wide
    tables: Tables
    rule: Rule
    rows: NDArray[np.intp]

    def __post_init__(self) -> None:
        level = self.rule.list_id
        owner = self.rows if level is None else self.wide.lists[level].owner[self.rows]
        returns = np.unique(owner)
        self.owner = np.searchsorted(returns, owner)
        self.at = self.owner
        if level is not None:
            kept = np.flatnonzero(np.isin(self.wide.lists[level].owner, returns))
            self.at = np.searchsorted(kept, self.rows)
        self.own = narrowed(self.wide, returns)
        years = self.own.returns["year"].astype(object).where(self.own.returns["year"].notna(), None)
        self.years: list[int | None] = years.tolist()

    @cached_property
    def figures(self) -> ReturnFigures | LineFigures:
        """Where the single items get their figures from."""
        level = self.rule.list_id
        return ReturnFigures(self.own, self.tables) if level is None else LineFigures(self.own, level, self.tables)

    def differences(self, residual: Residual, equation: Equation) -> list[Difference]:
        """What is known of the difference at every row."""
        left, right = ([self.column(term) for term in side] for side in (equation.left, equation.right))
        ratio = [self.column(Term(ref, 1)) for ref in equation.ratio or ()]
        differences = []
        for place, row in enumerate(self.rows.tolist()):
            open_by = None if right else _exact(residual.tolerance[row])
            size = residual.stated[row] - residual.expected[row]
            difference = equated(_figures(left, place), _figures(right, place), size, open_by)
            over = _figures(ratio, place)
            differences.append(replace(difference, ratio=(over[0], over[1])) if len(over) == 2 else difference)
        return differences

    def column(self, term: Term) -> Column:
        """The figures of a term at every row."""
        if isinstance(term.node, Ref):
            return self._single(term.node, term.weight)
        ref = term.node.part
        assert isinstance(ref, Ref)
        by_return = self._lines(ref, term.weight) if ref.list_id is not None else self._elsewhere(ref, term.weight)
        return [by_return[owner] for owner in self.owner.tolist()]

    def _single(self, ref: Ref, weight: int) -> Column:
        figures = picked(self.figures.quantity(ref), self.at)
        last_year = [picked(self.figures.quantity(other), self.at) for other in self._last_years(ref)]
        column: Column = []
        for row, owner in enumerate(self.owner.tolist()):
            name = ref_name(self.wide.form, ref, year=self.years[owner], rule=self.rule)
            before = tuple(earlier.value[row] for earlier in last_year if earlier.state[row] == q.OK)
            column.append(figure_at(name, figures, row, weight=weight, kind=ref.kind, last_year=before))
        return column

    def _last_years(self, ref: Ref) -> list[Ref]:
        """Where last year's figure of an item of the table stands: in its twin beside it, in last year's table."""
        if ref.form is not None:
            return []
        twins = _twins(self.wide)
        beside = [twins[ref.item]] if ref.item in twins else []
        return beside if self.tables.previous is None else [*beside, replace(ref, form=PREVIOUS)]

    def _lines(self, ref: Ref, weight: int) -> Column:
        list_id, _, column = ref.item.rpartition(".")
        lines = self.own.lists[list_id]
        figures = column_quantity(lines.columns, column, self.wide.form.scope.list_columns[ref.item])
        by_return: Column = [[] for _ in range(self.own.size)]
        for line in np.flatnonzero(in_group(self.own, list_id, ref.group)).tolist():
            by_return[lines.owner[line]] += figure_at(
                str(lines.line[line]), figures, line, weight=weight, kind=ref.kind
            )
        return by_return

    def _elsewhere(self, ref: Ref, weight: int) -> Column:
        """The tables of another form that are added up, each by the name of what it is about."""
        of_unit: dict[str, list[Figure]] = {key: [] for key in self.own.unit_key}
        item = outer_item(ref)
        for other in self.tables.holding(ref, self.wide.form):
            mine = pd.Index(other.unit_key).isin(list(of_unit)) & other.returns["adopted"].to_numpy(dtype=bool)
            chosen = np.flatnonzero(mine)
            figures = column_quantity(narrowed(other, chosen).fixed, item, other.form.items[item])
            for place, position in enumerate(chosen.tolist()):
                row = other.returns.iloc[position]
                name = f"“{row['instance'] if isinstance(row['instance'], str) else other.form.definition.short}”"
                of_unit[other.unit_key[position]] += figure_at(name, figures, place, weight=weight, kind=ref.kind)
        return [of_unit[key] for key in self.own.unit_key]


def _figures(columns: list[Column], place: int) -> list[Figure]:
    return list(chain.from_iterable(column[place] for column in columns))


def _twins(wide: Wide) -> dict[str, Ref]:
    """Item → the item beside it that says what it was last year: what some rule compares with last year's table."""
    twins = {}
    for rule in wide.form.rules:
        match rule.node:
            case Compare(sign="=", left=Ref(form=None) as beside, right=Ref(form=form) as before) if form == PREVIOUS:
                twins[before.item] = beside
    return twins


def _exact(tolerance: float) -> Decimal:
    return Decimal(0) if tolerance != tolerance else significant(tolerance)
