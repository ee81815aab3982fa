"""表样对照: which labels of sheets people are asked about, and what they answered, taken up into a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import pandas as pd

from gouji.ingest.beside.review import ReviewBook, ReviewRow
from gouji.ingest.beside.taught_file import in_order
from gouji.ingest.locating.form_labels import teachable_labels
from gouji.ingest.locating.labels_met import BEYOND, TAUGHT, UNKNOWN
from gouji.templates.catalogue import Catalogue
from gouji.templates.errors import FormNotFoundError
from gouji.templates.form import Form
from gouji.templates.labels import label_key, squeezed
from gouji.templates.review import NO, WORDING_TOLD_HEADS, YES
from gouji.templates.taught import TAUGHT_FILE, Taught, shown_label
from gouji.templates.text import sheet_text
from gouji.validate.review.log import DESK, WORDING, Entry, chained
from gouji.validate.review.seal import read_seal, texts_mark
from gouji.validate.review.take_up import Matter

NOT_TAKEN = "表样对照没有采用"
_END = '。.；;“”"'

Wording = tuple[str, str, str]
"""Form, edition and label key: what is asked once."""


class Asked(msgspec.Struct, frozen=True):
    """A label of the sheet as it is asked about, and what an answer is about: as which labels it was read, and whether
    it was met as a row beyond the definition."""

    form: str
    edition: str
    label: str
    read_as: tuple[str, ...] = ()
    beyond: bool = False

    @property
    def wording(self) -> Wording:
        """What is asked once."""
        return self.form, self.edition, label_key(self.label)

    @property
    def id(self) -> str:
        """As it stands in its hidden cell."""
        return msgspec.json.encode(self).decode()


@dataclass(frozen=True, slots=True)
class Question:
    """A row of 表样对照. `blocks`: blocks in which the label is a row beyond the definition; `unknown`: whether it
    was met and not recognised; `lacking`: labels of the form that the same tables do not have; `tables`: the number of
    tables with the label, `example` (unit, file, sheet, cell): one of them; `taught`: the taught answer; `answer`: the
    text of the cell."""

    asked: Asked
    blocks: tuple[str, ...]
    unknown: bool
    lacking: tuple[str, ...]
    tables: int
    example: tuple[str | None, str | None, str | None, str | None]
    taught: Taught | None
    answer: str


def questions(labels: pd.DataFrame, returns: pd.DataFrame, taught: Iterable[Taught]) -> list[Question]:
    """One per label and edition: labels met in tables, then labels with an answer that were not met.

    `labels`, `returns`: frames as in `ingest.frames`.
    """
    answers = {answer.wording: answer for answer in taught}
    origins = returns[["return_id", "form", "edition", "unit", "unit_code", "file", "sheet"]]
    met: dict[Wording, list[Mapping[str, str | None]]] = {}
    for row in labels.merge(origins, on="return_id").astype(object).to_dict("records"):
        met.setdefault((row["form"], row["edition"], label_key(row["label"])), []).append(row)  # type: ignore[arg-type]
    asked = [_question(rows, answers.get(wording)) for wording, rows in met.items()]
    asked += [_not_met(answer) for wording, answer in answers.items() if wording not in met]
    return sorted(
        asked,
        key=lambda question: (
            question.asked.form,
            question.asked.edition,
            question.answer != "",
            -question.tables,
            question.asked.id,
        ),
    )


def unanswered(asked: Iterable[Question]) -> int:
    """How many still wait for an answer."""
    return sum(question.answer == "" for question in asked)


def _question(rows: Sequence[Mapping[str, str | None]], lesson: Taught | None) -> Question:
    first = rows[0]
    read_as = _distinct(row["read_as"] for row in rows if row["how"] not in (BEYOND, UNKNOWN))
    blocks = _distinct(row["read_as"] for row in rows if row["how"] == BEYOND)
    asked = Asked(str(first["form"]), str(first["edition"]), str(first["label"]), read_as, bool(blocks))
    lacking = _distinct(label for row in rows for label in str(row["lacking"] or "").split("；"))
    unit = first["unit"] if isinstance(first["unit"], str) else first["unit_code"]
    example = (unit if isinstance(unit, str) else None, first["file"], first["sheet"], first["cell"])
    unknown = any(row["how"] == UNKNOWN for row in rows)
    tables = len({row["return_id"] for row in rows})
    answer = _answer(lesson, asked, read_as_taught=any(row["how"] == TAUGHT for row in rows))
    return Question(asked, blocks, unknown, lacking, tables, example, lesson, answer)


def _not_met(lesson: Taught) -> Question:
    asked = Asked(lesson.form, lesson.edition, lesson.label, lesson.read_as, lesson.counted is not None)
    answer = YES if lesson.read_as or lesson.counted else NO
    return Question(asked, (), False, (), 0, (None, None, None, None), lesson, answer)


def _answer(lesson: Taught | None, asked: Asked, *, read_as_taught: bool) -> str:
    """The answer to what is asked now: a label that is not to be read for one may be met as something else."""
    if lesson is None:
        return ""
    if asked.read_as:
        return YES if read_as_taught else ""
    if asked.beyond:
        return {None: "", True: YES, False: NO}[lesson.counted]
    return "" if lesson.read_as else NO


def _distinct(labels: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for label in labels if label))


@dataclass(frozen=True, slots=True)
class _Reply:
    """The answer written beside a label in a row of a workbook."""

    asked: Asked
    answer: str
    row: ReviewRow
    book: ReviewBook


def wordings_taken_up(
    log: Sequence[Entry], taught: Iterable[Taught], books: Sequence[ReviewBook], recorded: str, catalogue: Catalogue
) -> tuple[list[Entry], tuple[Taught, ...], list[Matter]]:
    """The log and the answers on labels, with the changes that people made in the workbooks since these were written.

    An answer that cannot be understood, and answers that contradict each other, are reported and not taken; where a
    workbook contradicts a later answer at the desk, the label has no answer any more.
    """
    lessons = {earlier.wording: earlier for earlier in taught}
    replies: dict[Wording, list[_Reply]] = {}
    matters: list[Matter] = []
    taken = {(entry.finding_id, entry.workbook_sha256, entry.written) for entry in log if entry.workbook_sha256}
    for book in books:
        for row in book.wordings:
            asked = _decoded(row.finding_id)
            if asked is None or not _shown(asked, row):
                fault = "的隐藏编号被改动，或与看到的内容对不上（只对部分列排过序）"
                text = f"{book.name}{row.place}：“{'，'.join(filter(None, row.told))}”一行{fault}，没有采用。"
                matters.append(Matter(NOT_TAKEN, "", "", row.told[0] if row.told else "", text))
            elif _rewritten(row) and (row.finding_id, book.sha256, row.written) not in taken:
                answer = squeezed(row.written[0]).strip(_END)
                replies.setdefault(asked.wording, []).append(_Reply(asked, answer, row, book))
    additions: list[Entry] = []
    for wording, by in replies.items():
        if (unseen := _unseen(log, by)) is not None:
            matters.append(Matter(NOT_TAKEN, "", "", by[0].asked.form, unseen))
            lessons.pop(wording, None)
            continue
        settled = _settled(by, lessons.get(wording), catalogue)
        if isinstance(settled, str):
            matters.append(Matter(NOT_TAKEN, "", "", by[0].asked.form, settled))
            continue
        additions += [_entry(reply, recorded) for reply in by]
        lessons.pop(wording, None)
        if settled is not None:
            lessons[wording] = settled
    return chained(log, additions), in_order(lessons.values()), matters


def _unseen(log: Sequence[Entry], by: Sequence[_Reply]) -> str | None:
    """How the desk's last answer about a label and that of a workbook written before it contradict each other."""
    for reply in by:
        since = reply.book.log[0] if reply.book.log else 0
        later = answers_of(log[since:]).get(reply.asked.wording, [])
        if later and later[-1].workbook == DESK and later[-1].written != reply.row.written:
            answers = f"{DESK}填的是“{later[-1].written[0]}”，{reply.book.name}填的是“{reply.row.written[0]}”"
            return f"{_of(reply)}：填写的确定互相矛盾（{answers}），都没有采用，请重新填写。"
    return None


