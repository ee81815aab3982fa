"""`gouji forms new`: a draft of a definition from a blank form."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console

from gouji.ingest.admit import read_bytes
from gouji.ingest.drafting.draft import draft, open_points
from gouji.ingest.read import read_workbook
from gouji.screen import say
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over


def draft_form(blank: Path, out: Path | None, sheet: str | None) -> None:
    """Prints the draft, or writes it to `out`, which must not exist yet.

    Raises Refused (a file that is no spreadsheet), NothingToDraftError, FileExistsError, OSError.
    """
    with reader() as process:
        text = handed_over(process, partial(_draft, sheet=sheet), blank)
    if out is None:
        print(text, end="")
        return
    with out.open("x", encoding="utf-8", newline="\n") as target:
        target.write(text)
    console = Console()
    say(console, f"已写出草稿：{out}，其中待定 {open_points(text)} 处。")
    say(console, "逐条确认后存为 templates/forms/表名/版本.yaml，再运行 gouji forms lint 检查。")


def _draft(blank: Path, sheet: str | None) -> str:
    return draft(read_workbook(read_bytes(blank), blank.name), blank.name, sheet)
