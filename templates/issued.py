"""The issued workbook: instructions, the forms for one unit and its projects, 自查, the hidden sheets."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook

from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET, Identity, IdentitySheet, write_identity
from gouji.templates.issuing.contents import contents
from gouji.templates.issuing.form_sheet import FormSheet
from gouji.templates.issuing.guide import GUIDE_SHEET, write_guide
from gouji.templates.issuing.plan import IssuedSheet, instance_key, planned_sheets
from gouji.templates.issuing.styles import Styles
from gouji.templates.recipient import Project, Recipient
from gouji.templates.replacing import replaced
from gouji.templates.selfcheck.checks import self_check
from gouji.templates.selfcheck.marks import write_marks
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET
from gouji.templates.selfcheck.sheet import rule_cells, write_self_check
from gouji.templates.selfcheck.words import marks
from gouji.templates.write import add_sheet, compress, open_workbook

__all__ = ["Prefill", "Project", "Recipient", "instance_key", "issue_workbook", "issued_sheets"]

Prefill = Mapping[str, Mapping[str, Decimal]]
"""Sheet (`instance_key`) → item → figure in the item's unit, for input cells only."""


def issue_workbook(
    recipient: Recipient, forms: Sequence[Form], year: int, path: Path, *,
    round: int = 1,  # noqa: A002 - the identity's own word for 轮次
    prefill: Prefill | None = None,
    choices: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write the unit's workbook to `path` (replacing it whole): 填报说明, the forms, 自查, `_gouji`.

    `choices`: names of indicators (指标库) that may be chosen where units write their own.

    A form that is filled per project has one sheet per project of the unit and two spare ones. Equal
    arguments give equal bytes. Raises ValueError when `forms` is empty or `prefill` names a sheet or an item
    that has no input cell, OSError when the file cannot be written.
    """
    if not forms:
        raise ValueError("no form to issue")
    sheets = issued_sheets(recipient, forms, year)
    given = dict(prefill or {})
    unknown = sorted(given.keys() - {sheet.key for sheet in sheets})
    if unknown:
        raise ValueError(f"no sheet for {', '.join(unknown)}")
    with replaced(path) as draft:
        _write(draft, recipient, sheets, year, round, given, choices)


def issued_sheets(recipient: Recipient, forms: Sequence[Form], year: int) -> list[IssuedSheet]:
    """The form sheets that the unit's workbook has, with their names and layouts."""
    taken = (GUIDE_SHEET, SELF_CHECK_SHEET, LEDGER_SHEET, IDENTITY_SHEET)
    return planned_sheets(recipient, forms, year, taken)


def _write(
    part: Path, recipient: Recipient, sheets: list[IssuedSheet], year: int, round_: int, given: Prefill,
    choices: Sequence[str],
) -> None:  # fmt: skip
    filled = [contents(sheet, recipient, {} if sheet.spare else given.get(sheet.key, {})) for sheet in sheets]
    workbook = open_workbook(part, created=_created(year))
    styles = Styles(workbook)
    checked = self_check(sheets, year)
    checked.ledger.prepare(workbook)
    write_guide(workbook, recipient, year, sheets, styles)
    marked = marks(checked, rule_cells(checked))
    for sheet, values in zip(sheets, filled, strict=True):
        worksheet = add_sheet(workbook, sheet.name)
        FormSheet(worksheet, sheet, values, styles, year, len(choices)).write()
        write_marks(worksheet, sheet, marked[sheet.name], styles)
    write_self_check(workbook, checked, styles)
    checked.ledger.write(workbook)
    write_identity(workbook, _identity(recipient, sheets, year, round_), choices)
    _close(workbook)
    compress(part)


def _close(workbook: Workbook) -> None:
    workbook.worksheets()[0].activate()
    workbook.close()


def _created(year: int) -> datetime.datetime:
    """When returns for a year are asked for; the true time would make every issue differ."""
    return datetime.datetime(year + 1, 1, 1)


def _identity(recipient: Recipient, sheets: Sequence[IssuedSheet], year: int, round_: int) -> Identity:
    return Identity(
        unit_code=recipient.unit_code, unit=recipient.unit, year=year, round=round_,
        sheets=tuple(_identity_sheet(sheet) for sheet in sheets),
    )  # fmt: skip


def _identity_sheet(sheet: IssuedSheet) -> IdentitySheet:
    return IdentitySheet(
        sheet=sheet.name,
        form=sheet.form.name,
        edition=sheet.form.edition,
        instance_code=sheet.project.code if sheet.project else "",
        instance=sheet.project.name if sheet.project else "",
        slots=sheet.slots,
        layout=sheet.layout.fingerprint(),
    )
