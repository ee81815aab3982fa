"""How near a draft comes to the definition that people wrote: the same items, and the lines still to change."""

from __future__ import annotations

import difflib
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from gouji.ingest.drafting.draft import draft_of
from gouji.ingest.read import read_workbook
from gouji.samples.figures import Table, Unit
from gouji.samples.word_table import Patch, word_table
from gouji.templates.addresses import range_name
from gouji.templates.blocks import Column, FieldsBlock, GridBlock, HeaderField, ListBlock, ListRow, PairsBlock, Row
from gouji.templates.definition import Definition
from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.issued import issue_workbook
from gouji.templates.issuing.guide import GUIDE_SHEET
from gouji.templates.labels import normalised
from gouji.templates.recipient import Recipient
from gouji.templates.scores_block import ScoresBlock
from tests.definitions import load_form

YEAR = 2021
Signature = tuple[str, str, str, str]
"""Type of the block, label of the row (or of the list's names), label of the column, kind."""


@dataclass(frozen=True)
class Nearness:
    """`found` of `items` are right in the draft; of the definition's `lines` (as plain data) `kept` are there already.

    `changed`: lines to take out of the draft and to put in, as a unified diff counts them.
    """

    items: int
    found: int
    lines: int
    kept: int
    changed: int
    missed: tuple[Signature, ...]


def blank_sheet(form: Form, folder: Path) -> bytes:
    """The form as issued, its one visible sheet alone, nothing filled in: an .xlsx."""
    path = folder / "issued.xlsx"
    issue_workbook(Recipient("1", "", ""), [form], YEAR, path)
    book = openpyxl.load_workbook(path)
    sheets = [name for name in book.sheetnames if name not in (GUIDE_SHEET, IDENTITY_SHEET)]
    for name in {*book.sheetnames} - {sheets[0]}:
        del book[name]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def blank_print(unit: Unit, table: Table) -> bytes:
    """A published table as it stood in Word, with the unit's own entries taken out: an .xlsx.

    Where a label and its value share a cell, the label stays.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    entered = sorted({value for value in table.values.values() if value}, key=len, reverse=True)
    for patch in word_table(unit, table).patches:
        if patch.rows > 1 or patch.columns > 1:
            last = patch.row + patch.rows - 1, patch.column + patch.columns - 1
            sheet.merge_cells(range_name(patch.row, patch.column, *last))
        sheet.cell(patch.row + 1, patch.column + 1).value = _emptied(patch, table.definition, entered) or None
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _emptied(patch: Patch, form: Form, entered: list[str]) -> str:
    fixed = any(item in form.items and form.items[item].fixed is not None for item in patch.items)
    if not patch.items or fixed:
        return patch.text
    text = patch.text
    for value in entered:
        text = text.replace(value, "      ")
    return text if "：" in text or ":" in text else ""


def drafted(blank: bytes, folder: Path) -> Form:
    """The form that a draft of its blank sheet makes. Raises DefinitionError when the draft cannot be used."""
    path = folder / "draft.yaml"
    path.write_text(draft_of(read_workbook(blank, "空表.xlsx"), "空表.xlsx").text(), encoding="utf-8")
    return load_form(path)


def nearness(form: Form, drawn: Form) -> Nearness:
    """The draft `drawn` against the form that it should become."""
    wanted, got = Counter(signatures(form.definition)), Counter(signatures(drawn.definition))
    ours, theirs = list(plain_lines(form.definition)), list(plain_lines(drawn.definition))
    changes = [
        line for line in difflib.unified_diff(theirs, ours, n=0) if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    return Nearness(
        items=wanted.total(),
        found=(wanted & got).total(),
        lines=len(ours),
        kept=len(ours) - sum(line.startswith("+") for line in changes),
        changed=len(changes),
        missed=tuple((wanted - got).elements()),
    )


def signatures(definition: Definition) -> Iterator[Signature]:
    """One for every item, and for every column of a list."""
    for block in definition.blocks:
        match block:
            case FieldsBlock(fields=fields):
                named = (field for field in fields if isinstance(field, HeaderField))
                yield from (("fields", "", _words(field.label or field.id), field.kind) for field in named)
            case GridBlock(columns=columns, rows=rows):
                for row in rows or [None]:
                    yield from (_cell("grid", row, column) for column in columns if _asked(row, column))
            case PairsBlock(columns=columns, rows=rows):
                for place, line in enumerate(rows):
                    label = "" if place == 0 else _words(line.label or line.id)
                    yield from (("pairs", label, _words(column.label or column.id), column.kind) for column in columns)
            case ListBlock(columns=columns, groups=groups):
                labels = block.level_labels or block.levels
                yield from (
                    ("list", _words(labels[-1]), _words(column.label or column.id), column.kind) for column in columns
                )
                leaves = ((group, leaf) for group in groups for leaf in group.groups)
                yield from (("leaf", _words(g.label or g.id), _words(leaf.label or leaf.id), "") for g, leaf in leaves)
            case ScoresBlock(indicators=indicators):
                for indicator in indicators:
                    yield (
                        "scores",
                        _words("、".join(indicator.printed_labels)),
                        "/".join(map(_words, indicator.under)),
                        f"{indicator.points:f}",
                    )
            case _:
                pass


def _asked(row: Row | ListRow | None, column: Column) -> bool:
    if not isinstance(row, Row):
        return True
    return column.id not in row.closed and (not column.only or row.id in column.only)


def _cell(block: str, row: Row | ListRow | None, column: Column) -> Signature:
    match row:
        case Row():
            label = _words(row.label or row.id)
        case ListRow():
            label = "（行）"
        case None:
            label = ""
    above = "/".join(_words(text) for text in column.under)
    return block, label, f"{above}/{_words(column.label or column.id)}", column.kind


def _words(label: str) -> str:
    return normalised(label.replace("{年}", str(YEAR)).replace("{上年}", str(YEAR - 1)))


def plain_lines(definition: Definition) -> Iterator[str]:
    """The definition as data, one entry to a line, so that comments and layout of the file make no difference."""
    yield from _lines(definition.model_dump(mode="json", by_alias=True, exclude_defaults=True), "")


def _lines(value: Any, pad: str) -> Iterator[str]:
    for key, entry in value.items():
        if isinstance(entry, list) and entry and all(isinstance(part, dict) for part in entry):
            yield f"{pad}{key}:"
            for part in entry:
                if any(isinstance(inner, list) and inner and isinstance(inner[0], dict) for inner in part.values()):
                    yield from _lines(part, f"{pad}  ")
                else:
                    yield f"{pad}  {json.dumps(part, ensure_ascii=False)}"
        else:
            yield f"{pad}{key}: {json.dumps(entry, ensure_ascii=False)}"
