"""The published returns in the issued layout: every printed value typed at its cell, everything else as issued."""

from __future__ import annotations

import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gouji.ingest.read_return import FileReading, read_return
from gouji.ingest.roster import read_roster
from gouji.samples.build import (
    ISSUED,
    PASTED,
    REPORTED,
    ROSTER,
    build_issued,
    build_samples,
    issued_cells,
    issued_sheet_names,
)
from gouji.samples.figures import Table, load_unit
from gouji.samples.fill import Blank, Entry, ErrorValue, Number, Result, Text, Uncalculated, fill_workbook
from gouji.samples.pasted import as_pasted, pasted_cells
from gouji.templates.catalogue import built_in
from gouji.templates.identity import IDENTITY_SHEET
from gouji.templates.issued import issue_workbook
from gouji.templates.layout import Position, lay_out
from gouji.templates.model import FIGURES
from gouji.templates.recipient import Project, Recipient
from tests.audit import BASE, SELF, SHEET, UNITS, figure, item_kinds, returns
from tests.rotation import rotated

FIRST = "政务中心临聘人员工资、绩效、劳务费"


def built(published: Path, name: str) -> Path:
    """A unit's return in the issued layout."""
    (path,) = (published / ISSUED).glob(f"*_{name}_*")
    return path


@pytest.mark.parametrize("name", rotated("printed", UNITS, 2))
def test_each_printed_value_stands_at_its_cell_and_blanks_are_blank(name: str, published: Path) -> None:
    book = openpyxl.load_workbook(built(published, name))
    unit, cells = load_unit(returns(name)), issued_cells(returns(name))
    sheets = issued_sheet_names(returns(name))
    for instance, table in unit.instances():
        sheet, kinds = book[sheets[table.form, instance]], item_kinds(table)
        for item in {*kinds, *table.printed()} - {"年度"}:
            held = sheet[cells[table.form, instance, item]]
            assert held.value == typed(table, item, kinds.get(item, "text")), (instance, item)
            printed = table.printed().get(item, "").strip()
            if printed.endswith("%") and kinds.get(item) == "rate":
                assert held.number_format == as_pasted(printed)[1]


def typed(table: Table, item: str, kind: str) -> float | str | None:
    """What a person types for a printed value: a figure without its unit, text without the space around it."""
    text = table.printed().get(item, "").strip()
    if not text:
        return None
    return float(figure(text)) if kind in FIGURES else text


@pytest.mark.in_turn("long")
def test_a_year_left_blank_is_blank_and_heads_prefilled_by_issuing_are_emptied(published: Path) -> None:
    book = openpyxl.load_workbook(built(published, "鹤城区政务服务中心"))
    assert [book[f"自评表{number}"]["A2"].value for number in (1, 2)] == ["（2020年度）", "（    年度）"]
    assert book["基础数据表"]["B2"].value is None
    assert [book["基础数据表"].cell(row, 1).value for row in range(13, 18)] == [
        "1、业务工作专项", "2、运行维护专项", "3、网络、视频租赁费", None, None
    ]  # fmt: skip


def test_places_read_off_the_sheets_by_eye() -> None:
    hecheng = issued_cells(returns("鹤城区政务服务中心"))
    assert hecheng[BASE, "", "控制率"] == "F4"
    assert hecheng[BASE, "", "网络视频租赁费.本年决算数"] == "F15"
    assert hecheng[SELF, FIRST, "临聘后台绩效.年度指标值"] == "E22"
    assert hecheng[SELF, FIRST, "总分.得分"] == "H33"
    hengshan = issued_cells(returns("衡山县行政审批服务局"))
    assert hengshan[SHEET, "", "经济效益和社会效益.得分"] == "G16"
    assert issued_sheet_names(returns("炎陵县政务服务中心")) == {
        (SELF, "第1张"): "自评表（备用1）", ("项目支出绩效评价共性指标", "第1张"): "项目共性指标（备用1）",
    }  # fmt: skip


