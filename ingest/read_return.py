"""One returned file → its tables with their values, or why there are none. Nothing here knows other files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gouji.ingest.beside.explanations import Explanation
from gouji.ingest.figures.money_signs import read_money_signs
from gouji.ingest.figures.money_units import Converted, convert_printed
from gouji.ingest.figures.recomputed import Contradicted, contradictions
from gouji.ingest.figures.shown_figures import Shown, shown_otherwise
from gouji.ingest.figures.yuan import convert_lists
from gouji.ingest.frames import PAGES
from gouji.ingest.limits import Limits
from gouji.ingest.locating.accounting import Account, account, figures_elsewhere
from gouji.ingest.locating.head import head_rows, read_head
from gouji.ingest.locating.labels_met import LabelMet, labels_lacking, labels_met
from gouji.ingest.locating.located import Located
from gouji.ingest.locating.recognise import Recognised, Unrecognised, recognise
from gouji.ingest.locating.undefined import Undefined, read_undefined
from gouji.ingest.out_of_sight import covered, hidden
from gouji.ingest.pasted_over import overwritten, unruled
from gouji.ingest.place import Place, contents
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.ingest.register.own_outputs import BUREAU, own_output
from gouji.ingest.register.same_figures import figures_digest
from gouji.ingest.register.signature import signed_below, titled_with
from gouji.ingest.text_beside import TextBeside, text_beside
from gouji.ingest.values import Values, collect, stands, untouched
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.identity import Identity, IdentitySheet
from gouji.templates.labels import squeezed
from gouji.templates.returned import Proof
from gouji.templates.supplement import SUPPLEMENT


@dataclass(slots=True)
class TableReading:
    """One table as read: what it says of itself, and its values.

    `identity_*` come from the hidden identity sheet, `header_*` from the table's own head, `printed_year` from
    the years in its labels. `converted`: amounts read in another unit than 万元. `unit_unclear`: why it cannot be told
    in which unit they are. `account`: what became of every figure in its rows. `altered`: how its labels differ from
    the issued ones; `missing`: those that were not found. `overwritten`, `unruled`: cells of the issued sheet whose
    formula or entry rule is gone; `formulas_told` is False where the file type cannot tell. `hidden`, `covered`: cells
    that hold a value where nobody sees it; `sheet_hidden`: the sheet is hidden; `shown`: cells that show another
    figure; `contradicted`: those whose formula yields another one. `unlisted`: a sheet of an issued workbook that was
    not issued with it. `year_cell`: where the year stands in the head. `other_units`: all units that any line of the
    head names; `titled`, `signed`: whom the title names and who signs below the figures, where the head names nobody;
    `unit_cell`: where the one asked for stands. `labels`: those that people may say something of; `lacking`: labels
    of the form that the sheet has not. `alike`: other editions that no label of the sheet tells from this one.
    `digest`: of everything that was filled in (`ingest.same_figures`). `rest`: what the layout tells of rows that were
    not read.
    """

    sheet: str
    number: int
    form: str
    edition: str
    per: str
    layout: str
    values: Values
    altered: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    identity_code: str = ""
    identity_unit: str = ""
    identity_year: int | None = None
    identity_instance: str = ""
    header_unit: str | None = None
    unit_cell: str | None = None
    header_code: str = ""
    other_units: list[str] = field(default_factory=list)
    department: str | None = None
    titled: str = ""
    signed: str = ""
    header_instance: str | None = None
    header_year: int | None = None
    year_cell: str | None = None
    printed_year: int | None = None
    printed_years: dict[int, str] = field(default_factory=dict)
    converted: list[Converted] = field(default_factory=list)
    unit_unclear: str = ""
    overwritten: list[str] = field(default_factory=list)
    unruled: list[str] = field(default_factory=list)
    sheet_hidden: bool = False
    hidden: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    contradicted: list[Contradicted] = field(default_factory=list)
    unlisted: bool = False
    formulas_told: bool = True
    account: Account = field(default_factory=Account)
    labels: list[LabelMet] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    digest: str = ""
    alike: list[str] = field(default_factory=list)
    rest: Undefined | None = None


@dataclass(slots=True)
class FileReading:
    """One file: its hash, its tables, or why it was refused. `file` is relative to where the batch was read from.

    `quarantined`: reading it ended or hung its process, so that nothing is known of it but its hash. `forms`: those
    that it was read by (`表@版本`); None where another catalogue might tell it differently. `mends`: hashes of the
    files that it was made of (来源), the latest first, with the `proofs` of their tables; `round`: how often it was
    issued or returned (轮次).
    `ours`: what of the bureau's own it is, and no return. `unseen`: the status of what nobody looked at (it
    may be a folder). `no_projects`: the unit says that it has none. `document`: whether it is one of Word's or a PDF;
    `paragraphs`: the text beside its tables.
    """

    file: str
    sha256: str
    tables: list[TableReading] = field(default_factory=list)
    refused: str | None = None
    quarantined: bool = False
    forms: list[str] | None = field(default_factory=list)
    unrecognised: list[Unrecognised] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    mends: list[str] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    round: int = 1
    ours: str = ""
    unseen: str = ""
    no_projects: bool = False
    document: bool = False
    paragraphs: list[TextBeside] = field(default_factory=list)


def read_return(
    place: Place, name: str, catalogue: Catalogue, limits: Limits | None = None, *, forms: Sequence[Form] | None = None
) -> FileReading:
    """The file's tables; a file that cannot be read comes back with `refused`, never as an exception.

    `forms`: those that a sheet may be by its labels, all of the catalogue where none are named.
    """
    forms = catalogue.forms if forms is None else forms
    try:
        data = contents(place, limits)
    except Refused as error:
        return FileReading(name, "", refused=error.reason)
    digest = hashlib.sha256(data).hexdigest()
    try:
        workbook = read_workbook(data, name, limits)
    except Refused as error:
        return FileReading(name, digest, refused=error.reason)
    if own := own_output(workbook, forms, catalogue):
        return FileReading(name, digest, ours=own)
    found = recognise(workbook, forms, catalogue)
    ours = found.identity is not None
    tables = [
        _table(located, record, found.identity, paged=workbook.file_kind == "pdf")
        for located, record in found.tables
        if not (ours and _owed_by_nobody(located))
    ]
    paragraphs = text_beside(workbook, found.taken)
    texts = {paragraph.sheet for paragraph in paragraphs}
    return FileReading(
        file=name,
        sha256=digest,
        tables=[table for table in tables if not (ours and _spare(table))],
        forms=None if found.searched else sorted({located.form.key for located, _ in found.tables}),
        unrecognised=[table for table in found.unrecognised if table.sheet not in texts],
        notes=workbook.notes,
        explanations=found.explanations,
        mends=_mends(found),
        proofs=list(found.record.proofs) if found.record else [],
        no_projects=found.no_projects,
        document=workbook.file_kind in ("docx", "pdf"),
        paragraphs=paragraphs,
        round=found.record.round if found.record else found.identity.round if found.identity else 1,
    )


def units_forms(catalogue: Catalogue) -> list[Form]:
    """What units hand in: every form but the bureau's own, and the 评分依据补充表."""
    return [*(form for form in catalogue.forms if form.definition.per != BUREAU), *catalogue.supplements]


