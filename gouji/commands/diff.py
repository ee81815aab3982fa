"""`gouji diff`: two rounds of one batch compared, finding by finding."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from gouji.export.comparison import write_comparison
from gouji.export.project_names import ProjectNames, project_names
from gouji.export.records import records
from gouji.export.resolved import resolved
from gouji.export.results import Results
from gouji.export.settled import outstanding
from gouji.ingest.beside.previous import read_frame
from gouji.ingest.frames import returns_schema, typed
from gouji.results_folder import findings_of, read_results
from gouji.screen import say, show_table
from gouji.status import exit_status
from gouji.templates.catalogue import built_in
from gouji.validate.frames import resolved_schema
from gouji.validate.review.rounds import compared, recoded
from gouji.validate.review.same_findings import RunFindings, with_kept_ids
from gouji.validate.review.seal import figures_mark
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over

SAME, CHANGED, NEW = "仍未改正", "仍有问题，数据有变", "新出现"
_MOST = 10
"""Units that are shown on the screen, those with most that is open first; the workbook has every finding."""


def diff_rounds(first: Path, second: Path, out: Path | None = None, *, as_json: bool) -> int:
    """Prints how much was corrected, is open and is new, by units; returns the exit status of the second round.

    `out`: a workbook with every finding of both. Raises FileNotFoundError, PreviousError when one of the folders holds
    no results of a run, FileExistsError, OSError.
    """
    with reader() as process:
        rows, status = handed_over(process, partial(_compared, second=second), first)
    rows.sort(key=lambda row: (row["单位"] or "", row["表"] or "", row["项目"] or "", row["规则"], row["问题编号"]))
    if out is not None:
        write_comparison(rows, out)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _show(rows, out)
    return status


def _compared(first: Path, second: Path) -> tuple[list[dict[str, Any]], int]:
    """What is shown, and the exit status; runs in a worker."""
    later = read_results(second, built_in())
    before = recoded(findings_of(first), later.returns, later.findings).findings
    earlier = RunFindings(before, read_frame(first, "returns", returns_schema))
    named = replace(later, findings=with_kept_ids(RunFindings(later.findings, later.returns), earlier))
    return _rows(before, named), exit_status(outstanding(later))


def _rows(before: pd.DataFrame, later: Results) -> list[dict[str, Any]]:
    """One row per finding of either round, told by their ids: what became of it, and the figures of both."""
    comparison = compared(before, later.findings)
    gone = resolved(later, before, typed(pd.DataFrame(), resolved_schema), [])
    earlier_rows, names = {row["finding_id"]: row for row in records(before)}, project_names(later)
    rows = [_row(row["outcome"], row, row, names, stated=row["now"]) for row in records(gone)]
    for row in records(comparison.open):
        earlier = earlier_rows[row["finding_id"]]
        state = SAME if figures_mark(earlier) == figures_mark(row) else CHANGED
        rows.append(_row(state, row, earlier, names, stated=row["stated"], expected=row["expected"]))
    new = (
        _row(NEW, row, None, names, stated=row["stated"], expected=row["expected"]) for row in records(comparison.new)
    )
    return [*rows, *new]


def _row(
    state: str,
    finding: dict[str, Any],
    earlier: dict[str, Any] | None,
    names: ProjectNames,
    *,
    stated: str | None,
    expected: str | None = None,
) -> dict[str, Any]:
    project = names.shown(finding["unit_code"], finding["unit"], finding["instance"])
    return {
        "结果": state,
        "单位": finding["unit"] or finding["unit_code"],
        "表": built_in().short_name(finding["form"]),
        "项目": project,
        "规则": finding["rule"],
        "严重程度": finding["severity"],
        "上次填报数": earlier and earlier["stated"],
        "上次应为": earlier and earlier["expected"],
        "本次填报数": stated,
        "本次应为": expected,
        "说明": finding["message"],
        "问题编号": finding["finding_id"],
    }


def _show(rows: list[dict[str, Any]], out: Path | None) -> None:
    console = Console()
    counts = Counter(row["结果"] for row in rows)
    if not rows:
        say(console, "两次都没有需要处理的问题。")
        return
    say(console, "，".join(f"{state} {count} 条" for state, count in counts.most_common()))
    show_table(console, ["单位", *counts], _by_unit(rows, list(counts)))
    units = len({row["单位"] for row in rows})
    if units > _MOST:
        say(console, f"另有 {units - _MOST} 个单位没有列出。")
    say(console, f"逐条的比较：{out}" if out else "逐条的比较写成工作簿：加 --out 比较.xlsx")


def _by_unit(rows: list[dict[str, Any]], states: list[str]) -> list[list[str]]:
    """How many findings of each unit became what."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row["单位"] or "（单位无法确定）", Counter())[row["结果"]] += 1
    open_ = {unit: sum(count[state] for state in (SAME, CHANGED, NEW)) for unit, count in counts.items()}
    most = sorted(counts, key=lambda unit: (-open_[unit], unit))[:_MOST]
    return [[unit, *(str(counts[unit][state] or "") for state in states)] for unit in most]