def answers_of(log: Iterable[Entry]) -> dict[Wording, list[Entry]]:
    """What was ever answered about each label, in the order of time."""
    answers: dict[Wording, list[Entry]] = {}
    for entry in log:
        asked = _decoded(entry.finding_id) if entry.kind == WORDING else None
        if asked is not None:
            answers.setdefault(asked.wording, []).append(entry)
    return answers


def not_understood(taught: Iterable[Taught], catalogue: Catalogue) -> list[Matter]:
    """The entries of the file on labels that their forms do not have, as after an edit by hand."""
    matters = []
    for answer in taught:
        try:
            labels = teachable_labels(catalogue.form(answer.form, answer.edition))
        except FormNotFoundError:
            continue  # another county's, or another year's
        keys = {key for label in labels for key in label.keys}
        for label in (*answer.read_as, *answer.never):
            if label_key(label) not in keys:
                text = (
                    f"{TAUGHT_FILE}：{answer.edition}的“{answer.label}”写的“{label}”不是表样里的标签，"
                    "没有起作用，请改正。"
                )
                matters.append(Matter(NOT_TAKEN, "", "", answer.form, text))
    return matters


def _decoded(text: str) -> Asked | None:
    try:
        return msgspec.json.decode(text.encode(), type=Asked)
    except msgspec.MsgspecError:
        return None


