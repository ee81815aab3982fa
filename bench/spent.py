"""`python -m bench.spent COMMAND …`: the CPU seconds and the memory of a command and of all that it starts, as JSON."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

_SUBREAPER = 36
"""`PR_SET_CHILD_SUBREAPER`: processes whose parent is gone become ours, so that nothing they cost is lost."""


@dataclass(frozen=True)
class Spent:
    """`cpu`, `wall`: seconds; `largest`: MiB of the largest of its processes; `status`: how it ended."""

    cpu: float
    wall: float
    largest: float
    status: int


def spent(command: Sequence[str]) -> Spent:
    """What a command costs, measured in a process of its own; Linux only."""
    made = subprocess.run([sys.executable, __file__, *command], stdout=subprocess.PIPE, check=True)
    return Spent(**json.loads(made.stdout))


def _measured(command: Sequence[str]) -> Spent:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    begun = time.perf_counter()
    status = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    wall = time.perf_counter() - begun
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, status)


if __name__ == "__main__":
    print(json.dumps(asdict(_measured(sys.argv[1:]))))
