"""The published returns: figures against the hand audit, pasted workbooks against the figures."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from ruamel.yaml import YAML

from samples.figures import Table, Unit, load_unit, unit_files
from samples.pasted import as_pasted, build_pasted, pasted_cells
from templates.definition import FIGURES

ROOT = Path(__file__).parent
SAMPLES = ROOT.parent / "samples"
UNITS = ["炎陵县政务服务中心", "衡山县行政审批服务局", "鹤城区政务服务中心"]
BASE = "部门整体支出绩效评价基础数据表"
SHEET = "部门整体支出绩效评价指标评分表"
SELF = "预算支出绩效自评表"
FINDING_KEYS = {"form", "instance", "item", "rule", "verdict", "severity"}


def returns(name: str) -> Path:
    return SAMPLES / "returns" / f"{name}.yaml"


def expected(name: str) -> dict[str, Any]:
    text = (ROOT / "expected" / f"{name}.yaml").read_text("utf-8")
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def figure(printed: str) -> Decimal:
    """A printed figure as these returns write it: with a unit, a percent sign or stray spaces. Blank is 0."""
    found = re.fullmatch(r"[≥≤]?(\d+(?:\.\d+)?)(万元|%|人|个)?", printed.strip()) if printed.strip() else None
    assert found or not printed.strip(), printed
    if found is None:
        return Decimal(0)
    return Decimal(found[1]) / (100 if found[2] == "%" else 1)


def table(unit: Unit, form: str, instance: str = "") -> Table:
    return next(found for name, found in unit.instances() if (found.form, name) == (form, instance))


def total(printed: dict[str, str], items: list[str]) -> Decimal:
    return sum((figure(printed.get(item, "")) for item in items), Decimal(0))


def of_lines(found: Table, name: str, column: str, groups: list[str] | None = None) -> list[str]:
    """The items of one column over the lines of a list, or of some of its groups."""
    pairs = zip(found.line_ids(name), found.lines[name], strict=True)
    return [f"{line_id}.{column}" for line_id, line in pairs if groups is None or line.group in groups]


def group_points(found: Table, group: str, column: str) -> Decimal:
    """Σ of a column under a first-level indicator."""
    parents = found.definition.lists["指标"].groups
    leaves = [leaf for leaf, parent in parents.items() if parent == group]
    return total(found.printed(), of_lines(found, "指标", column, leaves))


def recomputed(unit: Unit, finding: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """(stated, expected) of a finding that compares two figures, from the printed figures alone."""
    found = table(unit, finding["form"], finding["instance"])
    printed, item = found.printed(), finding["item"]
    column = item.rpartition(".")[2]
    match finding["rule"]:
        case "G-03":
            return figure(printed[item]), total(printed, of_lines(found, "项目", column))
        case "G-07":
            return figure(printed[item]), figure(printed["实际在职人数"]) / figure(printed["编制数"])
        case "A-04" | "A-05":
            lines = of_lines(found, "指标", column)
            return figure(printed[item]), total(printed, [f"年度资金总额.{column}", *lines])
        case "A-08" | "A-09":
            group = item.rpartition(".")[0]
            return group_points(found, group, column), Decimal({"效益指标": 30, "满意度指标": 10}[group])
        case "A-12":
            costs = of_lines(found, "指标", "年度指标值", ["成本指标"])
            return total(printed, costs), figure(printed["年度资金总额.全年预算数"])
        case "A-S2":
            return figure(printed[item]), completion(found)
        case "F-S1":
            base = table(unit, BASE).printed()
            rate = figure(base["公用经费.本年决算数"]) / figure(base["公用经费.本年预算数"])
            return figure(printed[item]), max(Decimal(0), 8 - (rate * 100 - 100) // 1)
        case rule:
            raise AssertionError(f"{rule} compares no two figures here")


def completion(found: Table) -> Decimal:
    """The points-weighted mean of min(A/T, 1) over the quantitative lines of 数量, 质量 and 时效."""
    weighed = [
        (figure(line.values["分值"]), figure(line.values["实际完成值"]) / figure(line.values["年度指标值"]))
        for line in found.lines["指标"]
        if line.group in ("数量指标", "质量指标", "时效指标") and re.search(r"\d", line.values["年度指标值"])
    ]
    points = sum((weight for weight, _ in weighed), Decimal(0))
    return sum((weight * min(share, Decimal(1)) for weight, share in weighed), Decimal(0)) / points


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
    assert len(compared) == dict(zip(UNITS, [4, 1, 5], strict=True))[name]
    for finding in compared:
        stated, reckoned = recomputed(unit, finding)
        fifteen = Decimal(format(reckoned, ".15g"))
        difference = Decimal(format(stated - reckoned, ".15g"))
        assert [Decimal(finding[key]) for key in ("stated", "expected", "difference")] == [
            stated, fifteen, difference
        ], finding  # fmt: skip


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


def sides(rule: str, item: str, found: Table) -> tuple[Decimal, Decimal]:
    """Both sides of a check of a 自评表, from the printed figures."""
    printed = found.printed()
    row, _, column = item.rpartition(".")
    match rule:
        case "A-01":
            parts = [f"{part}.{column}" for part in ("当年财政拨款", "上年结转资金", "其他资金")]
            return figure(printed[item]), total(printed, parts)
        case "A-02":
            return figure(printed[item]), figure(printed[f"{row}.全年执行数"]) / figure(
                printed[f"{row}.全年预算数"]
            )
        case "A-04" | "A-05":
            return figure(printed[item]), total(
                printed, [f"年度资金总额.{column}", *of_lines(found, "指标", column)]
            )
        case "A-06":
            return figure(printed[item]), Decimal(100)
        case "A-10":
            return figure(printed[item]), figure(printed[f"{row}.分值"])
        case "A-12":
            costs = of_lines(found, "指标", column, ["成本指标"])
            return total(printed, costs), figure(printed["年度资金总额.全年预算数"])
        case _:
            return group_points(found, row, column), Decimal({"A-07": 50, "A-08": 30, "A-09": 10}[rule])


@pytest.mark.parametrize(("item", "column"), [("本年预算数", "全年预算数"), ("本年决算数", "全年执行数")])
def test_hecheng_projects_tie_to_the_self_evaluations(item: str, column: str) -> None:
    unit = load_unit(returns("鹤城区政务服务中心"))
    selfs = [found.values[f"年度资金总额.{column}"] for found in unit.tables if found.form == SELF]
    assert len(selfs) == 4
    stated = figure(table(unit, BASE).values[f"项目支出.{item}"])
    assert stated == sum(map(figure, selfs)) == Decimal("1733.634137")


def test_only_three_figures_of_yanlings_fund_block_remain() -> None:
    printed = table(load_unit(returns("炎陵县政务服务中心")), SELF, "第1张").printed()
    rows = ("年度资金总额", "当年财政拨款", "上年结转资金", "其他资金")
    fund = {item: text for item, text in printed.items() if item.split(".")[0] in rows}
    assert fund == {"年度资金总额.分值": "10", "年度资金总额.执行率": "100%", "年度资金总额.得分": "10"}


@pytest.mark.parametrize("name", UNITS)
def test_every_required_cell_is_filled_or_found_blank(name: str) -> None:
    """The audit's T-01 and T-02 against the form's own required items."""
    unit, findings = load_unit(returns(name)), expected(name)["both"]
    blank = [finding for finding in findings if finding["rule"] in ("T-01", "T-02")]
    told = {(f["form"], f["instance"], f["item"], f["severity"]) for f in blank}
    assert told == {found for instance, each in unit.instances() for found in blanks(each, instance)}


def blanks(each: Table, instance: str) -> set[tuple[str, str, str, str]]:
    form = each.definition

    def blank(item: str) -> bool:
        return not each.values.get(item, "").strip()

    groups = {name: items for name, items in form.groups.items() if all(blank(item.id) for item in items)}
    whole = {
        (each.form, instance, name, "强制性" if any(item.required for item in items) else "提示")
        for name, items in groups.items()
    }
    single = {
        (each.form, instance, item.id, item.severity)
        for item in form.items.values()
        if item.required and blank(item.id) and item.group not in groups
    }
    return whole | single


@pytest.mark.parametrize("name", UNITS)
def test_figures_that_are_text_when_pasted_are_the_audits(name: str) -> None:
    unit = load_unit(returns(name))
    told = {(f["form"], f["instance"]): sorted(f["related_items"]) for f in expected(name)["pasted"]}
    found: dict[tuple[str, str], list[str]] = {}
    for instance, each in unit.instances():
        kinds = item_kinds(each)
        for item, text in each.printed().items():
            if kinds.get(item) in FIGURES and text.strip() and isinstance(as_pasted(text)[0], str):
                found.setdefault((each.form, instance), []).append(item)
    assert told == {key: sorted(items) for key, items in found.items()}


def item_kinds(each: Table) -> dict[str, str]:
    kinds = {item: spec.kind for item, spec in each.definition.items.items()}
    for name in each.lines:
        for column, spec in each.definition.lists[name].columns.items():
            kinds |= {f"{line_id}.{column}": spec.kind for line_id in each.line_ids(name)}
    return kinds


@pytest.mark.parametrize("name", UNITS)
def test_audit_names_items_of_its_tables_and_none_twice(name: str) -> None:
    unit, audit = load_unit(returns(name)), expected(name)
    tables = {(each.form, instance): each for instance, each in unit.instances()}
    assert audit["forms"] == {each.form: each.edition for each in unit.tables}
    judged = [(f["form"], f["instance"], f["rule"], f["item"]) for f in [*audit["both"], *audit["pasted"]]]
    judged += without_finding(audit)
    assert [key for key, count in Counter(judged).items() if count > 1] == []
    for form, instance, rule, item in judged:
        each = tables[form, instance]
        known = {"", *item_kinds(each), *each.definition.groups, *group_totals(each)}
        assert item in known, (instance, rule, item)
    for finding in [*audit["both"], *audit["pasted"]]:
        assert set(finding) - {"stated", "expected", "difference", "related_items"} == FINDING_KEYS
    assert audit["issued"] == []


def without_finding(audit: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(form, instance, rule, item) of the checks that agree or cannot be made."""
    return [
        (section["form"], section["instance"], rule, item)
        for section in [*audit["agrees"], *audit["unchecked"]]
        for rule, items in section["checks"].items()
        for item in items
    ]


