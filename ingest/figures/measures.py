"""年度指标值 and 实际完成值: free text or a number → sign, quantity and unit, or honestly just text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import takewhile

from gouji.ingest.figures.chinese_numerals import numeral
from gouji.ingest.figures.cleaning import emptiness, squeeze
from gouji.ingest.figures.numbers import LARGEST_FRACTION
from gouji.ingest.figures.written_units import known_unit, like_a_unit, scales
from gouji.templates.exact import FIGURE, figure, shift, significant
from gouji.templates.labels import LONGEST_LABEL
from gouji.templates.measure_words import (
    ABOUT_WITHIN,
    ALREADY,
    DETAILS,
    DONE,
    DONE_BEHIND,
    FALLEN,
    FALLING,
    HELD,
    LAST_PHASE,
    LEVEL,
    LIMITS_AFTER,
    LIMITS_BEFORE,
    MULTIPLES,
    NO_DETAILS,
    ORDINALS,
    PERCENT_OF,
    PHASES,
    RISEN,
    RISING,
    SHARES_OF,
    YEAR_ON_YEAR,
)
from gouji.templates.number_format import is_percentage, shows_date
from gouji.templates.units import MONEY, PEOPLE_AND_THINGS, SHARES, raised, spelling


def _any(words: Iterable[str]) -> str:
    """A pattern of the words, the longer ones first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_LEAD = re.compile(_any(LIMITS_BEFORE))
_TRAIL = re.compile(f"(?:{_any(LIMITS_AFTER)})$")
_SHARE = re.compile(f"[\u4e00-\u9fff]{{0,10}}?(?:{_any(SHARES_OF)})")
_COMPARED = re.compile(_any(YEAR_ON_YEAR))
_DONE = re.compile(f"(?:{_any(ALREADY)})*(?:{_any(DONE)})?")
_CHANGE = re.compile(f"(?:({_any(RISEN)})|({_any(FALLEN)}))(?:达到|达|为|:)?|({_any(RISING)})了?|({_any(FALLING)})了?")
_LEVEL = re.compile(_any(LEVEL))
_DONE_BEHIND = re.compile(f"(?<=%)(?:{_any(DONE_BEHIND)})$|(?<=[^\\d.,])已?完成$")
_QUANTITY = re.compile(rf"({FIGURE})([^\d]*)", re.ASCII)


_DETAIL = re.compile(
    rf"(?P<figure>.*\d.*?)\((?:(?P<fraction>\d{{1,9}}/\d{{1,9}})|(?:{_any(DETAILS)})(?P<part>[^()]+))\)"
)
_RANGE = re.compile(
    r"(?P<from>\d{1,9}(?:\.\d{1,4})?)(?P<from_unit>[^\d±~-]{0,4}?)(?P<sign>[-~—–至到±])(?P<to>\d{1,9}(?:\.\d{1,4})?)"
    r"(?P<unit>[^\d]{1,12})"
)
_ABOUT = re.compile("(?P<before>大约|大概|约)?(?P<figure>.+?)(?P<behind>左右)?")
_ANY_DETAIL = re.compile(f"[{NO_DETAILS}]")
_COUNTS = re.compile("[\\d零〇一二两三四五六七八九十百]")
_LONGEST = 40
"""Signs of a text that may still be one quantity with its words."""
RISE, FALL = "升", "降"
_DATES = (datetime.date, datetime.time, datetime.timedelta)


@dataclass(frozen=True, slots=True)
class Measure:
    """A target or an actual value.

    sign: `≥`, `≤`, `>`, `<` or `` (none); number: the quantity, percent as a fraction, 万 before a
    counting word multiplied in, money in its own `unit`; None where the text is not exactly one
    quantity. unit: `%`, 人, 万元, 分钟, ㎡ … or ``. percent: the unit is %. text: NFKC without white
    space. state: filled, blank, not_applicable, or unreadable for a date or a time of day.

    change: `升` or `降` where the quantity is how much something rose or fell (提升10%), else ``. direction: `≥` or
    `≤` where words without a sign tell which way is better (提升到, 控制在). share: the name of the share in front
    (合格率). power: the power of ten of a multiple without unit (1万 is 10000 with power 4), else 0.
    until: where `paired` found a range (1000-1200人, 约50场), its upper end; number is the lower one then.
    """

    sign: str
    number: Decimal | None
    unit: str
    percent: bool
    text: str
    state: str
    change: str = ""
    direction: str = ""
    share: str = ""
    power: int = 0
    until: Decimal | None = None


