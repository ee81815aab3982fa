"""指标库.xlsx to begin with: the heads, and a sheet that says what belongs where."""

from __future__ import annotations

import datetime
from pathlib import Path

from gouji.templates.indicator_library import DIRECTION, FIRST, HEADS, LIBRARY_SHEET, NAME, NOTE, SECOND, UNIT
from gouji.templates.write import open_workbook, write_text

LIBRARY = "指标库.xlsx"
_GUIDE = "填写说明"
_ROWS = 2000
_CREATED = datetime.datetime(2000, 1, 1)
_MEANINGS = {
    FIRST: (14, "可不填。一级指标，例如 产出指标。与上一行相同的可以空着。"),
    SECOND: (18, "可不填。二级指标，例如 数量指标。与上一行相同的可以空着。"),
    NAME: (
        36,
        "必填。三级指标的名称，一行一个。下发的表里可以从中选；收到的表里写了别的名称的，会提示相近的是哪个。",
    ),
    UNIT: (12, "可不填。计量单位，例如 人次、%、万元。空着的不核对。"),
    DIRECTION: (10, "可不填。正向（越大越好，指标值写 ≥）、负向（越小越好，写 ≤）、等于、定性。空着的不核对。"),
    NOTE: (50, "可不填。指标的解释、取数来源等，供查阅。"),
}


def write_library_template(path: Path) -> None:
    """The workbook; what is there already stays. Raises FileExistsError, OSError."""
    if path.exists():
        raise FileExistsError(17, "", str(path))
    workbook = open_workbook(path, _CREATED)
    head = workbook.add_format({"bold": True, "bg_color": "#DDE6F3", "border": 1, "align": "center"})
    must = workbook.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1, "align": "center"})
    text, wrapped = workbook.add_format({"num_format": "@"}), workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(LIBRARY_SHEET)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, name in enumerate(HEADS):
        width, meaning = _MEANINGS[name]
        sheet.set_column(place, place, width, text)
        write_text(sheet, 0, place, name, must if meaning.startswith("必填") else head)
    directions = ["正向", "负向", "等于", "定性"]
    at = HEADS.index(DIRECTION)
    sheet.data_validation(1, at, _ROWS, at, {"validate": "list", "source": directions})
    guide = workbook.add_worksheet(_GUIDE)
    guide.set_column(0, 0, 18)
    guide.set_column(1, 1, 90)
    for row, (name, (_, meaning)) in enumerate(_MEANINGS.items()):
        write_text(guide, row, 0, name, head)
        write_text(guide, row, 1, meaning, wrapped)
    workbook.close()
