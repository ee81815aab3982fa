"""The 底稿 of every unit of which a table came, gathered from the results for some units at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import pandas as pd

from gouji.export.dated import made_at
from gouji.export.parties import NOBODY, Parties, title
from gouji.export.project_names import with_project_names
from gouji.export.records import records, records_by
from gouji.export.reported import reported_totals
from gouji.export.results import Results
from gouji.export.score_words import difference_cell, due_cell, grade_words
from gouji.export.settled import settled
from gouji.export.sheets.findings import by_importance
from gouji.export.states import each_return
from gouji.export.words import FORM_FAULT
from gouji.export.working_papers import figures
from gouji.export.working_papers.cells import place, table_name
from gouji.export.working_papers.figures import figure_rows
from gouji.export.working_papers.paper import Paper
from gouji.export.working_papers.ties import Ties
from gouji.validate.frames import SEVERITIES

_AT_ONCE = 200
_VERDICTS = ["return_id", "rule", "item", "verdict", "stated", "expected"]
Row = dict[str, Any]


def papers(results: Results) -> Iterator[Paper]:
    """One for every unit of which a table came that no other replaces, in the units' order."""
    parties, tables = Parties(results), each_return(results)
    tables = with_project_names(results, tables.assign(place=parties.places(tables)))
    problems, totals = _problems(results, parties), _totals(results)
    units = sorted(set(tables["place"]) - {NOBODY})
    ties = Ties(results.catalogue)
    for start in range(0, len(units), _AT_ONCE):
        here = units[start : start + _AT_ONCE]
        selected = tables[tables["place"].isin(here)].sort_values(["place", "form", "instance"], kind="stable")
        ids = set(selected["return_id"])
        by_place = records_by(problems[problems["place"].isin(here)], "place")
        parts = _Parts(
            results, ties,
            totals=records_by(totals[totals["return_id"].isin(ids)], "return_id"),
            scores=records_by(results.scores.frame(return_id=ids), "return_id"),
            values=records_by(results.values.frame(figures.COLUMNS, return_id=ids), "return_id"),
            verdicts=records_by(results.verdicts.frame(_VERDICTS, return_id=ids), "return_id"),
        )  # fmt: skip
        for number, rows in groupby(records(selected), lambda row: row["place"]):
            yield parts.paper(parties.units[number], list(rows), by_place.get(number, []))


def count(results: Results) -> int:
    """How many there will be."""
    return len(set(Parties(results).places(each_return(results))) - {NOBODY})


class _Parts:
    """The rows of some units, each frame by its returns."""

    def __init__(
        self, results: Results, ties: Ties, *, totals: dict[Any, list[Row]], scores: dict[Any, list[Row]],
        values: dict[Any, list[Row]], verdicts: dict[Any, list[Row]],
    ) -> None:  # fmt: skip
        self._results, self._catalogue, self._ties = results, results.catalogue, ties
        self._totals, self._scores, self._values, self._verdicts = totals, scores, values, verdicts

    def paper(self, unit: Any, tables: list[Row], problems: list[Row]) -> Paper:
        """The whole of one unit."""
        names = {row["return_id"]: table_name(row, self._catalogue) for row in tables}
        years = [row["year"] for row in tables if row["year"] is not None]
        year = max(years, key=years.count) if years else self._results.year
        by_rule = {(problem["return_id"], problem["rule"], problem["item"]): problem for problem in reversed(problems)}
        facts = _facts(self._results, unit, year, problems)
        files = {row["file"]: row["sha256"] for row in tables}
        return Paper(
            code=unit.code,
            name=title(unit),
            year=year,
            facts=facts,
            tables=[self._table(row, names) for row in tables],
            files=list(files.items()),
            figures=[cells for row in tables for cells in self._figures(row, names)],
            ties=[cells for row in tables for cells in self._tied(row, names, by_rule)],
            scores=[_score(score, names) for row in tables for score in self._scores.get(row["return_id"], [])],
            problems=[_problem(problem, names, self._catalogue) for problem in problems],
            made=made_at(self._results),
        )

    def _table(self, row: Row, names: dict[str, str]) -> list[Any]:
        total = next(iter(self._totals.get(row["return_id"], [])), {})
        self_total = total.get("stated_total") if total.get("self_total") is None else total["self_total"]
        due = total.get("score_total"), total.get("low"), total.get("high")
        grades = [total.get(name) for name in ("grade", "lowest_grade", "highest_grade")]
        return [
            names[row["return_id"]], row["file"], row["sheet"], row["state"], self_total, due_cell(*due),
            difference_cell(total.get("difference"), due[0]), total.get("self_grade"), grade_words(*grades),
            total.get("alert"),
        ]  # fmt: skip

    def _figures(self, row: Row, names: dict[str, str]) -> Iterator[list[Any]]:
        form = self._catalogue.known(row["form"], row["edition"])
        return figure_rows(form, names[row["return_id"]], self._values.get(row["return_id"], []), row["year"])

    def _tied(self, row: Row, names: dict[str, str], by_rule: Mapping[Any, Row]) -> Iterator[list[Any]]:
        of_return = {key[1:]: finding for key, finding in by_rule.items() if key[0] == row["return_id"]}
        return self._ties.rows(row, names[row["return_id"]], self._verdicts.get(row["return_id"], []), of_return)


