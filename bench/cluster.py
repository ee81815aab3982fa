"""`python -m bench.cluster [--workbooks 2000]`: how much faster two workers of a Dask cluster are than one."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import DEVNULL

from distributed import Client

from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.workers.cluster import ClusterWorkers
from gouji.workers.local import processors

STAGES = ("读取", "登记", "核对评分")
"""What the workers take part in."""
_WARM = 16
"""Files by which a worker has loaded what it needs, before the clock runs."""


def scaling(files: Sequence[Path], roster: Path, scratch: Path) -> dict[int, float]:
    """Workers on a Dask cluster → seconds up to the scores."""
    seconds: dict[int, float] = {}
    for workers in (1, 2):
        with _cluster(workers, scratch) as address, closing(ClusterWorkers(address)) as cluster:
            run(files[: _WARM * workers], workers=cluster)
            results = run(files, scratch / f"dask{workers}", roster_path=roster, year=2021, workers=cluster)
        seconds[workers] = sum(results.run["timings"][stage] for stage in STAGES)
    return seconds


@contextmanager
def _cluster(workers: int, scratch: Path) -> Iterator[str]:
    where = scratch / f"scheduler{workers}.json"
    dask, options = [sys.executable, "-m", "dask"], ["--scheduler-file", str(where), "--no-dashboard"]
    commands = (["scheduler", "--port", "0"], ["worker", "--nworkers", str(workers), "--nthreads", "1"])
    safe = os.environ | {"PYTHONSAFEPATH": "1"}
    begun = [
        subprocess.Popen([*dask, *command, *options], stderr=DEVNULL, cwd=scratch, env=safe) for command in commands
    ]
    try:
        while not where.exists() or not where.read_text(encoding="utf-8"):
            if begun[0].poll() is not None:
                raise RuntimeError("the scheduler did not start")
        address = json.loads(where.read_text(encoding="utf-8"))["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers)
        yield address
    finally:
        for process in reversed(begun):
            process.terminate()
            process.wait()


def main() -> None:
    """Generate a batch, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbooks", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        batch = Path(folder) / "batch"
        generate(batch, options.workbooks, 0.1, 1, jobs=processors())
        seconds = scaling(sorted((batch / WORKBOOKS).glob("*.xlsx")), batch / ROSTER, Path(folder))
    print(f"1 worker {seconds[1]:.1f} s, 2 workers {seconds[2]:.1f} s: {seconds[1] / seconds[2]:.2f} ×.")


if __name__ == "__main__":
    main()
