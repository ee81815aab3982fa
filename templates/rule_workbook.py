"""规则簿: what its writer and its reader agree on: sheets, heads, words of its cells, how a check is told by them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import get_args

from gouji.templates.checks import Check
from gouji.templates.form import Form
from gouji.templates.model import Layer, Severity
from gouji.templates.rules.naming import rule_sentence

RULES_SHEET, NAMES_SHEET, GUIDE_SHEET, RECORD_SHEET = "规则", "项目名称", "填写说明", "_规则簿"
ID, RULE, EACH, SEVERITY, LAYER, WORDS, BASIS, LACKING, FILLS, ACTIVE = HEADS = (
    "编号", "规则", "逐项核对", "严重程度", "类别", "说明", "依据", "缺数据时", "自动计算", "启用",
)  # fmt: skip
YES, NO = "是", "否"
TELL, PASS_OVER = "指出", "不指出"
SEVERITIES: tuple[str, ...] = get_args(Severity)
LAYERS: tuple[str, ...] = get_args(Layer)
FORM, EDITION, EXPORTED = "表", "版本", "导出时的核对"
"""What the very hidden record says: of which edition the rules are, and which they were."""
BETWEEN = "、"
"""Between what a rule is repeated over, where that is more than one."""


def cells_of(check: Check, form: Form) -> dict[str, str]:
    """The cells of a check, by head."""
    return {
        ID: check.id,
        RULE: check.rule,
        EACH: BETWEEN.join(check.each) if isinstance(check.each, list) else check.each or "",
        SEVERITY: check.severity,
        LAYER: check.layer,
        WORDS: words_of(check, form),
        BASIS: check.basis or "",
        LACKING: PASS_OVER if check.optional else TELL,
        FILLS: YES if check.fills else NO,
        ACTIVE: YES if check.active else NO,
    }


def words_of(check: Check, form: Form) -> str:
    """The sentence of a check: its author's, else made from the rule. Raises RuleError."""
    return rule_sentence(form, form.expanded(check)[0])


def fingerprint(checks: Iterable[Check]) -> str:
    """Equal for equal checks in equal order."""
    said = json.dumps([check.model_dump() for check in checks], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
