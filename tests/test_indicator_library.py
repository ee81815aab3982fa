"""指标库: read, held against the indicators of returns, named in run.json, archived and used again by a replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.archiving.pack import pack
from gouji.archiving.replay import replay
from gouji.export.results import Results
from gouji.ingest.beside.indicator_library import IndicatorLibraryError, read_indicator_library
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.round.folder import round_at
from gouji.samples.example import example_entries
from gouji.samples.fill import Text, fill_workbook
from gouji.templates.catalogue import built_in
from gouji.templates.indicator_library import HEADS, LibraryIndicator
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.recipient import Project, Recipient
from gouji.workers.here import Here
from tests.test_commands import gouji

ROWS = [
    ["产出指标", "数量指标", "培训人次", "人次", "正向", ""],
    ["", "", "检查次数", "次", "正向", ""],
    ["", "质量指标", "验收合格率", "%", "正向", ""],
    ["效益指标", "社会效益指标", "群众投诉率", "%", "负向", "越低越好"],
]
LINES = [
    ("指标1：培训人次", "≥500人次"), ("检察次数", "≥12次"), ("验收合格率", "≥95%"), ("培训人次", "≥20个"),
    ("群众投诉率", "≥5%"), ("全无相似之处的甲乙丙", "≥1项"), ("群众投诉率", "≤5%"), ("检查次数", "达到要求"),
]  # fmt: skip
DETAIL = (
    "指标库没有“检察次数”（相近的有“检查次数”）；“培训人次”的计量单位是“个”，与指标库的“人次”不同；"
    "“群众投诉率”是负向指标，指标值却是“≥5%”；指标库没有“全无相似之处的甲乙丙”"
)


def library(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in ([None, "某县财政局"], list(HEADS), *rows):
        sheet.append(row)
    book.save(path)
    return path


def returned(folder: Path) -> Path:
    """A 自评表 whose lines are LINES, each under an indicator of its own."""
    form = built_in().form("预算支出绩效自评表", "湖南-2020")
    unit = Recipient("001", "某县教育局", "某县教育局", (Project("P01", "校舍维修"),))
    path = folder / "1.xlsx"
    issue_workbook(unit, [form], 2022, path)
    sheet = issued_sheets(unit, [form], 2022)[0]
    entries = example_entries(sheet)
    filled = [slot for slot in sheet.layout.slots["指标"] if slot.name in entries]
    for slot, (name, target) in zip(filled, LINES, strict=False):
        entries |= {slot.name: Text(name), slot.columns["年度指标值"]: Text(target)}
        entries |= {slot.columns["实际完成值"]: Text(target.lstrip("≥≤"))}
    fill_workbook(path, {sheet.name: entries})
    assert len(filled) >= len(LINES)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Results]:
    folder = tmp_path_factory.mktemp("指标库")
    (folder / "收到").mkdir()
    returned(folder / "收到")
    known = library(folder / "指标库.xlsx", ROWS)
    return folder, run([folder / "收到"], folder / "结果", library_path=known, year=2022, only=["汇总"])


def test_wording_unit_and_direction_are_told_once_per_table(made: tuple[Path, Results]) -> None:
    _, results = made
    (message,) = results.findings.loc[results.findings["rule"] == "T-36", "message"]
    assert message.startswith(f"有 {4 + _examples(results)} 项指标与指标库不一致：{DETAIL}")
    assert set(results.findings.loc[results.findings["rule"] == "T-36", "severity"]) == {"提示"}


def _examples(results: Results) -> int:
    """Lines of the example beyond LINES, none of which the library knows."""
    values = results.values.frame(["item", "raw", "list_id"])
    return int(values["raw"].fillna("").str.startswith("示例三级指标").sum())


def test_the_library_is_named_with_hash_and_count_and_used_again_by_a_replay(made: tuple[Path, Results]) -> None:
    folder, _ = made
    stated = json.loads((folder / "结果/run.json").read_text(encoding="utf-8"))
    assert stated["counts"]["library_indicators"] == 4 and len(stated["hashes"]["library"]) == 64
    packed = pack(folder / "结果", folder / "归档.zip", built_in())
    assert [one.role for one in packed.manifest.given] == ["library"]
    (folder / "指标库.xlsx").rename(folder / "移走.xlsx")
    again = replay(packed.path, None, Here(), Silent())
    assert again.equal, [str(one) for one in again.differences]


def test_without_a_library_nothing_is_said_of_it(tmp_path: Path) -> None:
    results = run([returned(tmp_path)], year=2022)
    assert "T-36" not in set(results.findings["rule"]) and "library_indicators" not in results.run["counts"]


def test_a_library_is_read_with_merged_groups_and_told_with_cells(tmp_path: Path) -> None:
    found = read_indicator_library(library(tmp_path / "好.xlsx", ROWS)).indicators
    assert found[1] == LibraryIndicator("产出指标", "数量指标", "检查次数", "次", "正向", "≥")
    assert found[3] == LibraryIndicator("效益指标", "社会效益指标", "群众投诉率", "%", "负向", "≤", "越低越好")
    wrong = library(tmp_path / "错.xlsx", [["", "", "培训人次", "人次", "向上"], ["", "", "检查次数", "次", "正"]])
    with pytest.raises(IndicatorLibraryError, match="E3 的“向上”、E4 的“正”请更正"):
        read_indicator_library(wrong)
    with pytest.raises(IndicatorLibraryError, match="一个指标也没有"):
        read_indicator_library(library(tmp_path / "空.xlsx", []))
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(IndicatorLibraryError, match="无法读取"):
        read_indicator_library(tmp_path / "坏.xlsx")


def test_init_begins_a_library_that_the_settings_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = gouji(capsys, "init", tmp_path / "一轮", "--year", "2026", "--library")
    assert status == 0 and "指标库.xlsx：指标库，请填写" in out
    begun = round_at(tmp_path / "一轮")
    assert begun.library() == begun.folder / "指标库.xlsx"
    heads = next(openpyxl.load_workbook(begun.folder / "指标库.xlsx").worksheets[0].iter_rows(values_only=True))
    assert heads == HEADS
    with pytest.raises(IndicatorLibraryError, match="一个指标也没有"):
        read_indicator_library(begun.folder / "指标库.xlsx")


def test_issued_sheets_offer_the_names_and_take_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = library(tmp_path / "指标库.xlsx", ROWS)
    roster = tmp_path / "名册.csv"
    roster.write_text("单位编码,单位名称,项目编码,项目名称\n001,某县教育局,P1,校舍维修\n", encoding="utf-8")
    options = ("--units", roster, "--year", "2022", "--out", tmp_path / "下发", "--library", known)
    assert gouji(capsys, "issue", "自评表@湖南-2020", *options)[0] == 0
    (issued,) = (tmp_path / "下发").glob("*.xlsx")
    book = openpyxl.load_workbook(issued)
    sheet = next(one for one in book.worksheets if one.title.startswith("自评表"))
    (offered,) = {
        (rule.formula1, rule.showErrorMessage) for rule in sheet.data_validations.dataValidation
        if rule.type == "list" and "_gouji" in str(rule.formula1)
    }  # fmt: skip
    sheet_name, _, area = offered[0].partition("!")
    names = [row[0].value for row in book[sheet_name.strip("'")][area.replace("$", "")]]
    assert names == ["培训人次", "检查次数", "验收合格率", "群众投诉率"] and not offered[1]
    assert book[sheet_name.strip("'")].sheet_state == "veryHidden"
    results = run([issued], year=2022)
    assert results.returns[["form", "status"]].drop_duplicates().to_numpy().tolist() == [["预算支出绩效自评表", "空表"]]
    assert not set(results.findings["rule"]) & {"T-15", "T-16", "R-10", "T-12"}
