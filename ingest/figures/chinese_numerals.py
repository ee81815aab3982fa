"""Chinese numerals of counts up to a few hundred (三次, 十二期, 一百二十户), and of years (二〇二三年)."""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "〇": 0} | {sign: at for at, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_DIGIT = "[一二两三四五六七八九]"
_NUMERAL = re.compile(rf"(?:({_DIGIT})百零?)?(?:({_DIGIT})?(十))?({_DIGIT})?|[零〇]")
_YEAR = re.compile(r"[一二][〇○零一二三四五六七八九]{3}(?=年)")
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_SIGNS = re.compile("[零〇一二两三四五六七八九十百千万几数]+")


def numeral(text: str) -> tuple[int, str] | None:
    """(the count, the text behind it) where the text begins with one well-formed numeral, else None.

    三四次, 几十人 and 数百户 are no counts, nor is a year (二〇二三).
    """
    written = _SIGNS.match(text)
    if written is None:
        return None
    match = _NUMERAL.fullmatch(written[0])
    if match is None or (match[1] and match[4] and not match[3] and "零" not in match[0]):
        return None
    hundreds, tens, units = (_DIGITS.get(match[at] or "", 0) for at in (1, 2, 4))
    tens = tens or (1 if match[3] else 0)
    return hundreds * 100 + tens * 10 + units, text[written.end() :]


def with_years_in_digits(text: str) -> str:
    """二〇二三年 → 2023年; the rest of the text as it is."""
    return _YEAR.sub(lambda match: match[0].translate(_YEAR_DIGITS), text)
