"""专项资金绩效目标自评表: a missed target without its reason, money without results, targets set low."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gouji.score.reports.report import score_report
from gouji.templates.catalogue import built_in
from gouji.templates.errors import DefinitionError
from gouji.templates.form import Form
from gouji.validate.figures import Tables
from gouji.validate.wide import widen
from tests.frames import Given, returns_of, values_of

FORM = built_in().find("专项资金绩效目标自评表@衡山县-2021")
BUDGET, SPENT = "年度资金总额.全年预算数", "年度资金总额.全年执行数"
Line = tuple[str | None, str | None, str]
"""Target, actual, second-level indicator."""


def scored(
    *lines: Line, reason: str | None = None, budget: str | None = "100", spent: str | None = "99"
) -> tuple[dict[str, list[str]], list[Any]]:
    """Verdicts by rule and the findings of one return; every line gives the same reason."""
    figures = {BUDGET: budget, SPENT: spent}
    items: dict[str, Given] = {item: None if text is None else Decimal(text) for item, text in figures.items()}
    listed: list[dict[str, Given]] = [
        {
            "line": f"指标{number}",
            "三级指标": f"指标{number}",
            "二级指标": group,
            "年度指标值": target,
            "全年完成值": actual,
            "未完成原因": reason,
        }
        for number, (target, actual, group) in enumerate(lines)
    ]
    wide = widen(FORM, returns_of(FORM, 1), values_of(FORM, [items], [{"指标": listed}]))
    outcome = score_report(wide, Tables([wide]))
    verdicts: dict[str, list[str]] = {}
    for rule, verdict in zip(outcome.verdicts["rule"], outcome.verdicts["verdict"], strict=True):
        verdicts.setdefault(rule, []).append(verdict)
    return verdicts, outcome.findings


MET = [
    ("≥10个", "12个", "数量指标"),
    ("10个", "10个", "数量指标"),
    ("1万人", "10000人", "数量指标"),
    ("≥95%", "95", "质量指标"),
    ("0.95", "95%", "质量指标"),
    ("≥95%", "≥95%", "质量指标"),
    ("30万元", "28万元", "成本指标"),
    ("30万元", "280000元", "成本指标"),
    ("≤30天", "25天", "时效指标"),
    ("0次", "0次", "质量指标"),
    ("全部完成", "已完成", "质量指标"),
    ("验收完成", "100%", "质量指标"),
    ("有所改善", "明显改善", "经济效益指标"),
    ("改善", "85%", "生态效益指标"),
    ("改善", "80%", "生态效益指标"),
    ("有效提升", "12%", "经济效益指标"),  # by how much
    ("逐步扩大", "45%", "社会效益指标"),
    ("无事故", "0%", "质量指标"),
    ("有所改善", "≥70%", "生态效益指标"),
    ("监督到位", "30%", "成本指标"),
    ("满意", "75%", "服务对象满意度指标"),
    ("12月底前", "11月", "时效指标"),
    ("20天", "25天", "数量指标"),  # of days at least or at most nothing tells
    ("20天", "15天", "数量指标"),
]
MISSED = [
    ("≥10个", "9个", "数量指标"),
    ("10个", "9个", "数量指标"),
    ("1万人", "9000人", "数量指标"),
    ("≥95%", "90", "质量指标"),
    ("≥95%", "≤90%", "质量指标"),
    ("30万元", "35万元", "成本指标"),
    ("30万元", "350000元", "成本指标"),
    ("≤30天", "45天", "时效指标"),
    ("0次", "1次", "质量指标"),
    ("全部完成", "未完成", "质量指标"),
    ("全部完成", "80%", "质量指标"),
    ("按时完成", "延期", "时效指标"),
    ("管护到位", "70%", "质量指标"),  # the form's own bands: 60 % to 80 % is 部分达成
    ("有所改善", "79.9%", "生态效益指标"),
    ("正常运行", "0%", "数量指标"),
]


@pytest.mark.parametrize("line", MET)
def test_a_target_that_was_reached_needs_no_reason(line: Line) -> None:
    verdicts, findings = scored(line)
    assert verdicts["J-S1"] == ["相符"]
    assert [finding for finding in findings if finding.rule == "J-S1"] == []


@pytest.mark.parametrize("line", MISSED)
def test_a_target_that_was_missed_needs_its_reason(line: Line) -> None:
    verdicts, findings = scored(line)
    assert verdicts["J-S1"] == ["不符"]
    (missed,) = [finding for finding in findings if finding.rule == "J-S1"]
    assert (missed.severity, missed.item) == ("核实性", "指标0.未完成原因")
    assert f"指标值{line[0]}，完成值{line[1]}，没有达到指标值" in missed.message


def test_what_is_asked_is_said_with_the_columns_name() -> None:
    _, findings = scored(("≥95%", "90%", "质量指标"))
    assert findings[0].message == (
        "“指标0”指标值≥95%，完成值90%，没有达到指标值，“未完成原因和改进措施”栏没有写明原因。"
        "请补填原因和改进措施；完成值填错的，请更正。"
    )


@pytest.mark.parametrize("line", [*MISSED, ("5个", "第3季度", "数量指标")])
@pytest.mark.parametrize(
    ("reason", "quiet"), [("受疫情影响，明年完成", True), ("!unreadable", True), ("!not_applicable", False)]
)
def test_a_reason_that_says_anything_is_enough(line: Line, reason: str, quiet: bool) -> None:
    verdicts, findings = scored(line, reason=reason)
    assert (verdicts["J-S1"] == ["相符"]) is quiet
    assert ([finding for finding in findings if finding.rule in ("J-S1", "T-19")] == []) is quiet


@pytest.mark.parametrize("name", ["参与率", "群众参与度", "贫困户占比", "误差控制", "收入增长", "投诉处理"])
def test_a_percentage_may_be_the_indicator_itself(name: str) -> None:
    lines: list[dict[str, Given]] = [
        {"line": name, "三级指标": name, "二级指标": "质量指标", "年度指标值": "合理", "全年完成值": "30%"}
    ]
    wide = widen(FORM, returns_of(FORM, 1), values_of(FORM, [{}], [{"指标": lines}]))
    assert [finding for finding in score_report(wide, Tables([wide])).findings if finding.rule == "J-S1"] == []


def test_a_blank_actual_is_no_missed_target() -> None:
    verdicts, findings = scored(("≥95%", None, "质量指标"))
    assert verdicts["J-S1"] == ["无法核对"]
    assert findings == []
    assert "J-S1" not in scored((None, None, "质量指标"))[0]
    assert "J-S1" not in scored((None, "90%", "质量指标"))[0]


def test_a_sheet_without_the_column_is_not_asked_line_by_line() -> None:
    verdicts, findings = scored(("≥95%", "90%", "质量指标"), reason="!absent")
    assert verdicts["J-S1"] == ["无法核对"]
    assert findings == []


def test_figures_that_cannot_be_compared_are_named_and_not_passed() -> None:
    verdicts, findings = scored(("5个", "100%", "数量指标"), ("≥95%", "96%", "质量指标"))
    assert verdicts["J-S1"] == ["无法核对", "相符"]
    (named,) = findings
    assert named.rule == "T-19"
    assert "有 1 项指标" in named.message
    assert "没有核对是否应写明原因" in named.message
    assert "得分" not in named.message


@pytest.mark.parametrize(
    ("spent", "lines", "verdict"),
    [
        ("50", [("≥10个", "10个", "数量指标")], "不符"),
        ("80", [("≥10个", "10个", "数量指标")], "相符"),
        ("100", [("≥10个", "5个", "数量指标"), ("≥95%", "95%", "质量指标")], "不符"),
        ("100", [("验收完成", "100%", "质量指标")], "无法核对"),
        ("50", [("≥10个", None, "数量指标")], "无法核对"),
        (None, [("≥10个", "10个", "数量指标")], "无法核对"),
    ],
)
def test_money_spent_and_work_done_belong_together(spent: str | None, lines: list[Line], verdict: str) -> None:
    verdicts, findings = scored(*lines, reason="已说明", spent=spent)
    assert verdicts["J-S2"] == [verdict]
    apart = [finding for finding in findings if finding.rule == "J-S2"]
    assert [(finding.severity, finding.item) for finding in apart] == (
        [("核实性", "年度资金总额.执行率")] * (verdict == "不符")
    )


@pytest.mark.parametrize(
    ("line", "reason", "severity"),
    [
        (("≥10个", "11.9个", "数量指标"), None, None),
        (("≥10个", "12个", "数量指标"), None, "提示"),
        (("≥10个", "13个", "数量指标"), None, "核实性"),
        (("≥10个", "13个", "数量指标"), "争取到追加资金", "提示"),
        (("≤10天", "2天", "时效指标"), None, None),
    ],
)
def test_a_target_set_low_is_asked_about(line: Line, reason: str | None, severity: str | None) -> None:
    _, findings = scored(line, reason=reason)
    assert [(finding.rule, finding.severity) for finding in findings] == ([("J-S3", severity)] if severity else [])


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"reason": "没有这一栏"}, "unscored.lines"),
        ({"lines": "没有这个清单"}, "unscored.lines"),
        ({"rate": "年度资金总额.全年执行数"}, "unscored.completion"),
        ({"rate": "没有这一项 / 年度资金总额.全年预算数"}, "unscored.rate"),
    ],
)
def test_what_is_asked_of_what_is_not_there_is_a_broken_definition(changed: dict[str, str], key: str) -> None:
    definition = FORM.definition
    assert definition.unscored is not None
    broken = definition.model_copy(update={"unscored": definition.unscored.model_copy(update=changed)})
    with pytest.raises(DefinitionError) as raised:
        Form(broken, FORM.source, FORM.uses)
    assert raised.value.key == key


def test_a_form_that_scores_cannot_be_called_unscored() -> None:
    report = built_in().find("项目自评报告@汨罗市-2018")
    both = report.definition.model_copy(update={"unscored": FORM.definition.unscored})
    with pytest.raises(DefinitionError, match="只用于不评分的表"):
        Form(both, report.source, report.uses)
