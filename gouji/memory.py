"""Memory that a batch no longer needs goes back to the system."""

from __future__ import annotations

import ctypes
from typing import Any

import pyarrow as pa

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""`M_TRIM_THRESHOLD` and `M_MMAP_THRESHOLD` of glibc's mallopt."""
_LARGE = 128 * 1024
"""Where glibc starts from."""


def give_back() -> None:
    """Ask the C library and Arrow not to hold what was freed: ten thousand workbooks need half as much then.

    glibc raises its thresholds whenever a large block is freed, and keeps the next ones; Arrow's own pool keeps them
    too. Where the C library is another, nothing is asked of it.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if (mallopt := _of_glibc("mallopt")) is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_TRIM_THRESHOLD, _LARGE)


def trim() -> None:
    """Give back the pages that are free between others still in use: after a stage they are a fifth of what is held."""
    if (malloc_trim := _of_glibc("malloc_trim")) is not None:
        malloc_trim(0)


def _of_glibc(name: str) -> Any:
    """A function of the C library; None where it is another one."""
    try:
        return getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # musl, macOS; Windows
        return None
