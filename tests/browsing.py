"""A browser on a desk, for tests that are marked `browser`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.patience import slowed

OFFICE: ViewportSize = {"width": 1366, "height": 768}
"""Pixels of an office's screen."""


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, size: ViewportSize = OFFICE, scale: float = 1.0) -> Iterator[Page]:
    """A window on the desk of that address; whatever its scripts fail in, what acts in its texts, and
    what would have acted if it were let, fails the test."""
    failures: list[str] = []
    origin = address.partition("/open/")[0]
    with browser.new_context(base_url=origin, viewport=size, device_scale_factor=scale) as window:
        window.set_default_timeout(slowed(60) * 1000)
        expect.set_options(timeout=slowed(240) * 1000)
        page = window.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("dialog", lambda dialog: (failures.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda said: failures.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(address)
        yield page
    assert not failures
