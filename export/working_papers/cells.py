"""Cells of a 底稿: figures in the format of their kind, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gouji.export.book import NUMBER_FORMATS
from gouji.export.table import Figure
from gouji.templates.addresses import with_sheet
from gouji.templates.catalogue import Catalogue
from gouji.validate.wording import figure_text


def figure_cell(value: float | None, kind: str | None) -> Figure | str | None:
    """A number as its kind is shown; a grade in words."""
    if value is None:
        return None
    return Figure(value, kind) if kind in NUMBER_FORMATS else figure_text(value, kind or "quantity")


def place(row: Mapping[str, Any]) -> str | None:
    """`工作表!B7`, `第2个表第7行第3列`, as far as it is known."""
    sheet, cell = row["sheet"], row["cell"]
    return with_sheet(sheet, cell) if sheet and cell else sheet or cell or None


def table_name(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """`自评表（项目一）`."""
    name = catalogue.short_name(row["form"]) or "未识别的表"
    return f"{name}（{row['instance']}）" if row["instance"] else name
