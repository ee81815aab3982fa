"""The lines of a 自评表: their kind, their score at the edges, and every self-score against an independent oracle."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.measures import parse_measure
from score.projects.line_kind import kind_of
from score.projects.project import score_project
from score.result import Scored
from templates.library import find_form
from tests.frames import Given, returns_of, values_of
from validate.figures import Tables
from validate.wide import Wide, widen

FORM = find_form("自评表")
LOWER = ("成本", "时限", "投诉", "差错")
D = Decimal


def wide_of(rows: list[dict[str, Given]], lines: list[list[dict[str, Given]]]) -> Wide:
    return widen(FORM, returns_of(FORM, len(rows)), values_of(FORM, rows, [{"指标": given} for given in lines]))


def line(
    target: str | None,
    actual: str | None,
    points: str | None,
    own: str | None,
    *,
    name: str = "指标",
    group: str = "数量指标",
) -> dict[str, Given]:
    return {
        "line": name, "二级指标": group, "三级指标": name, "年度指标值": target, "实际完成值": actual,
        "分值": None if points is None else D(points), "得分": None if own is None else D(own),
    }  # fmt: skip


def scored(*lines: dict[str, Given]) -> Scored:
    """One return with these lines and nothing else."""
    wide = wide_of([{}], [[one | {"line": f"{one['line']}{at}"} for at, one in enumerate(lines)]])
    return score_project(wide, Tables([wide]))


def verdicts(found: Scored, rule: str = "A-S1") -> list[str]:
    frame = found.verdicts
    return [str(one) for one in frame.loc[frame["rule"] == rule, "verdict"]]


def findings(found: Scored, rule: str = "A-S1") -> list[Any]:
    return [one for one in found.findings if one.rule == rule]


def row(found: Scored, at: int = 0) -> dict[str, Any]:
    """The score row of the n-th line (the first row is 执行率)."""
    frame = found.scores.astype(object).where(found.scores.notna(), None)
    return dict(frame.iloc[at + 1])


@pytest.mark.parametrize(
    ("target", "actual", "name", "group", "kind", "possible"),
    [
        ("≥90%", "95%", "投诉率", "质量指标", "正向", "正向"),
        ("≤30分钟", "20分钟", "响应", "时效指标", "反向", "反向"),
        ("不超过10天", "9天", "办理", "时效指标", "反向", "反向"),
        ("120个", "110个", "运维个数", "数量指标", "正向", "正向"),
        ("100%", "70%", "验收合格率", "质量指标", "正向", "正向"),
        ("11.78万元", "11万元", "电子政务外网", "成本指标", "反向", "反向"),
        ("100%", "90%", "控制在预算范围内", "成本指标", "反向", "反向 正向"),
        ("10%", "12%", "成本节约率", "经济效益指标", "反向", "反向 正向"),
        ("3次", "5次", "有效投诉", "质量指标", "反向", "反向"),
        ("95%", "90%", "投诉办结率", "质量指标", "反向", "反向 正向"),
        ("30分钟", "20分钟", "系统响应", "时效指标", "反向", "反向"),
        ("300天", "310天", "全年开放天数", "时效指标", "反向", "反向 正向"),
        ("5天", "4天", "平均用工", "质量指标", "正向", "正向 反向"),
        ("2起", "1起", "安全事故", "质量指标", "正向", "正向 反向"),
        ("0", "1", "安全事故", "质量指标", "等于", "等于"),
        ("=5", "5", "机构个数", "数量指标", "等于", "等于"),
        ("提升", "提升", "效率", "社会效益指标", "定性", "定性"),
        ("120个", "30天", "运维", "数量指标", "定性", "定性"),
        ("≥120个", "全部完成", "运维", "数量指标", "定性", "定性"),
        ("5万元", None, "采购", "成本指标", "反向", "反向"),
    ],
)  # fmt: skip
def test_kinds(target: str, actual: str | None, name: str, group: str, kind: str, possible: str) -> None:
    found = kind_of(parse_measure(target), parse_measure(actual), name, group, LOWER)
    assert (found.kind, " ".join(found.possible)) == (kind, possible)


@pytest.mark.parametrize(
    ("target", "actual", "points", "score"),
    [
        ("≥100个", "100个", "10", 10.0),
        ("≥100个", "250个", "10", 10.0),
        ("≥100个", "99个", "10", 9.9),
        ("≥120个", "112个", "10", 9.33),
        ("≥120个", "0个", "10", 0.0),
        ("≥0个", "0个", "10", 10.0),
        ("≥5%", "-2%", "10", 0.0),
        ("≥1000万元", "500000元", "8", 0.4),
        ("≥1.5亿元", "15000万元", "8", 8.0),
        ("≤30分钟", "30分钟", "9", 9.0),
        ("≤30分钟", "31分钟", "9", 8.7),
        ("≤30分钟", "59分钟", "9", 0.3),
        ("≤30分钟", "60分钟", "9", 0.0),
        ("≤30分钟", "300分钟", "9", 0.0),
        ("≤0次", "0次", "9", 9.0),
        ("≤0次", "1次", "9", 0.0),
        ("0次", "0次", "9", 9.0),
        ("0次", "1次", "9", 0.0),
        ("=8个", "6个", "8", 6.0),
        ("=8个", "9个", "8", 8.0),
    ],
)
def test_scores_at_their_edges(target: str, actual: str, points: str, score: float) -> None:
    found = scored(line(target, actual, points, str(score)))
    assert (row(found)["score"], verdicts(found)) == (score, ["相符"])
    assert findings(found) == []


def test_a_score_that_is_too_high_or_too_low_is_told_with_its_steps() -> None:
    found = scored(line("≥100%", "70%", "10", "10"), line("≥100%", "70%", "10", "5"))
    assert verdicts(found) == ["不符", "不符"]
    high, low = findings(found)
    assert (high.item, high.stated, high.expected, high.difference) == ("指标0.得分", "10分", "7分", 3.0)
    assert (high.cause, high.score_impact, high.severity) == ("虚高", 3.0, "核实性")
    assert (low.cause, low.score_impact, low.difference) == ("虚低", -2.0, -2.0)
    assert high.message == (
        "“指标”自评10分，复算应为7分，虚高3分。计算过程：完成值70%（A1），指标值≥100%（A1）；"
        "正向指标，完成70%，10分×70%，得7分。请核对后更正，或说明理由。"
    )


@pytest.mark.parametrize(
    ("own", "verdict"), [("9.33", "相符"), ("9.3", "相符"), ("9", "相符"), ("9.34", "不符"), ("10", "不符")]
)
def test_self_scores_at_their_own_decimals(own: str, verdict: str) -> None:
    assert verdicts(scored(line("≥120个", "112个", "10", own))) == [verdict]


def test_the_rounding_of_an_actual_is_no_fault() -> None:
    """67 % may be 66.67 %; a whole count may not be anything else; a target that is met is met."""
    assert verdicts(scored(line("≥100%", "67%", "10", "6.67"))) == ["尾差"]
    assert verdicts(scored(line("≥100%", "67%", "10", "6.6"))) == ["不符"]
    assert verdicts(scored(line("≥3个", "2个", "10", "6.7"), line("≥3个", "2个", "10", "6.71"))) == ["相符", "不符"]
    assert verdicts(scored(line("≥100%", "100%", "10", "9.95"))) == ["不符"]


def test_a_doubtful_kind_is_at_fault_only_if_every_kind_is() -> None:
    """投诉办结率 100 % → 90 %: 10 as 反向, 9 as 正向, nothing else."""
    doubtful = [line("100%", "90%", "10", own, name="投诉办结率") for own in ("10", "9", "8")]
    found = scored(*doubtful)
    assert verdicts(found) == ["相符", "相符", "不符"]
    assert [row(found, at)["kind"] for at in range(3)] == ["反向", "正向", "反向"]
    assert [row(found, at)["score"] for at in range(3)] == [10.0, 9.0, 10.0]
    assert (row(found, 2)["low"], row(found, 2)["high"]) == (8.95, 10.0)
    assert row(found, 1)["reading"] == "正向（按反向不符，按正向相符）"


def test_an_overrun_cost_is_not_in_doubt() -> None:
    found = scored(line("10万元", "15万元", "10", "10", name="采购", group="成本指标"))
    assert (verdicts(found), row(found)["score"], row(found)["kind"]) == (["不符"], 5.0, "反向")


def test_an_actual_that_is_a_range_is_full_where_all_of_it_passes() -> None:
    found = scored(
        line("≥90%", "≥95%", "10", "10"),
        line("≥90%", "≥95%", "10", "9"),
        line("≥90%", "≥45%", "10", "5"),
        line("≥90%", "≥45%", "10", "4.9"),
        line("≥90%", "≤45%", "10", "5.1"),
        line("≤30分钟", "≤30分钟", "10", "10"),
        line("≤30分钟", "≥30分钟", "10", "3"),
    )
    assert verdicts(found) == ["相符", "不符", "相符", "不符", "不符", "相符", "相符"]
    assert [row(found, at)["score"] for at in (0, 2)] == [10.0, None]
    assert (row(found, 2)["low"], row(found, 2)["high"], row(found, 2)["reason"]) == (5.0, 10.0, "完成值是一个范围")
    ranges = findings(found, "T-10")
    assert [one.item for one in ranges] == [f"指标{at}.实际完成值" for at in range(7)]
    assert {(one.severity, one.verdict) for one in ranges} == {("提示", "不符")}


@pytest.mark.parametrize(
    ("target", "actual", "own", "verdict"),
    [
        ("提升", "提升", "8", "相符"),
        ("提升", "提升。", "10", "相符"),
        ("提升", " 提 升 ", "7.99", "不符"),
        ("一批", "一批", "10", "相符"),
        ("效果明显", "100%", "8", "相符"),
        ("效果明显", "100%", "7", "不符"),
        ("效果明显", "较好", "3", "相符"),
        ("效果明显", "较好", "10", "相符"),
        ("效果明显", "部分达成并具有一定效果", "6", "相符"),
        ("效果明显", "部分达成并具有一定效果", "7.99", "相符"),
        ("效果明显", "部分达成并具有一定效果", "8", "不符"),
        ("效果明显", "未达成且效果较差", "0", "相符"),
        ("效果明显", "未达成且效果较差", "6", "不符"),
        ("120个", "80亩", "0", "相符"),
    ],
)  # fmt: skip
def test_lines_in_words_are_held_to_their_band(target: str, actual: str, own: str, verdict: str) -> None:
    found = scored(line(target, actual, "10", own))
    assert (verdicts(found), row(found)["kind"], row(found)["score"]) == ([verdict], "定性", None)


def test_a_band_is_told_and_the_nearer_end_is_the_measure() -> None:
    (one,) = findings(scored(line("提升", "提升", "10", "6")))
    assert (one.expected, one.difference, one.cause) == ("8分至10分", -2.0, "虚低")


def test_missing_figures_are_never_a_score() -> None:
    found = scored(
        line("≥5个", None, "10", "10"),
        line("≥5个", "!not_applicable", "10", "10"),
        line(None, "5个", "10", "10"),
        line("≥5个", "!error", "10", "10"),
        line("≥5个", "5个", "10", None),
        line("≥5个", "5个", None, "10"),
        line("≥5个", "5个", None, None),
    )
    assert verdicts(found) == ["无法核对"] * 5
    assert [one.item for one in findings(found)] == [f"指标{at}.得分" for at in range(4)]
    assert [row(found, at)["reason"] for at in range(4)] == [
        "“实际完成值”未填", "“实际完成值”填了不适用", "“年度指标值”未填", "“实际完成值”是错误值",
    ]  # fmt: skip
    assert (row(found, 0)["low"], row(found, 0)["high"]) == (0.0, 10.0)
    assert row(found, 5)["reason"] == "“分值”未填"
    assert len(found.scores) == 7
    assert findings(found)[0].message == "“指标”自评10分，无法复算：“实际完成值”未填。请补填后再核对。"


def test_far_more_than_the_target_is_pointed_out() -> None:
    explained = line("≥100个", "150个", "10", "10") | {"偏差原因": "年中追加任务"}
    found = scored(
        line("≥100个", "119个", "10", "10"),
        line("≥100个", "120个", "10", "10"),
        line("≥100个", "129个", "10", "10"),
        line("≥100个", "130个", "10", "10"),
        explained,
        line("≤100个", "150个", "10", "5"),
        line("≥100个", "≥150个", "10", "10"),
        line("提升", "提升", "10", "10"),
    )
    assert verdicts(found, "A-S5") == ["相符", "不符", "不符", "不符", "不符"]
    told = [(one.item, one.severity) for one in findings(found, "A-S5")]
    assert told == [
        ("指标1.实际完成值", "提示"),
        ("指标2.实际完成值", "提示"),
        ("指标3.实际完成值", "核实性"),
        ("指标4.实际完成值", "提示"),
    ]
    assert verdicts(found) == ["相符"] * 8


def oracle(sign: str, target: Decimal, actual: Decimal, points: Decimal) -> Decimal:
    """The table of SCORING for 正向 and 反向 counts, one line at a time."""
    if sign == "≥":
        return points if actual >= target else actual / target * points
    if actual <= target:
        return points
    return D(0) if actual >= 2 * target else (1 - (actual - target) / target) * points


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("≥≤"), st.integers(1, 400), st.integers(0, 1000), st.integers(1, 30), st.integers(0, 2),
            st.integers(-2, 2),
        ),
        min_size=1,
        max_size=15,
    )
)  # fmt: skip
def test_counts_are_scored_as_plain_decimals_score_them(cases: list[tuple[str, int, int, int, int, int]]) -> None:
    """Self-scores that are right, or a few units of their last decimal away."""
    lines, expected = [], []
    for sign, target, actual, points, places, slip in cases:
        right = oracle(sign, D(target), D(actual), D(points))
        unit = D(1).scaleb(-places)
        own = right.quantize(unit, ROUND_HALF_UP) + slip * unit
        two = right.quantize(D("0.01"), ROUND_HALF_UP).quantize(unit, ROUND_HALF_UP)
        agrees = own in (right.quantize(unit, ROUND_HALF_UP), two)
        cut = own == right.quantize(unit, "ROUND_DOWN")
        expected.append("相符" if agrees else "尾差" if cut else "不符")
        lines.append(line(f"{sign}{target}个", f"{actual}个", str(points), str(own)))
    assert verdicts(scored(*lines)) == expected
