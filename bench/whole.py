"""`python -m bench.whole [--workbooks 10000] [--keep]`: the whole run, stage by stage, in CPU seconds; again with 1 %
changed; a county and the commands as people type them. With `--keep` it writes its section of bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import datetime
import platform
import shutil
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bench.compared import calamine_alone
from bench.machine import cost, used
from bench.measure import CHANGED, RESULTS
from bench.spent import Spent, spent
from gouji.export.outputs import COPIES, LETTERS, REPORT, SUMMARY
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.workers.local import LocalWorkers, processors

HEADING = "## The whole run"
COUNTY = 200
YARDSTICK = "(python-calamine alone, every sheet)"
"""What processors do under load differs by the hour; this is measured beside."""
FAULTS = 0.1
_IMPOSSIBLE = 2
"""The exit status of a command that could not do its work."""
_SIZES = {"汇总": SUMMARY, "审核报告": REPORT, "反馈意见": LETTERS, "退回": COPIES, "数据": "data", "核对评分": "data"}


@dataclass
class Stage:
    """`parent`, `workers`: CPU seconds; `wall`: seconds."""

    name: str
    parent: float = 0.0
    workers: float = 0.0
    wall: float = 0.0


@dataclass
class Watch(Silent):
    """Notes what is used whenever a stage begins."""

    stages: list[Stage] = field(default_factory=list)
    _last: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def begin(self, stage: str, total: int) -> None:
        """The stage before is over."""
        now = (*used(), time.perf_counter())
        if self.stages:
            last = self.stages[-1]
            last.parent, last.workers, last.wall = (new - old for new, old in zip(now, self._last, strict=True))
        self.stages.append(Stage(stage))
        self._last = now


@dataclass(frozen=True)
class Run:
    """A whole run: its stages, MiB of this process and of the largest worker at their highest, bytes written."""

    files: int
    stages: list[Stage]
    parent: float
    worker: float
    sizes: dict[str, int]
    counts: dict[str, int]


def whole(folder: Path, out: Path, files: int) -> Run:
    """One run of everything in `folder` into `out`."""
    watch = Watch()
    with closing(LocalWorkers(processors())) as workers, cost() as made:
        read = sorted((folder / WORKBOOKS).iterdir())
        calamine_alone(read[: 16 * 2 * workers.size], workers)  # processes and definitions are paid for before
        watch.begin(YARDSTICK, 0)
        calamine_alone(read, workers)
        watch.begin("开始", 0)
        results = run(
            [folder / WORKBOOKS], out, roster_path=folder / ROSTER, year=2021, workers=workers, progress=watch
        )
        watch.begin("结束", 0)
    sizes = {name: _size(out / place) for name, place in _SIZES.items()}
    returned = results.run.get("returned", {})
    counts = {name: int(results.run["counts"][name]) for name in ("values", "findings", "kept")}
    counts |= {"退回": int(returned.get("marked", 0)), "反馈意见": len(list((out / LETTERS).iterdir()))}
    return Run(files, watch.stages[:-1], made.parent, made.worker, sizes, counts)


def change(folder: Path, others: list[Path]) -> None:
    """As many workbooks of the batch as there are `others` are replaced by these."""
    for old, new in zip(sorted((folder / WORKBOOKS).iterdir()), others, strict=False):
        shutil.copy(new, old)


def commands(scratch: Path, county: Path) -> dict[str, Spent]:
    """What people type → what it costs, without a screen."""
    gouji = [sys.executable, "-P", "-m", "gouji"]
    file = sorted((county / WORKBOOKS).iterdir())[0]
    out = ["--units", str(county / ROSTER), "--year", "2021", "--out", str(scratch / "county results")]
    typed = {
        "gouji --help": ["--help"],
        "gouji run (without input)": ["run", "--round", str(scratch)],
        "gouji status (without a round)": ["status", "--round", str(scratch)],
        "gouji check, one issued workbook": ["check", str(file)],
        f"gouji run, a county of {COUNTY}": ["run", str(county / WORKBOOKS), *out],
        "gouji run, the county again, nothing changed": ["run", str(county / WORKBOOKS), *out],
    }
    costs = {words: spent([*gouji, *arguments]) for words, arguments in typed.items()}
    wrong = [words for words, one in costs.items() if (one.status == _IMPOSSIBLE) != ("without" in words)]
    if wrong:
        raise RuntimeError(f"these commands did not do what they were to do: {wrong}")
    return costs


def section(runs: dict[str, Run], typed: dict[str, Spent], commit: str) -> str:
    """The figures as a section of RESULTS.md."""
    names = ("python-calamine", "pandas", "pyarrow", "xlsxwriter")
    lines = [
        HEADING,
        "",
        f"{datetime.date.today().isoformat()}, commit {commit}, {_processor()}, {processors()} processes, Python "
        f"{platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in names)}. "
        f"Faults in {FAULTS:.0%} of the units. CPU seconds (user and system); the wall is that of a shared machine.",
    ]
    for words, one in runs.items():
        lines += ["", f"**{words}**: {_told(one)}", "", *_table(one)]
    lines += [
        "",
        "| command, from the prompt to the prompt | CPU s | wall s | largest process, MiB |",
        "|---|---|---|---|",
    ]
    lines += [f"| {words} | {one.cpu:.2f} | {one.wall:.1f} | {one.largest:.0f} |" for words, one in typed.items()]
    return "\n".join(lines) + "\n"


def _told(one: Run) -> str:
    counts = ", ".join(f"{name} {count:,}" for name, count in one.counts.items())
    return f"{counts}; peak memory: parent {one.parent:.0f} MiB, largest worker {one.worker:.0f} MiB."


def _table(one: Run) -> list[str]:
    head = [
        "| stage | parent, CPU s | workers, CPU s | CPU ms a workbook | wall s | MiB written |",
        "|---|---|---|---|---|---|",
    ]
    ours = [stage for stage in one.stages if stage.name != YARDSTICK]
    total = Stage("all", *(sum(getattr(stage, name) for stage in ours) for name in ("parent", "workers", "wall")))
    return head + [_row(stage, one) for stage in (*one.stages, total)]


def _row(stage: Stage, one: Run) -> str:
    size = f"{one.sizes[stage.name] / 1024**2:.1f}" if stage.name in one.sizes else ""
    each = 1000 * (stage.parent + stage.workers) / one.files
    return f"| {stage.name} | {stage.parent:.2f} | {stage.workers:.2f} | {each:.2f} | {stage.wall:.1f} | {size} |"


def _size(place: Path) -> int:
    if place.is_dir():
        return sum(one.stat().st_size for one in place.rglob("*") if one.is_file())
    return place.stat().st_size if place.exists() else 0


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def keep(text: str) -> None:
    """`text` takes the place of our section of RESULTS.md."""
    before, _, ours = RESULTS.read_text(encoding="utf-8").partition(HEADING)
    _, begun, others = ours.partition("\n## ")
    RESULTS.write_text(f"{before.rstrip()}\n\n{text}{begun}{others}", encoding="utf-8")


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbooks", type=int, default=1000)
    parser.add_argument("--batch", type=Path, help="a batch of at least 1 %% more workbooks, generated before")
    parser.add_argument("--commit", default="?", help="what is measured")
    parser.add_argument("--keep", action="store_true", help="write the section of RESULTS.md")
    options = parser.parse_args()
    count, spare = options.workbooks, max(1, round(options.workbooks * CHANGED))
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        batch = options.batch or here / "batch"
        if options.batch is None:
            generate(batch, count + spare, FAULTS, 1, jobs=processors())
        files = sorted((batch / WORKBOOKS).iterdir())
        mine, others = files[:count], files[count : count + spare]
        runs = {}
        for words, chosen in (("first", mine), ("county", mine[:COUNTY])):
            _copied(batch, here / words, chosen)
        typed = commands(here, here / "county")
        runs[f"{count:,} workbooks"] = whole(here / "first", here / "out", count)
        change(here / "first", others)
        runs[f"{count:,} workbooks again, {spare} changed"] = whole(here / "first", here / "out", count)
    text = section(runs, typed, options.commit)
    print(text)
    if options.keep:
        keep(text)


def _copied(batch: Path, folder: Path, files: list[Path]) -> None:
    """A batch of these files, and of the rows of the roster of their units: names of files begin with their code."""
    (folder / WORKBOOKS).mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder / WORKBOOKS)
    codes = {file.name.partition("_")[0] for file in files}
    head, *rows = (batch / ROSTER).read_text(encoding="utf-8-sig").splitlines()
    kept = [row for row in rows if row.partition(",")[0] in codes]
    (folder / ROSTER).write_text("\n".join([head, *kept]), encoding="utf-8-sig")


if __name__ == "__main__":
    main()
