"""The two 自评报告 and the 专项 table: grades, institutions in several grids, funds by source, figures in 元."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from gouji.ingest.read_return import FileReading, read_return
from gouji.ingest.register.batch import register
from gouji.templates.catalogue import built_in
from gouji.templates.grades import grade, rank_of_words
from gouji.templates.issued import issued_sheets
from gouji.templates.recipient import Project, Recipient
from gouji.templates.rules.naming import rule_sentence
from gouji.validate.check import check_rules
from gouji.validate.completeness import reading_findings
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of
from tests.issuing import opened

WHOLE = built_in().find("整体自评报告")
PROJECT = built_in().find("项目自评报告@汨罗市-2018")
BASE = built_in().find("基础数据表@衡山县-2021")
SPECIAL = built_in().find("专项自评表")
D = Decimal

Lines = Mapping[str, Sequence[Mapping[str, Given]]]


def judged(form_wide: Wide, others: Sequence[Wide] = ()) -> dict[tuple[str, str], str]:
    """(rule, item) → verdict of one return."""
    verdicts = check_rules(form_wide, Tables([form_wide, *others])).verdicts
    return dict(zip(zip(verdicts["rule"], verdicts["item"], strict=True), verdicts["verdict"], strict=True))


def whole(items: Mapping[str, Given], lines: Lines | None = None) -> Wide:
    return widen(WHOLE, returns_of(WHOLE, 1), values_of(WHOLE, [items], [lines or {}]))


def project(items: Mapping[str, Given], count: int = 1) -> Wide:
    return widen(PROJECT, returns_of(PROJECT, count, unit="U0"), values_of(PROJECT, [items] * count))


def findings(form_wide: Wide, rule: str) -> list[Finding]:
    return [finding for finding in check_rules(form_wide, Tables([form_wide])).findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("points", "words", "verdict"),
    [
        ("98", "优秀", "相符"),
        ("90", "优", "相符"),
        ("89.99", "优秀", "不符"),
        ("89.99", "良好", "相符"),
        ("80", "良", "相符"),
        ("79.9", "中等", "相符"),
        ("60", "合格", "相符"),
        ("59.99", "较差", "相符"),
        ("59.99", "中", "不符"),
        ("98", None, "无法核对"),
        (None, "优秀", "无法核对"),
        ("98", "很好", "无法核对"),
        ("98", " 优 秀", "相符"),
    ],
)
def test_grade_fits_the_score(points: str | None, words: str | None, verdict: str) -> None:
    items = {"绩效自评综合得分": None if points is None else D(points), "评价等次": words}
    assert judged(whole(items))["C-18", "评价等次"] == verdict


def test_a_wrong_grade_is_told_in_words() -> None:
    (wrong,) = findings(whole({"绩效自评综合得分": D("85"), "评价等次": "优秀"}), "C-18")
    assert (wrong.stated, wrong.expected, wrong.severity) == ("优", "良", "核实性")
    message = "“评价等次”现为 优，应等于 绩效自评综合得分对应的等次＝良，相差 1个等次，请核对后更正，或说明理由。"
    assert wrong.message == message
    (unknown,) = findings(whole({"绩效自评综合得分": D("85"), "评价等次": "很好"}), "C-18")
    assert unknown.verdict == "无法核对"
    assert "“评价等次”不是优、良、中、差之一" in unknown.message


def test_grades_and_their_words() -> None:
    assert [grade(D(points)) for points in ("90", "89.99", "80", "60", "59.9")] == ["优", "良", "良", "中", "差"]
    assert [rank_of_words(word) for word in ("优秀", "良", "中等", "不合格", "甲", "", None)] == [
        3, 2, 1, 0, None, None, None
    ]  # fmt: skip
    rule = next(rule for rule in WHOLE.rules if rule.id == "C-18")
    assert rule_sentence(WHOLE, rule) == "评价等次应等于绩效自评综合得分对应的等次"


def test_meeting_costs_are_no_part_of_the_three_public_costs() -> None:
    row = {"三公经费合计": D("4.54"), "公务接待费": D("4.54"), "会议费": D("0.32")}
    verdicts = judged(
        whole({f"三公汇总.{column}": value for column, value in row.items()}, {"三公机构": [row | {"line": "局机关"}]})
    )
    assert verdicts["C-09", "三公汇总.三公经费合计"] == verdicts["C-10", "局机关.三公经费合计"] == "相符"


def test_every_column_of_the_sum_row_is_the_sum_of_the_institutions() -> None:
    lines: Lines = {
        "资产机构": [
            {"line": "局机关", "固定资产合计": D("10"), "在用固定资产": D("9"), "其他固定资产": D("1")},
            {"line": "二级机构1", "固定资产合计": D("5"), "在用固定资产": D("5")},
        ]
    }
    items = {"资产汇总.固定资产合计": D("15"), "资产汇总.在用固定资产": D("13"), "资产汇总.其他固定资产": D("1")}
    verdicts = judged(whole(items, lines))
    columns = ["固定资产合计", "在用固定资产", "出租固定资产", "其他固定资产"]
    assert [verdicts["C-16", f"资产汇总.{column}"] for column in columns] == ["相符", "不符", "无法核对", "相符"]
    assert verdicts["C-11", "资产汇总.固定资产合计"] == "不符"
    assert [verdicts["C-12", f"{line}.固定资产合计"] for line in ("局机关", "二级机构1")] == ["相符", "相符"]


def test_surplus_of_an_institution_is_reckoned_from_its_own_line_in_the_other_grid() -> None:
    lines: Lines = {
        "收入机构": [
            {"line": "二级机构1", "收入合计": D("30")},
            {"line": "局机关", "收入合计": D("100")},
        ],
        "支出机构": [
            {"line": "局机关", "支出合计": D("90"), "结余": D("10")},
            {"line": "二级机构1", "支出合计": D("30"), "结余": D("5")},
            {"line": "二级机构2", "支出合计": D("7"), "结余": D("0")},
        ],
    }
    verdicts = judged(whole({}, lines))
    assert [verdicts["C-08", f"{line}.结余"] for line in ("局机关", "二级机构1", "二级机构2")] == [
        "相符", "不符", "无法核对"
    ]  # fmt: skip
    by_item = {finding.item: finding for finding in findings(whole({}, lines), "C-08")}
    assert (by_item["二级机构1.结余"].stated, by_item["二级机构1.结余"].expected) == ("5万元", "0万元")
    assert "收入合计”未填" in by_item["二级机构2.结余"].message


@pytest.mark.parametrize(
    ("count", "spent", "verdict"),
    [(1, "539.22", "相符"), (2, "269.61", "相符"), (1, "221", "不符"), (0, "0", "无法核对")],
)
def test_project_spending_is_tied_to_the_project_reports(count: int, spent: str, verdict: str) -> None:
    reports = [project({"项目资金.实际支出": D(spent)}, count)] if count else []
    unit_report = whole({"支出汇总.项目支出": D("539.22")})
    assert judged(unit_report, reports)["C-19", "支出汇总.项目支出"] == verdict


def test_funds_by_source() -> None:
    sources = {"市财政": ("300", "300", "310"), "其它": ("58", "50", "50")}
    items: dict[str, Given] = {
        f"{source}.{column}": D(figure)
        for source, figures in sources.items()
        for column, figure in zip(("计划安排资金", "实际到位资金", "实际支出"), figures, strict=True)
    }
    items |= {"市财政.结余": D("-10"), "其它.结余": D("0"), "项目资金.结余": D("-9")}
    items |= {"项目资金.计划安排资金": D("358"), "项目资金.实际到位资金": D("351"), "项目资金.实际支出": D("360")}
    verdicts = judged(project(items))
    assert [verdicts["D-01", f"项目资金.{column}"] for column in ("计划安排资金", "实际到位资金", "实际支出")] == [
        "相符", "不符", "相符"
    ]  # fmt: skip
    assert [verdicts["D-02", f"{row}.结余"] for row in ("项目资金", "市财政", "其它", "省财政")] == [
        "相符", "相符", "相符", "无法核对"
    ]  # fmt: skip
    assert verdicts["D-03", "项目资金.结余"] == "不符"
    assert [verdicts["D-04", f"{row}.实际支出"] for row in ("项目资金", "市财政", "其它")] == ["不符", "不符", "相符"]
    assert [verdicts["D-05", f"{row}.实际到位资金"] for row in ("项目资金", "市财政", "其它")] == ["相符"] * 3


@pytest.mark.parametrize(("count", "verdict"), [(1, "相符"), (2, "不符"), (0, "无法核对")])
def test_special_funds_lie_within_project_spending(count: int, verdict: str) -> None:
    base = widen(BASE, returns_of(BASE, 1), values_of(BASE, [{"项目支出.本年决算数": D("200")}]))
    items = {"年度资金总额.全年执行数": D("127.3")}
    others = (
        [widen(SPECIAL, returns_of(SPECIAL, count, unit="U0"), values_of(SPECIAL, [items] * count))] if count else []
    )
    tables = Tables([base, *others])
    checked = check_rules(base, tables)
    rows = checked.verdicts[checked.verdicts["rule"] == "X-08"]
    assert rows["verdict"].tolist() == [verdict]
    assert len([finding for finding in checked.findings if finding.rule == "X-08"]) == (verdict == "不符")


def test_institutions_that_the_form_prints_stand_in_the_issued_lines() -> None:
    (sheet,) = issued_sheets(Recipient("1", "某局", ""), [WHOLE], 2018)
    assert sheet.names["收入机构"] == sheet.names["资产机构"] == ["1、局机关", "2、二级机构1", "3、二级机构2"]
    assert sheet.names["评价人员"] == []


def report(path: Path, cells: Mapping[str, object]) -> FileReading:
    """An issued 项目自评报告 with these cells typed in, read back."""
    book = opened(Recipient("1", "某局", "某办", (Project("", "某项目"),)), PROJECT, year=2018)
    sheet = book[book.sheetnames[1]]
    for cell, value in cells.items():
        sheet[cell] = value
    book.save(path)
    return read_return(path, path.name, built_in())


@pytest.mark.parametrize(
    ("lines", "total", "spent", "read", "cells"),
    [
        ([458000, 594000], 1052000, 105.2, [45.8, 59.4, 105.2], 3),
        ([458000, "594,000"], "105.2万元", 105.2, [45.8, 59.4, 105.2], 2),
        ([458049, 594000], 1052049, 105.2, [45.8049, 59.4, 105.2049], 3),
        ([458051, 594000], 1052051, 105.2, [458051, 594000, 1052051], 0),
        (["458000元", 594000], 1052000, 105.2, [45.8, 594000, 1052000], 0),
        ([45.8, 59.4], 105.2, 105.2, [45.8, 59.4, 105.2], 0),
        ([458000, 594000], 1052000, None, [458000, 594000, 1052000], 0),
        ([458000, 594000], 1052000, 0, [458000, 594000, 1052000], 0),
    ],
)
def test_spending_without_a_unit_is_in_yuan_when_it_makes_ten_thousand_times_the_total(
    tmp_path: Path, lines: list[object], total: object, spent: float | None, read: list[float], cells: int
) -> None:
    typed = {"A21": "电费", "D21": lines[0], "A22": "物业费", "D22": lines[1], "D31": total, "F13": spent}
    (table,) = report(tmp_path / "a.xlsx", typed).tables
    figures = dict(zip(table.values.item, table.values.value, strict=True))
    assert figures["项目资金.实际支出"] == spent
    assert [figures[f"{line}.实际支出数"] for line in ("电费", "物业费", "支出合计")] == read
    assert [len(conversion.cells) for conversion in table.converted] == ([cells] if cells else [])


def test_what_was_read_in_yuan_is_told_once(tmp_path: Path) -> None:
    typed = {"A21": "电费", "D21": 458000, "A22": "物业费", "D22": 594000, "D31": 1052000, "F13": 105.2}
    batch = register([report(tmp_path / "a.xlsx", typed)], None, 2018)
    (finding,) = [
        candidate for candidate in reading_findings(batch.returns, batch.notes, built_in()) if candidate.rule == "T-11"
    ]
    assert (finding.severity, finding.item, finding.cell) == ("提示", "项目资金.实际支出", "D21")
    assert finding.related_cells == "D21；D22；D31"
    assert finding.message.startswith("金额没有写单位，合计恰为“项目资金（实际支出）”的一万倍")


@pytest.mark.parametrize(
    ("total", "spent", "verdict"),
    [(None, "50", "相符"), (None, "60", "不符"), (None, None, "无法核对"), ("50", "60", "相符"), ("60", "60", "相符")],
)
def test_what_was_spent_is_the_sum_of_its_lines_where_the_total_is_blank(
    total: str | None, spent: str | None, verdict: str
) -> None:
    """With a total D-06 and D-07 say it."""
    items = {
        "支出合计.实际支出数": None if total is None else D(total),
        "项目资金.实际支出": None if spent is None else D(spent),
    }
    lines: Lines = {"支出明细": [{"line": "甲", "实际支出数": D("20")}, {"line": "乙", "实际支出数": D("30")}]}
    report = widen(PROJECT, returns_of(PROJECT, 1), values_of(PROJECT, [items], [lines]))
    assert judged(report)["D-10", "支出合计.实际支出数"] == verdict
    differing = findings(report, "D-10")
    assert [finding.severity for finding in differing] == ["强制性"] * (verdict == "不符")
    if differing:
        assert differing[0].message == (
            "“各支出明细实际支出数之和”现为 50万元，应等于 项目资金（实际支出）＝60万元，相差 10万元，请核对后更正。"
        )
