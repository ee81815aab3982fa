"""A unit over the rounds: states and scores of its tables in earlier rounds, and the outcome of earlier findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.desk.looking import Desk, Look
from gouji.export.data_files import SCHEMAS, data_file
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.score_words import due_cell, grade_words
from gouji.export.settled import settled
from gouji.export.states import states
from gouji.export.stored import Stored
from gouji.export.words import FORM_FAULT
from gouji.finished import read_finished
from gouji.ingest.frames import typed
from gouji.round.errors import RoundError
from gouji.round.folder import FINAL, RESULTS, round_at
from gouji.round.settings import SETTINGS_FILE
from gouji.statement import StatementError, read_statement
from gouji.templates.catalogue import Catalogue
from gouji.validate.frames import SEVERITIES
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import HandedOverError

_MOST_ROUNDS = 5


@dataclass(frozen=True)
class Past:
    """A round before: its `year`, where its results are, the unit's tables (form, instance, state, why, and `score_of`
    each), its findings as (severity, how many, how many of them closed); `lacking`: why its results cannot be read."""

    year: int | None
    place: Path
    tables: list[dict[str, Any]]
    findings: list[tuple[str, int, int]]
    lacking: str = ""


def score_of(total: dict[str, Any]) -> dict[str, Any]:
    """Self-score, recomputed score or its range, grades, of a row of `totals`."""
    grades = [total.get(name) for name in ("grade", "lowest_grade", "highest_grade")]
    return {
        "own": total.get("stated_total") if total.get("self_total") is None else total["self_total"],
        "due": due_cell(total.get("score_total"), total.get("low"), total.get("high")),
        "own_grade": total.get("self_grade"),
        "grade": grade_words(*grades),
    }


def past_rounds(desk: Desk, look: Look, unit_code: str | None) -> list[Past]:
    """The earlier rounds, the latest first, following the setting `previous`; none for a unit without a code."""
    if unit_code is None:
        return []
    rounds = []
    for place in _places(look):
        read = partial(_past, catalogue=look.catalogue, unit_code=unit_code)
        try:
            rounds.append(handed_over(desk.workers, read, place))
        except (HandedOverError, StatementError, OSError) as error:
            rounds.append(Past(None, place, [], [], str(error)))
    return rounds


def earlier_findings(desk: Desk, look: Look, unit_code: str | None) -> list[dict[str, Any]]:
    """The unit's findings of earlier runs of this round that are gone: rows of `resolved`."""
    out = look.round.results
    if unit_code is None or not data_file(out, "resolved").exists():
        return []
    try:
        return records(handed_over(desk.workers, partial(_rows_of, name="resolved", unit_code=unit_code), out))
    except (HandedOverError, OSError):
        return []


def _places(look: Look) -> Iterator[Path]:
    """Folders of results, each once."""
    round_, yielded = look.round, set[Path]()
    try:
        while (
            (place := round_.previous()) is not None and place.resolve() not in yielded and len(yielded) < _MOST_ROUNDS
        ):
            yielded.add(place.resolve())
            yield place
            if place.name != RESULTS or not (place.parent / SETTINGS_FILE).is_file():
                return
            round_ = round_at(place.parent)
    except RoundError:
        return


def _past(place: Path, catalogue: Catalogue, unit_code: str) -> Past:
    """Reads the rows of one unit; runs in a worker."""
    rows_of_unit = partial(_rows_of, place, unit_code=unit_code)
    returns, findings = rows_of_unit(name="returns"), rows_of_unit(name="findings")
    totals = Stored.from_file(data_file(place, "totals")).frame(return_id=set(returns["return_id"]))
    decisions = Stored.from_file(data_file(place, "decisions")).frame(finding_id=set(findings["finding_id"]))
    statement = read_statement(place)
    results = Results(
        catalogue=catalogue, returns=returns, values=Stored.from_file(data_file(place, "values")),
        verdicts=Stored.from_file(data_file(place, "verdicts")), findings=findings,
        scores=Stored.of(typed(pd.DataFrame(), SCHEMAS["scores"])), totals=totals,
        decisions=typed(decisions, SCHEMAS["decisions"]), year=statement.get("year"),
        finished=frozenset(file.sha256 for file in read_finished(place.parent / FINAL)),
    )  # fmt: skip
    scores = {row["return_id"]: row for row in records(totals)}
    tables = [row | {"score": score_of(scores.get(row["return_id"], {}))} for row in records(states(results))]
    closed = settled(results)
    of_units = findings["severity"].ne(FORM_FAULT)
    counts = [
        (name, int(named.sum()), int((named & closed).sum()))
        for name in SEVERITIES
        if (named := findings["severity"].eq(name) & of_units).any()
    ]
    return Past(results.year, place, tables, counts)


def _rows_of(place: Path, name: str, unit_code: str) -> pd.DataFrame:
    """The rows of one unit in a frame of the results in `place`."""
    return typed(Stored.from_file(data_file(place, name)).frame(unit_code={unit_code}), SCHEMAS[name])
