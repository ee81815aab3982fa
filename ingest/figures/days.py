"""A day as people write it: 2022-03-31, 2022.3.31, 20220331, 2022年3月31日前, the day number of a spreadsheet."""

from __future__ import annotations

import datetime
import re
import unicodedata

_FIRST, _LAST = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)
_DAY_ZERO = datetime.date(1899, 12, 30)
"""Of Excel's day numbers, from March 1900 on."""
_TIME = r"(?:[T日号前止\s,，]*(?:上午|下午)?\s*\d{1,2}\s*(?:[:时点].*)?)?"
_YEAR_FIRST = re.compile(rf"((?:19|20)\d\d)\s*([-/.年])\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})(?!\d)\s*[日号]?{_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*((?:19|20)\d\d)(?!\d){_TIME}")
_DIGITS = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NUMBER = re.compile(r"(\d{5})(?:\.\d+)?")
_AROUND = re.compile(r"^(?:截止|截至|于|到|至)+|(?:[(\[【].{0,12}[)\]】]|之?以?前|止|截止|前报送|星期.|周.)+$")
_SIGNS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE = re.compile(r"[〇○零一二三四五六七八九十]+")
_LONGEST = 60


def day_of(value: object) -> datetime.date | None:
    """The one day that a cell names; None where it names none, or may mean two (3/4/2022).

    A day number counts within this century only.
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if value is None or isinstance(value, bool):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return _written(_CHINESE.sub(_as_digits, unicodedata.normalize("NFKC", text[:_LONGEST])).strip())


def _written(text: str) -> datetime.date | None:
    text = _AROUND.sub("", text).strip()
    if digits := _DIGITS.fullmatch(text):
        return _day(*digits.groups())
    if number := _NUMBER.fullmatch(text):
        counted = _DAY_ZERO + datetime.timedelta(int(number[1]))
        return counted if _FIRST <= counted <= _LAST else None
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(match[1], match[3], match[4])
    if match := _YEAR_LAST.fullmatch(text):
        days = {_day(match[3], match[1], match[2]), _day(match[3], match[2], match[1])} - {None}
        return days.pop() if len(days) == 1 else None
    return None


def _as_digits(match: re.Match[str]) -> str:
    """三十一 → 31, 二〇二二 → 2022."""
    tens, ten, units = match[0].partition("十")
    if not ten:
        return tens.translate(_SIGNS)
    return f"{tens.translate(_SIGNS) or '1'}{units.translate(_SIGNS) or '0'}"


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
