"""Editions in use since 2020: their published blanks, filled in with invented figures, read whole and judged."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gouji.pipeline import run
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook
from gouji.templates.layout import Layout, lay_out
from gouji.templates.recipient import Project, Recipient
from tests.field.build import field_sheets, write_book
from tests.test_published_blanks import HENGSHAN, HUNAN, NATIONAL, SICHUAN, blank

COSTS, YUNNAN = "项目支出绩效自评表@全国-2021", "项目支出绩效自评表@云南-2023"
SHEETS = {COSTS: field_sheets("v12_试点v12局"), YUNNAN: [{"of": "项目支出绩效自评表（元）"}]}
"""Forms of which sheets are at hand that are filled in already."""
ANHUI = "部门整体支出绩效自评表@安徽-2023"
BLANKS = {ANHUI: (NATIONAL, {"A1": "部门整体支出绩效自评表", "A3": "部门名称", "A4": None, "E4": None})}
"""Forms printed as another one's blank, with other words in some cells."""
FILLED: dict[str, dict[str, Any]] = {
    NATIONAL: {
        "A2": "（2024年度）", "C3": "乡村道路养护", "C4": "某县交通局", "G4": "某县公路所",
        "D6": 100, "E6": 120, "F6": 108, "H6": 0.9, "I6": 9,
        "D7": 80, "E7": 90, "F7": 81, "H7": 0.9, "D8": 15, "E8": 20, "F8": 18, "H8": 0.9,
        "D9": 5, "E9": 10, "F9": 9, "H9": 0.9, "B11": "养护道路40公里", "F11": "完成",
        "D13": "养护里程", "E13": "40公里", "F13": "40公里", "G13": 20, "H13": 20,
        "D16": "合格率", "E16": "95%", "F16": "96%", "G16": 10, "H16": 10,
        "D19": "完成时间", "E19": "2024年12月底前", "F19": "2024年11月", "G19": 10, "H19": 10,
        "D22": "养护成本", "E22": "≤120万元", "F22": "108万元", "G22": 10, "H22": 10,
        "D28": "受益村", "E28": "12个", "F28": "12个", "G28": 30, "H28": 30,
        "D37": "群众满意度", "E37": "90%", "F37": "93%", "G37": 10, "H37": 10, "H40": 99,
    },
    HENGSHAN: {
        "A1": "2024年度部门整体支出绩效评价基础数据表", "B3": 40, "D3": 38, "F3": 0.95,
        "B5": 30, "D5": 28, "F5": 25, "B6": 20, "D6": 19, "F6": 17, "B7": 0, "D7": 0, "F7": 0,
        "B8": 20, "D8": 19, "F8": 17, "B9": 0, "D9": 0, "F9": 0, "B10": 10, "D10": 9, "F10": 8,
        "B11": 200, "D11": 230, "F11": 220, "B12": 120, "D12": 130, "F12": 125,
        "B13": 80, "D13": 100, "F13": 95, "B17": 90, "D17": 85, "F17": 80,
        "B18": 30, "D18": 30, "F18": 28, "B19": 25, "D19": 22, "F19": 20, "B20": 20, "D20": 18, "F20": 17,
        "D21": 60, "F21": 55, "D22": 5, "F22": 5, "B25": "会议从简。",
    },
    HUNAN: {
        "A1": "2024年度部门整体支出绩效自评表", "C2": "某县公路所", "D4": 861.1, "E4": 2030.12, "F4": 1928.614,
        "H4": 10, "I4": 0.95, "J4": 9.5, "B5": "按收入性质分：2030.12", "F5": "按支出性质分：1928.614",
        "B6": "其中：  一般公共预算：1325.68", "F6": "其中：基本支出：903.414", "B7": "        政府性基金拨款：118.82",
        "F7": "      项目支出：1025.20", "B8": "纳入专户管理的非税收入拨款：0", "B9": "        其他资金：585.62",
        "B11": "养护道路40公里", "F11": "完成", "D13": "养护里程", "E13": "40公里", "F13": "40公里", "G13": 20,
        "H13": 20, "D14": "合格率", "E14": "95%", "F14": "96%", "G14": 10, "H14": 10,
        "D15": "完成时间", "E15": "2024年12月底前", "F15": "2024年11月", "G15": 10, "H15": 10,
        "D16": "养护成本", "E16": "≤2030万元", "F16": "1928万元", "G16": 10, "H16": 10,
        "D18": "受益村", "E18": "12个", "F18": "12个", "G18": 30, "H18": 30,
        "D21": "群众满意度", "E21": "90%", "F21": "93%", "G21": 10, "H21": 10, "H22": 99.5,
    },
}  # fmt: skip
FILLED[ANHUI] = {cell: value for cell, value in FILLED[NATIONAL].items() if cell not in ("C4", "G4")} | {
    "C3": "某县公路所"
}
FILLED[SICHUAN] = {
    "A2": "部门预算项目支出绩效自评表（2024年度）", "B3": "乡村道路养护", "B4": "某县交通局", "H4": "某县公路所",
    "D6": "养护道路40公里", "H6": "完成", "D7": "按月巡查。", "D9": 100, "F9": 120, "G9": 108, "H9": 0.9, "J9": 9,
    "D10": 80, "F10": 90, "G10": 81, "H10": 0.9, "D11": 0, "F11": 0, "G11": 0, "D12": 15, "F12": 20, "G12": 18,
    "H12": 0.9, "D13": 5, "F13": 10, "G13": 9, "H13": 0.9,
    "D15": "养护里程", "E15": "≥", "F15": 40, "G15": "公里", "H15": 40, "I15": 20, "J15": 20,
    "D16": "合格率", "E16": "≥", "F16": 95, "G16": "%", "H16": 96, "I16": 20, "J16": 20,
    "D17": "完成时间", "E17": "≤", "F17": 12, "G17": "月", "H17": 11, "I17": 10, "J17": 10,
    "D18": "养护成本", "E18": "≤", "F18": 120, "G18": "万元", "H18": 108, "I18": 10, "J18": 10,
    "D20": "交通事故", "E20": "≤", "F20": 5, "G20": "起", "H20": 3, "I20": 20, "J20": 20,
    "D22": "群众满意度", "E22": "≥", "F22": 90, "G22": "%", "H22": 93, "I22": 10, "J22": 10, "I23": 100, "J23": 99,
}  # fmt: skip
FILLED |= {key: {} for key in SHEETS}
YEARS = {HENGSHAN: {"D2": "2024 年实际在职人数", "B4": "2023 年决算数", "D4": "2024 年预算数", "F4": "2024 年决算数"}}
FORMS = dict.fromkeys((NATIONAL, SICHUAN, COSTS, YUNNAN), "预算支出绩效自评表")
"""Forms of another name than their blank's."""


