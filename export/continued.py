"""Tables that go on from one sheet to the next: where their rows stand, and how a formula names them."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.export.book import Book, Part
from gouji.export.formulas import Rows, Stretch
from gouji.templates.live import LiveSheet


@dataclass(frozen=True, slots=True)
class Continued:
    """A table of the book whose rows, counted from 0, stand from row `top` on of one sheet after another."""

    book: Book
    name: str
    top: int

    def sheet_name(self, number: int) -> str:
        """The name of its sheet (counted from 0): 指标得分, 指标得分（续2）…"""
        return self.name if number == 0 else f"{self.name}（续{number + 1}）"

    def starts(self, index: int) -> bool:
        """Whether a sheet begins with this row."""
        return index % self.book.size.sheet == 0

    def add_sheet(self, index: int, *, pages_wide: int = 1) -> LiveSheet:
        """The sheet that begins with this row."""
        return self.book.sheet(self.sheet_name(index // self.book.size.sheet), pages_wide=pages_wide)

    def row(self, index: int) -> int:
        """The row of its sheet on which a row of the table stands."""
        return self.top + index % self.book.size.sheet

    def stretches(self, first: int, last: int, seen_from: int) -> Rows:
        """The rows from `first` to `last` as a formula in the row `seen_from` names them."""
        size = self.book.size.sheet
        stretches = []
        for number in range(first // size, last // size + 1):
            start, end = max(first, number * size), min(last, (number + 1) * size - 1)
            elsewhere = None if number == seen_from // size else self.sheet_name(number)
            stretches.append(Stretch(self.row(start), self.row(end), elsewhere))
        return stretches

    def listed(self, first: int, last: int, by: str, names: tuple[object, object]) -> Part:
        """What the sheet with these rows holds, for the list on 总览. `names`: whom the first and the last are of."""
        start, end = (name or "（空白）" for name in names)
        words = f"第{first + 1:,}至{last + 1:,}行，{by}从“{start}”到“{end}”"
        return Part(self.sheet_name(first // self.book.size.sheet), words)
