"""Files that come in at the desk, commands that are started there, outputs that are taken away."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from gouji.desk.outputs import groups, pack
from gouji.desk.working import Workshop
from gouji.fates import Fate
from gouji.locking import BusyError
from gouji.round.folder import round_at
from gouji.round.founding import found_round
from gouji.round.settings import Settings
from tests.desk import Answer, Visitor, served


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, Path]]:
    """The desk of a round that lets in small files only, and its folder."""
    folder = tmp_path_factory.mktemp("desk") / "一轮"
    roster = folder.parent / "名册.csv"
    roster.write_text("单位编码,单位名称\n4399,平安局\n", encoding="utf-8-sig")
    found_round(folder, Settings(year=2021, roster="名册.csv"), roster)
    with (folder / "勾稽.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[limits]\nfile_size = 2000\n")
    with served(folder) as visitor:
        yield visitor, folder


def put(visitor: Visitor, name: str, data: bytes = b"x", **headers: str) -> Answer:
    own = {
        "Host": f"127.0.0.1:{visitor.access.port}", "Cookie": f"{visitor.access.cookie}={visitor.access.pass_}",
        "Origin": visitor.access.origin,
    }  # fmt: skip
    return visitor.send("POST", f"/received/files?name={quote(name, safe='')}", own | headers, data)


def told(folder: Path) -> dict[str, bytes]:
    """What lies anywhere below the parent of the round, but for the round's own files."""
    top = folder.parent
    files = (path for path in top.rglob("*") if path.is_file() and path.name not in ("名册.csv", "勾稽.toml"))
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in files}


def test_what_is_put_in_stays_inside_and_replaces_nothing(desk: tuple[Visitor, Path]) -> None:
    visitor, folder = desk
    sent = [
        ("甲.xlsx", b"1"), ("甲.xlsx", b"1"), ("甲.xlsx", b"2"), ("U盘/一股/甲.xlsx", b"3"), ("../../乙.xlsx", b"4"),
        ("..\\..\\丙.xlsx", b"5"), ("/etc/丁.xlsx", b"6"), ("=cmd|<b>\n.xlsx", b"7"), ("CON", b"8"),
    ]  # fmt: skip
    words = [json.loads(put(visitor, name, data).text)["said"] for name, data in sent]
    assert words[:3] == ["已放入", "已经有了，内容相同", "已放入，同名的另有一份，这份叫“甲（2）.xlsx”"]
    assert set(words[3:]) == {"已放入"}
    assert told(folder) == {
        f"一轮/收到/{name}": data
        for name, data in {
            "甲.xlsx": b"1", "甲（2）.xlsx": b"2", "U盘/一股/甲.xlsx": b"3", "乙.xlsx": b"4", "丙.xlsx": b"5",
            "etc/丁.xlsx": b"6", "=cmd__b_ .xlsx": b"7", "_CON": b"8",
        }.items()
    }  # fmt: skip
    refused = [("戊.xlsx", b"x" * 2001), ("空.xlsx", b""), ("~$甲.xlsx", b"x"), ("", b"x"), ("..", b"x")]
    for name, data in refused:
        answer = put(visitor, name, data)
        assert answer.status == 422 and not json.loads(answer.text)["taken"], name
    assert len(told(folder)) == 8
    assert put(visitor, "己.xlsx", Origin="http://evil.example").status == 403
    shown = visitor.ask("/received").text
    assert "8 个文件" in shown and "=cmd__b_" in shown and "还没有核对" in shown


