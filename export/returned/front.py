"""The sheets that a copy gets: 问题 in front, which lists the findings, and the very hidden record of what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from gouji.export.book import text_height
from gouji.export.returned.marks import Mark, counted, position
from gouji.export.returned.package import MAIN
from gouji.export.returned.styles import COLOURS, Styles
from gouji.templates.addresses import cell_name, column_name, quoted_sheet
from gouji.templates.returned import HEADS, ID_HEAD, Record, record_rows
from gouji.templates.write import inline_text

HEAD_ROW = 3
"""The row of the heads, from 0."""
TITLE = "退回问题清单"
_WIDTHS = (5.5, 18.0, 9.0, 8.0, 10.0, 60.0, 15.0, 15.0, 8.5, 32.0)
_ANSWER, _LINK, _SEVERITY = HEADS.index("单位说明"), HEADS.index("单元格"), HEADS.index("程度")
_TOLD = (
    "有问题的格子已标上颜色并加了批注：红色为强制性，必须改正；橙色为核实性，请核对后更正或说明理由；蓝色为提示。"
    "点“单元格”一栏可以跳到该处。请在本文件里改好、保存后原样报送；不需要改的，请在“单位说明”一栏写明理由，说明会随文件一并报送。"
    "本表、颜色和批注不必删除，收到后会自动清理。"
)
_LONGEST_LINKED = 65_000
"""Links that a sheet may have (Excel: 65,530)."""


def issues_sheet(marks: Sequence[Mark], unit: str, styles: Styles, sheets: set[str]) -> bytes:
    """The sheet 问题; `sheets`: those to whose cells there can be a link."""
    look = _Looks(styles)
    last = column_name(len(HEADS))
    lines = [(mark, _linked(mark, sheets)) for mark in marks]
    rows = [
        _row(0, 30, [_cell(0, 0, f"{unit}{TITLE}" if unit else TITLE, look.title)]),
        _row(1, 20, [_cell(1, 0, f"{counted(marks)}。", look.bold)]),
        _row(2, text_height(_TOLD, sum(_WIDTHS)), [_cell(2, 0, _TOLD, look.told)]),
        _row(HEAD_ROW, 22, [_cell(HEAD_ROW, n, head, look.head) for n, head in enumerate((*HEADS, ID_HEAD))]),
        *(_line(HEAD_ROW + 1 + n, n + 1, mark, linked, look) for n, (mark, linked) in enumerate(lines)),
    ]
    end = HEAD_ROW + max(len(marks), 1)
    links = [
        f'<hyperlink ref="{cell_name(HEAD_ROW + 1 + n, _LINK)}" location={quoteattr(place)}/>'
        for n, (_, place) in enumerate(lines)
        if place is not None
    ][:_LONGEST_LINKED]
    widths = "".join(
        f'<col min="{n + 1}" max="{n + 1}" width="{width}" customWidth="1"/>' for n, width in enumerate(_WIDTHS)
    )
    merged = "".join(f'<mergeCell ref="A{n}:{column_name(len(HEADS) - 1)}{n}"/>' for n in (1, 2, 3))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
        '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}{end + 1}"/>'
        '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{HEAD_ROW + 1}" topLeftCell="A{HEAD_ROW + 2}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="A{HEAD_ROW + 2}" sqref="A{HEAD_ROW + 2}"/></sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="18"/>'
        f'<cols>{widths}<col min="{len(HEADS) + 1}" max="{len(HEADS) + 1}" width="20" hidden="1"/></cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0" autoFilter="0"/>'
        f'<autoFilter ref="A{HEAD_ROW + 1}:{column_name(len(HEADS) - 1)}{end + 1}"/>'
        f'<mergeCells count="3">{merged}</mergeCells>'
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;R第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    ).encode()


def record_sheet(record: Record) -> bytes:
    """The sheet `_退回`."""
    rows = [
        f'<row r="{n + 1}">{"".join(_cell(n, column, text, 0) for column, text in enumerate(texts))}</row>'
        for n, texts in enumerate(record_rows(record))
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
        f'<sheetData>{"".join(rows)}</sheetData><sheetProtection sheet="1" objects="1" scenarios="1"/></worksheet>'
    ).encode()


def _linked(mark: Mark, sheets: set[str]) -> str | None:
    where = position(mark)
    return None if where is None or mark.sheet not in sheets else f"{quoted_sheet(mark.sheet)}!{cell_name(*where)}"


def _line(row: int, number: int, mark: Mark, linked: str | None, look: _Looks) -> str:
    texts = (
        mark.sheet or "（整个文件）", mark.cell or "", mark.severity, mark.verdict, mark.message, mark.stated or "",
        mark.expected or "", mark.rule, mark.explanation or "",
    )  # fmt: skip
    cells = [f'<c r="{cell_name(row, 0)}" s="{look.centred}"><v>{number}</v></c>']
    for column, text in enumerate(texts, 1):
        style = look.columns[column]
        if column == _LINK and linked is not None:
            style = look.link
        elif column == _SEVERITY:
            style = look.severities[mark.severity]
        cells.append(_cell(row, column, text, style))
    cells.append(_cell(row, len(HEADS), mark.finding_id, 0))
    height = max(text_height(texts[column - 1], _WIDTHS[column]) for column in (1, 5, 6, 7, 9))
    return _row(row, height, cells)


def _row(row: int, height: float, cells: Sequence[str]) -> str:
    return f'<row r="{row + 1}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'


def _cell(row: int, column: int, text: str, style: int) -> str:
    return f'<c r="{cell_name(row, column)}" s="{style}"{inline_text(text)}'


class _Looks:
    """The cell styles of the sheet 问题, added to those of the workbook."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        grid = '<color rgb="FFBFBFBF"/>'
        sides = "".join(f'<{side} style="thin">{grid}</{side}>' for side in ("left", "right", "top", "bottom"))
        self._boxed = styles.add("borders", f"<border>{sides}<diagonal/></border>")
        self._open = styles.add("borders", "<border><left/><right/><top/><bottom/><diagonal/></border>")
        self._none = styles.add("fills", '<fill><patternFill patternType="none"/></fill>')
        plain, link = self._font(), self._font(colour="FF0563C1", underlined=True)
        self.title = self._style(self._font(16, "FF1F3A5F", bold=True), border=self._open, wrap=False)
        self.bold = self._style(self._font(11, bold=True), border=self._open)
        self.told = self._style(self._font(colour="FF595959"), border=self._open)
        self.head = self._style(self._font(bold=True), fill=self._fill("FFDCE4EE"), align="center")
        self.text = self._style(plain)
        self.centred = self._style(plain, align="center")
        self.link = self._style(link, align="center")
        self.answer = self._style(plain, fill=self._fill("FFFFFDE7"), locked=False)
        self.severities = {
            severity: self._style(plain, fill=self._fill(colour), align="center") for severity, colour in SHADES.items()
        }
        centred = {0, 2, 3, 4, 8}
        self.columns: Mapping[int, int] = {
            n: self.answer if n == _ANSWER else self.centred if n in centred else self.text for n in range(len(HEADS))
        }

    def _font(self, size: int = 10, colour: str = "FF000000", *, bold: bool = False, underlined: bool = False) -> int:
        look = f'<sz val="{size}"/><color rgb="{colour}"/><name val="宋体"/><charset val="134"/>'
        return self._styles.add("fonts", f"<font>{'<b/>' * bold}{'<u/>' * underlined}{look}</font>")

    def _fill(self, colour: str) -> int:
        solid = f'<patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill>'
        return self._styles.add("fills", f"<fill>{solid}</fill>")

    def _style(
        self, font: int, *, fill: int | None = None, border: int | None = None, align: str = "left", wrap: bool = True,
        locked: bool = True,
    ) -> int:  # fmt: skip
        numbers = f'fontId="{font}" fillId="{self._none if fill is None else fill}"'
        numbers += f' borderId="{self._boxed if border is None else border}"'
        alignment = f'<alignment horizontal="{align}" vertical="center" wrapText="{int(wrap)}"/>'
        alignment += f'<protection locked="{int(locked)}"/>'
        applied = " ".join(f'apply{part}="1"' for part in ("Font", "Fill", "Border", "Alignment", "Protection"))
        return self._styles.add("cellXfs", f'<xf numFmtId="0" {numbers} xfId="0" {applied}>{alignment}</xf>')


SHADES = {severity: f"FF{int(colour[2:], 16) ^ 0x8:06X}" for severity, colour in COLOURS.items()}
"""The severities' colours in the list itself, which are no marks."""
