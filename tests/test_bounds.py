"""What cannot be: bounds that every form inherits, and that no score is earned by an impossible figure."""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from gouji.score.projects.project import score_project
from gouji.score.sheets.sheet import score_sheet
from gouji.templates.catalogue import built_in
from gouji.templates.definition import Definition
from gouji.templates.errors import DefinitionError
from gouji.templates.form import Form
from gouji.templates.supplement import supplement
from gouji.validate.check import Checked, check_rules
from gouji.validate.figures import Tables
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of
from tests.rotation import rotated

BASE, SHEET, PROJECT = (
    built_in().find("基础数据表@衡山县-2021"),
    built_in().find("评分表"),
    built_in().find("自评表@湖南-2020"),
)
REPORT, PROJECT_REPORT = built_in().find("整体自评报告"), built_in().find("项目自评报告@汨罗市-2018")
D = Decimal
Rows = list[dict[str, Given]]


def wide_of(form: Form, rows: Rows, lines: Any = (), **more: Any) -> Wide:
    return widen(form, returns_of(form, len(rows), **more), values_of(form, rows, lines))


def bounds_broken(form: Form, row: dict[str, Given], lines: Any = ()) -> list[tuple[str, str, str]]:
    checked = check_rules(wide_of(form, [row], [lines] if lines else ()), Tables())
    bounds = [finding for finding in checked.findings if finding.rule.startswith("N-")]
    assert all(finding.severity == "强制性" and finding.cell == "A1" for finding in bounds)
    return sorted((finding.rule, str(finding.item), finding.verdict) for finding in bounds)


def figures_of(form: Form) -> list[Any]:
    return [item for item in form.items.values() if item.is_figure and item.fixed is None]


def every_form() -> list[Form]:
    forms = built_in().forms
    return [*forms, *(evidence for evidence in map(supplement, forms) if evidence is not None)]


def of_bounds(form: Form) -> Form:
    """The form without its other rules: most figures of a sheet that has one figure cannot be checked otherwise."""
    bare = copy(form)
    bare.__dict__["rules"] = []
    return bare


def told_one_by_one(form: Form, value: Given) -> set[tuple[str, str]]:
    """(rule, item) of the bounds that are broken where each figure of a form, fixed or of a line, is that one."""
    rows: Rows = [{item.id: value} for item in figures_of(form)]
    columns = [(spec.id, name) for spec in form.lists.values() for name, item in spec.columns.items() if item.is_figure]
    lines: list[Any] = [{} for _ in rows] + [{name: [{"line": "甲", column: value}]} for name, column in columns]
    wide = wide_of(of_bounds(form), [*rows, *({} for _ in columns)], lines)
    owners = [*(item.id for item in figures_of(form)), *(f"{name}.{column}" for name, column in columns)]
    broken = set()
    for finding in check_rules(wide, Tables()).findings:
        if finding.rule.startswith("N-") and finding.verdict == "不符":
            place = owners[int(str(finding.return_id).removeprefix("R"))]
            assert str(finding.item).rpartition(".")[2] == place.rpartition(".")[2]
            broken.add((finding.rule, place))
    return broken


def all_figures(form: Form) -> list[Any]:
    columns = [item for spec in form.lists.values() for item in spec.columns.values() if item.is_figure]
    return [*figures_of(form), *columns]


@pytest.mark.parametrize("form", rotated("negative", every_form(), 6), ids=lambda form: form.key)
def test_a_negative_figure_is_told_wherever_it_stands(form: Form) -> None:
    """Every figure of every form unless it may be negative; a rate or score that is worked out follows its inputs."""
    wanted = {
        item.id
        for item in all_figures(form)
        if not item.signed and not (item.id in form.computed and item.kind in ("rate", "points"))
    }
    assert {item for rule, item in told_one_by_one(form, D("-3.9")) if rule == "N-01"} == wanted


@pytest.mark.parametrize("form", rotated("whole", every_form(), 6), ids=lambda form: form.key)
def test_a_count_is_whole(form: Form) -> None:
    wanted = {item.id for item in all_figures(form) if item.kind == "count"}
    assert {item for rule, item in told_one_by_one(form, D("48.5")) if rule == "N-02"} == wanted


