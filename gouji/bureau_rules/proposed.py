"""The rows of a 规则簿 → the checks that an edition is to have, or what is wrong with them, each with its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gouji.export.rulebook import rulebook
from gouji.ingest.beside.rule_workbook import RuleRow, RuleWorkbook
from gouji.templates.checks import Check
from gouji.templates.errors import DefinitionError, RepetitionError, RuleError
from gouji.templates.form import Form
from gouji.templates.issuable import check_issuable
from gouji.templates.rule_workbook import (
    ACTIVE,
    BASIS,
    EACH,
    FILLS,
    ID,
    LACKING,
    LAYER,
    LAYERS,
    NO,
    PASS_OVER,
    RULE,
    SEVERITIES,
    SEVERITY,
    TELL,
    WORDS,
    YES,
    cells_of,
    words_of,
)
from gouji.templates.rules.nodes import Node, refs

_LONGEST = 200
"""Signs of a sentence or a basis: both stand in formulas and in cells that people read."""
_CODE = re.compile(r"[A-Z0-9\u4e00-\u9fff]+(?:-[A-Z0-9\u4e00-\u9fff]+)*")
_LONGEST_CODE = 20
_SEPARATED = re.compile("[、，,；;]")
_CHOICES = {SEVERITY: SEVERITIES, LAYER: LAYERS, LACKING: (TELL, PASS_OVER), ACTIVE: (YES, NO)}
_DEFAULTS = {LAYER: "表内", LACKING: TELL}
"""Of a new rule, where nothing stands in the cell."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong at a cell of the sheet 规则 (`B7`), or, without one, with the rules together."""

    cell: str
    message: str


@dataclass
class Proposed:
    """`checks`: those of the definition in its order, then the new ones; of use only where there are no `troubles`.

    `remarks`: cells worth a second look, without a fault.
    """

    checks: list[Check] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    remarks: list[Trouble] = field(default_factory=list)


def proposed(book: RuleWorkbook, exported: Form, target: Form) -> Proposed:
    """What the rows of `book`, handed out of the edition `exported`, make of the checks of `target`."""
    result = Proposed()
    handed_out = {check.id: check for check in exported.definition.checks}
    reading = _Reading(exported, target, result)
    read = [(row, reading.check(row, handed_out.get(row.texts[ID]))) for row in book.rows]
    result.troubles += _twice(book.rows)
    result.troubles += _lacking(book, [*exported.definition.checks, *target.definition.checks])
    checks = {check.id: check for _, check in read if check is not None}
    order = [check.id for check in target.definition.checks]
    result.checks = sorted(
        checks.values(), key=lambda check: order.index(check.id) if check.id in order else len(order)
    )
    if not result.troubles:
        result.troubles += _together(target, result.checks, {row.texts[ID]: row for row in book.rows})
    return result


class _Reading:
    def __init__(self, exported: Form, target: Form, result: Proposed) -> None:
        self._exported = exported
        self._target = target
        self._result = result
        self._taken = {
            rule.id for rule in rulebook([exported, target]) if rule.id not in _own_ids(exported) | _own_ids(target)
        }

    def check(self, row: RuleRow, before: Check | None) -> Check | None:
        """The check of a row; None where it cannot be read, after a trouble has been recorded."""
        troubles = [Trouble(row.cells[head], message) for head, message in self._cells(row, before)]
        self._result.troubles += troubles
        if troubles:
            return None
        check = self._read_check(row, before)
        try:
            self._target.expanded(check)
        except RepetitionError:
            words = f"“{row.texts[EACH]}”在这张表里没有对应的列、行或清单，请按“填写说明”改正"
            self._result.troubles.append(Trouble(row.cells[EACH], words))
            return None
        except RuleError as error:
            self._result.troubles.append(Trouble(row.cells[RULE], _rule_words(error)))
            return None
        return self._worded(check, row, before)

    def _cells(self, row: RuleRow, before: Check | None) -> Iterator[tuple[str, str]]:
        """(head, what is wrong there), the rule itself not yet parsed."""
        code = row.texts[ID]
        if not code:
            yield ID, "没有编号。每条规则要有一个编号，例如 本-01"
        elif before is None and not (_CODE.fullmatch(code) and len(code) <= _LONGEST_CODE):
            yield ID, f"编号“{code}”不能用，请用大写字母、数字、汉字和“-”，最多 {_LONGEST_CODE} 个字，例如 本-01"
        elif code in self._taken:
            yield ID, f"编号“{code}”已是另一条通用或评分规则的编号，请换一个"
        if not row.texts[RULE]:
            yield RULE, "没有写规则。不用的规则请把“启用”改为“否”，不要清空"
        for head, choices in _CHOICES.items():
            if _chosen(row, head, before) not in choices:
                yield head, _wrong_choice(row.texts[head], choices)
        filling = row.texts[FILLS] or NO if before is None else row.texts[FILLS]
        if filling != (YES if before is not None and before.fills else NO):
            yield FILLS, "这一栏只供查看，不能改：格子由哪条规则自动算出，写在表样的定义里"
        for head in (WORDS, BASIS):
            if len(row.texts[head]) > _LONGEST and row.texts[head] != self._handed_out(before).get(head):
                yield head, f"太长（{len(row.texts[head])} 个字），最多 {_LONGEST} 个字"

    def _read_check(self, row: RuleRow, before: Check | None) -> Check:
        """The check that the cells describe, without its sentence."""
        handed_out = self._handed_out(before)
        each = None if before is None else before.each
        if row.texts[EACH] != handed_out.get(EACH):
            each = _repeated(row.texts[EACH])
        fields: dict[str, Any] = {
            "id": row.texts[ID],
            "rule": before.rule
            if before is not None and row.texts[RULE] == handed_out[RULE]
            else _on_one_line(row.texts[RULE]),
            "each": each,
            "severity": row.texts[SEVERITY],
            "layer": _chosen(row, LAYER, before),
            "fills": before is not None and before.fills,
            "optional": _chosen(row, LACKING, before) == PASS_OVER,
            "basis": _on_one_line(row.texts[BASIS]) or None,
            "active": row.texts[ACTIVE] == YES,
        }
        return Check(**fields)

    def _worded(self, check: Check, row: RuleRow, before: Check | None) -> Check:
        """The check with its author's sentence, unless that equals the one generated from the rule."""
        sentence = _on_one_line(row.texts[WORDS])
        unchanged = before is not None and row.texts[WORDS] == self._handed_out(before)[WORDS]
        if before is not None and unchanged:
            if before.words is not None and (check.rule, check.each) != (before.rule, before.each):
                self._result.remarks.append(Trouble(row.cells[WORDS], "规则改了，说明没有改，请看它是否还说得对"))
            sentence = before.words or ""
        words = None if sentence in ("", words_of(check, self._target)) else sentence
        return check.model_copy(update={"words": words})

    def _handed_out(self, before: Check | None) -> dict[str, str]:
        return {} if before is None else cells_of(before, self._exported)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _own_ids(form: Form) -> set[str]:
    return {check.id for check in form.definition.checks}


