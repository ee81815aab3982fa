"""A parsed rule as Chinese: its general form, in the labels that stand on the form.

How an item is called is the caller's choice (`name`): by its plain id, or by the labels printed for one year.
"""

from __future__ import annotations

from collections.abc import Callable

from gouji.templates.exact import plain
from gouji.templates.rules.nodes import (
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
    demanded,
    demands_whole,
)
from gouji.templates.rules.scope import EVIDENCE, PREVIOUS

Name = Callable[[Ref], str]

_SIGNS = {"-": "－", "*": "×", "/": "÷"}
COMPARED = {"=": "应等于", "≠": "不应等于", "≤": "应不大于", "≥": "应不小于", "<": "应小于", ">": "应大于"}
WHOLE = "应为整数"
_STATE = {"=": "等于", "≠": "不等于", "≤": "不大于", "≥": "不小于", "<": "小于", ">": "大于"}
_CALLS = {"最大": "较大者", "最小": "较小者", "绝对值": "绝对值"}


def plain_name(ref: Ref) -> str:
    """`三公经费的上年决算数`; an item of another table with that table's name before it."""
    name = f"{ref.group}.{ref.item.rpartition('.')[2]}" if ref.group else ref.item
    words = name.replace(".", "的")
    if ref.form == PREVIOUS:
        return f"上年报表的《{ref.last_year}》{words}" if ref.last_year else f"上年报表的{words}"
    return words if ref.form in (None, EVIDENCE) else f"《{ref.form}》{words}"


def sentence(node: Node, name: Name = plain_name) -> str:
    """`三公经费应等于公务用车＋出国经费＋公务接待`."""
    match node:
        case Compare(left=left) if demands_whole(node):
            return f"{formula(left, name)}{WHOLE}"
        case Compare(sign=sign, left=left, right=right):
            return f"{formula(left, name)}{COMPARED[sign]}{_figure(right, left.kind, name)}"
        case Implies():
            conditions, demand = demanded(node)
            return f"{'且'.join(_condition(condition, name) for condition in conditions)}时，{_demand(demand, name)}"
        case _:
            return _demand(node, name)


def formula(node: Node, name: Name = plain_name) -> str:
    """An expression in words and signs: `实际在职人数÷编制数`."""
    match node:
        case Number(words=str() as words):
            return words
        case Number(value=value):
            return plain(value)
        case Ref():
            return name(node)
        case Sum(words=str() as words):
            return words
        case Sum(parts=parts):
            return "＋".join(formula(part, name) for part in parts)
        case Over(part=part):
            return f"各{formula(part, name)}之和" if _is_line(part) else f"各张{formula(part, name)}之和"
        case Binary(sign=sign, left=left, right=right):
            return f"{_bracketed(left, sign, name)}{_SIGNS[sign]}{_bracketed(right, sign, name)}"
        case Call():
            return _call(node, name)
        case _:
            return sentence(node, name)


def _call(node: Call, name: Name) -> str:
    parts = [formula(part, name) for part in node.parts]
    match node.name:
        case "舍入":
            return f"{parts[0]}（保留{parts[1]}位小数）"
        case "等次":
            return f"{parts[0]}对应的等次"
        case "金额":
            return parts[0]
        case "任一":
            return "，或".join(parts)
        case function:
            return f"（{'、'.join(parts)}）的{_CALLS[function]}"


def _figure(node: Node, kind: str, name: Name) -> str:
    """The right side of a comparison; a bare figure beside a rate is a percentage."""
    if isinstance(node, Number) and kind == "rate":
        return f"{plain(node.value * 100)}%"
    return formula(node, name)


def _condition(node: Node, name: Name) -> str:
    match node:
        case Compare(sign=sign, left=left, right=right):
            return f"{formula(left, name)}{_STATE[sign]}{formula(right, name)}"
        case Filled(ref=ref, nothing=nothing):
            return f"{'没有填' if nothing else '填了'}{name(ref)}"
        case _:
            return formula(node, name)


def _demand(node: Node, name: Name) -> str:
    if isinstance(node, Filled):
        return f"{'不应填写' if node.nothing else '应填写'}{name(node.ref)}"
    return sentence(node, name)


def _bracketed(node: Node, sign: str, name: Name) -> str:
    loose = isinstance(node, Sum) or (isinstance(node, Binary) and node.sign == "-")
    return f"（{formula(node, name)}）" if loose and sign in ("*", "/", "-") else formula(node, name)


def _is_line(node: Node) -> bool:
    return isinstance(node, Call) or (isinstance(node, Ref) and node.list_id is not None)
