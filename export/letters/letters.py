"""The folder 反馈意见: one letter per unit, named by its code and name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from gouji.export.letters.contents import Letter, letters
from gouji.export.letters.document import document
from gouji.export.results import Results
from gouji.templates.text import file_name

FOLDER = "反馈意见"


def write_letters(results: Results, out: Path) -> int:
    """Write `out`/反馈意见/*.docx; returns how many. Without any the folder is empty: earlier letters must not stay.

    Raises OSError.
    """
    taken: set[str] = set()
    (out / FOLDER).mkdir()
    for letter in letters(results):
        (out / FOLDER / _name(letter, taken)).write_bytes(document(letter))
    return len(taken)


def _name(letter: Letter, taken: set[str]) -> str:
    """Units of one name are told apart by their code, and what is left alike by a number."""
    stem = "_".join(part for part in (letter.unit.code, letter.name) if part)
    what = "催报通知" if letter.reminds else "审核反馈意见"
    name, number = file_name(f"{stem}_{what}.docx"), 1
    while _folded(name) in taken:
        number += 1
        name = file_name(f"{stem}_{number}_{what}.docx")
    taken.add(_folded(name))
    return name


def _folded(name: str) -> str:
    """Windows takes names that differ in case only for one."""
    return unicodedata.normalize("NFKC", name).casefold()
