"""What sentences state that name their item in other words, in part, or not at all; beside it what is not sure."""

from __future__ import annotations

import pytest

from gouji.ingest.narrative.statement import COUNT
from gouji.ingest.narrative.statements import statements

Taken = list[tuple[str, str]]


def taken(text: str, **more: bool | str) -> Taken:
    found = statements(text, year=2021, **more)  # type: ignore[arg-type]
    return [(one.name, one.printed) for one in found if one.item != COUNT]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年初预算80万元，年中调减5万元，调整后预算75万元，累计支付70万元，结余5万元。",
         [("项目资金.预算", "80万元"), ("项目资金.预算", "75万元"), ("项目资金.支出", "70万元"),
          ("项目资金.结余", "5万元")]),
        ("资金到账75万元，到位率100%，资金使用率93.3%。",
         [("项目资金.到位", "75万元"), ("项目资金.到位率", "100%"), ("项目资金.执行率", "93.3%")]),
        ("目前尚有5万元未支付。", [("项目资金.结余", "5万元")]),
        ("河堤加固项目批复概算80万元。", [("项目资金.预算", "80万元")]),
        ("护栏采购费30万元，支出28万元。", []),
        ("一标段预算30万元，支出28万元。", []),
        ("实际到位省级资金48万元。", []),
    ],
)  # fmt: skip
def test_what_has_no_name_is_of_the_project(text: str, expected: Taken) -> None:
    assert taken(text, project=True, name="河堤加固") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("从支出结构看，年末实有在职人员12人。", [("在职人数", "12人")]),
        ("我局决算支出90万元。", [("支出合计", "90万元")]),
        ("1、收入：90万元。同比减少10万元，下降10%。",
         [("收入合计", "90万元"), ("收入合计.增减额", "10万元"), ("收入合计.增减率", "10%")]),
        ("人才补贴项目。预算30万元，支出28万元。", []),
        ("河道清淤支出28万元，结余2万元。", []),
        ("行政编制24名，实有23名。", []),
        ("执行率得分9.4分，得分18分。", []),
    ],
)  # fmt: skip
def test_what_has_no_name_is_of_the_unit_only_where_nothing_else_is_spoken_of(text: str, expected: Taken) -> None:
    assert taken(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人员经费和公用经费分别为60万元、12.5万元。", [("人员经费", "60万元"), ("公用经费", "12.5万元")]),
        ("编制数与实有人数分别为15人和12人。", [("编制数", "15人"), ("在职人数", "12人")]),
        ("基本支出、项目支出决算依次是60.5、30.5万元。", [("基本支出", "60.5"), ("项目支出", "30.5万元")]),
        ("人员经费、公用经费各占基本支出的83%和17%。", [("人员经费.占比", "83%"), ("公用经费.占比", "17%")]),
        ("2020年、2021年三公经费分别为3万元、2万元。", []),
    ],
)  # fmt: skip
def test_figures_told_one_by_one(text: str, expected: Taken) -> None:
    assert taken(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三公经费完成预算5万元的90%。", [("三公经费.预算", "5万元"), ("三公经费.完成率", "90%")]),
        ("项目支出占比40%。", [("项目支出.占比", "40%")]),
        ("项目支出年初安排50万元，实际执行45万元，预算执行率90%。",
         [("项目支出.预算", "50万元"), ("项目支出", "45万元"), ("项目支出.执行率", "90%")]),
        ("三公经费由上年的6万元下降到5万元。", [("三公经费.上年", "6万元"), ("三公经费", "5万元")]),
        ("会议费预算2万元，实际1.8万元。", [("会议费.预算", "2万元"), ("会议费", "1.8万元")]),
        ("为开展专项整治发生的项目支出45万元。", [("项目支出", "45万元")]),
        ("办公、差旅等公用支出12.5万元。", [("公用经费", "12.5万元")]),
        ("自评综合得分：93.1；自评等级：优。", [("自评得分", "93.1"), ("等次", "优")]),
        ("人员经费较上年增加2万元，达到60万元。", [("人员经费.增减额", "2万元"), ("人员经费", "60万元")]),
        ("年初预算90万元，其中基本支出60万元。", [("支出合计.预算", "90万元"), ("基本支出.预算", "60万元")]),
        ("与上年决算6万元相比，三公经费下降10%。", [("三公经费.上年", "6万元"), ("三公经费.增减率", "10%")]),
        ("项目支出执行45万元，90%的执行率处于较好水平。", [("项目支出", "45万元"), ("项目支出.执行率", "90%")]),
        ("项目支出完成率90%。", [("项目支出.执行率", "90%")]),
        ("道路硬化完成率90%。", []),
        ("我局自评93.1分。", [("自评得分", "93.1分")]),
        ("年中追加基本支出12万元、项目支出30万元。", []),
        ("上年度我局自评得分92分，评价等次为优。", []),
        ("三公经费预算执行率88%，较上年下降5%。", [("三公经费.执行率", "88%")]),
        ("评价结果为优秀公务员。", []),
        ("工资福利支出50万元，对个人和家庭的补助10万元。", []),
        ("与上年相比各增加5万元。", []),
    ],
)  # fmt: skip
def test_other_ways_to_say_a_figure(text: str, expected: Taken) -> None:
    assert taken(text) == expected


def test_a_sum_behind_its_parts() -> None:
    rows = statements("设备费30万元、安装费5万元、其他费用4万元，三项相加为40万元。", year=2021)
    assert [(one.printed, one.part_of, one.complete) for one in rows] == [
        ("30万元", 3, True), ("5万元", 3, True), ("4万元", 3, True), ("40万元", -1, False),
    ]  # fmt: skip
