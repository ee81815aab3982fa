"""What is said of labels (表样对照) at the desk: into 表样对照.yaml and the log of a folder of results, by the rules by
which a run takes up what was written in 汇总.xlsx, so that the next run reads by it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gouji.deciding import lengthened, unchanged
from gouji.export.results import Results
from gouji.export.sheets.wordings import reading
from gouji.ingest.beside.review import ReviewBook, ReviewRow
from gouji.ingest.beside.taught_file import read_taught, write_taught
from gouji.locking import alone
from gouji.logged import read_whole_log
from gouji.results_folder import DECIDED
from gouji.statement import StatementError
from gouji.templates.taught import TAUGHT_FILE, Taught
from gouji.templates.text import sheet_text
from gouji.validate.review.log import DESK, Entry
from gouji.validate.review.seal import Seal, texts_mark
from gouji.validate.review.wordings import Question, answers_of, questions, wordings_taken_up

_OVERTAKEN = (
    f"别的窗口或别人刚刚确定过这个标签，或改过{TAUGHT_FILE}（现在的见下），您的没有写入。仍要改的，请再确定一次。"
)
_CHANGED = str(Seal(written="0"))
"""The seal of a row in which somebody has written, whatever stood there."""
_LONGEST = 200
"""Signs of a label that is given as an answer."""


@dataclass(frozen=True)
class Asked:
    """A question, its answer at the desk since the run (None: no answer), and the mark of every answer about its label
    so far."""

    question: Question
    since: str | None
    seen: str

    @property
    def answer(self) -> str:
        """What stands there now."""
        return self.question.answer if self.since is None else self.since

    @property
    def key(self) -> str:
        """What tells the label apart in addresses."""
        return texts_mark(self.question.asked.wording)


@dataclass(frozen=True)
class Answered:
    """The outcome of an answer: the log and results as they are now; `why`: the reason where nothing was written."""

    log: list[Entry]
    results: Results
    why: str = ""


def asked_of(out: Path, results: Results, log: Sequence[Entry]) -> list[Asked]:
    """What people are asked about labels by the last run in `out`, as things stand now. Raises TaughtError."""
    taught = read_taught(out / TAUGHT_FILE)
    return _asked(results, log, taught)


def answer(out: Path, results: Results, key: str, words: str, seen: str) -> Answered:
    """Takes up an answer about the label `key`: 是, 否, a label of the form, nothing to withdraw what was said. `seen`:
    the mark of what its author saw.

    Raises BusyError while a command is at work there, StatementError where a run has replaced the results since they
    were read, or asks nothing of that label, TaughtError, LogError, OutputError.
    """
    with alone(out):
        statement = unchanged(out, results)
        log, taught = read_whole_log(out), read_taught(out / TAUGHT_FILE)
        asked = next((question for question in _asked(results, log, taught) if question.key == key), None)
        if asked is None:
            raise StatementError("这一轮没有问到这个标签，没有写入。请刷新页面。")
        if asked.seen != seen:
            return Answered(log, results, _OVERTAKEN)
        row = _row(results, asked, sheet_text(words).strip()[:_LONGEST])
        book = ReviewBook(DESK, "", wordings=[row], log=(len(log), ""))  # written in sight of the whole log
        recorded = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        longer, taught_now, matters = wordings_taken_up(log, taught, [book], recorded, results.catalogue)
        if matters:
            return Answered(log, results, matters[0].text)

        def beside(draft: Path) -> str:
            write_taught(draft / TAUGHT_FILE, taught_now)
            return TAUGHT_FILE

        stated = lengthened(out, statement, longer, len(longer) - len(log), beside)
    return Answered(longer, dataclasses.replace(results, run=stated))


def _asked(results: Results, log: Sequence[Entry], taught: Iterable[Taught]) -> list[Asked]:
    taught_by_wording = {label.wording: label for label in taught}
    answers, since = answers_of(log), answers_of(log[len(log) - int(results.run.get(DECIDED, 0)) :])
    return [
        Asked(
            question, since[wording][-1].written[0] if wording in since else None,
            _mark(taught_by_wording.get(wording), len(answers.get(wording, ()))),
        )
        for question in questions(results.labels, results.returns, taught_by_wording.values())
        for wording in [question.asked.wording]
    ]  # fmt: skip


def _mark(taught: Taught | None, answers: int) -> str:
    """The mark of all answers about a label: at the desk, in a workbook, or by hand in the file."""
    parts = () if taught is None else (taught.label, *taught.read_as, "", *taught.never, str(taught.counted))
    return texts_mark([str(answers), *parts])


def _row(results: Results, asked: Asked, words: str) -> ReviewRow:
    """As it would stand on 表样对照 of 汇总.xlsx."""
    question = asked.question
    table_and_label = (results.catalogue.short_name(question.asked.form), question.asked.edition, question.asked.label)
    return ReviewRow(question.asked.id, _CHANGED, (words,), (*map(sheet_text, table_and_label), reading(question)))
