"""Every rule that was applied, in words: the forms' own checks, their scoring rules, and the common rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from gouji.export.results import Results
from gouji.templates.exact import percent, plain
from gouji.templates.form import Form
from gouji.templates.rules.naming import item_label, rule_sentence
from gouji.templates.scoring.parameters import Alert, Completion, OverTarget
from gouji.templates.supplement import supplement
from gouji.validate.catalogue import COMMON_RULES

SCORING = "得分重算"
ASK, HINT = "核实性", "提示"

_Words = tuple[str, str, str, str]
"""Id, sentence, severity and layer."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as it is listed. `form` and `edition` are None for rules common to all forms."""

    form: str | None
    edition: str | None
    id: str
    words: str
    severity: str
    layer: str


def rulebook(forms: Iterable[Form]) -> list[RuleWords]:
    """The rules of these forms in the order of their definitions, then the common ones."""
    of_forms = [words for form in forms for words in (*_checks(form), *_scoring(form), *_evidence_checks(form))]
    common = [RuleWords(None, None, r.code, r.name, r.severity, r.layer) for r in COMMON_RULES.values()]
    return of_forms + common


def rule_words(results: Results, findings: pd.DataFrame) -> dict[str, str]:
    """Rule → its sentence in the edition that ran: of several, that of the one with most of these findings."""
    words = {(rule.form, rule.edition, rule.id): rule.words for rule in rulebook(results.catalogue.forms)}
    common = {rule: text for (form, _, rule), text in words.items() if form is None}
    counts = findings.groupby(["rule", "form", "edition"], sort=True).size().sort_values(kind="stable")
    of_forms = {
        rule: words[form, edition, rule] for rule, form, edition in counts.index if (form, edition, rule) in words
    }
    return common | of_forms


def _checks(form: Form) -> list[RuleWords]:
    first = {rule.id: rule for rule in reversed(form.rules)}
    return [
        RuleWords(form.name, form.edition, check.id, rule_sentence(form, first[check.id]), check.severity, check.layer)
        for check in form.definition.checks
        if check.active
    ]


def _evidence_checks(form: Form) -> list[RuleWords]:
    """Those of the 评分依据补充表, listed with the form whose scores need it."""
    asked = supplement(form)
    return [] if asked is None else [replace(check, form=form.name, edition=form.edition) for check in _checks(asked)]


def _scoring(form: Form) -> list[RuleWords]:
    scoring = form.definition.scoring
    rules: list[_Words] = []
    if scoring is not None and scoring.project is not None:
        project = scoring.project
        red, yellow = percent(project.alert.red), percent(project.alert.yellow)
        alert = f"自评预警：自评高于执行率超过{red}为红色，预算为0或未执行超过{yellow}为黄色"
        rules = [
            (project.id, "各项指标的自评得分应与按指标值和完成值复算的得分一致", ASK, SCORING),
            _completion(project.completion),
            (project.alert.id, alert, HINT, SCORING),
            _over_target(project.over_target),
        ]
    if scoring is not None and scoring.sheet is not None:
        rules += [
            (scoring.sheet.id, "自评得分应与按评分标准复算的得分一致", ASK, SCORING),
            (scoring.sheet.attainable, "自评得分应是评分标准能够给出的分数", ASK, SCORING),
            *([_money_alert(scoring.sheet.alert)] if scoring.sheet.alert is not None else []),
        ]
    return [RuleWords(form.name, form.edition, *rule) for rule in (*rules, *_unpointed(form))]


def _unpointed(form: Form) -> Iterator[_Words]:
    """The rules about indicators without points, and about a score that the form states for all."""
    stated, unscored = form.definition.stated_score, form.definition.unscored
    if stated is not None:
        yield stated.full, f"{stated.item}为满分的，各项指标都应达到指标值，并填写完成值", ASK, "逻辑"
        if stated.alert is not None:
            yield _money_alert(stated.alert)
    if unscored is not None:
        reason = item_label(form, form.lists[unscored.lines].columns[unscored.reason], None)
        yield unscored.missed, f"没有达到指标值的指标，应在“{reason}”栏写明原因", ASK, "逻辑"
    _, indicators = form.definition.indicators or ("", None)
    if indicators is not None and indicators.completion is not None:
        yield _completion(indicators.completion)
    if indicators is not None and indicators.over_target is not None:
        yield _over_target(indicators.over_target)


def _money_alert(alert: Alert) -> _Words:
    red, yellow = percent(alert.red), percent(alert.yellow)
    return alert.id, f"自评预警：得分高于执行率超过{red}为红色，没有资金或未支出超过{yellow}为黄色", HINT, SCORING


def _completion(rules: Completion) -> _Words:
    groups = "、".join(rules.groups)
    return rules.id, f"执行率与{groups}的完成程度相差不应超过{plain(rules.gap)}个百分点", ASK, "逻辑"


def _over_target(limits: OverTarget) -> _Words:
    hint, must = percent(limits.hint), percent(limits.explain)
    return limits.id, f"完成值达到指标值的{hint}时提示，达到{must}时应说明原因", f"{HINT}／{ASK}", "逻辑"
