"""run.json: what was read, what came of it, with which versions, so that the run can be repeated and checked."""

from __future__ import annotations

import datetime
import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from export.results import Results
from templates.library import catalogue_version

_PACKAGES = ("pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter")


def statement(results: Results, roster_path: Path | None, timings: dict[str, float]) -> dict[str, Any]:
    """Counts, versions, hashes (every file received, the roster, the definitions) and timings in seconds."""
    returns = results.returns
    files = returns.drop_duplicates("file")
    counts = {"files": len(files), "returns": int(returns["form"].notna().sum())}
    counts |= {"values": len(results.values), "verdicts": len(results.verdicts), "findings": len(results.findings)}
    hashes = {"definitions": catalogue_version(), "roster": _hash(roster_path)}
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


def _hash(path: Path | None) -> str | None:
    return None if path is None else hashlib.sha256(path.read_bytes()).hexdigest()
