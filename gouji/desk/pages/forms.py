"""表样: forms and editions, the checks of each, its issued sheet; beginning a new edition."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gouji.commands.catalogue import layered
from gouji.commands.editions import begun_edition, differences, edition_file, write_new
from gouji.commands.forms import WAYS, definition_errors, fault_records, form_records, item_records
from gouji.commands.preview import NO_CHECKS, checks_of, counts, example_name
from gouji.desk.looking import Desk
from gouji.desk.previewing import example_workbook, preview
from gouji.desk.rendering import page, title_of
from gouji.export.sheets.findings import SEVERITY_SHADES
from gouji.round.errors import RoundError
from gouji.round.folder import OWN_FORMS, Round, own_definitions
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.templates.form import Form
from gouji.templates.layer import BUILT_IN, Edition
from gouji.templates.model import KIND_NAMES

_EARLIEST, _LATEST = 2000, 2100
_LONGEST = 200
"""Signs of a name in a query."""


def forms(request: Request) -> Response:
    """The catalogue in use in this round, and its errors."""
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    catalogue, fault = _in_use(round_)
    text = request.query_params.get("text", "").strip()
    issued = _issued(round_, catalogue)
    rows = [row | {"issued": (row["form"], row["edition"]) in issued} for row in form_records(catalogue)]
    for row in rows:
        row["origin"] = _origin(round_, row["origin"])
    among = [row for row in rows if text.casefold() in " ".join(map(str, row.values())).casefold()]
    errors = [
        error | {"file": error["file"].removeprefix(f"{round_.folder}/")} for error in definition_errors(catalogue)
    ]
    return page(
        request, "forms.html", title="表样", round=title_of(round_), fault=fault, errors=errors,
        broken=[f"{form}@{edition}" for form, edition in catalogue.broken], own_folder=OWN_FORMS, text=text,
        rows=sorted(among, key=lambda row: (not row["issued"], row["origin"] == BUILT_IN)), all=len(rows),
    )  # fmt: skip


def form(request: Request) -> Response:
    """An edition: its checks, items and sheet, and its differences from another edition."""
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    catalogue, _ = _in_use(round_)
    definition = _edition(request, catalogue)
    edition = definition.name, definition.edition
    other_editions = [
        form for form in catalogue.forms if form.name == definition.name and form.edition != definition.edition
    ]
    compared, year = _compared_with(request, catalogue, edition, other_editions), _year(request, round_)
    return page(
        request, "form.html", title="表样", round=title_of(round_), form=definition, counts=counts(definition),
        checks=checks_of(definition), no_checks=NO_CHECKS, shades={**SEVERITY_SHADES, "提示": "quiet"},
        issued=edition in _issued(round_, catalogue), origin=_origin(round_, catalogue.origin(edition)),
        faults=fault_records(definition), items=item_records(definition, year), kinds=KIND_NAMES, ways=WAYS,
        lineage=[f"{name}@{parent}" for name, parent in catalogue.lineage(edition)[1:]],
        other_editions=other_editions, compared=compared,
        differences=None if compared is None else differences(compared, definition), year=year,
        filled=_filled(request), page_address=_address(definition), own_folder=OWN_FORMS, longest=_LONGEST,
    )  # fmt: skip


def sheet(request: Request) -> Response:
    """The issued sheet alone, for the page of its edition."""
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    catalogue, _ = _in_use(round_)
    definition = _edition(request, catalogue)
    year, filled = _year(request, round_), _filled(request)
    drawn = desk.kept(
        (catalogue.version, definition.key, year, filled), lambda: preview(definition, year, filled=filled)
    )
    return page(
        request, "form_sheet.html", form=definition, preview=drawn, year=year, filled=filled,
        page_address=_address(definition),
    )  # fmt: skip


def workbook(request: Request) -> Response:
    """The example workbook as a download."""
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    definition = _edition(request, _in_use(round_)[0])
    name = quote(example_name(definition), safe="")
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(example_workbook(definition, _year(request, round_)), 200, disposition, "application/octet-stream")


async def copy(request: Request) -> Response:
    """Begins a new edition from an existing one; answers with its page."""
    asked = await request.form(max_files=0, max_fields=5)
    name = str(asked.get("edition", "")).strip()[:_LONGEST]
    address = await run_in_threadpool(_copied, request, name)
    return RedirectResponse(address, 303)


def _copied(request: Request, name: str) -> str:
    desk: Desk = request.app.state.desk
    round_ = desk.round()
    definition = _edition(request, _in_use(round_)[0])
    if not name:
        raise HTTPException(400, "没有写新版本的名称，什么都没有写出。请写 地区-年度，如 某县-2026。")
    path = edition_file(own_folder(round_), definition.name, name)
    if not path.resolve().is_relative_to(round_.folder):
        raise HTTPException(400, f"“{OWN_FORMS}”里的这个文件夹是链接到别处的，没有写出。")
    write_new(path, begun_edition(definition, name))
    return f"/forms/{quote(definition.name, safe='')}/{quote(name, safe='')}"


def own_folder(round_: Round) -> Path:
    """The folder of the round's own definitions. Raises RoundError where it is a link to another place."""
    folder = round_.folder / OWN_FORMS
    if not folder.resolve().is_relative_to(round_.folder):
        raise RoundError(f"这一轮的“{OWN_FORMS}”是链接到别处的文件夹，桌面不往那里写。请在命令行里做。")
    return folder


