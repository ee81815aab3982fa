"""The hand audit of the published returns (expected/*.yaml), and how its tests read figures and items."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from gouji.samples.figures import Table, Unit
from gouji.templates.scores_block import ScoresBlock

ROOT = Path(__file__).parent
SAMPLES = ROOT.parent / "samples"
UNITS = [
    "岳阳市政务服务中心",
    "汨罗市人民政府政务服务中心",
    "炎陵县政务服务中心",
    "衡山县行政审批服务局",
    "鹤城区政务服务中心",
]
BASE = "部门整体支出绩效评价基础数据表"
SHEET = "部门整体支出绩效评价指标评分表"
SELF = "预算支出绩效自评表"
FINDING_KEYS = {"form", "instance", "item", "rule", "verdict", "severity"}


def returns(name: str) -> Path:
    return SAMPLES / "returns" / f"{name}.yaml"


@cache
def expected(name: str) -> dict[str, Any]:
    text = (ROOT / "expected" / f"{name}.yaml").read_text("utf-8")
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def figure(printed: str) -> Decimal:
    """A printed figure as these returns write it: with a unit, a percent sign or stray spaces. Blank is 0."""
    match = re.fullmatch(r"[≥≤]?(\d+(?:\.\d+)?)(万元|%|人|个|分)?", printed.strip()) if printed.strip() else None
    assert match or not printed.strip(), printed
    if match is None:
        return Decimal(0)
    return Decimal(match[1]) / (100 if match[2] == "%" else 1)


def table(unit: Unit, form: str, instance: str = "") -> Table:
    return next(candidate for name, candidate in unit.instances() if (candidate.form, name) == (form, instance))


def total(printed: dict[str, str], items: list[str]) -> Decimal:
    return sum((figure(printed.get(item, "")) for item in items), Decimal(0))


def of_lines(printed: Table, name: str, column: str, groups: list[str] | None = None) -> list[str]:
    """The items of one column over the lines of a list, or of some of its groups."""
    pairs = zip(printed.line_ids(name), printed.lines[name], strict=True)
    return [f"{line_id}.{column}" for line_id, line in pairs if groups is None or line.group in groups]


def item_kinds(each: Table) -> dict[str, str]:
    kinds = {item: spec.kind for item, spec in each.definition.items.items()}
    for name in each.lines:
        for column, spec in each.definition.lists[name].columns.items():
            kinds |= {f"{line_id}.{column}": spec.kind for line_id in each.line_ids(name)}
    return kinds


def without_finding(audit: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(form, instance, rule, item) of the checks that agree or cannot be made."""
    return [
        (section["form"], section["instance"], rule, item)
        for section in [*audit["agrees"], *audit["unchecked"]]
        for rule, items in section["checks"].items()
        for item in items
    ]


def group_totals(each: Table) -> set[str]:
    """`产出指标.分值`, `投入.分值`: the sum of a column over a group of a list or a section of a 评分表."""
    sections = {
        f"{section}.{column}"
        for block in each.definition.definition.blocks
        if isinstance(block, ScoresBlock)
        for section in block.sections
        for column in ("分值", "得分")
    }
    return sections | {
        f"{group}.{column}"
        for spec in each.definition.lists.values()
        for group in (*spec.groups, *spec.groups.values())
        for column in spec.columns
    }


def filled_lines(each: Table, name: str) -> list[str]:
    """The ids of the lines that have a name and anything behind it."""
    pairs = zip(each.line_ids(name), each.lines[name], strict=True)
    return [line_id for line_id, line in pairs if line.name and any(text.strip() for text in line.values.values())]
