"""Matching of project lines and tables: as good as trying everything, on cases small enough to try everything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.validate.matching import Amounts, Line, Span, matched

HALF = Decimal("0.005")


def span(figure: str | None) -> Span | None:
    return None if figure is None else (Decimal(figure), HALF)


def amounts(*figures: str | tuple[str | None, ...] | None) -> Amounts:
    """Of a table: a figure, or several of which one is to fit."""
    return tuple(tuple(map(span, figure)) if isinstance(figure, tuple) else (span(figure),) for figure in figures)


def line(*figures: str | None, named: frozenset[int] = frozenset()) -> Line:
    return Line(tuple(map(span, figures)), named)


# What matching is to achieve, written down anew: nothing of `validate.matching` is used below but its data.


def added(spans: list[Span | None]) -> Span | None:
    known = [added_span for added_span in spans if added_span is not None]
    return (sum((v for v, _ in known), Decimal(0)), sum((h for _, h in known), Decimal(0))) if known else None


def quality(project: Line, tables: list[Amounts], chosen: tuple[int, ...]) -> int:
    """2 where every amount that can be compared agrees and one is not 0, 1 where one agrees, -1 if senseless."""
    if not chosen:
        return 0
    same = other = 0
    for place, stated in enumerate(project.amounts):
        totals = [added(list(same)) for same in zip(*(tables[table][place] for table in chosen), strict=True)]
        known = [total for total in totals if total is not None]
        if stated is None or not known:
            continue
        if not any(abs(stated[0] - total[0]) <= stated[1] + total[1] for total in known):
            other += 1
        elif stated[0] != 0:
            same += 1
    if same and not other:
        return 2
    if project.named:
        return 1 if frozenset(chosen) == project.named else -1
    return 1 if same else -1


Rank = tuple[int, int, int]


def ranked(lines: list[Line], tables: list[Amounts], chosen: list[tuple[int, ...]]) -> Rank:
    worth = [quality(project, tables, tables_of) for project, tables_of in zip(lines, chosen, strict=True)]
    assert -1 not in worth
    return worth.count(2), worth.count(1), -sum(map(len, chosen))


def every_choice(lines: list[Line], tables: list[Amounts], free: frozenset[int]) -> Iterator[list[tuple[int, ...]]]:
    if not lines:
        yield []
        return
    extra = [set(chosen_tables) for size in range(len(free) + 1) for chosen_tables in combinations(sorted(free), size)]
    for chosen in (tuple(sorted(chosen_tables | lines[0].named)) for chosen_tables in extra):
        if quality(lines[0], tables, chosen) >= 0:
            for rest in every_choice(lines[1:], tables, free - frozenset(chosen)):
                yield [chosen, *rest]


def best(lines: list[Line], tables: list[Amounts]) -> Rank:
    named = frozenset(table for project in lines for table in project.named)
    free = frozenset(range(len(tables))) - named
    return max(ranked(lines, tables, choice) for choice in every_choice(lines, tables, free))


figures = st.one_of(st.none(), st.sampled_from(["0", "1", "2", "3", "3.004", "3.02", "5", "10"]))
rows = st.tuples(figures, figures).map(lambda pair: tuple(map(span, pair)))
offered = st.tuples(st.tuples(figures, figures), figures).map(lambda pair: amounts(*pair))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Line], list[Amounts]]:
    tables = draw(st.lists(offered, max_size=5))
    free = list(range(len(tables)))
    lines = []
    for wanted in draw(st.lists(rows, max_size=3)):
        named = frozenset({free.pop()}) if free and draw(st.integers(0, 3)) == 0 else frozenset()
        lines.append(Line(wanted, named))
    return lines, tables


@settings(max_examples=150)
@given(cases())
def test_the_choice_is_as_good_as_the_best_of_all_choices(case: tuple[list[Line], list[Amounts]]) -> None:
    lines, tables = case
    chosen = matched(lines, tables)
    given_out = [table for tables_of in chosen for table in tables_of]
    assert len(given_out) == len(set(given_out))
    assert ranked(lines, tables, chosen) == best(lines, tables)


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(1, 99_999), min_size=1, max_size=3), min_size=1, max_size=4))
def test_lines_that_are_sums_of_tables_all_find_theirs(parts: list[list[int]]) -> None:
    tables = [amounts(str(Decimal(n) / 100), str(Decimal(n) / 100)) for amounts_of in parts for n in amounts_of]
    lines = [
        Line(tuple((Decimal(sum(amounts_of)) / 100, HALF) for _ in range(2))) for amounts_of in parts
    ]  # fmt: skip
    assert all(matched(lines, tables))


@pytest.mark.parametrize(
    ("lines", "tables", "wanted"),
    [
        ([line("10", "9")], [amounts("10", "9")], [(0,)]),
        ([line("10", "9")], [amounts("10", "8")], [(0,)]),
        ([line("10", "9")], [amounts("11", "8")], [()]),
        ([line("10", "9")], [amounts("4", "4"), amounts("6", "5"), amounts("7", "1")], [(0, 1)]),
        (
            [line("30", "30"), line("30", "30")],
            [amounts("10", "10"), amounts("20", "20"), amounts("30", "30")],
            [(2,), (0, 1)],
        ),
        ([line("0", "0")], [amounts("0", "0")], [()]),
        ([line(None, "9")], [amounts("10", "9")], [(0,)]),
        ([line(None, None)], [amounts(None, None)], [()]),
        ([line("5", "5", named=frozenset({0}))], [amounts("7", "8")], [(0,)]),
        ([line("5", "5", named=frozenset({0}))], [amounts("3", "3"), amounts("2", "2")], [(0, 1)]),
        ([line("10.00", "1")], [amounts("10.01", "1")], [(0,)]),
        ([line("10.00", "1")], [amounts("10.02", "1")], [(0,)]),
        ([line("10.00", "1")], [amounts("10.02", "2")], [()]),
        ([line("10", "9")], [amounts(("12", "10"), "9")], [(0,)]),
        ([line("10", "9")], [amounts(("12", "4"), "4"), amounts((None, "6"), "5"), amounts(("7", "7"), "1")], [(0, 1)]),
        ([line("10", "9")], [amounts(("12", None), "8")], [()]),
    ],
)  # fmt: skip
def test_choices(lines: list[Line], tables: list[Amounts], wanted: list[tuple[int, ...]]) -> None:
    assert matched(lines, tables) == wanted


def test_the_published_projects_of_hecheng() -> None:
    lines = [line("1634.243937", "1634.243937"), line("45.5182", "111.0902"), line("53.872", "53.872")]
    tables = [amounts(figure, figure) for figure in ("212.6468", "45.5182", "53.872", "1421.597137")]
    assert matched(lines, tables) == [(0, 3), (1,), (2,)]


def test_no_more_than_six_tables_belong_to_one_line() -> None:
    tables = [amounts("1", "1")] * 7
    assert matched([line("6", "6")], tables) == [(0, 1, 2, 3, 4, 5)]
    assert matched([line("7", "7")], tables) == [()]


@pytest.mark.in_turn("long")
def test_a_unit_with_dozens_of_like_projects_does_not_stop_the_batch() -> None:
    tables = [amounts(str(n % 9 + 1), str(n % 7 + 1)) for n in range(60)]
    lines = [line(str(n % 11 + 3), str(n % 5 + 3)) for n in range(30)]
    begun = time.perf_counter()
    chosen = matched(lines, tables)
    assert time.perf_counter() - begun < 20
    given_out = [table for tables_of in chosen for table in tables_of]
    assert len(given_out) == len(set(given_out))
    assert ranked(lines, tables, chosen)[0] > 0
