"""One row of the `returns` frame in the making, and the names of tables and files within a batch."""

from __future__ import annotations

from dataclasses import dataclass

from gouji.ingest.frames import RETURN_COLUMNS
from gouji.ingest.locating.accounting import Account
from gouji.ingest.read_return import TableReading
from gouji.ingest.register.whose import Claim, Whose
from gouji.templates.supplement import SUPPLEMENT


@dataclass(slots=True)
class Return:
    """A row of `returns` in the making: a table, a part of a sheet that is none, a file that holds neither.

    `replaces`: the tables (`known_as`) whose place it takes, having been made of them.
    """

    return_id: str
    file: str
    sha256: str
    table: TableReading | None = None
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
    account: Account | None = None

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

    def row(self) -> dict[str, object]:
        """Its columns of the `returns` frame, as far as there is anything in them."""
        table, account = self.table, self.account
        columns = {name: getattr(self, name) for name in self.__slots__ if name in RETURN_COLUMNS}
        form_columns = {"form": table.form, "edition": table.edition, "layout": table.layout} if table else {}
        counts = {name: getattr(account, name) for name in ("read", "printed", "unread")} if account else {}
        if account is not None and table is not None:
            counts |= {"absent": account.absent, "unread_cells": "；".join(account.in_block) or None}
        return {**columns, **form_columns, **counts}


def which(table: TableReading) -> str:
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
