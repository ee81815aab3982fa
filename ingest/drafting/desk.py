"""What every part of a draft is made with: the paper, the year it was printed for, the names already given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gouji.ingest.drafting.entry import Entry, Value
from gouji.ingest.drafting.paper import Cell, Paper
from gouji.ingest.drafting.words import Names, with_placeholders
from gouji.templates.labels import squeezed

_NAME, _LEVEL = re.compile("(?:指标)?(?:名称|内容)"), re.compile("[一二三四]级指标")


@dataclass
class Desk:
    """`year` is what {年} stands for on the paper; None where it prints no year.

    `list_names`: columns and levels of lists, none of which may belong to two lists.
    """

    paper: Paper
    year: int | None
    names: Names = field(default_factory=Names)
    list_names: Names = field(default_factory=Names)

    def label(self, text: str) -> str:
        """A printed label with its years as placeholders."""
        return with_placeholders(text, self.year)

    def named(self, text: str, fallback: str, parent: str = "") -> dict[str, Value]:
        """`id` of a label, and `label` where that is not the id itself."""
        label = self.label(text)
        name = self.names.take(label, fallback, parent)
        return {"id": name} if name == label else {"id": name, "label": label}


@dataclass(frozen=True, slots=True)
class Head:
    """One column as its heads have it: where it stands, its words, the words above them from the top."""

    cell: Cell
    above: tuple[Cell, ...] = ()

    @property
    def text(self) -> str:
        """Its words; 名称 below 一级指标 is the level itself."""
        over = self.above[-1].text if self.above else ""
        is_name = _NAME.fullmatch(squeezed(self.cell.text)) and _LEVEL.search(squeezed(over))
        return over if is_name else self.cell.text

    @property
    def first(self) -> int:
        return self.cell.column

    @property
    def last(self) -> int:
        return self.cell.right

    def value_in(self, line: list[Cell]) -> Cell | None:
        """The cell of a row that stands exactly under this head."""
        return next((cell for cell in line if (cell.column, cell.right) == (self.first, self.last)), None)


@dataclass
class DraftedBlock:
    """One block of the draft, and the first row below it. `heads`: the columns by which the next row may go on."""

    entry: Entry
    end: int
    heads: list[Head] = field(default_factory=list)
    idle: set[int] = field(default_factory=set)
    """Columns of the paper for which a definition has no place."""
    beside: list[Entry] = field(default_factory=list)
    """Blocks printed beside this one; a definition has them below it."""
