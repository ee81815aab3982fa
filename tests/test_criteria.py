"""The criterion printed on an issued form, kind by kind: made from the parameters, and what is evidently meant."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from gouji.templates.scores_block import Indicator
from gouji.templates.scoring.band import Band
from gouji.templates.scoring.step import StepRule


def indicator(points: str, **rule: Any) -> Indicator:
    parameters = {"rate": "r", **rule} if rule["kind"] in ("step", "band", "ratio") else rule
    return TypeAdapter(Indicator).validate_python({"id": "甲", "under": [], "points": points, "rule": parameters})


STEP = {"kind": "step", "threshold": "100%", "bad": "below", "per": 5, "deduct": 1}
REVERSED = STEP | {"meant": {"threshold": "0%", "bad": "above"}}
MONTHS = {"kind": "step", "threshold": 1, "bad": "above", "per": 1, "deduct": 1, "unit": "个月"}
GAP = {"kind": "band", "bands": [{"upto": "0%", "points": 5}, {"over": "30%", "points": 0}]}
CHECKLIST = [{"text": "目标明确", "points": 2, "options": [2, 1, 0]}, {"text": "手续完备", "points": 1}]
RANGES = [{"text": "优良", "from": 4, "upto": 5}, {"text": "不合格", "at": 0}]


@pytest.mark.parametrize(
    ("points", "rule", "words"),
    [
        ("3", STEP, "100%以上（含）计3分；每低于5个百分点扣1分，扣完为止。"),
        ("3", REVERSED, "0%以下（含）计3分；每超过5个百分点扣1分，扣完为止。"),
        ("3", STEP | {"printed_full": 8}, "100%以上（含）计3分；每低于5个百分点扣1分，扣完为止。"),
        ("3", STEP | {"bad": "both"}, "100%计3分；每超过或低于5个百分点扣1分，扣完为止。"),
        ("2", STEP | {"threshold": "50%", "strict": True}, "大于50%计2分；每低于5个百分点扣1分，扣完为止。"),
        ("2", STEP | {"bad": "above", "strict": True}, "小于100%计2分；每超过5个百分点扣1分，扣完为止。"),
        ("2", MONTHS, "1个月以内（含）计2分；每超过1个月扣1分，扣完为止。"),
        (
            "2",
            MONTHS | {"full_when_absent": True},
            "1个月以内（含）计2分；每超过1个月扣1分，扣完为止。没有该类项目的填0，计满分。",
        ),
        ("5", {"kind": "ratio"}, "得分＝5×完成比率，最高5分。"),
        ("3", {"kind": "ratio", "reverse": True}, "得分＝3×（1－超出比例），最高3分，扣完为止。"),
        ("5", GAP, "0%（含）以下，计5分；大于30%，计0分；0%至30%（含），在0至5分之间评定。"),
        ("10", GAP | {"printed_full": 5}, "0%（含）以下，计10分；大于30%，计0分；0%至30%（含），在0至10分之间评定。"),
        ("4", GAP, "0%（含）以下，计4分；大于30%，计0分；0%至30%（含），在0至4分之间评定。"),
        ("3", {"kind": "checklist", "items": CHECKLIST}, "①目标明确，按程度计2、1、0分；②手续完备，1分。"),
        (
            "6",
            {"kind": "deduct", "each": 1, "events": ["虚列", "挪用"]},
            "①虚列；②挪用。以上情形每发现一例扣1分，扣完为止。",
        ),
        (
            "2",
            {"kind": "deduct", "each": 1, "events": ["有制度", "有合同"], "missed": True},
            "①有制度；②有合同。以上每缺一项扣1分，扣完为止。",
        ),
        (
            "7",
            {"kind": "deduct", "events": [{"text": "虚列", "least": 4, "most": 7}, {"text": "依据不合规", "least": 2}]},
            "①虚列，扣4至7分；②依据不合规，扣2分。扣完为止。",
        ),
        (
            "7",
            {"kind": "deduct", "each": 1, "events": ["挪用", {"text": "虚列", "least": 4, "most": 7}]},
            "①挪用；②虚列，扣4至7分。未注明扣分的情形每发现一例扣1分，扣完为止。",
        ),
        ("8", {"kind": "judge"}, "由部门结合实际细化为个性化指标，在0至8分之间评定。"),
        ("8", {"kind": "judge", "step": 0.5}, "由部门结合实际细化为个性化指标，在0至8分之间评定，以0.5分为一级。"),
        ("5", {"kind": "judge", "ranges": RANGES}, "优良，计4至5分；不合格，计0分。"),
        ("5", {"kind": "judge", "ranges": [RANGES[0], {"from": 0, "upto": 3}]}, "优良，计4至5分；其他情形，计0至3分。"),
        ("10", {"kind": "judge", "ranges": [{"at": 10}, {"from": 0, "upto": 9}]}, "由评价人评定，可计10分或0至9分。"),
        ("6", {"kind": "qualitative", "options": {"较好": 6, "无": 0}}, "较好，计6分；无，计0分。"),
    ],
)
def test_criteria_in_words(points: str, rule: dict[str, Any], words: str) -> None:
    assert indicator(points, **rule).criterion == words


def test_a_reversed_rule_as_the_published_form_has_it() -> None:
    reversed_indicator = indicator("3", **(REVERSED | {"printed_full": 5}))
    assert isinstance(reversed_indicator.rule, StepRule)
    assert (
        reversed_indicator.rule.criterion_as_printed(reversed_indicator.points)
        == "100%以上（含）计5分；每低于5个百分点扣1分，扣完为止。"
    )


@pytest.mark.parametrize(
    ("band", "words"),
    [
        ({"at": "0%"}, "0%"),
        ({"from": "90%"}, "90%（含）以上"),
        ({"over": "30%"}, "大于30%"),
        ({"upto": "10%"}, "10%（含）以下"),
        ({"below": "60%"}, "低于60%"),
        ({"from": "80%", "below": "90%"}, "80%（含）至90%"),
        ({"over": "0%", "upto": "10%"}, "0%至10%（含）"),
        ({"from": "-5%", "upto": "12.5%"}, "-5%（含）至12.5%（含）"),
    ],
)
def test_stretches_of_rates_in_words(band: dict[str, str], words: str) -> None:
    assert Band.model_validate(band | {"points": 1}).span.words == words


@pytest.mark.parametrize(
    ("bands", "gaps"),
    [
        ([{"at": "0%"}, {"over": "0%", "upto": "10%"}, {"over": "10%"}], []),
        ([{"at": "0%"}, {"over": "0%", "below": "10%"}, {"over": "10%"}], ["10%"]),
        ([{"over": "30%"}, {"upto": "0%"}], ["0%至30%（含）"]),
        ([{"from": "90%"}, {"from": "60%", "below": "80%"}, {"below": "50%"}], ["50%（含）至60%", "80%（含）至90%"]),
        ([{"from": "60%"}, {"upto": "90%"}], []),
        ([{"from": "0%", "upto": "90%"}, {"from": "10%", "upto": "20%"}, {"from": "95%"}], ["90%至95%"]),
        ([{"from": "90%"}], []),
    ],
)
def test_what_bands_leave_undefined_between_them(bands: list[dict[str, str]], gaps: list[str]) -> None:
    rule = indicator("9", kind="band", bands=[band | {"points": 1} for band in bands]).rule
    assert rule.kind == "band"
    assert [gap.span.words for gap in rule.stretches(rule.bands[0].points, rule.bands[0].points)[1]] == gaps