def test_what_is_read_shows_its_fate_as_long_as_it_is_the_same(
    desk: tuple[Visitor, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, folder = desk
    file = folder / "收到" / "读.xlsx"
    file.write_bytes(b"9")
    fate = Fate("读.xlsx", hashlib.sha256(b"9").hexdigest(), "无法读取", "<b>局", "", "<script>请重新报送", 0, 2)
    monkeypatch.setattr(Workshop, "read_ahead", lambda self: self.files.update({"读.xlsx": fate}))
    assert "等着读" in visitor.ask("/received?text=读.xlsx").text
    assert visitor.ask("/received/read", {"Origin": "null"}, form={}).status == 403
    assert visitor.ask("/received/read").status == 405
    assert visitor.ask("/received/read", form={"name": "../x"}).status == 303
    shown = visitor.ask("/received?text=重新报送&status=还没有核对").text
    assert "1 个文件" in shown and "&lt;b&gt;局" in shown and "&lt;script&gt;请重新报送" in shown
    fate = replace(fate, status="未识别")
    assert visitor.ask("/received/read", form={}).status == 303
    assert "请单位改用下发的原表填报" in visitor.ask("/received?text=读.xlsx").text
    file.write_bytes(b"other")
    assert "0 个文件" in visitor.ask("/received?text=重新报送").text
    file.unlink()


def test_a_linked_folder_is_not_written_into(desk: tuple[Visitor, Path], tmp_path: Path) -> None:
    visitor, folder = desk
    (folder / "收到" / "链接").symlink_to(tmp_path)
    assert put(visitor, "链接/甲.xlsx").status == 422 and list(tmp_path.iterdir()) == []
    (folder / "收到" / "链接").unlink()


def test_only_what_is_listed_is_given_away(desk: tuple[Visitor, Path]) -> None:
    visitor, folder = desk
    issued = folder / "下发" / "4399_<img src=x>_2021.xlsx"
    issued.write_bytes(b"issued")
    (folder / "下发" / "外面.xlsx").symlink_to("/etc/passwd")
    listed = visitor.ask("/results").text
    assert "&lt;img src=x&gt;" in listed and "<img" not in listed and "外面" not in listed
    taken = visitor.ask(f"/results/file?name={quote('下发/4399_<img src=x>_2021.xlsx')}")
    assert (taken.status, taken.text, taken.headers["content-type"]) == (200, "issued", "application/octet-stream")
    assert taken.headers["content-disposition"].startswith("attachment;")
    for name in ("../名册.csv", "勾稽.toml", "/etc/passwd", "下发/外面.xlsx", "下发/../勾稽.toml", "", "收到/甲.xlsx"):
        assert visitor.ask(f"/results/file?name={quote(name)}").status == 404, name
    for name in ("..", "/", "收到", ""):
        assert visitor.ask(f"/results/zip?name={quote(name)}").status == 404, name
    assert visitor.ask("/results/zip?name=下发").status == 200
    (group,) = groups(round_at(folder))
    with (folder.parent / "x.zip").open("wb+") as file:
        pack(group.files, file)
        assert zipfile.ZipFile(file).namelist() == ["下发/4399_<img src=x>_2021.xlsx"]
    (folder.parent / "x.zip").unlink()
    issued.unlink()


def test_commands_and_options_are_those_of_the_page(
    desk: tuple[Visitor, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, _ = desk
    begun: list[list[str]] = []
    monkeypatch.setattr(Workshop, "begin", lambda _, arguments: begun.append(list(arguments)))
    assert (
        visitor.ask("/work/issue", form={"--only": "--out=/tmp/x；甲", "--evidence": "1", "--out": "x"}).status == 303
    )
    assert visitor.ask("/work/run", form={"--fresh": "1", "--cluster": "tls://x"}).status == 303
    assert begun == [["issue", "--only=--out=/tmp/x；甲", "--evidence"], ["run", "--fresh"]]
    for command in ("desk", "replay", "../issue", "-h"):
        assert visitor.ask(f"/work/{command}", form={}).status in (404, 405), command
    assert visitor.ask("/work/run", {"Origin": "null"}, form={}).status == 403
    assert len(begun) == 2


def test_a_command_is_heard_and_comes_alone(desk: tuple[Visitor, Path]) -> None:
    visitor, folder = desk
    workshop = Workshop(folder)
    work = workshop.begin(["verify"])
    with pytest.raises(BusyError, match="还没有做完"):
        workshop.begin(["letters"])
    begun = time.monotonic()
    while work.status is None and time.monotonic() - begun < 120:
        time.sleep(0.1)
    assert (work.status, work.outcome) == (2, "没有做成") and "没有运行结果" in "".join(work.lines)
    assert visitor.ask("/work/events").text == 'event: end\ndata: ""\n\n'


@pytest.mark.skipif(os.name != "posix", reason="a script in the place of gouji")
def test_a_run_that_is_killed_is_told(
    desk: tuple[Visitor, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visitor, _ = desk
    script = tmp_path / "gouji"
    script.write_text(f"#!{sys.executable}\nimport os\nprint('<b>读到一半', flush=True)\nos.kill(os.getpid(), 9)\n")
    script.chmod(0o755)
    monkeypatch.setattr("gouji.desk.working.sys.executable", str(script))
    assert visitor.ask("/work/run", form={}).status == 303
    begun = time.monotonic()
    while "中途被结束了" not in (shown := visitor.ask("/work").text):
        assert time.monotonic() - begun < 60
    assert "原来的结果没有变" in shown and "&lt;b&gt;读到一半" in shown and " disabled" not in shown