def _chosen(row: RuleRow, head: str, before: Check | None) -> str:
    """A cell with a choice from a list; some have a default where a new rule leaves them empty."""
    return row.texts[head] or ("" if before is not None else _DEFAULTS.get(head, ""))


def _wrong_choice(text: str, choices: Sequence[str]) -> str:
    fault = f"填的是“{text}”" if text else "没有填"
    return f"{fault}，只能是 {'、'.join(choices)} 之一"


def _repeated(text: str) -> str | list[str] | None:
    names = [name for part in _SEPARATED.split(text) if (name := part.strip())]
    return names[0] if len(names) == 1 else names or None


def _rule_words(error: RuleError) -> str:
    at = f"第 {error.column} 个字符附近，" if error.column is not None else ""
    return f"“{error.text}”：{at}{error.message.removesuffix('？')}"


def _twice(rows: Sequence[RuleRow]) -> Iterator[Trouble]:
    first: dict[str, str] = {}
    for row in rows:
        code = row.texts[ID]
        if code and code in first:
            yield Trouble(row.cells[ID], f"编号“{code}”用了两次（另一处是 {first[code]}），请改成不同的编号")
        first.setdefault(code, row.cells[ID])


def _lacking(book: RuleWorkbook, checks: Sequence[Check]) -> Iterator[Trouble]:
    codes = {row.texts[ID] for row in book.rows}
    for code in dict.fromkeys(check.id for check in checks if check.id not in codes):
        yield Trouble(
            "",
            f"规则簿里没有编号为“{code}”的规则，表样里有。不用的规则请保留这一行、把“启用”改为“否”；"
            "编号改过的请改回；导出以后才加的，请重新导出",
        )


def _together(form: Form, checks: Sequence[Check], rows: dict[str, RuleRow]) -> Iterator[Trouble]:
    """Troubles that only the rules together show: a rule that is switched off though others need its result, and
    whatever else makes a definition invalid."""
    yield from _needed(form, checks, rows)
    try:
        check_issuable(form.with_checks(checks))
    except DefinitionError as error:
        code = error.key.removeprefix("checks.").partition("[")[0]
        cell = rows[code].cells[RULE] if code in rows else ""
        yield Trouble(cell, error.message)


def _needed(form: Form, checks: Sequence[Check], rows: dict[str, RuleRow]) -> Iterator[Trouble]:
    """Rules that fill cells and are switched off, whose cells other rules or scores read."""
    readers = {
        f"规则 {check.id}": {item for rule in form.expanded(check) for item in _items(rule.node)}
        for check in checks
        if check.active
    }
    readers["得分的复算"] = {item for node in _scored(form) for item in _items(node)} | _score_items(form)
    for check in checks:
        if check.active or not check.fills:
            continue
        filled = {rule.item for rule in form.expanded(check)}
        users = [name for name, items in readers.items() if items & filled]
        if users:
            shown = "、".join(users[:5]) + ("等" if len(users) > 5 else "")
            yield Trouble(
                rows[check.id].cells[ACTIVE],
                f"规则 {check.id} 自动算出的数，{shown}还要用，不能停用。请改回“是”，或把要用它的规则也停用",
            )


def _items(node: Node) -> set[str]:
    return {ref.item for ref in refs(node) if ref.form is None}


def _scored(form: Form) -> Iterator[Node]:
    yield from form.rates.values()
    yield from (rate for rate in (form.execution_rate, form.spending_rate) if rate is not None)


def _score_items(form: Form) -> set[str]:
    """Items that the recomputed scores are held against."""
    scoring, stated = form.definition.scoring, form.definition.stated_score
    items = {stated.item} if stated is not None else set()
    if scoring is not None and scoring.total is not None:
        items.add(scoring.total)
    if scoring is not None and scoring.project is not None:
        items.add(scoring.project.execution.points)
    return items
