"""Decisions of earlier rounds taken into a run, from the folder that it replaces and from workbooks given beside it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath

import pandas as pd

from gouji.export.output import finish_interrupted
from gouji.export.outputs import SUMMARY
from gouji.export.resolved import resolved
from gouji.export.results import Results
from gouji.ingest.beside.previous import read_frame
from gouji.ingest.beside.review import read_review
from gouji.ingest.beside.taught_file import read_taught
from gouji.ingest.frames import returns_schema, typed
from gouji.ingest.register.batch import Register
from gouji.ingest.register.return_row import table_id
from gouji.ingest.roster import Roster
from gouji.logged import read_whole_log, require_end
from gouji.results_folder import frame_if_there
from gouji.templates.catalogue import Catalogue
from gouji.templates.review import TOLD_HEADS
from gouji.templates.taught import Taught
from gouji.validate.frames import findings_schema, resolved_schema
from gouji.validate.review.log import WORDING, Entry
from gouji.validate.review.rounds import recoded
from gouji.validate.review.same_findings import RunFindings, with_kept_ids
from gouji.validate.review.take_up import RECODED, STRANGE, Matter, reviewed, taken_up, worth_reading
from gouji.validate.review.wordings import not_understood, questions, wordings_taken_up
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import Workers

_ABOUT = ["finding_id", "unit_code", "unit", "form", "year", "instance", "return_id", "file", "item", "rule"]
"""What tells what a finding is about (`validate.findings.finding_ids`): there are many that ask nothing of anybody."""
_OF_TABLE = ["return_id", "file", "sha256"]
_EDITED = f"{PurePath(SUMMARY).stem}（运行期间改动）"


@dataclass(frozen=True)
class Named:
    """Findings that have their ids already: those of a run on its returns, what stood beside them (of `asides` and
    `returns` what tells what they are about), and those that were gone by then."""

    findings: pd.DataFrame
    asides: pd.DataFrame
    resolved: pd.DataFrame
    returns: pd.DataFrame


@dataclass
class EarlierRound:
    """What a run finds in OUT: every decision (those that are new in its workbooks from `before` on), its findings,
    what people said of labels (`taught`), and the hash of its 汇总.xlsx as it was read (`summary`). `named`: the
    findings whose ids are kept, of OUT or of the archive in which the log stands."""

    log: list[Entry] = field(default_factory=list)
    before: int = 0
    summary: str = ""
    matters: list[Matter] = field(default_factory=list)
    taught: tuple[Taught, ...] = ()
    findings: pd.DataFrame = field(default_factory=lambda: typed(pd.DataFrame(), findings_schema))
    resolved: pd.DataFrame = field(default_factory=lambda: typed(pd.DataFrame(), resolved_schema))
    named: Named | None = None


def earlier_round(
    workers: Workers,
    catalogue: Catalogue,
    out: Path | None,
    decisions: Sequence[Path] = (),
    log: Path | None = None,
    wordings: Sequence[Path] = (),
    roster: Roster | None = None,
) -> EarlierRound:
    """The round in `out`, if there is one, and the workbooks `decisions`; `log`: where the decisions so far stand.

    `wordings`: where 表样对照 may stand; the first that is there counts. Raises ReviewError, LogError, TaughtError,
    PreviousError, HandedOverError, OutputError rather than go on without what somebody has decided.
    """
    earlier = EarlierRound()
    if out is not None:
        finish_interrupted(out)  # the log of a run that was killed while it moved its results counts too
    place = log.parent if log is not None else out
    if place is not None:
        earlier.log = handed_over(workers, read_whole_log, place)
    if place is not None and (place / "data").is_dir():
        earlier.named = handed_over(workers, _results_before, place)
    if place == out and earlier.named is not None:
        earlier.findings, earlier.resolved = earlier.named.findings, earlier.named.resolved
    summary = None if out is None else out / SUMMARY
    workbooks = [path for path in decisions if summary is None or path.resolve() != summary.resolve()]
    workbooks += [] if summary is None else _edited(summary.parent)
    workbooks += (
        [summary] if summary is not None and summary.is_file() else []
    )  # the last word: it shows the latest figures
    books = [handed_over(workers, partial(read_review, wanted=worth_reading), path) for path in workbooks]
    if summary is not None and workbooks and workbooks[-1] == summary:
        earlier.summary = books[-1].sha256
        require_end(summary.parent, earlier.log, books[-1])
    earlier.before = len(earlier.log)
    recorded = _now()
    earlier.log, earlier.matters = taken_up(earlier.log, books, recorded, roster)
    taught = next((handed_over(workers, read_taught, path) for path in wordings if path.exists()), ())
    earlier.log, earlier.taught, label_matters = wordings_taken_up(earlier.log, taught, books, recorded, catalogue)
    earlier.matters += [*label_matters, *not_understood(earlier.taught, catalogue)]
    return earlier


def _results_before(out: Path) -> Named:
    """What the run that wrote `out` found, and what had become of the findings before. Raises PreviousError."""
    findings, returns = read_frame(out, "findings", findings_schema), read_frame(out, "returns", returns_schema)
    asides = frame_if_there(out, "asides")
    return Named(findings, asides[_ABOUT], frame_if_there(out, "resolved"), returns[_OF_TABLE])


def keep_ids(
    findings: pd.DataFrame, registered: Register, roster: Roster | None, earlier: EarlierRound
) -> pd.DataFrame:
    """The findings of a run with the ids that they had in the earlier round."""
    if earlier.named is None:
        return findings
    units = [registered.returns, findings, *([] if roster is None else [roster.frame])]
    shown = pd.concat([earlier.named.findings[_ABOUT], earlier.named.asides], ignore_index=True)
    before = RunFindings(recoded(shown, *units).findings, earlier.named.returns)
    gone = recoded(earlier.named.resolved, *units).findings
    earlier.named = None  # nobody else asks for it, and it is of the size of a batch
    return with_kept_ids(RunFindings(findings, registered.returns, registered.replaced), before, gone)


def keep_edited(earlier: EarlierRound, out: Path, draft: Path) -> list[str]:
    """What people wrote in 汇总.xlsx of `out` while the run was at work, kept for the next one under another name in
    `draft`, which takes its place; a remark on it, if there was anything. Raises OSError."""
    try:
        data = (out / SUMMARY).read_bytes()
    except FileNotFoundError:
        return []
    changed = hashlib.sha256(data).hexdigest()
    if changed == earlier.summary:
        return []
    name = f"{_EDITED}{changed[:8]}{PurePath(SUMMARY).suffix}"
    (draft / name).write_bytes(data)
    return [f"运行期间有人保存过 {SUMMARY}，那里的意见没有进入本次结果，已另存为 {out / name}，下一次运行会带入。"]


def _edited(out: Path) -> list[Path]:
    return sorted(path for path in out.glob(f"{_EDITED}*") if path.is_file()) if out.is_dir() else []


def take_decisions(results: Results, earlier: EarlierRound, roster: Roster | None = None) -> None:
    """Fill in what the decisions say of the findings of `results`, and what became of the earlier findings."""
    units = [results.returns, results.findings, *([] if results.roster is None else [results.roster])]
    before = recoded(earlier.findings, *units)
    new = [entry for entry in earlier.log[earlier.before :] if entry.kind != WORDING]
    decidable = _decidable_ids(results, earlier) if new else set[str]()
    strange = [_strange(entry) for entry in new if entry.finding_id not in decidable]
    results.decisions, unsettled = reviewed(results.findings, earlier.log, roster)
    results.log = earlier.log
    results.matters = [*earlier.matters, *strange, *map(_recoded_matter, before.units), *unsettled]
    results.taught = earlier.taught
    results.questions = questions(results.labels, results.returns, results.taught)
    results.resolved = resolved(results, before.findings, earlier.resolved, earlier.log)


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _recoded_matter(unit: tuple[str, str, str]) -> Matter:
    name, then, now = unit
    text = f"“{name}”的单位编码上次是 {then}，这次是 {now}，按名称认作同一单位，已有的审核意见随单位保留。"
    return Matter(RECODED, "", name, "", text)


def _decidable_ids(results: Results, earlier: EarlierRound) -> set[str]:
    """The findings and tables that decisions of this batch may be about."""
    tables = map(table_id, results.returns["sha256"], results.returns["return_id"])
    beside = results.asides.frame(["finding_id"])
    frames = (results.findings, beside, earlier.findings, earlier.resolved)
    return {*tables, *(str(finding_id) for frame in frames for finding_id in frame["finding_id"])}


def _strange(entry: Entry) -> Matter:
    texts = dict(zip(TOLD_HEADS, entry.told, strict=False))
    text = f"{entry.workbook}：本批没有编号为 {entry.finding_id} 的问题，这条意见只作了记录。"
    return Matter(STRANGE, entry.finding_id, texts.get("单位", ""), texts.get("表", ""), text)
