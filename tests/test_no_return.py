"""What is no return: passing files, documents, archives and mails, and the bureau's own files laid among the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from rich.console import Console

from gouji import files
from gouji.commands.run import summarise
from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.document import document_bytes, paragraph
from gouji.status import exit_status
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook
from gouji.templates.recipient import Recipient
from tests.field.issued import YEAR, build_returned, issued_unit

SENDER, SILENT = issued_unit(0).recipient, issued_unit(1).recipient


def roster(folder: Path) -> Path:
    lines = [f"{recipient.unit_code},{recipient.unit},基础数据表\n" for recipient in (SENDER, SILENT)]
    path = folder / "册.csv"
    path.write_text("单位编码,单位名称,应报表\n" + "".join(lines), encoding="utf-8-sig")
    return path


def statuses(results: Results) -> dict[str, tuple[object, object]]:
    rows = results.returns.drop_duplicates("file")[["file", "unit", "status"]].astype(object)
    rows_told = rows.where(rows.notna(), None).itertuples(index=False)
    return {str(row.file): (row.unit, row.status) for row in rows_told}


@pytest.mark.parametrize(
    "name",
    [
        "~$表.xlsx",
        "表.tmp",
        "~WRL0001.TMP",
        "表.xlsx.lnk",
        "局.url",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        ".~lock.表#",
        "._表.xlsx",
    ],
)
def test_passing_files_are_no_input_and_are_counted(tmp_path: Path, name: str) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / name).write_bytes(b"x")
    (tmp_path / "表.xlsx").write_bytes(b"x")
    listing = files.inbox([tmp_path, tmp_path / "甲"])
    assert ([source.name for source in listing.sources], listing.unseen, listing.passed_over) == (["表.xlsx"], [], 1)


def test_documents_and_archives_are_named_and_are_nobodys_fault(tmp_path: Path) -> None:
    inbox = tmp_path / "报送"
    build_returned(inbox, 0, None, None)
    (inbox / f"{SENDER.unit}_自评报告.docx").write_bytes(document_bytes(paragraph("没有表的报告")))
    (inbox / f"{SENDER.unit}盖章页.PDF").write_bytes(b"%PDF-1.4")
    (inbox / SILENT.unit).mkdir()
    (inbox / SILENT.unit / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    (inbox / f"{SILENT.unit}.zip").write_bytes(b"PK\x03\x04 broken")
    (inbox / f"{SILENT.unit}报送.eml").write_bytes(b"From: a@example\n")
    (inbox / f"{SILENT.unit}.rar").write_bytes(b"Rar!")
    (inbox / f"{SILENT.unit}.7z").write_bytes(b"7z\xbc\xaf")
    marked = tmp_path / "退回"
    results = run([inbox], roster_path=roster(tmp_path), year=YEAR, marked=marked)
    by_file = statuses(results)
    assert {by_file[name] for name in by_file if name.endswith(("docx", "PDF"))} == {(SENDER.unit, "附件")}
    assert by_file[f"{SILENT.unit}/照片.jpg"] == (SILENT.unit, "附件")
    assert {by_file[name] for name in by_file if name.endswith(("zip", "eml", "rar", "7z"))} == {
        (SILENT.unit, "压缩包")
    }
    findings = results.findings
    received = findings[findings["rule"].str.startswith("R-")]
    assert set(zip(received["rule"], received["severity"], strict=True)) == {("R-16", "核实性"), ("R-03", "强制性")}
    (missing,) = received.loc[received["rule"] == "R-03", "message"]
    assert (
        all(f"{SILENT.unit}{name}" in missing for name in (".zip", ".rar", ".7z", "报送.eml")) and "请解压" in missing
    )
    assert f"（收到“{SILENT.unit}/照片.jpg”，内容没有读取，表可能在里面" in missing and "报告.docx" not in missing
    copied = {copy["file"] for copy in results.run["returned"]["copies"]}
    assert copied <= {name for name in by_file if name.endswith("xlsx")}
    assert results.run["counts"]["refused"] == 7


def test_what_nobody_could_read_is_named_beside_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old document where LibreOffice is missing, and a document that was read and holds no table."""
    monkeypatch.setenv("PATH", str(tmp_path))
    inbox = tmp_path / "报送"
    inbox.mkdir()
    (inbox / f"{SILENT.unit}.rtf").write_bytes(b"{\\rtf1 x}")
    (inbox / f"{SENDER.unit}.docx").write_bytes(document_bytes(paragraph("没有表的报告")))
    results = run([inbox], roster_path=roster(tmp_path), year=YEAR)
    rows = results.findings[results.findings["rule"] == "R-03"]
    told = dict(zip(rows["unit"], rows["message"], strict=True))
    assert f"（收到“{SILENT.unit}.rtf”，内容没有读取" in told[SILENT.unit]
    assert "收到“" not in told[SENDER.unit]
    reason = results.returns.set_index("file")["reason"][f"{SILENT.unit}.rtf"]
    assert "没有 LibreOffice" in reason and "另存为 .docx" in reason


def test_documents_alone_leave_the_exit_status(tmp_path: Path) -> None:
    (tmp_path / "报告.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    assert exit_status(run([tmp_path], year=YEAR).findings) == 0
    (tmp_path / "表.xlsx").write_bytes(b"%PDF-1.4")
    assert exit_status(run([tmp_path], year=YEAR).findings) == 1


@pytest.mark.in_turn("long")
def test_the_bureaus_own_files_are_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = tmp_path / "报送"
    path = build_returned(inbox, 0, None, None)
    (inbox / "坏.xlsx").write_bytes(path.read_bytes()[:900])
    run([inbox], tmp_path / "结果", roster_path=roster(tmp_path), year=YEAR)
    (inbox / "坏.xlsx").unlink()
    copies = [copy for copy in (tmp_path / "结果" / "退回").rglob("*.xlsx") if "坏" in copy.name]
    letter = next((tmp_path / "结果" / "反馈意见").iterdir())
    reference = inbox / "参照表.xlsx"
    issue_workbook(Recipient("", "财政局", ""), [built_in().form("部门决算参照表", "通用")], YEAR, reference)
    pasted = openpyxl.load_workbook(reference)
    for name in pasted.sheetnames[:1] + pasted.sheetnames[2:]:
        del pasted[name]
    pasted.save(inbox / "参照.xlsx")
    results = [letter, *(tmp_path / "结果" / name for name in ("汇总.xlsx", "审核报告.html", "findings.csv"))]
    for file in (*copies, *results):
        shutil.copy(file, inbox / (f"拷贝_{file.name}" if file.suffix == ".xlsx" else file.name))
    book = openpyxl.Workbook()
    heads = ["单位编码*", "单位名称（必填）", "应报表"]
    for row in (["某县预算单位名册"], heads, [SENDER.unit_code, SENDER.unit, "基础数据表"]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(inbox / "单位表.xlsx")
    again = run([inbox], tmp_path / "又一次", roster_path=roster(tmp_path), year=YEAR, only=())
    summarise(Console(width=200), again, tmp_path / "又一次")
    assert "不是报表 8" in capsys.readouterr().out
    returns = pd.read_parquet(tmp_path / "又一次" / "data" / "returns.parquet")
    ours = returns[returns["status"] == "不是报表"]
    assert len(copies) == 1 and len(ours) == 8 and ours["unit"].isna().all()
    assert set(returns.loc[returns["status"] != "不是报表", "file"]) == {path.name}
    findings = pd.read_parquet(tmp_path / "又一次" / "data" / "findings.parquet")
    assert set(findings.loc[findings["rule"].str.startswith("R-"), "rule"]) == {"R-03"}
