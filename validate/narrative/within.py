"""Contradictions within a text: sums and their parts, growth in money and in per cent, shares and rates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.narrative.statement import (
    AGAINST_PLAN,
    CHANGE,
    COMPLETION,
    COUNT,
    GROWTH,
    PLANNED,
    SHARE,
)
from gouji.templates.grades import GRADES, rank
from gouji.templates.rules import quantity as q
from gouji.validate.findings import Finding
from gouji.validate.lookup import picked
from gouji.validate.narrative.comparing import beyond
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.stated import NOT_ASKED, RIGHT, WRONG, Stated
from gouji.validate.narrative.told import contradiction, label

_FULL_MARKS = Decimal(100)
SUM, CHANGED, RATED, TWICE, OF_PART, EITHER = "L-03", "L-04", "L-05", "L-06", "L-07", "L-09"
_PERSONS = frozenset({"人", "名", "人次"})
_WORTH_SAYING = {(NOT_ASKED, NOT_ASKED), (NOT_ASKED, RIGHT), (RIGHT, NOT_ASKED), (WRONG, WRONG)}
"""What the tables say of a part and of its whole, where their contradiction is told nowhere else."""
_MEAN = re.compile(r"均|每")
_EARLIER = 12
"""Counts of the sentence before a rate that it may be a rate of."""


def within(stated: Stated, asked: NDArray[np.int8]) -> Iterator[Finding]:
    """All contradictions of the texts in themselves. `asked`: what the tables say of each statement (`WRONG` …): where
    they have it, which of two different ones is right is told there."""
    settled = asked != NOT_ASKED
    yield from _sums(stated)
    yield from _growths(stated)
    yield from _ratios(stated)
    yield from _twice(stated, settled)
    yield from _larger_parts(stated, asked)
    yield from _neither_planned_nor_spent(stated)
    yield from _changes_of_parts(stated)
    yield from _grades(stated, settled)


# ---- sums ---------------------------------------------------------------------------------------------


def _sums(stated: Stated) -> Iterator[Finding]:
    frame = stated.frame
    part_of, complete = frame["part_of"].to_numpy(), frame["complete"].to_numpy()
    done = set()
    for total in np.unique(part_of[part_of >= 0]).tolist():
        parts = np.flatnonzero(part_of == total)
        whole = bool(complete[parts].all()) or _makes_up(stated, total, parts)
        if stated.rows[total].unit in _PERSONS and not whole:
            continue  # 30人，其中女性20人，党员15人: the parts may be the same people
        if _MEAN.search(stated.rows[total].label):
            continue  # 户均补贴3173元，其中煤改电每户最高7400元
        done.add(total)
        yield from _sum(stated, total, parts, "=" if whole else "≥")
    yield from _named_wholes(stated, done)


def _makes_up(stated: Stated, total: int, parts: NDArray[np.intp]) -> bool:
    """Whether the parts are all that the whole consists of."""
    wanted = phrases().wholes.get(stated.name[total])
    return wanted is not None and set(wanted) == set(stated.name[parts])


def _named_wholes(stated: Stated, done: set[int]) -> Iterator[Finding]:
    """支出合计, 基本支出 and 项目支出 in one sentence, in whatever order it has them."""
    places: dict[tuple[int, int], dict[str, list[int]]] = {}
    rows = zip(stated.frame["passage"], stated.frame["start"], stated.name, stated.own, strict=True)
    for row, (passage, start, name, is_own) in enumerate(rows):
        if is_own and name != COUNT:
            places.setdefault((passage, start), {}).setdefault(name, []).append(row)
    for by_name in places.values():
        for whole, parts in phrases().wholes.items():
            statements = [by_name.get(name, []) for name in (whole, *parts)]
            if all(len(rows_named) == 1 for rows_named in statements) and statements[0][0] not in done:
                yield from _sum(
                    stated, statements[0][0], np.array([rows_named[0] for rows_named in statements[1:]], np.intp), "="
                )


def _sum(stated: Stated, total: int, parts: NDArray[np.intp], sign: str) -> Iterator[Finding]:
    figures = stated.at(parts)
    added = q.total_by(np.zeros(len(parts), np.intp), 1, figures)
    whole = stated.at(np.array([total], np.intp))
    if not (figures.known.all() and whole.known.all()):
        return
    if added.low[0] <= whole.high[0] and (sign == "≥" or whole.low[0] <= added.high[0]):
        return  # a report rounds what it adds up: 245.96 and 49.76 may well be 295.73
    listed = "、".join(stated.frame["printed"].iloc[parts].tolist()[:_EARLIER])
    yield contradiction(SUM, stated, total, added.value[0], bound="" if sign == "=" else sign, parts=listed)


# ---- growth -------------------------------------------------------------------------------------------


def _growths(stated: Stated) -> Iterator[Finding]:
    """增减率 = 增减额 ÷（数 − 增减额）, where a sentence has all three."""
    aspects, of = stated.frame["aspect"].to_numpy(dtype=object), stated.frame["of"].to_numpy(dtype=np.intp)
    for since in ("", AGAINST_PLAN):
        rates = np.flatnonzero(np.equal(aspects, since + GROWTH) & (of >= 0))
        changes = {int(of[row]): int(row) for row in np.flatnonzero(np.equal(aspects, since + CHANGE) & (of >= 0))}
        rates = np.array([row for row in rates.tolist() if int(of[row]) in changes], np.intp)
        change = np.array([changes[int(of[row])] for row in rates.tolist()], np.intp)
        yield from _worked_out(stated, CHANGED, rates, (of[rates], change), _growth)


def _growth(columns: q.Columns, base: q.Quantity, change: q.Quantity) -> q.Quantity:
    return columns.divide(change, columns.subtract(base, change))


# ---- shares and rates ---------------------------------------------------------------------------------


def _ratios(stated: Stated) -> Iterator[Finding]:
    """占比, 完成率 and 执行率 of two figures of the same sentence."""
    frame = stated.frame
    of, against = (frame[name].to_numpy(dtype=np.intp) for name in ("of", "against"))
    asked = frame["aspect"].isin([SHARE, COMPLETION, "执行率"]).to_numpy() & (of >= 0) & (against >= 0)
    places = np.flatnonzero(asked)
    yield from _worked_out(
        stated, RATED, places, (of[places], against[places]), lambda columns, a, b: columns.divide(a, b)
    )


def _worked_out(
    stated: Stated, code: str, places: NDArray[np.intp], inputs: tuple[NDArray[np.intp], NDArray[np.intp]],
    operation: Callable[[q.Columns, q.Quantity, q.Quantity], q.Quantity],
) -> Iterator[Finding]:  # fmt: skip
    if not len(places):
        return
    figures = stated.at(places)
    expected = operation(q.Columns(len(places)), *(stated.at(rows) for rows in inputs))
    known = np.flatnonzero(figures.known & expected.known)
    excess = beyond(picked(figures, known), picked(expected, known), "=", "rate")
    for row in known[np.greater(excess, 0).astype(bool)].tolist():
        first, second = (_worded(stated, int(rows[row])) for rows in inputs)
        yield contradiction(code, stated, int(places[row]), expected.value[row], one=first, other=second)


def _worded(stated: Stated, row: int) -> str:
    return f"{label(stated, row)}{stated.rows[row].printed}"


# ---- the same figure twice ----------------------------------------------------------------------------


def _twice(stated: Stated, settled: NDArray[np.bool_]) -> Iterator[Finding]:
    """An item that a report states twice, differently, where no table says which is right."""
    frame = stated.frame
    money = frame["item"].isin([*phrases().money, *phrases().counted]).to_numpy()
    plain = frame["aspect"].isin(["", "预算", "到位", "结余"]).to_numpy()
    named = ~frame["implied"].to_numpy(dtype=bool)
    asked = money & plain & named & stated.own & stated.quantity.known & ~settled
    first: dict[tuple[object, ...], int] = {}
    for row in np.flatnonzero(asked).tolist():
        passage = stated.passage(row)
        key = (_whose(passage), stated.name[row], stated.rows[row].funds)
        other = first.setdefault(key, row)
        if "其中" in stated.rows[row].label and _same_sentence(stated, row, other):
            continue  # 在岗职工58人，其中在编人员41人
        later, earlier = (stated.at(np.array([place], np.intp)) for place in (row, other))
        if other != row and beyond(later, earlier, "=", stated.kind(row))[0] > 0:
            yield contradiction(TWICE, stated, row, stated.quantity.value[other], elsewhere=_place(stated, other))


def _whose(passage: Passage) -> object:
    return (id(passage.wide), passage.row) if passage.project else passage.key


def _place(stated: Stated, row: int) -> str:
    passage = stated.passage(row)
    return passage.cell or passage.item


# ---- across the paragraphs of a report -----------------------------------------------------------------


def _larger_parts(stated: Stated, asked: NDArray[np.int8]) -> Iterator[Finding]:
    """A part that is more than its whole, wherever a report states either.

    Nothing is said where one of them only is not what its table has: that is told there, and would mend this.
    """
    by_name = _unit_rows(stated, ("", PLANNED))
    low, high = stated.quantity.low, stated.quantity.high
    for (whose, whole, aspect), rows in by_name.items():
        for part in phrases().never_more.get(whole, ()):
            for row in by_name.get((whose, part, aspect), [])[:1]:
                pairs = [(int(asked[row]), int(asked[total])) for total in rows]
                if all(
                    low[row] > high[total] and not _same_sentence(stated, row, total) and pair in _WORTH_SAYING
                    for total, pair in zip(rows, pairs, strict=True)
                ):
                    yield contradiction(
                        SUM, stated, rows[0], stated.quantity.value[row], bound="≥", parts=_worded(stated, row)
                    )


def _neither_planned_nor_spent(stated: Stated) -> Iterator[Finding]:
    """An amount of which a report does not say whether it was planned or spent, and that can be neither: it is less
    than what a part of it was planned, and more than was spent on all that it belongs to."""
    by_name = _unit_rows(stated, ("", PLANNED))
    low, high = stated.quantity.low, stated.quantity.high
    for (whose, item, aspect), rows in by_name.items():
        part, whole = phrases().planned_or_spent.get(item, ("", ""))
        parts, wholes = by_name.get((whose, part, PLANNED), []), by_name.get((whose, whole, ""), [])
        if aspect or not parts or not wholes:
            continue
        for row in rows:
            if all(low[other] > high[row] for other in parts) and all(high[other] < low[row] for other in wholes):
                yield contradiction(
                    EITHER, stated, row, stated.quantity.value[parts[0]], bound="≥", part=_worded(stated, parts[0]),
                    whole=_worded(stated, wholes[0]),
                )  # fmt: skip


def _unit_rows(stated: Stated, aspects: Sequence[str]) -> dict[tuple[object, str, str], list[int]]:
    """(Whose report, item, aspect) → its statements of all the money, in the reports of units."""
    frame = stated.frame
    wanted = frame["aspect"].isin(aspects).to_numpy() & frame["funds"].eq("").to_numpy()
    wanted &= ~frame["implied"].to_numpy(dtype=bool)
    rows: dict[tuple[object, str, str], list[int]] = {}
    for row in np.flatnonzero(wanted & stated.own & stated.quantity.known).tolist():
        passage = stated.passage(row)
        if not passage.project:
            key = (_whose(passage), str(stated.rows[row].item), str(stated.rows[row].aspect))
            rows.setdefault(key, []).append(row)
    return rows


def _changes_of_parts(stated: Stated) -> Iterator[Finding]:
    """A whole of which one part only is not nothing this year: it cannot have risen by more, or fallen by less, than
    that part, for the others were not less than nothing last year."""
    value = stated.quantity.value
    by_name = _unit_rows(stated, ("", CHANGE, GROWTH))
    for (whose, whole, aspect), rows in by_name.items():
        parts = phrases().wholes.get(whole, ())
        figures = {part: by_name.get((whose, part, ""), []) for part in parts}
        lasting = [part for part in parts if not figures[part] or any(value[row] for row in figures[part])]
        if aspect not in (CHANGE, GROWTH) or len(lasting) != 1:
            continue
        for part_row in by_name.get((whose, lasting[0], aspect), [])[:1]:
            for row in rows:
                if stated.quantity.low[row] > stated.quantity.high[part_row]:
                    yield contradiction(
                        OF_PART, stated, row, value[part_row], whole=whole, part=lasting[0],
                        elsewhere=_place(stated, part_row), changed=stated.rows[part_row].printed,
                    )  # fmt: skip


def _same_sentence(stated: Stated, first: int, second: int) -> bool:
    one, other = stated.rows[first], stated.rows[second]
    return bool((one.passage, one.start) == (other.passage, other.start))


def _grades(stated: Stated, settled: NDArray[np.bool_]) -> Iterator[Finding]:
    """A 等次 that is not the one of the only 自评得分 of its report, where no table has it."""
    frame = stated.frame
    asked = frame["item"].isin(["自评得分", "等次"]).to_numpy() & frame["aspect"].eq("").to_numpy() & stated.own
    by_report: dict[object, dict[str, list[int]]] = {}
    for row in np.flatnonzero(asked & stated.quantity.known).tolist():
        by_report.setdefault(_whose(stated.passage(row)), {}).setdefault(stated.rows[row].item, []).append(row)
    for by_item in by_report.values():
        scores, grades = by_item.get("自评得分", []), by_item.get("等次", [])
        values = {stated.quantity.value[row] for row in scores}
        if len(values) != 1 or not grades or settled[grades].any() or max(values) > _FULL_MARKS:
            continue
        due = Decimal(rank(values.pop()))
        if all(stated.quantity.value[row] != due for row in grades):
            least = "、".join(f"{points}" for points, _ in GRADES)
            yield contradiction(
                RATED, stated, grades[0], due, one=_worded(stated, scores[0]), other=f"通行的等次标准（{least}分）"
            )
