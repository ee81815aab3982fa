"""单位得分 and 指标得分: what the units gave themselves, and what their own figures yield."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from gouji.export.book import Book
from gouji.export.project_names import with_project_names
from gouji.export.records import records
from gouji.export.reported import reported_totals
from gouji.export.results import Results
from gouji.export.score_words import difference_cell, due_cell, grade_words
from gouji.export.table import Column, FrameRows, write_list
from gouji.export.words import ADOPTED, ALERTS, KINDS, said
from gouji.templates.catalogue import Catalogue

UNIT_COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("单位编码", widest=14, least=9),
    Column("单位", widest=26, least=16),
    Column("表", widest=12, least=8),
    Column("年度", "number", least=6, align="center"),
    Column("项目", widest=28, least=12),
    Column("采用", widest=6, align="center", shades={"否": "quiet"}),
    Column("自评各项合计", "points", least=9),
    Column("表上总分", "points", least=9),
    Column("复算总分或范围", "points", least=9),
    Column("自评－复算", "points", least=9),
    Column("自评等次", widest=6, align="center"),
    Column("复算等次", widest=16, least=9, align="center"),
    Column("预警", widest=10, least=9, align="center", shades=ALERTS),
    Column("复算最低", "points", least=9, printed=False),
    Column("复算最高", "points", least=9, printed=False),
]
INDICATOR_COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("单位", widest=16, least=12),
    Column("表", widest=9, least=7),
    Column("年度", "number", least=6, align="center"),
    Column("项目", widest=16, least=10),
    Column("指标", widest=18, least=12),
    Column("分值", "points", least=7),
    Column("自评得分", "points", least=7),
    Column("复算得分或范围", "points", least=7),
    Column("自评－复算", "points", least=7),
    Column("计分方法", widest=10, align="center"),
    Column("采用的读法", widest=12, least=9),
    Column("不能复算的原因", widest=26, least=14),
    Column("复算过程", widest=36, least=20),
    Column("复算最低", "points", least=7, printed=False),
    Column("复算最高", "points", least=7, printed=False),
]
_WHOSE = ["return_id", "unit_code", "unit", "form", "year", "instance", "adopted"]
_RETURNS = 2_000
"""Returns whose scores are read at a time."""
DIFFERENCE = "“自评－复算”遇到范围时，是自评高于最高（正数）或低于最低（负数）多少。"


def write_unit_scores(book: Book, results: Results) -> None:
    """单位得分: one row per scored return, and per report that states a score of its own."""
    reported = reported_totals(results)
    totals = pd.concat([results.totals, reported], ignore_index=True) if len(reported) else results.totals
    rows = FrameRows(_placed(results, totals), partial(_unit_row, results.catalogue))
    note = (
        f"复算总分在每项指标都能由表中数据算出时是一个数；有指标不能复算的，是数据所允许的最低分到最高分。{DIFFERENCE}"
        "复算等次写明可能的范围。"
        "自评报告没有各项得分，只列自评得分和等次，不能复算。"
        "等次：90分以上（含）优，80至90分良，60至80分中，60分以下差。"
    )
    write_list(book, "单位得分", note, UNIT_COLUMNS, rows, empty="没有收到需要评分的表。", frozen=3, kept="totals")


def write_indicator_scores(book: Book, results: Results) -> None:
    """指标得分: one row per indicator of every scored return, with the steps of its recomputation."""
    rows = _IndicatorRows(results)
    note = (
        "复算得分由表中数据按评分规则算出，规则有几种读法时写明采用的一种；不能确定为一个数的，写最低分到最高分，并写明原因。"
        + DIFFERENCE
    )
    write_list(book, "指标得分", note, INDICATOR_COLUMNS, rows, empty="没有收到需要评分的表。", frozen=2, kept="scores")


class _IndicatorRows:
    """The rows of 指标得分, read from the disk some returns at a time: there are a dozen of every scored table."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def __len__(self) -> int:
        return len(self._results.scores)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        returns, before = _in_order(self._results, self._results.returns[_WHOSE]), 0
        for first in range(0, len(returns), _RETURNS):
            here = returns.iloc[first : first + _RETURNS]
            scored = self._results.scores.frame(return_id=set(here["return_id"]))
            joined = here.merge(scored, on="return_id")
            for number, row in enumerate(records(joined), before + 1):
                yield _indicator_row(self._results.catalogue, number, row)
            before += len(joined)


def _placed(results: Results, scored: pd.DataFrame) -> pd.DataFrame:
    """The scored rows with whose return they are of, in the order of units, forms and projects."""
    return _in_order(results, scored.merge(results.returns[_WHOSE], on="return_id", how="left"))


def _in_order(results: Results, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of returns by units, forms and projects, which are called as people call them."""
    rows = rows.reset_index(drop=True)
    texts = {name: rows[name].fillna("") for name in ("unit_code", "unit", "form", "instance", "return_id")}
    keys = pd.DataFrame({"year": rows["year"].fillna(0)} | texts)
    order = ["unit_code", "unit", "form", "year", "instance", "return_id"]
    return with_project_names(results, rows.loc[keys.sort_values(order, kind="stable").index])


def _unit_row(catalogue: Catalogue, number: int, row: dict[str, Any]) -> tuple[Any, ...]:
    score = row["score_total"]
    return (
        number, row["unit_code"], row["unit"], catalogue.short_name(row["form"]), row["year"], row["instance"],
        ADOPTED.get(row["adopted"]), row["self_total"], row["stated_total"], due_cell(score, row["low"], row["high"]),
        difference_cell(row["difference"], score), row["self_grade"],
        grade_words(row["grade"], row["lowest_grade"], row["highest_grade"]), row["alert"], row["low"], row["high"],
    )  # fmt: skip


def _indicator_row(catalogue: Catalogue, number: int, row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        number, row["unit"] or row["unit_code"], catalogue.short_name(row["form"]), row["year"], row["instance"],
        row["label"], row["points"], row["self_score"], due_cell(row["score"], row["low"], row["high"]),
        difference_cell(row["difference"], row["score"]),
        said(KINDS, row["kind"]), row["reading"], row["reason"], row["trace"], row["low"], row["high"],
    )  # fmt: skip
