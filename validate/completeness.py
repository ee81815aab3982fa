"""规范性 and 完整性: what is blank, not a number, an error or out of place, for all returns of one edition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.figures.cleaning import squeeze
from gouji.ingest.figures.measures import parse_measure
from gouji.ingest.frames import STATES
from gouji.ingest.register.file_rows import TOLD_BY_THE_FILE
from gouji.ingest.register.notes import Note
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.model import FIGURES
from gouji.templates.rules.naming import item_label, row_labels
from gouji.templates.rules.nodes import refs
from gouji.validate.absent import absent_items
from gouji.validate.extra_totals import extra_totals
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.of_which import of_which_findings
from gouji.validate.one_cause.links import SETTLED
from gouji.validate.other_edition import other_edition_findings
from gouji.validate.wide import ABSENT_STATE, BLANK_STATE, FILLED_STATE, Columns, Wide

_BROKEN = {"unreadable": "T-04", "error": "T-05", "uncalculated": "T-06"}
_MOST_EXAMPLES = 6
_TEXT_FIGURES = {
    "as_text": ("提示", "本次已按数字读取", ""),
    "guessed_percent": ("核实性", "没有写%，按大小看是百分数，本次按百分数读取，请核对", "百分数"),
}
"""Kind of note → severity, how the figures were read, the item: clear figures, and those whose unit was guessed."""
_MOST_UNREAD = 30
"""Nothing else shows where figures stand that were not read."""
_CELLS = {"overwritten": "T-13", "unruled": "T-14", "hidden": "T-15", "covered": "T-16"}

_UNREAD = {
    "unread_issued": (
        "强制性", "", "它们可能是应填的数或另一张表，所在块的合计因此没有核对。请填到对应的格子里或删除。",
    ),
    "unread_outside": (
        "核实性", "表外", "如是应填的数，请填到对应的格子里；如是自己加的栏目，请说明；与本表无关的，请删除。",
    ),
    "unread_crowded": (
        "核实性", "同一栏",
        "它们所在的栏里另有一个数，不能确定哪个是应填的，用到这一栏的核对没有做。请每栏只留一个数。",
    ),
    "unread": (
        "核实性", "",
        "本表有要填的内容没有找到，可能就是这些数；可能包括它们的合计没有核对。请核对这些数应填在哪一行、哪一列。",
    ),
    "unread_own": (
        "提示", "自设栏", "它们在{heads}栏里，从栏名看是复核得分、差额一类，不是本表要填的数，没有参与核对，不必更正。",
    ),
    "unread_beside": (
        "提示", "表外", "所在的行或列是表样里没有的，可能包括它们的合计另行提出；如是自己加的栏目，无须改动。",
    ),
}  # fmt: skip
"""Kind of note → severity, item, and what to do about figures that were not read."""


def check_completeness(wide: Wide, year: int | None, no_projects: Collection[str] = ()) -> Iterator[Finding]:
    """T-01 … T-08, T-10 and T-30 … T-33 for every return; `year` is what the batch was asked for; `no_projects`: codes
    of the units that are said to have none."""
    origins = wide.origins
    blank_groups = _blank_groups(wide)
    yield from absent_items(wide, origins)
    yield from other_edition_findings(wide, origins)
    yield from of_which_findings(wide, origins)
    yield from extra_totals(wide, origins)
    yield from _whole_groups(wide, origins, blank_groups)
    yield from _required(wide, origins, blank_groups, no_projects)
    yield from _broken_fixed(wide, origins)
    yield from _broken_lines(wide, origins)
    yield from _ranges(wide, origins)
    yield from _wrong_year(origins, year)


def _blank_groups(wide: Wide) -> dict[str, NDArray[np.bool_]]:
    """Group → for which returns every figure of it that the sheet has is blank."""
    places = {group: [wide.fixed.place[item.id] for item in items] for group, items in wide.form.groups.items()}
    blank_groups = {}
    for group, columns in places.items():
        blank, absent = wide.fixed.state[:, columns] == BLANK_STATE, wide.fixed.state[:, columns] == ABSENT_STATE
        blank_groups[group] = (blank | absent).all(axis=1) & blank.any(axis=1)
    return blank_groups


def _whole_groups(
    wide: Wide, origins: Sequence[Origin], blank_groups: dict[str, NDArray[np.bool_]]
) -> Iterator[Finding]:
    for group, blank in blank_groups.items():
        items = wide.form.groups[group]
        severity = "强制性" if any(item.required for item in items) else "提示"
        places = [wide.fixed.place[item.id] for item in items]
        for row in np.flatnonzero(blank).tolist():
            cells = [str(cell) for cell in wide.fixed.cell[row, places] if cell]
            label = row_labels(wide.form).get(group, group)
            yield common(
                "T-02", origins[row], severity=severity, item=group, label=label,
                cell=cells[0] if cells else None, related_cells="；".join(cells) or None,
            )  # fmt: skip


def _required(
    wide: Wide, origins: Sequence[Origin], blank_groups: dict[str, NDArray[np.bool_]], no_projects: Collection[str]
) -> Iterator[Finding]:
    sources, none = wide.returns["year_source"], wide.returns["unit_code"].isin(list(no_projects)).to_numpy()
    totals = _totals_of_projects(wide.form)
    for item in wide.form.items.values():
        if not item.required:
            continue
        place = wide.fixed.place[item.id]
        missing = wide.fixed.state[:, place] == BLANK_STATE
        if item.group is not None and item.group in blank_groups:
            missing = missing & ~blank_groups[item.group]
        if item.id in totals:
            missing = missing & ~none  # the sheet adds up an empty list
        for row in np.flatnonzero(missing).tolist():
            label, severity, waits = item_label(wide.form, item, origins[row].year), item.severity, None
            if item.role == "year" and (source := sources.iloc[row]) in TOLD_BY_THE_FILE:
                label, severity, waits = f"{label}（本次按{source}算作{origins[row].year}）", "提示", SETTLED
            cell = wide.fixed.cell[row, place]
            yield common("T-01", origins[row], severity=severity, item=item.id, cell=cell, label=label, waits=waits)


def _totals_of_projects(form: Form) -> frozenset[str]:
    """What the sheet adds up of its list of projects, and of nothing else."""
    lists = {ties.list_id for ties in form.definition.projects}
    read = {item: {ref.list_id for ref in refs(node)} for item, node in form.computed.items()}
    return frozenset(item for item, sources in read.items() if sources and sources <= lists)


def _broken_fixed(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    for item in wide.form.items.values():
        place = wide.fixed.place[item.id]
        for row, code in _broken(wide.fixed, place):
            label = item_label(wide.form, item, origins[row].year)
            yield _broken_finding(code, origins[row], item, item.id, label, wide.fixed, row, place)


def _broken_lines(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    for name, spec in wide.form.lists.items():
        lines = wide.lists[name]
        for column, item in spec.columns.items():
            place = lines.columns.place[column]
            for row, code in _broken(lines.columns, place):
                line = f"{lines.line[row]}.{column}"
                label = f"{lines.line[row]}（{item_label(wide.form, item, None)}）"
                yield _broken_finding(code, origins[lines.owner[row]], item, line, label, lines.columns, row, place)


def _broken(columns: Columns, place: int) -> Iterator[tuple[int, str]]:
    for state, code in _BROKEN.items():
        for row in np.flatnonzero(columns.state[:, place] == STATES.index(state)):
            yield int(row), code


def _broken_finding(
    code: str, origin: Origin, item: Item, name: str, label: str, columns: Columns, row: int, place: int
) -> Finding:
    severity = "强制性" if item.kind in FIGURES else "核实性"
    if item.kind == "measure" and code == _BROKEN["unreadable"]:
        code = "T-18"  # nothing else of a measure is unreadable: any text may be one
    return common(
        code,
        origin,
        severity=severity,
        item=name,
        label=label,
        stated=columns.raw[row, place],
        cell=columns.cell[row, place],
    )


def _ranges(wide: Wide, origins: Sequence[Origin]) -> Iterator[Finding]:
    """Actuals written as a range (≥95%); those of a scored 自评表 are found where it is scored."""
    for name, spec in wide.form.lists.items():
        lines = wide.lists[name]
        measures = (column for column, item in spec.columns.items() if item.kind == "measure" and not item.actual)
        targets = [lines.columns.raw_of(column) for column in measures]
        for column in (column for column, item in spec.columns.items() if item.actual):
            place = lines.columns.place[column]
            for row in np.flatnonzero(lines.columns.state[:, place] == FILLED_STATE).tolist():
                raw = lines.columns.raw[row, place]
                if parse_measure(raw).sign:
                    said = any(
                        isinstance(target[row], str) and squeeze(target[row]) == squeeze(raw) for target in targets
                    )
                    yield common(
                        "T-10", origins[lines.owner[row]], item=f"{lines.line[row]}.{column}", stated=raw,
                        cell=lines.columns.cell[row, place], waits=SETTLED if said else None,
                    )  # fmt: skip


def _wrong_year(origins: Sequence[Origin], year: int | None) -> Iterator[Finding]:
    for origin in origins:
        if year is not None and origin.year is not None and origin.year != year:
            yield common("T-08", origin, item="年度", stated=str(origin.year), expected=str(year))


def reading_findings(returns: pd.DataFrame, notes: Sequence[Note], catalogue: Catalogue) -> Iterator[Finding]:
    """What reading noticed: figures as text (T-03), altered labels (T-07), another year (T-08), no name (T-09),
    sheets of its own (T-12), formulas and entry rules that are gone (T-13, T-14), values out of sight (T-15, T-16)
    or shown otherwise (T-17), results that their formulas contradict (T-21)."""
    standing = returns[returns["status"] != "已替代"]
    origins = {row.return_id: Origin.of(row) for row in standing.itertuples(index=False)}
    for note in notes:
        origin = origins.get(note.return_id)
        if origin is not None:
            yield from _noted(note, origin, catalogue)


def _examples(cells: Sequence[str], most: int = _MOST_EXAMPLES) -> str:
    return "、".join(cells[:most]) + ("等" if len(cells) > most else "")


def _converted(origin: Origin, note: Note, unit: str, item: str, reason: str, cell: str) -> Finding:
    where = {"examples": _examples(note.cells), "related_cells": "；".join(note.cells)}
    return common("T-11", origin, item=item, cell=cell, stated=unit, expected="万元", reason=reason, **where)


def _unread(note: Note, origin: Origin) -> Finding:
    """T-20: one finding for what may belong to a block, one for columns of its own, one for what stands beside."""
    severity, item, advice = _UNREAD[note.kind]
    count, _, heads = note.detail.partition("\t")
    most = _MOST_EXAMPLES if heads else _MOST_UNREAD  # the heads show where they stand
    return common(
        "T-20", origin, severity=severity, item=item, count=count, detail=advice.format(heads=heads),
        cell=note.cells[0], examples=_examples(note.cells, most), related_cells="；".join(note.cells),
    )  # fmt: skip


def _noted(note: Note, origin: Origin, catalogue: Catalogue) -> Iterator[Finding]:
    shown: dict[str, Any] = {"cell": note.cells[0] if note.cells else None}
    match note.kind:
        case "as_text" | "guessed_percent":
            severity, detail, item = _TEXT_FIGURES[note.kind]
            where = {"examples": _examples(note.cells), "related_cells": "；".join(note.cells)}
            yield common(
                "T-03", origin, severity=severity, item=item, count=len(note.cells), detail=detail, **where, **shown
            )
        case "unnamed":
            yield common("T-09", origin, item=note.cells[0], **shown)
        case "list_in_yuan":
            _, unit, item = note.detail.split("\t")
            form = catalogue.form(str(origin.form), str(origin.edition))
            label = item_label(form, form.items[item], origin.year)
            yield _converted(origin, note, unit, item, f"金额没有写单位，合计恰为“{label}”的一万倍", note.cells[0])
        case "converted":
            cell, unit, reason = note.detail.split("\t")
            yield _converted(origin, note, unit, cell, reason, cell)
        case "year" | "printed_year":
            stated, expected = note.detail.split("\t")
            severity, item = ("强制性", "年度") if note.kind == "year" else ("核实性", "标签的年度")
            yield common("T-08", origin, severity=severity, item=item, stated=stated, expected=expected, **shown)
        case kind if kind in _CELLS:
            where = {"examples": _examples(note.cells), "related_cells": "；".join(note.cells)}
            yield common(_CELLS[kind], origin, item="", count=len(note.cells), **where, **shown)
        case "shown" | "contradicted":
            texts = [f"{cell}{text}" for cell, text in zip(note.cells, note.detail.split("\t"), strict=True)]
            where = {"examples": _examples(texts), "related_cells": "；".join(note.cells)}
            rule = "T-17" if note.kind == "shown" else "T-21"
            yield common(rule, origin, item="", count=len(note.cells), **where, **shown)
        case "attributed" | "doubted":
            yield common("R-13" if note.kind == "attributed" else "R-15", origin, item="单位", detail=note.detail)
        case kind if kind in _UNREAD:
            yield _unread(note, origin)
        case "unlisted":
            yield common("T-12", origin, item="", detail=note.detail)
        case "altered":
            yield common("T-07", origin, item="", detail=note.detail)
        case _:
            return
