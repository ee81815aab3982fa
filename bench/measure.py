"""`make bench`: generates a batch, times every stage on it, prints the ratios and writes bench/RESULTS.md."""

from __future__ import annotations

import argparse
import datetime
import platform
import shutil
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import xlsxwriter

from bench.cluster import STAGES, scaling
from bench.compared import Cells, calamine_alone, plain_pandas, write_bare, write_bare_others
from bench.machine import cost
from bench.marking import marking
from gouji.export.outputs import SUMMARY
from gouji.export.results import Results
from gouji.export.summary import write_summary
from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.workers.local import LocalWorkers, processors

PLAIN_FILES = 40
CHANGED = 0.01
RESULTS = Path(__file__).parent / "RESULTS.md"


def measure(batch: Path, count: int, jobs: int, scratch: Path) -> dict[str, float]:
    """Seconds and MiB of every stage for the first `count` workbooks of a batch, with as many processes as `jobs`."""
    files = sorted((batch / WORKBOOKS).glob("*.xlsx"))
    mine, others = files[:count], files[count : count + max(1, round(count * CHANGED))]
    out, figures = scratch / "结果", {"files": float(len(mine))}
    with closing(LocalWorkers(jobs)) as workers:
        _warm(workers, files[0])
        with cost() as alone:
            calamine_alone(mine, workers)
        figures["a"] = alone.seconds
    shutil.copytree(batch / WORKBOOKS, scratch / WORKBOOKS, ignore=_all_but({file.name for file in mine}))
    _copy_roster(batch, scratch, mine)
    for name in ("first", "again"):
        costs, results = _run(batch, scratch, out, jobs)
        figures |= {f"{name} {what}": value for what, value in costs.items()}
        if name == "first":
            figures |= {what: float(results.run["counts"][what]) for what in ("values", "findings")}
            figures |= _writing(results, scratch)
        for old, new in zip(sorted((scratch / WORKBOOKS).iterdir()), others, strict=False):
            shutil.copy(new, old)
    figures["b"] = sum(figures[f"first {stage}"] for stage in STAGES)
    return figures


def _run(batch: Path, scratch: Path, out: Path, jobs: int) -> tuple[dict[str, float], Results]:
    """(c) the whole run: its stages, its cost, and what came of it."""
    with closing(LocalWorkers(jobs)) as workers:
        _warm(workers, next((batch / WORKBOOKS).glob("*.xlsx")))
        with cost() as made:
            results = run([scratch / WORKBOOKS], out, roster_path=scratch / ROSTER, year=2021, workers=workers)
    costs = dict(results.run["timings"])
    return costs | {"run": made.seconds, "parent": made.parent, "worker": made.worker}, results


def _writing(results: Results, scratch: Path) -> dict[str, float]:
    """汇总.xlsx written alone, and (d) as many cells of the same types by xlsxwriter alone."""
    with cost() as ours:
        write_summary(results, scratch / SUMMARY)
    cells, written, seconds = Cells(scratch / SUMMARY), 0, 0.0
    book = xlsxwriter.Workbook(str(scratch / "bare.xlsx"), {"constant_memory": True})
    for rows in cells.sheets():
        with cost() as bare:
            written += write_bare(rows, book)
        seconds += bare.seconds
    with cost() as bare:
        written += write_bare_others(cells, book)
        book.close()
    size = (scratch / SUMMARY).stat().st_size / 1024**2
    return {"summary": ours.seconds, "d": seconds + bare.seconds, "cells": float(written), "summary MiB": size}


def plain(batch: Path, scratch: Path) -> float:
    """(e) Seconds per workbook of the plain pipeline, in one process."""
    files = sorted((batch / WORKBOOKS).glob("*.xlsx"))[:PLAIN_FILES]
    with cost() as made:
        plain_pandas(files, scratch / "plain.xlsx")
    return made.seconds / len(files)


def _warm(workers: LocalWorkers, file: Path) -> None:
    """Processes are paid for once, before the clock runs."""
    calamine_alone([file] * 32 * workers.size, workers)


def _copy_roster(batch: Path, scratch: Path, files: list[Path]) -> None:
    """The roster of the units whose files are measured; their names begin with the unit's code."""
    codes = {file.name.partition("_")[0] for file in files}
    head, *rows = (batch / ROSTER).read_text(encoding="utf-8-sig").splitlines()
    kept = [row for row in rows if row.partition(",")[0] in codes]
    (scratch / ROSTER).write_text("\n".join([head, *kept]), encoding="utf-8-sig")


def _all_but(kept: set[str]) -> object:
    return lambda _, names: [name for name in names if name not in kept]


