"""Figures with words around them: what is clear is read and told (T-03), what is not is asked for once (T-04)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from gouji.pipeline import run
from tests.field.build import write_book

PROJECT = "项目支出绩效自评表"
CASES: dict[str, dict[str, object]] = {
    "as it is": {},
    "a remark at a rate": {"H6": "90%（见附件）", "H7": "90.0%（详见附件2）"},
    "a remark at an amount": {"D7": "80（含追加10）", "F7": "72，其中：省级30"},
    "zero in words": {"D9": "零", "E9": "未发生", "F9": "无发生额"},
    "a sign of money": {"D6": "￥100.00", "E6": "¥ 100", "D9": "￥0"},
    "a sign of money in yuan": {"D6": "￥1,000,000.00"},
    "about": {"F8": "约18"},
    "less a part": {"F8": "18（不含追加2）"},
    "a sign for nothing": {"D7": "—", "D8": "——", "D9": "/"},
}
CLEAR = ["as it is", "a remark at a rate", "a remark at an amount", "zero in words", "a sign of money"]
UNCLEAR = {"a sign of money in yuan": "D6", "about": "F8", "less a part": "F8"}
Told = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def frames_by_case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Told, Told]:
    """Case → its values, its findings, and what is said beside them."""
    inbox = tmp_path_factory.mktemp("words")
    for number, cells in enumerate(CASES.values()):
        write_book([{"of": PROJECT, "cells": cells}], f"试点{number}局", inbox / f"试点{number}局.xlsx")
    results = run([inbox])
    files = dict(zip(results.returns["return_id"], results.returns["file"], strict=True))
    values = results.values.frame()
    values = values.assign(file=values["return_id"].map(files))
    frames = (values, results.findings, results.asides.frame())
    by_case = (
        {case: frame[frame["file"] == f"试点{number}局.xlsx"] for number, case in enumerate(CASES)} for frame in frames
    )
    return next(by_case), next(by_case), next(by_case)


@pytest.mark.parametrize("case", CLEAR)
def test_what_is_clear_is_read_as_the_plain_figure(frames_by_case: tuple[Told, Told, Told], case: str) -> None:
    values, findings, _ = frames_by_case
    plain, read = (
        values[name].set_index("item")["value"].dropna().drop(index="养护里程.实际完成值", errors="ignore")
        for name in ("as it is", case)
    )
    assert read.to_dict() == plain.to_dict()
    case_findings = findings[case]
    assert case_findings[case_findings["severity"] != "提示"].empty
    wanted = sorted(CASES[case])
    assert sorted("".join(case_findings.loc[case_findings["rule"] == "T-03", "related_cells"]).split("；")) == (
        wanted or [""]
    )


@pytest.mark.parametrize("case", UNCLEAR)
def test_what_is_not_clear_is_asked_for_once(frames_by_case: tuple[Told, Told, Told], case: str) -> None:
    case_findings = frames_by_case[1][case]
    grave = case_findings[case_findings["severity"].isin(["强制性", "核实性"])]
    assert grave[["rule", "cell"]].to_numpy().tolist() == [["T-04", UNCLEAR[case]]]
    waiting = frames_by_case[2][case]
    assert {"A-01"} <= set(waiting.loc[waiting["verdict"] == "无法核对", "rule"])
    assert set(waiting["of"].dropna()) == set(grave["finding_id"])


def test_a_sign_for_nothing_is_not_called_unfilled(frames_by_case: tuple[Told, Told, Told]) -> None:
    case_findings = frames_by_case[1]["a sign for nothing"]
    (message,) = case_findings.loc[case_findings["rule"] == "A-01", "message"]
    assert "填的是“—”" in message and "填的是“/”" in message and "未填" not in message
