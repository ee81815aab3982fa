"""问题清单 as data for people: the findings under Chinese heads, with the opinions on them and figures as numbers."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pandera.pandas as pa

from gouji.export.catalogue import figure_kind
from gouji.export.department import department_of
from gouji.export.project_names import with_project_names
from gouji.export.records import plain
from gouji.export.results import Results
from gouji.export.settled import settled
from gouji.ingest.frames import typed
from gouji.templates.exact import figure, shift, significant
from gouji.templates.items import UNITS
from gouji.templates.review import NO, YES
from gouji.validate.frames import decisions_schema, findings_schema

LIST_CSV, LIST_PARQUET = "问题清单.csv", "data/问题清单.parquet"
_PERCENT = "%"
_MEASURED = re.compile(r"[≥≤≧≦＞＜]?([+-]?[\d,]*\.?\d+)(万元|分|%|元|个月|天|年|人|个|项|次|件|张)?")
_OF_KIND = {**UNITS, "rate": _PERCENT}

_WORDS = {
    "finding_id": "问题编号", "severity": "严重程度", "verdict": "结论", "unit_code": "单位编码", "unit": "单位",
    "department": "主管部门", "form": "表", "edition": "版本", "year": "年度", "instance": "项目", "file": "文件",
    "sheet": "工作表", "cell": "单元格", "item": "表内项目", "rule": "规则", "layer": "类别", "stated_figure": "填报数",
    "expected_figure": "应为", "gap": "差额", "measured_in": "计量单位", "score_impact": "影响得分（分）",
    "stated": "填报内容", "expected": "应为内容", "message": "说明", "cause": "可能原因", "basis": "依据",
    "related_cells": "涉及的其他单元格", "explanation": "单位说明", "opinion": "审核意见", "reviewer": "审核人",
    "checker": "复核人", "date": "日期", "remark": "备注", "state": "意见状态", "closed": "已审",
}  # fmt: skip
"""Our name of a column → its head."""
_NEW = {
    "department": pa.Column(str, nullable=True, description="主管部门：按名册，其次按表上所填"),
    "stated_figure": pa.Column(float, nullable=True, description="填报数，按计量单位；不是一个数的为空，见填报内容"),
    "expected_figure": pa.Column(float, nullable=True, description="应有数，按计量单位；不是一个数的为空，见应为内容"),
    "gap": pa.Column(float, nullable=True, description="填报数－应有数，按计量单位（% 的是百分点）"),
    "measured_in": pa.Column(str, nullable=True, description="填报数、应为、差额的计量单位"),
    "closed": pa.Column(str, pa.Check.isin([YES, NO]), description="审核意见是否已了结这个问题（说明采纳、规则误判）"),
}


def _described(name: str) -> pa.Column:
    column = _NEW.get(name)
    if column is None:
        known = findings_schema.columns
        column = known[name] if name in known else decisions_schema.columns[name]
    return column


list_schema = pa.DataFrameSchema({head: _described(name) for name, head in _WORDS.items()}, strict=True, ordered=True)
"""One row per finding, in the order of `findings`."""


def findings_list(results: Results) -> pd.DataFrame:
    """As `list_schema`."""
    rows = results.findings.reset_index(drop=True)
    decided = rows[["finding_id"]].merge(results.decisions, on="finding_id", how="left")
    made = {
        **{name: rows[name] for name in rows.columns if name in _WORDS},
        "instance": with_project_names(results, rows)["instance"],
        **{name: decided[name] for name in decided.columns if name in _WORDS and name not in rows.columns},
        "explanation": rows["explanation"].fillna(decided["explanation"]),
        "department": _departments(results, rows),
        **_measured(results, rows),
        "closed": [YES if is_closed else NO for is_closed in settled(results)],
    }
    return typed(pd.DataFrame({head: made[name] for name, head in _WORDS.items()}), list_schema)


def _departments(results: Results, rows: pd.DataFrame) -> list[str | None]:
    named = department_of(results)
    units = list(zip(plain(rows["unit_code"]), plain(rows["unit"]), strict=True))
    known = {unit: named(dict(zip(("unit_code", "unit"), unit, strict=True))) for unit in set(units)}
    return [known[unit] for unit in units]


def _measured(results: Results, rows: pd.DataFrame) -> dict[str, list[Any]]:
    """Stated, expected and difference as numbers in one unit of measure, and that unit."""
    columns = (plain(rows[name]) for name in ("stated", "expected", "difference", "form", "edition", "item"))
    measured = [_in_one_unit(results, *row) for row in zip(*columns, strict=True)]
    return {name: [row[column] for row in measured] for column, name in enumerate(_FIGURES)}


_FIGURES = ("stated_figure", "expected_figure", "gap", "measured_in")


def _in_one_unit(
    results: Results, stated: str | None, expected: str | None, difference: float | None, *whose: str | None
) -> tuple[float | None, float | None, float | None, str | None]:
    """`whose`: form, edition and item, whose kind tells the unit where the texts do not."""
    (left, stated_unit), (right, expected_unit) = _number(stated), _number(expected)
    unit, gap = stated_unit or expected_unit, None if difference is None else significant(difference)
    if gap is not None and unit is None:
        unit = _OF_KIND.get(figure_kind(results.catalogue, *whose) or "")
    if gap is not None and unit == _PERCENT:
        gap = shift(gap, 2)
    return (
        left if stated_unit == unit else None,
        right if expected_unit == unit else None,
        None if gap is None else float(gap),
        unit,
    )


def _number(text: str | None) -> tuple[float | None, str | None]:
    """`1,733.5万元` → 1733.5 and 万元; of a bound (≤30%) only the unit."""
    parts = _MEASURED.fullmatch(text.strip()) if text else None
    if parts is None:
        return None, None
    value = figure(parts[1]) if parts[0].startswith(parts[1]) else None
    return None if value is None else float(value), parts[2]
