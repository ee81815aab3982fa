"""退回: after checking, a copy of every file in which something is for its unit to mend or to explain."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from export.returned.copies import Copies
from export.returned.findings_book import findings_book
from export.returned.mark_up import CannotMark, Mark, Stamp, mark_up
from export.returned.marks import SEVERITIES, ordered
from gouji.files import Source
from gouji.progress import Progress
from gouji.workers.tasks import Lost, Workers, in_order
from ingest.limits import Limits
from ingest.place import contents
from ingest.refusal import Refused
from templates.verdicts import DIFFERS, UNCHECKED

_OVER = {"已替代", "重复文件"}
"""Statuses of files that are answered for by another one."""
_SHUT = {"无法读取", "已隔离"}
"""Statuses of files that nobody opens again."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy to be made: of which file, for whom, with which marks. `closed`: the file is not to be opened."""

    source: Source
    stamp: Stamp
    unit_code: str | None
    unit: str | None
    marks: list[Mark]
    closed: bool
    limits: Limits


@dataclass(frozen=True, slots=True)
class Made:
    """A copy: the marked file, or a list of our own and why (`reason`)."""

    data: bytes
    reason: str = ""


def return_copies(
    returns: pd.DataFrame, findings: pd.DataFrame, sources: Sequence[Source], rounds: dict[str, int], folder: Path,
    workers: Workers, progress: Progress, limits: Limits | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write the copies into `folder`, which is made anew; returns what was made, for run.json. Raises OSError."""
    told_to_units = findings[findings["verdict"].isin([DIFFERS, UNCHECKED]) & findings["severity"].isin(SEVERITIES)]
    files = _wanted(returns, told_to_units, sources)
    copies = _copies(files, returns, told_to_units, rounds, limits or Limits())
    folder.mkdir(parents=True, exist_ok=True)
    progress.begin("退回", len(files))
    names, made_of, counts = Copies(), [], Counter[str]()
    for copy, made in in_order(workers, make_copy, copies):
        if isinstance(made, Lost):
            made = _list_of(copy, f"标注时程序中断（{made}）")  # noqa: PLW2901
        marked = not made.reason
        place = names.name(copy.unit_code, copy.unit, copy.source.name, marked=marked)
        path = folder / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(made.data)
        counts["marked" if marked else "listed"] += 1
        made_of.append({"file": copy.source.name, "copy": str(place), **({} if marked else {"reason": made.reason})})
        progress.advance(1)
    return {"marked": counts["marked"], "listed": counts["listed"], "copies": made_of}


def _wanted(returns: pd.DataFrame, findings: pd.DataFrame, sources: Sequence[Source]) -> list[Source]:
    """The files that count and in which something is wrong or open, in their order."""
    counting = set(returns.loc[~returns["status"].isin(_OVER), "file"]) & set(findings["file"].dropna())
    return [source for source in sources if source.name in counting]


def _copies(
    files: Sequence[Source], returns: pd.DataFrame, findings: pd.DataFrame, rounds: dict[str, int], limits: Limits
) -> Iterator[Copy]:
    """The copies of these files, each made up only when its turn comes."""
    rows_of, findings_of = (frame.groupby("file").indices for frame in (returns, findings))
    for source in files:
        rows = returns.iloc[rows_of[source.name]]
        known = rows[rows["unit"].notna()]
        first = (known if len(known) else rows).iloc[0]
        yield Copy(
            source=source,
            stamp=Stamp(str(first["sha256"]), rounds.get(source.name, 1) + 1),
            unit_code=_text(first["unit_code"]),
            unit=_text(first["unit"]),
            marks=_marks(findings.iloc[findings_of[source.name]]),
            closed=set(rows["status"]) <= _SHUT,
            limits=limits,
        )


def make_copy(copy: Copy) -> Made:
    """The copy of one file; runs in a worker."""
    if copy.closed:
        return _list_of(copy, "文件无法读取")
    try:
        data = contents(copy.source.path, copy.limits)
        if hashlib.sha256(data).hexdigest() != copy.stamp.sha256:
            return _list_of(copy, "文件在读取以后有改动")
        return Made(mark_up(data, copy.marks, copy.stamp, copy.unit or "", copy.limits))
    except (CannotMark, Refused) as error:
        return _list_of(copy, str(getattr(error, "reason", error)).rstrip("。"))


def _list_of(copy: Copy, reason: str) -> Made:
    return Made(findings_book(ordered(copy.marks), copy.source.name, copy.unit or "", reason), reason)


def _marks(findings: pd.DataFrame) -> list[Mark]:
    columns = findings[list(Mark.__slots__)].astype(object)
    return [Mark(*row) for row in columns.where(columns.notna(), None).itertuples(index=False)]


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
