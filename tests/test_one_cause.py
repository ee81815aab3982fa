"""One cause, one finding: what another finding says, and what asks nothing, stands beside; nothing is lost."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gouji.export.records import records
from gouji.export.sheets.findings import by_importance
from gouji.ingest.frames import returns_schema, typed
from gouji.validate.findings import Finding, Origin, common, finding_rows, identified
from gouji.validate.one_cause.by_cause import by_cause
from gouji.validate.one_cause.links import SETTLED, Link, rooted
from gouji.validate.one_cause.words import own_words
from gouji.validate.review.seal import figures_mark

FIGURES = [("a#表#1", "B20", 5.0), ("a#表#1", "B21", 2.5), ("a#表#1", "B22", 1.0)]
OWN = Origin(unit_code="1", unit="甲局", form="表", return_id="a#表#1", file="a", sheet="表")
OTHER = Origin(unit_code="1", unit="甲局", form="评分表", return_id="a#评分表#1", file="a", sheet="评分表")


def tie(rule: str, cell: str, **fields: Any) -> Finding:
    origin = fields.pop("origin", OWN)
    defaults = {"layer": "表内", "severity": "强制性", "verdict": "不符", "message": f"{rule}，请更正。", "item": cell}
    return Finding(rule=rule, cell=cell, **(defaults | fields), **origin.fields())


def missing(unit: str, form: str) -> Finding:
    return common("R-03", Origin(unit_code=unit, unit=f"{unit}局", form=form), item=form, detail=form, more="")


def parted(*raised: Finding, sent: tuple[str, ...] = ("1",)) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The findings and what stands beside them, indexed by rule; every one of `found` is in one of the two."""
    returns = [
        {"return_id": f"{unit}#表#1", "file": unit, "sha256": "0", "unit_code": unit, "status": "已收", "adopted": True}
        for unit in sent
    ]
    everything = identified([finding_rows(raised)])
    figures = pd.DataFrame(FIGURES, columns=["return_id", "cell", "value"])
    findings, asides = by_cause(everything, typed(pd.DataFrame(returns), returns_schema), lambda ids: figures)
    assert sorted([*findings["finding_id"], *asides["finding_id"]]) == sorted(everything["finding_id"])
    return findings.set_index("rule"), asides.set_index("rule")


def test_a_check_that_waits_for_a_figure_is_said_where_the_figure_is_asked_for() -> None:
    blank = common("T-02", OWN, severity="提示", item="块", label="块", cell="B6", related_cells="B6；B7")
    tied = tie("G-01", "C9", verdict="无法核对", waits="B7")
    score = tie("F-S1", "G4", verdict="无法核对", severity="核实性", origin=OTHER, waits="表!B6|表!B7")
    findings, asides = parted(blank, tied, score)
    assert list(findings.index) == ["T-02"]
    assert findings.loc["T-02", "severity"] == "强制性"
    assert findings.loc["T-02", "message"].endswith("　同因：因此没有核对C9（G-01）、评分表!G4（F-S1），补齐后再核对。")
    assert findings.loc["T-02", "related_cells"] == "B6；B7；C9；评分表!G4"
    assert set(asides["of"]) == {findings.loc["T-02", "finding_id"]}


def test_a_check_that_waits_for_more_than_is_asked_for_stays() -> None:
    blank = common("T-01", OWN, item="甲", label="甲", cell="B6")
    half = tie("G-01", "C9", verdict="无法核对", waits="B6|B8")
    unknown = tie("G-02", "C9", verdict="无法核对", waits=None)
    elsewhere = tie("G-03", "C9", verdict="无法核对", waits="B6", origin=OTHER)
    findings, asides = parted(blank, half, unknown, elsewhere)
    assert list(findings.index) == ["T-01", "G-01", "G-02", "G-03"] and asides.empty
    assert findings.loc["T-01", "severity"] == "强制性" and "同因" not in findings.loc["T-01", "message"]


def test_a_condition_that_asks_for_a_figure_speaks_for_what_waits_for_it() -> None:
    asking = tie("A-14", "H20", severity="核实性", wants="F20")
    waiting = tie("A-S1", "H20", verdict="无法核对", severity="核实性", waits="F20")
    findings, asides = parted(waiting, asking)
    assert (list(findings.index), list(asides.index)) == (["A-14"], ["A-S1"])


def test_a_total_that_fails_with_its_part_comes_behind_it() -> None:
    total = tie("G-01", "B6", related_cells="B7；B10", difference=-0.5)
    part = tie("G-02", "B7", related_cells="B8；B9", difference=0.5)
    other = tie("G-04", "B19", related_cells="B20", difference=0.5)
    findings, asides = parted(total, part, other)
    assert asides.empty
    assert findings.loc["G-01", "cause"] == "随B7的问题（G-02）：相差的数相同，那里更正后多半相符"
    assert findings["cause"].notna().sum() == 1
    assert list(by_importance(findings.reset_index())["rule"]) == ["G-02", "G-04", "G-01"]


def test_a_figure_below_nought_puts_its_sum_out_by_twice_as_much() -> None:
    findings, _ = parted(
        tie("G-04", "B19", related_cells="B20；B21", difference=8.0), tie("N-01", "B20", difference=-4.0)
    )
    assert findings.loc["G-04", "cause"].startswith("随B20的问题（N-01）")


@pytest.mark.parametrize("gap", [0.4, None])
def test_what_differs_by_another_amount_follows_from_nothing(gap: float | None) -> None:
    findings, _ = parted(
        tie("G-01", "B6", related_cells="B7", difference=gap), tie("G-02", "B7", related_cells="B8", difference=0.5)
    )
    assert findings["cause"].isna().all()


