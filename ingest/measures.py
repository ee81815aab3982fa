"""年度指标值 and 实际完成值: free text or a number → sign, quantity and unit, or honestly just text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.cleaning import emptiness, squeeze
from ingest.exact import FIGURE, figure, shift, significant
from ingest.numbers import LARGEST_FRACTION
from templates.units import MEASURED, MONEY, PEOPLE_AND_THINGS, SHARES, TIMES, raised, spelling

_BEFORE = {
    "≥": "≥", "≧": "≥", "⩾": "≥", ">=": "≥", "=>": "≥", "大于等于": "≥", "大于或等于": "≥",
    "不低于": "≥", "不少于": "≥", "不小于": "≥", "至少": "≥",
    "≤": "≤", "≦": "≤", "⩽": "≤", "<=": "≤", "=<": "≤", "小于等于": "≤", "小于或等于": "≤",
    "不超过": "≤", "不高于": "≤", "不多于": "≤", "不大于": "≤", "至多": "≤",
    ">": ">", "大于": ">", "高于": ">", "超过": ">", "<": "<", "小于": "<", "低于": "<", "=": "",
}  # fmt: skip
_AFTER = {
    "及以上": "≥", "(含)以上": "≥", "以上(含)": "≥", "以上": "≥",
    "及以下": "≤", "(含)以下": "≤", "以下(含)": "≤", "以下": "≤",
    "(含)以内": "≤", "以内(含)": "≤", "以内": "≤", "之内": "≤", "内": "≤",
}  # fmt: skip
_LEAD = re.compile("|".join(sorted(map(re.escape, _BEFORE), key=len, reverse=True)))
_TRAIL = re.compile("(?:" + "|".join(sorted(map(re.escape, _AFTER), key=len, reverse=True)) + ")$")
_QUANTITY = re.compile(rf"({FIGURE})([^\d]*)", re.ASCII)
_SIMPLE = PEOPLE_AND_THINGS | TIMES | MEASURED | {"分"}
# What may follow a counting word: the thing counted (120个村), never a phrase that says what became of it.
_THING = re.compile(r"[\u4e00-\u9fff]{1,6}")
_SAYS_MORE = re.compile("[升高增长降低减少强善改完成达到至已未全均前后左右余多约含内外上下的了]")


@dataclass(frozen=True, slots=True)
class Measure:
    """A target or an actual value.

    sign: `≥`, `≤`, `>`, `<` or `` (none); number: the quantity, percent as a fraction, 万 before a
    counting word multiplied in, money in its own `unit`; None where the text is not exactly one
    quantity. unit: `%`, 人, 万元, 分钟, ㎡ … or ``. percent: the unit is %. text: NFKC without white
    space. state: filled, blank or not_applicable.
    """

    sign: str
    number: Decimal | None
    unit: str
    percent: bool
    text: str
    state: str


def parse_measure(raw: object, number_format: str | None = None) -> Measure:
    """Read 年度指标值 or 实际完成值 from its cell's value and, for numbers, its format code. Never raises."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_number(raw, number_format)
    text = squeeze("" if raw is None else str(raw))
    empty = emptiness(text)
    if empty is not None:
        return Measure("", None, "", False, text, empty)
    sign, quantity = _signed(text.rstrip("。;；,、"))
    number, unit = (None, "") if sign is None else _quantity(quantity, limited=sign != "")
    if sign is None or number is None:
        return Measure("", None, "", False, text, "filled")
    return Measure(sign, number, unit, unit == "%", text, "filled")


def money_in_wan(measure: Measure) -> Decimal | None:
    """The measure in 万元 when its unit is money, else None."""
    if measure.number is None or measure.unit not in MONEY:
        return None
    return shift(measure.number, MONEY[measure.unit])


def aligned(first: Measure, second: Measure) -> tuple[Decimal, Decimal] | None:
    """Both numbers in one unit, or None where they cannot be compared.

    Money converts (to 万元); equal units compare as they are; a number without unit is taken to be in
    the other's unit, beside % as a fraction up to 3 and as percent beyond.
    """
    if first.number is None or second.number is None:
        return None
    if first.unit == second.unit:
        return first.number, second.number
    if not first.unit:
        return _in_unit_of(first.number, second), second.number
    if not second.unit:
        return first.number, _in_unit_of(second.number, first)
    ours, theirs = _beside_money(first, second), _beside_money(second, first)
    return None if ours is None or theirs is None else (ours, theirs)


def _beside_money(measure: Measure, other: Measure) -> Decimal | None:
    """In 万元; a bare 359万 beside an amount of money is one too."""
    return measure.number if measure.unit == "万" and other.unit in MONEY else money_in_wan(measure)


def comparable(first: Measure, second: Measure) -> bool:
    """Whether both are quantities in one unit, after conversion; `aligned` gives their numbers."""
    return aligned(first, second) is not None


def _in_unit_of(number: Decimal, other: Measure) -> Decimal:
    return shift(number, -2) if other.percent and abs(number) > LARGEST_FRACTION else number


def _from_number(raw: int | float, number_format: str | None) -> Measure:
    try:
        number = significant(float(raw))
    except (ValueError, OverflowError):
        return Measure("", None, "", False, str(raw), "filled")
    if number_format is not None and "%" in number_format:
        return Measure("", number, "%", True, f"{_plain(shift(number, 2))}%", "filled")
    return Measure("", number, "", False, _plain(number), "filled")


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(text: str) -> tuple[str | None, str]:
    """The sign and what is left; the sign is None where the text carries two that contradict."""
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    trail = _TRAIL.search(rest)
    if trail is None:
        return (_BEFORE[lead[0]] if lead else ""), rest
    sign = _AFTER[trail[0]]
    if lead and _BEFORE[lead[0]] != sign:
        return None, text
    return sign, rest[: trail.start()]


def _quantity(text: str, *, limited: bool) -> tuple[Decimal | None, str]:
    """(number, unit) where the whole text is one quantity, else (None, "")."""
    found = _QUANTITY.fullmatch(raised(text))
    number = figure(found[1]) if found else None
    if found is None or number is None:
        return None, ""
    unit = found[2].strip("()") if found[2].startswith("(") and found[2].endswith(")") else found[2]
    if unit in SHARES:
        return shift(number, SHARES[unit]), spelling(unit)
    if unit == "日" and limited:
        return number, "天"  # 30日以内 is a span; a bare 30日 may be a date
    if not unit or unit in MONEY or unit == "万":
        return number, unit
    power, word = (4, unit[1:]) if unit.startswith("万") else (0, unit)
    if not _is_unit(word) or (word == "年" and number >= 1900):
        return None, ""
    return shift(number, power), spelling(word)


def _is_unit(word: str) -> bool:
    """A known unit, two joined by a slash or 每-sign (次/年), or a counting word and the thing counted."""
    if "/" in word:
        return all(_is_unit(part) or part in MONEY or part in {"月", "日"} for part in word.split("/", 1))
    if spelling(word) in _SIMPLE:
        return True
    heads = [head for head in PEOPLE_AND_THINGS if word.startswith(head) and head != word]
    things = [word[len(head) :] for head in heads]
    return any(_THING.fullmatch(thing) and not _SAYS_MORE.search(thing) for thing in things)
