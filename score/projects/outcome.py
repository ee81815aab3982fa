"""Whether words say that a 定性 target was missed. Only what cannot mean anything else; the rest is for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from gouji.ingest.figures.deadlines import in_time
from gouji.ingest.figures.measures import Measure
from gouji.templates.measure_words import FALLING, RISING, SHARES_OF
from gouji.templates.scoring.line_words import BAD
from gouji.templates.scoring.outcome_words import (
    ALL,
    ALSO,
    DONE,
    GRADES,
    LATE,
    NEGATIVE,
    NOT,
    OPPOSITES,
    OWN_SHARES,
    PARTS,
    SOMEHOW,
    TENDING,
    TIMELY,
    UNCHANGED,
)


def _any(words: Iterable[str]) -> str:
    """A pattern of the words, the longer ones first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_SUBJECT = r"[\u4e00-\u9fff\d]{0,10}?"
_NOT_DONE = re.compile(f"({_SUBJECT})(?:{_any(NOT)})(?:{_any(SOMEHOW)})*(?P<done>.{{1,12}}?)(?:{_any(ALSO)})*")
_PARTLY_DONE = re.compile(
    f"({_SUBJECT})(?:(?:{_any(PARTS)})(?:已|地)?(?P<done>.{{1,12}}?)|(?P<done_of>.{{1,12}}?)了?(?:一|{_any(PARTS)}))"
    f"(?:{_any(ALSO)})*"
)
_TURNED = re.compile(f"[{NEGATIVE}]")
_FIGURE = re.compile(r"\d")
_OTHER_SHARE = re.compile(_any((*SHARES_OF, *OWN_SHARES, *BAD)))
_OF_CHANGE = re.compile(_any((*RISING, *FALLING, *TENDING)))
_LATE, _TIMELY, _ALL = (re.compile(_any(words)) for words in (LATE, TIMELY, ALL))


@lru_cache(maxsize=65536)
def missed(target: Measure, actual: Measure) -> str | None:
    """Why the actual does not reach the target, in words; None where the two do not say so beyond doubt."""
    said, wanted = (measure.text.strip("。;；,，、.") for measure in (actual, target))
    if _opposite(said, wanted) or _moved_back(target, actual, said):
        return "完成值与指标值相反"
    if in_time(target.text, actual.text) is False:
        return "完成时间晚于指标值的期限"
    if not _affirmative(target):
        return None
    for pattern, why in ((_NOT_DONE, "完成值写明未达到"), (_PARTLY_DONE, "完成值写明只达到一部分")):
        match = pattern.fullmatch(said)
        if match is not None and not _TURNED.search(match[1]) and _asked(match, wanted):
            return why
    if _LATE.search(said) and not _TURNED.search(said) and _TIMELY.search(wanted):
        return "完成值写明未按时"
    return None


@lru_cache(maxsize=65536)
def short_of_all(target: Measure, actual: Measure) -> str | None:
    """Why full points are not due although the words leave the band open: not all of 全部, a lower grade."""
    said, wanted = (measure.text.strip("。;；,，、.") for measure in (actual, target))
    ours, theirs = _grade(said), _grade(wanted)
    if ours is not None and theirs is not None and ours > theirs:
        return "完成值的等级低于指标值"
    whole = target.number is None and _affirmative(target) and (_ALL.search(wanted) or wanted in ("完成", "已完成"))
    below = actual.percent and actual.number is not None and actual.sign in ("", "≤", "<") and actual.number < 1
    return "指标值要求全部完成，完成值不到100%" if whole and below and not actual.change else None


@lru_cache(maxsize=65536)
def completed_share(target: Measure, actual: Measure, name: str) -> Decimal | None:
    """The percentage beside a target in words that can only be how much of it was done; None for any other.

    `name`: the line's label and group. A rise (提升, 12%), a share that is the indicator itself (参与率, 30%), and what
    is better the lower it is are none.
    """
    plain = actual.percent and not (actual.sign or actual.until or actual.change)
    if not plain or target.state != "filled" or _FIGURE.search(target.text) or not _affirmative(target):
        return None
    return None if _OTHER_SHARE.search(name) or _OF_CHANGE.search(f"{name}{target.text}") else actual.number


def _asked(match: re.Match[str], wanted: str) -> bool:
    """Whether what was not done is a thing to be done, or in the very words of the target."""
    done = next(text for text in (match["done"], match.groupdict().get("done_of")) if text)
    return done in DONE or (len(done) > 1 and done in wanted)


def _affirmative(target: Measure) -> bool:
    """Whether the target asks for something to be done: one of less, none or not may be reached by not doing it."""
    if target.sign in ("≤", "<") or target.direction == "≤" or target.number == 0:
        return False
    return not _TURNED.search(target.text) or bool(target.sign in ("≥", ">") and target.number is not None)


def _opposite(said: str, wanted: str) -> bool:
    return any((said, wanted) in ((word, opposite), (opposite, word)) for word, opposite in OPPOSITES)


def _moved_back(target: Measure, actual: Measure, said: str) -> bool:
    """A rise where a fall was the target, or nothing of either."""
    if not target.change or target.sign in ("≤", "<"):
        return False
    return said in UNCHANGED or bool(actual.change and actual.change != target.change)


def _grade(text: str) -> int | None:
    return next((rank for rank, names in enumerate(GRADES) if text in names), None)
