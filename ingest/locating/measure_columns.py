"""Signs and units of measures that stand in columns of their own: 指标性质 | 指标值 | 度量单位."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gouji.ingest.figures.measures import parse_measure
from gouji.ingest.figures.numbers import LARGEST_FRACTION
from gouji.ingest.grid import Sheet
from gouji.ingest.locating.located import Place, Position
from gouji.ingest.locating.region import Region
from gouji.templates.labels import label_key, squeezed
from gouji.templates.measure_words import DIRECTIONS, LIMITS_BEFORE, SIGN_HEADS, UNIT_HEADS
from gouji.templates.units import SHARES

_SIGNS, _UNITS = frozenset(map(label_key, SIGN_HEADS)), frozenset(map(label_key, UNIT_HEADS))


def sign_and_unit_columns(region: Region, rows: range) -> tuple[int | None, int | None]:
    """The columns of signs and of units under the heads in some rows; None where there are not."""
    keys = [(column, key) for row in rows for column, key in region.keys.get(row, {}).items()]
    columns_by_meaning = [[column for column, key in keys if key in heads] for heads in (_SIGNS, _UNITS)]
    sign, unit = (columns[0] if len(columns) == 1 else None for columns in columns_by_meaning)
    return sign, unit


def with_sign_and_unit(
    columns: dict[str, Place], measures: Sequence[str], row: int, sign: int | None, unit: int | None
) -> None:
    """Puts the cells of sign and unit to a line's measures, in place: the first is its target, which has a sign."""
    for number, name in enumerate(name for name in measures if name in columns):
        sign_cell = (row, sign) if sign is not None and number == 0 else None
        columns[name] = replace(columns[name], sign=sign_cell, unit=None if unit is None else (row, unit))


def in_one(sheet: Sheet, place: Place, raw: object, number_format: str | None) -> str | None:
    """≥ | 95 | % as one text, None where the columns of sign and unit add nothing: those in the cell come first."""
    alone = parse_measure(raw, number_format)
    if alone.number is None or alone.change or (place.sign is None and place.unit is None):
        return None
    sign = "" if alone.sign or alone.direction else _sign(_text(sheet, place.sign))
    unit = "" if alone.unit else _text(sheet, place.unit)
    if unit in SHARES and abs(alone.number) <= LARGEST_FRACTION:
        unit = ""  # 0.95 beside % may be 95 % as well
    text = f"{sign}{alone.text}{unit}"
    joined = parse_measure(text)
    complete = joined.number is not None and (joined.sign or not sign) and (joined.unit or not unit)
    return text if complete and (sign or unit) else None


def _text(sheet: Sheet, at: Position | None) -> str:
    raw = None if at is None else sheet.raw(*at)
    return squeezed(raw) if isinstance(raw, str) else ""


def _sign(text: str) -> str:
    return DIRECTIONS.get(text) or LIMITS_BEFORE.get(text, "")
