"""A round of twelve units done in the browser: files dropped, the commands by their buttons, opinions by keys, copies
and outputs taken away; every command is typed too, in the folder as it was before, and its outputs are the same.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gouji.finished import read_finished
from gouji.logged import read_whole_log
from gouji.samples.fill import Number
from gouji.samples.generating.arithmetic import base_results
from gouji.statement import now
from gouji.templates.review import ACCEPTED, MISJUDGED, SENT_BACK
from gouji.validate.review.log import DESK
from tests.browsing import browser, opened
from tests.desk import served
from tests.patience import slowed
from tests.test_twelve_units import ALL_BUT_ONE, FIRST, PASSED, WHY, County, county, of
from tests.twelve_units import AGAIN, TOTAL, UNITS, first_returns, honest, mend, recipient, send

__all__ = ["browser", "county"]  # fixtures

_DROP = """async (files) => {
  const data = new DataTransfer();
  for (const [name, text] of files) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    data.items.add(new File([bytes], name));
  }
  document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


def ready(page: Page) -> None:
    """The keys are heard once the scripts, which come last, are there."""
    page.wait_for_load_state("load")


def outputs(folder: Path) -> dict[str, bytes]:
    """Every file that commands write, but run.json, which tells how long everything took."""
    files = (path for name in ("下发", "结果", "定稿") for path in (folder / name).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.name != "run.json"}


@dataclass
class Clerk:
    """Somebody at the desk of a round."""

    page: Page
    county: County

    def press(self, command: str) -> None:
        """The button of a command, until it has ended; typed in the folder as it was before, it does the same."""
        folder = self.county.folder
        before = Path(shutil.copytree(folder, folder.parent / "以前"))
        self.page.goto("/work")
        self.page.locator(f'form[action="/work/{command}"] button.main').click()
        outcome = self.page.locator("#outcome")
        expect(outcome).to_have_class(re.compile("good|bad"), timeout=slowed(400) * 1000)
        moment = self._moment(command)
        shutil.rmtree(self.typed, ignore_errors=True)
        # In its place: a round that was moved has to be run first.
        at_the_desk = folder.rename(folder.parent / "桌面")
        before.rename(folder)
        status = self.county.call_then(moment, command, folder=folder)
        folder.rename(self.typed)
        at_the_desk.rename(folder)
        assert outcome.text_content() == {0: "做完了", 1: "做完了，还有要处理的"}[status]
        left, right = outputs(folder), outputs(self.typed)
        assert [name for name in sorted(left.keys() | right.keys()) if left.get(name) != right.get(name)] == []

    @property
    def typed(self) -> Path:
        """The round as the command that was typed last has left it."""
        return self.county.folder.parent / "命令"

    def _moment(self, command: str) -> str:
        """When the desk's command began, as far as its outputs tell."""
        if command != "run":
            return now()
        return str(json.loads((self.county.folder / "结果" / "run.json").read_text("utf-8"))["started"])

    def drop(self, folder: Path) -> None:
        """The files of a folder, dropped upon 收表."""
        files = [(path.name, base64.b64encode(path.read_bytes()).decode()) for path in sorted(folder.iterdir())]
        self.page.goto("/received")
        ready(self.page)
        self.page.evaluate(_DROP, files)
        expect(self.page.locator("#sending")).to_have_text(f"已放入 {len(files)} 个")
        expect(self.page.locator("#rows")).to_contain_text(f"有 {len(files)} 个文件还没有核对，都已读过。")
        for path in folder.iterdir():
            assert (self.county.received / path.name).read_bytes() == path.read_bytes()

    def take(self, key: str, to: Path) -> Path:
        """The copy that goes back to a unit, from its page."""
        self.page.goto(f"/units/{recipient(key).unit_code}")
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=f"退回/{UNITS[key]}/").click()
        download.value.save_as(to)
        assert to.read_bytes() == self.county.copy(key).read_bytes()
        return to

    def adopt(self, file: str) -> None:
        """This one of several counts."""
        self.page.goto(f"/files?name={file}")
        self.page.get_by_role("button", name="是，用这一份").first.click()
        expect(self.page.locator(".now-counts").first).to_contain_text("已定：是")

    def open_findings(self, key: str, severity: str) -> None:
        """The first of a unit's findings of a severity."""
        self.page.goto(f"/findings?unit={UNITS[key]}&severity={severity}")
        self.page.locator("table.findings a").first.click()

    def say(self, key: str, opinion: str) -> None:
        """A key, and what stands there then."""
        ready(self.page)
        self.page.keyboard.press(key)
        expect(self.page.locator("#opinion-head")).to_have_text(f"审核意见：{opinion}")


@pytest.mark.deep
@pytest.mark.browser
def test_a_round_of_twelve_units_done_in_the_browser(browser: Browser, county: County, tmp_path: Path) -> None:
    with served(county.folder) as desk, opened(browser, desk.access.address) as page:
        expect(page.locator("h1")).to_have_text("进度")
        clerk = Clerk(page, county)
        first_answers_come(clerk, tmp_path / "第一次")
        units_answer(clerk, tmp_path / "第二次")
        opinions_are_written(clerk)
        the_round_closes(clerk, tmp_path / "最后")


