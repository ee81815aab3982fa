"""抽查复核 as a workbook: the drawn tables, with columns to fill, and how they can be drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gouji.export.book import Book
from gouji.export.dated import UNDATED
from gouji.export.records import records
from gouji.export.sampling.draw import CHANCE, Sample
from gouji.export.score_words import difference_cell, due_cell
from gouji.export.table import Column, Formula, write_list
from gouji.templates.catalogue import Catalogue
from gouji.templates.exact import significant
from gouji.templates.sampling import (
    BY,
    COUNT,
    FACTS_SHEET,
    OWN_HEAD,
    POPULATION,
    SAMPLE_SHEET,
    SCORE_HEAD,
    SEAL_HEAD,
    SEED,
    SIZE,
    TABLE_HEAD,
    row_seal,
)
from gouji.templates.write import workbook_by_rows

COLUMNS = [
    Column("序号", "number", least=5, align="center"), Column("单位编码", widest=14, least=9),
    Column("单位", widest=22, least=14), Column("表", widest=12, least=8), Column("项目", widest=20, least=10),
    Column("年度", "number", least=6, align="center"), Column("预算数（万元）", "amount", least=10),
    Column(OWN_HEAD, "points", least=8), Column("复算得分或范围", "points", least=9),
    Column("自评－复算", "points", least=8), Column(SCORE_HEAD, "points", least=9, written=True),
    Column("偏差率", "rate", least=8), Column("复核人", widest=10, least=9, written=True),
    Column("日期", widest=11, least=11, align="center", written=True),
    Column("说明", widest=24, least=16, written=True),
    Column(TABLE_HEAD, widest=40, hidden=True), Column(SEAL_HEAD, widest=20, hidden=True),
]  # fmt: skip
_PLACES = {column.head: place for place, column in enumerate(COLUMNS)}
_FACTS = [Column("名称", widest=20, least=16), Column("内容", widest=110, least=90)]
_FIRST_ROW = 4
"""Of the tables, as a spreadsheet counts."""
RATE = "偏差率＝｜自评得分－复核得分｜÷复核得分"
_NOTE = (
    f"请在黄色的栏填写复核得分、复核人、日期；没有复核的留空，不要填 0。{RATE}。填好后用 gouji sample --read 这个文件，"
    "得到各单位和全部的偏差率。"
)


def write_sample(sample: Sample, catalogue: Catalogue, path: Path, run: Mapping[str, Any]) -> None:
    """Write the list to `path`; `run`: the statement of the run that it was drawn from. Raises OSError."""
    with workbook_by_rows(path, UNDATED) as made:
        book = Book(made)
        rows = [_row(number, row, catalogue) for number, row in enumerate(records(sample.tables), 1)]
        write_list(book, SAMPLE_SHEET, _NOTE, COLUMNS, rows, empty="没有可以抽取的表。", frozen=3)
        note = "总体、方法、个数和种子都相同，抽出的就相同：请留存本页，日后可以照样再抽一次。"
        write_list(book, FACTS_SHEET, note, _FACTS, _facts(sample, run), empty="", by="名称")


def _row(number: int, row: dict[str, Any], catalogue: Catalogue) -> tuple[Any, ...]:
    sheet_row = _FIRST_ROW + number - 1
    stated, score = (f"{_letter(head)}{sheet_row}" for head in (OWN_HEAD, SCORE_HEAD))
    due, gap = due_cell(row["score"], row["low"], row["high"]), difference_cell(row["difference"], row["score"])
    formula = f'=IF(ISNUMBER({score}),IF({score}>0,ABS({stated}-{score})/{score},""),"")'
    return (
        number, row["unit_code"], row["unit"], catalogue.short_name(row["form"]), row["instance"], row["year"],
        row["money"], row["own"], due, gap, None, Formula(formula, None, "rate"), None, None, None,
        row["return_id"], row_seal(row["return_id"], significant(row["own"])),
    )  # fmt: skip


def _letter(head: str) -> str:
    return chr(ord("A") + _PLACES[head])


def _typed(seed: str) -> str:
    """As it is typed behind an option."""
    return seed if seed.isalnum() else f'"{seed}"'


def _facts(sample: Sample, run: Mapping[str, Any]) -> list[tuple[str, str]]:
    seed = f"{sample.seed}" if sample.by == CHANCE else "（没有用）"
    how = {
        CHANCE: "对每张表计算“种子、换行、表编号”（UTF-8）的 SHA-256，按结果从小到大取前几张",
        "金额": "按项目预算数从大到小取前几张，相同的按表编号",
        "偏差": "按“自评－复算”的大小（不论正负）从大到小取前几张，相同的先取复算最低分离自评更远的，再按表编号",
    }[sample.by]
    asked = f"gouji sample 结果文件夹 --by {sample.by} -n {sample.count}"
    return [
        (BY, sample.by), ("做法", how), (SEED, seed), (COUNT, str(sample.count)), (SIZE, str(sample.size)),
        (POPULATION, sample.sha256),
        ("总体", "结果里计入汇总、有自评得分的表，每个项目一张"),
        ("校验值", "各表的编号、自评得分、复算最低分、自评－复算、预算数（制表符分隔，一表一行，按编号排）的 SHA-256"),
        *(("说明", remark) for remark in sample.remarks),
        ("再抽一次", asked + (f" --seed {_typed(sample.seed or '')}" if sample.by == CHANCE else "")),
        ("核对时间", str(run.get("started") or "")[:19].replace("T", " ")),
        ("程序", f"勾稽 {run.get('gouji', '')}"),
        ("表样定义校验值", str(run.get("hashes", {}).get("definitions", ""))),
    ]  # fmt: skip