def filled(key: str, folder: Path, **changed: Any) -> Path:
    """The blank with its figures, some of them changed."""
    path = folder / "某县公路所.xlsx"
    printed, reworded = BLANKS.get(key, (key, {}))
    if key in SHEETS:
        write_book(SHEETS[key], "某县公路所", path)
    else:
        path.write_bytes(blank(printed))
    book = openpyxl.load_workbook(path)
    sheet: Any = book.active
    for cell, value in {**reworded, **FILLED[key], **YEARS.get(key, {}), **changed}.items():
        sheet[cell] = value
    book.save(path)
    return path


def figures_typed(path: Path) -> dict[str, float]:
    """The figures by their cells, those behind a label in its cell among them."""
    sheet: Any = openpyxl.load_workbook(path).active
    behind = {cell.coordinate: str(cell.value).rpartition("：")[2] for row in sheet.iter_rows() for cell in row}
    return {cell: float(text) for cell, text in behind.items() if re.fullmatch(r"[\d.]+", text)}


READ_AS = {SICHUAN: {"F16": 0.95, "H16": 0.96, "F22": 0.9, "H22": 0.93}}
"""Figures that their unit, in a column or a head, makes other ones."""
READ_AS[YUNNAN] = {"E14": 0.95, "G14": 0.96, "E15": 1, "G15": 1, "E18": 0.9, "G18": 0.95} | {
    f"{column}{row}": amount / 10_000
    for column, amounts in zip(
        "EFG", ((1_000_000, 800_000, 200_000), (1_000_000, 800_000, 200_000), (900_000, 720_000, 180_000)), strict=True
    )
    for row, amount in zip((5, 6, 7), amounts, strict=True)
}


