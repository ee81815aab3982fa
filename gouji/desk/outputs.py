"""The downloads of a round: a list by which alone files are found; no name from outside is used as a path."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gouji.export.findings_list import LIST_CSV
from gouji.export.outputs import COPIES, LETTERS, PAPERS, REPORT, SUMMARY
from gouji.round.folder import FINAL, ISSUED, RESULTS, Round
from gouji.validate.review.log import LOG


@dataclass(frozen=True)
class Output:
    """A file: its name below the round, where it is, how large."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True)
class Group:
    """Files that belong together: the `name` of the group, and `words` that describe them."""

    name: str
    words: str
    files: Sequence[Output]

    @property
    def size(self) -> int:
        """Bytes of all."""
        return sum(file.size for file in self.files)


_FILES = (SUMMARY, REPORT, LIST_CSV, LOG, "run.json")
_FOLDERS = (
    (f"{RESULTS}/{COPIES}", "给单位的：标好问题的原文件"),
    (f"{RESULTS}/{LETTERS}", "给单位的：反馈意见、催报通知"),
    (f"{RESULTS}/{PAPERS}", "审核工作底稿，一个单位一份"),
    (ISSUED, "给单位的：填报工作簿"),
    (FINAL, "送审版、公开版"),
)


def groups(round_: Round) -> list[Group]:
    """All groups that hold any file."""
    single = [round_.results / name for name in _FILES]
    listed = [Group("结果", "汇总、审核报告、问题清单、审核记录", list(_outputs(round_, single)))]
    for name, words in _FOLDERS:
        listed.append(
            Group(name.removeprefix(f"{RESULTS}/"), words, list(_outputs(round_, _below(round_.folder / name))))
        )
    listed.append(Group("归档", "一轮的全部材料", list(_outputs(round_, [round_.archive]))))
    return [group for group in listed if group.files]


def find(round_: Round, name: str) -> Output | None:
    """The file listed under this name; None where there is none."""
    return next((file for group in groups(round_) for file in group.files if file.name == name), None)


def pack(files: Sequence[Output], to: IO[bytes]) -> None:
    """All of them as one zip, under their names. Raises OSError."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for file in files:
            packed.write(file.path, file.name)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names) if not name.startswith((".", "~$")))


def _outputs(round_: Round, paths: Iterator[Path] | Sequence[Path]) -> Iterator[Output]:
    yielded = set()
    for path in paths:
        if path in yielded or path.is_symlink() or not path.is_file():
            continue
        yielded.add(path)
        yield Output(path.relative_to(round_.folder).as_posix(), path, path.stat().st_size)
