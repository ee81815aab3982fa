"""定稿登记.csv: which files have a 送审版, with their 校验数, in the folder of finished workbooks."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gouji.templates.replacing import replaced
from gouji.templates.text import csv_text

REGISTER = "定稿登记.csv"
_HEADS = ["文件", "校验数", "送审版", "公开版", "原件SHA-256"]
_LONGEST = 64 * 1024 * 1024
"""Bytes of it that are read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the round: its hash when it was finished, its 校验数, where its editions are below the folder."""

    file: str
    number: str
    sent_up: str
    published: str
    sha256: str


def read_finished(folder: Path) -> list[Entry]:
    """Those whose 送审版 is still there; none where nothing is finished, or what stands there is no such list."""
    try:
        text = (folder / REGISTER).read_bytes()[:_LONGEST].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    try:
        heads, *rows = csv.reader(text.splitlines())
    except (csv.Error, ValueError):
        return []
    if heads != _HEADS:
        return []
    entries = [Entry(*row) for row in rows if len(row) == len(_HEADS)]
    return [entry for entry in entries if entry.sent_up and (folder / entry.sent_up).is_file()]


def write_finished(folder: Path, entries: Iterable[Entry]) -> None:
    """The list, replaced whole. Raises OSError."""
    with replaced(folder / REGISTER) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(_HEADS)
        rows = ((entry.file, entry.number, entry.sent_up, entry.published, entry.sha256) for entry in entries)
        writer.writerows([csv_text(cell) for cell in row] for row in rows)