def _mends(found: Recognised) -> list[str]:
    """What a returned copy says, else the identity sheet."""
    if found.record is not None:
        return list(found.record.sources)
    return [found.identity.source] if found.identity is not None and found.identity.source else []


def _owed_by_nobody(located: Located) -> bool:
    """Most spare sheets, told without reading them: every workbook brings some, and they come back as they were."""
    instance = located.form.item_with_role("instance")
    named = instance is not None and located.form.definition.per == "project" and stands(located, instance.id)
    may_be = _may_be_spare(located.form.name, located.form.definition.per)
    return may_be and not named and untouched(located) and not figures_elsewhere(located)


def _may_be_spare(form: str, per: str) -> bool:
    return form == SUPPLEMENT or per == "project"


def _table(located: Located, record: IdentitySheet | None, identity: Identity | None, *, paged: bool) -> TableReading:
    form = located.form
    if located.number > 1:
        identity = None  # says whose the issued table is, not whose the one that was pasted under it
    values = collect(located)
    read_money_signs(located, values)
    beneath = covered(located)
    table = TableReading(
        sheet=located.sheet.name,
        number=located.number,
        form=form.name,
        edition=form.edition,
        per=form.definition.per,
        layout=PAGES if paged else located.layout,
        values=values,
        altered=located.altered,
        missing=located.missing if located.layout == "found" else [],
        printed_year=located.printed_year,
        printed_years={year: located.sheet.address(*at) for year, at in reversed(located.printed_years)},
        account=account(located, values, beneath),
        sheet_hidden=located.sheet.hidden,
        hidden=hidden(located),
        covered=beneath,
        shown=shown_otherwise(located),
        contradicted=contradictions(located),
    )
    table.rest = _rest(located, table)
    table.labels, table.lacking = labels_met(located, table.account), labels_lacking(located)
    table.alike, table.digest = located.alike, figures_digest(form, values)
    converted, table.unit_unclear = convert_printed(located, values)
    table.converted = [one for one in converted if one.unit != form.definition.money_unit]
    table.converted += convert_lists(form, values)
    if located.layout == "issued":
        table.overwritten, table.unruled = overwritten(located), unruled(located)
        table.formulas_told = located.sheet.told
    if identity is not None:
        table.unlisted = record is None
        table.identity_code, table.identity_unit = identity.unit_code, identity.unit
        table.identity_year = identity.year
    if record is not None:
        table.identity_instance = record.instance_code
    _told_by_head(table, located)
    table.header_unit, table.unit_cell = _role(form, values, "unit"), _role_cell(form, values, "unit")
    table.department = _role(form, values, "department") or table.department
    table.header_instance = _role(form, values, "instance")
    year = _role(form, values, "year")
    if year is not None and year.isdigit():
        table.header_year = int(year)
    table.year_cell = _role_cell(form, values, "year") or table.year_cell
    if located.issued is None and not (table.header_unit or table.header_code or table.other_units or table.department):
        table.titled = titled_with(located.sheet, head_rows(located))
        table.signed = signed_below(located.sheet, located.last_figure_row + 1, located.rows[1])
    return table


