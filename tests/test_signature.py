"""Who signs a table below its figures, and whom its title names."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gouji.ingest.read import read_workbook
from gouji.ingest.register.signature import signed_below, titled_with
from gouji.pipeline import run
from tests.field.build import write_book


@pytest.mark.parametrize(
    ("rows", "signs"),
    [
        ([["单位（盖章）：青山县文化馆"]], "青山县文化馆"),
        ([["填报单位（盖章）：白泉县文化馆          2024年2月28日"]], "白泉县文化馆"),
        ([["填报人：某某", "单位名称（公章）：", "白泉县文化馆"]], "白泉县文化馆"),
        ([["说明：按实填报。"], ["白泉县文化馆（盖章）"], ["2024年2月28日"]], "白泉县文化馆"),
        ([["白泉县文化馆  2024年2月28日"]], "白泉县文化馆"),
        ([["白泉县文化馆"]], ""),
        ([["单位：万元"]], ""),
        ([["单位：人"], ["单位（盖章）："]], ""),
        ([["主管部门（盖章）：某县财政局"]], ""),
        ([["评价单位（盖章）：某某咨询服务中心"]], ""),
        ([["单位（盖章）：白泉县文化馆"], ["单位（盖章）：白泉县图书馆"]], ""),
    ],
)
def test_who_signs(tmp_path: Path, rows: list[list[str]], signs: str) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_workbook((tmp_path / "a.xlsx").read_bytes(), "a.xlsx").sheets
    assert signed_below(sheet, 0, sheet.height - 1) == signs


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([["青山县水利局2023年度项目支出绩效自评表"]], "青山县水利局"),
        ([["附件2"], ["青山县水利局部门整体支出绩效评价基础数据表"], ["单位：万元"]], "青山县水利局"),
        ([["项目支出绩效自评表"], ["青山县文化馆"], ["（2023年度）"]], "青山县文化馆"),
        ([["2023年度部门整体支出绩效自评表"]], ""),
        ([["市直部门整体支出绩效自评表"]], ""),
        ([["各乡镇项目支出绩效自评表"]], ""),
        ([["中央部门项目支出绩效自评表"]], ""),
        ([["某县财政局项目支出绩效自评表"]], ""),
        ([["青山县水利局项目支出绩效自评表"], ["青山县教育局"]], ""),
        ([["项目名称", "青山县水利局"]], ""),
    ],
)
def test_whom_a_title_names(tmp_path: Path, rows: list[list[str]], names: str) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    (sheet,) = read_workbook((tmp_path / "a.xlsx").read_bytes(), "a.xlsx").sheets
    assert titled_with(sheet, range(sheet.height)) == names


def test_a_table_that_names_nobody_in_its_head_is_its_signers(tmp_path: Path) -> None:
    path = write_book([{"of": "项目支出绩效自评表", "instead": {"4": []}}], "某县财政局", tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append(["单位（盖章）：某县文化馆      2024年2月28日"])
    book.save(path)
    results = run([path])
    assert list(zip(results.returns["unit"], results.returns["unit_source"], strict=True)) == [("某县文化馆", "落款")]
    assert not results.findings["rule"].isin(["R-08", "T-20"]).any()
