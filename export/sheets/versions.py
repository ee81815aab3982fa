"""版本与依据: what produced these results, on which definitions, and on what the forms are based."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gouji.export.book import Book
from gouji.export.records import plain
from gouji.export.results import Results
from gouji.export.table import Column, write_list
from gouji.templates.addresses import quoted_sheet
from gouji.templates.review import LOG_END, LOG_ENTRIES, LOG_GROUP, VERSIONS_SHEET

COLUMNS = [
    Column("类别", widest=16, least=12),
    Column("名称", widest=44, least=24),
    Column("内容", widest=80, least=40),
]
GROUPS = {
    "counts": "数量", "versions": "软件版本", "hashes": "文件校验值",
    "parameters": "运行选项", "log": LOG_GROUP, "limits": "限制", "terms": "这一轮的约定", "returned": "退回",
}  # fmt: skip
NAMES = {
    "started": "开始时间", "finished": "完成时间", "year": "年度", "files": "收到文件", "returns": "识别的表",
    "values": "读取的数值", "verdicts": "核对次数", "findings": "发现的问题", "units": "单位", "rules": "规则",
    "accepted": "已读取的文件", "refused": "没有能读取的文件", "quarantined": "已隔离的文件",
    "kept": "沿用上次读取结果的文件", "total": "合计", "read": "读取", "ingest": "读取", "check": "核对",
    "validate": "核对", "score": "评分", "export": "输出", "issue": "下发", "jobs": "并行进程数",
    "definitions": "表样定义", "catalogue": "表样定义", "roster": "名册", "receipts": "收到登记",
    "python": "Python", "gouji": "gouji",
    "entries": LOG_ENTRIES, "sha256": LOG_END, "passed_over": "没有看的临时文件", "personal": "写出个人信息",
    "figures_read": "读到的数字", "figures_printed": "表上印好的数字", "figures_unread": "没有读到的数字",
    "program": "程序", "reference": "部门决算参照表", "library": "指标库", "library_indicators": "指标库的指标",
    "previous": "上年结果", "vocabulary": "词表",
    "file_size": "文件大小（字节）", "members": "压缩包成员数", "part_size": "一个成员展开后（字节）",
    "total_size": "全部成员展开后（字节）", "ratio": "展开倍数", "ratio_from": "展开多少字节后看倍数",
    "cells": "单元格数", "grid_rows": "行数", "grid_columns": "列数", "kept_part": "留在内存里的成员（字节）",
    "mended_part": "重写的成员（字节）", "deadline": "时限", "memory": "内存（字节）", "bureau": "财政局",
    "forms": "下发的表", "reply_days": "报回天数", "newest": "报了两份时用新的一份", "marked": "标好问题的文件",
    "listed": "只列问题清单的文件",
}  # fmt: skip


TIME_NAME = "运行时间"
"""The name of the one cell that says when the run began: all else is the same however often it was interrupted."""
_OF_THE_DAY = ("started", "finished", "timings", "kept")
"""Facts of how a run went, not of what it found: run.json has them."""
_FIRST_ROW = 4


def write_versions(book: Book, results: Results) -> None:
    """One row per fact of the run, then one per form edition used."""
    started = results.run.get("started")
    rows = [
        *([("本次运行", NAMES["started"], str(started)[:19].replace("T", " "))] if started else []),
        *definitions(results),
        *facts(results.run, "本次运行"),
        *(("应当留意", "名册", remark) for remark in results.run.get("remarks", [])),
        *(("核对范围", source["source"], source["words"]) for source in results.run.get("outside", [])),
        *basis(results),
    ]
    note = "同样的文件、同样的版本和表样定义，应得到同样的结果。日后复核时请以本页为准。"
    sheets = write_list(book, VERSIONS_SHEET, note, COLUMNS, rows, empty="", by="名称")
    if started:
        book.workbook.define_name(TIME_NAME, f"={quoted_sheet(sheets[0].get_name())}!$C${_FIRST_ROW}")


def definitions(results: Results) -> Iterator[tuple[str, str, str]]:
    """Which definitions were used, as rows of the same kind."""
    catalogue = results.catalogue
    yield "表样定义", "全部表样定义的校验值", catalogue.version
    for number, layer in enumerate(catalogue.layers):
        if number:
            replaced = set(catalogue.replaced(number))
            added = [f"{'@'.join(key)}{'（替换）' if key in replaced else ''}" for key in sorted(layer.editions)]
            yield "表样定义", f"另加的表样：{layer.origin}", "、".join(added)
    for edition, error in catalogue.broken.items():
        yield "表样定义", f"有误、没有采用：{'@'.join(edition)}", str(error)


def facts(stated: Mapping[str, Any], group: str) -> Iterator[tuple[str, str, str]]:
    """Group, name and content of everything that a run states about itself but times and what was read before."""
    for name, value in stated.items():
        if name in _OF_THE_DAY:
            continue
        if isinstance(value, Mapping):
            yield from facts(value, GROUPS.get(str(name), NAMES.get(str(name), str(name))))
        elif not isinstance(value, list):  # file by file: that is 收表明细
            yield group, NAMES.get(str(name), str(name)), _said(value)


def _said(value: Any) -> str:
    match value:
        case None:
            return "—"
        case bool():
            return "是" if value else "否"
        case float():
            return f"{value:.2f}"
        case tuple():
            return "；".join(map(str, value)) or "—"
        case _:
            return str(value)


def basis(results: Results) -> Iterator[tuple[str, str, str]]:
    """What the forms of the batch are based on, as rows of the same kind."""
    used = set(zip(plain(results.returns["form"]), plain(results.returns["edition"]), strict=True))
    for form in results.catalogue.forms:
        if not results.returns["form"].notna().any() or (form.name, form.edition) in used:
            yield "表样依据", form.key, form.definition.basis