def _rest(located: Located, table: TableReading) -> Undefined | None:
    """The layout of a table with rows that the definition does not have at all: a total of its own, a table below."""
    unread = [*table.account.in_block, *table.account.beside]
    if located.layout == "issued" or not unread:
        return None
    read = {located.sheet.position(cell)[0] for cell in table.values.cell if cell is not None}
    unread = [cell for cell in unread if located.sheet.position(cell)[0] not in read]
    if not unread:
        return None
    return replace(read_undefined(located.sheet, *located.rows), unread=unread)


def _told_by_head(table: TableReading, located: Located) -> None:
    """What other lines of the head say than those that the form asks for; it fills in what is blank there."""
    form, values = located.form, table.values
    roles = {role: form.item_with_role(role) for role in ("unit", "department", "instance", "year")}
    lacking = [role for role, item in roles.items() if item is None or values.text_of(item.id) is None]
    if table.layout == "issued" and not lacking:
        return
    head = read_head(located)
    table.header_code = next((one.text for one in head.fields.get("code", [])), "")
    table.other_units = [one.text for one in head.fields.get("unit", [])]
    for role in lacking:
        item, told = roles[role], head.first(role)
        if told is not None and item is not None:
            values.fill_in(item.id, told.text, located.sheet.address(*told.place))
        elif told is not None and role == "year" and located.printed_year in (None, int(told.text)):
            table.header_year, table.year_cell = int(told.text), located.sheet.address(*told.place)
        elif told is not None and role == "department":
            table.department = told.text


def _role(form: Form, values: Values, role: str) -> str | None:
    item = form.item_with_role(role)
    text = None if item is None else values.text_of(item.id)
    return None if text is None or not squeezed(text) else text.strip()


def _role_cell(form: Form, values: Values, role: str) -> str | None:
    item = form.item_with_role(role)
    return None if item is None else values.cell[values.item.index(item.id)]


def _spare(table: TableReading) -> bool:
    """A sheet that nobody owes and nobody filled in: a spare one without project, or the 评分依据补充表."""
    unnamed = table.form == SUPPLEMENT or table.header_instance is None
    return _may_be_spare(table.form, table.per) and unnamed and not table.values.anything and not table.account.unread
