"""绩效指标汇总 worked out: equal third-level indicators of several projects taken together.

As the note under the consolidation form says: absolute values are added, relative values are averaged by the
money spent (全年执行数), qualitative ones by their degree of completion, whose band is then stated.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

import pandas as pd

from gouji.export.exact import number, total, weighted_mean
from gouji.export.project_names import with_project_names
from gouji.export.projects import counted_elsewhere, money_of
from gouji.export.records import plain
from gouji.export.results import Results
from gouji.export.wide import cells_of, figure
from gouji.ingest.figures.measures import Measure, aligned, money_in_wan, parse_measure
from gouji.templates.block_items import ListSpec
from gouji.templates.form import Form
from gouji.templates.labels import identifier

ADDED, WEIGHTED, JUDGED = "累加", "加权平均", "按完成程度加权"
_BANDS = [
    (Decimal("0.8"), "达成"), (Decimal("0.6"), "部分达成并具有一定效果"), (Decimal(0), "未达成且效果较差"),
]  # fmt: skip


@dataclass(slots=True)
class Line:
    """One line of a 自评表 with what it needs to be taken together with others."""

    year: int | None
    group: str | None
    name: str
    project: str
    weight: float | None
    target: float | None
    actual: float | None
    unit: str | None
    completion: float | None


def _figures() -> array[float]:
    return array("d")


@dataclass(slots=True)
class Together:
    """Lines of one year, group, name and unit. `unit` is None for what is no quantity.

    Of every line what is taken together, column by column, a blank as NaN: there are as many lines as there are
    projects, and as objects they would fill the memory.
    """

    year: int | None
    group: str | None
    name: str
    unit: str | None
    projects: list[str] = field(default_factory=list)
    targets: array[float] = field(default_factory=_figures)
    actuals: array[float] = field(default_factory=_figures)
    completions: array[float] = field(default_factory=_figures)
    weights: array[float] = field(default_factory=_figures)

    def add(self, line: Line) -> None:
        """One line more."""
        self.projects.append(line.project)
        columns = (self.targets, self.actuals, self.completions, self.weights)
        for column, value in zip(columns, (line.target, line.actual, line.completion, line.weight), strict=True):
            column.append(math.nan if value is None else value)

    @property
    def filled(self) -> int:
        """How many lines state an 实际完成值."""
        return sum(value is not None for value in _plain(self.actuals))

    @property
    def method(self) -> str:
        """累加, 加权平均 or 按完成程度加权."""
        return JUDGED if self.unit is None else WEIGHTED if self.unit == "%" else ADDED

    @property
    def target(self) -> float | None:
        """年度指标值 taken together."""
        return self._together(self.targets)

    @property
    def actual(self) -> float | None:
        """实际完成值 taken together."""
        return self._together(self.actuals)

    @property
    def completion(self) -> float | None:
        """Degree of completion (0..1) of a qualitative indicator: 自评得分 ÷ 分值, weighted."""
        if self.method != JUDGED:
            return None
        return self._mean(self.completions)

    @property
    def band(self) -> str | None:
        """The band of that degree; its upper limits belong to the band above."""
        degree = self.completion
        return None if degree is None else next((name for least, name in _BANDS if Decimal(str(degree)) >= least), None)

    def _together(self, column: array[float]) -> float | None:
        if self.method == JUDGED:
            return None
        return number(total(_plain(column))) if self.method == ADDED else self._mean(column)

    def _mean(self, column: array[float]) -> float | None:
        """The weighted mean; a single value is itself, whatever was spent."""
        filled = [value for value in _plain(column) if value is not None]
        if len(filled) == 1:
            return filled[0]
        return number(weighted_mean(zip(_plain(column), _plain(self.weights), strict=True)))


def _plain(column: array[float]) -> Iterator[float | None]:
    return (None if value != value else value for value in column)


def together(results: Results) -> list[Together]:
    """The indicators of all projects in the order of year, form and first appearance; every project by one table."""
    by_key: dict[tuple[int | None, str | None, str, str | None], Together] = {}
    for line in _lines(results):
        key = (line.year, line.group, identifier(line.name), line.unit)
        by_key.setdefault(key, Together(line.year, line.group, line.name, line.unit)).add(line)
    groups: dict[str | None, int] = {}
    for indicator in by_key.values():
        groups.setdefault(indicator.group, len(groups))
    return sorted(by_key.values(), key=lambda indicator: (indicator.year or 0, groups[indicator.group]))


def _lines(results: Results) -> Iterable[Line]:
    counted = results.returns[results.returns["adopted"]]
    counted = counted[~counted["return_id"].isin(list(counted_elsewhere(results)))]
    for (name, edition), part in counted.groupby(["form", "edition"], sort=True):
        form = results.catalogue.known(str(name), str(edition))
        if form is not None and form.project_lines is not None:
            yield from _lines_of(results, form, part, form.project_lines)


def _lines_of(results: Results, form: Form, returns: pd.DataFrame, spec: ListSpec) -> Iterable[Line]:
    ids = list(returns["return_id"])
    money = money_of(form)
    spent = cells_of(results.values, ids, {money.executed} if money else set())
    named = with_project_names(results, returns)
    facts = {
        key: (None if year is None else int(year), instance or "")
        for key, year, instance in zip(ids, plain(named["year"]), plain(named["instance"]), strict=True)
    }
    for rows in _whole_returns(results.values.batches(_CELLS, list_id={spec.id})):
        for (return_id, _), cells in _by_line(rows).items():
            if return_id in facts:
                weight = figure(spent[return_id].get(money.executed)) if money else None
                yield _line(spec, cells, *facts[return_id], weight)


def _whole_returns(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The same rows, each return's together: where a batch ends within one, its rows wait for the next."""
    waiting: pd.DataFrame | None = None
    for batch in batches:
        rows = batch if waiting is None else pd.concat([waiting, batch], ignore_index=True)
        last = rows["return_id"].eq(rows["return_id"].iloc[-1])
        yield rows[~last]
        waiting = rows[last]
    if waiting is not None:
        yield waiting


