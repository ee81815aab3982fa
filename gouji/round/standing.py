"""How a round stands: what was issued, what came, what became of it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from gouji.export.attendance import Unit, attendance, overdue
from gouji.export.results import ROSTER_COLUMNS, Results
from gouji.export.settled import outstanding, settled
from gouji.export.states import FINISHED, PASSED, states
from gouji.export.words import FORM_FAULT
from gouji.files import Source, inbox
from gouji.finished import read_finished
from gouji.ingest.register.receipts import read_receipts
from gouji.ingest.roster import Roster, RosterError, owing, read_roster
from gouji.placing import workbook_names
from gouji.reading import content_hash
from gouji.results_folder import DECIDED, edited, holds_results, read_results
from gouji.round.errors import RoundError
from gouji.round.folder import Round, lacking
from gouji.statement import read_statement
from gouji.templates.catalogue import Catalogue
from gouji.validate.review.log import LOG, WORDING, read_log
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import HandedOverError, Workers


@dataclass
class Standing:
    """Counts of a round. `roster`: None where it cannot be used yet, and `roster_fault` says why; `unissued`: units
    without a workbook; `unread`: files that came or changed since the last run; `files`: name →
    hash of all that lie in 收到; `run`: the statement of that run, None
    before the first; `edited`: whether 汇总.xlsx was saved since; `states`: tables by state; `ready`: files all of
    whose tables have passed, to be finished; `open`: findings that ask
    something, by severity; `closed`: those that decisions have closed; `opinions`: decisions ever taken up;
    `decided`: those that the desk wrote since the run; `wordings`: what it wrote of labels; `results`:
    what the last run found."""

    round: Round
    today: datetime.date
    lacking: list[str]
    roster: Roster | None = None
    roster_fault: str = ""
    units: int = 0
    projects: int = 0
    unissued: list[str] = field(default_factory=list)
    received: int = 0
    unread: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    run: Mapping[str, Any] | None = None
    edited: bool = False
    ready: int = 0
    states: Counter[str] = field(default_factory=Counter)
    owing: list[Unit] = field(default_factory=list)
    late: int = 0
    open: Counter[str] = field(default_factory=Counter)
    closed: int = 0
    opinions: int = 0
    returned: int = 0
    letters: int = 0
    finished: int = 0
    decided: int = 0
    wordings: int = 0
    results: Results | None = None


@dataclass(frozen=True)
class Listed:
    """The 名册 of a round as it is; no roster where it cannot be used, and `fault` says why."""

    roster: Roster | None
    fault: str = ""


def listed(given: Round, catalogue: Catalogue, workers: Workers) -> Listed:
    """The 名册 of a round."""
    try:
        roster = handed_over(workers, partial(read_roster, catalogue=catalogue), given.roster())
    except (RosterError, RoundError, HandedOverError) as error:
        return Listed(None, str(error))
    return Listed(owing(roster, given.settings.forms, catalogue))


def standing(
    given: Round, catalogue: Catalogue, workers: Workers, known: Listed | None = None,
    hash_of: Callable[[Source], str] = content_hash,
) -> Standing:  # fmt: skip
    """How it stands now; `known`: the roster, where it has been read; `hash_of`: the hash of a file's contents, empty
    where it cannot be read. Raises StatementError, PreviousError, OSError where its results cannot be read."""
    found = Standing(given, datetime.date.today(), list(lacking(given)))
    _roster(found, known or listed(given, catalogue, workers))
    found.run = read_statement(given.results) if holds_results(given.results) else None
    _files(found, hash_of)
    if found.run is not None:
        found.results = results_of(found.round, found.roster, catalogue, workers)
        found.edited = edited(given.results, found.run)
        found.returned, found.letters = _count(given.results / "退回"), _count(given.results / "反馈意见")
        _counts(found, found.results)
    found.finished = len(read_finished(given.final))
    return found


def standing_with(found: Standing, results: Results) -> Standing:
    """The same round, of which decisions say something else by now: `results` are those with these."""
    other = replace(found, results=results, run=results.run)
    _counts(other, results)
    return other


def standing_with_files(found: Standing, hash_of: Callable[[Source], str] = content_hash) -> Standing:
    """The same round, in whose 收到 something else lies by now."""
    other = replace(found, lacking=list(lacking(found.round)), received=0, unread=0, files={})
    _files(other, hash_of)
    return other


def _roster(found: Standing, known: Listed) -> None:
    found.roster, found.roster_fault = known.roster, known.fault
    if known.roster is None:
        return
    recipients = known.roster.recipients()
    found.units, found.projects = len(recipients), sum(len(one.projects) for one in recipients)
    names = workbook_names(recipients, found.round.settings.year)
    there = zip(recipients, names, strict=True)
    found.unissued = [one.unit for one, name in there if not (found.round.issued / name).exists()]


def _files(found: Standing, hash_of: Callable[[Source], str]) -> None:
    """What lies in 收到, against what the last run read."""
    if not found.round.received.is_dir():
        return
    read = {one["sha256"] for one in found.run["files"]} if found.run else set()
    sources = inbox([found.round.received]).sources
    found.files = {one.name: hash_of(Source(one.path, one.name)) for one in sources}
    found.received = len(found.files)
    found.unread = sum(sha256 not in read for sha256 in found.files.values())


def results_of(given: Round, roster: Roster | None, catalogue: Catalogue, workers: Workers) -> Results:
    """What the last run of a round found, with what outputs go by. Raises PreviousError, StatementError, OSError."""
    results = handed_over(workers, partial(read_results, catalogue=catalogue), given.results)
    run = read_statement(given.results)
    results.roster = None if roster is None else roster.frame[ROSTER_COLUMNS]
    results.terms, results.run, results.year = given.settings.terms, run, run.get("year")
    results.receipts = read_receipts(given.receipts)
    results.finished = frozenset(one.sha256 for one in read_finished(given.final))
    return results


def _counts(found: Standing, results: Results) -> None:
    log = read_log(found.round.results / LOG)
    since = log[len(log) - int(results.run.get(DECIDED, 0)) :]
    found.wordings = sum(entry.kind == WORDING for entry in since)
    found.decided, found.opinions = len(since) - found.wordings, len(log)
    _units(found, results)
    _findings(found, results)


def _units(found: Standing, results: Results) -> None:
    frame = states(results)
    found.states = Counter(frame["state"])
    passed = frame["state"].isin([PASSED, FINISHED]).groupby(frame["file"]).all()
    found.ready = int((passed & frame["state"].eq(PASSED).groupby(frame["file"]).any()).sum())
    found.owing = [unit for unit in attendance(results) if unit.listed and not unit.complete]
    found.late = sum(overdue(unit, found.today) is not None for unit in attendance(results) if unit.listed)


def _findings(found: Standing, results: Results) -> None:
    open_ = outstanding(results)
    found.open = Counter(open_.loc[open_["severity"] != FORM_FAULT, "severity"])
    found.closed = int(settled(results).sum())


def _count(folder: Path) -> int:
    """The units' entries in a folder of results."""
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