def first_answers_come(clerk: Clerk, sent: Path) -> None:
    """Workbooks are issued, what comes is dropped in and checked."""
    clerk.press("issue")
    assert len(list((clerk.county.folder / "下发").iterdir())) == len(UNITS)
    sent.mkdir()
    first_returns(sent)
    clerk.drop(sent)
    expect(clerk.page.locator("#rows tbody tr")).to_have_count(len(list(sent.iterdir())))
    clerk.press("run")
    assert clerk.county.states() == FIRST
    two_are_reminded(clerk.page)


def two_are_reminded(page: Page) -> None:
    """Units stay ticked while the list is narrowed to others."""
    page.goto("/")
    for number, key in enumerate(("late", "missing"), 1):
        page.get_by_label("单位", exact=True).fill(UNITS[key])
        expect(page.locator("table.units tbody tr")).to_have_count(1)
        page.get_by_label(f"催报 {UNITS[key]}").check()
        expect(page.locator("#ticked-count")).to_have_text(f"（{number} 个）")
    page.get_by_role("button", name="催报勾选的单位").click()
    text = page.locator(".copied")
    expect(text).to_contain_text(UNITS["missing"])
    assert [UNITS[key] for key in UNITS if UNITS[key] in (text.text_content() or "")] == [
        UNITS["late"],
        UNITS["missing"],
    ]


def units_answer(clerk: Clerk, sent: Path) -> None:
    """Copies are taken away, and come back mended or explained; one of two versions is chosen."""
    sent.mkdir()
    right = base_results(honest("wrong").base)[TOTAL]
    assert right is not None
    place = sent.parent
    mend(clerk.take("wrong", place / "误算.xlsx"), sent / "改好.xlsx", {"F6": Number(right)})
    mend(clerk.take("asked", place / "存疑.xlsx"), sent / "说明.xlsx", {}, {"Y-02": WHY})
    for key in ("year", "yuan", "late"):
        send(sent, key, name=f"新报{UNITS[key]}.xlsx")
    clerk.drop(sent)
    clerk.adopt(AGAIN)
    clerk.press("run")
    answered = of(wrong=PASSED, asked="待审 / 通过", late=PASSED, twice=PASSED, year=PASSED, yuan="待选 / 待选")
    assert clerk.county.states() == FIRST | answered


def opinions_are_written(clerk: Clerk) -> None:
    """By keys: one of the opinions is taken back; the reviewer's name stays from finding to finding."""
    page, county = clerk.page, clerk.county
    clerk.open_findings("bare", "强制性")
    expect(page.locator("#faulty")).to_be_visible()
    page.get_by_label("审核人").fill("甲")
    page.locator("h1").click()
    for key, opinion in (("1", SENT_BACK), ("4", MISJUDGED), ("u", SENT_BACK), ("4", MISJUDGED)):
        clerk.say(key, opinion)
    clerk.open_findings("asked", "核实性")
    expect(page.get_by_text(WHY)).to_be_visible()
    for number in (1, 2, 3):
        expect(page.locator(".around")).to_contain_text(f"第 {number} / 3 条")
        clerk.say("2", ACCEPTED)
        expect(page.get_by_label("审核人")).to_have_value("甲")
        if number < 3:
            page.keyboard.press("j")
    chosen, *log = read_whole_log(county.folder / "结果")
    assert (chosen.workbook, chosen.written) == (DESK, ("是",))
    assert [entry.written[1] for entry in log] == [SENT_BACK, MISJUDGED, SENT_BACK, MISJUDGED, *[ACCEPTED] * 3]
    assert {entry.written[2] for entry in log} == {"甲"}
    clerk.adopt(f"新报{UNITS['yuan']}.xlsx")
    clerk.press("run")
    assert county.states() == ALL_BUT_ONE


def the_round_closes(clerk: Clerk, sent: Path) -> None:
    """What has passed is finished; the last unit sends; letters, archive, and what is taken away."""
    page, county = clerk.page, clerk.county
    clerk.press("final")
    assert len(read_finished(county.folder / "定稿")) == 11
    sent.mkdir()
    send(sent, "missing")
    clerk.drop(sent)
    clerk.press("run")
    clerk.press("final")
    assert len(read_finished(county.folder / "定稿")) == 12
    clerk.press("letters")
    assert county.letters() == {}
    clerk.press("run")
    page.goto("/")
    expect(page.locator(".next")).to_contain_text("gouji archive")
    clerk.press("archive")
    archives = [zipfile.ZipFile(folder / "一轮-归档.zip").namelist() for folder in (county.folder, clerk.typed)]
    assert archives[0] == archives[1]
    clerk.press("verify")
    page.goto("/results")
    with page.expect_download() as download:
        page.get_by_role("link", name="汇总.xlsx").click()
    assert Path(download.value.path()).read_bytes() == (county.folder / "结果" / "汇总.xlsx").read_bytes()
