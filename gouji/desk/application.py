"""The desk as an ASGI application: its routes, the gate before them, and the answers to errors."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from gouji.desk.looking import Desk, NothingCheckedError
from gouji.desk.pages import (
    drafts,
    files,
    findings,
    forms,
    outputs,
    progress,
    received,
    units,
    wordings,
    work,
)
from gouji.desk.rendering import STATIC, failed
from gouji.desk.security import Access, Gate, TooMuchError
from gouji.failures import foreseen_errors, sentence_of
from gouji.surroundings import shortage

_PAGES = (progress, findings, received, files, forms, drafts, wordings, work, outputs, units)


def application(desk: Desk, access: Access) -> ASGIApp:
    """All pages of the round of `desk`, for requests that `access` admits."""
    routes = [
        *(Route(path, answer, methods=methods) for room in _PAGES for path, answer, methods in room.ROUTES),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    handlers = {
        HTTPException: _refused,
        TooMuchError: _too_much,
        NothingCheckedError: _nothing_checked,
        **dict.fromkeys(foreseen_errors(), _foreseen),
        Exception: _unforeseen,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]
    app.state.desk = desk
    # Outside everything, the handling of errors too: every answer has its headers.
    return Gate(app, access)


def _refused(request: Request, error: HTTPException) -> HTMLResponse:
    words = {404: "没有这个页面，可能已经不在了。请从上面的栏目重新进入。", 405: "这个页面不能这样使用。"}
    return failed(request, words.get(error.status_code) or str(error.detail), error.status_code)


def _too_much(request: Request, _: TooMuchError) -> HTMLResponse:
    return failed(request, "提交的内容过大，没有采用。", 413)


def _nothing_checked(request: Request, _: NothingCheckedError) -> HTMLResponse:
    return failed(request, "这一轮还没有核对过。请先把收到的报表放进“收到”，在“办理”里运行一次（gouji run）。", 409)


def _foreseen(request: Request, error: Exception) -> HTMLResponse:
    return failed(request, shortage(error) or sentence_of(error), 409)


def _unforeseen(request: Request, error: Exception) -> HTMLResponse:
    """A bug: nothing of it is shown; the server writes it where the desk was started."""
    if (lack := shortage(error)) is not None:
        return failed(request, lack, 503)
    return failed(
        request, "出了没有预料到的错误，什么都没有改动。错误的内容在打开桌面的那个窗口里，请连同它一起反映。", 500
    )
