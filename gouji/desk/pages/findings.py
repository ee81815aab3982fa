"""问题: the list, one finding with its table, and writing opinions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gouji.deciding import NOTHING, Decided, Wish, entries_of
from gouji.desk.detail import alike, opinions_of, parts_of, rule_of, table_of, trace_of
from gouji.desk.earlier import earlier_figure
from gouji.desk.listing import SORTS, UNDECIDED, Narrowed, choices, listed, shown_page
from gouji.desk.looking import Desk, Look
from gouji.desk.rendering import count_of, page, title_of
from gouji.desk.views import ViewError, drop_view, keep_view, read_views
from gouji.export.outputs import SUMMARY
from gouji.export.records import records
from gouji.export.sheets.findings import SEVERITY_SHADES, VERDICT_SHADES
from gouji.templates.review import OPINIONS
from gouji.validate.review.log import DESK, Entry

MOST_TOGETHER = 300
"""The most findings for one opinion at once: as many as people can look through."""
_REVIEWER = "gouji-reviewer"
"""The cookie that keeps the reviewer's name in this browser."""
_A_YEAR = 365 * 24 * 3600
_BY_ADOPTING = ("R-04", "R-11", "R-12")
"""Rules whose findings are settled by 采用: several versions, the unit of a table, units of money."""
SHADES = {**SEVERITY_SHADES, "提示": "quiet"}


def findings(request: Request) -> Response:
    """The list; htmx takes only its rows."""
    desk: Desk = request.app.state.desk
    look, asked = desk.look(), Narrowed.of(request.query_params)
    frame = listed(look.results)
    among = asked.among(frame)
    rows, cut = shown_page(among, asked.page)
    return page(
        request, "findings.html", title="问题", round=title_of(look.round), asked=asked, rows=rows, count=len(among),
        all=len(frame), cut=cut, choices=choices(look.results), sorts=SORTS, shades=SHADES,
        verdicts=VERDICT_SHADES, edited=look.standing.edited, summary=SUMMARY, most=MOST_TOGETHER,
        views=read_views(look.round.folder),
    )  # fmt: skip


async def keep(request: Request) -> Response:
    """Keeps the filter of the list under a name."""
    form = await request.form(max_files=0, max_fields=5)
    folder, asked = request.app.state.desk.round().folder, Narrowed.of(request.query_params)
    try:
        await run_in_threadpool(keep_view, folder, _text(form, "name"), asked)
    except ViewError as error:
        raise HTTPException(409, str(error)) from error
    return RedirectResponse(f"/findings?{asked.query()}", 303)


async def drop(request: Request) -> Response:
    """Removes a kept filter."""
    form = await request.form(max_files=0, max_fields=5)
    await run_in_threadpool(drop_view, request.app.state.desk.round().folder, _text(form, "name"))
    return RedirectResponse(f"/findings?{Narrowed.of(request.query_params).query()}", 303)


def finding(request: Request) -> Response:
    """One finding in full, within the list from which it was opened."""
    desk: Desk = request.app.state.desk
    look, asked = desk.look(), Narrowed.of(request.query_params)
    frame = listed(look.results)
    row = _row_asked(frame, request)
    around = _around(asked.among(frame), row["finding_id"])
    return page(
        request, "finding.html", title="问题", round=title_of(look.round), asked=asked, finding=row, around=around,
        rule=rule_of(look.catalogue, row), trace=trace_of(look.results, row), parts=parts_of(look.results, row),
        table=table_of(desk, look, row), earlier=earlier_figure(desk, look, row), alike=alike(frame, row),
        shades=SHADES, verdicts=VERDICT_SHADES, undecided=UNDECIDED,
        adopting=row["rule"] in _BY_ADOPTING, **_panel(look, row, request),
    )  # fmt: skip


