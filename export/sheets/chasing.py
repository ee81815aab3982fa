"""催报名单: who still owes what, office by office, each on pages of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gouji.export.attendance import Unit, attendance, overdue, today
from gouji.export.book import Book
from gouji.export.results import Results
from gouji.export.states import owed_words
from gouji.export.table import Column, write_list

COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("归口股室", widest=16, least=10),
    Column("单位编码", widest=14, least=10),
    Column("单位", widest=30, least=20),
    Column("主管部门", widest=22, least=12),
    Column("没有收到的表", widest=46, least=24),
    Column("截止日期", widest=12, least=11, align="center"),
    Column("逾期天数", "count", least=8, align="center"),
    Column("催报情况", least=16),
]
_NO_OFFICE = "（未填归口股室）"


def write_chasing(book: Book, results: Results) -> None:
    """催报名单; no sheet where nothing is owed."""
    listed = [(place, unit) for place, unit in enumerate(attendance(results)) if not unit.complete]
    if not listed:
        return
    owing = sorted(listed, key=lambda entry: entry[1].office or "\uffff")
    now = today(results)
    rows = [_row(results, number, *entry, overdue(entry[1], now)) for number, entry in enumerate(owing, 1)]
    counted = f"逾期天数算到{now.isoformat()}。" if now is not None else ""
    note = f"按归口股室排列，打印时每个股室另起一页。共{len(owing)}个单位没有报齐。{counted}"
    sheets = write_list(book, "催报名单", note, COLUMNS, rows, empty="", frozen=4)
    sheets[0].set_h_pagebreaks(_breaks([unit for _, unit in owing])[:_MOST_BREAKS])


_MOST_BREAKS = 1000
"""Excel allows a few more."""


def _breaks(owing: Sequence[Unit]) -> list[int]:
    """The rows before which another office begins; three rows stand above the first."""
    offices = [unit.office for unit in owing]
    return [place + 3 for place in range(1, len(offices)) if offices[place] != offices[place - 1]]


def _row(results: Results, number: int, place: int, unit: Unit, late: int | None) -> tuple[Any, ...]:
    owed = "，".join(owed_words(results, place))
    if unit.unopened:
        owed += f"（收到“{'”“'.join(unit.unopened)}”，还没有打开，请先解压或查看）"
    return (
        number, unit.office or _NO_OFFICE, unit.code, unit.name, unit.department, owed, unit.deadline, late or None,
        None,
    )  # fmt: skip
