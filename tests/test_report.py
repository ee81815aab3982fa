"""审核报告.html, opened and clicked in a browser without a network: what it shows, what hostile texts cannot do."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gouji.export.report.bounds import Bounds
from gouji.export.report.report import write_report
from gouji.export.results import Results
from gouji.export.sheets.findings import by_importance
from gouji.export.stored import Stored
from gouji.ingest.frames import returns_schema, typed, values_schema
from gouji.score.frames import scores_schema, totals_schema
from gouji.validate.frames import findings_schema
from tests.test_export import (
    FINDINGS,
    RETURNS,
    SCORES,
    TOTALS,
    VALUES,
    empty_results,
    finding,
    results,
    return_row,
)

ROWS = "#problem-table tbody tr"
EVIL = "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>&amp;\u2028'\"=1+1\x07"
SEVERITY, UNIT, STATED, DIFFERENCE, IMPACT, MESSAGE, RULE = 1, 3, 6, 8, 9, 10, 11
"""Places of columns of the findings table."""
SHOWN = EVIL.replace("\x07", "")
CODE = "=cmd|' /C calc'!A0"

MORE_RETURNS = [
    return_row("h", form=RETURNS[0]["form"], edition="衡山县-2021", unit_code=CODE, unit=EVIL, year=2021, sheet=EVIL),
    return_row("i", form=EVIL, edition=EVIL, unit_code=CODE, unit=EVIL, instance=EVIL, file=f"{EVIL}.xlsx", year=2021),
]
MORE_VALUES = [
    {"return_id": "h", "item": "填报单位", "raw": EVIL, "state": "filled", "sheet": EVIL, "cell": "B2"},
    {"return_id": "h", "item": "编制数", "value": 25.0, "state": "filled", "sheet": EVIL, "cell": "B4"},
    {"return_id": "h", "item": f"{EVIL}.项目名称", "list_id": "项目", "line": EVIL, "raw": EVIL, "state": "filled",
     "sheet": EVIL, "cell": "A13"},
    {"return_id": "i", "item": EVIL, "raw": EVIL, "state": "filled", "sheet": EVIL, "cell": EVIL},
]  # fmt: skip
MORE_FINDINGS = [
    finding(
        "evil", rule="G-01", unit_code=CODE, unit=EVIL, return_id="h", message=EVIL, stated=EVIL, expected=EVIL,
        cause=EVIL, basis=EVIL, sheet=EVIL, cell="B4", instance=EVIL, file="h.xlsx", explanation=EVIL,
        related_cells=EVIL, item="编制数",
    ),
    *(
        finding(f"n{n}", rule="T-10", severity="提示", layer="规范性", item=f"第{n}行", message=f"第{n}处")
        for n in range(40)
    ),
]  # fmt: skip
MORE_SCORES = [
    {"return_id": "h", "indicator": "甲", "label": EVIL, "points": 5.0, "self_score": 5.0, "score": 3.0, "low": 3.0,
     "high": 3.0, "kind": "step", "reading": EVIL, "trace": EVIL},
]  # fmt: skip
MORE_TOTALS = [
    {"return_id": "h", "self_total": 95.0, "score_total": 93.0, "low": 93.0, "high": 93.0, "self_grade": "优",
     "grade": "优", "alert": EVIL},
]  # fmt: skip


def hostile() -> Results:
    """The small batch of test_export with a unit whose every text is an attack, and with more than one page of rows."""
    return results(
        returns=typed(pd.DataFrame([*RETURNS, *MORE_RETURNS]), returns_schema),
        values=Stored.of(typed(pd.DataFrame([*VALUES, *MORE_VALUES]), values_schema)),
        findings=typed(pd.DataFrame([*FINDINGS, *MORE_FINDINGS]), findings_schema),
        scores=Stored.of(typed(pd.DataFrame([*SCORES, *MORE_SCORES]), scores_schema)),
        totals=typed(pd.DataFrame([*TOTALS, *MORE_TOTALS]), totals_schema),
        run={"started": f"2022-04-01T10:00:00{EVIL}", "versions": {"gouji": EVIL}, "counts": {"files": 9}},
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "审核报告.html"
    write_report(hostile(), made)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # CI runs as root, where Chromium has no sandbox.
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Opened:
    """A page with what its console said and what it asked for."""

    page: Page
    path: Path
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, tab: str) -> Page:
        """Click through to a part of the page."""
        self.page.get_by_role("navigation").get_by_role("link", name=tab).click()
        return self.page

    def rows(self) -> list[list[str]]:
        """The texts of the findings table's rows."""
        lines = self.page.locator(ROWS).all()
        return [line.locator("td").all_inner_texts() for line in lines]

    def problems(self) -> list[list[str]]:
        """The same, from the first page of the whole table."""
        self.go("问题").locator("#problem-table tbody td").first.wait_for()
        return self.rows()


