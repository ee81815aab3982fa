"""下载: every output alone, or a group of them as one zip."""

from __future__ import annotations

import tempfile
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gouji.desk.looking import Desk
from gouji.desk.outputs import find, groups, pack
from gouji.desk.rendering import attached, page, title_of

_SHOWN = 200
"""Files of a group that are listed; the others are found by searching."""


def outputs(request: Request) -> Response:
    """The list of downloads."""
    desk: Desk = request.app.state.desk
    round_, text = desk.round(), request.query_params.get("text", "").strip()
    shown = [
        (group, [file for file in group.files if text.casefold() in file.name.casefold()]) for group in groups(round_)
    ]  # fmt: skip
    return page(
        request, "outputs.html", title="下载", round=title_of(round_), groups=shown, text=text, most=_SHOWN,
    )  # fmt: skip


def one_file(request: Request) -> Response:
    """A file as a download: the browser never shows it as a page of the desk."""
    desk: Desk = request.app.state.desk
    output = find(desk.round(), request.query_params.get("name", ""))
    if output is None:
        raise HTTPException(404)
    return attached(output.path.open("rb"), output.path.name)


def zipped(request: Request) -> Response:
    """All files of a group as one zip."""
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    group = next((group for group in groups(round_) if group.name == request.query_params.get("name", "")), None)
    if group is None:
        raise HTTPException(404)
    archive = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has been sent)
    pack(group.files, archive)
    archive.seek(0)
    return attached(archive, f"{round_.folder.name}-{group.name}.zip")


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/results", outputs, ["GET"]),
    ("/results/file", one_file, ["GET"]),
    ("/results/zip", zipped, ["GET"]),
]
