"""What is said at a finding of those that it stands for, and at one that follows from another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gouji.templates.addresses import with_sheet
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
    clauses = []
    if missing := [f"“{other.item}”" for other in others if other.rule == _MISSING]:
        where = "可能就在这个文件里" if parent.rule in _SHUT else "也没有收到"
        clauses.append(f"该单位的{_few(missing)}{where}（{_MISSING}）")
    if tables := [f"“{other.sheet}”" for other in others if other.rule in _TABLES]:
        clauses.append(f"同一文件的{_few(tables)}也是如此（{parent.rule}）")
    if any(other.rule == _TYPED_OVER for other in others):
        clauses.append(f"有公式的格子已改成直接填写的数（{_TYPED_OVER}）")
    checks = [other for other in others if other.rule not in (_MISSING, _TYPED_OVER, *_TABLES)]
    led = "合计没有算进这些数的有" if parent.rule == AS_TEXT else "由此不符的有"
    for verdict, begun, ended in ((DIFFERS, led, "更正"), (UNCHECKED, "因此没有核对", "补齐")):
        if cells := [f"{cell_at(parent, check)}（{check.rule}）" for check in checks if check.verdict == verdict]:
            clauses.append(f"{begun}{_few(cells, '、')}，{ended}后再核对")
    return f"{SAME_CAUSE}{'；'.join(clauses)}。" if clauses else ""


def follows(child: Any, parent: Any) -> str:
    """The cause of a finding that follows from `parent`."""
    where = f"{cell_at(child, parent)}的" if isinstance(parent.cell, str) else ""
    words = f"{FOLLOWS}{where}问题（{parent.rule}）：相差的数相同，那里更正后多半相符"
    return f"{words}；{child.cause}" if isinstance(child.cause, str) else words


def cell_at(reader: Any, finding: Any) -> str:
    """Where `finding` stands, as seen from the table of `reader`."""
    if not isinstance(finding.cell, str):
        return f"“{finding.item}”"
    return finding.cell if finding.sheet == reader.sheet else with_sheet(finding.sheet, finding.cell)


def _few(texts: Sequence[str], between: str = "") -> str:
    texts = list(dict.fromkeys(texts))
    return between.join(texts[:_SHOWN]) + (f"等{len(texts)}处" if len(texts) > _SHOWN else "")
