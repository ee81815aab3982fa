"""What stands over a published table: which one it is, whose, of which year and in which unit of money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from gouji.ingest.grid import Sheet, Workbook
from gouji.templates.labels import squeezed

_HEAD_ROWS = 10
"""Rows of a workbook in which a title is looked for."""
_OWN_ROWS = 6
"""Rows of a document's table in which one is looked for, beside the lines above it."""
_LISTED = 2
_COVER = 60
"""Paragraphs in front that may be a cover."""
_LONGEST = 60
"""Characters of a title; longer ones are sentences."""
_YUAN = "亿元|万元|千元|百元|元"
_MONEY = re.compile(rf"单位:(?:人民币)?({_YUAN})|\((?:人民币)?({_YUAN})\)")
_OF_UNIT = re.compile(
    r"(?:公开|填报|编制|填表|预算|决算)?(?:部门|单位)(?:名称)?\s*[:：]\s*([^\s:：]{3,40}?)(?=\s|金额|单位[:：]|公开\d|20\d\d|$)"
)
_UNIT_LABEL = re.compile(r"(?:公开|填报|编制|填表|预算|决算)?(?:部门|单位)(?:名称)?[:：]?")
_NO_UNIT = re.compile(rf"(?:人民币)?(?:{_YUAN}).*|人民币|部门|单位|本部门|本单位|本级")
_SEALED = re.compile(r"\s*[(（](?:加?盖?公?章|签章|章)[)）]$")
_YEAR_OF = re.compile(r"(?<!\d)(20\d\d)年度")
_YEAR_OF_ACCOUNTS = re.compile(r"(?<!\d)(20\d\d)年?度?(?![0-9年]*月)[^年]{0,30}决算")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_COLUMN_HEAD = re.compile(r"(?:数|金额|比例|%)(?:\([^)]*\))?$")
_ACCOUNTS_OF = re.compile(
    r"^(?:附件\d*[:：]?)?(.{3,30}?)(20\d\d)年度?(?:部门|单位)?决算(?:公开|报告|说明|公开说明|情况说明|报表|公开报告|公开表)?$"
)
_GOES_ON = re.compile(r"[(（]?(?:续上?表|接上[页表]|续)\d*[)）]?:?")
_QUOTES = re.compile("[“”\"'‘’＂「」《》]")
_LEAD = re.compile(
    r"^(?:附件|附表|表|公开|财决|GK|Z|F)?(?:\d{1,2}(?!\d)(?:-\d+)?)?表?[:：、.．_-]?(?:[(（]?[一二三四五六七八九十]+[)）、.．]|\d+[.．、])?"
)
_TAIL = re.compile(
    r"(?:[(（](?:续表?|公开[^()（）]*表?|财决[^()（）]*表?|(?:单位:)?(?:人民币)?[万千百亿]?元|20\d\d年?度?|部门|单位)[)）]|(?:公开|财决)\d[\d-]*表)$"
)


class Table(StrEnum):
    """A published table, by what may be taken from it."""

    SUMMARY = "收入支出决算总表"
    INCOME = "收入决算表"
    SPENDING = "支出决算表"
    APPROPRIATIONS_SUMMARY = "财政拨款收入支出决算总表"
    APPROPRIATIONS = "一般公共预算财政拨款支出决算表"
    BASIC = "一般公共预算财政拨款基本支出决算表"
    THREE = "“三公”经费支出决算表"
    RUNNING = "机构运行信息表"
    OTHER = "其他表"


