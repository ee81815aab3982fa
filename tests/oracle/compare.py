"""The verdicts of a run against those of the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gouji.export.results import Results
from gouji.samples.generating.tables import UnitReturn
from tests.oracle.arithmetic import UNCHECKED
from tests.oracle.returns import issued_name, pasted_name, tables_of
from tests.oracle.scores import full_points, grade, judge_scores, self_total
from tests.oracle.ties import Judged, TableData, judge

_NOISE = 1e-8
"""What binary floats of amounts differ by."""


@dataclass
class Compared:
    """`counted`: (form, verdict) → how many agree; `differences`: sentences on those that do not."""

    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def compare_scores(results: Results, units: Iterable[UnitReturn], *, issued: bool) -> Compared:
    """Every self-score that the oracle judges, and the total and grade of every 自评表."""
    verdicts = _verdicts(results)
    ids = {(row.file, row.sheet): row.return_id for row in results.returns.itertuples()}
    totals = {row.return_id: row for row in results.totals.itertuples()}
    compared = Compared()
    for unit in units:
        tables = tables_of(unit, issued=issued)
        file = issued_name(unit) if issued else pasted_name(unit)
        for table in tables:
            return_id = ids.get((file, table.sheet))
            where = f"{unit.recipient.unit} {table.form.name} {table.sheet}"
            for judged in judge_scores(table, tables):
                said = verdicts.get((return_id, judged.rule, judged.item))
                if said in judged.verdicts:
                    compared.counted[table.form.name, str(said)] += 1
                else:
                    wanted = "、".join(sorted(judged.verdicts))
                    words = f"oracle {wanted}, gouji {said}: {judged.text}"
                    compared.differences.append(f"{where} {judged.rule} {judged.item}: {words}")
            if return_id in totals:
                compared.differences += [f"{where} {text}" for text in _total(table, totals[return_id])]
    return compared


def _total(table: TableData, row: Any) -> Iterator[str]:
    """What differs in the total and the grade of a 自评表 (a grade is given for 100 points or more)."""
    total = self_total(table) if "project" in table.form.scoring else None
    if total is None:
        return
    if abs(Decimal(str(row.self_total)) - total) > Decimal("1e-6"):
        yield f"total: oracle {total}, gouji {row.self_total}"
    if full_points(table) >= 100 and str(row.self_grade) != grade(total):
        yield f"grade of {total}: oracle {grade(total)}, gouji {row.self_grade}"


def _verdicts(results: Results) -> dict[tuple[str, str, str], str]:
    return {(row.return_id, row.rule, row.item): row.verdict for row in results.verdicts.frame().itertuples()}


def compare_sides(results: Results, units: Iterable[UnitReturn], *, issued: bool) -> Compared:
    """Both sides of every tie that could be made, as they stand in `verdicts`: null where it could not."""
    said = {(row.return_id, row.rule, row.item): row for row in results.verdicts.frame().itertuples()}
    ids = {(row.file, row.sheet): row.return_id for row in results.returns.itertuples()}
    compared = Compared()
    for unit in units:
        tables = tables_of(unit, issued=issued)
        file = issued_name(unit) if issued else pasted_name(unit)
        for table in tables:
            for judged in judge(table, tables):
                row = said.get((ids.get((file, table.sheet)), judged.rule, judged.item))
                if row is None or row.verdict != judged.verdict:
                    continue  # `compare_ties` tells
                if _same_sides(row, judged):
                    compared.counted[table.form.name, judged.verdict] += 1
                else:
                    words = f"gouji {row.stated} and {row.expected}: {judged.text}"
                    compared.differences.append(
                        f"{unit.recipient.unit} {table.sheet} {judged.rule} {judged.item}: {words}"
                    )
    return compared


def _same_sides(row: Any, judged: Judged) -> bool:
    if judged.verdict == UNCHECKED:
        return bool(row.stated != row.stated and row.expected != row.expected)  # NaN
    near = [abs(row.expected - float(value)) <= _NOISE * max(1, abs(float(value))) for value in judged.expected]
    return judged.stated is not None and abs(row.stated - float(judged.stated)) <= _NOISE and any(near)


def compare_ties(results: Results, units: Iterable[UnitReturn], *, issued: bool) -> Compared:
    """Every tie of every table that stands in the results, judged twice."""
    verdicts = _verdicts(results)
    ids = {(row.file, row.sheet): row.return_id for row in results.returns.itertuples()}
    compared = Compared()
    for unit in units:
        tables = tables_of(unit, issued=issued)
        file = issued_name(unit) if issued else pasted_name(unit)
        for table in tables:
            key = (file, table.sheet)
            where = f"{unit.recipient.unit} {table.form.name} {table.sheet}"
            if key not in ids:
                compared.differences.append(f"{where}: not received")
                continue
            for judged in judge(table, tables):
                said = verdicts.get((ids[key], judged.rule, judged.item))
                if said == judged.verdict:
                    compared.counted[table.form.name, judged.verdict] += 1
                else:
                    compared.differences.append(
                        f"{where} {judged.rule} {judged.item}: oracle {judged.verdict}, gouji {said}: {judged.text}"
                    )
    return compared
