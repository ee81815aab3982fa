"""A 评分表 with reversed, open and overlapping rules: which self-scores pass, and how the rest is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gouji.score.result import Scored
from gouji.score.sheets.sheet import score_sheet
from gouji.templates.form import Form
from gouji.validate.figures import Tables
from gouji.validate.wide import widen
from tests.definitions import load_form
from tests.frames import Given, returns_of, values_of

D = Decimal
FORM = """
form: 试评表
edition: 测试
short: 试评
basis: 测试
page: {orientation: landscape, widths: [9, 9, 9, 6, 30, 30, 9]}
blocks:
  - title: 试评表
  - grid: 数据
    columns:
      - {id: 调整数, kind: amount}
      - {id: 预算数, kind: amount}
      - {id: 推迟月数, kind: count}
      - {id: 超支数, kind: amount, signed: true}
      - {id: 超时率, kind: rate, signed: true}
      - {id: 重点支出, kind: amount}
      - {id: 满意率, kind: rate}
  - scores: 评分
    levels: [一级, 二级, 三级]
    sections: {甲: 40, 乙: 40}
    indicators:
      - id: 预算调整率
        under: [甲, 乙]
        points: 3
        rule:
          {kind: step, rate: 调整数 / 预算数, threshold: 100%, bad: below, per: 5, deduct: 1,
          meant: {threshold: 0%, bad: above}}
      - id: 到位及时率
        under: [甲, 乙]
        points: 2
        rule: {kind: step, rate: 推迟月数, unit: 个月, threshold: 1, bad: above, per: 1, deduct: 1}
      - id: 产出成本
        under: [甲, 乙]
        points: 3
        rule: {kind: ratio, reverse: true, rate: 超支数 / 预算数}
      - id: 完成及时性
        under: [甲, 乙]
        points: 10
        rule:
          kind: band
          rate: 超时率
          printed_full: 5
          bands: [{upto: 0%, points: 5}, {over: 30%, points: 0}]
      - id: 重点支出安排率
        under: [甲, 乙]
        points: 2
        rule: {kind: step, rate: 重点支出 / 预算数, threshold: 50%, bad: below, strict: true, per: 1, deduct: 0.5}
      - id: 满意度
        under: [甲, 乙]
        points: 10
        rule:
          kind: band
          rate: 满意率
          bands: [{from: 90%, points: 10}, {from: 60%, upto: 90%, points: 6}, {below: 60%, points: 0}]
      - id: 工作质量
        under: [甲, 乙]
        points: 5
        rule: {kind: judge, ranges: [{text: 优, from: 4, upto: 5}, {text: 合格, from: 3, upto: 4}, {text: 差, at: 0}]}
      - id: 资金使用
        under: [甲, 乙]
        points: 7
        rule: {kind: deduct, events: [{text: 虚列, least: 4, most: 7}, {text: 超标准, least: 2, most: 5}]}
scoring:
  sheet: {id: F-S1, attainable: F-S2, table: 评分}
