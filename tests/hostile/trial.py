"""What becomes of one file: runs in a worker process, which the file may end or hang."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from gouji.files import Source
from gouji.ingest import read, read_return
from gouji.ingest.limits import Limits
from gouji.ingest.packed import unpack_head
from gouji.ingest.refusal import Refused
from gouji.reading import Chunk, read_chunk
from gouji.templates.catalogue import built_in


@dataclass
class Outcome:
    """`code`: of the refusal, empty when the file was read. Seconds of admission alone and of all; memory in MB."""

    code: str = ""
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    admission: float = 0
    seconds: float = 0
    memory: float = 0


_STEPS = ((read_return, "contents"), (read_return, "read_workbook"), (read, "examine"))


def attempt(path: Path) -> Outcome:
    """The file read as a run reads it, measured."""
    outcome = Outcome()
    _forget_peak()
    begun = time.perf_counter()
    with ExitStack() as noting:
        for module, name in _STEPS:
            noting.enter_context(_noted(module, name, outcome))
        try:
            (packed,) = read_chunk(Chunk([Source(path, path.name)], built_in(), Limits()))
        except MemoryError:
            raise
        except Exception as error:  # that the reading lets it out is what is to be told
            outcome.code = f"crashed {type(error).__name__}"
            return outcome
    outcome.seconds = time.perf_counter() - begun
    outcome.memory = _peak()
    reading = unpack_head(packed.head, path.name)
    outcome.reason, outcome.notes = reading.refused or "", reading.notes
    return outcome


def _noted(module: Any, name: str, outcome: Outcome) -> Any:
    """A function of the reading, whose refusals and (for admission) time are noted."""
    real: Callable[..., Any] = getattr(module, name)

    def call(*arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return real(*arguments)
        except Refused as refused:
            outcome.code = refused.code
            raise
        finally:
            if name == "examine":
                outcome.admission = time.perf_counter() - begun

    return patch.object(module, name, call)


def _forget_peak() -> None:
    """Begin the measuring of memory anew, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak() -> float:
    """The most memory since then, in MB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0")
    return int(peak.split()[1]) / 1024
