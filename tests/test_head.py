"""What the lines above a table say of its unit, department, project and year, in whatever line and under what name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gouji.ingest.locating.head import role_of
from gouji.ingest.read_return import TableReading, read_return
from gouji.ingest.register.unit_names import Named, is_section, named, shortens
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from tests.field.build import write_book

BASE, PROJECT = "基础数据表2021", "项目支出绩效自评表"


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("填报单位：", "unit"), ("部门（单位）名称", "unit"), ("单位（部门）名称：", "unit"),
        ("预算部门、单位名称", "unit"),
        ("填报单位（盖章）：", "unit"), ("项目实施单位", "unit"), ("县级主管部门", "department"),
        ("主管部门及代码", "department"),
        ("省直主管部门（公章）", "department"), ("单位编码", "code"), ("预算单位代码", "code"),
        ("专项（项目）名称", "instance"), ("转移支付（项目）名称", "instance"), ("地方主管部门", "department"),
        ("市县主管部门", "department"), ("县（市、区）主管部门", "department"), ("中央主管部门", ""),
        ("评价年度", "year"), ("联系人", ""), ("单位负责人", ""), ("金额单位", ""), ("主管部门意见", ""),
    ],
)  # fmt: skip
def test_labels_of_a_head(label: str, role: str) -> None:
    assert role_of(label)[0] == role


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("219001-某镇", "219001", "某镇"), ("[219]某县交通运输局", "219", "某县交通运输局"),
        ("某镇（219001）", "219001", "某镇"),
        ("某县财政局（公章）", "", "某县财政局"), ("某县财政局 （ 盖 章 ）", "", "某县财政局"),
        ("某县财政局(单位盖章)", "", "某县财政局"),
        ("219001 某镇人民政府（章）", "219001", "某镇人民政府"), ("八一中学", "", "八一中学"),
        ("第3小学", "", "第3小学"),
        ("219001", "219001", ""),
        ("（无）", "", ""),
        ("不 适 用", "", ""),
    ],
)  # fmt: skip
def test_a_name_without_stamp_and_code(text: str, code: str, name: str) -> None:
    assert named(text) == Named(code, name)


def test_sections_and_short_names() -> None:
    assert is_section("公路股") and is_section("本单位") and not is_section("某县财政局") and not is_section("股")
    assert (
        shortens("交通局", "某县交通运输局")
        and not shortens("教育局", "某县交通运输局")
        and not shortens("局", "某县财政局")
    )


def table(folder: Path, of: str, **change: Any) -> TableReading:
    path = write_book([{"of": of, **change}], "某县财政局", folder / "a.xlsx")
    (reading,) = read_return(path, path.name, built_in()).tables
    return reading


HEADS: dict[str, tuple[list[dict[str, str]], dict[str, object]]] = {
    "another word": ([{"A": "预算单位：", "B-E": "{单位}"}], {"header_unit": "某县财政局"}),
    "one cell": (
        [{"A-G": "填报单位（盖章）：{单位}    填报日期：2022年3月1日    单位：万元"}],
        {"header_unit": "某县财政局"},
    ),
    "no gap": ([{"A-G": "单位名称：{单位}填报日期：2022年3月1日"}], {"header_unit": "某县财政局"}),
    "a gap for a colon": ([{"A-G": "部门（单位）名称　　{单位}"}], {"header_unit": "某县财政局"}),
    "a line of its own": (
        [{"A": "县级主管部门", "B-G": "某县人民政府"}, {"A": "部门（单位）名称", "B-G": "{单位}"}],
        {"header_unit": "某县财政局", "department": "某县人民政府"},
    ),
    "a code": (
        [{"A": "单位编码", "B-C": "219001", "D-E": "填报单位", "F-G": "{单位}"}],
        {"header_unit": "某县财政局", "header_code": "219001"},
    ),
    "code and name": (
        [{"A": "填报单位：", "B-E": "219001-{单位}（公章）"}],
        {"header_unit": "219001-某县财政局（公章）"},
    ),
    "nothing but labels": ([{"A": "预算单位：", "B-C": None, "D-E": "填报日期：", "F-G": None}], {"header_unit": None}),
    "the unit of money": ([{"A-G": "单位：万元"}], {"header_unit": None}),
}  # fmt: skip


@pytest.mark.parametrize("head", list(HEADS))
def test_the_unit_of_a_base_table(tmp_path: Path, head: str) -> None:
    lines, expected = HEADS[head]
    read = table(tmp_path, BASE, instead={"2": lines})
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("change", "year"),
    [
        ({"cells": {"A1": "2023年度项目支出绩效自评表"}, "instead": {"2": []}}, 2023),
        ({"cells": {"A1": "二〇二三年度项目支出绩效自评表"}, "instead": {"2": []}}, 2023),
        ({"cells": {"A1": "2024年部门预算公开项目支出绩效自评表（2023年度）"}, "instead": {"2": []}}, 2023),
        ({"instead": {"2": [{"A-B": "评价年度", "C-I": 2023}]}}, 2023),
        ({"instead": {"2": [{"A-I": "填报单位：某局    预算年度：2023年    填报日期：2024年2月3日"}]}}, 2023),
        ({"instead": {"2": [{"A-I": "填报日期：2024年2月3日"}]}}, None),
        ({"instead": {"2": [{"A-I": "（2023年1月1日至2023年12月31日）"}]}}, 2023),
        ({"instead": {"2": [{"A-I": "2023年1-12月"}]}}, 2023),
        ({"instead": {"2": [{"A-I": "2023.01.01—2023.12.31"}]}}, 2023),
        ({"instead": {"2": [{"A-I": "2023年1月至6月"}]}}, None),
        ({"instead": {"2": [{"A-B": "填报单位", "C-E": "{单位}", "F-I": "2023年度"}]}}, 2023),
        ({"cells": {"A1": "2022年度项目支出绩效自评表"}, "instead": {"2": [{"A-I": "2023年度财政资金"}]}}, None),
    ],
)
def test_the_year_of_a_project(tmp_path: Path, change: Any, year: int | None) -> None:
    assert table(tmp_path, PROJECT, **change).header_year == year


def test_the_department_nearest_to_the_unit_tells(tmp_path: Path) -> None:
    lines = [{"A-B": "省级主管部门", "C-I": "某省水利厅"}, {"A-B": "市县主管部门", "C-I": "{单位}"}]
    assert table(tmp_path, PROJECT, instead={"4": lines}).department == "某县财政局"


def test_what_the_head_says_elsewhere_is_not_called_blank(tmp_path: Path) -> None:
    lines = [{"A-I": "填报单位：{单位}      年度：2023年"}]
    change = {"instead": {"2": [], "4": [*lines, {"A-B": "主管部门", "C-D": "某县人民政府", "E-F": None, "G-I": None}]}}
    write_book([{"of": PROJECT, **change}], "某县财政局", tmp_path / "a.xlsx")
    results = run([tmp_path / "a.xlsx"])
    assert [(row.unit, row.year, row.year_source) for row in results.returns.itertuples()] == [
        ("某县财政局", 2023, "表头")
    ]
    assert not results.findings["rule"].isin(["T-01", "R-08"]).any()
