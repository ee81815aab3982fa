"""The key under which a round gives copies back: by it, a copy that comes back is known as one of ours.

The key is the user's own, so that copies of one OUT are known in the next; run.json of every OUT states it and those of
the users before, so that a round may go on elsewhere. Units see neither.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from gouji.run_json import run_json

STATED = "keys"
"""Where run.json has them: that of the run first, then those of earlier rounds."""
_KEY = re.compile("[0-9a-f]{64}")
_MOST = 20


def round_keys(folders: Iterable[Path | None]) -> list[str]:
    """The key of this run, and those that the results in `folders` were given back by."""
    stated = [key for folder in folders if folder is not None for key in _stated(folder)]
    key = _user_key() or next(iter(stated), None) or _new()
    return list(dict.fromkeys([key, *stated]))[:_MOST]


def _stated(folder: Path) -> list[str]:
    try:
        keys = json.loads(run_json(folder))[STATED]
        return [key for key in keys if _KEY.fullmatch(key)]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return []


def _user_key() -> str | None:
    """This user's key, made when it is first asked for; None where nothing can be kept."""
    place = _home() / "gouji" / "round.key"
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        place.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _write(place, _new())
        key = place.read_text(encoding="ascii").strip()
        return key if _KEY.fullmatch(key) else None
    return None


def _write(place: Path, key: str) -> None:
    """Whole or not at all, for its owner alone; of two at once, the first counts."""
    draft = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(key + "\n")
        if not place.exists():
            _name(draft, place)
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, place: Path) -> None:
    try:
        os.link(draft, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.replace(draft, place)


def _home() -> Path:
    """Where programs of this user keep their data."""
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_DATA_HOME")
    return Path(base) if base else Path.home() / ".local" / "share"


def _new() -> str:
    return secrets.token_hex(32)
