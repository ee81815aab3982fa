"""Whose a table is: head, roster, file and folder; what contradicts counts for nobody until somebody says so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gouji.ingest.locating.head import Head, Stated
from gouji.ingest.locating.recognise import Unrecognised
from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.batch import Register, register
from gouji.ingest.register.return_row import table_id
from gouji.ingest.roster import Roster, read_roster
from gouji.ingest.values import Values
from gouji.templates.catalogue import built_in
from gouji.validate.completeness import reading_findings
from gouji.validate.findings import Finding
from gouji.validate.receipt import receipt_findings

BASE = "部门整体支出绩效评价基础数据表"
ROSTER = """单位编码,单位名称,主管部门,曾用名称或编码,应报表
219,某县交通运输局,,某县交通局,基础数据表
219001,某县公路建设养护中心,某县交通运输局,,基础数据表
301,某县财政局,,,基础数据表
401,城关镇,,,基础数据表
"""


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    path = tmp_path / "名册.csv"
    path.write_text(ROSTER, encoding="utf-8-sig")
    return read_roster(path, built_in())


def received(name: str, roster: Roster | None, decided: dict[str, str] | None = None, **attributes: object) -> Register:
    table = TableReading("表", 1, BASE, "衡山县-2021", "unit", "found", Values(anything=True))
    for key, value in attributes.items():
        setattr(table, key, value)
    return register([FileReading(name, "0" * 64, [table])], roster, 2021, decided)


def unit(batch: Register) -> tuple[object, ...]:
    (row,) = batch.returns.itertuples(index=False)
    return tuple(None if pd.isna(field) else field for field in (row.unit_code, row.unit, row.unit_source, row.status))


def findings(batch: Register, roster: Roster) -> list[Finding]:
    all_findings = [
        *receipt_findings(batch.returns, batch.notes, roster, 2021, built_in()),
        *reading_findings(batch.returns, batch.notes, built_in()),
    ]
    return [finding for finding in all_findings if finding.rule != "R-03"]


@pytest.mark.parametrize(
    ("name", "attributes", "code", "source"),
    [
        ("a.xlsx", {"header_unit": "某县财政局（公章）"}, "301", "表头"),
        ("a.xlsx", {"header_unit": "301-县财政"}, "301", "表头"),
        ("a.xlsx", {"header_unit": "某县财政局（本级）"}, "301", "表头"),
        ("a.xlsx", {"header_unit": "某县财政局（汇总）"}, "301", "表头"),
        ("a.xlsx", {"header_unit": "某县财政局（含下属单位）"}, "301", "表头"),
        ("a.xlsx", {"header_unit": "某县交通局"}, "219", "表头"),
        ("a.xlsx", {"header_code": "401"}, "401", "表头"),
        ("a.xlsx", {"header_unit": "规划股", "other_units": ["规划股", "某县财政局"]}, "301", "表头"),
        ("a.xlsx", {"department": "[301]某县财政局"}, "301", "表头"),
        ("某县公路建设养护中心.xlsx", {"department": "某县交通运输局"}, "219001", "文件名"),
        ("某县交通运输局.xlsx", {"header_unit": "某县公路建设养护中心"}, "219001", "表头"),
        ("301-自评材料.xlsx", {}, None, None),
        ("219001_自评材料.xlsx", {}, "219001", "文件名"),
        ("城关镇2021.xlsx", {}, "401", "文件名"),
        ("收到/某县财政局/基础数据表.xlsx", {}, "301", "文件夹名"),
        ("某县财政局/某县交通运输局.xlsx", {}, "219", "文件名"),
        ("某县交通运输局与某县公路建设养护中心.xlsx", {}, "219001", "文件名"),
        ("某县财政局与城关镇.xlsx", {}, None, None),
    ],
)
def test_a_unit_of_the_roster(roster: Roster, name: str, attributes: dict[str, object], code: str, source: str) -> None:
    unit_known = unit(received(name, roster, **attributes))
    assert (unit_known[0], unit_known[2], unit_known[3]) == (code, source, "已收")


@pytest.mark.parametrize(
    ("name", "attributes", "code", "words"),
    [
        ("a.xlsx", {"header_unit": "公路股", "department": "某县交通运输局"}, "219", "内设机构"),
        ("a.xlsx", {"header_unit": "某县交通运输局规划建设科"}, "219", "内设机构"),
        ("某县交通运输局.xlsx", {"header_unit": "交通局"}, "219", "按文件名"),
        ("某县财政局.xlsx", {"header_unit": "本单位"}, "301", "按文件名"),
        ("a.xlsx", {"header_unit": "县财政局"}, "301", "与名册里的一个单位相符"),
        ("a.xlsx", {"header_unit": "本县财政局（本级）"}, "301", "与名册里的一个单位相符"),
        ("a.xlsx", {"header_unit": "交通局"}, "219", "与名册里的一个单位相符"),
        ("a.xlsx", {"header_unit": "县公路建设养护中心"}, "219001", "与名册里的一个单位相符"),
        ("a.xlsx", {"header_unit": "某县财政局、各乡镇人民政府"}, "301", "列了几个单位"),
        ("a.xlsx", {"header_unit": "各乡镇人民政府及县财政局", "department": "某县财政局"}, "301", "列了几个单位"),
        ("a.xlsx", {"header_unit": "某县财政局及所属单位"}, "301", "列了几个单位"),
        ("a.xlsx", {"titled": "县财政局"}, "301", "按标题"),
        ("a.xlsx", {"signed": "某县财政局"}, "301", "按落款"),
        ("02交通运输局自评表.xlsx", {}, "219", "按文件名"),
        ("a.xlsx", {"sheet": "县财政局"}, "301", "按工作表名"),
    ],
)
def test_a_conclusion_is_told(roster: Roster, name: str, attributes: dict[str, object], code: str, words: str) -> None:
    batch = received(name, roster, **attributes)
    (finding,) = findings(batch, roster)
    assert (unit(batch)[0], finding.rule, finding.severity) == (code, "R-13", "提示") and words in finding.message


@pytest.mark.parametrize(
    ("name", "attributes", "near"),
    [
        ("某县财政局.xlsx", {"header_unit": "外县水利局"}, ""),
        ("a.xlsx", {"header_unit": "某县财政居"}, "某县财政局"),
        ("a.xlsx", {"header_unit": "公路建设养护中心"}, "某县公路建设养护中心"),
        ("a.xlsx", {"header_unit": "市财政局"}, "某县财政局"),
        ("a.xlsx", {"header_unit": "邻县财政局"}, "某县财政局"),
        ("a.xlsx", {"header_unit": "某县财政局、城关镇"}, "某县财政局"),
        ("a.xlsx", {"header_unit": "城关镇、各村", "department": "某县财政局"}, "城关镇"),
    ],
)
def test_a_name_that_the_roster_lacks_stays_with_nobody(
    roster: Roster, name: str, attributes: dict[str, object], near: str
) -> None:
    batch = received(name, roster, **attributes)
    (finding,) = findings(batch, roster)
    assert (unit(batch)[0], finding.rule) == (None, "R-06") and near in finding.message


@pytest.mark.parametrize(
    ("name", "attributes", "code"),
    [
        ("某县财政局.xlsx", {"header_unit": "城关镇"}, "401"),
        ("a.xlsx", {"header_unit": "某县财政局", "header_code": "401"}, "301"),
        ("a.xlsx", {"header_unit": "401-某县财政局"}, "301"),
        ("某县财政局.xlsx", {"header_unit": "公路股", "department": "某县交通运输局"}, "219"),
        ("某县财政局.xlsx", {"department": "某县交通运输局"}, "219"),
        ("某县财政局.xlsx", {"header_unit": "县交通运输局"}, "219"),
        ("某县财政局.xlsx", {"signed": "某县交通运输局"}, "219"),
        ("城关镇.xlsx", {"sheet": "某县财政局"}, "301"),
        ("a.xlsx", {"signed": "某县财政局", "sheet": "城关镇"}, "301"),
    ],
)
def test_two_units_of_the_roster_are_told_and_neither_has_the_table(
    roster: Roster, name: str, attributes: dict[str, object], code: str
) -> None:
    batch = received(name, roster, **attributes)
    (finding,) = findings(batch, roster)
    assert (finding.rule, finding.severity, unit(batch)[3]) == ("R-11", "强制性", "单位待定")
    assert not batch.returns["adopted"].any()
    (row,) = batch.returns.itertuples(index=False)
    assert unit(batch)[:3] == (None, None, None)
    settled = received(name, roster, {table_id(row.sha256, row.return_id): "是"}, **attributes)
    assert (unit(settled)[0], unit(settled)[3], bool(settled.returns["adopted"].all())) == (code, "已收", True)


def test_the_folder_of_a_department_contradicts_nobody(roster: Roster) -> None:
    batch = received("某县财政局/城关镇上报.xlsx", roster, header_unit="城关镇")
    assert unit(batch) == ("401", "城关镇", "表头", "已收")


def test_a_short_name_of_two_units_is_neithers(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("单位编码,单位名称\n1,甲县水利局\n2,乙县水利局\n3,丙市水利局\n", encoding="utf-8-sig")
    two = read_roster(path, built_in())
    written = ("县水利局", "水利局", "市水利局", "甲县水利局、乙县水利局")
    assert [unit(received("a.xlsx", two, header_unit=name))[0] for name in written] == [None, None, "3", None]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("北岭县气象局", "北岭县气象局"),
        ("2023人民医院", "人民医院"),
        ("后勤中心", None),
        ("自评表", None),
        ("规划股", None),
    ],
)
def test_without_a_roster_the_name_of_the_sheet_may_tell(sheet: str, expected: str | None) -> None:
    assert unit(received("a.xlsx", None, sheet=sheet))[1] == expected
    assert unit(received("a.xlsx", None, sheet=sheet, header_unit="城关镇"))[1] == "城关镇"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2021年某县财政局.xlsx", "某县财政局"),
        ("附件1_某县财政局_基础数据表.xlsx", "某县财政局"),
        ("报送/某县财政局/1.xlsx", "某县财政局"),
        ("城关镇（盖章）.xlsx", "城关镇"),
        ("基础数据表.xlsx", None),
        ("某县财政局-城关镇.xlsx", None),
    ],
)
def test_without_a_roster_the_name_of_the_file_may_tell(name: str, expected: str | None) -> None:
    assert unit(received(name, None))[1] == expected


def test_an_undefined_sheet_of_the_file_may_tell_whose_it_is() -> None:
    head = Head({"unit": [Stated("城关镇", (1, 1))]})
    table = TableReading("表", 1, BASE, "衡山县-2021", "unit", "found", Values(anything=True))
    other = Unrecognised("附件二", 1, (0, 9), 5, 0, BASE, 0.2, [], "部门整体支出绩效自评表", head=head)
    batch = register([FileReading("a.xlsx", "0" * 64, [table], unrecognised=[other])], None, 2021)
    assert list(batch.returns["unit"]) == ["城关镇", "城关镇"]
    assert list(batch.returns["status"]) == ["已收", "未收录"]
