"""Whose a row of a frame is: the units of the batch, numbered as in 收表情况."""

from __future__ import annotations

import pandas as pd

from gouji.export.attendance import Unit, attendance
from gouji.export.records import plain
from gouji.export.results import Results

NOBODY = -1
"""The place of rows whose unit could not be told."""


class Parties:
    """`units`: those of the roster in its order, then the others as they came; a place is an index into them."""

    def __init__(self, results: Results) -> None:
        self.units: list[Unit] = attendance(results)
        self._codes = {unit.code: place for place, unit in enumerate(self.units) if unit.code}
        self._names = {unit.name: place for place, unit in reversed(list(enumerate(self.units))) if unit.name}

    def places(self, frame: pd.DataFrame) -> pd.Series[int]:
        """The place of every row by its unit_code, else by its unit."""
        pairs = list(zip(plain(frame["unit_code"]), plain(frame["unit"]), strict=True))
        known = {pair: self._place(*pair) for pair in set(pairs)}
        return pd.Series([known[pair] for pair in pairs], index=frame.index, dtype=int)

    def _place(self, code: str | None, name: str | None) -> int:
        if code in self._codes:
            return self._codes[code]
        return self._names.get(name, NOBODY) if name else NOBODY


def title(unit: Unit) -> str:
    """What a unit is called on the page."""
    return unit.name or unit.code or "（单位无法确定）"
