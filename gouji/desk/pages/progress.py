"""进度: every unit with the states of its tables, the next steps, overdue units; 催报."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gouji.desk.address import on_page
from gouji.desk.looking import Desk, Look, NothingCheckedError
from gouji.desk.rendering import attached, page, title_of
from gouji.desk.unit_rows import Asked, Line, Row, lines, of_keys, unit_rows
from gouji.export.attendance import attendance, forms_shown
from gouji.export.letters.contents import reminders
from gouji.export.letters.document import document_of
from gouji.export.results import Results
from gouji.export.states import STATE_SHADES, STATES
from gouji.round.standing import Standing
from gouji.round.standing_words import next_steps, standing_lines
from gouji.statement import now

PAGE = 100
STEP_PAGES = {
    "下发": ("/work#issue", "办理"), "收表": ("/received", "收表"), "核对": ("/work#run", "办理"),
    "催报": ("/owing", "催报"), "发给单位": ("/results", "下载"), "采用": ("/received", "收表"),
    "审核": ("/findings", "问题"), "定稿": ("/work#final", "办理"), "归档": ("/work#archive", "办理"),
    "表样": ("/forms", "表样"),
}  # fmt: skip
"""The page of the desk for a next step: address and name."""


def progress(request: Request) -> Response:
    """The first page; htmx takes only its table."""
    desk: Desk = request.app.state.desk
    look, asked = desk.look(inbox=True), Asked.of(request.query_params)
    results, rows = look.standing.results, unit_rows(look)
    among = asked.among(look, rows)
    shown, cut = on_page(among, asked.page, PAGE)
    return page(
        request, "progress.html", title="进度", round=title_of(look.round), asked=asked, rows=list(lines(look, shown)),
        count=len(among), all=len(rows), cut=cut, owing=sum(row.owing for row in among),
        heads=[] if results is None else _heads(results), states=_states(look.standing.states),
        lines=list(standing_lines(look.standing)), steps=_steps(look.standing), checked=results is not None,
        departments=sorted({row.department for row in rows} - {""}),
        offices=sorted({row.office for row in rows} - {""}),
    )  # fmt: skip


def owing(request: Request) -> Response:
    """What the ticked units, else those of the filter, still owe: a text to copy, office by office."""
    desk: Desk = request.app.state.desk
    look, asked, ticked = desk.look(), Asked.of(request.query_params), request.query_params.getlist("unit")
    offices: dict[str, list[Line]] = {}
    for line in lines(look, _owing(look, asked, ticked)):
        offices.setdefault(line.unit.office, []).append(line)
    return page(
        request, "owing.html", title="进度", round=title_of(look.round), asked=asked,
        same="&".join(filter(None, [asked.query(page=1), urlencode([("unit", key) for key in ticked])])),
        count=sum(map(len, offices.values())),
        text="\n\n".join(_reminders(office, offices[office]) for office in sorted(offices)),
    )  # fmt: skip


def reminding(request: Request) -> Response:
    """催报通知 to the same units, as one document."""
    desk: Desk = request.app.state.desk
    look, asked = desk.look(), Asked.of(request.query_params)
    results = replace(look.results, run=look.results.run | {"started": now()})  # dated today, as by the command
    rows = _owing(look, asked, request.query_params.getlist("unit"))
    if not rows:
        raise HTTPException(409, "这里的单位都报齐了，没有要催报的。")
    document = document_of(reminders(results, [row.place for row in rows]))
    return attached(io.BytesIO(document), "催报通知.docx")


def _owing(look: Look, asked: Asked, ticked: Sequence[str]) -> list[Row]:
    """The units that owe anything. Raises NothingCheckedError."""
    if look.standing.results is None:
        raise NothingCheckedError
    rows = unit_rows(look)
    return [row for row in (of_keys(rows, ticked) if ticked else asked.among(look, rows)) if row.owing]


def _reminders(office: str, owed: Sequence[Line]) -> str:
    """`行政股：` and a line per unit."""
    owed_lines = [f"{line.unit.name}：没有收到{line.owed}。{_until(line)}" for line in owed]
    return "\n".join([f"{office}：", *owed_lines] if office else owed_lines)


def _until(line: Line) -> str:
    if line.unit.deadline is None:
        return ""
    day = f"截止日期 {line.unit.deadline}"
    return f"{day}，已逾期 {line.late} 天，请尽快报送。" if line.late else f"{day}。"


def _heads(results: Results) -> list[str]:
    return [results.catalogue.short_name(form) for form in forms_shown(results, attendance(results))]


def _steps(standing: Standing) -> list[tuple[str, str, str]]:
    """(what to do, the page for it, its name); no page for a step outside gouji."""
    return [(step.words, *STEP_PAGES.get(step.work, ("", ""))) for step in next_steps(standing)]


def _states(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(state, shade, number of tables) of every state that occurs."""
    return [(state, STATE_SHADES[state], counts[state]) for state in STATES if counts.get(state)]


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/", progress, ["GET"]),
    ("/owing", owing, ["GET"]),
    ("/owing/docx", reminding, ["GET"]),
]
