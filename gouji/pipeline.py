"""The only wiring: files → readings → batch → checks → scores → results → outputs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from export.output import write_outputs
from export.results import ROSTER_COLUMNS, Results
from gouji.files import Source, sources
from gouji.statement import given_files, statement
from gouji.years import require_years
from ingest.batch import Batch, assemble
from ingest.previous import Previous, read_previous
from ingest.read_return import FileReading, read_return
from ingest.reference import BUREAU, read_reference
from ingest.roster import Roster, read_roster
from score.form_faults import form_faults
from score.score import score
from templates.library import all_forms, all_supplements
from validate.explanations import explained_findings
from validate.findings import findings_frame
from validate.part import check_part, verdicts_frame

Progress = Callable[[int, int], None]
"""Called with (files done, files in all)."""


def run(
    paths: Sequence[Path],
    out: Path | None = None,
    *,
    roster_path: Path | None = None,
    year: int | None = None,
    previous_path: Path | None = None,
    reference_path: Path | None = None,
    progress: Progress | None = None,
) -> Results:
    """The whole job on everything below `paths`; written to `out` where one is given.

    `previous_path`: the OUT folder of last year's run; `reference_path`: the bureau's 部门决算参照表.

    Raises FileNotFoundError, RosterError, DefinitionError, PreviousError, ReferenceTableError, OtherYearError: whatever
    makes it impossible. What is wrong with a returned file is a finding.
    """
    timings: dict[str, float] = {}
    roster = None if roster_path is None else read_roster(roster_path)
    previous = None if previous_path is None else read_previous(previous_path)
    reference = None if reference_path is None else read_reference(reference_path)
    own = {_absolute(path) for path in (roster_path, reference_path)}
    found = [source for source in sources(paths, out) if source.path not in own]
    with _timed(timings, "读取"):
        readings = _read(found, progress)
        batch = assemble(readings, roster, year)
    require_years(batch.returns, previous, reference)
    results = examined(batch, roster, timings, previous, reference)
    results.run = statement(results, given_files(roster_path, previous_path, reference_path), timings)
    if out is not None:
        with _timed(timings, "输出"):
            write_outputs(results, out)
    return results


def examined(
    batch: Batch,
    roster: Roster | None,
    timings: dict[str, float],
    previous: Previous | None = None,
    reference: Batch | None = None,
) -> Results:
    """A batch checked and scored."""
    with _timed(timings, "核对"):
        checked = check_part(batch, roster, previous=previous, reference=reference)
    with _timed(timings, "评分"):
        scored = score(checked.tables)
    faults = [fault for wide in checked.tables.wides for fault in form_faults(wide.form)]
    findings = findings_frame([*checked.findings, *scored.findings, *faults])
    return Results(
        returns=batch.returns,
        values=batch.values,
        verdicts=verdicts_frame([checked.verdicts, scored.verdicts]),
        findings=explained_findings(findings, batch.explanations),
        scores=scored.scores,
        totals=scored.totals,
        roster=None if roster is None else roster.frame[ROSTER_COLUMNS],
        year=batch.year,
    )


def _read(found: Sequence[Source], progress: Progress | None) -> Iterator[FileReading]:
    forms = [*(form for form in all_forms() if form.definition.per != BUREAU), *all_supplements()]
    for done, source in enumerate(found, 1):
        yield read_return(source.path, source.name, forms)
        if progress is not None:
            progress(done, len(found))


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    timings[stage] = round(time.perf_counter() - begun, 3)