def _totals(results: Results) -> pd.DataFrame:
    reported = reported_totals(results)
    return pd.concat([results.totals, reported], ignore_index=True) if len(reported) else results.totals


def _problems(results: Results, parties: Parties) -> pd.DataFrame:
    """The findings with the opinions on them and the `place` of the unit, those that are closed behind the others, then
    what was noticed beside them (`aside`; `by`: the finding that stands for it, whose opinion it has).
    """
    findings = results.findings.assign(closed=settled(results), aside=False, of=results.findings["finding_id"])
    ordered = [by_importance(findings[~findings["closed"]]), by_importance(findings[findings["closed"]])]
    asides = results.asides.frame().assign(closed=False, aside=True)
    every = pd.concat([*ordered, asides.sort_values(["form", "instance", "rule", "item"], kind="stable")])
    every = with_project_names(results, every[every["severity"] != FORM_FAULT].reset_index(drop=True))
    rules = dict(zip(results.findings["finding_id"], results.findings["rule"], strict=True))
    decisions = results.decisions.rename(columns={"finding_id": "of", "explanation": "noted"})
    placed = every.assign(place=parties.places(every), by=every["of"].map(rules))
    return placed.merge(decisions, on="of", how="left")


def _score(row: Row, names: Mapping[str, str]) -> list[Any]:
    return [
        names[row["return_id"]], row["label"], row["points"], row["self_score"],
        due_cell(row["score"], row["low"], row["high"]), difference_cell(row["difference"], row["score"]),
        row["reading"], row["trace"] or row["reason"],
    ]  # fmt: skip


def _problem(row: Row, names: Mapping[str, str], catalogue: Any) -> list[Any]:
    name = names.get(row["return_id"]) or (table_name(row, catalogue) if row["form"] else row["file"])
    said = [row["verdict"], name, place(row), row["stated"], row["expected"], row["message"], row["rule"]]
    if row["aside"]:
        note = f"归入{row['by']}一条" if row["by"] else "不需要处理"
        return ["留意", *said, *[None] * 5, note]
    written = [row[head] for head in ("opinion", "reviewer", "checker", "date", "remark")]
    return [row["severity"], *said, row["explanation"] or row["noted"], *written]


def _facts(results: Results, unit: Any, year: int | None, problems: list[Row]) -> list[tuple[str, str]]:
    """What stands above all, and how many problems there are of each severity."""
    hashes = results.run.get("hashes", {})
    counted = [problem for problem in problems if not problem["aside"]]
    counts = [
        (severity, [problem for problem in counted if problem["severity"] == severity]) for severity in SEVERITIES
    ]
    words = [
        f"{severity}{len(rows)}个"
        + (f"（已审{closed}个）" if (closed := sum(problem["closed"] for problem in rows)) else "")
        for severity, rows in counts
        if rows
    ]
    facts = [
        ("被核单位", title(unit)), ("单位编码", unit.code), ("主管部门", unit.department),
        ("年度", None if year is None else str(year)), ("核对的财政局", results.terms.bureau),
        ("问题", "，".join(words) or "没有发现问题"),
        ("核对时间", str(results.run.get("started") or "")[:19].replace("T", " ")),
        ("程序和表样定义", f"勾稽 {results.run.get('gouji', '')}，程序校验值 {hashes.get('program', '')}，"
         f"表样定义校验值 {results.catalogue.version}"),
    ]  # fmt: skip
    return [(name, text) for name, text in facts if text]
