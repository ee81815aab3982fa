"""The 评分表 of many units at once: which figures it is scored from, what is found, and how it is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gouji.score.result import Scored
from gouji.score.sheets.sheet import score_sheet
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of

SHEET, BASE = built_in().find("评分表"), built_in().find("基础数据表@衡山县-2021")
D = Decimal
Rows = list[dict[str, Given]]


def wide_of(form: Any, rows: Rows, **more: Any) -> Wide:
    return widen(form, returns_of(form, len(rows), **more), values_of(form, rows))


def scored(self_scores: Rows, base: Rows | None = None) -> Scored:
    """Self-scores (indicator → score) and the 基础数据表 of the same units, U0, U1, …"""
    sheet = wide_of(SHEET, [{f"{name}.得分": score for name, score in row.items()} for row in self_scores])
    tables = [sheet] if base is None else [sheet, wide_of(BASE, base)]
    return score_sheet(sheet, Tables(tables))


def people(count: str, quota: str | None) -> dict[str, Given]:
    return {"实际在职人数": D(count), "编制数": None if quota is None else D(quota)}


def rows_of(outcome: Scored, indicator: str) -> list[dict[str, Any]]:
    frame = outcome.scores[outcome.scores["indicator"] == indicator]
    return list(frame.astype(object).where(frame.notna(), None).to_dict("records"))


def verdicts(outcome: Scored, rule: str, indicator: str) -> list[str]:
    frame = outcome.verdicts
    return [
        str(verdict)
        for verdict in frame.loc[(frame["rule"] == rule) & (frame["item"] == f"{indicator}.得分"), "verdict"]
    ]


def findings(outcome: Scored, rule: str) -> list[Any]:
    return [finding for finding in outcome.findings if finding.rule == rule]


STAFF, OFFICE, BUILDING = "在职人员控制率", "公用经费控制率", "楼堂馆所面积控制率"


def test_each_return_is_scored_from_its_own_units_figures() -> None:
    outcome = scored(
        [{STAFF: D(5)}, {STAFF: D(5)}, {STAFF: D("4.5")}, {STAFF: D("2.5")}],
        [people("15", "25"), people("27", "25"), people("101", "100"), people("21", "20")],
    )
    assert [row["score"] for row in rows_of(outcome, STAFF)] == [5.0, 1.0, 4.5, 2.5]
    assert verdicts(outcome, "F-S1", STAFF) == ["相符", "不符", "相符", "相符"]
    assert verdicts(outcome, "F-S2", STAFF) == ["相符"] * 4
    (finding,) = findings(outcome, "F-S1")
    assert (finding.return_id, finding.item, finding.stated, finding.expected) == (
        "R1",
        "在职人员控制率.得分",
        "5分",
        "1分",
    )
    assert (finding.difference, finding.score_impact, finding.cause, finding.severity) == (4.0, 4.0, None, "核实性")
    assert finding.message == (
        "“在职人员控制率”自评5分，复算应为1分，自评高4分。计算过程：2021年实际在职人数27（A1）÷编制数25（A1）＝108%；"
        "超过100%达8个百分点，扣4分，得1分。请核对后更正，或说明理由。"
    )
    assert rows_of(outcome, STAFF)[0]["trace"] == ("2021年实际在职人数15（A1）÷编制数25（A1）＝60%；不超过100%，得5分")


def test_three_ways_of_counting_steps_are_accepted_and_named() -> None:
    """41/40 is 2.5 points above: 2, 3 or 2.5 steps of half a point."""
    base = [people("41", "40")] * 5
    outcome = scored([{STAFF: D(self_score)} for self_score in ("4", "3.5", "3.75", "4.25", "3.8")], base)
    assert verdicts(outcome, "F-S1", STAFF) == ["相符", "相符", "相符", "不符", "不符"]
    rows = rows_of(outcome, STAFF)
    assert [row["reading"] for row in rows] == ["按整步", "不足一步按一步", "按比例", "按整步", "按整步"]
    assert [row["score"] for row in rows] == [4.0, 3.5, 3.75, 4.0, 4.0]
    assert {(row["low"], row["high"]) for row in rows} == {(3.5, 4.0)}
    assert findings(outcome, "F-S1")[0].score_impact == 0.25


def test_the_rounding_of_the_amounts_is_no_fault() -> None:
    """2.02/2.00 is 101 %; at two decimals it may be anything from 100.5 % to 101.5 %: nothing or one point off."""
    spent = {"公用经费.本年决算数": D("2.02"), "公用经费.本年预算数": D("2.00")}
    outcome = scored([{OFFICE: D("7")}, {OFFICE: D("8")}, {OFFICE: D("5")}], [spent] * 3)
    assert verdicts(outcome, "F-S1", OFFICE) == ["相符", "尾差", "不符"]
    assert [finding.severity for finding in findings(outcome, "F-S1")] == ["提示", "核实性"]


def test_what_is_missing_is_named_and_never_scored() -> None:
    outcome = scored(
        [{STAFF: D(5)}, {STAFF: D(5)}, {STAFF: None}], [people("15", None), people("3", "0"), people("15", "25")]
    )
    assert verdicts(outcome, "F-S1", STAFF) == ["无法核对"] * 3
    rows = rows_of(outcome, STAFF)
    assert [(row["score"], row["low"], row["high"]) for row in rows] == [
        (None, 0.0, 5.0),
        (None, 0.0, 5.0),
        (5.0, 5.0, 5.0),
    ]
    assert rows[1]["reason"] == "分母是 0，没有比率"
    unchecked = findings(outcome, "F-S1")
    assert [finding.return_id for finding in unchecked] == ["R0", "R1"]
    assert unchecked[0].message == (
        "“在职人员控制率”自评5分，无法复算：缺少“编制数”（“部门整体支出绩效评价基础数据表”里没有填）。请补齐，补齐后才能复算。"
    )
    assert (unchecked[0].stated, unchecked[0].expected, unchecked[0].difference) == ("5分", None, None)


def test_a_table_that_was_not_received_is_named() -> None:
    outcome = scored([{STAFF: D(5)}])
    assert rows_of(outcome, STAFF)[0]["reason"] == (
        "缺少“2021年实际在职人数”“编制数”（没有收到该单位可用的“部门整体支出绩效评价基础数据表”）"
    )


def test_evidence_that_no_table_holds_is_asked_for() -> None:
    outcome = scored([{"预算控制率": D(4)}])
    (finding,) = findings(outcome, "F-S1")
    assert finding.message == (
        "“预算控制率”自评4分，无法复算：缺少“本年追加”“年初预算”（本版表格没有）。需要另附这些数据作为评分依据，才能复算。"
    )


def test_without_a_building_full_marks_need_a_nought_or_a_word() -> None:
    nothing: dict[str, Given] = {"实际规模": D(0), "批复规模": D(0)}
    words: dict[str, Given] = {"实际规模": "!not_applicable", "批复规模": "!not_applicable"}
    half: dict[str, Given] = {"实际规模": D(0)}
    outcome = scored([{BUILDING: D(5)}] * 4, [nothing, words, {}, half])
    assert verdicts(outcome, "F-S1", BUILDING) == ["相符", "相符", "无法核对", "无法核对"]
    assert rows_of(outcome, BUILDING)[1]["trace"].endswith("已注明没有该类项目，按规则得满分5分")
    assert rows_of(outcome, BUILDING)[0]["trace"].endswith("都是0，按规则得满分5分")
    unchecked = findings(outcome, "F-S1")
    assert len(unchecked) == 2
    assert unchecked[0].message.endswith("如没有该类项目，请在表中填 0 或“无”；如有，请补填后再核对。")


@pytest.mark.parametrize(
    ("indicator", "full", "inputs"),
    [
        ("楼堂馆所投资概算控制率", 5, ("实际投资", "预算投资")),
        ("政府采购执行率", 6, ("政府采购金额.本年决算数", "政府采购金额.本年预算数")),
    ],
)
def test_what_a_unit_does_not_have_is_nothing_planned_and_nothing_spent(
    indicator: str, full: int, inputs: tuple[str, str]
) -> None:
    """Said as 0 or in words; a blank says nothing, and one word beside a figure does not either."""
    words: dict[str, Given] = dict.fromkeys(inputs, "!not_applicable")
    noughts: dict[str, Given] = dict.fromkeys(inputs, D(0))
    outcome = scored([{indicator: D(full)}] * 4, [words, noughts, {}, words | {inputs[0]: D(5)}])
    assert verdicts(outcome, "F-S1", indicator) == ["相符", "相符", "无法核对", "无法核对"]


def test_self_scores_that_the_criteria_cannot_yield() -> None:
    outcome = scored(
        [
            {
                "管理制度健全性": D(7),
                "行政效能": D(5),
                "经济效益和社会效益": D("7.5"),
                "资金使用合规性": D("5.5"),
                "预算控制率": D(1),
            },
            {
                "管理制度健全性": D(6),
                "行政效能": D(3),
                "经济效益和社会效益": D(10),
                "资金使用合规性": D(5),
                "预算控制率": D(2),
            },
            {"管理制度健全性": D(10), "行政效能": D(-3)},
        ]
    )
    impossible = [(finding.return_id, finding.item, finding.expected) for finding in findings(outcome, "F-S2")]
    assert sorted(impossible) == [
        ("R0", "管理制度健全性.得分", "0、2、4、6、8分"),
        ("R0", "行政效能.得分", "0、3、6分"),
        ("R0", "资金使用合规性.得分", "0、1、2、3、4、5、6分"),
        ("R0", "预算控制率.得分", "0、2、3、4、5分"),
        ("R2", "行政效能.得分", "0、3、6分"),
    ]
    # 10 of 8 is reported by the form's own check of 得分 ≤ 分值.
    assert verdicts(outcome, "F-S2", "管理制度健全性") == ["不符", "相符", "不符"]
    assert verdicts(outcome, "F-S2", "预算控制率") == ["不符", "相符", "无法核对"]
    assert findings(outcome, "F-S2")[0].message.startswith("“预算控制率”自评1分，按评价标准只能得0、2、3、4、5分。")


def test_two_tables_of_one_unit_settle_nothing() -> None:
    sheet = wide_of(SHEET, [{f"{STAFF}.得分": D(5)}], unit="同一单位")
    base = wide_of(BASE, [people("15", "25"), people("27", "25")], unit="同一单位")
    assert verdicts(score_sheet(sheet, Tables([sheet, base])), "F-S1", STAFF) == ["无法核对"]


def test_rows_stand_return_by_return_with_totals_below() -> None:
    full = {indicator: D(block.indicators[place].points) for indicator, (block, place) in SHEET.indicators.items()}
    outcome = scored([full, {STAFF: D(5)}, {}], [people("15", "25"), people("15", "25"), {}])
    assert outcome.scores["return_id"].tolist() == ["R0"] * 16 + ["R1"] * 16 + ["R2"] * 16
    assert outcome.scores["indicator"].tolist()[:16] == list(SHEET.indicators)
    totals = outcome.totals.astype(object).where(outcome.totals.notna(), None).to_dict("records")
    assert [row["self_total"] for row in totals] == [100.0, 5.0, None]
    assert [row["self_grade"] for row in totals] == ["优", None, None]
    assert [(row["score_total"], row["low"], row["high"], row["grade"]) for row in totals[:2]] == [
        (None, 5.0, 100.0, None)
    ] * 2
