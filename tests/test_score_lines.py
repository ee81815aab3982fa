"""The lines of a 自评表: their kind, their score at the edges, and every self-score against an independent oracle."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.ingest.figures.measures import parse_measure
from gouji.score.projects.line_kind import kind_of
from gouji.score.projects.project import score_project
from gouji.score.result import Scored
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of

FORM = built_in().find("自评表@湖南-2020")
LOWER = ("成本", "时限", "投诉", "差错")
D = Decimal


def wide_of(rows: list[dict[str, Given]], lines: list[list[dict[str, Given]]]) -> Wide:
    return widen(FORM, returns_of(FORM, len(rows)), values_of(FORM, rows, [{"指标": entries} for entries in lines]))


def line(
    target: str | None,
    actual: str | None,
    points: str | None,
    self_score: str | None,
    *,
    name: str = "指标",
    group: str = "数量指标",
) -> dict[str, Given]:
    return {
        "line": name, "二级指标": group, "三级指标": name, "年度指标值": target, "实际完成值": actual,
        "分值": None if points is None else D(points), "得分": None if self_score is None else D(self_score),
    }  # fmt: skip


def scored(*lines: dict[str, Given]) -> Scored:
    """One return with these lines and nothing else."""
    wide = wide_of([{}], [[fields | {"line": f"{fields['line']}{number}"} for number, fields in enumerate(lines)]])
    return score_project(wide, Tables([wide]))


def verdicts(outcome: Scored, rule: str = "A-S1") -> list[str]:
    frame = outcome.verdicts
    return [str(verdict) for verdict in frame.loc[frame["rule"] == rule, "verdict"]]


def findings(outcome: Scored, rule: str = "A-S1") -> list[Any]:
    return [finding for finding in outcome.findings if finding.rule == rule]


def row(outcome: Scored, number: int = 0) -> dict[str, Any]:
    """The score row of the n-th line (the first row is 执行率)."""
    frame = outcome.scores.astype(object).where(outcome.scores.notna(), None)
    return dict(frame.iloc[number + 1])


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
    sort = kind_of(parse_measure(target), parse_measure(actual), name, group, LOWER)
    assert (sort.kind, " ".join(sort.possible)) == (kind, possible)


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
    outcome = scored(line(target, actual, points, str(score)))
    assert (row(outcome)["score"], verdicts(outcome)) == (score, ["相符"])
    assert findings(outcome) == []


def test_a_score_that_is_too_high_or_too_low_is_told_with_its_steps() -> None:
    outcome = scored(line("≥100%", "70%", "10", "10"), line("≥100%", "70%", "10", "5"))
    assert verdicts(outcome) == ["不符", "不符"]
    high, low = findings(outcome)
    assert (high.item, high.stated, high.expected, high.difference) == ("指标0.得分", "10分", "7分", 3.0)
    assert (high.cause, high.score_impact, high.severity) == (None, 3.0, "核实性")
    assert (low.cause, low.score_impact, low.difference) == (None, -2.0, -2.0)
    assert high.message == (
        "“指标”自评10分，复算应为7分，自评高3分。计算过程：完成值70%（A1），指标值≥100%（A1）；"
        "正向指标，完成70%，10分×70%，得7分。请核对后更正，或说明理由。"
    )


@pytest.mark.parametrize(
    ("self_score", "verdict"),
    [("9.33", "相符"), ("9.333", "相符"), ("9.3", "不符"), ("9", "不符"), ("9.34", "不符"), ("10", "不符")],
)
def test_a_self_score_is_the_exact_one_at_two_decimals(self_score: str, verdict: str) -> None:
    assert verdicts(scored(line("≥120个", "112个", "10", self_score))) == [verdict]


def test_the_rounding_of_an_actual_is_no_fault() -> None:
    """67 % may be 66.67 %; a whole count may not be anything else; a target that is met is met."""
    assert verdicts(scored(line("≥100%", "67%", "10", "6.67"))) == ["尾差"]
    assert verdicts(scored(line("≥100%", "67%", "10", "6.6"))) == ["不符"]
    assert verdicts(scored(line("≥3个", "2个", "10", "6.67"), line("≥3个", "2个", "10", "6.7"))) == ["相符", "不符"]
    assert verdicts(scored(line("≥100%", "100%", "10", "9.95"))) == ["不符"]


@pytest.mark.parametrize(
    ("target", "actual", "points", "self_score"),
    [
        ("100%", "95%", "10", "10"),
        ("≥95%", "90%", "10", "10"),
        ("≥95%", "0.9", "10", "10"),
        ("100%", "0.9", "10", "9.4"),
        ("≤100个", "104个", "10", "10"),
        ("≥95.3%", "95%", "50", "50"),
        ("≤10万元", "10.01万元", "50", "50"),
    ],
)
def test_a_target_that_is_missed_is_missed(target: str, actual: str, points: str, self_score: str) -> None:
    """However coarse the actual and the self-score are typed."""
    assert verdicts(scored(line(target, actual, points, self_score))) == ["不符"]


def test_a_doubtful_kind_is_at_fault_only_if_every_kind_is() -> None:
    """投诉办结率 100 % → 90 %: 10 as 反向, 9 as 正向, nothing else."""
    doubtful = [line("100%", "90%", "10", self_score, name="投诉办结率") for self_score in ("10", "9", "8")]
    outcome = scored(*doubtful)
    assert verdicts(outcome) == ["相符", "相符", "不符"]
    assert [row(outcome, number)["kind"] for number in range(3)] == ["反向", "正向", "反向"]
    assert [row(outcome, number)["score"] for number in range(3)] == [10.0, 9.0, 10.0]
    assert (row(outcome, 2)["low"], row(outcome, 2)["high"]) == (8.95, 10.0)
    assert row(outcome, 1)["reading"] == "正向（按反向不符，按正向相符）"


def test_an_overrun_cost_is_not_in_doubt() -> None:
    outcome = scored(line("10万元", "15万元", "10", "10", name="采购", group="成本指标"))
    assert (verdicts(outcome), row(outcome)["score"], row(outcome)["kind"]) == (["不符"], 5.0, "反向")


def test_an_actual_that_is_a_range_is_full_where_all_of_it_passes() -> None:
    outcome = scored(
        line("≥90%", "≥95%", "10", "10"),
        line("≥90%", "≥95%", "10", "9"),
        line("≥90%", "≥45%", "10", "5"),
        line("≥90%", "≥45%", "10", "4.9"),
        line("≥90%", "≤45%", "10", "5.1"),
        line("≤30分钟", "≤30分钟", "10", "10"),
        line("≤30分钟", "≥30分钟", "10", "3"),
    )
    assert verdicts(outcome) == ["相符", "不符", "相符", "不符", "不符", "相符", "相符"]
    assert [row(outcome, number)["score"] for number in (0, 2)] == [10.0, None]
    assert (row(outcome, 2)["low"], row(outcome, 2)["high"], row(outcome, 2)["reason"]) == (
        5.0,
        10.0,
        "完成值是一个范围",
    )
    ranges = findings(outcome, "T-10")
    assert [finding.item for finding in ranges] == [f"指标{number}.实际完成值" for number in range(7)]
    assert {(finding.severity, finding.verdict) for finding in ranges} == {("提示", "不符")}


@pytest.mark.parametrize(
    ("target", "actual", "self_score", "verdict"),
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
def test_lines_in_words_are_held_to_their_band(target: str, actual: str, self_score: str, verdict: str) -> None:
    outcome = scored(line(target, actual, "10", self_score))
    assert (verdicts(outcome), row(outcome)["kind"], row(outcome)["score"]) == ([verdict], "定性", None)


def _pairs(text: str) -> list[tuple[str, str]]:
    """Targets and actuals, `target|actual` each."""
    return [(target, actual) for target, _, actual in (pair.partition("|") for pair in text.split())]


MISSED = _pairs(
    "全部完成|未完成 全部完成|未全部完成 全部完成|部分完成 全部完成|95% 全覆盖|80% 达标|不达标 达标|未达标 "
    "达标|水质未达标 合格|不合格 是|否 否|是 及时|不及时 及时|逾期完成 按时完成|未按时完成 效果明显|不明显 "
    "完成方案编制|方案未完成 完成|尚未完成 发布报告|未发布 ≥120个|未完成 ≥95%|未达到 100%|部分达标 "
    "提升10%|下降5% 提升10%|持平 优|良 良好|一般 满意|不满意 √|×"
)
REACHED = _pairs(
    "全部完成|全部完成 全部完成|100% 达标|达标 不发生事故|未发生事故 无违规|未发现违规 不发生安全事故|未发生 "
    "及时|按时完成 按时完成|未逾期 控制支出增长|未增长 是|是 完成|已完成 提升|有所提升 合格|优秀 一批|一批 "
    "≤30天|未达到30天 0起|未发生 达标|无不达标 完成|完成，没有未完成事项 效果明显|较明显 降低能耗|未增加 "
    "优|优秀"
)


@pytest.mark.parametrize(("target", "actual"), MISSED)
def test_full_marks_for_a_target_that_words_say_was_missed(target: str, actual: str) -> None:
    outcome = scored(
        line(target, actual, "10", "10"), line(target, actual, "10", "7.9"), line(target, actual, "10", "0")
    )
    assert verdicts(outcome) == ["不符", "相符", "相符"]
    (finding,) = findings(outcome)
    assert finding.stated == "10分" and "低0分" not in finding.message and "高0分" not in finding.message


@pytest.mark.parametrize(("target", "actual"), REACHED)
def test_full_marks_for_a_target_that_was_reached(target: str, actual: str) -> None:
    assert verdicts(scored(line(target, actual, "10", "10"))) == ["相符"]


@pytest.mark.parametrize(
    ("target", "actual", "due", "kind"),
    [
        ("提升10%", "提升5%", "5", "正向"),
        ("提升10%", "提升12%", "10", "正向"),
        ("下降10%", "下降5%", "5", "正向"),
        ("同比增长10%以上", "同比增长9%", "9", "正向"),
        ("增幅不超过50%", "增幅60%", "8", "反向"),
        ("提升到80%", "76%", "9.5", "正向"),
        ("降低到50%", "60%", "8", "反向"),
        ("控制在100万元", "110万元", "9", "反向"),
        ("完成100%", "完成70%", "7", "正向"),
        ("大于100个", "90个", "9", "正向"),
        ("不少于100个", "完成90个", "9", "正向"),
        ("不高于100个", "110个", "9", "反向"),
        ("100个以下", "110个", "9", "反向"),
        ("1万", "1000", "1", "正向"),
        ("1万人次", "9000", "9", "正向"),
        ("1亿元", "9000万元", "9", "正向"),
        ("购置电脑10台", "购置电脑8台", "8", "正向"),
        ("合格率100%", "95%", "9.5", "正向"),
    ],
)  # fmt: skip
def test_quantities_in_words_are_scored_as_quantities(target: str, actual: str, due: str, kind: str) -> None:
    outcome = scored(line(target, actual, "10", due), line(target, actual, "10", str(D(due) - D("0.6"))))
    assert (verdicts(outcome), row(outcome)["kind"]) == (["相符", "不符"], kind)


def test_a_figure_of_ten_thousands_beside_a_bare_one_may_mean_either() -> None:
    assert verdicts(scored(line("359万", "360", "10", "10"), line("359万", "340", "10", "5"))) == ["相符", "相符"]
    cost = [line("50万", "60", "10", self_score, name="采购", group="成本指标") for self_score in ("8", "10")]
    assert verdicts(scored(*cost)) == ["相符", "不符"]


def test_less_than_a_target_is_not_the_target() -> None:
    outcome = scored(line("≥95%", "不足95%", "10", "10"), line("≥95%", "不足95%", "10", "9.9"))
    assert verdicts(outcome) == ["不符", "相符"]


def test_a_date_is_judged_no_further() -> None:
    outcome = scored(line("!unreadable", "!unreadable", "20", "20"), line("≥5个", "!unreadable", "20", "20"))
    assert verdicts(outcome) == ["无法核对", "无法核对"]
    assert (row(outcome)["score"], row(outcome)["low"], row(outcome)["high"]) == (None, 0.0, 20.0)


def test_a_band_is_told_and_the_nearer_end_is_the_measure() -> None:
    (finding,) = findings(scored(line("提升", "提升", "10", "6")))
    assert (finding.expected, finding.difference, finding.cause) == ("8分至10分", -2.0, None)


def test_missing_figures_are_never_a_score() -> None:
    outcome = scored(
        line("≥5个", None, "10", "10"),
        line("≥5个", "!not_applicable", "10", "10"),
        line(None, "5个", "10", "10"),
        line("≥5个", "!error", "10", "10"),
        line("≥5个", "5个", "10", None),
        line("≥5个", "5个", None, "10"),
        line("≥5个", "5个", None, None),
    )
    assert verdicts(outcome) == ["无法核对"] * 5
    assert [finding.item for finding in findings(outcome)] == [f"指标{number}.得分" for number in range(4)]
    assert [row(outcome, number)["reason"] for number in range(4)] == [
        "“实际完成值”未填", "“实际完成值”填了不适用", "“年度指标值”未填", "“实际完成值”是错误值",
    ]  # fmt: skip
    assert (row(outcome, 0)["low"], row(outcome, 0)["high"]) == (0.0, 10.0)
    assert row(outcome, 5)["reason"] == "“分值”未填"
    assert len(outcome.scores) == 7
    assert findings(outcome)[0].message == "“指标”自评10分，无法复算：“实际完成值”未填。请补填后再核对。"


def test_far_more_than_the_target_is_pointed_out() -> None:
    explained = line("≥100个", "150个", "10", "10") | {"偏差原因": "年中追加任务"}
    outcome = scored(
        line("≥100个", "119个", "10", "10"),
        line("≥100个", "120个", "10", "10"),
        line("≥100个", "129个", "10", "10"),
        line("≥100个", "130个", "10", "10"),
        explained,
        line("≤100个", "150个", "10", "5"),
        line("≥100个", "≥150个", "10", "10"),
        line("提升", "提升", "10", "10"),
    )
    assert verdicts(outcome, "A-S5") == ["相符", "不符", "不符", "不符", "不符"]
    pointed_out = [(finding.item, finding.severity) for finding in findings(outcome, "A-S5")]
    assert pointed_out == [
        ("指标1.实际完成值", "提示"),
        ("指标2.实际完成值", "提示"),
        ("指标3.实际完成值", "核实性"),
        ("指标4.实际完成值", "提示"),
    ]
    assert verdicts(outcome) == ["相符"] * 8


def oracle(sign: str, target: Decimal, actual: Decimal, points: Decimal) -> Decimal:
    """The table of SCORING for 正向 and 反向 counts, one line at a time."""
    if sign == "≥":
        return points if actual >= target else actual / target * points
    if actual <= target:
        return points
    return D(0) if actual >= 2 * target else (1 - (actual - target) / target) * points


@pytest.mark.in_turn("long")
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
        self_score = right.quantize(unit, ROUND_HALF_UP) + slip * unit
        agrees = abs(self_score - right) <= D("0.005")
        cut = self_score == right.quantize(D("0.01"), "ROUND_DOWN")
        expected.append("相符" if agrees else "尾差" if cut else "不符")
        lines.append(line(f"{sign}{target}个", f"{actual}个", str(points), str(self_score)))
    assert verdicts(scored(*lines)) == expected
