"""A Word document as sheets: each table with the lines above it (its title, its head) and below it (who signs)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from gouji.ingest.files.docx import Document, Paragraph
from gouji.ingest.files.docx_cells import DocumentTable
from gouji.ingest.files.scan import KNOWN_ERRORS
from gouji.ingest.files.xml import Element
from gouji.ingest.grid import PICTURE, Kind, Sheet
from gouji.templates.addresses import TableRows, cell_position, paragraph_name, table_name
from gouji.templates.returned import ISSUES_SHEET, RECORD_SHEET

_MOST_ABOVE, _MOST_BELOW = 12, 30
"""Lines that belong to a table at most."""
_NARRATIVE = 60
"""Characters from which a paragraph is a part of the text and no line of a table's head."""
_TITLE = re.compile(
    r"^(?:附件|附表|附|表)\s*[\d一二三四五六七八九十]+|(?:表|报告|框架|体系|指标)\s*(?:[(（][^()（）]{1,30}[)）])?\s*$"
)
_HEADED = re.compile(r"^\s*[(（]?(?:(?:填报|项目|预算|实施|被评价)?(?:单位|部门)|项目|编制|金额)[^:：]{0,12}[:：]")
_PLAIN = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(%?)")
_STOPS = re.compile(r"\t+|[ \u3000]{3,}")
_DRAWN_FIGURE = re.compile(r"-?[\d,，０-９]+(?:[.．][\d０-９]+)?\s*(?:[%％]|万?元)?", re.ASCII)
_LEAST_COLUMNS, _LEAST_LINES = 3, 4
"""Of what is taken for a table that is drawn without one."""
_CODE = re.compile(r"-?0\d")
_DIGITS = 15
"""Significant digits that a float keeps."""


class Written(float):
    """A figure that a text reads as; its text stays what was written (2021.10)."""

    text: str

    def __new__(cls, value: float, text: str) -> Written:
        """The number with its text."""
        made = super().__new__(cls, value)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class View:
    """A table with the lines above and below it that are read with it."""

    table: DocumentTable
    above: list[Paragraph]
    below: list[Paragraph]

    @property
    def rows(self) -> TableRows:
        """How its places are called."""
        return TableRows(len(self.above), self.table.height)

    def element(self, cell: str) -> Element | None:
        """The cell or the paragraph of this name; None where there is none. Raises ValueError for no name."""
        row, column = cell_position(cell)
        row = self.rows.row(row)
        lines = [*self.above, *[None] * self.table.height, *self.below]
        line = lines[row] if 0 <= row < len(lines) else None
        if line is not None:
            return line.element
        at = row - len(self.above), column
        areas = (area for area in self.table.merges if area[0] <= at[0] <= area[2] and area[1] <= at[1] <= area[3])
        return self.table.cells.get(next((area[:2] for area in areas), at))


def document_sheets(document: Document) -> list[Sheet]:
    """A sheet for every table, named 第N个表; positions count from the first line above it. What is ours in the
    document stands in front, under the names that it has in a workbook."""
    front = document.front
    ours = [] if front is None else [(RECORD_SHEET, front.record), (ISSUES_SHEET, front.issues)]
    return [*(_ours(name, rows) for name, rows in ours), *map(_sheet, document_views(document))]


def _ours(name: str, rows: list[list[str]]) -> Sheet:
    width = max(map(len, rows), default=0)
    return Sheet(name, hidden=True, rows=[[*line, *[""] * (width - len(line))] for line in rows])


def document_views(document: Document) -> list[View]:
    """Every table with its lines, in their order."""
    content = document.content
    places = [at for at, one in enumerate(content) if isinstance(one, DocumentTable)]
    shared = [_parted(_between(content, *ends)) for ends in zip([-1, *places], [*places, len(content)], strict=True)]
    shared[0] = ([], [*shared[0][0], *shared[0][1]])
    shared[-1] = ([*shared[-1][0], *shared[-1][1]], []) if len(shared) > 1 else shared[-1]
    return [
        View(table, _head(above), below[:_MOST_BELOW])
        for table, (_, above), (below, _) in zip(document.tables, shared, shared[1:], strict=False)
    ]


def document_notes(document: Document) -> Iterator[str]:
    """What people are told of a document as a whole."""
    if document.revised:
        yield (
            f"文档里有 {document.revised} 处修订没有接受或拒绝，本次按全部接受以后的内容读取"
            "（插入的算，删除的不算），请接受或拒绝修订后确认。"
        )
    if document.embedded:
        yield f"文档里插入了 {document.embedded} 个其他文档的内容，没有读取，请把里面的表格直接放进本文档。"
    boxed = [(table, at) for table in document.tables for at in table.boxed]
    if boxed:
        table, at = boxed[0]
        cell = f"{table_name(table.number)}{TableRows(0, table.height).name(*at)}"
        yield f"文档的单元格里有 {len(boxed)} 个文本框（如{cell}），里面的文字没有读取，请直接填在单元格里。"

    struck = [(table, at) for table in document.tables for at in sorted(table.struck)]
    if struck:
        table, at = struck[0]
        cell = f"{table_name(table.number)}{TableRows(0, table.height).name(*at)}"
        yield (
            f"文档里有 {len(struck)} 个单元格的文字被划去（删除线，如{cell}）：同一格另有文字的，按没有划去的读取；"
            "整格划去的数没有采用。请删去作废的文字，或取消删除线后确认。"
        )

    for first, lines in drawn_with_tabs(document):
        yield (
            f"正文{paragraph_name(first)}起有 {lines} 行用制表符或空格排成的表，没有读取，"
            "请改成 Word 表格（插入表格）后再报送。"
        )


