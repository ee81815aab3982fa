"""Arithmetic that a sentence spells out in its own words, and totals that hold what was left over."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.templates.rules import quantity as q
from gouji.validate.figures import Tables
from gouji.validate.lookup import Reference
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

D = Decimal
WHOLE = built_in().form("部门整体支出绩效评价自评报告", "汨罗市-2018")
PROJECT = built_in().form("财政支出项目绩效评价自评报告", "汨罗市-2018")
FIGURES = {
    WHOLE.name: {
        "收入汇总.收入合计": D(300), "收入汇总.上年结转": D(20), "支出汇总.支出合计": D(280), "支出汇总.结余": D(20),
        "资产汇总.固定资产合计": D(150),
    },
    PROJECT.name: {
        "项目资金.计划安排资金": D(500), "项目资金.实际到位资金": D(430), "项目资金.实际支出": D(400),
        "县级财政.计划安排资金": D(200), "县级财政.实际到位资金": D(130),
    },
}  # fmt: skip
Told = list[tuple[str, str | None, str | None]]


def told(form_name: str, *texts: str) -> Told:
    form = next(form for form in (WHOLE, PROJECT) if form.name == form_name)
    values = values_of(form, [FIGURES[form_name]])
    tables = Tables(wides_of(Batch(returns_of(form, 1), values, 2021), built_in()))
    paragraphs = [Paragraph("R0", f"第{place}段", text) for place, text in enumerate(texts, 1)]
    return [(one.rule, one.stated, one.expected) for one in check_narrative(tables, built_in(), paragraphs)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("馆藏图书64册，较年初148册减少84册。", []),
        ("馆藏图书64册，较年初148册减少48册。", [("L-05", "48册", "84册")]),
        ("馆藏图书64册，较原有148册减少48册。", [("L-05", "48册", "84册")]),
        ("捐赠款30万元，较前年的18万元增加12万元。", []),
        ("新购图书20册，现有图书64册，较年初50册增加14册。", []),
        ("全系统共有编制112个，实有104人，空编8个。", []),
        ("全系统共有编制112个，实有104人，空编18个。", [("L-05", "18个", "8个")]),
        ("全系统行政编制12个、事业编制20个，实有30人，空编5个。", []),
        ("全系统编制20个，实有23人，超编3人。", []),
        ("全系统编制20个，实有23人，超编5人。", [("L-05", "5人", "3人")]),
        ("场馆造价800万元，申请补助200万元，占场馆造价的25%。", []),
        ("场馆造价800万元，申请补助200万元，占场馆造价的52%。", [("L-05", "52%", "25%")]),
        ("场馆造价800万元，补助200万元，自筹200万元，占场馆造价的50%。", []),
        ("计划改造楼栋48栋、惠及居民1320户，实际完成改造42栋，完成率87.5%。", []),
        ("计划改造楼栋48栋、惠及居民1320户，实际完成改造42栋，完成率85.7%。", [("L-05", "85.7%", "87.5%")]),
        ("计划改造48栋、培训20期，实际改造42栋、培训20期，完成率93.75%。", []),
        ("捐款42万元，其中企业捐款40万元，占95.24%；个人捐款2万元，占4.76%。", []),
        ("捐款42万元，其中企业捐款40万元，占95.24%；个人捐款2万元，占7.46%。", [("L-05", "7.46%", "4.76%")]),
        ("拨付补贴390万元，占75.7%，拨付奖金125万元，两项合计515万元。", []),
        ("拨付补贴390万元，占75.7%，拨付奖金125万元，两项合计551万元。", [("L-03", "551万元", "515万元")]),
        ("种树1.6万亩，占任务2万亩的80%。", []),
        ("种树1.6万亩，占任务2万亩的90%。", [("L-05", "90%", "80%")]),
        ("按照评分细则，投入得18.5分，产出得29分，综合得分47.5分。", []),
        ("按照评分细则，投入得18.5分，产出得29分，综合得分49.5分。", [("L-03", "49.5分", "47.5分")]),
        ("自评总分100分，我局投入得18.5分，产出得29分。", []),
        ("二中队年初批复预算968.5万元，执行中追加74.7万元，全年预算1043.2万元。", []),
        (
            "二中队年初批复预算968.5万元，执行中追加47.7万元，全年预算1043.2万元。",
            [("L-05", "1043.2万元", "1016.2万元")],
        ),
        ("二中队年初批复预算968.5万元，2020年追加47.7万元，2020年全年预算1043.2万元。", []),
        ("取得收入90.3万元，发生支出65.9万元，当年收支相抵结余24.4万元。", []),
        ("取得收入90.3万元，发生支出65.9万元，当年收支相抵结余42.4万元。", [("L-05", "42.4万元", "24.4万元")]),
        ("取得收入90.3万元，发生支出65.9万元，加上年初结转，收支相抵结余42.4万元。", []),
        ("资金来源总计168万元，来自财政的有160万元，来自其他渠道的有8万元。", []),
        ("资金来源总计168万元，来自财政的有160万元，来自其他渠道的有6万元。", [("L-03", "168万元", "166万元")]),
        ("人员与公用两项合计62万元。", []),
        ("投入得18.5分、过程得23.2分、产出得29分，总分70.7分。", []),
        ("投入得18.5分、过程得23.2分、产出得29分，总分77.0分。", [("L-03", "77.0分", "70.7分")]),
        ("投入得20分，其中决策得10分、管理得10分，产出得29分，合计49分。", []),
        ("投入分值20分，得18分、产出分值30分，得29分，合计47分。", []),
        ("年初预算100万元，执行中因上级下达等调增20万元，调整后全年预算120万元。", []),
        ("年初预算100万元，执行中因上级下达等调增20万元，调整后全年预算210万元。", [("L-05", "210万元", "120万元")]),
    ],
)
def test_what_a_sentence_reckons(text: str, expected: Told) -> None:
    assert told(WHOLE.name, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入总计320万元，其中：本年收入合计300万元，年初结转和结余20万元。", []),
        ("收入总计320万元，其中：本年收入合计310万元，年初结转和结余20万元。", [("L-01", "310万元", "300万元")]),
        ("收入总计300万元，由上年结转20万元、财政拨款250万元和其他收入30万元三部分组成。", []),
        (
            "收入总计300万元，由上年结转20万元、财政拨款205万元和其他收入30万元三部分组成。",
            [("L-03", "300万元", "255万元")],
        ),
        ("收入总计320万元。其中本年收入合计300万元，年初结转和结余20万元。", []),
        ("收入、支出总计320万元。", []),
        ("支出总计280万元；年末结转结余20万元。", []),
        ("支出总计280万元；年末结转结余22万元。", [("L-01", "22万元", "20万元")]),
        ("上年结转资金5万元用于维修。", []),
        ("我局固定资产总额150万元，其中房屋100万元、车辆20万元、设备及其他30万元。", []),
        ("我局固定资产总额150万元，其中房屋100万元、车辆20万元、设备及其他3万元。", [("L-03", "150万元", "123万元")]),
        ("我局固定资产总额105万元。", [("L-01", "105万元", "150万元")]),
    ],
)  # fmt: skip
def test_what_was_left_over(text: str, expected: Told) -> None:
    assert told(WHOLE.name, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工程款已拨付215万元，占项目资金的50%。", []),
        ("工程款已拨付215万元，占项目资金的43%。", []),
        ("工程款已拨付215万元，占项目资金的94%。", [("L-05", "94%", "53.75%")]),
        ("省级资金到位300万元、县级资金到位130万元，累计到位资金430万元。", []),
        ("省级资金到位300万元、县级资金到位130万元，累计到位资金340万元。", [("L-01", "340万元", "430万元")]),
        ("县级配套资金未足额到位，缺口70万元。", []),
        ("县级配套资金未足额到位，缺口17万元。", [("L-01", "17万元", "70万元")]),
        ("到位资金430万元（中央200万元、省级100万元、县级130万元）。", []),
        ("到位资金430万元（中央200万元、省级100万元、县级30万元）。", [("L-03", "430万元", "330万元")]),
        ("发放救助金400万元，剩余30万元。", []),
        ("发放救助金400万元，剩余80万元。", [("L-05", "80万元", "100万元")]),
        ("发放救助金300万元，剩余80万元。", []),
        ("到位资金430万元中，省级补助300万元，县级财政安排130万元。", []),
        ("到位资金430万元中，省级补助300万元，县级财政安排310万元。", [("L-03", "430万元", "610万元")]),
    ],
)
def test_money_of_several_levels(text: str, expected: Told) -> None:
    told_of = told(PROJECT.name, text)
    assert [(rule, stated, (due or "").lstrip("≥")) for rule, stated, due in told_of] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年度收入总计320万元，支出总计320万元。", []),
        ("2021年度收入总计302万元。", [("L-02", "302万元", "300万元")]),
        ("本年收入合计300万元。", []),
        ("年末结转和结余4万元，较年初结转和结余20万元减少16万元。", [("L-02", "4万元", "40万元")]),
    ],
)
def test_totals_of_the_bureaus_table_hold_what_was_left_over(text: str, expected: Told) -> None:
    sums = {"收入合计": 300, "年初结转结余": 20, "支出合计": 280, "年末结转结余": 40}
    columns = {
        name: q.rounded(np.array([D(size)], dtype=object), np.zeros(1, np.int8), np.zeros(1, np.int16))
        for name, size in sums.items()
    }
    cells = {name: np.array(["部门决算参照表!D9"], dtype=object) for name in sums}
    reference = Reference("部门决算参照表", np.array(["U0|2021"], dtype=object), columns, cells)
    returns = returns_of(WHOLE, 1)
    tables = Tables(wides_of(Batch(returns, values_of(WHOLE, [{}]), 2021), built_in()), reference=reference)
    findings = check_narrative(tables, built_in(), [Paragraph("R0", "第1段", text)])
    assert [(one.rule, one.stated, one.expected) for one in findings] == expected
