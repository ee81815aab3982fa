"""Sheets as other counties lay them out: what cannot belong to a block, a table below, a hidden draft, a blank year."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gouji.ingest.locating.located import Located
from gouji.ingest.locating.recognise import recognise
from gouji.ingest.read import read_workbook
from gouji.pipeline import Results, run
from gouji.samples.pasted import build_pasted
from gouji.templates.catalogue import built_in
from gouji.templates.labels import squeezed
from tests.audit import returns
from tests.field.build import write_book
from tests.frames import all_found

PROJECT = "项目支出绩效自评表"


def changed(folder: Path, change: Callable[[Worksheet], None], name: str = "a.xlsx") -> Path:
    path = write_book([{"of": PROJECT}], "某县财政局", folder / name)
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def rules(results: Results, *codes: str) -> list[tuple[str, str]]:
    everything = all_found(results)
    rows = everything[everything["rule"].isin(codes)]
    return list(zip(rows["rule"], rows["severity"], strict=True))


@pytest.mark.parametrize(("total", "expected"), [(95, []), (99, [("U-01", "核实性")])])
def test_a_table_below_is_one_of_its_own(tmp_path: Path, total: float, expected: list[tuple[str, str]]) -> None:
    def below(sheet: Worksheet) -> None:
        lines = [[1, "设备购置", 60, "记-12"], [2, "安装调试", 35, "记-25"], ["合计", None, total]]
        for row in [[], ["项目支出明细表（万元）"], ["序号", "支出内容", "金额", "凭证号"], *lines]:
            sheet.append(row)

    results = run([changed(tmp_path, below)])
    assert list(results.returns["status"]) == ["已收", "未收录"]
    assert rules(results, "T-20", "R-14", "U-01") == [("R-14", "核实性"), *expected]
    assert list(results.returns["unit"]) == ["某县财政局", "某县财政局"]


def test_figures_over_the_heads_of_a_list_are_no_part_of_it(tmp_path: Path) -> None:
    """The block of money with its sources as columns is not read; the indicators below it are added up all the same."""
    turned = [
        [
            "项目资金\n（万元）",
            None,
            "年度资金总额",
            "当年财政拨款",
            "上年结转资金",
            "其他资金",
            "分值",
            "执行率",
            "得分",
        ],
        [None, "年初预算数", 100, 80, 20, 0, 10, 0.95, 9.5],
        [None, "全年预算数", 120, 100, 20, 0],
        [None, "全年执行数", 114, 94, 20, 0],
    ]

    def turn(sheet: Worksheet) -> None:
        first = next(row for row in range(1, sheet.max_row) if "资金" in str(sheet.cell(row, 1).value))
        last = next(row for row in range(1, sheet.max_row) if "其他资金" in str(sheet.cell(row, 2).value))
        for area in [merged for merged in sheet.merged_cells.ranges if first <= merged.min_row <= last]:
            sheet.unmerge_cells(str(area))
        for row in range(first, last + 1):
            texts = turned[row - first] if row - first < len(turned) else []
            for column in range(1, 10):
                sheet.cell(row, column).value = texts[column - 1] if column <= len(texts) else None

    results = run([changed(tmp_path, turn)])
    assert results.returns["read"].sum() > 0
    unknown = results.findings[results.findings["verdict"] == "无法核对"]
    assert not unknown["rule"].isin(["A-06", "A-07", "A-08", "A-09", "A-10", "A-11"]).any()


@pytest.mark.parametrize("printed", ["经济效益、社会效益", "社会效益和经济效益"])
def test_two_labels_of_one_indicator_may_share_a_row(tmp_path: Path, printed: str) -> None:
    path = build_pasted(returns("衡山县行政审批服务局"), tmp_path)
    workbook = read_workbook(path.read_bytes(), path.name)

    def table() -> Located:
        located = (candidate for candidate, _ in recognise(workbook, built_in().forms, built_in()).tables)
        return next(candidate for candidate in located if candidate.form.name == "部门整体支出绩效评价指标评分表")

    before = table()
    sheet, (row, *_) = before.sheet, before.places["经济效益和社会效益.得分"].span
    place = next(column for column, text in enumerate(sheet.rows[row]) if squeezed(str(text)) == "经济效益")
    sheet.rows[row][place], sheet.rows[row + 1][place] = printed, ""
    after = table()
    assert after.places["经济效益和社会效益.得分"].span[:2] == before.places["经济效益和社会效益.得分"].span[:2]
    assert not [label for label in after.lacking if "效益" in label]


def blank_year(sheet: Worksheet) -> None:
    sheet["A2"] = "（    年度）"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("2022年度某局自评.xlsx", [("T-01", "提示")]), ("某局自评.xlsx", [("T-01", "强制性")])],
)
def test_a_blank_year_that_the_file_tells_need_not_be_mended(
    tmp_path: Path, name: str, expected: list[tuple[str, str]]
) -> None:
    results = run([changed(tmp_path, blank_year, name)])
    assert rules(results, "T-01") == expected
    if expected[0][1] == "提示":
        assert list(results.returns["year"]) == [2022]
        assert "按文件名算作2022" in results.asides.frame().query("rule == 'T-01'")["message"].iloc[0]


def two_versions(folder: Path, hidden: tuple[bool, bool], *, alike: bool = False) -> Results:
    change = {} if alike else {"times": {"D6": 1.5}}
    sheets = [{"of": PROJECT, "sheet": "2023"}, {"of": PROJECT, "sheet": "旧稿", **change}]
    path = write_book(sheets, "某县财政局", folder / "a.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet, hide in zip(book.worksheets, hidden, strict=True):
        sheet.sheet_state = "hidden" if hide else "visible"
    if all(hidden):
        book.create_sheet("封面")
        book.active = 2
    book.save(path)
    return run([path])


def test_what_is_shown_was_sent(tmp_path: Path) -> None:
    results = two_versions(tmp_path, (False, True))
    assert list(zip(results.returns["sheet"], results.returns["status"], strict=True)) == [
        ("2023", "已收"),
        ("旧稿", "已替代"),
    ]
    assert list(results.returns["adopted"]) == [True, False]
    assert rules(results, "R-04", "R-10") == [("R-10", "提示")]
    assert "“旧稿”是隐藏的" in results.findings.query("rule == 'R-10'")["message"].iloc[0]


@pytest.mark.in_turn("long")
def test_two_shown_or_two_hidden_versions_are_peoples_to_choose_from(tmp_path: Path) -> None:
    assert rules(two_versions(tmp_path, (False, False)), "R-04") == [("R-04", "强制性")]
    both = two_versions(tmp_path, (True, True))
    assert rules(both, "R-04") == [("R-04", "强制性")]
    assert all("隐藏的工作表" in message for message in both.findings.query("rule == 'R-04'")["message"])


def test_a_hidden_copy_is_a_copy(tmp_path: Path) -> None:
    results = two_versions(tmp_path, (True, False), alike=True)
    assert dict(zip(results.returns["sheet"], results.returns["adopted"], strict=True)) == {"2023": False, "旧稿": True}
    assert rules(results, "R-04", "R-05") == [("R-05", "提示")]
