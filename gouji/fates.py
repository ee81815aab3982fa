"""What became of a file that was received, in a line: for a list of files, and while they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gouji.export.records import records
from gouji.export.sheets.received import STATUS_SHADES
from gouji.export.words import RECEIVED
from gouji.templates.catalogue import Catalogue


@dataclass(frozen=True)
class Fate:
    """A file below where it was received: the most urgent `status` of its tables, whose they are,
    which forms, why, and how many figures were read and not read."""

    name: str
    sha256: str
    status: str
    unit: str
    forms: str
    why: str
    read: int
    unread: int


def fates(returns: pd.DataFrame, catalogue: Catalogue) -> Iterator[Fate]:
    """Of every file of a `returns` frame, in its order."""
    files: dict[str, list[dict[str, Any]]] = {}
    for row in records(returns):
        files.setdefault(row["file"], []).append(row)
    for name, rows in files.items():
        yield Fate(
            name,
            rows[0]["sha256"] or "",
            min((row["status"] for row in rows), key=_urgency),
            "、".join(_each(row["unit"] or row["unit_code"] for row in rows)),
            _counted(catalogue.short_name(row["form"]) or row["sheet"] or "" for row in rows),
            "；".join(_each(row["reason"] for row in rows)),
            sum(row["read"] or 0 for row in rows),
            sum(row["unread"] or 0 for row in rows),
        )


def _urgency(status: str) -> int:
    """What stands in the way first; what was set aside (a spare table, a copy) says nothing beside what counts."""
    return ("bad", "warn", "good", "quiet").index("good" if status == RECEIVED else STATUS_SHADES[status])


def _each(words: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))


def _counted(forms: Iterable[str]) -> str:
    """`基础数据表、自评表×8`."""
    counts = Counter(filter(None, forms)).items()
    return "、".join(form if count == 1 else f"{form}×{count}" for form, count in counts)
