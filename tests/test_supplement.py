"""评分依据补充表: asked for on a sheet of its own, and scores that lacked a figure are recomputed from it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from gouji.pipeline import run
from gouji.samples.fill import Number, fill_workbook
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook
from gouji.templates.layout import lay_out
from gouji.templates.recipient import Project, Recipient
from gouji.templates.supplement import supplement

UNIT = Recipient("001", "某县财政局", "某县人民政府", ())
BASE, SCORES = built_in().find("基础数据表@衡山县-2021"), built_in().find("评分表")
ASKED = supplement(SCORES)
assert ASKED is not None


def scored(tmp_path: Path, evidence: dict[str, str]) -> pd.DataFrame:
    """The verdicts of F-S1 by item, of a return whose every self-score is 5 and whose evidence is as given."""
    assert ASKED is not None
    path = tmp_path / "报.xlsx"
    issue_workbook(UNIT, [BASE, SCORES, ASKED], 2021, path)
    places = lay_out(SCORES, 2021).positions
    scores = {places[item]: Number(Decimal("5")) for item in places if item.endswith(".得分")}
    asked = lay_out(ASKED, 2021).positions
    figures = {asked[f"{name}.数值"]: Number(Decimal(value)) for name, value in evidence.items()}
    fill_workbook(path, {"评分表": scores, "评分依据补充表": figures} if figures else {"评分表": scores})
    results = run([path], year=2021)
    verdicts = results.verdicts.frame(rule={"F-S1"}).set_index("item")["verdict"]
    scores_told = results.scores.frame().set_index("indicator")[["score", "trace", "reason"]]
    return scores_told.assign(verdict=[verdicts.get(f"{name}.得分") for name in scores_told.index])


def test_without_evidence_the_score_says_what_is_missing(tmp_path: Path) -> None:
    scores_told = scored(tmp_path, {})
    assert scores_told.loc["预算控制率", "verdict"] == "无法核对"
    assert "本年追加" in scores_told.loc["预算控制率", "reason"]


@pytest.mark.parametrize(
    ("added", "score", "verdict"), [("0", 5, "相符"), ("10", 4, "不符"), ("10.01", 3, "不符"), ("30.5", 0, "不符")]
)
def test_with_evidence_the_score_is_recomputed(tmp_path: Path, added: str, score: int, verdict: str) -> None:
    scores_told = scored(tmp_path, {"年初预算": "100", "本年追加": added})
    assert (scores_told.loc["预算控制率", "score"], scores_told.loc["预算控制率", "verdict"]) == (score, verdict)


def test_the_trace_names_the_cells_of_the_supplement(tmp_path: Path) -> None:
    scores_told = scored(tmp_path, {"上年三公预算": "4"})
    assert scores_told.loc["三公经费变动率", "verdict"] == "无法核对"
    assert "三公经费" in scores_told.loc["三公经费变动率", "reason"]


def test_a_blank_supplement_is_owed_by_nobody(tmp_path: Path) -> None:
    assert ASKED is not None
    path = tmp_path / "报.xlsx"
    issue_workbook(UNIT, [SCORES, ASKED], 2021, path)
    places = lay_out(SCORES, 2021).positions
    fill_workbook(path, {"评分表": {places["行政效能.得分"]: Number(Decimal("6"))}})
    assert run([path], year=2021).returns["form"].tolist() == [SCORES.name]


def test_the_supplement_of_a_project_form_is_filled_per_project(tmp_path: Path) -> None:
    """Two projects, each with its own figures: 80 of 100 is two steps of 10 short, 100 of 100 none."""
    form = built_in().find("项目共性指标")
    asked = supplement(form)
    assert asked is not None
    unit = Recipient("001", "某县财政局", "某县人民政府", (Project("P1", "修路"), Project("P2", "修桥")))
    path = tmp_path / "报.xlsx"
    issue_workbook(unit, [form, asked], 2020, path)
    score, cells = lay_out(form, 2020).positions["资金到位率.得分"], lay_out(asked, 2020).positions
    filled = {f"项目共性指标{n}": {score: Number(Decimal(3))} for n in (1, 2)}
    for sheet, arrived in (("评分依据补充表1", "100"), ("评分依据补充表2", "80")):
        filled[sheet] = {
            cells["实际到位资金.数值"]: Number(Decimal(arrived)),
            cells["计划到位资金.数值"]: Number(Decimal(100)),
        }
    fill_workbook(path, filled)
    results = run([path], year=2020)
    scores = results.scores.frame()
    rates = scores[scores["indicator"] == "资金到位率"].merge(results.returns, on="return_id")
    assert dict(zip(rates["instance"], rates["score"], strict=True)) == {"P1": 3.0, "P2": 1.0}


def test_the_supplements_of_two_forms_are_no_duplicates(tmp_path: Path) -> None:
    forms = [built_in().find("整体支出共性指标"), built_in().find("预算支出共性指标")]
    asked = [form_asked for form_asked in map(supplement, forms) if form_asked is not None]
    path = tmp_path / "报.xlsx"
    issue_workbook(UNIT, [*forms, *asked], 2020, path)
    figures = {}
    for sheet, form_asked, item in zip(
        ("评分依据补充表", "评分依据补充表（2）"), asked, ("预算总支出", "实际成本"), strict=True
    ):
        figures[sheet] = {lay_out(form_asked, 2020).positions[f"{item}.数值"]: Number(Decimal(1))}
    fill_workbook(path, figures)
    returns = run([path], year=2020).returns
    received = returns[returns["form"] == asked[0].name]
    assert received["status"].tolist() == ["已收", "已收"]
