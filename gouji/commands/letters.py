"""`gouji letters`: 反馈意见 written anew from the results of a run, dated today."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from gouji.commands.catalogue import catalogue_of_run
from gouji.export.attendance import attendance
from gouji.export.letters.contents import reminders
from gouji.export.letters.document import document_of
from gouji.export.letters.letters import write_letters
from gouji.export.output import staged
from gouji.export.outputs import LETTERS, written
from gouji.export.results import ROSTER_COLUMNS, Results
from gouji.export.tables import file_hash
from gouji.export.terms import Terms
from gouji.ingest.roster import owing, read_roster
from gouji.locking import alone
from gouji.options import BETWEEN_UNITS
from gouji.results_folder import read_results, require_taken_up
from gouji.screen import say
from gouji.statement import StatementError, now, read_statement
from gouji.templates.replacing import replaced
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import Workers


def letters_again(folder: Path, units: Path | None, terms: Terms | None, layers: Sequence[Path] = ()) -> None:
    """Replaces the letters in a folder of results, and what run.json says of them; nothing else is touched.

    `units`: 名册; `terms`: the bureau's name, within how many days an answer is due; `layers`: folders of
    definitions laid over those that come with gouji. Raises StatementError (also where
    汇总.xlsx was edited since), PreviousError, RosterError, BusyError, OutputError.
    """
    console = Console()
    with alone(folder), reader() as process:
        statement = read_statement(folder)
        require_taken_up(folder, statement)
        results = _results(folder, statement, units, terms, layers, process)
        with staged(folder) as draft:
            count = write_letters(results, draft)
            text = json.dumps(_with_letters(statement, draft), ensure_ascii=False, indent=2)
            (draft / "run.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    say(console, f"给 {count} 个单位写了反馈意见：{folder / LETTERS}")
    if terms is None or terms.reply_days is None or terms.bureau is None:
        say(console, "财政局名称、日期没有写明的地方留空待填（勾稽.toml 的 bureau 和 reply_days）")


def remind(
    folder: Path,
    to: Path,
    units: Path | None,
    terms: Terms | None,
    layers: Sequence[Path] = (),
    only: str | None = None,
) -> None:
    """Writes 催报通知 to the units that owe a table into the one document `to`, a page each; nothing else is touched.

    `only`: codes or names of those that get one; the others as `letters_again`. Raises StatementError, also for a unit
    that there is not or where nobody owes anything; PreviousError, RosterError, OSError.
    """
    console = Console()
    with reader() as process:
        results = _results(folder, read_statement(folder), units, terms, layers, process)
    places = range(len(attendance(results))) if only is None else _named(results, only)
    due = list(reminders(results, places))
    if not due:
        raise StatementError("这些单位都报齐了，没有要催报的，什么都没有写。")
    with replaced(to) as draft:
        draft.write_bytes(document_of(due))
    say(console, f"给 {len(due)} 个单位写了催报通知：{to}")


def _named(results: Results, only: str) -> list[int]:
    places = {name: place for place, unit in enumerate(attendance(results)) for name in (unit.name, unit.code) if name}
    asked = [name for name in BETWEEN_UNITS.split(only) if name]
    if unknown := [name for name in asked if name not in places]:
        names = "、".join(f"“{name}”" for name in unknown)
        raise StatementError(f"这一轮里没有{names}，什么都没有写。--only 后面写单位编码或单位名称，用“，”隔开。")
    return [places[name] for name in asked]


def _results(
    folder: Path, statement: dict[str, Any], units: Path | None, terms: Terms | None, layers: Sequence[Path],
    process: Workers,
) -> Results:  # fmt: skip
    """The results of a run, with what letters go by today."""
    catalogue = catalogue_of_run(folder, layers)
    results = handed_over(process, partial(read_results, catalogue=catalogue), folder)
    results.year, results.terms = statement.get("year"), terms or Terms()
    results.run = statement | {"started": now()}
    if units is not None:
        roster = handed_over(process, partial(read_roster, catalogue=catalogue), units)
        results.roster = owing(roster, results.terms.forms, catalogue).frame[ROSTER_COLUMNS]
    return results


def _with_letters(statement: Mapping[str, Any], draft: Path) -> dict[str, Any]:
    """The statement with these letters in place of the earlier ones."""
    kept_outputs = {name: sha for name, sha in statement["outputs"].items() if not name.startswith(f"{LETTERS}/")}
    new = {path.relative_to(draft).as_posix(): file_hash(path) for path in sorted((draft / LETTERS).iterdir())}
    return {
        **statement,
        "outputs": dict(sorted((kept_outputs | new).items())),
        "written": list(dict.fromkeys([*written(statement), LETTERS])),
    }