@pytest.mark.parametrize("key", list(FILLED))
def test_a_filled_blank_is_known_and_read_whole(key: str, tmp_path: Path) -> None:
    path = filled(key, tmp_path)
    results = run([path], year=year_of(key))
    (row,) = results.returns.to_dict("records")
    form, _, edition = key.partition("@")
    assert (row["form"], row["edition"]) == (FORMS.get(key, form), edition)
    assert row["unread"] == 0
    values = results.values.frame()
    read = values[values["value"].notna()]
    cells = read.drop_duplicates("cell").set_index("cell")["value"].to_dict()
    figures = figures_typed(path) | READ_AS.get(key, {})
    assert {cell: cells.get(cell) for cell in figures} == pytest.approx(figures)
    assert list(told(results.findings)) == []


def year_of(key: str) -> int:
    return 2023 if key in SHEETS else 2024


def told(findings: pd.DataFrame) -> list[tuple[str, str]]:
    """What is to be mended or explained, but for a unit without a roster and tables that were not handed in."""
    asked = findings[findings["severity"].isin(["强制性", "核实性"])]
    return [(row.rule, row.message) for row in asked.itertuples() if not str(row.rule).startswith(("R-", "X-", "E-"))]


@pytest.mark.parametrize(
    ("key", "cell", "value", "rule"),
    [
        (NATIONAL, "E7", 95, "A-01"),
        (NATIONAL, "H40", 98, "A-05"),
        (HENGSHAN, "F10", 9, "G-01"),
        (HENGSHAN, "F18", 60, "G-04"),
        (ANHUI, "E8", 30, "Z-01"),
        (ANHUI, "H28", 31, "Z-15"),
        (HUNAN, "B7", "        政府性基金拨款：218.82", "Z-01"),
        (HUNAN, "F5", "按支出性质分：1824.164", "Z-02"),
        (HUNAN, "I4", 0.9, "Z-05"),
        (HUNAN, "H22", 98.5, "Z-10"),
        (SICHUAN, "F11", 5, "A-01"),
        (SICHUAN, "I16", 21, "A-07"),
        (SICHUAN, "H20", 8, "A-S1"),
        (COSTS, "E7", 95, "A-01"),
        (COSTS, "G13", 11, "A-18"),
        (YUNNAN, "G6", 710_000, "A-01"),
        (YUNNAN, "I5", 0.95, "A-02"),
    ],
)
def test_a_figure_that_does_not_tie_is_told(key: str, cell: str, value: Any, rule: str, tmp_path: Path) -> None:
    findings = run([filled(key, tmp_path, **{cell: value})], year=year_of(key)).findings
    assert rule in set(findings[findings["verdict"] == "不符"]["rule"])


def test_the_national_form_also_prints_letters_and_the_funds_of_this_year(tmp_path: Path) -> None:
    words = {"E5": "全年预算数（A）", "F5": "全年执行数（B）", "H5": "执行率（B/A）", "B7": "其中：本年财政拨款"}
    results = run([filled(NATIONAL, tmp_path, **words)], year=2024)
    assert list(results.returns["edition"]) == ["全国-2020"] and told(results.findings) == []
    assert set(results.values.frame()["cell"]) >= {"D7", "E7", "F7", "H7"}


