"""年度指标值 and 实际完成值: one quantity or honestly text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.measures import Measure, aligned, comparable, money_in_wan, parse_measure


def _quantity(measure: Measure) -> tuple[str, Decimal | None, str, bool]:
    return measure.sign, measure.number, measure.unit, measure.percent


@pytest.mark.parametrize(
    ("raw", "sign", "number", "unit"),
    [
        ("48人", "", "48", "人"),
        ("2051项", "", "2051", "项"),
        ("190.08万元", "", "190.08", "万元"),
        ("\u300011.78万元", "", "11.78", "万元"),
        ("1,234元", "", "1234", "元"),
        ("≤30分钟", "≤", "30", "分钟"),
        ("\u3000≥10G", "≥", "10", "G"),
        ("≥274", "≥", "274", ""),
        ("100%", "", "1", "%"),
        ("0.72%%", "", "0.0072", "%"),
        ("≧95%", "≥", "0.95", "%"),
        ("≦ 30 天", "≤", "30", "天"),
        (">=95％", "≥", "0.95", "%"),
        ("＜＝5次", "≤", "5", "次"),
        ("＞5次", ">", "5", "次"),
        ("<5次", "<", "5", "次"),
        ("不低于90%", "≥", "0.9", "%"),
        ("不少于3次", "≥", "3", "次"),
        ("不超过62万元", "≤", "62", "万元"),
        ("不高于5%", "≤", "0.05", "%"),
        ("10篇以上", "≥", "10", "篇"),
        ("90%（含）以上", "≥", "0.9", "%"),
        ("30分钟以内", "≤", "30", "分钟"),
        ("30日内", "≤", "30", "天"),
        ("≥95%以上", "≥", "0.95", "%"),
        ("1.2万人次", "", "12000", "人次"),
        ("5个工作日", "", "5", "工作日"),
        ("120个村", "", "120", "村"),
        ("15项业务", "", "15", "项业务"),
        ("6次/年", "", "6", "次/年"),
        ("3年", "", "3", "年"),
        ("12个月", "", "12", "个月"),
        ("1200平方米", "", "1200", "㎡"),
        ("-5%", "", "-0.05", "%"),
        ("95", "", "95", ""),
    ],
)
def test_quantities(raw: str, sign: str, number: str, unit: str) -> None:
    measure = parse_measure(raw)
    assert _quantity(measure) == (sign, Decimal(number), unit, unit == "%")
    assert measure.state == "filled"


@pytest.mark.parametrize(
    "raw",
    [
        "提升10%", "下降5%", "一批", "两次", "完成100%", "100%完成", "2020年12月31日前", "12月底前",
        "12月", "2020年", "30日", "3-5天", "90%-95%", "≥90%，≤95%", "≥95%以内", "约5人", "每月10篇",
        "3个明显提升", "48人到位", "全年", "控制在预算范围内", "12345热线", "5①", "≥", "9" * 60,
        "3家完成", "1.2.3", "2019年 7 月起至 今",
    ],
)  # fmt: skip
def test_what_is_not_one_quantity_stays_text(raw: str) -> None:
    measure = parse_measure(raw)
    assert _quantity(measure) == ("", None, "", False)
    assert measure.state == "filled"
    assert measure.text != ""


def test_text_is_kept_normalised() -> None:
    assert parse_measure(" ≥ 95％\n").text == "≥95%"
    assert parse_measure("政务\u3000中心").text == "政务中心"


@pytest.mark.parametrize(
    ("raw", "state"),
    [(None, "blank"), ("", "blank"), ("……", "blank"), ("— —", "blank"), ("\u3000不适用", "not_applicable")],
)
def test_nothing(raw: str | None, state: str) -> None:
    assert parse_measure(raw) == Measure("", None, "", False, parse_measure(raw).text, state)


def test_numbers_and_their_formats() -> None:
    assert parse_measure(0.95, "0%") == Measure("", Decimal("0.95"), "%", True, "95%", "filled")
    assert parse_measure(0.8715, "0.00%") == Measure("", Decimal("0.8715"), "%", True, "87.15%", "filled")
    assert parse_measure(1.0, "0%").text == "100%"
    assert parse_measure(274.0) == Measure("", Decimal(274), "", False, "274", "filled")
    assert parse_measure(100.0).text == "100"
    assert parse_measure(190.08, "0.00") == Measure("", Decimal("190.08"), "", False, "190.08", "filled")
    assert parse_measure(float("nan")).number is None


@pytest.mark.parametrize(
    ("raw", "wan"),
    [
        ("12000元", "1.2"),
        ("190.08万元", "190.08"),
        ("≤1.5亿元", "15000"),
        ("48人", None),
        ("359", None),
        ("一批", None),
    ],
)
def test_money_in_wan(raw: str, wan: str | None) -> None:
    assert money_in_wan(parse_measure(raw)) == (None if wan is None else Decimal(wan))


@pytest.mark.parametrize(
    ("first", "second", "numbers"),
    [
        ("12000元", "1.2万元", ("1.2", "1.2")),
        ("359万", "359万元", ("359", "359")),
        ("≥95%", "97.5%", ("0.95", "0.975")),
        ("≥95%", "97.5", ("0.95", "0.975")),
        ("≥95%", "0.975", ("0.95", "0.975")),
        ("97.5", "≥95%", ("0.975", "0.95")),
        ("48人", "50人", ("48", "50")),
        ("48人", "50", ("48", "50")),
        ("120个村", "118村", ("120", "118")),
        ("1.2万人次", "11800人次", ("12000", "11800")),
        ("48人", "50次", None),
        ("48人", "100%", None),
        ("30分钟", "1小时", None),
        ("190万元", "48人", None),
        ("一批", "48人", None),
        ("359万", "359人", None),
    ],
)
def test_alignment(first: str, second: str, numbers: tuple[str, str] | None) -> None:
    one, other = parse_measure(first), parse_measure(second)
    expected = None if numbers is None else (Decimal(numbers[0]), Decimal(numbers[1]))
    assert aligned(one, other) == expected
    assert comparable(one, other) == comparable(other, one) == (numbers is not None)


@given(
    st.one_of(
        st.none(),
        st.text(max_size=25),
        st.floats(),
        st.text(st.sampled_from("≥≤0123456789.%万元个人年日以上内-")),
    )
)
def test_nothing_raises(raw: str | float | None) -> None:
    measure = parse_measure(raw)
    assert measure.percent == (measure.unit == "%")
    assert measure.state in {"filled", "blank", "not_applicable"}
    assert measure.number is not None or measure.sign == measure.unit == ""


@given(
    st.decimals(0, 10**8, places=2, allow_nan=False),
    st.sampled_from(["人", "个", "项", "分钟", "天", "万元", "元", "㎡", ""]),
    st.sampled_from(["", "≥", "≤", "不低于", "\u3000"]),
)
def test_quantities_come_back_exactly(number: Decimal, unit: str, lead: str) -> None:
    measure = parse_measure(f"{lead}{number}{unit}")
    assert (measure.number, measure.unit) == (number, unit)
