"""Units of money that are printed: which figures each governs, what becomes of them, and what contradicts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from gouji.ingest.figures.printed_units import NamedUnits, named_units
from gouji.ingest.read_return import TableReading, read_return
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.issued import Recipient, issue_workbook
from gouji.templates.units import MONEY
from tests.field.build import write_book
from tests.recalculation import converted
from tests.rotation import rotated

BASE, PROJECT = "基础数据表2021", "项目支出绩效自评表"
MONEY_AREA = "B6:F21"
INVESTED = [
    {
        "A*2": "楼堂馆所控制情况\n（2021年完工项目）", "B": "批复规模\n（㎡）", "C": "实际规模\n（㎡）",
        "D": "规模控制率", "E": "预算投资\n（万元）", "F": "实际投资\n（万元）", "G": "投资概算\n控制率",
    },
    {"B": 100, "C": 100, "D": 1, "E": 50, "F": 45, "G": 0.9},
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "units", "own"),
    [
        ("单位：元", "元", True), ("金额单位：万元", "万元", True), ("单位:千元", "千元", True),
        ("（单位：亿元）", "亿元", True), ("单位：人民币元", "元", True), ("计量单位：百万元", "百万元", True),
        ("单位：人、万元", "万元", True), ("（元）", "元", True), ("元", "元", True), ("单位：万", "万元", True),
        ("填报单位：某局　　　单位：元　　填报日期：2023年3月1日", "元", True),
        ("项目资金\n（元）", "元", False), ("年初预算数(千元)", "千元", False), ("预算数【万元】", "万元", False),
        ("基础数据表（单位：元）", "元", False), ("预算数（万元、%）", "万元", False), ("预算数：元", "元", False),
        ("单位：元/万元", "元 万元", True), ("（元/万元）", "元 万元", False),
        ("填报单位：元谋县财政局", "", False), ("人均公用经费（元/人）", "", False), ("批复规模（㎡）", "", False),
        ("≤100万元", "", False), ("总成本100元", "", False), ("单位：", "", False), ("多元化发展", "", False),
        ("本项目资金（含上级补助100万元）用于道路养护", "", False),
    ],
)  # fmt: skip
def test_units_in_a_text(text: str, units: str, own: bool) -> None:
    named = named_units(text)
    assert (" ".join(named.units), named.standalone) == (units, own)
    assert named == NamedUnits(tuple(units.split()), own, named.bare)


def table(folder: Path, of: str, **change: Any) -> TableReading:
    path = write_book([{"of": of, **change}], "试点甲局", folder / "试点甲局.xlsx")
    (found,) = read_return(path, path.name, built_in()).tables
    return found


def amounts(read: TableReading) -> dict[str, tuple[float, int]]:
    form = built_in().form(read.form, read.edition)
    columns = {column: item for spec in form.lists.values() for column, item in spec.columns.items()}
    values = read.values
    return {
        item: (value, decimals or 0)
        for item, value, decimals in zip(values.item, values.value, values.decimals, strict=True)
        if value is not None and (form.items.get(item) or columns[item.rpartition(".")[2]]).kind == "amount"
    }


def shifted(read: TableReading, plain: TableReading, power: int, where: Any = lambda item: True) -> None:
    """Every amount that `where` picks is 10^power of that of the plain table, to the last digit; the others stay."""
    right = {}
    for item, (value, decimals) in amounts(plain).items():
        moved = power if where(item) else 0
        exact = Decimal(format(value, ".15g")).scaleb(moved)
        right[item] = (float(exact), max(0, decimals - moved))
    assert amounts(read) == right


WHOLE = {
    "behind the unit's name": {"cells": {"F2": "单位：{}"}},
    "without the word for unit": {"cells": {"F2": "（{}）"}},
    "in the title": {"cells": {"A1": "部门整体支出绩效评价基础数据表（单位：{}）", "F2": None}},
    "in a line of its own": {"instead": {"2": [{"A": "填报单位：", "B-G": "{单位}"}, {"A-G": "金额单位：{}"}]}},
    "label and unit apart": {"instead": {"2": [{"A": "填报单位：", "B-D": "{单位}", "E": "金额单位：", "F": "{}"}]}},
    "all in one line": {"instead": {"2": [{"A-G": "填报单位：{单位}      填报日期：2022年3月1日      单位：{}"}]}},
    "in the corner": {"cells": {"A5": "经费控制情况（{}）", "F2": None}},
    "under the table": {
        "cells": {"F2": None},
        "instead": {"24": [{"A": "厉行节约保障措施", "B-G": "严格执行"}, {"A-G": "注：金额单位：{}"}]},
    },
}  # fmt: skip


def with_unit(change: Any, unit: str) -> Any:
    match change:
        case dict():
            return {key: with_unit(value, unit) for key, value in change.items()}
        case list():
            return [with_unit(value, unit) for value in change]
        case str():
            return change.replace("{}", unit)
    return change


@pytest.mark.parametrize("unit", ["元", "百元", "千元", "万元", "十万元", "百万元", "亿元"])
@pytest.mark.parametrize("where", rotated("printed units", list(WHOLE), 4))
def test_the_whole_table_is_in_the_unit_that_is_printed(tmp_path: Path, where: str, unit: str) -> None:
    read = table(tmp_path, BASE, **with_unit(WHOLE[where], unit))
    shifted(read, table(tmp_path, BASE), MONEY[unit])
    assert [one.unit for one in read.converted] == ([] if unit == "万元" else [unit])
    assert [len(one.cells) for one in read.converted] == ([] if unit == "万元" else [len(amounts(read))])


def test_the_figure_that_stood_there_is_kept(tmp_path: Path) -> None:
    read = table(tmp_path, BASE, cells={"F2": "单位：元", "B6": 30000.25})
    at = read.values.item.index("三公经费.上年决算数")
    assert (read.values.value[at], read.values.raw[at], read.values.decimals[at]) == (3.000025, "30000.25", 6)


def test_a_unit_in_the_cell_itself_goes_before(tmp_path: Path) -> None:
    read = table(tmp_path, BASE, cells={"F2": "单位：元", "B6": "3万元"})
    shifted(read, table(tmp_path, BASE, cells={"B6": "3万元"}), -4, lambda item: item != "三公经费.上年决算数")


def test_a_column_goes_before_the_table(tmp_path: Path) -> None:
    read = table(tmp_path, BASE, cells={"F2": "单位：元"}, instead={"22-23": INVESTED})
    shifted(read, table(tmp_path, BASE, instead={"22-23": INVESTED}), -4, lambda item: "投资" not in item)
    assert [one.cell for one in read.converted] == ["F2"]


def test_a_row_goes_before_the_table(tmp_path: Path) -> None:
    row = {"A": "3、公务接待", "B-C": 1, "D-E": 1, "F-G": 1, "H": "元"}
    read = table(tmp_path, BASE, instead={"11": [row]})
    shifted(read, table(tmp_path, BASE), -4, lambda item: item.startswith("公务接待"))


def test_a_label_of_a_row_beyond_the_definition_governs_no_other_row(tmp_path: Path) -> None:
    read = amounts(table(tmp_path, BASE, cells={"A20": "采购货物和服务金额（元）"}))
    plain = amounts(table(tmp_path, BASE, cells={"A20": "采购货物和服务金额"}))
    own = {item: figure for item, figure in read.items() if "+" not in item}
    assert own == {item: figure for item, figure in plain.items() if "+" not in item}
    assert {figure for item, figure in read.items() if "+" in item} == {(0.0, 4)}


@pytest.mark.parametrize("depth", ["A*5", "A"])
def test_a_label_at_the_side_governs_its_block(tmp_path: Path, depth: str) -> None:
    heads = {
        "B-C": None,
        "D": "年初预算数",
        "E": "全年预算数",
        "F": "全年执行数",
        "G": "分值",
        "H": "执行率",
        "I": "得分",
    }
    read = table(tmp_path, PROJECT, instead={"5": [{depth: "项目资金（元）", **heads}]})
    shifted(read, table(tmp_path, PROJECT), -4)


@pytest.mark.parametrize(
    "change",
    [
        {"cells": {"F2": "单位：元/万元"}},
        {"cells": {"A1": "部门整体支出绩效评价基础数据表（单位：万元）", "F2": "单位：元"}},
        {"instead": {"2": [{"A": "填报单位：", "B-D": "{单位}", "E": "单位：元", "F-G": "单位：万元"}]}},
        {"instead": {"24": [{"A-G": "注：金额单位：元"}]}},
    ],
)
def test_two_units_of_which_none_is_nearer_leave_the_figures_alone(tmp_path: Path, change: Any) -> None:
    read = table(tmp_path, BASE, **change)
    shifted(read, table(tmp_path, BASE), 0)
    assert read.converted == [] and "单位" in read.unit_unclear


def test_a_statement_that_nothing_follows_contradicts_the_labels(tmp_path: Path) -> None:
    read = table(tmp_path, PROJECT, cells={"A2": "（2023年度）　单位：元"})
    shifted(read, table(tmp_path, PROJECT), 0)
    assert "单位：元" in read.unit_unclear and "项目资金（万元）" in read.unit_unclear


@pytest.mark.in_turn("long")
def test_what_is_unclear_counts_only_when_somebody_says_so(tmp_path: Path) -> None:
    inbox = tmp_path / "收到"
    for name, head in (("试点甲局", "单位：元"), ("试点乙局", "单位：元/万元"), ("试点丙局", "单位：万元")):
        factor = {"times": {MONEY_AREA: 10000}} if head == "单位：元" else {}
        inbox.mkdir(exist_ok=True)
        write_book([{"of": BASE, "cells": {"F2": head}, **factor}], name, inbox / f"{name}.xlsx")
    out = tmp_path / "结果"
    first = run([inbox], out, only=["汇总"])
    status = dict(zip(first.returns["unit"], first.returns["status"], strict=True))
    assert status == {"试点甲局": "已收", "试点乙局": "金额待定", "试点丙局": "已收"}
    (open_,) = first.findings[first.findings["rule"] == "R-12"].itertuples()
    assert (open_.severity, open_.unit) == ("强制性", "试点乙局") and "单位：元/万元" in open_.message
    assert total(out) == 200
    book = load_workbook(out / "汇总.xlsx")
    sheet = book["收表明细"]
    (at,) = [cell.column for row in sheet.iter_rows() for cell in row if cell.value == "采用"]
    (row,) = [row[0].row for row in sheet.iter_rows() if any(cell.value == "试点乙局" for cell in row)]
    sheet.cell(row, at).value = "是"
    book.save(out / "汇总.xlsx")
    again = run([inbox], out, only=["汇总"])
    assert set(again.returns["status"]) == {"已收"} and again.returns["adopted"].all()
    assert "R-12" not in set(again.findings["rule"])
    assert total(out) == 300


def total(out: Path) -> float:
    """合计 of 项目支出, budget of the year, as it stands in the workbook."""
    sheet = load_workbook(out / "汇总.xlsx", data_only=True)["基础数据汇总"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    above, below = next((rows[at], rows[at + 1]) for at, row in enumerate(rows) if "项目支出" in row)
    at = next(at for at in range(above.index("项目支出"), len(below)) if "预算数" in str(below[at]))
    (found,) = [row[at] for row in rows if str(row[2]).startswith("合计")]
    assert isinstance(found, int | float)
    return found


def issued(folder: Path, factor: int, head: str | None) -> TableReading:
    """An issued 基础数据表 with 项目支出 of 100 万元 typed in, in a smaller unit, its printed unit changed."""
    path = folder / "某局.xlsx"
    form = built_in().form("部门整体支出绩效评价基础数据表", "衡山县-2021")
    issue_workbook(Recipient("001", "某局", ""), [form], 2021, path)
    book = load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if sheet.title not in (IDENTITY_SHEET, "填报说明", "自查"))
    (printed,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "单位：万元"]
    printed.value = head or printed.value
    for row in sheet.iter_rows(min_row=6, max_row=24):
        for cell in row:
            if isinstance(cell, Cell) and cell.data_type != "f" and not cell.protection.locked and cell.column > 1:
                cell.value = 100 * factor
    book.save(path)
    (found,) = [one for one in read_return(path, path.name, built_in()).tables if one.form == form.name]
    assert found.layout == "issued"
    return found


@pytest.mark.parametrize("unit", ["元", "千元"])
def test_the_head_of_an_issued_sheet_counts_too(tmp_path: Path, unit: str) -> None:
    plain, changed = issued(tmp_path, 1, None), issued(tmp_path, 10 ** -MONEY[unit], f"单位：{unit}")
    right = {item: value for item, (value, _) in amounts(plain).items()}
    assert right and {item: value for item, (value, _) in amounts(changed).items()} == right
    assert [(one.unit, len(one.cells)) for one in changed.converted] == [(unit, len(right))]


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
def test_old_and_open_formats_say_the_same(tmp_path: Path) -> None:
    sheets = [{"of": BASE, "cells": {"F2": "单位：元"}}, {"of": PROJECT, "cells": {"A5": "项目资金\n（元）"}}]
    made = write_book(sheets, "试点甲局", tmp_path / "a.xlsx")
    right = [amounts(one) for one in read_return(made, made.name, built_in()).tables]
    assert [len(one) for one in right] == [46, 12]
    for kind in ("xls", "ods"):
        converted([made], tmp_path, kind)
        tables = read_return(tmp_path / f"a.{kind}", f"a.{kind}", built_in()).tables
        read = [{item: value for item, (value, _) in amounts(one).items()} for one in tables]
        assert read == [{item: value for item, (value, _) in one.items()} for one in right]


def test_a_sentence_says_what_stands_in_a_cell_that_was_converted_and_blames_it(tmp_path: Path) -> None:
    """The total was typed in 万元 on a sheet in 元: it is the culprit of the rate as well."""
    changed = {"times": {"D6:F9": 10_000}, "cells": {"A5": "项目资金\n（元）", "F6": 90}}
    path = write_book([{"of": PROJECT, **changed}], "试点甲局", tmp_path / "试点甲局.xlsx")
    told = run([path]).findings.set_index("rule")
    assert "现为 0.009万元（F6填的是90，按元换算），" in told.loc["A-01", "message"]
    assert told.loc["A-02", "cause"] == "与“全年执行数多除了一万，本来已是万元”相符"


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"times": {"D6:F9": 10000}}, True),  # 项目资金 alone, figures of a million and more
        ({"times": {"D6:F9": 10000}, "cells": {"A5": "项目资金（万元）"}}, False),
        ({"times": {"D6:F9": 10}}, False),
        ({"cells": {"D6": 1000000, "E6": 1000000, "F6": 900000}}, False),  # the parts are small
    ],
)
def test_a_table_without_any_unit_is_asked_where_it_can_only_be_in_yuan(
    tmp_path: Path, change: dict[str, Any], asked: bool
) -> None:
    read = table(
        tmp_path, PROJECT, **({"cells": {}} | change | {"cells": {"A5": "项目资金"} | change.get("cells", {})})
    )
    said = "表上没有写金额单位，填的金额都不小于 180,000，不能确定是元还是万元"
    assert read.unit_unclear == (said if asked else "")
