"""Lines that are no table: the title, （2021年度）, labels with a blank beside them, words that are only printed."""

from __future__ import annotations

import re
from dataclasses import replace

from gouji.ingest.drafting.columns import mentions_money
from gouji.ingest.drafting.desk import Desk, DraftedBlock
from gouji.ingest.drafting.entry import Entry, Value, quoted
from gouji.ingest.drafting.paper import Cell
from gouji.ingest.drafting.words import is_personal, is_place_left, kind_of, role_of
from gouji.templates.labels import squeezed

CAPTION = re.compile(r"[(（\[]?(?:(?:19|20)\d{2}|[_×Xx ]*)年度?[)）\]]?")
_PART = re.compile(r"((?:其中[：:]\s*)?[^：:\s□☑☐]+)[：:]([^：:]*?)(?=$|\s+[^：:\s]+[：:])", re.DOTALL)
_CHOICES = re.compile(r"[□☐☑■○]\s*([^□☐☑■○\s]+)")
_CHOICES_BEFORE = re.compile(r"([^□☐☑■○\s]+)\s*[□☐☑■○]")
_PROMPT = re.compile(r"^[(（]?(?:请|应|需|结合|对照|针对|简要|简述|填写)|\d+字(?:以内|内|左右)")
_HEADING = re.compile(r"\(?[一二三四五六七八九十]+[)、.]|.*情况\(万元\)$|填[报表]说明|说明:?|备注:|注[:\d]")
_CHAPTER = re.compile(r"\(?[一二三四五六七八九十]+[)、.]|.*情况\(万元\)$")
_GRADE = re.compile(r"等次:?$|等级:?$")
_GRADES = ("优", "良", "中", "差")
_ROOM = re.compile(r"[\s_＿—\-]*(?:年[\s_]*月[\s_]*日)?[\s_＿]*")
_LONG = 40
_SHORT = 10
_LONGEST_LINE = 300
"""Signs of labels that stand in one cell with the room for their values; what is longer is prose."""
_KEY_ROLES = {"unit", "instance"}


def caption(desk: Desk, row: int) -> DraftedBlock | None:
    """A line with the year and nothing else."""
    words = [cell for cell in desk.paper.line(row) if cell.text]
    if len(words) != 1 or not CAPTION.fullmatch(squeezed(words[0].text)) or "年度" in desk.names.taken:
        return None
    printed = re.sub(r"(?:(?:19|20)\d{2}|[_×Xx\s]*)年", "{年}年", words[0].text, count=1)
    values: dict[str, Value] = {
        "id": desk.names.take("年度", "年度"),
        "print": printed,
        "role": "year",
        "required": True,
    }
    return DraftedBlock(Entry({"caption": values}), row + 1)


def note(desk: Desk, row: int) -> DraftedBlock | None:
    """One long sentence, a heading or an explanation that stands alone in its row."""
    line = desk.paper.line(row)
    words = [cell for cell in line if cell.text]
    if len(words) != 1 or words[0].row != row:
        return None
    cell = words[0]
    if len(cell.text) <= _SHORT and any(neighbour.columns > 1 for neighbour in line if neighbour is not cell):
        return None  # 说明 with room beside it asks for words
    alone = cell.columns == desk.paper.width
    spoken = len(cell.text) > _LONG or _HEADING.match(squeezed(cell.text))
    if not spoken and (not alone or _inline(cell)):
        return None
    key = "heading" if len(cell.text) <= _LONG and _CHAPTER.match(squeezed(cell.text)) else "note"
    return DraftedBlock(Entry({key: desk.label(cell.text)}), cell.bottom + 1)


def fields(desk: Desk, row: int) -> DraftedBlock | None:
    """Labels with their blanks side by side; None when the row holds no words or cells from above."""
    line = [cell for cell in desk.paper.line(row) if cell.row == row]
    if not any(cell.is_words for cell in line):
        return None
    entries: list[Entry] = []
    place = 0
    while place < len(line):
        cell = line[place]
        blanks = _blanks_behind(line, place)
        if not cell.is_words:
            _widen(entries, cell.columns)
            place += 1
        elif _inline(cell, alone=not blanks):
            entries += _paragraph(desk, cell)
            place += 1
        elif blanks and not _is_printed(cell.text):
            entry = _field(desk, cell, sum(blank.columns for blank in blanks), blanks[0].rows)
            if _PROMPT.search(blanks[0].text):
                entry.remarks.append(f"填写处印有提示{quoted(blanks[0].text, len(blanks[0].text))}，这里没有印")
            entries.append(entry)
            place += 1 + len(blanks)
        else:
            place = _choice_or_words(desk, line, place, entries)
    _widen(entries, desk.paper.width - sum(_columns(entry) for entry in entries))
    return DraftedBlock(_block(entries, line), min(cell.bottom for cell in line) + 1)


