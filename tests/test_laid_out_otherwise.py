"""Layouts that offices choose themselves: every figure is read as what it is, in the unit that is printed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gouji.commands.preview import write_example
from gouji.export.results import Results
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.recipient import Project, Recipient
from tests.field.build import write_book
from tests.frames import all_found

UNIT, YEAR = "试点甲局", 2023
PROJECT, WHOLE, BASE = "项目支出绩效自评表", "部门整体支出绩效自评表", "基础数据表2023"
WITH_YEARS = {"A": "经费控制情况（万元）", "B-C": "2022年决算数", "D-E": "2023年预算数", "F-G": "2023年决算数"}
REPORT = "财政支出项目绩效评价自评报告@汨罗市-2018"


def sent(folder: Path, *sheets: dict[str, Any]) -> Results:
    return run([write_book(sheets, UNIT, folder / f"{UNIT}.xlsx")], year=YEAR)


def figures(results: Results) -> dict[str, float]:
    """Item → its figure, of a workbook of one table."""
    frame = results.values.frame()
    frame = frame[frame["list_id"].isna() & frame["value"].notna()]
    return dict(zip(frame["item"], frame["value"], strict=True))


def asked(results: Results) -> pd.DataFrame:
    """What the unit must mend or explain."""
    found = all_found(results)
    return found[found["severity"].isin(["强制性", "核实性"]) & ~found["rule"].isin(["R-06", "R-13"])]


def test_amounts_that_share_a_cell_with_their_label_are_in_the_unit_beside_them(tmp_path: Path) -> None:
    in_yuan = {
        "A3": "年度预算申请\n（元）", "D4": 8611000, "E4": 20301200, "F4": 20301200,
        "B5": "按收入性质分：20301200", "F5": "按支出性质分：20301200", "B6": "其中：  一般公共预算：13256800",
        "F6": "其中：基本支出：10049200", "B7": "        政府性基金拨款：1188200", "F7": "      项目支出：10252000",
        "B9": "        其他资金：5856200",
    }  # fmt: skip
    results = sent(tmp_path, {"of": WHOLE, "cells": in_yuan})
    read = figures(results)
    assert (read["按收入性质分"], read["按支出性质分"], read["项目支出"]) == (2030.12, 2030.12, 1025.2)
    assert asked(results).empty


def test_an_amount_right_behind_its_label_is_read(tmp_path: Path) -> None:
    cells = {"B5": "按收入性质分2030.12", "F5": "按支出性质分2040.12", "F6": "其中：基本支出1004.92"}
    results = sent(tmp_path, {"of": WHOLE, "cells": cells})
    read = figures(results)
    assert (read["按收入性质分"], read["按支出性质分"], read["基本支出"]) == (2030.12, 2040.12, 1004.92)
    assert set(asked(results)["rule"]) == {"Z-02", "Z-04"}


def test_parts_below_a_total_are_in_the_unit_that_stands_beside_it(tmp_path: Path) -> None:
    form = built_in().find(REPORT)
    path = tmp_path / "来源.xlsx"
    write_example(Recipient("001", UNIT, "某县农业局", (Project("P01", "环境整治项目"),)), form, YEAR, path)
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["项目自评报告1"]
    for name in set(book.sheetnames) - {sheet.title}:
        del book[name]
    heads = [cell for row in sheet.iter_rows() for cell in row if "（万元）" in str(cell.value)]
    assert len(heads) == 4 and len({cell.row for cell in heads}) == 1
    for row in sheet.iter_rows(min_row=heads[0].row, max_row=sheet.max_row):
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace("（万元）", "（元）")
            elif cell.row <= heads[0].row + 5 and cell.value is not None:
                cell.value *= 10_000
    book.save(tmp_path / f"{UNIT}.xlsx")
    results = run([tmp_path / f"{UNIT}.xlsx"], year=YEAR)
    read = figures(results)
    assert read["项目资金.计划安排资金"] == 5 * read["中央财政.计划安排资金"] == 100
    assert asked(results).empty


@pytest.mark.parametrize("title", ["某某市市级财政支出项目绩效自评价报告表", "2023年度项目支出绩效自评打分表"])
def test_a_table_that_calls_itself_a_report_or_a_marking_is_a_table(title: str, tmp_path: Path) -> None:
    results = sent(tmp_path, {"of": PROJECT, "cells": {"A1": title}})
    assert list(results.returns["status"]) == ["已收"] and figures(results)["年度资金总额.全年执行数"] == 90


def test_yuan_signs_where_yuan_is_printed_are_no_riddle(tmp_path: Path) -> None:
    amounts = {"D": (100, 80, 20, 0), "E": (100, 80, 20, 0), "F": (90, 72, 18, 0)}
    for unit, readable in (("（元）", True), ("（万元）", False)):
        cells = {f"{c}{6 + n}": f"¥{v * 10_000:,.2f}" for c, all_of in amounts.items() for n, v in enumerate(all_of)}
        (folder := tmp_path / unit).mkdir()
        results = sent(folder, {"of": PROJECT, "cells": {"A5": f"项目资金\n{unit}", **cells}})
        assert (figures(results).get("年度资金总额.全年执行数") == 90) == readable
        assert asked(results).empty == readable


def test_heads_in_fewer_rows_than_the_form_prints_leave_the_first_line_a_line(tmp_path: Path) -> None:
    lines = [
        ("养护里程", "≥", 10, "公里", "10公里", 15), ("合格率", "≥", 95, "%", "96%", 15),
        ("按时完成率", "=", 100, "%", "100%", 10), ("养护成本", "≤", 100, "万元", "90万元", 10),
        ("带动", "", "明显", "", "明显", 10), ("出行", "", "改善", "", "改善", 10), ("绿化", "", "改善", "", "改善", 5),
        ("长效", "", "长效", "", "长效", 5), ("群众满意度", "≥", 90, "%", "95%", 10),
    ]  # fmt: skip
    leaves = ["数量", "质量", "时效", "成本", "经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度"]
    groups = {0: ("B*4", "产出指标"), 4: ("B*4", "效益指标"), 8: ("B", "满意度指标")}
    heads = "一级指标 二级指标 三级指标 指标性质 指标值 度量单位 实际完成值 分值 得分 偏差原因".split()
    rows: list[dict[str, Any]] = [{"A*10": "绩效指标", **dict(zip("BCDEFGHIJK", heads, strict=True))}]
    for number, (line, leaf) in enumerate(zip(lines, leaves, strict=True)):
        group = dict([groups[number]]) if number in groups else {}
        rows.append(group | {"C": f"{leaf}指标"} | dict(zip("DEFGHIJ", (*line, line[-1]), strict=True)))
    rows.append({"A-H": "总分", "I": 100, "J": 99})
    results = sent(tmp_path, {"of": PROJECT, "instead": {"12-22": rows}})
    frame = results.values.frame()
    assert list(results.returns["edition"]) == ["云南-2023"]
    assert frame.loc[frame["item"].eq("养护里程.分值"), "value"].tolist() == [15] and asked(results).empty


@pytest.mark.parametrize(
    ("heads", "left"),
    [
        (("上年决算数", "预算数", "决算数"), ()),
        (("2022年实际支出数", "2023年年初预算数", "2023年实际支出数"), ()),
        (("2022年执行数", "2023年预算安排数", "2023年执行数"), ()),
        (("2022年决算数", "2023年预算数", "2023年预算执行率"), ("三公经费.本年决算数",)),
    ],
)
def test_heads_that_say_budget_and_outturn_in_other_words(
    heads: tuple[str, str, str], left: tuple[str, ...], tmp_path: Path
) -> None:
    cells = dict(zip(("B4", "D4", "F4"), heads, strict=True))
    read = figures(sent(tmp_path, {"of": BASE, "cells": cells}))
    items = [f"三公经费.{column}" for column in ("上年决算数", "本年预算数", "本年决算数")]
    assert [item for item in items if item not in read] == list(left)


def test_heads_under_what_they_are_of(tmp_path: Path) -> None:
    rows = [
        {
            "A*6": "项目资金\n（万元）", "B-C": None, "D-E": "预算数", "F": "执行数", "G*2": "分值", "H*2": "执行率",
            "I*2": "得分",
        },
        {"D": "年初", "E": "全年", "F": "全年"},
    ]  # fmt: skip
    results = sent(tmp_path, {"of": PROJECT, "instead": {"5": rows}})
    read = figures(results)
    assert [read[f"年度资金总额.{column}"] for column in ("年初预算数", "全年预算数", "全年执行数")] == [100, 100, 90]
    assert asked(results).empty


@pytest.mark.parametrize(
    "rows",
    [
        [
            {"A*2": "财政供养人员情况", "B-C": "编制数：50人", "D-G": "2023年实际在职人数：48人"},
            {"B-G": "控制率：96.00%"},
        ],
        [
            {"A*3": "财政供养人员情况", "B-C": "编制数", "D": 50},
            {"B-C": "2023年实际在职人数", "D": 48},
            {"B-C": "控制率", "D": 0.96},
        ],
    ],
)
def test_a_row_of_figures_without_heads_is_read_beside_its_labels(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    read = figures(sent(tmp_path, {"of": BASE, "instead": {"2-3": rows}}))
    assert [read[item] for item in ("编制数", "实际在职人数", "控制率")] == [50, 48, 0.96]


def test_a_column_of_units_behind_the_names_is_theirs(tmp_path: Path) -> None:
    lines = {
        "三公经费：": 2,
        "1、公务用车购置和维护经费": 1,
        "其中：公车购置": 0,
        "公车运行维护": 1,
        "2、出国经费": 0,
        "3、公务接待": 1,
    }
    lines |= {"项目支出：": 90, "1、业务工作经费": 50, "2、运行维护经费": 40}
    head = {"A": "经费控制情况", "B": "计量单位", "C": "2022年决算数", "D": "2023年预算数", "E": "2023年决算数"}
    rows = [{"A": name, "B": "元", **dict.fromkeys("CDE", 10_000 * amount)} for name, amount in lines.items()]
    results = sent(tmp_path, {"of": BASE, "instead": {"4-16": [head, *rows]}})
    frame = results.values.frame()
    listed = frame[frame["list_id"].notna() & frame["item"].str.endswith("本年决算数")]
    assert figures(results)["项目支出.本年决算数"] == 90 and sorted(listed["value"]) == [40, 50]
    assert not asked(results)["rule"].eq("G-03").any()


def test_a_total_that_is_not_printed_counts_as_its_parts(tmp_path: Path) -> None:
    cells = {"A7": "1、公车购置", "A8": "2、公车运行维护", "A9": "3、出国经费", "A10": "4、公务接待", "F5": 2.5}
    results = sent(tmp_path, {"of": BASE, "cells": cells, "instead": {"6": []}})
    found = asked(results)
    assert found.loc[found["rule"].eq("G-01"), ["item", "severity"]].to_numpy().tolist() == [
        ["三公经费.本年决算数", "核实性"]
    ]


@pytest.mark.parametrize(
    ("stated", "places", "agrees"), [("0.8182", 4, True), ("0.8192", 4, False), ("0.82", 2, True), ("0.83", 2, False)]
)
def test_a_rate_that_its_formula_rounds_is_right(stated: str, places: int, agrees: bool, tmp_path: Path) -> None:
    cells = {"D6": 110, "E6": 110, "E7": 90, "D7": 90, "I6": 8.18, "H22": 98.18, "H7": 0.8}
    cells["H6"] = f"=ROUND(F6/E6,{places})"
    path = write_book([{"of": PROJECT, "cells": cells}], UNIT, tmp_path / f"{UNIT}.xlsx")
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[sheet] = re.sub(rb"(ROUND[^<]*</f>)<v ?/?>(</v>)?", rb"\1<v>" + stated.encode() + b"</v>", parts[sheet])
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    found = asked(run([path], year=YEAR))
    assert found["cell"].eq("H6").any() != agrees


def test_rows_of_ones_own_are_no_projects_though_their_figures_are_text(tmp_path: Path) -> None:
    own = {"基本支出": "250.00", "人员经费": "200.00"}
    rows = [{"A": "2、运行维护经费", "B-C": 40, "D-E": 40, "F-G": 40}]
    rows += [{"A": name, "B-C": figure, "D-E": figure, "F-G": figure} for name, figure in own.items()]
    results = sent(tmp_path, {"of": BASE, "instead": {"13-16": rows}})
    frame = results.values.frame()
    assert set(frame["line"].dropna()) == {"业务工作经费", "运行维护经费"}
    assert not asked(results)["rule"].eq("G-03").any()


def test_a_table_turned_on_its_side_is_not_called_blank(tmp_path: Path) -> None:
    names = [
        "三公经费",
        "公务用车购置和维护经费",
        "公车购置",
        "公车运行维护",
        "出国经费",
        "公务接待",
        "项目支出",
        "公用经费",
    ]
    letters = "BCDEFGHI"
    turned = [{"A": "年度", **dict(zip(letters, names, strict=True))}]
    turned.extend(
        {"A": head, **dict(zip(letters, (3, 2, 0, 2, 0, 1, 100, 50), strict=True))}
        for head in ("2022年决算数", "2023年预算数", "2023年决算数")
    )
    results = sent(tmp_path, {"of": BASE, "instead": {"2-26": turned}})
    assert "空表" not in set(results.returns["status"])
    assert asked(results)["rule"].isin(["T-20", "R-14"]).any() and not asked(results)["severity"].eq("强制性").any()


@pytest.mark.parametrize(("of", "cells"), [(PROJECT, {"A5": "项目资金\n（元）"}), (BASE, {"A4": "经费控制情况（元）"})])
def test_yuan_over_figures_that_nobody_spends_in_yuan_is_asked_about(
    of: str, cells: dict[str, Any], tmp_path: Path
) -> None:
    results = sent(tmp_path, {"of": of, "cells": cells})
    (message,) = asked(results).loc[lambda found: found["rule"].eq("R-12"), "message"]
    assert list(results.returns["status"]) == ["金额待定"] and "填的金额最大的只有 100，可能是按万元填列的" in message


def test_nothing_listed_for_nothing_spent_is_no_question(tmp_path: Path) -> None:
    none = {"A": "项目支出：", "B-C": 0, "D-E": 0, "F-G": 0}
    results = sent(tmp_path, {"of": BASE, "instead": {"11-16": [none]}})
    assert not asked(results)["rule"].eq("G-03").any()
    (again := tmp_path / "有").mkdir()
    some = none | {"F-G": 12.5}
    assert asked(sent(again, {"of": BASE, "instead": {"11-16": [some]}}))["rule"].eq("G-03").sum() == 1
