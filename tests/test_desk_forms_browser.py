"""表样 in the browser: the issued sheet as it looks, a blank dropped and asked cell by cell, its definition written."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from gouji.round.founding import found_round
from gouji.round.settings import Settings
from tests.desk import served
from tests.patience import slowed
from tests.test_desk_browser import _DROP, browser, opened, ready
from tests.test_desk_drafts import FORM, blank

__all__ = ["browser"]
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def _is_ours(said: ConsoleMessage) -> bool:
    """Whether a page of the desk complains; for /favicon.ico Chromium asks by itself, before it has read a page."""
    return said.type == "error" and not said.location["url"].endswith("/favicon.ico")


@pytest.mark.deep
@pytest.mark.browser
def test_forms_in_the_browser(browser: Browser, tmp_path: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位编码,单位名称\n4399,平安局\n", encoding="utf-8-sig")
    folder = tmp_path / "一轮"
    found_round(folder, Settings(year=2021, forms=("自评表@湖南-2020",), roster="名册.csv"), roster)
    with served(folder) as desk, opened(browser, desk.access.origin) as page:
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if _is_ours(said) else None)
        page.goto(desk.access.address)
        page.goto("/forms?text=自评表")
        page.get_by_role("row", name=re.compile("湖南-2020.*下发")).get_by_role("link").click()
        expect(page.locator(".grid td.input").first).to_be_visible()
        page.get_by_label("填好示例").check()
        expect(page.locator(".grid td.number.input").first).to_have_text("20.00", timeout=slowed(60) * 1000)
        with page.expect_download() as download:
            page.get_by_role("link", name="下载示例工作簿").click()
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
        page.get_by_role("textbox", name="新版本").fill("某县-2026")
        page.get_by_role("button", name="写到“表样”").click()
        expect(page.locator("h1")).to_contain_text("某县-2026")
        expect(page.locator(".grid td.input").first).to_be_visible()

        page.goto("/drafts")
        ready(page)
        page.evaluate(_DROP, [("空表.xlsx", base64.b64encode(blank()).decode())])
        page.get_by_role("link", name="空表.xlsx").click()
        ready(page)
        page.locator("#blank td a", has_text="收入合计").click()
        expect(page.locator("#c-A4")).to_be_visible()
        expect(page.locator("#blank td.chosen")).to_have_text("收入合计")
        expect(page.get_by_label("收入合计 合计")).to_be_checked()
        page.locator("#c-A4 label").first.click()
        expect(page.get_by_label("收入合计 合计")).not_to_be_checked()
        page.locator("#blank td a", has_text="收入合计").focus()
        for key in ("ArrowDown", "ArrowRight", "Enter"):
            page.keyboard.press(key)
        expect(page.locator("#c-B5")).to_be_visible()
        expect(page.locator("#c-A4")).to_be_hidden()
        page.get_by_role("checkbox", name="支出合计", exact=True).check()
        page.get_by_role("textbox", name="版本").fill("某县-2026")
        page.get_by_role("button", name="写到").click()
        expect(page.locator("h1")).to_have_text("已写出草稿")
        written = (folder / "表样" / FORM / "某县-2026.yaml").read_text("utf-8")
        assert "id: 支出合计, required: true" in written and "收入合计, required" not in written
        for path in ("/forms", "/forms/预算支出绩效自评表/湖南-2020?other=全国-2020", "/drafts", "/drafts/空表.xlsx"):
            for width in (1366, 390):
                page.set_viewport_size({"width": width, "height": 768})
                page.goto(path)
                page.wait_for_load_state("networkidle")
                assert not page.evaluate(_WIDER), (path, width)
        assert refused == []
