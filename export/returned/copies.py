"""Where the copies go: a folder for each unit, in it a file for each of its files, and none over another."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gouji.templates.text import file_name

FOLDER = "退回"
NO_UNIT = "单位不明"
_LIST = "-问题清单"


@dataclass
class Copies:
    """The names given so far. Names that differ only in case or form are one name on some systems."""

    _folders: dict[tuple[str | None, str | None], str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def name(
        self, unit_code: str | None, unit: str | None, file: str, *, marked: bool, extension: str = ".xlsx"
    ) -> PurePosixPath:
        """The place of a copy of `file` below 退回: of the file itself (`marked`, with its `extension`), or of our list
        about it."""
        folder = self._folder(unit_code, unit)
        original_name = PurePosixPath(file.replace("\\", "/")).name
        stem = file_name(original_name.rpartition(".")[0] if "." in original_name else original_name)
        copy_name = f"{stem}{extension}" if marked else f"{file_name(original_name)}{_LIST}.xlsx"
        return PurePosixPath(folder, self._free(f"{folder}/", file_name(copy_name)))

    def _folder(self, unit_code: str | None, unit: str | None) -> str:
        """Units of one name get folders of their own, told apart by their code, else by a number."""
        whose = (unit_code, unit)
        if whose not in self._folders:
            name = file_name(unit or NO_UNIT)
            if _folded(name) in self._taken and unit_code:
                name = file_name(f"{unit or NO_UNIT}_{unit_code}")
            self._folders[whose] = self._free("", name)
        return self._folders[whose]

    def _free(self, above: str, proposed: str) -> str:
        """The name, or with （2）, （3）… where it is taken."""
        stem, dot, extension = proposed.rpartition(".") if above else (proposed, "", "")
        name, number = proposed, 1
        while _folded(above + name) in self._taken:
            number += 1
            name = file_name(f"{stem}（{number}）{dot}{extension}")
        self._taken.add(_folded(above + name))
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
