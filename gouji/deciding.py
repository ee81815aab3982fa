"""审核意见 and 采用 written at the desk: straight into the log of a folder of results, with the chain and the marks of
a workbook, so that the next run takes them up with the rest."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from gouji.export.output import staged
from gouji.export.project_names import with_project_names
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.sheets.findings import told_texts, with_decisions
from gouji.export.sheets.received import told_of_table
from gouji.export.tables import file_hash
from gouji.ingest.register.return_row import table_id
from gouji.ingest.roster import Roster
from gouji.locking import alone
from gouji.logged import read_whole_log
from gouji.results_folder import DECIDED, decided_since
from gouji.statement import StatementError, read_statement
from gouji.templates.review import ADOPTED_HEAD, NO, OPINIONS, WRITTEN_HEADS, YES
from gouji.templates.text import sheet_text
from gouji.validate.review.log import DECISION, DESK, LOG, Entry, chained, head_of, write_log
from gouji.validate.review.seal import figures_mark

NOTHING = ("",) * len(WRITTEN_HEADS)
_LONGEST = 2000
"""Signs of a text, as of a cell that is read."""


@dataclass(frozen=True)
class Wish:
    """An opinion to be written on a finding: `opinion` one of OPINIONS, empty to withdraw the present one; `seen`: how
    many entries of it the log had when its author looked."""

    finding_id: str
    opinion: str
    reviewer: str
    seen: int
    checker: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Choice:
    """What somebody wants to have written beside a table of 收表明细 (采用): 是, 否, or the unit whose it is, empty to
    withdraw it. `finding_id`: of the table (`table_id`); `seen`: how many entries the log had of it."""

    finding_id: str
    word: str
    seen: int


@dataclass(frozen=True)
class Decided:
    """The outcome of some wishes: the log as it is now, the ids that were written, and those that were not because
    somebody else has written on them meanwhile."""

    log: list[Entry]
    results: Results
    written: list[str]
    overtaken: list[str]


def entries_of(log: Iterable[Entry], finding_id: str) -> list[Entry]:
    """What was ever written on a finding, in the order of time."""
    return [entry for entry in log if entry.finding_id == finding_id]


def decide(out: Path, results: Results, wishes: Sequence[Wish | Choice], roster: Roster | None = None) -> Decided:
    """Writes the wishes into the log of `out`, of which `results` were read; all that can be written, as one. A unit of
    the `roster` may be named as that of a table.

    Raises BusyError while a command is at work there, StatementError where a run has replaced the results since they
    were read, or a wish names no finding or table of theirs or says what cannot be said, LogError, OutputError.
    """
    with alone(out):
        statement = unchanged(out, results)
        log = read_whole_log(out)
        counts = _counts(log)
        overtaken = [wish.finding_id for wish in wishes if counts.get(wish.finding_id, 0) != wish.seen]
        free = [wish for wish in wishes if wish.finding_id not in overtaken]
        opinions = [wish for wish in free if isinstance(wish, Wish)]
        choices = [wish for wish in free if isinstance(wish, Choice)]
        new = [*_entries(results, opinions), *_chosen(results, choices, roster)]
        if not new:
            return Decided(log, results, [], overtaken)
        longer = chained(log, new)
        stated = lengthened(out, statement, longer, len(new))
    return Decided(longer, _with(results, longer, stated), [entry.finding_id for entry in new], overtaken)


def unchanged(out: Path, results: Results) -> dict[str, Any]:
    """The statement of `out`, where it is still that of the run of `results`. Raises StatementError."""
    statement: dict[str, Any] = read_statement(out)
    if statement.get("started") != results.run.get("started"):
        raise StatementError("这一轮刚刚重新核对过，问题可能变了，意见没有写入。请刷新页面，看过以后再写。")
    return statement


def lengthened(
    out: Path, statement: dict[str, Any], log: Sequence[Entry], count: int, beside: Callable[[Path], str] | None = None
) -> dict[str, Any]:
    """Puts the log, longer by `count` entries, in its place together with its statement, and with the file that
    `beside` writes into the given folder (it returns the name); returns the new statement. Raises OutputError."""
    with staged(out) as draft:
        write_log(draft / LOG, log)
        names = [LOG, *([] if beside is None else [beside(draft)])]
        hashes = {name: file_hash(draft / name) for name in names}
        decided = int(statement.get(DECIDED, 0)) + count
        stated = statement | {DECIDED: decided, "log": msgspec.to_builtins(head_of(log))}
        stated["outputs"] = dict(sorted((statement["outputs"] | hashes).items()))
        text = json.dumps(stated, ensure_ascii=False, indent=2)
        (draft / "run.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return stated


def _with(results: Results, log: Sequence[Entry], stated: dict[str, Any]) -> Results:
    """The results with what the log says now; the other frames are those that they were."""
    decisions = decided_since(results.findings, results.decisions, log, int(stated[DECIDED]))
    return dataclasses.replace(results, decisions=decisions, run=stated)


def _counts(log: Iterable[Entry]) -> Counter[str]:
    return Counter(entry.finding_id for entry in log)


def _entries(results: Results, wishes: Sequence[Wish]) -> list[Entry]:
    """What is to be added to the log. Raises StatementError."""
    asked = {wish.finding_id: wish for wish in wishes}
    if not asked:
        return []
    rows = results.findings[results.findings["finding_id"].isin(asked)]
    findings = {row["finding_id"]: row for row in records(with_decisions(results, rows))}
    if strange := [name for name in asked if name not in findings]:
        raise StatementError(f"这一轮没有编号为 {'、'.join(strange[:3])} 的问题，意见没有写入。请刷新页面。")
    now = datetime.datetime.now().astimezone()
    return [_entry(results, findings[name], wish, now) for name, wish in asked.items()]


def _entry(results: Results, finding: dict[str, Any], wish: Wish, now: datetime.datetime) -> Entry:
    if wish.opinion not in ("", *OPINIONS):
        raise StatementError(f"审核意见只能是{'、'.join(OPINIONS)}，没有写入。")
    explained = finding["explanation"] or finding["noted"] or ""
    written = (explained, wish.opinion, wish.reviewer, wish.checker, now.date().isoformat(), wish.remark)
    return Entry(
        kind=DECISION,
        finding_id=finding["finding_id"],
        figures=figures_mark(finding),
        written=tuple(sheet_text(text).strip()[:_LONGEST] for text in written) if wish.opinion else NOTHING,
        told=told_texts(results.catalogue, finding),
        return_sha256=finding["sha256"] or "",
        workbook=DESK,
        recorded=now.isoformat(timespec="seconds"),
    )


def _chosen(results: Results, choices: Sequence[Choice], roster: Roster | None) -> list[Entry]:
    """What is to be added to the log about tables, in the words of 收表明细. Raises StatementError."""
    returns = results.returns[results.returns["form"].notna()]
    tables = {table_id(row["sha256"], row["return_id"]): row for row in records(with_project_names(results, returns))}
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    return [_choice(results, tables.get(choice.finding_id), choice, roster, now) for choice in choices]


def _choice(results: Results, table: dict[str, Any] | None, choice: Choice, roster: Roster | None, now: str) -> Entry:
    if table is None:
        raise StatementError("这一轮没有这张表，没有写入。请刷新页面。")
    word = sheet_text(choice.word).strip()[:_LONGEST]
    if word not in ("", YES, NO) and (roster is None or roster.match_written(word) is None):
        raise StatementError(f"“{word}”不是“{YES}”“{NO}”，也不是名册里的单位名称或编码，没有写入。")
    return Entry(
        kind=DECISION,
        finding_id=choice.finding_id,
        figures=ADOPTED_HEAD,
        written=(word,),
        told=told_of_table(results.catalogue, table),
        return_sha256=table["sha256"],
        workbook=DESK,
        recorded=now,
    )
