"""Formulas of the issued workbook: their exact text, and their values recalculated by LibreOffice."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from gouji.templates.catalogue import built_in
from gouji.templates.errors import DefinitionError
from gouji.templates.form import Form
from gouji.templates.issued import Project, Recipient, issue_workbook, issued_sheets
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.layout import Layout, Position, lay_out
from gouji.templates.rules.excel import excel_formula
from gouji.templates.rules.single import computed_values
from tests.definitions import load_form
from tests.recalculation import converted

BASE = built_in().form("部门整体支出绩效评价基础数据表", "衡山县-2021")
HECHENG = built_in().form("部门整体支出绩效评价基础数据表", "鹤城区-2020")
PROJECT = built_in().form("预算支出绩效自评表", "湖南-2020")

# Every kind of expression that a definition may fill a cell with, most of which no issued form uses yet.
TRIAL = """
form: 试算表
edition: 测试
short: 试算
basis: 测试
page: {orientation: portrait, widths: [10, 10, 10, 10, 10, 10, 10, 10, 10]}
blocks:
  - title: 试算表
  - grid: 数
    stub: 4
    columns:
      - {id: 甲, kind: amount}
      - {id: 乙, kind: amount}
      - {id: 率, kind: rate}
      - {id: 差, kind: amount}
      - {id: 大, kind: amount}
    rows: [{id: 一}, {id: 二}]
  - grid: 合
    columns:
      - {id: 率和, kind: rate}
      - {id: 折半, kind: amount}
      - {id: 余额, kind: amount}
      - {id: 混合, kind: amount}
      - {id: 大类分, kind: points}
      - {id: 小类分, kind: points}
      - {id: 加一, kind: points}
      - {id: 倍率, kind: rate}
      - {id: 限额, kind: amount}
  - list: 分项
    levels: [大类, 小类, 名称]
    columns:
      - {id: 得分, kind: points}
      - {id: 说明一, kind: text}
      - {id: 说明二, kind: text}
      - {id: 说明三, kind: text}
      - {id: 说明四, kind: text}
      - {id: 说明五, kind: text}
    groups:
      - {id: 产出, points: 5, groups: [{id: 数量, slots: 2}, {id: 质量, slots: 1}]}
      - {id: 效益, points: 5, groups: [{id: 社会, slots: 2}]}
checks:
  - {id: T-1, rule: 率 = 甲 / 乙, each: 每行, severity: 强制性, fills: true}
  - {id: T-2, rule: 差 = 甲 − 乙, each: 每行, severity: 强制性, fills: true}
  - {id: T-3, rule: "一.大 = 最大(一.甲, 一.乙, 绝对值(一.甲 − 一.乙))", severity: 强制性, fills: true}
  - {id: T-13, rule: "二.大 = 最小(二.甲, 100)", severity: 强制性, fills: true}
  - {id: T-4, rule: 率和 = 一.甲 / 一.乙 + 二.甲 / 二.乙, severity: 强制性, fills: true}
  - {id: T-5, rule: "折半 = 舍入((一.甲 + 二.甲) / 2, 1)", severity: 强制性, fills: true}
  - {id: T-6, rule: 余额 = 一.甲 − (一.乙 − 二.乙), severity: 强制性, fills: true}
  - {id: T-7, rule: 混合 = 一.甲 + 二.甲 × (二.甲 / 二.乙) + 一.乙, severity: 强制性, fills: true}
  - {id: T-8, rule: 大类分 = 合计(产出.得分), severity: 强制性, fills: true}
  - {id: T-9, rule: 小类分 = 合计(社会.得分), severity: 强制性, fills: true}
  - {id: T-10, rule: 加一 = 合计(分项.得分) + 0.5, severity: 强制性, fills: true}
  - {id: T-11, rule: 倍率 = 一.率 / 二.率, severity: 强制性, fills: true}
  - {id: T-12, rule: "限额 = 最小(一.甲 + 一.乙, 二.甲 + 二.乙) × 0.1", severity: 强制性, fills: true}
