"""审核意见 taken up into a run: which hold, which have lapsed, which contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from msgspec import structs
from rapidfuzz import fuzz, process

from gouji.ingest.beside.review import ReviewBook, ReviewRow
from gouji.ingest.figures.days import day_of
from gouji.ingest.frames import typed
from gouji.ingest.roster import Roster
from gouji.templates.labels import squeezed
from gouji.templates.review import (
    ADOPTED_TOLD_HEADS,
    DATE_HEAD,
    NO,
    OPINION_HEAD,
    OPINIONS,
    TOLD_HEADS,
    WRITTEN_HEADS,
    YES,
)
from gouji.validate.frames import decisions_schema
from gouji.validate.review.log import CONFLICT, DECISION, DESK, Entry, chained
from gouji.validate.review.seal import Seal, figures_mark, read_seal, texts_mark

LAPSED, CONTRADICTED, REWORDED = "数据已变，请重新审核", "意见冲突，请重新确定", "单位说明已变，请复核"
OTHER_UNIT = "单位不同，请重新审核"
ALTERED, STRANGE, RECODED = "其他列被改动", "不是本批的问题", "单位编码已变"
REFUSED, MOVED, DATED = "意见没有采用", "意见已归位", "日期请核对"
_EXPLANATION, _OPINION = WRITTEN_HEADS.index("单位说明"), WRITTEN_HEADS.index(OPINION_HEAD)
_DATE = WRITTEN_HEADS.index(DATE_HEAD)
_NOTHING = ("",) * len(WRITTEN_HEADS)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something about a decision that people must see; `kind` is one of the words above."""

    kind: str
    finding_id: str
    unit: str
    form: str
    text: str


@dataclass(frozen=True, slots=True)
class _RowDecision:
    """The opinion written on a finding in a row of a workbook."""

    row: ReviewRow
    seal: Seal
    book: ReviewBook


def taken_up(
    log: Sequence[Entry], books: Sequence[ReviewBook], recorded: str, roster: Roster | None = None
) -> tuple[list[Entry], list[Matter]]:
    """The log with what people changed in the workbooks since these were written; `recorded` says when.

    A unit of the `roster` may be named where a table is adopted (采用).

    An unchanged row changes nothing: it may be older than the log. Neither does a row that was taken up from the same
    workbook before: a workbook may be given again. Where several people changed the same finding in different ways,
    every decision is logged and none holds; likewise where the desk decided after the workbook had been written.
    """
    decisions: dict[str, list[_RowDecision]] = {}
    matters: list[Matter] = []
    known_ids = {entry.finding_id for entry in log}
    taken = {(entry.finding_id, entry.workbook_sha256, entry.written) for entry in log}
    for book in books:
        for decision in _recognised(book, matters, roster):
            row = decision.row
            new = row.finding_id not in known_ids and any(row.written[_OPINION:])
            if (_rewritten(row, decision.seal) or new) and (row.finding_id, book.sha256, row.written) not in taken:
                decisions.setdefault(row.finding_id, []).append(decision)
    additions: list[Entry] = []
    for by in decisions.values():
        unseen = _unseen(log, by)
        kind = CONFLICT if unseen else _kind(by)
        additions += [structs.replace(entry, kind=CONFLICT, recorded=recorded) for entry in unseen]
        additions += [_entry(kind, decision, recorded) for decision in by]
    return chained(log, additions), matters


def _unseen(log: Sequence[Entry], by: Sequence[_RowDecision]) -> list[Entry]:
    """The last entry of the desk on a finding, where a workbook written before it contradicts it."""
    for decision in by:
        since = decision.book.log[0] if decision.book.log else 0
        later = [entry for entry in log[since:] if entry.finding_id == decision.row.finding_id]
        last = later[-1] if later else None
        if last is None or last.workbook != DESK or not any(last.written):
            continue
        if _meant(last.written) != _meant(decision.row.written):
            return [last]
    return []


def _meant(written: Sequence[str]) -> str:
    """审核意见, or 采用, out of what was written on a row."""
    return written[_OPINION] if len(written) > 1 else written[0]


def worth_reading(row: ReviewRow) -> bool:
    """Whether a row says anything about a decision: it was changed since it was written, or holds one."""
    seal = read_seal(row.seal)
    return _altered(row, seal) or _rewritten(row, seal) or any(row.written[_OPINION:])