_NAMES = (
    (Table.RUNNING, r"机构运行信息表|部门决算相关信息统计表|机关运行经费(?:支出)?情况表"),
    (Table.THREE, r"三公(?:经费|经费支出|经费及[^表]{1,20})?.{0,12}(?:表)"),
    (Table.OTHER, r"(?:政府性基金|国有资本|社会保险).*表"),
    (Table.BASIC, r"(?:一般公共预算|财政拨款)基本支出决算(?:明细)?表"),
    (Table.APPROPRIATIONS_SUMMARY, r"(?:财政拨款|一般公共预算)(?:收入支出|收支)决算总表"),
    (Table.OTHER, r"(?:(?:项目|基本|经营)?支出|收入)决算明细表|(?:项目|基本|经营)支出决算表|收入支出决算表"),
    (Table.APPROPRIATIONS, r"(?:一般公共预算|财政拨款)支出决算表"),
    (Table.SUMMARY, r"(?:收入支出|收支)决算总(?:体情况)?表|决算(?:收入支出|收支)总(?:体情况)?表"),
    (Table.INCOME, r"收入决算总?表"),
    (Table.SPENDING, r"支出决算总?表"),
)  # fmt: skip
"""The ends of titles, the more particular ones first."""
_KNOWN = tuple((table, re.compile(rf"(.*?)(?:{name})$")) for table, name in _NAMES)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a table. `unit`, `year`, `moneys`: as far as its own lines say; two units of money are none."""

    table: Table
    unit: str
    year: int | None
    moneys: frozenset[str]
    last_row: int
    """The last row that belongs to the lines above the heads of the columns."""


def heading_of(sheet: Sheet) -> Heading | None:
    """What stands over a sheet; None where it is none of the published tables."""
    in_document = sheet.naming is not None
    above = sheet.naming.above if sheet.naming is not None else 0
    lines = [
        (row, text)
        for row in range(min(sheet.height, above + _OWN_ROWS if in_document else _HEAD_ROWS))
        for _, text in _texts(sheet, row)
    ]
    titles = [(row, text) for row, text in lines if titled(text) is not None]
    if not in_document and len({titled(text) for _, text in titles}) > _LISTED:
        return None  # a list of contents
    at, name = titles[-1 if in_document else 0] if titles else (0, sheet.name)
    table = titled(name)
    if table is None:
        return None
    # In a document other tables' titles, or sentences, may stand before the title.
    own = [(row, text) for row, text in lines if row >= at] if in_document else lines
    moneys = _moneys(own) or _moneys(lines)
    unit = next((unit for row in sorted({row for row, _ in own}) for unit in _units(sheet, row)), "") or _of_title(name)
    last = max((row for row, text in lines if _is_line(text)), default=-1)
    return Heading(table, unit, _year(own, name), moneys, max(last, above - 1))


def continued(sheet: Sheet, before: Heading) -> Heading | None:
    """What stands over the rest of a table, which says 续表 or follows it directly; None for anything else."""
    above = sheet.naming.above if sheet.naming is not None else 0
    rows = range(min(sheet.height, above + 1 if sheet.naming is not None else _OWN_ROWS))
    marked = [row for row in rows for _, text in _texts(sheet, row) if _GOES_ON.fullmatch(squeezed(text))]
    if not marked and not (sheet.adjoins and above == 0):
        return None
    return replace(before, last_row=max([*marked, above - 1]))


def _moneys(lines: Iterable[tuple[int, str]]) -> frozenset[str]:
    rows: dict[int, str] = {}
    for row, text in lines:  # 金额单位： and 万元 may stand in cells of their own
        rows[row] = rows.get(row, "") + squeezed(text)
    return frozenset(found[1] or found[2] for text in rows.values() for found in _MONEY.finditer(text))


def _year(lines: Iterable[tuple[int, str]], title: str) -> int | None:
    """The year that the lines over a table tell, else its title; None where they tell none, or two."""
    texts = [bare for _, text in lines if not _COLUMN_HEAD.search(bare := squeezed(text))]
    years = {int(found[1]) for text in texts for found in _YEAR_OF.finditer(text)}
    if not years and (found := _YEAR_OF_ACCOUNTS.search(squeezed(title))):
        return int(found[1])
    return next(iter(years)) if len(years) == 1 else None


def titled(text: str) -> Table | None:
    """The published table of which a text is the title, with whatever unit and year in front; None for any other."""
    bare = _bare(text)
    if len(bare) > _LONGEST or re.search("[，。；：:,;]", bare):
        return None
    for table, pattern in _KNOWN:
        if found := pattern.match(bare):
            return table if _is_of_accounts(table, bare, found[1]) else None
    return None


def _is_of_accounts(table: Table, bare: str, before: str) -> bool:
    if table is Table.RUNNING:
        return True
    if "决算" not in bare:
        return False
    return table not in (Table.SUMMARY, Table.INCOME, Table.SPENDING) or not re.search(
        "拨款|预算|基金|资本|经费|项目|基本|经营", before
    )


def _bare(text: str) -> str:
    """A title without quotation marks, numbering in front and what stands behind it in brackets."""
    bare = _QUOTES.sub("", squeezed(text))
    bare = _LEAD.sub("", bare, count=1)
    for _ in range(2):
        bare = _TAIL.sub("", bare)
    return bare


def _of_title(title: str) -> str:
    """The unit in a title: 2023年度青禾县档案馆收入支出决算总表."""
    bare = _bare(title)
    before = next((found[1] for _, pattern in _KNOWN if (found := pattern.match(bare))), "")
    before = re.sub(r"20\d\d年?度?|(?:部门|单位)(?:决算)?|决算|财政拨款|一般公共预算", "", before)
    return before if len(before) > 2 and not _NO_UNIT.fullmatch(before) else ""


def _is_line(text: str) -> bool:
    """Whether a cell belongs to the lines above a table, and is no head of a column."""
    bare = squeezed(text)
    return titled(text) is not None or bool(
        re.search("单位:|部门:|名称:|^20\\d\\d年度?$", bare) or re.fullmatch(r"[(（]?(?:公开|财决)[\d-]+表[)）]?", bare)
    )


def _units(sheet: Sheet, row: int) -> Iterator[str]:
    """The units that a line names: behind 部门： in its cell, or in the next one."""
    texts = list(_texts(sheet, row))
    for n, (_, text) in enumerate(texts):
        if (found := _OF_UNIT.search(text)) and not _NO_UNIT.fullmatch(found[1]):
            yield _SEALED.sub("", found[1])
        elif _UNIT_LABEL.fullmatch(squeezed(text)) and squeezed(text).endswith(":") and n + 1 < len(texts):
            behind = texts[n + 1][1].strip()
            if len(behind) > 2 and not _NO_UNIT.fullmatch(squeezed(behind)) and ":" not in squeezed(behind):
                yield _SEALED.sub("", behind)


def _texts(sheet: Sheet, row: int) -> Iterator[tuple[int, str]]:
    for column in range(sheet.width):
        value = sheet.raw(row, column)
        if isinstance(value, str) and value.strip():
            yield column, value


def year_of_book(book: Workbook, stem: str) -> int | None:
    """The year that the document as a whole is of: by its text and its name; None where these say nothing, or two."""
    texts = [text for text in map(squeezed, _front(book)) if len(text) <= _LONGEST and not _COLUMN_HEAD.search(text)]
    said = {int(found[1]) for text in texts if (found := _YEAR_OF_ACCOUNTS.search(text))}
    called = {int(found[1]) for found in _YEAR_OF_ACCOUNTS.finditer(squeezed(stem))}
    if not called and "决算" in stem:
        called = {int(found[1]) for found in _YEAR_IN_NAME.finditer(stem)}
    years = (said & called or said) if said else called
    return next(iter(years)) if len(years) == 1 else None


def unit_of_book(book: Workbook, stem: str) -> str:
    """The unit that a cover or the file's name tells; empty where there is none."""
    titles = (squeezed(text) for text in (*_front(book), stem))
    return next(
        (found[1] for text in titles if (found := _ACCOUNTS_OF.match(text)) and not _NO_UNIT.fullmatch(found[1])), ""
    )


def _front(book: Workbook) -> Iterable[str]:
    yield from book.paragraphs[:_COVER]
    if not book.paragraphs:
        for sheet in book.sheets:
            for row in range(min(sheet.height, _OWN_ROWS)):
                yield from (text for _, text in _texts(sheet, row))