async def say(request: Request) -> Response:
    """Writes an opinion on one finding; answers with the present opinion."""
    form = await request.form(max_files=0, max_fields=20)
    wish = Wish(
        request.path_params["id"], _text(form, "opinion"), _text(form, "reviewer"), count_of(_text(form, "seen")),
        _text(form, "checker"), _text(form, "remark"),
    )  # fmt: skip
    return await _written(request, wish)


async def undo(request: Request) -> Response:
    """Restores the opinion before the desk's last entry, as a new entry."""
    form = await request.form(max_files=0, max_fields=20)
    desk: Desk = request.app.state.desk
    name, seen = request.path_params["id"], count_of(_text(form, "seen"))
    entries = entries_of((await run_in_threadpool(desk.look)).log, name)
    if not entries or entries[-1].workbook != DESK:
        return await _panel_page(request, "这里没有在桌面上写过意见，没有可以撤销的。")
    return await _written(request, _as_before(entries, seen))


def _as_before(entries: Sequence[Entry], seen: int) -> Wish:
    """A wish that restores the opinion before the last entry of a finding."""
    goes_on = len(entries) > 1 and entries[-2].kind == entries[-1].kind
    before = entries[-2].written if goes_on else NOTHING
    return Wish(entries[-1].finding_id, before[1], before[2], seen, before[3], before[5])


async def _written(request: Request, wish: Wish) -> Response:
    desk: Desk = request.app.state.desk
    outcome = await run_in_threadpool(desk.decide, [wish])
    refusal = (
        ""
        if outcome.written
        else "别的窗口或别人刚刚对这条问题写过意见（见下），您的没有写入。仍要改的，请看过以后再写一次。"
    )
    answer = await _panel_page(request, refusal, wish)
    if wish.opinion:
        answer.set_cookie(_REVIEWER, quote(wish.reviewer), max_age=_A_YEAR, httponly=True, samesite="strict")
    return answer


async def _panel_page(request: Request, refusal: str, wish: Wish | None = None) -> Response:
    """The panel alone for htmx, else the whole page again."""
    if not request.headers.get("hx-request") and not refusal:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/findings/{quote(request.path_params['id'])}{query}", 303)
    desk: Desk = request.app.state.desk
    look = await run_in_threadpool(desk.look)
    row = _row_asked(listed(look.results), request)
    facts = _panel(look, row, request)
    if wish is not None:
        facts |= {"reviewer": wish.reviewer}
    return page(
        request, "opinion.html", 409 if refusal else 200, finding=row, asked=Narrowed.of(request.query_params),
        **facts | {"refusal": refusal},
    )  # fmt: skip


def together(request: Request) -> Response:
    """The findings of a filtered list, to be ticked and given one opinion."""
    desk: Desk = request.app.state.desk
    look, asked = desk.look(), Narrowed.of(request.query_params)
    among = asked.among(listed(look.results))
    counts = pd.Series([entry.finding_id for entry in look.log], dtype="string").value_counts()
    rows, say = records(among.iloc[:MOST_TOGETHER]), request.query_params.get("say", "")
    for row in rows:
        row["seen"] = int(counts.get(row["finding_id"], 0))
    return page(
        request, "together.html", title="问题", round=title_of(look.round), asked=asked, rows=rows, count=len(among),
        most=MOST_TOGETHER, shades=SHADES, opinions=OPINIONS, reviewer=_reviewer(request), say=say,
    )  # fmt: skip


async def say_together(request: Request) -> Response:
    """Writes one opinion on every ticked finding, except those on which others have written meanwhile."""
    form = await request.form(max_files=0, max_fields=MOST_TOGETHER + 20)
    desk: Desk = request.app.state.desk
    opinion, reviewer, remark = (_text(form, name) for name in ("opinion", "reviewer", "remark"))
    ticked = _ticked(form)
    if not ticked or not opinion:
        raise HTTPException(400, "没有勾选问题，或没有选审核意见，什么都没有写入。")
    wishes = [Wish(name, opinion, reviewer, seen, remark=remark) for name, seen in ticked.items()]
    outcome = await run_in_threadpool(desk.decide, wishes)
    again = {name: ticked[name] + 1 for name in outcome.written}
    answer = await run_in_threadpool(
        _outcome_page, request, f"“{opinion}”已写到 {len(outcome.written)} 条问题上。", outcome, again
    )
    answer.set_cookie(_REVIEWER, quote(reviewer), max_age=_A_YEAR, httponly=True, samesite="strict")
    return answer


