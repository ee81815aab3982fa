"""Which files a run reads: everything below the given paths. What it leaves out it names, but for system files."""

from __future__ import annotations

import errno
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path, PurePosixPath

from gouji.ingest.files.zipped import members
from gouji.ingest.frames import UNSEEN
from gouji.ingest.limits import Limits
from gouji.ingest.place import Place, place_within
from gouji.ingest.refusal import Refused
from gouji.ingest.system_words import system_words


class UnreachableError(Exception):
    """A URL or a given folder cannot be read; the message is Chinese."""


class MixedPlacesError(Exception):
    """Results cannot go where they should: into the folder of returned files, or where no folder can be; the message is
    Chinese."""


_SYSTEM = {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "__macosx"}
_PASSING = (".tmp", ".lnk", ".url", ".part", ".crdownload", ".download")
"""How the names of shortcuts end, and of files that a program needs while it is at work."""
_LOCKS = ("~$", ".~lock.", "._")
"""How the names begin of files that a program keeps beside an open one, and of what macOS puts beside every one."""
_HIDDEN = "."
_ARCHIVE = ".zip"
_NO_ENTRY = "文件夹打不开（{detail}），里面的文件都没有读取，请取得权限后再运行一次"
_LINKED = "是链接到别处的文件夹，没有跟进去读取；里面如有报表，请把文件本身放进收到的文件夹"
_CONCEALED = "是隐藏的（名称以“.”开头），没有读取；如是报表，请改名后再运行一次"
_RESULTS = "里面有 run.json，是一次运行的结果，没有当作报表读取；里面如有报表，请移出来再运行一次"
_STATEMENT = re.compile(rb'\s{0,9}\{\s{0,9}"gouji"\s{0,9}:')
_BEGINNING = 100
"""Bytes of a run.json that are looked at."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name by which the outputs call it."""

    path: Place
    name: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """A folder (its name ends with /) or a file that was not read, and why; `status`: 无法读取 if it could not be."""

    name: str
    why: str
    status: str = UNSEEN


@dataclass
class Inbox:
    """What lies below the given paths: files to read, what was left out with its reason, and how many files are no
    input by their names (lock files, shortcuts, system files)."""

    sources: list[Source] = field(default_factory=list)
    unseen: list[Unseen] = field(default_factory=list)
    passed_over: int = 0


def inbox(places: Iterable[Place | Source]) -> Inbox:
    """The files below the given paths and URLs, sorted by name; behind them files that have their names already.

    A folder of results (one with a run.json) is no input. Names of local files are relative to the deepest folder
    that holds all paths, those of others to their URL. Raises FileNotFoundError, UnreachableError.
    """
    listed = list(places)
    collected = _local([place for place in listed if isinstance(place, Path)])
    for place in listed:
        if isinstance(place, str):
            _behind(place, collected)
    collected.sources += [place for place in listed if isinstance(place, Source)]
    return collected


def _behind(url: str, collected: Inbox) -> None:
    """Adds the files behind a URL that fsspec can list."""
    try:
        import fsspec
    except ImportError as error:
        raise UnreachableError("从网址读取文件需要另外安装：pip install 'gouji[cluster]'") from error
    try:
        storage, root = fsspec.url_to_fs(url)
        paths = [root] if storage.isfile(root) else sorted(storage.find(root))
    except Exception as error:  # every kind of storage has errors of its own
        raise UnreachableError(f"“{url}”无法访问，请核对地址和权限（{error}）") from error
    if not paths:
        raise UnreachableError(f"“{url}”里没有文件，请核对地址")
    base = storage._parent(root) if paths == [root] else root.rstrip("/")
    for path in paths:
        name = str(path)[len(base) :].lstrip("/")
        parts = name.split("/")
        if any(map(_is_system, parts)):
            collected.passed_over += 1
        elif any(part.startswith(_HIDDEN) for part in parts):
            collected.unseen.append(Unseen(name, _CONCEALED))
        else:
            collected.sources.append(Source(storage.unstrip_protocol(path), name))


def require_folder(out: Path) -> None:
    """Raises MixedPlacesError where OUT is there and can be no folder of results."""
    if out.is_dir() or not os.path.lexists(out):
        return
    if out.is_symlink():
        fault = f"是一个链接，指向的“{os.readlink(out)}”不是文件夹，或者不在了"
    else:
        fault = "已经存在，是文件，不是文件夹"
    raise MixedPlacesError(f"结果文件夹（--out “{out}”）{fault}，没有运行。请换一个 --out，或先把它移走。")


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