def page(
    small: dict[str, float], large: dict[str, float], plain_seconds: float, dask: dict[int, float],
    marked: tuple[float, float],
) -> str:  # fmt: skip
    """The results as a page."""
    both = (small, large)
    jobs = processors()
    for figures in both:
        figures["e"] = plain_seconds * figures["files"] / jobs
    rows = [
        ("(b) reading, checking, scoring, values on disk ÷ (a) python-calamine alone", "b", "a", "≤ 2.5"),
        ("of it reading alone ÷ (a)", "first 读取", "a", ""),
        ("汇总.xlsx ÷ (d) xlsxwriter alone, the same cells", "summary", "d", "≤ 1.3"),
        ("(e) plain pandas pipeline ÷ (c) whole run", "e", "first run", "≥ 100"),
        ("reading again with 1 % changed ÷ first reading", "again 读取", "first 读取", "≤ 0.1"),
    ]
    names = ("python-calamine", "pandas", "pandera", "pyarrow", "xlsxwriter", "openpyxl", "pebble", "distributed")
    lines = [
        "# Benchmarks",
        "",
        f"{datetime.date.today().isoformat()}, Python {platform.python_version()}, {jobs} processes.",
        ", ".join(f"{name} {version(name)}" for name in names) + ".",
        "",
        f"| ratio | target | {small['files']:.0f} workbooks | {large['files']:.0f} workbooks |",
        "|---|---|---|---|",
    ]
    for words, over, under, target in rows:
        cells = " | ".join(
            f"{figures[over] / figures[under]:.2f} ({figures[over]:.1f} s ÷ {figures[under]:.1f} s)" for figures in both
        )
        lines.append(f"| {words} | {target} | {cells} |")
    growth = large["first run"] / small["first run"]
    lines += [
        f"| peak memory of the parent, MiB | ≤ 1024 | {small['first parent']:.0f} | {large['first parent']:.0f} |",
        f"| peak memory of the largest worker, MiB | | {small['first worker']:.0f} | {large['first worker']:.0f} |",
        f"| 汇总.xlsx, MiB (cells) | | {_size(small)} | {_size(large)} |",
        f"| values, findings | | {_rows(small)} | {_rows(large)} |",
        "",
        f"The whole run takes {growth:.2f} × as long for {large['files'] / small['files']:.0f} × the workbooks.",
        f"(e) takes {plain_seconds:.2f} s a workbook in one process ({PLAIN_FILES} files, scaled to all processes).",
        f"(f) A copy marked for its unit takes {marked[0] / marked[1]:.2f} × what openpyxl takes to load and save it.",
        f"On Dask, up to the scores: 1 worker {dask[1]:.1f} s, 2 workers {dask[2]:.1f} s: {dask[1] / dask[2]:.2f} ×.",
        "",
        "Seconds by stage: " + "；".join(_stages(figures) for figures in both) + ".",
    ]
    return "\n".join(lines) + "\n"


def _size(figures: dict[str, float]) -> str:
    return f"{figures['summary MiB']:.1f} ({figures['cells']:,.0f})"


def _rows(figures: dict[str, float]) -> str:
    return f"{figures['values']:,.0f}, {figures['findings']:,.0f}"


def _stages(figures: dict[str, float]) -> str:
    named = [f"{name.removeprefix('first ')} {value:.1f}" for name, value in figures.items() if _is_stage(name)]
    return f"{figures['files']:.0f} workbooks: " + ", ".join(named)


def _is_stage(name: str) -> bool:
    return name.startswith("first ") and name.removeprefix("first ") not in ("run", "parent", "worker")


def main() -> None:
    """Measure a tenth of the batch, then the batch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbooks", type=int, default=2000)
    parser.add_argument("--batch", type=Path, help="a batch of at least 1 %% more workbooks, generated before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        batch = options.batch or here / "batch"
        if options.batch is None:
            generate(batch, round(options.workbooks * (1 + CHANGED)) + 1, 0.1, 1, jobs=processors())
        for name in ("small", "large", "rest"):
            (here / name).mkdir()
        small = measure(batch, max(options.workbooks // 10, 2), processors(), here / "small")
        large = measure(batch, options.workbooks, processors(), here / "large")
        marked = marking(sorted((batch / WORKBOOKS).glob("*.xlsx"))[:PLAIN_FILES])
        dask = scaling(
            sorted((batch / WORKBOOKS).glob("*.xlsx"))[: options.workbooks // 5], batch / ROSTER, here / "rest"
        )
        text = page(small, large, plain(batch, here / "rest"), dask, marked)
    print(text)
    _, begun, sections = RESULTS.read_text(encoding="utf-8").partition("\n## ")  # those of other benchmarks
    RESULTS.write_text(f"{text}{begun}{sections}", encoding="utf-8")


if __name__ == "__main__":
    main()
