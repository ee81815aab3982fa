"""The verdicts of a run against those of the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from export.results import Results
from samples.generating.tables import UnitReturn
from tests.oracle.returns import issued_name, pasted_name, tables_of
from tests.oracle.ties import judge


@dataclass
class Compared:
    """`counted`: (form, verdict) → how many agree; `differences`: sentences on those that do not."""

    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def compare_ties(results: Results, units: Iterable[UnitReturn], *, issued: bool) -> Compared:
    """Every tie of every table that stands in the results, judged twice."""
    verdicts = {(row.return_id, row.rule, row.item): row.verdict for row in results.verdicts.frame().itertuples()}
    ids = {(row.file, row.sheet): row.return_id for row in results.returns.itertuples()}
    found = Compared()
    for unit in units:
        tables = tables_of(unit, issued=issued)
        file = issued_name(unit) if issued else pasted_name(unit)
        for table in tables:
            key = (file, table.sheet)
            where = f"{unit.recipient.unit} {table.form.name} {table.sheet}"
            if key not in ids:
                found.differences.append(f"{where}: not received")
                continue
            for one in judge(table, tables):
                said = verdicts.get((ids[key], one.rule, one.item))
                if said == one.verdict:
                    found.counted[table.form.name, one.verdict] += 1
                else:
                    found.differences.append(
                        f"{where} {one.rule} {one.item}: oracle {one.verdict}, gouji {said}: {one.text}"
                    )
    return found
