"""The desk's pages for whoever uses keys alone, a screen reader, a small screen, large letters or paper; and with the
names of somebody hostile on them, of which nothing acts in a browser.

What is wrong with a page is told by axe-core (`tests/axe/`, MPL-2.0), which is no part of gouji.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import openpyxl
import pytest
from playwright.sync_api import Browser, Page

import gouji.desk.pages
from tests.browsing import OFFICE, browser, opened
from tests.desk import Visitor, served
from tests.test_desk_drafts import blank, put
from tests.test_desk_opinions import HOSTILE_FILE
from tests.test_twelve_units import RUN, County
from tests.twelve_units import AGAIN, PASTED, UNITS, grown, paid_less, paste, recipient, send, total_too_high

__all__ = ["browser"]  # a fixture

_AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
_BLANK = "空表.xlsx"
_GRAVE = {"serious", "critical"}
_NO_PAGES = {
    "/owing/docx", "/forms/{form}/{edition}/sheet", "/forms/{form}/{edition}/workbook", "/work/events",
    "/results/file", "/results/zip",
}  # fmt: skip
"""Addresses that give files, parts of pages and events."""
_SCREENS = {
    "of an office": (OFFICE, 1.0),
    "at 125 %": ({"width": 1093, "height": 614}, 1.25),
    "of a phone": ({"width": 390, "height": 768}, 1.0),
}
"""Screen → what a page has of it in its own pixels, and how large these are drawn."""
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_CONTROLS = """() => {
  const all = "a[href], button:enabled, select:enabled, textarea:enabled, summary,"
    + "input:enabled:not([type=hidden], [type=radio]:not(:checked))";
  const shown = (control) => (control.closest("label") || control).checkVisibility();
  // Of a table that arrow keys go about in, one cell at a time is a stop of the Tab key.
  const among = (control) => control.tabIndex < 0 && control.closest("table")?.querySelector('[tabindex="0"]');
  const stops = [...document.querySelectorAll(all)].filter((control) => shown(control) && !among(control));
  return stops.map((control, number) => {
    control.dataset.number = number;
    return control.outerHTML.slice(0, 120);
  });
}"""
_FOCUSED = """() => {
  const control = document.activeElement;
  const shown = [control, control.closest("label")].filter(Boolean).map(getComputedStyle);
  const ringed = shown.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  return control.dataset.number === undefined ? null : [Number(control.dataset.number), ringed];
}"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A round with something of everything: mistakes, questions, two versions, a label that the form does not have."""
    with pytest.MonkeyPatch.context() as patch:
        county = County(tmp_path_factory.mktemp("desk"), patch)
        send(county.received, "wrong", total_too_high)
        send(county.received, "asked", grown, HOSTILE_FILE)
        send(county.received, "twice", paid_less, AGAIN)
        send(county.received, "twice")
        written_otherwise(send(county.received, "word", name=PASTED))
        assert county.call(*RUN) == 1
        yield county


def written_otherwise(path: Path) -> None:
    """Pasted, with 公务接待 under another name."""
    paste(path)
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == "3、公务接待":
                cell.value = "3、公务招待"
    book.save(path)


@pytest.fixture(scope="module")
def desk(county: County) -> Iterator[Visitor]:
    with served(county.folder) as visitor:
        assert put(visitor, _BLANK, blank()).status == 200
        yield visitor


@pytest.fixture
def pages(county: County, desk: Visitor) -> dict[str, str]:
    """Route → a page of it that has as much on it as there may be."""
    (label,) = set(re.findall(r'href="(/wordings/\w+)"', desk.ask("/wordings").text))
    return {
        "/": "/",
        "/owing": "/owing",
        "/findings": "/findings",
        "/findings/together": "/findings/together?rule=Y-02",
        "/findings/{id}": f"/findings/{county.id_of('wrong', 'G-01')}?unit={UNITS['wrong']}",
        "/received": "/received",
        "/files": f"/files?name={AGAIN}",
        "/drafts": "/drafts",
        "/drafts/{name}": f"/drafts/{_BLANK}",
        "/forms": "/forms",
        "/forms/{form}/{edition}": "/forms/预算支出绩效自评表/湖南-2020",
        "/wordings": "/wordings",
        "/wordings/{key}": label,
        "/work": "/work",
        "/results": "/results",
        "/units/{key:path}": f"/units/{recipient('wrong').unit_code}",
        "": "/nowhere",
    }


