"""How much a file may be or may become before it is turned away, and how a bureau sets it otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
_LARGEST, _LONGEST = 1 << 42, 7 * 24 * 3600
"""Bytes (or cells, members) and seconds that a limit may be set to."""
_LONGEST_FILE = 16 * 1024
"""Bytes of a file of limits, which has a line for each."""


class LimitsError(Exception):
    """A file of limits cannot be used; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of admission and reading. Sizes in bytes; a filled return is some 100 kB, so all of them are generous."""

    file_size: int = 60 * MEGABYTE
    """Largest file."""
    members: int = 4_000
    """Most members in an archive."""
    part_size: int = 300 * MEGABYTE
    """Largest single member when inflated."""
    total_size: int = 600 * MEGABYTE
    """Largest sum of all members when inflated."""
    ratio: int = 100
    """Largest inflation (inflated : packed), asked only once `ratio_from` is passed."""
    ratio_from: int = 64 * MEGABYTE
    """Inflated size from which `ratio` counts; small files of repeated text inflate well and mean no harm."""
    cells: int = 5_000_000
    """Most cells in the rectangles from A1 to the last filled cell, summed over the sheets."""
    grid_rows: int = 1_048_576
    """Rows of an Excel sheet."""
    grid_columns: int = 16_384
    """Columns of an Excel sheet."""
    kept_part: int = 8 * MEGABYTE
    """Members up to this size stay in memory until they are scanned; larger ones are inflated again."""
    mended_part: int = 32 * MEGABYTE
    """Largest XML part that is rewritten when the reader cannot take it as it stands."""
    deadline: int = 120
    """Seconds that reading a file may take; many times what the largest needs that is let in."""
    memory: int = 2048 * MEGABYTE
    """Memory of the process that reads it (where the system can bound it)."""

    def __post_init__(self) -> None:
        """Raises LimitsError for a value that is no whole number above 0, or larger than any system can keep."""
        for one in fields(self):
            value, most = getattr(self, one.name), _LONGEST if one.name == "deadline" else _LARGEST
            if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
                raise LimitsError(f"“{one.name}”应为大于 0 的整数，现为 {value}")
            if value > most:
                raise LimitsError(f"“{one.name}”过大，最多 {most}")


def read_limits(path: Path) -> Limits:
    """The limits in a TOML file: `file_size = 104857600`, one to a line; those not named stay as they are.

    Raises FileNotFoundError, LimitsError for what is no such file, an unknown name and a value that is no whole number
    above 0, or more than any system has.
    """
    with path.open("rb") as opened:
        text = opened.read(_LONGEST_FILE + 1)
    if len(text) > _LONGEST_FILE:
        raise LimitsError(f"{path} 太大，不像一份限制，请核对文件")
    try:
        given = tomllib.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # ValueError: also a number of more digits than Python takes
        raise LimitsError(f"{path} 不是正确的 TOML 文件：{error}") from error
    try:
        return limits_of(given)
    except LimitsError as error:
        raise LimitsError(f"{path} 里的{error}") from error


def limits_of(given: Mapping[str, Any]) -> Limits:
    """The limits by their names; those not named stay as they are. Raises LimitsError."""
    known = [field.name for field in fields(Limits)]
    if unknown := [name for name in given if name not in known]:
        raise LimitsError(f"{'、'.join(f'“{name}”' for name in unknown)}不是一项限制，可用的有：{'、'.join(known)}")
    return Limits(**given)
