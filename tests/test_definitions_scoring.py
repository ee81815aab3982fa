"""Scoring rules whose keys do not fit together, with the message that the definition's author reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.templates.errors import DefinitionError
from tests.definitions import load_form

FORM = """
form: 测试表
edition: 某县-2021
short: 测试
basis: 测试
page: {{widths: [9, 9, 9, 9, 9, 9, 9]}}
evidence: {{甲: {{kind: amount}}, 乙: {{kind: amount}}, 月数: {{kind: count}}}}
blocks:
  - scores: 评分
    levels: [一级指标, 二级指标, 三级指标]
    sections: {{投入: 10, 配置: 10}}
    indicators:
      - id: 指标
        under: [投入, 配置]
        points: 10
        rule: {rule}
{more}"""

STEP = "kind: step, rate: 依据.甲 / 依据.乙, threshold: 100%, bad: above, per: 1, deduct: 1"
MONTHS = "kind: step, rate: 依据.月数, bad: above, per: 1, deduct: 1, unit: 个月"
BAND = "kind: band, rate: 依据.甲 / 依据.乙"
RATIO = "kind: ratio, rate: 依据.甲 / 依据.乙"


def load(tmp_path: Path, rule: str, more: str = "") -> None:
    path = tmp_path / "测试表" / "某县-2021.yaml"
    path.parent.mkdir()
    path.write_text(FORM.format(rule=f"{{{rule}}}", more=more), encoding="utf-8")
    load_form(path)


GOOD = {
    "months": f"{MONTHS}, threshold: 1",
    "meant": f"{STEP}, meant: {{threshold: 0%, bad: below}}",
    "strict": f"{STEP}, strict: true",
    "reversed ratio": f"{RATIO}, reverse: true",
    "options": "kind: checklist, items: [{text: 甲, points: 2, options: [2, 1, 0]}]",
    "events": "kind: deduct, each: 1, events: [甲, {text: 乙, least: 2}, {text: 丙, least: 2, most: 5}]",
    "events without each": "kind: deduct, events: [{text: 乙, least: 2.5}]",
    "missed": "kind: deduct, each: 1, missed: true, events: [甲, 乙]",
    "ranges": "kind: judge, ranges: [{text: 优, from: 4.5, upto: 5}, {at: 0}, {from: 3, upto: 3}]",
    "bands with a gap": f"{BAND}, bands: [{{upto: 0%, points: 5}}, {{over: 30%, points: 0}}], printed_full: 5",
    "bands that overlap": f"{BAND}, bands: [{{from: 60%, points: 5}}, {{upto: 90%, points: 0}}]",
}


@pytest.mark.parametrize("name", GOOD)
def test_good_rules_load(name: str, tmp_path: Path) -> None:
    load(tmp_path, GOOD[name])


AT = "blocks.0.scores.indicators.0.rule"
WRONG = {
    "unknown unit": (f"{STEP}, unit: 季度", f"{AT}.step.unit：只能是 '百分点' or '个月'，现为“季度”"),
    "months in percent": (f"{MONTHS}, threshold: 1%", f"{AT}.step：unit 是个月时，threshold 写月数，不带 %"),
    "months meant in percent": (
        f"{MONTHS}, threshold: 1, meant: {{threshold: 2%, bad: above}}",
        f"{AT}.step：unit 是个月时，threshold 写月数，不带 %",
    ),
    "steps of nothing": (STEP.replace("per: 1", "per: 0"), f"{AT}.step.per：应大于 0，现为“0”"),
    "nothing off": (STEP.replace("deduct: 1", "deduct: -1"), f"{AT}.step.deduct：应大于 0，现为“-1”"),
    "threshold no figure": (STEP.replace("100%", "一百%"), f"{AT}.step.threshold：应为数字，现为“一百%”"),
    "threshold without end": (STEP.replace("100%", ".inf"), f"{AT}.step.threshold：应为数字，现为“inf”"),
    "strict on both sides": (
        STEP.replace("above", "both") + ", strict: true",
        f"{AT}.step：strict 只能与 bad: above 或 bad: below 一起用",
    ),
    "meant as printed": (
        f"{STEP}, meant: {{threshold: 100%, bad: above}}",
        f"{AT}.step：meant 与表上印的 threshold、bad 相同，应删去或改正",
    ),
    "half of what is meant": (f"{STEP}, meant: {{threshold: 0%}}", f"{AT}.step.meant.bad：缺少这个键"),
    "unknown key in meant": (
        f"{STEP}, meant: {{threshold: 0%, bad: below, per: 1}}",
        "meant.per：不认识这个键，请检查拼写",
    ),
    "reverse no yes or no": (f"{RATIO}, reverse: 反", f"{AT}.ratio.reverse：应为 true 或 false，现为“反”"),
    "options without full points": (
        "kind: checklist, items: [{text: 甲, points: 2, options: [1, 0]}]",
        f"{AT}.checklist.items.0：options 中最高的应等于 points，且不能有负数",
    ),
    "negative options": (
        "kind: checklist, items: [{text: 甲, points: 2, options: [2, -1]}]",
        f"{AT}.checklist.items.0：options 中最高的应等于 points，且不能有负数",
    ),
    "no options": (
        "kind: checklist, items: [{text: 甲, points: 2, options: []}]",
        f"{AT}.checklist.items.0：options 中最高的应等于 points，且不能有负数",
    ),
    "events without points": (
        "kind: deduct, events: [甲, {text: 乙, least: 2}]",
        f"{AT}.deduct：没有写 least 的情形按 each 扣分：有这样的情形时要写 each，没有时不写",
    ),
    "each for no event": (
        "kind: deduct, each: 1, events: [{text: 乙, least: 2}]",
        f"{AT}.deduct：没有写 least 的情形按 each 扣分：有这样的情形时要写 each，没有时不写",
    ),
    "no events": ("kind: deduct, each: 1, events: []", f"{AT}.deduct：events 至少要有一项"),
    "event without words": ("kind: deduct, events: [{least: 2}]", f"{AT}.deduct.events.0.text：缺少这个键"),
    "event no text": ("kind: deduct, each: 1, events: [1]", f"{AT}.deduct.events.0：应为键和值，现为“1”"),
    "event misspelt": (
        "kind: deduct, events: [{text: 甲, leest: 2}]",
        f"{AT}.deduct.events.0.leest：不认识这个键，请检查拼写",
    ),
    "most below least": (
        "kind: deduct, events: [{text: 甲, least: 3, most: 2}]",
        f"{AT}.deduct.events.0：most 要与 least 一起写，且不小于 least",
    ),
    "most alone": (
        "kind: deduct, each: 1, events: [{text: 甲, most: 2}]",
        f"{AT}.deduct.events.0：most 要与 least 一起写，且不小于 least",
    ),
    "least of nothing": ("kind: deduct, events: [{text: 甲, least: 0}]", "events.0.least：应大于 0，现为“0”"),
    "range half open": ("kind: judge, ranges: [{from: 3}]", f"{AT}.judge.ranges.0：应写 at，或 from 和 upto 两个都写"),
    "range and figure": (
        "kind: judge, ranges: [{at: 3, from: 3, upto: 4}]",
        f"{AT}.judge.ranges.0：应写 at，或 from 和 upto 两个都写",
    ),
    "range of nothing": (
        "kind: judge, ranges: [{text: 优}]",
        f"{AT}.judge.ranges.0：应写 at，或 from 和 upto 两个都写",
    ),
    "range turned round": ("kind: judge, ranges: [{from: 4, upto: 3}]", f"{AT}.judge.ranges.0：from 不能大于 upto"),
    "range below nothing": ("kind: judge, ranges: [{from: -1, upto: 3}]", "ranges.0.from：不能小于 0，现为“-1”"),
    "ranges and step": ("kind: judge, step: 1, ranges: [{at: 3}]", f"{AT}.judge：step 与 ranges 只能写一个"),
    "no bands": (f"{BAND}, bands: []", f"{AT}.band：bands 至少要有一档"),
    "band of everything": (
        f"{BAND}, bands: [{{points: 5}}]",
        f"{AT}.band.bands.0：每档应写 at，或 from、over 之一和（或）upto、below 之一",
    ),
    "band with two lower ends": (
        f"{BAND}, bands: [{{from: 1%, over: 2%, points: 5}}]",
        f"{AT}.band.bands.0：每档应写 at，或 from、over 之一和（或）upto、below 之一",
    ),
    "band at a figure and up": (
        f"{BAND}, bands: [{{at: 1%, upto: 2%, points: 5}}]",
        f"{AT}.band.bands.0：每档应写 at，或 from、over 之一和（或）upto、below 之一",
    ),
    "band turned round": (f"{BAND}, bands: [{{from: 9%, upto: 2%, points: 5}}]", "bands.0：这一档的下限应低于上限"),
    "band without a rate in it": (
        f"{BAND}, bands: [{{from: 9%, below: 9%, points: 5}}]",
        "bands.0：这一档的下限应低于上限",
    ),
    "printed full marks of no band": (
        f"{BAND}, bands: [{{from: 9%, points: 5}}], printed_full: 8",
        f"{AT}.band：printed_full 应等于 bands 中最高的 points",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_author_of_a_wrong_rule_reads(name: str, tmp_path: Path) -> None:
    rule, message = WRONG[name]
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, rule)
    assert message in str(error.value)
    assert "/测试表/某县-2021.yaml：" in str(error.value)


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ("faults: 说明列3点", "faults：应为一列（每项以 - 开头），现为“说明列3点”"),
        ("faults: [3]", "faults.0：应为文字，现为“3”"),
    ],
)
def test_faults_are_a_list_of_words(faults: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, "kind: judge", f"        {faults}\n")
    assert message in str(error.value)
