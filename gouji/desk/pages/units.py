"""单位: everything about one unit: its tables, scores, findings, files, and what goes back to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gouji.desk.history import earlier_findings, past_rounds, score_of
from gouji.desk.listing import listed
from gouji.desk.looking import Desk, Look
from gouji.desk.outputs import Output, groups
from gouji.desk.pages.findings import SHADES
from gouji.desk.rendering import page, title_of
from gouji.desk.unit_rows import Row, lines, unit_rows
from gouji.export.parties import Parties
from gouji.export.project_names import with_project_names
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.sheets.received import STATUS_SHADES
from gouji.export.states import FINISHED, STATE_SHADES, TO_MEND, states
from gouji.export.words import RECEIVED
from gouji.fates import Fate, fates
from gouji.ingest.register.receipts import first_receipt
from gouji.ingest.register.return_row import table_id
from gouji.round.settings import SETTINGS_FILE
from gouji.templates.review import SENT_BACK
from gouji.templates.text import file_name
from gouji.validate.review.take_up import adopted


def unit(request: Request) -> Response:
    """The page of a unit, by its code (its name where it has none)."""
    desk: Desk = request.app.state.desk
    look = desk.look()
    results = look.results
    rows = [row for row in unit_rows(look) if row.key == request.path_params["key"]]
    if not rows:
        raise HTTPException(404, "这一轮里没有这个单位。")
    (line,) = lines(look, rows[:1])
    row, place = line.unit, line.unit.place
    frame = listed(results)
    findings = frame[Parties(results).places(frame).eq(place)]
    return page(
        request, "unit.html", title="单位", round=title_of(look.round), unit=row, late=line.late, owed=line.owed,
        tables=_tables(results, place, set(findings["return_id"].dropna())), sent_back=SENT_BACK,
        files=list(_received(look, place)), status_shades={**STATUS_SHADES, RECEIVED: "good"},
        findings=records(findings), past=past_rounds(desk, look, row.code), gone=earlier_findings(desk, look, row.code),
        short=results.catalogue.short_name, settings_file=SETTINGS_FILE, shades=SHADES, state_shades=STATE_SHADES,
        outputs=_outputs(desk, row),
    )  # fmt: skip


def _received(look: Look, place: int) -> Iterator[tuple[Fate, str, str]]:
    """Every file of the unit, its first receipt, and the answer about it since the last run (采用)."""
    results, decided = look.results, adopted(look.log)
    returns = results.returns[Parties(results).places(results.returns).eq(place)]
    words: dict[str, str] = {}
    for file, sha256, name in zip(returns["file"], returns["sha256"], returns["return_id"], strict=True):
        if (table := table_id(str(sha256), str(name))) in look.to_come and decided.get(table):
            words[str(file)] = decided[table]
    for fate in fates(returns, results.catalogue):
        receipt = first_receipt(results.receipts, fate.sha256)
        yield fate, "" if receipt is None else receipt.first[:16].replace("T", " "), words.get(fate.name, "")


def _tables(results: Results, place: int, with_findings: Collection[str]) -> list[dict[str, Any]]:
    """Every table of the unit with its state, first receipt and scores, and whether it can be sent back for a finding
    (`with_findings`: return ids)."""
    frame = with_project_names(results, states(results))
    tables = frame[Parties(results).places(frame).eq(place)]
    hashes = results.returns.set_index("return_id")["sha256"]
    totals = {row["return_id"]: row for row in records(results.totals)}
    rows = records(tables.assign(sha256=tables["return_id"].map(hashes)))
    for row in rows:
        row["short"] = results.catalogue.short_name(row["form"])
        receipt = None if row["sha256"] is None else first_receipt(results.receipts, row["sha256"])
        row["seen"] = None if receipt is None else receipt.first[:16].replace("T", " ")
        row["asking"] = row["return_id"] in with_findings and row["state"] not in (TO_MEND, FINISHED)
        row["total"] = score_of(totals.get(row["return_id"], {}))
    return rows


def _outputs(desk: Desk, row: Row) -> list[Output]:
    """The outputs for the unit, or made of its files."""
    folder, begins = file_name(row.name), file_name("_".join(filter(None, [row.code, row.name])))
    return [
        file
        for group in groups(desk.round())
        for file in group.files
        if folder in file.path.parts[:-1] or file.path.name.startswith(f"{begins}_")
    ]


ROUTES: list[tuple[str, Any, list[str]]] = [("/units/{key:path}", unit, ["GET"])]
