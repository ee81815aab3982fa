"""Findings: one row each, with an id that the same fault keeps from run to run."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gouji.ingest.columns import is_text, texts
from gouji.ingest.frames import typed
from gouji.ingest.roster import code_key
from gouji.templates.verdicts import DIFFERS
from gouji.validate.catalogue import BASIS, COMMON_RULES
from gouji.validate.frames import findings_schema, found_schema, rows_schema


@dataclass(slots=True)
class Finding:
    """A row of all that was found before it has its id (see `validate.frames.found_schema`)."""

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
    wants: str | None = None
    waits: str | None = None
    adds: str | None = None


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
        fields = {name: _none(getattr(row, name)) for name in cls.__slots__}
        fields["year"] = None if fields["year"] is None else int(fields["year"])
        return cls(**fields)

    @property
    def place(self) -> str:
        """Where in its file the table stands (`工作表#1`): what the file is called is no part of what is found."""
        return (self.return_id or "").partition("#")[2]

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
    """The `findings` frame, ids included; every one stands for itself."""
    return typed(identified([finding_rows(findings)]), findings_schema)


def finding_rows(findings: Iterable[Finding]) -> pd.DataFrame:
    """What was found in a part of a batch, without ids, which only a whole batch has."""
    rows = [tuple(getattr(finding, name) for name in Finding.__slots__) for finding in findings]
    return typed(pd.DataFrame(rows, columns=list(Finding.__slots__)), rows_schema)


def identified(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All that was found in a batch, with ids, from the rows of its parts."""
    filled = [part for part in parts if len(part)]
    frame = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(rows_schema.columns))
    frame.insert(0, "finding_id", finding_ids(frame))
    return typed(frame, found_schema)


def finding_ids(frame: pd.DataFrame) -> list[str]:
    """Fingerprints; where one place is reported for several returns of one table, the return tells them apart.

    Zeros that a spreadsheet ate from a code change nothing. What is no unit's goes by its file.
    """
    # Counted by their hashes: the words of all findings of a batch would fill the memory.
    count = Counter(map(_hash, _full_keys(frame)))
    returns = _shown(frame["return_id"].fillna(frame["file"]))
    seen: Counter[bytes] = Counter()
    result = []
    for full, return_id in zip(_full_keys(frame), returns, strict=True):
        key = f"{full}|{return_id}" if count[_hash(full)] > 1 else full
        known = _hash(key)
        seen[known] += 1
        again = f"|{seen[known]}" if seen[known] > 1 else ""
        result.append(hashlib.sha256(f"{key}{again}".encode()).hexdigest()[:16])
    return result


def _full_keys(frame: pd.DataFrame) -> Iterator[str]:
    """What every finding is about, in words."""
    names = ("unit_code", "unit", "file", *_KEY)
    for code, unit, file, *parts in zip(*(_shown(frame[name]) for name in names), strict=True):
        yield "|".join([code_key(code) if code else unit or file, *parts])


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


_KEY = ("form", "year", "instance", "item", "rule")


def _shown(column: pd.Series[Any]) -> list[str]:
    if is_text(column):
        return texts(column, "")
    return ["" if value is None or value is pd.NA or value != value else str(value) for value in column]


def _none(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value