@pytest.mark.parametrize("form", rotated("may be", every_form(), 6), ids=lambda form: form.key)
def test_nothing_is_told_of_what_may_be(form: Form) -> None:
    """0, 1, 100 and blanks break nothing; neither does what nobody can read, which has findings of its own."""
    values = (D(0), D(1), D("1.00"), None, "!error", "!uncalculated", "!not_applicable")
    rows: Rows = [{item.id: value for item in figures_of(form)} for value in values]
    assert not any(
        finding.rule.startswith("N-") for finding in check_rules(wide_of(of_bounds(form), rows), Tables()).findings
    )


@pytest.mark.parametrize(
    ("form", "item", "value"),
    [
        (BASE, "预算调整.本年决算数", "-50"),
        (REPORT, "支出汇总.结余", "-0.01"),
        (PROJECT_REPORT, "项目资金.结余", "-12.5"),
        (supplement(SHEET), "本年追加.数值", "-30"),
        (supplement(SHEET), "年末结余.数值", "-1"),
        (supplement(built_in().find("项目共性指标")), "到位推迟月数.数值", "-1"),
    ],
)
def test_adjustments_and_rests_may_be_negative(form: Form, item: str, value: str) -> None:
    assert bounds_broken(form, {item: D(value)}) == []


@pytest.mark.parametrize(
    ("short", "part", "whole", "fits", "beyond"),
    [
        ("项目指标体系", "满意人数", "调查人数", "50", "51"),
        ("整体支出共性指标", "在用固定资产", "固定资产总额", "50.00", "50.02"),
        ("整体支出共性指标", "重点预算支出", "预算总支出", "49.99", "500"),
        ("整体支出共性指标", "及时完成工作数", "实际完成工作数", "50", "51"),
        ("整体支出共性指标", "考核得分", "考核总分", "50", "50.5"),
        ("预算支出共性指标", "质量达标产出数", "实际产出数", "50", "51"),
        ("评分表", "年末结余", "年初预算", "50", "60"),
    ],
)
def test_a_part_is_not_more_than_its_whole(short: str, part: str, whole: str, fits: str, beyond: str) -> None:
    form = supplement(built_in().find(short))
    assert form is not None
    items = f"{whole}.数值", f"{part}.数值"
    assert bounds_broken(form, {items[0]: D(50), items[1]: D(fits)}) == []
    assert ("N-03", items[1], "不符") in bounds_broken(form, {items[0]: D(50), items[1]: D(beyond)})
    assert bounds_broken(form, {items[1]: D(beyond)}) == []


@pytest.mark.parametrize(
    ("short", "item", "most", "beyond"),
    [
        ("自评表@湖南-2020", "总分.得分", "100", "100.5"),
        ("项目共性指标", "总分.得分", "100", "101"),
        ("整体支出共性指标", "总分.得分", "100", "650"),
        ("预算支出共性指标", "总分.得分", "100", "101"),
    ],
)
def test_a_total_is_at_most_100_though_no_points_are_filled_in(short: str, item: str, most: str, beyond: str) -> None:
    form = built_in().find(short)
    assert bounds_broken(form, {item: D(most)}) == []
    assert bounds_broken(form, {item: D(beyond)}) == [("N-04", item, "不符")]


def test_a_share_is_at_most_all() -> None:
    form = supplement(SHEET)
    assert form is not None
    assert bounds_broken(form, {"满意率.数值": D("1.0000")}) == []
    assert bounds_broken(form, {"满意率.数值": D("9.5000")}) == [("N-04", "满意率.数值", "不符")]


def test_a_score_above_its_points_is_told_though_the_points_are_blank() -> None:
    checked = check_rules(wide_of(SHEET, [{"在职人员控制率.得分": D(7)}]), Tables())
    assert [(finding.rule, finding.verdict) for finding in checked.findings if finding.rule == "F-01"] == [
        ("F-01", "不符")
    ]


