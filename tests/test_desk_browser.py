"""A round done in the browser: files dropped, the commands by their buttons, opinions by keys, outputs taken away; and
the same round by the commands, whose outputs are the same.
"""

from __future__ import annotations

import base64
import json
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gouji import cli
from gouji.export.states import states
from gouji.finished import read_finished
from gouji.logged import read_whole_log
from gouji.round.folder import round_at
from gouji.round.founding import found_round
from gouji.round.settings import Settings
from gouji.round.standing import results_of
from gouji.templates.catalogue import built_in
from gouji.templates.review import ACCEPTED, MISJUDGED, SENT_BACK
from gouji.workers.here import Here
from tests.desk import served
from tests.patience import slowed
from tests.test_twelve_units import FORMS
from tests.twelve_units import UNITS, grown, send, total_too_high, write_roster

_KEPT = ("wrong", "right", "asked")
"""Units of the round: as many as it takes for every step."""
_DROP = """async (files) => {
  const data = new DataTransfer();
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    data.items.add(new File([bytes], name));
  }
  document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, origin: str) -> Iterator[Page]:
    """A window on `origin`, as large as an office's; whatever its scripts fail in fails the test."""
    failures: list[str] = []
    with browser.new_context(base_url=origin, viewport={"width": 1366, "height": 768}) as window:
        window.set_default_timeout(slowed(60) * 1000)
        expect.set_options(timeout=slowed(240) * 1000)
        page = window.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        yield page
    assert not failures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A fresh round of three units."""
    write_roster(tmp_path / "全部.csv")
    lines = (tmp_path / "全部.csv").read_text("utf-8-sig").splitlines()
    kept = [line for line in lines[1:] if any(UNITS[key] in line for key in _KEPT)]
    roster = tmp_path / "名册.csv"
    roster.write_text("\n".join([lines[0], *kept]) + "\n", encoding="utf-8-sig")
    found_round(tmp_path / "一轮", Settings(year=2021, forms=tuple(FORMS), roster="名册.csv"), roster)
    return tmp_path / "一轮"


def press(page: Page, command: str, outcome: str = "做完了") -> None:
    """The button of a command, until it has ended."""
    page.goto("/work")
    page.locator(f'form[action="/work/{command}"] button').click()
    expect(page.locator("#outcome")).to_have_text(outcome, timeout=slowed(400) * 1000)


def ready(page: Page) -> None:
    """The keys are heard once the scripts, which come last, are there."""
    page.wait_for_load_state("load")


def started(folder: Path) -> str:
    """When the last run began."""
    return str(json.loads((folder / "结果" / "run.json").read_text("utf-8"))["started"])


def outputs(folder: Path) -> dict[str, bytes]:
    """Every file of 结果 and 定稿 but run.json, which tells how long everything took."""
    files = (path for name in ("结果", "定稿") for path in (folder / name).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.name != "run.json"}


class Commands:
    """The commands as people type them, in this process."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        patch.setattr("gouji.workers.chosen.LocalWorkers", lambda *_, **__: Here())

    def call(self, folder: Path, when: str, *arguments: str) -> int:
        """A command in a round at a moment; its exit status."""
        for module in ("pipeline", "commands.letters"):
            self.patch.setattr(f"gouji.{module}.now", lambda: when)
        self.patch.chdir(folder)
        self.patch.setattr(sys, "argv", ["gouji", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(str(ended.value.code))


@pytest.mark.deep
@pytest.mark.browser
def test_a_round_done_in_the_browser(
    browser: Browser, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = Path(shutil.copytree(folder, tmp_path / "命令" / "一轮"))
    commands = Commands(monkeypatch)
    for key, change in (("right", None), ("wrong", total_too_high), ("asked", grown)):
        send(typed / "收到", key, change)
    sent = {path.name: path.read_bytes() for path in sorted((typed / "收到").iterdir())}
    with served(folder) as desk, opened(browser, desk.access.origin) as page:
        page.goto(desk.access.address)
        expect(page.locator("h1")).to_have_text("进度")
        page.goto("/received")
        ready(page)
        page.evaluate(_DROP, [(name, base64.b64encode(data).decode()) for name, data in sent.items()])
        expect(page.locator("#sending")).to_have_text("已放入 3 个")
        expect(page.locator("#rows tbody tr")).to_have_count(3)
        assert {path.name: path.read_bytes() for path in (folder / "收到").iterdir()} == sent

        press(page, "run", "做完了，还有要处理的")
        assert commands.call(typed, started(folder), "run") == 1
        by_commands = outputs(typed)
        assert len([name for name in by_commands if name.startswith(("结果/退回/", "结果/反馈意见/"))]) == 4
        assert outputs(folder) == by_commands

        page.goto("/findings?severity=强制性")
        page.locator("table.findings a").first.click()
        expect(page.locator("#faulty")).to_be_visible()
        ready(page)
        page.get_by_label("审核人").fill("甲")
        page.locator("h1").click()
        for key, opinion in (("1", SENT_BACK), ("4", MISJUDGED), ("u", SENT_BACK), ("4", MISJUDGED)):
            page.keyboard.press(key)
            expect(page.locator("#opinion-head")).to_have_text(f"审核意见：{opinion}")
        page.goto("/findings?severity=核实性")
        page.locator("table.findings a").first.click()
        for number in (1, 2, 3):
            expect(page.locator(".around")).to_contain_text(f"第 {number} / 3 条")
            ready(page)
            page.keyboard.press("2")
            expect(page.locator("#opinion-head")).to_have_text(f"审核意见：{ACCEPTED}")
            expect(page.get_by_label("审核人")).to_have_value("甲")  # kept from the finding before
            if number < 3:
                page.keyboard.press("j")
        log = read_whole_log(folder / "结果")
        assert [entry.written[1] for entry in log] == [SENT_BACK, MISJUDGED, SENT_BACK, MISJUDGED, *[ACCEPTED] * 3]
        assert {entry.written[2] for entry in log} == {"甲"}

        shutil.copytree(folder / "结果", typed / "结果", dirs_exist_ok=True)  # what was said; the rest is made anew
        press(page, "run")
        assert set(states(results_of(round_at(folder), None, built_in(), Here()))["state"]) == {"通过"}
        press(page, "final")
        assert len(read_finished(folder / "定稿")) == 3
        press(page, "run")
        press(page, "archive")
        when = started(folder)
        assert [commands.call(typed, when, *words) for words in (["run", "--fresh"], ["final"], ["run"])] == [0, 0, 0]
        assert outputs(folder) == outputs(typed)
        assert commands.call(typed, when, "archive") == 0
        archives = [zipfile.ZipFile(one / "一轮-归档.zip").namelist() for one in (folder, typed)]
        assert archives[0] == archives[1]

        page.goto("/results")
        with page.expect_download() as download:
            page.get_by_role("link", name="汇总.xlsx").click()
        assert Path(download.value.path()).read_bytes() == (folder / "结果" / "汇总.xlsx").read_bytes()
        for path in ("/", "/findings", "/received", "/work", "/results", "/units/439900004"):
            for width in (1366, 390):
                page.set_viewport_size({"width": width, "height": 768})
                page.goto(path)
                wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                assert not page.evaluate(wider), (path, width)
