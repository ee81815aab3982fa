"""The pages of a PDF as one text: tables that a page tore apart put together, what stands on every page left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gouji.ingest.files.pdf_cells import PageCell, PageContent, PageTable
from gouji.ingest.files.pdf_text import TextLine, joined

_MARGIN = 0.12
"""Share of a page's height at which its number and running heads stand."""
_PAGE_NUMBER = re.compile(r"[-—–·~\s]*第?\s*\d{1,4}\s*页?\s*(?:[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[-—–·~\s]*")
_NUMBER = re.compile(r"\d+")
_SAME_HEIGHT = 4.0
_FILLED = 0.6
"""Share of a page's height that a table reaches down to where it goes on on the next one."""
_SAME_SIDE = 4.0
"""Points within which both parts of a table begin and end."""
_AGAIN = 0.5
"""Share of labels up to which a part that has them again is the same table's."""
_FIGURE = re.compile(r"-?[\d,.]+%?")
_GOES_ON = re.compile(r"[(（]?续(?:表|上表)?\s*\d*[)）]?")


@dataclass(slots=True)
class WholeTable:
    """A table over one page or several: its cells, its rows, and the pages (from 1) on which it begins and ends."""

    cells: list[PageCell]
    height: int
    first_page: int
    last_page: int


@dataclass(slots=True)
class PlacedLine:
    """A line of text outside of tables. `begins`: whether it begins a page and the one before was not full."""

    line: TextLine
    page: int
    begins: bool
    left: float
    right: float
    width: float


Whole = WholeTable | PlacedLine


@dataclass(slots=True)
class _Joiner:
    content: list[Whole] = field(default_factory=list)
    above: list[str] = field(default_factory=list)  # the lines over the last table
    end: float = 0.0  # how far down its page the last table reaches, as a share; 0 where lines follow it
    reach: float = 1.0  # how far down the page before is filled
    box: tuple[float, float] = (0.0, 0.0)

    def add(self, number: int, page: PageContent, running: set[int]) -> None:
        kept = [one for n, one in enumerate(page.content) if n not in running]
        first = next((n for n, one in enumerate(kept) if isinstance(one, PageTable)), None)
        if first is not None and self._goes_on(kept[:first], kept[first]):
            self._continue(number, kept[first])
            kept = kept[first + 1 :]
        lines = [one for one in kept if isinstance(one, TextLine)]
        left = min((line.x0 for line in lines), default=0.0)
        right = max([page.width - left, *(line.x1 for line in lines)])
        above: list[str] = []
        begins = self.reach < _FILLED
        for one in kept:
            if isinstance(one, TextLine):
                self.content.append(PlacedLine(one, number, begins, left, right, page.width))
                above.append(one.text.strip())
            else:
                self.content.append(WholeTable(list(one.cells), one.height, number, number))
                self.above, above = above, []
                self.box = one.box[0], one.box[2]
            begins = False
        last = next((one for n, one in reversed(list(enumerate(page.content))) if n not in running), None)
        self.reach = 0.0 if last is None else _bottom(last) / page.height
        self.end = self.reach if isinstance(last, PageTable) else 0.0

    def _goes_on(self, lines: Sequence[PageTable | TextLine], table: PageTable | TextLine) -> bool:
        """Whether the first table of a page is the rest of the one that ended the page before."""
        whole = self.content[-1] if self.content else None
        if not isinstance(whole, WholeTable) or not isinstance(table, PageTable) or self.end < _FILLED:
            return False
        if abs(table.box[0] - self.box[0]) > _SAME_SIDE or abs(table.box[2] - self.box[1]) > _SAME_SIDE:
            return False
        texts = [line.text.strip() for line in lines if isinstance(line, TextLine)]
        texts = [text for text in texts if not _GOES_ON.fullmatch(text)]
        heads = _repeated(whole, table)
        if texts and not (heads and _alike(texts, self.above)):
            return False
        before, rest = _labels(whole.cells, 0), _labels(table.cells, heads)
        again = sum(label in before for label in rest)
        return bool(not rest or again <= _AGAIN * len(rest))

    def _continue(self, number: int, table: PageTable | TextLine) -> None:
        whole = self.content[-1]
        assert isinstance(whole, WholeTable) and isinstance(table, PageTable)
        heads = _repeated(whole, table)
        rest = [replace(cell, first=max(cell.first, heads)) for cell in table.cells if cell.last >= heads]
        torn = _is_torn(whole, [cell for cell in rest if cell.first == heads])
        down = whole.height - heads - torn
        rest = [replace(cell, first=cell.first + down, last=cell.last + down) for cell in rest]
        whole.cells = _stitched(whole, rest, torn=torn)
        whole.height += table.height - heads - torn
        whole.last_page = number


def whole_content(pages: Sequence[tuple[int, PageContent]]) -> list[Whole]:
    """Tables and lines of all pages (with their numbers) in their order."""
    running = _running(pages)
    joiner = _Joiner()
    for number, page in pages:
        joiner.add(number, page, running[number])
    return joiner.content


def _bottom(one: PageTable | TextLine) -> float:
    return one.box[3] if isinstance(one, PageTable) else one.bottom