def test_what_asks_nothing_stands_beside() -> None:
    quiet = [
        tie("J-02", "H5", verdict="尾差", severity="提示"),
        tie("F-S1", "G4", verdict="无法核对", severity="提示"),
        tie("A-S3", "H33", severity="提示", cause="红色预警"),
        common("T-13", OWN, item="", cell="B6", count=1, examples="B6", related_cells="B6"),
        common("R-05", OWN, item="a", detail="与“b”相同"),
        common("T-10", OWN, item="x.完成值", cell="F18", stated="≥95%", waits=SETTLED),
    ]
    asking = [
        common("T-10", OWN, item="y.完成值", cell="F19", stated="≥95%"),
        common("T-03", OWN, item="", cell="B9", count=1, examples="B9", detail="", related_cells="B9"),
        tie("T-19", "F20", verdict="无法核对", severity="提示"),
    ]
    findings, asides = parted(*quiet, *asking)
    assert list(asides.index) == [finding.rule for finding in quiet] and asides["of"].isna().all()
    assert list(findings.index) == [finding.rule for finding in asking]


def test_formulas_typed_over_are_told_where_one_of_them_is_wrong() -> None:
    over = common("T-13", OWN, item="", cell="B6", count=2, examples="B6、B12", related_cells="B6；B12")
    findings, asides = parted(over, tie("G-03", "B12", related_cells="B13", difference=1.0))
    assert findings.loc["G-03", "message"] == "G-03，请更正。　同因：有公式的格子已改成直接填写的数（T-13）。"
    assert asides.loc["T-13", "of"] == findings.loc["G-03", "finding_id"]


def test_one_thing_about_a_file_is_told_at_its_first_table() -> None:
    findings, asides = parted(
        common("T-08", OWN, item="年度", stated="2020", expected="2021"),
        common("T-08", OTHER, item="年度", stated="2020", expected="2021"),
        common("T-08", OTHER, severity="核实性", item="标签的年度", stated="2020", expected="2021"),
    )
    assert list(findings["sheet"]) == ["表", "评分表"] and list(asides["sheet"]) == ["评分表"]
    assert findings["message"].iloc[0].endswith("　同因：同一文件的“评分表”也是如此（T-08）。")


def test_nothing_received_is_one_finding_and_one_table_missing_is_one() -> None:
    silent, partly = [missing("9", name) for name in "甲丙丁"], [missing("1", name) for name in "甲丙"]
    findings, _ = parted(*silent, *partly)
    assert sorted(zip(findings["unit_code"], findings["form"], strict=True)) == [("1", "丙"), ("1", "甲"), ("9", "甲")]
    assert findings["message"].iloc[0].endswith("　同因：该单位的“丙”“丁”也没有收到（R-03）。")


def test_what_is_missing_may_stand_in_the_file_that_cannot_be_read() -> None:
    shut = common("R-01", Origin(unit_code="1", unit="甲局", file="a"), item="a", detail="坏了。")
    findings, asides = parted(missing("1", "甲"), shut)
    assert findings.loc["R-01", "message"].endswith("该单位的“甲”可能就在这个文件里（R-03）。")
    assert asides.loc["R-03", "of"] == findings.loc["R-01", "finding_id"]


def test_words_of_a_unit_are_not_lost_with_the_finding_that_they_stood_at() -> None:
    blank = common("T-01", OWN, item="甲", label="甲", cell="B6")
    everything = identified([finding_rows([blank, tie("G-01", "C9", verdict="无法核对", waits="B6")])])
    everything["explanation"] = pd.array([None, "没有此项"], dtype="str")
    findings, _ = by_cause(everything, typed(pd.DataFrame(), returns_schema), lambda ids: pd.DataFrame())
    assert findings["explanation"].tolist() == ["没有此项"]


def test_what_is_added_to_a_sentence_is_no_part_of_what_was_decided_on() -> None:
    blank = common("T-01", OWN, item="甲", label="甲", cell="B6")
    alone, _ = parted(blank)
    spoken, _ = parted(blank, tie("G-01", "C9", verdict="无法核对", waits="B6"))
    before, after = (records(frame.reset_index())[0] for frame in (alone, spoken))
    assert before["finding_id"] == after["finding_id"] and before["message"] != after["message"]
    assert own_words(after["message"]) == before["message"] and figures_mark(before) == figures_mark(after)


def test_links_lead_to_what_nothing_else_says_and_never_in_a_circle() -> None:
    assert rooted([Link(0, 1), Link(1, 2), Link(2, 0), Link(0, 3)]) == {0: 2, 1: 2}


def test_a_sum_without_the_figures_that_stand_as_text_is_said_at_the_text() -> None:
    text = common(
        "T-03", OWN, item="", cell="B20", count=2, examples="B20、B21", detail="已读", related_cells="B20；B21"
    )
    short = tie("G-04", "B19", related_cells="B20；B21；B22", difference=-7.5)
    other = tie("G-03", "B12", related_cells="B20；B22", difference=-1.0)
    above = tie("G-01", "B6", related_cells="B19", difference=7.5)
    findings, asides = parted(text, short, other, above)
    assert list(findings.index) == ["T-03", "G-03", "G-01"] and list(asides.index) == ["G-04"]
    assert findings.loc["T-03", "severity"] == "强制性"
    assert findings.loc["T-03", "message"].endswith("　同因：合计没有算进这些数的有B19（G-04），更正后再核对。")
    assert findings.loc["G-01", "cause"].startswith("随B20的问题（T-03）")
