"""Uploaded files: put into 收到 under names of their own, within limits, never over another file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from gouji.export.tables import file_hash
from gouji.ingest.limits import MEGABYTE, Limits
from gouji.templates.text import file_name

_DEEPEST = 8
"""Folders in one another."""
_PASSED_OVER = ("~$", ".", "._")
_SYSTEM = {"thumbs.db", "desktop.ini"}


class NotTakenError(Exception):
    """An uploaded file cannot be stored; the message is Chinese."""


@dataclass(frozen=True)
class Taken:
    """The place of a file below 收到; `already`: it was there with the same contents; `renamed`: another file of its
    name is there, and stays."""

    name: str
    already: bool = False
    renamed: bool = False


async def take(received: Path, name: str, stream: AsyncIterator[bytes], limits: Limits) -> Taken:
    """Stores an upload in 收到. `name`: the sender's, with its folders.

    Raises NotTakenError, and OSError where it cannot be written. An interrupted upload leaves nothing.
    """
    parts = _parts(name)
    handle, draft = tempfile.mkstemp(prefix=".收到-", suffix=".part", dir=received.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            size = 0
            async for chunk in stream:
                size += len(chunk)
                if size > limits.file_size:
                    raise NotTakenError(
                        f"超过 {limits.file_size // MEGABYTE} MB，没有放入。请删去图片等多余内容后再报送。"
                    )
                file.write(chunk)
        if not size:
            raise NotTakenError("文件是空的（0 字节），没有放入，可能没有传完。")
        return _placed(Path(draft), received, parts)
    finally:
        Path(draft).unlink(missing_ok=True)


def _parts(name: str) -> list[str]:
    """The folders and the name, each fit for any system and none that leads elsewhere. Raises NotTakenError."""
    folders_and_name = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    if not folders_and_name or not folders_and_name[-1].strip():
        raise NotTakenError("文件没有名称，没有放入。")
    if folders_and_name[-1].startswith(_PASSED_OVER) or folders_and_name[-1].casefold() in _SYSTEM:
        raise NotTakenError("是临时文件或系统文件，没有放入。")
    return [file_name(part) for part in folders_and_name[-_DEEPEST:]]


def _placed(draft: Path, received: Path, parts: list[str]) -> Taken:
    folder = received.joinpath(*parts[:-1])
    folder.mkdir(parents=True, exist_ok=True)
    if not folder.resolve().is_relative_to(received.resolve()):
        raise NotTakenError("这个文件夹是链接到别处的，没有放入。")
    stem, suffix = PurePosixPath(parts[-1]).stem, PurePosixPath(parts[-1]).suffix
    digest = None
    for number in count(1):
        place = folder / (parts[-1] if number == 1 else f"{stem}（{number}）{suffix}")
        try:
            _put(draft, place)
        except FileExistsError:
            digest = digest or file_hash(draft)
            if place.is_file() and file_hash(place) == digest:
                return Taken(place.relative_to(received).as_posix(), already=True)
            continue
        return Taken(place.relative_to(received).as_posix(), renamed=number > 1)
    raise AssertionError("there is always a number left")


def _put(draft: Path, place: Path) -> None:
    """Raises FileExistsError rather than replace anything."""
    try:
        os.link(draft, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, as on many USB sticks
        with place.open("xb") as file, draft.open("rb") as source:
            while chunk := source.read(MEGABYTE):
                file.write(chunk)
    os.chmod(place, 0o644)
