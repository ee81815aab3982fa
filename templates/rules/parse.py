"""Rule text → tree. The signs are translated, Python's own parser reads, and only what is listed here is let in."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from decimal import Decimal

from gouji.templates.errors import RuleError
from gouji.templates.model import KIND_NAMES
from gouji.templates.rules.nodes import (
    BOOLEAN,
    EITHER,
    NUMBER,
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
from gouji.templates.rules.scope import EVIDENCE, FULL, PREVIOUS, REFERENCE, Scope

_SIGNS = {
    "×": "*",
    "÷": "/",
    "−": "-",
    "－": "-",
    "＋": "+",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "，": ",",
    "（": "(",
    "）": ")",
}
_LONGEST = 20_000
"""Characters of a rule; the longest of a real form has a few hundred."""
_SHOWN = 40
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20}", re.ASCII)
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "≠", ast.LtE: "≤", ast.GtE: "≥", ast.Lt: "<", ast.Gt: ">",
}  # fmt: skip
_ADDABLE = {"amount", "count", "quantity", "rate", "points", NUMBER}
FUNCTIONS = {
    "合计",
    EITHER,
    "最大",
    "最小",
    "绝对值",
    "舍入",
    "金额",
    "等次",
    "若",
    "有",
    "无",
    FULL,
    PREVIOUS,
    REFERENCE,
}


def parse_rule(text: str, scope: Scope) -> Node:
    """The tree of a rule or expression. Raises RuleError (Chinese; names the place and the nearest known name)."""
    if len(text) > _LONGEST:
        raise RuleError(text[:_SHOWN] + "……", f"长度超过 {_LONGEST} 个字符，请分成几条规则")
    source = _translated(text)
    try:
        tree = ast.parse(source, mode="eval")
        return _Reader(text, source, scope).read(tree.body)
    except (SyntaxError, UnicodeEncodeError) as error:
        raise RuleError(text, "写法不完整或有多余的符号", getattr(error, "offset", None)) from error
    except (RecursionError, MemoryError) as error:  # the latter is how Python's own parser says the former
        raise RuleError(text, "括号或符号套得太深") from error


def _translated(text: str) -> str:
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    return _EQUALS.sub("==", text).strip()


class _Reader:
    def __init__(self, text: str, source: str, scope: Scope) -> None:
        self.text = text
        self.source = source
        self.scope = scope

    def read(self, node: ast.expr) -> Node:
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float()):
                return self._number(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.BinOp(op=ast.Add()):
                return self._sum(node)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return self._difference(node, self.read(left), self.read(right))
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self._product(self.read(left), self.read(right))
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._quotient(node, self.read(left), self.read(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return self._compare(node, _COMPARISONS[type(op)], self.read(left), self._right_side(op, right))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, args)
            case _:
                pass
        raise self._error(node, f"不能使用“{ast.get_source_segment(self.source, node)}”这种写法")

    def _number(self, node: ast.expr) -> Number:
        """Decimal digits only: Python would also read 0x1f and 1_000."""
        written = ast.get_source_segment(self.source, node) or ""
        if not _NUMBER.fullmatch(written):
            raise self._error(node, f"“{written}”不是规则里可以写的数字")
        return Number(Decimal(written))

    def _name(self, node: ast.expr) -> Node:
        name = ast.unparse(node)
        leaf = self.scope.resolve(name)
        if leaf is None:
            near = self.scope.near(name)
            hint = f"，是不是“{near}”？" if near else ""
            raise self._error(node, f"表中没有“{name}”{hint}")
        return leaf

    def _sum(self, node: ast.BinOp) -> Node:
        left, right = self.read(node.left), self.read(node.right)
        parts = (*(left.parts if isinstance(left, Sum) else (left,)), right)
        return Sum(parts, self._one_kind(node, [part.kind for part in parts], "相加"))

    def _difference(self, node: ast.expr, left: Node, right: Node) -> Node:
        return Binary("-", left, right, self._one_kind(node, [left.kind, right.kind], "相减"))

    def _product(self, left: Node, right: Node) -> Node:
        kinds = [kind for kind in (left.kind, right.kind) if kind not in (NUMBER, "rate")]
        return Binary("*", left, right, kinds[0] if kinds else "rate" if "rate" in (left.kind, right.kind) else NUMBER)

    def _quotient(self, node: ast.expr, left: Node, right: Node) -> Node:
        if right.kind == NUMBER:
            return Binary("/", left, right, left.kind)
        self._one_kind(node, [left.kind, right.kind], "相除")
        return Binary("/", left, right, "rate")

    def _compare(self, node: ast.expr, sign: str, left: Node, right: Node) -> Node:
        if {left.kind, right.kind} != {"choice"}:
            self._one_kind(node, [left.kind, right.kind], "比较")
        return Compare(sign, left, right)

    def _right_side(self, op: ast.cmpop, node: ast.expr) -> Node:
        """The right side; of an equation it may be 任一(a, b): one of them is to fit."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=[_, _, *_] as args, keywords=[]) if (
                name == EITHER and isinstance(op, ast.Eq)
            ):
                parts = tuple(self.read(arg) for arg in args)
                return Call(name, parts, self._one_kind(node, [part.kind for part in parts], name))
            case _:
                return self.read(node)

    def _call(self, node: ast.expr, name: str, args: list[ast.expr]) -> Node:
        if name not in FUNCTIONS:
            raise self._error(node, f"没有“{name}”这个函数，可用的有 {'、'.join(sorted(FUNCTIONS))}")
        if name == FULL:
            return self._full_marks(node, args)
        if name in (PREVIOUS, REFERENCE):
            return self._outside(node, name, args)
        if name == "合计" and len(args) == 1 and (column := self.scope.column_of(of := ast.unparse(args[0]))):
            kind = self._one_kind(node, [ref.kind for ref in column], "相加")
            return Sum(column, kind, of, self.scope.column_words(of))
        return self._function(node, name, tuple(self.read(arg) for arg in args))

    def _function(self, node: ast.expr, name: str, parts: tuple[Node, ...]) -> Node:
        match name, parts:
            case (("合计" | "有" | "无" | "金额"), (Ref(form="上年" | "参照"),)):
                raise self._error(node, f"“{name}”里不能写 上年() 或 参照()")
            case "合计", (Ref() | Call(name="金额") as part,):
                return Over(part, part.kind)
            case (("有" | "无"), (Ref() as ref,)):
                return Filled(ref, nothing=name == "无")
            case "若", (condition, demand) if condition.kind == demand.kind == BOOLEAN:
                return Implies(condition, demand)
            case "金额", (Ref(kind="measure" | "amount"),):
                return Call(name, parts, "amount")
            case "等次", (part,) if part.kind == "points":
                return Call(name, parts, "choice")
            case ("绝对值", (part,)) | ("舍入", (part, Number())):
                return Call(name, parts, part.kind)
            case (("最大" | "最小"), (_, _, *_)):
                return Call(name, parts, self._one_kind(node, [part.kind for part in parts], name))
            case _:
                only = f"，只能写成“项目 = {EITHER}(甲, 乙)”" if name == EITHER else ""
                raise self._error(node, f"“{name}”的写法不对{only}，请检查括号里的内容")

    def _full_marks(self, node: ast.expr, args: list[ast.expr]) -> Node:
        name = ast.unparse(args[0]) if len(args) == 1 else ""
        if name not in self.scope.full_marks:
            raise self._error(node, f"“{name}”没有印明分值，不能用 满分()")
        return Number(self.scope.full_marks[name], "points", mark=name)

    def _outside(self, node: ast.expr, name: str, args: list[ast.expr]) -> Ref:
        """上年(item): a figure of a year ago, of the same form or of another table of the unit; 参照(column): what the
        bureau's own table says of the unit."""
        if len(args) != 1:
            raise self._error(node, f"“{name}”的括号里应写一个项目")
        if name == REFERENCE:
            name_of_column = ast.unparse(args[0])
            column = self.scope.reference(name_of_column)
            if column is None:
                raise self._error(node, f"参照表里没有“{name_of_column}”这一栏")
            return column
        item = self.read(args[0])
        if isinstance(item, Ref) and item.form is None and item.list_id in (None, self.scope.line):
            return replace(item, form=PREVIOUS)
        if isinstance(item, Ref) and item.form not in (None, EVIDENCE, REFERENCE, PREVIOUS) and item.list_id is None:
            return replace(item, form=PREVIOUS, last_year=item.form)
        raise self._error(node, "上年() 的括号里应写本表或另一张表的一个项目")

    def _one_kind(self, node: ast.expr, kinds: list[str], doing: str) -> str:
        meant = {kind for kind in kinds if kind != NUMBER}
        if not meant:
            return NUMBER
        if len(meant) > 1 or not meant <= _ADDABLE:
            names = "与".join(_KIND_NAMES.get(kind, kind) for kind in dict.fromkeys(kinds))
            raise self._error(node, f"{names}不能{doing}")
        return meant.pop()

    def _error(self, node: ast.expr, message: str) -> RuleError:
        # ast counts UTF-8 bytes; people count characters.
        before = self.source.encode()[: node.col_offset].decode(errors="ignore")
        return RuleError(self.text, message, len(before) + 1)


_KIND_NAMES = KIND_NAMES | {BOOLEAN: "判断", NUMBER: "数字"}
