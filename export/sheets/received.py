"""收表情况 and 收表明细: what came from whom, what is missing, and what became of every file."""

from __future__ import annotations

from functools import partial
from typing import Any

from gouji.export.attendance import Unit, attendance, forms_shown, overdue, today
from gouji.export.book import Book
from gouji.export.project_names import with_project_names
from gouji.export.results import Results
from gouji.export.states import shade, words
from gouji.export.table import Column, FrameRows, write_list
from gouji.export.words import ADOPTED, LAYOUTS, said
from gouji.ingest.register.receipts import Receipts
from gouji.ingest.register.return_row import table_id
from gouji.templates.catalogue import Catalogue
from gouji.templates.review import ADOPTED_HEAD, ADOPTED_TOLD_HEADS, FILES_SHEET, NO, SEAL_HEAD, TABLE_HEAD, YES
from gouji.validate.review.seal import Seal, texts_mark

STATUS_SHADES = {
    "重复报送": "warn", "金额待定": "warn", "单位待定": "warn",
    "重复文件": "quiet", "已替代": "quiet", "空表": "warn", "未识别": "bad", "未收录": "warn",
    "无法读取": "bad", "已隔离": "bad", "附件": "quiet", "压缩包": "warn", "不是报表": "quiet",
    "没有查看": "warn",
}  # fmt: skip
HASH_SHOWN = 12
_IN_TIME = "首次看到已过期限，文件的修改时间在期限以内，请核实"
_SEEN = [
    Column("首次看到", widest=11, least=11, printed=False),
    Column("文件修改时间", widest=11, least=11, printed=False),
]
"""Where a register of files is kept; the second is what the file says of itself."""

FILE_COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("文件", widest=40, least=20),
    Column("工作表", widest=16, least=9),
    Column("表", widest=12, least=8),
    Column("单位编码", widest=14, least=9),
    Column("单位", widest=24, least=14),
    Column("年度", "number", least=6, align="center"),
    Column("项目", widest=26, least=10),
    Column("状态", widest=10, least=9, align="center", shades=STATUS_SHADES),
    Column(ADOPTED_HEAD, least=6, align="center", shades={NO: "quiet"}, written=True, choices=(YES, NO), free=True),
    Column("原因", widest=34, least=14),
    Column("读到", "count", least=6, align="center"),
    Column("未读", "count", least=6, align="center"),
    Column("版本", widest=14, least=8, printed=False),
    Column("单位依据", widest=14, least=9, printed=False),
    Column("替代的文件", widest=20, least=10, printed=False),
    Column("识别方式", widest=10, least=9, printed=False),
    Column("表上没有", "count", least=6, align="center", printed=False),
    Column("文件指纹", widest=14, least=14, printed=False),
    Column(TABLE_HEAD, widest=40, hidden=True),
    Column(SEAL_HEAD, widest=40, hidden=True),
]
_MARK = next(place for place, column in enumerate(FILE_COLUMNS) if column.head == "文件指纹")
_PLACES = {column.head: place for place, column in enumerate(FILE_COLUMNS)}


def write_received(book: Book, results: Results) -> None:
    """收表情况: units × forms."""
    units = attendance(results)
    forms = forms_shown(results, units)
    now = today(results)
    rows = [_unit_row(results, place, unit, forms, overdue(unit, now)) for place, unit in enumerate(units)]
    note = (
        "每个单位每张表各几份：未报、年度不对、无法读取的还要报送；待选＝报了不止一份，请在“收表明细”确定；"
        "退回修改＝有强制性问题或审核意见退回；待说明＝请单位说明；待审＝请审核人确定；通过＝没有要处理的问题。"
        "逾期天数：没有报齐的算到今天，报齐的算到首次看到最后一张表的那天。"
    )
    columns = _unit_columns(results, len(units), forms)
    write_list(book, "收表情况", note, columns, rows, empty="没有名册，也没有收到任何表。", frozen=3)


