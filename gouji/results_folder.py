"""The folder of results that a run has written, read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from gouji.export.data_files import SCHEMAS, data_file
from gouji.export.outputs import SUMMARY
from gouji.export.results import Results
from gouji.export.stored import Stored
from gouji.export.tables import file_hash
from gouji.ingest.beside.previous import read_frame
from gouji.ingest.frames import typed
from gouji.statement import StatementError, read_statement
from gouji.templates.catalogue import Catalogue
from gouji.validate.frames import decisions_schema
from gouji.validate.review.log import LOG, Entry, read_log
from gouji.validate.review.take_up import reviewed

DECIDED = "decided"
"""In run.json: how many decisions were written at the desk since the run."""


def holds_results(folder: Path) -> bool:
    """Whether a run has written it."""
    return (folder / "run.json").is_file()


def findings_of(out: Path) -> pd.DataFrame:
    """Its findings. Raises FileNotFoundError, PreviousError."""
    if not out.exists():
        raise FileNotFoundError(2, "", str(out))
    return read_frame(out, "findings", SCHEMAS["findings"])


def read_results(out: Path, catalogue: Catalogue) -> Results:
    """Its frames, the decisions among them, those of the desk since the run too; no roster, no log.

    Raises FileNotFoundError, PreviousError, StatementError, LogError.
    """
    findings = findings_of(out)
    returns = read_frame(out, "returns", SCHEMAS["returns"])
    decisions = read_frame(out, "decisions", SCHEMAS["decisions"])
    if count := int(read_statement(out).get(DECIDED, 0)):
        decisions = decided_since(findings, decisions, read_log(out / LOG), count)
    return Results(
        catalogue=catalogue,
        returns=returns,
        values=Stored.from_file(data_file(out, "values")),
        verdicts=Stored.from_file(data_file(out, "verdicts")),
        findings=findings,
        scores=Stored.from_file(data_file(out, "scores")),
        totals=read_frame(out, "totals", SCHEMAS["totals"]),
        decisions=decisions,
        asides=Stored.of(read_frame(out, "asides", SCHEMAS["asides"])),
        labels=frame_if_there(out, "labels"),
    )


def frame_if_there(out: Path, name: str) -> pd.DataFrame:
    """A frame that an earlier version did not write. Raises PreviousError."""
    schema = SCHEMAS[name]
    return read_frame(out, name, schema) if data_file(out, name).exists() else typed(pd.DataFrame(), schema)


def decided_since(findings: pd.DataFrame, decisions: pd.DataFrame, log: Sequence[Entry], count: int) -> pd.DataFrame:
    """The `decisions` frame with the opinions of the last `count` entries of the log."""
    anew = {entry.finding_id for entry in log[len(log) - count :]}
    of_them = [entry for entry in log if entry.finding_id in anew]
    renewed, _ = reviewed(findings[findings["finding_id"].isin(anew)], of_them)
    unchanged = decisions[~decisions["finding_id"].isin(anew)]
    return typed(pd.concat([unchanged, renewed], ignore_index=True) if len(unchanged) else renewed, decisions_schema)


def edited(folder: Path, statement: Mapping[str, Any]) -> bool:
    """Whether its 汇总.xlsx was saved since the run."""
    stated = statement["outputs"].get(SUMMARY)
    return stated is not None and (folder / SUMMARY).exists() and file_hash(folder / SUMMARY) != stated


def require_taken_up(folder: Path, statement: Mapping[str, Any]) -> None:
    """Raises StatementError where 汇总.xlsx holds words that no run has taken up."""
    if edited(folder, statement):
        raise StatementError(
            f"{folder / SUMMARY} 在运行以后改过，其中的审核意见还没有生效。请先再运行一次 gouji run，再继续。"
        )
