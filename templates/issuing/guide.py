"""填报说明: the first sheet, which tells the unit what to fill, how, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gouji.templates.issuing.heights import text_height
from gouji.templates.issuing.page import protect, set_up_page
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.issuing.styles import COMPUTED, DOUBTFUL, FAULTY, INPUT, Styles
from gouji.templates.recipient import Recipient
from gouji.templates.selfcheck.names import SELF_CHECK_SHEET
from gouji.templates.write import add_sheet, merge_cells, write_figure, write_sheet_link, write_text

GUIDE_SHEET = "填报说明"

NO_PROJECTS = "本单位本年度没有项目的，请在右边选“无”"
"""Beside it the unit says that it has none."""
HAS, NONE = "有", "无"
_WIDTHS = [6.0, 20.0, 36.0, 28.0]
_SIZE = 11
_COLOURS = (
    (INPUT, "浅黄色", "请您填写的格子。点一下格子会出现填写提示。"),
    (COMPUTED, "灰色", "由公式自动算出，不用填。相关数字填好后，结果会自己出现。"),
    ("#FFFFFF", "白色", "表样的文字和固定数字，已锁定，不能改动。"),
    (FAULTY["bg_color"], "红色", "与别的数字对不上，请改正，原因写在该行右边。"),
    (DOUBTFUL["bg_color"], "橙色", f"请核实：填错的改正；确属实情的，在“{SELF_CHECK_SHEET}”表里写明理由。"),
)


def write_guide(
    workbook: Workbook, recipient: Recipient, year: int, sheets: Sequence[IssuedSheet], styles: Styles
) -> None:
    """Add the sheet; it must be the first one."""
    _Guide(add_sheet(workbook, GUIDE_SHEET), styles).write(recipient, year, sheets)


def instructions(sheets: Sequence[IssuedSheet]) -> list[str]:
    """The numbered instructions that fit the sheets of this workbook."""
    units = "、".join(dict.fromkeys(sheet.form.definition.money_unit for sheet in sheets))
    told = [
        f"金额单位一律是{units}。格子里只填数字，不要再写单位。",
        "没有发生的事项请填 0，不要留空，也不要写“无”或画横线。用不到的空行整行留空。",
        "单位名称和项目名称如已填好，请核对，有误可以直接改正。",
    ]
    spares = [sheet for sheet in sheets if sheet.spare]
    if spares:
        names = "、".join(f"“{sheet.name}”" for sheet in spares)
        told.append(
            f"每个项目填一张自评表。项目多出来时，请用{names}；用不到的表整张留空。仍不够用，请与发表单位联系。"
        )
    return [
        *told,
        "请不要修改工作表的名称和顺序，不要插入或删除行、列，不要把表格复制到别的文件里填。行高、列宽可以调整。",
        "从别的文件粘贴数字时，请用“选择性粘贴—数值”，以免带入公式和格式。",
        "各表已按 A4 纸设好，可以直接打印。需要签字、盖章的，请打印后另行报送。",
        f"填好后请看“{SELF_CHECK_SHEET}”表：哪里不符、哪里还没填，都列在上面；不符的格子在各表里也会变红，旁边写明原因。",
        "填好后请保存，仍用 .xlsx 格式，把整个文件发回给发表单位。被退回的，请在退回的文件里改正后再发回。",
    ]


class _Guide:
    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self._sheet = sheet
        self._styles = styles
        self._heights: list[float] = []

    def write(self, recipient: Recipient, year: int, sheets: Sequence[IssuedSheet]) -> None:
        self._line(GUIDE_SHEET, self._style(font_size=18, bold=True, align="center"), 36)
        who = f"{recipient.unit}（{recipient.unit_code}）" if recipient.unit_code else recipient.unit
        self._line(f"{who}　{year}年度", self._style(font_size=12, align="center"), 24)
        self._heading("一、颜色")
        for colour, name, meaning in _COLOURS:
            self._colour(colour, name, meaning)
        self._heading("二、填写要求")
        for number, text in enumerate(instructions(sheets), 1):
            self._instruction(number, text)
        self._heading("三、本文件中的表（点表名可以直接跳到该表）")
        self._table(sheets)
        if any(sheet.form.definition.per == "project" for sheet in sheets):
            self._heading("四、有没有项目")
            self._choice()
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        for row, height in enumerate(self._heights):
            self._sheet.set_row(row, height)
        set_up_page(self._sheet, "portrait", _WIDTHS, self._heights)
        protect(self._sheet)

    def _style(self, **look: Any) -> Format:
        return self._styles.of(**{"font_size": _SIZE, "text_wrap": True, **look})

    def _boxed(self, **look: Any) -> Format:
        return self._style(border=1, border_color="#808080", **look)

    def _line(self, text: str, style: Format, height: float) -> int:
        row = len(self._heights)
        merge_cells(self._sheet, row, 0, 1, len(_WIDTHS), style)
        write_text(self._sheet, row, 0, text, style)
        self._heights.append(height)
        return row

    def _heading(self, text: str) -> None:
        self._line(text, self._style(bold=True, font_size=12, align="left"), 28)

    def _colour(self, colour: str, name: str, meaning: str) -> None:
        row = len(self._heights)
        swatch = self._boxed(bg_color=colour, align="center")
        merge_cells(self._sheet, row, 0, 1, 2, swatch)
        write_text(self._sheet, row, 0, name, swatch)
        self._wide(row, 2, meaning, self._boxed(align="left"))

    def _instruction(self, number: int, text: str) -> None:
        row = len(self._heights)
        write_text(self._sheet, row, 0, f"{number}.", self._style(align="center", valign="top"))
        self._wide(row, 1, text, self._style(align="left", valign="top"))

    def _choice(self) -> None:
        """Where a unit without projects says so: its 自评表 are missing then, and not owed."""
        row, last = len(self._heights), len(_WIDTHS) - 1
        merge_cells(self._sheet, row, 0, 1, last, self._boxed(align="left"))
        write_text(self._sheet, row, 0, f"{NO_PROJECTS}；自评表都留空。", self._boxed(align="left"))
        write_text(self._sheet, row, last, "", self._boxed(bg_color=INPUT, align="center", locked=False))
        allowed = {
            "validate": "list",
            "source": [HAS, NONE],
            "error_title": "请选择",
            "error_message": "请选“有”或“无”。",
        }
        self._sheet.data_validation(row, last, row, last, allowed)
        self._heights.append(24.0)

    def _wide(self, row: int, column: int, text: str, style: Format) -> None:
        merge_cells(self._sheet, row, column, 1, len(_WIDTHS) - column, style)
        write_text(self._sheet, row, column, text, style)
        self._heights.append(max(20.0, text_height(text, sum(_WIDTHS[column:]), _SIZE)))

    def _table(self, sheets: Sequence[IssuedSheet]) -> None:
        head = self._boxed(bold=True, align="center")
        for column, text in enumerate(("序号", "工作表", "表名", "项目")):
            write_text(self._sheet, len(self._heights), column, text, head)
        self._heights.append(22.0)
        for number, sheet in enumerate(sheets, 1):
            row = len(self._heights)
            project = _project(sheet)
            write_figure(self._sheet, row, 0, number, self._boxed(align="center"))
            link = self._boxed(font_color="#0563C1", underline=1, align="left")
            write_sheet_link(self._sheet, row, 1, sheet.name, sheet.name, link)
            write_text(self._sheet, row, 2, sheet.form.titles[0], self._boxed(align="left"))
            write_text(self._sheet, row, 3, project, self._boxed(align="left"))
            self._heights.append(guide_height(sheet))
        row, boxed = len(self._heights), self._boxed(align="left")
        write_figure(self._sheet, row, 0, len(sheets) + 1, self._boxed(align="center"))
        link = self._boxed(font_color="#0563C1", underline=1, align="left")
        write_sheet_link(self._sheet, row, 1, SELF_CHECK_SHEET, SELF_CHECK_SHEET, link)
        write_text(self._sheet, row, 2, "自动核对的结果，不用填", boxed)
        write_text(self._sheet, row, 3, "——", boxed)
        self._heights.append(20.0)


def guide_height(sheet: IssuedSheet) -> float:
    """Points of the sheet's line in the list of sheets: all that the length of a name changes in the guide."""
    texts = ((sheet.name, 1), (sheet.form.titles[0], 2), (_project(sheet), 3))
    return max([20.0, *(text_height(text, _WIDTHS[at], _SIZE) for text, at in texts)])


def _project(sheet: IssuedSheet) -> str:
    return "（备用）" if sheet.spare else sheet.project.name if sheet.project else "——"
