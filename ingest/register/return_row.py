"""One row of the `returns` frame in the making, and the names of tables and files within a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

import pandas as pd

from gouji.ingest.frames import RETURN_COLUMNS, returns_schema, typed
from gouji.ingest.locating.labels_met import LabelMet
from gouji.ingest.read_return import TableReading
from gouji.ingest.register.whose import Claim, Whose
from gouji.templates.supplement import SUPPLEMENT


@dataclass(frozen=True, slots=True)
class Received:
    """What is asked of a table once its row is made: those of a whole batch stand in memory. As in `TableReading`."""

    form: str
    edition: str
    per: str
    layout: str
    digest: str
    sheet_hidden: bool
    unit_unclear: str
    identity_instance: str
    header_instance: str | None
    labels: Sequence[LabelMet]
    lacking: Sequence[str]

    @classmethod
    def of(cls, table: TableReading) -> Received:
        """Without what its notes say; texts that are other tables' too are one object."""
        return cls(
            intern(table.form), intern(table.edition), intern(table.per), intern(table.layout), table.digest,
            table.sheet_hidden, table.unit_unclear, table.identity_instance, table.header_instance,
            tuple(table.labels), tuple(table.lacking),
        )  # fmt: skip


@dataclass(slots=True)
class Return:
    """A row of `returns` in the making: a table, a part of a sheet that is none, a file that holds neither.

    `replaces`: the tables (`known_as`) whose place it takes, having been made of them.
    """

    return_id: str
    file: str
    sha256: str
    table: Received | None = None
    sheet: str | None = None
    unit_code: str | None = None
    unit: str | None = None
    unit_source: str | None = None
    year: int | None = None
    year_source: str | None = None
    instance: str | None = None
    status: str = "已收"
    reason: str | None = None
    adopted: bool = False
    supersedes: str | None = None
    replaces: tuple[str, ...] = ()
    remark: str = ""
    doubt: str = ""
    claims: tuple[Claim, ...] = ()
    read: int | None = None
    printed: int | None = None
    unread: int | None = None
    absent: int | None = None
    unread_cells: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is a table that was received and not held back."""
        return self.table is not None and self.status == "已收"

    @property
    def known_as(self) -> str:
        """Its name as a table of certain contents (`table_id`)."""
        return table_id(self.sha256, self.return_id)

    def belongs(self, whose: Whose) -> None:
        """Put it under a unit."""
        self.unit_code, self.unit, self.unit_source = whose.code, whose.unit, whose.source
        self.remark, self.doubt, self.claims = whose.remark, whose.doubt, whose.claims


def returns_frame(rows: Sequence[Return]) -> pd.DataFrame:
    """The `returns` frame, made column by column: a batch of rows as dicts is several times as large."""
    columns = {name: pd.Series(list(_column(rows, name))) for name in RETURN_COLUMNS} if rows else {}
    return typed(pd.DataFrame(columns), returns_schema)


_OF_TABLE = frozenset(("form", "edition", "layout"))


def _column(rows: Iterable[Return], name: str) -> Iterable[Any]:
    if name in _OF_TABLE:
        return (None if row.table is None else getattr(row.table, name) for row in rows)
    return (getattr(row, name) for row in rows)


def which(table: TableReading | Received) -> str:
    """What a unit sends once: a form, or the supplement of a form, which is told by its edition."""
    return f"{table.form}@{table.edition}" if table.form == SUPPLEMENT else table.form


def return_id(file: str, sheet: str, number: int) -> str:
    """The name of a table within its batch. A # in a name is written otherwise, so that no two are alike."""
    return f"{file_id(file)}#{file_id(sheet)}#{number}"


def table_id(sha256: str, return_id: str) -> str:
    """The name of a table by the contents of its file, wherever the file lies."""
    return f"{sha256}#{return_id.partition('#')[2]}"


def file_id(name: str) -> str:
    """The name of a file of which no table is known."""
    return name.replace("%", "%25").replace("#", "%23")
