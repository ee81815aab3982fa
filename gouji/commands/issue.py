"""`gouji issue`: one workbook per unit of the roster, and one for the bureau's own tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.ingest.beside.indicator_library import read_indicator_library
from gouji.ingest.beside.previous import read_previous
from gouji.ingest.roster import Roster, read_roster
from gouji.locking import alone
from gouji.options import BETWEEN_UNITS
from gouji.placing import place, workbook_names
from gouji.prefill import LastYear
from gouji.progress import progress_bar
from gouji.round.errors import RoundError
from gouji.screen import say
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.issued import Prefill, issue_workbook
from gouji.templates.recipient import Listed, Recipient
from gouji.templates.supplement import supplement
from gouji.templates.text import file_name
from gouji.workers.handed_over import handed_over
from gouji.workers.here import Here
from gouji.workers.tasks import Lost, PartLostError, Workers, in_order

BUREAU = "财政局"


@dataclass(frozen=True, slots=True)
class Draft:
    """A workbook to be made: for whom, of what, and where."""

    recipient: Recipient
    forms: Sequence[Form]
    year: int
    path: Path
    prefill: Prefill | None = None
    choices: tuple[str, ...] = ()


def make(draft: Draft) -> None:
    """Writes it; runs in a worker."""
    issue_workbook(draft.recipient, draft.forms, draft.year, draft.path, prefill=draft.prefill, choices=draft.choices)


def issue_all(
    forms: list[str], units: Path, year: int, out: Path, *, evidence: bool = False, previous: Path | None = None,
    only: str | None = None, layers: Sequence[Path] = (), workers: Workers | None = None,
    console: Console | None = None, library: Path | None = None,
) -> None:  # fmt: skip
    """Writes `<单位编码>_<单位名称>_<年度>.xlsx` for every unit, `<表>_<年度>.xlsx` for each form of the bureau's own.

    A workbook in `out` that is no blank of the unit's own stays as it is, and is named.

    `evidence` adds the 评分依据补充表 of each form; `previous` is the OUT folder of last year's run, whose figures
    are filled in; `only`: codes or names of the units that get one (and the bureau none); `layers`: folders of
    definitions laid over those that come with gouji; `workers`: who reads the given files and makes the workbooks (this
    process by default); `console`: where progress is printed;
    `library`: the 指标库 whose names units may choose. Raises RoundError for a unit that the roster does not have,
    BusyError.
    """
    catalogue = chosen_catalogue(layers)
    chosen = [catalogue.find(name) for name in forms]
    if evidence:
        chosen += [asked for form in chosen if (asked := supplement(form)) is not None]
    bureaus = [] if only is not None else [form for form in chosen if form.definition.per == "bureau"]
    asked_of_units = [form for form in chosen if form.definition.per != "bureau"]
    workers = workers or Here()
    roster = handed_over(workers, partial(read_roster, catalogue=catalogue), units)
    recipients = roster.recipients() if only is None else _named(roster, only)
    indicator_names = () if library is None else handed_over(workers, read_indicator_library, library).names
    last_year = None if previous is None else LastYear(handed_over(workers, read_previous, previous), roster, year)
    out.mkdir(parents=True, exist_ok=True)
    console = console or Console()
    for remark in roster.remarks:
        say(console, f"名册{remark}")
    places = _Places(catalogue, workers)
    with alone(out), tempfile.TemporaryDirectory(dir=out, prefix=".") as folder:
        drafts = Path(folder)
        for form in bureaus:
            path = out / file_name(f"{form.name}_{year}.xlsx")
            make(Draft(_bureau(roster), [form], year, drafts / path.name))
            if places.take(drafts / path.name, path):
                say(console, f"已生成 {form.name}，由财政局填写：{path}")
        if asked_of_units:
            names = dict(zip(roster.recipients(), workbook_names(roster.recipients(), year), strict=True))
            paths = [drafts / names[recipient] for recipient in recipients]
            _issue_to_units(
                console, list(_drafts(recipients, asked_of_units, year, paths, last_year, indicator_names)), places
            )
            if last_year is not None:
                say(console, f"其中 {places.filled} 个单位已填好上年决算数，其余单位在上年的结果里没有可用的表。")
    if places.kept:
        say(console, f"{out} 里有 {len(places.kept)} 个工作簿已经填写过，没有覆盖；要重新生成的，请先移走：")
        for path in places.kept:
            say(console, f"  {path.name}")


def _named(roster: Roster, only: str) -> list[Recipient]:
    """The units with these codes or names."""
    asked = {name: roster.match(name) for name in BETWEEN_UNITS.split(only) if name}
    if unknown := [name for name, unit in asked.items() if unit is None]:
        names = "、".join(f"“{name}”" for name in unknown)
        raise RoundError(f"名册里没有{names}，什么都没有生成。--only 后面写名册里的单位编码或单位名称，用“，”隔开。")
    selected = set(asked.values())
    return [recipient for recipient in roster.recipients() if (recipient.unit_code, recipient.unit) in selected]


@dataclass
class _Places:
    """Where workbooks go. `kept`: those that somebody has filled in and that stay; `filled`: how many went out with
    last year's figures."""

    catalogue: Catalogue
    workers: Workers
    kept: list[Path] = field(default_factory=list)
    filled: int = 0

    def take(self, draft: Path, path: Path) -> bool:
        """Whether the draft went to its place."""
        if placed := place(draft, path, self.catalogue, self.workers):
            return placed
        self.kept.append(path)
        return False


def _drafts(
    recipients: Sequence[Recipient], forms: Sequence[Form], year: int, paths: Sequence[Path],
    last_year: LastYear | None, choices: tuple[str, ...],
) -> Iterator[Draft]:  # fmt: skip
    for recipient, path in zip(recipients, paths, strict=True):
        addressee = recipient if last_year is None else last_year.recipient(recipient, forms)
        prefill = None if last_year is None else last_year.prefill(addressee, forms, year)
        yield Draft(addressee, forms, year, path, prefill, choices)


def _issue_to_units(console: Console, drafts: Sequence[Draft], places: _Places) -> None:
    before, out = len(places.kept), drafts[0].path.parent.parent
    with progress_bar(console) as progress:
        progress.begin("生成", len(drafts))
        for draft, result in in_order(places.workers, make, drafts):
            if isinstance(result, Lost):
                raise PartLostError(f"“{draft.path.name}”没有生成：{result}。已经生成的都有效，请再运行一次")
            places.filled += places.take(draft.path, out / draft.path.name) and bool(draft.prefill)
            progress.advance(1)
    issued = len(drafts) - (len(places.kept) - before)
    say(console, f"已为 {issued} 个单位生成填报工作簿，每份有 {len(drafts[0].forms)} 种表：{out}")


def _bureau(roster: Roster) -> Recipient:
    """The bureau itself, with the units that its tables list."""
    units = roster.frame[["unit_code", "unit"]].drop_duplicates().itertuples(index=False)
    return Recipient("", BUREAU, "", units=tuple(Listed(str(code), str(name)) for code, name in units))