def parse_measure(raw: object, number_format: str | None = None) -> Measure:
    """Read 年度指标值 or 实际完成值 from its cell's value and, for numbers, its format code. Never raises."""
    if isinstance(raw, _DATES):
        return Measure("", None, "", False, _date_text(raw), "unreadable")
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_number(raw, number_format)
    text = "" if raw is None else str(raw)
    return _of_words(text) if len(text) <= _LONGEST else _of_words.__wrapped__(text)


@lru_cache(maxsize=16384)
def _of_words(words: str) -> Measure:
    """What is written in a cell; thousands of returns write the same short ones."""
    text = squeeze(words)
    empty = emptiness(text)
    if empty is not None:
        return Measure("", None, "", False, text, empty)
    return _from_text(text, text.rstrip("。;；,、")) or Measure("", None, "", False, text, "filled")


def paired(target: Measure, actual: Measure, *, of_cost: bool = False) -> tuple[Measure, Measure, str]:
    """A target and its actual, understood beside each other, and the words that both begin with.

    购置电脑10台 and 购置电脑8台 are 10台 and 8台; 15颗 and 10颗 are in one unit, although no list has it.
    `of_cost`: in an indicator of costs, 50万 is 50万元.
    """
    words = ""
    if (target.number is None or actual.number is None) and target.state == actual.state == "filled":
        target, actual, words = _in_like_words(target, actual)
    return (_as_money(target), _as_money(actual), words) if of_cost else (target, actual, words)


def _in_like_words(target: Measure, actual: Measure) -> tuple[Measure, Measure, str]:
    """Both read as quantities without the words that both begin with: 购置电脑10台, 购置电脑8台."""
    if any(len(measure.text) > _LONGEST or not _COUNTS.search(measure.text) for measure in (target, actual)):
        return target, actual, ""
    for words in ("", *_common_words(target.text, actual.text)):
        for any_unit in (False, True):
            ours, theirs = (
                _or_range(measure.text, measure.text[len(words) :], any_unit) for measure in (target, actual)
            )
            if ours is not None and theirs is not None and (not any_unit or ours.unit == theirs.unit):
                return ours, theirs, words
    return target, actual, ""


def _or_range(text: str, quantity: str, any_unit: bool) -> Measure | None:
    """A single quantity or a range: 1000-1200人, 3±1次; 约50场 is the range within a twentieth of 50."""
    exact = _from_text(text, quantity, any_unit=any_unit)
    if exact is not None:
        return exact
    match = _RANGE.fullmatch(quantity)
    if match is not None:
        ends = _ends(match)
        upper = _from_text(text, f"{match['to']}{match['unit']}", any_unit=any_unit)
        lower = _from_text(text, f"{ends[0]}{match['from_unit'] or match['unit']}", any_unit=any_unit)
        top = _from_text(text, f"{ends[1]}{match['unit']}", any_unit=any_unit)
        return None if upper is None else _between(lower, top)
    about = _ABOUT.fullmatch(quantity)
    if about is None or not (about["before"] or about["behind"]):
        return None
    near = _from_text(text, about["figure"], any_unit=any_unit)
    if near is None or near.number is None:
        return None
    return _between(*(replace(near, number=near.number * (1 + side * ABOUT_WITHIN)) for side in (-1, 1)))


