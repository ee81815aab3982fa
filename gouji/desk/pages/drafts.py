"""起草: a definition drafted from an uploaded blank, its sheet beside the open questions."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from gouji.commands.editions import edition_file, write_new
from gouji.desk.drafting import (
    BLANKS,
    SUFFIXES,
    AnswerError,
    Drafted,
    answers_of,
    blanks,
    blanks_folder,
    drafted,
    open_remarks,
)
from gouji.desk.looking import Desk
from gouji.desk.pages.forms import own_folder
from gouji.desk.receiving import NotTakenError, take
from gouji.desk.rendering import page, title_of
from gouji.desk.security import BLANK_UPLOAD
from gouji.failures import sentence_of
from gouji.ingest.drafting.draft import open_points
from gouji.round.folder import OWN_FORMS
from gouji.surroundings import shortage
from gouji.templates.errors import DefinitionError

_LONGEST = 500
"""Signs of an answer."""
_MOST_FIELDS = 3000


def drafts(request: Request) -> Response:
    """The uploaded blanks, and the upload of another."""
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    return page(
        request, "drafts.html", title="表样", round=title_of(round_), blanks=list(blanks(round_)),
        folder=f"{OWN_FORMS}/{BLANKS}", suffixes=SUFFIXES,
        largest=round_.settings.limits.file_size // (1024 * 1024),
    )  # fmt: skip


async def upload(request: Request) -> Response:
    """Uploads one blank: its name in the query, its bytes as the body; answers with a sentence."""
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    name = PurePath(request.query_params.get("name", "").replace("\\", "/")).name
    if not name.lower().endswith(SUFFIXES):
        return JSONResponse(
            {"taken": False, "said": f"不是能起草的文件，没有放入。能用的有 {'、'.join(SUFFIXES)}。"}, 422
        )
    try:
        folder = blanks_folder(round_)
        own_folder(round_).mkdir(exist_ok=True)
        taken = await take(folder, name, request.stream(), round_.settings.limits)
    except NotTakenError as error:
        return JSONResponse({"taken": False, "said": str(error)}, 422)
    except ClientDisconnect:
        return JSONResponse({"taken": False, "said": "传到一半断开了，没有放入。"}, 400)
    except OSError as error:
        return JSONResponse({"taken": False, "said": shortage(error) or sentence_of(error)}, 507)
    return JSONResponse(
        {"taken": True, "name": taken.name, "said": "已放入", "open": f"/drafts/{quote(taken.name, safe='')}"}
    )


def draft(request: Request) -> Response:
    """The sheet of a blank with the meaning of each cell, beside the open questions."""
    desk: Desk = request.app.state.desk
    sheet = _drafted_sheet(request, desk)
    return _page(request, desk, sheet, {}, set(sheet.totals), "")


async def write(request: Request) -> Response:
    """Writes the definition with the answers; on an error shows the page again, with the answers."""
    asked = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    return await run_in_threadpool(_written, request, asked)


def _written(request: Request, asked: FormData) -> Response:
    desk: Desk = request.app.state.desk
    round_, sheet = desk.round(), _drafted_sheet(request, desk)
    fields = {name: str(value).strip()[:_LONGEST] for name, value in asked.multi_items() if name != "required"}
    required = {str(name) for name in asked.getlist("required")}
    try:
        answers = answers_of(sheet, fields, required)
        path = edition_file(own_folder(round_), sheet.draft.form, answers.edition or "")
        if not path.resolve().is_relative_to(round_.folder):
            raise AnswerError(f"“{OWN_FORMS}”里的这个文件夹是链接到别处的，没有写出。")
        text = sheet.draft.text(answers)
        write_new(path, text)
    except (AnswerError, DefinitionError, FileExistsError) as error:
        why = str(error) if isinstance(error, AnswerError) else sentence_of(error)
        return _page(request, desk, sheet, fields, required, why)
    return page(
        request, "draft_written.html", title="表样", round=title_of(round_), text=text, points=open_points(text),
        file=_shown(path, round_.folder), form=sheet.draft.form, edition=answers.edition, open=open_remarks(text),
    )  # fmt: skip


def _page(
    request: Request, desk: Desk, sheet: Drafted, fields: dict[str, str], required: set[str], why: str
) -> Response:
    name = request.path_params["name"]
    return page(
        request, "draft.html", 409 if why else 200, title="表样", round=title_of(desk.round()), file=name, sheet=sheet,
        draft=sheet.draft, fields=fields, required=required, why=why, page_address=f"/drafts/{quote(name, safe='')}",
        own_folder=OWN_FORMS, longest=_LONGEST,
        asked_sheet=_sheet(request) or "", blank=f"{OWN_FORMS}/{BLANKS}/{name}",
    )  # fmt: skip


def _drafted_sheet(request: Request, desk: Desk) -> Drafted:
    round_ = desk.round()
    path = blanks(round_).get(request.path_params["name"])
    if path is None:
        raise HTTPException(404, "没有这份空白表，可能已经移走。")
    return drafted(desk, path, _sheet(request), round_.settings.limits)


def _sheet(request: Request) -> str | None:
    return request.query_params.get("sheet") or None


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/drafts", drafts, ["GET"]),
    (BLANK_UPLOAD, upload, ["POST"]),
    ("/drafts/{name}", draft, ["GET"]),
    ("/drafts/{name}", write, ["POST"]),
]
