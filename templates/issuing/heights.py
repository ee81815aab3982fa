"""How high the rows must be, so that no printed text is cut: estimated from text, font size and width."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

from gouji.templates.issuing.styles import size_of
from gouji.templates.layout import Box

_BASE = {"title": 34.0, "caption": 20.0, "head": 24.0, "name": 28.0}
_ROW = 21.0
_LINE = 1.32
"""Height of a line as a multiple of the font size."""
_PADDING = 6.0
_MOST = 409.0
"""Excel's own limit, in points."""
_DIGIT = 8
"""Pixels of a digit in the workbook's font, the measure of column widths."""
_CELL_MARGIN = 5
_BREAKS = 1.06
"""Lines do not fill up to the edge: punctuation may not begin a line."""


def text_width(text: str) -> int:
    """Width in columns of a digit; ideographs and what fonts for Chinese draw as wide count two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def text_height(text: str, width: float, size: float) -> float:
    """Points that a wrapped text of `size` points needs in a cell `width` digits wide."""
    glyph = round(size * 96 / 72)
    room = max((width * _DIGIT - _CELL_MARGIN) // glyph * 2, 2.0)
    lines = sum(max(1, math.ceil(text_width(line) * _BREAKS / room - 0.05)) for line in text.split("\n"))
    return lines * size * _LINE + _PADDING


def row_heights(
    boxes: Iterable[Box], texts: Sequence[tuple[Box, str]], widths: Sequence[float], rows: int
) -> list[float]:
    """Points per row: the usual height of what stands there, more where a text needs it.

    `texts` are the boxes with what is shown in them. A box over several rows spreads what is missing evenly.
    """
    heights = [_ROW] * rows
    for box in boxes:
        if box.rows == 1:
            base = _BASE.get(box.role, _ROW)
            heights[box.row] = max(heights[box.row], base * box.height if box.height > 1 else base)
    for box, text in sorted(texts, key=lambda given: given[0].rows):
        width = sum(widths[box.column : box.column + box.columns]) - box.indent * 1.3
        need = text_height(text, width, size_of(box.role))
        span = range(box.row, box.row + box.rows)
        missing = need - sum(heights[row] for row in span)
        if missing > 0:
            for row in span:
                heights[row] += missing / box.rows
    return [min(round(height * 4) / 4, _MOST) for height in heights]
