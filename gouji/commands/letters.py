"""`gouji letters`: 反馈意见 written anew from the results of a run, dated today."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from gouji.commands.catalogue import catalogue_of_run
from gouji.export.letters.letters import FOLDER, write_letters
from gouji.export.output import staged
from gouji.export.outputs import written
from gouji.export.results import ROSTER_COLUMNS
from gouji.export.tables import file_hash
from gouji.export.terms import Terms
from gouji.ingest.roster import owing, read_roster
from gouji.locking import alone
from gouji.results_folder import read_results, require_taken_up
from gouji.screen import say
from gouji.statement import now, read_statement
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over


def letters_again(folder: Path, units: Path | None, terms: Terms | None, own: Sequence[Path] = ()) -> None:
    """Replaces the letters in a folder of results, and what run.json says of them; nothing else is touched.

    `units`: 名册; `terms`: the bureau's name, within how many days an answer is due; `own`: folders of definitions
    upon those that come with gouji. Raises StatementError (also where
    汇总.xlsx was edited since), PreviousError, RosterError, BusyError, OutputError.
    """
    console, catalogue = Console(), catalogue_of_run(folder, own)
    with alone(folder), reader() as process:
        statement = read_statement(folder)
        require_taken_up(folder, statement)
        results = handed_over(process, partial(read_results, catalogue=catalogue), folder)
        results.year, results.terms = statement.get("year"), terms or Terms()
        results.run = statement | {"started": now()}
        if units is not None:
            roster = handed_over(process, partial(read_roster, catalogue=catalogue), units)
            results.roster = owing(roster, results.terms.forms, catalogue).frame[ROSTER_COLUMNS]
        with staged(folder) as draft:
            count = write_letters(results, draft)
            text = json.dumps(_with_letters(statement, draft), ensure_ascii=False, indent=2)
            (draft / "run.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    say(console, f"给 {count} 个单位写了反馈意见：{folder / FOLDER}")
    if terms is None or terms.reply_days is None or terms.bureau is None:
        say(console, "财政局名称、日期没有写明的地方留空待填（勾稽.toml 的 bureau 和 reply_days）")


def _with_letters(statement: Mapping[str, Any], draft: Path) -> dict[str, Any]:
    """The statement with these letters in place of the earlier ones."""
    others = {name: sha for name, sha in statement["outputs"].items() if not name.startswith(f"{FOLDER}/")}
    new = {path.relative_to(draft).as_posix(): file_hash(path) for path in sorted((draft / FOLDER).iterdir())}
    return {
        **statement,
        "outputs": dict(sorted((others | new).items())),
        "written": list(dict.fromkeys([*written(statement), FOLDER])),
    }
