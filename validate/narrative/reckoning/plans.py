"""A plan with what was added to it, a year with its halves: 年初预算180万元，追加30万元，调整为210万元."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.narrative.written import PERCENT, POINTS, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.span import Span
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called

_FIRST = re.compile(r"年初[^，。；]{0,14}预算|批复[^，。；]{0,8}预算|预算批复|年初批复|年初安排|原预算")
_ADDED = re.compile(r"追加|调增|核增|增拨|新增|加上|另(?:安排|下达)")
_TAKEN = re.compile(r"调减|核减|收回|压减|调出")
_ADJUSTED = re.compile(r"调整后|调整为|调整预算|全年预算|全年可用|预算调整|变更为|达到$")
_YEAR = re.compile(r"(?:19|20)\d\d年")
_HALVES = re.compile(r"(?P<first>上半年|1[-—至]6月)|下半年|7[-—至]12月")
_COMPARED = re.compile(r"(?:19|20)\d\d年|上年|去年|比|较")
_SENTENCES = 2
"""Sentences before an adjusted plan in which it may begin."""


def plans(around: Surroundings) -> Iterator[Claim]:
    """Every claim of a paragraph that a plan was adjusted so, or that halves make up a year."""
    for figure in around.figures:
        if figure.exact and figure.unit not in ("", PERCENT, POINTS):
            yield from _adjusted(around, figure)
            yield from _half(around, figure)


def _adjusted(around: Surroundings, total: Written) -> Iterator[Claim]:
    """年初预算180万元，追加30万元，加上结转18.6万元，全年预算228.6万元."""
    if not _ADJUSTED.search(total.clause):
        return
    before = around.before(total, sentences=_SENTENCES)
    first = next((figure for figure in reversed(before) if _FIRST.search(figure.clause)), None)
    if first is None:
        return
    chain = [figure for figure in before if figure.number > first.number]
    signs = [_sign(figure) for figure in chain]
    dated = any(_YEAR.search(figure.clause) and "结转" not in figure.clause for figure in chain)
    if not chain or None in signs or dated:
        return
    due = Span.of(first)
    for figure, sign in zip(chain, signs, strict=True):
        due = due + Span.of(figure) if sign else due - Span.of(figure)
    yield Claim(total, [Way(due, called(first), "、".join(map(called, chain)))])


def _sign(figure: Written) -> bool | None:
    """Whether a figure was added to a plan, or taken; None where its words do not say it."""
    if _ADDED.search(figure.before):
        return True
    return False if _TAKEN.search(figure.before) else None


def _half(around: Surroundings, figure: Written) -> Iterator[Claim]:
    """全年执行1387万元。上半年624万元，下半年763万元."""
    before = around.before(figure, sentences=1)
    if not before or not _is_half(figure, first=False) or not _is_half(before[-1], first=True):
        return
    first = before[-1]
    wholes = [whole for whole in before[:-1] if whole.value > first.value and not _COMPARED.search(whole.clause)]
    yield Claim(figure, [Way(Span.of(whole) - Span.of(first), called(whole), called(first)) for whole in wholes])


def _is_half(figure: Written, *, first: bool) -> bool:
    match = _HALVES.search(figure.before)
    return match is not None and (match.group("first") is not None) == first
