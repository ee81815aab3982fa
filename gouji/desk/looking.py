"""The round as it stands on the disk, read again whenever something of it has changed there."""

from __future__ import annotations

import datetime
import os
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from gouji.answering import answer
from gouji.commands.catalogue import catalogue_in_round, misplaced
from gouji.deciding import Choice, Decided, Wish, decide
from gouji.desk.working import Workshop
from gouji.export.outputs import SUMMARY
from gouji.export.results import Results
from gouji.files import Source
from gouji.finished import REGISTER
from gouji.reading import content_hash
from gouji.results_folder import DECIDED
from gouji.round.errors import RoundError
from gouji.round.folder import OWN_FORMS, RESULTS, Round, round_at
from gouji.round.settings import SETTINGS_FILE
from gouji.round.standing import Listed, Standing, listed, standing, standing_with, standing_with_files
from gouji.templates.catalogue import Catalogue
from gouji.validate.review.log import LOG, Entry, read_log
from gouji.workers.tasks import Workers

Drawing = TypeVar("Drawing")
_DRAWINGS = 24
"""Tables that are kept as they were drawn."""


Marks = dict[str, Hashable]
_WRITTEN = ("run.json", LOG, "")
"""Names in 结果 (the empty one is the folder itself) that writing an opinion changes."""


@dataclass(frozen=True)
class Look:
    """The round at one moment: its state, its catalogue of forms, the decisions so far."""

    standing: Standing
    catalogue: Catalogue
    log: tuple[Entry, ...]

    @property
    def round(self) -> Round:
        """Its folder and settings."""
        return self.standing.round

    @property
    def results(self) -> Results:
        """What the last run found. Raises NothingCheckedError where there has been none."""
        if self.standing.results is None:
            raise NothingCheckedError
        return self.standing.results

    @property
    def to_come(self) -> frozenset[str]:
        """Ids of the findings and tables on which the desk has written since the last run."""
        count = int(self.results.run.get(DECIDED, 0))
        return frozenset(entry.finding_id for entry in self.log[len(self.log) - count :])


class NothingCheckedError(Exception):
    """There has been no run yet."""


