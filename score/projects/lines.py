"""The indicator lines of all 自评表 of one edition, ready for scoring: points, measures, kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.figures.measures import Measure, aligned, paired, parse_measure
from gouji.ingest.figures.written_units import scales
from gouji.ingest.frames import STATES
from gouji.score.arrays import Flags
from gouji.score.projects.line_kind import LineKind, kind_of
from gouji.templates.block_items import ListSpec
from gouji.templates.labels import squeezed
from gouji.templates.precision import EXACT, least
from gouji.templates.rules import quantity as q
from gouji.templates.rules.quantity import Decimals
from gouji.templates.units import MONEY
from gouji.validate.figures import column_quantity
from gouji.validate.wide import ABSENT_STATE, BLANK_STATE, FILLED_STATE, NOT_APPLICABLE_STATE, Columns, Wide

TARGET, ACTUAL, POINTS, SCORE, REASON = "年度指标值", "实际完成值", "分值", "得分", "偏差原因"
"""The columns of the list of indicators."""

_UNREADABLE = STATES.index("unreadable")
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class LineColumns:
    """What the columns of a list of indicators are called; without points every line counts as one point."""

    target: str = TARGET
    actual: str = ACTUAL
    points: str | None = POINTS
    score: str | None = SCORE
    reason: str | None = REASON


@dataclass(frozen=True)
class ProjectLines:
    """One element per line of every return, in the order of `Wide.lists`.

    `numeric`: where `first` (T) and `second` (A) are comparable, in one unit; `half` is half a unit of the last
    decimal that the actual shows (0 where it is exact). Of a range `first` and `second` are the lower ends,
    `first_most` and `second_most` the upper ones. `judged`: the line has a 分值. `usable`: target and
    actual are both there. `named`: what its columns are called.
    """

    owner: NDArray[np.intp]
    line: NDArray[np.object_]
    names: list[str]
    groups: list[str]
    columns: Columns
    points: q.Quantity
    stated: q.Quantity
    targets: list[Measure]
    actuals: list[Measure]
    kinds: list[LineKind]
    first: Decimals
    second: Decimals
    half: Decimals
    first_most: Decimals
    second_most: Decimals
    numeric: Flags
    usable: Flags
    named: LineColumns

    @property
    def size(self) -> int:
        return len(self.owner)

    @property
    def judged(self) -> Flags:
        return self.points.known

    def cell(self, column: str, line: int) -> str | None:
        """Where a column of a line stands."""
        cell: str | None = self.columns.cell[line, self.columns.place[column]]
        return cell

    def absent(self, column: str, line: int) -> bool:
        """Whether the sheet does not have the column (told once for the table, T-30)."""
        return bool(self.columns.state_of(column)[line] == ABSENT_STATE)

    def filled(self, column: str) -> Flags:
        """Where a column holds anything."""
        return ~np.isin(self.columns.state_of(column), [BLANK_STATE, NOT_APPLICABLE_STATE, ABSENT_STATE])


def project_lines(
    wide: Wide, list_id: str, lower_is_better: Sequence[str], named: LineColumns | None = None
) -> ProjectLines:
    """The lines of a list of indicators; `lower_is_better`: words for which less is better."""
    named = named or LineColumns()
    spec, lines = wide.form.lists[list_id], wide.lists[list_id]
    columns, levels = lines.columns, spec.levels
    groups = [squeezed(str(text or "")) for text in columns.raw_of(levels[-2])]
    raw_names = zip(columns.raw_of(spec.name_column), lines.line, strict=True)
    names = [squeezed(str(name if name is not None else line)) for name, line in raw_names]
    lower = tuple(lower_is_better)
    written_actuals = _measures(columns, named.actual)
    together = [
        _together(target, actual, any(word in group for word in lower))
        for target, actual, group in zip(_measures(columns, named.target), written_actuals, groups, strict=True)
    ]
    targets, actuals = [triple[0] for triple in together], [triple[1] for triple in together]
    shown = columns.decimals[:, columns.place[named.actual]].tolist()
    finer = [_finer(*actual_shown) for actual_shown in zip(written_actuals, shown, strict=True)]
    pairs = [_pair(*pair) for pair in zip(targets, actuals, finer, strict=True)]
    usable = (columns.state_of(named.target) == FILLED_STATE) & (columns.state_of(named.actual) == FILLED_STATE)
    return ProjectLines(
        owner=lines.owner,
        line=lines.line,
        names=names,
        groups=groups,
        columns=columns,
        points=_points(columns, spec, named.points, q.constant(Decimal(1), len(names))),
        stated=_points(columns, spec, named.score, q.blank(len(names))),
        targets=targets,
        actuals=actuals,
        kinds=[
            kind_of(target, actual, f"{name}{words}", group, lower)
            for (target, actual, words), name, group in zip(together, names, groups, strict=True)
        ],
        first=_column([pair[0] for pair in pairs]),
        second=_column([pair[1] for pair in pairs]),
        half=_column([pair[2] for pair in pairs]),
        first_most=_column([pair[3] for pair in pairs]),
        second_most=_column([pair[4] for pair in pairs]),
        numeric=np.array([pair[5] for pair in pairs], bool) & usable,
        usable=usable,
        named=named,
    )


def _points(columns: Columns, spec: ListSpec, name: str | None, otherwise: q.Quantity) -> q.Quantity:
    return otherwise if name is None else column_quantity(columns, name, spec.columns[name])


def _measures(columns: Columns, column: str) -> list[Measure]:
    """The measures of a column; what reading could not take for one stays so (a date)."""
    states = columns.state_of(column)
    return [
        _measure(text, STATES[state] if state == _UNREADABLE else None)
        for text, state in zip(columns.raw_of(column), states, strict=True)
    ]


@lru_cache(maxsize=65536)
def _measure(text: str | None, state: str | None) -> Measure:
    measure = parse_measure(text)
    return measure if state is None else Measure("", None, "", False, measure.text, state)


@lru_cache(maxsize=65536)
def _together(target: Measure, actual: Measure, of_cost: bool) -> tuple[Measure, Measure, str]:
    return paired(target, actual, of_cost=of_cost)


def _finer(actual: Measure, shown: int) -> int:
    """How many more decimals an actual shows than it is written with: 0.61111 under 0% shows three fewer."""
    return 0 if actual.number is None or shown < 0 else shown - _places(actual.number)


@lru_cache(maxsize=65536)
def _pair(target: Measure, actual: Measure, finer: int) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal, bool]:
    """T, A, half a unit of A's last decimal, the upper ends of T and A, and whether the two can be compared."""
    numbers, upper = aligned(target, actual), aligned(_top(target), _top(actual))
    if numbers is None or upper is None:
        return Decimal(0), Decimal(0), Decimal(0), Decimal(0), Decimal(0), False
    half = _half(target, actual, _places(numbers[1]) + finer)
    scaled = scales(target.unit, actual.unit) if target.unit and actual.unit not in MONEY else None
    return *numbers, half if scaled is None else half * scaled[1], *upper, True


def _top(measure: Measure) -> Measure:
    return measure if measure.until is None else replace(measure, number=measure.until)


def _half(target: Measure, actual: Measure, places: int) -> Decimal:
    """What rounding leaves open of an actual value: nothing of a whole count, half its last decimal of the rest."""
    percent = actual.percent or (target.percent and not actual.unit)
    kind = "amount" if actual.unit in MONEY else "rate" if percent else "count"
    places = max(places, least(kind, None))
    return _HALF.scaleb(-places) if 0 < places < EXACT else Decimal(0)


def _places(number: Decimal) -> int:
    """Decimals that a number is written with, below 0 where its last digits are left out."""
    return -int(number.as_tuple().exponent)


def _column(values: list[Decimal]) -> Decimals:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
