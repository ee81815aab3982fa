"""`gouji issue`: one workbook per unit of the roster, and one for the bureau's own tables."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from gouji.ingest.previous import read_previous
from gouji.ingest.roster import Roster, read_roster
from gouji.placing import place, workbook_names
from gouji.prefill import LastYear
from gouji.progress import progress_bar
from gouji.screen import say
from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook
from gouji.templates.library import find_form
from gouji.templates.recipient import Listed, Recipient
from gouji.templates.supplement import supplement
from gouji.templates.text import file_name
from gouji.workers.handed_over import handed_over
from gouji.workers.here import Here
from gouji.workers.tasks import Workers

BUREAU = "财政局"


def issue_all(
    forms: list[str], units: Path, year: int, out: Path, *, evidence: bool = False, previous: Path | None = None,
    workers: Workers | None = None,
) -> None:  # fmt: skip
    """Writes `<单位编码>_<单位名称>_<年度>.xlsx` for every unit, `<表>_<年度>.xlsx` for each form of the bureau's own.

    A workbook in `out` that somebody has filled in stays as it is, and is named.

    `evidence` adds the 评分依据补充表 of each form; `previous` is the OUT folder of last year's run, whose figures
    are filled in; `workers`: who reads what is given (this process by default).
    """
    chosen = [find_form(name) for name in forms]
    if evidence:
        chosen += [asked for form in chosen if (asked := supplement(form)) is not None]
    own = [form for form in chosen if form.definition.per == "bureau"]
    asked_of_units = [form for form in chosen if form not in own]
    workers = workers or Here()
    roster = handed_over(workers, read_roster, units)
    last_year = None if previous is None else LastYear(handed_over(workers, read_previous, previous), roster, year)
    out.mkdir(parents=True, exist_ok=True)
    console = Console()
    for remark in roster.remarks:
        say(console, f"名册{remark}")
    places = _Places(workers)
    with tempfile.TemporaryDirectory(dir=out, prefix=".") as folder:
        drafts = Path(folder)
        for form in own:
            path = out / file_name(f"{form.name}_{year}.xlsx")
            issue_workbook(_bureau(roster), [form], year, drafts / path.name)
            if places.take(drafts, path):
                say(console, f"已生成 {form.name}，由财政局填写：{path}")
        if asked_of_units:
            _issue_to_units(console, roster, asked_of_units, year, drafts, places, last_year)
    if places.kept:
        say(console, f"{out} 里有 {len(places.kept)} 个工作簿已经填写过，没有覆盖；要重新生成的，请先移走：")
        for path in places.kept:
            say(console, f"  {path.name}")


@dataclass
class _Places:
    """Where workbooks go. `kept`: those that somebody has filled in and that stay."""

    workers: Workers
    kept: list[Path] = field(default_factory=list)

    def take(self, drafts: Path, path: Path) -> bool:
        """Whether the draft went to its place."""
        if placed := place(drafts / path.name, path, self.workers):
            return placed
        self.kept.append(path)
        return False


def _issue_to_units(
    console: Console, roster: Roster, forms: Sequence[Form], year: int, drafts: Path, places: _Places,
    last_year: LastYear | None,
) -> None:  # fmt: skip
    recipients, filled, out = roster.recipients(), 0, drafts.parent
    before = len(places.kept)
    with progress_bar(console) as progress:
        progress.begin("生成", len(recipients))
        for recipient, name in zip(recipients, workbook_names(recipients, year), strict=True):
            given = recipient if last_year is None else last_year.recipient(recipient, forms)
            prefill = None if last_year is None else last_year.prefill(given, forms, year)
            issue_workbook(given, forms, year, drafts / name, prefill=prefill)
            filled += places.take(drafts, out / name) and bool(prefill)
            progress.advance(1)
    issued = len(recipients) - (len(places.kept) - before)
    say(console, f"已为 {issued} 个单位生成填报工作簿，每份有 {len(forms)} 种表：{out}")
    if last_year is not None:
        say(console, f"其中 {filled} 个单位已填好上年决算数，其余单位在上年的结果里没有可用的表。")


def _bureau(roster: Roster) -> Recipient:
    """The bureau itself, with the units that its tables list."""
    units = roster.frame[["unit_code", "unit"]].drop_duplicates().itertuples(index=False)
    return Recipient("", BUREAU, "", units=tuple(Listed(str(code), str(name)) for code, name in units))
