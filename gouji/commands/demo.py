"""`gouji demo`: the whole job on the published returns that come with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

from rich.console import Console

from gouji.commands.issue import issue_all
from gouji.commands.run import summarise
from gouji.pipeline import run
from gouji.progress import progress_bar
from gouji.samples.build import ISSUED, PASTED, ROSTER, build_samples
from gouji.samples.reference import build_reference
from gouji.screen import say
from gouji.workers.chosen import chosen

FORMS = ["基础数据表@衡山县-2021", "评分表@衡山县-2021", "自评表@湖南-2020"]


def show_demo(out: Path) -> None:
    """Issues templates, rebuilds the five units' returns, runs the whole job on them, and says where to look."""
    console = Console()
    for folder in ("下发", "收到", "结果"):
        shutil.rmtree(out / folder, ignore_errors=True)
    say(console, "第一步 下发：按名册为每个单位生成一份填报工作簿")
    issue_all(FORMS, ROSTER, 2021, out / "下发")
    say(console, "第二步 收表：还原五个单位公开发布的真实报表（在下发的表上填的，和从 Word 粘贴的，各一份）")
    build_samples(out / "收到")
    reference = build_reference(out / "收到")
    say(console, "第三步 核对：读取在下发的表上填的报表，核对（汨罗市的还与公开的部门决算核对）、评分、汇总")
    with chosen() as workers, progress_bar(console) as progress:
        results = run(
            [out / "收到" / ISSUED], out / "结果", roster_path=ROSTER, reference_path=reference,
            workers=workers, progress=progress,
        )  # fmt: skip
    summarise(console, results, out / "结果")
    say(console, f"下发的空表在：{out / '下发'}")
    say(console, f"同样的数据从 Word 粘贴而来的样子在：{out / '收到' / PASTED}")
