"""`make bench`: generates a batch, times every stage on it, prints the ratios and writes bench/RESULTS.md."""

from __future__ import annotations

import argparse
import datetime
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import stages
from samples.generate import ROSTER, WORKBOOKS, generate

PLAIN_FILES = 40
RESULTS = Path(__file__).parent / "RESULTS.md"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the wall and what came of it."""
    begun = time.perf_counter()
    made = work()
    return time.perf_counter() - begun, made


def measure(units: int) -> dict[str, float]:
    """Seconds per stage, and cells written, for a batch of so many workbooks (10 % with a fault)."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        generate(here, units, 0.1, 1)
        files = sorted((here / WORKBOOKS).rglob("*.xlsx"))
        roster = here / ROSTER
        stages.ours(files[:1], roster)  # imports and definitions are paid for once, before the clock runs
        found = {"files": float(len(files))}
        found["a"], _ = timed(lambda: stages.calamine_alone(files))
        found["b"], results = timed(lambda: stages.ours(files, roster))
        found["written"], _ = timed(lambda: stages.outputs(results, here / "written"))
        found["c"], _ = timed(lambda: stages.whole_run(here / WORKBOOKS, roster, here / "out"))
        found["cells"] = float(results.findings.size + results.scores.size + results.returns.size)
        texts = int(found["cells"] * 0.8)
        found["d"], _ = timed(lambda: stages.xlsxwriter_alone(here / "d.xlsx", texts, int(found["cells"]) - texts))
        plain = files[:PLAIN_FILES]
        seconds, _ = timed(lambda: stages.plain_pandas(plain, here / "e.xlsx"))
        found["e"] = seconds / len(plain) * len(files)
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return found


def page(small: dict[str, float], large: dict[str, float]) -> str:
    """The results as a page: ratios first, seconds beside them."""
    rows = [
        ("our reading, checking, scoring ÷ python-calamine alone", "b", "a"),
        ("writing the outputs ÷ xlsxwriter alone (as many cells)", "written", "d"),
        ("plain pandas pipeline ÷ whole run", "e", "c"),
    ]
    lines = [
        "# Benchmarks",
        "",
        f"{datetime.date.today().isoformat()}, Python {platform.python_version()}, one process.",
    ]
    lines += [
        ", ".join(f"{name} {version(name)}" for name in ("python-calamine", "pandas", "pandera", "xlsxwriter")),
        "",
    ]
    lines += [f"| ratio | {small['files']:.0f} workbooks | {large['files']:.0f} workbooks |", "|---|---|---|"]
    for words, over, under in rows:
        cells = [f"{one[over] / one[under]:.2f} ({one[over]:.1f} s / {one[under]:.1f} s)" for one in (small, large)]
        lines.append(f"| {words} | {cells[0]} | {cells[1]} |")
    growth = (large["c"] / large["files"]) / (small["c"] / small["files"])
    lines += [
        "",
        f"Whole run per workbook, large against small batch: {growth:.2f} ×. Peak memory: {large['memory']:.0f} MiB.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure a tenth of the batch, then the batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=500)
    units = parser.parse_args().units
    text = page(measure(max(units // 10, 2)), measure(units))
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
