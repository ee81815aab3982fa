"""What is said at a finding of those that it stands for, and at one that follows from another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gouji.templates.verdicts import DIFFERS, UNCHECKED
from gouji.validate.catalogue import SAME_CAUSE
from gouji.validate.one_cause.text_figures import AS_TEXT

FOLLOWS = "随"
"""Begins the cause of a finding that follows from another one."""
_SHOWN = 8
_MISSING, _TYPED_OVER, _SHUT = "R-03", "T-13", ("R-01", "R-09")
_TABLES = ("R-06", "R-08", "R-11", "R-12", "R-13", "R-15", "T-08")


def own_words(message: str) -> str:
    """A finding's sentence without what was added to it: what people decided on."""
    return message.partition(SAME_CAUSE)[0]


def beside(parent: Any, others: Sequence[Any]) -> str:
    """What is added to the sentence of `parent` (rows of the frame, as namedtuples)."""
    told = []
    if missing := [f"“{one.item}”" for one in others if one.rule == _MISSING]:
        where = "可能就在这个文件里" if parent.rule in _SHUT else "也没有收到"
        told.append(f"该单位的{_few(missing)}{where}（{_MISSING}）")
    if tables := [f"“{one.sheet}”" for one in others if one.rule in _TABLES]:
        told.append(f"同一文件的{_few(tables)}也是如此（{parent.rule}）")
    if any(one.rule == _TYPED_OVER for one in others):
        told.append(f"有公式的格子已改成直接填写的数（{_TYPED_OVER}）")
    checks = [one for one in others if one.rule not in (_MISSING, _TYPED_OVER, *_TABLES)]
    led = "合计没有算进这些数的有" if parent.rule == AS_TEXT else "由此不符的有"
    for verdict, begun, ended in ((DIFFERS, led, "更正"), (UNCHECKED, "因此没有核对", "补齐")):
        if cells := [f"{cell_at(parent, one)}（{one.rule}）" for one in checks if one.verdict == verdict]:
            told.append(f"{begun}{_few(cells, '、')}，{ended}后再核对")
    return f"{SAME_CAUSE}{'；'.join(told)}。" if told else ""


def follows(child: Any, parent: Any) -> str:
    """The cause of a finding that follows from `parent`."""
    where = f"{cell_at(child, parent)}的" if isinstance(parent.cell, str) else ""
    told = f"{FOLLOWS}{where}问题（{parent.rule}）：相差的数相同，那里更正后多半相符"
    return f"{told}；{child.cause}" if isinstance(child.cause, str) else told


def cell_at(reader: Any, one: Any) -> str:
    """Where `one` stands, as seen from the table of `reader`."""
    if not isinstance(one.cell, str):
        return f"“{one.item}”"
    return one.cell if one.sheet == reader.sheet or "!" in one.cell else f"{one.sheet}!{one.cell}"


def _few(texts: Sequence[str], between: str = "") -> str:
    texts = list(dict.fromkeys(texts))
    return between.join(texts[:_SHOWN]) + (f"等{len(texts)}处" if len(texts) > _SHOWN else "")