@pytest.fixture
def opened(browser: Browser, path: Path) -> Iterator[Opened]:
    yield from open_page(browser, path)


def open_page(browser: Browser, path: Path) -> Iterator[Opened]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    opened_page = Opened(page, path)
    page.on("console", lambda message: opened_page.said.append(message.text))
    page.on("pageerror", lambda error: opened_page.said.append(str(error)))
    page.on("request", lambda request: opened_page.asked.append(request.url))
    page.goto(path.as_uri())
    yield opened_page
    assert opened_page.said == []
    assert opened_page.asked == [path.as_uri()]
    assert page.evaluate("window.broken") is None
    assert page.locator("main img, main script").count() == 0
    page.close()


@pytest.mark.browser
def test_the_overview_stands_there_at_once_with_its_charts(opened: Opened) -> None:
    assert opened.page.locator("h1").inner_text() == "2021年度绩效自评审核报告"
    tiles = dict(zip(*(opened.page.locator(f".tile {tag}").all_inner_texts() for tag in ("span", "b")), strict=True))
    assert tiles["强制性不符"] == "5" and tiles["提示"] == "42" and tiles["不能读取"] == "1"
    assert opened.page.locator("figure svg").count() == 4
    colour = "getComputedStyle(document.querySelector('#chart-layers .color-0 rect')).fill"
    assert opened.page.evaluate(colour) == "rgb(179, 38, 30)"


@pytest.mark.browser
def test_problems_come_in_order_of_what_is_at_stake(opened: Opened) -> None:
    rows = opened.problems()
    assert len(rows) == 25
    assert [row[0] for row in rows[:3]] == ["1", "2", "3"]
    assert [row[IMPACT] for row in rows[:3]] == ["-0.7", "", ""]
    assert [row[DIFFERENCE] for row in rows[:3]] == ["0.7", "9", "-3.5万元"]


@pytest.mark.browser
def test_filters_search_and_sorting_change_the_rows(opened: Opened) -> None:
    opened.problems()
    page = opened.page
    page.select_option("#filter-severity", "核实性")
    assert [row[SEVERITY] for row in opened.rows()] == ["核实性"]
    page.get_by_role("button", name="清除条件").click()
    expect(page.locator(ROWS)).to_have_count(25)
    page.select_option("#filter-rule", "T-10")
    page.fill("#search", "第39处")
    assert [row[MESSAGE] for row in opened.rows()] == ["第39处"]
    page.fill("#search", "漏加一行")  # stands in the details only
    page.select_option("#filter-rule", "")
    assert [row[RULE] for row in opened.rows()] == ["G-01"]
    page.fill("#search", "")
    page.fill("#filter-unit", "02")
    assert {row[UNIT] for row in opened.rows()} == {"乙局"}
    page.fill("#filter-unit", "没有这个单位")
    assert opened.rows() == [["没有符合条件的行"]]
    page.fill("#filter-unit", "")
    page.locator("#problem-table thead th", has_text="规则").click()
    top = page.locator(ROWS).first.locator("td").nth(RULE)
    expect(top).to_have_text("A-S1")
    rules = [row[RULE] for row in opened.rows()]
    assert rules == sorted(rules)
    page.locator("#problem-table thead th", has_text="规则").click()
    expect(top).to_have_text("T-10")
    page.locator("#problems .dt-paging-button", has_text="2").click()
    assert len(opened.rows()) == 48 - 25


