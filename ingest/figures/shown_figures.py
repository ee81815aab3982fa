"""Figures of which the screen and the paper show another one than is read: the text that a number format makes of them.

Only formats made of digits and of texts that stand as written are worked out; dates, fractions, powers of ten and
General show a value as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from gouji.ingest.figures.numbers import KINDS, parse_number
from gouji.ingest.files.format_sections import Section, section_for, sections
from gouji.ingest.locating.input_cells import figures
from gouji.ingest.locating.located import Located
from gouji.templates.exact import significant

_PLAIN = re.compile(r"[#,]*0(?:\.[0#?]+)?(%?)")
"""A format that shows a figure as it is, but for a % where the kind of figure has none."""
_OTHERWISE = re.compile(r"general|通用|[ymdhse@]|[#0?] */", re.IGNORECASE)
_PLACEHOLDERS = re.compile(r"[0#?]")
_FIGURE = re.compile(r"(?P<before>[^\d.]{0,3})(?P<digits>\d[\d,]*(?:\.\d*)?|\.\d+)")
_NEGATIVE = re.compile("[-−－–(（△▲负减亏]")
_SCALED = re.compile(r"[0#?](,+)[^0#?,]*$")
_PLACES = "0#?.,"
"""Signs that stand for digits or part them; every other stands as it is written."""
_LARGEST, _MOST_PLACES = 1e15, 30
_LONGEST = 40
"""Signs of a text that are named; with more it is no figure."""


class Shown(NamedTuple):
    """A cell whose format shows another figure, and the text that it shows."""

    cell: str
    text: str


def shown_otherwise(located: Located) -> list[Shown]:
    """The figures and measures of a table that whose cell shows another figure than its stored value."""
    formats, sheet = located.sheet.formats, located.sheet
    if not formats:
        return []
    return [
        Shown(sheet.address(*at), text)
        for at, kind in figures(located)
        if (code := formats.get(at)) is not None
        and not _is_plain(code, kind)
        and (text := _otherwise(sheet.raw(*at), code, kind)) is not None
    ]


def _otherwise(raw: object, code: str, kind: str) -> str | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return another_figure(code, float(raw), kind)


@lru_cache(maxsize=4096)
def _is_plain(code: str, kind: str) -> bool:
    """Whether a format shows every figure of the kind as it is; nearly all do."""
    plain = _PLAIN.fullmatch(code)
    return plain is not None and (not plain[1] or kind in {"rate", "measure"})


@lru_cache(maxsize=65536)
def another_figure(code: str, number: float, kind: str) -> str | None:
    """What a cell shows of a number where that reads as another figure of the kind; else None.

    What it shows may be rounded. A text without any digit shows nothing of it, which is another matter (T-15).
    """
    text = None if _is_plain(code, kind) else shown_text(code, number)
    if text is None or not re.search(r"\d", text):
        return None
    return None if _says(text, code, number, kind) else " ".join(text.split())[:_LONGEST]


def _says(text: str, code: str, number: float, kind: str) -> bool:
    """Whether the shown text equals the stored figure, to the decimals that are shown."""
    if kind in KINDS:
        stored, shown = parse_number(number, kind, code), parse_number(text, kind)
        if stored.value is None:
            return True  # it is not read
        if shown.value is not None:
            return abs(stored.value - shown.value) <= _half(text, shown.value)
        if "%" in text and kind != "rate":
            return False
    match = _FIGURE.search(text)
    if match is None:
        return False
    value = Decimal(match["digits"].replace(",", ""))
    negative = _NEGATIVE.search(match["before"]) is not None
    share = -2 if "%" in text else 0
    exact = significant(number)
    return abs(exact - (-value if negative else value).scaleb(share)) <= Decimal(5).scaleb(share - 1 - _places(text))


def _half(text: str, shown: Decimal) -> Decimal:
    """Half a unit of the last place shown, in the unit in which the text was parsed."""
    match = _FIGURE.search(text)
    digits = Decimal(match["digits"].replace(",", "")) if match is not None else Decimal(0)
    half = Decimal(5).scaleb(-1 - _places(text))
    return half * abs(shown / digits) if digits else half


def _places(text: str) -> int:
    match = _FIGURE.search(text)
    return len(match["digits"].partition(".")[2]) if match is not None else 0


@lru_cache(maxsize=65536)
def shown_text(code: str, number: float) -> str | None:
    """The text that a format makes of a number: ("0.00,", 12345) → `12.35`; None for a format that is not supported."""
    section = section_for(code, number)
    if section is None or _OTHERWISE.search(section.bare) or not abs(number) < _LARGEST:
        return None
    if len(_PLACEHOLDERS.findall(section.bare)) > _MOST_PLACES or len(re.findall("[,%]", section.bare)) > _MOST_PLACES:
        return None
    all_sections = sections(code)
    # The first of several sections, and one with a condition, brings no sign but that of the number.
    signed = number < 0 and (len(all_sections) < 2 or section is all_sections[0] or section.condition is not None)
    shown = _Digits(section, abs(significant(number))).text()
    return f"-{shown}" if signed and re.search(r"[1-9]", shown) else shown


class _Digits:
    """The digits of a number in the places of a section."""

    def __init__(self, section: Section, number: Decimal) -> None:
        self.tokens = section.tokens
        self.signs = "".join(sign for sign, literal in section.tokens if not literal)
        self.point = self.signs.find(".")
        decimals = self.signs[self.point + 1 :] if self.point >= 0 else ""
        self.optional = len(re.findall(r"[#?]", decimals))
        places = len(_PLACEHOLDERS.findall(decimals))
        scaled = number.scaleb(2 * self.signs.count("%") - 3 * self._commas())
        rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        integer, _, fraction = f"{rounded:f}".partition(".")
        self.integer = integer.lstrip("0")
        self.fraction = self._trimmed(fraction, decimals)

    def _commas(self) -> int:
        """Commas behind the last digit of the integer part: each divides by a thousand."""
        integer, _, decimals = self.signs.partition(".")
        match = _SCALED.search(integer) or _SCALED.search(decimals)
        return len(match[1]) if match else 0

    @staticmethod
    def _trimmed(fraction: str, decimals: str) -> str:
        """Without the noughts at the end that stand in optional places."""
        kept = list(fraction)
        for sign in reversed(_PLACEHOLDERS.findall(decimals)):
            if sign == "0" or not kept or kept[-1] != "0":
                break
            kept.pop()
        return "".join(kept)

    def text(self) -> str:
        before, behind = self._halves()
        return "".join([*reversed(list(self._integer(before))), *self._decimals(behind)]).strip()

    def _halves(self) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
        at = next((place for place, (sign, literal) in enumerate(self.tokens) if sign == "." and not literal), None)
        return (list(self.tokens), []) if at is None else (list(self.tokens[:at]), list(self.tokens[at:]))

    def _integer(self, tokens: list[tuple[str, bool]]) -> Iterator[str]:
        """The integer part, from right to left: the first place takes all remaining digits."""
        first = next((at for at, (sign, literal) in enumerate(tokens) if not literal and sign in "0#?"), None)
        digits = self.integer
        for at in range(len(tokens) - 1, -1, -1):
            sign, literal = tokens[at]
            if literal or sign not in _PLACES:
                yield sign
            elif at == first:
                yield digits or ("0" if sign == "0" else "")
            elif sign in "0#?":
                yield digits[-1:] or ("0" if sign == "0" else "")
                digits = digits[:-1]

    def _decimals(self, tokens: list[tuple[str, bool]]) -> Iterator[str]:
        digits = self.fraction
        for sign, literal in tokens:
            if literal or sign not in _PLACES:
                yield sign
            elif sign == ".":
                yield "." if self.fraction or "0" in self.signs[self.point :] else ""
            elif sign in "0#?":
                yield digits[:1]
                digits = digits[1:]
