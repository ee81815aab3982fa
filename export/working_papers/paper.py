"""What the 底稿 of a unit holds: rows of cells for its sheets, ready to be written by whoever has the time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Paper:
    """`facts`: name and content of what stands above all; `tables`, `files`, `figures`, `ties`, `scores`, `problems`:
    cells by the columns of `working_papers.workbook`; `made`: the time that the run states.
    """

    code: str | None
    name: str
    year: int | None
    facts: Sequence[tuple[str, str]]
    tables: Rows
    files: Rows
    figures: Rows
    ties: Rows
    scores: Rows
    problems: Rows
    made: datetime.datetime
