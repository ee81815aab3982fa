"""What is written in one cell of a sheet's XML: its value, its formula, and what programs would read differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gouji.ingest.files.xml import Element, namespace
from gouji.ingest.refusal import Refused

_TWO_VALUES, _IN_PIECES = "一格里写了不止一个值", "值里夹着别的内容"


class Formula(NamedTuple):
    """A cell's formula; `said`: its attributes."""

    text: str
    said: Mapping[str, str]


class Contents(NamedTuple):
    """A cell's value text (None without <v>), its formula, whether it holds text of its own (<is>), and what is odd."""

    value: str | None
    formula: Formula | None
    inline: bool
    odd: str = ""


def contents_of(cell: Element, own: str) -> Contents:
    """What stands in a `<c>`; `own`: the namespace of the sheet, as tags begin."""
    value: str | None = None
    formula: Formula | None = None
    inline = False
    odd = ""
    for child in cell:
        name = child.tag[len(own) :] if child.tag.startswith(own) else ""
        if name == "v" or name == "is":
            odd = odd or (_TWO_VALUES if value is not None or inline else "")
        if name == "v":
            odd = odd or (_IN_PIECES if len(child) else "")
            value = child.text or ""
        elif name == "f":
            odd = odd or (_TWO_VALUES if formula is not None else "")
            formula = Formula(child.text or "", {str(name): str(said) for name, said in child.items()})
        elif name == "is":
            odd = odd or (_IN_PIECES if any(namespace(part) != own for part in child.iter()) else "")
            inline = True
    return Contents(value, formula, inline, odd)


def check_number_of_text(stated: str) -> None:
    """Check how a cell names its text. Raises Refused: the reader takes a number that is none for a blank."""
    if stated and not stated.isdecimal():
        raise Refused("无法读取", "文件里有单元格的文字找不到了。请用 Excel 或 WPS 打开、另存为 .xlsx 后再报送。")
