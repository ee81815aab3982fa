"""年度指标值 and 实际完成值: one quantity or honestly text."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.ingest.figures.measures import Measure, aligned, comparable, money_in_wan, paired, parse_measure


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
        ("大于5次", ">", "5", "次"),
        ("小于或等于5次", "≤", "5", "次"),
        ("不得少于5次", "≥", "5", "次"),
        ("不足95%", "<", "0.95", "%"),
        ("未超过62万元", "≤", "62", "万元"),
        ("最多3起", "≤", "3", "起"),
        ("5次或以上", "≥", "5", "次"),
        ("62万元范围内", "≤", "62", "万元"),
        ("完成100%", "", "1", "%"),
        ("已完成112个", "", "112", "个"),
        ("至少完成5次", "≥", "5", "次"),
        ("达95%以上", "≥", "0.95", "%"),
        ("100%完成", "", "1", "%"),
        ("95%达标", "", "0.95", "%"),
        ("3家完成", "", "3", "家"),
        ("合格率达95%", "", "0.95", "%"),
        ("群众满意度≥95%", "≥", "0.95", "%"),
        ("1万", "", "10000", ""),
        ("1.5亿", "", "150000000", ""),
        ("5千", "", "5000", ""),
        ("3百户", "", "300", "户"),
        ("2千人", "", "2000", "人"),
        ("2千米", "", "2", "千米"),
        ("3百元", "", "3", "百元"),  # as 2千元: in MONEY
        ("1.2百万人次", "", "1200000", "人次"),
    ],
)
def test_quantities(raw: str, sign: str, number: str, unit: str) -> None:
    measure = parse_measure(raw)
    assert _quantity(measure) == (sign, Decimal(number), unit, unit == "%")
    assert measure.state == "filled"


@pytest.mark.parametrize(
    "raw",
    [
        "一批", "二期", "三季度", "三五次", "几十人",
        "2020年12月31日前", "12月底前", "提升明显", "环比增长5%", "第3名", "提升达10%",
        "完成方案编制", "购置电脑10台", "近5万人", "下降约5%", "控制在预算范围内", "5百个明显提升",
        "12月", "2020年", "30日", "3-5天", "90%-95%", "≥90%，≤95%", "≥95%以内", "约5人", "每月10篇",
        "3个明显提升", "48人到位", "全年", "12345热线", "5①", "≥", "9" * 60, "1.2.3", "2019年 7 月起至 今",
    ],
)  # fmt: skip
def test_what_is_not_one_quantity_stays_text(raw: str) -> None:
    measure = parse_measure(raw)
    assert _quantity(measure) == ("", None, "", False)
    assert measure.state == "filled"
    assert measure.text != ""


@pytest.mark.parametrize(
    ("raw", "sign", "number", "change", "wanted"),
    [
        ("提升10%", "", "0.1", "升", "≥"),
        ("同比增长10%以上", "≥", "0.1", "升", "≥"),
        ("较上年下降5%", "", "0.05", "降", "≥"),
        ("增幅不超过5%", "≤", "0.05", "升", "≥"),
        ("增长率达到8%", "", "0.08", "", ""),
        ("减少5人", "", "5", "降", "≥"),
        ("提升到95%", "", "0.95", "", "≥"),
        ("提高至80%以上", "≥", "0.8", "", "≥"),
        ("降低到5%", "", "0.05", "", "≤"),
        ("控制在62万元", "", "62", "", "≤"),
        ("控制在62万元以内", "≤", "62", "", "≤"),
    ],
)
def test_changes_and_levels(raw: str, sign: str, number: str, change: str, wanted: str) -> None:
    measure = parse_measure(raw)
    assert (measure.sign, measure.number, measure.change, measure.direction) == (sign, Decimal(number), change, wanted)


@pytest.mark.parametrize(
    ("raw", "number_format"),
    [
        (datetime.datetime(2021, 3, 5), None),
        (datetime.date(2021, 3, 5), None),
        (datetime.time(1, 2), None),
        (datetime.timedelta(hours=30), None),
        (44260.0, "yyyy/m/d"),
        (0.5, "h:mm"),
    ],
)
def test_a_date_is_no_measure(raw: object, number_format: str | None) -> None:
    measure = parse_measure(raw, number_format)
    assert (measure.number, measure.state) == (None, "unreadable")
    assert "00:00:00" not in measure.text


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
        ("30分钟", "1小时", ("30", "60")),
        ("5天", "40小时", None),
        ("190万元", "48人", None),
        ("一批", "48人", None),
        ("359万", "359人", ("3590000", "359")),
        ("1万", "1000", ("10000", "1000")),
        ("1万", "9800人", ("10000", "9800")),
        ("1000", "1万", ("1000", "10000")),
        ("1万", "5千", ("10000", "5000")),
        ("359万", "360", None),
        ("359万", "36", None),
        ("5000元", "4800", ("5000", "4800")),
        ("1万", "5000元", ("1", "0.5")),
        ("2万", "2万元", ("2", "2")),
        ("提升10%", "提升5%", ("0.1", "0.05")),
        ("同比提升10%", "增长5%", ("0.1", "0.05")),
        ("提升10%", "下降5%", None),
        ("提升10%", "5%", None),
        ("提升到95%", "93%", ("0.95", "0.93")),
        ("合格率≥95%", "94%", ("0.95", "0.94")),
        ("合格率≥95%", "满意率94%", None),
        ("完成100%", "完成70%", ("1", "0.7")),
    ],
)
def test_alignment(first: str, second: str, numbers: tuple[str, str] | None) -> None:
    left, right = parse_measure(first), parse_measure(second)
    expected = None if numbers is None else (Decimal(numbers[0]), Decimal(numbers[1]))
    assert aligned(left, right) == expected
    assert comparable(left, right) == comparable(right, left) == (numbers is not None)


@pytest.mark.parametrize(
    ("target", "actual", "of_cost", "numbers", "words"),
    [
        ("购置电脑10台", "购置电脑8台", False, ("10", "8"), "购置电脑"),
        ("每月≥10篇", "每月8篇", False, ("10", "8"), "每月"),
        ("第3名", "第5名", False, None, ""),
        ("购置电脑10台", "购置桌椅8台", False, None, ""),
        ("购置电脑10台", "8台", False, None, ""),
        ("购置电脑10台", "购置电脑若干", False, None, ""),
        ("50万", "60", True, ("50", "60"), ""),
        ("50万", "49.5万元", False, ("50", "49.5"), ""),
    ],
)
def test_beside_each_other(
    target: str, actual: str, of_cost: bool, numbers: tuple[str, str] | None, words: str
) -> None:
    left, right, common = paired(parse_measure(target), parse_measure(actual), of_cost=of_cost)
    expected = None if numbers is None else (Decimal(numbers[0]), Decimal(numbers[1]))
    assert (aligned(left, right), common) == (expected, words)
    assert (left.text, right.text) == (target, actual)


@given(
    st.one_of(
        st.none(),
        st.text(max_size=25),
        st.floats(),
        st.text(st.sampled_from("≥≤0123456789.%万元个人年日以上内-千百亿提升到控制在完成率达不")),
    )
)
def test_nothing_raises(raw: str | float | None) -> None:
    measure = parse_measure(raw)
    assert measure.percent == (measure.unit == "%")
    assert measure.state in {"filled", "blank", "not_applicable"}
    assert measure.number is not None or measure.sign == measure.unit == measure.change == ""


@given(
    st.decimals(0, 10**8, places=2, allow_nan=False),
    st.sampled_from(["人", "个", "项", "分钟", "天", "万元", "元", "㎡", ""]),
    st.sampled_from(["", "≥", "≤", "不低于", "\u3000"]),
)
def test_quantities_come_back_exactly(number: Decimal, unit: str, lead: str) -> None:
    measure = parse_measure(f"{lead}{number}{unit}")
    assert (measure.number, measure.unit) == (number, unit)
