"""Whose return it is, for which year and project, and what counts when two came: from readings to `returns`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.batch import Register, register, values_frame
from gouji.ingest.roster import Roster, RosterError, read_roster
from gouji.ingest.values import Values
from gouji.templates.catalogue import built_in
from gouji.validate.findings import findings_frame
from gouji.validate.receipt import receipt_findings, required_forms

BASE, PROJECT = "部门整体支出绩效评价基础数据表", "预算支出绩效自评表"


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    path = tmp_path / "名册.csv"
    path.write_text(
        "县直单位名册,,,,,\n单位编码,单位名称,曾用名称或编码,应报表,项目编码,项目名称\n"
        "001,某县财政局,某县财政办；财办,基础数据表；自评表,P01,办案经费\n"
        "002,某县教育局,,基础数据表,,\n",
        encoding="utf-8-sig",
    )
    return read_roster(path, built_in())


def table(form: str = BASE, **attributes: object) -> TableReading:
    per = "project" if form == PROJECT else "unit"
    edition = "湖南-2020" if form == PROJECT else "衡山县-2021"
    reading = TableReading("表", 1, form, edition, per, "found", Values(anything=True))
    for name, value in attributes.items():
        setattr(reading, name, value)
    return reading


def file(name: str, *tables: TableReading, sha: str | None = None, refused: str | None = None) -> FileReading:
    for number, reading in enumerate(tables, 1):
        reading.number = number
    return FileReading(name, sha or name, list(tables), refused)


def columns_of(batch: Register, *columns: str) -> list[tuple[object, ...]]:
    frame = batch.returns[list(columns)].astype(object)
    return [tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False)]


def rules(batch: Register, roster: Roster | None) -> list[tuple[object, ...]]:
    frame = findings_frame(receipt_findings(batch.returns, batch.notes, roster, batch.year, built_in()))
    frame = frame[["rule", "unit", "file"]].astype(object)
    return [tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False)]


def test_a_unit_is_found_by_identity_header_other_tables_and_file_name_in_this_order(roster: Roster) -> None:
    batch = register(
        [
            file("a.xlsx", table(identity_code="001", identity_unit="改了名的局", header_unit="财办")),
            file("b.xlsx", table(header_unit="某县 教育局"), table(PROJECT)),
            file("c.xlsx", table(PROJECT, department="财办", header_year=2020)),
            file("收到/某县教育局上报.xlsx", table(PROJECT)),
            file("e.xlsx", table(header_unit="外县水利局")),
            file("f.xlsx", table()),
        ],
        roster,
        None,
    )
    assert columns_of(batch, "unit_code", "unit", "unit_source") == [
        ("001", "某县财政局", "标识页"),
        ("002", "某县教育局", "表头"),
        ("002", "某县教育局", "同一文件的其他表"),
        ("001", "某县财政局", "表头"),
        ("002", "某县教育局", "文件名"),
        (None, "外县水利局", "表头"),
        (None, None, None),
    ]
    assert rules(batch, roster) == [("R-06", "外县水利局", "e.xlsx"), ("R-08", None, "f.xlsx")]


def test_a_year_comes_from_identity_header_labels_other_tables_and_last_from_the_run() -> None:
    batch = register(
        [
            file("a.xlsx", table(identity_year=2022, header_year=2021)),
            file("b.xlsx", table(printed_year=2020), table(PROJECT)),
            file("c.xlsx", table()),
        ],
        None,
        2021,
    )
    assert [year for (year,) in columns_of(batch, "year")] == [2022, 2020, 2020, 2021]


def test_a_project_is_told_by_its_code_its_name_or_its_place(roster: Roster) -> None:
    batch = register(
        [
            file(
                "a.xlsx",
                table(PROJECT, header_unit="某县财政局", header_instance="办案 经费"),
                table(PROJECT, header_unit="某县财政局", header_instance="设备购置"),
                table(PROJECT, header_unit="某县财政局", identity_instance="P09"),
                table(PROJECT, header_unit="某县财政局"),
            )
        ],
        roster,
        2021,
    )
    assert [instance for (instance,) in columns_of(batch, "instance")] == ["P01", "设备购置", "P09", "第4张"]


def test_neither_of_two_returns_of_one_table_is_chosen_silently(roster: Roster) -> None:
    batch = register(
        [file("a.xlsx", table(header_unit="某县教育局")), file("b.xlsx", table(header_unit="002"))], roster, 2021
    )
    assert columns_of(batch, "status", "adopted") == [("重复报送", False), ("重复报送", False)]
    assert [rule for rule, _, _ in rules(batch, roster)] == ["R-04", "R-03", "R-03"]


def test_the_same_bytes_are_read_once() -> None:
    reading = table(header_unit="某县教育局")
    batch = register([file("a.xlsx", reading, sha="1"), file("b.xlsx", reading, sha="1")], None, 2021)
    assert columns_of(batch, "file", "status", "reason", "adopted") == [
        ("a.xlsx", "已收", None, True),
        ("b.xlsx", "重复文件", "与“a.xlsx”内容完全相同", False),
    ]


def test_what_is_refused_empty_or_unknown_stays_in_the_account() -> None:
    batch = register(
        [
            file("a.xlsx", refused="文件设有密码"),
            file("b.xlsx"),
            file("c.xlsx", table(header_unit="某县教育局", values=Values())),
        ],
        None,
        2021,
    )
    assert columns_of(batch, "status") == [("无法读取",), ("未识别",), ("空表",)]
    assert [rule for rule, _, _ in rules(batch, None)] == ["R-01", "R-02", "R-07"]


def test_what_the_roster_asks_for_and_nobody_sent_is_missing(roster: Roster) -> None:
    batch = register([file("a.xlsx", table(header_unit="某县财政局"))], roster, 2021)
    assert rules(batch, roster) == [("R-03", "某县财政局", None), ("R-03", "某县教育局", None)]


def test_an_empty_batch_has_empty_frames() -> None:
    batch = register([], None, None)
    assert (len(batch.returns), len(values_frame([]))) == (0, 0)


def test_finding_ids_stay_and_are_never_shared(roster: Roster) -> None:
    readings = [file("a.xlsx", table(header_unit="某县教育局")), file("b.xlsx", table(header_unit="002"))]
    first, second = (
        findings_frame(receipt_findings(batch.returns, batch.notes, roster, batch.year, built_in()))["finding_id"]
        for batch in (register(readings, roster, 2021), register(readings, roster, 2021))
    )
    assert first.is_unique
    assert first.tolist() == second.tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [("单位,编码\n甲,1\n", "没有“单位名称”"), ("单位名称\n甲\n", "没有“单位编码”"), ("单位编码,单位名称\n", "没有单位"),
     ("单位编码,单位名称\n,甲局\n", "“甲局”没有单位编码")],
)  # fmt: skip
def test_a_roster_that_cannot_be_used_says_what_is_missing(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(text, encoding="gb18030")
    with pytest.raises(RosterError, match=message):
        read_roster(path, built_in())


def test_two_units_of_one_name_are_told_apart_by_their_codes_only(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("单位编码,单位名称,主管部门\n1,中心小学,东乡\n2,中心小学,西乡\n", encoding="utf-8")
    roster = read_roster(path, built_in())
    assert roster.match("中心小学") is None
    assert roster.match("2") == ("2", "中心小学")


def test_codes_that_excel_made_numbers_of_are_read_as_codes(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    pd.DataFrame({"单位编码": [430423001.0, 7.0], "单位名称": ["甲局", "乙局"]}).to_excel(path, index=False)
    assert read_roster(path, built_in()).frame["unit_code"].tolist() == ["430423001", "7"]


def test_forms_owed_are_named_in_full() -> None:
    assert required_forms("基础数据表@衡山县-2021；自评表; 别的表", built_in()) == [BASE, PROJECT, "别的表"]
