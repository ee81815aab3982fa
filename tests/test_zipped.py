"""A .zip among the returned files is opened as a folder; documents in old formats are read where LibreOffice is."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from unittest.mock import patch

import pytest

from gouji.files import inbox
from gouji.ingest.files import converted
from gouji.ingest.files.zipped import members
from gouji.ingest.limits import Limits
from gouji.ingest.place import contents
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.pipeline import run
from gouji.samples.build import ROSTER
from gouji.samples.document import document_bytes, paragraph, table
from gouji.samples.pasted import build_pasted
from gouji.samples.word_table import Patch
from gouji.statement import read_place, written_place
from tests.audit import returns

UNIT = "炎陵县政务服务中心"


def packed(path: Path, *files: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def test_its_files_are_read_with_the_archive_in_their_name_and_given_back(tmp_path: Path) -> None:
    book = build_pasted(returns(UNIT), tmp_path)
    received = tmp_path / "收到"
    received.mkdir()
    packed(received / f"{UNIT}.zip", ("报表/表.xlsx", book.read_bytes()), ("说明.txt", b"x"))
    results = run([received], out=tmp_path / "结果", roster_path=ROSTER, only=["退回"])
    told = results.returns.groupby("file")[["status", "unit"]].first()
    assert told.loc[f"{UNIT}.zip/报表/表.xlsx"].tolist() == ["已收", UNIT]
    assert told.loc[f"{UNIT}.zip/说明.txt"].tolist() == ["无法读取", UNIT]
    assert len(told) == 2
    stated = {one["file"]: one for one in results.run["files"]}
    place = read_place(stated[f"{UNIT}.zip/报表/表.xlsx"]["place"])
    assert contents(place) == book.read_bytes()
    assert (tmp_path / "结果" / "退回" / UNIT / "表.xlsx").is_file()


def test_names_are_those_that_people_see_and_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("基础数据表.xlsx".encode("gb18030"), "甲/乙.xlsx".encode()):
            info = zipfile.ZipInfo(name.decode("cp437"))
            archive.writestr(info, b"x")
        archive.writestr("../../etc/表.xlsx", b"x")
        archive.writestr("/根/表.xlsx", b"x")
    data = path.read_bytes().replace(b"\x00\x08", b"\x00\x00")  # nothing says that the names are UTF-8
    path.write_bytes(data if b"\xbb\xf9" in data else path.read_bytes())
    names = [one.name for one in members(path, Limits())]
    assert names[2:] == ["etc/表.xlsx", "根/表.xlsx"]
    assert all(".." not in name and not name.startswith("/") for name in names)


def test_system_files_are_passed_over_hidden_ones_told_archives_within_not_opened(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("表.xlsx", b"x")
    packed(
        tmp_path / "a.zip", ("__MACOSX/x", b"x"), (".藏/表.xlsx", b"x"), ("内.zip", inner.getvalue()), ("表.xlsx", b"x")
    )
    found = inbox([tmp_path])
    assert [one.name for one in found.sources] == ["a.zip/内.zip", "a.zip/表.xlsx"]
    assert [one.name for one in found.unseen] == ["a.zip/.藏/表.xlsx"] and found.passed_over == 1
    assert all(read_place(written_place(one.path)) == one.path for one in found.sources)


@pytest.mark.parametrize("kind", ["broken", "workbook", "too many", "too large"])
def test_what_is_no_folder_stays_a_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.zip"
    if kind == "broken":
        path.write_bytes(b"PK\x03\x04 no archive")
    elif kind == "workbook":
        path.write_bytes(document_bytes(paragraph("甲")))
    else:
        packed(path, *((f"{n}.txt", b"\0" * 2_000_000) for n in range(4)))
    limits = {"too many": Limits(members=3), "too large": Limits(total_size=5_000_000)}.get(kind, Limits())
    with patch("gouji.files.Limits", return_value=limits):
        assert [one.name for one in inbox([tmp_path]).sources] == ["a.zip"]


def test_a_member_is_read_within_bounds(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", ("大.xlsx", b"\0" * 5000))
    (source,) = inbox([path]).sources
    assert len(contents(source.path, Limits(file_size=6000))) == 5000
    with pytest.raises(Refused) as refused:
        read_workbook(contents(source.path, Limits(file_size=4000)), "大.xlsx", Limits(file_size=4000))
    assert refused.value.code == "文件过大"
    path.unlink()
    with pytest.raises(Refused):
        contents(source.path)


TEXTS = [["项目", "金额", "备注"], ["甲", "5.20", "无"], ["乙", "7", "无"]]
CELLS = [Patch(row, column, 1, 1, text) for row, line in enumerate(TEXTS) for column, text in enumerate(line)]
BODY = paragraph("某表") + table(CELLS) + paragraph("")


def old(folder: Path, extension: str) -> bytes:
    (folder / "a.docx").write_bytes(document_bytes(BODY))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", extension, "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "a.docx")], check=True, capture_output=True)
    return (folder / f"a.{extension}").read_bytes()


@pytest.mark.libreoffice("lowriter")
@pytest.mark.parametrize("extension", ["doc", "rtf"])
def test_old_formats_are_read_as_converted_and_it_is_told(tmp_path: Path, extension: str) -> None:
    data = old(tmp_path, extension)
    book = read_workbook(data, f"某局.{'wps' if extension == 'doc' else extension}")
    (sheet,) = book.sheets
    assert [[str(value) for value in row] for row in sheet.rows] == [["某表", "", ""], *TEXTS]
    assert book.notes == ["这是旧格式的 Word 文档，用 LibreOffice 转换以后读取，位置按转换以后的表数。"]


def test_without_libreoffice_an_old_document_says_what_to_do() -> None:
    with patch.object(converted, "converter", return_value=None), pytest.raises(Refused) as refused:
        read_workbook(b"{\\rtf1 }", "某局.rtf")
    assert "没有 LibreOffice" in refused.value.reason and "另存为 .docx" in refused.value.reason


@pytest.mark.libreoffice("lowriter")
def test_a_conversion_that_fails_or_hangs_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        converted.as_docx(b"\xd0\xcf\x11\xe0" + bytes(600), "doc")
    assert refused.value.code == "无法读取"
    hanging = shutil.which("sleep") or ""
    with (
        patch.object(converted, "converter", return_value=hanging),
        patch.object(converted, "_SECONDS", 0.2),
        pytest.raises(Refused),
    ):
        converted.as_docx(b"{\\rtf1 }", "rtf")
