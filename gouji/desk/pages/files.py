"""收到的一个文件: its tables with their status, and 采用: which version counts, which unit a table is of."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gouji.deciding import Choice
from gouji.desk.looking import Desk, Look
from gouji.desk.rendering import count_of, page, title_of
from gouji.export.project_names import with_project_names
from gouji.export.records import records
from gouji.export.sheets.received import HASH_SHOWN, STATUS_SHADES
from gouji.export.words import ADOPTED, RECEIVED, REPEATED
from gouji.ingest.register.receipts import first_receipt
from gouji.ingest.register.return_row import table_id
from gouji.templates.review import NO, YES
from gouji.validate.review.take_up import adopted

_SHADES = {**STATUS_SHADES, RECEIVED: "good"}
_MOST_LISTED = 400
"""The most units that are suggested while a name is typed."""
_NAMED = "单位"
"""The button for the unit that is typed beside it."""


def file(request: Request) -> Response:
    """The page of a file, by its name below 收到."""
    desk: Desk = request.app.state.desk
    return _page(request, desk.look(), "")


async def adopt(request: Request) -> Response:
    """Writes for one of its tables whether it counts, or which unit it is of."""
    form = await request.form(max_files=0, max_fields=10)
    word, unit, table = (str(form.get(name, "")).strip() for name in ("word", "unit", "table"))
    if word == _NAMED:
        word = unit
        if not word:
            raise HTTPException(400, "没有写是哪个单位的，什么都没有写入。")
    desk: Desk = request.app.state.desk
    outcome = await run_in_threadpool(desk.decide, [Choice(table, word, count_of(str(form.get("seen", ""))))])
    if not outcome.written:
        look = await run_in_threadpool(desk.look)
        return await run_in_threadpool(_page, request, look, "别的窗口或别人刚刚写过（见下），您的没有写入。")
    return RedirectResponse(f"/files?{urlencode({'name': request.query_params.get('name', '')})}", 303)


def _page(request: Request, look: Look, refusal: str) -> Response:
    results, name = look.results, request.query_params.get("name", "")
    tables = results.returns[results.returns["file"].eq(name)]
    if tables.empty:
        raise HTTPException(404, "这一轮里没有这个文件，或者还没有核对过。")
    decided, counts = adopted(look.log), Counter(entry.finding_id for entry in look.log)
    rows = records(with_project_names(results, tables))
    for row in rows:
        row["short"] = results.catalogue.short_name(row["form"])
        row["table"] = None if row["form"] is None else table_id(row["sha256"], row["return_id"])
        row["word"] = decided.get(row["table"] or "", "")
        row["seen"] = counts[row["table"]]
        row["to_come"] = row["table"] in look.to_come
        row["counts"] = ADOPTED[bool(row["adopted"])]
        row["others"] = _files_alike(results.returns, row) if row["status"] == REPEATED else []
    roster = look.standing.roster
    units = [] if roster is None else [recipient.unit for recipient in roster.recipients()]
    receipt = first_receipt(results.receipts, rows[0]["sha256"])
    return page(
        request, "file.html", 409 if refusal else 200, title="收表", round=title_of(look.round), file=name, rows=rows,
        refusal=refusal, shades=_SHADES, units=units if len(units) <= _MOST_LISTED else [], yes=YES, no=NO,
        named=_NAMED, sha256=(rows[0]["sha256"] or "")[:HASH_SHOWN],
        first_seen="" if receipt is None else receipt.first[:16].replace("T", " "),
    )  # fmt: skip


def _files_alike(returns: pd.DataFrame, row: dict[str, Any]) -> list[str]:
    """The other files that hold the same table of the same unit."""
    matching = returns["form"].eq(row["form"]) & returns["status"].eq(REPEATED)
    for name in ("unit_code", "unit", "instance"):
        matching &= returns[name].isna() if row[name] is None else returns[name].eq(row[name])
    return [str(name) for name in returns.loc[matching, "file"].drop_duplicates() if name != row["file"]]


ROUTES: list[tuple[str, Any, list[str]]] = [("/files", file, ["GET"]), ("/files/adopt", adopt, ["POST"])]
