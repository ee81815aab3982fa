"""What a number format shows of a value: the section that is in force, and whether it shows the figure as it is."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

Compared = Callable[[float, float], bool]

# "…", \x and !x stand as written, _x is a gap, *x fills, […] is a colour or a condition.
_TOKEN = re.compile(r'"([^"]*)"?|[\\!](.)|[_*].|\[([^\]]*)\]|(.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]{1,20})")
_OPERATORS: dict[str, Compared] = {
    "<=": operator.le, ">=": operator.ge, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip
_DIGIT = re.compile("[0#?]")
_SCALED = re.compile(r"[0#?.](,+)[^0#?.,]*$")
_ELAPSED = re.compile(r"[hmsHMS]+")
# General, dates, fractions and text show any value.
_SHOWS_ALL = re.compile(r"general|通用|[ymdhs@]|[#0?] */", re.IGNORECASE)
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a number format: one number format has up to four, for positive, negative, zero and text.

    `bare`: its own signs (digits, points, letters of dates); `literals`: texts that stand as written; `colour`: the
    name in square brackets; `condition`: sign and bound, where the section has its own; `tokens`: signs and texts in
    their order, each with whether it stands as written.
    """

    bare: str
    literals: tuple[str, ...]
    colour: str
    condition: tuple[str, float] | None
    tokens: tuple[tuple[str, bool], ...]

    def applies(self, number: float) -> bool:
        assert self.condition is not None
        sign, bound = self.condition
        return _OPERATORS[sign](number, bound)

    @property
    def shows_text(self) -> bool:
        return "@" in self.bare


@lru_cache(maxsize=4096)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a number format; General ("") has none, nor does a code longer than any program writes."""
    if not code or len(code) > _LONGEST:
        return ()
    found: list[Section] = []
    bare = ""
    literals: list[str] = []
    brackets: list[str] = []
    tokens: list[tuple[str, bool]] = []
    for token in [*_TOKEN.finditer(code), None]:
        quoted, escaped, bracket, sign = token.groups() if token else (None, None, None, ";")
        if sign == ";":
            found.append(_section(bare, literals, brackets, tokens))
            bare, literals, brackets, tokens = "", [], [], []
        elif sign is not None:
            bare += sign
            tokens.append((sign, False))
        elif bracket is not None:
            brackets.append(bracket)
            bare += bracket if _ELAPSED.fullmatch(bracket) else ""
            tokens += [(bracket[1:].partition("-")[0], True)] if bracket.startswith("$") else []
        elif quoted or escaped:
            literals.append(quoted or escaped or "")
            tokens.append((quoted or escaped or "", True))
            bare += "\0"  # where a literal stands among the digits
    return tuple(found)


def _section(
    bare: str, literals: Sequence[str], brackets: Sequence[str], tokens: Sequence[tuple[str, bool]]
) -> Section:
    condition = None
    colour = ""
    for bracket in brackets:
        found = _CONDITION.fullmatch(bracket)
        if found is not None and found[2].count(".") <= 1 and found[2].strip("-."):
            condition = (found[1], float(found[2]))
        elif not bracket.startswith("$") and not _ELAPSED.fullmatch(bracket):
            colour = bracket
        elif bracket.startswith("$"):
            literals = [*literals, bracket[1:].partition("-")[0]]
    return Section(bare, tuple(literals), colour, condition, tuple(tokens))


def section_for(code: str, number: float | None) -> Section | None:
    """The section that shows the number (None: a text); None where the value is shown as General shows it."""
    found = sections(code)
    numeric = found[:3] if not (found and found[-1].shows_text and len(found) > 1) else found[:-1][:3]
    if number is None:
        texts = found[3:] or found[len(numeric) :] or tuple(one for one in found if one.shows_text)
        return texts[0] if texts else None
    return _numeric(numeric, number)


def _numeric(numeric: Sequence[Section], number: float) -> Section | None:
    for at, one in enumerate(numeric):
        last = at == len(numeric) - 1
        if one.condition is not None:
            if one.applies(number):
                return one
        elif last or (at == 0 and (number > 0 or (number == 0 and len(numeric) == 2))) or (at == 1 and number < 0):
            return one
    return None


@lru_cache(maxsize=16384)
def conceals(code: str, number: float | None) -> bool:
    """Whether a cell of this format shows nothing of its value (None: a text): ;;; or a text without digits.

    A zero that is shown as a dash or another sign is shown. A text with digits that is always the same shows a figure,
    though perhaps another one (`ingest.shown_figures`).
    """
    shown = section_for(code, number)
    if shown is None or _SHOWS_ALL.search(shown.bare):
        return False
    written = "".join(shown.literals) + re.sub("[0#?,.%/\0]", "", shown.bare)
    if not _DIGIT.search(shown.bare):
        return not (number == 0 and written.strip()) and not (number is not None and re.search(r"\d", written))
    if "0" in shown.bare or number is None:
        return False
    return _rounded(shown.bare, number) == 0 and not (number == 0 and written.strip())


def _rounded(bare: str, number: float) -> float:
    """The number as digits of a section show it."""
    decimals = re.search(r"\.([0#?]*)", bare)
    scaled = _SCALED.search(bare)
    shift = 2 * bare.count("%") - (3 * len(scaled[1]) if scaled else 0)
    return round(abs(number) * 10.0**shift, len(decimals[1]) if decimals else 0)
