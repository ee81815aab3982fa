"""Normalised labels: what two printings of one label have in common, and the identifiers made from them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gouji.templates.radicals import RADICALS

_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff\ue000-\uf8ff]+")
_NUMBERING = re.compile(r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]\d{1,2}[)）]|\d{1,2}[、．.)）]|[①-⑳])")
_CIRCLED = re.compile(r"^((?:其中[:：])?\s*)([①-⑳❶-❿])")
"""NFKC makes a plain digit of it, which then looks like part of the label."""
_NOTED = re.compile(r"(?<=[\d.%])(?=[⁰¹²³⁴-⁹₀-₉①-⑳❶-❿])")
"""Before what NFKC would make a further digit of a figure: 896.27² is not 896.272."""
_OF_WHICH = re.compile(r"^其中[:：]?")
_POINTS = re.compile(r"[(（\[【]?\d{1,6}(?:\.\d{1,6})?分[)）\]】]?")
_TAIL = ":：;；。"
_YEAR = re.compile(r"(?:19|20)\d{2}年")
_BRACKETS = re.compile(
    r"[(\[【](?:[A-Za-z](?:[-/×*+÷][A-Za-z])*(?:[×*]100%)?|(?:单位:?)?(?:[十百千万亿]*元|人|个|m2|平方米|%|分|辆|次))[)\]】]$"
)
_NO_KEY = re.compile(r"以及|[及与和]|[^\w#%]|_")
_NOT_WORD = re.compile(r"[^\w]+")
LONGEST_LABEL = 600
"""Signs; what is longer is no label, and no pattern is tried on it: some cost the square of the length."""


@lru_cache(maxsize=65536)
def squeezed(text: str) -> str:
    """NFKC without any white space, radicals as characters: `过   程` and `过程`, `⻋` and `车` are one label."""
    text = _CIRCLED.sub(lambda found: f"{found[1]}({unicodedata.numeric(found[2]):.0f})", text.lstrip())
    return _SPACE.sub("", unicodedata.normalize("NFKC", _NOTED.sub("^", text))).translate(RADICALS)


def unnumbered(label: str) -> str:
    """A label without 其中 and numbering in front: `其中：1、公车购置` → `公车购置`."""
    for _ in range(2):
        label = _OF_WHICH.sub("", label)
        label = _NUMBERING.sub("", label)
    return label


def one_line(text: str) -> str:
    """A printed label without its line breaks and padding, its characters as printed (㎡ stays ㎡)."""
    return _SPACE.sub("", text)


@lru_cache(maxsize=65536)
def normalised(text: str) -> str:
    """The label without white space, numbering, 其中, points in brackets, closing colon; years become `#年`.

    `1、公务用车购置和维护经费` → `公务用车购置和维护经费`; `投入\\n（20分）` → `投入`; `2021年决算数` → `#年决算数`.
    """
    label = squeezed(text)
    if len(label) > LONGEST_LABEL:
        return label
    label = _POINTS.sub("", label)
    label = unnumbered(label.rstrip(_TAIL))
    return _YEAR.sub("#年", label).replace("“", "").replace("”", "").replace('"', "")


@lru_cache(maxsize=65536)
def label_key(text: str) -> str:
    """What is compared of a label: as `normalised`, without unit or letter in brackets, 和 及 与, and punctuation.

    `全年预算数（A）` → `全年预算数`; `公务用车购置及维护经费` → `公务用车购置维护经费`; `2021年度决算数` → `#年决算数`.
    """
    label = normalised(text)
    if len(label) > LONGEST_LABEL:
        return label
    while (short := _BRACKETS.sub("", label)) != label:
        label = short
    return _NO_KEY.sub("", unnumbered(label)).replace("#年度", "#年") or label


def printed_years(text: str) -> list[int]:
    """The years printed in a label, in order: `2021年实际在职人数` → [2021]."""
    return [int(found[:4]) for found in _YEAR.findall(squeezed(text))]


@lru_cache(maxsize=65536)
def identifier(text: str) -> str:
    """A label as the name of a list line: NFKC, no white space, numbering or punctuation; never a leading digit."""
    label = unnumbered(squeezed(text))
    label = _NOT_WORD.sub("", label)
    return f"_{label}" if label[:1].isdigit() else label


def numbered(names: list[str]) -> list[str]:
    """Names made unique in their order: the second `运维` becomes `运维_2`."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return result
