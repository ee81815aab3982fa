"""What an auditor wrote beside the findings of a 汇总.xlsx, in whatever order its rows stand by now."""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineWorkbook

from templates.review import (
    ADOPTED_HEAD,
    ADOPTED_TOLD_HEADS,
    ID_HEAD,
    SEAL_HEAD,
    TABLE_HEAD,
    TOLD_HEADS,
    WRITTEN_HEADS,
)
from templates.text import sheet_text

_HEADS_WITHIN = 12
"""Rows in which the heads are looked for."""
_MOST = 2000
"""Characters of a cell that are kept."""


class ReviewError(Exception):
    """A workbook of decisions cannot be read; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A row of 问题清单: its finding's id and seal, what people write (WRITTEN_HEADS), what is ours (TOLD_HEADS).

    A row of 收表明细 is told alike: the id of its table, 采用, and ADOPTED_TOLD_HEADS.
    """

    finding_id: str
    seal: str
    written: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewBook:
    """A workbook of decisions: its name, the hash of its bytes, its rows."""

    name: str
    sha256: str
    rows: list[ReviewRow] = field(default_factory=list)


def read_review(path: Path) -> ReviewBook:
    """Every row with an id on every sheet with the heads of 问题清单 or 收表明细.

    Raises FileNotFoundError, ReviewError when it is no workbook or none of its sheets has these heads.
    """
    data = path.read_bytes()
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as opened:
            sheets = [opened.get_sheet_by_name(name) for name in opened.sheet_names if not name.startswith("_")]
            lines = [sheet.to_python(skip_empty_area=False) for sheet in sheets]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's PanicException is no Exception
        message = f"无法从“{path}”读取审核意见，文件可能已损坏。为避免丢失，没有继续；请修复或移走后再运行。"
        raise ReviewError(message) from error
    found = [_rows(sheet, _OF_FINDINGS) for sheet in lines]
    if all(rows is None for rows in found):
        raise ReviewError(f"“{path}”里没有带“{ID_HEAD}”和“{WRITTEN_HEADS[1]}”两列的问题清单，请核对是不是汇总.xlsx。")
    found += [_rows(sheet, _OF_TABLES) for sheet in lines]
    told = [row for rows in found if rows is not None for row in rows]
    return ReviewBook(path.name, hashlib.sha256(data).hexdigest(), told)


@dataclass(frozen=True, slots=True)
class _Heads:
    """The heads of a sheet that people write on."""

    of: str
    written: tuple[str, ...]
    told: tuple[str, ...]


_OF_FINDINGS = _Heads(ID_HEAD, WRITTEN_HEADS, TOLD_HEADS)
_OF_TABLES = _Heads(TABLE_HEAD, (ADOPTED_HEAD,), ADOPTED_TOLD_HEADS)


def _rows(lines: Sequence[Sequence[object]], heads: _Heads) -> list[ReviewRow] | None:
    """The rows below the heads; None for a sheet without them."""
    for number, line in enumerate(lines[:_HEADS_WITHIN]):
        places = {cell_text(head): place for place, head in enumerate(line)}
        if {heads.of, SEAL_HEAD, *heads.written} <= places.keys():
            return list(_below(lines[number + 1 :], places, heads))
    return None


def _below(lines: Sequence[Sequence[object]], places: dict[str, int], heads: _Heads) -> Iterator[ReviewRow]:
    for line in lines:
        finding_id = cell_text(line[places[heads.of]])
        if finding_id:
            written = tuple(cell_text(line[places[head]])[:_MOST] for head in heads.written)
            told = tuple(cell_text(line[places[head]]) if head in places else "" for head in heads.told)
            yield ReviewRow(finding_id, cell_text(line[places[SEAL_HEAD]]), written, told)


def cell_text(value: object) -> str:
    """A cell as text, dates as ISO 8601, whole numbers without decimals."""
    match value:
        case None:
            return ""
        case datetime.datetime() | datetime.date():
            return value.isoformat()[:10]
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return sheet_text(str(value)).strip()
