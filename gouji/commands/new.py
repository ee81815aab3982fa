"""`gouji forms new`: a draft of a definition from a blank form."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console

from gouji.commands.editions import edition_file
from gouji.ingest.admit import read_bytes
from gouji.ingest.drafting.draft import draft, drafted_form, open_points
from gouji.ingest.read import read_workbook
from gouji.screen import say
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over


def draft_form(blank: Path, out: Path | None, sheet: str | None, edition: str | None, folder: Path) -> None:
    """Prints the draft, or writes it to `out`, or as an `edition` of its form below `folder`; neither may exist yet.

    Raises Refused (a file that is no spreadsheet), NothingToDraftError, DefinitionError for a name that cannot be a
    file's, FileExistsError, OSError.
    """
    with reader() as process:
        text = handed_over(process, partial(_draft, sheet=sheet, edition=edition), blank)
    if edition is not None and out is None:
        out = edition_file(folder, drafted_form(text), edition)
    if out is None:
        print(text, end="")
        return
    with out.open("x", encoding="utf-8", newline="\n") as target:
        target.write(text)
    console = Console()
    say(console, f"已写出草稿：{out}，其中待定 {open_points(text)} 处。")
    kept = "" if edition is not None else f"存为 {folder}/表名/版本.yaml，"
    say(console, f"逐条确认后{kept}再运行 gouji forms check {folder} 检查。")


def _draft(blank: Path, sheet: str | None, edition: str | None) -> str:
    return draft(read_workbook(read_bytes(blank), blank.name), blank.name, sheet, edition)