def _shown(asked: Asked, row: ReviewRow) -> bool:
    """Whether the row shows the label that its hidden id asks about."""
    texts = dict(zip(WORDING_TOLD_HEADS, row.told, strict=True))
    return (texts["版本"], texts["表上的标签"]) == (sheet_text(asked.edition).strip(), sheet_text(asked.label).strip())


def _rewritten(row: ReviewRow) -> bool:
    """Whether the answer was changed since the row was written; one whose seal is gone counts where it has any."""
    seal = read_seal(row.seal)
    return texts_mark(row.written) != seal.written if seal.written else any(row.written)


def _settled(by: Sequence[_Reply], before: Taught | None, catalogue: Catalogue) -> Taught | str | None:
    """What holds of a label after these answers, None where nothing does any more; a text: why none is taken."""
    first = by[0]
    if len({answer.answer for answer in by}) > 1:
        answers = "；".join(f"{answer.book.name}填的是“{answer.answer}”" for answer in by)
        return f"{_of(first)}：填写的确定互相矛盾（{answers}），没有采用，请重新填写。"
    if first.answer == "":
        return None
    try:
        form = catalogue.form(first.asked.form, first.asked.edition)
    except FormNotFoundError:
        return f"{_of(first)}：现在没有这个版本的表样，没有采用。"
    return _understood(first, form, before)


def _understood(reply: _Reply, form: Form, before: Taught | None) -> Taught | str:
    asked, answer = reply.asked, reply.answer
    never = before.never if before is not None else ()
    counted = before.counted if before is not None else None
    labels = teachable_labels(form)
    if any(label_key(asked.label) in label.keys for label in labels):
        return f"{_of(reply)}：这个标签是表样自己的标签，不能改作别的内容，没有采用。"
    base = (asked.form, asked.edition, asked.label)
    if answer == YES:
        if not (asked.read_as or asked.beyond):
            return (
                f"{_of(reply)}填了“是”，但这个标签没有认出，不知道是哪一项，没有采用。请照抄一个表样的标签，或填“否”。"
            )
        return Taught(*base, asked.read_as, _without(never, asked.read_as), True if asked.beyond else counted)
    if answer == NO:
        return Taught(*base, (), _distinct((*never, *asked.read_as)), False if asked.beyond else counted)
    named = next((label for label in labels if label_key(answer) in label.keys), None)
    if named is None:
        return (
            f"{_of(reply)}填了“{reply.row.written[0]}”，表样里没有这个标签，没有采用。"
            "请填“是”“否”，或照抄“可填的标签”里的一个。"
        )
    meant = (shown_label(named.label),)
    return Taught(*base, meant, _without(_distinct((*never, *asked.read_as)), meant), counted)


def _without(labels: Iterable[str], excluded: Iterable[str]) -> tuple[str, ...]:
    keys = set(map(label_key, excluded))
    return tuple(label for label in labels if label_key(label) not in keys)


def _of(reply: _Reply) -> str:
    return f"{reply.book.name}“表样对照”：“{reply.asked.edition}”表上的标签“{reply.asked.label}”"


def _entry(reply: _Reply, recorded: str) -> Entry:
    return Entry(
        kind=WORDING,
        finding_id=reply.row.finding_id,
        figures="",
        written=reply.row.written,
        told=reply.row.told,
        workbook=reply.book.name,
        workbook_sha256=reply.book.sha256,
        recorded=recorded,
    )
