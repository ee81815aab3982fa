"""What was planted where, and what must be reported for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a fault sits and which rules see it.

    `rules`: any of them, at this form, instance and item, counts as found; a blank `form`, `instance` or `item`
    is not compared (some rules report per table or per file). `exactly`: every rule that the unit's tables may
    then break with 强制性 or 核实性, where that is certain; None where other rules may follow from the fault.
    """

    rules: tuple[str, ...]
    form: str = ""
    instance: str = ""
    item: str = ""
    exactly: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted fault. `file` is relative to the folder of workbooks, blank where nothing was sent."""

    file: str
    unit_code: str
    unit: str
    kind: str
    form: str
    instance: str
    item: str
    rules: tuple[str, ...] = field(default_factory=tuple)
    exactly: tuple[str, ...] | None = None


def write_planted(planted: Iterable[Planted], path: Path) -> None:
    """As JSON, one object per fault."""
    text = json.dumps([asdict(fault) for fault in planted], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def read_planted(path: Path) -> list[Planted]:
    """What `write_planted` wrote."""
    return [_planted(record) for record in json.loads(path.read_text(encoding="utf-8"))]


def _planted(record: dict[str, Any]) -> Planted:
    exactly = record.pop("exactly")
    rules = tuple(record.pop("rules"))
    return Planted(**record, rules=rules, exactly=None if exactly is None else tuple(exactly))