def _recognised(book: ReviewBook, matters: list[Matter], roster: Roster | None) -> Iterator[_RowDecision]:
    """The rows of a workbook under the findings that people saw in them, in words that can be taken.

    Where only some columns were sorted or a row was copied, its hidden id is that of another finding: its visible texts
    identify the finding. A row that they do not identify, and words that are no opinion, are refused as a matter.
    """
    owners = _by_sight(book)
    moved = 0
    for line in book.rows:
        row, seal = line, read_seal(line.seal)
        if _altered(row, seal):
            owner = owners.get(texts_mark(row.told))
            if owner is None:
                matters.append(_altered_row(row, seal, book))
                continue
            moved += 1
            row, seal = replace(row, finding_id=owner[0]), owner[1]
        if _rewritten(row, seal) and (why := _unknown_word(row, roster)):
            matters.append(_matter(REFUSED, row, book, f"{why}，这一行没有采用。"))
            continue
        yield _RowDecision(_dated(row, seal, book, matters), seal, book)
    if moved:
        text = f"有 {moved} 行的隐藏编号与看到的内容不是同一条问题（可能只对部分列排过序），已按看到的内容归位。"
        matters.append(Matter(MOVED, "", "", "", f"{book.name}：{text}"))


def _by_sight(book: ReviewBook) -> dict[str, tuple[str, Seal] | None]:
    """Mark of a row's visible texts → id and seal of the finding that it was written for; None where several look
    alike, or the id is nowhere."""
    ids = {texts_mark([finding_id]): finding_id for finding_id, _ in book.sealed}
    owners: dict[str, tuple[str, Seal] | None] = {}
    for _, text in book.sealed:
        seal = read_seal(text)
        owner = (ids[seal.whose], seal) if seal.whose in ids else None
        if seal.told and owners.setdefault(seal.told, owner) != owner:
            owners[seal.told] = None
    return owners


def _altered_row(row: ReviewRow, seal: Seal, book: ReviewBook) -> Matter:
    """The matter of a row whose visible texts belong to no finding of its workbook."""
    if not any(row.written) or (seal.written and not _rewritten(row, seal)):
        return _matter(ALTERED, row, book, "审核栏以外的内容被改动过，改动没有采用。")
    why = "看到的内容与隐藏的编号、校验对不上（内容被改动，或只对部分列排过序）"
    return _matter(REFUSED, row, book, f"{why}，不能确定意见是对哪一条问题的，没有采用。")


def _matter(kind: str, row: ReviewRow, book: ReviewBook, text: str) -> Matter:
    words = "，".join(word for word in row.written if word)
    filled = f"（填写的是：{words}）" if words and kind != ALTERED else ""
    return Matter(kind, row.finding_id, *_whose(row), f"{book.name}{row.place}：{text}{filled}")


def _unknown_word(row: ReviewRow, roster: Roster | None) -> str:
    """What is wrong with an opinion, or with 采用, that is none of the words to choose from."""
    head, word, choices = (
        (OPINION_HEAD, row.written[_OPINION], OPINIONS) if len(row.written) > 1 else ("采用", row.written[0], (YES, NO))
    )
    if not word or word in choices:
        return ""
    adopting = choices == (YES, NO)
    if adopting and roster is not None and roster.match_written(word) is not None:
        return ""
    near = process.extractOne(word, choices, scorer=fuzz.partial_ratio, score_cutoff=75)
    meant = f"（是否是“{near[0]}”？）" if near else ""
    listed = "，也不是名册里的单位" if adopting else ""
    return f"{head}“{word}”不是可选的{'、'.join(f'“{choice}”' for choice in choices)}之一{listed}{meant}"


def _dated(row: ReviewRow, seal: Seal, book: ReviewBook, matters: list[Matter]) -> ReviewRow:
    """The row with its date as 2026-11-01; told where it was written otherwise, or names no day."""
    if len(row.written) == 1 or not _rewritten(row, seal) or not (text := row.written[_DATE]):
        return row
    day = day_of(text)
    if day is None:
        matters.append(_matter(DATED, row, book, f"日期“{text}”看不出是哪一天，意见已采用，日期照原样记录。"))
        return row
    if text.isdecimal():
        matters.append(_matter(DATED, row, book, f"日期“{text}”按 {day.isoformat()} 记录。"))
    return replace(row, written=(*row.written[:_DATE], day.isoformat(), *row.written[_DATE + 1 :]))


def _altered(row: ReviewRow, seal: Seal) -> bool:
    return texts_mark([row.finding_id]) != seal.whose or texts_mark(row.told) != seal.told


def _rewritten(row: ReviewRow, seal: Seal) -> bool:
    return texts_mark(row.written) != seal.written


def adopted(log: Sequence[Entry]) -> dict[str, str]:
    """Table → what people wrote beside it (采用): whether it counts, or whose it is."""
    standing = {table: entries[0].written for table, entries in _standing(log).items() if len(entries) == 1}
    return {table: written[0] for table, written in standing.items() if len(written) == 1}


