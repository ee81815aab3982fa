"""Units as people write them (台（套）, 人·次, 元/人·月, 万元/亩·年) → one spelling, and how two of them compare."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from math import gcd

from gouji.templates.units import LESS_USUAL, MEASURED, MONEY, PEOPLE_AND_THINGS, SIZES, TIMES, spelling

_SIMPLE = PEOPLE_AND_THINGS | LESS_USUAL | TIMES | MEASURED | {"分"}
_PERIODS = {"月": "月", "日": "天", "个月": "月"}
_DOTS = re.compile("[・•‧∙⋅*×]")
_EITHER = re.compile(r"([^()]+)\(([^()]+)\)")
# What may follow a counting word: the thing counted (120个村), never a phrase that says what became of it.
_THING = re.compile(r"[\u4e00-\u9fff]{1,6}")
_SAYS_MORE = re.compile("[升高增长降低减少强善改完成达到至已未全均前后左右余多约含内外上下的了]|^水[质体]")
# What may stand behind a figure and is no unit: a date, a rank, words that turn the figure or blur it.
_NO_UNIT = re.compile(
    "^[年月日号点时级等流强代版类届度季]|^类水|级$|[未不无没非超欠缺少减降余多约第前后左右内外上下至到]|^类水|级$"
)
_LOOKS_LIKE_ONE = re.compile(r"[\u4e00-\u9fffA-Za-z㎡m³²°/·()]{1,12}")


@lru_cache(maxsize=65536)
def known_unit(text: str) -> str | None:
    """The one spelling of a known unit, None where some part of it is not known.

    次/年 is a rate and 元/人·月 one of two steps, in which 月·人 is 人·月; 人·次 is 人次; 台(套) may be either.
    """
    text = _DOTS.sub("·", text)
    either = _EITHER.fullmatch(text)
    if either is not None and set(either.groups()) <= PEOPLE_AND_THINGS:
        return text
    head, *shares = re.sub(r"/?每", "/", re.sub(r"/\(([^()]+)\)", r"/\1", text)).split("/")
    factors = [factor for share in shares for factor in share.split("·")]
    units = [_product(head) or (head if shares and head in MONEY else None), *map(_factor, factors)]
    spellings = [unit for unit in units if unit is not None]
    if len(spellings) < len(units):
        return None
    return spelling("/".join([spellings[0], "·".join(sorted(spellings[1:]))])) if shares else spellings[0]


def like_a_unit(text: str) -> str | None:
    """The text as a unit that is in no list (颗, ℃), which compares with the very same one only; None if it is none."""
    text = _DOTS.sub("·", text)
    return text if _LOOKS_LIKE_ONE.fullmatch(text) and not _NO_UNIT.search(text) else None


def scales(first: str, second: str) -> tuple[Decimal, Decimal] | None:
    """What figures in two units are to be multiplied with to stand in one, None for units that have none.

    小时 and 分钟, 公顷 and 亩, 万元/人·年 and 元/人·年; 台 is 台(套). Days and hours, weeks and days have none: a day
    of work or of lessons has not 24 hours.
    """
    if first == second or _readings(first) & _readings(second):
        return Decimal(1), Decimal(1)
    (head, share), (other_head, other_share) = (unit.partition("/")[::2] for unit in (first, second))
    ours, theirs = _size(head), _size(other_head)
    if share != other_share or ours is None or theirs is None or ours[0] != theirs[0]:
        return None
    common = gcd(ours[1], theirs[1])
    return Decimal(ours[1] // common), Decimal(theirs[1] // common)


def _product(text: str) -> str | None:
    """人·次 is the unit 人次; 人·天 the product of two."""
    if "·" not in text:
        return spelling(text) if _is_counted(text) else None
    joined = spelling(text.replace("·", ""))
    factors = [_factor(part) for part in text.split("·")]
    spellings = sorted(factor for factor in factors if factor is not None)
    return joined if joined in _SIMPLE else "·".join(spellings) if len(spellings) == len(factors) else None


def _factor(text: str) -> str | None:
    return _PERIODS.get(text) or (spelling(text) if text in MONEY or _is_counted(text) else None)


def _is_counted(word: str) -> bool:
    """A known unit, or a counting word and the thing counted."""
    if spelling(word) in _SIMPLE:
        return True
    nouns = [word[len(head) :] for head in PEOPLE_AND_THINGS if word.startswith(head) and head != word]
    return any(_THING.fullmatch(noun) and not _SAYS_MORE.search(noun) for noun in nouns)


def _readings(unit: str) -> set[str]:
    """台(套) is 台 or 套, 人(次) is 人次 too."""
    either = _EITHER.fullmatch(unit)
    return {unit} if either is None else {unit, either[1], either[2], either[1] + either[2]}


def _size(unit: str) -> tuple[str, int] | None:
    """What a unit measures, and how large it is."""
    return ("元", 10 ** (MONEY[unit] + 4)) if unit in MONEY else SIZES.get(unit)
