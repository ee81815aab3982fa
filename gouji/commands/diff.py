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
from gouji.validate.review.same_findings import Told, with_kept_ids
from gouji.validate.review.seal import figures_mark
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over

SAME, CHANGED, NEW = "仍未改正", "仍有问题，数据有变", "新出现"
_MOST = 40
"""Findings that are shown on the screen; --json has all."""


def diff_rounds(first: Path, second: Path, *, as_json: bool) -> int:
    """Prints what was corrected, what is open and what is new; returns the exit status of the second round.

    Raises FileNotFoundError, PreviousError when one of the folders holds no results of a run.
    """
    with reader() as process:
        rows, status = handed_over(process, partial(_compared, second=second), first)
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _show(rows)
    return status


def _compared(first: Path, second: Path) -> tuple[list[dict[str, Any]], int]:
    """What is shown, and the exit status; runs in a worker."""
    later = read_results(second, built_in())
    before = recoded(findings_of(first), later.returns, later.findings).findings
    told = Told(before, read_frame(first, "returns", returns_schema))
    named = replace(later, findings=with_kept_ids(Told(later.findings, later.returns), told))
    return _rows(before, named), exit_status(outstanding(later))


def _rows(before: pd.DataFrame, later: Results) -> list[dict[str, Any]]:
    """One row per finding of either round, told by their ids: what became of it, and the figures of both."""
    both = compared(before, later.findings)
    gone = resolved(later, before, typed(pd.DataFrame(), resolved_schema), [])
    then = {one["finding_id"]: one for one in records(before)}
    rows = [_row(one["outcome"], one, one, now=one["now"]) for one in records(gone)]
    for one in records(both.open):
        earlier = then[one["finding_id"]]
        state = SAME if figures_mark(earlier) == figures_mark(one) else CHANGED
        rows.append(_row(state, one, earlier, now=one["stated"], expected=one["expected"]))
    return rows + [_row(NEW, one, None, now=one["stated"], expected=one["expected"]) for one in records(both.new)]


def _row(
    state: str, one: dict[str, Any], earlier: dict[str, Any] | None, *, now: str | None, expected: str | None = None
) -> dict[str, Any]:
    return {
        "结果": state,
        "单位": one["unit"] or one["unit_code"],
        "表": built_in().short_name(one["form"]),
        "项目": one["instance"],
        "规则": one["rule"],
        "严重程度": one["severity"],
        "上次填报数": earlier and earlier["stated"],
        "上次应为": earlier and earlier["expected"],
        "本次填报数": now,
        "本次应为": expected,
        "说明": one["message"],
        "问题编号": one["finding_id"],
    }


def _show(rows: list[dict[str, Any]]) -> None:
    console = Console()
    counts = Counter(row["结果"] for row in rows)
    if not rows:
        say(console, "两次都没有需要处理的问题。")
        return
    say(console, "，".join(f"{state} {count} 条" for state, count in counts.most_common()))
    shown = sorted(rows, key=lambda row: (row["单位"] or "", row["表"], row["规则"]))[:_MOST]
    heads = ["结果", "单位", "表", "规则", "上次填报数", "本次填报数", "本次应为"]
    show_table(console, heads, [[str(row[head] or "") for head in heads] for row in shown])
    if len(rows) > len(shown):
        say(console, f"另有 {len(rows) - len(shown)} 条没有列出，加 --json 可得到全部。")
