"""办理: the commands as buttons, each with its command line, and the output of the running one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from gouji.desk.looking import Desk
from gouji.desk.rendering import page, title_of
from gouji.desk.working import Work

_PAUSE = 0.4
"""Seconds between two looks at a command's output."""


@dataclass(frozen=True)
class Option:
    """A tick box, or with `text` a text field, for an option of the command."""

    name: str
    label: str
    text: bool = False


@dataclass(frozen=True)
class Button:
    """A command: its label, a description, its options."""

    command: str
    label: str
    words: str
    options: tuple[Option, ...] = ()


BUTTONS = (
    Button(
        "issue", "下发", "按名册给各单位生成填报工作簿，放在“下发”。已经有人填过的不覆盖。",
        (Option("--only", "只给这些单位", text=True), Option("--evidence", "附评分依据补充表")),
    ),
    Button(
        "run", "运行",
        "读取“收到”里的文件，核对、评分，带入审核意见，写出汇总、审核报告、反馈意见和退回的文件。没有变化的不重读。",
        (Option("--only=全部", "底稿也写"), Option("--fresh", "全部重新读取")),
    ),
    Button("letters", "反馈意见", "按现在的意见和设置重写反馈意见，日期从今天算起，不重新核对。"),
    Button("final", "定稿", "把通过的工作簿做成送审版和公开版，放在“定稿”；没有通过的逐个说明原因。"),
    Button("verify", "核对有无变化", "查收到的文件和结果在上次运行以后有没有变化，审核记录是否完整。"),
    Button("archive", "归档", "把原件、设置、规则、审核记录和全部结果打成一个归档。",
        (Option("--incomplete", "缺的也归档"),),
    ),
)  # fmt: skip


def work(request: Request) -> Response:
    """The buttons, and the running or the last command."""
    desk: Desk = request.app.state.desk
    current = desk.workshop.work
    return page(
        request, "work.html", title="办理", round=title_of(desk.round()), buttons=BUTTONS, work=current,
        going=current is not None and current.status is None,
        busy=current is not None and current.status is None and not current.ahead,
    )  # fmt: skip


async def begin(request: Request) -> Response:
    """Starts a command with the chosen options."""
    desk: Desk = request.app.state.desk
    desk.round()  # or says that it is gone
    form = await request.form(max_files=0, max_fields=20)
    button = next((button for button in BUTTONS if button.command == request.path_params["command"]), None)
    if button is None:
        raise HTTPException(404)
    arguments = [button.command]
    for option in button.options:
        value = str(form.get(option.name, "")).strip()
        if value:
            arguments.append(f"{option.name}={value[:500]}" if option.text else option.name)
    await run_in_threadpool(desk.workshop.begin, arguments)
    return RedirectResponse("/work#now", 303)


def stop(request: Request) -> Response:
    """Asks the running command to end."""
    desk: Desk = request.app.state.desk
    desk.workshop.stop()
    return RedirectResponse("/work#now", 303)


def events(request: Request) -> Response:
    """The output of the running command as server-sent events: `line`, `step`, at last `end`."""
    desk: Desk = request.app.state.desk
    current = desk.workshop.work
    return StreamingResponse(_events(current, request), media_type="text/event-stream")


async def _events(current: Work | None, request: Request) -> AsyncIterator[str]:
    """All lines from the first: a page that is opened again shows all of them."""
    if current is None:
        yield _event("end", "")
        return
    sent, step = 0, ""
    while not await request.is_disconnected():
        ended = current.status is not None
        for line in current.lines[sent:]:
            sent += 1
            yield _event("line", line)
        if current.step is not None and current.pace != step:
            step = current.pace
            yield _event("step", [step, *current.step[1:]])
        if ended:
            yield _event("end", current.outcome)
            return
        await anyio.sleep(_PAUSE)


def _event(name: str, value: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/work", work, ["GET"]),
    ("/work/events", events, ["GET"]),
    ("/work/stop", stop, ["POST"]),
    ("/work/{command}", begin, ["POST"]),
]
