"""Wordings of 指标值 and 实际完成值 that people use: units of several steps, Chinese numerals, remarks in brackets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.ingest.figures.chinese_numerals import numeral
from gouji.ingest.figures.deadlines import in_time
from gouji.ingest.figures.measures import aligned, paired, parse_measure
from gouji.ingest.figures.written_units import known_unit
from tests.test_score_lines import line, row, scored, verdicts

COMPARED = """
15台（套）|10台（套）|15|10
15台（套）|10|15|10
15台（套）|10台|15|10
15台/套|10台（套）|15|10
15个（次）|12次|15|12
200人·次|90人·次|200|90
200人•次|90人次|200|90
500元/人·月|300元/人·月|500|300
500元/（人·月）|300元/月·人|500|300
0.05万元/人·月|300元/人·月|500|300
500元/人/月|400元/人/月|500|400
500元每人每月|400元/人·月|500|400
1.5万元/亩·年|3万元/亩·年|1.5|3
30元/㎡|28元/平方米|30|28
20人/天|15人/天|20|15
15颗|10颗|15|10
≥15根灯杆|10根灯杆|15|10
1.2万颗|11000颗|12000|11000
26℃|25℃|26|25
≥2倍|1.5倍|2|1.5
三次|两次|3|2
十二期|八期|12|8
二十人|十五人|20|15
一百二十户|105户|120|105
一百零五户|一百户|105|100
百分之九十五|百分之百|0.95|1
开展培训三次|开展培训两次|3|2
统一购置三台|统一购置两台|3|2
培训二十次|培训二十三次|20|23
零事故|2起|0|2
零事故|0起|0|0
100%（12/12）|83%（10/12）|1|0.83
3个（含续建1个）|2个（含续建1个）|3|2
≤1.5小时|90分钟|90|90
≤2000元|0.18万元|0.2|0.18
≥1200亩|80公顷|1200|1200
≥3000米|3.2公里|3000|3200
1年|12个月|12|12
""".split()  # fmt: skip
APART = """
15颗|10株 15颗|10 100%（12/12）|93%（10/12） 3个（含续建1个）|2个（含未完工1个） 5天|40小时 10亩|8℃
三期|二期 三级|二级 一批|两批 三季度|二季度 三五次|两次 几十人|20人 5A级|4A级 12月|10月 3类水质|4类水质
90%不达标|80%不达标 第3名|第5名 1:1|1:1.2 7×24小时|7×20小时 500元/人·月|300元/人·年 15个（次）|12人
""".split()


@pytest.mark.parametrize("case", COMPARED)
def test_figures_in_one_unit_are_compared(case: str) -> None:
    target, actual, *numbers = case.split("|")
    left, right, _ = paired(parse_measure(target), parse_measure(actual))
    assert aligned(left, right) == tuple(map(Decimal, numbers))


@pytest.mark.parametrize("case", APART)
def test_what_is_uncertain_is_not_compared(case: str) -> None:
    target, actual = case.split("|")
    left, right, _ = paired(parse_measure(target), parse_measure(actual))
    assert aligned(left, right) is None


@pytest.mark.parametrize(
    ("text", "count", "rest"),
    [("两次", 2, "次"), ("十人", 10, "人"), ("二十一", 21, ""), ("三百零六户", 306, "户"), ("一百一十个", 110, "个")],
)
def test_numerals(text: str, count: int, rest: str) -> None:
    assert numeral(text) == (count, rest)


@pytest.mark.parametrize("text", ["次", "三四次", "几十人", "二〇二三年", "一百五户", "十十", "数百户", "三千人"])
def test_what_is_no_one_numeral(text: str) -> None:
    assert numeral(text) is None


def test_units_have_one_spelling() -> None:
    assert known_unit("元/月·人") == known_unit("元/人/月") == known_unit("元每人每月") == "元/人·月"
    assert known_unit("人・次") == "人次"
    assert known_unit("元/颗") is None


@pytest.mark.parametrize(
    ("target", "actual", "due"),
    [
        ("15台（套）", "10台（套）", "10"),
        ("三次", "两次", "10"),
        ("≥2小时", "90分钟", "11.25"),
        ("200人·次", "210人·次", "15"),
    ],
)
def test_they_are_scored_as_quantities(target: str, actual: str, due: str) -> None:
    outcome = scored(line(target, actual, "15", due), line(target, actual, "15", str(Decimal(due) - 1)))
    assert verdicts(outcome) == ["相符", "不符"]


def test_what_costs_more_by_the_unit_costs_more() -> None:
    outcome = scored(line("1.5万元/亩·年", "3万元/亩·年", "10", "10", name="补贴标准", group="成本指标"))
    assert (verdicts(outcome), row(outcome)["kind"], row(outcome)["score"]) == (["不符"], "反向", 0.0)


def test_a_coarser_unit_leaves_more_open() -> None:
    """1.6小时 may be 93 to 99 minutes."""
    outcome = scored(line("≥100分钟", "1.6小时", "10", "9.5"), line("≥100分钟", "96分钟", "10", "9.5"))
    assert verdicts(outcome) == ["尾差", "不符"]


TOLD = """
15台|10个项目 15盏（路灯）|10盏 ≥120个|全部完成 12月底前完成|已完成 1:1|1:1.2 三期|2期 ≥1年|长期 ≥90分|优秀
1至2级|3级 15颗|10 零事故|1%
""".split()
QUIET = """
2023年度任务完成|已完成 12345热线服务|良好 5G网络覆盖|已覆盖 提升|提升 15台|15台 12月底前|按时完成 0起|未发生
零事故|无事故 7×24小时|7×24小时 ≥120个|未完成 完成|100% 全覆盖|80% 效果明显|较好 15台（套）|10台（套）
""".split()


def test_what_could_not_be_recomputed_is_told_once_for_a_table() -> None:
    lines = [line(*case.split("|"), "8", "8") for case in (*TOLD, *QUIET)]
    (finding,) = [candidate for candidate in scored(*lines).findings if candidate.rule == "T-19"]
    assert (finding.severity, finding.verdict) == ("提示", "无法核对")
    assert finding.message.startswith(
        f"有 {len(TOLD)} 项指标的指标值或完成值里有数，但写法不同、不能断定是否达到，自评得分无法复算，"
        "也没有指出得分是否偏高：A1 “指标”指标值“15台”，完成值“10个项目”；"
    )
    assert row(scored(lines[0]))["reason"] == "指标值或完成值里的数不能断定是否达到，无法复算"


@pytest.mark.parametrize("case", TOLD)
def test_a_figure_that_is_not_understood_is_told(case: str) -> None:
    assert "T-19" in [finding.rule for finding in scored(line(*case.split("|"), "8", "8")).findings]


@pytest.mark.parametrize("case", QUIET)
def test_words_and_what_was_judged_are_not(case: str) -> None:
    assert "T-19" not in [finding.rule for finding in scored(line(*case.split("|"), "8", "8")).findings]


@pytest.mark.parametrize(
    ("cases", "verdict"),
    [
        (
            "2023年12月底前完成|2024年2月完成 2023年6月30日前|2023.7.1 6月底前|8月完成 2023年底前完成|2024年1月5日竣工 "
            "2023年3月上旬|2023年3月11日",
            False,
        ),
        (
            "2023年12月底前完成|2023年12月完成 12月底前|11月30日 2023年6月30日前|2023.6.15 "
            "2023年12月31日前|2023年12月31日 2023年12月完成|已于2023年10月完成验收 "
            "2023年11月前|2023年10月31日 2023年底前|2023-12-31 6月前|5月底前完成",
            True,
        ),
        (
            "2023年12月前|2023年12月10日 2023年12月底前|11月完成 12月底前|2月完成 2023年12月底前|已完成 12月|1-2月 "
            "2023年12月底前|2023年11月开工 2023年12月底前|2023年11月未完成 2023年12月底前|预计2024年2月完成 "
            "2023年6月15日前|2023年6月完成 2023年2月30日前|2023年3月1日 2023年12月底前完成|2024年2月底前完成 6.30|7.15 "
            "2023年5月起|2023年6月 2月底前|12月完成",
            None,
        ),
    ],
)
def test_a_deadline_is_met_or_missed_only_where_that_is_certain(cases: str, verdict: bool | None) -> None:
    for case in cases.split():
        target, actual = (parse_measure(text).text for text in case.split("|"))
        assert in_time(target, actual) is verdict, case


def test_a_deadline_that_was_missed_earns_no_full_marks() -> None:
    outcome = scored(line("2023年12月底前完成", "2024年2月完成", "10", "10"), line("12月底前", "11月30日", "10", "10"))
    assert verdicts(outcome) == ["不符", "相符"]
    assert "完成时间晚于指标值的期限" in outcome.findings[0].message
    assert "T-19" not in [finding.rule for finding in outcome.findings]


@pytest.mark.parametrize(
    ("target", "actual", "due", "wrong"),
    [
        ("1000-1200人", "800人", "6.67 8", "10 8.1 6.6"),
        ("1000人至1200人", "1100人", "9.17 10", "9"),
        ("1000-1200人", "1500人", "10 5", "10.1"),
        ("≥1000人", "1000-1200人", "10", "9"),
        ("≥1000人", "800~900人", "8 9", "10 7.9"),
        ("约50场", "约20场", "4", "10 5"),
        ("约50场", "50场", "10", "9"),
        ("达到90%以上", "85%左右", "9.5", "10 8"),
        ("90%", "90%左右", "10 9.6", "9.4"),
        ("3±1次", "3次", "10", "7"),
        ("3±1次", "1次", "5 2.5", "10"),
        ("10-12盏灯", "8盏灯", "8", "10"),
        ("90%-95%", "80%", "8.5", "10"),
    ],
)
def test_a_range_leaves_open_what_its_ends_do(target: str, actual: str, due: str, wrong: str) -> None:
    rights, wrongs = due.split(), wrong.split()
    outcome = scored(*(line(target, actual, "10", self_score) for self_score in (*rights, *wrongs)))
    assert verdicts(outcome) == ["相符"] * len(rights) + ["不符"] * len(wrongs)
    assert "T-19" not in [finding.rule for finding in outcome.findings]


@pytest.mark.parametrize(
    "text", ["近50人", "12-10人", "3-5", "1-2月", "2021-2023年", "约50", "不超过3-5天", "-5-3个", "约"]
)
def test_what_is_no_range(text: str) -> None:
    assert paired(parse_measure(text), parse_measure("5人"))[0].until is None


def test_a_range_is_named() -> None:
    outcome = scored(line("1000-1200人", "800人", "10", "10"), line("≥100场", "约80场", "10", "10"))
    messages = [finding.message for finding in outcome.findings if finding.rule == "A-S1"]
    assert "指标值是一个范围，应得6.67分至8分" in messages[0]
    assert "完成值是一个范围（约数按上下5%），应得7.6分至8.4分" in messages[1]
    assert [finding.item for finding in outcome.findings if finding.rule == "T-10"] == ["指标1.实际完成值"]
