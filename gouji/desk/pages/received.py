"""收表: files put in, and what became of each that has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from gouji.desk.address import Address, on_page
from gouji.desk.looking import Desk, Look
from gouji.desk.receiving import NotTakenError, take
from gouji.desk.rendering import page, title_of
from gouji.desk.security import UPLOAD
from gouji.export.records import records
from gouji.export.sheets.received import STATUS_SHADES
from gouji.failures import said
from gouji.files import inbox
from gouji.surroundings import shortage

PAGE = 100
_WAITING = "还没有核对"
_SHADES = {**STATUS_SHADES, _WAITING: "warn", "已收": "good"}


@dataclass(frozen=True, kw_only=True)
class Sought(Address):
    """What the list is narrowed to."""

    text: str = ""
    status: str = ""


@dataclass(frozen=True)
class Fate:
    """A file in 收到: `status` of its tables, whose they are, which forms, why, and the figures read and not read."""

    name: str
    status: str
    unit: str
    forms: str
    why: str
    read: int
    unread: int


def received(request: Request) -> Response:
    """The page; with htmx its rows alone are taken."""
    desk: Desk = request.app.state.desk
    look = desk.look(inbox=True)
    asked = Sought.of(request.query_params)
    fates = list(_fates(look))
    among = [
        one for one in fates
        if asked.status in ("", one.status)
        and asked.text.casefold() in f"{one.name} {one.unit} {one.forms} {one.why}".casefold()
    ]  # fmt: skip
    rows, page_of = on_page(among, asked.page, PAGE)
    return page(
        request, "received.html", title="收表", round=title_of(look.round), asked=asked, rows=rows, cut=page_of,
        count=len(among), all=len(fates),
        counts=Counter(one.status for one in fates), shades=_SHADES, unread=look.standing.unread,
        largest=look.round.settings.limits.file_size // (1024 * 1024),
    )  # fmt: skip


async def upload(request: Request) -> Response:
    """Takes one file: its name in the address, its bytes as the body; answers in a sentence."""
    desk: Desk = request.app.state.desk
    given = desk.round()
    name = request.query_params.get("name", "")
    try:
        taken = await take(given.inbox(), name, request.stream(), given.settings.limits)
    except NotTakenError as error:
        return JSONResponse({"taken": False, "said": str(error)}, 422)
    except ClientDisconnect:
        return JSONResponse({"taken": False, "said": "传到一半断开了，没有放入。"}, 400)
    except OSError as error:
        return JSONResponse({"taken": False, "said": shortage(error) or said(error)}, 507)
    words = (
        "已经有了，内容相同" if taken.already
        else f"已放入，同名的另有一份，这份叫“{Path(taken.name).name}”" if taken.renamed
        else "已放入"
    )  # fmt: skip
    return JSONResponse({"taken": True, "name": taken.name, "said": words})


def _fates(look: Look) -> Iterator[Fate]:
    """Those of the last run, and behind them what has come since."""
    results = look.standing.results
    there = {one.name for one in inbox([look.round.received]).sources} if look.round.received.is_dir() else set()
    told: dict[str, list[dict[str, Any]]] = {}
    if results is not None:
        for row in records(results.returns):
            told.setdefault(row["file"], []).append(row)
    for name in sorted(there - told.keys()):
        yield Fate(name, _WAITING, "", "", "", 0, 0)
    for name, rows in told.items():
        assert results is not None
        forms = [results.catalogue.short_name(row["form"]) or row["sheet"] or "" for row in rows]
        worst = next((row["status"] for row in rows if row["status"] != "已收"), "已收")
        gone = "" if name in there or name.endswith("/") else "现在不在“收到”里了。"
        why = gone + "；".join(dict.fromkeys(row["reason"] for row in rows if row["reason"]))
        yield Fate(
            name, worst, "、".join(dict.fromkeys(row["unit"] or row["unit_code"] or "" for row in rows)),
            _counted(forms),
            why, sum(row["read"] or 0 for row in rows), sum(row["unread"] or 0 for row in rows),
        )  # fmt: skip


def _counted(forms: list[str]) -> str:
    """`基础数据表、自评表×8`."""
    counts = Counter(filter(None, forms)).items()
    return "、".join(form if count == 1 else f"{form}×{count}" for form, count in counts)


ROUTES: list[tuple[str, Any, list[str]]] = [("/received", received, ["GET"]), (UPLOAD, upload, ["POST"])]
