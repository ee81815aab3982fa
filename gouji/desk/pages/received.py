"""收表: uploading files, and the status of every file that has come."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from gouji.desk.address import Address, on_page
from gouji.desk.looking import Desk, Look
from gouji.desk.receiving import NotTakenError, take
from gouji.desk.rendering import page, title_of
from gouji.desk.security import UPLOAD
from gouji.export.results import Results, once
from gouji.export.sheets.received import STATUS_SHADES
from gouji.export.words import RECEIVED
from gouji.failures import sentence_of
from gouji.fates import Fate, fates
from gouji.ingest.frames import AMOUNTS_OPEN, UNIT_OPEN
from gouji.round.errors import RoundError
from gouji.surroundings import shortage

PAGE = 100
_WAITING, _NEW = "等着读", "还没有核对"
_SHADES = {**STATUS_SHADES, _WAITING: "quiet", RECEIVED: "good"}
_TO_ASK = {
    "未识别": "请单位改用下发的原表填报。", "空表": "请单位填写后重新报送。",
    "未收录": "应报送的，请改用下发的表样；只是附件的，不用处理。",
    "重复报送": "点文件名，确定采用哪一份。", UNIT_OPEN: "点文件名，写明是哪个单位的。",
    AMOUNTS_OPEN: "请单位按万元核对后重新报送；金额无误的，点文件名，采用“是”。",
}  # fmt: skip
"""The advice for a status whose reason has none."""
_RUN = "gouji run"
"""The beginning of the commands that read files."""


@dataclass(frozen=True, kw_only=True)
class Sought(Address):
    """The filter of the list."""

    text: str = ""
    status: str = ""


class File(NamedTuple):
    """A listed file; `new`: whether the last run has not seen its present contents."""

    fate: Fate
    new: bool


def received(request: Request) -> Response:
    """The page; htmx takes only its rows, repeatedly while files are read."""
    desk: Desk = request.app.state.desk
    look, work = desk.look(inbox=True), desk.workshop.work
    asked = Sought.of(request.query_params)
    files = list(_files(look, desk.workshop.files))
    among = [file for file in files if _sought(asked, file)]
    rows, page_of = on_page(among, asked.page, PAGE)
    counts = Counter(file.fate.status for file in files)
    going = desk.workshop.going
    reading = going is not None and going.command.startswith(_RUN)
    return page(
        request, "received.html", title="收表", round=title_of(look.round), asked=asked, rows=rows, cut=page_of,
        count=len(among), all=len(files), counts=counts, shades=_SHADES, to_ask=_TO_ASK,
        new=sum(file.new for file in files),
        waiting=counts[_WAITING], new_word=_NEW, work=work, reading=reading,
        largest=look.round.settings.limits.file_size // (1024 * 1024),
    )  # fmt: skip


async def read(request: Request) -> Response:
    """Begins reading the files that have come, without checking."""
    desk: Desk = request.app.state.desk
    desk.round()
    await run_in_threadpool(desk.workshop.read_ahead)
    return RedirectResponse("/received", 303)


async def upload(request: Request) -> Response:
    """Uploads one file: its name in the query, its bytes as the body; answers with a sentence."""
    desk: Desk = request.app.state.desk
    name = request.query_params.get("name", "")
    try:
        round_ = desk.round()
        taken = await take(round_.inbox(), name, request.stream(), round_.settings.limits)
    except NotTakenError as error:
        return JSONResponse({"taken": False, "said": str(error)}, 422)
    except ClientDisconnect:
        return JSONResponse({"taken": False, "said": "传到一半断开了，没有放入。"}, 400)
    except RoundError as error:
        return JSONResponse({"taken": False, "said": str(error)}, 409)
    except OSError as error:
        return JSONResponse({"taken": False, "said": shortage(error) or sentence_of(error)}, 507)
    words = (
        "已经有了，内容相同" if taken.already
        else f"已放入，同名的另有一份，这份叫“{Path(taken.name).name}”" if taken.renamed
        else "已放入"
    )  # fmt: skip
    return JSONResponse({"taken": True, "name": taken.name, "said": words})


def _files(look: Look, read: Mapping[str, Fate]) -> Iterator[File]:
    """The files that have come since the last run, unreadable ones first, then those of the run. `read`: fates of files
    that were only read so far."""
    checked = {} if look.standing.results is None else _checked(look.standing.results)
    present = look.standing.files
    new = [
        read[name] if name in read and read[name].sha256 == sha256
        else Fate(name, sha256, _WAITING, "", "", "", 0, 0)
        for name, sha256 in present.items() if name not in checked or checked[name].sha256 != sha256
    ]  # fmt: skip
    order = {"bad": 0, "warn": 1, "good": 3}
    for fate in sorted(new, key=lambda fate: (order.get(_SHADES.get(fate.status, ""), 2), fate.name)):
        yield File(fate, new=True)
    replaced = {fate.name for fate in new}
    for name, fate in checked.items():
        if name not in replaced:
            gone = "" if name in present or name.endswith("/") else "现在不在“收到”里了。"
            yield File(dataclasses.replace(fate, why=gone + fate.why) if gone else fate, new=False)


@once
def _checked(results: Results) -> Mapping[str, Fate]:
    """The fates of files in the last run, by name."""
    return {fate.name: fate for fate in fates(results.returns, results.catalogue)}


def _sought(asked: Sought, file: File) -> bool:
    fate = file.fate
    return (asked.status in ("", fate.status) or (asked.status == _NEW and file.new)) and (
        asked.text.casefold() in f"{fate.name} {fate.unit} {fate.forms} {fate.why}".casefold()
    )


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/received", received, ["GET"]),
    (UPLOAD, upload, ["POST"]),
    ("/received/read", read, ["POST"]),
]
