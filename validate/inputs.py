"""What a rule reads, item by item: what is blank or wrong with it, and in which cells it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.templates.addresses import with_sheet
from gouji.templates.grades import NAMES, rank_of_words
from gouji.templates.rules.nodes import Node, Over, Ref, children, refs
from gouji.templates.rules.scope import EVIDENCE, PREVIOUS, REFERENCE
from gouji.templates.supplement import SUPPLEMENT
from gouji.validate.figures import (
    LineFigures,
    ReturnFigures,
    Tables,
    in_group,
    last_years_lines,
    line_keys,
    namesakes,
    outer_item,
)
from gouji.validate.pairing import NONE, SEVERAL, partners
from gouji.validate.wide import ABSENT_STATE, BLANK_STATE, FILLED_STATE, NOT_APPLICABLE_STATE, Wide

_TROUBLE = np.array(
    [None, "未填", "填了不适用", "不是数字", "是错误值", "公式没有结果", "表上没有", "一栏里有不止一个数"], dtype=object
)
"""In the order of `ingest.frames.STATES`."""


_TOLD = frozenset({"不是数字", "是错误值", "公式没有结果"})
"""What has a finding of its own at its cell (T-04 … T-06)."""
_NOT_ASKED = "本版表格没有"
_NOT_RECEIVED = "没有收到该单位可用的"
_ABSENT = str(_TROUBLE[ABSENT_STATE])


@dataclass(frozen=True, slots=True)
class InputAt:
    """One input of one check: `trouble` is why it cannot be used (None when it can), `cells` where it stands."""

    ref: Ref
    trouble: str | None
    cells: str | None

    @property
    def not_asked(self) -> bool:
        """Whether nobody was asked for it: evidence (评分依据) of which no sheet was sent."""
        return self.ref.form == EVIDENCE and (self.trouble or "").startswith(_NOT_ASKED)

    @property
    def not_received(self) -> bool:
        """Whether the unit's table in which it stands did not come: what is owed is told by the roster (R-03)."""
        return (self.trouble or "").startswith(_NOT_RECEIVED)

    @property
    def absent(self) -> bool:
        """Whether the sheet on which it was to stand does not have it: told once for that table (T-30)."""
        return (self.trouble or "").endswith(_ABSENT)

    @property
    def asked_for(self) -> bool:
        """Whether a finding of its own asks for the figure."""
        return self.trouble in _TOLD


@dataclass(frozen=True)
class Input:
    """One item that a rule reads, over all returns or lines: `nothing` where it is blank or 不适用."""

    ref: Ref
    nothing: NDArray[np.bool_]
    trouble: NDArray[np.object_]
    cells: NDArray[np.object_]

    def at_row(self, row: int) -> InputAt:
        return InputAt(self.ref, self.trouble[row], self.cells[row])


def inputs_of(wide: Wide, tables: Tables, node: Node, owner: NDArray[np.intp], level: str | None) -> list[Input]:
    """The inputs of a rule, each once. `owner` gives the return of each row, `level` the list that it stands in."""
    summed = {ref for part in _walk(node) if isinstance(part, Over) for ref in refs(part)}
    return [_input(wide, tables, ref, owner, level, ref in summed) for ref in dict.fromkeys(refs(node))]


