"""What the program makes of the hostile files: each alone in a worker, then all in one run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import Lost, in_order
from tests.hostile.trial import Outcome, attempt

_IMPLIED = {"无法读取": "R-01", "未识别": "R-02", "空表": "R-07", "已隔离": "R-09", "未收录": "R-14"}
"""What a status says already."""
_OURS = ("T-", "R-")


def read_alone(paths: Sequence[Path]) -> dict[str, Outcome]:
    """Each file read in a worker of the real kind. One that is lost is tried again in a worker that nobody used."""
    with closing(LocalWorkers(2)) as workers:
        outcomes = dict(in_order(workers, attempt, paths))
    return {path.name: _again(path) if isinstance(outcome, Lost) else outcome for path, outcome in outcomes.items()}


def _again(path: Path) -> Outcome:
    with closing(LocalWorkers(1)) as workers:
        try:
            outcome: Outcome = workers.submit(attempt, path).result()
        except Lost as lost:
            return Outcome("已隔离", str(lost))
    return outcome


@dataclass(frozen=True)
class Verdict:
    """`verdict`: the code of a refusal, else the statuses of the tables. `told`: T- and R- findings with their cells.

    `cells`: what was read from cells that were asked for: a figure, a text, or the state.
    """

    verdict: str
    told: tuple[str, ...] = ()
    cells: Mapping[str, object] = field(default_factory=dict)


class Judged:
    """One run over files, asked file by file."""

    def __init__(self, results: Results) -> None:
        self._returns = dict(iter(results.returns.groupby("file")))
        everything = pd.concat([results.findings, results.asides.frame()])  # what is said beside a finding is told too
        self._findings = dict(iter(everything.groupby("file")))
        self._values = results.values.frame()

    def verdict(self, outcome: Outcome, name: str, cells: Iterable[str]) -> Verdict:
        rows = self._returns.get(name)
        if rows is None:  # no file for a run: a folder, or gone before the files were listed
            return Verdict(outcome.code)
        statuses = "、".join(sorted(set(rows["status"])))
        if outcome.code:
            return Verdict(outcome.code if statuses == "无法读取" else statuses)
        return Verdict(statuses, self._told(name, set(rows["status"])), self._cells(rows["return_id"], cells))

    def _told(self, name: str, statuses: set[str]) -> tuple[str, ...]:
        rows = self._findings.get(name)
        if rows is None:
            return ()
        implied = {rule for status, rule in _IMPLIED.items() if status in statuses}
        ours = rows[rows["rule"].str.startswith(_OURS) & ~rows["rule"].isin(implied)]
        pairs = zip(ours["rule"], ours["cell"].fillna(""), strict=True)
        return tuple(sorted({f"{rule} {cell}".strip() for rule, cell in pairs}))

    def _cells(self, return_ids: Any, wanted: Iterable[str]) -> dict[str, object]:
        mine = self._values[self._values["return_id"].isin(return_ids)]
        stands = {row.cell: row for row in mine.itertuples(index=False)}
        return {cell: _shown(stands.get(cell)) for cell in wanted}


def _shown(row: Any) -> object:
    """A figure, else the text, else the state."""
    if row is None:
        return "absent"
    if row.state != "filled":
        return str(row.state)
    return float(row.value) if row.value == row.value and row.value is not None else str(row.raw)


def run_together(paths: Iterable[Path], out: Path | None = None) -> Judged:
    """All files in one run, as a bureau runs them."""
    with closing(LocalWorkers(2)) as workers:
        return Judged(run([path for path in paths if os.path.lexists(path)], out, workers=workers))


def crash_of(path: Path) -> str:
    """How a run over this one file ends, when it ends with an exception; else empty."""
    try:
        run_together([path])
    except Exception as error:  # that the run lets it out is what is to be told
        return f"crashed {type(error).__name__}"
    return ""
