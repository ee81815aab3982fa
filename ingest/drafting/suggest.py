"""Checks that the labels themselves suggest: totals and their parts, rates, scores within their points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gouji.ingest.drafting.entry import Entry, Value
from gouji.ingest.locating.parts import is_total, parts
from gouji.templates.model import FIGURES

_PLAN = re.compile(r"预算|计划|编制|批复|批准|核定|目标|应")
_SCORE, _FULL = "得分", "分值"
MUST, ASK = "强制性", "核实性"


@dataclass(frozen=True)
class Suggestion:
    """One check; `each` as in a definition."""

    rule: str
    each: str | tuple[str, ...] = ""
    severity: str = MUST
    fills: bool = False

    def entry(self, number: int) -> Entry:
        """As it stands in a definition."""
        values: dict[str, Value] = {"id": f"C-{number:02d}", "rule": self.rule}
        if self.each:
            values["each"] = self.each if isinstance(self.each, str) else list(self.each)
        values["severity"] = self.severity
        if self.fills:
            values["fills"] = True
        return Entry(values)


def suggestions(blocks: Sequence[Entry]) -> list[Suggestion]:
    """Every suggested check, in the order of the blocks."""
    return [found for number, block in enumerate(blocks) for found in _of(block, blocks[:number])]


def _of(block: Entry, before: Sequence[Entry]) -> Iterator[Suggestion]:
    if "grid" in block.values:
        yield from _rows(block)
        yield from _columns(block)
        yield from _totals_of_points(block, before)
    if "pairs" in block.values:
        ids = [row.text("id") for row in block.entries("rows")]
        yield Suggestion(f"{ids[0]} = {' + '.join(ids[1:])}", "金额列", fills=True)
    if "list" in block.values:
        yield from _list(block)
    if "scores" in block.values:
        full = _FULL if _has_points_column(block) else "满分"
        yield Suggestion(f"得分 ≤ {full}", block.text("scores"))
        if "total" in block.values:
            yield Suggestion(f"总分.得分 = 合计({block.text('scores')}.得分)", fills=True)


def _has_points_column(scores: Entry) -> bool:
    columns = scores.entries("columns")
    return not columns or any(column.text("id") == _FULL for column in columns)


def _rows(grid: Entry) -> Iterator[Suggestion]:
    """A total row and the rows that it is made of."""
    if not any(column.text("kind") == "amount" for column in grid.entries("columns")):
        return
    rows = grid.entries("rows")
    for place, row in enumerate(rows):
        made_of = parts(rows, place)
        if "id" in row.values and made_of:
            each = _open_columns(grid, [row, *made_of])
            yield Suggestion(f"{row.text('id')} = {' + '.join(_term(one) for one in made_of)}", each, fills=True)


def _open_columns(grid: Entry, rows: Sequence[Entry]) -> str | tuple[str, ...]:
    """The amount columns in which none of the rows is closed."""
    amounts = [one.text("id") for one in grid.entries("columns") if one.text("kind") == "amount"]
    closed: set[str] = set()
    for row in rows:
        given = row.values.get("closed")
        closed |= set(given) if isinstance(given, dict) else set()
    kept = tuple(name for name in amounts if name not in closed)
    return "金额列" if len(kept) == len(amounts) else kept


def _term(row: Entry) -> str:
    return f"合计({row.text('list')})" if "list" in row.values else row.text("id")


def _columns(grid: Entry) -> Iterator[Suggestion]:
    """A rate behind two figures of one kind; a total column and those under its 其中."""
    columns = grid.entries("columns")
    each = "每行" if grid.entries("rows") else ""
    for place, column in enumerate(columns):
        if column.text("kind") == "rate":
            pair = _last_two(columns[:place])
            if pair is not None:
                yield Suggestion(f"{column.text('id')} = {pair[1]} / {pair[0]}", each, fills=True)
        elif column.text("kind") == "amount" and is_total(column.printed):
            for number, made_of in enumerate(_beneath(columns, place)):
                yield Suggestion(f"{column.text('id')} = {' + '.join(made_of)}", each, fills=number == 0)


def _last_two(columns: Sequence[Entry]) -> tuple[str, str] | None:
    """What a rate divides: the nearest figure by the nearest of its kind that is a plan, else by the one before it."""
    figures = [one for one in columns if one.text("kind") in FIGURES - {"points", "rate"}]
    same = [one for one in figures if one.text("kind") == figures[-1].text("kind")]
    if len(same) < 2:
        return None
    plans = [one for one in same[:-1] if _PLAN.search(one.printed)]
    return (plans or same[:-1])[-1].text("id"), same[-1].text("id")


def _beneath(columns: Sequence[Entry], place: int) -> list[list[str]]:
    """What a total column is made of: those a head lower, once for every head above them, else its neighbours."""
    own = _depth(columns[place])
    behind: list[Entry] = []
    for column in columns[place + 1 :]:
        if _depth(column) < own or column.text("kind") != "amount" or is_total(column.printed):
            break
        behind.append(column)
    deeper = behind[:1] and _depth(behind[0]) > own
    if not deeper:
        siblings = [one.text("id") for one in behind if _under(one) == _under(columns[place])]
        return [siblings] if len(siblings) > 1 else []
    groups: dict[str, list[str]] = {}
    for column in behind:
        if _depth(column) <= own:
            break
        if _depth(column) == own + 1:
            groups.setdefault(_under(column)[own], []).append(column.text("id"))
    return [group for group in groups.values() if len(group) > 1]


def _under(column: Entry) -> list[str]:
    return [str(text) for text in _items(column.values.get("under", []))]


def _depth(column: Entry) -> int:
    return len(_under(column))


def _items(value: Value) -> Sequence[Value]:
    return value if isinstance(value, list) else []


def _list(block: Entry) -> Iterator[Suggestion]:
    name = block.text("list")
    columns = {column.text("id") for column in block.entries("columns")}
    if {_SCORE, _FULL} <= columns:
        yield Suggestion("得分 ≤ 分值", name)
    if _FULL in columns:
        for group in block.entries("groups"):
            if "points" in group.values:
                yield Suggestion(f"合计({group.text('id')}.分值) = 满分({group.text('id')})", severity=ASK)


def _totals_of_points(grid: Entry, before: Sequence[Entry]) -> Iterator[Suggestion]:
    """总分 below a list: its lines, and the one row of points above them."""
    if grid.values.get("header") is not False:
        return
    lists = [block for block in before if "list" in block.values]
    row = grid.entries("rows")[0].text("id")
    for column in grid.entries("columns"):
        name = column.text("id")
        if not lists or name not in {one.text("id") for one in lists[-1].entries("columns")}:
            continue
        single = [f"{only}.{name}" for block in before for only in _only(block, name)]
        terms = [*single, f"合计({lists[-1].text('list')}.{name})"]
        yield Suggestion(f"{row}.{name} = {' + '.join(terms)}", fills=True)


def _only(block: Entry, column: str) -> list[str]:
    found = next((one for one in block.entries("columns") if one.text("id") == column), None)
    return [str(name) for name in _items(found.values.get("only", []))] if found is not None else []
