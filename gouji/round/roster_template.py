"""名册.xlsx of a new round: the heads, wide enough to write below, and a sheet that says what belongs where."""

from __future__ import annotations

import datetime
from pathlib import Path

from gouji.ingest.roster import COLUMNS
from gouji.templates.write import open_workbook, write_text

_SHEET, _GUIDE = "名册", "填写说明"
_ROWS = 2000
"""Rows that are formatted as text: a code must keep the zeros in front."""
_CREATED = datetime.datetime(2000, 1, 1)
_MEANINGS = {
    "单位编码": (14, "必填。预算单位编码，前面的 0 要保留。"),
    "单位名称": (30, "必填。单位全称，与公章一致。"),
    "主管部门": (24, "可不填。印在下发的表上，用来按部门汇总。"),
    "归口股室": (16, "可不填。催报名单按它分页。"),
    "乡镇/部门": (14, "可不填。"),
    "曾用名称或编码": (22, "可不填。改过名称或编码的，写以前的，收到的表上写的是旧名也能认出。"),
    "变动": (12, "可不填。合并、更名、新设，写明的不做跨年核对。"),
    "应报表": (
        30,
        "可不填：应报的就是 勾稽.toml 里下发的表（自评表只有有项目的单位要报）。另有规定的，写表名，用“；”隔开。",
    ),
    "项目编码": (16, "可不填。"),
    "项目名称": (36, "有几个项目就写几行，单位编码和单位名称每行都写；没有项目的写“无”。"),
    "联系人": (18, "可不填。"),
    "截止日期": (14, "可不填：按 勾稽.toml 的截止日期。这个单位另有期限的，写成 2026-03-31 这样。"),
}


def write_roster_template(path: Path) -> None:
    """The workbook, replaced whole. Raises OSError."""
    workbook = open_workbook(path, _CREATED)
    head = workbook.add_format({"bold": True, "bg_color": "#DDE6F3", "border": 1, "align": "center"})
    must = workbook.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1, "align": "center"})
    text, wrapped = workbook.add_format({"num_format": "@"}), workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(_SHEET)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, name in enumerate(COLUMNS):
        width, meaning = _MEANINGS[name]
        sheet.set_column(place, place, width, text)
        write_text(sheet, 0, place, name, must if meaning.startswith("必填") else head)
    guide = workbook.add_worksheet(_GUIDE)
    guide.set_column(0, 0, 18)
    guide.set_column(1, 1, 90)
    for row, (name, (_, meaning)) in enumerate(_MEANINGS.items()):
        write_text(guide, row, 0, name, head)
        write_text(guide, row, 1, meaning, wrapped)
    workbook.close()
