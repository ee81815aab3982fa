"""`gouji explain`: one rule in words, with its formula, severity and basis."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console

from score.catalogue import SCORING_RULES
from templates.errors import FormNotFoundError
from templates.form import Form
from templates.library import all_forms
from templates.rules.naming import rule_sentence
from validate.catalogue import BASIS, COMMON_RULES


def explain_rule(code: str, *, as_json: bool) -> None:
    """Prints every meaning of a rule id over the catalogue. Raises FormNotFoundError when there is none."""
    wanted = code.strip().upper()
    records = [*_common(wanted), *(record for form in all_forms() for record in _of_form(form, wanted))]
    if not records:
        raise FormNotFoundError(f"没有编号为“{code}”的规则", known_rules())
    if as_json:
        print(json.dumps(records, ensure_ascii=False, indent=2))
        return
    console = Console()
    for record in records:
        for name, value in record.items():
            console.print(f"{name}：{value}", highlight=False, markup=False, soft_wrap=True)
        console.print()


def known_rules() -> list[str]:
    """Every rule id of the catalogue."""
    own = {check.id for form in all_forms() for check in form.definition.checks}
    scoring = {code for form in all_forms() for code in _scoring_ids(form)}
    return sorted(own | scoring | COMMON_RULES.keys())


def _common(code: str) -> list[dict[str, Any]]:
    rule = COMMON_RULES.get(code)
    if rule is None:
        return []
    words = rule.sentence.split("，现")[0].format_map(_Blanks())
    return [
        {"规则": code, "名称": rule.name, "适用": "全部表", "层次": rule.layer, "严重程度": rule.severity, "内容": words, "依据": BASIS}
    ]


class _Blanks(dict[str, str]):
    """Placeholders of a message shown as such."""

    def __missing__(self, key: str) -> str:
        return "……"


def _of_form(form: Form, code: str) -> list[dict[str, Any]]:
    checks = {check.id: check for check in form.definition.checks}
    records = []
    if code in checks:
        check = checks[code]
        rule = next(rule for rule in form.rules if rule.id == code)
        records.append(
            {
                "规则": code,
                "适用": form.key,
                "层次": check.layer,
                "严重程度": check.severity,
                "内容": rule_sentence(form, rule),
                "算式": check.rule,
                "依据": form.definition.basis,
            }
        )
    if code in _scoring_ids(form):
        words = SCORING_RULES[code]
        records.append(
            {
                "规则": code,
                "名称": words.name,
                "适用": form.key,
                "层次": words.layer,
                "严重程度": words.severity,
                "内容": words.sentence,
                "依据": form.definition.basis,
            }
        )
    return records


def _scoring_ids(form: Form) -> set[str]:
    scoring = form.definition.scoring
    if scoring is None:
        return set()
    found: set[str] = set()
    if scoring.project is not None:
        project = scoring.project
        found |= {project.id, project.completion.id, project.alert.id, project.over_target_id}
    if scoring.sheet is not None:
        found |= {scoring.sheet.id, scoring.sheet.attainable}
    return found
