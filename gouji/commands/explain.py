"""`gouji explain`: one rule in words, with its formula, severity and basis."""

from __future__ import annotations

import json

from rich.console import Console

from export.rulebook import RuleWords, rulebook
from gouji.screen import say
from templates.errors import FormNotFoundError
from templates.library import all_forms, get_form
from validate.catalogue import BASIS


def explain_rule(code: str, *, as_json: bool) -> None:
    """Prints every meaning of a rule id over the catalogue. Raises FormNotFoundError when there is none."""
    rules = rulebook(all_forms())
    records = [_record(rule) for rule in rules if rule.id.upper() == code.strip().upper()]
    if not records:
        raise FormNotFoundError(f"没有编号为“{code}”的规则", list(dict.fromkeys(rule.id for rule in rules)))
    if as_json:
        print(json.dumps(records, ensure_ascii=False, indent=2))
        return
    console = Console()
    for record in records:
        for name, value in record.items():
            say(console, f"{name}：{value}")
        console.print()


def _record(rule: RuleWords) -> dict[str, str]:
    record = {"规则": rule.id, "内容": rule.words, "层次": rule.layer, "严重程度": rule.severity}
    if rule.form is None or rule.edition is None:
        return {**record, "适用": "全部表", "依据": BASIS}
    form = get_form(rule.form, rule.edition)
    formula = next((check.rule for check in form.definition.checks if check.id == rule.id), None)
    record |= {"适用": form.key, "依据": form.definition.basis}
    return record if formula is None else {**record, "算式": formula}