def test_the_sentence_says_what_is_wrong() -> None:
    checked = check_rules(wide_of(BASE, [{"公务接待.本年决算数": D("-3.9"), "编制数": D("25.5")}]), Tables())
    said = {finding.rule: finding.message for finding in checked.findings if finding.rule.startswith("N-")}
    assert said == {
        "N-01": "“公务接待（2021年决算数）”现为 -3.9万元，应不小于 0万元，相差 3.9万元，请核对后更正。",
        "N-02": "“编制数”现为 25.5，应为整数，请核对后更正。",
    }


def test_only_what_is_broken_is_kept_as_a_verdict() -> None:
    checked: Checked = check_rules(wide_of(BASE, [{"编制数": D(25)}, {"编制数": D(-25)}]), Tables())
    bounds = checked.verdicts[checked.verdicts["rule"].str.startswith("N-")]
    assert bounds[["return_id", "rule", "item", "verdict"]].to_numpy().tolist() == [["R1", "N-01", "编制数", "不符"]]


# ---- scores ------------------------------------------------------------------------------------


def sheet_scores(scores: Rows, base: Rows, more: Rows | None = None) -> pd.DataFrame:
    wides = [wide_of(SHEET, scores), wide_of(BASE, base)]
    form = supplement(SHEET)
    assert form is not None
    wides += [wide_of(form, more)] if more is not None else []
    return score_sheet(wides[0], Tables(wides)).scores


@pytest.mark.parametrize(
    ("indicator", "base", "more"),
    [
        ("三公经费控制率", {"三公经费.本年决算数": D("-3"), "三公经费.本年预算数": D(5)}, {}),
        ("三公经费控制率", {"三公经费.本年决算数": D("-3"), "三公经费.本年预算数": D("-5")}, {}),
        ("在职人员控制率", {"实际在职人数": D("-15"), "编制数": D(25)}, {}),
        ("在职人员控制率", {"实际在职人数": D("15.5"), "编制数": D(25)}, {}),
        ("重点工作实际完成率", {}, {"考核得分.数值": D(120), "考核总分.数值": D(100)}),
        ("社会公众或服务对象满意度", {}, {"满意率.数值": D("9.5")}),
        ("预算控制率", {}, {"本年追加.数值": D(0), "年初预算.数值": D("-5")}),
    ],
)
def test_an_impossible_figure_earns_nothing(indicator: str, base: dict[str, Given], more: dict[str, Given]) -> None:
    scores = sheet_scores([{f"{indicator}.得分": D(5)}], [base], [more])
    row = scores[scores["indicator"] == indicator].iloc[0]
    assert pd.isna(row["score"])
    assert "填的数不可能，请先更正" in row["reason"]


def test_a_negative_adjustment_is_scored() -> None:
    scores = sheet_scores([{"预算控制率.得分": D(5)}], [{}], [{"本年追加.数值": D(0), "年初预算.数值": D(5)}])
    assert scores.loc[scores["indicator"] == "预算控制率", "score"].tolist() == [5.0]


def test_an_impossible_expenditure_earns_no_points_for_execution() -> None:
    row: dict[str, Given] = {
        "年度资金总额.全年预算数": D("-100"), "年度资金总额.全年执行数": D("-100"), "年度资金总额.得分": D(10),
    }  # fmt: skip
    wide = wide_of(PROJECT, [row])
    checked = check_rules(wide, Tables([wide]))
    by_rule = {finding.rule: finding for finding in checked.findings if finding.item == "年度资金总额.得分"}
    assert by_rule["A-03"].verdict == "无法核对"
    assert "填的数不可能，请先更正" in by_rule["A-03"].message
    scores = score_project(wide, Tables([wide])).scores
    assert pd.isna(scores["score"].iloc[0])


# ---- definitions -------------------------------------------------------------------------------


def test_a_part_of_what_is_not_there_is_refused() -> None:
    raw = BASE.definition.model_dump(by_alias=True)
    grid = next(block for block in raw["blocks"] if block.get("grid") == "经费控制情况")
    next(row for row in grid["rows"] if row.get("id") == "公务接待")["part_of"] = "三公经废"
    with pytest.raises(DefinitionError, match=r"公务接待\.上年决算数\.part_of.*三公经费"):
        Form(Definition.model_validate(raw), "某表", BASE.uses)
