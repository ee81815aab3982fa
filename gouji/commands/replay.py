"""`gouji replay`: an archived round run again, and what is equal and what is not said on the screen."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from gouji.archiving.manifest import Manifest, shown
from gouji.archiving.replay import Replayed, replay
from gouji.commands.archive import say_lacking
from gouji.progress import progress_bar
from gouji.screen import say
from gouji.statement import gouji_version
from gouji.workers.tasks import Workers

_MOST = 10


def replay_archive(archive: Path, out: Path | None, jobs: int | None, workers: Workers | None = None) -> int:
    """Prints what came of it; returns 0 when everything is equal, 1 otherwise. Raises what `replay` raises."""
    console = Console()

    def opened(manifest: Manifest, sha256: str) -> None:
        say(console, f"归档的 SHA-256：{sha256}")
        say(console, f"成员 {len(manifest.members)} 个，校验值都对；收到的文件 {len(manifest.originals)} 个")
        say_lacking(console, manifest)

    with progress_bar(console) as progress:
        replayed = replay(archive, out, workers, progress, jobs=jobs, opened=opened)
    _say_circumstances(console, replayed)
    for difference in replayed.differences:
        say(console, f"  {difference}")
    say(console, "结论：重算结果与归档的相同。" if replayed.equal else "结论：重算结果与归档的不同。")
    if out is not None:
        say(console, f"重算的结果在：{out}")
    return 0 if replayed.equal else 1


def _say_circumstances(console: Console, replayed: Replayed) -> None:
    """Under which definitions and which program it was run again, and what was not compared."""
    forms = replayed.forms
    if forms:
        few = "、".join(map(shown, forms[:_MOST])) + ("……" if len(forms) > _MOST else "")
        say(console, f"表样定义：与现在安装的有 {len(forms)} 个不同（{few}），已按归档里的定义重算")
    elif forms is None:
        say(console, "表样定义：归档里没有，已按现在安装的重算")
    else:
        say(console, "表样定义：与现在安装的相同")
    version = shown(replayed.manifest.gouji)
    program = (
        f"与归档时的相同（{version}）"
        if replayed.program
        else f"与归档时的不同（当时 {version}，现在 {gouji_version()}）"
    )
    say(console, f"程序：{program}")
    if replayed.decisions:
        say(console, f"审核记录：{replayed.decisions} 条，前后相接，没有改动")
    if replayed.aside:
        say(console, f"归档里没有的文件 {len(replayed.aside)} 个，它们的行不比较；与它们有关的核对可能因此不同")
