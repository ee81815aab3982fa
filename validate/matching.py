"""Which 自评表 belong to which project line: by name, else by amounts, one line to several tables if their sum agrees.

Nothing here knows forms or frames. Of all ways to give every line tables of its own, the best one is taken: first as
many lines as possible that agree in full, then as many as possible that agree in one amount, then as few tables as
possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from math import comb

MOST_TABLES = 6
"""Tables that may belong to one line."""
_MOST_SUBSETS = 20_000
_MOST_CANDIDATES = 24
_MOST_STEPS = 20_000

Span = tuple[Decimal, Decimal]
"""A figure and how far rounding may have moved it either way."""
Amounts = tuple[tuple[Span | None, ...], ...]
"""The tied amounts of a table in order, each as all that it may be (全年 or 年初预算数); None for what is not there."""


@dataclass(frozen=True, slots=True)
class Line:
    """A project line: its amounts, and the tables that bear its name or code."""

    amounts: tuple[Span | None, ...]
    named: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Open tables that may belong to a line, by their class: tables with equal amounts are interchangeable."""

    classes: tuple[int, ...]
    worth: int


def matched(lines: Sequence[Line], tables: Sequence[Amounts]) -> list[tuple[int, ...]]:
    """For every line the tables that belong to it, in their order; empty where none does. No table is given twice.

    The best of all choices for what units send; where a unit has very many projects without a name in common, the
    search stops at a bound and the first tables that fit are taken.
    """
    search = _Search(lines, tables)
    free = [list(members) for members in search.classes]
    chosen = search.best(0, (0,) * len(free)).chosen
    return [
        tuple(sorted([*line.named, *(free[index].pop(0) for index in classes)]))
        for line, classes in zip(lines, chosen, strict=True)
    ]


def total(tables: Sequence[Amounts], of: frozenset[int]) -> Amounts:
    """The sums of several tables: what is missing counts as 0 while one of them has a figure."""
    columns = zip(*(tables[table] for table in sorted(of)), strict=True)
    return tuple(
        tuple(_sum([amount for amount in same if amount is not None]) for same in zip(*column, strict=True))
        for column in columns
    )


def worth(line: Line, tables: Sequence[Amounts], of: frozenset[int]) -> int:
    """2: the amounts agree in full; 1: one of them does, or only the name; 0: these are not its tables."""
    if not of:
        return 0
    agreeing, differing = _compared(line.amounts, total(tables, of))
    if agreeing and not differing:
        return 2
    return 1 if of == line.named or (agreeing and not line.named) else 0


def _sum(filled: list[Span]) -> Span | None:
    if not filled:
        return None
    return sum((value for value, _ in filled), Decimal(0)), sum((half for _, half in filled), Decimal(0))


def _compared(spans: Sequence[Span | None], sums: Amounts) -> tuple[int, int]:
    """How many amounts agree (0 with 0 says nothing), and how many differ from all that may stand for them."""
    agreeing = differing = 0
    for span, others in zip(spans, sums, strict=True):
        known = [other for other in others if other is not None]
        if span is None or not known:
            continue
        if all(abs(span[0] - other[0]) > span[1] + other[1] for other in known):
            differing += 1
        elif span[0] != 0:
            agreeing += 1
    return agreeing, differing


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How good a choice for the remaining lines is, and the choice."""

    rank: tuple[int, int, int] = (0, 0, 0)
    chosen: tuple[tuple[int, ...], ...] = ()

    def after(self, classes: tuple[int, ...], worth: int) -> _Outcome:
        full, part, fewer = self.rank
        rank = (full + (worth == 2), part + (worth == 1), fewer - len(classes))
        return _Outcome(rank, (classes, *self.chosen))


class _Search:
    """All lines of one unit, one after the other; what remains free decides what is best for the rest.

    `classes`: the tables that no line has by name, those with equal amounts together.
    """

    def __init__(self, lines: Sequence[Line], tables: Sequence[Amounts]) -> None:
        self.lines = lines
        self.tables = tables
        self.steps = 0
        self.known: dict[tuple[int, tuple[int, ...]], _Outcome] = {}
        self.classes = _classes(lines, tables)
        self.candidates = [self._candidates(line) for line in lines]

    def best(self, line: int, used: tuple[int, ...]) -> _Outcome:
        """The best choice for the lines from `line` on; `used` counts the tables of each class that are taken."""
        if line == len(self.lines):
            return _Outcome()
        outcome = self.known.get((line, used))
        if outcome is None:
            outcome = self.known[line, used] = self._best(line, used)
        return outcome

    def _best(self, line: int, used: tuple[int, ...]) -> _Outcome:
        self.steps += 1
        free = [candidate for candidate in self.candidates[line] if self._remains(candidate, used)]
        if self.steps > _MOST_STEPS:
            free = free[:1]
        return max(
            (
                self.best(line + 1, _with(used, candidate)).after(candidate.classes, candidate.worth)
                for candidate in free
            ),
            key=lambda candidate: candidate.rank,
        )

    def _remains(self, candidate: _Candidate, used: tuple[int, ...]) -> bool:
        return all(
            used[index] + candidate.classes.count(index) <= len(self.classes[index]) for index in set(candidate.classes)
        )

    @cached_property
    def subsets(self) -> dict[tuple[int, ...], frozenset[int]]:
        """The groups of open tables that may belong to one line, small ones first: classes → one such group."""
        class_of = {table: index for index, members in enumerate(self.classes) for table in members}
        count, size, groups = len(class_of), 0, 0
        while size < min(MOST_TABLES, count) and groups + comb(count, size + 1) <= _MOST_SUBSETS:
            size += 1
            groups += comb(count, size)
        by_classes: dict[tuple[int, ...], frozenset[int]] = {}
        for k in range(1, size + 1):
            for group in combinations(class_of, k):
                by_classes.setdefault(tuple(sorted(class_of[table] for table in group)), frozenset(group))
        return by_classes

    def _candidates(self, line: Line) -> list[_Candidate]:
        """What may belong to the line, the best first; last that nothing (more) does."""
        alone = _Candidate((), worth(line, self.tables, line.named))
        if alone.worth == 2:
            return [alone]
        candidates = []
        for classes, group in self.subsets.items():
            if len(line.named) + len(classes) <= MOST_TABLES:
                value = worth(line, self.tables, line.named | group)
                candidates += [_Candidate(classes, value)] if value else []
        return [*sorted(candidates, key=lambda candidate: -candidate.worth)[:_MOST_CANDIDATES], alone]


def _classes(lines: Sequence[Line], tables: Sequence[Amounts]) -> list[list[int]]:
    taken = {table for line in lines for table in line.named}
    classes: dict[Amounts, list[int]] = {}
    for table, amounts in enumerate(tables):
        if table not in taken:
            classes.setdefault(amounts, []).append(table)
    return list(classes.values())


def _with(used: tuple[int, ...], candidate: _Candidate) -> tuple[int, ...]:
    return tuple(count + candidate.classes.count(index) for index, count in enumerate(used))
