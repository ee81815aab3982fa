"""The bytes of run.json of a folder of results: a folder that somebody hands over may hold anything under that name."""

from __future__ import annotations

import errno
import os
from pathlib import Path

LONGEST = 256 * 1024 * 1024
"""Bytes; a run over 10,000 files writes about 10 MB."""


def run_json(folder: Path) -> bytes:
    """Raises OSError, also (EFBIG) where it is longer than any run writes."""
    place = folder / "run.json"
    with place.open("rb") as file:
        data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(place))
    return data