def group_totals(each: Table) -> set[str]:
    """`产出指标.分值`: the sum of a column over a group."""
    return {
        f"{group}.{column}"
        for spec in each.definition.lists.values()
        for group in (*spec.groups, *spec.groups.values())
        for column in spec.columns
    }


@pytest.mark.parametrize("name", UNITS)
def test_every_check_of_a_form_is_judged_once_by_the_audit(name: str) -> None:
    """No sum, ratio or limit of a definition may be missing from the hand audit."""
    unit, audit = load_unit(returns(name)), expected(name)
    judged = {(f["form"], f["instance"], f["rule"], f["item"]) for f in audit["both"]}
    judged |= set(without_finding(audit))
    wanted = set()
    for instance, each in unit.instances():
        for rule in each.definition.rules:
            lines = filled_lines(each, rule.list_id) if rule.list_id else [None]
            column = rule.item.rpartition(".")[2]
            items = [rule.item if line is None else f"{line}.{column}" for line in lines]
            wanted |= {(each.form, instance, rule.id, item) for item in items}
    assert wanted == {key for key in judged if not re.match(r"T-|[AF]-S", key[2])}


def filled_lines(each: Table, name: str) -> list[str]:
    """The ids of the lines that have a name and a figure."""
    pairs = zip(each.line_ids(name), each.lines[name], strict=True)
    return [line_id for line_id, line in pairs if line.name and line.values.get("分值", "").strip()]


