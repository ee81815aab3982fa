"""One finding in full: its rule, the cells that the rule reads, its arithmetic, its table, and the opinions on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from gouji.commands.explain import meaning
from gouji.desk.drawing import FAULTY, TAKING_PART, Drawn, Position, TableRequest, draw
from gouji.desk.looking import Desk, Look
from gouji.export.catalogue import find_item
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.rulebook import rulebook
from gouji.export.words import STATES, said
from gouji.export.working_papers import figures
from gouji.export.working_papers.figures import value_label
from gouji.ingest.place import Place
from gouji.ingest.refusal import Refused
from gouji.statement import read_place
from gouji.templates.addresses import cell_position, on_sheet
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.validate.review.log import CONFLICT, Entry
from gouji.validate.wording import figure_text
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import HandedOverError

Row = Mapping[str, Any]
_BETWEEN = "；"


@dataclass(frozen=True)
class Part:
    """A cell that the rule reads: its place, its label, the text in it, and the value read from it."""

    sheet: str
    cell: str
    label: str
    raw: str
    value: str
    faulty: bool


@dataclass(frozen=True)
class Table:
    """The table that is shown, or why it is not."""

    drawn: Drawn | None
    why: str = ""


@dataclass(frozen=True)
class Opinion:
    """An entry of the log, in words."""

    when: str
    text: str
    workbook: str
    conflict: bool


def rule_of(catalogue: Catalogue, finding: Row) -> dict[str, str]:
    """The rule as `gouji explain` describes it; empty where the catalogue does not have it (any more)."""
    form = catalogue.known(finding["form"], finding["edition"])
    rules = rulebook(catalogue.forms if form is None else [form])
    return next((meaning(rule, catalogue) for rule in rules if rule.id == finding["rule"]), {})


def trace_of(results: Results, finding: Row) -> list[str]:
    """The steps of a recomputed score, if the finding is about one."""
    item = str(finding["item"] or "")
    if finding["return_id"] is None or not item:
        return []
    scores = results.scores.frame(return_id={str(finding["return_id"])})
    traces = scores.loc[(scores["indicator"] + ".得分").eq(item) | scores["indicator"].eq(item), "trace"].dropna()
    return [step for step in str(traces.iloc[0]).split(_BETWEEN) if step] if len(traces) else []


def parts_of(results: Results, finding: Row) -> list[Part]:
    """The cells that the finding names, in its order, the faulty one first."""
    cells = list(_cells(finding))
    if not cells:
        return []
    returns = (
        results.returns[results.returns["file"].eq(finding["file"])] if finding["file"] else results.returns.iloc[:0]
    )
    values = results.values.frame([*figures.COLUMNS], return_id=set(returns["return_id"]))
    tables = {row["return_id"]: row for row in records(returns)}
    facts: dict[tuple[str, str], tuple[str, str, str]] = {}
    for row in records(values[values["cell"].isin([cell for _, cell, _ in cells])]):
        table = tables[row["return_id"]]
        form = results.catalogue.known(table["form"], table["edition"])
        if form is not None and (fact := _value(form, row, table["year"])) is not None:
            facts[row["sheet"], row["cell"]] = fact
    return [Part(sheet, cell, *facts.get((sheet, cell), ("", "", "")), faulty) for sheet, cell, faulty in cells]


def _value(form: Form, row: Row, year: int | None) -> tuple[str, str, str] | None:
    """Label, raw text and value of a cell; None for personal items, which the desk never shows."""
    item = find_item(form, row["item"])
    if item is not None and item.personal:
        return None
    if row["state"] != "filled":
        read = said(STATES, row["state"]) if row["state"] != "blank" else "空白"
    elif row["value"] is None or item is None or not item.is_figure:
        read = ""
    else:
        read = figure_text(row["value"], item.kind)
    return value_label(form, row, year), str(row["raw"] or ""), read or ""


def _cells(finding: Row) -> Iterator[tuple[str, str, bool]]:
    """(sheet, cell, whether it is the faulty one), each once."""
    yielded = set()
    sheet = str(finding["sheet"] or "")
    for number, text in enumerate([finding["cell"], *str(finding["related_cells"] or "").split(_BETWEEN)]):
        if not text:
            continue
        place = on_sheet(sheet, str(text).strip())
        if place not in yielded:
            yielded.add(place)
            yield *place, number == 0


def table_of(desk: Desk, look: Look, finding: Row) -> Table:
    """The sheet of the finding as the file has it, with its cells marked, read by the desk's worker."""
    if not finding["file"] or not finding["sheet"]:
        return Table(None, "这条问题不在某一张表的某一格上。")
    sources = {file["file"]: file for file in (look.standing.run or {}).get("files", ())}
    source = sources.get(finding["file"])
    place: Place | None = None if source is None else read_place(source["place"])
    if source is None or isinstance(place, str) or place is None:
        return Table(None, "找不到这个文件，画不出表。")
    marks = _marks(finding)
    request = TableRequest(source["sha256"], finding["file"], _sheet_drawn(finding), marks, look.round.settings.limits)
    try:
        drawing = partial(handed_over, desk.workers, partial(draw, request=request), place)
        return Table(desk.kept(request.key, drawing))
    except (Refused, HandedOverError, OSError) as error:
        return Table(None, getattr(error, "reason", None) or str(error))


def _sheet_drawn(finding: Row) -> str:
    """The sheet of the faulty cell: a table may continue on the next sheet."""
    return on_sheet(str(finding["sheet"]), str(finding["cell"] or "A1"))[0]


def _marks(finding: Row) -> dict[Position, str]:
    marks: dict[Position, str] = {}
    drawn = _sheet_drawn(finding)
    for sheet, cell, faulty in _cells(finding):
        try:
            place = cell_position(cell)
        except ValueError:
            continue
        if sheet == drawn:
            marks[place] = FAULTY if faulty else TAKING_PART
    return marks


def opinions_of(entries: Sequence[Entry]) -> list[Opinion]:
    """The opinions on a finding, the latest first."""
    return [
        Opinion(
            entry.recorded[:16].replace("T", " "), "，".join(word for word in entry.written[1:] if word) or "撤回",
            entry.workbook, entry.kind == CONFLICT,
        )
        for entry in reversed(entries)
    ]  # fmt: skip


def alike(frame: pd.DataFrame, finding: Row) -> int:
    """How many findings of the same rule, severity and verdict there are on the same form, itself among them."""
    matching = (
        frame["rule"].eq(finding["rule"])
        & frame["severity"].eq(finding["severity"])
        & frame["short"].eq(finding["short"])
    )
    return int(matching.sum())
