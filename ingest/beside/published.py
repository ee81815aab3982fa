"""Figures of a unit's published 部门决算, each with where it stands: for 部门决算参照表, once they are confirmed.

The tables are those of the national layout (公开01表 …): 收入支出决算总表, 支出决算表,
一般公共预算财政拨款基本支出决算表, “三公”经费支出决算表. What a label means stands here; nothing is guessed: of two
figures for one label none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import PurePath

from gouji.ingest.grid import Kind, Sheet, Workbook, tells_unread
from gouji.templates.addresses import sheet_in_words
from gouji.templates.exact import significant
from gouji.templates.labels import squeezed

_HEAD_ROWS = 10
_MONEY = re.compile(r"单位[:：]\s*(?:人民币)?(万元|千元|元)")
_PER_UNIT = {"万元": Decimal(1), "千元": Decimal(10), "元": Decimal(10_000)}
_OF_UNIT = re.compile(
    r"(?:公开|填报|编制|填表|预算)?(?:部门|单位)(?:名称)?[:：]\s*([^\s:：]{3,40}?)(?=\s|金额|单位[:：]|$)"
)
_YEAR = re.compile(r"(20\d\d)年?度?")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d+[.．、])")
_ORDER, _COLUMNS = "行次", "栏次"
_TOTAL = "合计"
_SUMMARY = {
    "本年收入合计": "收入合计", "一般公共预算财政拨款收入": "一般公共预算财政拨款",
    "政府性基金预算财政拨款收入": "政府性基金", "本年支出合计": "支出合计", "年初结转和结余": "年初结转结余",
    "上年结转和结余": "年初结转结余", "年末结转和结余": "年末结转结余",
}  # fmt: skip
_DETAIL = {"人员经费合计": "人员经费", "公用经费合计": "公用经费", "会议费": "会议费", "培训费": "培训费"}
_SPENT = {"基本支出": "基本支出", "项目支出": "项目支出"}
_APPROPRIATIONS = "取自一般公共预算财政拨款支出决算表，不含其他资金；有支出决算表的，以支出决算表为准"
_THREE = {"预算数": "三公经费预算数", "决算数": "三公经费决算数"}


@dataclass(frozen=True, slots=True)
class Published:
    """A figure. `column`: of 部门决算参照表; `figure`: 万元; `shown`: as published, in `money`; `place`: its cell;
    `note`: what is to be thought of before it is confirmed."""

    unit: str
    year: int | None
    column: str
    figure: Decimal
    shown: str
    money: str
    file: str
    table: str
    place: str
    note: str = ""


@dataclass(slots=True)
class Taken:
    """The figures taken from a file, and in Chinese what was omitted and why."""

    figures: list[Published] = field(default_factory=list)
    omitted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    column: int
    text: str


def published_figures(book: Workbook, file: str) -> Taken:
    """The figures of a published 部门决算."""
    taken = Taken(omitted=[f"{file}：{note}" for note in book.notes if tells_unread(note)])
    heads = [_head(sheet) for sheet in book.sheets]
    unit = next((match[1] for head in heads if (match := _OF_UNIT.search(head))), "")
    year = next((int(match[1]) for head in (PurePath(file).stem, *heads) if (match := _YEAR.search(head))), None)
    recognised = False
    of_appropriations = Taken()
    for sheet, head in zip(book.sheets, heads, strict=True):
        table = _Table(sheet, head, file, unit or PurePath(file).stem, year)
        recognised |= table.take(of_appropriations if table.of_appropriations else taken)
    columns = {figure.column for figure in taken.figures}
    taken.figures += [
        replace(figure, note=_APPROPRIATIONS) for figure in of_appropriations.figures if figure.column not in columns
    ]
    taken.omitted += of_appropriations.omitted if not columns & set(_SPENT.values()) else []
    if not recognised:
        taken.omitted.append(
            f"{file}：没有找到部门决算公开的表（收入支出决算总表、支出决算表、基本支出决算表、“三公”经费支出决算表）"
        )
    elif not unit:
        taken.omitted.append(f"{file}：表上没有写部门名称，暂按文件名填写，请核对“单位名称”")
    return taken


def _head(sheet: Sheet) -> str:
    lines = (" ".join(str(value) for value in row if value not in ("", None)) for row in sheet.rows[:_HEAD_ROWS])
    return "\n".join(lines)


class _Table:
    """A sheet that may be one of the published tables."""

    def __init__(self, sheet: Sheet, head: str, file: str, unit: str, year: int | None) -> None:
        self.sheet, self.file, self.unit, self.year = sheet, file, unit, year
        self.title = "".join(head.split())
        money = _MONEY.search(head)
        self.money = money[1] if money else ""
        self.cells = [
            _Cell(row, column, text)
            for row in range(sheet.height)
            for column in range(sheet.width)
            if (text := _label(sheet.raw(row, column)))
        ]

    @property
    def of_appropriations(self) -> bool:
        """Whether it is the 一般公共预算财政拨款支出决算表: its 基本支出 covers these funds alone."""
        return "财政拨款支出决算" in self.title and "三公" not in self.title and "政府性基金" not in self.title

    def take(self, taken: Taken) -> bool:
        """Whether it is one of them, its figures taken."""
        layouts = (
            ("收入支出决算总表", self._by_rows, _SUMMARY), ("财政拨款基本支出决算", self._by_rows, _DETAIL),
            ("三公”经费", self._by_heads, _THREE), ("三公经费", self._by_heads, _THREE),
            ("支出决算表", self._by_heads, {} if "政府性基金" in self.title else _SPENT),
        )  # fmt: skip
        named = next((layout for layout in layouts if layout[0] in self.title.replace('"', "”")), None)
        if named is None:
            return False
        title, read, columns = named
        if not self.money:
            taken.omitted.append(
                f"{self.file} {sheet_in_words(self.sheet.name)}（{title}）：没有写明金额单位，没有取数"
            )
            return True
        places = dict(read(columns, title, taken))
        for column, (row, at) in places.items():
            self._add(column, row, at, taken)
        lacking = [column for column in columns.values() if column not in places]
        if lacking:
            names = "、".join(dict.fromkeys(lacking))
            taken.omitted.append(f"{self.file} {sheet_in_words(self.sheet.name)}（{title}）：没有取到{names}")
        return True

    def _by_rows(self, labels: dict[str, str], title: str, taken: Taken) -> Iterator[tuple[str, tuple[int, int]]]:
        """The figure to the right of each label, before the next label."""
        for cell in self.cells:
            column = labels.get(_NUMBERED.sub("", cell.text))
            if column is None:
                continue
            places = self._right_of(cell)
            if len(places) == 1:
                yield column, places[0]
            elif len(places) > 1:
                where = self.sheet.address(cell.row, cell.column)
                taken.omitted.append(f"{self.file} {self.sheet.name}{where}（{cell.text}）：右边不止一个数，没有取数")

    def _right_of(self, label: _Cell) -> list[tuple[int, int]]:
        following = [cell.column for cell in self.cells if cell.row == label.row and cell.column > label.column]
        end = min(following, default=self.sheet.width)
        places = range(label.column + 1, end)
        figures = [
            at for at in places if self._holds_figure(label.row, at) and not self._is_under(label.row, at, _ORDER)
        ]
        settled = [at for at in figures if self._is_under(label.row, at, "决算数")]
        return [(label.row, at) for at in settled or figures]

    def _by_heads(self, heads: dict[str, str], title: str, taken: Taken) -> Iterator[tuple[str, tuple[int, int]]]:
        """The figure of the total's row (or of the only row) below each head."""
        row = self._total_row()
        if row is None:
            taken.omitted.append(f"{self.file} {sheet_in_words(self.sheet.name)}（{title}）：没有找到合计行")
            return
        named = any(cell.row == row and cell.text == _TOTAL for cell in self.cells)
        for head, column in heads.items():
            under = [
                at for at in range(self.sheet.width) if self._holds_figure(row, at) and self._is_under(row, at, head)
            ]
            if not named and heads is _THREE:
                under = [at for at in under if self._is_under(row, at, _TOTAL)]
            if len(under) == 1:
                yield column, (row, under[0])

    def _total_row(self) -> int | None:
        first = next((cell.row for cell in self.cells if cell.text == _COLUMNS), -1)
        rows = [row for row in range(first + 1, self.sheet.height) if self._figures_of(row)]
        totals = [row for row in rows if any(cell.row == row and cell.text == _TOTAL for cell in self.cells)]
        only = [row for row in rows if not _is_numbering(self._figures_of(row))]
        return totals[0] if len(totals) == 1 else only[0] if len(only) == 1 else None

    def _figures_of(self, row: int) -> list[Decimal]:
        places = (at for at in range(self.sheet.width) if self._holds_figure(row, at))
        return [figure for at in places if (figure := _figure(self.sheet.raw(row, at))) is not None]

    def _holds_figure(self, row: int, column: int) -> bool:
        return self.sheet.kind(row, column) in (Kind.NUMBER, Kind.TEXT) and (
            _figure(self.sheet.raw(row, column)) is not None
        )

    def _is_under(self, row: int, column: int, head: str) -> bool:
        """Whether a head stands over a cell: in its column, or merged over it."""
        return any(cell.text == head and cell.row < row and self._covers(cell, column) for cell in self.cells)

    def _covers(self, cell: _Cell, column: int) -> bool:
        right = next(
            (area[3] for area in self.sheet.merges if area[:2] == (cell.row, cell.column)),
            cell.column,
        )
        return cell.column <= column <= right

    def _add(self, column: str, row: int, at: int, taken: Taken) -> None:
        figure = _figure(self.sheet.raw(row, at))
        assert figure is not None
        taken.figures.append(
            Published(
                self.unit,
                self.year,
                column,
                figure / _PER_UNIT[self.money],
                str(self.sheet.raw(row, at)),
                self.money,
                self.file,
                self.sheet.name,
                self.sheet.address(row, at),
            )
        )


def _label(value: object) -> str:
    """A text that is no figure, without blanks."""
    return "" if not isinstance(value, str) or _figure(value) is not None else squeezed(value)


def _figure(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return significant(float(value))
    text = value.strip().replace(",", "") if isinstance(value, str) else ""
    try:
        return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
    except InvalidOperation:
        return None


def _is_numbering(figures: Sequence[Decimal]) -> bool:
    """Whether figures are the numbers of columns: 1, 2, 3 …"""
    return len(figures) > 1 and list(figures) == [Decimal(n) for n in range(1, len(figures) + 1)]