@pytest.mark.browser
def test_hostile_texts_stay_text_and_can_be_searched_as_they_are(opened: Opened) -> None:
    opened.problems()
    opened.page.fill("#search", "<img src=x")
    (row,) = opened.rows()
    assert row[MESSAGE] == SHOWN and row[UNIT] == SHOWN and row[STATED] == SHOWN
    opened.page.locator("#problem-table tbody td").nth(MESSAGE).click()
    details = opened.page.locator("dl.more dd").all_inner_texts()
    assert details.count(SHOWN) == 4 and "evil" in details
    opened.page.fill("#search", "<img src=y")
    assert opened.rows() == [["没有符合条件的行"]]


@pytest.mark.browser
def test_a_unit_has_its_tables_scores_figures_and_findings(opened: Opened) -> None:
    page = opened.go("单位")
    page.locator("#unit-table").get_by_role("link", name="甲局").click()
    page.locator(".scores").first.wait_for()
    assert page.locator("#unit-page h2").inner_text() == "甲局"
    scores = page.locator(".scores tbody tr").first.locator("td").all_inner_texts()
    assert scores == ["办件量", "10", "10", "9.3", "0.7", "正向", "120件÷100件", "完成值÷指标值"]
    unknown = page.locator(".scores tbody tr").nth(1).locator("td").all_inner_texts()
    assert unknown[3:7] == ["0–6", "范围内", "定性分档", "没有写明达成程度"]
    figures = page.locator(".figures").first
    assert figures.locator("tr", has_text="三公经费").locator("td").nth(1).inner_text() == "0.1"
    assert figures.locator("td", has_text="60%").get_attribute("title") == "B2"
    assert "三公经费应等于公务用车＋出国经费＋公务接待。" in page.locator(".card").nth(1).inner_text()


@pytest.mark.browser
def test_a_hostile_unit_has_a_page_like_any_other(opened: Opened) -> None:
    page = opened.go("单位")
    page.locator("#unit-table input, .dt-search input").first.fill("onerror")
    page.locator("#unit-table tbody a").click()
    page.locator(".scores").wait_for()
    assert page.locator("#unit-page h2").inner_text() == SHOWN
    assert page.locator(".scores td").first.inner_text() == SHOWN
    flagged = page.locator("td.flagged")
    assert flagged.all_inner_texts() == ["25"]


@pytest.mark.browser
def test_a_rule_of_the_overview_leads_to_its_findings(opened: Opened) -> None:
    opened.page.locator("a[data-rule='G-01']").click()
    expect(opened.page.locator(ROWS)).not_to_have_count(25)
    assert {row[RULE] for row in opened.rows()} == {"G-01"}


@pytest.mark.browser
@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_lies_beside_the_screen_or_on_another_label(opened: Opened, width: int) -> None:
    page = opened.page
    page.set_viewport_size({"width": width, "height": 900})
    overlapping = """() => [...document.querySelectorAll("figure svg")].flatMap((svg) => {
      const labels = [...svg.querySelectorAll("text")].filter((one) => one.textContent.trim());
      const boxes = labels.map((one) => [one.textContent, one.getBoundingClientRect()]);
      return boxes.flatMap(([text, a], at) => boxes.slice(at + 1).filter(([, b]) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3
      ).map(([other]) => `${text} / ${other}`));
    })"""
    assert page.evaluate(overlapping) == []
    sizes = """() => [...document.querySelectorAll('figure svg text')].filter((one) => one.textContent.trim())
      .map((one) => one.getBoundingClientRect().height)"""
    assert min(page.evaluate(sizes)) > 12  # lines of 10-pixel print
    for tab, ready in (("问题", "#problem-table tbody td"), ("单位", "#unit-table tbody td"), ("说明", "#about td")):
        opened.go(tab).locator(ready).first.wait_for(state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, tab
    opened.go("单位").locator("#units").get_by_role("link", name="甲局").first.click()
    page.locator(".scores").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_on_a_telephone_a_finding_is_a_card_with_its_heads(opened: Opened) -> None:
    opened.page.set_viewport_size({"width": 390, "height": 900})
    opened.problems()
    assert not opened.page.locator("#problem-table thead").is_visible()
    cell = opened.page.locator(ROWS).first.locator("td").nth(MESSAGE)
    assert cell.get_attribute("data-head") == "说明"
    box = cell.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["width"] > 250
    blank = opened.page.locator(f"{ROWS} td.none")
    assert blank.count() and not any(blank_cell.is_visible() for blank_cell in blank.all()[:5])


@pytest.mark.browser
def test_the_page_of_a_unit_begins_with_its_contents(opened: Opened) -> None:
    page = opened.go("单位")
    page.locator("#units").get_by_role("link", name="甲局").first.click()
    page.locator(".scores").first.wait_for()
    names = page.locator(".contents button").all_inner_texts()
    heads = page.locator("#unit-page .card > h3").all_inner_texts()
    assert names[0] == "问题" and names[1:] == heads[1:] and len(names) > 2
    page.locator(".contents button").last.click()
    assert page.locator("#unit-page .card").last.evaluate("(one) => one.getBoundingClientRect().top") < 500


@pytest.mark.browser("pdftotext", "pdfinfo")
def test_the_page_of_a_unit_is_printed_with_room_for_its_sentences(opened: Opened, tmp_path: Path) -> None:
    page, printed = opened.go("单位"), tmp_path / "单位.pdf"
    page.locator("#units").get_by_role("link", name="甲局").first.click()
    page.locator(".scores").first.wait_for()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1040, "height": 720})  # A4 across between its margins
    narrow = """() => [...document.querySelectorAll("#unit-page td.wide")].filter((one) => one.textContent.length > 12)
      .map((one) => one.getBoundingClientRect().width)"""
    assert min(page.evaluate(narrow)) > 250
    assert page.evaluate("document.documentElement.scrollWidth") <= 1040
    page.pdf(path=printed, prefer_css_page_size=True)
    pages = subprocess.run(["pdfinfo", printed], capture_output=True, check=True).stdout.decode()
    assert int(re.search(r"Pages:\s+(\d+)", pages)[1]) <= 6 and re.search(r"Page size:\s+841\.\d+ x 59[45]", pages)


