"""How much of what a run says asks something of its reader, and how many findings one fault makes.

By hand: `python -m tests.measure_noise [demo|twelve|core|all …]`, every set by default; before and after alike.

A finding **asks** something if it is 强制性 or 核实性, tells the unit or the bureau what to do (`请…`), and is not
**said already** by another finding of the same cause. It is said already where
- it says itself that it follows from another finding (`FOLLOWS` in 可能原因), or
- another one of the same file and rule says the same sentence (one file, several tables), or
- it is 无法核对 for want of a figure at a cell for which another finding asks, or
- it differs by the same amount as another one and reads that one's cell (a subtotal, then the total), or
- it is 缺报 of a table whose file another finding calls unreadable or empty.
Of findings of one cause the first counts, in the order of 问题清单. 表样问题 are told apart: each asks the bureau to
mend its form, whoever returned it; `share` leaves them out, `share_with_forms` counts them as asking.

`per_fault`: 强制性 and 核实性 findings at units or files with a planted fault that are not said to follow from another,
over the planted faults. `recall`: planted faults (`tests.measure_generated`) among the findings and what stands beside
them (`Results.asides`); `only_beside`: those found there only, for they ask nothing of anybody.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.export.results import Results
from gouji.export.sheets.findings import by_importance
from gouji.pipeline import run
from gouji.samples.build import ISSUED, ROSTER, build_samples
from gouji.samples.generate import PLANTED, WORKBOOKS, generate
from gouji.samples.generate import ROSTER as LISTED
from gouji.samples.generating.planted import read_planted
from gouji.samples.reference import build_reference
from tests.measure_generated import GRAVE, is_found

FOLLOWS = "随"
"""With what 可能原因 begins where a finding follows from another one."""
WAITS_FOR = ("T-01", "T-02", "T-04", "T-05", "T-06", "A-14", "A-15", "A-16")
TWELVE = (
    "数字存为文本", "单位写进格内", "元当成万元", "资金来源按元填", "报成上年的表", "缺报", "重复报送",
    "三公经费整块空白", "决算数表间不符",
)  # fmt: skip


def said_already(findings: pd.DataFrame) -> pd.Series[bool]:
    """Which of the findings (most important first) another one of the same cause says."""
    follows = findings["cause"].fillna("").str.startswith(FOLLOWS)
    alike = findings.assign(what=findings["message"].str.slice(0, 12)).duplicated(["file", "rule", "what"])
    alike &= findings["rule"].isin(["R-04", "R-05", "R-06", "R-08", "R-10", "R-11", "R-13", "R-15", "T-08"])
    apart = follows | alike | _waits(findings) | _lost_with_file(findings)
    return apart | _same_gap(findings[~apart]).reindex(findings.index, fill_value=False)


def _cells(row: Any) -> set[str]:
    """What a finding reads, each with its sheet."""
    cells = [cell for column in (row.cell, row.related_cells) if isinstance(column, str) for cell in column.split("；")]
    return {cell if "!" in cell else f"{row.sheet}!{cell}" for cell in cells}


def _waits(findings: pd.DataFrame) -> pd.Series[bool]:
    asked: dict[Any, set[str]] = {}
    for row in findings[findings["rule"].isin(WAITS_FOR)].itertuples():
        asked.setdefault(row.file, set()).update(_cells(row))
    waiting = [
        row.verdict == "无法核对" and bool(_cells(row) & asked.get(row.file, set())) for row in findings.itertuples()
    ]
    return pd.Series(waiting, index=findings.index, dtype=bool)


def _same_gap(findings: pd.DataFrame) -> pd.Series[bool]:
    before: dict[Any, list[tuple[float, set[str]]]] = {}
    repeated = []
    for row in findings.itertuples():
        gap = None if pd.isna(row.difference) or not row.difference else round(abs(row.difference), 6)
        others = before.setdefault(row.file, [])
        repeated.append(gap is not None and any(gap == earlier and _cells(row) & cells for earlier, cells in others))
        if gap is not None:
            others.append((gap, _cells(row)))
    return pd.Series(repeated, index=findings.index, dtype=bool)


def _lost_with_file(findings: pd.DataFrame) -> pd.Series[bool]:
    shut = set(findings.loc[findings["rule"].isin(["R-01", "R-09"]), "unit_code"].dropna())
    empty = findings[findings["rule"] == "R-07"]
    blank = set(zip(empty["unit_code"], empty["form"], strict=True))
    lost = [
        row.rule == "R-03" and (row.unit_code in shut or (row.unit_code, row.form) in blank)
        for row in findings.itertuples()
    ]
    return pd.Series(lost, index=findings.index, dtype=bool)


def noise(results: Results, out: Path | None = None) -> dict[str, Any]:
    """The figures of the docstring above; `out`: where a generated batch stands with its planted faults."""
    findings = by_importance(results.findings)
    forms = findings["severity"].eq("表样问题")
    grave = findings["severity"].isin(GRAVE) & findings["message"].str.contains("请")
    repeated = said_already(findings)
    asks = grave & ~repeated
    idle = findings[~asks & ~forms]
    figures: dict[str, Any] = {
        "findings": len(findings),
        "of_forms": int(forms.sum()),
        "asks": int(asks.sum()),
        "share": round(asks.sum() / max(1, (~forms).sum()), 3),
        "share_with_forms": round((asks | forms).sum() / max(1, len(findings)), 3),
        "said_already": dict(Counter(findings.loc[repeated & grave, "rule"])),
        "asks_nothing": dict(Counter(idle.loc[~grave, "rule"])),
    }
    return figures if out is None else figures | _planted(findings[grave], results, out)


def _planted(grave: pd.DataFrame, results: Results, out: Path) -> dict[str, Any]:
    planted = read_planted(out / PLANTED)
    faulty = {fault.unit_code for fault in planted}
    original = ~grave["cause"].fillna("").str.startswith(FOLLOWS)
    of_faults = grave[
        (grave["unit_code"].isin(faulty) | grave["file"].isin({fault.file for fault in planted})) & original
    ]
    asides = results.asides.frame()
    broken, beside = (frame[frame["verdict"] == "不符"] for frame in (results.findings, asides))
    quiet = [fault for fault in planted if not is_found(fault, broken)]
    missed = [fault.kind for fault in quiet if not is_found(fault, beside)]
    return {
        "planted": len(planted), "per_fault": round(len(of_faults) / len(planted), 2),
        "recall": 1 - len(missed) / len(planted), "missed": missed,
        "only_beside": [fault.kind for fault in quiet if fault.kind not in missed],
    }  # fmt: skip


def demo(out: Path) -> dict[str, Any]:
    """The published returns of five units, as `gouji demo` runs them."""
    build_samples(out)
    reference = build_reference(out)
    return noise(run([out / ISSUED], roster_path=ROSTER, reference_path=reference))


def _generated(units: int, share: float, **options: Any) -> Callable[[Path], dict[str, Any]]:
    def measured(out: Path) -> dict[str, Any]:
        generate(out, units, share, 1, 2021, **options)
        return noise(run([out / WORKBOOKS], roster_path=out / LISTED, year=2021), out)

    return measured


SETS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "demo": demo,
    "twelve": _generated(12, 0.75, kinds=TWELVE),
    "core": _generated(90, 0.7),
    "all": _generated(60, 0.8, forms="all", together=True),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or SETS:
        with tempfile.TemporaryDirectory() as folder:
            print(name, json.dumps(SETS[name](Path(folder)), ensure_ascii=False, indent=1))
