"""The columns of a grid or list as entries: id, label, kind, span, the heads above."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gouji.ingest.drafting.desk import Desk, Head
from gouji.ingest.drafting.entry import Entry
from gouji.ingest.drafting.words import Names, is_personal, kind_of, unit_of
from gouji.templates.labels import squeezed
from gouji.templates.model import FIGURES

_ACTUAL = re.compile("完成|实际")


def columns(
    desk: Desk, heads: Sequence[Head], names: Names, owner: str = "", *, measures: bool = False, money: bool = False
) -> list[Entry]:
    """One entry per head; a name that is taken is keyed by `owner`.

    `money`: the words around say that a column of unknown kind holds amounts.
    """
    kinds = [kind_of(head.text, measures=measures) for head in heads]
    figures = [kind for kind in kinds if kind in FIGURES]
    mostly_money = money or sum(kind == "amount" for kind in figures) * 2 > len(figures)
    ids = [names.take(desk.label(head.text), "栏", owner) for head in heads]
    entries = [
        _column(desk, head, name, kind, mostly_money) for head, name, kind in zip(heads, ids, kinds, strict=True)
    ]
    _prefix_years(entries, names)
    return entries


def _column(desk: Desk, head: Head, name: str, kind: str | None, money: bool) -> Entry:
    label = desk.label(head.text)
    entry = Entry({"id": name})
    if entry.text("id") != label:
        entry.values["label"] = label
    above = [cell.text for cell in head.above if cell.text]
    sure = kind is not None
    if kind is None:
        kind = "amount" if money or any(kind_of(text) == "amount" for text in above) else "text"
    entry.values["kind"] = kind
    if not sure and kind in FIGURES:
        entry.remarks.append("类型（这里按同表其他栏当作金额）")
    if not head.text:
        entry.remarks.append("这一栏没有表头，请取名并写 label")
    if kind == "measure" and _ACTUAL.search(label):
        entry.values["actual"] = True
    if kind == "quantity" and unit_of(label):
        entry.values["unit"] = unit_of(label) or ""
    if head.cell.columns > 1:
        entry.values["span"] = head.cell.columns
    if above:
        entry.values["under"] = [desk.label(text) for text in above]
    if kind == "text" and is_personal(label):
        entry.values["personal"] = True
    return entry


def _prefix_years(entries: list[Entry], names: Names) -> None:
    """本年 tells a column from another only where last year stands beside it; alone it is left out of the name."""
    if any(entry.text("id").startswith("上年") for entry in entries):
        return
    for entry in entries:
        name = entry.text("id")
        short = name.removeprefix("本年")
        if short != name and short and short not in names.taken:
            names.taken.discard(name)
            entry.values["id"] = names.take(short, name)


def mentions_money(*texts: str) -> bool:
    """Whether a heading or a label beside the table says 万元."""
    return any("万元" in squeezed(text) or "资金" in text or "经费" in text for text in texts)
