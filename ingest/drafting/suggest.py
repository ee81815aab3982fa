"""Checks that the labels themselves suggest: totals and their parts, rates, scores within their points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gouji.ingest.drafting.entry import Entry, Value, quoted
from gouji.ingest.drafting.lists import split_points
from gouji.ingest.locating.parts import is_of_which, is_total, parts, step, without_of_which
from gouji.templates.exact import plain
from gouji.templates.labels import squeezed, unnumbered
from gouji.templates.model import FIGURES

_PLAN = re.compile(r"预算|计划|编制|批复|批准|核定|目标|应")
_SCORE, _FULL = re.compile("得分|评分"), re.compile("分值|权重|满分")
_OTHER = re.compile("^其[他它余]")
_AND = re.compile("[和与及、]")
_BY = re.compile(r"[^:()]+:\(?[1一]\)?[、.]?")
MUST, ASK = "强制性", "核实性"


@dataclass(frozen=True)
class Suggestion:
    """One check; `each` as in a definition. `reason`: what on the form suggests it; `sure`: beyond doubt."""

    rule: str
    reason: str
    each: str | tuple[str, ...] = ""
    severity: str = MUST
    fills: bool = False
    sure: bool = True

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
    return [suggestion for number, block in enumerate(blocks) for suggestion in _of(block, blocks[:number])]


def _of(block: Entry, before: Sequence[Entry]) -> Iterator[Suggestion]:
    if "grid" in block.values:
        yield from _rows(block)
        yield from _columns(block)
        yield from _totals_of_points(block, before)
        yield from _totals_of_lists(block, before)
        yield from _execution(block)
    if "pairs" in block.values:
        ids = [row.text("id") for row in block.entries("rows")]
        yield Suggestion(f"{ids[0]} = {' + '.join(ids[1:])}", "第一行是以下各行的合计", "金额列", fills=True)
    if "list" in block.values:
        yield from _list(block)
    if "scores" in block.values:
        full = "分值" if _has_points_column(block) else "满分"
        yield Suggestion(f"得分 ≤ {full}", "得分不超过分值", block.text("scores"))
        if "total" in block.values:
            yield Suggestion(f"总分.得分 = 合计({block.text('scores')}.得分)", "总分是各项得分的合计", fills=True)


def _has_points_column(scores: Entry) -> bool:
    columns = scores.entries("columns")
    return not columns or any(column.text("id") == "分值" for column in columns)


def _rows(grid: Entry) -> Iterator[Suggestion]:
    """A total row and the rows that it is made of."""
    if not any(column.text("kind") == "amount" for column in grid.entries("columns")):
        return
    rows = grid.entries("rows")
    for place, row in enumerate(rows):
        made_of = parts(rows, place)
        for number, part in enumerate(_partitions(rows, made_of)):
            if "id" in row.values and part:
                suggestion = _row_sum(row, part, _open_columns(grid, [row, *part]))
                yield suggestion if number == 0 else replace(suggestion, fills=False)


def _partitions(rows: Sequence[Entry], made_of: Sequence[Entry]) -> list[Sequence[Entry]]:
    """The parts of a total as one whole, or, where labels begin 资金来源：（1）…, as one whole for every such word."""
    if not any(_BY.match(squeezed(part.printed)) for part in made_of):
        return [made_of]
    partitions: list[list[Entry]] = []
    for row in rows[rows.index(made_of[0]) :]:
        if _BY.match(squeezed(row.printed)):
            partitions.append([row])
        elif partitions and step(row.printed):
            partitions[-1].append(row)
        else:
            break
    return [*partitions]


def _row_sum(row: Entry, made_of: Sequence[Entry], each: str | tuple[str, ...]) -> Suggestion:
    """The check of a row against the sum of its parts; 其中 alone does not show that all parts are listed."""
    terms, name = " + ".join(_term(part) for part in made_of), quoted(row.printed)
    if is_of_which(made_of[0].printed) and not _all_named(row, made_of):
        reason = f"{name}下“其中”所列的未必是全部；如果是，把 ≥ 改成 ="
        return Suggestion(f"{row.text('id')} ≥ {terms}", reason, each, ASK, sure=False)
    return Suggestion(f"{row.text('id')} = {terms}", f"{name}由所列各行构成", each, fills=True)


def _all_named(row: Entry, made_of: Sequence[Entry]) -> bool:
    """Whether 其中 names all: one of them is the rest (其他…), or the label itself names each (购置和维护)."""
    labels = [without_of_which(part.printed) for part in made_of]
    pieces = [piece for piece in _AND.split(unnumbered(squeezed(row.printed))) if piece]
    shared = all(any(_share_words(piece, label) for label in labels) for piece in pieces)
    named = len(pieces) == len(labels) > 1 and shared
    return named or any(_OTHER.match(label) for label in labels)


def _share_words(piece: str, label: str) -> bool:
    return any(piece[at : at + 2] in label for at in range(len(piece) - 1) if piece[at : at + 2] != "经费")


def _open_columns(grid: Entry, rows: Sequence[Entry]) -> str | tuple[str, ...]:
    """The amount columns in which none of the rows is closed."""
    amounts = [column.text("id") for column in grid.entries("columns") if column.text("kind") == "amount"]
    closed: set[str] = set()
    for row in rows:
        closed_columns = row.values.get("closed")
        closed |= set(closed_columns) if isinstance(closed_columns, dict) else set()
    kept = tuple(name for name in amounts if name not in closed)
    return "金额列" if len(kept) == len(amounts) else kept


def _term(row: Entry) -> str:
    return f"合计({row.text('list')})" if "list" in row.values else row.text("id")


def _columns(grid: Entry) -> Iterator[Suggestion]:
    """A rate behind two figures of one kind; a total column and those under its 其中. Lists compute nothing."""
    columns = grid.entries("columns")
    rows = grid.entries("rows")
    lists = [row.text("list") for row in rows]
    each = lists[0] if len(lists) == 1 and lists[0] else "每行" if rows else ""
    for place, column in enumerate(columns):
        if column.text("kind") == "rate":
            pair = _last_two(columns[:place])
            if pair is not None:
                reason = f"{quoted(column.printed)}是 {pair[1]}÷{pair[0]}"
                rule = f"{column.text('id')} = {pair[1]} / {pair[0]}"
                yield Suggestion(rule, reason, each, fills=each not in lists)
        elif column.text("kind") == "amount" and is_total(column.printed):
            for number, made_of in enumerate(_beneath(columns, place)):
                reason = f"{quoted(column.printed)}由所列各栏构成"
                rule = f"{column.text('id')} = {' + '.join(made_of)}"
                yield Suggestion(rule, reason, each, fills=number == 0 and each not in lists)


def _last_two(columns: Sequence[Entry]) -> tuple[str, str] | None:
    """Divisor and dividend of a rate: the nearest plan, else the last figure but one, and the last figure."""
    figures = [figure for figure in columns if figure.text("kind") in FIGURES - {"points", "rate"}]
    grouped = _first_of_groups(figures)
    figures = grouped or figures
    alike = [figure for figure in figures if figure.text("kind") == figures[-1].text("kind")]
    if len(alike) < 2:
        return None
    plans = [figure for figure in alike[:-1] if _PLAN.search(_under(figure)[-1] if grouped else figure.printed)]
    return (plans or alike[:-1])[-1].text("id"), alike[-1].text("id")


def _first_of_groups(figures: Sequence[Entry]) -> list[Entry]:
    """The first column under every head, where each head has the same columns below it: 预算数 and 执行数 by source."""
    groups: dict[str, list[Entry]] = {}
    for column in figures:
        groups.setdefault("/".join(_under(column)), []).append(column)
    printed = {tuple(column.printed for column in group) for group in groups.values()}
    alike = len(groups) > 1 and len(printed) == 1 and "" not in groups
    return [group[0] for group in groups.values()] if alike else []


def _beneath(columns: Sequence[Entry], place: int) -> list[list[str]]:
    """The parts of a total column: the columns one head lower, once for every head above them, else its neighbours."""
    depth = _depth(columns[place])
    behind: list[Entry] = []
    for column in columns[place + 1 :]:
        if _depth(column) < depth or column.text("kind") != "amount" or is_total(column.printed):
            break
        behind.append(column)
    deeper = behind[:1] and _depth(behind[0]) > depth
    if not deeper:
        siblings = [column.text("id") for column in behind if _under(column) == _under(columns[place])]
        return [siblings] if len(siblings) > 1 else []
    groups: dict[str, list[str]] = {}
    for column in behind:
        if _depth(column) <= depth:
            break
        if _depth(column) == depth + 1:
            groups.setdefault(_under(column)[depth], []).append(column.text("id"))
    return [group for group in groups.values() if len(group) > 1]


def _under(column: Entry) -> list[str]:
    return [str(text) for text in _items(column.values.get("under", []))]


def _depth(column: Entry) -> int:
    return len(_under(column))


def _items(value: Value) -> Sequence[Value]:
    return value if isinstance(value, list) else []


def _list(block: Entry) -> Iterator[Suggestion]:
    name, (score, full) = block.text("list"), _score_and_full(block)
    if score and full:
        yield Suggestion(f"{score} ≤ {full}", "得分不超过分值", name)
    if not full:
        return
    for group in block.entries("groups"):
        if "points" in group.values:
            reason = f"{quoted(group.printed)}印有分值"
            yield Suggestion(f"合计({group.text('id')}.{full}) = 满分({group.text('id')})", reason, severity=ASK)
    _, points = split_points(block.text("side"))
    if points is not None:
        side = quoted(block.text("side"))
        yield Suggestion(f"合计({name}.{full}) = {plain(points)}", f"{side}印有分值", severity=ASK)


def _score_and_full(block: Entry) -> tuple[str, str]:
    """The columns of scores and of full marks; empty where there are none."""
    points = [column for column in block.entries("columns") if column.text("kind") == "points"]
    score = next((column.text("id") for column in points if _SCORE.search(column.printed)), "")
    return score, next((column.text("id") for column in points if _FULL.search(column.printed)), "")


def _totals_of_points(grid: Entry, before: Sequence[Entry]) -> Iterator[Suggestion]:
    """总分 below lists: the lines of the lists, and the single row of points above them, as printed.

    Where points above have no score beside them, the parts of the total are only guessed.
    """
    if grid.values.get("header") is not False:
        return
    row = grid.entries("rows")[0]
    terms = [[term for block in before for term in _terms(block, place)] for place in range(2)]
    sure = not (terms[0] and terms[1]) or len(terms[0]) == len(terms[1])
    for name, made_of in zip(_score_and_full(grid), terms, strict=True):
        if not name or not any(term.startswith("合计(") for term in made_of):
            continue
        fixed = any("fixed" in column.values for column in grid.entries("columns") if column.text("id") == name)
        reason = f"{quoted(row.printed)}是上面各项的合计"
        rule = f"{row.text('id')}.{name} = {' + '.join(made_of)}"
        yield Suggestion(rule, reason, severity=MUST if sure else ASK, fills=not fixed and sure, sure=sure)


def _totals_of_lists(grid: Entry, before: Sequence[Entry]) -> Iterator[Suggestion]:
    """合计 below rows whose names are left open: each amount is that of the lines under the same heads."""
    rows = before[-1].entries("rows") if before and "grid" in before[-1].values else []
    if grid.values.get("header") is not False or len(rows) != 1 or "list" not in rows[0].values:
        return
    above = {(*_under(column), column.printed): column.text("id") for column in before[-1].entries("columns")}
    row = grid.entries("rows")[0]
    for column in grid.entries("columns"):
        summed = above.get((*_under(column), column.printed))
        if summed is not None and column.text("kind") == "amount":
            rule = f"{row.text('id')}.{column.text('id')} = 合计({rows[0].text('list')}.{summed})"
            yield Suggestion(rule, f"{quoted(row.printed)}是以上各行的合计", fills=not is_total(column.printed))


def _terms(block: Entry, place: int) -> Iterator[str]:
    """What a block adds to the total of scores (0) or of full marks (1)."""
    if "list" in block.values and (column := _score_and_full(block)[place]):
        yield f"合计({block.text('list')}.{column})"
    if "grid" in block.values:
        yield from _single(block, place)


def _single(grid: Entry, place: int) -> Iterator[str]:
    """The one cell of a grid for its score (0) or its full marks (1)."""
    name = _score_and_full(grid)[place]
    column = next((column for column in grid.entries("columns") if column.text("id") == name), None)
    if column is None:
        return
    rows = [row.text("id") for row in grid.entries("rows") if "id" in row.values]
    only = [str(mark) for mark in _items(column.values.get("only", []))] or (rows if len(rows) == 1 else [])
    yield from (f"{row}.{name}" for row in only[:1])


def _execution(grid: Entry) -> Iterator[Suggestion]:
    """The score of the execution rate: usually its share of the points."""
    rate = next((column.text("id") for column in grid.entries("columns") if "执行率" in column.printed), "")
    scores, full = list(_single(grid, 0)), list(_single(grid, 1))
    if rate and scores and full:
        row = scores[0].rpartition(".")[0]
        rule = f"{scores[0]} = 舍入({full[0]} × 最小(1, {row}.{rate}), 2)"
        yield Suggestion(rule, "执行率的得分通常按比例计算，以本级的评分办法为准", severity=ASK, sure=False)
