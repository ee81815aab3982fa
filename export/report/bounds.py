"""How much of a batch the page holds: what is beyond is said on it and stands in 汇总.xlsx and data/."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Findings in the table, units with a page of their own, tables of a page, rows of a table, signs of a text."""

    findings: int = 20_000
    pages: int = 2_000
    tables: int = 60
    rows: int = 200
    signs: int = 400


def shortened(text: str | None, signs: int) -> str | None:
    """The beginning of a text that is longer than a page can show, marked as such."""
    return text if text is None or len(text) <= signs else f"{text[:signs]}……"
