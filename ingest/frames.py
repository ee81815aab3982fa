"""The frames that reading hands on: `returns` and `values`, each with its schema."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandas.api.types import pandas_dtype

RETURN_COLUMNS = [
    "return_id", "file", "sha256", "sheet", "form", "edition", "unit_code", "unit", "unit_source",
    "year", "year_source", "instance", "status", "reason", "supersedes", "layout", "adopted",
    "read", "printed", "unread", "absent", "unread_cells",
]  # fmt: skip
VALUE_COLUMNS = ["return_id", "list_id", "line", "item", "value", "raw", "decimals", "state", "sheet", "cell"]

ATTACHED, PACKED, OURS, UNSEEN = "附件", "压缩包", "不是报表", "没有查看"
"""Statuses of files that are no return: a document, something to be unpacked first, a file of the bureau's own, what
was left out where the files were looked for (a hidden file, a linked folder)."""
PAGES = "pages"
"""Layout of a table that was read from the pages of a PDF."""
AMOUNTS_OPEN, UNIT_OPEN = "金额待定", "单位待定"
"""Statuses of tables that do not count until somebody says so: in which unit of money, or whose, they are is open."""
STATUSES = [
    "已收", "重复报送", "重复文件", "已替代", "未识别", "未收录", "无法读取", "已隔离", "空表", AMOUNTS_OPEN, UNIT_OPEN,
    ATTACHED, PACKED, OURS, UNSEEN,
]  # fmt: skip

STATES = ["filled", "blank", "not_applicable", "unreadable", "error", "uncalculated", "absent", "ambiguous"]
"""`absent` (表上没有): the sheet has no such label, so that nobody was asked for it; it has no cell. `ambiguous`: its
field holds more figures than one, as when a merge was taken apart."""
PRINTED, EXTRA, COUNTED, ASIDE, LIKE = ".印制分值", "+", "⊞", "⊟", "≈"
"""Items beyond the definition's own: `indicator.印制分值`, `block+label.column` of a row that it does not have (⊞, ⊟
where people said that the row is a part of the block's sums, or none), and `≈row` (column, field), whose `raw` is the
label of the sheet that was read for it by its likeness."""

_STATES = (
    "填写情况：filled 填了，blank 空白，not_applicable 不适用，unreadable 读不出，error 错误值，"
    "uncalculated 公式没有结果，absent 表上没有，ambiguous 一格里不止一个数"
)

returns_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str, unique=True, description="表的编号，各表之间以它相连"),
        "file": pa.Column(str, description="文件，相对于收到的文件夹"),
        "sha256": pa.Column(str, description="文件内容的 SHA-256"),
        "sheet": pa.Column(str, nullable=True, description="工作表"),
        "form": pa.Column(str, nullable=True, description="表名"),
        "edition": pa.Column(str, nullable=True, description="版本"),
        "unit_code": pa.Column(str, nullable=True, description="单位编码"),
        "unit": pa.Column(str, nullable=True, description="单位名称"),
        "unit_source": pa.Column(str, nullable=True, description="单位从哪里看出（标识页、表头、文件名 …）"),
        "year": pa.Column("Int64", nullable=True, description="填报年度"),
        "year_source": pa.Column(str, nullable=True, description="年度从哪里看出"),
        "instance": pa.Column(str, nullable=True, description="哪一个项目（按项目填的表）"),
        "status": pa.Column(str, pa.Check.isin(STATUSES), description="收表结果"),
        "reason": pa.Column(str, nullable=True, description="为什么是这个结果"),
        "supersedes": pa.Column(str, nullable=True, description="代替了哪个文件"),
        "layout": pa.Column(
            str,
            pa.Check.isin(["issued", "found", PAGES]),
            nullable=True,
            description="按下发的位置读取（issued），按标签找到（found），还是从 PDF 的页面读取（pages）",
        ),
        "adopted": pa.Column(bool, description="表间核对是否以它为准"),
        "read": pa.Column("Int64", nullable=True, description="读到的数"),
        "printed": pa.Column("Int64", nullable=True, description="表上印好的数"),
        "unread": pa.Column("Int64", nullable=True, description="没有读取的数"),
        "absent": pa.Column("Int64", nullable=True, description="表上没有的数字项目"),
        "unread_cells": pa.Column(str, nullable=True, description="没有读取、可能属于合计的格子"),
    },
    strict=True,
    ordered=True,
)
"""One row per table, per part of a sheet that is none (未识别, 未收录), and per file that holds neither.

