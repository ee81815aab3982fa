"""The 底稿 as a workbook for A4: every sheet begins with the unit and ends with the lines to sign on."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gouji.export.book import Book
from gouji.export.table import Column, Table, add_row, set_widths, write_head, write_list
from gouji.export.working_papers.paper import Paper, Rows
from gouji.templates.live import LiveSheet
from gouji.templates.review import PAPER_SHEETS
from gouji.templates.write import workbook_by_rows

SIGNED = "编制人：______________　日期：______年____月____日　　　　复核人：______________　日期：______年____月____日"
_NUMBER = Column("序号", "number", least=5, align="center")
_VERDICT = Column(
    "结论", widest=9, least=8, align="center", shades={"不符": "bad", "无法核对": "warn", "尾差": "quiet"}
)
TABLES = [
    Column("表", widest=24, least=14), Column("文件", widest=32, least=14), Column("工作表", widest=14, least=8),
    Column("状态", widest=10, least=8, align="center"), Column("自评总分", "points", least=8),
    Column("复算总分或范围", "points", least=10), Column("自评－复算", "points", least=8),
    Column("自评等次", widest=8, align="center"), Column("复算等次", widest=12, least=8, align="center"),
    Column("预警", widest=10, least=6, align="center"),
]  # fmt: skip
FIGURES = [
    _NUMBER, Column("表", widest=30, least=12), Column("项目", widest=46, least=20), Column("数", "quantity", least=14),
    Column("单位", widest=8, least=6, align="center"), Column("表上原文", widest=36, least=14),
    Column("所在单元格", widest=20, least=12),
]  # fmt: skip
TIES = [
    _NUMBER, Column("表", widest=30, least=12), Column("规则", widest=8, least=7, align="center"),
    Column("核对内容", widest=56, least=30), Column("填报数", "quantity", least=12, widest=18, align="right"),
    Column("应为", "quantity", least=12, widest=18, align="right"), Column("差额", "quantity", least=9), _VERDICT,
    Column("审核意见", widest=10, least=9, align="center"),
]  # fmt: skip
SCORES = [
    _NUMBER, Column("表", widest=30, least=12), Column("指标", widest=22, least=14), Column("分值", "points", least=7),
    Column("自评得分", "points", least=7), Column("复算得分或范围", "points", least=8),
    Column("自评－复算", "points", least=7), Column("采用的读法", widest=16, least=10),
    Column("复算过程，或不能复算的原因", widest=52, least=30),
]  # fmt: skip
PROBLEMS = [
    _NUMBER, Column("严重程度", widest=8, align="center", shades={"强制性": "bad", "核实性": "warn"}), _VERDICT,
    Column("表", widest=14, least=10), Column("单元格", widest=11, least=8), Column("填报数", widest=11, least=9),
    Column("应为", widest=11, least=9), Column("说明", widest=40, least=24), Column("规则", widest=7, align="center"),
    Column("单位说明", widest=16, least=10), Column("审核意见", widest=9, least=9, align="center"),
    Column("审核人", widest=8, least=7), Column("复核人", widest=8, least=7), Column("日期", widest=11, least=10),
    Column("备注", widest=10, least=8),
]  # fmt: skip


def workbook(paper: Paper) -> bytes:
    """The file; runs in a worker. Equal papers give equal bytes. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix="gouji-paper-") as folder:
        path = Path(folder) / "底稿.xlsx"
        with workbook_by_rows(path, paper.made) as made:
            book = Book(made)
            _front(book, paper)
            for (name, note, columns, rows), empty in zip(_lists(paper), _EMPTY, strict=True):
                _list(book, paper, name, note, columns, rows, empty)
        return path.read_bytes()


_EMPTY = ("没有填报数据。", "没有要核对的勾稽关系。", "没有需要评分的表。", "没有发现问题。")


def _lists(paper: Paper) -> list[tuple[str, str, list[Column], Rows]]:
    _, figures, ties, scores, problems = PAPER_SHEETS
    return [
        (figures, "核对和复算所用的数，按报来的表填列；金额单位万元。", FIGURES, paper.figures),
        (ties, "逐条列出核对过的勾稽关系，包括相符的；差额＝填报数－应为，比率的差额是百分点。", TIES, paper.ties),
        (scores, "复算得分不能确定为一个数的，写最低分到最高分；“自评－复算”遇到范围时，是自评超出范围多少。",
         SCORES, paper.scores),
        (problems, "发现的问题和审核意见，已审的排在后面；标“留意”的不需要另外处理，或归入别的问题。",
         PROBLEMS, paper.problems),
    ]  # fmt: skip


def _whose(paper: Paper) -> str:
    year = f"　{paper.year}年度" if paper.year is not None else ""
    return f"被核单位：{paper.name}{f'（{paper.code}）' if paper.code else ''}{year}"


def _list(book: Book, paper: Paper, name: str, note: str, columns: list[Column], rows: Rows, empty: str) -> None:
    numbered = [[number, *row] for number, row in enumerate(rows, 1)]
    sheets = write_list(
        book, name, f"{_whose(paper)}　　{note}", columns, numbered, empty=empty, by=columns[1].head,
    )  # fmt: skip
    for sheet in sheets:
        sheet.repeat_rows(0, 2)  # every page of the file of an audit says whose it is
    _sign(book, sheets[-1], 4 + max(len(numbered), 1), Table(columns, numbered).widths())


def _sign(book: Book, sheet: LiveSheet, row: int, widths: list[float]) -> None:
    """The lines to sign on, below everything, within what is printed."""
    book.note(sheet, row, SIGNED, widths, shade="")
    sheet.print_area(0, 0, row, len(widths) - 1)


def _front(book: Book, paper: Paper) -> None:
    sheet = book.sheet(PAPER_SHEETS[0])
    widths = [max(pair) for pair in zip(Table(TABLES, paper.tables).widths(), [14, *[0] * 9], strict=True)]
    set_widths(sheet, TABLES, widths)
    book.title(sheet, "绩效自评审核工作底稿")
    row = 1
    for name, text in paper.facts:
        book.note(sheet, row, f"{name}：{text}", widths, shade="")
        row += 1
    row = _table(book, sheet, row + 1, TABLES, paper.tables, widths)
    for file, sha256 in paper.files:
        book.note(sheet, row, f"文件“{file}”内容的校验值（SHA-256）：{sha256}", widths)
        row += 1
    _sign(book, sheet, row + 1, widths)


def _table(book: Book, sheet: LiveSheet, row: int, columns: list[Column], rows: Rows, widths: list[float]) -> int:
    """A table from a row on; returns the row below it and a blank one."""
    write_head(book, sheet, row, columns, widths)
    for sheet_row, cells in enumerate(rows, row + 1):
        add_row(book, sheet, sheet_row, columns, cells, widths)
    return row + len(rows) + 2
