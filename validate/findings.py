"""Findings: one row each, with an id that the same fault keeps from run to run."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from ingest.frames import typed
from templates.verdicts import DIFFERS
from validate.catalogue import BASIS, COMMON_RULES
from validate.frames import findings_schema


@dataclass(slots=True)
class Finding:
    """A row of the `findings` frame before it has its id (see `validate.frames.findings_schema`)."""

    rule: str
    layer: str
    severity: str
    verdict: str
    message: str
    unit_code: str | None = None
    unit: str | None = None
    form: str | None = None
    edition: str | None = None
    year: int | None = None
    instance: str | None = None
    return_id: str | None = None
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    item: str | None = None
    stated: str | None = None
    expected: str | None = None
    difference: float | None = None
    tolerance: float | None = None
    cause: str | None = None
    score_impact: float | None = None
    basis: str | None = None
    related_cells: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose finding it is: the columns of its return that every finding repeats."""

    unit_code: str | None = None
    unit: str | None = None
    form: str | None = None
    edition: str | None = None
    year: int | None = None
    instance: str | None = None
    return_id: str | None = None
    file: str | None = None
    sheet: str | None = None

    @classmethod
    def of(cls, row: Any) -> Origin:
        """From a row of the returns frame (a namedtuple)."""
        told = {name: _none(getattr(row, name)) for name in cls.__slots__}
        told["year"] = None if told["year"] is None else int(told["year"])
        return cls(**told)

    def fields(self) -> dict[str, Any]:
        """The columns as keywords of Finding."""
        return {name: getattr(self, name) for name in self.__slots__}


def common(code: str, origin: Origin, *, severity: str | None = None, **details: Any) -> Finding:
    """A finding of a common rule; `details` are columns of Finding or words of the rule's sentence."""
    rule = COMMON_RULES[code]
    columns = {name: details[name] for name in details if name in Finding.__slots__}
    words = {"unit": origin.unit or "", **{name: _none(value) or "" for name, value in details.items()}}
    return Finding(
        rule=code,
        layer=rule.layer,
        severity=severity or rule.severity,
        verdict=DIFFERS,
        message=rule.sentence.format(**words),
        basis=BASIS,
        **origin.fields(),
        **columns,
    )


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """The `findings` frame, ids included."""
    rows = [asdict(finding) for finding in findings]
    frame = pd.DataFrame(rows, columns=[name for name in findings_schema.columns if name != "finding_id"])
    frame.insert(0, "finding_id", _ids(rows))
    return typed(frame, findings_schema)


def _ids(rows: list[dict[str, Any]]) -> list[str]:
    """Fingerprints; where one place is reported for several returns of one table, the return tells them apart."""
    keys = ["|".join(_shown(row[name]) for name in _KEY) for row in rows]
    whose = [_shown(row["unit_code"] or row["unit"]) for row in rows]
    full = [f"{unit}|{key}" for unit, key in zip(whose, keys, strict=True)]
    count = Counter(full)
    told = [
        f"{key}|{row['return_id'] or row['file'] or ''}" if count[key] > 1 else key
        for key, row in zip(full, rows, strict=True)
    ]
    seen: Counter[str] = Counter()
    result = []
    for key in told:
        seen[key] += 1
        again = f"|{seen[key]}" if seen[key] > 1 else ""
        result.append(hashlib.sha256(f"{key}{again}".encode()).hexdigest()[:16])
    return result


_KEY = ("form", "year", "instance", "item", "rule")


def _shown(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _none(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value