def _in_use(round_: Round) -> tuple[Catalogue, str]:
    """The catalogue of the round, as for the commands; the error where its folder yields none."""
    try:
        catalogue = layered(own_definitions(round_.folder / OWN_FORMS))
    except DefinitionError as error:
        return built_in(), str(error)
    return catalogue, ""


def _edition(request: Request, catalogue: Catalogue) -> Form:
    """The edition that the address names. Raises DefinitionError where it is broken."""
    edition = request.path_params["form"], request.path_params["edition"]
    if edition not in catalogue.editions:
        raise HTTPException(404, "没有这个表样，或者它的文件已经移走。")
    return catalogue.form(*edition)


def _compared_with(request: Request, catalogue: Catalogue, edition: Edition, other_editions: list[Form]) -> Form | None:
    """The edition to compare with: the one in the query, else the one that it extends."""
    chosen = request.query_params.get("other", "")
    if not chosen:
        chosen = next((parent for _, parent in catalogue.lineage(edition)[1:]), "")
    return next((form for form in other_editions if form.edition == chosen), None)


def _issued(round_: Round, catalogue: Catalogue) -> set[Edition]:
    """The editions that this round issues, as far as the settings name them."""
    editions = set()
    for name in round_.settings.forms:
        try:
            form = catalogue.find(name)
        except (FormNotFoundError, DefinitionError):
            continue
        editions.add((form.name, form.edition))
    return editions


def _origin(round_: Round, origin: str) -> str:
    return OWN_FORMS if origin == str(round_.folder / OWN_FORMS) else origin


def _address(form: Form) -> str:
    return f"/forms/{quote(form.name, safe='')}/{quote(form.edition, safe='')}"


def _year(request: Request, round_: Round) -> int:
    """The year of the labels: the one in the query, else the round's."""
    text = request.query_params.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else round_.settings.year
    return min(max(year, _EARLIEST), _LATEST)


def _filled(request: Request) -> bool:
    return request.query_params.get("filled") == "1"


ROUTES: list[tuple[str, Any, list[str]]] = [
    ("/forms", forms, ["GET"]),
    ("/forms/{form}/{edition}", form, ["GET"]),
    ("/forms/{form}/{edition}/sheet", sheet, ["GET"]),
    ("/forms/{form}/{edition}/workbook", workbook, ["GET"]),
    ("/forms/{form}/{edition}/copy", copy, ["POST"]),
]
