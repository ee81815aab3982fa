"""Which form a table is taken for, and what a table that no definition describes is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.region import Region
from gouji.ingest.locating.which_form import chosen, kinship, starts
from gouji.ingest.read import read_workbook
from gouji.pipeline import Results, run
from gouji.samples.pasted import build_pasted
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from tests.audit import UNITS, returns
from tests.field.build import write_book

PROJECT = "预算支出绩效自评表"
FORMS = built_in().forms
OF_PROJECTS = ("2023年度专项资金绩效自评表", "政策和专项绩效自评表", "附件2 省级专项自评表", "财政政策绩效自评表")


def sheet_of(path: Path, number: int = 0) -> Sheet:
    return read_workbook(path.read_bytes(), path.name).sheets[number]


def taken_for(sheet: Sheet, forms: Sequence[Form] = FORMS) -> str | None:
    best, _ = chosen(kinship(Region(sheet, 0, sheet.height - 1), forms))
    return None if best is None else best.form.name


@pytest.mark.parametrize("title", OF_PROJECTS)
@pytest.mark.parametrize("left_out", [None, "专项资金绩效目标自评表"])
def test_labels_beat_the_title_of_another_kind_of_project(tmp_path: Path, title: str, left_out: str | None) -> None:
    path = write_book([{"of": "项目支出绩效自评表", "cells": {"A1": title}}], "某县财政局", tmp_path / "a.xlsx")
    assert taken_for(sheet_of(path), [form for form in FORMS if form.name != left_out]) == PROJECT


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("部门整体支出绩效自评表", "部门整体支出绩效自评表"),
        ("专项资金绩效目标申报表", None),
        ("2023年度项目支出绩效监控表", None),
    ],
)
def test_the_title_of_another_table_is_not_overruled(tmp_path: Path, title: str, form: str | None) -> None:
    path = write_book([{"of": "项目支出绩效自评表", "cells": {"A1": title}}], "某县财政局", tmp_path / "a.xlsx")
    assert taken_for(sheet_of(path)) == form


def likenesses(form: Form) -> set[str]:
    """Titles that are a form's but for one word."""
    titles = {title.replace("{年}", "2021") for title in form.titles}
    words = ("目标", "指标", "评价", "共性", "体系", "绩效", "部门", "支出", "财政", "自评", "县级")
    return {title.replace(word, "", 1) for title in titles for word in words if word in title} - titles


@pytest.mark.parametrize("unit", UNITS)
def test_no_published_table_becomes_another_form_by_a_title_like_that_forms(unit: str, tmp_path: Path) -> None:
    own = {title for form in FORMS for title in form.titles}
    path = build_pasted(returns(unit), tmp_path)
    for sheet in read_workbook(path.read_bytes(), path.name).sheets:
        before, begins = taken_for(sheet), starts(sheet, FORMS)
        if before is None or len(begins) != 1:
            continue
        printed = sheet.rows[begins[0]]
        at = next(column for column, value in enumerate(printed) if value)
        for title in sorted({title for form in FORMS for title in likenesses(form)} - own):
            sheet.rows[begins[0]] = [*printed[:at], title, *printed[at + 1 :]]
            assert taken_for(sheet) in (before, None), title


def of_rows(folder: Path, *rows: Sequence[object], sheet: str = "附表") -> Results:
    book = openpyxl.Workbook()
    book.worksheets[0].title = sheet
    for row in rows:
        book.worksheets[0].append(row)
    path = folder / "某县财政局.xlsx"
    book.save(path)
    return run([path])


def told(results: Results) -> list[tuple[str, str]]:
    found = results.findings[results.findings["rule"].isin(["R-02", "R-14"])]
    return list(zip(found["rule"], found["severity"], strict=True))


SCORED = [
    ["一级指标", "二级指标", "三级指标", "标准分", "扣分", "得分", "扣分原因"],
    ["投入", "预算配置", "在职人员控制率", 40, 0, 40],
    ["过程", "预算执行", "预算完成率", 60, 1.5, 58.5],
]


@pytest.mark.parametrize(
    "rows",
    [
        [["2023年部门整体支出绩效评价评分表"], *SCORED],
        [["部门整体支出绩效评价指标评分表"], ["内容", "预算数", "决算数"], ["人员", 5, 4], ["公用", 2, 2]],
        [["事项", "预算数", "决算数"], ["人员", 5, 4], ["公用", 2, 2]],
    ],
    ids=["a title of its own", "our title over another layout", "a layout without a title"],
)
def test_a_table_of_its_own_kind_is_asked_about_and_not_rejected(tmp_path: Path, rows: list[list[object]]) -> None:
    assert told(of_rows(tmp_path, *rows)) == [("R-14", "核实性")]


def test_figures_that_nothing_explains_are_no_table(tmp_path: Path) -> None:
    assert told(of_rows(tmp_path, [1, 2.5], [3, 4.5])) == [("R-02", "强制性")]


def test_a_block_that_a_unit_left_out_speaks_once_against_an_edition(tmp_path: Path) -> None:
    """基础数据表 of 衡山县-2021 without its 楼堂馆所 is still of that edition: it has 印刷费、其他商品和服务费."""
    path = write_book([{"of": "基础数据表2021", "instead": {"22-23": []}}], "试点局", tmp_path / "a.xlsx")
    sheet = sheet_of(path)
    best, alike = chosen(kinship(Region(sheet, 0, sheet.height - 1), FORMS))
    assert best is not None and (best.form.edition, alike) == ("衡山县-2021", [])
