"""The text beside the tables of a file: paragraphs of a document, and the sheets of a workbook that hold a report."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from gouji.ingest.grid import Kind, Sheet, Workbook
from gouji.ingest.locating.figure_cells import is_figure
from gouji.templates.addresses import BODY, paragraph_name

_SENTENCE = re.compile(r"[，。；]")
_LEAST = 20
"""Characters of a cell that is a sentence."""
_BESIDE = 2
"""Filled cells in a row of a text: a heading beside what it is over."""
_MOST_ROWS, _MOST_COLUMNS = 5_000, 64
_CALLED = 3
"""Lines within which a sheet says what it is, unless its name does."""
_LONGEST_TITLE = 40
_REPORT = re.compile(
    r"报告|总结|综述|(?:文字|情况|自评|绩效|决算|预算|执行)(?:情况)?(?:说明|分析)|(?:自评|完成|实施|管理|绩效)情况"
)
_GUIDE = re.compile(
    r"填[报表写]|编制说明|要求|注意|标准|细则|办法|通知|指标(?:解释|说明)|表样|模[板版]|[示范样]例|范本|提纲|格式|参考|目标"
)
"""What sheets are called on which the bureau speaks, or on which plans stand."""
_NUMBER = re.compile(r"[(（]?\d{1,2}(?:\.0)?[)）、.．]?")
_ENDS = tuple("。；！？：.;!?:)）”")
_OPENS = re.compile(
    r"[一二三四五六七八九十\d]+[、.．)）]|[(（][一二三四五六七八九十\d]+[)）]|第[一二三四五六七八九十]+[部章节]|[一二三四五]是"
)


@dataclass(frozen=True, slots=True)
class TextBeside:
    """A paragraph. `sheet`, `cell`: where it stands (正文 第3段, 自评报告 A3)."""

    sheet: str
    cell: str
    text: str


def text_beside(book: Workbook, tables: Collection[str]) -> list[TextBeside]:
    """The paragraphs of a file in their order; `tables`: the names of the sheets of a workbook that hold something
    else."""
    if book.paragraphs:
        return [TextBeside(BODY, paragraph_name(number), text) for number, text in enumerate(book.paragraphs, 1)]
    sheets = (sheet for sheet in book.sheets if sheet.naming is None and sheet.name not in tables)
    return [paragraph for sheet in sheets if _is_report(sheet) for paragraph in _paragraphs(sheet)]


def _is_report(sheet: Sheet) -> bool:
    """Whether a sheet that people see is a text: sentences, no columns, and no figure in a cell of its own but the
    number of a line."""
    if sheet.hidden or sheet.height > _MOST_ROWS or sheet.width > _MOST_COLUMNS or not _is_called_report(sheet):
        return False
    sentences = 0
    for row in range(sheet.height):
        filled = [column for column in range(sheet.width) if sheet.kind(row, column) is not Kind.BLANK]
        said = any(_is_sentence(sheet.raw(row, column)) for column in filled)
        if len(filled) > _BESIDE or not all(
            _is_words(sheet, row, column, leads=said and column == filled[0]) for column in filled
        ):
            return False
        sentences += said
    return sentences > 0


def _is_called_report(sheet: Sheet) -> bool:
    """Whether its name or one of its first lines says that a unit reports here, and none that it is told what to do."""
    lines = (str(value).strip().partition("\n")[0] for row in sheet.rows for value in row if value != "")
    titles = [sheet.name, *(line for line in islice(lines, _CALLED) if _is_title(line))]
    return any(map(_REPORT.search, titles)) and not any(map(_GUIDE.search, titles))


def _is_title(line: str) -> bool:
    """Whether a line may be a title: no sentence, and not the heading of a part."""
    return len(line) <= _LONGEST_TITLE and not (_SENTENCE.search(line) or _OPENS.match(line))


def _is_words(sheet: Sheet, row: int, column: int, *, leads: bool) -> bool:
    """Whether a cell holds words, or the number of the line that it `leads`."""
    value = sheet.raw(row, column)
    if leads and value is not None and _NUMBER.fullmatch(str(value)):
        return True
    if not isinstance(value, str) or sheet.kind(row, column) is not Kind.TEXT:
        return False
    above = sheet.raw(row - 1, column)
    return not is_figure(value) or (isinstance(above, str) and _goes_on(above, value))


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and len(value) >= _LEAST and _SENTENCE.search(value) is not None


def _paragraphs(sheet: Sheet) -> Iterator[TextBeside]:
    """The lines of every cell that is shown; one broken off at the edge of a column goes on in the row below."""
    before: tuple[int, int, TextBeside] | None = None
    for row in range(sheet.height):
        for column in range(sheet.width):
            value = sheet.raw(row, column)
            if not isinstance(value, str) or sheet.hides(row, column):
                continue
            for line in filter(None, map(str.strip, value.splitlines())):
                if before is not None and before[:2] == (row - 1, column) and _goes_on(before[2].text, line):
                    joined = TextBeside(sheet.name, before[2].cell, before[2].text + line)
                    before = (row, column, joined)
                    continue
                if before is not None:
                    yield before[2]
                before = (row, column, TextBeside(sheet.name, sheet.address(row, column), line))
    if before is not None:
        yield before[2]


def _goes_on(before: str, line: str) -> bool:
    """Whether a sentence was broken off: it is long, does not end, and what follows opens nothing."""
    return len(before) >= _LEAST and not before.endswith(_ENDS) and _OPENS.match(line) is None