def test_parts_that_do_not_make_up_their_whole_are_no_fault_in_2023(tmp_path: Path) -> None:
    """其中 of 公用经费 names no rest: 28 + 20 + 17 of 80."""
    findings = run([filled(HENGSHAN, tmp_path)], year=2024).findings
    assert "G-04" not in set(findings["rule"])


def test_funds_by_kind_of_spending_are_tied_under_the_edition_whose_table_they_are_in(tmp_path: Path) -> None:
    """基本支出 and 项目支出 stand on the Hunan form too, but beside their figures, not in rows of the fund table."""
    rows = {"B7": "其中：基本支出", "B8": "项目支出"}
    (tmp_path / "甲").mkdir()
    (tmp_path / "乙").mkdir()
    results = run([filled(ANHUI, tmp_path / "甲", **rows), filled(ANHUI, tmp_path / "乙", **rows, F8=28)], year=2024)
    assert set(results.returns["edition"]) == {"安徽-2023"} and set(results.returns["unread"]) == {0}
    ties = results.findings[results.findings["rule"].str.startswith("Z-")]
    assert [(row.rule, row.file, row.cell) for row in ties.itertuples()] == [("Z-01", "乙/某县公路所.xlsx", "F6")]


def test_a_table_of_tasks_under_the_same_title_keeps_its_own_layout(tmp_path: Path) -> None:
    """陕西-2022 has no definition: its 金额合计 is not read as 年度资金总额, and its sums are tied."""
    book = openpyxl.load_workbook(io.BytesIO(blank("部门整体支出绩效自评表@陕西-2022")))
    sheet: Any = book.active
    tasks = {5: ("日常养护", 600, 500, 100, 550, 460, 90), 6: ("大修", 400, 400, 0, 350, 350, 0)}
    for row, values in (tasks | {8: ("金额合计", 1000, 900, 100, 910, 810, 90)}).items():
        for column, value in zip("BEFGHIJ", values, strict=True):
            sheet[f"{column}{row}"] = value
    for cell, value in {"C2": "某县公路所", "B7": None, "J12": 50, "K12": 50, "J24": 30, "K24": 30, "J32": 10}.items():
        sheet[cell] = value
    book.save(tmp_path / "某县公路所.xlsx")
    results = run([tmp_path / "某县公路所.xlsx"], year=2022)
    assert results.returns["form"].isna().all()
    assert "R-14" in set(results.findings["rule"])
    assert set(results.findings.loc[results.findings["rule"] == "U-01", "cell"]) == {"H8"}


@pytest.mark.parametrize("key", list(FILLED))
def test_an_issued_workbook_filled_alike_is_found_right(key: str, tmp_path: Path) -> None:
    """What was read from the filled blank, typed into the issued workbook, read by its addresses: nothing to mend."""
    (tmp_path / "blank").mkdir()
    pasted = run([filled(key, tmp_path / "blank")], year=year_of(key)).values.frame()
    form = built_in().form(FORMS.get(key, key.partition("@")[0]), key.rpartition("@")[2])
    path = tmp_path / "下发.xlsx"
    issue_workbook(
        Recipient("1", "某县公路所", "某县交通局", (Project("P1", "乡村道路养护"),)), [form], year_of(key), path
    )
    book = openpyxl.load_workbook(path)
    sheet: Any = next(sheet for sheet in book if sheet.title.startswith(form.definition.short))
    type_in(sheet, lay_out(form, year_of(key)), pasted[pasted["value"].notna() | pasted["raw"].notna()])
    book.save(path)
    results = run([path], year=year_of(key))
    returns = results.returns.set_index("sheet")
    assert (returns.loc[sheet.title, "edition"], returns.loc[sheet.title, "unread"]) == (form.edition, 0)
    frame = results.values.frame()
    assert _figures(frame[frame["sheet"] == sheet.title]) == pytest.approx(_figures(pasted))
    assert [one for one in told(results.findings) if one[0] != "T-06"] == []  # no program has calculated the formulas


