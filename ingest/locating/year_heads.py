"""Heads that name a year (2022年决算数, 本年预算数): which of them are this year's, which last year's, in any order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gouji.ingest.figures.chinese_numerals import with_years_in_digits
from gouji.ingest.locating.wording import Wanted
from gouji.templates.labels import LONGEST_LABEL, label_key, squeezed
from gouji.templates.vocabulary import vocabulary

THIS, LAST = "{年}年", "{上年}年"
_WORDS = {THIS: "本年", LAST: "上年"}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年度?|(?=[^\d年月.\-/]))")
_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]{0,20}[)\]】]")
_FILLING = re.compile(r"支出|部门|单位|经费|金额|财政|数|额|度")
"""Words of a head that say nothing of which figures stand below it: 2022年度部门支出决算数."""
_SAYING = {
    "决算": frozenset({"实际", "实际执行", "执行", "实际发生"}),
    "预算": frozenset({"年初预算", "预算安排", "年初预算安排"}),
}


@dataclass(frozen=True, slots=True)
class YearHead:
    """A head: the year that it prints, or the word for one (本年, 上年); and what else it says."""

    year: int | None
    word: str
    rest: str


@lru_cache(maxsize=16384)
def year_head(text: str) -> YearHead | None:
    """What a head says of a year; None where it names none."""
    label = squeezed(text)
    if len(label) > LONGEST_LABEL:
        return None
    label = with_years_in_digits(label)
    word = next((sign for sign, words in _words().items() if label.startswith(words)), "")
    years = {int(found) for found in _YEAR.findall(label)}
    if len(years) > 1 or not (years or word):
        return None
    bare = _BRACKETS.sub("", _YEAR.sub("", label))
    for known in sorted(_words().get(word, ()), key=len, reverse=True):
        bare = bare.removeprefix(known)
    return YearHead(next(iter(years), None), word, label_key(bare))


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    given = vocabulary()
    return {THIS: tuple(given.this_year), LAST: tuple(given.last_year)}


def _meaning(rest: str) -> str:
    """预算 or 决算 of all that a head may say: what was really spent is 决算, what was granted at first 预算."""
    told = _FILLING.sub("", rest) or rest
    return next((meant for meant, words in _SAYING.items() if told in words), told)


class Asked(NamedTuple):
    """A head of the definition: the year that it is of, and what else it says."""

    sign: str
    rest: str


@lru_cache(maxsize=256)
def _asked(label: str) -> Asked | None:
    sign = next((sign for sign in (THIS, LAST) if label.startswith(sign)), None)
    return None if sign is None else Asked(sign, label_key(label.removeprefix(sign)))


def names_years(labels: Sequence[Wanted]) -> bool:
    """Whether a block has a head of last year's: only then a year decides between heads."""
    return any((asked := _asked(one.label)) is not None and asked.sign == LAST for one in labels)


def with_years(texts: Mapping[int, Sequence[str]], labels: Sequence[Wanted], stated: int | None) -> dict[int, str]:
    """Column → the key by which its head is looked for: with the word for its year; "" where it is another year's.

    `texts`: what is printed over each column; `stated`: the year that the table's own lines say. This year is the one
    with which most of the heads are there. Of several heads that mean the same, the one that says no more counts.
    """
    read = {column: head for column, said in texts.items() if (head := _longest(said)) is not None}
    asked = [found for one in labels if (found := _asked(one.label)) is not None]
    read |= _of_no_year(texts, read, asked)
    years = {head.year for head in read.values() if head.year is not None}
    this = max(years, key=lambda year: (_fitting(read, asked, year), year == stated, year), default=None)
    meant = {column: _meant(head, asked, this) for column, head in read.items()}
    return {column: _key(column, read, meant, this, asked) for column in read}


def _of_no_year(
    texts: Mapping[int, Sequence[str]], read: Mapping[int, YearHead], asked: Sequence[Asked]
) -> dict[int, YearHead]:
    """Heads without a year beside one that says 上年: 上年决算数 | 预算数 | 决算数. They are this year's."""
    signs = {head.word for head in read.values() if head.year is None}
    if signs != {LAST} or any(head.year is not None for head in read.values()):
        return {}
    meant = {_meaning(one.rest) for one in asked if one.sign == THIS}
    return {
        column: YearHead(None, THIS, label_key(said[-1]))
        for column, said in texts.items()
        if column not in read and said and _meaning(label_key(said[-1])) in meant
    }


def _key(
    column: int, read: Mapping[int, YearHead], meant: Mapping[int, Asked | None], this: int | None,
    asked: Sequence[Asked],
) -> str:  # fmt: skip
    one, head = meant[column], read[column]
    if one is None:
        sign = _sign(head, this)
        # What is asked for one year only, and printed for the other (上年预算数), is like it in all but the year.
        for_other_year = any(_meaning(other.rest) == _meaning(head.rest) for other in asked)
        return "" if sign is None or for_other_year else label_key(_WORDS[sign] + head.rest)
    alike = [other for other, same in meant.items() if same == one]
    exact = [other for other in alike if read[other].rest == one.rest]
    return label_key(_WORDS[one.sign] + one.rest) if [column] in (alike, exact) else ""


def _longest(said: Sequence[str]) -> YearHead | None:
    """Of a head over two rows the whole (2022年 over 决算数)."""
    heads = [head for text in said if (head := year_head(text)) is not None and head.rest]
    return max(heads, key=lambda head: len(head.rest), default=None)


def _fitting(read: Mapping[int, YearHead], asked: Sequence[Asked], year: int) -> int:
    return len({one for head in read.values() if (one := _meant(head, asked, year)) is not None})


def _meant(head: YearHead, asked: Sequence[Asked], this: int | None) -> Asked | None:
    """The head of the definition that one of the sheet is."""
    sign = _sign(head, this)
    return next((one for one in asked if one.sign == sign and _meaning(one.rest) == _meaning(head.rest)), None)


def _sign(head: YearHead, this: int | None) -> str | None:
    """This year's or last year's; None where it is of another year, or its word and its figures contradict."""
    if head.year is None or this is None:
        return head.word or None
    sign = {this: THIS, this - 1: LAST}.get(head.year)
    return None if head.word and head.word != sign else sign
