"""满意度 in sentences against the satisfaction indicators of the unit's tables: sentences of other wordings than the
published ones, most of them honest."""

from __future__ import annotations

import pandas as pd
import pytest

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

PROJECT = built_in().form("预算支出绩效自评表", "湖南-2020")
WHOLE = built_in().form("部门整体支出绩效自评表", "湖南-2023")


def line(name: str, reached: str, number: int = 1) -> dict[str, str]:
    place = f"服务对象满意度指标.{number}"
    return {
        "line": place,
        "一级指标": "满意度指标",
        "二级指标": "服务对象满意度指标",
        "三级指标": name,
        "实际完成值": reached,
    }


def told(text: str, *lines: dict[str, str]) -> list[tuple[str, str | None, str | None]]:
    """What is said of a text in 实际完成情况 of a table with these indicators."""
    values = values_of(PROJECT, [{"实际完成情况": text}], [{"指标": list(lines)}])
    tables = Tables(wides_of(Batch(returns_of(PROJECT, 1), values, 2021), built_in()))
    return [(one.rule, one.stated, one.expected) for one in check_narrative(tables, built_in())]


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("经问卷调查，服务对象满意度达到97%。", "97%"),
        ("群众满意率为97.4%。", "97%"),  # the table rounds
        ("受益群众满意度98.6%，超过目标。", "≥95%"),
        ("窗口回访满意率99.2%。", "97%"),  # of those who were called only
        ("职工满意度92%。", "100%"),  # other people
        ("其中非常满意率81.3%。", "100%"),
        ("上年满意度93%，今年进一步改善。", "98%"),
        ("满意度比上年提高2.5%。", "98%"),
        ("2020年服务对象满意度90%。", "98%"),
        ("群众满意度96%，企业满意度98%。", "97%"),  # the table has their mean
        ("满意度不低于95%。", "98%"),
        ("满意度调查回收率88%。", "100%"),
        ("全县群众满意度91.2%。", "100%"),
        ("社会公众满意度94%。", "满意"),
        ("预期满意度为95%。", "98%"),
    ],
)
def test_honest_sentences(text: str, reached: str) -> None:
    assert told(text, line("服务对象满意度", reached)) == []


@pytest.mark.parametrize(
    ("text", "reached", "expected"),
    [
        ("服务对象满意度达到93%。", "98%", "98%"),
        ("经测算，群众满意度为97.5%。", "100%", "100%"),
        ("随机回访80人，回访满意度96.3%。", "100%", "100%"),
        ("受益群众满意率88%。", "≥95%", "≥95%"),
        ("电话抽查满意率91.7%。", "≥95%", "≥95%"),
        ("社会公众满意度99%。", "95.5%", "95.5%"),
    ],
)
def test_faulty_sentences(text: str, reached: str, expected: str) -> None:
    ((rule, _, against),) = told(text, line("服务对象满意度", reached))
    assert (rule, against) == ("L-01", expected)


def test_one_of_several_indicators_suffices() -> None:
    lines = [line("群众满意度", "98%"), line("企业满意度", "95%", 2)]
    assert told("服务对象满意度95%。", *lines) == []
    assert told("服务对象满意度90%。", *lines) == [("L-01", "90%", "95%")]


@pytest.mark.parametrize(
    ("projects", "text", "alarms"),
    [
        (1, "热线回访满意率99.7%。", 1),
        (2, "热线回访满意率99.7%。", 0),  # either project may be about other people
        (2, "服务对象满意度99%。", 1),
    ],
)
def test_a_units_report_beside_the_tables_of_its_projects(projects: int, text: str, alarms: int) -> None:
    units = returns_of(WHOLE, 1, unit="U")
    of_projects = returns_of(PROJECT, projects, unit="U")
    values = values_of(PROJECT, [{}] * projects, [{"指标": [line("群众满意度", "100%")]}] * projects)
    of_projects["return_id"] = "P" + of_projects["return_id"]
    values["return_id"] = "P" + values["return_id"]
    batch = Batch(
        pd.concat([units, of_projects], ignore_index=True),
        pd.concat([values_of(WHOLE, [{}]), values], ignore_index=True),
        2021,
    )
    findings = check_narrative(
        Tables(wides_of(batch, built_in())), built_in(), [Paragraph("R0", "第3段", "我局" + text)]
    )
    assert [one.rule for one in findings] == ["L-01"] * alarms
