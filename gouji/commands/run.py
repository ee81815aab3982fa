"""`gouji run`: the whole batch, with progress and a summary on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.export.attendance import attendance
from gouji.export.outputs import (
    COPIES,
    LETTERS,
    PAPERS,
    REPORT,
    SUMMARY,
    USUAL,
    not_written,
    outputs_named,
    set_aside,
    written,
)
from gouji.export.parties import title
from gouji.export.resolved import OPEN
from gouji.export.results import Results
from gouji.export.settled import outstanding, settled
from gouji.export.states import state_words, states
from gouji.export.terms import Terms
from gouji.fates import fates
from gouji.finished import read_finished
from gouji.ingest.limits import Limits, read_limits
from gouji.ingest.place import Place
from gouji.logged import log_line
from gouji.pipeline import read_ahead, run
from gouji.progress import progress_bar
from gouji.screen import say
from gouji.status import exit_status
from gouji.validate.frames import SEVERITIES
from gouji.validate.review.wordings import unanswered
from gouji.workers.chosen import chosen, reader
from gouji.workers.cluster import open_to_others
from gouji.workers.handed_over import handed_over

EMPTY = "收到的文件夹里没有可以读取的文件，什么都没有核对，请核对路径。"
_MOST_UNSEEN = 20
_MOST_OWING = 12


def run_batch(
    places: list[Place], out: Path, units: Path | None, year: int | None, previous: Path | None,
    reference: Path | None, library: Path | None = None, *,
    jobs: int | None, cluster: str | None, limits: Path | Limits | None, fresh: bool,
    personal: bool, decisions: list[Path], only: str | None = None, terms: Terms | None = None,
    receipts: Path | None = None, finished: Path | None = None,
    layers: Sequence[Path] = (),
) -> int:  # fmt: skip
    """Reads, checks, scores and writes; returns the exit status (0 nothing mandatory is wrong, 1 something is).

    `only`: the outputs to write, as they were typed; `layers`: folders of definitions laid over those that come
    with gouji.
    Raises UnknownOutputError, and whatever makes a run impossible.
    """
    outputs = USUAL if only is None else outputs_named(only)
    console, catalogue = Console(), chosen_catalogue(layers)
    bounds = _limits(limits) if isinstance(limits, Path) else limits
    if cluster is not None and (warning := open_to_others(cluster)):
        say(console, warning)
    with chosen(jobs, cluster, bounds) as workers, progress_bar(console) as progress:
        results = run(
            places, out, roster_path=units, year=year, previous_path=previous, reference_path=reference,
            library_path=library,
            catalogue=catalogue, limits=bounds, workers=workers, fresh=fresh, personal=personal, decisions=decisions,
            only=outputs, progress=progress, terms=terms, receipts=receipts,
            finished=[entry.sha256 for entry in read_finished(finished)] if finished else [],
        )  # fmt: skip
    summarise(console, results, out)
    return exit_status(outstanding(results))


def read_batch(
    places: list[Place], out: Path, units: Path | None, year: int | None, previous: Path | None, *,
    jobs: int | None, cluster: str | None, limits: Path | Limits | None, terms: Terms | None = None,
    receipts: Path | None = None, layers: Sequence[Path] = (),
) -> None:  # fmt: skip
    """Reads what a run into `out` would, so that the run need not; says what came and what cannot be read."""
    console, catalogue = Console(), chosen_catalogue(layers)
    bounds = _limits(limits) if isinstance(limits, Path) else limits
    with chosen(jobs, cluster, bounds) as workers, progress_bar(console) as progress:
        registered = read_ahead(
            places, out, roster_path=units, year=year, previous_path=previous, catalogue=catalogue, limits=bounds,
            workers=workers, terms=terms, receipts=receipts, progress=progress,
        )  # fmt: skip
    every = list(fates(registered.returns, catalogue))
    counts = "、".join(f"{status} {count}" for status, count in Counter(fate.status for fate in every).most_common())
    say(console, f"读取了 {len(every)} 个文件：{counts}" if every else EMPTY)
    lacking = [fate for fate in every if fate.status in ("无法读取", "已隔离", "未识别")]
    for fate in lacking[:_MOST_UNSEEN]:
        say(console, f"没有读到“{fate.name}”：{fate.why}")
    if len(lacking) > _MOST_UNSEEN:
        say(console, f"没有读到的共 {len(lacking)} 个")
    say(console, "只作了读取，没有核对，结果没有变。核对请运行 gouji run，读过的文件不会重读。")


def _limits(path: Path) -> Limits:
    """Read before there are workers that obey them."""
    with reader(preloaded=True) as process:
        return handed_over(process, read_limits, path)


def summarise(console: Console, results: Results, out: Path) -> None:
    """What came in, what was found, and where to look."""
    _came_in(console, results)
    findings = outstanding(results)
    findings = findings[findings["severity"] != "表样问题"]
    counts = Counter(zip(findings["severity"], findings["verdict"], strict=True))
    if not results.run["counts"]["files"]:
        say(console, EMPTY)
    elif not counts:
        console.print("没有发现问题。")
    for (severity, verdict), count in sorted(
        counts.items(), key=lambda entry: (SEVERITIES.index(entry[0][0]), entry[0][1])
    ):
        console.print(f"  {severity}·{verdict} {count} 条")
    faults = int((results.findings["severity"] == "表样问题").sum())
    if faults:
        console.print(f"  表样问题 {faults} 条（请财政局修订表样，与填报单位无关）")
    _reviewed(console, results)
    if still := unanswered(results.questions):
        console.print(f"有 {still} 种标签的写法与表样不同，请在汇总.xlsx“表样对照”中确定，以后按确定的读取")
    returned = results.run.get("returned")
    if returned and (returned["marked"] or returned["listed"]):
        listed = f"，另有 {returned['listed']} 个文件不能标注，只列出问题" if returned["listed"] else ""
        say(console, f"退回各单位的文件 {returned['marked']} 个，问题已标在格子上{listed}：{out / COPIES}")
    slowest = max(results.run["timings"].items(), key=lambda item: item[1], default=("", 0))
    console.print(f"用时最多的一步：{slowest[0]}（{slowest[1]:.1f} 秒）")
    if PAPERS in written(results.run):
        say(console, f"各单位的审核工作底稿：{out / PAPERS}")
    lacking = not_written(results.run)
    for place, label in ((SUMMARY, "请先打开"), (REPORT, "网页报告"), (LETTERS, "给各单位的审核反馈意见")):
        if place not in lacking and (place != LETTERS or any((out / place).glob("*"))):
            say(console, f"{label}：{out / place}")
    _not_written(console, lacking, out)


def _came_in(console: Console, results: Results) -> None:
    """What was read, and what was not."""
    for remark in results.run["remarks"]:
        say(console, remark)
    status = results.returns["status"].value_counts()
    console.print(
        f"共 {results.run['counts']['files']} 个文件，{int(status.sum())} 张表："
        + "、".join(f"{k} {v}" for k, v in status.items())
    )
    if results.run["counts"]["passed_over"]:
        console.print(f"另有 {results.run['counts']['passed_over']} 个临时文件、锁文件、快捷方式一类的文件，没有看")
    if newest := results.run.get("newest"):
        say(console, f"报了不止一份、按设置用新的一份的有 {len(newest)} 处，依据见“收表明细”和“问题清单”")
    _owing(console, results)
    unseen = results.run["unseen"]
    for file in unseen[:_MOST_UNSEEN]:
        say(console, f"没有读取“{file['name']}”：{file['why']}")
    if len(unseen) > _MOST_UNSEEN:
        console.print(f"没有读取的共 {len(unseen)} 处，都列在“收表明细”里")
    for outside in results.run["outside"]:
        say(console, f"{outside['source']}：{outside['words']}")
    if results.run["counts"]["kept"]:
        console.print(f"其中 {results.run['counts']['kept']} 个文件内容没有变化，沿用上一次的读取结果")


def _owing(console: Console, results: Results) -> None:
    """How the tables of all units stand, and the units of which something has not come."""
    if results.roster is not None:
        say(console, f"各表的状态：{state_words(Counter(states(results)['state']))}")
    owing = [unit for unit in attendance(results) if not unit.complete]
    if owing:
        names = "、".join(title(unit) for unit in owing[:_MOST_OWING]) + ("等" if len(owing) > _MOST_OWING else "")
        say(console, f"还没有报齐的单位 {len(owing)} 个（见“催报名单”）：{names}")


def _not_written(console: Console, lacking: list[str], out: Path) -> None:
    """The outputs that were not asked for, and what those of an earlier run are called now."""
    if not lacking:
        return
    say(console, f"按 --only 没有写出：{'、'.join(lacking)}。要写出请再运行一次（没有变化的文件不会重读）")
    if earlier := [set_aside(place) for place in lacking if (out / set_aside(place)).exists()]:
        say(console, f"以前写出的不是这次的结果，改名为：{'、'.join(earlier)}")


def _reviewed(console: Console, results: Results) -> None:
    """What became of the decisions of earlier rounds."""
    if results.log:
        held = int(results.decisions["opinion"].notna().sum())
        unsettled = f"，{len(results.matters)} 条请看“意见处理”" if results.matters else ""
        closed = int(settled(results).sum())
        reviewed = f"，其中 {closed} 条问题已审（说明采纳或规则误判），不再计数" if closed else ""
        console.print(f"审核意见：{held} 条有效{reviewed}{unsettled}")
        say(console, f"{log_line(results.log)}（请另行记下，以后用 gouji verify --end 核对）")
    if len(results.resolved):
        unseen = int(results.resolved["outcome"].isin(OPEN).sum())
        console.print(
            f"以前的问题：{len(results.resolved) - unseen} 条已不再出现"
            + (f"，{unseen} 条因没有收到表或没有核对不能确认" if unseen else "")
        )
