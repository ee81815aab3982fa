"""`gouji issue`: one workbook per unit of the roster."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from gouji.progress import progress_bar
from gouji.screen import say
from ingest.roster import read_roster
from templates.issued import issue_workbook
from templates.library import find_form
from templates.recipient import Recipient
from templates.supplement import supplement
from templates.text import file_name


def issue_all(forms: list[str], units: Path, year: int, out: Path, *, evidence: bool = False) -> None:
    """Writes `<单位编码>_<单位名称>_<年度>.xlsx` for every unit; `evidence` adds the 评分依据补充表 of each form."""
    chosen = [find_form(name) for name in forms]
    if evidence:
        chosen += [asked for form in chosen if (asked := supplement(form)) is not None]
    recipients = read_roster(units).recipients()
    out.mkdir(parents=True, exist_ok=True)
    console = Console()
    with progress_bar(console, "生成") as progress:
        for done, recipient in enumerate(recipients, 1):
            issue_workbook(recipient, chosen, year, out / workbook_name(recipient, year))
            progress(done, len(recipients))
    say(console, f"已为 {len(recipients)} 个单位生成填报工作簿，每份有 {len(chosen)} 种表：{out}")


def workbook_name(recipient: Recipient, year: int) -> str:
    """The code keeps two units of the same name apart."""
    return file_name(f"{recipient.unit_code}_{recipient.unit}_{year}.xlsx")
