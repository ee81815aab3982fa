"""No difference of a whole unit of the last place shown is ever forgiven, and no honest rounding ever blamed."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.ingest.figures.numbers import parse_number
from gouji.templates.catalogue import built_in
from gouji.templates.precision import EXACT, least, shown, span
from gouji.templates.rules import quantity as q
from gouji.validate.figures import ReturnFigures, Tables
from gouji.validate.judge import judge
from gouji.validate.residuals import residual_of
from gouji.validate.wide import widen
from tests.frames import Given, returns_of, values_of

D = Decimal
BASE = built_in().find("基础数据表@衡山县-2021")
PROJECT = built_in().find("自评表@湖南-2020")
FINE = {"相符", "尾差"}


@pytest.mark.parametrize(
    ("kind", "raw", "number_format", "computed", "decimals"),
    [
        ("amount", 5.0, None, False, 2),
        ("amount", 12.3456, None, False, 4),
        ("amount", 12.3456, "0.00", False, 2),
        ("amount", 12.3456, "0", False, 2),
        ("amount", 5.0, "0.0000", False, 4),
        ("amount", "359万", None, False, 2),
        ("amount", "5元", None, False, 4),
        ("rate", 1.0, None, False, 2),
        ("rate", 0.9, None, False, 2),
        ("rate", 100.0, None, False, 2),
        ("rate", 61.11, None, False, 4),
        ("rate", 0.6111, None, False, 4),
        ("rate", 0.6111, "0.0", False, 4),
        ("rate", 0.6111, "0%", False, 2),
        ("rate", 1.0, "0%", False, 2),
        ("rate", 1.0, "0.00%", False, 4),
        ("rate", 0.61, "0.##%", False, 2),
        ("rate", 1.0, None, True, EXACT),
        ("rate", 1.0, "0%", True, EXACT),
        ("rate", "61%", None, False, 2),
        ("rate", "61.0%", None, False, 3),
        ("rate", "1", None, False, 2),
        ("rate", "0.6", None, False, 2),
        ("rate", "八成", None, False, None),
        ("quantity", "1200㎡", None, False, 2),
    ],
)  # fmt: skip
def test_the_table(kind: str, raw: object, number_format: str | None, computed: bool, decimals: int | None) -> None:
    """docs/semantics.md, line by line."""
    parsed = parse_number(raw, kind, number_format, computed=computed)
    counted = None if parsed.decimals is None else max(parsed.decimals, least(kind, 2))
    assert counted == decimals


@given(st.sampled_from(["amount", "quantity", "rate"]), st.integers(0, 15), st.sampled_from(["0.00##", "0.00%", "0%"]))
def test_what_formulas_know_of_a_format_is_what_reading_makes_of_it(
    kind: str, decimals: int, number_format: str
) -> None:
    fewest, most = span(kind, 2, number_format)
    shows_percent = kind == "rate" or "%" not in number_format
    if shows_percent and (kind != "rate" or "%" in number_format):
        assert max(shown(kind, decimals, number_format), least(kind, 2)) == min(max(decimals, fewest), most)


class Typed(NamedTuple):
    """A cell as it stands in the file."""

    raw: object
    number_format: str | None = None
    computed: bool = False


ITEMS = {"amount": "三公经费.本年决算数", "rate": "控制率", "count": "实际在职人数", "points": "总分.得分"}
RULES = {"amount": "G-01", "rate": "G-07", "count": "G-08", "points": "A-05"}


def inputs(kind: str, true: D) -> dict[str, Given]:
    """The other figures of the kind's rule, which make `true` exactly."""
    match kind:
        case "amount":
            return {"公务用车.本年决算数": true}
        case "rate":
            return {"实际在职人数": true * 10**6, "编制数": D(10**6)}
        case "count":
            return {"编制数": true}
        case _:
            return {"年度资金总额.得分": true}


def verdicts(kind: str, pairs: list[tuple[Typed, D]]) -> list[str]:
    """The verdict of each cell against the exact figure that the others make."""
    form = PROJECT if kind == "points" else BASE
    values = values_of(form, [inputs(kind, true) for _, true in pairs])
    for number, (typed, _) in enumerate(pairs):
        parsed = parse_number(typed.raw, kind, typed.number_format, computed=typed.computed)
        cell_rows = (values["return_id"] == f"R{number}") & (values["item"] == ITEMS[kind])
        values.loc[cell_rows, ["value", "decimals", "state"]] = [
            float(parsed.value or 0),
            parsed.decimals,
            parsed.state,
        ]
    wide = widen(form, returns_of(form, len(pairs)), values)
    rule = next(rule for rule in form.rules if rule.id == RULES[kind] and rule.item == ITEMS[kind])
    residual = residual_of(rule, ReturnFigures(wide, Tables([wide])))
    return [str(verdict) for verdict in judge([residual])[rule.key]]


FORMATS = {
    "amount": [None, "0.00", "0.00##", "0", "#,##0.0", "0.0000"],
    "rate": [None, "0%", "0.0%", "0.00%", "0.00", "0.##%"],
    "count": [None, "0", "0.00"],
    "points": [None, "0", "0.0", "0.00"],
}
MOST = {"amount": 6, "rate": 6, "count": 0, "points": 4}
KINDS = st.sampled_from(list(ITEMS))


