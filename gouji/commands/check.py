"""`gouji check`: the findings of one unit's files, on the screen or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.export.results import Results
from gouji.export.to_units import told_to_units
from gouji.ingest.frames import ATTACHED
from gouji.pipeline import run
from gouji.screen import say, show_table
from gouji.status import NOTHING_DONE, exit_status
from gouji.validate.frames import SEVERITIES
from gouji.workers.chosen import beside_us


def check_files(
    files: list[Path], year: int | None, marked: Path | None, *, layers: Sequence[Path] = (), as_json: bool
) -> int:
    """Prints the findings of these files; returns the exit status, 2 where no table was read at all.

    `marked`: where marked copies go, if anywhere; `layers`: folders of definitions laid over
    those that come with gouji.

    Raises OSError when they cannot be written.
    """
    catalogue = chosen_catalogue(layers)
    with beside_us() as workers:
        results = run(files, catalogue=catalogue, year=year, workers=workers, marked=marked)
    findings = told_to_units(results.findings, catalogue)
    if as_json:
        print(json.dumps(_records(results, findings), ensure_ascii=False, indent=2))
    else:
        _show(Console(), results, findings)
        _show_copies(Console(), results, marked)
    nothing_checked = findings.empty and results.returns["form"].isna().all()
    return NOTHING_DONE if nothing_checked else exit_status(findings)


def _records(results: Results, findings: pd.DataFrame) -> dict[str, object]:
    tables = results.returns[["file", "sheet", "form", "edition", "unit", "year", "instance", "status", "reason"]]
    return {
        "returns": json.loads(tables.to_json(orient="records", force_ascii=False)),
        "findings": json.loads(findings.to_json(orient="records", force_ascii=False)),
    }


def _show(console: Console, results: Results, findings: pd.DataFrame) -> None:
    columns = ["file", "sheet", "form", "edition", "status", "reason"]
    for file, sheet, form, edition, status, reason in _texts(results.returns, columns):
        name = f"{file}／{sheet}" if sheet else file
        table = f"{name}：{form}（{edition}） {status}" if form else f"{name} {status}"
        say(console, f"{table}：{reason}" if status == ATTACHED and reason else table)
    if findings.empty:
        console.print("没有读到要核对的表，没有核对。" if results.returns["form"].isna().all() else "没有发现问题。")
        return
    ordered = findings.assign(rank=findings["severity"].map(SEVERITIES.index)).sort_values("rank", kind="stable")
    heads = ["严重程度", "结论", "工作表", "单元格", "说明", "规则"]
    columns = ["severity", "verdict", "sheet", "cell", "message", "rule"]
    for head, name in (("可能原因", "cause"), ("单位说明", "explanation")):
        if ordered[name].notna().any():
            heads, columns = [*heads, head], [*columns, name]
    show_table(console, heads, _texts(ordered, columns))
    counts = findings["severity"].value_counts()
    console.print("合计：" + "，".join(f"{name} {counts[name]} 条" for name in SEVERITIES if name in counts))


def _show_copies(console: Console, results: Results, marked: Path | None) -> None:
    for copy in results.run.get("returned", {}).get("copies", []) if marked else []:
        label = "只列出问题的清单" if "reason" in copy else "标注后的文件"
        why = f"（{copy['reason']}）" if "reason" in copy else ""
        say(console, f"{label}：{marked / copy['copy']}{why}")


def _texts(frame: pd.DataFrame, columns: list[str]) -> list[list[str]]:
    """Rows of text, blank for null."""
    return [[str(value) for value in row] for row in frame[columns].astype(object).fillna("").to_numpy().tolist()]
