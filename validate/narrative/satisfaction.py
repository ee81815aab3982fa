"""满意度 in sentences against what the satisfaction indicators of the unit's tables say was reached.

Reports speak of several satisfactions, so little is held against a table. A figure that is nobody's in particular must
be that of one of the indicators. One of a group (回访满意率) contradicts a figure of everybody only where the table
says that all are satisfied (100%), or at least so many (≥95%), and fewer of the group are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.figures.measures import Measure, parse_measure
from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statements import SATISFACTION
from gouji.templates.block_items import ListSpec
from gouji.templates.exact import places
from gouji.templates.precision import half_width
from gouji.templates.rules.naming import quoted
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.narrative.stated import Stated
from gouji.validate.narrative.tables import AGAINST_TABLE, on_sheet
from gouji.validate.narrative.told import contradiction
from gouji.validate.wide import Wide

_ABOUT = "满意"
_REACHED = "完成"
"""In the name of the column that says what was reached."""
_AT_LEAST = ("≥", ">")
_ALL = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Indicator:
    """A line about satisfaction whose 完成值 is a share: whose table (`wide`, `row`) and in which cell."""

    wide: Wide
    row: int
    reached: Measure
    cell: str | None

    @property
    def share(self) -> Decimal:
        assert self.reached.number is not None  # else it would not be one
        return self.reached.number

    @property
    def least(self) -> bool:
        return self.reached.sign in _AT_LEAST

    def allows(self, low: Decimal, high: Decimal, *, of_group: bool) -> bool:
        """Whether a report may state a share between `low` and `high`."""
        if self.least:
            return high >= self.share
        if self.share == _ALL:
            return high >= _ALL
        half = half_width(self.share, places(self.share), about=False)
        return of_group or (low <= self.share + half and high >= self.share - half)


def against_indicators(stated: Stated, tables: Tables) -> Iterator[Finding]:
    """The statements of 满意度 that no indicator allows."""
    asked = stated.frame["item"].eq(SATISFACTION).to_numpy() & stated.frame["aspect"].eq("").to_numpy()
    rows = np.flatnonzero(asked & stated.own & stated.quantity.known)
    if not len(rows):
        return
    indicators = _indicators(tables)
    several = _several(stated, rows)
    for row in rows.tolist():
        label = str(stated.frame["label"].iloc[row])
        if any(word in label for word in phrases().other_satisfaction):
            continue
        of_group = stated.key[row] in several or _of_group(label)
        beside = _asked(stated, row, indicators, of_group=of_group)
        low, high = stated.quantity.low[row], stated.quantity.high[row]
        if beside and not any(indicator.allows(low, high, of_group=of_group) for indicator in beside):
            yield _finding(stated, row, beside)


def _indicators(tables: Tables) -> dict[str, list[_Indicator]]:
    """Unit → the lines of its tables that count."""
    by_unit: dict[str, list[_Indicator]] = {}
    for wide in tables.wides:
        counts = wide.returns["adopted"].to_numpy(dtype=bool)
        for list_id, spec in wide.form.lists.items():
            for indicator in _of_list(wide, list_id, spec):
                if counts[indicator.row]:
                    by_unit.setdefault(str(wide.unit_key[indicator.row]), []).append(indicator)
    return by_unit


def _of_list(wide: Wide, list_id: str, spec: ListSpec) -> Iterator[_Indicator]:
    reached = next((name for name, item in spec.columns.items() if item.kind == "measure" and _REACHED in name), None)
    if reached is None or spec.personal:
        return
    lines = wide.lists[list_id]
    names = [lines.columns.raw_of(level) for level in spec.levels]
    cells = lines.columns.cell[:, lines.columns.place[reached]]
    for line, text in enumerate(lines.columns.raw_of(reached).tolist()):
        words = "".join(str(column[line] or "") for column in names)
        if text is None or _ABOUT not in words or any(word in words for word in phrases().other_satisfaction):
            continue
        measure = parse_measure(text)
        if measure.percent and measure.number is not None and not measure.change and measure.sign in ("", *_AT_LEAST):
            yield _Indicator(wide, int(lines.owner[line]), measure, cells[line])


def _asked(stated: Stated, row: int, indicators: dict[str, list[_Indicator]], *, of_group: bool) -> list[_Indicator]:
    """The indicators of the table beside which the text stands, else, of a unit's own report, those of its tables:
    a group's satisfaction is held against one table only, several may be about other people."""
    passage = stated.passage(row)
    of_unit = indicators.get(str(stated.key[row]), [])
    beside = [one for one in of_unit if one.wide is passage.wide and one.row == passage.row]
    if beside or passage.project:
        return beside
    tables = {(id(one.wide), one.row) for one in of_unit}
    return [] if of_group and len(tables) > 1 else of_unit


def _several(stated: Stated, rows: NDArray[np.intp]) -> set[object]:
    """The units whose reports state different satisfactions: each is of a group, whatever it is called."""
    first: dict[object, Decimal] = {}
    return {
        key
        for key, value in zip(stated.key[rows], stated.quantity.value[rows], strict=True)
        if first.setdefault(key, value) != value
    }


def _of_group(label: str) -> bool:
    words = phrases()
    rest = words.everybody.sub("", words.subjects.sub("", words.filler.sub("", label)))
    return bool(rest.strip("，、；（）(),; "))


def _finding(stated: Stated, row: int, beside: Sequence[_Indicator]) -> Finding:
    value = stated.quantity.value[row]
    nearest = min(beside, key=lambda indicator: abs(indicator.share - value))
    where = f"{quoted(nearest.wide.form.name)}{f'（{nearest.cell}）' if nearest.cell else ''}"
    sheet = str(nearest.wide.returns["sheet"].iloc[nearest.row])
    return contradiction(
        AGAINST_TABLE, stated, row, nearest.share, bound="≥" if nearest.least else "", where=where,
        related_cells=on_sheet(nearest.cell or "", sheet),
    )  # fmt: skip