"""


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return trial_form(tmp_path_factory.mktemp("forms"), TRIAL)


def trial_form(folder: Path, text: str) -> Form:
    path = folder / "测试.yaml"
    path.write_text(text, encoding="utf-8")
    return load_form(path)


@pytest.mark.parametrize(
    ("form", "item", "expected"),
    [
        (BASE, "三公经费.本年决算数", '=IF(COUNT(F7,F10:F11)>0,SUM(F7,F10:F11),"")'),
        (BASE, "项目支出.上年决算数", '=IF(COUNT(B13:B18)>0,SUM(B13:B18),"")'),
        (BASE, "控制率", '=IF(COUNT(D4,B4)=2,IF(B4<>0,D4/B4,""),"")'),
        (PROJECT, "年度资金总额.执行率", '=IF(COUNT(F6,E6)=2,IF(E6<>0,F6/E6,""),"")'),
        (
            PROJECT,
            "年度资金总额.得分",
            '=IF(COUNT(G6,F6,E6)=3,IF(E6<>0,ROUND(G6*MIN(1,F6/E6),2),""),"")',
        ),
        (PROJECT, "总分.得分", '=IF(COUNT(I6,H13:H32)>0,SUM(I6,H13:H32),"")'),
    ],
)
def test_formula_text(form: Form, item: str, expected: str) -> None:
    assert excel_formula(form, item, lay_out(form, 2021)) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("大类分", '=IF(COUNT(D8:D10)>0,SUM(D8:D10),"")'),
        ("小类分", '=IF(COUNT(D11:D12)>0,SUM(D11:D12),"")'),
        ("加一", '=IF(COUNT(D8:D12,0.5)>0,SUM(D8:D12,0.5),"")'),
        ("余额", '=IF(COUNT(E3,F3,F4)=3,E3-(F3-F4),"")'),
        (
            "率和",
            "=IF(OR(COUNT(E3,F3)=2,COUNT(E4,F4)=2),"
            "IF(IF(COUNT(E3,F3)=2,F3<>0,TRUE),IF(IF(COUNT(E4,F4)=2,F4<>0,TRUE),"
            '(IF(COUNT(E3,F3)=2,E3/F3,0)+IF(COUNT(E4,F4)=2,E4/F4,0)),""),""),"")',
        ),
    ],
)
def test_formula_text_of_unusual_expressions(trial: Form, item: str, expected: str) -> None:
    assert excel_formula(trial, item, lay_out(trial, 2021)) == expected


def test_more_slots_make_longer_ranges() -> None:
    layout = lay_out(BASE, 2021, {"项目": 20})
    assert excel_formula(BASE, "项目支出.上年决算数", layout) == '=IF(COUNT(B13:B32)>0,SUM(B13:B32),"")'


def test_a_list_without_lines_stays_empty() -> None:
    layout = lay_out(BASE, 2021, {"项目": 0})
    assert excel_formula(BASE, "项目支出.上年决算数", layout) == '=IF(FALSE,0,"")'


def test_an_item_of_another_table_is_refused(tmp_path: Path) -> None:
    text = TRIAL.replace("合计(产出.得分)", "自评表.年度资金总额.得分")
    with pytest.raises(DefinitionError, match=r"checks\.大类分：.*不能写成表内公式"):
        trial_form(tmp_path, f"{text}\nuses: {{自评表: 预算支出绩效自评表@湖南-2020}}\n")


def test_nothing_computes_an_input_cell() -> None:
    with pytest.raises(KeyError):
        excel_formula(BASE, "编制数", lay_out(BASE, 2021))


# ---- recalculated by another program ---------------------------------------------------------------

Filling = dict[Position, Decimal]


@dataclass(frozen=True)
class Case:
    """One filled sheet of one workbook."""

    path: Path
    sheet: IssuedSheet
    filling: Filling


def inputs(form: Form, layout: Layout) -> list[tuple[Position, str]]:
    """Every cell for a figure on the sheet, with its kind."""
    cells = []
    for box in layout.boxes:
        if box.role != "input" or box.item is None:
            continue
        owner, _, column = box.item.rpartition(".")
        item = form.items[box.item] if box.slot is None else form.lists[owner].columns[column]
        if item.is_figure:
            cells.append(((box.row, box.column), item.kind))
    return cells


def filling(form: Form, layout: Layout, seed: int) -> Filling:
    """Figures for some of the cells: none for seed 0, all for 1, zeros everywhere for 2, else a mixture."""
    dice = random.Random(seed)
    result: Filling = {}
    share = {0: 0.0, 1: 1.0, 2: 1.0}.get(seed, dice.choice([0.15, 0.5, 0.8, 0.95]))
    for place, kind in inputs(form, layout):
        if dice.random() >= share:
            continue
        whole = dice.choice([0, 0, 1, 3, 7, 48, 1_733])
        cents = Decimal(dice.choice([0, 5, 25, 634_137])).scaleb(-dice.choice([2, 4, 6]))
        figure = Decimal(0) if seed == 2 else Decimal(whole) + (cents if kind not in ("count", "points") else 0)
        if seed == 1:
            figure += 1
        result[place] = figure
    return result


def expected(case: Case) -> Mapping[str, Decimal | None]:
    form, layout = case.sheet.form, case.sheet.layout
    known = {item: case.filling[place] for item, place in layout.positions.items() if place in case.filling}
    lines: dict[str, list[dict[str, Decimal | str | None]]] = {}
    for owner, slots in layout.slots.items():
        for slot in slots:
            line: dict[str, Decimal | str | None] = {
                column: case.filling.get(place) for column, place in slot.columns.items()
            }
            if slot.group is not None:
                line[form.lists[owner].levels[-2]] = slot.group
            lines.setdefault(owner, []).append(line)
    return computed_values(form, known, lines)


def cases(folder: Path, forms: list[Form]) -> Iterator[Case]:
    """Issued workbooks, their sheets filled with openpyxl; the file holds no cached value any more."""
    recipient = Recipient("1", "某单位", "", tuple(Project(str(n), f"项目{n}") for n in range(4)))
    issue_workbook(recipient, forms, 2021, folder / "0.xlsx")
    blank = (folder / "0.xlsx").read_bytes()
    for seed in range(6):
        path = folder / f"{seed}.xlsx"
        workbook = load_workbook(BytesIO(blank))
        for number, sheet in enumerate(issued_sheets(recipient, forms, 2021)):
            figures = filling(sheet.form, sheet.layout, seed if sheet.project is None else seed * 10 + number)
            fill(workbook, sheet.name, figures)
            yield Case(path, sheet, figures)
        workbook.save(path)


def fill(workbook: Workbook, sheet: str, figures: Filling) -> None:
    for (row, column), figure in figures.items():
        workbook[sheet].cell(row + 1, column + 1).value = float(figure)


def differences(case: Case, workbook: Workbook) -> list[str]:
    """Computed cells that hold something else than the exact figure (to 14 digits), or the empty text."""
    wrong = []
    for item, value in expected(case).items():
        row, column = case.sheet.layout.positions[item]
        shown = workbook[case.sheet.name].cell(row + 1, column + 1).value
        if value is None:
            agrees = shown in (None, "")
        else:
            agrees = isinstance(shown, int | float) and shown == pytest.approx(float(value), rel=1e-13, abs=1e-12)
        if not agrees:
            wrong.append(f"{case.path.stem} {case.sheet.name} {item}: {shown!r}, not {value}")
    return wrong


@pytest.mark.deep  # test_selfcheck compares the computed cells of every form too
@pytest.mark.libreoffice
def test_recalculation_agrees_with_the_exact_values(tmp_path: Path, trial: Form) -> None:
    filled, out = tmp_path / "filled", tmp_path / "out"
    filled.mkdir()
    out.mkdir()
    all_cases = list(cases(filled, [BASE, HECHENG, trial, PROJECT]))
    converted(sorted(filled.glob("*.xlsx")), out)
    books = {path.stem: load_workbook(path, data_only=True) for path in out.glob("*.xlsx")}
    assert sorted(books) == [str(seed) for seed in range(6)]
    assert [wrong for case in all_cases for wrong in differences(case, books[case.path.stem])] == []
    results = [value for case in all_cases for value in expected(case).values()]
    # The comparison means something only if both outcomes are there in numbers.
    assert sum(value is None for value in results) > 120
    assert sum(value is not None and value != 0 for value in results) > 120