"""


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    path = tmp_path_factory.mktemp("forms") / "试评表" / "测试.yaml"
    path.parent.mkdir()
    path.write_text(FORM, encoding="utf-8")
    return load_form(path)


def scored(form: Form, indicator: str, *rows: tuple[str, dict[str, Given]]) -> Scored:
    """Self-score and figures of R0, R1, …"""
    items: list[dict[str, Given]] = [figures | {f"{indicator}.得分": D(score)} for score, figures in rows]
    wide = widen(form, returns_of(form, len(rows)), values_of(form, items))
    return score_sheet(wide, Tables([wide]))


def rows_of(outcome: Scored, indicator: str) -> list[dict[str, Any]]:
    frame = outcome.scores[outcome.scores["indicator"] == indicator]
    return list(frame.astype(object).where(frame.notna(), None).to_dict("records"))


def verdicts(outcome: Scored, indicator: str, rule: str = "F-S1") -> list[str]:
    frame = outcome.verdicts
    return [
        str(verdict)
        for verdict in frame.loc[(frame["rule"] == rule) & (frame["item"] == f"{indicator}.得分"), "verdict"]
    ]


def adjusted(amount: str, budget: str = "100.00") -> dict[str, Given]:
    return {"调整数": D(amount), "预算数": D(budget)}


def test_a_reversed_rule_fails_only_where_both_directions_do(form: Form) -> None:
    """7.5 % adjusted: as meant 3 less one or two steps or 1.5, as printed nothing."""
    self_scores = ("2", "1", "1.5", "0", "3", "2.5")
    outcome = scored(form, "预算调整率", *((score, adjusted("7.50")) for score in self_scores))
    assert verdicts(outcome, "预算调整率") == ["相符"] * 4 + ["不符"] * 2
    rows = rows_of(outcome, "预算调整率")
    assert [row["reading"] for row in rows] == [
        "按整步，按应有的方向", "不足一步按一步，按应有的方向", "按比例，按应有的方向", "按整步，按表上印的方向",
        "按整步，按应有的方向", "按整步，按应有的方向",
    ]  # fmt: skip
    assert [row["score"] for row in rows] == [2.0, 1.0, 1.5, 0.0, 2.0, 2.0]
    assert {(row["low"], row["high"]) for row in rows} == {(0.0, 2.0)}


def test_a_reversed_rule_is_told_in_both_directions(form: Form) -> None:
    outcome = scored(form, "预算调整率", ("3", adjusted("7.50")), ("2", adjusted("120.00")), ("1", adjusted("0.00")))
    high, over, none = (finding for finding in outcome.findings if finding.rule == "F-S1")
    assert (high.stated, high.expected) == ("3分", "2分（按应有的方向）或0分（按表上印的方向）")
    assert (high.difference, high.score_impact, high.cause) == (1.0, 1.0, None)
    assert high.message == (
        "“预算调整率”自评3分，复算应为2分（按应有的方向）或0分（按表上印的方向），自评高1分。"
        "计算过程：调整数7.5（A1）÷预算数100（A1）＝7.5%；"
        "按应有的方向，超过0%达7.5个百分点，扣1分，得2分；按表上印的方向，低于100%达92.5个百分点，扣18分，得0分。"
        "请核对后更正，或说明理由。"
    )
    assert (over.expected, over.difference) == ("0分（按应有的方向）或3分（按表上印的方向）", 2.0)
    assert (none.expected, none.difference, none.cause) == ("3分（按应有的方向）或0分（按表上印的方向）", -2.0, None)


def test_one_score_is_named_once_where_both_directions_give_it(form: Form) -> None:
    outcome = scored(form, "预算调整率", ("1", adjusted("50.00")))
    assert [finding.expected for finding in outcome.findings if finding.rule == "F-S1"] == ["0分"]


def test_months_are_counted_as_months(form: Form) -> None:
    months = [{"推迟月数": D(count)} for count in ("0", "1", "2", "3", "5")]
    outcome = scored(form, "到位及时率", *zip(("2", "2", "1", "0", "1"), months, strict=True))
    assert verdicts(outcome, "到位及时率") == ["相符", "相符", "相符", "相符", "不符"]
    rows = rows_of(outcome, "到位及时率")
    assert rows[1]["trace"] == "推迟月数1（A1）＝1个月；不超过1个月，得2分"
    assert rows[4]["trace"] == "推迟月数5（A1）＝5个月；超过1个月达4个月，扣4分，得0分"


def test_months_left_blank_are_not_no_delay(form: Form) -> None:
    blanks: list[Given] = [None, "!not_applicable", "!error"]
    outcome = scored(form, "到位及时率", *(("2", {"推迟月数": blank}) for blank in blanks))
    assert verdicts(outcome, "到位及时率") == ["无法核对"] * 3
    assert [(row["score"], row["low"], row["high"]) for row in rows_of(outcome, "到位及时率")] == [(None, 0.0, 2.0)] * 3


def test_an_overrun_costs_its_share(form: Form) -> None:
    figures = [{"超支数": D(figure), "预算数": D("50.00")} for figure in ("10.00", "0.00", "-5.00", "60.00")]
    outcome = scored(form, "产出成本", *zip(("2.4", "3", "3", "0.5"), figures, strict=True))
    assert verdicts(outcome, "产出成本") == ["相符", "相符", "相符", "不符"]
    assert [row["trace"].partition("；")[2] for row in rows_of(outcome, "产出成本")] == [
        "3分×（1－20%），得2.4分", "3分×（1－0%），得3分", "3分×（1－0%），得3分", "3分×（1－100%），得0分",
    ]  # fmt: skip
    assert {row["reading"] for row in rows_of(outcome, "产出成本")} == {None}


def test_an_overrun_of_nothing_planned_is_not_known(form: Form) -> None:
    outcome = scored(form, "产出成本", ("3", {"超支数": D(0), "预算数": D(0)}), ("3", {"超支数": D(2), "预算数": D(0)}))
    assert verdicts(outcome, "产出成本") == ["无法核对", "无法核对"]
    assert [row["reason"] for row in rows_of(outcome, "产出成本")] == [
        "分子、分母都是 0，没有比率",
        "分母是 0，没有比率",
    ]


def late(rate: str) -> dict[str, Given]:
    return {"超时率": D(rate)}


def test_between_the_bands_a_range_is_due_and_the_reason_says_so(form: Form) -> None:
    self_scores = ("0", "3.5", "8", "10")
    outcome = scored(form, "完成及时性", *((score, late("0.1500")) for score in self_scores), ("5", late("0.4000")))
    assert verdicts(outcome, "完成及时性") == ["相符"] * 4 + ["不符"]
    rows = rows_of(outcome, "完成及时性")
    why = "评价标准没有规定0%至30%（含）得几分，0分至10分都可以"
    assert [(row["score"], row["low"], row["high"], row["reason"]) for row in rows] == [
        *[(None, 0.0, 10.0, why)] * 4,
        (0.0, 0.0, 0.0, None),
    ]
    assert [row["reading"] for row in rows[:4]] == ["按分档", "按分档", "按分档，满分按10分", "按分档，满分按10分"]
    assert rows[0]["trace"] == f"超时率15%（A1）＝15%；{why}"
    (wrong,) = (finding for finding in outcome.findings if finding.rule == "F-S1")
    assert (wrong.return_id, wrong.expected, wrong.difference) == ("R4", "0分", 5.0)


def test_full_marks_of_either_figure_are_accepted(form: Form) -> None:
    outcome = scored(form, "完成及时性", *((score, late("-0.0500")) for score in ("5", "10", "7")))
    assert verdicts(outcome, "完成及时性") == ["相符", "相符", "不符"]
    assert [row["score"] for row in rows_of(outcome, "完成及时性")] == [5.0, 10.0, 5.0]
    assert [finding.expected for finding in outcome.findings if finding.rule == "F-S1"] == ["5分或10分"]


def satisfied(rate: str) -> dict[str, Given]:
    return {"满意率": D(rate)}


def test_either_of_two_overlapping_bands_is_accepted(form: Form) -> None:
    """90.00 % ± 0.005 points: exactly on the edge that both bands include."""
    outcome = scored(form, "满意度", *((score, satisfied("0.9000")) for score in ("10", "6", "0")))
    assert verdicts(outcome, "满意度") == ["相符", "相符", "不符"]
    (wrong,) = (finding for finding in outcome.findings if finding.rule == "F-S1")
    assert wrong.expected == "10分或6分"
    assert wrong.message.startswith("“满意度”自评0分，复算应为10分或6分，自评低10分。")
    assert rows_of(outcome, "满意度")[1]["trace"].endswith("同时落在几档（10分、6分），按所在档得6分")
    assert [row["reading"] for row in rows_of(outcome, "满意度")] == ["按分档", "按分档，取第2个符合的档", "按分档"]


def half(amount: str) -> dict[str, Given]:
    return {"重点支出": D(amount), "预算数": D("100.00")}


def test_exactly_half_is_accepted_as_enough_and_as_not_enough(form: Form) -> None:
    outcome = scored(form, "重点支出安排率", *((score, half("50.00")) for score in ("2", "1.5", "0.5")))
    assert verdicts(outcome, "重点支出安排率") == ["相符", "相符", "不符"]
    traces = [row["trace"].partition("；")[2] for row in rows_of(outcome, "重点支出安排率")]
    assert traces[:2] == [
        "正好等于50%，评价标准没有规定是否达标，得2分",
        "正好等于50%，评价标准没有规定是否达标，扣0.5分，得1.5分",
    ]
    more = scored(form, "重点支出安排率", ("2", half("63.00")), ("1.5", half("49.00")))
    assert verdicts(more, "重点支出安排率") == ["相符", "相符"]
    assert [row["trace"].partition("；")[2] for row in rows_of(more, "重点支出安排率")] == [
        "超过50%，得2分", "低于50%达1个百分点，扣0.5分，得1.5分",
    ]  # fmt: skip


def test_scores_outside_the_printed_ranges_cannot_be(form: Form) -> None:
    quality = scored(form, "工作质量", *((score, {}) for score in ("0", "2.5", "3", "4.2", "5")))
    assert verdicts(quality, "工作质量", "F-S2") == ["相符", "不符", "相符", "相符", "相符"]
    (finding,) = quality.findings
    assert (finding.rule, finding.expected) == ("F-S2", "0、3至5分")
    assert finding.message == "“工作质量”自评2.5分，按评价标准只能得0、3至5分。请按评价标准重新评分，或说明理由。"
    use = scored(form, "资金使用", *((score, {}) for score in ("7", "6", "5", "0.5")))
    assert verdicts(use, "资金使用", "F-S2") == ["相符", "不符", "相符", "相符"]
    assert [(row["low"], row["high"], row["score"]) for row in rows_of(use, "资金使用")] == [(0.0, 7.0, None)] * 4
