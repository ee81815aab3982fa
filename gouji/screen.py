"""Tables on the screen: Chinese text has no spaces to break at, so cells fold instead of being cut."""

from __future__ import annotations

from collections.abc import Collection

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

Rows = list[list[str]]


def say(console: Console, text: str) -> None:
    """One line as it stands: not folded at the width of the window, nothing in it taken for markup."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def show_table(
    console: Console, heads: list[str], rows: Rows, title: str | None = None, *, unbroken: Collection[str] = ()
) -> None:
    """Prints the rows; nothing in them is taken for markup. `unbroken`: heads of columns that do not fold."""
    columns = (Column(head, overflow="fold", no_wrap=head in unbroken) for head in heads)
    table = Table(*columns, title=title, show_lines=True)
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)
