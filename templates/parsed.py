"""The installed definitions as plain data, kept beside them like bytecode: taking YAML apart costs every process a
second, and the processes of a run are many.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import msgspec
import ruamel.yaml

_UNREADABLE = (OSError, msgspec.MsgspecError, UnicodeDecodeError, ValueError, TypeError)


def parsed(path: Path, text: str, parse: Callable[[str], Any]) -> Any:
    """What `parse` makes of the text of a file; taken from `__pycache__` where that was made of the same text.

    What it raises is raised. Nothing is kept where Python keeps no bytecode either (`-B`, a folder of somebody else's).
    """
    stamp = hashlib.sha256(f"{ruamel.yaml.__version__}\n{text}".encode()).hexdigest()
    kept = Path(cache_from_source(str(path))).with_suffix(".msgpack")
    try:
        before, data = msgspec.msgpack.decode(kept.read_bytes())
        if before == stamp:
            return data
    except _UNREADABLE:
        pass  # none there yet, or half of one
    data = parse(text)
    if not sys.dont_write_bytecode:
        _keep(kept, stamp, data)
    return data


def _keep(kept: Path, stamp: str, data: Any) -> None:
    """Beside its place, then renamed: whoever looks there never sees half of it."""
    part = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        packed = msgspec.msgpack.encode([stamp, data])
        if msgspec.msgpack.decode(packed) != [stamp, data]:  # a date, a set: what MessagePack does not know
            return
        kept.parent.mkdir(exist_ok=True)
        part.write_bytes(packed)
        part.replace(kept)
    except _UNREADABLE:
        part.unlink(missing_ok=True)
