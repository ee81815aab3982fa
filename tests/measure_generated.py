"""How well a run finds what was planted: recall per kind, false alarms at honest units.

By hand: `python -m tests.measure_generated OUT` on what `python -m gouji.samples.generate OUT` wrote.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.generate import PLANTED, ROSTER, WORKBOOKS
from gouji.samples.generating.planted import Planted, read_planted
from tests.frames import all_found

GRAVE = ["强制性", "核实性"]


def measure(out: Path, year: int = 2021) -> dict[str, Any]:
    """Run on `out` and compare with its planted.json.

    `by_kind`: kind → [found, planted]; `missed`: what was not found; `false_alarms`: 强制性/核实性 findings of
    不符 at units without a fault; `inexact`: faulty units whose broken rules are not exactly those foretold;
    `unchecked`: 无法核对 findings at honest units; `agreed`: rule → how often it was 相符 or 尾差 at honest units;
    `returns`: tables received; `seconds` of the run.
    """
    planted = read_planted(out / PLANTED)
    begun = time.perf_counter()
    results = run([out / WORKBOOKS], roster_path=out / ROSTER, year=year)
    findings = all_found(results)
    seconds = time.perf_counter() - begun
    broken = findings[findings["verdict"] == "不符"]
    grave = broken[broken["severity"].isin(GRAVE)]
    faulty = {fault.unit_code for fault in planted}
    missed = [fault for fault in planted if not is_found(fault, broken)]
    honest = grave[~grave["unit_code"].isin(faulty) & ~grave["file"].isin({fault.file for fault in planted})]
    unchecked = findings[(findings["verdict"] == "无法核对") & ~findings["unit_code"].isin(faulty)]
    return {
        "planted": len(planted),
        "recall": 1 - len(missed) / len(planted) if planted else None,
        "by_kind": _by_kind(planted, missed),
        "missed": missed,
        "false_alarms": honest[["unit", "form", "instance", "item", "rule", "message"]].to_dict("records"),
        "inexact": inexact(planted, grave),
        "unchecked": dict(Counter(unchecked["rule"])),
        "agreed": _agreed(results, faulty),
        "returns": len(results.returns),
        "seconds": round(seconds, 1),
    }


def _agreed(results: Results, faulty: set[str]) -> dict[str, int]:
    honest = results.returns.loc[~results.returns["unit_code"].isin(faulty), "return_id"]
    verdicts = results.verdicts.frame(return_id=set(honest))
    return dict(Counter(verdicts.loc[verdicts["verdict"].isin(["相符", "尾差"]), "rule"]))


def is_found(fault: Planted, broken: pd.DataFrame) -> bool:
    """Whether one of the fault's rules is broken at its unit or file, and at its form, instance and item if named."""
    hit = broken["rule"].isin(fault.rules) & (broken["unit_code"].eq(fault.unit_code) | broken["file"].eq(fault.file))
    for column in ("form", "instance", "item"):
        if getattr(fault, column):
            hit &= broken[column].eq(getattr(fault, column)).fillna(False).astype(bool)
    return bool(hit.any())


def inexact(planted: list[Planted], grave: pd.DataFrame) -> list[tuple[str, str, list[str], list[str]]]:
    """(kind, unit, foretold, broken) where every broken rule was foretold and it came out differently."""
    rules: dict[str, set[str]] = {}
    for code, rule in zip(grave["unit_code"], grave["rule"], strict=True):
        rules.setdefault(code, set()).add(rule)
    return [
        (fault.kind, fault.unit, sorted(fault.exactly), sorted(rules.get(fault.unit_code, set())))
        for fault in planted
        if fault.exactly is not None and set(fault.exactly) != rules.get(fault.unit_code, set())
    ]


def _by_kind(planted: list[Planted], missed: list[Planted]) -> dict[str, list[int]]:
    all_, lost = Counter(fault.kind for fault in planted), Counter(fault.kind for fault in missed)
    return {kind: [count - lost[kind], count] for kind, count in sorted(all_.items())}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1])), ensure_ascii=False, indent=1, default=str))
