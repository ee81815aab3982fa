"""Decisions that last: written in 汇总.xlsx, sorted, coloured, saved by another program, there after the next run."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from gouji.archiving.pack import archive_place, pack
from gouji.archiving.replay import replay
from gouji.commands.diff import CHANGED, SAME, diff_rounds
from gouji.export.resolved import CORRECTED, UNSEEN
from gouji.ingest.beside.review import ReviewError, read_review
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.catalogue import built_in
from gouji.templates.review import ID_HEAD, SEAL_HEAD, WRITTEN_HEADS
from gouji.validate.review.log import CONFLICT, DECISION, LOG, LogError, read_log
from gouji.validate.review.seal import read_seal, texts_mark
from gouji.validate.review.take_up import CONTRADICTED, LAPSED, REWORDED, STRANGE
from gouji.workers.here import Here
from tests.recalculation import recalculated

pytestmark = pytest.mark.in_turn("review")

FAULTS = ["成本超预算", "评分表得分高于分值", "合计多计或少计", "完成了但只花一半"]
"""One for each unit; their findings are of figures in cells of their own."""
SUMMARY = "汇总.xlsx"
YES = {"审核意见": "说明采纳", "审核人": "甲", "复核人": "乙", "日期": datetime.date(2026, 11, 1), "备注": "见附件"}
NO = {"审核意见": "退回修改", "审核人": "丙", "日期": "2026-11-02"}


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch with faults and its results in 结果; tests work on copies."""
    folder = tmp_path_factory.mktemp("batch")
    generate(folder, len(FAULTS), 1, seed=22, kinds=FAULTS)
    _run(folder)
    return folder


@pytest.fixture
def batch(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "batch"))


def _run(batch: Path, *decisions: Path) -> pd.DataFrame:
    """A run over the batch that writes 汇总.xlsx and the data; the decisions of its results by finding."""
    results = run(
        [batch / WORKBOOKS], batch / "结果", roster_path=batch / ROSTER, year=2021, decisions=decisions, only=["汇总"]
    )
    return results.decisions.set_index("finding_id")


def _findings(batch: Path) -> pd.DataFrame:
    """Findings of figures that differ, each in a cell of its own."""
    findings = pd.read_parquet(batch / "结果" / "data" / "findings.parquet")
    differing = findings[(findings["verdict"] == "不符") & findings["difference"].notna() & findings["cell"].notna()]
    return differing.drop_duplicates(["file", "sheet", "cell"], keep=False).sort_values("finding_id")


def _sheet(book: openpyxl.Workbook) -> tuple[Worksheet, dict[str, int]]:
    sheet = book["问题清单"]
    return sheet, {str(cell.value): cell.column for cell in sheet[3]}


def _rows(sheet: Worksheet, heads: Mapping[str, int]) -> dict[str, int]:
    return {str(sheet.cell(row, heads[ID_HEAD]).value): row for row in range(4, sheet.max_row + 1)}


def decide(path: Path, words: Mapping[str, Mapping[str, object]]) -> None:
    """Write into the row of each finding, as a person would in Excel."""
    book = openpyxl.load_workbook(path)
    sheet, heads = _sheet(book)
    rows = _rows(sheet, heads)
    for finding_id, written in words.items():
        for head, value in written.items():
            sheet.cell(rows[finding_id], heads[head]).value = value
    book.save(path)


def disorder(path: Path) -> None:
    """Sort the rows the other way round, colour some, filter."""
    book = openpyxl.load_workbook(path)
    sheet, _ = _sheet(book)
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(4)]
    for row, values in enumerate(reversed(cells), 4):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column).value = value
        if row % 3 == 0:
            sheet.cell(row, 3).fill = PatternFill("solid", fgColor="00FF00")
    sheet.auto_filter.add_filter_column(1, ["强制性"])
    for row in range(5, sheet.max_row + 1, 2):
        sheet.row_dimensions[row].hidden = True
    book.save(path)


def change(path: Path, sheet: str, cell: str, value: float) -> None:
    """Another figure in a cell of a returned workbook, its other bytes as they are."""
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        names = book.sheetnames
    part = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    pattern = re.compile(rf'(<c r="{cell}"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>)[^<]*(</v></c>)')
    text, count = pattern.subn(rf"\g<1>{float(value)!r}\g<2>", parts[part].decode())
    assert count == 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {part: text.encode()}).items():
            archive.writestr(name, content)


