"""`gouji verify`: whether the files that a run read and wrote are still what they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from export.outputs import not_written
from export.tables import file_hash
from gouji.files import Source
from gouji.reading import content_hash
from gouji.screen import say
from gouji.statement import OUTCOMES, read_place, read_statement

SAID = {"accepted": "已读取", "refused": "不能读取", "quarantined": "已隔离"}


def verify_run(out: Path) -> int:
    """Prints what changed since the run; returns 0 when nothing did, 1 otherwise. Raises StatementError."""
    console, run = Console(), read_statement(out)
    files = run["files"]
    counts = [(SAID[name], sum(one["outcome"] == name for one in files)) for name in OUTCOMES]
    say(console, f"当时收到 {len(files)} 个文件：" + "，".join(f"{name} {count}" for name, count in counts))
    sources, outputs = list(_changed_sources(files)), list(_changed_outputs(out, run["outputs"]))
    for name, what in (*sources, *outputs):
        say(console, f"  {name}：{what}")
    say(console, f"收到的文件：{len(files) - len(sources)} 个没有变化，{len(sources)} 个有变化或找不到")
    if lacking := not_written(run):
        say(console, f"这次运行按 --only 没有写出：{'、'.join(lacking)}")
    say(console, f"结果文件：{len(run['outputs']) - len(outputs)} 个没有变化，{len(outputs)} 个有变化或找不到")
    return 1 if sources or outputs else 0


def _changed_sources(files: list[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for one in files:
        found = content_hash(Source(read_place(one["place"]), one["file"]))
        if found != one["sha256"]:
            yield one["file"], "内容有变化" if found else "找不到，或不能打开"


def _changed_outputs(out: Path, hashes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, sha256 in hashes.items():
        try:
            found = file_hash(out / name)
        except OSError:
            yield name, "找不到，或不能打开"
            continue
        if found != sha256:
            yield name, "内容有变化"
