"""How much a file may be or may become before it is turned away."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of admission. Sizes in bytes; a filled return is some 20 kB, so all of them are generous."""

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
