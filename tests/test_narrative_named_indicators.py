"""Counts and rates of sentences against the indicator of the same name: own sentences, most of them honest."""

from __future__ import annotations

import pytest

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.narrative.check import check_narrative
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

PROJECT = built_in().form("预算支出绩效自评表", "湖南-2020")
LINES = [
    {"line": "数量指标.1", "二级指标": "数量指标", "三级指标": "培训干部人次", "实际完成值": "120人次"},
    {"line": "质量指标.1", "二级指标": "质量指标", "三级指标": "工程验收合格率", "实际完成值": "98%"},
    {"line": "数量指标.2", "二级指标": "数量指标", "三级指标": "巡查河道里程", "实际完成值": "≥300公里"},
]


def told(text: str) -> list[tuple[str, str | None, str | None]]:
    values = values_of(PROJECT, [{"实际完成情况": text}], [{"指标": LINES}])
    tables = Tables(wides_of(Batch(returns_of(PROJECT, 1), values, 2021), built_in()))
    return [(one.rule, one.stated, one.expected) for one in check_narrative(tables, built_in())]


@pytest.mark.parametrize(
    "text",
    [
        "全年共培训干部120人次，工程验收合格率98%。",
        "下一步计划培训干部200人次。",
        "力争工程验收合格率100%。",
        "3月份培训干部40人次。",
        "上半年培训干部60人次，下半年培训干部60人次。",
        "培训干部50人次。另在党校培训干部70人次。",
        "其中县外培训干部30人次。",
        "培训干部120人。",
        "全县培训干部900人次。",
        "2020年培训干部90人次。",
        "培训干部约100人次。",
        "工程验收合格率98.2%。",  # the table rounds
        "巡查河道里程320公里。",
        "要求各乡镇上报，工程验收合格率不低于95%。",
        "下属中心培训干部30人次。",
    ],
)
def test_honest_sentences(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年共培训干部150人次。", ("L-01", "150人次", "120人次")),
        ("围绕业务短板，培训干部12人次，效果明显。", ("L-01", "12人次", "120人次")),
        ("2021年工程验收合格率为89%。", ("L-01", "89%", "98%")),
        ("建设内容已完成，工程验收合格率达到100%。", ("L-01", "100%", "98%")),
        ("巡查河道里程260公里。", ("L-01", "260公里", "≥300公里")),
    ],
)
def test_faulty_sentences(text: str, expected: tuple[str, str, str]) -> None:
    assert told(text) == [expected]