@pytest.mark.browser("pdftotext", "pdfinfo")
def test_it_prints_on_a4_without_controls(opened: Opened, tmp_path: Path) -> None:
    opened.problems()
    printed = tmp_path / "问题.pdf"
    opened.page.pdf(path=printed, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", printed, "-"], capture_output=True, check=True).stdout.decode()
    size = subprocess.run(["pdfinfo", printed], capture_output=True, check=True).stdout.decode()
    text = "".join(text.split())
    assert "第17处" in text and "清除条件" not in text and "上一页" not in text
    assert re.search(r"Page size:\s+841\.\d+ x 59[45]", size)


@pytest.mark.browser
def test_what_is_left_out_is_said_with_its_place(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "审核报告.html"
    write_report(hostile(), path, Bounds(findings=8, pages=1))
    for opened_page in open_page(browser, path):
        rows = opened_page.problems()
        assert [row[SEVERITY] for row in rows] == ["强制性"] * 5 + ["核实性", "提示", "提示"]
        notice = opened_page.page.locator("#problems .notice").first.inner_text()
        assert "问题共48条" in notice and "（提示40条）" in notice and "data/findings.parquet" in notice
        units = opened_page.go("单位")
        units.locator("#unit-table").get_by_role("link", name="丙局").click()
        units.locator("#unit-page .notice").first.wait_for()
        assert "data/scores.parquet" in units.locator("#unit-page").inner_text()


@pytest.mark.browser
def test_nothing_received_is_said(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "审核报告.html"
    write_report(empty_results(), path)
    for opened_page in open_page(browser, path):
        assert "没有收到文件" in opened_page.page.locator(".lead").inner_text()
        assert opened_page.problems() == [["没有内容"]]


def test_equal_results_give_equal_bytes(path: Path, tmp_path: Path) -> None:
    write_report(hostile(), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == path.read_bytes()


def test_every_script_and_style_is_in_the_policy_and_nothing_else(path: Path) -> None:
    page = html.fromstring(path.read_bytes())
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    code = page.xpath("//script[@type='module']/text() | //style/text()")
    hashes = {f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in code}
    assert set(re.findall(r"'sha256-[^']+'", policy)) == hashes
    assert page.xpath("//@src | //@onerror | //@style | //link") == []


@pytest.mark.in_turn("long")
def test_the_stake_is_the_score_then_severity_then_size() -> None:
    frame = typed(pd.DataFrame(FINDINGS), findings_schema).assign(place=0)
    assert list(frame.loc[by_importance(frame).index, "finding_id"])[:5] == ["f4", "f3", "f2", "f6", "f1"]
