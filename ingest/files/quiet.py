"""The spreadsheet reader's own words kept off the screen: where it panics it writes to the error stream by itself."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Iterator

from python_calamine import CalamineWorkbook

_ERRORS = 2
"""The file descriptor of the error stream, past Python's own."""
_entering = threading.Lock()
_inside = [0, -1]
"""How many threads are reading, and where the error stream is kept meanwhile."""


@contextlib.contextmanager
def opened_quietly(data: bytes) -> Iterator[CalamineWorkbook]:
    """The workbook in these bytes. Raises what the reader raises."""
    with _no_error_stream(), CalamineWorkbook.from_filelike(io.BytesIO(data)) as opened:
        yield opened


@contextlib.contextmanager
def _no_error_stream() -> Iterator[None]:
    with _entering:
        _inside[0] += 1
        if _inside[0] == 1:
            _inside[1] = _turned_away()
    try:
        yield
    finally:
        with _entering:
            _inside[0] -= 1
            if not _inside[0] and _inside[1] >= 0:
                os.dup2(_inside[1], _ERRORS)
                os.close(_inside[1])


def _turned_away() -> int:
    """A copy of the error stream, which leads nowhere from now on; -1 where there is none."""
    try:
        kept = os.dup(_ERRORS)
    except OSError:
        return -1
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _ERRORS)
    os.close(nowhere)
    return kept
