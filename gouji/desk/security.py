"""Who may use the desk: the browser that opened its address, from the desk's own pages."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
_SAFE = {"GET", "HEAD"}
_OPENING = "/open/"
_LARGEST = 256 * 1024
"""Bytes of what a form sends, where the page sets no other bound for itself."""
UPLOAD, BLANK_UPLOAD = _UPLOADS = "/received/files", "/drafts/files"
"""The addresses that take files; they count their bytes themselves."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer: nothing is loaded from elsewhere, no inline script runs, no other site may frame it."""


@dataclass(frozen=True)
class Access:
    """The secrets of one desk, new at every start: `token` stands in its address, `pass_` in the cookie."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    pass_: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def origin(self) -> str:
        """The only origin that requests may have."""
        return f"http://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """The address to open."""
        return f"{self.origin}{_OPENING}{self.token}"

    @property
    def cookie(self) -> str:
        """Its name; browsers send cookies of one machine to every port."""
        return f"gouji-desk-{self.port}"

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether the cookie of this desk came along."""
        return _is_secret(_cookies(headers).get(self.cookie, ""), self.pass_)

    def asked_by_own_page(self, headers: Mapping[str, str], method: str) -> bool:
        """Whether the request is for this address and, where it states its origin, from a page of the desk; a request
        that changes anything must state it."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        if headers.get("host") != f"{HOST}:{self.port}" or site not in ("none", "same-origin"):
            return False
        return method in _SAFE if origin is None else origin == self.origin


class Gate:
    """Stands before the whole desk. A refused request is answered in a sentence and never reaches a page."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry; anything but plain HTTP is not answered at all."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        answer = self._app if refusal is None else refusal
        await answer(scope, _bounded(scope, receive), _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        access, path, headers = self._access, str(scope["path"]), Headers(scope=scope)
        if not access.asked_by_own_page(headers, scope["method"]):
            return _sentence("请从勾稽桌面自己的页面打开，不能由别的地址或网页访问。", 403)
        if path.startswith(_OPENING) and scope["method"] == "GET":
            if not _is_secret(path.removeprefix(_OPENING), access.token):
                return _sentence("地址不对，或者这个桌面已经重新打开过。请用 gouji desk 这次给出的地址。", 403)
            opened = RedirectResponse("/", 303)
            opened.set_cookie(access.cookie, access.pass_, httponly=True, samesite="strict", path="/")
            return opened
        if not access.admits(headers):
            return _sentence("请用 gouji desk 打开时给出的完整地址进入。", 403)
        length = headers.get("content-length", "0")
        if path not in _UPLOADS and (not length.isdecimal() or int(length) > _LARGEST):
            return _sentence("提交的内容过大，没有采用。", 413)
        return None


class TooMuchError(Exception):
    """A form sent more than it may."""


def _bounded(scope: Scope, receive: Receive) -> Receive:
    if scope["path"] in _UPLOADS:
        return receive
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > _LARGEST:
            raise TooMuchError
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sending


def _sentence(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, media_type="text/plain; charset=utf-8")


def _is_secret(text: str, secret: str) -> bool:
    return hmac.compare_digest(text.encode("utf-8", "replace"), secret.encode())


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
