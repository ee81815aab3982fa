"""Pages of the desk: Jinja with everything escaped, every text through the one gate."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from gouji.export.report.page import through_the_gate
from gouji.ingest.limits import MEGABYTE
from gouji.round.folder import Round

_HTML = Path(__file__).parent / "html"
STATIC = Path(__file__).parent / "static"
ROOMS = (
    ("/", "进度"), ("/findings", "问题"), ("/received", "收表"), ("/forms", "表样"), ("/work", "办理"),
    ("/results", "下载"),
)  # fmt: skip
"""Address and name of the pages that stand at the top of each."""


def page(request: Request, name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """The page of a template; of one that is asked for by a part of itself (htmx), that part: `part` of the template's
    name."""
    return HTMLResponse(_environment().get_template(name).render(request=request, rooms=ROOMS, **facts), status)


def failed(request: Request, sentences: str, status: int) -> HTMLResponse:
    """The page of an error, in words."""
    if request.headers.get("hx-request"):
        return page(request, "refused.html", status, sentences=sentences.splitlines())
    return page(request, "failed.html", status, sentences=sentences.splitlines(), title="没有做成", round=None)


def title_of(round_: Round) -> str:
    """The name of a round at the top of every page."""
    return round_.folder.name


def attached(file: IO[bytes], name: str) -> Response:
    """A file as a download: the browser never shows it as a page of the desk."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return StreamingResponse(_chunks(file), media_type="application/octet-stream", headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(MEGABYTE):
            yield chunk


def count_of(text: str) -> int:
    """A count from a form field; -1 where it is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HTML), autoescape=True, finalize=through_the_gate, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["static"] = _static
    environment.filters["sign"] = _sign
    return environment


def _static(name: str) -> str:
    return f"/static/{name}"


_SIGNS = {"bad": "●", "warn": "▲", "good": "✓", "quiet": "–"}


def _sign(shade: str) -> str:
    """A sign for every shade: colour alone tells nothing to some, and nothing on paper."""
    return _SIGNS.get(shade, "")
