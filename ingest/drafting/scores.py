"""评分表: indicators with their points, criteria and sections, as heads and merged labels have them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.ingest.drafting.criteria import rule_of
from gouji.ingest.drafting.desk import Desk, DraftedBlock, Head
from gouji.ingest.drafting.entry import Entry, Value, quoted
from gouji.ingest.drafting.heads import heads_at
from gouji.ingest.drafting.lists import split_points
from gouji.ingest.drafting.paper import Cell
from gouji.ingest.drafting.words import is_place_left, kind_of
from gouji.templates.labels import one_line, squeezed

_LEVEL = re.compile(r"[一二三四]级指标")
_COLUMNS = [
    ("得分", re.compile(r"得分|^自评分|^评分$|^自评$")),
    ("分值", re.compile(r"^(?:标准|权重)?分值|^权重|^满分|^标准分")),
    ("评价标准", re.compile(r"标准|细则|评分办法|计分")),
    ("指标说明", re.compile(r"说明|解释|内涵|具体指标|要点|评价内容")),
]
NO_POINTS = "分值没有认出，先写作 0"
DEFAULT_COLUMNS = ["分值", "评价标准", "指标说明", "得分"]
_TOTAL = re.compile(r"^(?:合计|总计|总分|总得分|综合得分)[:：]?")


@dataclass
class _Plan:
    """Which heads are levels and which are columns; `idle` are those for which a definition has no place."""

    heads: list[Head]
    levels: list[Head] = field(default_factory=list)
    columns: dict[str, Head] = field(default_factory=dict)
    idle: list[Head] = field(default_factory=list)


@dataclass
class _Indicator:
    labels: list[str]
    under: list[str]
    points: Decimal | None
    in_label: bool
    words: str
    explained: str


@dataclass
class _Body:
    indicators: list[_Indicator] = field(default_factory=list)
    sections: dict[str, Decimal] = field(default_factory=dict)
    total: Entry | None = None
    end: int = 0


def score_table(desk: Desk, row: int) -> DraftedBlock | None:
    """The 评分表 whose heads begin in `row`; None without levels, a column for the score, and printed indicators.

    Indicators with targets are lines of a list: a 评分表 has no place for 目标值 and 完成值.
    """
    begun = heads_at(desk.paper, row)
    if begun is None:
        return None
    plan = _plan(begun[0])
    targets = any(kind_of(head.text, measures=True) == "measure" for head in plan.idle)
    if len(plan.levels) < 2 or "得分" not in plan.columns or targets:
        return None
    body = _body(desk, plan, begun[1])
    labels = [label for indicator in body.indicators for label in indicator.labels]
    if all(map(is_place_left, labels)):
        return None  # no indicator is printed, or only room for those of the units (指标1：, ……)
    return DraftedBlock(
        _entry(desk, plan, body), body.end, idle={c for h in plan.idle for c in range(h.first, h.last + 1)}
    )


def _plan(heads: list[Head]) -> _Plan:
    plan = _Plan(heads)
    levels = sum(_LEVEL.search(squeezed(head.text)) is not None for head in heads)
    for head in heads:
        words = squeezed(head.text)
        name = next((name for name, pattern in _COLUMNS if pattern.search(words)), None)
        if _LEVEL.search(words):
            plan.levels.append(head)
            continue
        if name == "分值" and 0 < len(plan.levels) < min(levels, 3):
            name = ("一级分值", "二级分值")[len(plan.levels) - 1]
        if name is None or name in plan.columns:
            plan.idle.append(head)
        else:
            plan.columns[name] = head
    return plan


def _body(desk: Desk, plan: _Plan, first: int) -> _Body:
    body = _Body(end=first)
    under: list[str] = [""] * (len(plan.levels) - 1)
    row = first
    while row < desk.paper.height:
        again = heads_at(desk.paper, row)
        if again is not None and [head.text for head in again[0]] == [head.text for head in plan.heads]:
            row = again[1]
            continue
        if desk.paper.is_empty(row) or _is_gap(desk, plan, row):
            row += 1
            continue
        total = _total(desk, plan, row)
        if total is not None:
            body.total, body.end = total, row + 1
            break
        cells = [desk.paper.covers[row, level.first] for level in plan.levels]
        if not cells[-1].is_words or cells[-1].right != plan.levels[-1].last:
            break
        _note_sections(desk, plan, body, cells[:-1], under, row)
        indicator, row = _indicator(desk, plan, list(under), cells[-1])
        body.indicators.append(indicator)
        body.end = row
    return body


def _is_gap(desk: Desk, plan: _Plan, row: int) -> bool:
    """A row inside a section where no indicator stands, as Word leaves them."""
    cells = [desk.paper.covers[row, level.first] for level in plan.levels]
    return cells[-1].is_blank and cells[0].row < row


def _note_sections(desk: Desk, plan: _Plan, body: _Body, cells: Sequence[Cell], under: list[str], row: int) -> None:
    for place, cell in enumerate(cells):
        if not cell.text or cell.row < row:
            continue
        name, points = split_points(cell.text)
        under[place] = one_line(name)
        beside = plan.columns.get(("一级分值", "二级分值")[min(place, 1)])
        if points is None and beside is not None:
            points = _figure(desk.paper.covers[row, beside.first])
        if points is not None:
            body.sections.setdefault(under[place], points)


def _indicator(desk: Desk, plan: _Plan, under: list[str], cell: Cell) -> tuple[_Indicator, int]:
    """The indicator and the next row; several labels share one where their score is one merged cell."""
    score = desk.paper.covers[cell.row, plan.columns["得分"].first]
    labels, row = [cell], cell.bottom + 1
    while score.row == cell.row and row <= score.bottom:
        labels.append(desk.paper.covers[row, cell.column])
        row = labels[-1].bottom + 1
    column = plan.columns.get("分值")
    points = None if column is None else _figure(desk.paper.covers[cell.row, column.first])
    texts = [split_points(label.text) if points is None else (label.text, None) for label in labels]
    in_label = points is None and texts[0][1] is not None
    words, explained = (
        desk.paper.covers[cell.row, plan.columns[name].first].text if name in plan.columns else ""
        for name in ("评价标准", "指标说明")
    )
    points = texts[0][1] if in_label else points
    return _Indicator([text for text, _ in texts], under, points, in_label, words, explained), row


def _figure(cell: Cell) -> Decimal | None:
    if cell.figure is not None:
        return cell.figure
    match = re.fullmatch(r"(\d+(?:\.\d+)?)分?", squeezed(cell.text))
    return None if match is None else Decimal(match[1])


def _total(desk: Desk, plan: _Plan, row: int) -> Entry | None:
    """合计 or 总分, or a last row that has nothing but points."""
    line = desk.paper.line(row)
    cell = line[0]
    points = plan.columns.get("分值")
    figure = None if points is None else _figure(desk.paper.covers[row, points.first])
    if _TOTAL.match(squeezed(cell.text)):
        inline = cell.columns == desk.paper.width
        values: dict[str, Value] = {"label": cell.text}
        if inline:
            values["inline"] = True
        return Entry(values if figure is None else values | {"points": figure})
    levels = [desk.paper.covers[row, level.first] for level in plan.levels]
    bare = all(level_cell.is_blank and level_cell.row == row for level_cell in levels)
    return Entry({"points": figure}) if bare and figure is not None else None


def _entry(desk: Desk, plan: _Plan, body: _Body) -> Entry:
    values: dict[str, Value] = {
        "scores": desk.names.take("评分", "评分"),
        "levels": [squeezed(level.text) for level in plan.levels],
    }
    named = {name: squeezed(head.text) for name, head in plan.columns.items()}
    if list(named.items()) != [(name, name) for name in DEFAULT_COLUMNS]:
        values["columns"] = [_column(name, head.text) for name, head in plan.columns.items()]
    if sum(indicator.in_label for indicator in body.indicators) * 2 > len(body.indicators):
        values["points_in"] = "label"
    values["sections"] = dict(_sections(body))
    if body.total is not None:
        values["total"] = body.total
    values["indicators"] = [_indicator_entry(desk, indicator) for indicator in body.indicators]
    entry = Entry(values)
    if plan.idle:
        idle_heads = "、".join(quoted(head.text) for head in plan.idle)
        entry.remarks.append(f"评分表里没有{idle_heads}这种栏，已略去；需要时请并入“指标说明”")
    return entry


def _column(name: str, printed: str) -> Entry:
    label = "分值" if name in ("一级分值", "二级分值") else name
    return Entry({"id": name} if printed == label else {"id": name, "label": printed})


def _sections(body: _Body) -> dict[str, Value]:
    """Printed points of every section; the sum of its indicators where none are printed."""
    sections: dict[str, Value] = {}
    for indicator in body.indicators:
        for name in indicator.under:
            within = (member.points or Decimal(0) for member in body.indicators if name in member.under)
            sections.setdefault(name, body.sections.get(name, sum(within, Decimal(0))))
    return sections


def _indicator_entry(desk: Desk, indicator: _Indicator) -> Entry:
    named = desk.named(indicator.labels[0], "指标", indicator.under[-1] if indicator.under else "")
    values: dict[str, Value] = dict(named)
    if len(indicator.labels) > 1:
        values.pop("label", None)
        values["labels"] = [desk.label(label) for label in indicator.labels]
    values |= {
        "under": list(indicator.under),
        "points": indicator.points if indicator.points is not None else Decimal(0),
    }
    rule = rule_of(indicator.words, indicator.points or Decimal(0))
    values["rule"] = rule or Entry({"kind": "judge"})
    entry = Entry(values)
    if indicator.points is None:
        entry.remarks.append(NO_POINTS)
    if rule is None:
        if indicator.explained:
            values["printed"] = {"指标说明": indicator.explained}
        criterion = f"，表上写的是{quoted(indicator.words)}" if indicator.words else ""
        entry.remarks.append(f"评分规则（kind: step、band、ratio……）{criterion}")
    return entry
