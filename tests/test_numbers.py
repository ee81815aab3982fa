"""Figures as they are really typed → exact values, or unreadable; never a guess."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gouji.ingest.figures.numbers import KINDS, Parsed, _from_number, parse_number, significant
from gouji.ingest.figures.quotients import Quotient, quotient
from gouji.templates.number_format import shown_decimals
from gouji.templates.precision import EXACT


def _text(value: str, decimals: int, unit: str | None = None) -> Parsed:
    return Parsed(Decimal(value), decimals, "filled", as_text=True, unit=unit)


UNREADABLE = Parsed(None, None, "unreadable")
BLANK = Parsed(None, None, "blank")
NOT_APPLICABLE = Parsed(None, None, "not_applicable")


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        ("212.6468万元", "amount", _text("212.6468", 4, "万元")),
        ("359万", "amount", _text("359", 0, "万")),
        ("45.8万", "amount", _text("45.8", 1, "万")),
        ("45.8（万元）", "amount", _text("45.8", 1, "万元")),
        ("12000元", "amount", _text("1.2", 4, "元")),
        ("3,456.78元", "amount", _text("0.345678", 6, "元")),
        ("5千元", "amount", _text("0.5", 1, "千元")),
        ("1.5亿元", "amount", _text("15000", 0, "亿元")),
        ("￥12.5万元", "amount", _text("12.5", 1, "万元")),
        ("120个", "count", _text("120", 0, "个")),
        ("48人", "count", _text("48", 0, "人")),
        ("1.2万人次", "count", _text("12000", 0, "万人次")),
        ("98分", "points", _text("98", 0, "分")),
        ("1200平方米", "quantity", _text("1200", 0, "㎡")),
        ("1200.5㎡", "quantity", _text("1200.5", 1, "㎡")),
        ("1200 m2", "quantity", _text("1200", 0, "㎡")),
        ("61%", "rate", _text("0.61", 2, "%")),
        ("87.15％", "rate", _text("0.8715", 4, "%")),
        ("0.72%%", "rate", _text("0.0072", 4, "%")),
        ("-3.5%", "rate", _text("-0.035", 3, "%")),
        ("0.61", "rate", _text("0.61", 2)),
        ("3", "rate", _text("3", 0)),
        ("61", "rate", _text("0.61", 2, "%?")),
        ("100.00", "rate", _text("1", 4, "%?")),
        ("3.50", "amount", _text("3.50", 2)),
        ("１２３４．５０", "amount", _text("1234.50", 2)),
        ("1,234.56", "amount", _text("1234.56", 2)),
        ("1，234.56", "amount", _text("1234.56", 2)),
        ("1,234,567", "count", _text("1234567", 0)),
        ("-3", "amount", _text("-3", 0)),
        ("−3", "amount", _text("-3", 0)),
        ("－3", "amount", _text("-3", 0)),
        ("（3.5）", "amount", _text("-3.5", 1)),
        ("(3.5)万元", "amount", _text("-3.5", 1, "万元")),
        ("(3.5万元)", "amount", _text("-3.5", 1, "万元")),
        ("\u30005.20\u3000", "amount", _text("5.20", 2)),
        ("212\u00a0.6468", "amount", _text("212.6468", 4)),
        ("1\u3000234", "amount", _text("1234", 0)),
        ("\ue0045.2\uf0b7", "amount", _text("5.2", 1)),
        ("5\ue004.2", "amount", _text("5.2", 1)),
        ("\u200b\ufeff7 ", "count", _text("7", 0)),
        (" 359 万元 \n", "amount", _text("359", 0, "万元")),
        ("359万元。", "amount", _text("359", 0, "万元")),
        ("-0", "amount", _text("0", 0)),
        ("负3.5", "amount", _text("-3.5", 1)),
        ("人民币3.5万元整", "amount", _text("3.5", 1, "万元")),
        ("零", "amount", _text("0", 0)),
        ("未发生", "amount", _text("0", 0)),
        ("（无发生额）", "count", _text("0", 0)),
        ("95.83%（见附件）", "rate", _text("0.9583", 4, "%")),
        ("100.00%（详见附件2）", "rate", _text("1.0000", 4, "%")),
        ("468.04（县财预〔2023〕12号）", "amount", _text("468.04", 2)),
        ("468.04万元（根据县财预[2023]12号、县财追〔2023〕108号文件）", "amount", _text("468.04", 2, "万元")),
        ("3.2（含追加1.2）", "amount", _text("3.2", 1)),
        ("1,245.50，含上年结转45.50", "amount", _text("1245.50", 2)),
        ("12万元【其中：省级5万元、市级7万元】", "amount", _text("12", 0, "万元")),
        ("48人（含借调2人）", "count", _text("48", 0, "人")),
        ("9.5分 见说明", "points", _text("9.5", 1, "分")),
        ("0（未发生）", "amount", _text("0", 0)),
        ("未安排", "amount", _text("0", 0)),
        ("95.83%（115/120）", "rate", _text("0.9583", 4, "%")),
        ("100（80+20）", "amount", _text("100", 0)),
        ("99（优）", "points", _text("99", 0)),
    ],
)
def test_typed_text(raw: str, kind: str, expected: Parsed) -> None:
    assert parse_number(raw, kind) == expected


@pytest.mark.parametrize(
    "raw",
    ["", " ", "\u3000", "\u00a0", "\ue004", "—", "——", "— —", "－－", "-", "……", "...", "/", "／", "——\n"],
)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_placeholders_are_blank(raw: str, kind: str) -> None:
    assert parse_number(raw, kind) == BLANK


@pytest.mark.parametrize(
    "raw", ["不适用", " 不 适用\u3000", "无", "无。", "（无）", "N/A", "不涉及", "暂无", "无此项支出"]
)
def test_not_applicable(raw: str) -> None:
    assert parse_number(raw, "amount") == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("48人", "amount"),
        ("98分", "amount"),
        ("61%", "amount"),
        ("12000元", "count"),
        ("61%", "count"),
        ("98分", "count"),
        ("5个", "points"),
        ("5万元", "rate"),
        ("359万元", "quantity"),
        ("约5", "amount"),
        ("5-6", "amount"),
        ("5~6", "amount"),
        ("5左右", "amount"),
        ("提升10%", "rate"),
        ("≥95%", "rate"),
        ("10个百分点", "rate"),
        ("2019年7月", "amount"),
        ("8/10", "points"),
        ("1.2.3", "amount"),
        ("1,2345", "amount"),
        ("1,23", "amount"),
        ("5 6", "amount"),
        ("5\n6", "amount"),
        ("5, 600", "amount"),
        ("5①", "amount"),
        ("5²", "amount"),
        ("½", "amount"),
        ("(3.5", "amount"),
        ("3.5)", "amount"),
        ("(-3.5)", "amount"),
        ("(3)", "count"),
        ("¥12", "amount"),
        ("1E5", "amount"),
        ("九十", "points"),
        ("详见附件", "amount"),
        ("468.04（县财预〔2023〕12号调减20）", "amount"),
        ("468.04（追加县财预〔2023〕12号）", "amount"),
        ("468.04（另有县财预〔2023〕12号）", "amount"),
        ("3.2（不含追加1.2）", "amount"),
        ("3.2（含追加12）", "amount"),
        ("3.2（含追加1.2，另有3）", "amount"),
        ("3.2（含追加1.2后为4.4）", "amount"),
        ("3.2（预计）", "amount"),
        ("3.2（追加1.2）", "amount"),
        ("8（见2022年为5）", "amount"),
        ("95%（含税13%）", "rate"),
        ("3-5（见附件）", "amount"),
        ("3（未发生）", "amount"),
        ("95.83%（110/120）", "rate"),
        ("100（80+30）", "amount"),
        ("100（80-20）", "amount"),
        ("未发生", "points"),
        ("#REF!", "amount"),
        ("٣", "count"),
        ("9" * 60, "amount"),
        ("9" * 21, "amount"),
    ],
)
def test_what_is_not_certain_is_unreadable(raw: str, kind: str) -> None:
    assert parse_number(raw, kind) == UNREADABLE


@pytest.mark.parametrize(
    ("raw", "kind", "number_format", "value", "decimals", "unit"),
    [
        (28.25, "amount", None, "28.25", 2, None),
        (456.23000000000002, "amount", None, "456.23", 2, None),
        (28.25 + 132.45 + 295.53, "amount", None, "456.23", 2, None),
        (0.1 + 0.2, "amount", None, "0.3", 1, None),
        (5.0, "amount", None, "5", 0, None),
        (5.0, "amount", "0.00", "5", 2, None),
        (5, "count", "General", "5", 0, None),
        (3.456789, "amount", "#,##0.00_ ", "3.456789", 2, None),
        (-3.5, "amount", None, "-3.5", 1, None),
        (-0.0, "amount", None, "0", 0, None),
        (0.61, "rate", "0%", "0.61", 2, None),
        (0.61, "rate", None, "0.61", 2, None),
        (0.8715, "rate", "0.00%", "0.8715", 4, None),
        (61.0, "rate", None, "0.61", 2, "%?"),
        (61.0, "rate", "0.00", "0.61", 2, "%?"),
        (61.0, "rate", '0.00"%"', "0.61", 2, "%?"),
        (0.6111, "rate", "0.00", "0.6111", 4, None),
        (0.6111, "rate", "0%", "0.6111", 2, None),
        (61.0, "rate", "0%", "61", 2, None),
        (-12.5, "rate", None, "-0.125", 3, "%?"),
        (3.0, "rate", None, "3", 0, None),
        (Decimal("1.10"), "amount", None, "1.1", 1, None),
    ],
)
def test_numbers(raw: float, kind: str, number_format: str | None, value: str, decimals: int, unit: str | None) -> None:
    assert parse_number(raw, kind, number_format) == Parsed(Decimal(value), decimals, "filled", unit=unit)


@pytest.mark.parametrize(
    ("raw", "power", "number_format", "value"),
    [
        (3.5, 0, None, "3.5"),  # =F6/E6, spent three and a half times what was planned
        (0.9, 0, None, "0.9"),
        (90.0, -2, None, "0.9"),  # =F6/E6*100
        (2.5, -2, None, "0.025"),
        (3.5, 0, "0.00%", "3.5"),
        (3.5, None, None, "0.035"),  # typed
    ],
)
def test_a_computed_quotient_is_the_fraction_that_it_computes(
    raw: float, power: int | None, number_format: str | None, value: str
) -> None:
    quotient = None if power is None else Quotient(power)
    assert parse_number(raw, "rate", number_format, computed=True, quotient=quotient).value == Decimal(value)


@pytest.mark.parametrize(
    ("formula", "raw", "number_format", "decimals"),
    [
        ("ROUND(F6/E6,2)", 0.87, None, 2),
        ("ROUND(F6/E6,2)", 0.9, None, 2),  # 0.9 is 0.90 here
        ("ROUND(F6/E6,4)", 0.5, None, 4),
        ("ROUND(F6/E6,2)", 0.87, "0.00%", 2),
        ("ROUND(F6/E6*100,2)", 87.15, None, 4),
        ("round( F6/E6 , 3 )", 0.87, None, 3),
        ('IFERROR(ROUND(F6/E6,2),"")', 0.87, None, 2),
        ('IF(E6=0,"",ROUND(F6/E6,2))', 0.87, None, 2),
        ('IF(E6=0,"a,b)",IFERROR(ROUND(F6/E6,2),0))', 0.87, None, 2),
        ("F6/E6", 0.87, None, EXACT),
        ("ROUND(F6,2)/E6", 0.87, None, EXACT),
        ("ROUND(F6/E6,2)*1", 0.87, None, EXACT),
        ("ROUND(F6,2)/ROUND(E6,2)", 0.87, None, EXACT),
        ("IF(E6>9,ROUND(F6/E6,2),F6/E6)", 0.87, None, EXACT),
        ("ROUND(F6/E6,A1)", 0.87, None, EXACT),
        ("ROUND(F6/E6,2", 0.87, None, EXACT),
        ("SUM(F6/E6,2)", 0.87, None, EXACT),
        ("IF(" * 3000 + "F6/E6", 0.87, None, EXACT),
        ("F6/E6", 0.6111, None, 4),  # looks rounded
    ],
)
def test_a_formula_says_to_how_many_places_it_rounds(
    formula: str, raw: float, number_format: str | None, decimals: int
) -> None:
    told = quotient(formula)
    assert parse_number(raw, "rate", number_format, computed=True, quotient=told).decimals == decimals


@pytest.mark.parametrize(
    "raw",
    [
        True, False, datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4), datetime.time(1),
        datetime.timedelta(1), float("nan"), float("inf"), 1e20, -1e300, 10**400, [5],
    ],
)  # fmt: skip
def test_what_is_no_figure(raw: object) -> None:
    assert parse_number(raw, "amount") == UNREADABLE


def test_nothing_is_blank_and_unknown_kinds_are_errors() -> None:
    assert parse_number(None, "amount") == BLANK
    with pytest.raises(ValueError, match="'text'"):
        parse_number("5", "text")


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        ("0", 0), ("0.00", 2), ("0%", 2), ("0.00%", 4), ("#,##0.0", 1), ("#,##0", 0), ("0.0##", 3),
        ('0.00"万元"', 2), ('0"0.00元"', 0), ("0.00_);[Red](0.00)", 2), ("[$-804]0.0", 1), ("¥#,##0.00", 2),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 2), ("0.00,", 0), ("0.0000,", 1), ("0\\.0,", 0),
        ("General", None), ("", None), (None, None), ("@", None), ("yyyy-mm-dd", None), ("h:mm", None),
        ("# ?/?", None), ("0.00E+00", None), ('General"人"', None), ("G/通用格式", None), ('"无"', None),
    ],
)  # fmt: skip
def test_shown_decimals(code: str | None, decimals: int | None) -> None:
    assert shown_decimals(code) == decimals


def test_significant() -> None:
    assert str(significant(456.23000000000002)) == "456.23"
    assert significant(1 / 3) == Decimal("0.333333333333333")
    assert str(significant(-0.0)) == "0"
    with pytest.raises(ValueError, match="finite"):
        significant(float("nan"))


FULL_WIDTH = str.maketrans("0123456789.,-()%", "０１２３４５６７８９．，－（）％")
padding = st.text(st.sampled_from([" ", "\u3000", "\u00a0", "\ue004", "\u200b", "\n"]), max_size=3)
inside = st.sampled_from(["", "\u3000", "\u00a0", "\ue004", "\u200b"])


@given(
    value=st.decimals(-(10**9), 10**9, places=2, allow_nan=False),
    unit=st.sampled_from([("", 0), ("万元", 0), ("万", 0), ("元", -4), ("亿元", 4), ("（万元）", 0)]),
    grouped=st.booleans(),
    wide=st.booleans(),
    before=padding,
    between=padding,
    after=padding,
    joint=inside,
)
@example(
    value=Decimal("-1234.50"),
    unit=("元", -4),
    grouped=True,
    wide=True,
    before="",
    between="",
    after="",
    joint="",
)
def test_amounts_come_back_exactly(
    value: Decimal, unit: tuple[str, int], grouped: bool, wide: bool, before: str, between: str, after: str,
    joint: str,
) -> None:  # fmt: skip
    written = f"{value:,.2f}" if grouped else f"{value:.2f}"
    written = joint.join(written)
    text = before + (written.translate(FULL_WIDTH) if wide else written) + between + unit[0] + after
    parsed = parse_number(text, "amount")
    assert parsed.state == "filled"
    assert parsed.value == value.scaleb(unit[1])
    assert parsed.decimals == max(0, 2 - unit[1])


@given(value=st.decimals(0, 10**6, places=4, allow_nan=False), sign=st.sampled_from(["%", "％", "%%", " %"]))
def test_percentages_come_back_exactly(value: Decimal, sign: str) -> None:
    assert parse_number(f"{value}{sign}", "rate").value == value.scaleb(-2)


@given(st.text(max_size=30), st.sampled_from(sorted(KINDS)))
def test_no_text_raises(text: str, kind: str) -> None:
    parsed = parse_number(text, kind)
    assert (parsed.state == "filled") == (parsed.value is not None) == parsed.as_text


@given(
    st.text(st.sampled_from("0123456789.,，-−()（）%％万亿元人个分①²¥ \u3000\n—…/约"), max_size=12),
    st.sampled_from(sorted(KINDS)),
)
def test_no_near_number_raises(text: str, kind: str) -> None:
    parsed = parse_number(text, kind)
    assert (parsed.state == "filled") == (parsed.value is not None) == parsed.as_text


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(sorted(KINDS)))
def test_every_float_is_read_or_refused(number: float, kind: str) -> None:
    parsed = parse_number(number, kind)
    sound = abs(float(f"{number:.15g}")) < 1e20
    assert (parsed.state == "filled") == sound
    if sound and kind == "amount":
        assert parsed.value is not None
        assert float(parsed.value) == pytest.approx(number, rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("raw", "code", "decimals"),
    [
        (5, "0.00##", 2),
        (1.2345, "0.00##", 4),
        (1.234567, "0.00##", 4),
        (5.5, "0.0#", 1),
        (5, "0.00", 2),
        (0.6, "0.##%", 2),
    ],
)
def test_optional_digits_show_what_the_value_has(raw: float, code: str, decimals: int) -> None:
    assert parse_number(raw, "rate" if "%" in code else "amount", code).decimals == decimals


@pytest.mark.parametrize(
    ("raw", "number_format", "value", "decimals"),
    [
        (0.1, "0%", "10", 0),
        (0.075, "0.0%", "7.5", 1),
        ("10%", None, "10", 0),
        (10, "0.00", "10", 2),
        ("9.5分", None, "9.5", 1),
    ],
)
def test_weights_in_percent_are_points_of_a_hundred(
    raw: object, number_format: str | None, value: str, decimals: int
) -> None:
    parsed = parse_number(raw, "points", number_format)
    assert (parsed.value, parsed.decimals, parsed.state) == (Decimal(value), decimals, "filled")


def test_a_figure_that_was_read_before_is_read_alike() -> None:
    for raw in (0.0, -0.0, 0.0, 1, 1.0, True, 61.5, 61.5):
        for kind in ("rate", "amount", "points"):
            first, again = parse_number(raw, kind, "0.0%"), parse_number(raw, kind, "0.0%")
            assert first == again
            assert str(first.value) == ("None" if raw is True else str(_alone(raw, kind)))


def _alone(raw: float, kind: str) -> object:
    return _from_number.__wrapped__(raw, kind, "0.0%", False, None).value