class Desk:
    """One round, kept in memory between requests; safe for several threads.

    `workers`: one process that reads the files that people handed over.
    """

    def __init__(self, folder: Path, workers: Workers) -> None:
        self.folder, self.workers = folder, workers
        self._lock = threading.Lock()
        self._look: Look | None = None
        self.workshop = Workshop(folder)
        self._drawings: dict[Hashable, Any] = {}
        self._marks: tuple[Marks, Hashable] | None = None
        self._counted = True
        self._listed: tuple[Hashable, Listed] | None = None
        self._hashes: dict[Path, tuple[Hashable, str]] = {}

    def round(self) -> Round:
        """Its folder and settings as they are now. Raises RoundError, also where the folder is temporarily absent."""
        if not self.folder.is_dir():
            raise RoundError(
                f"这一轮的文件夹“{self.folder}”不在了：U 盘可能拔掉了，或者文件夹被移走、改了名。"
                "插回原处、改回原名以后，刷新这一页就可以接着办；已经写下的都在那个文件夹里。"
            )
        return round_at(self.folder)

    def look(self, *, inbox: bool = False) -> Look:
        """The round as it is now; `inbox`: with the files that have come since (slow with thousands of
        files). Raises RoundError and what `standing` raises."""
        with self._lock:
            round_ = self.round()
            marks = self._mark(round_), _below(round_.received) if inbox or self._marks is None else self._marks[1]
            if self._look is None or self._marks is None or marks[0] != self._marks[0]:
                self._look, self._counted = self._read(round_), True
            elif marks[1] != self._marks[1]:
                self._stand(standing_with_files(self._look.standing, self._hash_of))
            self._marks = marks
            if inbox and not self._counted:
                self._stand(standing_with(self._look.standing, self._look.results))
                self._counted = True
            return self._look

    def _stand(self, standing: Standing) -> None:
        assert self._look is not None
        self._look = replace(self._look, standing=standing)

    def decide(self, wishes: Sequence[Wish | Choice]) -> Decided:
        """Writes the wishes on findings and tables, and keeps the new decisions. Raises what `gouji.deciding.decide`
        raises."""
        look = self.look()
        with self._lock:
            before = self._mark(look.round)
            decided = decide(look.round.results, look.results, wishes, look.standing.roster)
            if decided.written:
                self._went_on(look, before, decided.results, decided.log)
            return decided

    def answer(self, key: str, words: str, seen: str) -> str:
        """Writes an answer about a label; returns why nothing was written, else an empty text. Raises what
        `gouji.answering.answer` raises."""
        look = self.look()
        with self._lock:
            before = self._mark(look.round)
            answered = answer(look.round.results, look.results, key, words, seen)
            if len(answered.log) > len(look.log):
                self._went_on(look, before, answered.results, answered.log)
            return answered.why

    def _went_on(self, look: Look, before: Marks, results: Results, log: Sequence[Entry]) -> None:
        """Keeps what the desk itself has just written, without reading the round again."""
        self._look = replace(look, standing=replace(look.standing, results=results), log=tuple(log))
        after, received = self._mark(look.round), None if self._marks is None else self._marks[1]
        # What anybody else has changed meanwhile is still to be read.
        self._marks = (after, received) if _without_opinions(before) == _without_opinions(after) else None
        self._counted = False

    def kept(self, key: Hashable, drawing: Callable[[], Drawing]) -> Drawing:
        """A drawn table, kept while it is among the last few; equal keys have equal tables."""
        drawn: Drawing = self._drawings.get(key) or drawing()
        with self._lock:
            self._drawings[key] = drawn
            while len(self._drawings) > _DRAWINGS:
                del self._drawings[next(iter(self._drawings))]
        return drawn

    def _read(self, round_: Round) -> Look:
        catalogue = catalogue_in_round(round_)
        roster = self._roster_of(round_, catalogue)
        status = standing(round_, catalogue, self.workers, roster, self._hash_of, misplaced(catalogue))
        return Look(status, catalogue, tuple(read_log(round_.results / LOG)))

    def _roster_of(self, round_: Round, catalogue: Catalogue) -> Listed:
        """The roster, read again only where its file, the settings or the forms have changed."""
        key = (_roster(round_), _stamp(round_.folder / SETTINGS_FILE), catalogue.version)
        if self._listed is None or self._listed[0] != key:
            self._listed = key, listed(round_, catalogue, self.workers)
        return self._listed[1]

    def _hash_of(self, source: Source) -> str:
        """The hash of a file in 收到, computed again only where the file has changed."""
        if not isinstance(source.path, Path) or (stamp := _stamp(source.path)) is None:
            return content_hash(source)
        before = self._hashes.get(source.path)
        if before is None or before[0] != stamp:
            before = self._hashes[source.path] = stamp, content_hash(source)
        return before[1]

    def _mark(self, round_: Round) -> Marks:
        """Stamps of everything in the round but 收到, by which a change is noticed."""
        out = round_.results
        files = (
            round_.folder / SETTINGS_FILE, *(out / name for name in _WRITTEN), out / SUMMARY, round_.receipts,
            round_.final / REGISTER, round_.issued, out / "退回", out / "反馈意见",
        )  # fmt: skip
        stamps = {path.relative_to(round_.folder).as_posix(): _stamp(path) for path in files}
        day, forms = datetime.date.today(), _below(round_.folder / OWN_FORMS)
        return stamps | {"": day, "名册": _roster(round_), OWN_FORMS: forms}


def _without_opinions(marks: Marks) -> Marks:
    """The stamps without those that writing an opinion changes."""
    written = {f"{RESULTS}/{name}".rstrip("/") for name in _WRITTEN}
    return {name: mark for name, mark in marks.items() if name not in written}


def _roster(round_: Round) -> Hashable:
    try:
        return _stamp(round_.roster())
    except RoundError as error:
        return str(error)


def _stamp(path: Path) -> Hashable:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _below(folder: Path) -> Hashable:
    """Names, sizes and times of all files in a folder."""
    return frozenset(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, Hashable]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            yield str(path), _stamp(path)