def drawn_with_tabs(document: Document) -> Iterator[tuple[int, int]]:
    """Tables that are drawn by tabs or wide spaces: the number of the first paragraph, and how many lines they have.

    Lines one behind the other that fall into as many columns, most of them with two figures: a list of contents has
    one.
    """
    first = lines = figures = width = 0
    behind: object = None
    for one in [*document.content, None]:
        columns = _STOPS.split(one.text.strip()) if isinstance(one, Paragraph) else []
        if len(columns) < _LEAST_COLUMNS or len(columns) != width or behind is None:
            if lines >= _LEAST_LINES and figures * 2 > lines:
                yield first, lines
            first = one.number if isinstance(one, Paragraph) else 0
            lines = figures = 0
            width = len(columns) if len(columns) >= _LEAST_COLUMNS else 0
        behind = one
        if width and isinstance(one, Paragraph):
            lines += 1
            figures += sum(bool(_DRAWN_FIGURE.fullmatch(column)) for column in columns[1:]) > 1


def _between(content: Sequence[Paragraph | DocumentTable], before: int, behind: int) -> list[Paragraph]:
    return [one for one in content[before + 1 : behind] if isinstance(one, Paragraph)]


def _parted(between: list[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """What stands between two tables: lines below the one, lines above the other."""
    first = next((n for n, one in enumerate(between) if _opens(one)), None)
    if first is None:
        gaps = [n for n, one in enumerate(between) if one.gap and n]
        first = gaps[-1] if gaps else len(between)
    return between[:first], between[first:]


def _opens(one: Paragraph) -> bool:
    """Whether something new begins with a paragraph: a page, a chapter, a title, the head of a table, the text."""
    text = one.text.strip()
    titled = len(text) <= _NARRATIVE and (one.centred or _TITLE.search(text) or _HEADED.match(text))
    return one.breaks or one.level > 0 or bool(titled) or _is_narrative(one)


def _is_narrative(one: Paragraph) -> bool:
    text = one.text.strip()
    return len(text) > _NARRATIVE or (len(text) > _NARRATIVE // 3 and text.endswith("。"))


def _head(above: Sequence[Paragraph]) -> list[Paragraph]:
    near = list(takewhile(lambda one: not _is_narrative(one), reversed(above)))[:_MOST_ABOVE]
    return [one for one in reversed(near) if any(char.isalpha() for char in one.text)]  # the number of a page is none


def _sheet(view: View) -> Sheet:
    table, above, below = view.table, view.above, view.below
    down, width = len(above), table.width
    rows: list[list[object]] = [[one.text, *[""] * (width - 1)] for one in above]
    formats: dict[tuple[int, int], str] = {}
    for row, texts in enumerate(table.rows, down):
        rows.append([_value(text, (row, column), formats) for column, text in enumerate(texts)])
    rows += [[one.text, *[""] * (width - 1)] for one in below]
    merges = [(top + down, left, bottom + down, right) for top, left, bottom, right in table.merges]
    special = {(row + down, column): (Kind.UNKNOWN, text) for (row, column), text in table.mixed.items()}
    special |= {(row + down, column): (Kind.UNKNOWN, PICTURE) for row, column in table.pictured}
    special |= {
        (row, column): (Kind.ERROR, text)
        for row, texts in enumerate(table.rows, down)
        for column, cell in enumerate(texts)
        if (text := cell.strip()) in KNOWN_ERRORS
    }
    if width > 1:
        beside = (*range(down), *range(down + table.height, len(rows)))
        merges += [(row, 0, row, width - 1) for row in beside]
    return Sheet(
        table_name(table.number), hidden=False, rows=rows, formats=formats, merges=merges,
        special=special,
        hidden_rows={row + down for row in table.hidden_rows},
        unseen={(row + down, column) for row, column in table.unseen},
        naming=view.rows, adjoins=table.adjoins,
    )  # fmt: skip


def _value(text: str, at: tuple[int, int], formats: dict[tuple[int, int], str]) -> object:
    """A text, or the figure that it plainly is, with as many decimals as are written."""
    bare = text.strip()
    if not bare or len(bare) > 3 * _DIGITS or not any(char.isdecimal() for char in bare):
        return text
    folded = unicodedata.normalize("NFKC", bare)
    plain = _PLAIN.fullmatch(folded) if all(unicodedata.category(char) in _SIGNS for char in bare) else None
    digits = folded.rstrip("%").replace(",", "")
    if plain is None or _CODE.match(digits) or len(digits.replace(".", "").strip("-0")) > _DIGITS:
        return text
    if plain[1] or plain[2]:
        formats[at] = f"0{'.' + '0' * len(plain[1]) if plain[1] else ''}{plain[2] or ''}"
    return Written(float(Decimal(digits) / (100 if plain[2] else 1)), bare)


_SIGNS = frozenset(("Nd", "Po", "Pd"))
"""Categories of the characters of a plain figure, of whatever width: not ², not ⑤."""
