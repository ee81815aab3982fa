"""What `forms lint` says of a form that contradicts itself: one named fault each, exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.score.form_faults import form_faults
from gouji.templates.layout import lay_out
from gouji.validate.findings import Finding, findings_frame
from tests.definitions import load_form

HEAD = """
form: 试评表
edition: 测试
short: 试评
basis: 测试
page: {orientation: landscape, widths: [9, 9, 9, 6, 30, 30, 9]}
evidence: {甲数: {kind: amount}, 乙数: {kind: amount}}
blocks:
  - title: 试评表
  - scores: 评分
    levels: [一级, 二级, 三级]
"""
LINE = "      - {{id: {id}, under: [{under}], points: {points}, {more}}}\n"
JUDGE = "rule: {kind: judge}"
RATE = "rate: 依据.甲数 / 依据.乙数"
Told = tuple[str, str | None, str | None, str | None]


def faults(tmp_path: Path, sections: str, *lines: tuple[str, str, int, str]) -> list[Finding]:
    """Of a form with these indicators: id, sections above, points, the rest."""
    listed = "".join(LINE.format(id=name, under=under, points=n, more=more) for name, under, n, more in lines)
    path = tmp_path / "试评表" / "测试.yaml"
    path.parent.mkdir()
    path.write_text(f"{HEAD}    sections: {sections}\n    indicators:\n{listed}", encoding="utf-8")
    return form_faults(load_form(path))


def keys_of(findings: list[Finding]) -> list[Told]:
    return [(finding.rule, finding.item, finding.stated, finding.expected) for finding in findings]


def test_a_form_without_contradictions_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, "{甲: 100, 乙: 60, 丙: 40}", ("一", "甲, 乙", 60, JUDGE), ("二", "甲, 丙", 40, JUDGE)) == []


def test_section_labels_are_held_against_their_indicators(tmp_path: Path) -> None:
    """As in 鹤城's 附件4-1: 资金管理 10 over 3 + 3 + 1, so that 过程 20 and the whole 100 do not add up either."""
    findings = faults(
        tmp_path,
        "{过程: 20, 资金管理: 10, 组织实施: 10, 效益: 80, 预算支出效益: 10}",
        ("资金到位率", "过程, 资金管理", 3, JUDGE),
        ("预算执行率", "过程, 资金管理", 3, JUDGE),
        ("资金使用合规性", "过程, 资金管理", 1, JUDGE),
        ("管理制度健全性", "过程, 组织实施", 10, JUDGE),
        ("实施效益", "效益, 预算支出效益", 80, JUDGE),
    )
    assert keys_of(findings) == [
        ("S-07", "过程", "20", "17"),
        ("S-07", "资金管理", "10", "7"),
        ("S-07", "预算支出效益", "10", "80"),
        ("S-04", "评分", "97", "100"),
    ]
    assert [finding.difference for finding in findings] == [3.0, 3.0, -70.0, -3.0]
    assert findings[1].message == "“资金管理”的标签印的是 10 分，所属指标的分值合计 7 分，请修订表样。"
    assert {(finding.severity, finding.layer, finding.verdict, finding.unit) for finding in findings} == {
        ("表样问题", "表样", "不符", None)
    }


@pytest.mark.parametrize(
    ("rule", "points", "faulty"),
    [
        (f"{{kind: step, {RATE}, threshold: 0%, bad: above, per: 1, deduct: 1, printed_full: 5}}", 2, "5"),
        (f"{{kind: step, {RATE}, threshold: 0%, bad: above, per: 1, deduct: 1, printed_full: 2}}", 2, None),
        (f"{{kind: step, {RATE}, threshold: 0%, bad: above, per: 1, deduct: 1}}", 2, None),
        (f"{{kind: ratio, {RATE}, printed_full: 8}}", 10, "8"),
        (
            f"{{kind: band, {RATE}, bands: [{{upto: 0%, points: 5}}, {{over: 30%, points: 0}}], printed_full: 5}}",
            10,
            "5",
        ),
        (f"{{kind: band, {RATE}, bands: [{{upto: 0%, points: 5}}, {{over: 30%, points: 0}}]}}", 10, "5"),
        (f"{{kind: band, {RATE}, bands: [{{upto: 0%, points: 5}}, {{over: 0%, points: 0}}]}}", 5, None),
        ("{kind: qualitative, options: {好: 6, 差: 0}}", 8, "6"),
        ("{kind: qualitative, options: {好: 8, 差: 0}}", 8, None),
        ("{kind: judge, ranges: [{from: 4, upto: 5}, {at: 0}]}", 6, "5"),
        ("{kind: judge, ranges: [{from: 4, upto: 5}, {at: 0}]}", 5, None),
        ("{kind: judge, step: 0.5}", 5, None),
        ("{kind: deduct, each: 1, events: [甲]}", 5, None),
    ],
)
def test_full_marks_that_are_not_the_points(tmp_path: Path, rule: str, points: int, faulty: str | None) -> None:
    rest = ("余", "甲, 乙", 100 - points, JUDGE)
    findings = faults(tmp_path, "{甲: 100, 乙: 100}", ("指标", "甲, 乙", points, f"rule: {rule}"), rest)
    assert keys_of(findings) == ([] if faulty is None else [("S-01", "指标", faulty, str(points))])


