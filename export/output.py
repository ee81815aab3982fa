"""The folder of results, replaced as a whole: a killed run leaves the previous output as it was.

Everything is first written into a folder beside OUT. Only when it is complete does that folder get a name
that says so, and its entries are moved into OUT. Should the run be killed during those few renames, the next
one finishes them. What an earlier run wrote and this one was not asked for gets a name that says so: it must not be
taken for a result of this run.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pandas as pd
from xlsxwriter.exceptions import FileCreateError

from gouji.export.outputs import DATA, OUTPUTS, REPORT, SUMMARY, USUAL, not_written, set_aside
from gouji.export.results import Results
from gouji.export.tables import write_tables
from gouji.ingest.frames import typed
from gouji.ingest.system_words import system_words
from gouji.validate.findings import Finding, findings_frame
from gouji.validate.frames import findings_schema
from gouji.validate.review.log import head_of

_RUN = "run.json"
_DRAFT, _READY, _OLD = "writing", "ready", "old"
_STALE = 24 * 3600.0
"""Seconds after which an unfinished draft counts as left behind."""


class OutputError(Exception):
    """The results could not be put in their place; the message is Chinese and says what to do."""


def write_outputs(results: Results, out: Path, wanted: Collection[str] = USUAL) -> None:
    """`write_results`, put into the place of `out`; other files there stay. Raises OutputError."""
    with staged(out) as draft:
        write_results(results, draft, wanted)


def write_results(
    results: Results, draft: Path, wanted: Collection[str] = USUAL, begin: Callable[[str], object] = lambda _: None
) -> None:
    """Write 汇总.xlsx, 审核报告.html and 反馈意见/, each if it is `wanted` (names of OUTPUTS), into the folder `draft`;
    always findings.csv, run.json and what data/ lacks. `begin` is called with the name of each before it is written.

    Raises OSError.
    """
    if results.log:
        results.run["log"] = msgspec.to_builtins(head_of(results.log))
    results.run["written"] = [name for name in OUTPUTS if name in wanted]
    for name, write in _WRITERS.items():
        if name in wanted:
            begin(name)
            write(results, draft)
    begin(DATA)
    write_tables(results, draft)


def _write_summary(results: Results, draft: Path) -> None:
    """汇总.xlsx, its totals read back and checked.

    Where one is not the sum of its units, `results` gets a finding (C-01) and the workbook is written again with it.
    """
    from gouji.export.consolidation import untied
    from gouji.export.summary import write_summary

    write_summary(results, draft / SUMMARY)
    wrong = untied(results, draft / SUMMARY)
    if wrong:
        _add_findings(results, wrong)
        write_summary(results, draft / SUMMARY)


def _write_report(results: Results, draft: Path) -> None:
    from gouji.export.report.report import write_report

    write_report(results, draft / REPORT)


def _write_letters(results: Results, draft: Path) -> None:
    from gouji.export.letters.letters import write_letters

    write_letters(results, draft)


_WRITERS: dict[str, Callable[[Results, Path], object]] = {
    "汇总": _write_summary,
    "审核报告": _write_report,
    "反馈意见": _write_letters,
}
"""Output → what writes it; 汇总 first, for what is found in its totals belongs into all others. They are loaded when
they are called: a check of one file writes none.
"""


def _add_findings(results: Results, findings: list[Finding]) -> None:
    frames = [results.findings, findings_frame(findings)]
    results.findings = typed(pd.concat(frames, ignore_index=True), findings_schema)
    back = results.resolved["finding_id"].isin(results.findings["finding_id"])
    results.resolved = results.resolved[~back].reset_index(drop=True)
    if "findings" in results.run.get("counts", {}):
        results.run["counts"]["findings"] = len(results.findings)


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A folder to write into; its entries take the place of those in `out` when the block ends without error.

    On an error the folder is removed and `out` is as before. Raises OutputError.
    """
    draft = _new_draft(out)
    try:
        yield draft
        ready = draft.with_name(draft.name.replace(_DRAFT, _READY))
        draft.rename(ready)
    except (OSError, FileCreateError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise OutputError(_cannot_write(out, error)) from error
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _move_all(ready, out)


def _new_draft(out: Path) -> Path:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        finish_interrupted(out)
        return Path(tempfile.mkdtemp(prefix=_prefix(out, _DRAFT), dir=out.parent))
    except OSError as error:
        raise OutputError(_cannot_write(out, error)) from error


def finish_interrupted(out: Path) -> None:
    """Finish the moves of a run killed during them; clear away what long dead runs had begun to write."""
    for ready in sorted(out.parent.glob(f"{_escaped(_prefix(out, _READY))}*")):
        _move_all(ready, out)
    for draft in out.parent.glob(f"{_escaped(_prefix(out, _DRAFT))}*"):
        # A younger one may belong to a run that is still going on.
        if time.time() - draft.stat().st_mtime > _STALE:
            shutil.rmtree(draft, ignore_errors=True)


def _cannot_write(out: Path, error: Exception) -> str:
    return f"无法在“{out.parent}”里写入文件（{system_words(error)}），请检查权限和磁盘空间。"


def beside(out: Path, what: str) -> Path:
    """A file of our own beside `out`, which may not be there yet. Raises OutputError when nothing can be put there."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(_cannot_write(out, error)) from error
    return out.with_name(f".{out.name}.gouji-{what}")


def _prefix(out: Path, state: str) -> str:
    return f".{out.name}.gouji-{state}-"


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _move_all(ready: Path, out: Path) -> None:
    """Move every entry of a complete folder to its place, and aside what it does not replace: all of it or nothing.

    What is there is first moved out of the way: that fails where something is open in another program, and is undone.
    汇总.xlsx goes first: it is the one that may be open. run.json goes last: it says what is to be moved aside.
    """
    entries = [entry for entry in ready.iterdir() if entry.name != _OLD]
    entries.sort(key=lambda candidate: (candidate.name != SUMMARY, candidate.name == _RUN, candidate.name))
    moves = [*_aside(ready, out), *((entry, out / entry.name) for entry in entries)]
    done: list[tuple[Path, Path]] = []
    place = out
    try:
        out.mkdir(exist_ok=True)
        for _, place in moves:
            if os.path.lexists(place):
                _move(place, Path(tempfile.mkdtemp(dir=_old(ready))) / place.name, done)
        for entry, place in moves:
            _move(entry, place, done)
    except OSError as error:
        left = "下一次运行会把这次的结果放好。"
        if _undone(done):
            shutil.rmtree(ready, ignore_errors=True)
            left = "原来的结果都没有动。"
        advice = f"请先关闭正在使用它的程序（如 Excel），再重新运行。{left}"
        raise OutputError(f"无法替换“{place}”，{advice}") from error
    shutil.rmtree(ready, ignore_errors=True)


def _old(ready: Path) -> Path:
    """Where what is replaced waits until all is in its place."""
    (ready / _OLD).mkdir(exist_ok=True)
    return ready / _OLD


def _move(source: Path, place: Path, done: list[tuple[Path, Path]]) -> None:
    os.replace(source, place)
    done.append((source, place))


def _undone(done: list[tuple[Path, Path]]) -> bool:
    """Whether everything could be put back."""
    try:
        for source, place in reversed(done):
            os.replace(place, source)
    except OSError:
        return False
    return True


def _aside(ready: Path, out: Path) -> Iterator[tuple[Path, Path]]:
    """(place, place aside) of every output in `out` that the run in `ready` did not write."""
    try:
        run = json.loads((ready / _RUN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    for name in not_written(run, OUTPUTS):
        if (out / name).exists():
            yield out / name, out / set_aside(name)