`unit_source`, `year_source`: what told unit and year (标识页, 表头, 文件名 …). `layout`: taken at the issued addresses,
found by labels, or found by labels on the pages of a PDF. `adopted`: whether it counts in checks across tables. `read`,
`printed`, `unread`: the figures in its rows by what became of them; `absent`: figure items that were not found;
`unread_cells`: figures that may belong to a block that is summed (see `ingest.accounting`).
"""

values_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str, description="表的编号"),
        "list_id": pa.Column(str, nullable=True, description="清单（不在清单里的为空）"),
        "line": pa.Column(str, nullable=True, description="清单的哪一行"),
        "item": pa.Column(str, description="项目：行.列，清单里是 行.栏；带 + ≈ 等符号的是表样以外的行和标签"),
        "value": pa.Column(float, nullable=True, description="数值：金额为万元，比率为小数，得分为分"),
        "raw": pa.Column(str, nullable=True, description="格子里的原文"),
        "decimals": pa.Column("Int8", nullable=True, description="显示的小数位数"),
        "state": pa.Column(str, pa.Check.isin(STATES), description=_STATES),
        "sheet": pa.Column(str, description="工作表"),
        "cell": pa.Column(str, nullable=True, description="单元格"),
    },
    strict=True,
    ordered=True,
    unique=["return_id", "item"],
)
"""One row per item of a located table. `item` is `row.column`, or `line.column` with `list_id` and `line` filled.
A column that the sheet's list has not is a row `list.column` without them, its state `absent`.

`value`: 万元 for amounts, a fraction for rates, 分 for points. `decimals`: those that the figure shows.
"""


labels_schema = pa.DataFrameSchema(
    {
        "return_id": pa.Column(str, description="表的编号"),
        "label": pa.Column(str, description="表上的标签"),
        "how": pa.Column(str, description="怎样读的：相近、对照、表样没有的行、未认出"),
        "read_as": pa.Column(str, description="读作表样的哪个标签；表样没有的行，在哪一块里；未认出的为空文字"),
        "cell": pa.Column(str, description="单元格"),
        "lacking": pa.Column(str, description="这张表上没有找到的表样标签，用“；”隔开"),
    },
    strict=True,
    ordered=True,
)
"""One row per label of a table that was not read by its own wording (`ingest.labels_met`). `lacking`: the labels of the
form that the same table does not have, joined with ；."""


def typed(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """The frame with the schema's columns, order and dtypes; missing columns come as nulls. Raises SchemaError."""
    dtypes, demands = _asked(schema)
    given = frame.reindex(columns=list(dtypes))
    shaped = pd.DataFrame({name: given[name].astype(dtype) for name, dtype in dtypes.items()}, index=given.index)
    if len(shaped):
        demands.validate(shaped)
    return shaped


def _asked(schema: pa.DataFrameSchema) -> _Asked:
    """Column → dtype, and what a schema asks of a frame that has its columns in these: to look at every column for its
    dtype again takes longer than to check a small batch.
    """
    if id(schema) not in _ASKED:
        dtypes = {name: _pandas_dtype(str(column.dtype)) for name, column in schema.columns.items()}
        columns = {
            name: pa.Column(None, column.checks, nullable=column.nullable, unique=column.unique)
            for name, column in schema.columns.items()
            if column.checks or column.unique or not column.nullable
        }
        rest = pa.DataFrameSchema(columns, checks=schema.checks, unique=schema.unique)
        _ASKED[id(schema)] = schema, (dtypes, rest)  # the schema too, for its id must stay its own
    return _ASKED[id(schema)][1]


def _pandas_dtype(name: str) -> Any:
    """A schema's dtype as `astype` takes it."""
    return pandas_dtype("str" if name in ("str", "string") else name.lower() if name == "bool" else name)


_Asked = tuple[dict[str, Any], pa.DataFrameSchema]
_ASKED: dict[int, tuple[pa.DataFrameSchema, _Asked]] = {}