def _matters(batch: Path) -> dict[str, str]:
    """Kind → text of what stands on 意见处理."""
    book = openpyxl.load_workbook(batch / "结果" / SUMMARY)
    if "意见处理" not in book.sheetnames:
        return {}
    return {str(row[1].value): str(row[4].value) for row in book["意见处理"].iter_rows(4)}


def _resolved(batch: Path) -> pd.DataFrame:
    return pd.read_parquet(batch / "结果" / "data" / "resolved.parquet").set_index("finding_id")


# ---- the round trip --------------------------------------------------------------------------------


@pytest.mark.libreoffice
def test_kept_lapsed_and_resolved_after_libreoffice_saved_the_workbook(batch: Path, tmp_path: Path) -> None:
    chosen = _findings(batch).set_index("rule").loc[["A-12", "F-01", "G-03"]]
    kept, lapsed, mended = chosen["finding_id"]
    summary = batch / "结果" / SUMMARY
    decide(summary, {kept: YES, lapsed: NO, mended: YES | {"备注": "已电话通知"}})
    disorder(summary)
    shutil.copyfile(recalculated([summary], tmp_path / "存")["汇总"], summary)
    more = _value(batch, chosen.iloc[1]) + 1
    right = _value(batch, chosen.iloc[2]) - chosen.iloc[2]["difference"]
    for finding, value in ((chosen.iloc[1], more), (chosen.iloc[2], round(right, 6))):
        change(batch / WORKBOOKS / finding["file"], finding["sheet"], finding["cell"], value)
    decisions = _run(batch)
    held = decisions.loc[kept]
    assert (held["opinion"], held["reviewer"], held["checker"], held["date"]) == ("说明采纳", "甲", "乙", "2026-11-01")
    assert (held["remark"], pd.isna(held["state"])) == ("见附件", True)
    gone = decisions.loc[lapsed]
    assert pd.isna(gone["opinion"])
    assert gone["state"].startswith(LAPSED) and "退回修改" in gone["state"]
    assert chosen.iloc[1]["stated"] in gone["state"]
    resolved = _resolved(batch).loc[mended]
    assert (resolved["outcome"], resolved["opinion"], resolved["stated"]) == (
        CORRECTED,
        "说明采纳",
        chosen.iloc[2]["stated"],
    )
    assert resolved["now"] == chosen.iloc[2]["expected"]
    assert mended not in decisions.index
    assert [entry.kind for entry in read_log(batch / "结果" / LOG)] == [DECISION] * 3


def _value(batch: Path, finding: pd.Series) -> float:
    values = pd.read_parquet(batch / "结果" / "data" / "values.parquet")
    mine = (values["return_id"] == finding["return_id"]) & (values["cell"] == finding["cell"])
    return float(values.loc[mine, "value"].iloc[0])


def test_decisions_are_there_run_after_run_and_the_log_only_grows(batch: Path) -> None:
    first_id, second_id = _findings(batch)["finding_id"].iloc[:2]
    decide(batch / "结果" / SUMMARY, {first_id: YES})
    assert _run(batch).loc[first_id, "opinion"] == "说明采纳"
    before = (batch / "结果" / LOG).read_bytes()
    assert _run(batch).loc[first_id, "opinion"] == "说明采纳"
    assert (batch / "结果" / LOG).read_bytes() == before
    decide(batch / "结果" / SUMMARY, {first_id: NO, second_id: YES})
    decisions = _run(batch)
    assert dict(decisions["opinion"]) == {first_id: "退回修改", second_id: "说明采纳"}
    after = (batch / "结果" / LOG).read_bytes()
    assert after.startswith(before) and len(after.splitlines()) == 3
    entry = next(entry for entry in read_log(batch / "结果" / LOG)[1:] if entry.finding_id == first_id)
    assert (entry.written[2], len(entry.return_sha256), len(entry.workbook_sha256)) == ("丙", 64, 64)


def test_a_decision_is_withdrawn_by_clearing_it(batch: Path) -> None:
    finding_id = _findings(batch)["finding_id"].iloc[0]
    decide(batch / "结果" / SUMMARY, {finding_id: YES})
    _run(batch)
    decide(batch / "结果" / SUMMARY, {finding_id: dict.fromkeys(YES)})
    assert finding_id not in _run(batch).index
    assert len(read_log(batch / "结果" / LOG)) == 2


