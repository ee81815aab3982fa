"""Names of files that are each about one unit: by its code and name, through the gate, no two alike."""

from __future__ import annotations

import unicodedata

from gouji.templates.text import file_name


class UnitFiles:
    """The names given so far in one folder."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __len__(self) -> int:
        return len(self._taken)

    def name(self, code: str | None, title: str, what: str) -> str:
        """`01_甲局_底稿.xlsx` for `what` = 底稿.xlsx. Units of one name are told apart by their code, and what is left
        alike by a number.
        """
        stem = "_".join(part for part in (code, title) if part)
        name, number = file_name(f"{stem}_{what}"), 1
        while _folded(name) in self._taken:
            number += 1
            name = file_name(f"{stem}_{number}_{what}")
        self._taken.add(_folded(name))
        return name


def _folded(name: str) -> str:
    """Windows takes names that differ in case only for one."""
    return unicodedata.normalize("NFKC", name).casefold()