def write_files(book: Book, results: Results) -> None:
    """收表明细: one row per table of every file, refused files included."""
    returns = results.returns.sort_values(["file", "sheet", "return_id"], kind="stable")
    seen = results.receipts
    rows = FrameRows(with_project_names(results, returns), partial(_file_row, results.catalogue, seen=seen))
    columns = [*FILE_COLUMNS[:_MARK], *(_SEEN if seen else []), *FILE_COLUMNS[_MARK:]]
    note = (
        "收到的每个文件都在这里，包括没有采用和不能读取的。重复报送、金额待定、单位待定的，请在“采用”栏把要用的一份改为“是”"
        "（重复报送的写在这个文件的任一行，对它的各张表都有效）；"
        "表不是所列单位的，请填写它是哪个单位的（名册里的名称或编码）。保存后再运行一次，以后一直有效。读到、未读：表里有几个数读进来了、几个没有读；表上没有：表样里有、这张表上没有找到的栏目数。文件指纹是文件内容校验值的前12位。"
    )
    write_list(book, FILES_SHEET, note, columns, rows, empty="没有收到任何文件。", frozen=2, by="文件", kept="returns")


def _unit_columns(results: Results, units: int, forms: list[str]) -> list[Column]:
    columns = [
        Column("序号", "number", least=5, align="center"),
        Column("单位编码", widest=14, least=10),
        Column("单位", widest=30, least=20),
        Column("主管部门", widest=22, least=12),
        Column("归口股室", widest=16, least=10),
    ]
    for form in forms:
        shades = {words(results, place, form): shade(results, place, form) for place in range(units)}
        columns.append(Column(results.catalogue.short_name(form), widest=24, least=14, align="center", shades=shades))
    listed = {"名册外": "warn", _IN_TIME: "warn"}
    return [
        *columns,
        Column("截止日期", widest=12, least=11),
        Column("逾期天数", "count", least=6, align="center"),
        Column("备注", widest=16, least=8, shades=listed),
    ]


def _unit_row(results: Results, place: int, unit: Unit, forms: list[str], late: int | None) -> tuple[Any, ...]:
    name = unit.name or ("（单位无法确定）" if unit.code is None else None)
    remark = _IN_TIME if unit.doubtful else None if unit.listed else "名册外"
    return (
        place + 1, unit.code, name, unit.department, unit.office, *(words(results, place, form) for form in forms),
        unit.deadline, late, remark,
    )  # fmt: skip


def _file_row(catalogue: Catalogue, number: int, row: dict[str, Any], seen: Receipts) -> tuple[Any, ...]:
    receipt = seen.get(row["sha256"])
    days = (receipt.first_day, receipt.modified_day) if receipt else (None, None)
    cells: tuple[Any, ...] = (
        number, row["file"], row["sheet"], catalogue.short_name(row["form"]) or None, row["unit_code"], row["unit"],
        row["year"], row["instance"], row["status"], ADOPTED[bool(row["adopted"])], row["reason"], row["read"],
        row["unread"], row["edition"], row["unit_source"], row["supersedes"], said(LAYOUTS, row["layout"]),
        row["absent"], *(day and day.isoformat() for day in (days if seen else ())),
        row["sha256"][:HASH_SHOWN],
    )  # fmt: skip
    if row["form"] is None:
        return (*cells, None, None)
    texts = texts_mark(told_of_table(catalogue, row))
    whose = table_id(row["sha256"], row["return_id"])
    seal = Seal(ADOPTED_HEAD, texts_mark([cells[_PLACES[ADOPTED_HEAD]]]), texts, row["sha256"], texts_mark([whose]))
    return (*cells, whose, str(seal))


def told_of_table(catalogue: Catalogue, row: dict[str, Any]) -> tuple[str, ...]:
    """What its row on 收表明细 says of a table for people: the texts of ADOPTED_TOLD_HEADS."""
    texts = {
        "单位": row["unit"], "表": catalogue.short_name(row["form"]), "项目": row["instance"], "文件": row["file"],
        "工作表": row["sheet"],
    }  # fmt: skip
    return tuple(str(texts[head] or "") for head in ADOPTED_TOLD_HEADS)
