"""How many single changed figures are told: recall per form and kind of change.

By hand: `python -m tests.measure_changes [UNITS] [CHANGES PER CELL] [SEED]`. Honest returns of all forms are read from
issued workbooks; every figure that a check, a bound or a score reads is changed in a copy of the unit's own tables,
one change in each copy, and all copies are checked and scored at once.

Left out are changes that no rule could see: a blank in place of a 0 (both are 0 in a sum); figures that limits alone
hold (≤, ≥, a grade, points that people give), where only 变号 and ×10000 count, which break them; and evidence (补充表)
with which every recomputed score stays what it was.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pandas as pd

from gouji.ingest.register.batch import Batch
from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.score.score import score
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.rules.nodes import Compare, Node, demanded, refs
from gouji.templates.rules.scope import EVIDENCE
from gouji.validate.findings import Finding, finding_rows
from gouji.validate.part import check_part

YEAR = 2021
AT_ONCE = 150
"""Changes that are checked together."""
TOLD = ("不符", "无法核对")
SUPPLEMENT = "评分依据补充表"
BREAKS_LIMITS = ("变号", "×10000")

Change = Callable[[Decimal, Decimal], Decimal | None]
"""(the figure, another one of the table) → what stands there instead; None is a blank."""
KINDS: dict[str, Change] = {
    "互换": lambda figure, other: other,
    "×10": lambda figure, other: figure * 10,
    "÷10": lambda figure, other: figure / 10,
    "×10000": lambda figure, other: figure * 10000,
    "变号": lambda figure, other: -figure,
    "空白": lambda figure, other: None,
    "邻格": lambda figure, other: other,
    "+1": lambda figure, other: figure + 1,
    "+0.01": lambda figure, other: figure + Decimal("0.01"),
}
"""Kinds of change. 互换 also puts the figure where the other one stood."""


@dataclass(frozen=True)
class Cell:
    """A figure: its row in the values frame, its form, and the row of the figure next to it."""

    row: int
    form: str
    neighbour: int
    limited: bool
    """Whether only limits hold it."""


@dataclass(frozen=True)
class Told:
    """One change and whether a finding tells it."""

    form: str
    item: str
    kind: str
    found: bool


def honest(folder: Path, units: int, seed: int) -> Batch:
    """Returns and values of honest units that send all forms."""
    generate(folder, units, 0, seed, YEAR, forms="all")
    results = run([folder / WORKBOOKS], roster_path=folder / ROSTER, year=YEAR)
    return Batch(results.returns, results.values.frame().reset_index(drop=True), YEAR)


def measure(batch: Batch, per_cell: int, seed: int, *, at_most: int | None = None) -> list[Told]:
    """Every covered figure changed in `per_cell` ways, drawn by the seed; `at_most` so many changes in all."""
    dice = Random(seed)
    changes = [
        (cell, kind) for cell in covered_cells(batch) for kind in dice.sample(sorted(KINDS), per_cell)
    ]  # fmt: skip
    if at_most is not None:
        changes = dice.sample(changes, min(at_most, len(changes)))
    changes = [change for change in changes if _changes(batch, *change)]
    results: list[Told] = []
    for start in range(0, len(changes), AT_ONCE):
        results += _checked(batch, changes[start : start + AT_ONCE])
    return results


def covered_cells(batch: Batch) -> list[Cell]:
    """Figures that some check or score of any form reads; measures, which are text, are left out."""
    forms = batch.returns.set_index("return_id")[["form", "edition"]]
    keys = {tuple(pair) for pair in forms.dropna().itertuples(index=False)}
    read, equated = _read_items(keys), _read_items(keys, equal=True)
    values, cells = batch.values, []
    filled = values[(values["state"] == "filled") & values["value"].notna() & values["raw"].isna()]
    for return_id, rows in filled.groupby("return_id", sort=False):
        form = str(forms.loc[return_id, "form"])
        items = [
            (int(place), str(item) if blank else f"{owner}.{str(item).rpartition('.')[2]}")
            for place, item, owner, blank in zip(
                rows.index, rows["item"], rows["list_id"], rows["list_id"].isna(), strict=True
            )
        ]
        counted = [(place, item) for place, item in items if (form, item) in read or form == SUPPLEMENT]
        cells += [
            Cell(place, form, counted[number - 1][0], (form, item) not in equated and form != SUPPLEMENT)
            for number, (place, item) in enumerate(counted)
            if len(counted) > 1
        ]
    return cells


def _read_items(keys: set[tuple[str, str]], *, equal: bool = False) -> set[tuple[str, str]]:
    """(form, item or list.column) that a rule or a rate reads, in whatever form the rule stands.

    With `equal` only those that an equation, a rate or the criteria of an indicator hold.
    """
    items: set[tuple[str, str]] = set()
    for name, edition in keys:
        if name == SUPPLEMENT:
            continue
        form: Form = built_in().form(name, edition)
        nodes = [rule.node for rule in form.rules if not equal or _equates(rule.node)] + list(form.rates.values())
        items |= {
            (name, f"{indicator.id}.得分")
            for indicator in form.scored_indicators
            if equal and indicator.rule.kind != "judge"
        }
        for ref in (ref for node in nodes for ref in refs(node)):
            if ref.form is None:
                items.add((name, ref.item))
            elif ref.form != EVIDENCE and "@" in ref.form:
                items.add((ref.form.partition("@")[0], ref.item))
    return items


def _equates(node: Node) -> bool:
    _, demand = demanded(node)
    return isinstance(demand, Compare) and demand.sign == "=" and demand.left.kind != "choice"


def _changes(batch: Batch, cell: Cell, kind: str) -> bool:
    if cell.limited and kind not in BREAKS_LIMITS:
        return False
    figure, other = (_decimal(batch.values.at[row, "value"]) for row in (cell.row, cell.neighbour))
    changed = KINDS[kind](figure, other)
    return changed != figure and not (changed is None and figure == 0)


def _decimal(value: float) -> Decimal:
    return Decimal(format(value, ".15g"))


def _checked(batch: Batch, changes: list[tuple[Cell, str]]) -> Iterator[Told]:
    """All copies in one batch, each under a unit of its own; the first is unchanged."""
    owner = batch.values["return_id"].map(batch.returns.set_index("return_id")["unit_code"])
    copies: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    units = list(dict.fromkeys(owner.iloc[cell.row] for cell, _ in changes))
    for number, unit in enumerate(units):
        copies.append(_copy(batch, owner, unit, f"h{number}"))
    for number, (cell, kind) in enumerate(changes):
        returns, values = _copy(batch, owner, owner.iloc[cell.row], f"c{number}")
        _put(batch.values, values, cell, kind)
        copies.append((returns, values))
    returns, values = (pd.concat(parts, ignore_index=True) for parts in zip(*copies, strict=True))
    findings, scores = _outcome(Batch(returns, values, batch.year))
    for number, (cell, kind) in enumerate(changes):
        honest_one, changed = f"h{units.index(owner.iloc[cell.row])}", f"c{number}"
        differs = bool(findings.get(changed, Counter()) - findings.get(honest_one, Counter()))
        if differs or cell.form != SUPPLEMENT or scores.get(changed) != scores.get(honest_one):
            yield Told(cell.form, str(batch.values.at[cell.row, "item"]), kind, differs)


def _copy(batch: Batch, owner: pd.Series[str], unit: str, mark: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    returns = batch.returns[batch.returns["unit_code"] == unit].copy()
    values = batch.values[owner == unit].copy()
    for frame in (returns, values):
        frame["return_id"] = mark + "|" + frame["return_id"].astype(str)
    returns["unit_code"] = mark + "|" + returns["unit_code"].astype(str)
    return returns, values


def _put(original: pd.DataFrame, values: pd.DataFrame, cell: Cell, kind: str) -> None:
    figure, other = (_decimal(original.at[row, "value"]) for row in (cell.row, cell.neighbour))
    _write(values, cell.row, KINDS[kind](figure, other))
    if kind == "互换":
        _write(values, cell.neighbour, figure)


def _write(values: pd.DataFrame, row: int, value: Decimal | None) -> None:
    values.at[row, "raw"] = pd.NA
    if value is None:
        values.loc[row, ["value", "decimals"]] = [None, pd.NA]
        values.at[row, "state"] = "blank"
        return
    shown = Decimal(format(value.normalize(), "f"))
    values.at[row, "value"] = float(value)
    values.at[row, "decimals"] = max(0, -int(shown.as_tuple().exponent))


def _outcome(batch: Batch) -> tuple[dict[str, Counter[tuple[str, ...]]], dict[str, list[tuple[str, ...]]]]:
    """Copy → what is told of it, and which scores are due to it."""
    checked = check_part(batch, built_in())
    scored = score(checked.tables)
    due: dict[str, list[tuple[str, ...]]] = {}
    columns = scored.scores[["return_id", "indicator", "score", "low", "high"]].astype(str)
    for return_id, *row in columns.itertuples(index=False):
        mark, _, original = return_id.partition("|")
        due.setdefault(mark, []).append((original, *row))
    return _findings([*checked.findings, *scored.findings]), due


def _findings(found_in: list[Finding]) -> dict[str, Counter[tuple[str, ...]]]:
    rows = finding_rows(found_in)
    rows = rows[rows["verdict"].isin(TOLD)]
    columns = rows[["return_id", "unit_code", "form", "item", "rule", "verdict"]].astype(object).fillna("")
    by_mark: dict[str, Counter[tuple[str, ...]]] = {}
    for return_id, unit, *fields in columns.itertuples(index=False):
        mark, _, original = str(return_id or unit).partition("|")
        by_mark.setdefault(mark, Counter())[original if return_id else "", *fields] += 1
    return by_mark


def table(changes: list[Told]) -> pd.DataFrame:
    """Recall in percent, forms by kinds."""
    frame = pd.DataFrame(
        [(change.form, change.kind, change.found) for change in changes], columns=["form", "kind", "found"]
    )
    shown = frame.pivot_table(index="form", columns="kind", values="found", aggfunc="mean", margins=True) * 100
    return shown.round(1)


def main() -> None:
    """The command line."""
    units, per_cell, seed = (int(text) for text in (*sys.argv[1:], "1", "3", "1")[:3])
    with TemporaryDirectory() as folder:
        batch = honest(Path(folder), units, seed)
        changes = measure(batch, per_cell, seed)
    print(f"{len(changes)} changes")
    print(table(changes).to_string())
    missed = Counter(
        (change.form, change.item.rpartition(".")[2], change.kind) for change in changes if not change.found
    )
    written = csv.writer(sys.stdout)
    written.writerows([*what, count] for what, count in missed.most_common(40))


if __name__ == "__main__":
    main()
