"""表间 by project: which lines and tables are tied, what differs, what is missing, what is not listed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from gouji.ingest.roster import COLUMNS, Roster
from gouji.templates.catalogue import built_in
from gouji.templates.errors import DefinitionError
from gouji.templates.labels import numbered
from gouji.validate.check import check_rules
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.projects import ProjectChecks, check_projects
from gouji.validate.wide import Wide, widen
from tests.definitions import load_form
from tests.frames import Given, returns_of, values_of

BASE = built_in().find("基础数据表@衡山县-2021")
SELF = built_in().find("自评表@湖南-2020")
BUDGET, SPENT = "年度资金总额.全年预算数", "年度资金总额.全年执行数"
NAME = "项目支出名称"

Row = tuple[str, str | None, str | None]
"""(name, budget, spent)."""


def figure(text: str | None) -> Given:
    return text if text is None or text.startswith("!") else Decimal(text)


def base_of(lines: list[Row], unit: str = "U0") -> Wide:
    ids = numbered([name for name, _, _ in lines])
    listed = [
        {"line": line, "项目名称": name, "本年预算数": figure(budget), "本年决算数": figure(spent)}
        for line, (name, budget, spent) in zip(ids, lines, strict=True)
    ]
    return widen(BASE, returns_of(BASE, 1, unit=unit), values_of(BASE, [{}], [{"项目": listed}]))


def projects_of(tables: list[Row], unit: str = "U0") -> Wide:
    values = [{NAME: name, BUDGET: figure(budget), SPENT: figure(spent)} for name, budget, spent in tables]
    returns = returns_of(SELF, len(tables), unit=unit).assign(instance=[name or "第1张" for name, _, _ in tables])
    return widen(SELF, returns, values_of(SELF, values))


def roster_of(*rows: tuple[str, str | None, str | None, str | None]) -> Roster:
    """(unit code, 应报表, 项目编码, 项目名称)."""
    frame = pd.DataFrame(index=range(len(rows)), columns=list(COLUMNS.values()), dtype=object)
    for row, (code, forms, project_code, project) in enumerate(rows):
        fields = {"unit_code": code, "unit": code, "required_forms": forms}
        for name, value in {**fields, "project_code": project_code, "project_name": project}.items():
            frame.loc[row, name] = value
    return Roster(frame.astype(object).where(frame.notna(), None))


def checked(lines: list[Row], tables: list[Row], roster: Roster | None = None) -> ProjectChecks:
    wides = [base_of(lines), *([projects_of(tables)] if tables else [])]
    return check_projects(Tables(wides), roster, built_in())


def keys_of(findings: list[Finding]) -> list[tuple[str, str | None, str, str]]:
    return [(finding.rule, finding.item, finding.verdict, finding.severity) for finding in findings]


def verdicts(result: ProjectChecks) -> dict[str, str]:
    return {
        item: verdict
        for frame in result.verdicts
        for item, verdict in zip(frame["item"], frame["verdict"], strict=True)
    }


def test_a_project_of_the_same_name_with_other_figures() -> None:
    result = checked([("一号工程", "10", "9")], [("1、一号工程 ", "10", "8.4")])
    assert verdicts(result) == {"一号工程.本年预算数": "相符", "一号工程.本年决算数": "不符"}
    assert keys_of(result.findings) == [("X-03", "一号工程.本年决算数", "不符", "核实性")]
    (finding,) = result.findings
    assert (finding.stated, finding.expected, finding.difference) == ("9万元", "8.4万元", 0.6)
    assert (finding.form, finding.unit_code, finding.cell, finding.related_cells) == (BASE.name, "U0", "A1", "表!A1")
    assert "对应的自评表是“1、一号工程 ”（按项目名称对应）" in finding.message


@pytest.mark.parametrize(("stated", "verdict"), [("12", "相符"), ("10", "相符"), ("11", "不符")])
def test_the_budget_may_be_that_of_the_start_of_the_year(stated: str, verdict: str) -> None:
    """By name and by amount alike: the table says 12 for the year, 10 at its start."""
    values: dict[str, Given] = {
        NAME: "甲",
        BUDGET: Decimal(12),
        "年度资金总额.年初预算数": Decimal(10),
        SPENT: Decimal(9),
    }
    table = widen(SELF, returns_of(SELF, 1, unit="U0").assign(instance=["甲"]), values_of(SELF, [values]))
    for name, expected in (("甲", verdict), ("另名", verdict)):
        result = check_projects(Tables([base_of([(name, stated, "9")]), table]), None, built_in())
        assert verdicts(result) == {f"{name}.本年预算数": expected, f"{name}.本年决算数": "相符"}
        messages = [finding.message for finding in result.findings]
        assert len(messages) == (expected == "不符")
        if messages:
            assert "（全年预算数）之和＝12万元，或 " in messages[0] and "（年初预算数）之和＝10万元" in messages[0]


@pytest.mark.parametrize(
    ("name", "budget", "spent", "wrong"),
    [
        ("甲", "12", "9", {}),
        ("甲", "5", "3", {}),
        ("甲", "12.5", "9", {"甲.本年预算数": "不符"}),
        ("甲", "12", "9.5", {"甲.本年决算数": "不符"}),
        ("乙", "99", "99", None),
    ],
)
def test_a_special_fund_is_a_part_of_the_project_of_its_name(
    name: str, budget: str, spent: str, wrong: dict[str, str] | None
) -> None:
    """By name only: no other name is the same project, whatever the amounts, and none is missing."""
    special = built_in().find("专项资金绩效目标自评表")
    values: list[dict[str, Given]] = [{"专项资金名称": name, BUDGET: Decimal(budget), SPENT: Decimal(spent)}]
    table = widen(special, returns_of(special, 1, unit="U0").assign(instance=[name]), values_of(special, values))
    result = check_projects(Tables([base_of([("甲", "12", "9"), ("丙", "99", "99")]), table]), None, built_in())
    right = {"甲.本年预算数": "相符", "甲.本年决算数": "相符"}
    assert verdicts(result) == ({} if wrong is None else right | wrong)
    assert keys_of(result.findings) == [("X-06", item, "不符", "核实性") for item in wrong or {}]
    if wrong:
        assert "应不小于 各张《专项表》" in result.findings[0].message
        assert "对应的专项表是“甲”（按项目名称对应）" in result.findings[0].message


@pytest.mark.parametrize(
    ("project", "budget", "spent", "wanted"),
    [
        ("甲", "12", "9", ["相符", "相符"]),
        ("甲", "12.01", "9.01", ["不符", "不符"]),
        ("乙", "99", "99", ["无法核对", "无法核对"]),
    ],
)
def test_a_special_fund_is_no_more_than_the_project_has(
    project: str, budget: str, spent: str, wanted: list[str]
) -> None:
    special = built_in().find("专项资金绩效目标自评表")
    values: list[dict[str, Given]] = [{"专项资金名称": project, BUDGET: Decimal(budget), SPENT: Decimal(spent)}]
    table = widen(special, returns_of(special, 1, unit="U0").assign(instance=[project]), values_of(special, values))
    checked = check_rules(table, Tables([table, projects_of([("甲", "12", "9")])]))
    judged = checked.verdicts[checked.verdicts["rule"].isin(["X-09", "X-10"])]
    assert judged["verdict"].tolist() == wanted
    told_of = [finding.severity for finding in checked.findings if finding.rule in ("X-09", "X-10")]
    assert told_of == ["核实性"] * wanted.count("不符")


def test_rounding_is_judged_as_everywhere() -> None:
    result = checked([("甲", "10.00", "19"), ("乙", "15", "5")], [("甲", "10.004", "19.2"), ("乙", "15.3", "5.00")])
    assert verdicts(result) == {
        "甲.本年预算数": "尾差", "乙.本年预算数": "尾差", "甲.本年决算数": "尾差", "乙.本年决算数": "相符",
    }  # fmt: skip
    assert {finding.severity for finding in result.findings} == {"提示"}


def test_whole_amounts_below_ten_are_no_rounding() -> None:
    result = checked([("甲", "9", "9")], [("甲", "9.2", "9")])
    assert verdicts(result) == {"甲.本年预算数": "不符", "甲.本年决算数": "相符"}


def test_one_line_and_the_sum_of_two_tables() -> None:
    result = checked([("专项", "30", "25")], [("子项一", "10", "9"), ("子项二", "20", "16")])
    assert verdicts(result) == {"专项.本年预算数": "相符", "专项.本年决算数": "相符"}
    assert result.findings == []


def test_a_blank_amount_is_neither_right_nor_wrong() -> None:
    result = checked([("甲", None, "9")], [("甲", "10", "9")])
    assert verdicts(result) == {"甲.本年预算数": "无法核对", "甲.本年决算数": "相符"}
    assert result.findings == []


def test_a_line_without_table_and_a_table_without_line() -> None:
    result = checked([("甲", "10", "9"), ("乙", "7", "6.5")], [("甲", "10", "9"), ("丙", "3", "2")])
    assert keys_of(result.findings) == [
        ("X-04", "乙.项目名称", "不符", "核实性"), ("X-05", NAME, "不符", "核实性"),
    ]  # fmt: skip
    missing, unlisted = result.findings
    assert "项目“乙”（本年预算数 7万元，本年决算数 6.5万元）没有对应的自评表" in missing.message
    assert "基础数据表的项目清单里没有与“丙”（全年预算数 3万元，全年执行数 2万元）对应的项目" in unlisted.message
    assert (missing.form, unlisted.form, unlisted.instance) == (BASE.name, SELF.name, "丙")


def test_projects_without_money_are_asked_for_nothing() -> None:
    result = checked([("甲", "10", "9"), ("空项目", "0", None)], [("甲", "10", "9"), ("没花钱", "0", "0")])
    assert result.findings == []


def test_the_roster_makes_a_missing_table_mandatory() -> None:
    asking = roster_of(("U0", "基础数据表；自评表", None, None))
    lines: list[Row] = [("甲", "10", "9")]
    assert keys_of(checked(lines, [], None).findings) == []
    assert keys_of(checked(lines, [], roster_of(("U0", "基础数据表", None, None))).findings) == []
    assert keys_of(checked(lines, [], asking).findings) == [("X-04", "甲.项目名称", "不符", "强制性")]
    assert keys_of(checked(lines, [("乙", "3", "3")], asking).findings) == [
        ("X-04", "甲.项目名称", "不符", "强制性"), ("X-05", NAME, "不符", "核实性"),
    ]  # fmt: skip


def test_a_code_of_the_roster_ties_whatever_the_names_are() -> None:
    wides = [base_of([("大厅运行", "10", "9")])]
    table = projects_of([("政务大厅运维", "4", "3")])
    table.returns["instance"] = "P-7"
    roster = roster_of(("U0", None, "P-7", "大厅运行"))
    result = check_projects(Tables([*wides, table]), roster, built_in())
    assert [finding.item for finding in result.findings] == ["大厅运行.本年预算数", "大厅运行.本年决算数"]
    assert {finding.rule for finding in result.findings} == {"X-03"}


def test_a_name_that_two_lines_share_tells_nothing() -> None:
    result = checked([("运维", "10", "9"), ("运维", "4", "4")], [("运维", "4", "4")])
    assert [(finding.rule, finding.item) for finding in result.findings] == [("X-04", "运维.项目名称")]


def test_tables_of_another_unit_or_not_adopted_do_not_count() -> None:
    other = projects_of([("甲", "10", "9")], unit="U1")
    assert check_projects(Tables([base_of([("甲", "10", "9")]), other]), None, built_in()).findings == []
    undecided = projects_of([("甲", "10", "9"), ("甲", "10", "8")])
    undecided.returns["adopted"] = False
    result = check_projects(
        Tables([base_of([("甲", "10", "9")]), undecided]), roster_of(("U0", "自评表", None, None)), built_in()
    )
    assert (result.findings, result.verdicts) == ([], [])


def test_units_do_not_mix() -> None:
    lines = [
        {"项目": [{"line": "甲", "项目名称": "甲", "本年预算数": Decimal(n), "本年决算数": Decimal(n)}]}
        for n in (10, 20, 30)
    ]
    base = widen(BASE, returns_of(BASE, 3), values_of(BASE, [{}, {}, {}], lines))
    values: list[dict[str, Given]] = [{NAME: "甲", BUDGET: Decimal(n), SPENT: Decimal(n)} for n in (10, 21, 30)]
    tables = widen(SELF, returns_of(SELF, 3).assign(instance="甲"), values_of(SELF, values))
    result = check_projects(Tables([base, tables]), None, built_in())
    assert [(finding.rule, finding.unit_code, finding.item) for finding in result.findings] == [
        ("X-03", "U1", "甲.本年预算数"), ("X-03", "U1", "甲.本年决算数"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        ("{list: 没有, form: 自评表, columns: {本年预算数: 年度资金总额.全年预算数}}", "没有清单“没有”"),
        ("{list: 项目, form: 别的, columns: {本年预算数: 年度资金总额.全年预算数}}", "uses 里没有“别的”"),
        ("{list: 项目, form: 自评表, columns: {没有: 年度资金总额.全年预算数}}", "清单“项目”没有金额栏“没有”"),
        ("{list: 项目, form: 自评表, columns: {本年预算数: 没有}}", "“自评表”没有金额“没有”"),
        ("{list: 项目, form: 自评表, columns: {}}", "columns"),
    ],
)
def test_ties_that_lead_nowhere_are_refused(tmp_path: Path, ties: str, said: str) -> None:
    folder = tmp_path / "测试表"
    folder.mkdir()
    (folder / "某县-2021.yaml").write_text(
        "form: 测试表\nedition: 某县-2021\nshort: 测试\nbasis: 测试\npage: {widths: [20, 10]}\n"
        "uses: {自评表: 预算支出绩效自评表@湖南-2020}\nblocks:\n  - grid: 经费\n    head: 经费\n"
        "    columns: [{id: 本年预算数, kind: amount}]\n"
        "    rows: [{id: 项目支出}, {list: 项目, names: 项目名称}]\n"
        f"projects: {ties}\n",
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError) as error:
        load_form(folder / "某县-2021.yaml")
    assert said in str(error.value)