def _block(entries: list[Entry], line: list[Cell]) -> Entry:
    block = Entry({"fields": entries})
    if not any("id" in entry.values or _is_printed(entry.text("print")) for entry in entries):
        printed = quoted(" ".join(cell.text for cell in line))
        block.remarks.append(f"{printed}没有认出要填什么，只当作印好的字；要填的请改成 id、label")
    return block


def _blanks_behind(line: list[Cell], place: int) -> list[Cell]:
    blanks: list[Cell] = []
    for cell in line[place + 1 :]:
        prompt = not blanks and _PROMPT.search(cell.text) and len(cell.text) > _SHORT
        if cell.text and not prompt and not (not blanks and is_place_left(cell.text) and cell.figure is None):
            break
        blanks.append(cell)
        if cell.text:
            break
    return blanks


def _widen(entries: list[Entry], columns: int) -> None:
    """A blank that belongs to nothing widens what stands in front of it, so that the row stays as wide as the page."""
    if entries and columns:
        entries[-1].values["span"] = _number(entries[-1], "span") + columns


def _columns(entry: Entry) -> int:
    return _number(entry, "span") + (_number(entry, "label_span") if "id" in entry.values else 0)


def _number(entry: Entry, key: str) -> int:
    value = entry.values.get(key, 1)
    return value if isinstance(value, int) else 1


def _field(desk: Desk, cell: Cell, span: int, rows: int) -> Entry:
    values = desk.named(cell.text, "栏目")
    beside = desk.paper.covers[cell.row, 0]
    money = beside.column < cell.column and beside.rows > 1 and mentions_money(beside.text)
    entry = Entry(values | _kind_and_role(cell.text, money=money) | {"label_span": cell.columns, "span": span})
    if _GRADE.search(squeezed(cell.text)):
        entry.values |= {"kind": "choice", "choices": list(_GRADES)}
        entry.remarks.append("可选的等次（choices）")
    if rows > 1:
        entry.values["height"] = rows
    return entry


def _kind_and_role(label: str, *, money: bool) -> dict[str, Value]:
    """Kind and role that the label shows. `money`: the words beside it speak of funds."""
    role = role_of(label)
    personal = is_personal(label) and role is None
    kind = "text" if role or personal else kind_of(label) or ("amount" if money else "text")
    values: dict[str, Value] = {"kind": kind}
    if role:
        values["role"] = role
    if role in _KEY_ROLES:
        values["required"] = True
    if personal:
        values["personal"] = True
    return values


def _is_printed(text: str) -> bool:
    """单位：万元 asks for nothing."""
    return (
        re.fullmatch(r"(?:金额)?单位[:：]?[(（]?[百千万亿]*元[)）]?|[(（][百千万亿]*元[)）]", squeezed(text))
        is not None
    )


def _inline(cell: Cell, *, alone: bool = False) -> bool:
    """A label and the room for its value in one cell: `填报单位：        填报日期：`. `alone`: no blank follows it."""
    if len(cell.text) > _LONGEST_LINE:
        return False
    parts = _PART.findall(cell.text)
    wide = cell.columns >= 2 * len(parts) and (len(parts) > 1 or cell.columns > 2 or alone)
    asks = any(_ROOM.fullmatch(value) for _, value in parts)
    return wide and asks and all(_ROOM.fullmatch(value) or _is_printed(f"{label}：{value}") for label, value in parts)


def _paragraph(desk: Desk, cell: Cell) -> list[Entry]:
    """The labels of one cell, each given its share of the columns."""
    parts: list[tuple[str, str]] = _PART.findall(cell.text)
    share, remainder = divmod(cell.columns, len(parts))
    entries: list[Entry] = []
    for place, (label, value) in enumerate(parts):
        span = share + (remainder if place == len(parts) - 1 else 0)
        if _is_printed(f"{label}：{value}".strip()):
            entries.append(Entry({"print": f"{label}：{value.strip()}", "span": span}))
        else:
            entries.append(_field(desk, replace(cell, right=cell.column, text=f"{label}："), span - 1, 1))
    entries[0].remarks.append("表上标签和填写处在同一格，这里分成了两格")
    return entries


def _choices(text: str) -> list[str]:
    """The words beside the boxes to tick, whichever side these stand on."""
    behind = text and not re.match(r"[□☐☑■○]", text.strip())
    choices: list[str] = (_CHOICES_BEFORE if behind else _CHOICES).findall(text)
    return choices


def _choice_or_words(desk: Desk, line: list[Cell], place: int, entries: list[Entry]) -> int:
    """Boxes to tick behind a label are a choice; anything else is printed as it is. The place behind it."""
    cell = line[place]
    following = line[place + 1] if place + 1 < len(line) else None
    choices = _choices(following.text) if following is not None else []
    if following is not None and len(choices) > 1:
        entry = _field(desk, cell, following.columns, following.rows)
        entry.values |= {"kind": "choice", "choices": choices}
        entries.append(entry)
        return place + 2
    entries.append(Entry({"print": desk.label(cell.text), "span": cell.columns}))
    return place + 1
