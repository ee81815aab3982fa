"""The only wiring, in three stages: read (files → readings → register), check (parts, checked and scored → results),
write (results → the outputs asked for).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import pandas as pd

from gouji.examining import FRAMES, Examined, examine, values_of
from gouji.export.data_files import DataFiles, data_file
from gouji.export.output import beside, staged, write_results
from gouji.export.outputs import COPIES, PAPERS, USUAL
from gouji.export.results import ON_DISK, ROSTER_COLUMNS, Results
from gouji.export.settled import outstanding
from gouji.export.stored import Stored
from gouji.export.terms import Terms
from gouji.export.to_units import refused, told_to_units
from gouji.fates import fates
from gouji.files import Inbox, Source, Unseen, inbox, require_apart, require_folder
from gouji.ingest.beside.indicator_library import read_indicator_library
from gouji.ingest.beside.previous import Previous, read_previous
from gouji.ingest.beside.reference import read_reference
from gouji.ingest.frames import typed, values_schema
from gouji.ingest.kept import Kept
from gouji.ingest.limits import Limits
from gouji.ingest.place import Place
from gouji.ingest.read_return import FileReading
from gouji.ingest.register.batch import Batch, Register, held_back, register
from gouji.ingest.register.receipts import Receipts, read_receipts, seen, write_receipts
from gouji.ingest.roster import Roster, owing, read_roster
from gouji.locking import alone
from gouji.memory import give_back, trim
from gouji.outside import Outside, coverage_statement, outside
from gouji.parts import Given, given_to, part_count, parts
from gouji.progress import Progress, Silent
from gouji.reading import read_files
from gouji.reviewing import EarlierRound, earlier_round, keep_edited, keep_ids, take_decisions
from gouji.round_keys import STATED, round_keys
from gouji.score.evidence_gaps import evidence_gaps
from gouji.score.form_faults import form_faults
from gouji.statement import given_files, now, parameters, statement
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.indicator_library import IndicatorLibrary
from gouji.templates.taught import TAUGHT_FILE, Taught
from gouji.validate.causes.stale import with_stale
from gouji.validate.completeness import reading_findings
from gouji.validate.explanations import explained_findings
from gouji.validate.findings import Finding, finding_rows, identified
from gouji.validate.from_pages import softened_pages
from gouji.validate.inferring.inferred import undefined_findings
from gouji.validate.one_cause.by_cause import by_cause
from gouji.validate.part import CHECKED
from gouji.validate.receipt import receipt_findings
from gouji.validate.review.log import LOG
from gouji.validate.review.take_up import adopted
from gouji.validate.whole_batch.aggregates import AGGREGATES, Aggregates
from gouji.validate.whole_batch.findings import whole_batch_findings
from gouji.workers.handed_over import handed_over
from gouji.workers.here import Here
from gouji.workers.tasks import Lost, PartLostError, Workers, in_order
from gouji.years import require_years


@dataclass(frozen=True)
class _Means:
    """With what a run is done, and the seconds that its stages have taken."""

    catalogue: Catalogue
    workers: Workers
    progress: Progress
    limits: Limits | None
    kept: Kept
    timings: dict[str, float]


@dataclass(frozen=True)
class _Batch:
    """What came in, and what it is checked against; `again`: files whose earlier readings were used; `keys`: of the
    round and those before (`gouji.round_keys`); `seen`: when its files were, where a register is kept."""

    found: Inbox
    registered: Register
    given: Given
    outside: Outside
    earlier: EarlierRound
    again: int
    keys: list[str]
    seen: Receipts


def run(
    places: Sequence[Place | Source],
    out: Path | None = None,
    *,
    roster_path: Path | None = None,
    year: int | None = None,
    previous_path: Path | None = None,
    reference_path: Path | None = None,
    library_path: Path | None = None,
    catalogue: Catalogue | None = None,
    limits: Limits | None = None,
    workers: Workers | None = None,
    fresh: bool = False,
    personal: bool = False,
    decisions: Sequence[Path] = (),
    log: Path | None = None,
    wordings: Path | None = None,
    marked: Path | None = None,
    unseen: Sequence[Unseen] = (),
    terms: Terms | None = None,
    receipts: Path | None = None,
    finished: Collection[str] = (),
    only: Collection[str] = USUAL,
    progress: Progress | None = None,
) -> Results:
    """The whole job on everything below `places` (or on files under given names); written to `out` where one is given.

    `previous_path`: the OUT folder of last year's run; `reference_path`: the bureau's 部门决算参照表;
    `library_path`: its 指标库; `catalogue`: the
    forms (those that come with gouji by default); `limits`: of admission; `workers`: who does the work, this process by
    default; `fresh`: nothing that an earlier run into `out` read is used; `personal`: whether personal items are
    written too; `decisions`: workbooks with 审核意见, beside the one in `out`; `log`, `wordings`: the 审核记录 and
    表样对照 to go on from, if not those in `out` (where there is no 表样对照, last year's); `marked`: where marked
    copies go when there is no `out`; `unseen`: what is known already to be left out; `terms`: what the bureau has laid
    down; `receipts`: the register of files that were seen; `finished`: hashes of those that have a 送审版; `only`: the
    outputs to write into `out`
    (`export.outputs.OUTPUTS`) beside the data.

    Raises FileNotFoundError, HandedOverError, RosterError, DefinitionError, PreviousError, ReferenceTableError,
    OtherYearError, KeptError, ReviewError, LogError, TaughtError, ReceiptsError, MixedPlacesError, BusyError,
    OutputError, PartLostError: whatever makes it impossible. What is wrong with a returned file is a finding.
    """
    give_back()
    begun = now()
    if out is not None:
        require_folder(out)
        require_apart(places, out)
    workers, catalogue, terms = workers or Here(), catalogue or built_in(), terms or Terms()
    roster = None
    if roster_path is not None:
        reader = partial(read_roster, catalogue=catalogue)
        roster = owing(handed_over(workers, reader, roster_path), terms.forms, catalogue)
    previous = None if previous_path is None else handed_over(workers, read_previous, previous_path)
    reference = (
        None if reference_path is None
        else handed_over(workers, partial(read_reference, catalogue=catalogue), reference_path)
    )  # fmt: skip
    library = None if library_path is None else handed_over(workers, read_indicator_library, library_path)
    own = (roster_path, reference_path, library_path)
    taught = (
        [wordings] if wordings is not None else [one / TAUGHT_FILE for one in (out, previous_path) if one is not None]
    )
    found = _inbox(places, own)
    found.unseen += unseen
    with _alone(out):
        earlier = earlier_round(workers, catalogue, out, decisions, log, taught, roster)
        beside_them = given_files(roster_path, previous_path, reference_path, library_path)
        asked = parameters(year, limits, terms, personal=personal)
        with _kept(out, catalogue, limits, earlier.taught, fresh=fresh) as kept:
            means = _Means(catalogue, workers, progress or Silent(), limits, kept, {})
            keys = round_keys([out, log and log.parent, *(path.parent for path in decisions)])
            register_of_files = None if receipts is None else _Seen(receipts, begun, newest=terms.newest)
            batch = _read(found, earlier, keys, roster, year, previous, reference, means, register_of_files, library)
            with _place(out) as folder:
                results = _check(batch, means, folder, public=out is not None and not personal)
                results.terms, results.finished = terms, frozenset(finished)
                results.receipts = batch.seen
                results.run = statement(results, found, beside_them, means.timings, asked, begun)
                results.run["counts"] |= {"kept": batch.again}
                if library is not None:
                    results.run["counts"] |= {"library_indicators": len(library.indicators)}
                results.run["remarks"] = [] if roster is None else [f"名册{one}" for one in roster.remarks]
                results.run["receipts"] = len(batch.seen)
                results.run["newest"] = batch.registered.newest
                results.run["outside"] = coverage_statement(batch.outside.coverages, results.verdicts)
                if out is not None:
                    results.run[STATED] = keys
                    _write(results, batch, means, folder, only)
                    results.run["remarks"] += keep_edited(earlier, out, folder)
                else:
                    if marked is not None:
                        _give_back(results, batch, means, marked, clean=True)
                    for name in ON_DISK:
                        setattr(results, name, getattr(results, name).loaded())
            registered = batch.registered.returns
            kept.forget_others(zip(registered["sha256"], registered["file"], strict=True))
        if receipts is not None:
            write_receipts(receipts, results.receipts)  # once the results are in their place
    if out is not None:
        for name in ON_DISK:
            setattr(results, name, Stored.from_file(data_file(out, name)))
    return results


@dataclass(frozen=True)
class _Seen:
    """Where the register of files is, when the run began, and whether the `newest` of several versions counts."""

    register: Path
    now: str
    newest: bool

    def with_files(self, files: Iterable[FileReading], sources: Sequence[Source], keys: Sequence[str]) -> Receipts:
        """The register with the files of this run; `keys`: by which copies are known."""
        places = {source.name: source.path for source in sources}
        told = ((one.sha256, one.file, places[one.file], _made_of(one, keys)) for one in files)
        return seen(read_receipts(self.register), told, self.now)


def _made_of(file: FileReading, keys: Sequence[str]) -> str | None:
    """The hash of the file of which one is a mended copy, by the proofs that it carries."""
    return next((proof.source for proof in file.proofs if proof.source != file.sha256 and proof.holds(keys)), None)


def read(
    places: Sequence[Place | Source],
    *,
    roster_path: Path | None = None,
    year: int | None = None,
    limits: Limits | None = None,
    catalogue: Catalogue | None = None,
    workers: Workers | None = None,
) -> Batch:
    """Every table below `places` with its figures; nothing is checked and nothing written.

    Arguments and errors as of `run`.
    """
    workers, catalogue = workers or Here(), catalogue or built_in()
    reader = partial(read_roster, catalogue=catalogue)
    roster = None if roster_path is None else handed_over(workers, reader, roster_path)
    found, earlier = _inbox(places, (roster_path,)), earlier_round(workers, catalogue, None, (), None, [], roster)
    with _kept(None, catalogue, limits, (), fresh=True) as kept:
        means = _Means(catalogue, workers, Silent(), limits, kept, {})
        batch = _read(found, earlier, [], roster, year, None, None, means)
        returns = batch.registered.returns
        values = [values_of(part) for part in parts(returns, kept, batch.given, public=False)]
    return Batch(returns, typed(pd.concat(values) if values else pd.DataFrame(), values_schema), batch.given.year)


def read_ahead(
    places: Sequence[Place | Source],
    out: Path,
    *,
    roster_path: Path | None = None,
    year: int | None = None,
    previous_path: Path | None = None,
    catalogue: Catalogue | None = None,
    limits: Limits | None = None,
    workers: Workers | None = None,
    terms: Terms | None = None,
    receipts: Path | None = None,
    progress: Progress | None = None,
) -> Register:
    """Reads everything below `places` and keeps it where a run into `out` finds it; nothing is checked, and no result
    written or held meanwhile. Returns whose tables the files hold, as far as they tell by themselves.

    Arguments and errors as of `run`.
    """
    workers, catalogue, terms, begun = workers or Here(), catalogue or built_in(), terms or Terms(), now()
    require_apart(places, out)
    roster = None
    if roster_path is not None:
        reader = partial(read_roster, catalogue=catalogue)
        roster = owing(handed_over(workers, reader, roster_path), terms.forms, catalogue)
    taught = [one / TAUGHT_FILE for one in (out, previous_path) if one is not None]
    # Without what may have been written in 汇总.xlsx since: what rests on that is read again by the run.
    earlier = earlier_round(workers, catalogue, None, (), out if (out / LOG).exists() else None, taught, roster)
    register_of_files = None if receipts is None else _Seen(receipts, begun, newest=terms.newest)
    found = _inbox(places, (roster_path,))
    with _kept(out, catalogue, limits, earlier.taught, fresh=False) as kept:
        means = _Means(catalogue, workers, progress or Silent(), limits, kept, {})
        return _read(found, earlier, round_keys([out]), roster, year, None, None, means, register_of_files).registered


def _inbox(places: Sequence[Place | Source], own: Collection[Path | None]) -> Inbox:
    """What came in; `own`: files of the bureau that may lie among it."""
    found = inbox(places)
    ours = {path.absolute() for path in own if path is not None}
    found.sources = [source for source in found.sources if source.path not in ours]
    return found


def _read(
    found: Inbox, earlier: EarlierRound, keys: list[str], roster: Roster | None, year: int | None,
    previous: Previous | None, reference: Batch | None, means: _Means, register_of_files: _Seen | None = None,
    library: IndicatorLibrary | None = None,
) -> _Batch:  # fmt: skip
    """Every file read, and told whose tables it holds."""
    with _timed(means.timings, "读取"):
        reading = read_files(
            found.sources, means.catalogue, means.kept, means.workers, means.progress, means.limits, earlier.taught,
            report=lambda files: means.progress.add_files(
                lambda: fates(register(files, roster, year).returns, means.catalogue)
            ),
        )  # fmt: skip
    means.progress.begin("登记", 0)
    with _timed(means.timings, "登记"):
        unseen = [FileReading(one.name, "", refused=one.why, unseen=one.status) for one in found.unseen]
        receipts = {} if register_of_files is None else register_of_files.with_files(reading.files, found.sources, keys)
        newest = receipts if register_of_files is not None and register_of_files.newest else None
        registered = register(chain(reading.files, unseen), roster, year, adopted(earlier.log), keys, newest)
        means.progress.add_files(lambda: fates(registered.returns, means.catalogue))
        require_years(registered.returns, previous, reference)
        given = given_to(registered, means.catalogue, roster, previous, reference, library)
        beyond = outside(
            registered, means.catalogue, roster,
            None if previous is None or given.previous is None else (previous, given.previous),
            None if reference is None or given.reference is None else (reference, given.reference),
        )  # fmt: skip
    # What is known of the batch without its values is in its register now.
    return _Batch(found, registered, given, beyond, earlier, reading.kept, keys, receipts)


def _check(batch: _Batch, means: _Means, folder: Path, *, public: bool) -> Results:
    """Every table checked and scored, with what people said of findings; the big frames are files below `folder`."""
    with _timed(means.timings, "核对评分"):
        results = _examined(batch, means, DataFiles(folder, FRAMES), public=public)
        take_decisions(results, batch.earlier, batch.given.roster)
    return results


def _write(results: Results, batch: _Batch, means: _Means, folder: Path, wanted: Collection[str]) -> None:
    """The outputs that are `wanted`, into `folder`. 退回 first: 汇总 leads into its files."""
    if "退回" in wanted:
        _give_back(results, batch, means, folder / COPIES)
    if PAPERS in wanted:
        from gouji.papers import write_papers

        with _timed(means.timings, PAPERS):
            results.run["remarks"] += write_papers(results, folder / PAPERS, means.workers, means.progress)
    with _timed(means.timings, "输出"):
        write_results(results, folder, wanted, partial(_begin, means.progress))


def _begin(progress: Progress, stage: str) -> None:
    """A stage that tells nothing of how far it is."""
    trim()
    progress.begin(stage, 0)


def _give_back(results: Results, batch: _Batch, means: _Means, folder: Path, *, clean: bool = False) -> None:
    """The marked copies, into `folder`; with `clean` those of files in which nothing is left to mend too."""
    from gouji.returning import GivenBack, return_copies  # a check that marks nothing does without

    told = told_to_units(outstanding(results), means.catalogue)
    rounds, key = batch.registered.rounds, batch.keys[0]
    known = GivenBack(results.returns, told, batch.found.sources, rounds, key, refused(results))
    with _timed(means.timings, "退回"):
        results.run["returned"] = return_copies(known, folder, means.workers, means.progress, means.limits, clean=clean)


def _examined(batch: _Batch, means: _Means, files: DataFiles, *, public: bool) -> Results:
    """Every part checked and scored; the big frames go to `files` as they come."""
    registered, given = batch.registered, batch.given
    returns = registered.returns
    received = [
        *receipt_findings(returns, registered.notes, given.roster, given.year, given.catalogue),
        *undefined_findings(returns, registered.undefined),
    ]
    noticed = reading_findings(returns, registered.notes, given.catalogue)
    rows = [finding_rows([*received, *noticed, *batch.outside.findings])]
    waiting: list[Examined] = []  # packed until all are there
    held: list[pd.DataFrame] = []
    means.progress.begin("核对评分", part_count(returns))
    examined_parts = in_order(means.workers, examine, parts(returns, means.kept, given, public=public), ahead=1)
    for _, examined in examined_parts:
        if isinstance(examined, Lost):
            raise PartLostError(f"核对评分没有完成：{examined}。请减少 --jobs 后再运行一次，已读取的文件不会重读")
        for name in FRAMES:
            files.add(name, examined[name])
        waiting.append(examined.only(["findings", *AGGREGATES]))
        held.append(examined["held"].to_pandas())
        means.progress.advance(1)
        means.progress.add_findings(examined["findings"].num_rows)
        trim()
    returns = held_back(returns, held)
    told = Aggregates.together([{name: part[name].to_pandas() for name in AGGREGATES} for part in waiting])
    whole = list(whole_batch_findings(returns, registered.notes, told, given.roster, given.year, given.catalogue))
    del told
    rows += [part["findings"].to_pandas() for part in waiting]
    waiting.clear()
    rows.append(finding_rows([*whole, *_form_faults(returns, given.catalogue)]))
    rows.append(finding_rows(evidence_gaps(rows, given.catalogue)))
    # One name for all of these, so that none outlasts the next: there are several of every return.
    findings = identified([softened_pages(part, returns) for part in rows])
    rows.clear()
    findings = keep_ids(findings, registered, given.roster, batch.earlier)
    findings = with_stale(findings, returns, registered.notes, given.catalogue)
    files.close()
    values = files.stored("values")
    findings, asides = by_cause(
        explained_findings(findings, registered.explanations), returns,
        lambda ids: values.frame(["return_id", "cell", "value"], return_id=set(ids)),
    )  # fmt: skip
    return Results(
        catalogue=given.catalogue,
        returns=returns,
        values=values,
        verdicts=files.stored("verdicts"),
        findings=findings,
        asides=files.kept("asides", asides),
        scores=files.stored("scores"),
        totals=files.stored("totals").frame(),
        roster=None if given.roster is None else given.roster.frame[ROSTER_COLUMNS],
        year=given.year,
        labels=registered.labels,
    )


def _form_faults(returns: pd.DataFrame, catalogue: Catalogue) -> Iterator[Finding]:
    """What is wrong with the forms that came in, each told once; of those that came on our workbooks only, what stands
    there."""
    checked = returns[returns["status"].isin(CHECKED) & returns["form"].notna()]
    for name, edition in sorted(set(zip(checked["form"], checked["edition"], strict=True))):
        mine = checked[checked["form"].eq(name) & checked["edition"].eq(edition)]
        yield from form_faults(catalogue.form(str(name), str(edition)), issued=bool(mine["layout"].eq("issued").all()))


def _alone(out: Path | None) -> AbstractContextManager[None]:
    """Nobody else at work on `out`."""
    return nullcontext() if out is None else alone(out)


@contextmanager
def _kept(
    out: Path | None, catalogue: Catalogue, limits: Limits | None, taught: tuple[Taught, ...], *, fresh: bool
) -> Iterator[Kept]:
    """The readings beside `out`; without one, such as are gone with the run."""
    with tempfile.TemporaryDirectory() as gone:
        place = Path(gone) / "kept" if out is None else beside(out, "kept")
        kept = Kept(place, catalogue, limits, taught, fresh=fresh)
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


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    trim()
    timings[stage] = round(time.perf_counter() - begun, 3)
