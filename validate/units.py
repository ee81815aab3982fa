"""Which unit is meant: one code and name for a unit, whatever another year or another table calls it."""

from __future__ import annotations

import pandas as pd

from gouji.ingest.roster import Roster
from gouji.templates.labels import squeezed

Unit = tuple[str | None, str | None]
"""(单位编码, 单位名称)."""


class Units:
    """The units of a batch, told by the roster (曾用名称或编码 included), else by what their own returns say."""

    def __init__(self, returns: pd.DataFrame, roster: Roster | None) -> None:
        self._roster = roster
        self._by_code: dict[str, Unit] = {}
        self._by_name: dict[str, Unit] = {}
        for code, name in returns[["unit_code", "unit"]].drop_duplicates().itertuples(index=False):
            unit = (_text(code), _text(name))
            if unit[0] is not None:
                self._by_code.setdefault(unit[0], unit)
            if unit[1] is not None:
                known = self._by_name.setdefault(squeezed(unit[1]), unit)
                if known != unit:  # two units of one name: only their codes tell them apart
                    self._by_name[squeezed(unit[1])] = (None, None)

    def known_as(self, code: object, name: object) -> Unit:
        """How this batch calls the unit; the code and name as given when it has none like it."""
        unit = (_text(code), _text(name))
        if self._roster is not None:
            match = self._roster.unit_of(*unit)
            if match is not None:
                return match
        if unit[0] in self._by_code or unit[1] is None:
            return unit
        same_name = self._by_name.get(squeezed(unit[1]), (None, None))
        return unit if same_name == (None, None) else same_name

    def meant(self, code: object, name: object) -> tuple[Unit | None, Unit | None]:
        """The units of the roster or the batch that the code means and that the name means, each taken by itself."""
        of_code, of_name = _text(code), _text(name)
        by_code = None if of_code is None else self._by_code.get(of_code)
        by_name = None if of_name is None else self._by_name.get(squeezed(of_name))
        by_name = None if by_name == (None, None) else by_name
        if self._roster is not None:
            by_code, by_name = self._roster.match(of_code) or by_code, self._roster.match(of_name) or by_name
        return by_code, by_name


def _text(value: object) -> str | None:
    return None if value is None or value is pd.NA or value != value else str(value)