def test_a_reversed_rule_is_listed_with_what_it_says_and_what_it_means(tmp_path: Path) -> None:
    rule = (
        f"{{kind: step, {RATE}, threshold: 100%, bad: below, per: 5, deduct: 1, meant: {{threshold: 0%, bad: above}}}}"
    )
    (finding,) = faults(tmp_path, "{甲: 100, 乙: 100}", ("预算调整率", "甲, 乙", 100, f"rule: {rule}"))
    assert (finding.rule, finding.item) == ("S-02", "预算调整率")
    assert finding.message == (
        "“预算调整率”的评分标准方向写反了：印的是“100%以上（含）计100分；每低于5个百分点扣1分，扣完为止”，"
        "应为“0%以下（含）计100分；每超过5个百分点扣1分，扣完为止”，请修订表样。"
    )


def test_other_faults_of_one_indicator_are_one_finding(tmp_path: Path) -> None:
    """Several findings with one form, rule and item would fall together in later runs."""
    findings = faults(
        tmp_path,
        "{甲: 100, 乙: 100}",
        ("一", "甲, 乙", 60, f"{JUDGE}, faults: [说明列3点，评分标准是4点, ③没有写分值], stale_year: 2019"),
        ("二", "甲, 乙", 40, f"{JUDGE}, faults: [正文残留“1分”]"),
    )
    assert [(finding.rule, finding.item, finding.message) for finding in findings] == [
        ("S-03", "一", "“一”的说明里还印着 2019 年，请按填报年度修订表样。"),
        ("S-06", "一", "“一”：说明列3点，评分标准是4点；③没有写分值。请修订表样。"),
        ("S-06", "二", "“二”：正文残留“1分”。请修订表样。"),
    ]
    assert findings_frame(findings)["finding_id"].is_unique


def test_the_parts_of_a_checklist_are_held_against_its_points(tmp_path: Path) -> None:
    rule = "{kind: checklist, items: [{text: 甲, points: 2, options: [2, 1, 0]}, {text: 乙, points: 2}]}"
    findings = faults(
        tmp_path, "{甲: 100, 乙: 100}", ("一", "甲, 乙", 5, f"rule: {rule}"), ("二", "甲, 乙", 95, JUDGE)
    )  # fmt: skip
    assert keys_of(findings) == [("S-05", "一", "4", "5")]


def test_of_our_own_wording_only_what_the_rule_itself_leaves_open_is_told(tmp_path: Path) -> None:
    """Official wording, where the definition has it, is issued as it stands, and its faults are told."""
    more = (
        f"rule: {{kind: step, {RATE}, threshold: 0%, bad: above, per: 1, deduct: 1, printed_full: 5}},"
        " stale_year: 2017, faults: [说明有误], gaps: [没有规定小于0时得几分]"
    )
    official = "printed: {评价标准: 变动率≤0，计5分。, 指标说明: 2017年的说明。}"
    place = "甲, 乙"
    faults(tmp_path, "{甲: 100, 乙: 100}", ("一", place, 2, more), ("二", place, 98, JUDGE))
    form = load_form(tmp_path / "试评表" / "测试.yaml")
    assert [finding.rule for finding in form_faults(form)] == ["S-01", "S-03", "S-06"]
    assert [finding.message for finding in form_faults(form, issued=True)] == [
        "“一”：没有规定小于0时得几分。请修订表样。"
    ]
    path = tmp_path / "又" / "试评表" / "测试.yaml"
    path.parent.mkdir(parents=True)
    text = (tmp_path / "试评表" / "测试.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("stale_year", f"{official}, stale_year"), encoding="utf-8")
    worded = load_form(path)
    assert [finding.rule for finding in form_faults(worded, issued=True)] == ["S-01", "S-03", "S-06"]
    printed = {box.text for box in lay_out(worded, 2021).boxes}
    assert {"变动率≤0，计5分。", "2017年的说明。"} <= printed
