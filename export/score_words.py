"""A recomputed score in words: the score, or the range that the figures allow, and the grades in it."""

from __future__ import annotations

from gouji.templates.grades import NAMES
from gouji.validate.wording import figure_text


def range_words(low: float | None, high: float | None) -> str | None:
    """`14.5–82`; a single figure where both ends are the same, None where there are none."""
    ends = [end for end in (figure_text(low, "quantity"), figure_text(high, "quantity")) if end is not None]
    return "–".join(dict.fromkeys(ends)) or None


WITHIN = "范围内"


def due_cell(score: float | None, low: float | None, high: float | None) -> float | str | None:
    """The recomputed score, or its range in words."""
    return range_words(low, high) if score is None else score


def difference_cell(difference: float | None, score: float | None) -> float | str | None:
    """Self-score less the score, or how far it lies outside the range: within it no figure, for nothing says that the
    two agree.
    """
    return WITHIN if score is None and difference == 0 else difference


def grade_words(grade: str | None, lowest: str | None, highest: str | None) -> str | None:
    """`良`, or where the score is a range 差至良，不可能为优; None where nothing can be told."""
    if grade is not None or lowest is None or highest is None:
        return grade
    if (lowest, highest) == (NAMES[0], NAMES[-1]):
        return "不能确定"
    return f"{lowest}至{highest}" + ("" if highest == NAMES[-1] else f"，不可能为{NAMES[-1]}")
