"""The commands. Nothing heavy is imported here: each command loads its work when it is called."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from gouji.chinese import Command, Group, misuse, speak_chinese
from gouji.forms_cli import forms_app
from gouji.loading import loading
from gouji.options import (
    HELP,
    Evidence,
    Forms,
    Jobs,
    Json,
    Library,
    Out,
    Previous,
    Reference,
    Results,
    RoundFolder,
    Units,
    Year,
)
from gouji.rules_cli import rules_app

speak_chinese()

_INTERRUPTED = 130
"""What typer makes of Ctrl-C."""
app = typer.Typer(
    name="gouji",
    cls=Group,
    help="勾稽：下发绩效自评表、核对报表之间的勾稽关系、复算得分、汇总全县数据。",
    no_args_is_help=True,
    add_completion=False,
    context_settings=HELP,
)
app.add_typer(forms_app, name="forms")
app.add_typer(rules_app, name="rules")


@app.command(cls=Command)
def demo(out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹。")] = Path("演示")) -> None:
    """用随附的真实样表演示全过程：下发、读取、核对、评分、汇总。"""
    from gouji.commands.demo import show_demo

    show_demo(out)


@app.command(cls=Command)
def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="建在哪里，例如 2025年度绩效自评。")],
    year: Year = None,
    bureau: Annotated[str | None, typer.Option("--bureau", help="财政局名称，印在反馈意见的落款处。")] = None,
    forms: Annotated[
        list[str] | None, typer.Option("--form", metavar="表名[@版本]", help="要下发的表，可以写多个 --form。")
    ] = None,
    evidence: Evidence = None,
    deadline: Annotated[
        str | None, typer.Option("--deadline", metavar="年-月-日", help="报送截止日期，例如 2026-03-31。")
    ] = None,
    reply_days: Annotated[int | None, typer.Option("--reply-days", help="退回以后几天内报回。")] = None,
    units: Units = None,
    previous: Previous = None,
    reference: Reference = None,
    library: Annotated[
        bool, typer.Option("--library", help="另建一份指标库.xlsx，填好后用来核对指标的名称、计量单位和方向。")
    ] = False,
) -> None:
    """开始新的一轮：建一个文件夹，里面有设置（勾稽.toml）、名册和各步要用的文件夹。没有写的在屏幕上提问。"""
    from gouji.commands.init import Wishes, begin_round

    options = (year, bureau, forms, evidence, deadline, reply_days, units, previous, reference, library)
    begin_round(folder, Wishes(*options))


@app.command(cls=Command)
def issue(
    forms: Annotated[list[str] | None, typer.Argument(metavar="表名[@版本]…", help="要下发的表，可以写多个。")] = None,
    units: Units = None,
    year: Year = None,
    out: Out = None,
    evidence: Evidence = None,
    previous: Previous = None,
    library: Library = None,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="单位，…", help="只给这些单位生成，写单位编码或名称，例如后来增加的单位。"),
    ] = None,
    definitions: Forms = None,
    jobs: Jobs = None,
    round_folder: RoundFolder = None,
) -> None:
    """按名册给每个单位生成一份填报工作簿；部门决算参照表只生成一份，由财政局填写。"""
    from gouji.commands.issue import issue_all
    from gouji.round.asked import Asked
    from gouji.workers.chosen import chosen

    asked = Asked(round_folder)
    with chosen(jobs) as workers:
        issue_all(
            asked.forms(forms),
            asked.needed("--units（名册）", units, lambda round_: round_.roster()),
            asked.needed("--year（填报年度）", year, lambda round_: round_.settings.year),
            asked.needed("--out（写到哪个文件夹）", out, lambda round_: round_.issued),
            evidence=bool(asked.optional(evidence, lambda round_: round_.settings.evidence)),
            previous=asked.optional(previous, lambda round_: round_.previous()),
            library=asked.optional(library, lambda round_: round_.library()),
            only=only,
            layers=asked.layers(definitions),
            workers=workers,
        )


@app.command(cls=Command)
def check(
    files: Annotated[list[Path], typer.Argument(metavar="文件…", help="填好的工作簿。")],
    year: Year = None,
    marked: Annotated[
        Path | None, typer.Option("--marked", help="另把标好问题的工作簿写到这个文件夹，原文件不变。")
    ] = None,
    definitions: Forms = None,
    as_json: Json = False,
) -> None:
    """检查填好的工作簿，列出问题（单位自查用）。"""
    with loading():
        from gouji.commands.check import check_files
    from gouji.round.asked import Asked

    raise typer.Exit(check_files(files, year, marked, layers=Asked(None).layers(definitions), as_json=as_json))


@app.command(cls=Command)
def reference(
    files: Annotated[list[Path], typer.Argument(metavar="文件…", help="各单位公开的部门决算（Excel、Word、PDF）。")],
    out: Annotated[Path, typer.Option("--out", metavar="决算取数.xlsx", help="写到哪个文件。")] = Path("决算取数.xlsx"),
    definitions: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """从公开的部门决算取数，每个数写明出处；核对、填“确认”以后用作 --reference。"""
    from gouji.commands.reference import take_published
    from gouji.round.asked import Asked

    take_published(files, out, Asked(round_folder).layers(definitions))


@app.command(cls=Command)
def run(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="路径…", help="收到的文件或文件夹，也可以是网址（s3://…）。")
    ] = None,
    out: Out = None,
    units: Annotated[Path | None, typer.Option("--units", help="名册，用来认单位、查缺报。")] = None,
    year: Year = None,
    previous: Previous = None,
    reference: Reference = None,
    library: Library = None,
    definitions: Forms = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="tls://…", help="在 Dask 集群上读取和核对。")
    ] = None,
    limits: Annotated[
        Path | None, typer.Option("--limits", help="文件大小等限制（TOML），默认值见 docs/security.md。")
    ] = None,
    personal: Annotated[
        bool, typer.Option("--with-personal", help="结果里保留填表人、电话等个人信息（默认不写出）。")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="全部重新读取，不用上一次运行保留的读取结果。")] = False,
    decisions: Annotated[
        list[Path] | None,
        typer.Option("--decisions", help="填了审核意见的汇总.xlsx，可以有几份；结果文件夹里的那份自动带入。"),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="汇总,退回…",
            help="只写出哪些结果：汇总、审核报告、反馈意见、退回、底稿、数据、全部；默认除底稿以外都写。",
        ),
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="只读取，说明认出了什么、什么读不了；不核对，结果不变。")
    ] = False,
    round_folder: RoundFolder = None,
) -> None:
    """处理整批报表：读取、核对、评分，写出 汇总.xlsx 等结果。中断后再运行一次，已读取的文件不会重读。"""
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    inbox = asked.needed("路径（收到的文件或文件夹）", paths, lambda round_: [str(round_.inbox())])
    out = asked.needed("--out（结果写到哪个文件夹）", out, lambda round_: round_.out())
    for path in inbox:
        if "://" not in path and not os.path.lexists(path):
            raise FileNotFoundError(errno.ENOENT, "", os.path.abspath(path))
    with loading():  # what is missing is said before
        from gouji.commands.run import read_batch, run_batch
        from gouji.ingest.place import place_of

    places = [place_of(path) for path in inbox]
    units = asked.optional(units, lambda round_: round_.roster())
    year = asked.optional(year, lambda round_: round_.settings.year)
    previous = asked.optional(previous, lambda round_: round_.previous())
    bounds = asked.optional(limits, lambda round_: round_.settings.limits)
    layers = asked.layers(definitions)
    terms = asked.optional(None, lambda round_: round_.settings.terms)
    receipts = asked.optional(None, lambda round_: round_.receipts)
    if read_only:
        read_batch(
            places, out, units, year, previous, jobs=jobs, cluster=cluster, limits=bounds, terms=terms,
            receipts=receipts, layers=layers,
        )  # fmt: skip
        return
    status = run_batch(
        places, out, units, year, previous,
        asked.optional(reference, lambda round_: round_.reference()),
        asked.optional(library, lambda round_: round_.library()),
        jobs=jobs, cluster=cluster, limits=bounds, fresh=fresh, personal=personal, decisions=decisions or [], only=only,
        layers=layers, terms=terms, receipts=receipts,
        finished=asked.optional(None, lambda round_: round_.final),
    )  # fmt: skip
    raise typer.Exit(status)


@app.command(cls=Command)
def desk(
    round_folder: Annotated[
        Path | None, typer.Argument(metavar="文件夹", help="一轮的文件夹，默认当前文件夹或它的上级。")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", help="用哪个端口，默认任意空闲的。", min=0, max=65535, show_default=False)
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="是否自动打开浏览器，默认打开。", show_default=False)
    ] = True,
) -> None:
    """在本机的浏览器里办这一轮：看进度和问题，写审核意见，收表、退回、定稿、归档。只有本机能用，不联网。"""
    with loading():
        from gouji.commands.desk import open_desk
    from gouji.round.asked import Asked

    open_desk(Asked(round_folder).within("一轮的文件夹").folder, port, browser=browser)


@app.command(cls=Command)
def verify(
    out: Results = None,
    end: Annotated[
        str | None, typer.Option("--end", metavar="校验值", help="另行记下的审核记录末条校验值，查它是否还在记录里。")
    ] = None,
    round_folder: RoundFolder = None,
) -> None:
    """查一次运行收到的文件和写出的结果此后有没有变化，审核记录是否完整。"""
    from gouji.commands.verify import verify_run
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    raise typer.Exit(verify_run(asked.needed("结果文件夹", out, lambda round_: round_.checked()), end))


@app.command(cls=Command)
def diff(
    first: Annotated[Path, typer.Argument(metavar="上一轮", help="上一轮 gouji run 的结果文件夹。")],
    second: Annotated[Path, typer.Argument(metavar="本轮", help="本轮 gouji run 的结果文件夹。")],
    out: Annotated[Path | None, typer.Option("--out", metavar="比较.xlsx", help="逐条的比较写成这个工作簿。")] = None,
    as_json: Json = False,
) -> None:
    """比较两轮结果：哪些问题已修改、哪些仍在、哪些是新的；屏幕上按单位列出个数。"""
    from gouji.commands.diff import diff_rounds

    raise typer.Exit(diff_rounds(first, second, out, as_json=as_json))


@app.command(cls=Command)
def final(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="结果文件夹｜文件…", help="run 的结果文件夹（按审核意见定稿），或工作簿。"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="送审版和公开版写到哪个文件夹。")] = None,
    year: Year = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="不写文件，只算出每个文件的校验数，与页脚上印的比较。")
    ] = False,
    definitions: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """定稿：通过的工作簿做成送审版（清除标记、页脚印校验数）和公开版（不含个人信息）。

    给出结果文件夹时按审核意见：退回修改的不做，说明采纳、规则误判的问题不再算数；没有做的逐个说明原因。
    """
    from gouji.commands.final import finish_files, verify_files
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    if verify:
        finished = asked.needed("要核对的文件", files, lambda round_: [round_.final])
        raise typer.Exit(verify_files(finished, year, definitions or ()))
    out = asked.needed(
        "--out（送审版和公开版写到哪个文件夹；只核对校验数的用 --verify）", out, lambda round_: round_.final
    )
    raise typer.Exit(
        finish_files(asked.needed("结果文件夹", files, lambda round_: [round_.checked()]), out, year, definitions or ())
    )


@app.command(cls=Command)
def letters(
    out: Results = None,
    units: Units = None,
    remind_in: Annotated[
        Path | None,
        typer.Option(
            "--remind",
            metavar="文件.docx",
            help="只写催报通知：没有报齐的单位一个一页，都在这一个文件里，别的结果不动。",
        ),
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="单位，…", help="与 --remind 连用：只催这些单位，写单位编码或名称。")
    ] = None,
    definitions: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """重写反馈意见：按最近一次运行的结果和审核意见，落款日期是今天，报回日期从今天算起；或只写催报通知。"""
    from gouji.commands.letters import letters_again, remind
    from gouji.round.asked import Asked

    if only is not None and remind_in is None:
        raise typer.BadParameter("--only 要与 --remind 连用。")
    asked = Asked(round_folder)
    folder = asked.needed("结果文件夹", out, lambda round_: round_.checked())
    roster = asked.optional(units, lambda round_: round_.roster())
    terms = asked.optional(None, lambda round_: round_.settings.terms)
    if remind_in is not None:
        remind(folder, remind_in, roster, terms, definitions or (), only)
    else:
        letters_again(folder, roster, terms, definitions or ())


@app.command(cls=Command)
def sample(
    out: Results = None,
    by: Annotated[str, typer.Option("--by", metavar="随机｜金额｜偏差", help="怎样抽取：随机、金额、偏差。")] = "随机",
    count: Annotated[int, typer.Option("-n", "--count", metavar="张数", help="抽取几张表。", min=1)] = 10,
    seed: Annotated[
        str | None, typer.Option("--seed", metavar="种子", help="随机抽取的种子，不写则自动产生并写在表里。")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="文件.xlsx", help="写到哪里，默认在结果文件夹旁边：结果-抽查复核.xlsx。"),
    ] = None,
    read: Annotated[
        Path | None, typer.Option("--read", metavar="文件.xlsx", help="读取填好的抽查复核表，得出自评与复核的偏差率。")
    ] = None,
    as_json: Json = False,
    definitions: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """抽查复核：按金额、偏差或随机抽取要复核的表；填好复核得分后用 --read 得出各单位和全部的偏差率。

    抽取方法、种子和总体的校验值写在抽样说明里，日后可以照样再抽一次。
    """
    from gouji.commands.sample import draw_sample, read_back
    from gouji.results_folder import holds_results
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    if read is not None:
        folder = asked.optional(out, lambda round_: round_.results if holds_results(round_.results) else None)
        raise typer.Exit(read_back(read, folder, to, definitions or (), as_json=as_json))
    folder = asked.needed("结果文件夹", out, lambda round_: round_.checked())
    draw_sample(folder, by, count, seed, to, definitions or (), as_json=as_json)


@app.command(cls=Command)
def archive(
    out: Results = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="文件.zip", help="归档写到哪里，默认在结果文件夹旁边：结果-归档.zip。"),
    ] = None,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="有文件找不到或改动过也归档其余部分，缺少的记在归档清单里。")
    ] = False,
    definitions: Forms = None,
    round_folder: RoundFolder = None,
) -> None:
    """把一轮的全部材料打成一个归档：原件、表样定义、规则、审核记录、结果和校验值，供多年后重算。"""
    from gouji.commands.archive import archive_run
    from gouji.round.asked import Asked

    asked = Asked(round_folder)
    if out is None:
        to = asked.optional(to, lambda round_: round_.archive)
    archive_run(
        asked.needed("结果文件夹", out, lambda round_: round_.checked()),
        to,
        incomplete=incomplete,
        layers=definitions or (),
    )


@app.command(cls=Command)
def status(round_folder: RoundFolder = None) -> None:
    """这一轮进行得怎样：下发、收到、问题、审核意见、定稿，下一步做什么。"""
    from gouji.round.asked import Asked

    round_ = Asked(round_folder).within("--round（一轮的文件夹）")
    with loading():
        from gouji.commands.status import show_status

    show_status(round_)


@app.command(cls=Command)
def replay(
    archive: Annotated[Path, typer.Argument(metavar="归档.zip", help="gouji archive 做的归档。")],
    out: Annotated[Path | None, typer.Option("--out", help="重算的结果留在哪个文件夹，默认不留。")] = None,
    jobs: Jobs = None,
) -> None:
    """用归档里的原件和表样定义重算一遍，与归档的结果逐行比较。退出状态：0 相同，1 不同，2 不能重算。"""
    from gouji.commands.replay import replay_archive

    raise typer.Exit(replay_archive(archive, out, jobs))


@app.command(cls=Command)
def explain(
    rule: Annotated[str, typer.Argument(metavar="规则编号", help="例如 G-01、A-S1、T-02。")],
    file: Annotated[
        Path | None, typer.Option("--file", help="再说明这份工作簿里的情况：结论、原因和计算过程。")
    ] = None,
    definitions: Forms = None,
    as_json: Json = False,
) -> None:
    """说明一条规则：内容、算式、严重程度和依据。"""
    from gouji.commands.explain import explain_rule
    from gouji.round.asked import Asked

    explain_rule(rule, file, layers=Asked(None).layers(definitions), as_json=as_json)


def main() -> None:
    """The entry point: what could not be done at all is said in one Chinese sentence, with exit status 2."""
    from gouji.workers.import_path import leave_out_current_folder

    leave_out_current_folder()
    from gouji.surroundings import settle

    settle()  # before anything else: it may begin this process again
    try:
        status = app(standalone_mode=False)
    except Exception as error:
        if (sentence := _sentence(error)) is None:
            raise
        if sentence:
            print(sentence, file=sys.stderr)
        sys.exit(2)
    if status == _INTERRUPTED:
        print("已中止。", file=sys.stderr)
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def _sentence(error: Exception) -> str | None:
    """What is said of it, "" where it was said; None for what nobody foresaw."""
    from gouji.surroundings import shortage

    if (lack := shortage(error)) is not None:
        return lack
    from gouji.failures import is_foreseen, sentence_of

    if is_foreseen(error):
        return sentence_of(error)
    if hasattr(error, "format_message"):
        return "" if type(error).__name__ == "NoArgsIsHelpError" else misuse(error)  # the help page has been shown
    return None
