"""Small `returns` and `values` frames written in a test: what a reading of so many returns would have given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from gouji.export.results import Results
from gouji.ingest.frames import returns_schema, typed, values_schema
from gouji.templates.form import Form

Given = Decimal | str | None
"""A figure with the decimals that it shows; `!state` for a state such as `!error`; other text; None for blank."""


def all_found(results: Results) -> pd.DataFrame:
    """The findings, and what stands beside them."""
    return pd.concat([results.findings, results.asides.frame().drop(columns="of")], ignore_index=True)


def returns_of(form: Form, count: int, *, unit: str | None = None, year: int = 2021) -> pd.DataFrame:
    """`count` adopted returns of one form, R0, R1, …, each of its own unit unless `unit` is given."""
    rows = [
        {
            "return_id": f"R{number}", "file": f"{number}.xlsx", "sha256": "0", "sheet": "表", "form": form.name,
            "edition": form.edition, "unit_code": unit or f"U{number}", "unit": unit or f"单位{number}",
            "year": year, "status": "已收", "layout": "issued", "adopted": True,
        }
        for number in range(count)
    ]  # fmt: skip
    return typed(pd.DataFrame(rows), returns_schema)


def values_of(
    form: Form,
    returns: Sequence[Mapping[str, Given]],
    lines: Sequence[Mapping[str, Sequence[Mapping[str, Given]]]] = (),
) -> pd.DataFrame:
    """Values of R0, R1, …: item → figure, and list → its lines (`line` is the line's name)."""
    rows: list[dict[str, object]] = []
    for number, figures in enumerate(returns):
        rows += [_row(number, None, None, item, figures.get(item)) for item in form.items]
        for name, entries in (lines[number] if number < len(lines) else {}).items():
            for entry in entries:
                line = str(entry["line"])
                rows += [
                    _row(number, name, line, f"{line}.{key}", value) for key, value in entry.items() if key != "line"
                ]
    return typed(pd.DataFrame(rows), values_schema)


def _row(number: int, name: str | None, line: str | None, item: str, figure: Given) -> dict[str, object]:
    row: dict[str, object] = {
        "return_id": f"R{number}", "list_id": name, "line": line, "item": item, "sheet": "表", "cell": "A1",
        "state": "blank",
    }  # fmt: skip
    if isinstance(figure, Decimal):
        row |= {"value": float(figure), "decimals": max(0, -int(figure.as_tuple().exponent)), "state": "filled"}
    elif isinstance(figure, str):
        row |= {"state": figure[1:]} if figure.startswith("!") else {"raw": figure, "state": "filled"}
    return row
