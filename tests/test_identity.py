"""Nothing under another name: identity record, typed name, names of file and folder, and roster are all compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.batch import Register, register
from gouji.ingest.register.return_row import table_id
from gouji.ingest.roster import Roster, read_roster
from gouji.ingest.values import Values
from gouji.pipeline import run
from gouji.samples.fill import Text
from gouji.templates.catalogue import built_in
from gouji.templates.returned import Proof
from gouji.validate.completeness import reading_findings
from gouji.validate.findings import Finding
from gouji.validate.receipt import receipt_findings
from tests.field.issued import BASE_SHEET, PROJECT_SHEET, YEAR, Returned, build_returned, issued_unit

BASE, PROJECT = "部门整体支出绩效评价基础数据表", "预算支出绩效自评表"
ROSTER = """单位编码,单位名称,主管部门,曾用名称或编码,应报表
001219,某县交通运输局,,某县交通局,基础数据表
219001,某县公路建设养护中心,某县交通运输局,,基础数据表
219002,某县运输服务中心,某县交通运输局,,基础数据表
301,某县财政局,,,基础数据表
401,城关镇,,,基础数据表
402,河口镇,,某县财政局；老河口乡,基础数据表
"""
TRAFFIC, FINANCE, TOWN, RIVER = "某县交通运输局", "某县财政局", "城关镇", "河口镇"
ROADS, TRANSPORT = "某县公路建设养护中心", "某县运输服务中心"
CODES = {TRAFFIC: "001219", FINANCE: "301", TOWN: "401", RIVER: "402", ROADS: "219001", TRANSPORT: "219002"}


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Roster:
    path = tmp_path_factory.mktemp("roster") / "名册.csv"
    path.write_text(ROSTER, encoding="utf-8-sig")
    return read_roster(path, built_in())


def table(record: str = "", typed: str = "", form: str = BASE, sheet: str = "表", **attributes: object) -> TableReading:
    """A table of a workbook issued to `record` (or of no issued one), `typed` where its unit is asked for."""
    per, edition = ("project", "湖南-2020") if form == PROJECT else ("unit", "衡山县-2021")
    made = TableReading(sheet, 1, form, edition, per, "issued" if record else "found", Values(anything=True))
    made.identity_unit, made.identity_code = record, CODES.get(record, "")
    made.header_unit, made.unit_cell = typed or None, "B3"
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def received(
    file: str, roster: Roster | None, *tables: TableReading, decided: dict[str, str] | None = None
) -> Register:  # fmt: skip
    for number, reading in enumerate(tables, 1):
        reading.number = number
    return register([FileReading(file, "0" * 64, list(tables))], roster, 2021, decided)


def states_of(batch: Register) -> list[tuple[object, ...]]:
    frame = batch.returns[["unit", "status"]].astype(object)
    return [tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False)]


def findings(batch: Register, roster: Roster | None) -> list[Finding]:
    return [
        *receipt_findings(batch.returns, batch.notes, roster, 2021, built_in()),
        *reading_findings(batch.returns, batch.notes, built_in()),
    ]


def named(batch: Register, roster: Roster | None) -> list[Finding]:
    return [finding for finding in findings(batch, roster) if finding.rule not in ("R-03", "R-04")]


@pytest.mark.parametrize(
    ("file", "record", "typed", "form", "words"),
    [
        ("a.xlsx", FINANCE, TOWN, BASE, ["标识页（下发时登记的）是“某县财政局”", "表头（B3）填的是“城关镇”"]),
        ("城关镇.xlsx", FINANCE, TOWN, BASE, ["标识页", "表头（B3）填的是“城关镇”", "文件名里是“城关镇”"]),
        ("城关镇.xlsx", FINANCE, TOWN, PROJECT, ["表头（B3）填的是“城关镇”"]),
        ("城关镇.xlsx", FINANCE, FINANCE, BASE, ["表头（B3）填的是“某县财政局”", "文件名里是“城关镇”"]),
        ("219002_2021.xlsx", FINANCE, "", BASE, ["标识页", "文件名里是“某县运输服务中心”"]),
        ("城关镇/基础数据表.xlsx", FINANCE, FINANCE, BASE, ["文件夹名里是“城关镇”"]),
        ("a.xlsx", FINANCE, "城关镇（公章）", BASE, ["填的是“城关镇”"]),
        ("a.xlsx", FINANCE, "某县交通局", BASE, ["填的是“某县交通运输局”"]),
        ("a.xlsx", FINANCE, "０００４０１", BASE, ["填的是“城关镇”"]),
        ("a.xlsx", ROADS, TRANSPORT, BASE, ["填的是“某县运输服务中心”"]),
        ("某县交通运输局.xlsx", ROADS, TRAFFIC, BASE, ["标识页", "文件名里是“某县交通运输局”"]),
        ("某县公路建设养护中心.xlsx", TRAFFIC, ROADS, BASE, ["文件名里是“某县公路建设养护中心”"]),
        ("某县财政局.xlsx", "", TOWN, BASE, ["表头（B3）的单位是“城关镇”", "文件名里是“某县财政局”"]),
        ("某县财政局/1.xlsx", "", TOWN, BASE, ["表头的单位是“城关镇”", "文件夹名里是“某县财政局”"]),
    ],
)
def test_a_contradiction_says_where_each_name_stands_and_counts_for_nobody(
    roster: Roster, file: str, record: str, typed: str, form: str, words: list[str]
) -> None:
    batch = received(file, roster, table(record, typed, form))
    assert (states_of(batch), batch.returns["adopted"].any()) == ([(None, "单位待定")], False)
    (finding,) = named(batch, roster)
    assert (finding.rule, finding.severity, finding.file) == ("R-11", "强制性", file)
    assert all(word in finding.message for word in words), finding.message


def test_neither_of_two_claimed_units_is_received_by_it(roster: Roster) -> None:
    batch = received("城关镇.xlsx", roster, table(FINANCE, TOWN))
    missing = {finding.unit: finding.message for finding in findings(batch, roster) if finding.rule == "R-03"}
    assert set(missing) == set(CODES)
    assert {unit for unit, message in missing.items() if "“城关镇.xlsx”身份不一致" in message} == {FINANCE, TOWN}


@pytest.mark.parametrize(
    ("file", "record", "typed", "form"),
    [
        ("a.xlsx", FINANCE, FINANCE, BASE),
        ("a.xlsx", FINANCE, "", BASE),
        ("a.xlsx", TRAFFIC, "某县交通局", BASE),
        ("a.xlsx", TRAFFIC, "交通局", BASE),
        ("a.xlsx", TRAFFIC, "某县交通运输局（公章）", BASE),
        ("a.xlsx", TRAFFIC, "1219-某县交通运输局", BASE),
        ("a.xlsx", TRAFFIC, "某县交通运输局规划股", PROJECT),
        ("a.xlsx", TRAFFIC, "规划股", PROJECT),
        ("a.xlsx", TRAFFIC, ROADS, PROJECT),
        ("001219_某县交通运输局_2021.xlsx", TRAFFIC, TRAFFIC, BASE),
        ("1219_某县交通运输局_2021.xlsx", TRAFFIC, TRAFFIC, BASE),
        ("某县交通运输局.xlsx", ROADS, ROADS, BASE),
        ("城关镇报某县财政局.xlsx", TOWN, TOWN, BASE),
        ("报送某县财政局.xlsx", TOWN, TOWN, BASE),
        ("基础数据表（某县财政局印发）.xlsx", TOWN, TOWN, BASE),
        ("某县财政局/城关镇上报.xlsx", TOWN, TOWN, BASE),
        ("某县交通运输局/1.xlsx", ROADS, ROADS, BASE),
        ("城关镇与河口镇.xlsx", TOWN, TOWN, BASE),
        ("a.xlsx", RIVER, "老河口乡", BASE),
    ],
)
def test_other_words_for_the_same_unit_are_no_contradiction(
    roster: Roster, file: str, record: str, typed: str, form: str
) -> None:
    batch = received(file, roster, table(record, typed, form))
    assert (states_of(batch), named(batch, roster)) == ([(record, "已收")], [])


def test_a_folder_of_several_units_is_that_of_whoever_collected_them(roster: Roster) -> None:
    readings = [
        FileReading(f"某县财政局/{number}.xlsx", str(number) * 64, [table(unit, unit)])
        for number, unit in enumerate((TOWN, RIVER, ROADS))
    ]
    assert {status for _, status in states_of(register(readings, roster, 2021))} == {"已收"}


@pytest.mark.parametrize(
    ("file", "typed", "words"),
    [
        ("a.xlsx", "外县水利局", "“外县水利局”不在名册中"),
        ("a.xlsx", "城关县", "（名册里最接近的是“城关镇”）"),
        ("某县公路建设养护中心.xlsx", TRAFFIC, "填的是“某县交通运输局”"),
    ],
)
def test_a_name_that_is_no_other_units_is_asked_about_and_the_record_counts(
    roster: Roster, file: str, typed: str, words: str
) -> None:
    batch = received(file, roster, table(ROADS, typed))
    (finding,) = named(batch, roster)
    assert (states_of(batch), finding.rule, finding.severity) == ([(ROADS, "已收")], "R-15", "核实性")
    assert words in finding.message


def test_the_departments_name_on_a_pasted_table_of_its_unit_is_asked_about(roster: Roster) -> None:
    batch = received(f"{ROADS}.xlsx", roster, table("", TRAFFIC))
    (finding,) = named(batch, roster)
    assert (states_of(batch), finding.rule, finding.severity) == ([(TRAFFIC, "已收")], "R-15", "核实性")


def test_without_a_roster_record_and_sheet_are_compared_all_the_same() -> None:
    batch = received("a.xlsx", None, table(FINANCE, TOWN))
    (finding,) = named(batch, None)
    assert (states_of(batch), finding.rule) == ([(None, "单位待定")], "R-11")
    for typed in ("", FINANCE, "财政局", "某县财政局（公章）", "本单位"):
        batch = received("a.xlsx", None, table(FINANCE, typed))
        assert (states_of(batch), named(batch, None)) == ([(FINANCE, "已收")], [])


def test_a_table_without_unit_is_as_open_as_the_others_of_its_file(roster: Roster) -> None:
    batch = received("某县财政局.xlsx", roster, table("", TOWN), table(form=PROJECT))
    assert states_of(batch) == [(None, "单位待定"), (None, "单位待定")]
    batch = received("a.xlsx", roster, table("", TOWN), table("", RIVER), table(form=PROJECT))
    assert states_of(batch) == [(TOWN, "已收"), (RIVER, "已收"), (None, "单位待定")]
    batch = received("城关镇.xlsx", roster, table("", TOWN), table("", RIVER), table(form=PROJECT))
    assert states_of(batch) == [(TOWN, "已收"), (None, "单位待定"), (TOWN, "已收")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("是", (TOWN, "已收")),
        (FINANCE, (FINANCE, "已收")),
        ("０３０１", (FINANCE, "已收")),
        ("某县交通局", (TRAFFIC, "已收")),
        ("否", (None, "单位待定")),
        ("√", (None, "单位待定")),
    ],
)
def test_people_say_whose_it_is(roster: Roster, words: str, expected: tuple[object, ...]) -> None:
    first = received("a.xlsx", roster, table(FINANCE, TOWN))
    (row,) = first.returns.itertuples(index=False)
    batch = received("a.xlsx", roster, table(FINANCE, TOWN), decided={table_id(row.sha256, row.return_id): words})
    assert (states_of(batch), bool(batch.returns["adopted"].all())) == ([expected], expected[0] is not None)
    if words == "√":
        (finding,) = named(batch, roster)
        assert "“采用”栏填的“√”" in finding.message


KEY = "1" * 64


def _proof(unit: str = "") -> Proof:
    """That a copy was made of the first table of the file 000…"""
    made = Proof("0" * 64, "表#1", CODES.get(unit, ""), unit)
    return replace(made, seal=made.sealed(KEY))


@pytest.mark.parametrize(("mended", "replaced"), [(FINANCE, True), (TOWN, True), (RIVER, False)])
def test_a_table_that_waits_is_replaced_by_a_mended_copy_of_a_unit_that_claims_it(
    roster: Roster, mended: str, replaced: bool
) -> None:
    waiting = FileReading("a.xlsx", "0" * 64, [table(FINANCE, TOWN)])
    copy = FileReading("b.xlsx", "1" * 64, [table(mended, mended)], mends=["0" * 64], proofs=[_proof()])
    batch = register([waiting, copy], roster, 2021, keys=[KEY])
    assert states_of(batch) == [(None, "已替代" if replaced else "单位待定"), (mended, "已收")]


def test_a_mended_copy_of_which_two_units_are_named_replaces_nothing(roster: Roster) -> None:
    first = FileReading("a.xlsx", "0" * 64, [table(FINANCE, FINANCE)])
    copy = FileReading("b.xlsx", "1" * 64, [table(FINANCE, TOWN)], mends=["0" * 64], proofs=[_proof(FINANCE)])
    assert states_of(register([first, copy], roster, 2021, keys=[KEY])) == [(FINANCE, "已收"), (None, "单位待定")]


def test_codes_are_compared_without_what_spreadsheets_do_to_them(roster: Roster) -> None:
    for code in ("1219", "001219", "００１２１９"):
        assert roster.match(code) == ("001219", TRAFFIC)
    issued = table(TRAFFIC, TRAFFIC, identity_code="1219")
    assert (states_of(received("a.xlsx", roster, issued)), named(received("a.xlsx", roster, issued), roster)) == (
        [(TRAFFIC, "已收")],
        [],
    )


def test_a_code_that_changed_since_is_matched_by_the_name_and_told(roster: Roster) -> None:
    batch = received("a.xlsx", roster, table(TOWN, TOWN, identity_code="402"))
    (finding,) = named(batch, roster)
    assert (states_of(batch), finding.rule, finding.severity) == ([(TOWN, "已收")], "R-13", "提示")
    assert "单位编码是 402，名册里现在是 401" in finding.message
    batch = received("a.xlsx", roster, table("撤销了的站", "撤销了的站", identity_code="402"))
    (finding,) = named(batch, roster)
    assert (states_of(batch), finding.rule) == ([(RIVER, "已收")], "R-15") and "按单位编码 402" in finding.message


def test_a_present_name_comes_before_another_units_former_one(roster: Roster) -> None:
    assert roster.match(FINANCE) == ("301", FINANCE)
    assert roster.match("老河口乡") == ("402", RIVER)


@pytest.mark.in_turn("long")
def test_a_workbook_with_another_units_name_typed_in_waits_until_the_bureau_decides(tmp_path: Path) -> None:
    owner, other = issued_unit(0).recipient, issued_unit(1).recipient

    def typed(returned: Returned) -> None:
        returned.type(BASE_SHEET, {"B2": Text(other.unit)})
        returned.type(PROJECT_SHEET, {"B5": Text(other.unit)})

    lines = [f"{recipient.unit_code},{recipient.unit},基础数据表\n" for recipient in (owner, other)]
    (tmp_path / "名册.csv").write_text("单位编码,单位名称,应报表\n" + "".join(lines), encoding="utf-8-sig")
    path = build_returned(tmp_path / "报送", 0, None, typed)
    path.rename(path.with_name(f"{other.unit}.xlsx"))
    results = run([tmp_path / "报送"], tmp_path / "结果", roster_path=tmp_path / "名册.csv", year=YEAR, only=("汇总",))
    base = results.returns[results.returns["form"] == BASE]
    assert (list(base["status"]), base["unit"].notna().any()) == (["单位待定"], False)
    rows = results.findings
    assert set(rows[rows["rule"] == "R-03"]["unit"]) == {owner.unit, other.unit}
    (message,) = rows[(rows["rule"] == "R-11") & (rows["form"] == BASE)]["message"]
    assert owner.unit in message and other.unit in message and "B2" in message

    book = openpyxl.load_workbook(tmp_path / "结果" / "汇总.xlsx")
    sheet = book["收表明细"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        if sheet.cell(row, heads["状态"]).value == "单位待定":
            sheet.cell(row, heads["采用"]).value = other.unit_code
    book.save(tmp_path / "结果" / "汇总.xlsx")
    results = run([tmp_path / "报送"], tmp_path / "结果", roster_path=tmp_path / "名册.csv", year=YEAR, only=("汇总",))
    base = results.returns[results.returns["form"] == BASE]
    assert list(zip(base["unit"], base["status"], strict=True)) == [(other.unit, "已收")]
    assert set(results.findings[results.findings["rule"] == "R-03"]["unit"]) == {owner.unit}
    assert pd.Series(results.findings["rule"]).ne("R-11").all()
