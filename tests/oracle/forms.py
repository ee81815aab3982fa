"""The definitions as plain data: which items a form has, of what kind, and what it checks. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2] / "templates" / "forms"


@dataclass
class Grid:
    """Rows (none in a grid of one line) and columns with their kinds."""

    rows: list[str]
    columns: dict[str, str]


@dataclass
class FormData:
    """`names_project`: whether the form has a field for its project.

    `kinds`: item → kind; `lists`: list → column → kind; `groups`: group of a list or section → its points.

    `inside`: group → the groups of lines below it; `indicators`: indicator → its printed data, in order.
    """

    name: str
    edition: str
    checks: list[dict[str, Any]]
    uses: dict[str, str]
    scoring: dict[str, Any]
    scores_id: str = ""
    names_project: bool = False
    grids: list[Grid] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    lists: dict[str, dict[str, str]] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    inside: dict[str, list[str]] = field(default_factory=dict)
    indicators: dict[str, dict[str, Any]] = field(default_factory=dict)
    evidence: dict[str, dict[str, Any]] = field(default_factory=dict)


@cache
def form_data(name: str, edition: str) -> FormData:
    raw = YAML(typ="safe", pure=True).load(ROOT / name / f"{edition}.yaml")
    form = FormData(name, edition, raw.get("checks", []), raw.get("uses", {}), raw.get("scoring", {}))
    form.evidence = raw.get("evidence", {})
    for block in raw["blocks"]:
        _BLOCKS[next(key for key in block if key in _BLOCKS)](form, block)
    return form


def _fields(form: FormData, block: dict[str, Any]) -> None:
    form.kinds |= {entry["id"]: entry["kind"] for entry in block["fields"] if "id" in entry}
    form.names_project |= any(entry.get("role") == "instance" for entry in block["fields"])


def _grid(form: FormData, block: dict[str, Any]) -> None:
    columns = {head["id"]: head["kind"] for head in block["columns"]}
    rows = [line["id"] for line in block.get("rows", []) if "id" in line]
    form.grids.append(Grid(rows, columns))
    for column in block["columns"]:
        only = column.get("only", rows)
        form.kinds |= {f"{row}.{column['id']}": column["kind"] for row in rows if row in only}
        if not block.get("rows"):
            form.kinds[column["id"]] = column["kind"]
    for row in block.get("rows", []):
        for closed in row.get("closed", {}):
            form.kinds.pop(f"{row.get('id')}.{closed}", None)
        if "list" in row:
            form.lists[row["list"]] = columns


def _list(form: FormData, block: dict[str, Any]) -> None:
    form.lists[block["list"]] = {column["id"]: column["kind"] for column in block["columns"]}
    for group in block["groups"]:
        form.groups[group["id"]] = group.get("points")
        form.inside[group["id"]] = [subgroup["id"] for subgroup in group.get("groups", [])] or [group["id"]]


def _scores(form: FormData, block: dict[str, Any]) -> None:
    form.scores_id = block["scores"]
    form.groups |= block.get("sections", {})
    for indicator in block["indicators"]:
        form.indicators[indicator["id"]] = indicator
        form.kinds |= {f"{indicator['id']}.分值": "points", f"{indicator['id']}.得分": "points"}
        for section in indicator.get("under", []):
            form.inside.setdefault(section, []).append(indicator["id"])
    if "total" in block:
        form.kinds |= {"总分.分值": "points", "总分.得分": "points"}


_BLOCKS: dict[str, Any] = {
    "fields": _fields,
    "grid": _grid,
    "pairs": _grid,
    "list": _list,
    "scores": _scores,
    **dict.fromkeys(("title", "caption", "note", "heading"), lambda form, block: None),
}
