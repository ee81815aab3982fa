"""An issued workbook on its way to its place: no two have one name, what somebody filled in stays."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from gouji.export.final.finish import identity_of
from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.read import read_workbook
from gouji.ingest.read_return import FileReading, TableReading, read_return
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.recipient import Recipient
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET
from gouji.templates.text import file_name
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import HandedOverError, Workers

_HEAD_ROLES = {"unit", "department", "instance"}
"""What stands on a sheet as it is issued, and may have changed on the roster since."""
_NOTHING = ("blank", "absent", "uncalculated")
_LIVE = (IDENTITY_SHEET, SELF_CHECK_SHEET, LEDGER_SHEET)
"""Sheets of our own that change with the rest; what may be written on them is asked for otherwise."""

Entry = tuple[str, str, str, str | None]
"""Sheet, form@edition, item, what stands there."""


def workbook_names(recipients: Sequence[Recipient], year: int) -> list[str]:
    """A name of its own for every unit. The code keeps two units of one name apart; where signs that no file may have
    in its name (/ and :) would make two of them one, a fingerprint does."""
    wished = [f"{recipient.unit_code}_{recipient.unit}_{year}" for recipient in recipients]
    names = [file_name(f"{wish}.xlsx") for wish in wished]
    taken = Counter(map(_folded, names))
    return [
        file_name(f"{wish}_{sha256(wish.encode()).hexdigest()[:8]}.xlsx") if taken[_folded(name)] > 1 else name
        for wish, name in zip(wished, names, strict=True)
    ]


def _folded(name: str) -> str:
    """Names that are one to the file system of some machine."""
    return unicodedata.normalize("NFKC", name).casefold()


def place(draft: Path, path: Path, catalogue: Catalogue, workers: Workers) -> bool:
    """Move `draft` to `path`, unless something lies there that is no blank of that unit: another file, or one that
    holds anything that `draft` does not (False).

    Both lie on one file system. What lies there is read by one of `workers`. Raises OSError.
    """
    if path.exists() and not _equal(path, draft) and _kept(path, draft, catalogue, workers):
        draft.unlink()
        return False
    os.replace(draft, path)
    return True


def _equal(path: Path, draft: Path) -> bool:
    return path.stat().st_size == draft.stat().st_size and path.read_bytes() == draft.read_bytes()


def _kept(path: Path, draft: Path, catalogue: Catalogue, workers: Workers) -> bool:
    """Whether somebody may have worked in the workbook: what cannot be read counts as such."""
    try:
        return handed_over(workers, partial(_filled, draft=draft, catalogue=catalogue), path)
    except HandedOverError:
        return True


def _filled(path: Path, draft: Path, catalogue: Catalogue) -> bool:
    existing, issued = (read_return(source, path.name, catalogue) for source in (path, draft))
    if existing.refused is not None or existing.explanations or existing.unrecognised or existing.mends:
        return True
    if any(table.account.unread for table in existing.tables) or not set(_entries(existing, catalogue)) <= set(
        _entries(issued, catalogue)
    ):
        return True
    return _written_beside(path.read_bytes(), draft.read_bytes())


def _written_beside(existing: bytes, draft: bytes) -> bool:
    """Whether the workbook is no issue of ours, or something stands on a sheet that we did not issue, or where the same
    sheet of `draft` has nothing at all."""
    identity, issued = identity_of(existing), identity_of(draft)
    if identity is None or issued is None or identity.unit_code != issued.unit_code:
        return True
    layouts = {entry.sheet: entry.layout for entry in issued.sheets}
    ours = {entry.sheet: layouts.get(entry.sheet) == entry.layout for entry in identity.sheets}
    blanks = {sheet.name: sheet for sheet in read_workbook(draft, "").sheets}
    for sheet in read_workbook(existing, "").sheets:
        if sheet.name in _LIVE:
            continue
        if sheet.name not in ours and sheet.name not in blanks:
            return bool(sheet.rows)
        blank = blanks.get(sheet.name) if ours.get(sheet.name, True) else None
        if blank is not None and _holds_more(sheet, blank):
            return True
    return False


def _holds_more(sheet: Sheet, blank: Sheet) -> bool:
    """Whether a cell holds something that is not even begun in `blank`."""
    return any(
        value != "" and blank.kind(row, column) is Kind.BLANK
        for row, line in enumerate(sheet.rows)
        for column, value in enumerate(line)
    )


def _entries(reading: FileReading, catalogue: Catalogue) -> Iterator[Entry]:
    """Everything in the input cells."""
    for table in reading.tables:
        yield from _typed(table, catalogue.form(table.form, table.edition))


def _typed(table: TableReading, form: Form) -> Iterable[Entry]:
    values = table.values
    printed = {item.id for item in form.items.values() if item.fixed is not None or item.role in _HEAD_ROLES}
    for item, raw, state in zip(values.item, values.raw, values.state, strict=True):
        if state not in _NOTHING and item not in form.computed and item not in printed:
            yield table.sheet, form.key, item, raw
