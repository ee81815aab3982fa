"""审核记录 held against what is stated of its end elsewhere: run.json, the round's 汇总.xlsx, what people wrote down.

The chain tells whatever is changed in the middle of the log; only another place tells that its end is gone, or that all
of it was made anew.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gouji.export.outputs import SUMMARY
from gouji.export.tables import file_hash
from gouji.ingest.beside.review import ReviewBook, ReviewError, read_review
from gouji.run_json import run_json
from gouji.validate.review.log import LOG, Entry, Head, LogError, head_of, read_log

_ADVICE = (
    "没有继续，什么都没有覆盖。请从备份恢复审核记录后再运行；确实找不回的，请把整个结果文件夹改名留存，"
    "换一个 --out 运行，并用 --decisions 带入原来的 汇总.xlsx。"
)


class _Stated(msgspec.Struct):
    """What run.json says of the log."""

    log: Head | None = None
    outputs: dict[str, str] = {}


def read_whole_log(out: Path) -> list[Entry]:
    """The log in the folder of results `out`, if its end is the one that run.json states.

    Raises LogError, which says what is gone.
    """
    log = read_log(out / LOG)
    _require_stated(out / LOG, log, out)
    return log


def require_end(out: Path, log: Sequence[Entry], summary: ReviewBook) -> None:
    """Raises LogError where the log of `out` never ended, or no longer goes on, as its 汇总.xlsx states."""
    stated = None if summary.log is None else Head(*summary.log)
    if stated is not None and head_of(log[: stated.entries]) != stated:
        raise LogError(_differs(out / LOG, log, stated, SUMMARY))


def read_kept_log(out: Path) -> list[Entry]:
    """The log of a round that is not gone on with, held against run.json and 汇总.xlsx. Raises LogError."""
    log = read_whole_log(out)
    with contextlib.suppress(OSError, ReviewError):  # what is wrong with 汇总.xlsx is not said here
        require_end(out, log, read_review(out / SUMMARY, lambda _: False))
    return log


def log_line(log: Sequence[Entry]) -> str:
    """Where the log ends, for people to write down."""
    end = head_of(log)
    return f"审核记录：{end.entries} 条，末条校验值 {end.sha256}"


def place_in(log: Sequence[Entry], sha256: str) -> int:
    """After which entry the log had an end of this hash; 0 where it never had."""
    return next((head.entries for n in range(len(log), 0, -1) if (head := head_of(log[:n])).sha256 == sha256), 0)


def _require_stated(path: Path, log: Sequence[Entry], out: Path) -> None:
    try:
        stated = msgspec.json.decode(run_json(out), type=_Stated)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return
    if stated.log is not None and head_of(log) != stated.log:
        raise LogError(_differs(path, log, stated.log, "run.json"))
    if LOG not in stated.outputs and log and stated.outputs:
        raise LogError(f"按 run.json，上次运行没有审核记录，现在“{path}”里有 {len(log)} 条，不是运行写入的。{_ADVICE}")
    if LOG in stated.outputs and (not log or file_hash(path) != stated.outputs[LOG]):
        raise LogError(f"审核记录“{path}”与 run.json 记载的不一致，被改动或删除过。{_ADVICE}")


def _differs(path: Path, log: Sequence[Entry], stated: Head, where: str) -> str:
    """What is not as it was stated, as a sentence."""
    count, stated_count = len(log), stated.entries
    if not count:
        fault = "现在整个记录没有了"
    elif count < stated_count:
        fault = f"现在 {count} 条，最后 {stated_count - count} 条没有了"
    elif head_of(log[:stated_count]) == stated:
        fault = f"现在 {count} 条，后面 {count - stated_count} 条不是运行写入的"
    else:
        fault = f"现在 {count} 条，第 {stated_count} 条不是原来的：最后一条被改动，或者整个记录被重写过"
    return f"审核记录“{path}”与{where}记载的不一致：原有 {stated_count} 条，{fault}。{_ADVICE}"
