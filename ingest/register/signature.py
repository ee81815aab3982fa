"""Which unit a table names where its head has no field for it: in its title, or as who signs it below its figures."""

from __future__ import annotations

import re

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import is_figure
from gouji.ingest.locating.head import fields_of_row, role_of, undated
from gouji.ingest.register.unit_names import units_named, unstamped
from gouji.templates.head_words import UNITS
from gouji.templates.labels import squeezed

_LONGEST = 30
_SHORTEST = 3
_DATE = re.compile(r"(?:19|20)\d{2}(?:年|[./-])\d{1,2}(?:月|[./-])")


def titled_with(sheet: Sheet, rows: range) -> str:
    """The one unit that titles and lines of their own in some rows name; empty where none is, or several are."""
    names = {name for row in rows for name in units_named(undated(_alone(sheet, row)))}
    return names.pop() if len(names) == 1 else ""


def signed_below(sheet: Sheet, first: int, last: int) -> str:
    """The one unit that is named as signing in some rows (inclusive); empty where none is, or several are."""
    rows = range(first, min(last + 1, sheet.height))
    labelled = {_named(text) for row in rows for text in _behind_labels(sheet, row)}
    names = labelled or {_named(text) for row in rows for text in _over_a_date(sheet, row)}
    names.discard("")
    return names.pop() if len(names) == 1 else ""


def _behind_labels(sheet: Sheet, row: int) -> list[str]:
    fields = fields_of_row(sheet, row, frozenset())
    return [text for label, text, _ in fields if role_of(label)[0] == "unit" and not squeezed(label).startswith("评价")]


def _over_a_date(sheet: Sheet, row: int) -> list[str]:
    """A text alone in its row that ends as names of units do, with the date of signing in it or beneath it."""
    alone = _alone(sheet, row)
    dated = _DATE.search(squeezed(alone)) or _DATE.match(squeezed(_alone(sheet, row + 1)))
    return [alone] if dated else []


def _alone(sheet: Sheet, row: int) -> str:
    texts = [value for value in sheet.rows[row] if value not in ("", None)] if row < sheet.height else []
    return texts[0] if len(texts) == 1 and isinstance(texts[0], str) else ""


def _named(text: str) -> str:
    """A unit's name without stamp and date; empty for what is none: 万元, 见附件."""
    name = unstamped(undated(f"{text} ".strip())).strip()
    short = squeezed(name)
    fits = _SHORTEST <= len(short) <= _LONGEST and short.endswith(UNITS) and ":" not in short
    return name if fits and not is_figure(name) else ""
