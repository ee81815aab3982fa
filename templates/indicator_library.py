"""指标库: the bureau's own table of indicators, with the unit and the direction that each has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gouji.templates.labels import squeezed

LIBRARY_SHEET = "指标库"
FIRST, SECOND, NAME, UNIT, DIRECTION, NOTE = "一级", "二级", "三级指标", "计量单位", "方向", "说明"
HEADS = (FIRST, SECOND, NAME, UNIT, DIRECTION, NOTE)
DIRECTIONS = {
    "正向": "≥", "≥": "≥", ">": "≥", "越大越好": "≥",
    "负向": "≤", "反向": "≤", "逆向": "≤", "≤": "≤", "<": "≤", "越小越好": "≤",
    "等于": "=", "=": "=", "定值": "=", "定性": "", "": "",
}  # fmt: skip
"""What may stand under 方向 → the sign that a target has then; "" where none is told."""
_KEPT_PLACE = re.compile(r"^指标\d*[:：、.]?")


@dataclass(frozen=True, slots=True)
class LibraryIndicator:
    """One row. `direction`: as it was written; `sign`: ≥, ≤, = or ""."""

    first: str
    second: str
    name: str
    unit: str
    direction: str
    sign: str
    note: str = ""


@dataclass(frozen=True)
class IndicatorLibrary:
    """The rows in their order."""

    indicators: tuple[LibraryIndicator, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name once."""
        return tuple(dict.fromkeys(one.name for one in self.indicators))

    @cached_property
    def by_key(self) -> dict[str, Sequence[LibraryIndicator]]:
        """Name as it is compared → the rows that have it; the same name may stand under several groups."""
        found: dict[str, list[LibraryIndicator]] = {}
        for one in self.indicators:
            found.setdefault(indicator_key(one.name), []).append(one)
        return dict(found)


def indicator_key(name: str) -> str:
    """A name as it is compared: without white space, full-width signs and what keeps its place (指标1：)."""
    return _KEPT_PLACE.sub("", squeezed(name)).rstrip(":")
