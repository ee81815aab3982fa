"""Rules as the definitions print them, read by a small parser of our own into nested tuples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Tree = tuple[Any, ...]
_TOKEN = re.compile(r"\s*([()（）,，、+−\-×*/÷]|[=≤≥≠<>]|[^\s()（），,、+−\-×*/÷=≤≥≠<>]+)")
_SIGNS = {"（": "(", "）": ")", "，": ",", "、": ",", "-": "−", "*": "×", "÷": "/"}
_LEVELS = (("=", "≤", "≥", "≠", "<", ">"), ("+", "−"), ("×", "/"))


def parse(text: str) -> Tree:
    """`("=", left, right)`, `("+", …)`, `("call", name, …)`, `("ref", name)`, `("number", Decimal)`."""
    tokens = [_SIGNS.get(token, token) for token in _TOKEN.findall(text)]
    tree = _level(tokens, 0)
    if tokens:
        raise ValueError(f"left over in {text}: {tokens}")
    return tree


def names(tree: Tree) -> Iterator[str]:
    """Every name that the rule reads, in its order."""
    if tree[0] == "ref":
        yield tree[1]
        return
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from names(part)


def calls(tree: Tree) -> set[str]:
    inner = {name for part in tree[1:] if isinstance(part, tuple) for name in calls(part)}
    return inner | ({tree[1]} if tree[0] == "call" else set())


def _level(tokens: list[str], level: int) -> Tree:
    if level == len(_LEVELS):
        return _atom(tokens)
    left = _level(tokens, level + 1)
    while tokens and tokens[0] in _LEVELS[level]:
        sign = tokens.pop(0)
        left = (sign, left, _level(tokens, level + 1))
    return left


def _atom(tokens: list[str]) -> Tree:
    token = tokens.pop(0)
    if token == "(":
        inner = _level(tokens, 0)
        tokens.pop(0)
        return inner
    if token == "−":
        return ("−", ("number", Decimal(0)), _atom(tokens))
    if re.fullmatch(r"\d+(\.\d+)?%?", token):
        value = Decimal(token.rstrip("%"))
        return ("number", value / 100 if token.endswith("%") else value)
    if tokens and tokens[0] == "(":
        tokens.pop(0)
        parts = [_level(tokens, 0)]
        while tokens.pop(0) == ",":
            parts.append(_level(tokens, 0))
        return ("call", token, *parts)
    return ("ref", token)