def _walk(node: Node) -> Iterable[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _input(wide: Wide, tables: Tables, ref: Ref, owner: NDArray[np.intp], level: str | None, summed: bool) -> Input:
    if ref.form == PREVIOUS and ref.list_id is not None:
        return _last_years_line(wide, tables, ref)
    if ref.form == REFERENCE:
        return _reference(wide, tables, ref, owner)
    if ref.form is not None:
        return _elsewhere(wide, tables, ref, owner) if summed else _partner(wide, tables, ref, owner)
    if ref.list_id is None and ref.item not in wide.form.scope.list_columns:
        place = wide.fixed.place[ref.item]
        state = wide.fixed.state[owner, place]
        trouble = _trouble(state, wide.fixed.raw[owner, place])
        if ref.kind == "choice":
            trouble[(state == FILLED_STATE) & _no_grade(wide, ref, owner)] = f"不是{'、'.join(reversed(NAMES))}之一"
        return Input(ref, _nothing(state), trouble, wide.fixed.cell[owner, place])
    if summed or level is None:
        return _summed(wide, ref, owner)
    if ref.list_id is not None and ref.list_id != level:
        return _namesake(wide, ref, level)
    columns = wide.lists[level].columns
    name = ref.item.rpartition(".")[2]
    state = columns.state_of(name)
    place = columns.place[name]
    return Input(ref, _nothing(state), _trouble(state, columns.raw[:, place]), columns.cell[:, place])


def _trouble(state: NDArray[np.int8], raw: NDArray[np.object_]) -> NDArray[np.object_]:
    """Why figures in these states cannot be used; of a sign for nothing (—) what stands there."""
    trouble = _TROUBLE[state]
    for row in np.flatnonzero((state == BLANK_STATE) & pd.notna(raw)).tolist():
        trouble[row] = f"填的是“{raw[row]}”"
    return trouble


def _no_grade(wide: Wide, ref: Ref, owner: NDArray[np.intp]) -> NDArray[np.bool_]:
    words = wide.fixed.raw_of(ref.item)[owner]
    return np.array([rank_of_words(text) is None for text in words], bool)


def _namesake(wide: Wide, ref: Ref, level: str) -> Input:
    """A column of another list, at the line of the same name."""
    places = namesakes(wide, level, ref.list_id or "")
    columns = wide.lists[ref.list_id or ""].columns
    name = ref.item.rpartition(".")[2]
    state = np.append(columns.state_of(name), BLANK_STATE)[places]
    cells = np.array([*columns.cell[:, columns.place[name]], None], dtype=object)[places]
    return Input(ref, _nothing(state), _TROUBLE[state], cells)


def _summed(wide: Wide, ref: Ref, owner: NDArray[np.intp]) -> Input:
    """A summed column: nothing when no line holds a figure; its cells are those of all its lines."""
    lines = wide.lists[ref.list_id or ""]
    name = ref.item.rpartition(".")[2]
    state = lines.columns.state_of(name)
    filled = in_group(wide, ref.list_id or "", ref.group) & ~_nothing(state)
    nothing = np.bincount(lines.owner[filled], minlength=wide.size) == 0
    trouble = np.full(wide.size, None, dtype=object)
    trouble[nothing] = "各行都未填"
    trouble[wide.absent.get(ref.item, np.zeros(wide.size, bool))] = _ABSENT
    trouble[np.unique(lines.owner[filled & (state != FILLED_STATE)])] = "有无法识别的数"
    cells = np.full(wide.size, None, dtype=object)
    by_owner = pd.Series(lines.columns.cell[:, lines.columns.place[name]][filled]).groupby(lines.owner[filled])
    joined = by_owner.agg("；".join)
    cells[joined.index.to_numpy(dtype=np.intp)] = joined.to_numpy(dtype=object)
    return Input(ref, nothing[owner], trouble[owner], cells[owner])


def _partner(wide: Wide, tables: Tables, ref: Ref, owner: NDArray[np.intp]) -> Input:
    """An item of the one table of another form that belongs to a return, with its cell there."""
    known = ReturnFigures(wide, tables).quantity(ref).known
    others, item = tables.holding(ref, wide.form), outer_item(ref)
    partner_rows = partners(wide, others) if others else np.full(wide.size, NONE, np.intp)
    places = [place for other in others for place in _places(other, item, of_last_year=ref.form == PREVIOUS)]
    cells = np.array([*places, None], dtype=object)[np.where(partner_rows >= 0, partner_rows, -1)]
    trouble = np.full(wide.size, None, dtype=object)
    absent, unfilled = _reasons(wide, ref)
    trouble[~known] = unfilled
    if others:
        missing = np.concatenate([other.fixed.state_of(item) == ABSENT_STATE for other in others])
        trouble[np.append(missing, False)[np.where(partner_rows >= 0, partner_rows, -1)]] = f"“{ref.form}”{_ABSENT}"
    trouble[partner_rows == NONE] = absent
    trouble[partner_rows == SEVERAL] = (
        f"该单位有多张“{SUPPLEMENT if ref.form == EVIDENCE else ref.form}”，不能确定是哪一张"
    )
    return Input(ref, ~known[owner], trouble[owner], cells[owner])


def _elsewhere(wide: Wide, tables: Tables, ref: Ref, owner: NDArray[np.intp]) -> Input:
    """An item added up over the unit's tables of another form, with its cells there."""
    known = ReturnFigures(wide, tables).total(Over(ref, ref.kind)).known
    named: dict[object, list[str]] = {}
    missing: set[object] = set()
    item = outer_item(ref)
    for other in tables.holding(ref, wide.form):
        column = other.fixed.cell[:, other.fixed.place[item]]
        for key, adopted, sheet, cell in zip(
            other.unit_key, other.returns["adopted"], other.returns["sheet"], column, strict=True
        ):
            if adopted:
                named.setdefault(key, []).extend([with_sheet(sheet, cell)] if cell else [])
        missing |= set(other.unit_key[other.returns["adopted"] & (other.fixed.state_of(item) == ABSENT_STATE)])
    received = np.array([key in named for key in wide.unit_key], bool)
    cells = np.array(["；".join(named.get(key, [])) or None for key in wide.unit_key], dtype=object)
    trouble = np.full(wide.size, None, dtype=object)
    absent, unfilled = _reasons(wide, ref)
    trouble[~known] = unfilled
    trouble[np.array([key in missing for key in wide.unit_key], bool)] = f"“{ref.form}”{_ABSENT}"
    trouble[~received] = absent
    return Input(ref, ~known[owner], trouble[owner], cells[owner])


def _places(other: Wide, item: str, *, of_last_year: bool) -> Iterator[str | None]:
    """`工作表!D9` of an item in every table; a file of last year is named, since it is not the one at hand."""
    column = other.fixed.cell[:, other.fixed.place[item]]
    for file, sheet, cell in zip(other.returns["file"], other.returns["sheet"], column, strict=True):
        place = with_sheet(sheet, cell) if cell else None
        yield f"上年{file}：{place}" if place and of_last_year else place


def _last_years_line(wide: Wide, tables: Tables, ref: Ref) -> Input:
    """The same line's figure in last year's table; `wide`'s own lines are the rows."""
    list_id = ref.list_id or ""
    known = LineFigures(wide, list_id, tables).quantity(ref).known
    have = {key for keys, _ in last_years_lines(wide, ref, tables) for key in keys}
    listed = np.array([key in have for key in line_keys(wide, list_id)], bool)
    trouble = np.full(len(known), None, dtype=object)
    trouble[~known] = "上年报表的这一行没有填"
    trouble[~listed] = "上年的结果里没有这一行"
    return Input(ref, ~known, trouble, np.full(len(known), None, dtype=object))


def _reference(wide: Wide, tables: Tables, ref: Ref, owner: NDArray[np.intp]) -> Input:
    """What the bureau's own table says of the unit."""
    reference, keys = tables.reference, wide.unit_key[owner]
    if reference is None:
        nothing = np.full(len(owner), None, dtype=object)
        return Input(ref, np.ones(len(owner), bool), np.full(len(owner), "没有给出参照表", dtype=object), nothing)
    known, cells = reference.quantity(ref.item, keys).known, reference.cells_of(ref.item, keys)
    trouble = np.full(len(owner), None, dtype=object)
    trouble[~known] = f"“{reference.form}”里没有填“{ref.item}”"
    trouble[np.array([cell is None for cell in cells], bool)] = f"“{reference.form}”里没有该单位"
    return Input(ref, ~known, trouble, cells)


def _reasons(wide: Wide, ref: Ref) -> tuple[str, str]:
    """Why a figure of another table is not there: no such table came, or it was left blank."""
    if ref.form == EVIDENCE:
        label = wide.form.evidence[ref.item].label
        return f"{_NOT_ASKED}“{label}”这一项", f"“{SUPPLEMENT}”的“{label}”没有填"
    if ref.form == PREVIOUS:
        return "上年的结果里没有该单位的这张表", "上年报表的这一项没有填"
    return f"{_NOT_RECEIVED}“{ref.form}”", f"“{ref.form}”里没有填"


def _nothing(state: NDArray[np.int8]) -> NDArray[np.bool_]:
    return np.isin(state, [BLANK_STATE, NOT_APPLICABLE_STATE, ABSENT_STATE])
