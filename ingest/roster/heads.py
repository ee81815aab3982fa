"""The heads of a roster: which column is which, and in which line of which table they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from gouji.ingest.roster.errors import Fault, RosterError, refused
from gouji.ingest.roster.tables import Table
from gouji.templates.labels import squeezed, unnumbered

COLUMNS = {
    "单位编码": "unit_code",
    "单位名称": "unit",
    "主管部门": "department",
    "归口股室": "office",
    "乡镇/部门": "sort",
    "曾用名称或编码": "former",
    "变动": "change",
    "应报表": "required_forms",
    "项目编码": "project_code",
    "项目名称": "project_name",
    "联系人": "contact",
    "截止日期": "deadline",
}
"""Head of the roster's column → name in the frame; only the first two are required."""
_ALSO = {
    "单位代码": "单位编码",
    "预算单位编码": "单位编码",
    "预算单位代码": "单位编码",
    "预算单位名称": "单位名称",
    "单位全称": "单位名称",
    "项目代码": "项目编码",
    "项目支出名称": "项目名称",
    "主管单位": "主管部门",
    "预算主管部门": "主管部门",
    "归口科室": "归口股室",
    "曾用名称": "曾用名称或编码",
    "曾用名": "曾用名称或编码",
    "报送截止日期": "截止日期",
}
"""Heads that count where the head itself is not there."""
_REQUIRED = ("单位编码", "单位名称")
_REMARK = re.compile(r"[(\[【〔<][^()\[\]【】〔〕<>]*[)\]】〕>]")
_AROUND = "*★☆※●#:：、."
_ALIKE = 66
"""Likeness (0 … 100) of a head that is probably another one's misspelling."""
_DEEPEST = 100
"""Lines from the top within which heads are looked for."""


class Headed(NamedTuple):
    """A table, the place of its last head line in `lines`, and column of the frame → column of the table."""

    table: Table
    head: int
    columns: dict[str, int]


def headed(tables: Sequence[Table], name: str) -> Headed:
    """The one table with the heads of a roster; what is hidden or has no line below counts only where nothing else
    does. Raises RosterError where there is none or more than one."""
    candidates = [candidate for candidate in map(_headed, tables) if candidate is not None]
    for better in (lambda candidate: not candidate.table.hidden, _has_lines):
        candidates = list(filter(better, candidates)) or candidates
    if not candidates:
        raise RosterError(f"名册 {name} 里没有“{_lacking(tables)}”这一列，请核对表头")
    if len(candidates) > 1:
        sheets = "、".join(f"“{candidate.table.name}”" for candidate in candidates)
        raise RosterError(f"名册 {name} 里有 {len(candidates)} 张表都像名册：{sheets}，请并成一张，或只留一张")
    _refuse_doubled(candidates[0], name)
    return candidates[0]


def unknown_heads(headed: Headed) -> Iterator[Fault]:
    """Heads that no column has, though they are much like one: 应报送表 for 应报表. What stands below is not used."""
    line = headed.table.lines[headed.head]
    lacking = [name for name, column in COLUMNS.items() if column not in headed.columns]
    for cell in line.cells:
        name = head_name(str(cell or ""))
        near = process.extractOne(name, lacking, scorer=fuzz.ratio, score_cutoff=_ALIKE) if name else None
        if near and name not in COLUMNS and name not in _ALSO:
            fault = f"的表头“{name}”不在名册的表头之列，这一列没有使用"
            yield Fault(line.number, f"{fault}；如果指的是“{near[0]}”，请改成这个写法")


def head_name(text: str) -> str:
    """A head without its marks: `*单位编码（必填）` → 单位编码."""
    return unnumbered(_REMARK.sub("", squeezed(text)).strip(_AROUND)).removesuffix("必填").strip(_AROUND)


def is_head(cells: Sequence[object], columns: dict[str, int]) -> bool:
    """Whether a line repeats the heads, as at the top of another page."""
    heads = {head_name(str(cells[columns[column]])) for column in ("unit_code", "unit") if columns[column] < len(cells)}
    return len(heads) == 2 and heads <= {*_REQUIRED, *_ALSO}


def _headed(table: Table) -> Headed | None:
    """Heads of two lines, the upper one merged over the lower, are known by the last of them."""
    head: Headed | None = None
    for at, line in enumerate(table.lines[:_DEEPEST]):
        columns = _columns(line.cells)
        if all(COLUMNS[required] in columns for required in _REQUIRED):
            head = Headed(table, at, columns)
        elif head is not None:
            break
    return head


def _columns(cells: Sequence[object]) -> dict[str, int]:
    names = [head_name(str(cell)) for cell in cells]
    columns = {COLUMNS[name]: at for at, name in reversed(list(enumerate(names))) if name in COLUMNS}
    also = {COLUMNS[_ALSO[name]]: at for at, name in reversed(list(enumerate(names))) if name in _ALSO}
    return also | columns


def _refuse_doubled(headed: Headed, name: str) -> None:
    line = headed.table.lines[headed.head]
    names = [head for cell in line.cells if (head := head_name(str(cell))) in COLUMNS]
    doubled = [Fault(line.number, f"有两列“{head}”，请只留一列") for head in names if names.count(head) > 1]
    if doubled:
        raise refused(name, headed.table.name, doubled)


def _has_lines(headed: Headed) -> bool:
    at = headed.columns["unit"]
    below = headed.table.lines[headed.head + 1 :]
    return any(at < len(line.cells) and str(line.cells[at]).strip() for line in below)


def _lacking(tables: Sequence[Table]) -> str:
    """The head that the line with most heads of a roster lacks."""
    lines = [_columns(line.cells) for table in tables for line in table.lines[:_DEEPEST]]
    nearest = max(lines, key=len, default={})
    return next((name for name in reversed(_REQUIRED) if COLUMNS[name] not in nearest), _REQUIRED[1])
