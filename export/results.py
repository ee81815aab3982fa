"""Everything a run found out, as it is handed to the writers of the outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, TypeVar

import pandas as pd

from gouji.export.stored import Stored
from gouji.export.terms import Terms
from gouji.ingest.frames import labels_schema, typed
from gouji.ingest.register.receipts import Receipts
from gouji.templates.catalogue import Catalogue
from gouji.templates.taught import Taught
from gouji.validate.frames import asides_schema, decisions_schema, resolved_schema
from gouji.validate.review.log import Entry
from gouji.validate.review.take_up import Matter
from gouji.validate.review.wordings import Question

ROSTER_COLUMNS = [
    "unit_code", "unit", "department", "office", "required_forms", "project_code", "project_name", "deadline",
]  # fmt: skip

ON_DISK = ("values", "verdicts", "scores", "asides")
"""The frames with many rows per table, and what asks nothing of anybody: each is `Stored`."""


@dataclass
class Results:
    """The frames of one run, each valid under its schema in ingest, validate and score; the largest stay on disk.

    `catalogue`: the forms that they are of. `roster`: one row per unit × project (名册) with ROSTER_COLUMNS, or None
    where the bureau gave none.
    `year`: the year that the run was asked for; `terms`: what else the bureau has laid down.
    `receipts`: when each file was seen, where a register is kept; `finished`: hashes of the files that have a 送审版.
    `decisions`, `resolved`: what auditors wrote and what became of earlier findings, as in `validate.frames`.
    `matters`: what they must see about it; `log`: every decision ever taken up. `labels`: those that people may say
    something of, as in `ingest.frames`; `taught`: what they said so far; `questions`: what they are asked of labels.
    `asides`: what the findings stand for, and what asks nothing of anybody.
    `run`: counts, versions, hashes and timings, by those names.
    """

    catalogue: Catalogue
    returns: pd.DataFrame
    values: Stored
    verdicts: Stored
    findings: pd.DataFrame
    scores: Stored
    totals: pd.DataFrame
    roster: pd.DataFrame | None = None
    year: int | None = None
    terms: Terms = field(default_factory=Terms)
    receipts: Receipts = field(default_factory=dict)
    finished: frozenset[str] = frozenset()
    decisions: pd.DataFrame = field(default_factory=partial(typed, pd.DataFrame(), decisions_schema))
    resolved: pd.DataFrame = field(default_factory=partial(typed, pd.DataFrame(), resolved_schema))
    matters: list[Matter] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)
    labels: pd.DataFrame = field(default_factory=partial(typed, pd.DataFrame(), labels_schema))
    taught: tuple[Taught, ...] = ()
    questions: list[Question] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)
    asides: Stored = field(default_factory=lambda: Stored.of(typed(pd.DataFrame(), asides_schema)))
    worked_out: dict[Callable[[Results], Any], tuple[tuple[Any, ...], Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What `once` keeps."""


_Worked = TypeVar("_Worked")


def once(function: Callable[[Results], _Worked]) -> Callable[[Results], _Worked]:
    """What several writers need of the results, worked out once as long as they have the same frames; not to be altered
    by who gets it.
    """

    @wraps(function)
    def kept(results: Results) -> _Worked:
        frames = (results.returns, results.values, results.findings, results.totals, results.roster, results.decisions)
        before, worked = results.worked_out.get(function, ((), None))
        if len(before) != len(frames) or any(
            earlier is not current for earlier, current in zip(before, frames, strict=True)
        ):
            worked = function(results)
            results.worked_out[function] = frames, worked
        return worked  # type: ignore[no-any-return]

    return kept
