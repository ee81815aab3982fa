"""Every page of the desk with something hostile in every parameter: it stays text, and leads nowhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import quote, urlencode

import pytest

import gouji.desk.pages
from gouji.desk.rendering import STATIC
from tests.desk import Visitor, served
from tests.test_desk_opinions import checked
from tests.test_twelve_units import County

__all__ = ["checked"]  # a fixture

SECRET = "不在这一轮里"
_VALUES = (
    "../外面.txt", "..\\外面.txt", "/{outside}", "结果/../../外面.txt", "<script>alert(1)</script>", '=HYPERLINK("http://x")',
    "\x00", "'\"><img src=x onerror=alert(1)>", "9" * 300,
)  # fmt: skip
_ALONE = {_VALUES[0], _VALUES[4]}
"""Those that are put into one parameter at a time too: others may be turned away before it is looked at."""
_HTML = STATIC.parent / "html"


def routes(method: str) -> list[str]:
    """Of all pages."""
    names = (name for _, name, _ in iter_modules(gouji.desk.pages.__path__))
    rooms = [import_module(f"gouji.desk.pages.{name}") for name in names]
    return sorted(path for room in rooms for path, _, methods in room.ROUTES if method in methods)


def parameters() -> list[str]:
    """Every name that a form or a link of a page sends, or a page asks for."""
    pages = [*_HTML.glob("*.html"), *Path(gouji.desk.pages.__path__[0]).glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    found = re.findall(r'[?&;](\w+)=|\bname="([\w-]+)"|(?:query_params|form|asked)(?:\.get\(|\[)"([\w-]+)"', text)
    return sorted({name for names in found for name in names if name})


@pytest.fixture
def outside(checked: County, tmp_path: Path) -> Path:
    """A file beside a round that was checked."""
    shutil.copytree(checked.folder, tmp_path / "一轮")
    (tmp_path / "外面.txt").write_text(SECRET, encoding="utf-8")
    return tmp_path / "外面.txt"


@pytest.fixture
def desk(outside: Path) -> Iterator[Visitor]:
    with served(outside.parent / "一轮") as visitor:
        yield visitor


def elsewhere(folder: Path) -> dict[str, bytes]:
    """Every file that is none of the round's."""
    files = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith("一轮/")}


def filled(route: str, value: str) -> str:
    """The address of a route with `value` wherever it has room."""
    return re.sub(r"\{[^}]+\}", lambda _: quote(value, safe="/"), route)


def test_there_are_parameters() -> None:
    assert {"name", "unit", "text", "sheet", "opinion", "seen"} <= set(parameters())


def test_no_page_answers_anybody_else(desk: Visitor) -> None:
    """Without the cookie, under another name of this machine, from a page of another."""
    answered = desk.access.origin.replace("127.0.0.1", "localhost")
    for wrong in ({"Cookie": ""}, {"Host": answered.removeprefix("http://")}, {"Origin": answered}):
        for method in ("GET", "POST"):
            for route in routes(method):
                body = None if method == "GET" else b""
                told = own(desk) | {"Origin": desk.access.origin} | wrong
                assert desk.send(method, filled(route, "x"), told, body, quoted=True).status == 403, (route, wrong)


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("value", _VALUES)
def test_nothing_in_an_address_leads_out_or_acts(value: str, desk: Visitor, outside: Path) -> None:
    value = value.replace("{outside}", str(outside).lstrip("/"))
    names = parameters()
    for route in routes("GET"):
        if route == "/work/events":
            continue
        alone = ({name: value} for name in names if value in _ALONE)
        for query in [dict.fromkeys(names, value), *alone]:
            address = f"{filled(route, value)}?{urlencode(query)}"
            answer = desk.send("GET", address, own(desk), quoted=True)
            assert answer.status in (200, 400, 404, 409), address
            said = answer.text
            assert SECRET not in said and "Traceback" not in said, address
            assert "<script>alert" not in said and "<img" not in said, address


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("value", _VALUES)
def test_nothing_that_is_sent_writes_outside_or_acts(value: str, desk: Visitor, outside: Path) -> None:
    before = elsewhere(outside.parent)
    form = urlencode(dict.fromkeys(parameters(), value)).encode()
    for route in routes("POST"):
        address = filled(route, value)
        if address in ("/work/stop", "/received/read"):
            continue
        told = own(desk) | {"Origin": desk.access.origin, "Content-Type": "application/x-www-form-urlencoded"}
        answer = desk.send("POST", f"{address}?{urlencode({'name': value})}", told, form, quoted=True)
        assert answer.status in (200, 303, 400, 404, 405, 409, 422), (route, answer.status)
        assert SECRET not in answer.text and "Traceback" not in answer.text and "<script>alert" not in answer.text, (
            route
        )
    assert elsewhere(outside.parent) == before


def own(desk: Visitor) -> dict[str, str]:
    """What the desk's own browser sends along."""
    return {"Host": f"127.0.0.1:{desk.access.port}", "Cookie": f"{desk.access.cookie}={desk.access.pass_}"}