def _running(pages: Sequence[tuple[int, PageContent]]) -> dict[int, set[int]]:
    """Of every page the positions of what is its number, or stands at the same height of most pages (a letterhead).

    A line over a table is none: titles repeat too, and say where the next table begins.
    """
    at: dict[int, dict[int, tuple[str, int]]] = {}
    for number, page in pages:
        at[number] = {}
        for n, one in enumerate(page.content):
            if not isinstance(one, TextLine) or _MARGIN < one.top / page.height < 1 - _MARGIN:
                continue
            at[number][n] = _NUMBER.sub("#", one.text.strip()), round(one.top / _SAME_HEIGHT)
    count = Counter(mark for marks in at.values() for mark in set(marks.values()))
    result: dict[int, set[int]] = {}
    for number, page in pages:
        last = len(page.content) - 1
        result[number] = {
            n
            for n, mark in at[number].items()
            if _PAGE_NUMBER.fullmatch(_text(page, n)) or (n == last and len(pages) > 2 and count[mark] > len(pages) / 2)
        }
    return result


def _text(page: PageContent, n: int) -> str:
    one = page.content[n]
    return one.text.strip() if isinstance(one, TextLine) else ""


def _alike(texts: Sequence[str], above: Sequence[str]) -> bool:
    """Whether the lines over a table are those over the one before, but for 续 and numbers of pages."""
    return [_bare(text) for text in texts] == [_bare(text) for text in above[-len(texts) :]]


def _bare(text: str) -> str:
    return re.sub(r"[(（]续[^)）]*[)）]|续表|第\s*\d+\s*页|共\s*\d+\s*页|\s", "", text)


def _repeated(whole: WholeTable, table: PageTable) -> int:
    """How many rows at the beginning of the rest say what the table itself began with."""
    count = 0
    for row in range(min(whole.height, table.height)):
        mine = _row_texts(table.cells, row)
        if not mine or mine != _row_texts(whole.cells, row):
            break
        count += 1
    while count and any(cell.first < count <= cell.last for cell in table.cells):
        count -= 1  # a head ends where a cell ends
    return count


def _row_texts(cells: Sequence[PageCell], row: int) -> list[str]:
    return ["".join(cell.text.split()) for cell in cells if cell.first == row and cell.text.strip()]


def _labels(cells: Sequence[PageCell], first: int) -> set[str]:
    """What rows from `first` on say beside their figures."""
    words: defaultdict[int, str] = defaultdict(str)
    for cell in cells:
        if cell.first >= first and cell.text.strip() and not is_figure(cell.text):
            words[cell.first] += "".join(cell.text.split())
    return set(words.values())


def _is_torn(whole: WholeTable, row: Sequence[PageCell]) -> bool:
    """Whether the first row of the rest is the lower half of the last one: it has no label of its own, and every text
    goes on from a cell that was full, or stands where nothing stood."""
    above = [(cell, _over(whole, cell)) for cell in row if cell.text.strip()]
    if not above or len(row) < 2:
        return False
    written = [cell for cell in whole.cells if cell.last == whole.height - 1 and cell.text.strip()]
    first = min(written, key=lambda cell: cell.x0, default=None)
    if first is None or any(over is first for _, over in above) or any(over is None for _, over in above):
        return False
    goes_on = [over.full and not is_figure(over.text) for _, over in above if over is not None and over.text.strip()]
    return bool(goes_on) and all(goes_on)


def is_figure(text: str) -> bool:
    """Whether a text is a number and nothing else."""
    return _FIGURE.fullmatch(text.strip()) is not None


def _over(whole: WholeTable, cell: PageCell) -> PageCell | None:
    """The cell with the same sides that ends in the last row."""
    same = (
        one for one in whole.cells
        if one.last == whole.height - 1 and abs(one.x0 - cell.x0) < _SAME_SIDE and abs(one.x1 - cell.x1) < _SAME_SIDE
    )  # fmt: skip
    return next(same, None)


def _stitched(whole: WholeTable, rest: Sequence[PageCell], *, torn: bool) -> list[PageCell]:
    """All cells of both parts; one that goes on from the page before is put together with what it goes on from."""
    edge = whole.height - torn
    cells = list(whole.cells)
    for cell in rest:
        over = _over(whole, cell) if cell.first == edge else None
        if over is not None and (torn or _reaches_down(over, cell)):
            both = over.text and cell.text
            text = joined(over.text, cell.text, broken=over.full) if both else over.text or cell.text
            cells[cells.index(over)] = PageCell(
                over.x0, over.x1, over.first, max(over.last, cell.last), text, cell.full,
                over.unsure or cell.unsure, over.unseen and cell.unseen, over.partly or cell.partly,
                over.pictured or cell.pictured,
            )  # fmt: skip
        else:
            cells.append(cell)
    return cells


def _reaches_down(over: PageCell, cell: PageCell) -> bool:
    """Whether a label over several rows goes on on the next page, where its cell is blank."""
    spans = over.last > over.first or cell.last > cell.first
    return spans and bool(over.text.strip()) and not cell.text.strip() and not is_figure(over.text)
