"""A plain frame with one column per item, held against the rules of its form: no files, no other tables.

What a run does with the tables that it reads (`validate.check`), for figures that come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd
import pandera.pandas as pa

from gouji.templates.exact import places
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import refs
from gouji.validate.figures import LineFigures, ReturnFigures, Tables
from gouji.validate.judge import judge, residual_frame, rounding_column, rule_schema
from gouji.validate.records import UNKNOWN_DECIMALS
from gouji.validate.residuals import Residual, residual_of
from gouji.validate.wide import ABSENT_STATE, BLANK_STATE, FILLED_STATE, Columns, Lines, Wide


def plain_items(form: Form, list_id: str | None = None) -> dict[str, Item]:
    """The columns of a plain frame: the items of the form, or the columns of one of its lists."""
    return dict(form.items) if list_id is None else {item.id: item for item in form.lists[list_id].columns.values()}


def plain_rules(form: Form, list_id: str | None = None) -> list[Rule]:
    """The rules and bounds that read nothing but these items: no other table, no other year, no lines added up."""
    items = plain_items(form, list_id)
    asked = (rule for rule in (*form.rules, *form.bounds) if rule.list_id == list_id)
    return [rule for rule in asked if all(ref.form is None and ref.item in items for ref in refs(rule.node))]


def form_schema(form: Form, list_id: str | None = None, *, rounding: bool = False) -> pa.DataFrameSchema:
    """A schema for a plain frame: a row per table (or line of a list), a column per item, each of them optional.

    Figures are float64: 万元 for amounts, fractions for rates, 分 for points; NaN is blank. What a column shows as
    decimals is what its shortest notation has. A parser adds a column per rule, named by its key, with stated −
    expected: 0 where it holds or rounding explains the difference, NaN where it cannot be told, which is neither a
    pass nor a failure. The check of that name fails where the difference is not 0. `rounding`: differences that
    rounding explains fail too, under `KEY·尾差`.
    """
    keys = [rule.key for rule in plain_rules(form, list_id)]
    added = [name for key in keys for name in (key, rounding_column(key))]
    asked = rule_schema(keys, rounding=rounding)

    def with_residuals(frame: pd.DataFrame) -> pd.DataFrame:
        plain = frame.drop(columns=added, errors="ignore")
        columns = residual_frame(_residuals(form, plain, list_id)).set_axis(plain.index)
        return pd.concat([plain, columns[list(asked.columns)]], axis=1)

    return pa.DataFrameSchema(
        {**_item_columns(form, list_id), **asked.columns},
        parsers=pa.Parser(with_residuals),
        name=form.key if list_id is None else f"{form.key} {list_id}",
    )


def plain_verdicts(form: Form, frame: pd.DataFrame, list_id: str | None = None) -> pd.DataFrame:
    """One row per rule and row of the frame, rules first: `row` (its index), `rule`, `item`, `verdict`, `stated`,
    `expected`, `difference` (float64, NaN where they are not known).
    """
    residuals = _residuals(form, frame, list_id)
    judged = judge(residuals)
    parts = [_told(residual, judged[residual.rule.key].tolist(), frame.index) for residual in residuals]
    names = ["row", "rule", "item", "verdict", "stated", "expected", "difference"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def _told(residual: Residual, verdicts: Sequence[str], index: pd.Index) -> pd.DataFrame:
    sides = {"stated": residual.stated, "expected": residual.expected}
    figures = {name: np.where(residual.known, side.astype(np.float64), np.nan) for name, side in sides.items()}
    labels = {"row": index, "rule": residual.rule.id, "item": residual.rule.item, "verdict": verdicts}
    return pd.DataFrame({**labels, **figures, "difference": residual.difference})


def _item_columns(form: Form, list_id: str | None) -> dict[str, pa.Column]:
    return {
        name: pa.Column(float if item.is_figure else None, nullable=True, required=False, coerce=item.is_figure)
        for name, item in plain_items(form, list_id).items()
    }


def _residuals(form: Form, frame: pd.DataFrame, list_id: str | None) -> list[Residual]:
    wide = _wide(form, frame, list_id)
    tables = Tables([wide])
    figures = ReturnFigures(wide, tables) if list_id is None else LineFigures(wide, list_id, tables)
    return [residual_of(rule, figures) for rule in plain_rules(form, list_id)]


def _wide(form: Form, frame: pd.DataFrame, list_id: str | None) -> Wide:
    """The frame as a wide one; of a list, every row is the line of a table of its own."""
    size = len(frame)
    returns = pd.DataFrame({"return_id": [str(label) for label in frame.index]})
    columns = _columns(frame, plain_items(form, list_id))
    if list_id is None:
        return Wide(form, returns, columns, {})
    columns.names = [name.rpartition(".")[2] for name in columns.names]
    names = np.array([str(label) for label in frame.index], dtype=object)
    lines = {list_id: Lines(np.arange(size), names, columns)}
    return Wide(form, returns, _columns(frame[[]], plain_items(form)), lines)


def _columns(frame: pd.DataFrame, items: dict[str, Item]) -> Columns:
    shape = len(frame), len(items)
    value, decimals = np.full(shape, np.nan), np.full(shape, UNKNOWN_DECIMALS, np.int16)
    state, raw = np.full(shape, ABSENT_STATE, np.int8), np.full(shape, None, dtype=object)
    for place, (name, item) in enumerate(items.items()):
        if name not in frame:
            continue
        column = frame[name]
        state[:, place] = np.where(column.isna(), BLANK_STATE, FILLED_STATE)
        if item.is_figure:
            value[:, place] = column.astype(float)
            decimals[:, place] = [_places(figure) for figure in value[:, place].tolist()]
        else:
            raw[:, place] = column.astype(object).where(column.notna(), None)
    return Columns(list(items), value, decimals, state, raw, np.full(shape, None, dtype=object))


def _places(figure: float) -> int:
    return UNKNOWN_DECIMALS if np.isnan(figure) else places(Decimal(repr(figure)).normalize())
