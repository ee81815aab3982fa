"""The hidden identity sheet: what a workbook of ours says about itself, however its visible sheets fare.

Writing needs a workbook, reading only plain rows, so that any reader can be used. What is read comes from a
returned file and is believed no further than its shape: nothing here is executed or looked up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter import Workbook

from gouji.templates.addresses import cell_name, quoted_sheet
from gouji.templates.write import add_sheet, write_text

IDENTITY_SHEET = "_gouji"
IDENTITY_VERSION = 1

_MARK = "gouji"
_KEYS = ("单位编码", "单位名称", "年度", "轮次", "来源")
_HEADS = ("工作表", "表", "版本", "项目编码", "项目名称", "行数", "表样指纹")
_MAX_SHEETS = 2000
_MAX_SLOTS = 10_000
_CHOICES = len(_KEYS) + 2 + _MAX_SHEETS + 1
"""The row below all that is read of the sheet."""


@dataclass(frozen=True, slots=True)
class IdentitySheet:
    """One issued sheet: which form it is, for which project (both empty if none), and how it was laid out.

    `slots`: list id or second-level indicator → number of its lines; `layout` is `Layout.fingerprint()`.
    """

    sheet: str
    form: str
    edition: str
    instance_code: str
    instance: str
    slots: Mapping[str, int]
    layout: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Unit, year, round of issue, `source` (hash of the file that this one mends, or empty), sheets."""

    unit_code: str
    unit: str
    year: int
    round: int = 1
    source: str = ""
    version: int = IDENTITY_VERSION
    sheets: tuple[IdentitySheet, ...] = field(default_factory=tuple)

    def sheet(self, name: str) -> IdentitySheet | None:
        """What is said about the sheet of that name."""
        return next((one for one in self.sheets if one.sheet == name), None)


def identity_rows(identity: Identity) -> list[list[str]]:
    """The sheet as rows of text: version, five keys with their values, heads, one row per sheet."""
    values = (identity.unit_code, identity.unit, str(identity.year), str(identity.round), identity.source)
    rows = [[_MARK, str(identity.version)]]
    rows += [[key, value] for key, value in zip(_KEYS, values, strict=True)]
    rows.append(list(_HEADS))
    for one in identity.sheets:
        slots = ";".join(f"{name}={count}" for name, count in one.slots.items())
        rows.append([one.sheet, one.form, one.edition, one.instance_code, one.instance, slots, one.layout])
    return rows


def instance_code_cell(number: int) -> str:
    """Where the code of the project of the n-th sheet (from 0) stands, as formulas of other sheets write it."""
    return f"{quoted_sheet(IDENTITY_SHEET)}!{cell_name(len(_KEYS) + 2 + number, _HEADS.index('项目编码'))}"


def choices_range(count: int) -> str:
    """Where the names that may be chosen stand, as a reference."""
    return f"={IDENTITY_SHEET}!$A${_CHOICES + 1}:$A${_CHOICES + count}"


def write_identity(workbook: Workbook, identity: Identity, choices: Sequence[str] = ()) -> None:
    """Add the very hidden sheet `_gouji`; it can be shown only by a program, not from the menu.

    `choices`: names that may be chosen on the forms (`choices_range`); no reader of the identity looks at them.
    """
    sheet = add_sheet(workbook, IDENTITY_SHEET)
    for row, texts in enumerate(identity_rows(identity)):
        for column, text in enumerate(texts):
            write_text(sheet, row, column, text)
    for number, name in enumerate(choices):
        write_text(sheet, _CHOICES + number, 0, name)
    sheet.protect("")
    sheet.very_hidden()


def read_identity(rows: list[list[object]]) -> Identity | None:
    """The identity that a sheet `_gouji` states; None when the rows are not one that can be relied on."""
    texts = [[_text(value) for value in row] for row in rows[: len(_KEYS) + 2 + _MAX_SHEETS]]
    if len(texts) < len(_KEYS) + 2 or texts[0][:1] != [_MARK]:
        return None
    try:
        return _read(texts)
    except (ValueError, IndexError):
        return None


def _read(texts: Sequence[Sequence[str]]) -> Identity:
    """Raises ValueError or IndexError for whatever does not have the shape of `identity_rows`."""
    head = len(_KEYS) + 1
    values = [row[1] if len(row) > 1 else "" for row in texts[:head]]
    if tuple(row[0] for row in texts[1:head]) != _KEYS or tuple(texts[head][: len(_HEADS)]) != _HEADS:
        raise ValueError("not an identity sheet")
    version, unit_code, unit, year, round_, source = values
    sheets = tuple(_sheet(row) for row in texts[head + 1 :] if any(row))
    if len({one.sheet for one in sheets}) != len(sheets):
        raise ValueError("a sheet is named twice")
    return Identity(
        unit_code=unit_code,
        unit=unit,
        year=_whole(year, 1949, 2199),
        round=_whole(round_, 1, 9999),
        source=source,
        version=_whole(version, 1, IDENTITY_VERSION),
        sheets=sheets,
    )


def _sheet(row: Sequence[str]) -> IdentitySheet:
    cells = [*row, *[""] * len(_HEADS)][: len(_HEADS)]
    sheet, form, edition, code, name, slots, layout = cells
    if not (sheet and form and edition):
        raise ValueError("a sheet without name or form")
    return IdentitySheet(sheet, form, edition, code, name, _slots(slots), layout)


def _slots(text: str) -> dict[str, int]:
    slots: dict[str, int] = {}
    for part in text.split(";") if text else []:
        name, equals, count = part.partition("=")
        if not (name and equals) or name in slots:
            raise ValueError("slots cannot be read")
        slots[name] = _whole(count, 0, _MAX_SLOTS)
    return slots


def _text(value: Any) -> str:
    """A cell as text; a program that turned a code into a number is undone (430423001.0)."""
    if value is None or isinstance(value, bool):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _whole(text: str, low: int, high: int) -> int:
    # isascii: int() also takes digits of other scripts.
    if not (text.isascii() and text.isdigit() and len(text) < 8 and low <= int(text) <= high):
        raise ValueError(f"not a whole number from {low} to {high}: {text}")
    return int(text)
