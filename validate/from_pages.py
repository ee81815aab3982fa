"""What was read from the pages of a PDF is asked about at most: its figures were printed, and read off again."""

from __future__ import annotations

import pandas as pd

from gouji.ingest.frames import PAGES
from gouji.templates.addresses import on_sheet

_MUST, _ASK = "强制性", "核实性"
_TOLD = "（从 PDF 读取，请对照原件确认。）"


def softened_pages(rows: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Findings (rows of `rows_schema`) of which a figure comes from a PDF, without any that is 强制性.

    `returns`: the frame of the batch, by whose `layout` such tables are known. What hangs on a table of the same
    unit is told by the cells that a finding names beside its own.
    """
    paged = returns[returns["layout"].eq(PAGES)]
    if paged.empty or rows.empty:
        return rows
    sheets = {str(code): set(mine["sheet"]) for code, mine in paged.groupby("unit_code")}
    grave = rows["severity"].eq(_MUST)
    own = rows["file"].isin(paged["file"])
    beside = pd.Series(
        [
            any(on_sheet("", cell)[0] in sheets.get(str(code), ()) for cell in cells.split("；"))
            if isinstance(cells, str)
            else False
            for code, cells in zip(rows["unit_code"], rows["related_cells"], strict=True)
        ],
        index=rows.index, dtype=bool,
    )  # fmt: skip
    softened = grave & (own | beside)
    return rows.assign(
        severity=rows["severity"].mask(softened, _ASK),
        message=rows["message"].mask(softened, rows["message"] + _TOLD),
    )
