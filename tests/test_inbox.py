"""The inbox is walked whole, or what was left out is told with its path."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gouji.commands.run import EMPTY
from gouji.files import UnreachableError, inbox
from gouji.finishing import finish, verify
from gouji.ingest.frames import UNSEEN
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.review import FILES_SHEET
from gouji.workers.here import Here
from tests.test_commands import gouji

POSIX = os.name == "posix"
SHUT, LINKED, SILENT = "某县财政局", "城关镇", "河口镇"


def _refusing(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Folders of these names cannot be opened: root, who may run the tests, could open any."""
    scandir = os.scandir

    def refuses(path: Any = ".") -> Iterator[os.DirEntry[str]]:
        if not isinstance(path, int) and Path(path).name in names:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An inbox with a folder that cannot be opened, a linked one, hidden ones, and results of a run."""
    received = tmp_path / "收到"
    for name in (SHUT, ".暂存", "上次", "下级"):
        (received / name).mkdir(parents=True)
    (received / ".暂存" / "表.xlsx").write_bytes(b"x")
    (received / "下级" / ".隐藏.xlsx").write_bytes(b"x")
    (received / "下级" / "~$表.xlsx").write_bytes(b"x")
    (received / "上次" / "run.json").write_text('{"gouji": "0"}', encoding="utf-8")
    (tmp_path / "别处").mkdir()
    (tmp_path / "别处" / "表.xlsx").write_bytes(b"x")
    (received / LINKED).symlink_to(tmp_path / "别处", target_is_directory=True)
    _refusing(monkeypatch, SHUT)
    return received


@pytest.mark.skipif(not POSIX, reason="links")
def test_what_is_left_out_is_named_with_its_reason(folder: Path) -> None:
    listing = inbox([folder, folder / "下级"])
    assert {unseen.name: (unseen.status, unseen.why) for unseen in listing.unseen} == {
        f"{SHUT}/": (
            "无法读取",
            "文件夹打不开（没有权限，或正被其他程序使用），里面的文件都没有读取，请取得权限后再运行一次",
        ),
        f"{LINKED}/": (UNSEEN, "是链接到别处的文件夹，没有跟进去读取；里面如有报表，请把文件本身放进收到的文件夹"),
        ".暂存/": (UNSEEN, "是隐藏的（名称以“.”开头），没有读取；如是报表，请改名后再运行一次"),
        "下级/.隐藏.xlsx": (UNSEEN, "是隐藏的（名称以“.”开头），没有读取；如是报表，请改名后再运行一次"),
        "上次/": (
            UNSEEN,
            "里面有 run.json，是一次运行的结果，没有当作报表读取；里面如有报表，请移出来再运行一次",
        ),
    }
    assert (listing.sources, listing.passed_over) == ([], 1)


@pytest.mark.skipif(not POSIX, reason="links")
def test_it_stands_in_the_outputs_and_on_the_screen(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "".join(f"{code},{name},基础数据表\n" for code, name in (("301", SHUT), ("401", LINKED), ("402", SILENT)))
    (tmp_path / "册.csv").write_text(f"单位编码,单位名称,应报表\n{lines}", encoding="utf-8-sig")
    out = tmp_path / "结果"
    options = ["--out", out, "--units", tmp_path / "册.csv", "--only", "汇总", "--jobs", "1"]
    status, screen, _ = gouji(capsys, "run", folder, *options)
    assert (status, "没有发现问题" in screen, EMPTY in screen) == (1, False, True)
    names = [f"{SHUT}/", f"{LINKED}/", ".暂存/", "上次/", "下级/.隐藏.xlsx"]
    assert all(f"没有读取“{name}”" in screen for name in names)
    findings = pd.read_parquet(out / "data" / "findings.parquet")
    left_out = findings[findings["rule"].isin(["R-01", "R-18"])].set_index("file")
    assert sorted(left_out.index) == sorted(names)
    assert (left_out.loc[f"{SHUT}/", "rule"], left_out.loc[f"{SHUT}/", "severity"]) == ("R-01", "强制性")
    assert set(left_out.drop(f"{SHUT}/")["severity"]) == {"核实性"}
    asides = pd.read_parquet(out / "data" / "asides.parquet")
    missing = pd.concat([findings, asides]).query("rule == 'R-03'").set_index("unit")["message"]
    assert [f"“{name}/”没有读取" in missing[name] for name in (SHUT, LINKED)] == [True, True]
    assert "没有读取" not in missing[SILENT]
    stated = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (stated["files"], stated["counts"]["files"]) == ([], 0)
    assert {unseen["name"] for unseen in stated["unseen"]} == set(names)
    with closing(openpyxl.load_workbook(out / "汇总.xlsx", read_only=True)) as book:
        shown = {row[1] for row in book[FILES_SHEET].iter_rows(min_row=4, values_only=True)}
        owing = {row[3]: row[5] for row in book["催报名单"].iter_rows(min_row=4, values_only=True)}
    assert shown == set(names)
    assert f"收到“{SHUT}/”，还没有打开" in owing[SHUT] and "收到" not in owing[SILENT]


def test_an_inbox_that_cannot_be_opened_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "收到").mkdir()
    _refusing(monkeypatch, "收到")
    with pytest.raises(UnreachableError, match=r"收到的文件夹“.*收到”打不开（没有权限，或正被其他程序使用），没有运行"):
        run([tmp_path / "收到"], tmp_path / "结果")
    assert not (tmp_path / "结果").exists()


@pytest.mark.skipif(not POSIX, reason="links")
def test_what_is_finished_leaves_nothing_out_silently(folder: Path, tmp_path: Path) -> None:
    left_out = {unseen.name: unseen.why for unseen in inbox([folder]).unseen}
    assert {
        finished.file: finished.made.reason
        for finished in finish([folder], tmp_path / "定稿", built_in(), 2021, Here())
    } == left_out
    assert {verified.file: verified.reason for verified in verify([folder], built_in(), 2021, Here())} == left_out


@pytest.mark.skipif(not POSIX, reason="names that are no text")
def test_names_that_are_no_text_are_told_apart_from_those_written_like_them(tmp_path: Path) -> None:
    odd = os.fsdecode(b"\xd6\xd0.xlsx")
    for name in (odd, r"\xd6\xd0.xlsx", r"\xd6.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    named = {source.name: Path(str(source.path)).name for source in inbox([tmp_path]).sources}
    assert named == {
        r"\xd6\xd0.xlsx": r"\xd6\xd0.xlsx",
        r"\xd6\xd0（文件名不是UTF-8）.xlsx": odd,
        r"\xd6.xlsx": r"\xd6.xlsx",
    }
