"""(f) A returned workbook marked for its unit, beside openpyxl loading and saving it and marking nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from bench.machine import cost
from gouji.export.returned.mark_up import Mark, Stamp, mark_up

SHEET = "基础数据表"
_MARKS = [
    Mark(
        finding_id=cell, severity="强制性", verdict="不符", sheet=SHEET, cell=cell, rule="G-01",
        message="应等于各项之和，请核对后更正。",
    )
    for cell in ("F6", "F7", "F8")
]  # fmt: skip
_STAMP = Stamp("0" * 64, 2)


def marking(files: Sequence[Path]) -> tuple[float, float]:
    """Seconds per workbook: marked by us, loaded and saved by openpyxl."""
    contents = [file.read_bytes() for file in files]
    with cost() as ours:
        for data in contents:
            mark_up(data, _MARKS, _STAMP)
    with cost() as theirs:
        for data in contents:
            openpyxl.load_workbook(io.BytesIO(data)).save(io.BytesIO())
    return ours.seconds / len(files), theirs.seconds / len(files)