Cell = tuple[float | None, str | None]
_CELLS = ("return_id", "line", "item", "value", "raw")


def _by_line(values: pd.DataFrame) -> dict[tuple[str, str], dict[str, Cell]]:
    """(return_id, line) → column → (value, text)."""
    lines: dict[tuple[str, str], dict[str, Cell]] = {}
    columns = (plain(values[name]) for name in _CELLS)
    for return_id, line, item, value, raw in zip(*columns, strict=True):
        lines.setdefault((return_id, line), {})[item.rpartition(".")[2]] = (value, raw)
    return lines


def _line(spec: ListSpec, cells: dict[str, Cell], year: int | None, project: str, weight: float | None) -> Line:
    measures = [column for column, item in spec.columns.items() if item.kind == "measure"]
    points = [column for column, item in spec.columns.items() if item.kind == "points"]
    read = [_measure(cells.get(column, (None, None))[1]) for column in measures[:2]]
    target, actual, unit = _quantities(*read) if len(read) == 2 else (None, None, None)
    full, got = (cells.get(column, (None, None))[0] for column in points[:2]) if len(points) > 1 else (None, None)
    group = cells.get(spec.levels[-2], (None, None))[1] if len(spec.levels) > 1 else None
    name = cells.get(spec.name_column, (None, None))[1] or group or ""
    completion = got / full if got is not None and full else None
    if completion is None and unit is None and not points and len(read) == 2 and read[1].percent:
        completion = number(read[1].number)  # without points, a 定性 line states its degree of completion itself
    return Line(year, group, name, project, weight, target, actual, unit, completion)


_measure = lru_cache(maxsize=1 << 14)(parse_measure)
"""100%, 12个月 … stand in thousands of tables."""


def _quantities(target: Measure, actual: Measure) -> tuple[float | None, float | None, str | None]:
    """Both figures in one unit, money in 万元; (None, None, None) where the line is no quantity."""
    if target.number is None or (actual.number is None and actual.state == "filled"):
        return None, None, None
    if actual.number is None:
        return number(_in_wan(target)), None, _unit(target)
    both = aligned(target, actual)
    if both is None:
        return None, None, None
    unit = _unit(target) or _unit(actual)
    converted = "万元" in (_unit(target), _unit(actual)) and target.unit == actual.unit
    return (
        (number(_in_wan(target)), number(_in_wan(actual)), unit)
        if converted
        else (number(both[0]), number(both[1]), unit)
    )


def _in_wan(measure: Measure) -> Decimal | None:
    wan = money_in_wan(measure)
    return measure.number if wan is None else wan


def _unit(measure: Measure) -> str:
    return "万元" if money_in_wan(measure) is not None else measure.unit
