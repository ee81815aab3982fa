"""A 规则簿 that somebody has changed, read back: which edition it is of, and its rows with the cell of every text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook

from gouji.ingest.admit import admit, read_bytes
from gouji.ingest.beside.review import cell_text
from gouji.ingest.files.quiet import opened_quietly
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import cell_name
from gouji.templates.rule_workbook import EDITION, EXPORTED, FORM, HEADS, RECORD_SHEET, RULES_SHEET

_HEADS_WITHIN = 12
_MOST_ROWS = 5_000
"""Below the heads; our longest edition has 31 rules."""
_OURS = "请用 gouji rules export 写出的文件。"


class RuleWorkbookError(Exception):
    """A 规则簿 cannot be read, or lines of it cannot be used; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """`texts`: what stands under each of HEADS, "" where nothing does; `cells`: head → its cell (`B7`)."""

    texts: dict[str, str]
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RuleWorkbook:
    """`exported`: the fingerprint of the checks that were handed out."""

    form: str
    edition: str
    exported: str
    rows: tuple[RuleRow, ...]


def read_rule_workbook(path: Path) -> RuleWorkbook:
    """The rows that are not empty, in order. Raises FileNotFoundError, RuleWorkbookError."""
    path.stat()
    try:
        data = read_bytes(path, Limits())
        admit(data, path.name)
        with opened_quietly(data) as opened:
            return _read(opened, path)
    except Refused as refused:
        raise RuleWorkbookError(f"“{path}”无法读取：{refused.reason}") from refused
    except (KeyboardInterrupt, SystemExit, MemoryError, RuleWorkbookError):
        raise
    except BaseException as error:  # calamine's PanicException is no Exception
        raise RuleWorkbookError(f"“{path}”无法读取，文件可能已损坏，请打开检查、另存后再试。") from error


def _read(opened: CalamineWorkbook, path: Path) -> RuleWorkbook:
    names = opened.sheet_names
    for needed in (RECORD_SHEET, RULES_SHEET):
        if needed not in names:
            hidden = "（隐藏的）" if needed == RECORD_SHEET else ""
            raise RuleWorkbookError(
                f"“{path}”里没有{hidden}工作表“{needed}”，不是规则簿，或者工作表改了名、删掉了。{_OURS}"
            )
    record = _record(opened.get_sheet_by_name(RECORD_SHEET))
    if not all(record.get(name) for name in (FORM, EDITION, EXPORTED)):
        raise RuleWorkbookError(f"“{path}”里隐藏的工作表“{RECORD_SHEET}”不完整，看不出是哪张表的规则。{_OURS}")
    rows = tuple(_rows(opened.get_sheet_by_name(RULES_SHEET), path))
    return RuleWorkbook(record[FORM], record[EDITION], record[EXPORTED], rows)


def _record(sheet: CalamineSheet) -> dict[str, str]:
    rows = ([cell_text(cell) for cell in row] for row in islice(sheet.iter_rows(), 20))
    return {row[0]: row[1] for row in rows if len(row) > 1}


def _rows(sheet: CalamineSheet, path: Path) -> Iterator[RuleRow]:
    lines = enumerate(sheet.iter_rows())
    first = 0 if sheet.start is None else sheet.start[1]
    places: dict[str, int] = {}
    for _, line in islice(lines, _HEADS_WITHIN):
        heads = [cell_text(head) for head in line]
        places = {head: heads.index(head) for head in HEADS if heads.count(head) == 1}
        if len(places) == len(HEADS):
            break
    else:
        lacking = "、".join(f"“{head}”" for head in HEADS if head not in places)
        raise RuleWorkbookError(f"“{path}”的工作表“{RULES_SHEET}”里找不到表头，各栏 {lacking} 应各有一个。{_OURS}")
    for row, line in lines:
        texts = {head: cell_text(line[place]) for head, place in places.items()}
        if any(texts.values()):
            if row > _MOST_ROWS:
                raise RuleWorkbookError(
                    f"“{path}”的工作表“{RULES_SHEET}”超过 {_MOST_ROWS} 行，没有读取，请删去多余的行。"
                )
            yield RuleRow(texts, {head: cell_name(row, first + place) for head, place in places.items()})