def _whose(row: ReviewRow) -> tuple[str, str]:
    """Unit and form of a row of either sheet."""
    heads = TOLD_HEADS if len(row.told) == len(TOLD_HEADS) else ADOPTED_TOLD_HEADS
    texts = dict(zip(heads, row.told, strict=True))
    return texts["单位"], texts["表"]


def _standing(log: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Finding → its last decision, or the contradicting ones after it."""
    standing: dict[str, list[Entry]] = {}
    for entry in log:
        before = standing.get(entry.finding_id, [])
        goes_on = entry.kind == CONFLICT and before and before[-1].kind == CONFLICT
        same_conflict = goes_on and before[-1].recorded == entry.recorded
        standing[entry.finding_id] = [*before, entry] if same_conflict else [entry]
    return standing


def _kind(decisions: Sequence[_RowDecision]) -> str:
    """DECISION where all rows on a finding agree, else CONFLICT."""
    return DECISION if len({decision.row.written for decision in decisions}) == 1 else CONFLICT


def _entry(kind: str, decision: _RowDecision, recorded: str) -> Entry:
    return Entry(
        kind=kind,
        finding_id=decision.row.finding_id,
        figures=decision.seal.figures,
        written=decision.row.written,
        told=decision.row.told,
        return_sha256=decision.seal.file,
        workbook=decision.book.name,
        workbook_sha256=decision.book.sha256,
        recorded=recorded,
    )


def reviewed(
    findings: pd.DataFrame, log: Sequence[Entry], roster: Roster | None = None
) -> tuple[pd.DataFrame, list[Matter]]:
    """The decisions of the log on these findings (the `findings` frame): the `decisions` frame, and the matters to be
    settled. `roster` has the former names of units."""
    standing = _standing(log)
    decided = findings[findings["finding_id"].isin(standing)]
    rows, matters = [], []
    for finding in _records(decided):
        entries = standing[finding["finding_id"]]
        state, text = _state(finding, entries, roster)
        written = entries[0].written if state in ("", REWORDED) else _NOTHING
        if written == _NOTHING and not state:
            continue  # withdrawn
        rows.append((finding["finding_id"], *(word or None for word in written), text or None))
        if state:
            unit = finding["unit"] or finding["unit_code"] or ""
            matters.append(Matter(state, finding["finding_id"], unit, finding["form"] or "", text))
    frame = pd.DataFrame(rows, columns=list(decisions_schema.columns))
    return typed(frame, decisions_schema), matters


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
    return plain


def _state(finding: Mapping[str, Any], entries: Sequence[Entry], roster: Roster | None) -> tuple[str, str]:
    """What is to be said about the decision on a finding: which of the words above, and the whole sentence."""
    if len(entries) > 1:
        return (
            CONTRADICTED,
            f"{CONTRADICTED}：{'；'.join(f'{decision.workbook}：{_words(decision)}' for decision in entries)}",
        )
    (entry,) = entries
    if entry.written == _NOTHING:
        return "", ""
    then = dict(zip(TOLD_HEADS, entry.told, strict=False))
    if not _same_unit(then.get("单位", ""), finding, roster):
        return OTHER_UNIT, f"{OTHER_UNIT}（意见是对“{then['单位']}”的：{_words(entry)}）"
    if entry.figures != figures_mark(dict(finding)):
        figures = "，".join(f"{head}{then[head]}" for head in ("填报数", "应为") if then.get(head))
        return LAPSED, f"{LAPSED}（上次：{_words(entry)}" + (f"；当时{figures}" if figures else "") + "）"
    explanation = finding["explanation"]
    if (
        explanation
        and explanation.strip() != entry.written[_EXPLANATION]
        and entry.written[_OPINION:] != _NOTHING[_OPINION:]
    ):
        return REWORDED, f"{REWORDED}（审核时：{entry.written[_EXPLANATION] or '没有说明'}）"
    return "", ""


def _same_unit(decided_name: str, finding: Mapping[str, Any], roster: Roster | None) -> bool:
    """Whether the unit that a decision was about, by the name in its row, is that of the finding."""
    code, current_name = finding["unit_code"], finding["unit"]
    if (
        not decided_name
        or not (code or current_name)
        or squeezed(decided_name) in (squeezed(code or ""), squeezed(current_name or ""))
    ):
        return True
    listed = None if roster is None else roster.match_written(decided_name)
    return listed is not None and listed[0] == code


def _words(entry: Entry) -> str:
    """A decision in one line: 说明采纳，张三，2026-11-01."""
    return "，".join(word for word in entry.written[_OPINION:] if word) or "意见已撤回"
