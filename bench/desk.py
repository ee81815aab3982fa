"""How long the desk takes over a large round: `python -m bench.desk [--units 3000] [--findings 20000]`.

A small round is run once; its frames are repeated under other units until there are as many tables and findings as
asked for. What is asked goes over a connection, as a browser asks. Tables are drawn of files never drawn before.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import psutil

from gouji.export.data_files import data_file
from gouji.export.stored import Stored
from gouji.pipeline import run
from gouji.round.founding import found_round
from gouji.round.settings import Settings
from gouji.samples.build import ROSTER, build_samples
from gouji.workers.chosen import chosen
from tests.desk import Visitor, served_by_processes

_DRAWN = 80
"""Files of their own, to be drawn."""
_QUERIES = (
    "", "severity=强制性", "severity=核实性&sort=difference", "text=决算", "sort=unit&page=40", "opinion=没有意见",
    "rule=G-01",
)  # fmt: skip


def large_round(folder: Path, units: int, findings: int) -> Path:
    """A round with so many units and findings, in `folder`."""
    made = folder / "样例"
    build_samples(made)
    round_ = found_round(folder / "大轮", Settings(year=2021, roster="名册.csv"), ROSTER)
    for path in sorted((made / "下发表样填报").iterdir()):
        shutil.copyfile(path, round_.received / path.name)
    with chosen() as workers:
        run([round_.received], round_.results, roster_path=round_.roster(), year=2021, workers=workers, only=["汇总"])
    _repeat(round_.folder, round_.results, units, findings)
    return round_.folder


def _repeat(folder: Path, out: Path, units: int, findings: int) -> None:
    """Every frame again and again under units of other codes, with files of other names."""
    frames = {
        name: pd.read_parquet(data_file(out, name)) for name in ("returns", "findings", "values", "scores", "totals")
    }
    about_units = frames["findings"][frames["findings"]["severity"].ne("表样问题")]
    times = max(units // frames["returns"]["unit_code"].nunique(), -(-findings // max(1, len(about_units))))
    run_json = json.loads((out / "run.json").read_text("utf-8"))
    places = {file["file"]: file for file in run_json["files"]}
    files = [_file(folder, file, number) for number in range(times) for file in places.values()]
    hashes = {file["file"]: file["sha256"] for file in files}
    for name, frame in frames.items():
        repeated = pd.concat([_under(frame, number) for number in range(times)], ignore_index=True)
        if "sha256" in repeated:
            repeated["sha256"] = repeated["file"].map(hashes)
        if name == "findings":
            repeated = repeated.iloc[:findings] if len(repeated) > findings else repeated
        Stored.of(repeated).write(data_file(out, name))
    roster = pd.read_csv(folder / "名册.csv", dtype=str, encoding="utf-8-sig")
    codes = next(name for name in roster.columns if "编码" in name)
    names = next(name for name in roster.columns if "单位名称" in name)
    more = [roster.assign(**{codes: roster[codes] + f"{n:04}", names: roster[names] + f"{n}"}) for n in range(times)]
    pd.concat(more).to_csv(folder / "名册.csv", index=False, encoding="utf-8-sig")
    run_json["files"] = files
    (out / "run.json").write_text(json.dumps(run_json, ensure_ascii=False), encoding="utf-8")


def _under(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    mark = f"{number:04}"
    changed = {
        name: frame[name].where(frame[name].isna(), mark + frame[name].astype("string"))
        for name in ("finding_id", "return_id", "file") if name in frame
    }  # fmt: skip
    for name, end in (("unit_code", mark), ("unit", str(number))):
        if name in frame:
            changed[name] = frame[name] + end
    return frame.assign(**changed)


def _file(folder: Path, file: dict[str, str], number: int) -> dict[str, str]:
    """The first are files of their own (a zip may end in a comment); the others are said to be the first."""
    name, source = f"{number:04}{file['file']}", Path(file["place"])
    data = source.read_bytes()
    if number * 5 < _DRAWN:
        comment = name.encode()
        data = data[:-2] + len(comment).to_bytes(2, "little") + comment
        source = source.with_name(name)
        source.write_bytes(data)
    return file | {"file": name, "place": str(source), "sha256": hashlib.sha256(data).hexdigest()}


class Took(NamedTuple):
    """Milliseconds on the clock, and of processors in this process (which both asks and answers) and its workers."""

    clock: float
    processors: float


def timed(ask: Callable[[], object]) -> Took:
    """What it takes to ask for something."""
    begun, worked = time.perf_counter(), _worked()
    ask()
    return Took((time.perf_counter() - begun) * 1000, (_worked() - worked) * 1000)


def _worked() -> float:
    """Seconds of processors so far; those of workers are counted in hundredths."""
    times = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return time.process_time() + sum(of.user + of.system for of in times)


def measured(desk: Visitor, folder: Path, ids: Sequence[str]) -> None:
    """Prints medians and the longest."""
    told = [("first page after opening", [timed(lambda: _ask(desk, "/"))])]
    os.utime(folder / "结果" / "run.json")
    told.append(("first page after a run", [timed(lambda: _ask(desk, "/"))]))
    timed(lambda: _ask(desk, "/findings"))
    pages = (
        ("进度, a page of units", "/", ("", "page=7", "late=1", "text=局&page=2")),
        ("问题清单", "/findings", _QUERIES),
    )  # fmt: skip
    for what, path, queries in pages:
        told.append((what, [timed(partial(_ask, desk, f"{path}?{one}")) for _ in range(6) for one in queries]))
    told.append(("一条问题和它的表", [timed(partial(_ask, desk, f"/findings/{name}")) for name in ids]))
    told.append(("收表", [timed(partial(_ask, desk, "/received?page=3")) for _ in range(6)]))
    told.append(("催报, text of all", [timed(partial(_ask, desk, "/owing")) for _ in range(3)]))
    told.append(("催报, .docx of all", [timed(partial(_ask, desk, "/owing/docx")) for _ in range(3)]))
    for what, times in told:
        clock, worked = ([getattr(one, name) for one in times] for name in Took._fields)
        print(
            f"{what}: {statistics.median(clock):.0f} ms median ({statistics.median(worked):.0f} ms of processors), "
            f"{max(clock):.0f} ms longest, {len(times)} times"
        )
    print(f"memory of the server: {psutil.Process(os.getpid()).memory_info().rss / 2**20:.0f} MiB")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def _ask(desk: Visitor, path: str) -> None:
    answer = desk.ask(path)
    assert answer.status == 200, (path, answer.status, answer.text[-500:])


def main() -> None:
    """As the module says."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--units", type=int, default=3000)
    asked.add_argument("--findings", type=int, default=20000)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        # In a process of its own: the memory that is told is the server's alone.
        with ProcessPoolExecutor(1, get_context("spawn")) as builder:
            folder = builder.submit(large_round, Path(place), options.units, options.findings).result()
        frame = pd.read_parquet(data_file(folder / "结果", "findings"))
        drawn = frame[frame["cell"].notna() & frame["file"].str[:4].lt(f"{_DRAWN // 5:04}")].drop_duplicates("file")
        ids = random.Random(0).sample(sorted(drawn["finding_id"]), min(60, len(drawn)))
        print(f"{len(frame)} findings, {frame['unit_code'].nunique()} units")
        with served_by_processes(folder) as desk:
            measured(desk, folder, ids)


if __name__ == "__main__":
    main()
