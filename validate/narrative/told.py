"""A contradiction of a text as a finding: the sentence quoted, what stands against it, what to do."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from gouji.templates.addresses import BODY, with_sheet
from gouji.templates.exact import plain
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.stated import Stated
from gouji.validate.wording import told_apart

_AROUND = 40
_PRIVATE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)", re.ASCII)
_HIDDEN = "（号码不显示）"
_SPACE = re.compile(r"\s+")


def quotation(stated: Stated, index: int) -> str:
    """The sentence of a statement, without what is far from its figure, and without numbers of persons."""
    row = stated.rows[index]
    sentence = stated.passage(index).text[row.start : row.end]
    place = max(sentence.find(row.label + row.printed) + len(row.label), sentence.find(row.printed), 0)
    return quoted_at(sentence, place, place + len(row.printed))


def quoted_at(sentence: str, start: int, end: int) -> str:
    """A sentence around a place, without numbers of persons."""
    first, last = max(start - _AROUND, 0), end + _AROUND
    cut = ("……" if first else "") + sentence[first:last] + ("……" if last < len(sentence) else "")
    return _PRIVATE.sub(_HIDDEN, _SPACE.sub(" ", cut).strip())


def label(stated: Stated, index: int) -> str:
    """What a statement is about, in words."""
    row = stated.rows[index]
    if row.item == "数量":
        return re.sub(r"^[，、：:； ]+|[：:；、的为达到是共 ]+$", "", row.label) or "这个数"
    return f"{row.item}{row.aspect}"


def contradiction(
    code: str, stated: Stated, index: int, expected: Decimal, *, bound: str = "", **words: Any
) -> Finding:
    """The finding of a statement that something else contradicts; `words` are those of the rule's sentence."""
    passage = stated.passage(index)
    value = stated.quantity.value[index]
    _, shown, gap = _apart(stated, index, value, expected)
    return common(
        code, origin_of(passage), item=passage.item, cell=passage.cell, quote=quotation(stated, index),
        label=label(stated, index),
        stated=stated.rows[index].printed, expected=bound + shown, difference=float(value - expected), gap=gap,
        **words,
    )  # fmt: skip


def origin_of(passage: Passage) -> Origin:
    """Whose a passage is, on which sheet or in the text of a document."""
    origin = Origin.of(passage.wide.rows[passage.row])
    return replace(origin, sheet=passage.sheet) if passage.sheet else origin


def on_sheet(cells: str, sheet: str) -> str:
    """Cells, parted by ；, with the sheet on which they stand."""
    return "；".join(with_sheet(sheet, cell) for cell in cells.split("；") if cell)


def where(passage: Passage, forms: str, cells: str | None, sheet: str) -> str:
    """Which tables, and their cells; said of the text beside all tables also on which sheet."""
    shown = on_sheet(cells or "", sheet) if passage.item == BODY else cells
    return f"{forms}{f'（{shown}）' if shown else ''}"


def in_words(code: str, passage: Passage, sentence: str, span: tuple[int, int], **words: Any) -> Finding:
    """The finding of a sentence that states no figure but something else, at `span` of it."""
    return common(
        code, origin_of(passage), item=passage.item, cell=passage.cell, quote=quoted_at(sentence, *span), **words
    )


def _apart(stated: Stated, index: int, value: Decimal, expected: Decimal) -> tuple[str, str, str]:
    kind = stated.kind(index)
    if kind != "count":
        return told_apart(value, expected, kind)
    unit = stated.rows[index].unit
    stated_text, expected_text, gap = (f"{plain(size)}{unit}" for size in (value, expected, abs(value - expected)))
    return stated_text, expected_text, gap
