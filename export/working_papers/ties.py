"""勾稽核对: every tie that was judged, with both sides, whether or not it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gouji.export.rulebook import SCORING, rulebook
from gouji.export.working_papers.cells import figure_cell
from gouji.templates.catalogue import Catalogue
from gouji.templates.exact import significant
from gouji.templates.form import Form
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.naming import placed_sentence, rule_sentence
from gouji.templates.rules.nodes import Compare, demanded
from gouji.templates.verdicts import AGREES
from gouji.validate.wording import figure_text

Row = Mapping[str, Any]
"""A row of a frame."""


@dataclass
class Ties:
    """The rules of a catalogue, by the form and the item at which they are judged."""

    catalogue: Catalogue
    _rules: dict[tuple[str, str], dict[tuple[str, str], Rule]] = field(default_factory=dict)
    _words: dict[tuple[str, str], dict[str, tuple[str, str]]] = field(default_factory=dict)
    _said: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def rows(self, table: Row, name: str, verdicts: Sequence[Row], found: Mapping[Any, Row]) -> Iterator[list[Any]]:
        """Cells of the ties of one table, but for those of its scores, which are told with the scores. A condition that
        holds on all lines of a list compares no figures and is told once.

        `found`: (rule, item) → the finding with the opinion on it.
        """
        form = self.catalogue.known(table["form"], table["edition"])
        if form is None:
            return
        ruled = [(one, self.rule_at(form, one)) for one in verdicts]
        lines = Counter(rule.key for one, rule in ruled if rule is not None and _only_holds(rule, one))
        told: set[str] = set()
        for one, rule in ruled:
            words, layer = self._told(form, one["rule"], rule, table["year"])
            if layer == SCORING or (rule is not None and rule.key in told and _only_holds(rule, one)):
                continue
            if rule is not None and _only_holds(rule, one):
                told.add(rule.key)
                yield [name, one["rule"], f"{words}（{lines[rule.key]}行）", None, None, None, AGREES, None]
                continue
            finding = found.get((one["rule"], one["item"]), {})
            sides = _sides(rule, one, finding)
            line = _line(rule, one["item"])
            yield [name, one["rule"], f"{words}{line}", *sides, one["verdict"], finding.get("opinion")]

    def rule_at(self, form: Form, one: Row) -> Rule | None:
        """The rule as it is repeated at the item: of a list by its column."""
        key = (form.name, form.edition)
        if key not in self._rules:
            every = [*form.bounds, *form.rules]
            self._rules[key] = {(rule.id, _at(rule.item, rule.list_id)): rule for rule in every}
        rules = self._rules[key]
        return rules.get((one["rule"], one["item"])) or rules.get((one["rule"], _at(one["item"], "a list")))

    def _told(self, form: Form, code: str, rule: Rule | None, year: int | None) -> tuple[str, str]:
        """What is asked, in words, and the layer of the rule."""
        key = (form.name, form.edition)
        if rule is None:
            if key not in self._words:
                self._words[key] = {one.id: (one.words, one.layer) for one in rulebook([form])}
            return self._words[key].get(code) or (code, "")
        said = (*key, rule.key, year)
        if said not in self._said:
            self._said[said] = rule_sentence(form, rule) if rule.is_bound else placed_sentence(form, rule, year)
        return self._said[said], rule.layer


def _only_holds(rule: Rule, one: Row) -> bool:
    """Whether it is a condition on a line of a list, and holds."""
    return rule.list_id is not None and one["verdict"] == AGREES and one["stated"] is None


def _at(item: str, list_id: str | None) -> str:
    """Rules of lists are told apart by the column, whatever the line."""
    return item if list_id is None else f".{item.rpartition('.')[2]}"


def _line(rule: Rule | None, item: str) -> str:
    return f"（{item.rpartition('.')[0]}）" if rule is not None and rule.list_id is not None else ""


def _sides(rule: Rule | None, one: Row, finding: Row) -> list[Any]:
    """填报数, 应为 and 差额: as figures where both are known, else in the words of the finding."""
    demand = None if rule is None else demanded(rule.node)[1]
    stated, expected = one["stated"], one["expected"]
    if stated is None or expected is None:
        return [finding.get("stated"), finding.get("expected"), None]
    own = demand if isinstance(demand, Compare) else None
    kind = own.left.kind if own else "amount"  # ties by project compare amounts
    sign = own.sign if own else _SIGNS.get(one["rule"], "=")
    holds = one["verdict"] == AGREES and sign != "="
    return [
        figure_cell(stated, kind),
        figure_cell(expected, kind) if sign == "=" else f"{sign}{figure_text(expected, kind)}",
        None if holds or kind == "choice" else figure_cell(float(significant(stated) - significant(expected)), kind),
    ]


_SIGNS = {"X-06": "≥"}
"""Ties by project that are no equation."""
