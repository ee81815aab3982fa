"""Signs that stand higher or lower than the line: marks of notes are no part of it, powers and indices stay as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int, bool]
"""From where to where in the text of a paragraph, and whether it stands higher (else lower)."""

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
"""12.5² is not 12.52."""
_NOTE = re.compile(r"(?:[\[［〔【(（]注?[\d*]{1,3}[\]］〕】)）]|[①-⑳❶-❿]|[*＊※†‡]|注[\d①-⑳]{0,2}|[,，、])+")
"""What nobody would take for a power."""
_NUMBER = re.compile(r"\d{1,2}(?:[,，、]\d{1,2})*")
_WORD = re.compile(r"[\u4e00-\u9fff][)）]?(?<![米里])$")
"""The end of a label; behind 平方米 and 公里 a digit may be a power."""


def without_notes(text: str, spans: Sequence[Span]) -> str:
    """The text of a paragraph without the marks of notes in it. Where all of it is raised alike, nothing is."""
    joined = _joined(spans)
    if len(joined) == 1 and not (text[: joined[0][0]] + text[joined[0][1] :]).strip():
        return text
    for first, last, raised in reversed(joined):
        before, sign = text[:first], text[first:last]
        if raised and _is_note(before.rstrip(), sign.strip()):
            sign = ""
        text = before + sign.translate(RAISED if raised else _LOWERED) + text[last:]
    return text


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Neighbours as one: [1] may be three runs."""
    joined: list[Span] = []
    for first, last, raised in spans:
        if joined and joined[-1][1:] == (first, raised):
            joined[-1] = joined[-1][0], last, raised
        else:
            joined.append((first, last, raised))
    return joined


def _is_note(before: str, sign: str) -> bool:
    if _NOTE.fullmatch(sign):
        return True
    return _WORD.search(before) is not None and _NUMBER.fullmatch(sign) is not None
