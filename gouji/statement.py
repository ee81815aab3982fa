"""run.json: what was read, what came of it, with which versions, so that the run can be repeated and checked."""

from __future__ import annotations

import datetime
import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from export.results import Results
from ingest.previous import previous_files
from templates.library import catalogue_version

_PACKAGES = ("pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter")


def given_files(roster: Path | None, previous: Path | None, reference: Path | None) -> dict[str, list[Path]]:
    """What a run reads beside the returns: name in `hashes` → the files."""
    told = {"roster": [roster] if roster else [], "reference": [reference] if reference else []}
    return {**told, "previous": previous_files(previous) if previous else []}


def statement(results: Results, given: dict[str, list[Path]], timings: dict[str, float]) -> dict[str, Any]:
    """Counts, versions, hashes (every file received, what was `given` beside, the definitions), timings in seconds."""
    returns = results.returns
    files = returns.drop_duplicates("file")
    counts = {"files": len(files), "returns": int(returns["form"].notna().sum())}
    counts |= {"values": len(results.values), "verdicts": len(results.verdicts), "findings": len(results.findings)}
    hashes = {"definitions": catalogue_version(), **{name: _hash(paths) for name, paths in given.items()}}
    return {
        "gouji": gouji_version(),
        "started": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "year": results.year,
        "counts": counts,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "hashes": {**hashes, **dict(zip(files["file"], files["sha256"], strict=True))},
        "timings": timings,
    }


def gouji_version() -> str:
    """The installed version, or 0 in a checkout that was never installed."""
    try:
        return version("gouji")
    except PackageNotFoundError:
        return "0"


def _hash(paths: list[Path]) -> str | None:
    """Over the bytes of the files, one after the other; None where nothing was given."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest() if paths else None
