"""Files read before a run: what is told of each while they are read, and that the run need not read them again."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from gouji.desk.working import READ_AHEAD, Work, Workshop
from gouji.fates import Fate, fates
from gouji.ingest.frames import returns_schema
from gouji.locking import BusyError, alone
from gouji.pipeline import read_ahead, run
from gouji.progress import STEP, Silent, Told
from gouji.templates.catalogue import built_in
from tests.twelve_units import UNITS, send, total_too_high, write_roster

HOSTILE = "坏<b>\n=1.xlsx"


class Listening(Silent):
    """Remembers what it is told of files."""

    def __init__(self) -> None:
        self.told: list[Fate] = []

    def add_files(self, fates: Callable[[], Iterable[Fate]]) -> None:
        self.told += fates()


def test_what_is_read_ahead_is_told_and_kept(tmp_path: Path) -> None:
    received, out, roster = tmp_path / "收到", tmp_path / "结果", tmp_path / "名册.csv"
    received.mkdir()
    write_roster(roster)
    right = send(received, "right")
    wrong = send(received, "wrong", total_too_high)
    send(received, "wrong", None, "再报.xlsx")
    (received / "坏.xlsx").write_bytes(b"no workbook")
    listening = Listening()
    with alone(out):  # somebody writes opinions meanwhile
        read_ahead([received], out, roster_path=roster, year=2021, progress=listening)
    assert not out.exists()
    told = {fate.name: fate for fate in listening.told}
    assert len(listening.told) > len(told) == 4  # while they were read, and once all were there
    assert {name: fate.status for name, fate in told.items()} == {
        right.name: "已收", wrong.name: "重复报送", "再报.xlsx": "重复报送", "坏.xlsx": "无法读取",
    }  # fmt: skip
    assert told[right.name].unit == UNITS["right"] and told[right.name].forms == "基础数据表、自评表"
    assert told[right.name].read > 50 and told[right.name].unread == 0
    assert "不是电子表格" in told["坏.xlsx"].why and "报送" in told["坏.xlsx"].why
    results = run([received], out, roster_path=roster, year=2021, only=["数据"])
    assert results.run["counts"]["kept"] == 4


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["已收", "已替代"], "已收"), (["已替代", "重复文件"], "已替代"), (["已收", "重复报送"], "重复报送"),
        (["单位待定", "未识别"], "未识别"),
    ],
)  # fmt: skip
def test_a_file_stands_as_what_is_most_urgent_in_it(statuses: list[str], status: str) -> None:
    rows = [dict.fromkeys(returns_schema.columns) | {"file": "甲", "status": one} for one in statuses]
    (fate,) = fates(pd.DataFrame(rows, dtype=object), built_in())
    assert fate.status == status


def test_what_is_told_of_files_is_heard(tmp_path: Path) -> None:
    fate = Fate(HOSTILE, "ab", "无法读取", "甲局", "", "原因\x1f\n第二行", 0, 3)
    said = io.StringIO()
    Told(Console(file=said)).add_files(lambda: [fate])
    workshop, work = Workshop(tmp_path), Work("gouji run")
    for line in [*said.getvalue().splitlines(), "\x1f{", '\x1f{"name": 1}', f"{STEP}读取\t1\tx", "读完了"]:
        workshop._hear(work, line)
    assert workshop.files == {HOSTILE: fate} and work.lines == ["读完了"] and work.step is None


def test_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    work, clock = Work("gouji run"), [100.0]
    monkeypatch.setattr("gouji.desk.working.time.monotonic", lambda: clock[0])
    assert work.pace == ""
    for second, done in ((0, 0), (2, 50), (4, 120)):
        clock[0] = 100.0 + second
        work.take(("读取", done, 3000))
    assert work.pace == "读取 120 / 3000，每秒 30.0 个，约剩 1 分 36 秒"
    clock[0] = 200.0
    work.take(("读取", 3000, 3000))
    assert work.pace == "读取 3000 / 3000"
    work.take(("输出", 0, 0))
    assert work.pace == "输出"


@pytest.mark.skipif(os.name != "posix", reason="a script in the place of gouji")
def test_what_is_only_read_makes_room_and_comes_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "gouji"
    script.write_text(
        f"#!{sys.executable}\nimport sys, time\nif '--read-only' in sys.argv or 'verify' in sys.argv: time.sleep(60)\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("gouji.desk.working.sys.executable", str(script))
    workshop = Workshop(tmp_path)
    workshop.read_ahead()
    reading = workshop.going
    assert reading is not None and reading.ahead and reading.command == f"gouji {' '.join(READ_AHEAD)}"
    checking = workshop.begin(["verify"])
    wait(lambda: reading.status is not None)
    with pytest.raises(BusyError, match="gouji verify"):
        workshop.begin(["letters"])
    workshop.read_ahead()  # more has come meanwhile
    assert workshop.going is checking
    process = workshop._process
    assert process is not None
    process.kill()
    wait(lambda: workshop.going is not None and workshop.going.ahead)
    workshop.stop()
    wait(lambda: workshop.going is None)
    assert checking.status == -9 and checking.ended and checking.outcome.startswith("没有做完")


def wait(until: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not until():
        assert time.monotonic() - begun < 60
        time.sleep(0.05)
