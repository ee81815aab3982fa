"""What is noted of tables and files as they are registered: what validation tells people afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gouji.ingest.read_return import TableReading
from gouji.ingest.register.return_row import Return
from gouji.ingest.register.several_versions import Versions
from gouji.ingest.register.superseded import Unreplaced

MOST_LISTED = 8
"""Labels and places that are named where more of them are concerned."""


@dataclass(frozen=True, slots=True)
class Note:
    """An observation from reading a return: its `kind`, the cells, and the words."""

    return_id: str
    kind: str
    cells: tuple[str, ...] = ()
    detail: str = ""


def versions_note(versions: Versions) -> Note:
    """That a table came in several versions, and which of them counts, if any does."""
    newest, words = versions.newest, str(versions)
    if newest is not None and newest.file:
        words += f"。按这一轮的设置采用新的一份“{newest.file}”（{newest.evidence}）"
    elif newest is not None:
        words += f"（{newest.evidence}）"
    kind = "newest" if newest is not None and newest.file else "versions"
    return Note(versions.tables[0].return_id, kind, (versions.known_as,), words)


def whose_notes(rows: Iterable[Return]) -> Iterator[Note]:
    """How the unit of a table was concluded, what is doubtful about it, which units claim one that is held back."""
    for row in rows:
        if row.claims and row.unit is None:
            units = (claim.unit for claim in row.claims)
            yield Note(row.return_id, "claimed", tuple(code or name for code, name in units))
        elif row.counts and row.doubt:
            yield Note(row.return_id, "doubted", detail=row.doubt)
        elif row.remark:
            yield Note(row.return_id, "attributed", detail=row.remark)


def not_replaced_note(unreplaced: Unreplaced) -> Note:
    """That a mended copy does not take the place of what it was made of."""
    return Note(unreplaced.return_id, "lacking" if unreplaced.lacking else "not_replaced", detail=unreplaced.detail)


def table_notes(return_id: str, table: TableReading) -> list[Note]:
    """What was noted as a table was read: figures as text, converted, overwritten, hidden, unread."""
    values = table.values
    notes = []
    if values.as_text:
        notes.append(Note(return_id, "as_text", tuple(values.as_text)))
    if values.guessed_percent:
        notes.append(Note(return_id, "guessed_percent", tuple(values.guessed_percent)))
    notes += [Note(return_id, "unnamed", (cell,)) for cell in values.unnamed]
    for conversion in table.converted:
        texts = (conversion.cell or "", conversion.unit, conversion.against or conversion.reason)
        notes.append(
            Note(return_id, "list_in_yuan" if conversion.against else "converted", conversion.cells, "\t".join(texts))
        )
    for name in ("overwritten", "unruled", "hidden", "covered"):
        if cells := getattr(table, name):
            notes.append(Note(return_id, name, tuple(cells)))
    shown = {cell.cell: f"显示为{cell.text}" for cell in table.shown}
    contradicted = {cell.cell: f"存的是{cell.stored}，按公式是{cell.yields}" for cell in table.contradicted}
    for name, by_cell in (("shown", shown), ("contradicted", contradicted)):
        notes += [Note(return_id, name, tuple(by_cell), "\t".join(by_cell.values()))] if by_cell else []
    if not table.formulas_told:
        notes.append(Note(return_id, "formulas_untold"))
    if table.unlisted:
        notes.append(Note(return_id, "unlisted", detail=table.sheet))
    if table.altered:
        notes.append(Note(return_id, "altered", detail=_listed(table.altered, "；")))
    if table.missing:
        notes.append(Note(return_id, "missing_labels", detail=_listed(table.missing, "、")))
    if table.alike:
        notes.append(Note(return_id, "alike", detail="、".join(sorted(table.alike))))
    notes += _unread(return_id, table)
    return notes


def _unread(return_id: str, table: TableReading) -> Iterator[Note]:
    """Figures that were not read: those that the form may ask for, and the others; `detail` counts them."""
    account = table.account
    if account.extra:
        heads = _listed([f"“{head}”" for head in account.extra_heads], "、")
        yield Note(return_id, "unread_own", tuple(account.extra), f"{len(account.extra)}\t{heads}")
    covered = set(table.covered)  # told by a rule of its own
    beside = [cell for cell in account.beside if cell not in covered]
    if table.layout == "issued":
        groups = {"unread_issued": [*account.crowded, *account.in_block], "unread_outside": beside}
    else:
        asked = set(account.asked)
        unread = [*account.in_block, *beside]
        groups = {
            "unread_crowded": account.crowded,
            "unread": [cell for cell in unread if cell in asked],
            "unread_beside": [cell for cell in unread if cell not in asked],
        }
    yield from (Note(return_id, name, tuple(cells), str(len(cells))) for name, cells in groups.items() if cells)


def _listed(texts: Sequence[str], between: str) -> str:
    return between.join(texts[:MOST_LISTED]) + (f"等{len(texts)}处" if len(texts) > MOST_LISTED else "")


def year_notes(row: Return, table: TableReading) -> list[Note]:
    """A year written in the head, or in its labels, that is not the year for which the workbook was issued."""
    labels = [(year, cell) for year, cell in table.printed_years.items() if year != row.year]
    if labels and table.header_year in (None, row.year):
        return [Note(row.return_id, "printed_year", (labels[0][1],), f"{labels[0][0]}\t{row.year}")]
    if table.header_year is None or table.header_year == row.year:
        return []
    cells = (table.year_cell,) if table.year_cell else ()
    return [Note(row.return_id, "year", cells, f"{table.header_year}\t{row.year}")]