def test_what_was_not_received_is_not_corrected(batch: Path) -> None:
    row = _findings(batch).iloc[0]
    decide(batch / "结果" / SUMMARY, {row["finding_id"]: YES})
    (batch / WORKBOOKS / row["file"]).unlink()
    _run(batch)
    assert _resolved(batch).loc[row["finding_id"], "outcome"] == UNSEEN
    _run(batch)
    assert _resolved(batch).loc[row["finding_id"], ["outcome", "opinion"]].to_list() == [UNSEEN, "说明采纳"]


def test_a_resolved_finding_that_comes_back_has_its_decision_again(batch: Path, first: Path) -> None:
    row = _findings(batch).iloc[0]
    decide(batch / "结果" / SUMMARY, {row["finding_id"]: YES})
    (batch / WORKBOOKS / row["file"]).unlink()
    _run(batch)
    shutil.copyfile(first / WORKBOOKS / row["file"], batch / WORKBOOKS / row["file"])
    assert _run(batch).loc[row["finding_id"], "opinion"] == "说明采纳"
    assert row["finding_id"] not in _resolved(batch).index


# ---- several people --------------------------------------------------------------------------------


def test_several_workbooks_merge_and_conflicts_are_listed(batch: Path, tmp_path: Path) -> None:
    first_id, second_id, third_id = _findings(batch)["finding_id"].iloc[:3]
    books = [Path(shutil.copyfile(batch / "结果" / SUMMARY, tmp_path / f"{name}.xlsx")) for name in ("甲组", "乙组")]
    decide(books[0], {first_id: YES, second_id: YES})
    decide(books[1], {first_id: NO, third_id: NO})
    decisions = _run(batch, *books)
    assert pd.isna(decisions.loc[first_id, "opinion"])
    state = decisions.loc[first_id, "state"]
    assert state.startswith(CONTRADICTED) and "甲组.xlsx：说明采纳" in state and "乙组.xlsx：退回修改" in state
    assert decisions.loc[[second_id, third_id], "opinion"].to_list() == ["说明采纳", "退回修改"]
    assert CONTRADICTED in _matters(batch)
    assert _kinds(batch) == {DECISION: 2, CONFLICT: 2}
    # Settled by whoever is asked; the old copies change nothing any more, also when they are given again.
    decide(batch / "结果" / SUMMARY, {first_id: NO, second_id: NO})
    settled = _run(batch, *books)
    assert settled.loc[[first_id, second_id], "opinion"].to_list() == ["退回修改", "退回修改"]
    assert settled.loc[[first_id, second_id], "state"].isna().all()


def _kinds(batch: Path) -> dict[str, int]:
    kinds = [entry.kind for entry in read_log(batch / "结果" / LOG)]
    return {kind: kinds.count(kind) for kind in kinds}


def test_an_old_copy_without_changes_overrules_nothing(batch: Path, tmp_path: Path) -> None:
    finding_id = _findings(batch)["finding_id"].iloc[0]
    decide(batch / "结果" / SUMMARY, {finding_id: YES})
    _run(batch)
    old = Path(shutil.copyfile(batch / "结果" / SUMMARY, tmp_path / "旧.xlsx"))
    decide(batch / "结果" / SUMMARY, {finding_id: NO})
    _run(batch)
    assert _run(batch, old).loc[finding_id, "opinion"] == "退回修改"


def test_decisions_of_another_folder_are_taken_over(batch: Path, first: Path, tmp_path: Path) -> None:
    finding_id = _findings(batch)["finding_id"].iloc[0]
    decide(batch / "结果" / SUMMARY, {finding_id: YES})
    _run(batch)
    other = Path(shutil.copyfile(batch / "结果" / SUMMARY, tmp_path / "上一轮.xlsx"))
    shutil.rmtree(batch / "结果")
    assert _run(batch, other).loc[finding_id, "opinion"] == "说明采纳"


# ---- a table that came twice ------------------------------------------------------------------------