def test_form_faults_are_those_printed() -> None:
    found = {(f["item"], f["rule"], f["stated"]) for f in expected("表样")["findings"]}
    indicators = load_unit(returns("衡山县行政审批服务局")).tables[0].definition.indicators
    printed = set()
    for name, (block, place) in indicators.items():
        indicator = block.indicators[place]
        full = getattr(indicator.rule, "printed_full", None)
        if full is not None and full != indicator.points:
            printed.add((name, "S-01", str(full)))
        if indicator.stale_year is not None:
            printed.add((name, "S-03", str(indicator.stale_year)))
    assert found == printed
    assert len(found) == 4


@pytest.mark.parametrize("path", [*unit_files(), *sorted((ROOT / "expected").glob("*.yaml"))])
def test_no_persons_and_no_telephone_numbers(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"(?<![\d.])1[3-9]\d{9}(?!\d)|\d{3,4}[-—]\d{7,8}|1\*{3,}|某某", text) == []
    for unit in (load_unit(path),) if path.parent.name == "returns" else ():
        for each in unit.tables:
            personal = [item.id for item in each.definition.items.values() if item.personal]
            assert [each.values.get(item, "") for item in personal] == [""] * len(personal)


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("5", (5.0, "General")),
        ("384.00", (384.0, "General")),
        ("60%", (0.6, "0%")),
        ("87.15%", (0.8715, "0.00%")),
        ("　0.64", ("　0.64", "General")),
        ("1733.634137万元", ("1733.634137万元", "General")),
        ("272.74\n\n", ("272.74\n\n", "General")),
        ("2021.6.24", ("2021.6.24", "General")),
        ("≥95%", ("≥95%", "General")),
    ],
)
def test_what_excel_makes_of_a_paste(text: str, pasted: tuple[str | float, str]) -> None:
    assert as_pasted(text) == pasted


