"""Which tables stand in a workbook: by its identity sheet, else by titles and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.answers import read_answers
from ingest.by_address import addresses, by_address
from ingest.by_label import Region, by_label, label_words
from ingest.explanations import Explanation, read_explanations
from ingest.grid import Sheet, Workbook
from ingest.located import Located
from templates.errors import FormNotFoundError
from templates.form import Form
from templates.identity import IDENTITY_SHEET, Identity, IdentitySheet, read_identity
from templates.issuing.guide import GUIDE_SHEET
from templates.labels import normalised
from templates.library import get_form
from templates.returned import RECORD_SHEET, Record, read_record
from templates.selfcheck.names import SELF_CHECK_SHEET

RECOGNISED = 0.6
"""Share of a form's labels from which a table counts as that form."""
RESEMBLING = 0.35
"""Share from which an unrecognised sheet is reported with the form that it comes nearest to."""


@dataclass(slots=True)
class Unrecognised:
    """A sheet that holds no known table: the form that comes nearest, and the labels that are not there."""

    sheet: str
    nearest: str
    share: float
    missing: list[str]


@dataclass(slots=True)
class Recognised:
    """The tables of one workbook, its identity and the unit's 说明 (where it is ours), sheets that resemble a form.

    `searched`: whether another catalogue might tell a sheet differently, which was compared with every form. `record`:
    what a copy that was returned to the unit says of itself.
    """

    tables: list[tuple[Located, IdentitySheet | None]] = field(default_factory=list)
    searched: bool = False
    identity: Identity | None = None
    record: Record | None = None
    explanations: list[Explanation] = field(default_factory=list)
    unrecognised: list[Unrecognised] = field(default_factory=list)


def recognise(workbook: Workbook, forms: Sequence[Form]) -> Recognised:
    """Every table of the workbook, in the order of its sheets."""
    result = Recognised(identity=_identity(workbook), record=_record(workbook))
    for sheet in workbook.sheets:
        if sheet.name in {IDENTITY_SHEET, RECORD_SHEET} or not sheet.rows:
            continue
        if sheet.name == SELF_CHECK_SHEET and result.identity is not None:
            result.explanations += read_explanations(sheet)
            continue
        if (answers := read_answers(sheet, result.record)) is not None:
            result.explanations += answers
            continue
        record = result.identity.sheet(sheet.name) if result.identity else None
        issued = _issued(sheet, record, result.identity) if record and result.identity else None
        if issued is not None:
            result.tables.append((issued, record))
            continue
        found, near = _found(sheet, forms)
        result.searched |= bool(found or near) or not _is_guide(sheet, result.identity)
        result.tables += [(table, record) for table in found]
        if near is not None:
            result.unrecognised.append(near)
    return result


def _is_guide(sheet: Sheet, identity: Identity | None) -> bool:
    """填报说明 of a workbook of ours, without other figures than the numbers of its lines: no filled table is there."""
    figures = [value for row in sheet.rows for value in row if isinstance(value, float)]
    return identity is not None and sheet.name == GUIDE_SHEET and figures == [*range(1, len(figures) + 1)]


def _identity(workbook: Workbook) -> Identity | None:
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == IDENTITY_SHEET), None)
    return None if sheet is None else read_identity(sheet.rows)


def _record(workbook: Workbook) -> Record | None:
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == RECORD_SHEET), None)
    return None if sheet is None else read_record(sheet.rows)


def _issued(sheet: Sheet, record: IdentitySheet, identity: Identity) -> Located | None:
    """The table at its issued addresses, unless so many labels have moved that it must be searched."""
    try:
        form = get_form(record.form, record.edition)
    except FormNotFoundError:
        return None
    issued = addresses(form, identity.year, record.slots)
    located = by_address(form, issued, sheet)
    if not located.altered:
        return located
    if issued.fingerprint == record.layout and len(located.altered) <= len(issued.labels) // 10:
        return located
    searched = by_label(form, Region(sheet, 0, sheet.height - 1), 1)
    searched.altered = located.altered
    return searched if searched.share >= RECOGNISED else None


def _found(sheet: Sheet, forms: Sequence[Form]) -> tuple[list[Located], Unrecognised | None]:
    tables: list[Located] = []
    nearest: tuple[float, Form, Region] | None = None
    for number, region in enumerate(_regions(sheet, forms), 1):
        share, form = max(
            ((_share(form, region), form) for form in forms),
            key=lambda pair: (pair[0], len(label_words(pair[1]))),
        )
        if share >= RECOGNISED:
            tables.append(by_label(form, region, number))
        elif nearest is None or share > nearest[0]:
            nearest = share, form, region
    if tables or nearest is None or nearest[0] < RESEMBLING:
        return tables, None
    share, form, region = nearest
    return [], Unrecognised(sheet.name, form.key, share, sorted(label_words(form) - region.words))


def _share(form: Form, region: Region) -> float:
    words = label_words(form)
    return len(words & region.words) / len(words)


def _regions(sheet: Sheet, forms: Sequence[Form]) -> list[Region]:
    """The sheet cut at every title of a known form; a sheet without titles is one region."""
    titles = {normalised(title) for form in forms for title in form.titles}
    starts = [row for row in range(sheet.height) if _begins(sheet, row, titles)]
    if not starts:
        return [Region(sheet, 0, sheet.height - 1)]
    ends = [*(start - 1 for start in starts[1:]), sheet.height - 1]
    return [Region(sheet, first, last) for first, last in zip(starts, ends, strict=True)]


def _begins(sheet: Sheet, row: int, titles: set[str]) -> bool:
    """Whether a title stands in this row, or begins here and goes on in the next one."""
    texts, below = _texts(sheet, row), _texts(sheet, row + 1)
    if any(_is_title(text, titles) for text in texts):
        return True
    if len(texts) != 1 or len(below) != 1 or _is_title(below[0], titles):
        return False
    return _is_title(texts[0] + below[0], titles)


def _texts(sheet: Sheet, row: int) -> list[str]:
    cells = sheet.rows[row] if row < sheet.height else []
    return [cell for cell in cells if isinstance(cell, str) and cell.strip()]


def _is_title(text: str, titles: set[str]) -> bool:
    label = normalised(text)
    return label in titles or any(label.endswith(title) and len(label) <= len(title) + 12 for title in titles)
