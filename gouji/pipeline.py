"""The only wiring: files → readings → register → parts, checked and scored → results → outputs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from export.data_files import DataFiles, data_file
from export.output import beside, staged, write_results
from export.results import ROSTER_COLUMNS, Results
from export.returned.copies import FOLDER
from export.stored import Stored
from gouji.examining import FRAMES, examine
from gouji.files import Source, sources
from gouji.memory import give_back
from gouji.parts import Given, divided, given_to, parts
from gouji.progress import Progress, Silent
from gouji.reading import read_files
from gouji.returning import GivenBack, return_copies
from gouji.reviewing import earlier_round, take_decisions
from gouji.statement import given_files, parameters, statement
from gouji.workers.here import Here
from gouji.workers.tasks import Lost, Workers, in_order
from gouji.years import require_years
from ingest.batch import Register, held_back, register
from ingest.kept import Kept
from ingest.limits import Limits
from ingest.place import Place
from ingest.previous import read_previous
from ingest.reference import read_reference
from ingest.roster import read_roster
from score.form_faults import form_faults
from templates.library import get_form
from templates.taught import TAUGHT_FILE, Taught
from validate.causes.stale import with_stale
from validate.completeness import reading_findings
from validate.explanations import explained_findings
from validate.findings import Finding, finding_rows, identified
from validate.inferring.inferred import undefined_findings
from validate.part import CHECKED
from validate.receipt import receipt_findings
from validate.review.take_up import adopted
from validate.whole_batch.aggregates import AGGREGATES, Aggregates
from validate.whole_batch.findings import whole_batch_findings


class PartLostError(Exception):
    """A part of the batch could not be checked; the message is Chinese."""


def run(
    places: Sequence[Place | Source],
    out: Path | None = None,
    *,
    roster_path: Path | None = None,
    year: int | None = None,
    previous_path: Path | None = None,
    reference_path: Path | None = None,
    limits: Limits | None = None,
    workers: Workers | None = None,
    fresh: bool = False,
    personal: bool = False,
    decisions: Sequence[Path] = (),
    log: Path | None = None,
    wordings: Path | None = None,
    marked: Path | None = None,
    progress: Progress | None = None,
) -> Results:
    """The whole job on everything below `places` (or on files under given names); written to `out` where one is given.

    `previous_path`: the OUT folder of last year's run; `reference_path`: the bureau's 部门决算参照表; `limits`: of
    admission; `workers`: who does the work, this process by default; `fresh`: nothing that an earlier run into `out`
    read is used; `personal`: whether personal items are written too; `decisions`: workbooks with 审核意见, beside
    the one in `out`; `log`, `wordings`: the 审核记录 and 表样对照 to go on from, if not those in `out` (where there is
    no 表样对照, last year's); `marked`: where marked copies go when there is no `out`.

    Raises FileNotFoundError, RosterError, DefinitionError, PreviousError, ReferenceTableError, OtherYearError,
    KeptError, ReviewError, LogError, TaughtError, OutputError, PartLostError: whatever makes it impossible. What is
    wrong with a returned file is a finding.
    """
    give_back()
    told, doing = progress or Silent(), workers or Here()
    roster = None if roster_path is None else read_roster(roster_path)
    previous = None if previous_path is None else read_previous(previous_path)
    reference = None if reference_path is None else read_reference(reference_path)
    own = {_absolute(path) for path in (roster_path, reference_path)}
    taught = (
        [wordings] if wordings is not None else [one / TAUGHT_FILE for one in (out, previous_path) if one is not None]
    )
    earlier = earlier_round(out, decisions, log, taught)
    found = [source for source in sources(places, out) if source.path not in own]
    timings: dict[str, float] = {}
    with _kept(out, limits, earlier.taught, fresh=fresh) as kept:
        with _timed(timings, "读取"):
            reading = read_files(found, kept, doing, told, limits, earlier.taught)
        with _timed(timings, "登记"):
            settled = adopted(earlier.log)
            registered, again = register(reading.files, roster, year, settled), reading.kept
            del reading  # what is known of a batch without its values is in its register now
            require_years(registered.returns, previous, reference)
            given = given_to(registered, roster, previous, reference, settled)
        with _place(out) as folder:
            with _timed(timings, "核对评分"):
                files, public = DataFiles(folder, FRAMES), out is not None and not personal
                results = _examined(registered, kept, given, doing, told, files, public=public)
                take_decisions(results, earlier)
            beside_them = given_files(roster_path, previous_path, reference_path)
            asked = parameters(year, limits, personal=personal)
            results.run = statement(results, found, beside_them, timings, asked)
            results.run["counts"]["kept"] = again
            results.run["remarks"] = [] if roster is None else [f"名册{one}" for one in roster.remarks]
            copies = marked if out is None else folder / FOLDER
            if copies is not None:
                with _timed(timings, "退回"):
                    known = GivenBack(results.returns, results.findings, found, registered.rounds)
                    results.run["returned"] = return_copies(known, copies, doing, told, limits, clean=out is None)
            if out is None:
                results.values, results.verdicts = results.values.loaded(), results.verdicts.loaded()
            else:
                told.begin("输出", 0)
                with _timed(timings, "输出"):
                    write_results(results, folder)
        kept.forget_others(zip(registered.returns["sha256"], registered.returns["file"], strict=True))
    if out is not None:
        results.values, results.verdicts = (Stored.at(data_file(out, name)) for name in ("values", "verdicts"))
    return results


def _examined(
    registered: Register, kept: Kept, given: Given, workers: Workers, progress: Progress, files: DataFiles, *,
    public: bool,
) -> Results:  # fmt: skip
    """Every part checked and scored; the big frames go to `files` as they come."""
    returns = registered.returns
    received = [
        *receipt_findings(returns, registered.notes, given.roster, given.year),
        *undefined_findings(returns, registered.undefined),
    ]
    rows = [finding_rows([*received, *reading_findings(returns, registered.notes)])]
    told: list[dict[str, pd.DataFrame]] = []
    held: list[pd.DataFrame] = []
    progress.begin("核对评分", len(divided(returns)))
    for _, examined in in_order(workers, examine, parts(returns, kept, given, public=public), ahead=1):
        if isinstance(examined, Lost):
            raise PartLostError(f"核对评分没有完成：{examined}。请减少 --jobs 后再运行一次，已读取的文件不会重读")
        for name in FRAMES:
            files.add(name, examined[name])
        told.append({name: examined[name].to_pandas() for name in AGGREGATES})
        rows.append(examined["findings"].to_pandas())
        held.append(examined["held"].to_pandas())
        progress.advance(1)
        progress.found(len(rows[-1]))
    returns = held_back(returns, held)
    whole = whole_batch_findings(returns, registered.notes, Aggregates.together(told), given.roster, given.year)
    rows.append(finding_rows([*whole, *_form_faults(returns)]))
    told_causes = with_stale(identified(rows), returns, registered.notes)
    findings = explained_findings(told_causes, registered.explanations)
    files.close()
    return Results(
        returns=returns,
        values=files.stored("values"),
        verdicts=files.stored("verdicts"),
        findings=findings,
        scores=files.stored("scores").frame(),
        totals=files.stored("totals").frame(),
        roster=None if given.roster is None else given.roster.frame[ROSTER_COLUMNS],
        year=given.year,
        labels=registered.labels,
    )


def _form_faults(returns: pd.DataFrame) -> Iterator[Finding]:
    """What is wrong with the forms that came in, each told once."""
    checked = returns[returns["status"].isin(CHECKED) & returns["form"].notna()]
    for name, edition in sorted(set(zip(checked["form"], checked["edition"], strict=True))):
        yield from form_faults(get_form(str(name), str(edition)))


@contextmanager
def _kept(out: Path | None, limits: Limits | None, taught: tuple[Taught, ...], *, fresh: bool) -> Iterator[Kept]:
    """The readings beside `out`; without one, such as are gone with the run."""
    with tempfile.TemporaryDirectory() as gone:
        kept = Kept(Path(gone) / "kept" if out is None else beside(out, "kept"), limits, taught, fresh=fresh)
        try:
            yield kept
        finally:
            kept.close()


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    """The folder to write into: what takes the place of `out`, or one that is gone with the run."""
    if out is not None:
        with staged(out) as draft:
            yield draft
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    timings[stage] = round(time.perf_counter() - begun, 3)
