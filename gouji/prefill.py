"""Last year's figures for this year's forms: 上年决算数 from last year's 本年决算数, as the forms' rules tie them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from gouji.ingest.beside.previous import Previous
from gouji.ingest.roster import Roster
from gouji.templates.exact import significant
from gouji.templates.form import Form
from gouji.templates.issued import Prefill, issued_sheets
from gouji.templates.issuing.contents import takes
from gouji.templates.issuing.plan import PROJECT_NAMES
from gouji.templates.labels import identifier
from gouji.templates.recipient import Recipient
from gouji.templates.rules.nodes import Compare, Ref
from gouji.templates.rules.scope import PREVIOUS

Figures = Mapping[str, Decimal]


class LastYear:
    """What last year's results say of every unit, under this year's codes."""

    def __init__(self, previous: Previous, roster: Roster, year: int) -> None:
        returns = previous.returns[previous.returns["year"] == year - 1]
        self._suspended = roster.suspended
        self._returns: dict[tuple[str, str], str] = {}
        for row in returns.itertuples(index=False):
            match = roster.unit_of(_text(row.unit_code), _text(row.unit))
            if match is not None and row.form is not None:
                self._returns.setdefault((match[0], str(row.form)), str(row.return_id))
        self._values = previous.values.frame(set(self._returns.values())).groupby("return_id", sort=False)

    def recipient(self, recipient: Recipient, forms: Sequence[Form]) -> Recipient:
        """The unit with the projects of last year that are not on the roster any more: their figures need a line."""
        listed = {identifier(project.name) for project in recipient.projects}
        past: list[str] = []
        for form in forms:
            values = self._of(recipient, form.name)
            if values is not None:
                past += [name for line, name in _project_lines(form, values) if line not in listed]
        return replace(recipient, past_projects=tuple(dict.fromkeys(past)))

    def prefill(self, recipient: Recipient, forms: Sequence[Form], year: int) -> Prefill:
        """Sheet → item → figure in 万元, for the input cells that the unit's workbook has."""
        by_sheet: dict[str, dict[str, Decimal]] = {}
        for sheet in issued_sheets(recipient, forms, year):
            if sheet.project is not None or sheet.spare:
                continue
            figures: dict[str, Decimal] = {}
            for name in dict.fromkeys(before.last_year or sheet.form.name for _, before in carried(sheet.form)):
                values = self._of(recipient, name)
                figures |= {} if values is None else _carried_over(sheet.form, name, values)
            room = takes(sheet)
            figures = {item: value for item, value in figures.items() if item in room}
            by_sheet |= {sheet.key: figures} if figures else {}
        return by_sheet

    def _of(self, recipient: Recipient, form: str) -> pd.DataFrame | None:
        """The values of the unit's table last year; none for a unit that was merged, renamed or newly set up."""
        return_id = self._returns.get((recipient.unit_code, form))
        if return_id is None or recipient.unit_code in self._suspended or return_id not in self._values.groups:
            return None
        return self._values.get_group(return_id)


def carried(form: Form) -> list[tuple[Ref, Ref]]:
    """(this year's item, last year's item) wherever a rule says that the two are equal."""
    return [
        (rule.node.left, rule.node.right)
        for rule in form.rules
        if isinstance(rule.node, Compare) and rule.node.sign == "="
        if isinstance(rule.node.left, Ref) and isinstance(rule.node.right, Ref) and rule.node.right.form == PREVIOUS
    ]


def _project_lines(form: Form, values: pd.DataFrame) -> list[tuple[str, str]]:
    """(name as an identifier, name as written) of last year's projects with a figure to carry over."""
    lists = {current.list_id for current, _ in carried(form) if current.list_id is not None}
    projects = {name for name in lists if form.lists[name].name_column == PROJECT_NAMES}
    named = values[values["list_id"].isin(projects) & (values["item"] == values["line"] + f".{PROJECT_NAMES}")]
    figures = _carried_over(form, form.name, values)
    spent = {item.rpartition(".")[0] for item, value in figures.items() if value != 0}
    return [(str(line), str(raw)) for line, raw in zip(named["line"], named["raw"], strict=True) if line in spent]


def _carried_over(form: Form, source: str, values: pd.DataFrame) -> dict[str, Decimal]:
    """What last year's table of the form `source` says of items of this one."""
    filled = values[(values["state"] == "filled") & values["value"].notna()]
    figures = {str(item): significant(value) for item, value in zip(filled["item"], filled["value"], strict=True)}
    lines = filled[["list_id", "line"]].dropna().drop_duplicates()
    taken: dict[str, Decimal] = {}
    for current, before in carried(form):
        if (before.last_year or form.name) != source:
            continue
        if current.list_id is None:
            pairs = [(current.item, before.item)]
        else:
            names = lines.loc[lines["list_id"] == current.list_id, "line"]
            columns = current.item.rpartition(".")[2], before.item.rpartition(".")[2]
            pairs = [(f"{line}.{columns[0]}", f"{line}.{columns[1]}") for line in names]
        taken |= {item: figures[source] for item, source in pairs if source in figures}
    return taken


def _text(value: object) -> str | None:
    return None if value is None or value is pd.NA or value != value else str(value)
