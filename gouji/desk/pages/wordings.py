"""表样对照: labels that were not read by their own wording, each with a table on which it stands, to be settled."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gouji.answering import Asked, asked_of
from gouji.desk.detail import table_of
from gouji.desk.looking import Desk, Look
from gouji.desk.rendering import page, title_of
from gouji.export.sheets.wordings import offered, reading
from gouji.templates.review import NO, YES

_OPEN = "open"
"""In a query: the labels without an answer."""


def wordings(request: Request) -> Response:
    """The list of labels."""
    desk: Desk = request.app.state.desk
    look = desk.look()
    every = asked_of(look.round.results, look.results, look.log)
    chosen = request.query_params.get("state", "")
    waiting = [entry for entry in every if not entry.answer]
    rows = waiting if chosen == _OPEN else every
    return page(
        request, "wordings.html", title="表样", round=title_of(look.round), rows=rows, all=len(every),
        waiting=len(waiting), chosen=chosen, reading=reading, short=look.catalogue.short_name,
    )  # fmt: skip


def wording(request: Request) -> Response:
    """One label, with the sheet on which it stands."""
    desk: Desk = request.app.state.desk
    return _page(request, desk, "", "")


async def settle(request: Request) -> Response:
    """Takes up an answer about a label: one of the buttons, else the typed label."""
    asked = await request.form(max_files=0, max_fields=10)
    desk: Desk = request.app.state.desk
    words, seen = (str(asked.get(name, "")).strip() for name in ("label", "seen"))
    words = str(asked.get("answer", words))
    if not words and "withdraw" not in asked:
        raise HTTPException(400, "没有写是表样里的哪一项，没有写入。")
    why = await run_in_threadpool(desk.answer, request.path_params["key"], words, seen)
    if why:
        return await run_in_threadpool(_page, request, desk, why, words)
    return RedirectResponse(f"/wordings/{quote(request.path_params['key'], safe='')}", 303)


def _page(request: Request, desk: Desk, why: str, words: str) -> Response:
    look = desk.look()
    every = asked_of(look.round.results, look.results, look.log)
    place = next((number for number, entry in enumerate(every) if entry.key == request.path_params["key"]), None)
    if place is None:
        raise HTTPException(404, "这一轮没有问到这个标签。")
    entry = every[place]
    form = look.catalogue.usable(entry.question.asked.form, entry.question.asked.edition)
    lacking, others = ([], []) if form is None else offered(entry.question, form)
    unit, file, sheet, cell = entry.question.example
    return page(
        request, "wording.html", 409 if why else 200, title="表样", round=title_of(look.round), entry=entry, why=why,
        words=words, table=_table(desk, look, entry), reading=reading(entry.question), lacking=lacking, others=others,
        short=look.catalogue.short_name(entry.question.asked.form), unit=unit, file=file, sheet=sheet, cell=cell,
        number=place + 1, count=len(every), before=every[place - 1].key if place else "",
        behind=every[place + 1].key if place + 1 < len(every) else "", yes=YES, no=NO,
    )  # fmt: skip


def _table(desk: Desk, look: Look, entry: Asked) -> Any:
    _, file, sheet, cell = entry.question.example
    return table_of(desk, look, {"file": file, "sheet": sheet, "cell": cell, "related_cells": None})


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/wordings", wordings, ["GET"]),
    ("/wordings/{key}", wording, ["GET"]),
    ("/wordings/{key}", settle, ["POST"]),
]