def _local(paths: Iterable[Path]) -> Inbox:
    absolute = [Path(os.path.abspath(path)) for path in paths]
    for path in absolute:
        if not os.path.lexists(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    folders = [str(path if path.is_dir() else path.parent) for path in absolute]
    base = Path(os.path.commonpath(folders)) if folders else Path()
    walk = _Walk()
    for path in absolute:
        if path.is_dir():
            walk.below(path)
        else:
            walk.files.add(path)
    unseen = [
        replace(entry, name=_shown(_relative(path, base) + entry.name)) for path, entry in sorted(walk.unseen.items())
    ]
    collected = Inbox([], unseen, len(walk.passed_over))
    for file, name in _names(sorted(walk.files), base).items():
        if not (file.suffix.lower() == _ARCHIVE and _unpack(file, name, collected)):
            collected.sources.append(Source(file, name))
    return collected


def _unpack(archive: Path, name: str, collected: Inbox) -> bool:
    """Add the files in a .zip as those of a folder; whether it is one. What cannot be opened stays a file that is told.

    An archive within it is a file of it, and is not opened.
    """
    try:
        inside = members(archive, Limits())
    except Refused:
        return False
    for member in inside:
        parts, called = member.name.split("/"), f"{name}/{member.name}"
        if any(map(_is_system, parts)):
            collected.passed_over += 1
        elif any(part.startswith(_HIDDEN) for part in parts):
            collected.unseen.append(Unseen(called, _CONCEALED))
        else:
            collected.sources.append(Source(place_within(archive, member.stored), called))
    return bool(inside)


class _Walk:
    """Everything below some folders, each entry once however often it is reached."""

    def __init__(self) -> None:
        self.files: set[Path] = set()
        self.unseen: dict[Path, Unseen] = {}
        self.passed_over: set[Path] = set()

    def below(self, root: Path) -> None:
        """Raises UnreachableError where the folder itself cannot be opened."""

        def shut(error: OSError) -> None:
            detail = system_words(error)
            if Path(error.filename) == root:
                raise UnreachableError(
                    f"收到的文件夹“{root}”打不开（{detail}），没有运行，请核对路径和权限。"
                ) from error
            self.unseen[Path(error.filename)] = Unseen("/", _NO_ENTRY.format(detail=detail), "无法读取")

        for folder, subfolders, names in os.walk(root, onerror=shut):
            path = Path(folder)
            subfolders[:] = [name for name in subfolders if self._enters(path / name)]
            for name in names:
                self._file(path / name)

    def _enters(self, folder: Path) -> bool:
        """Whether a folder is looked into."""
        if _is_system(folder.name):
            return False
        why = next((why for applies, why in _ASIDE if applies(folder)), "")
        if why:
            self.unseen[folder] = Unseen("/", why)
        return not why

    def _file(self, file: Path) -> None:
        if _is_system(file.name):
            self.passed_over.add(file)
        elif file.name.startswith(_HIDDEN):
            self.unseen[file] = Unseen("", _CONCEALED)
        else:
            self.files.add(file)


def _names(files: Iterable[Path], base: Path) -> dict[Path, str]:
    """Every file's name; one that cannot be written is told apart from another that is written just so."""
    written = {file: _relative(file, base) for file in files}
    taken = Counter(name for name in written.values() if _shown(name) == name)
    names = {}
    for file, name in written.items():
        shown = _shown(name)
        while shown != name and taken[shown]:
            shown = str(PurePosixPath(shown).with_stem(f"{PurePosixPath(shown).stem}（文件名不是UTF-8）"))
        taken[shown] += 1
        names[file] = shown
    return names


def _relative(file: Path, base: Path) -> str:
    return file.relative_to(base).as_posix()


def _shown(name: str) -> str:
    """The name as far as it can be written: bytes that are no UTF-8 as `\\xd6`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_system(name: str) -> bool:
    folded = name.lower()
    return folded.startswith(_LOCKS) or folded in _SYSTEM or folded.endswith(_PASSING)


def _is_output(folder: Path) -> bool:
    """An earlier run's output, known by how its run.json begins: nobody knows what stands in a file of that name."""
    statement = folder / "run.json"
    try:
        with statement.open("rb") if statement.is_file() else nullcontext(BytesIO()) as opened:
            return _STATEMENT.match(opened.read(_BEGINNING)) is not None
    except OSError:
        return False


_ASIDE: tuple[tuple[Callable[[Path], bool], str], ...] = (
    (Path.is_symlink, _LINKED),
    (lambda folder: folder.name.startswith(_HIDDEN), _CONCEALED),
    (_is_output, _RESULTS),
)
"""Which folders are not looked into, and why."""
