"""What every cell of a blank was taken for in its draft: a place to fill in, a label, a head, words, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.ingest.drafting.criteria import rule_of
from gouji.ingest.drafting.draft import Draft, form_of
from gouji.ingest.drafting.entry import Entry, Value
from gouji.ingest.drafting.fields import CAPTION
from gouji.ingest.drafting.lists import split_points
from gouji.ingest.drafting.paper import CLOSED
from gouji.ingest.drafting.scores import DEFAULT_COLUMNS
from gouji.ingest.drafting.words import is_place_left
from gouji.ingest.grid import Kind, Sheet
from gouji.ingest.locating.by_label import by_label
from gouji.ingest.locating.form_labels import label_words
from gouji.ingest.locating.located import Place
from gouji.ingest.locating.region import Region
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.labels import one_line, squeezed
from gouji.templates.model import KIND_NAMES
from gouji.templates.rules.naming import item_label
from gouji.templates.text import sheet_text

FILLED, LABEL, HEAD, WORDS, UNUSED = "filled", "label", "head", "words", "unused"
"""A cell to fill in; the name of what is to be filled in; the head of a column; words that are only printed; words that
are in the draft nowhere."""
_OF_BLOCKS = {
    "title": (WORDS, "标题"),
    "note": (WORDS, "只印在表上的文字"), "heading": (WORDS, "只印在表上的标题"), "print": (WORDS, "只印在表上的文字"),
    "side": (WORDS, "旁边的标题，竖排在这一块左边"), "head": (HEAD, "行名一栏的表头"),
    "under": (HEAD, "上一级表头"), "levels": (HEAD, "指标级次的表头"), "level_labels": (HEAD, "指标级次的表头"),
    "printed": (LABEL, "印好的名称，单位可以改"), "choices": (WORDS, "可选的答案"),
}  # fmt: skip
_OF_INDICATORS = {"under": (LABEL, "指标分组"), "printed": (WORDS, "照印的说明")}
_OF_LISTS = {
    "fields": (LABEL, "栏目"), "columns": (HEAD, "栏的表头"), "rows": (LABEL, "一行的名称"),
    "groups": (LABEL, "指标分组"), "indicators": (LABEL, "指标"),
}  # fmt: skip
_BOXES = re.compile("[□☐☑■○]")

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Taken:
    """`kind`: one of the words above; `words`: what it is, in Chinese; `id`: of the row, indicator, field or column
    that it names or belongs to; empty for others."""

    kind: str
    words: str
    id: str = ""


def taken(draft: Draft, sheet: Sheet) -> dict[Position, Taken]:
    """Position → how the draft uses the cell. Cells to fill in are those where the drafted form locates its items
    on this sheet."""
    cells = dict(_printed(draft, sheet))
    form = form_of(draft)
    if form is not None and label_words(form):
        for place, use in _filled(form, sheet):
            cells.setdefault(place, use)
    return cells


def _printed(draft: Draft, sheet: Sheet) -> Iterator[tuple[Position, Taken]]:
    """The cells with words. Repeated words go to the blocks in order, the last block takes all further cells."""
    uses: dict[str, list[Taken]] = {}
    for text, use in _texts(draft.blocks):
        uses.setdefault(_key(text), []).append(use)
    for row in range(sheet.height):
        for column in range(len(sheet.rows[row])):
            if sheet.kind(row, column) is not Kind.TEXT:
                continue
            text = sheet_text(str(sheet.raw(row, column)))
            of_cell = _use_of(uses, draft.desk.label(text)) or _beside(draft, text)
            if of_cell is not None:
                yield (row, column), of_cell


def _beside(draft: Draft, text: str) -> Taken | None:
    """How words that are no label are used; None for a placeholder of what is filled in."""
    if CLOSED.fullmatch(text.strip()):
        return Taken(WORDS, "不用填的格子")
    if CAPTION.fullmatch(squeezed(text)):
        return Taken(WORDS, "年度")
    if is_place_left(text) or _BOXES.search(text) is not None or not _key(text):
        return None
    if draft.stands_in(text):
        return Taken(WORDS, "写进了草稿")
    points = {row.values["points"] for block in draft.blocks for row in block.entries("indicators")}
    if any(isinstance(full, Decimal) and rule_of(text, full) is not None for full in points):
        return Taken(WORDS, "评价标准，写成了评分规则")
    return Taken(UNUSED, "没有写进草稿")


def _use_of(uses: Mapping[str, list[Taken]], text: str) -> Taken | None:
    """How words are used, also without the points behind them, or where several fields share a cell."""
    for wording in (text, split_points(text)[0], re.split("[:：]", text)[0]):
        of_them = uses.get(_key(wording), [])
        if of_them:
            return of_them.pop(0) if len(of_them) > 1 else of_them[0]
    return None


def _texts(blocks: Sequence[Entry]) -> Iterator[tuple[str, Taken]]:
    """Every printed text of the draft, in the order of its blocks."""
    for block in blocks:
        if "scores" in block.values and "columns" not in block.values:
            yield from ((name, Taken(HEAD, _OF_LISTS["columns"][1])) for name in DEFAULT_COLUMNS)
        yield from _of_entry(block)


def _of_entry(entry: Entry) -> Iterator[tuple[str, Taken]]:
    of_indicator = "rule" in entry.values
    for key, value in entry.values.items():
        kind, words = (_OF_INDICATORS if of_indicator else _OF_BLOCKS).get(key, ("", ""))
        if kind:
            for text in _strings(value):
                yield text, Taken(kind, words)
        for child in entry.entries(key):
            yield from _named(key, child)
            yield from _of_entry(child)
        if isinstance(value, Entry):
            yield value.text("label"), Taken(LABEL, "合计一行的名称")
    sections = entry.values.get("sections")
    if isinstance(sections, dict):
        for text in sections:
            yield text, Taken(LABEL, "指标分组")


def _named(key: str, entry: Entry) -> Iterator[tuple[str, Taken]]:
    """The label of a field, column, row, group or indicator."""
    kind, words = _OF_LISTS.get(key, (LABEL, "名称"))
    labels = _strings(entry.values.get("labels", ())) or [entry.printed]
    for label in labels:
        if label:
            kind_name = KIND_NAMES.get(entry.text("kind"), "")
            yield label, Taken(kind, f"{words}{f'，填{kind_name}' if kind_name else ''}", entry.text("id"))


def _strings(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    return [item for item in value if isinstance(item, str)] if isinstance(value, Sequence) else []


def _key(text: str) -> str:
    return squeezed(one_line(text)).rstrip(":")


def _filled(form: Form, sheet: Sheet) -> Iterator[tuple[Position, Taken]]:
    located = by_label(form, Region(sheet, 0, sheet.height - 1), 1)
    for name, place in located.places.items():
        item = form.items.get(name)
        if item is not None and not place.after:
            yield _first(place), _of_item(form, item)
    for line in located.lines:
        yield _first(line.name), Taken(FILLED, "单位自己写名称")
        for name, place in line.columns.items():
            column = form.lists[line.list_id].columns.get(name)
            if column is not None:
                yield _first(place), _of_item(form, column)


def _of_item(form: Form, item: Item) -> Taken:
    name = item_label(form, item, None)
    if item.fixed is not None:
        return Taken(WORDS, f"印好的数：{name}", item.row or "")
    return Taken(FILLED, f"填写：{name}，{KIND_NAMES[item.kind]}", item.row or "")


def _first(place: Place) -> Position:
    return place.span[0], place.span[1]