def _ends(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    first, second = Decimal(match["from"]), Decimal(match["to"])
    return (first - second, first + second) if match["sign"] == "±" else (first, second)


def _between(lower: Measure | None, upper: Measure | None) -> Measure | None:
    """The range, if both ends are plain quantities in one unit, and in their order."""
    if lower is None or upper is None or lower.number is None or upper.number is None:
        return None
    plain = not (lower.sign or lower.power or upper.power) and lower.unit == upper.unit != ""
    return replace(lower, until=upper.number) if plain and 0 < lower.number < upper.number else None


def money_in_wan(measure: Measure) -> Decimal | None:
    """The measure in 万元 when it is an amount of money (no change of one), else None."""
    if measure.number is None or measure.unit not in MONEY or measure.change:
        return None
    return shift(measure.number, MONEY[measure.unit])


def aligned(first: Measure, second: Measure) -> tuple[Decimal, Decimal] | None:
    """Both numbers in one unit, or None where they cannot be compared.

    Money converts (to 万元), and so do units of one kind (小时 and 分钟); equal units compare as they are; a number
    without unit is taken to be in the unit of its counterpart, beside % as a fraction up to 3 and as percent beyond,
    万 beside money as 万元. A change compares with a change in the same direction, a share with a share of the same
    name or a bare one. None too where a figure of 万 stands beside a bare one that may be in 万 as well (359万, 360).
    """
    if first.number is None or second.number is None or first.change != second.change:
        return None
    if first.share and second.share and first.share != second.share:
        return None
    if first.unit in MONEY or second.unit in MONEY:
        ours, theirs = _beside_money(first, second), _beside_money(second, first)
        return None if ours is None or theirs is None else (ours, theirs)
    if first.number == second.number == 0:
        return first.number, second.number  # nothing is nothing in any unit: 零事故, 0起
    if first.unit and second.unit:
        factors = scales(first.unit, second.unit)
        if factors is None:
            return (first.number, second.number) if _nothing_counted(first, second) else None
        return first.number * factors[0], second.number * factors[1]
    if _may_be_in_multiples(first, second) or _may_be_in_multiples(second, first):
        return None
    return _in_unit_of(first.number, second), _in_unit_of(second.number, first)


def _nothing_counted(first: Measure, second: Measure) -> bool:
    """零事故 beside 2起: a count of events beside a target of none."""
    nothing, counted = (first, second) if first.number == 0 else (second, first)
    return nothing.number == 0 and counted.unit in PEOPLE_AND_THINGS and known_unit(nothing.unit) is None


def _beside_money(measure: Measure, counterpart: Measure) -> Decimal | None:
    """In 万元 where the counterpart has another unit of money; a bare 359万 is money there, a bare 359 in its unit."""
    if measure.number is None or (measure.unit and measure.unit not in MONEY):
        return None
    if not measure.unit:
        return shift(measure.number, -4) if measure.power else measure.number
    same_unit = measure.unit == counterpart.unit or not (counterpart.unit or counterpart.power)
    return measure.number if same_unit else shift(measure.number, MONEY[measure.unit])


def _may_be_in_multiples(measure: Measure, bare: Measure) -> bool:
    """Whether a bare figure may be meant in the multiple (万, 亿) that the measure spells out."""
    if not measure.power or bare.power or bare.unit or not measure.number or not bare.number:
        return False
    return Decimal("0.1") <= abs(bare.number / shift(measure.number, -measure.power)) <= 10


def _as_money(measure: Measure) -> Measure:
    if measure.number is None or measure.unit or not measure.power:
        return measure
    return replace(measure, number=shift(measure.number, -4), unit="万元", power=0)


def comparable(first: Measure, second: Measure) -> bool:
    """Whether both are quantities in one unit, after conversion; `aligned` gives their numbers."""
    return aligned(first, second) is not None


# Words in front of a quantity that make a rank, a limit or the contrary of it.
_TURNING = re.compile("[第前后不未无非没约近超余]")


def _common_words(first: str, second: str) -> list[str]:
    """What both begin with, as far as it is words, the shortest first; none that do more than to name the thing."""
    pairs = zip(first, second, strict=False)
    words = "".join(
        sign for sign, _ in takewhile(lambda pair: pair[0] == pair[1] and "一" <= pair[0] <= "\u9fff", pairs)
    )
    return [] if _TURNING.search(words) else [words[:end] for end in range(1, len(words) + 1)]


def _date_text(raw: object) -> str:
    """A date without its midnight."""
    return str(raw).removesuffix(" 00:00:00")


def _in_unit_of(number: Decimal, counterpart: Measure) -> Decimal:
    return shift(number, -2) if counterpart.percent and abs(number) > LARGEST_FRACTION else number


def _from_number(raw: int | float, number_format: str | None) -> Measure:
    try:
        number = significant(float(raw))
    except (ValueError, OverflowError):
        return Measure("", None, "", False, str(raw), "filled")
    if shows_date(number_format):
        return Measure("", None, "", False, _plain(number), "unreadable")
    if is_percentage(number_format):
        return Measure("", number, "%", True, f"{_plain(shift(number, 2))}%", "filled")
    return Measure("", number, "", False, _plain(number), "filled")


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _from_text(text: str, quantity: str, *, any_unit: bool = False) -> Measure | None:
    """The measure `text`, of which `quantity` is to be exactly one quantity with the words around it.

    `any_unit`: its unit may be one that is in no list.
    """
    if len(quantity) > LONGEST_LABEL:  # a report, not a quantity; and no pattern below is tried on so much
        return None
    quantity, detail = _without_detail(quantity)
    share, remainder = _taken(_SHARE, quantity)
    remainder = _taken(_DONE, _taken(_COMPARED, remainder)[1])[1]
    change, direction, remainder = _changed(remainder)
    if remainder.startswith(HELD):
        direction, remainder = "≤", remainder.removeprefix(HELD)
    sign, remainder = _signed(remainder)
    if sign is None:
        return None
    number, unit, power = _quantity(_DONE_BEHIND.sub("", remainder), limited=sign != "", any_unit=any_unit)
    if number is None or not _agrees(number, unit, detail):
        return None
    return Measure(sign, number, unit, unit == "%", text, "filled", change, direction, share, power)


def _taken(words: re.Pattern[str], text: str) -> tuple[str, str]:
    match = words.match(text)
    return (match[0], text[match.end() :]) if match else ("", text)


def _changed(text: str) -> tuple[str, str, str]:
    """(升 or 降, which direction is better, the remainder): 提升10% is a change, 提升到10% a level."""
    match = _CHANGE.match(text)
    if match is None:
        return "", "", text
    rises = bool(match[1] or match[3])
    remainder = text[match.end() :]
    level = _LEVEL.match(remainder) if match[3] or match[4] else None
    if level is not None:
        return "", "≥" if rises else "≤", remainder[level.end() :]
    return RISE if rises else FALL, "≥", remainder


def _signed(text: str) -> tuple[str | None, str]:
    """The sign and the text without it; the sign is None where the text carries two that contradict."""
    lead = _LEAD.match(text)
    remainder = _taken(_DONE, text[lead.end() :])[1] if lead else text
    trail = _TRAIL.search(remainder)
    if trail is None:
        return (LIMITS_BEFORE[lead[0]] if lead else ""), remainder
    sign = LIMITS_AFTER[trail[0]]
    if lead and LIMITS_BEFORE[lead[0]] != sign:
        return None, text
    return sign, remainder[: trail.start()]


def _without_detail(text: str) -> tuple[str, str]:
    """The text and the fraction that stands in brackets behind it; what the figure contains is left out (含续建1个)."""
    match = _DETAIL.fullmatch(text)
    if match is None or (match["part"] and _ANY_DETAIL.search(match["part"])):
        return text, ""
    return match["figure"], match["fraction"] or ""


def _agrees(number: Decimal, unit: str, fraction: str) -> bool:
    """Whether a share equals the fraction behind it, to the decimals it is rounded or cut off to: 83%（10/12）."""
    if not fraction:
        return True
    part, _, total = fraction.partition("/")
    if unit != "%" or not int(total):
        return False
    return abs(number * int(total) - int(part)) < Decimal(1).scaleb(min(0, int(number.as_tuple().exponent))) * int(
        total
    )


def _quantity(text: str, *, limited: bool, any_unit: bool) -> tuple[Decimal | None, str, int]:
    """(number, unit, power of a multiple without unit) where the whole text is one quantity, else (None, "", 0)."""
    nothing = None, "", 0
    match = _QUANTITY.fullmatch(raised(text))
    number = figure(match[1]) if match else None
    if match is None or number is None:
        return _in_chinese_numerals(text) or nothing
    unit = match[2].strip("()") if match[2].startswith("(") and match[2].endswith(")") else match[2]
    if unit in SHARES:
        return shift(number, SHARES[unit]), spelling(unit), 0
    if unit == "日" and limited:
        return number, "天", 0  # 30日以内 is a span; a bare 30日 may be a date
    if not unit or unit in MONEY:
        return number, unit, 0
    known_spelling = known_unit(unit)
    if known_spelling is not None:
        return nothing if known_spelling == "年" and number >= 1900 else (number, known_spelling, 0)
    multiple = next((word for word in MULTIPLES if unit.startswith(word)), "")
    word, power = unit[len(multiple) :], MULTIPLES.get(multiple, 0)
    known_spelling = word if word in ("", "元") else known_unit(word) or (like_a_unit(word) if any_unit else None)
    if known_spelling is None or not (multiple or any_unit):
        return nothing
    return shift(number, power), known_spelling, 0 if word else power


def _in_chinese_numerals(text: str) -> tuple[Decimal, str, int] | None:
    """两次, 一百二十户, 百分之九十五, 零事故; None for what may be a rank (二期, 三级) or only an article (一批)."""
    of_hundred = text.startswith(PERCENT_OF)
    counted = (100, "") if text == f"{PERCENT_OF}百" else numeral(text.removeprefix(PERCENT_OF))
    if counted is None:
        return None
    count, word = counted
    if of_hundred:
        return None if word else (shift(Decimal(count), -2), "%", 0)
    unit = known_unit(word) or (like_a_unit(word) if count == 0 else None)
    may_be_rank = word in ORDINALS or (word in PHASES and count <= LAST_PHASE) or text.startswith("二" + word)
    if unit is None or (count and may_be_rank and not text.startswith("两")):
        return None
    return Decimal(count), unit, 0
