"""The folder 反馈意见: one letter per unit, named by its code and name."""

from __future__ import annotations

from pathlib import Path

from gouji.export.letters.contents import letters
from gouji.export.letters.document import document
from gouji.export.outputs import LETTERS
from gouji.export.results import Results
from gouji.export.unit_files import UnitFiles


def write_letters(results: Results, out: Path) -> int:
    """Write `out`/反馈意见/*.docx; returns how many. Without any the folder is empty: earlier letters must not stay.

    Raises OSError.
    """
    names = UnitFiles()
    (out / LETTERS).mkdir()
    for letter in letters(results):
        what = "催报通知" if letter.reminds else "审核反馈意见"
        name = names.name(letter.unit.code, letter.name, f"{what}.docx")
        (out / LETTERS / name).write_bytes(document(letter))
    return len(names)
