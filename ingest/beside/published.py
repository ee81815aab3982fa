"""Figures of a unit's published 部门决算, each with where it stands: for 部门决算参照表, once they are confirmed.

The tables are those of the national layouts (公开01表 …, 财决01表 …). Nothing is guessed: of two figures for one label,
or of two tables that say different things of the same unit and year, none is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath

from gouji.ingest.beside.published_grid import PublishedGrid
from gouji.ingest.beside.published_head import Heading, Table, continued, heading_of, unit_of_book, year_of_book
from gouji.ingest.beside.published_tables import WANTED, candidates, has_known_labels
from gouji.ingest.grid import Sheet, Workbook, tells_unread
from gouji.templates.addresses import sheet_in_words

_PER_UNIT = {
    "亿元": Decimal("0.0001"), "万元": Decimal(1), "千元": Decimal(10), "百元": Decimal(100), "元": Decimal(10_000)
}  # fmt: skip


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


_Key = tuple[str, int | None, str]


def published_figures(book: Workbook, file: str) -> Taken:
    """The figures of a published 部门决算."""
    taken = Taken(omitted=[f"{file}：{note}" for note in book.notes if tells_unread(note)])
    headed = list(_headed(book))
    taken.omitted += _without_title(book, {sheet.name for sheet, _ in headed}, file)
    if not headed:
        taken.omitted.append(
            f"{file}：没有找到部门决算公开的表（收入支出决算总表、支出决算表、基本支出决算表、“三公”经费支出决算表）"
        )
        return taken
    whose = _Whose(book, file, [heading for _, heading in headed])
    if not whose.told:
        taken.omitted.append(f"{file}：表上没有写部门名称，暂按文件名填写，请核对“单位名称”")
    read: dict[_Key, list[tuple[bool, Published]]] = {}
    lacking: list[tuple[_Key, str]] = []
    for sheet, heading in headed:
        table = _Read(sheet, heading, file, whose.unit(heading), heading.year or whose.year)
        for lesser, figure in table.figures():
            read.setdefault((figure.unit, figure.year, figure.column), []).append((lesser, figure))
        taken.omitted += table.said
        lacking += table.lacking
    for key, figures in read.items():
        _settle(figures, key, taken)
    taken.omitted += _lacks({(one.unit, one.year, one.column) for one in taken.figures}, lacking)
    return taken


def _without_title(book: Workbook, known: set[str], file: str) -> list[str]:
    """Tables with the labels of published ones under a title that is not known."""
    return [
        f"{file} {sheet_in_words(sheet.name)}：像是部门决算公开的表，但没有认出表名，没有取数，请看上面印的是哪张表"
        for sheet in book.sheets
        if sheet.name not in known and has_known_labels(sheet)
    ]


class _Whose:
    """Of which unit and year the tables are that do not say so themselves: what the document says, or its name.

    `told`: whether a unit is named at all; `year`: None where it cannot be told.
    """

    def __init__(self, book: Workbook, file: str, headings: Sequence[Heading]) -> None:
        stem = PurePath(file).stem
        named = list(dict.fromkeys(heading.unit for heading in headings if heading.unit))
        paged = book.file_kind == "pdf"
        # What a cell of a printed page has no room for is cut off.
        self._whole = {one: max((other for other in named if other.startswith(one)), key=len) for one in named if paged}
        of_book = unit_of_book(book, stem)
        self.told = bool(named or of_book)
        self._unit = self._whole.get(named[0], named[0]) if named else of_book or stem
        years = {heading.year for heading in headings if heading.year}
        self.year = year_of_book(book, stem) or (next(iter(years)) if len(years) == 1 else None)

    def unit(self, heading: Heading) -> str:
        """The unit of the next table: its own, else that of the table before."""
        self._unit = self._whole.get(heading.unit, heading.unit) or self._unit
        return self._unit


def _headed(book: Workbook) -> Iterator[tuple[Sheet, Heading]]:
    """The published tables with what stands over each; what goes on on the next page is what it was."""
    before: tuple[Sheet, Heading] | None = None
    for sheet in book.sheets:
        heading = heading_of(sheet)
        if heading is None and before is not None and sheet.width == before[0].width:
            heading = continued(sheet, before[1])
        before = None if heading is None else (sheet, heading)
        if heading is not None:
            yield sheet, heading


def _settle(figures: Sequence[tuple[bool, Published]], key: _Key, taken: Taken) -> None:
    """The one figure of a column; none where tables of equal standing differ."""
    first = [figure for lesser, figure in figures if not lesser] or [figure for _, figure in figures]
    exact = max(first, key=lambda one: -int(one.figure.as_tuple().exponent))
    if all(_agree(exact, other) for other in first):
        taken.figures.append(first[0])
        return
    places = "、".join(f"{sheet_in_words(one.table)}{one.place}的 {one.shown}{one.money}" for one in first)
    taken.omitted.append(f"{first[0].file}：{key[0]}的{key[2]}在几处不一致（{places}），没有取数")


def _agree(one: Published, other: Published) -> bool:
    """Whether two figures are the same, up to the place to which the coarser was published."""
    return abs(one.figure - other.figure) * 2 <= max(_place(one), _place(other))


def _place(one: Published) -> Decimal:
    """What the last place of a figure is worth, in 万元."""
    return Decimal(1).scaleb(-len(one.shown.partition(".")[2])) / _PER_UNIT[one.money]


def _lacks(read: set[_Key], lacking: Sequence[tuple[_Key, str]]) -> list[str]:
    """What no table of the document had, in a line per table."""
    by_table: dict[str, list[str]] = {}
    for key, table in lacking:
        if key not in read:
            by_table.setdefault(table, []).append(key[2])
    return [f"{table}：没有取到{'、'.join(columns)}" for table, columns in by_table.items()]


class _Read:
    """One table of the document. `said`: what was left in it and why; `lacking`: what it should have told."""

    def __init__(self, sheet: Sheet, heading: Heading, file: str, unit: str, year: int | None) -> None:
        self.sheet, self.heading, self.file, self.unit, self.year = sheet, heading, file, unit, year
        self.said: list[str] = []
        self.lacking: list[tuple[_Key, str]] = []
        self._called = f"{file} {sheet_in_words(sheet.name)}（{heading.table}）"

    def figures(self) -> list[tuple[bool, Published]]:
        """Its figures, and whether each gives way to another table's."""
        if self.heading.table is Table.OTHER:
            return []
        if len(self.heading.moneys) != 1:
            what = "没有写明金额单位" if not self.heading.moneys else "写了两种金额单位"
            self.said.append(f"{self._called}：{what}，没有取数")
            return []
        money = next(iter(self.heading.moneys))
        grid = PublishedGrid(self.sheet, self.heading.last_row + 1)
        said: list[str] = []
        found = candidates(self.heading.table, grid, self.year, said)
        self.said += [f"{self._called}：{text}" for text in said]
        taken = {one.column for one in found}
        wanted = (column for column in WANTED.get(self.heading.table, ()) if column not in taken)
        self.lacking += [((self.unit, self.year, column), self._called) for column in wanted]
        return [
            (one.lesser, Published(
                self.unit, self.year, one.column, grid.figure(one.place) / _PER_UNIT[money],
                str(self.sheet.raw(*one.place)).strip(), money, self.file, self.sheet.name,
                self.sheet.address(*one.place), one.note,
            ))
            for one in found
        ]  # fmt: skip
