"""Issued workbooks for many units: one is made of every kind, and the units' own names are put into it.

Of its unit a workbook holds only names and codes; their lengths make some rows higher, and nothing else. So one
workbook is issued under signs that stand for the names, and serves every unit whose rows are as high.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.samples.fill import Parts, unpacked
from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.issuing.contents import contents
from gouji.templates.issuing.form_sheet import sheet_heights
from gouji.templates.issuing.guide import guide_height
from gouji.templates.issuing.heights import text_width
from gouji.templates.recipient import Project, Recipient

_FIRST_SIGN = 0x1401
"""Canadian syllabics: in no other text, and each one column wide, so that any width can be made of them."""
_CODE = "907060503"
"""The code that stands for a unit's own, which begins those of its projects; no other text holds it."""

_Forms = tuple[Form, ...]
_Heights = tuple[tuple[float, ...], ...]
_Pieces = dict[str, list[bytes | int]]
"""Part → its contents in order: what is the same for all units, and places in `_words`."""

_known: dict[tuple[Recipient, _Forms, int, _Heights], _Pieces] = {}
"""What this process has issued, by everything that it depends on."""


def issued_parts(recipient: Recipient, forms: Sequence[Form], year: int) -> Parts:
    """The parts of the workbook that `issue_workbook` writes for the unit, byte for byte.

    Raises ValueError for a code of another length than those of this generator.
    """
    if len(recipient.unit_code) != len(_CODE):
        raise ValueError(f"no code of {len(_CODE)} digits: {recipient.unit_code}")
    key_forms = tuple(forms)
    signs = {name: chr(_FIRST_SIGN + place) for place, name in enumerate(dict.fromkeys(_words(recipient)[1:]))}
    likeness = _renamed(recipient, {name: sign * text_width(name) for name, sign in signs.items()})
    shape = _renamed(recipient, signs), key_forms, year, _heights(likeness, key_forms, year)
    if shape not in _known:
        _known[shape] = _issued(likeness, key_forms, year)
    words = [word.encode() for word in _words(recipient)]
    return {
        part: b"".join(piece if isinstance(piece, bytes) else words[piece] for piece in pieces)
        for part, pieces in _known[shape].items()
    }


def _words(recipient: Recipient) -> list[str]:
    return [recipient.unit_code, recipient.unit, *(project.name for project in recipient.projects)]


def _renamed(recipient: Recipient, names: Mapping[str, str]) -> Recipient:
    """The recipient under other names, and under the code that stands for all."""
    projects = (
        Project(project.code.replace(recipient.unit_code, _CODE, 1), names[project.name])
        for project in recipient.projects
    )
    return replace(recipient, unit_code=_CODE, unit=names[recipient.unit], projects=tuple(projects))


@lru_cache(maxsize=4096)
def _heights(likeness: Recipient, forms: _Forms, year: int) -> _Heights:
    sheets = issued_sheets(likeness, forms, year)
    return tuple((guide_height(sheet), *sheet_heights(sheet, contents(sheet, likeness, {}))) for sheet in sheets)


def _issued(likeness: Recipient, forms: _Forms, year: int) -> _Pieces:
    words = _words(likeness)
    word = re.compile(f"({'|'.join(words)})")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        issue_workbook(likeness, forms, year, path)
        texts = {part: word.split(content.decode()) for part, content in unpacked(path).items()}
    return {
        part: [words.index(piece) if place % 2 else piece.encode() for place, piece in enumerate(pieces)]
        for part, pieces in texts.items()
    }