def unit_of(kind: str, typed: Typed) -> D:
    """One unit of the last place shown, from the published table: what is exact shows no difference at all."""
    if kind in ("count", "points"):
        return {"count": D(1), "points": D("0.01")}[kind]
    if kind == "rate" and typed.computed:
        places = -int(D(format(typed.raw, ".15g")).as_tuple().exponent)
        return D(1).scaleb(-places) if 3 <= places <= 6 else D(0)
    if isinstance(typed.raw, str):
        places = -int(D(typed.raw.rstrip("%")).as_tuple().exponent) + 2 * typed.raw.endswith("%")
    else:
        figure = D(format(typed.raw, ".15g"))
        places = max(0, -int(figure.as_tuple().exponent))
        code = typed.number_format or ""
        if "%" in code or (code and kind != "rate"):
            most = len(code.rpartition(".")[2].rstrip("%")) if "." in code else 0
            fewest = most - code.count("#", code.find(".")) if "." in code else 0
            percents = 2 * code.count("%")
            places = max(fewest + percents, min(places, most + percents))
    return D(1).scaleb(-max(2, places))


@st.composite
def cells(draw: st.DrawFn, kind: str) -> Typed:
    """A figure in some typing habit: a number in some format, a formula's result, or text."""
    places = draw(st.integers(0, MOST[kind]))
    value = draw(st.integers(0, 3 * 10**places if kind == "rate" else 200 * 10**places)) * D(1).scaleb(-places)
    habit = draw(st.sampled_from(["number", "text", "formula"]))
    if habit == "text":
        percent = kind == "rate" and draw(st.booleans())
        return Typed(f"{value.scaleb(2).quantize(D(1).scaleb(-max(0, places - 2)))}%" if percent else str(value))
    return Typed(float(value), draw(st.sampled_from(FORMATS[kind])), habit == "formula")


def value_of(kind: str, typed: Typed) -> D:
    parsed = parse_number(typed.raw, kind, typed.number_format, computed=typed.computed)
    assert parsed.value is not None
    return parsed.value


@pytest.mark.in_turn("long")
@settings(max_examples=8, deadline=None)
@given(KINDS, st.data())
def test_a_whole_unit_of_the_last_place_is_never_forgiven(kind: str, data: st.DataObject) -> None:
    """±1, ±1.5, ±50 units and more, whatever the kind, the source and the format."""
    pairs = []
    for typed in data.draw(st.lists(cells(kind), min_size=20, max_size=40)):
        unit, figure = unit_of(kind, typed), value_of(kind, typed)
        least_unit = max(unit, D("0.000002"))
        off = data.draw(st.sampled_from(["1", "1.5", "2", "10", "49", "50"])) if kind != "count" else "1"
        sign = 1 if figure < least_unit * 50 or kind == "count" else data.draw(st.sampled_from([1, -1]))
        # Of the people, too many are at fault; of everything else, too many and too few.
        true = figure - least_unit * D(off) if kind == "count" else figure + sign * least_unit * D(off)
        pairs.append((typed, true) if true >= 0 else (Typed(1.0), D(0)))
    assert not set(verdicts(kind, pairs)) & FINE, pairs


@settings(max_examples=8, deadline=None)
@given(KINDS, st.data())
def test_honest_rounding_is_never_blamed(kind: str, data: st.DataObject) -> None:
    """Rounded or cut off at what the cell shows, at two decimals or more: 相符 or 尾差."""
    pairs = []
    for _ in range(data.draw(st.integers(20, 40))):
        true = data.draw(st.integers(0, 2 * 10**6 if kind != "count" else 60)) * D(1).scaleb(-MOST[kind])
        places = 2 if kind == "points" else data.draw(st.integers(min(2, MOST[kind]), MOST[kind]))
        how = ROUND_HALF_UP if kind == "points" else data.draw(st.sampled_from([ROUND_HALF_UP, ROUND_DOWN]))
        rounded = true.quantize(D(1).scaleb(-places), how)
        shows = f"0.{'0' * (places - 2)}%" if places > 2 else "0%"
        written = Typed(f"{rounded.scaleb(2)}%") if kind == "rate" else Typed(str(rounded))
        number = Typed(float(rounded), shows if kind == "rate" else f"0.{'0' * places}" if places else None)
        stored = Typed(float(true), number.number_format)
        habits = [written, number, Typed(float(true), None, True)] + ([stored] if how == ROUND_HALF_UP else [])
        pairs.append((data.draw(st.sampled_from(habits)), true))
    assert set(verdicts(kind, pairs)) <= FINE, pairs


@pytest.mark.parametrize(
    ("typed", "true"),
    [
        (Typed(1.0), "0.6"),
        (Typed(1.0, "0%"), "0.6"),
        (Typed(100.0), "0.994"),
        (Typed("100%"), "0.99"),
        (Typed("1"), "0.6"),
        (Typed(0.9), "0.95"),
        (Typed(0.9, "0%"), "0.91"),
        (Typed(0.61, "0.00%"), "0.6111"),
        (Typed(0.61, None, True), "0.6111"),
    ],
)
def test_a_round_rate_is_no_licence(typed: Typed, true: str) -> None:
    assert verdicts("rate", [(typed, D(true))]) == ["不符"]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 10**6), st.integers(0, 3), st.integers(0, 3))
def test_no_rounding_turns_more_than_a_budget_into_the_budget(cents: int, parts: int, above: int) -> None:
    """One unit of the last place beyond 100 % stays beyond it, however many parts make the sums."""
    budget = q.add([amounts(D(cents).scaleb(-2)), *[amounts(D(0))] * parts])
    spent = q.add([amounts(D(cents + 1).scaleb(-2)), *[amounts(D(0))] * above])
    assert q.divide(spent, budget).low[0] > 1 > q.divide(budget, spent).high[0]


def amounts(value: D) -> q.Quantity:
    return q.rounded(np.array([value], dtype=object), np.zeros(1, np.int8), np.array([2], np.int16))
