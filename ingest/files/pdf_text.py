"""Characters of a page, each with its place, as lines and texts: what a cell says, what stands around tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from gouji.ingest.files.docx_raised import RAISED

CUT = "cut"
"""The tag of characters that are seen in part, or with a part of their word."""
Char = dict[str, Any]
"""A character as pdfplumber tells it: text, x0, x1, top, bottom, size, upright, non_stroking_color."""
_SAME_LINE = 0.5
"""Share of the lower height by which characters of one line overlap."""
_SMALL = 0.75
_WRAPPED = 2.3
"""Characters that still had room, up to which a line was broken because it was full: signs that may not end or begin
a line take others along."""
_PADDING, _POINTS = 0.7, 7.0
"""What lies between a cell's border and its text at most: a share of a character's size, points."""
_GAP, _WIDE = 0.3, 1.5
"""Characters between two, from which a blank, a tab stands there that was not written."""
_CRAMPED = 0.35
"""Share of a character's width by which another one lies over it, from which neither is sure."""
_FIGURE = frozenset("0123456789.,%-")
_BROKEN_FIGURE = re.compile(r"-?\d{1,3}(?:,\d{3})*,\d{0,2}|.*[.,]")
_REST_OF_FIGURE = re.compile(r"\d+\s*(?:万元|亿元|元|%)?")
_UNKNOWN = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")


@dataclass(slots=True)
class TextLine:
    """Characters in a line, from the left."""

    chars: list[Char] = field(default_factory=list)

    @property
    def x0(self) -> float:
        """Where it begins."""
        return float(self.chars[0]["x0"])

    @property
    def x1(self) -> float:
        """Where it ends."""
        return float(max(char["x1"] for char in self.chars))

    @property
    def top(self) -> float:
        """Its upper edge."""
        return float(min(char["top"] for char in self.chars))

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return float(max(char["bottom"] for char in self.chars))

    @property
    def size(self) -> float:
        """Its largest characters."""
        return float(max(char["size"] for char in self.chars))

    @property
    def text(self) -> str:
        """What it says; small raised digits as such, wide gaps as a blank."""
        written, size, bottom = self.chars[0]["text"], self.size, self.bottom
        for before, char in pairwise(self.chars):
            blank = _blank_between(before, char)
            raised = char["size"] < _SMALL * size and char["bottom"] < bottom - 0.1 * size
            written += blank + (char["text"].translate(RAISED) if raised else char["text"])
        return str(written)

    @property
    def unsure(self) -> bool:
        """Whether characters lie over each other, stand on their side, or have no meaning that the file tells."""
        if any(_UNKNOWN.search(char["text"]) or not char["upright"] or char.get("tag") == CUT for char in self.chars):
            return True
        shown = [char for char in self.chars if not char["text"].isspace()]
        return any(
            before["x1"] - char["x0"] > _CRAMPED * min(char["x1"] - char["x0"], before["x1"] - before["x0"])
            for before, char in pairwise(shown)
            if _FIGURE & {before["text"], char["text"]} or (before["text"].isalpha() and char["text"].isalpha())
        )


def _blank_between(before: Char, char: Char) -> str:
    """What stands for a gap: figures that stand apart are two, and so are the parts of a line that are far apart."""
    apart = (char["x0"] - before["x1"]) / char["size"]
    if apart > _WIDE or (apart > _GAP and before["text"].isdecimal() and char["text"].isdecimal()):
        return "\t"
    written = before["text"].isspace() or char["text"].isspace()
    return " " if apart > _GAP and not written else ""


def text_lines(chars: Iterable[Char]) -> list[TextLine]:
    """The lines that characters make, from above; blanks around them are left out."""
    lines: list[TextLine] = []
    for char in sorted(chars, key=lambda one: (one["top"] + one["bottom"]) / 2):
        line = next((one for one in reversed(lines[-3:]) if _beside(one, char)), None)
        if line is None:
            lines.append(line := TextLine())
        line.chars.append(char)
    for line in lines:
        line.chars.sort(key=lambda one: one["x0"])
        while line.chars and line.chars[-1]["text"].isspace():
            line.chars.pop()
        while line.chars and line.chars[0]["text"].isspace():
            line.chars.pop(0)
    return sorted((line for line in lines if line.chars), key=lambda line: line.top)


def _beside(line: TextLine, char: Char) -> bool:
    first = line.chars[0]
    shared = min(first["bottom"], char["bottom"]) - max(first["top"], char["top"])
    return bool(shared > _SAME_LINE * min(first["bottom"] - first["top"], char["bottom"] - char["top"]))


def fills(line: TextLine, left: float, right: float) -> bool:
    """Whether a line between two borders had no room for one more character."""
    padding = _padding(line)
    room = min(right - line.x1 - padding, right - line.x1 + line.x0 - left - 2 * padding)
    return bool(room < _WRAPPED * line.chars[-1]["size"])


def _padding(line: TextLine) -> float:
    return min(_PADDING * line.size, _POINTS)


def joined_lines(lines: Sequence[TextLine], left: float, right: float) -> str:
    """Lines between two borders as a text: what was broken because it was full is put together."""
    text, before = lines[0].text, lines[0]
    for line in lines[1:]:
        text = joined(text, line.text, broken=fills(before, left, right), tight=_is_tight(before, line, left, right))
        before = line
    return text


def _is_tight(line: TextLine, following: TextLine, left: float, right: float) -> bool:
    """Whether not even the next character had room in a line that stands no farther in than text does."""
    inside, char = line.x0 - left, following.chars[0]
    return bool(inside < _padding(line) and line.x1 + char["x1"] - char["x0"] > right - inside)


def joined(first: str, rest: str, *, broken: bool, tight: bool = False) -> str:
    """Two lines as a text; `broken`: the first had no room for more, `tight`: not even for one character.

    Digits are put together only where they cannot be two figures: a figure read wrongly is worse than none.
    """
    last = first.rpartition("\n")[2].strip()
    if last and set(last) <= _FIGURE and rest[:1] in _FIGURE:
        broken = broken and (_BROKEN_FIGURE.fullmatch(last) is not None or rest[:1] in (".", ",", "%"))
        broken |= tight and "." in last and _REST_OF_FIGURE.fullmatch(rest) is not None
    elif last[-1:].isdecimal() and rest[:1].isdecimal():
        broken = False
    if not broken:
        return f"{first}\n{rest}"
    spaced = last[-1:].isascii() and last[-1:].isalpha() and rest[:1].isascii() and rest[:1].isalpha()
    return f"{first}{' ' if spaced else ''}{rest}"
