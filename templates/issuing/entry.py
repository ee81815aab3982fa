"""What may be entered in a cell (数据有效性), and what the person filling it is told before and after."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from gouji.templates.block_items import MUST
from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.identity import choices_range
from gouji.templates.items import Item
from gouji.templates.rules.nodes import Compare, Number, Ref

_MOST_AMOUNT = 1_000_000_000
_MOST_RATE = 10
_MOST_POINTS = 100
_TITLE = 32
_MESSAGE = 255
_DATES = (datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))


def upper_bounds(form: Form) -> dict[str, str | Decimal]:
    """Item → the item or figure that it may not exceed, by the form's own binding rules (得分 ≤ 分值, 得分 ≤ 满分)."""
    found: dict[str, str | Decimal] = {}
    for rule in form.rules:
        match rule.node:
            case Compare(sign="≤", left=Ref(form=None) as low, right=Ref(form=None) as high):
                if rule.severity == MUST:
                    found[low.item] = high.item
            case Compare(sign="≤", left=Ref(form=None, kind="points") as low, right=Number(value=most)):
                if rule.severity == MUST:
                    found[low.item] = most
            case _:
                pass
    return found


def entry_rule(item: Item, title: str, upper: Decimal | str | None = None) -> dict[str, Any]:
    """The validation of an input cell in XlsxWriter's terms.

    `upper` limits points: a figure, or the cell (`F20`) that holds the limit.
    """
    match item.kind:
        case "amount" | "quantity":
            rule = _measured(item)
        case "count":
            rule = _rule("integer", ">=", 0, "请填整数，没有的填 0。", "这里只能填 0 或正整数，不要写“人”“个”等单位。")
        case "rate":
            rule = _between("decimal", 0, _MOST_RATE, "请填百分比，例如 61%。", "这里只能填百分比，例如 61%。")
        case "points":
            rule = _points(upper)
        case "date":
            rule = _between("date", *_DATES, "请填日期，例如 2022-3-25。", "这里只能填日期，例如 2022-3-25。")
        case "choice":
            told = f"请从下拉列表中选择：{'、'.join(item.choices)}。"
            rule = {
                "validate": "list",
                "source": list(item.choices),
                "input_message": told,
                "error_message": told,
            }
        case _:
            rule = {"validate": "any", "input_message": _text_prompt(item)}
    return _titled(rule, title)


def name_rule(name_column: str, choices: int = 0) -> dict[str, Any]:
    """The prompt at the name of a list's line (项目名称, 三级指标), with so many names to choose from, or others."""
    prompt = f"每行填一个{name_column}。用不到的行整行留空。"
    if not choices:
        return _titled({"validate": "any", "input_message": prompt}, name_column)
    told = f"{prompt}可以从指标库里选，没有的可以自己写。"
    rule = {"validate": "list", "source": choices_range(choices), "show_error": False, "input_message": told}
    return _titled(rule, name_column)


def _measured(item: Item) -> dict[str, Any]:
    unit = item.unit or ""
    if item.signed:
        prompt = f"单位：{unit}，只填数字。增加填正数，减少填负数，没有变动填 0。"
        return _between("decimal", -_MOST_AMOUNT, _MOST_AMOUNT, prompt, f"这里只能填数字（单位：{unit}），可以是负数。")
    prompt = f"单位：{unit}，只填数字，可以有小数。没有发生的填 0，不要留空。"
    refusal = f"这里只能填 0 或正数（单位：{unit}），不要写文字和单位，也不要画横线。没有发生的填 0。"
    return _rule("decimal", ">=", 0, prompt, refusal)


def _points(upper: Decimal | str | None) -> dict[str, Any]:
    if isinstance(upper, str):
        refusal = "得分只能填 0 到本行分值之间的数字。请先填分值，再填得分。"
        return _between("decimal", 0, f"={upper}", "请填得分，不超过本行的分值，最多两位小数。", refusal)
    most = plain(upper) if upper is not None else str(_MOST_POINTS)
    prompt = f"请填 0 到 {most} 之间的数字，最多两位小数。"
    return _between("decimal", 0, most, prompt, f"这里只能填 0 到 {most} 之间的数字，不要写“分”。")


def _text_prompt(item: Item) -> str:
    match item.kind, item.role:
        case "measure", _:
            return "可以填数字（如 48人、≥95%），也可以填文字。本行不用的留空。"
        case _, "unit":
            return "请填单位全称。"
        case _, "department":
            return "请填主管部门全称。"
        case _, "instance":
            return "请填项目全称，与预算批复一致。"
        case _:
            return "请填文字。" if item.required else "请填文字，没有可填的留空。"


def _rule(validate: str, criteria: str, value: float, prompt: str, refusal: str) -> dict[str, Any]:
    return {
        "validate": validate, "criteria": criteria, "value": value,
        "input_message": prompt, "error_message": refusal,
    }  # fmt: skip


def _between(validate: str, low: Any, high: Any, prompt: str, refusal: str) -> dict[str, Any]:
    return {
        "validate": validate, "criteria": "between", "minimum": low, "maximum": high,
        "input_message": prompt, "error_message": refusal,
    }  # fmt: skip


def _titled(rule: dict[str, Any], title: str) -> dict[str, Any]:
    """With titles, and everything within Excel's limits."""
    rule["input_title"] = title[:_TITLE]
    rule["input_message"] = rule["input_message"][:_MESSAGE]
    if "error_message" in rule:
        rule["error_title"] = "填写有误"
        rule["error_message"] = rule["error_message"][:_MESSAGE]
    return rule