def _figures(values: pd.DataFrame) -> dict[str, float]:
    return values[values["value"].notna()].set_index("item")["value"].to_dict()


def type_in(sheet: Any, layout: Layout, values: pd.DataFrame) -> None:
    """Types values where an issued sheet asks for them, a list's lines under their own indicators."""
    for row in values[values["list_id"].isna()].to_dict("records"):
        if row["item"] in layout.positions:
            sheet[cell_name(*layout.positions[row["item"]])].value = _typed(row)
    for name, slots in layout.slots.items():
        own = values[values["list_id"] == name]
        free = list(slots)
        for line, part in own.groupby("line", sort=False):
            rows = {str(row["item"]).removeprefix(f"{line}."): row for row in part.to_dict("records")}
            groups = {row["raw"] for row in rows.values()}
            slot = next(slot for slot in free if slot.group is None or slot.group in groups)
            free.remove(slot)
            sheet[cell_name(*slot.name)].value = line
            for column in rows.keys() & slot.columns.keys():
                sheet[cell_name(*slot.columns[column])].value = _typed(rows[column])


def _typed(row: dict[str, Any]) -> Any:
    return row["value"] if pd.isna(row["raw"]) else row["raw"]


def test_a_table_of_a_regions_transfer_is_no_project_table_and_its_sum_is_judged(tmp_path: Path) -> None:
    """财预〔2020〕10号 has no such table, but many titles that end as its own does."""
    path = tmp_path / "试点甲局.xlsx"
    path.write_bytes(blank("转移支付区域绩效目标自评表@全国-2020"))
    book = openpyxl.load_workbook(path)
    sheet: Any = book.active
    for row, budget, spent in ((8, 1210, 1180), (9, 800, 800), (10, 300, 280), (11, 100, 100)):
        sheet[f"E{row}"], sheet[f"F{row}"], sheet[f"G{row}"] = budget, spent, round(spent / budget, 4)
    book.save(path)
    results = run([path], year=2023)
    assert list(results.returns["status"]) == ["未收录"]
    ties = results.findings[results.findings["rule"].str.startswith("U-")]
    assert ties[["cell", "rule", "stated", "expected"]].values.tolist() == [["E8", "U-01", "1210", "1200"]]


def test_what_is_taken_off_the_score_belongs_to_its_sum(tmp_path: Path) -> None:
    """扣分项, typed with its sign or without, has no points of its own and is no indicator."""
    cases = {"某县甲局": (-2, 97), "某县乙局": (2, 97), "某县丙局": (-2, 96)}
    paths = []
    for unit, (score, total) in cases.items():
        (tmp_path / unit).mkdir()
        path = filled(NATIONAL, tmp_path / unit, G4=unit)
        book = openpyxl.load_workbook(path)
        sheet: Any = book.active
        for merged in [area for area in sheet.merged_cells.ranges if area.min_row == 40]:
            sheet.unmerge_cells(str(merged))
        sheet["A41"], sheet["G41"], sheet["H41"] = sheet["A40"].value, 100, total
        sheet["A40"], sheet["D40"], sheet["G40"], sheet["H40"] = "扣分项", "违规使用资金", None, score
        book.save(path.rename(path.with_name(f"{unit}.xlsx")))
        paths.append(path.with_name(f"{unit}.xlsx"))
    findings = run(paths, year=2024).findings
    told_of = findings[findings["rule"].isin(["N-01", "A-05", "A-10", "T-32"])].sort_values(["unit", "rule"])
    assert told_of[["unit", "rule", "severity", "cell"]].values.tolist() == [
        ["某县丙局", "A-05", "核实性", "H41"], ["某县丙局", "T-32", "提示", "H40"],
        ["某县乙局", "T-32", "提示", "H40"], ["某县甲局", "T-32", "提示", "H40"],
    ]  # fmt: skip
    (sentence,) = told_of.loc[told_of["rule"] == "A-05", "message"]
    assert "“扣分项：违规使用资金”-2分，计入后也不相符，相差 1分" in sentence
