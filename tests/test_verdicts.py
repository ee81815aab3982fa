"""Verdicts: equal to an independent decimal computation for any figures, and made by pandera's column checks."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.templates.catalogue import built_in
from gouji.validate.check import check_rules
from gouji.validate.figures import ReturnFigures, Tables
from gouji.validate.judge import judge, residual_frame, rounding_column
from gouji.validate.residuals import residual_of
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of

BASE = built_in().find("基础数据表@衡山县-2021")
PROJECT = built_in().find("自评表@湖南-2020")
COLUMN = "本年决算数"


def wide_of(rows: list[dict[str, Given]], lines: list[dict[str, list[dict[str, Given]]]] | None = None) -> Wide:
    return widen(BASE, returns_of(BASE, len(rows)), values_of(BASE, rows, lines or []))


def verdicts(wide: Wide, rule: str, item: str) -> list[str]:
    residual = residual_of(
        next(r for r in BASE.rules if r.key == f"{rule}[{item}]"), ReturnFigures(wide, Tables([wide]))
    )
    return [str(verdict) for verdict in judge([residual])[residual.rule.key]]


amounts = st.one_of(
    st.none(),
    st.sampled_from([Decimal("0"), Decimal("0.1"), Decimal("0.2"), Decimal("0.3"), Decimal("1733.634137")]),
    st.decimals(min_value=0, max_value=99_999, places=2),
    st.decimals(min_value=0, max_value=99_999, places=6),
    st.integers(0, 9_999).map(Decimal),
    st.just("!error"),
)


def half_unit(figure: Decimal) -> Decimal:
    """An amount in 万元 counts as rounded at the finer of its own decimals and two."""
    return Decimal(5).scaleb(-max(2, -int(figure.as_tuple().exponent)) - 1)


def sum_oracle(stated: Given, parts: list[Given]) -> str:
    """The verdict of stated = Σ parts, written down anew from the published rules for blanks and rounding."""
    if "!error" in (stated, *parts) or not isinstance(stated, Decimal):
        return "无法核对"
    filled = [part for part in parts if isinstance(part, Decimal)]
    if not filled:
        return "无法核对"
    expected = sum(filled, Decimal(0))
    if stated == expected:
        return "相符"
    halves = [half_unit(figure) for figure in (stated, *filled)]
    if abs(stated - expected) <= sum(halves) and abs(stated - expected) < 2 * max(halves):
        return "尾差"
    places = max(2, -int(stated.as_tuple().exponent))
    cut = expected.quantize(Decimal(1).scaleb(-places), "ROUND_DOWN")
    return "尾差" if cut == stated else "不符"


@st.composite
def near_sums(draw: st.DrawFn) -> tuple[Given, list[Given]]:
    """Parts, and a stated total that is right, nearly right, or anything."""
    parts: list[Given] = draw(st.lists(amounts, min_size=3, max_size=3))
    right = sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))
    slip = draw(st.sampled_from(["0", "0.005", "0.01", "0.015", "0.02", "-0.005", "-0.01", "0.000001", "1"]))
    places = draw(st.sampled_from([0, 1, 2, 6]))
    rounded = (right + Decimal(slip)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return draw(st.one_of(st.just(rounded), amounts)), parts


@pytest.mark.in_turn("long")
@settings(max_examples=60)
@given(st.lists(near_sums(), min_size=1, max_size=12))
def test_sums_are_judged_as_decimal_arithmetic_judges_them(cases: list[tuple[Given, list[Given]]]) -> None:
    names = ["公务用车", "出国经费", "公务接待"]
    rows = [
        {f"三公经费.{COLUMN}": stated, **{f"{name}.{COLUMN}": part for name, part in zip(names, parts, strict=True)}}
        for stated, parts in cases
    ]
    assert verdicts(wide_of(rows), "G-01", f"三公经费.{COLUMN}") == [sum_oracle(*case) for case in cases]


@pytest.mark.in_turn("long")
@settings(max_examples=60)
@given(st.lists(near_sums(), min_size=1, max_size=12))
def test_lists_are_summed_as_decimal_arithmetic_sums_them(cases: list[tuple[Given, list[Given]]]) -> None:
    rows = [{f"项目支出.{COLUMN}": stated} for stated, _ in cases]
    lines = [{"项目": [{"line": f"项目{i}", COLUMN: part} for i, part in enumerate(parts)]} for _, parts in cases]
    assert verdicts(wide_of(rows, lines), "G-03", f"项目支出.{COLUMN}") == [sum_oracle(*case) for case in cases]


counts = st.one_of(st.none(), st.integers(0, 60).map(Decimal))


@st.composite
def near_rates(draw: st.DrawFn) -> tuple[Given, Given, Given]:
    people, posts = draw(counts), draw(counts)
    places = draw(st.sampled_from([2, 3, 4]))
    rate = people / posts if isinstance(people, Decimal) and posts else Decimal(0)
    slip = draw(st.sampled_from(["0", "0.01", "-0.005", "0.005", "0.0001"]))
    return (rate + Decimal(slip)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), people, posts


def rate_oracle(stated: Given, people: Given, posts: Given) -> str:
    if not (isinstance(stated, Decimal) and isinstance(people, Decimal) and isinstance(posts, Decimal)) or posts == 0:
        return "无法核对"
    if stated * posts == people:
        return "相符"
    places = -int(stated.as_tuple().exponent)
    if abs(stated - people / posts) <= Decimal(5).scaleb(-places - 1):
        return "尾差"
    return "尾差" if (people / posts).quantize(Decimal(1).scaleb(-places), "ROUND_DOWN") == stated else "不符"


@pytest.mark.in_turn("long")
@settings(max_examples=60)
@given(st.lists(near_rates(), min_size=1, max_size=12))
def test_rates_are_judged_as_decimal_arithmetic_judges_them(cases: list[tuple[Given, Given, Given]]) -> None:
    rows = [{"控制率": rate, "实际在职人数": people, "编制数": posts} for rate, people, posts in cases]
    assert verdicts(wide_of(rows), "G-07", "控制率") == [rate_oracle(*case) for case in cases]


@pytest.mark.parametrize(
    ("stated", "parts", "verdict"),
    [
        ("456.23", ["28.25", "132.45", "295.53"], "相符"),
        ("5", ["5.00", None, None], "相符"),
        ("5", ["5.30", None, None], "不符"),
        ("0.1", ["0.05", "0.05", None], "相符"),
        ("10.01", ["3.333", "3.333", "3.333"], "不符"),
        ("10.01", ["3.33", "3.33", "3.34"], "不符"),
        ("10.005", ["3.33", "3.33", "3.34"], "尾差"),
        ("10.00", ["3.333", "3.333", "3.333"], "尾差"),
        ("9.99", ["3.3333", "3.3333", "3.3333"], "尾差"),
        ("1", [None, None, None], "无法核对"),
        (None, ["1", None, None], "无法核对"),
        ("1", ["1", "!error", None], "无法核对"),
        ("1", ["1", "!not_applicable", None], "相符"),
    ],
)
def test_edges_of_a_sum(stated: str | None, parts: list[str | None], verdict: str) -> None:
    def figure(text: str | None) -> Given:
        return Decimal(text) if text is not None and not text.startswith("!") else text

    row = {f"三公经费.{COLUMN}": figure(stated)}
    row |= {f"{n}.{COLUMN}": figure(p) for n, p in zip(["公务用车", "出国经费", "公务接待"], parts, strict=True)}
    assert verdicts(wide_of([row]), "G-01", f"三公经费.{COLUMN}") == [verdict]


@lru_cache(maxsize=1)
def three_returns() -> Wide:
    row = {"控制率": Decimal("0.60"), "实际在职人数": Decimal(15), "编制数": Decimal(25)}
    return wide_of([row, row, row])  # type: ignore[list-item]


def test_the_verdict_is_what_pandera_finds_in_the_residuals() -> None:
    wide = three_returns()
    rule = next(rule for rule in BASE.rules if rule.id == "G-07")
    residual = residual_of(rule, ReturnFigures(wide, Tables([wide])))
    frame = residual_frame([residual])
    assert judge([residual], frame)[rule.key].tolist() == ["相符"] * 3
    frame.loc[1, rounding_column(rule.key)] = 0.004
    assert judge([residual], frame)[rule.key].tolist() == ["相符", "尾差", "相符"]
    frame.loc[1, rule.key] = 0.01
    frame.loc[2] = float("nan")
    assert judge([residual], frame)[rule.key].tolist() == ["相符", "不符", "无法核对"]


def test_rules_judged_together_keep_their_own_verdicts() -> None:
    wide = three_returns()
    rules = [rule for rule in BASE.rules if rule.id == "G-01"][:2]
    first, second, third = (
        residual_of(rule, ReturnFigures(wide, Tables([wide])))
        for rule in (*rules, next(rule for rule in BASE.rules if rule.id == "G-07"))
    )
    first.difference, first.excess = np.array([0.0, 1.0, np.nan]), np.array([0.0, 1.0, np.nan])
    second.difference, second.excess = np.array([0.5, 0.0, 2.0]), np.array([0.0, 0.0, 2.0])
    judged = judge([first, second, third])
    assert {key: verdicts.tolist() for key, verdicts in judged.items()} == {
        first.rule.key: ["相符", "不符", "无法核对"],
        second.rule.key: ["尾差", "相符", "不符"],
        third.rule.key: ["相符"] * 3,
    }
    assert judge([]) == {}


def test_a_rule_that_reads_nothing_gives_no_finding_but_keeps_its_verdict() -> None:
    wide = wide_of([{"编制数": Decimal(3), "实际在职人数": Decimal(3), "控制率": Decimal(1)}])
    checked = check_rules(wide, Tables([wide]))
    assert verdicts(wide, "G-05", "规模控制率") == ["无法核对"]
    assert [finding.rule for finding in checked.findings] == []


@pytest.mark.parametrize(
    ("stated", "beside", "elsewhere", "verdict"),
    [
        ("10.40", None, "10.40", "相符"),
        ("10", None, "10.40", "尾差"),
        ("10", "3", "10.40", "尾差"),
        ("10", "3.5", "10.40", "不符"),
        ("12.00", None, "10.40", "不符"),
        ("9", None, "9.40", "不符"),
        ("1", None, "1.40", "不符"),
        ("0", None, "0.40", "不符"),
        ("120.4", None, "120", "尾差"),
        ("120.5", None, "120", "不符"),
        ("9.6", None, "10", "尾差"),
        ("0.4", None, "0", "不符"),
    ],
)
def test_across_tables_whole_wan_count_as_rounded(
    stated: str, beside: str | None, elsewhere: str, verdict: str
) -> None:
    """From 10 万元 up, and only where the table of the whole figure shows nothing finer (`beside`: another amount)."""
    more: dict[str, Given] = {} if beside is None else {f"政府采购金额.{COLUMN}": Decimal(beside)}
    base = widen(
        BASE,
        returns_of(BASE, 1, year=2021),
        values_of(BASE, [{f"项目支出.{COLUMN}": Decimal(stated)} | more]),
    )
    rows: list[dict[str, Given]] = [{"年度资金总额.全年执行数": Decimal(elsewhere)}]
    project = widen(PROJECT, returns_of(PROJECT, 1, year=2021), values_of(PROJECT, rows))
    frame = check_rules(base, Tables([base, project])).verdicts
    assert frame[frame["rule"] == "X-02"]["verdict"].tolist() == [verdict]


BUDGET = "项目支出.本年预算数"


@pytest.mark.parametrize(
    ("stated", "year", "start", "verdict"),
    [
        ("20", "20", "18", "相符"),
        ("18", "20", "18", "相符"),
        ("18.00", "20", "18.004", "尾差"),
        ("19", "20", "18", "不符"),
        ("18", "!unreadable", "18", "相符"),
        ("18", "!unreadable", "20", "无法核对"),
        ("18", None, "18", "相符"),
        ("18", "20", None, "不符"),
        ("18", None, None, "无法核对"),
    ],
)
def test_a_budget_may_be_that_of_the_year_or_of_its_start(
    stated: str, year: str | None, start: str | None, verdict: str
) -> None:
    def figure(text: str | None) -> Given:
        return text if text is None or text.startswith("!") else Decimal(text)

    base = widen(BASE, returns_of(BASE, 1, unit="甲"), values_of(BASE, [{BUDGET: Decimal(stated)}]))
    rows = [{"年度资金总额.全年预算数": figure(year), "年度资金总额.年初预算数": figure(start)}]
    project = widen(PROJECT, returns_of(PROJECT, 1, unit="甲"), values_of(PROJECT, rows))
    checked = check_rules(base, Tables([base, project]))
    frame = checked.verdicts
    assert frame[frame["rule"] == "X-01"]["verdict"].tolist() == [verdict]
    messages = [finding.message for finding in checked.findings if finding.rule == "X-01"]
    assert len(messages) == (verdict != "相符")
    if (stated, verdict) == ("19", "不符"):
        assert messages == [
            "“项目支出（2021年预算数）”现为 19万元，应等于 各张《自评表》年度资金总额（全年预算数）之和＝20万元，或 "
            "各张《自评表》年度资金总额（年初预算数）之和＝18万元，相差最少的也差 1万元，请核对后更正，或说明理由。"
        ]
    if verdict == "尾差":
        assert "全年预算数" not in messages[0] and "年初预算数" in messages[0]


def test_two_returns_of_one_table_are_not_added_up() -> None:
    base = widen(BASE, returns_of(BASE, 1, unit="甲"), values_of(BASE, [{f"项目支出.{COLUMN}": Decimal(20)}]))
    returns = returns_of(PROJECT, 2, unit="甲").assign(adopted=[True, False])
    rows: list[dict[str, Given]] = [{"年度资金总额.全年执行数": Decimal(text)} for text in ("20", "7")]
    project = widen(PROJECT, returns, values_of(PROJECT, rows))
    frame = check_rules(base, Tables([base, project])).verdicts
    assert frame[frame["rule"] == "X-02"]["verdict"].tolist() == ["相符"]


@pytest.mark.parametrize(("figure", "rules"), [(None, []), ("!unreadable", ["X-02"])])
def test_a_table_that_did_not_come_is_nothing_to_ask_of_another_one(figure: str | None, rules: list[str]) -> None:
    """What is owed the roster tells (R-03); one that came and cannot be read is asked about."""
    base = widen(BASE, returns_of(BASE, 1, unit="甲"), values_of(BASE, [{f"项目支出.{COLUMN}": Decimal(20)}]))
    rows: list[dict[str, Given]] = [{"年度资金总额.全年执行数": figure}]
    project = widen(PROJECT, returns_of(PROJECT, 1, unit="甲"), values_of(PROJECT, rows))
    checked = check_rules(base, Tables([base, project] if figure else [base]))
    frame = checked.verdicts
    assert frame[frame["rule"] == "X-02"]["verdict"].tolist() == ["无法核对"]
    assert [finding.rule for finding in checked.findings if finding.rule == "X-02"] == rules
