"""A printed criterion as a scoring rule, where its words and points leave no doubt."""

from __future__ import annotations

import re
from decimal import Decimal

from gouji.ingest.drafting.entry import Entry, Value

_CIRCLED = re.compile(r"[①-⑳]([^①-⑳]+)")
_POINTS = re.compile(r"[,，;；(（]?(?:得|计)?(\d+(?:\.\d+)?)分[)）]?")
_EACH = re.compile(r"每([^。；;]{0,16}?)扣(\d+(?:\.\d+)?)分")
_OPTION = re.compile(r"([^,，;；。\d%]{2,20}?)[,，:]?(?:得|计)(\d+(?:\.\d+)?)分")
_FULL_WIDTH = {ord(full): plain for full, plain in zip("０１２３４５６７８９", "0123456789", strict=True)}
_ENDS = "，,；;。、（(计得 "


def rule_of(words: str, points: Decimal) -> Entry | None:
    """Checklist, deduction per event or options in words; None for everything with a rate, which needs an author."""
    text = _marked(words)
    return _checklist(text, points) or _deduction(text) or _options(text, points)


def _marked(words: str) -> str:
    """Without white space, every point marked ①, whichever way it is numbered."""
    text = re.sub(r"\s+", "", words).translate(_FULL_WIDTH)
    return re.sub(r"[(（]\d{1,2}[)）]|(?<![\d.%])\d{1,2}[、．]", "①", text)


def _checklist(text: str, points: Decimal) -> Entry | None:
    """①…，2分；②…，2分 that add up to the points."""
    items: list[Entry] = []
    total = Decimal(0)
    for part in _CIRCLED.findall(text):
        match = _POINTS.search(part)
        if match is None:
            return None
        items.append(Entry({"text": part[: match.start()].strip(_ENDS), "points": Decimal(match[1])}))
        total += Decimal(match[1])
    fits = len(items) > 1 and total == points and all(item.text("text") for item in items)
    return Entry({"kind": "checklist", "items": items}) if fits else None


def _deduction(text: str) -> Entry | None:
    """①…；②…，每…扣1分."""
    match = _EACH.search(text)
    if match is None:
        return None
    events: list[Value] = [part.split("。")[0].strip(_ENDS) for part in _CIRCLED.findall(text[: match.start()])]
    fits = len(events) > 1 and all(events) and not any(_POINTS.search(str(event)) for event in events)
    if not fits:
        return None
    rule = Entry({"kind": "deduct", "each": Decimal(match[2]), "events": events})
    if re.search("[缺少无]", match[1]):
        rule.values["missed"] = True
    return rule


def _options(text: str, points: Decimal) -> Entry | None:
    """效果较好，计6分；效果一般，计3分: words without figures, the best of them full marks."""
    clauses = [clause for clause in re.split("[;；。]", text) if clause]
    matches = [_OPTION.fullmatch(clause) for clause in clauses]
    options: dict[str, Value] = {match[1]: Decimal(match[2]) for match in matches if match is not None}
    best = max((Decimal(match[2]) for match in matches if match is not None), default=None)
    return (
        Entry({"kind": "qualitative", "options": options})
        if len(options) == len(clauses) > 1 and best == points
        else None
    )
