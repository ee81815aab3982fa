"""Amounts of sentences against the rows of their names: own sentences, most of them honest."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.narrative.check import check_narrative
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

PROJECT = built_in().form("财政支出项目绩效评价自评报告", "汨罗市-2018")
ROWS = [("服务大厅物业费", "10.00"), ("服务大厅维修费", "25.21"), ("空调更换费", "8.5"), ("线路租赁费", "3.6")]


def told(text: str) -> list[tuple[str, str | None, str | None]]:
    lines = [
        {"line": f"支出明细.{place}", "支出内容": name, "实际支出数": Decimal(amount)}
        for place, (name, amount) in enumerate(ROWS)
    ]
    tables = Tables(
        wides_of(
            Batch(returns_of(PROJECT, 1), values_of(PROJECT, [{"实际完成": text}], [{"支出明细": lines}]), 2021),
            built_in(),
        )
    )
    return [(one.rule, one.stated, one.expected) for one in check_narrative(tables, built_in())]


@pytest.mark.parametrize(
    "text",
    [
        "线路租赁费3.6万元、空调更换费85000元。",
        "物业费、维修费35.21万元。",
        "服务大厅维修费25.2万元。",  # rounded
        "更换费2万元。",  # not all that is called so
        "上半年线路租赁费1.8万元。",
        "下一步计划安排线路租赁费5万元。",
        "线路租赁费约4万元。",
        "2020年线路租赁费2.9万元。",
        "物业费、水电费30万元。",  # one of them is no row
        "其中线路租赁费1.2万元。",
        "全县线路租赁费300万元。",
    ],
)
def test_honest_sentences(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("具体为：物业费、维修费25.21万元。", ("L-01", "25.21万元", "35.21万元")),
        ("线路租赁费6.3万元。", ("L-01", "6.3万元", "3.6万元")),
        ("空调更换费共计8.9万元；", ("L-01", "8.9万元", "8.5万元")),
        ("大厅物业费12万元。", ("L-01", "12万元", "10万元")),
        ("服务大厅维修费252100元，空调更换费9.5万元。", ("L-01", "9.5万元", "8.5万元")),
    ],
)
def test_faulty_sentences(text: str, expected: tuple[str, str, str]) -> None:
    assert told(text) == [expected]
