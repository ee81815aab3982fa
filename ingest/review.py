"""What an auditor wrote beside the findings of a 汇总.xlsx, in whatever order its rows stand by now."""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from python_calamine import CalamineWorkbook

from templates.review import (
    ADOPTED_HEAD,
    ADOPTED_TOLD_HEADS,
    ANSWER_HEAD,
    FILES_SHEET,
    FINDINGS_SHEET,
    ID_HEAD,
    SEAL_HEAD,
    TABLE_HEAD,
    TOLD_HEADS,
    WORDING_HEAD,
    WORDING_TOLD_HEADS,
    WORDINGS_SHEET,
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
    """A workbook of decisions: its name, the hash of its bytes, its rows, those of 表样对照 apart."""

    name: str
    sha256: str
    rows: list[ReviewRow] = field(default_factory=list)
    wordings: list[ReviewRow] = field(default_factory=list)


def read_review(path: Path, wanted: Callable[[ReviewRow], bool] = lambda _: True) -> ReviewBook:
    """The rows that are `wanted`, on every sheet with the heads of 问题清单 or 收表明细, and all of 表样对照.

    Raises FileNotFoundError, ReviewError when it is no workbook or none of its sheets has the heads of 问题清单.
    """
    data = path.read_bytes()
    found = dict.fromkeys(_SHEETS, False)
    rows: list[ReviewRow] = []
    wordings: list[ReviewRow] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as opened:
            for name in _named(opened.sheet_names):
                lines = opened.get_sheet_by_name(name).iter_rows()
                heads, places = _heads(islice(lines, _HEADS_WITHIN))
                if heads is not None:
                    found[heads] = True
                if heads is _OF_WORDINGS:
                    wordings += _below(lines, places, heads)
                elif heads is not None:
                    rows += filter(wanted, _below(lines, places, heads))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's PanicException is no Exception
        message = f"无法从“{path}”读取审核意见，文件可能已损坏。为避免丢失，没有继续；请修复或移走后再运行。"
        raise ReviewError(message) from error
    if not found[_OF_FINDINGS]:
        raise ReviewError(f"“{path}”里没有带“{ID_HEAD}”和“{WRITTEN_HEADS[1]}”两列的问题清单，请核对是不是汇总.xlsx。")
    return ReviewBook(path.name, hashlib.sha256(data).hexdigest(), rows, wordings)


def _named(names: Sequence[str]) -> list[str]:
    """The sheets to look at: all, where somebody gave them other names. The others of a large batch are long."""
    return [name for name in names if name.startswith((FINDINGS_SHEET, FILES_SHEET, WORDINGS_SHEET))] or list(names)


@dataclass(frozen=True, slots=True)
class _Heads:
    """The heads of a sheet that people write on."""

    of: str
    written: tuple[str, ...]
    told: tuple[str, ...]


_OF_FINDINGS = _Heads(ID_HEAD, WRITTEN_HEADS, TOLD_HEADS)
_OF_TABLES = _Heads(TABLE_HEAD, (ADOPTED_HEAD,), ADOPTED_TOLD_HEADS)
_OF_WORDINGS = _Heads(WORDING_HEAD, (ANSWER_HEAD,), WORDING_TOLD_HEADS)
_SHEETS = (_OF_FINDINGS, _OF_TABLES, _OF_WORDINGS)


def _heads(lines: Iterator[Sequence[object]]) -> tuple[_Heads | None, dict[str, int]]:
    """Which sheet it is, by the row with its heads (the rows up to it are taken), and where each head stands."""
    for line in lines:
        places = {cell_text(head): place for place, head in enumerate(line)}
        for heads in _SHEETS:
            if {heads.of, SEAL_HEAD, *heads.written} <= places.keys():
                return heads, places
    return None, {}


def _below(lines: Iterator[Sequence[object]], places: dict[str, int], heads: _Heads) -> Iterator[ReviewRow]:
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
