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
from gouji.round.settings import SETTINGS_FILE
from gouji.statement import read_statement
from gouji.templates.catalogue import Catalogue
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.validate.review.log import LOG, WORDING, read_log
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import HandedOverError, Workers


@dataclass
class Standing:
    """Counts of a round. `forms_fault`: why no command takes its definitions, or the forms of its settings, as they
    are; `roster`: None where it cannot be used yet, and `roster_fault` says why; `unissued`: units
    without a workbook; `unread`: files that came or changed since the last run; `files`: name →
    hash of all that lie in 收到; `run`: the statement of that run, None
    before the first; `edited`: whether 汇总.xlsx was saved since; `states`: tables by state; `ready`: files all of
    whose tables have passed, to be finished; `open`: findings that ask
    something, by severity; `closed`: those that decisions have closed; `opinions`: decisions ever taken up;
    `decided`: those that the desk wrote since the run; `wordings`: answers about labels that it wrote
    since then; `results`: those of the last run."""

    round: Round
    today: datetime.date
    lacking: list[str]
    forms_fault: str = ""
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
    """The 名册 of a round as it is; no roster where it cannot be used, and `fault` says why.

    `forms_fault`: why it does not say who owes the forms of the settings.
    """

    roster: Roster | None
    fault: str = ""
    forms_fault: str = ""


def listed(round_: Round, catalogue: Catalogue, workers: Workers) -> Listed:
    """The 名册 of a round."""
    try:
        roster = handed_over(workers, partial(read_roster, catalogue=catalogue), round_.roster())
    except (RosterError, RoundError, HandedOverError) as error:
        return Listed(None, str(error))
    try:
        return Listed(owing(roster, round_.settings.forms, catalogue))
    except (FormNotFoundError, DefinitionError) as error:
        return Listed(roster, forms_fault=f"{SETTINGS_FILE} 的 forms：{error}")


def standing(
    round_: Round, catalogue: Catalogue, workers: Workers, roster: Listed | None = None,
    hash_of: Callable[[Source], str] = content_hash, misplaced: DefinitionError | None = None,
) -> Standing:  # fmt: skip
    """How it stands now; `roster`: the 名册, where it has already been read; `hash_of`: the hash of a file's contents,
    empty where it cannot be read; `misplaced`: what is wrong with the folder of its own definitions. Raises
    StatementError, PreviousError, OSError where its results cannot be read."""
    status = Standing(round_, datetime.date.today(), list(lacking(round_)), str(misplaced or ""))
    _roster(status, roster or listed(round_, catalogue, workers))
    status.run = read_statement(round_.results) if holds_results(round_.results) else None
    _files(status, hash_of)
    if status.run is not None:
        status.results = results_of(status.round, status.roster, catalogue, workers)
        status.edited = edited(round_.results, status.run)
        status.returned, status.letters = _count(round_.results / "退回"), _count(round_.results / "反馈意见")
        _counts(status, status.results)
    status.finished = len(read_finished(round_.final))
    return status


def standing_with(status: Standing, results: Results) -> Standing:
    """The same round after new decisions: `results` are those of the run with these decisions."""
    changed = replace(status, results=results, run=results.run)
    _counts(changed, results)
    return changed


def standing_with_files(status: Standing, hash_of: Callable[[Source], str] = content_hash) -> Standing:
    """The same round after files in 收到 have changed."""
    changed = replace(status, lacking=list(lacking(status.round)), received=0, unread=0, files={})
    _files(changed, hash_of)
    return changed


def _roster(status: Standing, listing: Listed) -> None:
    status.roster, status.roster_fault = listing.roster, listing.fault
    status.forms_fault = status.forms_fault or listing.forms_fault
    if listing.roster is None:
        return
    recipients = listing.roster.recipients()
    status.units, status.projects = len(recipients), sum(len(recipient.projects) for recipient in recipients)
    names = workbook_names(recipients, status.round.settings.year)
    workbooks = zip(recipients, names, strict=True)
    status.unissued = [recipient.unit for recipient, name in workbooks if not (status.round.issued / name).exists()]


def _files(status: Standing, hash_of: Callable[[Source], str]) -> None:
    """Counts the files in 收到, and those among them that the last run has not read."""
    if not status.round.received.is_dir():
        return
    read = {entry["sha256"] for entry in status.run["files"]} if status.run else set()
    sources = inbox([status.round.received]).sources
    status.files = {source.name: hash_of(Source(source.path, source.name)) for source in sources}
    status.received = len(status.files)
    status.unread = sum(sha256 not in read for sha256 in status.files.values())


def results_of(round_: Round, roster: Roster | None, catalogue: Catalogue, workers: Workers) -> Results:
    """What the last run of a round found, with what outputs go by. Raises PreviousError, StatementError, OSError."""
    results = handed_over(workers, partial(read_results, catalogue=catalogue), round_.results)
    run = read_statement(round_.results)
    results.roster = None if roster is None else roster.frame[ROSTER_COLUMNS]
    results.terms, results.run, results.year = round_.settings.terms, run, run.get("year")
    results.receipts = read_receipts(round_.receipts)
    results.finished = frozenset(entry.sha256 for entry in read_finished(round_.final))
    return results


def _counts(status: Standing, results: Results) -> None:
    log = read_log(status.round.results / LOG)
    since = log[len(log) - int(results.run.get(DECIDED, 0)) :]
    status.wordings = sum(entry.kind == WORDING for entry in since)
    status.decided, status.opinions = len(since) - status.wordings, len(log)
    _units(status, results)
    _findings(status, results)


def _units(status: Standing, results: Results) -> None:
    frame = states(results)
    status.states = Counter(frame["state"])
    passed = frame["state"].isin([PASSED, FINISHED]).groupby(frame["file"]).all()
    status.ready = int((passed & frame["state"].eq(PASSED).groupby(frame["file"]).any()).sum())
    status.owing = [unit for unit in attendance(results) if unit.listed and not unit.complete]
    status.late = sum(overdue(unit, status.today) is not None for unit in attendance(results) if unit.listed)


def _findings(status: Standing, results: Results) -> None:
    open_ = outstanding(results)
    status.open = Counter(open_.loc[open_["severity"] != FORM_FAULT, "severity"])
    status.closed = int(settled(results).sum())


def _count(folder: Path) -> int:
    """The units' entries in a folder of results."""
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