def _adopt(path: Path, file: str, word: str) -> None:
    """Write 采用 into the rows of a file on 收表明细."""
    book = openpyxl.load_workbook(path)
    sheet = book["收表明细"]
    heads = {str(cell.value): cell.column for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        if sheet.cell(row, heads["文件"]).value == file:
            sheet.cell(row, heads["采用"]).value = word
    book.save(path)


def _statuses(batch: Path) -> dict[str, set[str]]:
    returns = pd.read_parquet(batch / "结果" / "data" / "returns.parquet")
    return {str(file): set(rows["status"]) for file, rows in returns.groupby("file")}


def test_people_settle_which_of_two_returns_counts(batch: Path) -> None:
    name = "439900002_青禾县教育局_2021.xlsx"
    again = batch / WORKBOOKS / "再报.xlsx"
    book = openpyxl.load_workbook(batch / WORKBOOKS / name)
    book.properties.title = "再报"
    book.save(again)
    _run(batch)
    # Tables without formulas have the same figures in both and count once; the others lost their results.
    assert (_statuses(batch)[name], _statuses(batch)[again.name]) == ({"已收", "重复报送"}, {"重复报送", "重复文件"})
    _adopt(batch / "结果" / SUMMARY, name, "是")
    for _ in range(2):
        _run(batch)
        assert (_statuses(batch)[name], _statuses(batch)[again.name]) == ({"已收"}, {"已替代", "重复文件"})
    findings = pd.read_parquet(batch / "结果" / "data" / "findings.parquet")
    assert "R-04" not in set(findings.loc[findings["file"].isin([name, again.name]), "rule"])
    _adopt(batch / "结果" / SUMMARY, name, "否")
    _adopt(batch / "结果" / SUMMARY, again.name, "是")
    _run(batch)
    assert (_statuses(batch)[name], _statuses(batch)[again.name]) == ({"已替代", "重复文件"}, {"已收"})


# ---- what people do to a workbook ------------------------------------------------------------------


def test_a_decision_on_nothing_of_this_batch_is_told(batch: Path) -> None:
    finding_id = _findings(batch)["finding_id"].iloc[0]
    other = "0123456789abcdef"
    summary = batch / "结果" / SUMMARY
    sheet, heads = _sheet(openpyxl.load_workbook(summary))
    seal = read_seal(str(sheet.cell(_rows(sheet, heads)[finding_id], heads[SEAL_HEAD]).value))
    decide(summary, {finding_id: YES | {ID_HEAD: other, SEAL_HEAD: str(replace(seal, whose=texts_mark([other])))}})
    assert other not in _run(batch).index
    assert STRANGE in _matters(batch)


def test_another_explanation_than_the_accepted_one_is_told(batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding_id = _findings(batch)["finding_id"].iloc[0]
    decide(batch / "结果" / SUMMARY, {finding_id: YES | {"单位说明": "上级追加"}})
    assert _run(batch).loc[finding_id, "explanation"] == "上级追加"

    def reworded(findings: pd.DataFrame, _: object) -> pd.DataFrame:
        return findings.assign(explanation=findings["explanation"].where(findings["finding_id"] != finding_id, "笔误"))

    monkeypatch.setattr("gouji.pipeline.explained_findings", reworded)
    assert _run(batch).loc[finding_id, "state"].startswith(REWORDED)


def test_a_broken_workbook_stops_the_run_and_leaves_everything(batch: Path) -> None:
    summary = batch / "结果" / SUMMARY
    summary.write_bytes(summary.read_bytes()[:3000])
    before = {path: path.read_bytes() for path in (batch / "结果").rglob("*") if path.is_file()}
    with pytest.raises(ReviewError, match="为避免丢失"):
        _run(batch)
    assert {path: path.read_bytes() for path in (batch / "结果").rglob("*") if path.is_file()} == before


def test_a_workbook_without_findings_sheet_is_named(first: Path) -> None:
    with pytest.raises(ReviewError, match="问题清单"):
        read_review(max((first / WORKBOOKS).rglob("*.xlsx"), key=lambda path: path.stat().st_size))


# ---- the archive -------------------------------------------------------------------------------------


def test_decisions_and_chosen_returns_are_there_again_in_a_replay(batch: Path) -> None:
    finding_id = _findings(batch)["finding_id"].iloc[0]
    decide(batch / "结果" / SUMMARY, {finding_id: YES})
    _run(batch)
    archive = archive_place(batch / "结果")
    pack(batch / "结果", archive, built_in())
    replayed = replay(archive, None, Here(), Silent())
    assert replayed.equal
    assert next(difference.rows for difference in replayed.differences if difference.name == "decisions") == 1


# ---- two rounds ------------------------------------------------------------------------------------


def test_two_rounds_compared(batch: Path, first: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = _findings(batch).set_index("rule").loc[["F-01", "G-03"]]
    worse, mended = chosen.iloc[0], chosen.iloc[1]
    change(batch / WORKBOOKS / worse["file"], worse["sheet"], worse["cell"], _value(batch, worse) + 1)
    right = round(_value(batch, mended) - mended["difference"], 6)
    change(batch / WORKBOOKS / mended["file"], mended["sheet"], mended["cell"], right)
    _run(batch)
    capsys.readouterr()
    assert diff_rounds(first / "结果", batch / "结果", as_json=True) == 1
    rows = {row["问题编号"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows[worse["finding_id"]]["结果"], rows[worse["finding_id"]]["本次填报数"]) == (CHANGED, "8分")
    assert rows[mended["finding_id"]]["结果"] == CORRECTED
    assert rows[mended["finding_id"]]["本次填报数"] == mended["expected"]
    assert SAME in {row["结果"] for row in rows.values()}
    diff_rounds(first / "结果", batch / "结果", batch / "比较.xlsx", as_json=False)
    said = capsys.readouterr().out
    assert "已修改 1 条" in said and "比较.xlsx" in said and len(said.splitlines()) < 30
    sheet = openpyxl.load_workbook(batch / "比较.xlsx")["两轮比较"]
    shown = {row[12]: row for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert set(shown) == set(rows) and shown[worse["finding_id"]][1] == CHANGED
    assert shown[mended["finding_id"]][9] == mended["expected"]
    with pytest.raises(FileExistsError):
        diff_rounds(first / "结果", batch / "结果", batch / "比较.xlsx", as_json=False)


def test_decisions_of_a_run_killed_while_it_moved_its_results_are_kept(batch: Path) -> None:
    finding_id = _findings(batch)["finding_id"].iloc[0]
    before = Path(shutil.copytree(batch / "结果", batch / "先"))
    decide(batch / "结果" / SUMMARY, {finding_id: YES})
    _run(batch)
    log = (batch / "结果" / LOG).read_bytes()
    # Only the workbook had been moved when it was killed; all else still waits beside.
    shutil.move(batch / "结果", batch / ".结果.gouji-ready-x")
    shutil.move(before, batch / "结果")
    shutil.move(batch / ".结果.gouji-ready-x" / SUMMARY, batch / "结果" / SUMMARY)
    assert _run(batch).loc[finding_id, "opinion"] == "说明采纳"
    assert (batch / "结果" / LOG).read_bytes() == log


# ---- the log ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_entries(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with two decisions of two runs."""
    batch = Path(shutil.copytree(first, tmp_path_factory.mktemp("log") / "batch"))
    first_id, second_id = _findings(batch)["finding_id"].iloc[:2]
    decide(batch / "结果" / SUMMARY, {first_id: YES})
    _run(batch)
    decide(batch / "结果" / SUMMARY, {second_id: NO})
    _run(batch)
    return batch / "结果" / LOG


@pytest.fixture
def log(two_entries: Path, tmp_path: Path) -> Path:
    """A copy of it to be spoilt."""
    return Path(shutil.copyfile(two_entries, tmp_path / LOG))


def test_an_entry_that_was_changed_breaks_the_chain(log: Path) -> None:
    log.write_text(log.read_text(encoding="utf-8").replace("说明采纳", "退回修改"), encoding="utf-8")
    with pytest.raises(LogError, match="接不上"):
        read_log(log)


def test_an_entry_that_was_removed_breaks_the_chain(log: Path) -> None:
    log.write_bytes(b"\n".join(log.read_bytes().splitlines()[1:]) + b"\n")
    with pytest.raises(LogError, match="接不上"):
        read_log(log)


def test_a_line_that_is_none_is_said(log: Path) -> None:
    log.write_bytes(b"{}\n" + log.read_bytes())
    with pytest.raises(LogError, match="第 1 行"):
        read_log(log)


def test_an_entry_says_who_when_and_on_which_file(log: Path) -> None:
    entry = json.loads(log.read_text(encoding="utf-8").splitlines()[0])
    assert dict(zip(WRITTEN_HEADS, entry["written"], strict=True))["审核人"] == "甲"
    assert datetime.datetime.fromisoformat(entry["recorded"]).tzinfo is not None
    assert re.fullmatch("[0-9a-f]{64}", entry["return_sha256"])
