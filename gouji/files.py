"""Which files a run reads: everything below the given paths except outputs, hidden and system files."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.place import Place


class UnreachableError(Exception):
    """A URL cannot be read; the message is Chinese."""


class MixedPlacesError(Exception):
    """Returned files and results would lie in one folder; the message is Chinese."""


_SYSTEM = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "__macosx"}
_PASSING = (".tmp", ".lnk", ".url", ".part", ".crdownload", ".download")
"""How the names of shortcuts end, and of files that a program needs while it is at work."""
_LOCK = "~$"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name by which the outputs call it."""

    path: Place
    name: str


def sources(places: Iterable[Place | Source]) -> list[Source]:
    """The files below the given paths and URLs, sorted by name; behind them files that have their names already.

    A folder of results (one with a run.json) is no input. Names of local files are relative to the deepest folder
    that holds all paths, those of others to their URL. Raises FileNotFoundError, UnreachableError.
    """
    given = list(places)
    return [
        *_local([place for place in given if isinstance(place, Path)]),
        *(source for place in given if isinstance(place, str) for source in _behind(place)),
        *(place for place in given if isinstance(place, Source)),
    ]


def _behind(url: str) -> list[Source]:
    """The files behind a URL that fsspec can list."""
    try:
        import fsspec
    except ImportError as error:
        raise UnreachableError("从网址读取文件需要另外安装：pip install 'gouji[cluster]'") from error
    try:
        storage, root = fsspec.url_to_fs(url)
        found = [root] if storage.isfile(root) else sorted(storage.find(root))
    except Exception as error:  # every kind of storage has errors of its own
        raise UnreachableError(f"“{url}”无法访问，请核对地址和权限（{error}）") from error
    if not found:
        raise UnreachableError(f"“{url}”里没有文件，请核对地址")
    base = storage._parent(root) if found == [root] else root.rstrip("/")
    named = [(str(path), str(path)[len(base) :].lstrip("/")) for path in found]
    return [
        Source(storage.unstrip_protocol(path), name)
        for path, name in named
        if not any(_is_system(part) for part in name.split("/"))
    ]


def passed_over(places: Iterable[Place | Source]) -> int:
    """How many files below the given folders are no input by their names: lock files, shortcuts, system files."""
    folders = {Path(os.path.abspath(place)) for place in places if isinstance(place, Path) and place.is_dir()}
    walked = [one for folder in folders for one in _walked(folder)]
    return len({here / name for here, names in walked for name in names if _is_system(name)})


def require_apart(places: Iterable[Place | Source], out: Path) -> None:
    """Raises MixedPlacesError where OUT is one of the folders of returned files, lies in one, or holds one."""
    results = Path(os.path.realpath(out))
    for place in places:
        if not isinstance(place, Path):
            continue
        received = Path(os.path.realpath(place))
        if results.is_relative_to(received) or received.is_relative_to(results):
            how = "是同一个文件夹" if results == received else "不能一个在另一个里面"
            raise MixedPlacesError(
                f"收到的报表（“{place}”）和结果（--out “{out}”）{how}，否则结果会被当成报表，请把结果放到别处。"
            )


def _local(paths: Iterable[Path]) -> list[Source]:
    given = [Path(os.path.abspath(path)) for path in paths]
    for path in given:
        if not os.path.lexists(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    folders = [str(path if path.is_dir() else path.parent) for path in given]
    base = Path(os.path.commonpath(folders)) if folders else Path()
    found = {file for path in given for file in _below(path)}
    return [Source(file, _shown(file.relative_to(base).as_posix())) for file in sorted(found)]


def _shown(name: str) -> str:
    """The name as far as it can be written: bytes that are no UTF-8 as `\\xd6`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for here, names in _walked(path):
        yield from (here / name for name in names if not _is_system(name))


def _walked(path: Path) -> Iterator[tuple[Path, list[str]]]:
    """Every folder below a path that may hold input, with the names of its files."""
    for folder, subfolders, names in os.walk(path):
        here = Path(folder)
        subfolders[:] = [name for name in subfolders if not _is_system(name) and not _is_output(here / name)]
        yield here, names


def _is_system(name: str) -> bool:
    folded = name.lower()
    return name.startswith((".", _LOCK)) or folded in _SYSTEM or folded.endswith(_PASSING)


def _is_output(folder: Path) -> bool:
    """An earlier run's output, known by its run.json."""
    try:
        stated = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(stated, dict) and "gouji" in stated
