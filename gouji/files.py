"""Which files a run reads: everything below the given paths except outputs, hidden and system files."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SYSTEM = {"thumbs.db", "desktop.ini", ".ds_store", "__macosx"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name by which the outputs call it."""

    path: Path
    name: str


def sources(paths: Iterable[Path], leave_out: Path | None = None) -> list[Source]:
    """The files below `paths`, sorted by name; an output folder (`leave_out`, or one with a run.json) is no input.

    Names are relative to the deepest folder that holds all of `paths`. Raises FileNotFoundError.
    """
    given = [Path(os.path.abspath(path)) for path in paths]
    for path in given:
        if not os.path.lexists(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    folders = [str(path if path.is_dir() else path.parent) for path in given]
    base = Path(os.path.commonpath(folders)) if folders else Path()
    hidden = None if leave_out is None else Path(os.path.abspath(leave_out))
    found = {file for path in given for file in _below(path, hidden)}
    return [Source(file, file.relative_to(base).as_posix()) for file in sorted(found)]


def _below(path: Path, leave_out: Path | None) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, subfolders, names in os.walk(path):
        here = Path(folder)
        subfolders[:] = [
            name
            for name in subfolders
            if not _is_system(name) and here / name != leave_out and not _is_output(here / name)
        ]
        yield from (here / name for name in names if not _is_system(name))


def _is_system(name: str) -> bool:
    return name.startswith(".") or name.lower() in _SYSTEM


def _is_output(folder: Path) -> bool:
    """An earlier run's output, known by its run.json."""
    try:
        stated = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(stated, dict) and "gouji" in stated
