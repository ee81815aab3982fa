"""基础数据汇总 worked out: the units' tables of one form, and which of their items may be added."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from gouji.templates.blocks import GridBlock, Row
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.labels import normalised
from gouji.templates.rules.nodes import Binary, Node, Ref

ADDED = {"amount", "count", "quantity"}
_SENTENCE = re.compile(r"[；;。]")


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One item as a column: the two lines of its head, and for a rate the items that it is made of."""

    item: Item
    above: str
    below: str
    ratio: tuple[str, str] | None


def is_unit_form(form: Form) -> bool:
    """Whether its tables are consolidated row by row: one per unit, with figures in grids."""
    return form.definition.per == "unit" and any(is_consolidated(item) for item in form.items.values())


def is_consolidated(item: Item) -> bool:
    """Figures that may stand beside one another; scores and texts have their own sheets."""
    return (item.kind in ADDED or item.kind == "rate") and not item.personal


def figure_columns(editions: list[Form]) -> list[FigureColumn]:
    """The items of all editions in the order of the first, what only others have behind it."""
    columns: dict[str, FigureColumn] = {}
    labels = _printed(editions)
    for form in editions:
        for item in form.items.values():
            if is_consolidated(item) and item.id not in columns:
                above = "／".join(labels[item.row]) if item.row in labels else item.block
                columns[item.id] = FigureColumn(item, above, _below(item), _ratio(form.computed.get(item.id)))
    return list(columns.values())


def standing_apart(editions: list[Form]) -> set[str]:
    """The rows whose 口径 differs between the editions: their figures must not be added together.

    A row is another one where its printed label differs (部门基本支出预算调整, 部门整体支出预算调整). Each
    sentence of an edition's 口径 belongs to the row that it begins with; a difference that cannot be laid
    to a row counts against every row, so that nothing unlike is added.
    """
    by_form = [_sentences(form) for form in editions]
    printed = _printed(editions)
    differing = {
        start for sentences in by_form for start in sentences if len({other.get(start) for other in by_form}) > 1
    }
    if differing - set(printed):
        return set(printed)
    return differing | {row for row, labels in printed.items() if len(labels) > 1}


def edition_forms(name: str, returns: pd.DataFrame, catalogue: Catalogue) -> list[Form]:
    """The editions of the form that the returns use, most used first."""
    used = returns.loc[returns["form"] == name, "edition"].value_counts()
    ordered = sorted(used.index, key=lambda edition: (-int(used[edition]), str(edition)))
    return [form for edition in ordered if (form := catalogue.known(name, str(edition))) is not None]


def _row_labels(form: Form) -> dict[str, str]:
    return {
        row.id: normalised(row.label or row.id)
        for block in form.definition.blocks
        if isinstance(block, GridBlock)
        for row in block.rows
        if isinstance(row, Row)
    }


def _printed(editions: list[Form]) -> dict[str, list[str]]:
    """Row id → the labels under which the editions print it, each once."""
    labels: dict[str, list[str]] = {}
    for form in editions:
        for row, label in _row_labels(form).items():
            if label not in labels.setdefault(row, []):
                labels[row].append(label)
    return labels


def _sentences(form: Form) -> dict[str, str]:
    """Row id → its sentence; what begins with no row's name is kept under its own words."""
    rows = sorted(_row_labels(form), key=len, reverse=True)
    by_row = {}
    for sentence in _SENTENCE.split(form.definition.scope or ""):
        if sentence.strip():
            by_row[next((row for row in rows if sentence.strip().startswith(row)), sentence.strip())] = sentence.strip()
    return by_row


def _below(item: Item) -> str:
    name = item.column or item.id
    return f"{name}（{item.unit}）" if item.unit and item.kind != "amount" else name


def _ratio(node: Node | None) -> tuple[str, str] | None:
    match node:
        case Binary(sign="/", left=Ref(form=None, list_id=None) as part, right=Ref(form=None, list_id=None) as whole):
            return part.item, whole.item
        case _:
            return None
