"""总览: how the batch stands, counted for tiles, charts and short tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from gouji.export.parties import Parties, title
from gouji.export.report.charts import AMBER, BLUE, GREEN, GREY, LIGHT, RED, Drawing, bars
from gouji.export.report.problems import Problems
from gouji.export.results import Results
from gouji.export.rulebook import rule_words
from gouji.export.sheets.overview import lead
from gouji.export.standing import (
    GAPS,
    GRADE_NAMES,
    RATE_BANDS,
    at_stake,
    by_layer,
    counted_totals,
    gap_counts,
    grade_counts,
    rate_counts,
)
from gouji.export.words import ASK, HINT, MUST, RECEIVED
from gouji.templates.catalogue import Catalogue
from gouji.templates.verdicts import DIFFERS

MOST = 10
NAMED = 20
Row = list[Any]


def overview(
    results: Results, parties: Parties, problems: Problems, counts: Mapping[int, dict[str, Any]], ranked: Sequence[int]
) -> dict[str, Any]:
    """Everything that stands on the page's first part, by the names that the template uses.

    `counts`: place of a unit → its findings; `ranked`: places, those with most at stake first.
    """
    return {
        "lead": lead(results),
        "tiles": _tiles(results, parties, problems.frame),
        "receipt": _receipt(results),
        "missing": _missing(parties, results.catalogue),
        "missing_more": max(0, sum(not unit.complete for unit in parties.units) - NAMED),
        "charts": _charts(results, problems.frame),
        "worst_units": [_worst_unit(parties, place, counts[place]) for place in ranked[:MOST] if place in counts],
        "worst_rules": _worst_rules(problems.frame, rule_words(results, problems.frame)),
    }


def _tiles(results: Results, parties: Parties, findings: pd.DataFrame) -> list[dict[str, Any]]:
    returns, listed = results.returns, [unit for unit in parties.units if unit.listed]
    units = listed or parties.units
    done = sum(unit.complete for unit in units)
    lacking = sum(unit.lacking(form) for unit in parties.units for form in unit.asked)
    refused = returns.loc[returns["status"].isin(["无法读取", "已隔离"]), "file"].nunique()
    serious = findings[(findings["severity"] == MUST) & (findings["verdict"] == DIFFERS)]
    severe = findings["severity"].value_counts()
    return [
        _tile("名册单位" if listed else "报送单位", len(units), f"报齐 {done} 个，未报齐 {len(units) - done} 个"),
        _tile("收到文件", returns["file"].nunique(), f"识别出 {int(returns['form'].notna().sum())} 张表"),
        _tile("缺报的表", lacking, "名册要求而没有收到", "bad" if lacking else ""),
        _tile("不能读取", refused, "原因见“说明”", "bad" if refused else ""),
        _tile("强制性不符", len(serious), f"涉及 {serious['place'].nunique()} 个单位", "bad" if len(serious) else ""),
        _tile("核实性问题", int(severe.get(ASK, 0)), "请单位更正或说明理由", "warn" if severe.get(ASK, 0) else ""),
        _tile("提示", int(severe.get(HINT, 0)), "供参考"),
    ]


def _tile(name: str, count: int, text: str, shade: str = "") -> dict[str, Any]:
    return {"name": name, "count": count, "text": text, "shade": shade}


def _receipt(results: Results) -> list[Row]:
    """Status, tables, and the reasons that stand behind it."""
    rows: list[Row] = []
    for status, part in results.returns.groupby("status", sort=False):
        reasons = list(dict.fromkeys(part["reason"].dropna()))
        forms = part["form"].dropna().value_counts(sort=False)
        named = "，".join(f"{results.catalogue.short_name(str(form))}{count}张" for form, count in forms.items())
        words = named if status == RECEIVED else "；".join([*reasons[:3], *(["……"] if len(reasons) > 3 else [])])
        rows.append([status, len(part), words or named])
    return sorted(rows, key=lambda row: (row[0] != RECEIVED, -row[1]))


def _missing(parties: Parties, catalogue: Catalogue) -> list[Row]:
    rows: list[Row] = []
    for unit in parties.units:
        if not unit.complete and len(rows) < NAMED:
            due = {catalogue.short_name(form): unit.lacking(form) for form in unit.asked}
            lacking = "，".join(f"{form}{count}张" for form, count in due.items() if count)
            rows.append([title(unit), lacking, unit.department or "", unit.deadline or ""])
    return rows


def _charts(results: Results, findings: pd.DataFrame) -> list[dict[str, Any]]:
    layers, series = by_layer(findings)
    totals = counted_totals(results)
    return [
        _chart("问题的类别与严重程度（个）", bars("layers", layers, series, [RED, AMBER, GREY], stacked=True)),
        _chart("等次：自评与复算（张表）", bars("grades", GRADE_NAMES, grade_counts(totals), [LIGHT, BLUE])),
        _chart(
            "自评总分与复算范围（张表）",
            bars("gaps", GAPS, {"张表": gap_counts(totals)}, [BLUE]),
            "复算范围是表中数据所允许的最低分到最高分；自评高于最高分的，请重点核实。",
        ),
        _chart("项目预算执行率（个项目）", bars("rates", RATE_BANDS, {"项目": rate_counts(results)}, [GREEN])),
    ]


def _chart(name: str, drawing: Drawing, note: str = "") -> dict[str, Any]:
    return {"name": name, "svg": drawing.svg, "style": drawing.style, "note": note}


def _worst_unit(parties: Parties, place: int, count: dict[str, Any]) -> Row:
    unit = parties.units[place]
    return [place, title(unit), unit.department or "", count["must"], count[ASK], count[HINT], count["impact"] or None]


def _worst_rules(findings: pd.DataFrame, words: Mapping[str, str]) -> list[Row]:
    """The rules with most at stake."""
    units = findings.groupby("rule")["place"].nunique()
    return [
        [rule, words.get(str(rule), ""), float(impact) or None, int(must), int(count), int(units[rule])]
        for rule, impact, must, count in at_stake(findings, findings["rule"]).head(MOST).itertuples()
    ]
