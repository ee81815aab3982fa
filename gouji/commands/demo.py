"""`gouji demo`: the whole job on the published returns that come with the program, as a round to go on with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from gouji.commands.issue import issue_all
from gouji.commands.run import summarise
from gouji.pipeline import run
from gouji.progress import progress_bar
from gouji.round.errors import RoundError
from gouji.round.folder import FINAL, ISSUED, RECEIPTS, RECEIVED, RESULTS, Round
from gouji.round.founding import found_round
from gouji.round.settings import SETTINGS_FILE, Settings
from gouji.samples.build import ISSUED as FILLED
from gouji.samples.build import PASTED, ROSTER, ROSTER_NAME, build_samples
from gouji.samples.reference import build_reference
from gouji.screen import say
from gouji.workers.chosen import chosen

FORMS = ["基础数据表@衡山县-2021", "评分表@衡山县-2021", "自评表@湖南-2020"]
_SAMPLES = "样例"
_MARK = "# 演示"
"""The first line of the settings of a demonstration: no other round is begun anew."""
_FOLDERS = (ISSUED, RECEIVED, RESULTS, FINAL, _SAMPLES)
_FILES = (RECEIPTS, ROSTER_NAME)


def show_demo(out: Path) -> None:
    """Issues templates, rebuilds the five units' returns, runs the whole job on them, and says where to look.

    Raises RoundError where `out` is a real round, or holds files that would be replaced.
    """
    console = Console()
    _require_demonstration(out)
    with TemporaryDirectory() as place:
        built = build_reference(Path(place))
        _clear(out)
        round_ = _round(out, f"{_SAMPLES}/{built.name}")  # the mark stands before anything else does
        (out / _SAMPLES).mkdir()
        reference = Path(shutil.copyfile(built, out / _SAMPLES / built.name))
    say(console, "第一步 下发：按名册为每个单位生成一份填报工作簿")
    issue_all(FORMS, round_.roster(), 2021, round_.issued)
    say(console, "第二步 收表：还原五个单位公开发布的真实报表（在下发的表上填的，和从 Word 粘贴的，各一份）")
    build_samples(out / _SAMPLES)
    shutil.copytree(out / _SAMPLES / FILLED, round_.received, dirs_exist_ok=True)
    say(console, "第三步 核对：读取在下发的表上填的报表，核对（汨罗市的还与公开的部门决算核对）、评分、汇总")
    with chosen() as workers, progress_bar(console) as progress:
        results = run(
            [round_.received], round_.results, roster_path=round_.roster(), reference_path=reference,
            workers=workers, progress=progress, receipts=round_.receipts,
        )  # fmt: skip
    summarise(console, results, round_.results)
    say(console, f"下发的空表在：{round_.issued}")
    say(console, f"同样的数据从 Word 粘贴而来的样子在：{out / _SAMPLES / PASTED}")
    say(console, f"在浏览器里看进度和问题、写审核意见：gouji desk {out}（有 make 的电脑：make desk）")


def _require_demonstration(out: Path) -> None:
    """Raises RoundError where `out` holds anything to be replaced that no earlier demonstration wrote."""
    settings = out / SETTINGS_FILE
    if settings.exists():
        if not settings.read_text(encoding="utf-8", errors="replace").startswith(_MARK):
            raise RoundError(f"“{out}”是一轮的文件夹，没有演示，什么都没有改动。请用 --out 换一个文件夹。")
        return
    taken = [f"“{name}”" for name in (*_FOLDERS, *_FILES) if _holds_anything(out / name)]
    if taken:
        raise RoundError(
            f"“{out}”里已经有{'、'.join(taken)}，不是演示留下的，没有演示，什么都没有改动。请用 --out 换一个文件夹。"
        )


def _holds_anything(path: Path) -> bool:
    """Empty folders and the samples' own 名册 may be what an interrupted demonstration has left."""
    if path.is_dir():
        return next(path.iterdir(), None) is not None
    return os.path.lexists(path) and not (path.is_file() and path.read_bytes() == ROSTER.read_bytes())


def _clear(out: Path) -> None:
    """Takes away what an earlier demonstration left, its mark at last."""
    for folder in _FOLDERS:
        shutil.rmtree(out / folder, ignore_errors=True)
    for file in (*_FILES, SETTINGS_FILE):
        (out / file).unlink(missing_ok=True)


def _round(out: Path, reference: str) -> Round:
    round_ = found_round(out, Settings(year=2021, forms=tuple(FORMS), reference=reference), ROSTER)
    settings = out / SETTINGS_FILE
    settings.write_text(f"{_MARK}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8", newline="\n")
    return round_
