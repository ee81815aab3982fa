"""Issued workbooks for many units: one is made per structure, and every unit's own names are put into it.

Of its unit a workbook holds only names and codes, and what depends on their lengths. So it is issued once with signs
that stand for the characters of the names, and these are exchanged: a hundredth of the work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from samples.fill import Parts, unpacked
from templates.form import Form
from templates.issued import issue_workbook
from templates.recipient import Project, Recipient

_WIDE, _NARROW = 0xE000, 0x13A0
"""Signs in no other text, as wide as a 汉字 (private) and as narrow as a figure (Cherokee)."""
_SIGN = re.compile("[\ue000-\uf8ff\u13a0-\u13ef]")
_CODE = "907060503"
"""The code that stands for a unit's own, which begins those of its projects; no other text holds it."""


def issued_parts(recipient: Recipient, forms: Sequence[Form], year: int) -> Parts:
    """The parts of the workbook that `issue_workbook` writes for the unit, byte for byte.

    Raises ValueError for a code of another length than those of this generator.
    """
    if len(recipient.unit_code) != len(_CODE):
        raise ValueError(f"no code of {len(_CODE)} digits: {recipient.unit_code}")
    names: dict[str, str] = {}
    likeness = _likeness(recipient, names)
    meant = {sign: own for stands, name in names.items() for sign, own in zip(stands, name, strict=True)}

    def named(text: str) -> str:
        return _SIGN.sub(lambda sign: meant[sign[0]], text).replace(_CODE, recipient.unit_code)

    return {part: named(text).encode() for part, text in _issued(likeness, tuple(forms), year).items()}


def structure(recipient: Recipient) -> str:
    """What units have in common whose workbooks differ in names only."""
    return repr(_likeness(recipient, {}))


def _likeness(recipient: Recipient, names: dict[str, str]) -> Recipient:
    """A recipient of the same structure under names of private signs; `names` gets what these stand for."""
    return replace(
        recipient,
        unit_code=_CODE,
        unit=_signs(recipient.unit, names),
        projects=tuple(
            Project(one.code.replace(recipient.unit_code, _CODE, 1), _signs(one.name, names))
            for one in recipient.projects
        ),
    )


def _signs(name: str, names: dict[str, str]) -> str:
    """A sign of its own for every 汉字 and every figure; brackets stay."""
    first = sum(len(one) for one in names)
    stands = "".join(_sign(own, first + at) for at, own in enumerate(name))
    names[stands] = name
    return stands


def _sign(own: str, place: int) -> str:
    if "\u4e00" <= own <= "\u9fff":
        return chr(_WIDE + place)
    return chr(_NARROW + place) if own.isdecimal() else own


@lru_cache(maxsize=4096)
def _issued(likeness: Recipient, forms: tuple[Form, ...], year: int) -> dict[str, str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        issue_workbook(likeness, forms, year, path)
        return {part: content.decode() for part, content in unpacked(path).items()}
