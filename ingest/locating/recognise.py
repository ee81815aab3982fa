"""Which tables stand in a workbook: by its identity sheet, else by titles and labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gouji.ingest.beside.answers import read_answers
from gouji.ingest.beside.explanations import Explanation, read_explanations
from gouji.ingest.beside.no_projects import says_no_projects
from gouji.ingest.grid import Sheet, Workbook
from gouji.ingest.locating.accounting import unread_rows
from gouji.ingest.locating.altered import Altered
from gouji.ingest.locating.by_address import addresses, altered_labels, by_address, of_other_years
from gouji.ingest.locating.by_label import by_label
from gouji.ingest.locating.cut_tables import continues, joined, together
from gouji.ingest.locating.exchanged import exchanged
from gouji.ingest.locating.figure_cells import last_figure_row
from gouji.ingest.locating.head import Head, head_of_undefined, head_rows_of_undefined
from gouji.ingest.locating.located import Addresses, Located
from gouji.ingest.locating.other_layout import other_layout
from gouji.ingest.locating.other_points import other_points
from gouji.ingest.locating.region import Region
from gouji.ingest.locating.side_by_side import side_by_side
from gouji.ingest.locating.undefined import Undefined, read_undefined
from gouji.ingest.locating.which_form import (
    RECOGNISED,
    RESEMBLING,
    Kinship,
    chosen,
    kinship,
    lacking,
    parted,
    regions,
    starts,
    unlike,
)
from gouji.ingest.register.signature import signed_below, titled_with
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET, Identity, IdentitySheet, read_identity
from gouji.templates.issuing.guide import GUIDE_SHEET
from gouji.templates.returned import RECORD_SHEET, Record, read_record
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET


@dataclass(slots=True)
class Unrecognised:
    """Rows of a sheet that hold no known table: the number of their figures, the nearest form.

    `number`: which table of the sheet it would be; `rows`: the first and the last row. `figures`, `printed`: cells, as
    in `ingest.accounting`. `missing`: labels of the nearest form that the rows lack. `other_title`: the printed title,
    where it is not that of the nearest form; `other_points`: indicators whose points differ from the nearest form.
    `own_title`: whether a title stands over the rows that is not that of the nearest form; `issued`: whether a table
    was issued on this sheet. `continues`: the sheet of the first part, where the rows are the second part of a table
    cut in two. `head`: the fields above the figures; `titled`, `signed`: the unit in the title, the signer below.
    `table`: the table as read by its layout.
    """

    sheet: str
    number: int
    rows: tuple[int, int]
    figures: int
    printed: int
    nearest: str
    share: float
    missing: list[str]
    other_title: str = ""
    other_points: list[str] = field(default_factory=list)
    own_title: bool = False
    issued: bool = False
    continues: str = ""
    head: Head = field(default_factory=Head)
    titled: str = ""
    signed: str = ""
    table: Undefined | None = None

    @property
    def resembles(self) -> bool:
        """Whether it is meant to be the nearest form, as it seems."""
        return self.share >= RESEMBLING and not (self.other_title or self.other_points or self.continues)

    @property
    def another_form(self) -> bool:
        """Whether it is a table of its own that the catalogue does not have: it says so, or its layout can be read."""
        of_its_own = self.own_title or (self.table is not None and bool(self.table.blocks))
        return not self.issued and bool(self.other_title or self.other_points or self.continues or of_its_own)


@dataclass(slots=True)
class _Part:
    """The last rows of a sheet, of which the next sheet may hold the rest: the table in them, if one was found."""

    region: Region
    located: Located | None


@dataclass(slots=True)
class Recognised:
    """The tables of one workbook, its identity and the 说明 of the unit (if gouji issued it), and its unknown tables.

    A table has the record of its sheet in the identity sheet, if it was issued there. `searched`: whether any sheet was
    compared with every form, so that another catalogue might recognise it differently. `record`: the record in a copy
    that was returned to the unit. `ours`: sheets of gouji without a table; `printed`: the number of printed figures on
    further sheets without a table where nothing was left unread; `no_projects`: the unit declares that it has none.
    """

    tables: list[tuple[Located, IdentitySheet | None]] = field(default_factory=list)
    searched: bool = False
    identity: Identity | None = None
    record: Record | None = None
    explanations: list[Explanation] = field(default_factory=list)
    unrecognised: list[Unrecognised] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)
    printed: int = 0
    no_projects: bool = False

    @property
    def taken(self) -> set[str]:
        """The sheets on which tables stand, or what may be one of those asked for, and ours."""
        located = (part for table, _ in self.tables for part in (table.sheet.name, *_further(table.sheet)))
        return {*located, *self.ours, *(table.sheet for table in self.unrecognised if table.resembles)}


def _further(sheet: Sheet) -> Iterator[str]:
    return (part.sheet for part in sheet.further)


def recognise(workbook: Workbook, forms: Sequence[Form], catalogue: Catalogue) -> Recognised:
    """Every table of the workbook, in the order of its sheets: which of `forms` it is, by its labels, or of the whole
    `catalogue`, by what its workbook was issued with.
    """
    result = Recognised(identity=_identity(workbook), record=_record(workbook))
    before: _Part | None = None
    for sheet in together(workbook.sheets):
        if _ours(sheet, result):
            result.ours.append(sheet.name)
        elif sheet.rows:
            before = _tables(sheet, forms, catalogue, result, before)
    return result


def _ours(sheet: Sheet, result: Recognised) -> bool:
    """Whether the sheet is one of ours that holds no table; what the unit wrote on it is taken up."""
    if sheet.name in {IDENTITY_SHEET, RECORD_SHEET}:
        return True
    if sheet.name == SELF_CHECK_SHEET and result.identity is not None:
        result.explanations += read_explanations(sheet)
        return True
    if (answers := read_answers(sheet, result.record)) is not None:
        result.explanations += answers
        return True
    if result.identity is not None and _is_guide(sheet):
        result.no_projects = says_no_projects(sheet)
        return True
    return result.identity is not None and sheet.name == LEDGER_SHEET


def _is_guide(sheet: Sheet) -> bool:
    """填报说明 without other figures than the numbers of its lines: no filled table is there."""
    if sheet.name != GUIDE_SHEET:
        return False
    figures = [value for row in sheet.rows for value in row if isinstance(value, float)]
    return figures == [*range(1, len(figures) + 1)]


def _tables(
    sheet: Sheet, forms: Sequence[Form], catalogue: Catalogue, result: Recognised, before: _Part | None
) -> _Part | None:
    """Adds the tables of one sheet, the issued one first, to `result`; returns what the next sheet may continue."""
    record = result.identity.sheet(sheet.name) if result.identity else None
    issued = _issued(sheet, record, result.identity, forms, catalogue) if record and result.identity else None
    first = 0
    if issued is not None:
        result.tables.append((issued, record))
        first = issued.rows[1] + 1
        if first >= sheet.height:
            return None
    result.searched = True
    for number, region in enumerate(_parts(sheet, forms, first), 1 if issued is None else 2):
        form = _cut_form(before, region, forms) if before is not None and number == 1 else None
        if (
            before is not None
            and form is not None
            and (complete := _joined_table(before, region, form, forms)) is not None
        ):
            _instead(before, complete, result)
            before = _Part(Region(complete.sheet, *complete.rows), complete)
            continue
        # The rest of a table that cannot be put together is no other form, though one may have just these rows.
        table = _table_of(region, number, forms if form is None else [form])
        if isinstance(table, Located):
            result.tables.append((table, record if issued is None and number == 1 else None))
        elif table.figures or table.resembles:
            table.head = head_of_undefined(region.sheet, *table.rows)
            table.titled = titled_with(region.sheet, head_rows_of_undefined(region.sheet, *table.rows))
            table.signed = signed_below(region.sheet, last_figure_row(region.sheet, *table.rows) + 1, region.last)
            table.table = read_undefined(region.sheet, *table.rows)
            table.issued = record is not None and issued is None and number == 1
            if before is not None and form is not None:
                table.continues, table.nearest = before.region.sheet.name, form.key
            result.unrecognised.append(table)
        else:
            result.printed += table.printed
        before = _Part(region, table if isinstance(table, Located) else None)
    return before


def _parts(sheet: Sheet, forms: Sequence[Form], first: int) -> list[Region]:
    """The rows of a sheet from `first` on as one region per title, table beside table from the left."""
    beside = [sheet] if first else side_by_side(sheet)
    return [table for part in beside for region in regions(part, forms, first) for table in parted(region, forms)]


def _cut_form(before: _Part, second: Region, forms: Sequence[Form]) -> Form | None:
    """The form of a table whose first part is on the sheet before, where a region is the rest of it."""
    if before.located is not None:
        candidates = [before.located.form]
    else:
        candidates = [kin.form for kin in kinship(before.region, forms) if kin.titled][:1]
    return next((form for form in candidates if continues(form, before.region, second)), None)


def _joined_table(before: _Part, second: Region, form: Form, forms: Sequence[Form]) -> Located | None:
    """The table of both parts joined; None where they do not make one."""
    region = joined(before.region, second)
    number = 1 if before.located is None else before.located.number
    table = None if region is None else _table_of(region, number, forms)
    return table if isinstance(table, Located) and table.form.name == form.name else None


def _instead(before: _Part, table: Located, result: Recognised) -> None:
    """Puts the joined table in the place of its first part."""
    if before.located is None:
        if result.unrecognised and result.unrecognised[-1].sheet == before.region.sheet.name:
            result.unrecognised.pop()
        result.tables.append((table, None))
    else:
        result.tables[-1] = table, result.tables[-1][1]


def _identity(workbook: Workbook) -> Identity | None:
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == IDENTITY_SHEET), None)
    return None if sheet is None else read_identity(sheet.rows)


def _record(workbook: Workbook) -> Record | None:
    sheet = next((sheet for sheet in workbook.sheets if sheet.name == RECORD_SHEET), None)
    return None if sheet is None else read_record(sheet.rows)


def _issued(
    sheet: Sheet, record: IdentitySheet, identity: Identity, forms: Sequence[Form], catalogue: Catalogue
) -> Located | None:
    """The table at its issued addresses, or where its labels stand now if they contradict; None if it is not there."""
    form = next(
        (candidate for candidate in forms if (candidate.name, candidate.edition) == (record.form, record.edition)), None
    )
    form = form or catalogue.usable(record.form, record.edition)
    if form is None:
        return None
    issued = addresses(form, identity.year, record.slots)
    altered = altered_labels(issued, sheet)
    last = _last_row(sheet, issued, forms, altered=bool(altered))
    if not altered:
        return by_address(form, issued, sheet, last)
    compared = Altered(issued, sheet, altered, last)
    in_place = issued.fingerprint == record.layout and not of_other_years(issued, sheet)
    moves = compared.moves if in_place else None
    if moves is not None:
        located = by_address(form, issued, sheet, last)
        located.places, located.lines = exchanged(issued, moves)
    else:
        located = by_label(form, Region(sheet, 0, last), 1)
        if located.share < RECOGNISED:
            return None
    located.altered = compared.clauses(by_label=located.issued is None)
    return located


def _last_row(sheet: Sheet, issued: Addresses, forms: Sequence[Form], *, altered: bool) -> int:
    """The last row of the issued table: another table may have been pasted under it, which begins with its title."""
    if not altered and sheet.height <= issued.height:
        return sheet.height - 1
    titles = starts(sheet, forms)
    further_titles = titles[1:] if altered and titles and titles[0] < issued.height else titles
    return next((row for row in further_titles if altered or row >= issued.height), sheet.height) - 1


def _table_of(region: Region, number: int, forms: Sequence[Form]) -> Located | Unrecognised:
    """The table of a region by its title and labels, if it is one; else the nearest form."""
    kin = kinship(region, forms)
    best = max(kin, key=lambda candidate: candidate.share)
    fitting, alike = chosen(kin)
    if fitting is None:
        title = best.title if best.titled is False or unlike(best) else ""
        return _nearest(region, number, best, best.form, title)
    located = by_label(fitting.form, region, number)
    if points := other_points(located):
        nearest = _nearest(region, number, best, fitting.form)
        nearest.other_points = points
        return nearest
    if other_layout(located):
        return _nearest(region, number, best, fitting.form, fitting.title or fitting.form.name)
    located.alike = [form.edition for form in alike]
    return located


def _nearest(region: Region, number: int, best: Kinship, form: Form, title: str = "") -> Unrecognised:
    """Rows that hold no known table. `best`: the form with most labels; `form`: the one that it is compared with."""
    account = unread_rows(region.sheet, region.first, region.last)
    rows, missing = (region.first, region.last), lacking(best.form, region)
    return Unrecognised(
        region.sheet.name, number, rows, account.unread, account.printed, form.key, best.share, missing, title,
        own_title=bool(best.title) and not best.titled,
    )  # fmt: skip
