"""A block of money that stands on a sheet in another layout than the form's: an edition that nobody has defined."""

from __future__ import annotations

from gouji.ingest.locating.located import Located
from gouji.templates.blocks import GridBlock, Row

_FEWEST_ROWS = 3


def other_layout(located: Located) -> bool:
    """Whether only one row of a block with several rows and columns of amounts was located, and no head as the form
    words it.

    金额合计 under 预算数 and 执行数, each of them 总额, 财政拨款 and 其他资金, is no 年度资金总额 with 全年预算数 and
    全年执行数: such a table is read by its layout, not by the form.
    """
    reworded = {wording.name for wording in located.wordings if not wording.taught}
    return any(
        isinstance(block, GridBlock) and _is_other(located, block, reworded) for block in located.form.definition.blocks
    )


def _is_other(located: Located, block: GridBlock, reworded: set[str]) -> bool:
    rows = [row.id for row in block.rows if isinstance(row, Row)]
    amounts = [column.id for column in block.columns if column.kind == "amount"]
    located_items = {(row, column) for row in rows for column in amounts if f"{row}.{column}" in located.places}
    heads = {column for _, column in located_items} - reworded
    return len(rows) >= _FEWEST_ROWS and len(amounts) > 1 and len({row for row, _ in located_items}) == 1 and not heads
