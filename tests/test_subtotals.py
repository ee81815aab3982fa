"""小计 of a group of indicators, wherever its label stands: no indicator, no part of the total, held to its lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.undefined import read_undefined
from gouji.pipeline import run
from gouji.validate.inferring.inferred import ties
from tests.field.build import write_book

LAST = {"C": "成本指标", "D": "养护成本", "E": "≤100万元", "F": "90万元", "G": 10, "H": 10}


def subtotal(label: dict[str, str], scored: float = 50) -> dict[str, Any]:
    """A row of the sums of 产出指标 beneath its last line, row 17 of the sheet."""
    return {"of": "项目支出绩效自评表", "instead": {"16": [LAST, {**label, "G": 50, "H": scored}]}}


CASES = {
    "in the column of names": subtotal({"D": "小计"}),
    "in that of the groups": subtotal({"B-D": "产出指标小计"}),
    "beside all": subtotal({"C-F": "合计（50分）"}),
    "wrong": subtotal({"D": "小计"}, scored=45),
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pd.DataFrame]:
    inbox, out = tmp_path_factory.mktemp("subtotals"), tmp_path_factory.mktemp("out")
    for number, case in enumerate(CASES.values()):
        write_book([case], f"试点{number}局", inbox / f"试点{number}局.xlsx")
    results = run([inbox], out=out, only=())
    values = pd.read_parquet(Path(out) / "data" / "values.parquet").merge(results.returns[["return_id", "file"]])
    return results.findings, values


@pytest.mark.parametrize("case", CASES)
def test_a_subtotal_is_no_indicator(batch: tuple[pd.DataFrame, pd.DataFrame], case: str) -> None:
    findings, values = (frame[frame["file"] == f"试点{[*CASES].index(case)}局.xlsx"] for frame in batch)
    names = values[values["line"].notna()]["line"].unique()
    assert list(names) == ["养护里程", "合格率", "按时完成率", "养护成本", "带动", "出行", "绿化", "长效", "群众满意度"]
    kept = values[values["item"] == "带动.二级指标"]["raw"]
    assert list(kept) == ["经济效益指标"]
    told = findings[findings["severity"].isin(["强制性", "核实性"]) & ~findings["rule"].isin(["W-02"])]
    wrong = [("U-03", "H17", "45分", "50分")] if case == "wrong" else []
    assert list(zip(told["rule"], told["cell"], told["stated"], told["expected"], strict=True)) == wrong


def test_rates_and_scores_are_not_added_up_across_sources() -> None:
    rows: list[list[object]] = [
        ["项目", "年度资金总额", "其中：财政拨款", "其他资金"],
        ["全年预算数", 120, 90, 30],
        ["全年执行数", 90, 72, 18],
        ["执行率", "75%", "80%", "60%"],
    ]
    table = read_undefined(Sheet("表", False, rows), 0, len(rows) - 1)
    summed = [cell for tie in ties(table) if tie.code == "U-01" for cell in tie.cells]
    assert summed == ["B2", "B3"]
