"""Probable causes: what is named explains the figures, is what was planted, and is seldom made up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.build import ISSUED
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.samples.generating import delivering
from gouji.validate.causes.digits import exchanged
from gouji.validate.causes.figure import Difference, Figure, digits, equated
from gouji.validate.causes.naming import cause_of, unit_of
from tests.measure_causes import NONE, PAGE, WRONG, measure, precision
from tests.planted_causes import NOTHING, PLANTS

HALF = Decimal("0.005")
CENT = Decimal("0.01")
amounts = st.decimals(min_value=1, max_value=5000, places=2)
anything = st.decimals(allow_nan=False, allow_infinity=False)


def sums(stated: Decimal, parts: list[Decimal], *, last_year: Decimal | None = None) -> Difference:
    """合计 = 甲 + 乙 + …"""
    before = () if last_year is None else (last_year,)
    total = Figure("合计", stated, 1, "amount", HALF, last_year=before)
    named = [Figure(name, value, -1, "amount", HALF) for name, value in zip("甲乙丙丁戊", parts, strict=False)]
    return equated([total], named, stated - sum(parts))


def rate(stated: str, above: str, below: str) -> Difference:
    dividend, divisor = Decimal(above), Decimal(below)
    figures = (Figure("执行率", Decimal(stated), 1, "rate", Decimal("0.00005"), whole=True),)
    over = Figure("执行数", dividend, 1, "amount", HALF), Figure("预算数", divisor, 1, "amount", HALF)
    open_by = figures[0].half + dividend / divisor * (HALF / dividend + HALF / divisor)
    return Difference(Decimal(stated) - dividend / divisor, open_by, figures, over)


@pytest.mark.parametrize(
    ("stated", "parts", "expected"),
    [
        ("95.27", "412300 33.12 20.92", "与“甲按元填列，没有换算成万元”相符"),
        ("952700", "41.23 33.12 20.92", "与“合计按元填列，没有换算成万元”相符"),
        ("95.27", "4.123 33.12 20.92", "与“甲的小数点向左错了一位”相符"),
        ("95.27", "-41.23 33.12 20.92", "与“甲的正负号写反”相符"),
        ("95.27", "41.23 31.32 20.92", "与“乙相邻两个数字颠倒（33.12写成31.32）”相符"),
        ("62.15", "41.23 33.12 20.92", "与“合计漏加了乙”相符"),
        ("116.19", "41.23 33.12 20.92", "与“合计重复加了丙”相符"),
        ("95", "41.23 33.12 20.92", "与“合计舍去了小数，只填整数”相符"),
        ("99.56", "41.23 33.12 20.92", None),  # 4.29: nothing makes that
    ],
)
def test_what_is_named(stated: str, parts: str, expected: str | None) -> None:
    cause = cause_of(sums(Decimal(stated), [Decimal(part) for part in parts.split()]))
    assert cause == expected


def test_two_that_fit_are_both_named_and_three_are_not() -> None:
    two = sums(Decimal("41.37"), [Decimal("20.45"), Decimal("20.45"), Decimal("20.92")])
    assert cause_of(two) == "与“合计漏加了甲”或“合计漏加了乙”相符"
    three = sums(Decimal("62.27"), [Decimal("20.45")] * 3 + [Decimal("21.37")])
    assert cause_of(three) is None


def test_round_figures_explain_nothing() -> None:
    """Where all is whole tens, a difference of ten fits something anyway."""
    parts = [Decimal(10), Decimal(20), Decimal(10), Decimal(30), Decimal(20)]
    assert cause_of(sums(Decimal(80), parts)) is None


def test_last_years_figure() -> None:
    parts = [Decimal("41.23"), Decimal("33.12")]
    assert cause_of(sums(Decimal("71.08"), parts, last_year=Decimal("71.08"))) == "与“合计照抄了上年数”相符"
    assert cause_of(sums(Decimal("71.08"), parts, last_year=Decimal("71.09"))) is None
    assert cause_of(sums(Decimal(70), parts, last_year=Decimal(70))) is None  # 70 two years running is ordinary


@pytest.mark.parametrize(
    ("given_rate", "expected"),
    [
        (("61.1111", "55", "90"), "与“执行率漏写百分号，百分数填成了小数”相符"),
        (("0.006111", "55", "90"), "与“执行率多写百分号，小数填成了百分数”相符"),
        (("0.6111", "550000", "90"), "与“执行数按元填列，没有换算成万元”相符"),
        (("0.6111", "55", "900000"), "与“预算数按元填列，没有换算成万元”相符"),
        (("1.6364", "55", "90"), "与“分子和分母颠倒”相符"),
        (("0.7", "55", "90"), None),
    ],
)
def test_rates(given_rate: tuple[str, str, str], expected: str | None) -> None:
    assert cause_of(rate(*given_rate)) == expected


@given(st.lists(amounts, min_size=2, max_size=5, unique=True), st.data())
def test_an_amount_in_yuan_is_always_found(parts: list[Decimal], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(parts) - 1))
    total = sum(parts)
    wrong = [*parts[:place], parts[place] * 10_000, *parts[place + 1 :]]
    cause = cause_of(sums(total, wrong))
    assert cause is not None
    assert f"“{'甲乙丙丁戊'[place]}按元填列，没有换算成万元”" in cause


@given(st.lists(amounts, min_size=2, max_size=5), amounts)
def test_what_is_named_explains_the_figures(parts: list[Decimal], stated: Decimal) -> None:
    """Whatever the figures: a part named as left out or counted twice is, worked out anew in fractions, just that."""
    cause = cause_of(sums(stated, parts))
    if cause is None:
        return
    assert cause.startswith("与“")
    assert cause.endswith("”相符")
    gap = Fraction(stated) - sum(Fraction(part) for part in parts)
    open_by = Fraction(HALF) * (len(parts) + 1)
    for name, part in zip("甲乙丙丁戊", parts, strict=False):
        if f"漏加了{name}”" in cause:
            assert abs(gap + Fraction(part)) <= open_by
        if f"重复加了{name}”" in cause:
            assert abs(gap - Fraction(part)) <= open_by
        if f"{name}的正负号写反" in cause:
            assert abs(gap + 2 * Fraction(part)) <= open_by


@given(st.lists(anything, min_size=1, max_size=6), anything)
def test_no_figure_is_too_absurd(parts: list[Decimal], stated: Decimal) -> None:
    cause = cause_of(sums(stated, parts))
    assert cause is None or cause.endswith("相符")


@given(amounts)
def test_an_exchange_keeps_the_digits(value: Decimal) -> None:
    for other in exchanged(Figure("甲", value, 1, "amount")):
        assert sorted(f"{other:.2f}") == sorted(f"{value:.2f}")
        assert (other - value) % (9 * CENT) == 0  # neighbours differ by nine times their distance
        assert other != value


@pytest.mark.parametrize(
    ("values", "step"), [("5 10 25", "5"), ("1 2", "1"), ("0.25 3", "0.05"), ("10 200", "10"), ("0.01", "0.01")]
)
def test_the_step_of_figures(values: str, step: str) -> None:
    assert unit_of([Decimal(value) for value in values.split()]) == Decimal(step)


def test_significant_digits() -> None:
    assert [digits(Decimal(figure)) for figure in ("1200", "0.0120", "101", "0", "236.71")] == [2, 2, 3, 0, 5]


@pytest.mark.deep  # slips of some kinds are planted in workbooks below
def test_planted_slips_are_named_right() -> None:
    measured = measure(25, seed=3)
    assert set(measured) == {*PLANTS, *NOTHING}
    planted = [measured[kind] for kind in PLANTS]
    assert all(precision(counts) >= 0.9 for counts in planted)
    assert sum(counts[WRONG] for counts in planted) <= 0.02 * sum(counts.total() for counts in planted)
    assert sum(counts[NONE] for counts in planted) <= 0.15 * sum(counts.total() for counts in planted)
    assert sum(measured[kind][WRONG] for kind in NOTHING) <= 0.04 * 25 * len(NOTHING)


def test_the_page_has_every_kind() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| {kind} | 200 |" in page for kind in (*PLANTS, *NOTHING))


@pytest.mark.in_turn("long")
def test_the_published_returns_have_none(of_published: Callable[[str], Results]) -> None:
    findings = of_published(ISSUED).findings
    assert len(findings[findings["difference"].notna()]) > 10
    assert not findings["cause"].fillna("").str.startswith("与").any()


@pytest.mark.in_turn("long")
def test_planted_in_workbooks(tmp_path: Path) -> None:
    """From the file to the finding, whatever lies between."""
    words = {"元当成万元": "按元填列", "正负号写反": "正负号写反", "小数点错位": "小数点", "资金来源按元填": "按元填列"}
    planted = generate(tmp_path, 8, 1, seed=11, kinds=list(words))
    findings = run([tmp_path / WORKBOOKS], roster_path=tmp_path / ROSTER, year=2021).findings
    for fault in planted:
        matching = findings[
            findings["unit_code"].eq(fault.unit_code)
            & findings["rule"].isin(fault.rules)
            & findings["item"].eq(fault.item)
        ]
        assert matching["cause"].str.contains(words[fault.kind]).all(), fault


def test_a_formula_that_was_not_calculated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = delivering.results_of

    def stale(table: delivering.Table) -> dict[str, Decimal | None]:
        results = dict(right(table))
        if (value := results.get("公用经费.本年决算数")) is not None:
            results["公用经费.本年决算数"] = value + Decimal("4.29")
        return results

    monkeypatch.setattr(delivering, "results_of", stale)
    generate(tmp_path, 1, 0, seed=5)
    findings = run([tmp_path / WORKBOOKS], roster_path=tmp_path / ROSTER, year=2021).findings
    broken = findings[findings["rule"].eq("G-04") & findings["verdict"].eq("不符")]
    assert broken["cause"].tolist() == ["与“单元格是公式，没有重新计算或公式被改动”相符"]
