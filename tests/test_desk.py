"""The desk: whom it lets in, what it shows, and that nothing of a file or an address is more than text to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest

from gouji.desk.drawing import general
from gouji.desk.pages.progress import STEP_PAGES
from gouji.desk.security import HOST
from gouji.round.founding import found_round
from gouji.round.settings import Settings
from gouji.round.standing_words import Step
from tests.desk import Visitor, served

HOSTILE = "<script>alert(1)</script>局"
FORMULA = '=HYPERLINK("http://x")&\'局'


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """The desk of a round in which nothing has happened yet, its units named by somebody hostile."""
    folder = tmp_path_factory.mktemp("desk") / "一轮<b>"
    roster = folder.parent / "名册.csv"
    names = [HOSTILE, FORMULA.replace('"', '""'), "平安局"]
    lines = [f'4399{number},"{name}"' for number, name in enumerate(names)]
    roster.write_text("\n".join(["单位编码,单位名称", *lines]), encoding="utf-8-sig")
    found_round(folder, Settings(year=2021, forms=("基础数据表@衡山县-2021",), roster="名册.csv"), roster)
    with served(folder) as visitor:
        yield visitor


def test_the_address_opens_and_nothing_else_does(fresh: Visitor) -> None:
    access = fresh.access
    nobody = {"Cookie": ""}
    opened = fresh.ask(f"/open/{access.token}", nobody)
    assert (opened.status, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith(f"{access.cookie}={access.pass_};")
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    for path in ("/", "/static/desk.css", "/findings", "/open/", f"/open/{access.token[:-1]}", "/open/ü"):
        assert fresh.ask(path, nobody).status == 403, path
    for wrong in (f"{access.cookie}=x", f"{access.cookie}={access.token}", f"other={access.pass_}", "\x7f=;;"):
        assert fresh.ask("/", {"Cookie": wrong}).status == 403, wrong
    assert fresh.ask("/").status == 200


@pytest.mark.parametrize("path", ["/", "/static/desk.js", "/open/TOKEN"])
def test_another_host_is_turned_away(fresh: Visitor, path: str) -> None:
    path = path.replace("TOKEN", fresh.access.token)
    for host in (
        "localhost",
        f"localhost:{fresh.access.port}",
        "evil.example",
        HOST,
        f"{HOST}:{fresh.access.port}.evil",
        "",
    ):
        answer = fresh.ask(path, {"Host": host})
        assert answer.status in (400, 403) and "set-cookie" not in answer.headers, host  # without one: no HTTP/1.1


def test_another_origin_is_turned_away(fresh: Visitor) -> None:
    for origin in ("http://evil.example", "null", f"http://{HOST}", f"https://{HOST}:{fresh.access.port}"):
        assert fresh.ask("/", {"Origin": origin}).status == 403, origin
        assert fresh.ask("/", {"Origin": origin}, form={}).status == 403, origin
    assert fresh.ask("/", {"Origin": ""}, form={}).status == 403  # what changes anything says where it comes from
    for site in ("cross-site", "same-site"):
        assert fresh.ask("/", {"Sec-Fetch-Site": site}).status == 403, site
    assert fresh.ask("/", {"Origin": fresh.access.origin, "Sec-Fetch-Site": "same-origin"}).status == 200


def test_every_answer_keeps_everything_else_out(fresh: Visitor) -> None:
    for path, status in (("/", 200), ("/nowhere", 404), ("/static/../desk.py", 404)):
        answer = fresh.ask(path)
        assert answer.status == status, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "Traceback" not in answer.text
    assert "没有这个页面" in fresh.ask("/nowhere").text
    assert fresh.ask("/", {"Cookie": ""}).headers["content-security-policy"]


def test_nothing_outside_is_served(fresh: Visitor) -> None:
    for path in (
        "/static/../../cli.py",
        "/static/%2e%2e/%2e%2e/cli.py",
        "/static//etc/passwd",
        "/static/..%5c..%5ccli.py",
    ):
        answer = fresh.ask(path)
        assert answer.status == 404 and "import" not in answer.text and "root:" not in answer.text, path


def test_a_form_that_sends_too_much_is_turned_away(fresh: Visitor) -> None:
    assert fresh.ask("/", form={"text": "x" * 300_000}).status == 413


def test_what_stands_in_names_is_text(fresh: Visitor) -> None:
    shown = fresh.ask("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;局" in shown and "一轮&lt;b&gt;" in shown
    assert "<script>" not in shown and "<b>平" not in shown
    assert re.findall(r"(?i)\son\w+=|style=|javascript:", shown) == []
    asked = fresh.ask('/?text="><img src=x>&state=<i>&department=<b>').text
    assert "<img" not in asked and "没有这样的单位" in asked


def test_a_fresh_round_says_what_to_do(fresh: Visitor) -> None:
    shown = fresh.ask("/").text
    assert "运行 gouji issue" in shown and "还没有下发" in shown and "3 个单位" in shown
    assert '<a href="/work#issue">到“办理”</a>' in shown and '<a href="/received">到“收表”</a>' in shown


def test_every_step_is_done_on_a_page(fresh: Visitor) -> None:
    (works,) = (set(get_args(kind)) - {""} for name, kind in get_type_hints(Step).items() if name == "work")
    assert works == set(STEP_PAGES)
    buttons = fresh.ask("/work").text
    for path, _ in STEP_PAGES.values():
        page, _, part = path.partition("#")
        assert fresh.ask(page).status in (200, 409), path  # 409: nothing was checked yet
        assert not part or f'id="{part}"' in buttons, path


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0.873239436619718", "0.873239437"), ("1234567.891234", "1234567.891"), ("525.35", "525.35"),
        ("123456789012345", "123456789012345"), ("12345678901.5", "12345678902"), ("-0.1", "-0.1"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_number_without_a_format_is_shown_as_a_spreadsheet_shows_it(number: str, shown: str) -> None:
    assert general(Decimal(number)) == shown
