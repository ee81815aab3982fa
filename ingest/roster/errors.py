"""Why a roster cannot be used: each fault with its line, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_MOST = 8
"""Faults that are named where there are more."""


class RosterError(Exception):
    """The roster cannot be used; the message is Chinese."""


class Fault(NamedTuple):
    """What is wrong with a line, by the number that people see at it."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"第{self.line}行{self.what}"


def refused(name: str, sheet: str, faults: Sequence[Fault]) -> RosterError:
    """The refusal of a roster (the file's name, its sheet or nothing) whose lines must be mended first."""
    where = f"名册 {name} " + (f"（工作表“{sheet}”）" if sheet else "")
    told = list(map(str, sorted(set(faults))))
    more = [f"……另有 {len(told) - _MOST} 处"] if len(told) > _MOST else []
    return RosterError("\n  ".join([f"{where}有 {len(told)} 处要先更正：", *told[:_MOST], *more]))
