"""run.json: what was read, what came of it, with which versions, so that the run can be repeated and checked."""

from __future__ import annotations

import datetime
import hashlib
import platform
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from export.results import Results
from gouji.files import Source
from ingest.previous import previous_files
from templates.library import catalogue_version

ACCEPTED, REFUSED, QUARANTINED = OUTCOMES = ("accepted", "refused", "quarantined")
"""What becomes of a file: read (whatever is found in it), turned away with a reason, or shut away for what it did."""
_OUTCOME_OF = {"无法读取": REFUSED, "已隔离": QUARANTINED}
_PACKAGES = (
    "pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter", "jinja2", "itables", "pygal", "python-docx",
)  # fmt: skip


def given_files(roster: Path | None, previous: Path | None, reference: Path | None) -> dict[str, list[Path]]:
    """What a run reads beside the returns: name in `hashes` → the files."""
    told = {"roster": [roster] if roster else [], "reference": [reference] if reference else []}
    return {**told, "previous": previous_files(previous) if previous else []}


def statement(
    results: Results, sources: Sequence[Source], given: dict[str, list[Path]], timings: dict[str, float]
) -> dict[str, Any]:
    """Counts, versions, what became of every file, hashes of what was `given` beside, timings in seconds.

    Raises RuntimeError when a file that came in is not accounted for, which is a bug.
    """
    files = _files(results.returns, sources)
    outcomes = Counter(one["outcome"] for one in files)
    counts = {"files": len(files), **{name: outcomes[name] for name in OUTCOMES}}
    counts |= {"returns": int(results.returns["form"].notna().sum()), "values": len(results.values)}
    counts |= {"verdicts": len(results.verdicts), "findings": len(results.findings)}
    return {
        "gouji": gouji_version(),
        "started": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "year": results.year,
        "counts": counts,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "hashes": {"definitions": catalogue_version(), **{name: _hash(paths) for name, paths in given.items()}},
        "timings": timings,
        "files": files,
    }


def _files(returns: pd.DataFrame, sources: Sequence[Source]) -> list[dict[str, str]]:
    """Every file that came in: its name, where it was, its hash, and what became of it."""
    told = returns.drop_duplicates("file").set_index("file")[["sha256", "status"]]
    if set(told.index) != {source.name for source in sources}:
        raise RuntimeError("the register does not account for every file")
    rows = zip(sources, told.loc[[source.name for source in sources]].itertuples(index=False), strict=True)
    return [
        {
            "file": source.name,
            "place": str(source.path),
            "sha256": str(row.sha256),
            "outcome": _OUTCOME_OF.get(str(row.status), ACCEPTED),
        }
        for source, row in rows
    ]


def gouji_version() -> str:
    """The installed version, or 0 in a checkout that was never installed."""
    try:
        return version("gouji")
    except PackageNotFoundError:
        return "0"


def _hash(paths: list[Path]) -> str | None:
    """Over the bytes of the files, one after the other; None where nothing was given."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest() if paths else None
