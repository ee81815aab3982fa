"""A parsed rule as Chinese: its general form, in the labels that stand on the form."""

from __future__ import annotations

from decimal import Decimal

from templates.rules.nodes import (
    Binary,
    Call,
    Compare,
    Filled,
    Implies,
    Node,
    Number,
    Over,
    Ref,
    Sum,
)

_SIGNS = {"-": "－", "*": "×", "/": "÷"}
_COMPARE = {"=": "应等于", "≠": "不应等于", "≤": "应不大于", "≥": "应不小于", "<": "应小于", ">": "应大于"}
_STATE = {"=": "等于", "≠": "不等于", "≤": "不大于", "≥": "不小于", "<": "小于", ">": "大于"}
_CALLS = {"最大": "较大者", "最小": "较小者", "绝对值": "绝对值"}


def sentence(node: Node) -> str:
    """`三公经费应等于公务用车＋出国经费＋公务接待`."""
    match node:
        case Compare(sign=sign, left=left, right=right):
            return f"{formula(left)}{_COMPARE[sign]}{formula(right)}"
        case Implies(condition=condition, demand=demand):
            return f"{_condition(condition)}时，{_demand(demand)}"
        case _:
            return _demand(node)


def formula(node: Node) -> str:
    """An expression in words and signs: `实际在职人数÷编制数`."""
    match node:
        case Number(value=value):
            return plain(value)
        case Ref():
            return _name(node)
        case Sum(parts=parts):
            return "＋".join(formula(part) for part in parts)
        case Over(part=part):
            return f"各行{formula(part)}之和" if _is_line(part) else f"各{_name(part)}之和"
        case Binary(sign=sign, left=left, right=right):
            return f"{_bracketed(left, sign)}{_SIGNS[sign]}{_bracketed(right, sign)}"
        case Call(name="舍入", parts=(part, Number(value=places))):
            return f"{formula(part)}（保留{places}位小数）"
        case Call(name="金额", parts=(part,)):
            return formula(part)
        case Call(name=name, parts=parts):
            return f"（{'、'.join(formula(part) for part in parts)}）的{_CALLS[name]}"
        case _:
            return sentence(node)


def plain(value: Decimal) -> str:
    """A figure without exponent or trailing zeros: 50, 0.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _condition(node: Node) -> str:
    match node:
        case Compare(sign=sign, left=left, right=right):
            return f"{formula(left)}{_STATE[sign]}{formula(right)}"
        case Filled(ref=ref):
            return f"填了{_name(ref)}"
        case _:
            return formula(node)


def _demand(node: Node) -> str:
    return f"应填写{_name(node.ref)}" if isinstance(node, Filled) else sentence(node)


def _bracketed(node: Node, sign: str) -> str:
    loose = isinstance(node, Sum) or (isinstance(node, Binary) and node.sign == "-")
    return f"（{formula(node)}）" if loose and sign in ("*", "/", "-") else formula(node)


def _is_line(node: Node) -> bool:
    return isinstance(node, Call) or (isinstance(node, Ref) and node.list_id is not None)


def _name(node: Node) -> str:
    if isinstance(node, Call):
        return formula(node)
    assert isinstance(node, Ref)
    own = f"{node.group}.{node.item.rpartition('.')[2]}" if node.group else node.item
    words = own.replace(".", "的")
    if node.form is None:
        return words
    return f"{node.form}的{words}"
