"""`gouji reference`: figures of published 部门决算 with their sources, for the bureau to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.export.published import write_published
from gouji.ingest.beside.published import Taken, published_figures
from gouji.ingest.place import contents
from gouji.ingest.read import read_workbook
from gouji.ingest.refusal import Refused
from gouji.screen import say
from gouji.templates.published import FORM, LIST, SHEET
from gouji.templates.replacing import replaced
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over

_MOST = 20


def take_published(files: Sequence[Path], out: Path, layers: Sequence[Path] = ()) -> int:
    """Writes the figures of all files; returns how many there are. No file is replaced.

    Raises FileExistsError, OSError.
    """
    if out.exists():
        raise FileExistsError(f"{out} 已经存在，请换一个名字，或先移走它（里面可能有已经填好的确认）")
    columns = list(chosen_catalogue(layers).form(*FORM).lists[LIST].columns)
    with reader() as process:
        taken = [handed_over(process, taken_of, file) for file in files]
    figures = [figure for source in taken for figure in source.figures]
    omitted = [text for source in taken for text in source.omitted]
    with replaced(out) as draft:
        write_published(draft, figures, omitted, columns)
    console = Console()
    say(console, f"取到 {len(figures)} 个数，写在 {out} 的“{SHEET}”里，都要核对、确认以后才算")
    for text in omitted[:_MOST]:
        say(console, text)
    return len(figures)


def taken_of(file: Path) -> Taken:
    """What a file gives; one that cannot be read gives nothing, and says why. Runs in a worker."""
    try:
        return published_figures(read_workbook(contents(file), file.name), file.name)
    except Refused as refused:
        return Taken(omitted=[f"{file.name}：{refused.reason}"])
