"""`gouji forms new`: a draft of a definition from a blank form."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

import typer
from rich.console import Console

from gouji.commands.editions import edition_file
from gouji.filled_returns import held_against
from gouji.ingest.admit import read_bytes
from gouji.ingest.drafting.answers import Answers
from gouji.ingest.drafting.draft import Draft, draft_of, open_points
from gouji.ingest.drafting.entry import Entry
from gouji.ingest.read import read_workbook
from gouji.screen import say
from gouji.templates.exact import figure
from gouji.templates.labels import one_line
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over


def draft_form(
    blank: Path, out: Path | None, sheet: str | None, edition: str | None, folder: Path, filled: Sequence[Path] = ()
) -> None:
    """Prints the draft, or writes it to `out`, or as an `edition` of its form below `folder`; neither may exist yet.

    `filled`: files and folders with filled returns of the form, by which the suggested checks are counted. On a
    terminal its open questions are asked one after another, and it is written.

    Raises Refused (a file that is no spreadsheet), NothingToDraftError, DefinitionError for a name that cannot be a
    file's, NoFilledReturnError, FileExistsError, OSError.
    """
    with reader() as process:
        draft = handed_over(process, partial(_draft, sheet=sheet), blank)
        if filled:
            draft = held_against(draft, filled, process)
    console = Console()
    asked = sys.stdin.isatty() and console.is_terminal
    answers = ask(console, draft, edition) if asked else Answers(edition=edition)
    if answers.edition is not None and out is None:
        out = edition_file(folder, draft.form, answers.edition)
    text = draft.text(answers)
    if out is None:
        print(text, end="")
        return
    with out.open("x", encoding="utf-8", newline="\n") as target:
        target.write(text)
    say(console, f"已写出草稿：{out}，其中待定 {open_points(text)} 处。")
    kept = "" if answers.edition is not None else f"存为 {folder}/表名/版本.yaml，"
    say(console, f"逐条确认后{kept}再运行 gouji forms check {folder} 检查。")


def _draft(blank: Path, sheet: str | None) -> Draft:
    return draft_of(read_workbook(read_bytes(blank), blank.name), blank.name, sheet)


def ask(console: Console, draft: Draft, edition: str | None) -> Answers:
    """The open questions of a draft, one after another; Enter takes what stands in brackets."""
    say(console, f"{draft.form}：以下逐项确认，直接回车用括号里的建议；没有建议的可以留空，草稿里注“待定”。")
    return Answers(
        edition=edition or typer.prompt("版本（地区-年度）", default=draft.edition),
        basis=typer.prompt("依据（哪一份文件的哪个附件）", default="", show_default=False) or None,
        short=typer.prompt("简称（用作工作表名）", default=draft.short),
        required=frozenset(
            row.text("id") for row in draft.total_rows if _yes(f"“{_one_line(row)}”一行必填吗", default=True)
        ),
        points={
            indicator.text("id"): points
            for indicator in draft.open_indicators
            if (points := _points(_one_line(indicator))) is not None
        },
        checks={
            suggestion.rule: _yes(f"核对 {suggestion.rule}（{suggestion.reason}），启用吗", default=False)
            for suggestion in draft.suggestions
            if not suggestion.sure
        },
    )


def _yes(question: str, *, default: bool) -> bool:
    answer: bool = typer.confirm(question, default=default)
    return answer


def _points(label: str) -> Decimal | None:
    """The points of an indicator; None where the author does not know them."""
    while answer := typer.prompt(f"“{label}”的分值", default="", show_default=False):
        points = figure(str(answer).removesuffix("分"))
        if points is not None and points >= 0:
            return points
        typer.echo("请写一个数，如 8 或 2.5；不知道就直接回车。")
    return None


def _one_line(entry: Entry) -> str:
    return one_line(entry.printed)
