"""The folder of results that a run has written, read back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gouji.export.data_files import SCHEMAS, data_file
from gouji.export.results import Results
from gouji.export.stored import Stored
from gouji.ingest.previous import read_frame


def holds_results(folder: Path) -> bool:
    """Whether a run has written it."""
    return (folder / "run.json").is_file()


def findings_of(out: Path) -> pd.DataFrame:
    """Its findings. Raises FileNotFoundError, PreviousError."""
    if not out.exists():
        raise FileNotFoundError(2, "", str(out))
    return read_frame(out, "findings", SCHEMAS["findings"])


def read_results(out: Path) -> Results:
    """Its frames, the decisions among them; no roster, no log. Raises FileNotFoundError, PreviousError."""
    findings = findings_of(out)
    returns = read_frame(out, "returns", SCHEMAS["returns"])
    return Results(
        returns=returns,
        values=Stored.at(data_file(out, "values")),
        verdicts=Stored.at(data_file(out, "verdicts")),
        findings=findings,
        scores=read_frame(out, "scores", SCHEMAS["scores"]),
        totals=read_frame(out, "totals", SCHEMAS["totals"]),
        decisions=read_frame(out, "decisions", SCHEMAS["decisions"]),
    )
