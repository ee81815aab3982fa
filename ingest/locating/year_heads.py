"""Heads that name a year (2022年决算数, 本年预算数): which of them are this year's, which last year's, in any order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gouji.ingest.figures.chinese_numerals import with_years_in_digits
from gouji.ingest.locating.wording import FormLabel
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
    """A head: the year that it prints, or the word for a year (本年, 上年); `key`: the head without its year."""

    year: int | None
    word: str
    key: str


@lru_cache(maxsize=16384)
def year_head(text: str) -> YearHead | None:
    """The year or the word for a year in a head, and the head without it; None for a head without a year."""
    label = squeezed(text)
    if len(label) > LONGEST_LABEL:
        return None
    label = with_years_in_digits(label)
    word = next((sign for sign, words in _words().items() if label.startswith(words)), "")
    years = {int(digits) for digits in _YEAR.findall(label)}
    if len(years) > 1 or not (years or word):
        return None
    bare = _BRACKETS.sub("", _YEAR.sub("", label))
    for year_word in sorted(_words().get(word, ()), key=len, reverse=True):
        bare = bare.removeprefix(year_word)
    return YearHead(next(iter(years), None), word, label_key(bare))


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    words = vocabulary()
    return {THIS: tuple(words.this_year), LAST: tuple(words.last_year)}


def _meaning(key: str) -> str:
    """实际支出 means 决算, 年初预算数 means 预算; any further key is taken without its filling words."""
    essence = _FILLING.sub("", key) or key
    return next((meant for meant, words in _SAYING.items() if essence in words), essence)


class Asked(NamedTuple):
    """A head of the definition: 本年 or 上年, and its key without that word."""

    sign: str
    key: str


@lru_cache(maxsize=256)
def _asked(label: str) -> Asked | None:
    sign = next((sign for sign in (THIS, LAST) if label.startswith(sign)), None)
    return None if sign is None else Asked(sign, label_key(label.removeprefix(sign)))


def names_years(labels: Sequence[FormLabel]) -> bool:
    """Whether a block has a head of last year's: only then a year decides between heads."""
    return any((asked := _asked(label.label)) is not None and asked.sign == LAST for label in labels)


def with_years(texts: Mapping[int, Sequence[str]], labels: Sequence[FormLabel], stated: int | None) -> dict[int, str]:
    """Column → the key by which its head is looked for: with the word for its year; "" where it is another year's.

    `texts`: what is printed over each column; `stated`: the year in the lines above the table. This year is the one
    with which most of the heads are there. Of several heads with the same meaning, the shortest wording counts.
    """
    read = {column: head for column, printed in texts.items() if (head := _longest(printed)) is not None}
    asked = [asked_head for label in labels if (asked_head := _asked(label.label)) is not None]
    read |= _of_no_year(texts, read, asked)
    years = {head.year for head in read.values() if head.year is not None}
    this_year = max(years, key=lambda year: (_fitting(read, asked, year), year == stated, year), default=None)
    meant = {column: _meant(head, asked, this_year) for column, head in read.items()}
    return {column: _key(column, read, meant, this_year, asked) for column in read}


def _of_no_year(
    texts: Mapping[int, Sequence[str]], read: Mapping[int, YearHead], asked: Sequence[Asked]
) -> dict[int, YearHead]:
    """Heads without a year beside a head of 上年: 上年决算数 | 预算数 | 决算数. They belong to this year."""
    signs = {head.word for head in read.values() if head.year is None}
    if signs != {LAST} or any(head.year is not None for head in read.values()):
        return {}
    meant = {_meaning(asked_head.key) for asked_head in asked if asked_head.sign == THIS}
    return {
        column: YearHead(None, THIS, label_key(printed[-1]))
        for column, printed in texts.items()
        if column not in read and printed and _meaning(label_key(printed[-1])) in meant
    }


def _key(
    column: int, read: Mapping[int, YearHead], meant: Mapping[int, Asked | None], this_year: int | None,
    asked: Sequence[Asked],
) -> str:  # fmt: skip
    asked_head, head = meant[column], read[column]
    if asked_head is None:
        sign = _sign(head, this_year)
        # What is asked for one year only, and printed for the other (上年预算数), is like it in all but the year.
        for_other_year = any(_meaning(candidate.key) == _meaning(head.key) for candidate in asked)
        return "" if sign is None or for_other_year else label_key(_WORDS[sign] + head.key)
    alike = [place for place, meaning in meant.items() if meaning == asked_head]
    exact = [place for place in alike if read[place].key == asked_head.key]
    return label_key(_WORDS[asked_head.sign] + asked_head.key) if [column] in (alike, exact) else ""


def _longest(printed: Sequence[str]) -> YearHead | None:
    """The longest reading of a head, over two rows both joined (2022年 over 决算数)."""
    heads = [head for text in printed if (head := year_head(text)) is not None and head.key]
    return max(heads, key=lambda head: len(head.key), default=None)


def _fitting(read: Mapping[int, YearHead], asked: Sequence[Asked], year: int) -> int:
    return len({asked_head for head in read.values() if (asked_head := _meant(head, asked, year)) is not None})


def _meant(head: YearHead, asked: Sequence[Asked], this_year: int | None) -> Asked | None:
    """The head of the definition that a head of the sheet corresponds to."""
    sign = _sign(head, this_year)
    return next(
        (
            asked_head
            for asked_head in asked
            if asked_head.sign == sign and _meaning(asked_head.key) == _meaning(head.key)
        ),
        None,
    )


def _sign(head: YearHead, this_year: int | None) -> str | None:
    """This year's or last year's; None where it is of another year, or its word and its figures contradict."""
    if head.year is None or this_year is None:
        return head.word or None
    sign = {this_year: THIS, this_year - 1: LAST}.get(head.year)
    return None if head.word and head.word != sign else sign
