"""`gouji verify`: whether the files that a run read and wrote are unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from gouji.export.outputs import not_written
from gouji.export.tables import file_hash
from gouji.files import Source
from gouji.logged import log_line, place_in, read_kept_log
from gouji.reading import content_hash
from gouji.screen import say
from gouji.statement import OUTCOMES, read_place, read_statement
from gouji.validate.review.log import LogError
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over

_OUTCOME_WORDS = {"accepted": "已读取", "refused": "不能读取", "quarantined": "已隔离"}


def verify_run(out: Path, end: str | None = None) -> int:
    """Prints what changed since the run; returns 0 when nothing did, 1 otherwise. Raises StatementError.

    `end`: the hash of the last entry of 审核记录, as somebody wrote it down.
    """
    console, run = Console(), read_statement(out)
    files = run["files"]
    counts = [(_OUTCOME_WORDS[name], sum(file["outcome"] == name for file in files)) for name in OUTCOMES]
    say(console, f"当时收到 {len(files)} 个文件：" + "，".join(f"{name} {count}" for name, count in counts))
    sources, outputs = list(_changed_sources(files)), list(_changed_outputs(out, run["outputs"]))
    for name, change in (*sources, *outputs):
        say(console, f"  {name}：{change}")
    say(console, f"收到的文件：{len(files) - len(sources)} 个没有变化，{len(sources)} 个有变化或找不到")
    if lacking := not_written(run):
        say(console, f"这次运行按 --only 没有写出：{'、'.join(lacking)}")
    say(console, f"结果文件：{len(run['outputs']) - len(outputs)} 个没有变化，{len(outputs)} 个有变化或找不到")
    log_intact = _log(console, out, end)
    return 1 if sources or outputs or not log_intact else 0


def _log(console: Console, out: Path, end: str | None) -> bool:
    """Says where 审核记录 ends; whether it does so as run.json, 汇总.xlsx and `end` state."""
    try:
        with reader() as process:
            log = handed_over(process, read_kept_log, out)
    except LogError as error:
        say(console, str(error))
        return False
    say(console, log_line(log) if log else "审核记录：没有")
    if end is None:
        return True
    place = place_in(log, end.strip().lower())
    if not place:
        say(
            console,
            f"审核记录里没有一条的校验值是 {end.strip()}：记下它以后，那一条被改动或删除过，或者整个记录被重写过",
        )
    elif place < len(log):
        say(console, f"记下的校验值是第 {place} 条的，此后又有 {len(log) - place} 条")
    else:
        say(console, "与记下的校验值相同")
    return bool(place)


def _changed_sources(files: list[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for file in files:
        sha256 = content_hash(Source(read_place(file["place"]), file["file"]))
        if sha256 != file["sha256"]:
            yield file["file"], "内容有变化" if sha256 else "找不到，或不能打开"


def _changed_outputs(out: Path, hashes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, sha256 in hashes.items():
        try:
            current = file_hash(out / name)
        except OSError:
            yield name, "找不到，或不能打开"
            continue
        if current != sha256:
            yield name, "内容有变化"
