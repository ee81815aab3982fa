"""The published returns as data: the figures against the sums of the hand audit, no persons, the roster."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from gouji.samples.figures import Table, Unit, load_unit, unit_files
from tests.audit import BASE, ROOT, SAMPLES, SELF, SHEET, UNITS, expected, figure, of_lines, returns, table, total

COMPLETED = ("数量指标", "质量指标", "时效指标")


def group_points(printed_table: Table, group: str, column: str) -> Decimal:
    """Σ of a column under a first-level indicator."""
    parents = printed_table.definition.lists["指标"].groups
    leaves = [leaf for leaf, parent in parents.items() if parent == group]
    return total(printed_table.printed(), of_lines(printed_table, "指标", column, leaves))


def recomputed(unit: Unit, finding: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """(stated, expected) of a finding that compares two figures, from the printed figures alone."""
    printed_table = table(unit, finding["form"], finding["instance"])
    printed, item = printed_table.printed(), finding["item"]
    column = item.rpartition(".")[2]
    match finding["rule"]:
        case "G-03":
            return figure(printed[item]), total(printed, of_lines(printed_table, "项目", column))
        case "G-07":
            return figure(printed[item]), figure(printed["实际在职人数"]) / figure(printed["编制数"])
        case "A-04" | "A-05":
            lines = of_lines(printed_table, "指标", column)
            return figure(printed[item]), total(printed, [f"年度资金总额.{column}", *lines])
        case "A-08" | "A-09":
            group = item.rpartition(".")[0]
            return group_points(printed_table, group, column), Decimal({"效益指标": 30, "满意度指标": 10}[group])
        case "A-12":
            costs = of_lines(printed_table, "指标", "年度指标值", ["成本指标"])
            return total(printed, costs), figure(printed["年度资金总额.全年预算数"])
        case "C-19":
            reports = [each.printed() for each in unit.tables if each.form == "财政支出项目绩效评价自评报告"]
            return figure(printed[item]), sum((figure(report["项目资金.实际支出"]) for report in reports), Decimal(0))
        case "J-02":
            row = item.rpartition(".")[0]
            return figure(printed[item]), figure(printed[f"{row}.全年执行数"]) / figure(printed[f"{row}.全年预算数"])
        case "A-S2":
            return figure(printed[item]), completion(printed_table)
        case "D-S3":
            return figure(printed[item]) / figure(printed["项目资金.计划安排资金"]), reached(printed_table)
        case "F-S1":
            base = table(unit, BASE).printed()
            rate = figure(base["公用经费.本年决算数"]) / figure(base["公用经费.本年预算数"])
            return figure(printed[item]), max(Decimal(0), 8 - (rate * 100 - 100) // 1)
        case "H-02" | "I-02":
            return figure(printed[item]), total(
                printed, [f"{name}.{column}" for name in printed_table.definition.indicators]
            )
        case _:
            return compared_elsewhere(unit, finding, printed)


def compared_elsewhere(unit: Unit, finding: dict[str, Any], printed: dict[str, str]) -> tuple[Decimal, Decimal]:
    """(stated, expected) of a finding that looks at another table of the project or at another year."""
    item = finding["item"]
    match finding["rule"]:
        case "B-07":
            return figure(printed[item]), figure(table(unit, SELF, finding["instance"]).printed()[item])
        case "X-03":
            same = table(unit, SELF, "政务中心运维经费").printed()  # the only one with the same budget
            return figure(printed[item]), figure(same["年度资金总额.全年执行数"])
        case "Y-02":
            before = figure(printed[item.replace("本年", "上年")])
            return abs(figure(printed[item]) - before) / before, Decimal("0.3")
        case rule:
            raise AssertionError(f"{rule} compares no two figures here")


def completion(printed_table: Table) -> Decimal:
    """The points-weighted mean of min(A/T, 1) over the quantitative lines of 数量, 质量 and 时效."""
    weighed = [
        (figure(line.values["分值"]), figure(line.values["实际完成值"]) / figure(line.values["年度指标值"]))
        for line in printed_table.lines["指标"]
        if line.group in COMPLETED and re.search(r"\d", line.values["年度指标值"])
    ]
    points = sum((weight for weight, _ in weighed), Decimal(0))
    return sum((weight * min(share, Decimal(1)) for weight, share in weighed), Decimal(0)) / points


def reached(printed_table: Table) -> Decimal:
    """The mean of A/T over the lines of 数量, 质量 and 时效 of a 自评报告, which have no points."""
    lines = [line.values for line in printed_table.lines["定量目标"] if line.group in COMPLETED and line.values]
    shares = [leading(line["实际完成值"]) / leading(line["指标目标值"]) for line in lines]
    return sum(shares, Decimal(0)) / len(shares)


def leading(text: str) -> Decimal:
    """The figure that a text begins with: 3个月 → 3."""
    return Decimal("".join(takewhile("0123456789.".__contains__, text)))


def agreeing(name: str, form: str, rule: str) -> list[tuple[str, str]]:
    """(instance, item) of a rule that the audit calls 相符."""
    sections = [section for section in expected(name)["agrees"] if section["form"] == form]
    return [(section["instance"], item) for section in sections for item in section["checks"].get(rule, [])]


def test_every_unit_has_its_data_and_its_audit() -> None:
    assert sorted(path.stem for path in unit_files()) == UNITS
    assert sorted(path.stem for path in (ROOT / "expected").glob("*.yaml")) == sorted([*UNITS, "表样"])
    assert [load_unit(returns(name)).unit for name in UNITS] == UNITS


@pytest.mark.parametrize("name", UNITS)
def test_the_audits_differences_follow_from_the_printed_figures(name: str) -> None:
    unit = load_unit(returns(name))
    compared = [finding for finding in expected(name)["both"] if "difference" in finding]
    assert compared or name == "岳阳市政务服务中心"
    for finding in compared:
        stated, reckoned = recomputed(unit, finding)
        figures = {"stated": stated, "expected": reckoned, "difference": stated - reckoned}
        for key in figures.keys() & finding.keys():
            assert Decimal(finding[key]) == Decimal(format(figures[key], ".15g")), finding


def test_hengshan_sums_that_agree() -> None:
    base = table(load_unit(returns("衡山县行政审批服务局")), BASE)
    printed = base.printed()
    parts = {
        "G-01": ["公务用车", "出国经费", "公务接待"],
        "G-02": ["公车购置", "公车运行维护"],
        "G-04": ["办公经费", "水电差旅费", "会议培训费", "印刷及其他费"],
    }
    for rule, rows in parts.items():
        items = [item for _, item in agreeing("衡山县行政审批服务局", BASE, rule)]
        assert len(items) == 3
        for item in items:
            column = item.rpartition(".")[2]
            assert figure(printed[item]) == total(printed, [f"{row}.{column}" for row in rows]), item
    projects = [item for _, item in agreeing("衡山县行政审批服务局", BASE, "G-03")]
    assert [str(figure(printed[item])) for item in projects] == ["654.93", "272.74", "456.23"]
    for item in projects:
        assert figure(printed[item]) == total(printed, of_lines(base, "项目", item.rpartition(".")[2]))
    rate = figure(printed["实际在职人数"]) / figure(printed["编制数"])
    assert figure(printed["控制率"]) == rate == Decimal("0.6")


def test_hengshan_points_make_100_and_scores_99() -> None:
    sheet = table(load_unit(returns("衡山县行政审批服务局")), SHEET)
    sums = {
        column: total(sheet.printed(), [item for item in sheet.printed() if item.endswith(column)])
        for column in ("分值", "得分")
    }
    assert sums == {"分值": 100, "得分": 99}
    for name, (block, place) in sheet.definition.indicators.items():
        score, points = (figure(sheet.values[f"{name}.{column}"]) for column in ("得分", "分值"))
        assert score <= points == block.indicators[place].points


@pytest.mark.parametrize("number", [1, 2, 4, 5, 6, 7, 8, 9, 10, 12])
def test_hecheng_self_evaluations_that_agree(number: int) -> None:
    unit, rule = load_unit(returns("鹤城区政务服务中心")), f"A-{number:02}"
    agreed = agreeing("鹤城区政务服务中心", SELF, rule)
    assert len(agreed) == {1: 12, 2: 8, 10: 39, 12: 1}.get(number, 4)
    for instance, item in agreed:
        left, right = sides(rule, item, table(unit, SELF, instance))
        assert left <= right if number in (10, 12) else left == right, (instance, item)


def sides(rule: str, item: str, printed_table: Table) -> tuple[Decimal, Decimal]:
    """Both sides of a check of a 自评表, from the printed figures."""
    printed = printed_table.printed()
    row, _, column = item.rpartition(".")
    match rule:
        case "A-01":
            parts = [f"{part}.{column}" for part in ("当年财政拨款", "上年结转资金", "其他资金")]
            return figure(printed[item]), total(printed, parts)
        case "A-02":
            return figure(printed[item]), figure(printed[f"{row}.全年执行数"]) / figure(printed[f"{row}.全年预算数"])
        case "A-04" | "A-05":
            return figure(printed[item]), total(
                printed, [f"年度资金总额.{column}", *of_lines(printed_table, "指标", column)]
            )
        case "A-06":
            return figure(printed[item]), Decimal(100)
        case "A-10":
            return figure(printed[item]), figure(printed[f"{row}.分值"])
        case "A-12":
            costs = of_lines(printed_table, "指标", column, ["成本指标"])
            return total(printed, costs), figure(printed["年度资金总额.全年预算数"])
        case _:
            return group_points(printed_table, row, column), Decimal({"A-07": 50, "A-08": 30, "A-09": 10}[rule])


@pytest.mark.parametrize(("item", "column"), [("本年预算数", "全年预算数"), ("本年决算数", "全年执行数")])
def test_hecheng_projects_tie_to_the_self_evaluations(item: str, column: str) -> None:
    unit = load_unit(returns("鹤城区政务服务中心"))
    selfs = [
        printed_table.values[f"年度资金总额.{column}"] for printed_table in unit.tables if printed_table.form == SELF
    ]
    assert len(selfs) == 4
    stated = figure(table(unit, BASE).values[f"项目支出.{item}"])
    assert stated == sum(map(figure, selfs)) == Decimal("1733.634137")


def test_only_three_figures_of_yanlings_fund_block_remain() -> None:
    printed = table(load_unit(returns("炎陵县政务服务中心")), SELF, "第1张").printed()
    rows = ("年度资金总额", "当年财政拨款", "上年结转资金", "其他资金")
    fund = {item: text for item, text in printed.items() if item.split(".")[0] in rows}
    assert fund == {"年度资金总额.分值": "10", "年度资金总额.执行率": "100%", "年度资金总额.得分": "10"}


@pytest.mark.parametrize("path", [*unit_files(), *sorted((ROOT / "expected").glob("*.yaml"))])
def test_no_persons_and_no_telephone_numbers(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"(?<![\d.])1[3-9]\d{9}(?!\d)|\d{3,4}[-—]\d{7,8}|1\*{3,}|某某", text) == []
    for unit in (load_unit(path),) if path.parent.name == "returns" else ():
        for each in unit.tables:
            personal = [item.id for item in each.definition.items.values() if item.personal]
            assert [each.values.get(item, "") for item in personal] == [""] * len(personal)


def test_wrong_item_in_the_data_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "错.yaml"
    text = returns("炎陵县政务服务中心").read_text("utf-8")
    wrong.write_text(text.replace("总分.得分:", "总计.得分:"), "utf-8")
    with pytest.raises(ValueError, match=r"错\.yaml.*总计\.得分"):
        load_unit(wrong)


def test_roster_names_every_unit_and_project() -> None:
    data = (SAMPLES / "roster.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == ["单位编码", "单位名称", "主管部门", "归口股室", "应报表", "项目编码", "项目名称"]
    assert {row["单位名称"] for row in rows} == set(UNITS)
    projects = [row["项目名称"] for row in rows if row["单位名称"] == "鹤城区政务服务中心"]
    hecheng = load_unit(returns("鹤城区政务服务中心"))
    published = [name for name, each in hecheng.instances() if each.form == SELF]
    assert projects == published
    for row in rows:
        unit = load_unit(returns(row["单位名称"]))
        assert set(row["应报表"].split("；")) == {f"{each.form}@{each.edition}" for each in unit.tables}
