"""审核记录: every decision ever taken up, each entry holding the hash of the one before.

One JSON object to a line, only ever added to. Whoever changes or removes an entry breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

LOG = "审核记录.jsonl"
DECISION, CONFLICT, WORDING = "意见", "冲突", "对照"
"""Kinds of entries: a decision that holds, one of several that contradict each other, of which none does, and what was
said of a label (表样对照)."""


DESK = "勾稽桌面"
"""What stands for the workbook where a decision was written at the desk."""


class LogError(Exception):
    """The log cannot be read, or its chain is broken; the message is Chinese."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A decision: on which finding and figures, in which words, by whom and when, out of which workbook.

    `written`: texts of `templates.review.WRITTEN_HEADS`, in their order; all empty where a decision was withdrawn.
    `told`: whose finding it is, for people (`templates.review.TOLD_HEADS`). `return_sha256`: of the file that was
    decided on. `previous`: hash of the entry before.
    """

    kind: str
    finding_id: str
    figures: str
    written: tuple[str, ...]
    told: tuple[str, ...] = ()
    return_sha256: str = ""
    workbook: str = ""
    workbook_sha256: str = ""
    recorded: str = ""
    previous: str = ""


class Head(msgspec.Struct, frozen=True):
    """Where a log ends: how many entries it has, and the hash of the last one (empty where there is none)."""

    entries: int = 0
    sha256: str = ""


def head_of(entries: Sequence[Entry]) -> Head:
    """Where these entries end."""
    return Head(len(entries), hashlib.sha256(_line(entries[-1])).hexdigest() if entries else "")


def read_log(path: Path) -> list[Entry]:
    """The entries; none where there is no file. Raises LogError."""
    try:
        lines = path.read_bytes().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    if not lines:
        raise LogError(f"审核记录“{path}”是空的，可能已损坏，请从备份恢复后再运行。")
    entries = []
    for number, (line, before) in enumerate(zip(lines, _hashes(lines), strict=True), 1):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise LogError(f"审核记录“{path}”第 {number} 行无法读取，可能已损坏，请从备份恢复后再运行。") from error
        if entry.previous != before:
            raise LogError(f"审核记录“{path}”第 {number} 行与前一行接不上，记录被改动或删除过，请从备份恢复后再运行。")
        entries.append(entry)
    return entries


def write_log(path: Path, entries: Sequence[Entry]) -> None:
    """Write entries that are chained already. Raises OSError."""
    path.write_bytes(b"".join(_line(entry) + b"\n" for entry in entries))


def chained(entries: Sequence[Entry], additions: Iterable[Entry]) -> list[Entry]:
    """The log with `more` behind it, each holding the hash of the one before."""
    longer = list(entries)
    for entry in additions:
        longer.append(msgspec.structs.replace(entry, previous=head_of(longer).sha256))
    return longer


def _line(entry: Entry) -> bytes:
    return msgspec.json.encode(entry)


def _hashes(lines: Sequence[bytes]) -> Iterator[str]:
    """What each line has to name as the one before."""
    yield from [""] if lines else []
    for line in lines[:-1]:
        yield hashlib.sha256(line).hexdigest()
