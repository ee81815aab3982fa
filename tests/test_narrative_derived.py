"""Rates, shares, balances and parts whose other figures stand in a table or in another sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

D = Decimal
WHOLE = built_in().form("部门整体支出绩效评价自评报告", "汨罗市-2018")
OF_YEAR = built_in().form("部门整体支出绩效自评表", "湖南-2023")
PROJECT = built_in().form("预算支出绩效自评表", "湖南-2020")
AMOUNTS = {"年度资金总额.全年预算数": D(100), "年度资金总额.全年执行数": D(95)}
PARTS = {"支出汇总.支出合计": D(95), "支出汇总.基本支出": D(60), "支出汇总.项目支出": D(35)}
FIGURES = {WHOLE.name: PARTS, OF_YEAR.name: AMOUNTS, PROJECT.name: AMOUNTS}


def told(form_name: str, *texts: str) -> list[tuple[str, str | None, str | None]]:
    form = next(form for form in (WHOLE, OF_YEAR, PROJECT) if form.name == form_name)
    values = values_of(form, [FIGURES[form_name]])
    tables = Tables(wides_of(Batch(returns_of(form, 1), values, 2021), built_in()))
    paragraphs = [Paragraph("R0", f"第{place}段", text) for place, text in enumerate(texts, 1)]
    return [(one.rule, one.stated, one.expected) for one in check_narrative(tables, built_in(), paragraphs)]


@pytest.mark.parametrize(
    ("form", "texts", "expected"),
    [
        (PROJECT, ["项目资金使用率95%，结余5万元。"], []),
        (PROJECT, ["剩余15万元没有用完。"], [("L-05", "15万元", "5万元")]),
        (PROJECT, ["到位资金98万元。", "资金到位率95%。"], [("L-05", "95%", "98%")]),
        (WHOLE, ["项目支出占比36.84%。"], []),
        (WHOLE, ["项目支出占比63.84%。"], [("L-05", "63.84%", "36.84%")]),
        (WHOLE, ["三公经费3万元，上年4万元，下降25%。"], []),
        (WHOLE, ["上年三公经费4万元，本年比上年增加1万元，增长25%。"], []),
        (WHOLE, ["三公经费3万元，上年4万元，下降52%。"], [("L-05", "52%", "-25%")]),
        (WHOLE, ["与2020年支出100万元相比，减支5万元，降幅15%。"], [("L-05", "15%", "-5%")]),
        (OF_YEAR, ["支出合计95万元。", "基本支出60万元、项目支出35万元。"], []),
        (OF_YEAR, ["支出合计95万元。", "基本支出60万元、项目支出53万元。"], [("L-05", "53万元", "35万元")]),
        (OF_YEAR, ["整体支出执行95万元，比预算100万元少支出5万元。"], []),
        (OF_YEAR, ["整体支出执行95万元，比预算100万元节省6万元。"], [("L-05", "6万元", "-5万元")]),
        (WHOLE, ["支出合计95万元，用于设备的19万元，占总支出的20%。"], []),
        (WHOLE, ["支出合计95万元，用于设备的19万元，占总支出的25%。"], [("L-05", "25%", "20%")]),
        (WHOLE, ["支出合计95万元，设备19万元、车辆19万元，占总支出的40%。"], []),
        (OF_YEAR, ["年初预算90万元，年中追加10万元，全年预算100万元。"], []),
        (OF_YEAR, ["年初预算120万元，年中调减20万元，调整后预算100万元。"], []),
        (OF_YEAR, ["年初预算100万元，年中追加10万元，全年预算101万元。"], [("L-05", "101万元", "110万元")]),
        (OF_YEAR, ["城市绿化项目。", "预算数30万元，支出28万元，执行率93.33%，结余2万元。"], []),
        (OF_YEAR, ["年初结转8万元，年末结转结余13万元。"], []),
        (
            OF_YEAR,
            ["整体支出预算100万元，执行95万元，执行率59%。"],
            [("L-01", "59%", "95%"), ("L-05", "59%", "95%")],
        ),
    ],
)
def test_what_can_be_worked_out(form: object, texts: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert told(form.name, *texts) == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("维持机构运转的基本支出60.35万元。", [("L-01", "60.35万元", "60.53万元")]),
        ("维持机构运转的基本支出60.53万元。", []),
        ("完成专项任务产生项目支出34.97万元。", [("L-01", "34.97万元", "34.47万元")]),  # one digit is another
        ("维持机构运转的基本支出62.58万元。", []),  # no slip: it may be another one
        ("农技站基本支出60.35万元。", []),
        ("下属单位维持运转的基本支出60.35万元。", []),
        ("2020年维持机构运转的基本支出60.35万元。", []),
        ("力争把维持运转的基本支出压到60.35万元。", []),
        ("维持运转的基本支出较上年增加60.35万元。", []),
    ],
)
def test_digits_of_the_table_in_another_order(text: str, expected: list[tuple[str, str, str]]) -> None:
    figures = {"支出汇总.支出合计": D("95"), "支出汇总.基本支出": D("60.53"), "支出汇总.项目支出": D("34.47")}
    values = values_of(WHOLE, [figures])
    tables = Tables(wides_of(Batch(returns_of(WHOLE, 1), values, 2021), built_in()))
    found = check_narrative(tables, built_in(), [Paragraph("R0", "第1段", text)])
    assert [(one.rule, one.stated, one.expected) for one in found] == expected


def test_a_finding_names_the_cells_from_which_it_is_worked_out() -> None:
    values = values_of(PROJECT, [AMOUNTS])
    tables = Tables(wides_of(Batch(returns_of(PROJECT, 1), values, 2021), built_in()))
    (one,) = check_narrative(tables, built_in(), [Paragraph("R0", "第1段", "剩余15万元没有用完。")])
    assert "“预算支出绩效自评表”（表!A1）的项目资金预算" in one.message
