"""run.json: what was read, what came of it, with which versions, so that the run can be repeated and checked."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import os
import platform
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pandas as pd

from gouji.export.results import Results
from gouji.export.tables import file_hash
from gouji.export.terms import Terms
from gouji.files import Inbox
from gouji.ingest.beside.previous import previous_files
from gouji.ingest.frames import ATTACHED, OURS, PACKED
from gouji.ingest.limits import Limits
from gouji.ingest.place import Place, place_of
from gouji.run_json import run_json
from gouji.templates.program import ROOMS, modules, own_modules
from gouji.templates.text import sheet_text

ACCEPTED, REFUSED, QUARANTINED = OUTCOMES = ("accepted", "refused", "quarantined")
"""What becomes of a file: read (whatever is found in it), turned away with a reason, or shut away for what it did."""
_OUTCOME_OF = {"无法读取": REFUSED, "已隔离": QUARANTINED, ATTACHED: REFUSED, PACKED: REFUSED, OURS: REFUSED}
_LOCAL = "file:///"
_PACKAGES = (
    "pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter", "jinja2", "itables", "pygal", "python-docx",
)  # fmt: skip


class StatementError(Exception):
    """The folder holds no statement of a run; the message is Chinese."""


def read_statement(out: Path) -> dict[str, Any]:
    """The statement of the run that wrote `out`. Raises StatementError."""
    try:
        run = json.loads(run_json(out))
        accounts = run["files"], run["outputs"]
    except FileNotFoundError as error:
        raise StatementError(f"“{out}”不是一次运行的结果文件夹：里面没有 run.json") from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise StatementError(f"{out / 'run.json'} 无法读取，可能已损坏或来自别的版本") from error
    if not (isinstance(accounts[0], list) and all(map(_is_account, accounts[0])) and isinstance(accounts[1], dict)):
        raise StatementError(f"{out / 'run.json'} 无法读取，可能已损坏或来自别的版本")
    return dict(run)


def _is_account(account: object) -> bool:
    """Whether it is what a statement says of a file."""
    return isinstance(account, dict) and all(
        isinstance(account.get(name), str) for name in ("file", "place", "sha256", "outcome")
    )


def parameters(year: int | None, limits: Limits | None, terms: Terms, *, personal: bool) -> dict[str, Any]:
    """What a run was asked for, beside its files."""
    bounds = dataclasses.asdict(limits or Limits())
    return {"year": year, "personal": personal, "limits": bounds, "terms": dataclasses.asdict(terms)}


def given_files(
    roster: Path | None, previous: Path | None, reference: Path | None, library: Path | None = None
) -> dict[str, list[Path]]:
    """What a run reads beside the returns: name in `hashes` → the files."""
    files = {"roster": [roster] if roster else [], "reference": [reference] if reference else []}
    files |= {} if library is None else {"library": [library]}
    return {**files, "previous": previous_files(previous) if previous else []}


def now() -> str:
    """The time, as run.json states it."""
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def statement(
    results: Results, collected: Inbox, given: dict[str, list[Path]], timings: dict[str, float],
    asked: dict[str, Any], begun: str,
) -> dict[str, Any]:  # fmt: skip
    """Counts, versions, the layers of definitions upon those that come with gouji, what became of every file, what was
    `given` beside and `asked` for, timings in seconds, when it was `begun`.

    Raises RuntimeError when a file that came in is not accounted for, which is a bug.
    """
    files = _files(results.returns, collected)
    outcomes = Counter(file["outcome"] for file in files)
    counts = {"files": len(files), **{name: outcomes[name] for name in OUTCOMES}, "passed_over": collected.passed_over}
    counts |= {"returns": int(results.returns["form"].notna().sum()), "values": len(results.values)}
    counts |= {f"figures_{name}": int(results.returns[name].sum()) for name in ("read", "printed", "unread")}
    counts |= {"verdicts": len(results.verdicts), "findings": len(results.findings)}
    return {
        "gouji": gouji_version(),
        "started": begun,
        "year": results.year,
        "parameters": asked,
        "counts": counts,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "hashes": {
            "definitions": results.catalogue.version,
            "program": program_version(),
            **{name: _hash(paths) for name, paths in given.items()},
        },
        "layers": [
            {
                "place": written_place(Path(layer.origin).absolute()),
                "editions": ["@".join(edition) for edition in sorted(layer.editions)],
                "replaced": ["@".join(edition) for edition in results.catalogue.replaced(number)],
            }
            for number, layer in enumerate(results.catalogue.layers)
            if number
        ],
        "broken": {"@".join(edition): str(error) for edition, error in results.catalogue.broken.items()},
        "given": [
            {"role": name, "file": path.name, "place": written_place(path.absolute()), "sha256": file_hash(path)}
            for name, paths in given.items()
            for path in paths
        ],
        "timings": timings,
        "files": files,
        "unseen": [dataclasses.asdict(unseen) for unseen in collected.unseen],
    }


def _files(returns: pd.DataFrame, collected: Inbox) -> list[dict[str, str]]:
    """Every file that was to be read: its name, where it was, its hash, and what became of it."""
    outcomes = returns.drop_duplicates("file").set_index("file")[["sha256", "status"]]
    sources = collected.sources
    if set(outcomes.index) != {*(file.name for file in sources), *(file.name for file in collected.unseen)}:
        raise RuntimeError("the register does not account for every file")
    rows = zip(sources, outcomes.loc[[source.name for source in sources]].itertuples(index=False), strict=True)
    return [
        {
            "file": source.name,
            "place": written_place(source.path),
            "sha256": str(row.sha256),
            "outcome": _OUTCOME_OF.get(str(row.status), ACCEPTED),
        }
        for source, row in rows
    ]


def written_place(place: Place) -> str:
    """Where a file is, as text that can be written: a path with control characters or bytes that are no text as URL."""
    text = str(place)
    return place.as_uri() if isinstance(place, Path) and sheet_text(text) != text else text


def read_place(text: str) -> Place:
    """The place that was written so."""
    if text.startswith(_LOCAL) and os.name == "posix":
        return Path(os.fsdecode(unquote_to_bytes(text.removeprefix("file://"))))
    return place_of(text)


def program_version() -> str:
    """A hash over this application's own code: results are only sure to be equal under the same one."""
    digest = hashlib.sha256()
    for name, path in [*own_modules(), *modules(*ROOMS)]:
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def gouji_version() -> str:
    """The installed version, or 0 in a checkout that was never installed."""
    try:
        return version("gouji")
    except PackageNotFoundError:
        return "0"


def _hash(paths: list[Path]) -> str | None:
    """Over the bytes of the files, one after the other; None where nothing was given."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest() if paths else None
