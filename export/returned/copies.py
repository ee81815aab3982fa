"""Where the copies go: a folder for each unit, in it a file for each of its files, and none over another."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from templates.text import file_name

FOLDER = "退回"
NO_UNIT = "单位不明"
_LIST = "-问题清单"
_KEPT = {".xlsx", ".xltx"}


@dataclass
class Copies:
    """The names given so far. Names that differ only in case or form are one name on some systems."""

    _folders: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def name(self, unit_code: str | None, unit: str | None, file: str, *, marked: bool) -> PurePosixPath:
        """The place of a copy of `file` below 退回: of the file itself (`marked`), or of our list about it."""
        folder = self._folder(unit_code, unit)
        given = PurePosixPath(file.replace("\\", "/")).name
        stem, dot, extension = given.rpartition(".")
        plain = file_name(stem if dot else given)
        if marked:
            wanted = f"{plain}.{extension}" if f".{extension}".lower() in _KEPT and dot else f"{plain}.xlsx"
        else:
            wanted = f"{file_name(given)}{_LIST}.xlsx"
        return self._free(folder, wanted)

    def _folder(self, unit_code: str | None, unit: str | None) -> str:
        """Units of one name get folders of their own, told apart by their code, else by a number."""
        whose = f"{unit_code or ''}\t{unit or ''}"
        if whose not in self._folders:
            name = file_name(unit or NO_UNIT)
            taken = {_folded(one) for one in self._folders.values()}
            if _folded(name) in taken and unit_code:
                name = file_name(f"{unit}_{unit_code}")
            self._folders[whose] = _numbered(name, taken)
        return self._folders[whose]

    def _free(self, folder: str, wanted: str) -> PurePosixPath:
        name = file_name(wanted)
        path = PurePosixPath(folder, _numbered(name, self._taken, folder))
        self._taken.add(_folded(str(path)))
        return path


def _numbered(name: str, taken: set[str], folder: str = "") -> str:
    """The name, or with（2）,（3）… where it is taken (in this folder)."""
    stem, dot, extension = name.rpartition(".") if folder else (name, "", "")
    candidate, number = name, 1
    while _folded(f"{folder}/{candidate}" if folder else candidate) in taken:
        number += 1
        candidate = file_name(f"{stem}（{number}）{dot}{extension}")
    return candidate


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
