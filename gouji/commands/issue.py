"""`gouji issue`: one workbook per unit of the roster, and one for the bureau's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.prefill import LastYear
from gouji.progress import progress_bar
from gouji.screen import say
from ingest.previous import read_previous
from ingest.roster import Roster, read_roster
from templates.form import Form
from templates.issued import issue_workbook
from templates.library import find_form
from templates.recipient import Listed, Recipient
from templates.supplement import supplement
from templates.text import file_name

BUREAU = "财政局"


def issue_all(
    forms: list[str], units: Path, year: int, out: Path, *, evidence: bool = False, previous: Path | None = None
) -> None:
    """Writes `<单位编码>_<单位名称>_<年度>.xlsx` for every unit, `<表>_<年度>.xlsx` for each form of the bureau's own.

    `evidence` adds the 评分依据补充表 of each form; `previous` is the OUT folder of last year's run, whose figures
    are filled in.
    """
    chosen = [find_form(name) for name in forms]
    if evidence:
        chosen += [asked for form in chosen if (asked := supplement(form)) is not None]
    own = [form for form in chosen if form.definition.per == "bureau"]
    asked_of_units = [form for form in chosen if form not in own]
    roster = read_roster(units)
    last_year = None if previous is None else LastYear(read_previous(previous), roster, year)
    out.mkdir(parents=True, exist_ok=True)
    console = Console()
    for form in own:
        path = out / file_name(f"{form.name}_{year}.xlsx")
        issue_workbook(_bureau(roster), [form], year, path)
        say(console, f"已生成 {form.name}，由财政局填写：{path}")
    if asked_of_units:
        _issue_to_units(console, roster, asked_of_units, year, out, last_year)


def workbook_name(recipient: Recipient, year: int) -> str:
    """The code keeps two units of the same name apart."""
    return file_name(f"{recipient.unit_code}_{recipient.unit}_{year}.xlsx")


def _issue_to_units(
    console: Console, roster: Roster, forms: Sequence[Form], year: int, out: Path, last_year: LastYear | None
) -> None:
    recipients, filled = roster.recipients(), 0
    with progress_bar(console) as progress:
        progress.begin("生成", len(recipients))
        for recipient in recipients:
            given = recipient if last_year is None else last_year.recipient(recipient, forms)
            prefill = None if last_year is None else last_year.prefill(given, forms, year)
            filled += bool(prefill)
            issue_workbook(given, forms, year, out / workbook_name(recipient, year), prefill=prefill)
            progress.advance(1)
    say(console, f"已为 {len(recipients)} 个单位生成填报工作簿，每份有 {len(forms)} 种表：{out}")
    if last_year is not None:
        say(console, f"其中 {filled} 个单位已填好上年决算数，其余单位在上年的结果里没有可用的表。")


def _bureau(roster: Roster) -> Recipient:
    """The bureau itself, with the units that its tables list."""
    units = roster.frame[["unit_code", "unit"]].drop_duplicates().itertuples(index=False)
    return Recipient("", BUREAU, "", units=tuple(Listed(str(code), str(name)) for code, name in units))