async def undo_together(request: Request) -> Response:
    """Restores the opinion before on each, unless somebody has written on it since."""
    form = await request.form(max_files=0, max_fields=MOST_TOGETHER + 20)
    desk: Desk = request.app.state.desk
    log = (await run_in_threadpool(desk.look)).log
    entries = {name: (entries_of(log, name), seen) for name, seen in _ticked(form).items()}
    wishes = [
        _as_before(written, seen) for written, seen in entries.values() if written and written[-1].workbook == DESK
    ]
    if not wishes:
        raise HTTPException(400, "没有可以撤销的。")
    outcome = await run_in_threadpool(desk.decide, wishes)
    return await run_in_threadpool(
        _outcome_page, request, f"已撤销 {len(outcome.written)} 条，回到原来的意见。", outcome, {}
    )


def _ticked(form: FormData) -> dict[str, int]:
    """Finding → the number of its entries when the page was made."""
    parts = [str(value).partition(" ") for value in form.getlist("finding")]
    return {name: count_of(seen) for name, _, seen in parts[:MOST_TOGETHER]}


def _outcome_page(request: Request, words: str, outcome: Decided, again: Mapping[str, int]) -> Response:
    """The page after several wishes; `again`: finding → the number of its entries now, where undoing is possible."""
    desk: Desk = request.app.state.desk
    look = desk.look()
    frame = listed(look.results)
    return page(
        request, "together_done.html", title="问题", round=title_of(look.round), words=words, again=again,
        left=records(frame[frame["finding_id"].isin(outcome.overtaken)]), asked=Narrowed.of(request.query_params),
    )  # fmt: skip


def _row_asked(frame: pd.DataFrame, request: Request) -> dict[str, Any]:
    rows = records(frame[frame["finding_id"].eq(request.path_params["id"])])
    if not rows:
        raise HTTPException(404, "这一轮里没有这条问题，可能改正以后已经不再出现。")
    return rows[0]


def _around(among: pd.DataFrame, name: str) -> dict[str, Any]:
    """The previous and the next finding in the list, and the place of this one."""
    ids = among["finding_id"].tolist()
    if name not in ids:
        return {"before": None, "behind": ids[0] if ids else None, "number": None, "count": len(ids)}
    place = ids.index(name)
    return {
        "before": ids[place - 1] if place else None,
        "behind": ids[place + 1] if place + 1 < len(ids) else None,
        "number": place + 1,
        "count": len(ids),
    }


def _panel(look: Look, row: dict[str, Any], request: Request) -> dict[str, Any]:
    """The template variables of the panel of opinions."""
    entries = entries_of(look.log, row["finding_id"])
    return {
        "opinions": OPINIONS, "history": opinions_of(entries), "seen": len(entries), "refusal": "",
        "reviewer": row["reviewer"] or _reviewer(request), "today": datetime.date.today().isoformat(),
        "undoable": bool(entries) and entries[-1].workbook == DESK,
    }  # fmt: skip


def _reviewer(request: Request) -> str:
    return unquote(request.cookies.get(_REVIEWER, ""))[:100]


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/findings", findings, ["GET"]),
    ("/findings/together", together, ["GET"]),
    ("/findings/together", say_together, ["POST"]),
    ("/findings/together/undo", undo_together, ["POST"]),
    ("/findings/views", keep, ["POST"]),
    ("/findings/views/drop", drop, ["POST"]),
    ("/findings/{id}", finding, ["GET"]),
    ("/findings/{id}/opinion", say, ["POST"]),
    ("/findings/{id}/undo", undo, ["POST"]),
]