@pytest.mark.parametrize("name", UNITS)
def test_pasted_workbook_holds_each_printed_value_at_its_cell(name: str, tmp_path: Path) -> None:
    path = build_pasted(returns(name), tmp_path)
    assert path.name == f"{name}.xlsx"
    unit, cells = load_unit(returns(name)), pasted_cells(returns(name))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [unit.paste.sheet, unit.paste.narrative.sheet]
    sheet = book[unit.paste.sheet]
    shared = {item for each in unit.tables for item in (*each.paste.paragraphs, "年度")}
    alone = [cell for (_, _, item), cell in cells.items() if item not in shared]
    assert [cell for cell, count in Counter(alone).items() if count > 1] == []
    for instance, each in unit.instances():
        for item, text in each.printed().items():
            held = sheet[cells[each.form, instance, item]]
            if item in shared:
                assert text in str(held.value), item
            else:
                value, code = as_pasted(text)
                assert (held.value, held.number_format) == (value, code), (instance, item)


@pytest.mark.parametrize("name", UNITS)
def test_every_item_of_a_pasted_table_has_a_cell_and_blanks_are_blank(name: str, tmp_path: Path) -> None:
    unit, cells = load_unit(returns(name)), pasted_cells(returns(name))
    sheet = openpyxl.load_workbook(build_pasted(returns(name), tmp_path)).worksheets[0]
    for instance, each in unit.instances():
        omitted = {"填表人", "填报日期", "联系电话", "单位负责人签字"} if each.paste.omit else set()
        for item in set(item_kinds(each)) - omitted:
            cell = cells[each.form, instance, item]
            if item not in each.printed() and item not in {*each.paste.paragraphs, "年度"}:
                assert sheet[cell].value is None, (instance, item)


def test_pasted_places() -> None:
    """A few cells read off the sheets by eye: odd starts, shifted columns, torn and repeated heads."""
    hengshan = pasted_cells(returns("衡山县行政审批服务局"))
    assert hengshan[SHEET, "", "在职人员控制率.得分"] == "H6"
    assert hengshan[SHEET, "", "经济效益和社会效益.分值"] == "E21"
    assert hengshan[SHEET, "", "经济效益和社会效益.得分"] == "H22"
    assert hengshan[BASE, "", "填报单位"] == "D31"
    assert hengshan[BASE, "", "政务中心运行经费.本年预算数"] == "G45"
    hecheng = pasted_cells(returns("鹤城区政务服务中心"))
    assert hecheng[BASE, "", "控制率"] == "H6"
    assert hecheng[SELF, "政务中心临聘人员工资、绩效、劳务费", "临聘工资.年度指标值"] == "F45"
    assert hecheng[SELF, "政务中心临聘人员工资、绩效、劳务费", "年度"] == "B30"


def test_pasted_sheet_is_torn_as_in_word(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(build_pasted(returns("衡山县行政审批服务局"), tmp_path)).worksheets[0]
    texts = Counter(re.sub(r"\s", "", str(cell.value or "")) for row in sheet for cell in row)
    assert (texts["过程60分"], texts["预算管理40分"], texts["一级指标"], texts["投入10分"]) == (2, 2, 2, 1)
    merged = {str(found) for found in sheet.merged_cells.ranges}
    assert {"B8:B16", "B18:B19", "C12:C16", "C21:C25"} <= merged
    assert [sheet.cell(row, 2).value for row in (1, 2, 3)] == [None, None, None]
    assert all(sheet.cell(14, column).value is None for column in range(1, 12))


def test_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    first = build_pasted(returns("炎陵县政务服务中心"), tmp_path / "a").read_bytes()
    assert first == build_pasted(returns("炎陵县政务服务中心"), tmp_path / "b").read_bytes()


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
