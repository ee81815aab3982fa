"""Sums whose parts are parted by commas, come in another sentence, or are told by what is left; figures of years."""

from __future__ import annotations

import pytest

from gouji.ingest.narrative.statement import COUNT
from gouji.ingest.narrative.statements import statements


def parts(text: str) -> list[tuple[str, bool]]:
    """What is part of the sum before it, and whether all its parts are listed."""
    return [(one.printed, one.complete) for one in statements(text, year=2021) if one.part_of == 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政府采购80万元，其中货物40万元，服务28万元。", ["40万元", "28万元"]),
        ("政府采购80万元，其中货物支付40万元，服务支付28万元。", []),
        ("到账资金80万元，其中省级资金40万元，县级资金40万元。", ["40万元", "40万元"]),
        ("到账资金80万元。其中：设备费40万元，材料费20万元。", ["40万元", "20万元"]),
        ("总投资80万元，含拨款66万元、上级补助14万元。", ["66万元", "14万元"]),
        ("总投资80万元，其中本年投资30万元，累计投资65万元。", []),  # the one holds the other
        ("总投资80万元，其中工程款60万元，本次支付55万元。", []),
        ("总投资80万元，不含前期费6万元、监理费7万元。", []),
        ("在职人员38人，由各股室人员组成，其中男20人，党员15人。", []),
        ("到账资金80万元，支付70万元。其中：设备费40万元，材料费20万元。", []),  # of which of the two?
    ],
)
def test_parts_parted_by_commas_or_in_a_further_sentence(text: str, expected: list[str]) -> None:
    assert parts(text) == [(printed, False) for printed in expected]


@pytest.mark.parametrize(
    "text",
    [
        "资金80万元，由两块构成：财政拨款66万元，上级补助14万元。",
        "资金80万元，由上级补助和县级配套两部分组成，其中上级补助66万元，县级配套14万元。",
        "资金80万元，其中财政拨款66万元，其余为自筹14万元。",
        "会议费与培训费合计80万元，其中会议费66万元，培训费14万元。",
    ],
)
def test_parts_that_make_up_a_sum(text: str) -> None:
    assert parts(text) == [("66万元", True), ("14万元", True)]


def test_goods_services_and_works_are_all_that_is_bought() -> None:
    text = "政府采购80万元，其中货物类40万元，服务类28万元，工程支出12万元。"
    assert parts(text) == [("40万元", True), ("28万元", True), ("12万元", True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020年、2021年会议费分别为3万元、2万元。", [(2020, "3万元"), (2021, "2万元")]),
        ("2019—2021年会议费支出依次为4万元、3万元和2万元。", [(2019, "4万元"), (2020, "3万元"), (2021, "2万元")]),
        ("会议费：2020年、2021年支出分别为3万元、2万元。", [(2020, "3万元"), (2021, "2万元")]),
        ("2019—2021年会议费分别为3万元、2万元。", []),  # not one for each year
        ("2019—2021年会议费9万元。", [(2019, "9万元")]),  # of no single year, least of all of 2021
    ],
)
def test_figures_of_several_years(text: str, expected: list[tuple[int, str]]) -> None:
    rows = statements(text, year=2021)
    assert [(one.year, one.printed) for one in rows if one.item != COUNT] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支付进度95%，扣0.5分。", ["95%"]),
        ("支付进度95%以下，扣0.5分。", []),
        ("支付进度95%扣0.5分，90%扣1分。", []),
        ("支付进度100%得10分。", []),
    ],
)
def test_points_that_were_taken_are_no_standard(text: str, expected: list[str]) -> None:
    rows = statements(text, year=2021, project=True)
    assert [one.printed for one in rows if one.unit == "%"] == expected


def test_a_rate_of_posts_is_none_of_money() -> None:
    rows = statements("编制20名，编制使用率95%。", year=2021)
    assert [(one.item, one.printed) for one in rows] == [("编制数", "20名"), (COUNT, "95%")]