@pytest.mark.parametrize("name", UNITS)
def test_both_layouts_know_the_same_items(name: str) -> None:
    issued, pasted = issued_cells(returns(name)), pasted_cells(returns(name))
    assert pasted.keys() <= issued.keys()
    left_out = {item for _, _, item in issued.keys() - pasted.keys()}
    assert left_out <= {"填表人", "填报日期", "联系电话", "单位负责人签字"}


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("name", rotated("issued one", UNITS))
def test_the_workbook_is_still_the_issued_one(name: str, tmp_path: Path, published: Path) -> None:
    """Sheets, protection, entry rules, merged cells and identity; sheets that were not filled are untouched."""
    unit = load_unit(returns(name))
    recipient = next(candidate for candidate in read_roster(ROSTER, built_in()).recipients() if candidate.unit == name)
    forms = list({table.definition.key: table.definition for table in unit.tables}.values())
    blank, filled = tmp_path / "blank.xlsx", built(published, name)
    issue_workbook(recipient, forms, unit.year, blank)
    before, after = openpyxl.load_workbook(blank), openpyxl.load_workbook(filled)
    assert after.sheetnames == before.sheetnames
    assert after[IDENTITY_SHEET].sheet_state == "veryHidden"
    for sheet in before.worksheets:
        now = after[sheet.title]
        assert now.protection.sheet
        assert now.merged_cells.ranges == sheet.merged_cells.ranges
        assert len(now.data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
    used = set(issued_sheet_names(returns(name)).values())
    unused = [place for place, sheet in enumerate(before.sheetnames, 1) if sheet not in used]
    assert len(unused) >= 2
    with zipfile.ZipFile(blank) as issued_archive, zipfile.ZipFile(filled) as filled_archive:
        for place in unused:
            part = f"xl/worksheets/sheet{place}.xml"
            assert issued_archive.read(part) == filled_archive.read(part)


def test_rows_grow_with_their_text(published: Path) -> None:
    sheet = openpyxl.load_workbook(built(published, "炎陵县政务服务中心"))["自评表（备用1）"]
    assert sheet.row_dimensions[13].height > 80  # the longest name of an indicator
    assert sheet.row_dimensions[16].height < 30


@pytest.mark.deep
def test_samples_are_both_layouts_and_the_roster(tmp_path: Path, published: Path) -> None:
    made = build_samples(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in made] == [
        f"{ISSUED}/430600001_岳阳市政务服务中心_2019.xlsx",
        f"{ISSUED}/430681001_汨罗市人民政府政务服务中心_2018.xlsx",
        f"{ISSUED}/430225001_炎陵县政务服务中心_2020.xlsx",
        f"{ISSUED}/430423001_衡山县行政审批服务局_2021.xlsx",
        f"{ISSUED}/431202001_鹤城区政务服务中心_2020.xlsx",
        *(f"{PASTED}/{name}.xlsx" for name in UNITS),
        *(f"{REPORTED}/{name}.docx" for name in UNITS),
        "名册.csv",
    ]
    before = [published / path.relative_to(tmp_path) for path in made]
    assert [path.read_bytes() for path in made] == [path.read_bytes() for path in before]


def test_more_lines_than_the_sheet_has_are_refused(tmp_path: Path) -> None:
    text = returns("炎陵县政务服务中心").read_text("utf-8")
    line = '        - {group: 时效指标, name: 又一项, 分值: "1"}\n'
    crowded = tmp_path / "多.yaml"
    last = '分值: "9", 得分: "9"}\n'
    crowded.write_text(text.replace(last, f"{last}{line * 2}"), "utf-8")
    with pytest.raises(ValueError, match="no room left on 自评表（备用1） for 又一项_2"):
        build_issued(crowded, tmp_path)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blank workbook with one 自评表, for one project."""
    path = tmp_path_factory.mktemp("blank") / "表.xlsx"
    recipient = Recipient("1", "某局", "某政府", (Project("1-01", "某项目"),))
    issue_workbook(recipient, [built_in().find("自评表@湖南-2020")], 2021, path)
    return path


@pytest.fixture
def issued(blank: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(blank, tmp_path))


def place_of(item: str) -> Position:
    return lay_out(built_in().find("自评表@湖南-2020"), 2021).positions[item]


@pytest.mark.parametrize(
    ("item", "entry", "state", "value", "raw"),
    [
        ("当年财政拨款.全年预算数", Number(Decimal("12.340")), "filled", 12.34, None),
        ("当年财政拨款.全年预算数", Text(" 12.34 "), "filled", 12.34, " 12.34 "),
        ("当年财政拨款.全年预算数", ErrorValue("#REF!"), "error", None, "#REF!"),
        ("当年财政拨款.全年预算数", Blank(), "blank", None, None),
        ("预期目标", Text("<甲> & =1+1"), "filled", None, "<甲> & =1+1"),
        ("年度资金总额.全年预算数", Result(Decimal("0.1")), "filled", 0.1, None),
        ("年度资金总额.全年预算数", Result(None), "blank", None, None),
        ("年度资金总额.全年预算数", Number(Decimal(5)), "filled", 5.0, None),
    ],
)
def test_an_entry_is_read_back_as_it_was_typed(
    issued: Path, item: str, entry: Entry, state: str, value: float | None, raw: str | None
) -> None:
    fill_workbook(issued, {"自评表1": {place_of(item): entry}})
    assert read_back(read_return(issued, "表.xlsx", built_in()), item) == (state, value, raw)


def read_back(reading: FileReading, item: str) -> tuple[str, float | None, str | None]:
    values = reading.tables[0].values
    place = values.item.index(item)
    return values.state[place], values.value[place], values.raw[place]


def test_a_formula_without_result_is_uncalculated(issued: Path) -> None:
    fill_workbook(issued, {"自评表1": {place_of("总分.得分"): Uncalculated()}})
    assert read_back(read_return(issued, "表.xlsx", built_in()), "总分.得分")[0] == "uncalculated"


@pytest.mark.in_turn("long")
def test_only_a_constant_loses_the_formula(issued: Path) -> None:
    spent, rate = place_of("年度资金总额.全年执行数"), place_of("年度资金总额.执行率")
    before = openpyxl.load_workbook(issued)["自评表1"].cell(rate[0] + 1, rate[1] + 1).value
    fill_workbook(issued, {"自评表1": {spent: Number(Decimal(7)), rate: Result(Decimal("0.5"))}})
    formulas, results = (
        openpyxl.load_workbook(issued, data_only=results_only)["自评表1"] for results_only in (False, True)
    )
    assert formulas.cell(spent[0] + 1, spent[1] + 1).value == 7
    assert str(before).startswith("=")
    assert formulas.cell(rate[0] + 1, rate[1] + 1).value == before
    assert results.cell(rate[0] + 1, rate[1] + 1).value == 0.5


def test_a_number_format_of_its_own_leaves_the_other_cells_alone(issued: Path) -> None:
    rate, other = place_of("年度资金总额.执行率"), place_of("其他资金.执行率")
    fill_workbook(issued, {"自评表1": {rate: Number(Decimal("0.615"), "0.0%")}})
    sheet = openpyxl.load_workbook(issued)["自评表1"]
    cells = [sheet.cell(row + 1, column + 1) for row, column in (rate, other)]
    assert [cell.number_format for cell in cells] == ["0.0%", "0.00%"]
    assert cells[0].fill.fgColor.rgb == cells[1].fill.fgColor.rgb


@pytest.mark.parametrize(
    ("sheet", "place", "entry", "message"),
    [
        ("自评表9", (0, 0), Blank(), "no sheet 自评表9"),
        ("自评表1", (900, 0), Blank(), "no cell A901"),
        ("自评表1", (0, 0), Result(None), "no formula in A1"),
        ("自评表1", (0, 0), Uncalculated(), "no formula in A1"),
    ],
)
def test_what_cannot_be_filled_is_refused(
    issued: Path, sheet: str, place: Position, entry: Entry, message: str
) -> None:
    whole = issued.read_bytes()
    with pytest.raises(ValueError, match=message):
        fill_workbook(issued, {sheet: {place: entry}})
    assert issued.read_bytes() == whole
