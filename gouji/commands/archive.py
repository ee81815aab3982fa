"""`gouji archive`: a round packed for later, and what the archive holds said on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.archiving.manifest import ORIGINALS, Manifest, shown
from gouji.archiving.pack import archive_place, pack
from gouji.commands.catalogue import catalogue_of_run
from gouji.locking import alone
from gouji.screen import say
from gouji.workers.chosen import reader


def archive_run(out: Path, to: Path | None, *, incomplete: bool, layers: Sequence[Path] = ()) -> None:
    """Prints where the archive is, its hash, and what it lacks. Raises what `gouji.archiving.pack.pack` raises."""
    console = Console()
    with alone(out), reader() as process:
        packed = pack(
            out, to or archive_place(out), catalogue_of_run(out, layers), incomplete=incomplete, workers=process
        )
    manifest = packed.manifest
    held = sum(member.name.startswith(f"{ORIGINALS}/") for member in manifest.members)
    say(
        console,
        f"已归档：收到的文件 {len(manifest.originals)} 个（内容不同的 {held} 份），共 {len(manifest.members)} 个成员",
    )
    say_lacking(console, manifest)
    for name in manifest.changed:
        say(
            console,
            f"  {name} 在运行以后改过，按现在的样子归档；如果是填了审核意见，请再运行一次，带入审核记录后再归档",
        )
    if packed.log:
        say(console, packed.log)
    say(console, f"归档文件：{packed.path}")
    say(console, f"它的 SHA-256，请另行记下：{packed.sha256}")
    say(console, "归档里有原件，也就有其中的个人信息，请按档案管理的规定存放。")


def say_lacking(console: Console, manifest: Manifest) -> None:
    """What an archive does not hold."""
    unread = [original for original in manifest.originals if not original.sha256]
    for original in unread:
        say(console, f"  没有归档：{shown(original.file)}（收到时就不能打开）")
    for absent in manifest.absent:
        say(console, f"  没有归档：{shown(absent.name)}（{shown(absent.reason)}）")
