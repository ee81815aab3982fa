"""`gouji forms …`: the catalogue, the items of a form, faults of definitions and forms, the JSON Schema."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue, layered
from gouji.score.form_faults import form_faults
from gouji.screen import say, show_table
from gouji.templates.addresses import cell_name
from gouji.templates.blocks import ListBlock
from gouji.templates.catalogue import Catalogue
from gouji.templates.definition import Definition
from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.layer import BUILT_IN
from gouji.templates.layout import lay_out
from gouji.templates.model import KIND_NAMES
from gouji.templates.rules.naming import item_label

WAYS = {"input": "填写", "computed": "自动计算", "fixed": "固定"}
"""How a cell gets its value → in words."""
_TOTAL = 100
"""What the points of a whole form come to, where a row states that."""


def list_forms(layers: Sequence[Path] = (), *, as_json: bool) -> None:
    """Every form and edition."""
    records = form_records(chosen_catalogue(layers))
    if as_json:
        _print_json(records)
        return
    heads = ["表", "版本", "也适用", "项目", "规则", "分值", "来源", "依据"]
    rows = [
        [
            record["form"],
            record["edition"],
            "、".join(edition for edition in record["serves"] if edition != record["edition"]),
            str(record["items"]),
            str(record["rules"]),
            plain(record["points"]) if record["points"] else "",
            record["origin"],
            record["basis"],
        ]
        for record in records
    ]
    show_table(Console(), heads, rows, unbroken=("版本",))


def form_records(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every edition that can be used, with its counts; `points`: those that are printed on it. Raises DefinitionError
    where there is none."""
    return [
        {
            "form": form.name,
            "edition": form.edition,
            "also": sorted(form.known_names - {form.name}),
            "serves": form.definition.serves,
            "items": len(form.items),
            "rules": len({rule.id for rule in form.rules}),
            "points": printed_points(form),
            "basis": form.definition.basis,
            "origin": catalogue.origin((form.name, form.edition)),
        }
        for form in catalogue.forms
    ]


def printed_points(form: Form) -> Decimal:
    """What the points that the form prints come to: of its indicators, of the groups of its lists, of single rows."""
    indicators = (block.indicators[place].points for block, place in form.indicators.values())
    lists = (block for block in form.definition.blocks if isinstance(block, ListBlock))
    groups = (group.points for block in lists for group in block.groups)
    rows = (item for item in form.items.values() if item.kind == "points" and item.row not in form.indicators)
    single = (item.fixed for item in rows if item.fixed != _TOTAL)
    return sum(filter(None, (*indicators, *groups, *single)), Decimal(0))


def show_form(name: str, year: int | None, layers: Sequence[Path] = (), *, as_json: bool) -> None:
    """Every item of a form with its cell on the issued sheet, its kind, and whether it is input or computed."""
    form = chosen_catalogue(layers).find(name)
    shown = year or datetime.date.today().year
    records = item_records(form, shown)
    if as_json:
        _print_json({"form": form.name, "edition": form.edition, "year": shown, "items": records})
        return
    heads = ["项目", "名称", "单元格", "类型", "填写方式", "必填"]
    rows = [
        [
            record["item"],
            record["label"],
            record["cell"],
            KIND_NAMES[record["kind"]],
            WAYS[record["entry"]],
            "是" if record["required"] else "",
        ]
        for record in records
    ]
    show_table(Console(), heads, rows, form.key)


def check_forms(layers: Sequence[Path] = (), *, as_json: bool) -> int:
    """Definition errors end with 1; contradictions printed in a form are listed and end with 0.

    With `layers`, only their editions are checked: those that come with gouji are not the caller's to mend.
    """
    catalogue = layered(layers)
    editions = [edition for edition in catalogue.editions if not layers or catalogue.origin(edition) != BUILT_IN]
    errors = definition_errors(catalogue)
    usable = [catalogue.form(*edition) for edition in editions if edition not in catalogue.broken]
    faults = [fault for form in usable for fault in fault_records(form)]
    if as_json:
        _print_json({"errors": errors, "faults": faults})
        return int(bool(errors))
    console = Console()
    for error_text in dict.fromkeys(map(str, catalogue.broken.values())):
        say(console, f"定义错误 {error_text}")
    for fault in faults:
        say(console, f"表样问题 {fault['form']} {fault['rule']}：{fault['message']}")
    say(console, f"共 {len(editions)} 个版本，定义错误 {len(errors)} 处，表样问题 {len(faults)} 处。")
    return int(bool(errors))


def definition_errors(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Each mistake of a definition once: file, line (0: none), key, message."""
    return [
        {"file": error.file, "line": error.line, "key": error.key, "message": error.message}
        for error in {str(error): error for error in catalogue.broken.values()}.values()
    ]


def fault_records(form: Form) -> list[dict[str, str]]:
    """Contradictions printed in a form."""
    return [
        {"form": form.key, "rule": fault.rule, "item": fault.item or "", "message": fault.message}
        for fault in form_faults(form)
    ]


def print_schema() -> None:
    """The JSON Schema of a definition file."""
    _print_json(Definition.model_json_schema(by_alias=True))


def item_records(form: Form, year: int) -> list[dict[str, Any]]:
    """Every item and line as the issued sheet of `year` has them."""
    layout = lay_out(form, year)
    records = [_record(form, item, year, cell_name(*layout.positions[item.id])) for item in form.items.values()]
    for name, spec in form.lists.items():
        for number, slot in enumerate(layout.slots[name], 1):
            for column, item in spec.columns.items():
                record = _record(form, item, year, cell_name(*slot.columns[column]))
                records.append({**record, "line": number, "under": slot.group})
    return records


def _record(form: Form, item: Item, year: int, cell: str) -> dict[str, Any]:
    entry = "computed" if item.id in form.computed else "fixed" if item.fixed is not None else "input"
    label = item_label(form, item, year)
    return {
        "item": item.id, "label": label, "cell": cell, "kind": item.kind, "unit": item.unit, "entry": entry,
        "required": item.required,
    }  # fmt: skip


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
