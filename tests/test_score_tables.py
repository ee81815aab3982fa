"""评分表 of every shape: points in columns or labels, sections with points of their own, totals in a row or a line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gouji.ingest.grid import Sheet
from gouji.ingest.locating.by_label import by_label
from gouji.ingest.locating.region import Region
from gouji.templates.catalogue import built_in
from gouji.templates.errors import RuleError
from gouji.templates.issuing.entry import upper_bounds
from gouji.templates.layout import Box, lay_out
from gouji.templates.rules.naming import rule_sentence
from gouji.templates.rules.parse import parse_rule
from gouji.templates.scoring.explanation import explanation

PROJECT, POINTS = built_in().find("项目共性指标"), built_in().find("项目指标体系")
UNLABELLED, INLINE = built_in().find("整体支出共性指标"), built_in().find("预算支出共性指标")
ALL = [PROJECT, POINTS, UNLABELLED, INLINE]


def last_row(boxes: list[Box], row: int) -> list[tuple[str, str]]:
    """(role, what is printed or which item) of a row's boxes from left to right."""
    return [(box.role, box.text or box.item or "") for box in sorted(boxes, key=lambda b: b.column) if box.row == row]


@pytest.mark.parametrize(
    ("form", "row", "boxes"),
    [
        (PROJECT, 19, [
            ("label", "合计"), ("fixed", "总分.分值"), ("closed", ""), ("closed", ""), ("computed", "总分.得分"),
        ]),
        (POINTS, 24, [
            ("label", "总分"), ("points", "100"), ("closed", ""), ("points", "100"), ("closed", ""),
            ("fixed", "总分.分值"), ("closed", ""), ("closed", ""), ("computed", "总分.得分"),
        ]),
        (UNLABELLED, 30, [("closed", ""), ("closed", ""), ("closed", ""), ("computed", "总分.得分")]),
        (INLINE, 19, [("label", "总分："), ("closed", ""), ("closed", ""), ("computed", "总分.得分")]),
    ],
)  # fmt: skip
def test_the_total_row_as_issued(form: object, row: int, boxes: list[tuple[str, str]]) -> None:
    assert last_row(lay_out(form, 2020).boxes, row) == boxes  # type: ignore[arg-type]


def test_points_of_sections_stand_behind_their_labels() -> None:
    boxes = {(box.row, box.column): box for box in lay_out(POINTS, 2020).boxes}
    assert [(boxes[2, c].text, boxes[2, c].rows) for c in range(4)] == [
        ("项目决策", 5), ("20", 5), ("项目目标", 1), ("4", 1),
    ]  # fmt: skip
    labels = {box.text for box in lay_out(INLINE, 2020).boxes if box.role == "label"}
    assert {"决策\n（10分）", "资金使用合规性\n（1分）"} <= labels


def test_a_self_score_may_not_exceed_the_points_even_where_they_have_no_cell() -> None:
    assert upper_bounds(UNLABELLED)["绩效目标合理性.得分"] == Decimal(6)
    # The printed points bound a score, so that a 分值 left blank leaves nothing open.
    assert upper_bounds(built_in().find("评分表"))["行政效能.得分"] == Decimal(6)


@pytest.mark.parametrize(
    ("form", "rule", "item", "words"),
    [
        (PROJECT, "B-02", "总分.得分", "总分（得分）应等于各指标得分之和"),
        (PROJECT, "B-04", "投入.分值", "投入各指标分值之和应等于20"),
        (POINTS, "E-06", "项目绩效.分值", "项目绩效各指标分值之和应等于55"),
        (INLINE, "I-02", "总分.得分", "总分（得分）应等于各指标得分之和"),
    ],
)
def test_sums_over_a_section_have_a_name(form: object, rule: str, item: str, words: str) -> None:
    (rule_found,) = (candidate for candidate in form.rules if candidate.id == rule)  # type: ignore[attr-defined]
    assert (rule_found.item, rule_sentence(form, rule_found)) == (item, words)  # type: ignore[arg-type]


def test_a_section_without_such_a_column_is_an_error() -> None:
    with pytest.raises(RuleError, match="投入"):
        parse_rule("合计(投入.分值) = 20", UNLABELLED.scope)


@pytest.mark.parametrize("form", ALL)
def test_the_total_is_no_indicator(form: object) -> None:
    limits = [rule.item for rule in form.rules if rule.id.endswith("-01")]  # type: ignore[attr-defined]
    assert limits == [f"{name}.得分" for name in form.indicators]  # type: ignore[attr-defined]


def test_evidence_is_explained_by_its_label() -> None:
    block, place = PROJECT.indicators["资金到位率"]
    assert explanation(PROJECT, block.indicators[place]) == "资金到位率＝实际到位资金÷计划投入资金×100%"


def table(*rows: list[object]) -> Sheet:
    return Sheet("表", False, [["" if cell is None else cell for cell in row] for row in rows])


HEAD: list[object] = ["一级指标", "二级指标", "三级指标", "评分及标准", "指标说明", "自评分"]


def test_a_total_behind_its_label_is_read_and_is_no_text_figure() -> None:
    rows: list[list[object]] = [["预算支出绩效评价共性指标体系框架（参考）"], HEAD]
    rows += [["", "", name.printed_labels[0], "", "", 1.0] for name in INLINE.indicators["依据充分性"][0].indicators]
    located = by_label(INLINE, Region(table(*rows, ["总分：98"]), 0, len(rows)), 1)
    place = located.places["总分.得分"]
    assert (place.span, place.after) == ((19, 0, 19, 0), "总分")


def test_an_unlabelled_total_is_the_first_figure_below_the_indicators() -> None:
    rows: list[list[object]] = [["部门整体支出绩效评价共性指标框架"], HEAD]
    rows += [["", "", name.printed_labels[0], "", "", 1.0] for name in UNLABELLED.indicators["经济效益"][0].indicators]
    located = by_label(UNLABELLED, Region(table(*rows, [None] * 6, [None] * 5 + [98.0]), 0, len(rows) + 1), 1)
    assert located.places["总分.得分"].span == (31, 5, 31, 5)
    assert located.places["资产管理_管理制度健全性.得分"].span[0] == 19
    assert located.places["预算管理_管理制度健全性.得分"].span[0] == 15