@pytest.mark.in_turn("long")
def test_every_page_is_among_them(pages: dict[str, str]) -> None:
    names = (name for _, name, _ in iter_modules(gouji.desk.pages.__path__))
    rooms = [import_module(f"gouji.desk.pages.{name}") for name in names]
    routes = {path for room in rooms for path, _, methods in room.ROUTES if "GET" in methods}
    assert routes - _NO_PAGES == set(pages) - {""}


@pytest.mark.deep
@pytest.mark.browser
def test_no_page_has_a_grave_fault_on_any_screen(browser: Browser, desk: Visitor, pages: dict[str, str]) -> None:
    faults = []
    with opened(browser, desk.access.address) as page:
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input>')")
        assert [fault for fault in faults_of(page) if fault.startswith("label ")]  # it does look
    for screen, (size, scale) in _SCREENS.items():
        with opened(browser, desk.access.address, size, scale) as page:
            for path in pages.values():
                page.goto(path)
                page.wait_for_load_state("networkidle")
                if over := page.evaluate(_WIDER):
                    faults.append(f"{screen} {path}: {over} pixels wider than the screen")
                faults += [f"{screen} {path}: {fault}" for fault in faults_of(page)]
    assert faults == []


def faults_of(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with where it stands."""
    page.evaluate(_AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{fault['id']} ({fault['help']}) {node['html'][:120]}"
        for fault in found["violations"]
        for node in fault["nodes"]
        if node["impact"] in _GRAVE
    ]


@pytest.mark.deep
@pytest.mark.browser
def test_every_control_is_reached_by_tab_and_shows_it(browser: Browser, desk: Visitor, pages: dict[str, str]) -> None:
    faults = []
    with opened(browser, desk.access.address) as page:
        for path in pages.values():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            controls = page.evaluate(_CONTROLS)
            ringed = dict(focus for _ in range(len(controls) + 5) if (focus := tabbed(page)) is not None)
            faults += [f"{path}: never {text}" for number, text in enumerate(controls) if number not in ringed]
            faults += [f"{path}: not seen at {controls[number]}" for number, seen in ringed.items() if not seen]
    assert faults == []


def tabbed(page: Page) -> tuple[int, bool] | None:
    """Where the next Tab leads: the control's number, and whether one sees it."""
    page.keyboard.press("Tab")
    focus = page.evaluate(_FOCUSED)
    return None if focus is None else (focus[0], focus[1])


@pytest.mark.deep
@pytest.mark.browser("pdftotext")
def test_a_unit_is_printed_on_paper(browser: Browser, desk: Visitor, tmp_path: Path) -> None:
    """A sheet of paper with all that the page says, in tables; nothing that is to be clicked."""
    with opened(browser, desk.access.address) as page:
        page.goto(f"/units/{recipient('wrong').unit_code}")
        shown = page.locator("main td, main tbody th").all_inner_texts()
        page.pdf(path=tmp_path / "单位.pdf", format="A4", prefer_css_page_size=True)
    printed = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "单位.pdf", "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    text = "".join(printed.split())
    assert printed.count("\f") == 1
    assert [word for word in shown if "".join(word.split()) not in text] == []
    assert text.startswith(f"勾稽一轮{UNITS['wrong']}{recipient('wrong').unit_code}")  # no rooms to go to
    assert "表项目状态依据自评复算等次" in text  # no cards, as on a phone
