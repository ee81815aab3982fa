"""A contradiction of a text as a finding: the sentence quoted, what stands against it, what to do."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gouji.templates.addresses import BODY
from gouji.templates.exact import plain
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.narrative.stated import Stated
from gouji.validate.wording import told_apart

_AROUND = 40
_PRIVATE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)", re.ASCII)
_HIDDEN = "（号码不显示）"
_SPACE = re.compile(r"\s+")


def quotation(stated: Stated, index: int) -> str:
    """The sentence of a statement, without what is far from its figure, and without numbers of persons."""
    row = stated.frame.iloc[index]
    sentence = stated.passage(index).text[row["start"] : row["end"]]
    place = max(sentence.find(row["label"] + row["printed"]) + len(row["label"]), sentence.find(row["printed"]), 0)
    first, last = max(place - _AROUND, 0), place + len(row["printed"]) + _AROUND
    cut = ("……" if first else "") + sentence[first:last] + ("……" if last < len(sentence) else "")
    return _PRIVATE.sub(_HIDDEN, _SPACE.sub(" ", cut).strip())


def label(stated: Stated, index: int) -> str:
    """What a statement is about, in words."""
    row = stated.frame.iloc[index]
    if row["item"] == "数量":
        return re.sub(r"^[，、：:； ]+|[：:；、的为达到是 ]+$", "", str(row["label"])) or "这个数"
    return f"{row['item']}{row['aspect']}"


def contradiction(
    code: str, stated: Stated, index: int, expected: Decimal, *, bound: str = "", **words: Any
) -> Finding:
    """The finding of a statement that something else contradicts; `words` are those of the rule's sentence."""
    passage = stated.passage(index)
    origin = Origin.of(next(passage.wide.returns.iloc[[passage.row]].itertuples(index=False)))
    if passage.item == BODY:
        origin = replace(origin, sheet=BODY)
    value = stated.quantity.value[index]
    _, shown, gap = _apart(stated, index, value, expected)
    return common(
        code, origin, item=passage.item, cell=passage.cell, quote=quotation(stated, index), label=label(stated, index),
        stated=stated.frame["printed"].iloc[index], expected=bound + shown, difference=float(value - expected), gap=gap,
        **words,
    )  # fmt: skip


def _apart(stated: Stated, index: int, value: Decimal, expected: Decimal) -> tuple[str, str, str]:
    kind = stated.kind(index)
    if kind != "count":
        return told_apart(value, expected, kind)
    unit = stated.frame["unit"].iloc[index]
    stated_text, expected_text, gap = (f"{plain(size)}{unit}" for size in (value, expected, abs(value - expected)))
    return stated_text, expected_text, gap
