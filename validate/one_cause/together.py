"""One thing about a whole file or unit that is found at each of its tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gouji.validate.one_cause.links import Link, whose

_OF_FILE = {
    "R-06": "message", "R-08": "message", "R-11": "message", "R-13": "message", "R-15": "message", "R-12": "rule",
    "T-08": "stated",
}  # fmt: skip
"""Rule → what is the same at all tables of a file where it is one thing."""
_MISSING, _EMPTY, _SHUT = "R-03", "R-07", ("R-01", "R-09")


def together(all_findings: pd.DataFrame, returns: pd.DataFrame) -> Iterator[Link]:
    """The first table of a file stands for the others; nothing received at all is one finding; a table that is missing
    may be the empty one, or stand in the file that cannot be read."""
    rows = all_findings.reset_index(drop=True)
    rows["whose"] = whose(rows)
    for rule, alike in _OF_FILE.items():
        yield from _firsts(rows[rows["rule"].eq(rule) & rows["file"].notna()], ["file", "item_kind", alike])
    missing = rows[rows["rule"].eq(_MISSING)]
    yield from _at(missing, rows[rows["rule"].eq(_EMPTY)], ["whose", "form"])
    yield from _at(missing, rows[rows["rule"].isin(_SHUT)], ["whose"])
    yield from _firsts(missing[~missing["whose"].isin(whose(returns))], ["whose"])


def _firsts(rows: pd.DataFrame, keys: list[str]) -> Iterator[Link]:
    if rows.empty:
        return
    # A wrong year on the labels is another thing than the year of the table.
    keyed = rows.assign(item_kind=rows["item"].where(rows["rule"].eq("T-08"), ""))
    first = keyed.groupby(keys, dropna=False)["rule"].transform(lambda rules: rules.index[0])
    pairs = zip(first.index.tolist(), first.tolist(), strict=True)
    yield from (Link(row, parent) for row, parent in pairs if row != parent)


def _at(rows: pd.DataFrame, parents: pd.DataFrame, keys: list[str]) -> Iterator[Link]:
    known = parents.dropna(subset=keys).drop_duplicates(keys)
    places = dict(zip(map(tuple, known[keys].to_numpy()), known.index, strict=True))
    for row, key in zip(rows.index, map(tuple, rows[keys].to_numpy()), strict=True):
        if key in places:
            yield Link(int(row), int(places[key]))
