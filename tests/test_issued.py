"""The issued workbook as a unit receives it: cells, entry rules, formulas, protection, page, identity."""

from __future__ import annotations

import datetime
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.identity import (
    IDENTITY_SHEET,
    Identity,
    IdentitySheet,
    identity_rows,
    read_identity,
)
from gouji.templates.issued import Project, Recipient, issue_workbook, issued_sheets
from gouji.templates.issuing.contents import contents
from gouji.templates.issuing.entry import entry_rule, upper_bounds
from gouji.templates.issuing.form_sheet import FormSheet
from gouji.templates.issuing.heights import text_height
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.issuing.styles import Styles
from gouji.templates.items import Item
from gouji.templates.layout import Box, lay_out
from gouji.templates.selfcheck.names import LEDGER_SHEET, SELF_CHECK_SHEET
from gouji.templates.write import add_sheet, open_workbook

BASE = built_in().form("部门整体支出绩效评价基础数据表", "衡山县-2021")
SCORES = built_in().form("部门整体支出绩效评价指标评分表", "衡山县-2021")
PROJECT = built_in().form("预算支出绩效自评表", "湖南-2020")
FORMS = [BASE, SCORES, PROJECT]
UNIT = Recipient(
    "430423001",
    "衡山县行政审批服务局",
    "衡山县人民政府办公室",
    (Project("P01", "政务公开审批专项资金"), Project("P02", "政务中心运行经费")),
)
SHEETS = ["基础数据表", "评分表", "自评表1", "自评表2", "自评表（备用1）", "自评表（备用2）"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("issued") / "430423001.xlsx"
    issue_workbook(UNIT, FORMS, 2021, path)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_workbook(path)


@pytest.fixture(scope="module")
def shown(path: Path) -> Workbook:
    """With the cached values in place of the formulas."""
    return load_workbook(path, data_only=True)


@pytest.fixture(scope="module")
def sheets() -> list[IssuedSheet]:
    return issued_sheets(UNIT, FORMS, 2021)


def cell(book: Workbook, sheet: IssuedSheet, place: tuple[int, int]) -> Cell:
    there = book[sheet.name].cell(place[0] + 1, place[1] + 1)
    assert isinstance(there, Cell)
    return there


def item_of(form: Form, box: Box) -> Item | None:
    if box.role == "name" or box.item is None:
        return None
    owner, _, column = box.item.rpartition(".")
    return form.items[box.item] if box.slot is None else form.lists[owner].columns[column]


def validations(sheet: Worksheet) -> dict[str, DataValidation]:
    return {
        cell_name(row - 1, column - 1): rule
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        for row, column in area.cells
    }


# ---- sheets ------------------------------------------------------------------------------------------


@pytest.mark.in_turn("long")
def test_sheets_in_order_with_one_per_project_and_two_to_spare(book: Workbook) -> None:
    assert book.sheetnames == ["填报说明", *SHEETS, SELF_CHECK_SHEET, LEDGER_SHEET, IDENTITY_SHEET]
    states = [book[name].sheet_state for name in book.sheetnames]
    assert states == ["visible"] * 8 + ["veryHidden"] * 2
    assert book.active is not None
    assert book.active.title == "填报说明"


def test_a_unit_without_projects_gets_the_spare_sheets_only(tmp_path: Path) -> None:
    issue_workbook(Recipient("1", "某单位", ""), [PROJECT], 2021, tmp_path / "a.xlsx")
    names = load_workbook(tmp_path / "a.xlsx").sheetnames
    assert names == ["填报说明", "自评表（备用1）", "自评表（备用2）", SELF_CHECK_SHEET, LEDGER_SHEET, IDENTITY_SHEET]


def test_two_editions_of_a_form_get_different_sheet_names(tmp_path: Path) -> None:
    other = built_in().form("部门整体支出绩效评价基础数据表", "鹤城区-2020")
    issue_workbook(UNIT, [BASE, other], 2021, tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx").sheetnames[1:3] == ["基础数据表", "基础数据表（2）"]


def test_room_for_every_project_and_some_to_spare() -> None:
    many = Recipient("1", "某单位", "", tuple(Project(str(n), f"项目{n}") for n in range(10)))
    assert issued_sheets(many, [BASE], 2021)[0].slots == {"项目": 12}
    assert issued_sheets(UNIT, [BASE], 2021)[0].slots == {"项目": 6}


# ---- cells -------------------------------------------------------------------------------------------


def test_only_input_cells_are_unlocked(book: Workbook, sheets: list[IssuedSheet]) -> None:
    for sheet in sheets:
        unlocked = {
            (each.row - 1, each.column - 1)
            for row in book[sheet.name].iter_rows()
            for each in row
            if not each.protection.locked
        }
        boxes = [box for box in sheet.layout.boxes if box.role in ("input", "name")]
        places = {(box.row + r, box.column + c) for box in boxes for r in range(box.rows) for c in range(box.columns)}
        assert unlocked == places, sheet.name


def test_every_printed_text_stands_in_its_cell(book: Workbook, sheets: list[IssuedSheet]) -> None:
    printed = ("title", "caption", "label", "head", "side", "note", "text", "closed")
    for sheet in sheets:
        for box in sheet.layout.boxes:
            if box.role in printed and box.text:
                assert cell(book, sheet, (box.row, box.column)).value == box.text


def test_header_and_project_names_come_from_the_roster(book: Workbook, sheets: list[IssuedSheet]) -> None:
    base, _, first, second, spare, _ = sheets
    assert cell(book, base, base.layout.positions["填报单位"]).value == "衡山县行政审批服务局"
    names = [cell(book, base, slot.name).value for slot in base.layout.slots["项目"]]
    assert names == ["政务公开审批专项资金", "政务中心运行经费", None, None, None, None]
    header = ("年度", "项目支出名称", "主管部门", "实施单位")
    heads = [
        [cell(book, sheet, sheet.layout.positions[item]).value for item in header] for sheet in (first, second, spare)
    ]
    assert heads == [
        ["（2021年度）", "政务公开审批专项资金", "衡山县人民政府办公室", "衡山县行政审批服务局"],
        ["（2021年度）", "政务中心运行经费", "衡山县人民政府办公室", "衡山县行政审批服务局"],
        ["（2021年度）", None, "衡山县人民政府办公室", "衡山县行政审批服务局"],
    ]


def test_fixed_points_are_numbers(book: Workbook, sheets: list[IssuedSheet]) -> None:
    scores, project = sheets[1], sheets[2]
    fixed = {
        box.item: cell(book, scores, (box.row, box.column)).value for box in scores.layout.boxes if box.role == "fixed"
    }
    assert fixed["三公经费变动率.分值"] == 5
    assert sum(fixed.values()) == 100
    assert cell(book, project, project.layout.positions["年度资金总额.分值"]).value == 10


def test_number_formats(book: Workbook, sheets: list[IssuedSheet]) -> None:
    base, _, project, *_ = sheets
    formats = {
        item: cell(book, sheet, sheet.layout.positions[item]).number_format
        for sheet, item in [
            (base, "编制数"),
            (base, "控制率"),
            (base, "三公经费.本年决算数"),
            (base, "批复规模"),
            (project, "年度资金总额.得分"),
            (project, "填报日期"),
            (project, "联系电话"),
        ]
    }
    assert list(formats.values()) == ["0", "0.00%", "0.00##", "0.00##", "General", "yyyy-mm-dd", "@"]


# ---- formulas ----------------------------------------------------------------------------------------


def test_computed_cells_hold_formulas_and_are_empty_while_blank(
    book: Workbook, shown: Workbook, sheets: list[IssuedSheet]
) -> None:
    count = 0
    for sheet in sheets:
        for item in sheet.form.computed:
            place = sheet.layout.positions[item]
            assert cell(book, sheet, place).data_type == "f", (sheet.name, item)
            known = 10 if item == "总分.分值" else None
            assert cell(shown, sheet, place).value == known, (sheet.name, item)
            count += 1
    assert count == 15 + 4 * 10


def test_empty_results_are_stored_as_calculated(path: Path) -> None:
    """A formula without type and value would be read as never calculated."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    formulas = re.findall(r"<c ([^>]*)><f>[^<]*</f><v>([^<]*)</v></c>", xml)
    assert len(formulas) == 15
    assert all('t="str"' in attributes and value == "" for attributes, value in formulas)


@pytest.mark.in_turn("long")
def test_last_years_figures_and_what_follows_from_them(tmp_path: Path) -> None:
    prefill = {
        BASE.key: {
            "公务接待.上年决算数": Decimal("0.64"),
            "出国经费.上年决算数": Decimal(0),
            "政务中心运行经费.上年决算数": Decimal("132.45"),
            "政务公开审批专项资金.上年决算数": Decimal("28.25"),
        },
        f"{PROJECT.key}/P02": {"当年财政拨款.年初预算数": Decimal(40)},
    }
    path = tmp_path / "a.xlsx"
    issue_workbook(UNIT, FORMS, 2021, path, prefill=prefill)
    shown = load_workbook(path, data_only=True)
    base, _, first, second, *_ = issued_sheets(UNIT, FORMS, 2021)
    wanted = ("三公经费", "公务用车", "出国经费", "公务接待", "项目支出")
    shown_figures = [cell(shown, base, base.layout.positions[f"{row}.上年决算数"]).value for row in wanted]
    assert shown_figures == [0.64, None, 0, 0.64, 160.7]
    lines = [cell(shown, base, slot.columns["上年决算数"]).value for slot in base.layout.slots["项目"]]
    assert lines == [28.25, 132.45, None, None, None, None]
    total = "年度资金总额.年初预算数"
    assert cell(shown, first, first.layout.positions[total]).value is None
    assert cell(shown, second, second.layout.positions[total]).value == 40


@pytest.mark.parametrize(
    "prefill",
    [
        {"没有这张表@某地-2021": {"编制数": Decimal(1)}},
        {BASE.key: {"没有这一项": Decimal(1)}},
        {BASE.key: {"三公经费.上年决算数": Decimal(1)}},
        {BASE.key: {"填报单位": Decimal(1)}},
        {f"{PROJECT.key}/P01": {"年度资金总额.分值": Decimal(1)}},
    ],
)
def test_figures_without_an_input_cell_are_refused_and_the_old_file_stays(
    tmp_path: Path, prefill: dict[str, dict[str, Decimal]]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"before")
    with pytest.raises(ValueError, match="no "):
        issue_workbook(UNIT, FORMS, 2021, path, prefill=prefill)
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]


def test_no_forms_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no form"):
        issue_workbook(UNIT, [], 2021, tmp_path / "a.xlsx")


# ---- entry rules -------------------------------------------------------------------------------------

TYPES = {
    "amount": "decimal", "quantity": "decimal", "count": "whole", "rate": "decimal", "points": "decimal",
    "date": "date", "text": None, "measure": None,
}  # fmt: skip


def test_every_cell_to_be_filled_has_an_entry_rule(book: Workbook, sheets: list[IssuedSheet]) -> None:
    for sheet in sheets:
        rules = validations(book[sheet.name])
        boxes = [box for box in sheet.layout.boxes if box.role in ("input", "name")]
        for box in boxes:
            rule = rules.pop(book[sheet.name].cell(box.row + 1, box.column + 1).coordinate)
            item = item_of(sheet.form, box)
            kind = "text" if item is None else item.kind
            assert rule.type == TYPES[kind], (sheet.name, box.item)
            assert rule.showInputMessage
            assert rule.promptTitle
            assert 0 < len(rule.promptTitle) <= 32
            assert rule.prompt
            assert 0 < len(rule.prompt) <= 255
            if TYPES[kind] is not None:
                assert rule.showErrorMessage
                assert rule.errorTitle == "填写有误"
                assert rule.error
                assert 0 < len(rule.error) <= 255
        assert rules == {}, sheet.name


def test_limits(book: Workbook, sheets: list[IssuedSheet]) -> None:
    base, scores, project, *_ = sheets

    # The file leaves the operator out where it is "between".
    def rule(sheet: IssuedSheet, place: tuple[int, int]) -> tuple[str | None, str | None, str | None]:
        limits = validations(book[sheet.name])[cell(book, sheet, place).coordinate]
        return limits.operator, limits.formula1, limits.formula2

    assert rule(base, base.layout.positions["公务接待.本年决算数"]) == ("greaterThanOrEqual", "0", None)
    assert rule(base, base.layout.positions["预算调整.本年决算数"]) == (None, "-1000000000", "1000000000")
    assert rule(base, base.layout.positions["编制数"]) == ("greaterThanOrEqual", "0", None)
    assert rule(scores, scores.layout.positions["三公经费控制率.得分"]) == (None, "0", "7")
    first, third = (project.layout.slots["指标"][number].columns for number in (0, 2))
    # One rule for the column; seen from the third line its limit is the 分值 of the third line.
    assert rule(project, third["得分"]) == rule(project, first["得分"]) == (None, "0", "G13")
    assert cell(book, project, first["分值"]).coordinate == "G13"
    assert rule(project, third["分值"]) == (None, "0", "100")


def test_prompts_name_the_cell_and_the_unit(book: Workbook, sheets: list[IssuedSheet]) -> None:
    base = sheets[0]
    place = cell(book, base, base.layout.positions["公务接待.上年决算数"]).coordinate
    rule = validations(book[base.name])[place]
    assert rule.promptTitle == "3、公务接待：2020年决算数"
    assert rule.prompt == "单位：万元，只填数字，可以有小数。没有发生的填 0，不要留空。"


def test_binding_rules_limit_entries_and_others_do_not() -> None:
    assert upper_bounds(PROJECT) == {"指标.得分": "指标.分值", "年度资金总额.得分": "年度资金总额.分值"}
    assert len(upper_bounds(SCORES)) == 16
    # 在职人数 above 编制数 must be explained, not made impossible to enter.
    assert upper_bounds(BASE) == {}


def test_choices_are_a_list_to_pick_from() -> None:
    rule = entry_rule(Item("甲", "甲", "choice", "甲", choices=("是", "否")), "甲")
    assert (rule["validate"], rule["source"]) == ("list", ["是", "否"])


# ---- protection and print ----------------------------------------------------------------------------


def test_sheets_are_protected_without_password(book: Workbook) -> None:
    for name in book.sheetnames:
        protection = book[name].protection
        assert protection.sheet, name
        assert protection.password is None, name
    for name in SHEETS:
        protection = book[name].protection
        # openpyxl has the file's own meaning: True is "not allowed".
        allowed = [protection.formatColumns, protection.formatRows, protection.autoFilter]
        assert allowed == [False] * 3, name
        denied = [
            protection.insertRows,
            protection.insertColumns,
            protection.deleteRows,
            protection.formatCells,
        ]
        assert denied == [True] * 4, name
        assert [protection.selectLockedCells, protection.selectUnlockedCells] == [False, False], name


def test_page_set_up(book: Workbook, sheets: list[IssuedSheet]) -> None:
    for sheet in sheets:
        page = book[sheet.name]
        assert page.page_setup.paperSize == 9
        assert page.page_setup.orientation == sheet.form.definition.page.orientation
        assert page.page_setup.fitToWidth in (None, 1)
        assert page.sheet_properties.pageSetUpPr is not None
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_options.horizontalCentered
        area = f"'{sheet.name}'!$A$1:${'I' if sheet.form is PROJECT else 'G'}${sheet.layout.height}"
        assert page.print_area == area


def test_a_long_table_repeats_its_head(tmp_path: Path) -> None:
    long = lay_out(PROJECT, 2021, {"数量指标": 60})
    path = tmp_path / "long.xlsx"
    sheet = IssuedSheet("表", PROJECT, long)
    workbook = open_workbook(path, created=datetime.datetime(2022, 1, 1))
    FormSheet(add_sheet(workbook, "表"), sheet, contents(sheet, UNIT, {}), Styles(workbook), 2021).write()
    workbook.close()
    assert load_workbook(path)["表"].print_title_rows == "$12:$12"


def test_text_heights_grow_with_the_text() -> None:
    assert text_height("一", 20, 10) == pytest.approx(19.2)
    assert text_height("字" * 40, 20, 10) == pytest.approx(6 + 13.2 * 4)
    assert text_height("一\n二\n三", 20, 10) == pytest.approx(6 + 13.2 * 3)


def test_printed_texts_fit_their_rows(book: Workbook, sheets: list[IssuedSheet]) -> None:
    """A second reckoning of height, rougher than the writer's: ideographs per line times lines."""
    for sheet in sheets:
        page = book[sheet.name]
        widths = sheet.form.definition.page.widths
        for box in sheet.layout.boxes:
            if box.role not in ("text", "note", "label") or not box.text:
                continue
            across = sum(widths[box.column : box.column + box.columns]) * 8
            size = 9 if box.role in ("text", "note") else 10
            pixels = sum(size * 96 / 72 / (2 if sign.isascii() else 1) for sign in box.text.replace("\n", ""))
            room = sum(page.row_dimensions[row + 1].height or 0 for row in range(box.row, box.row + box.rows))
            assert pixels / across * size * 1.2 <= room, (sheet.name, box.text)


# ---- identity ----------------------------------------------------------------------------------------


def test_identity_as_read_by_calamine(path: Path, sheets: list[IssuedSheet]) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(IDENTITY_SHEET).to_python()
    identity = read_identity(rows)  # type: ignore[arg-type]
    assert identity is not None
    assert (identity.version, identity.unit_code, identity.unit) == (1, "430423001", "衡山县行政审批服务局")
    assert (identity.year, identity.round, identity.source) == (2021, 1, "")
    assert [sheet.sheet for sheet in identity.sheets] == SHEETS
    second = identity.sheet("自评表2")
    assert second == IdentitySheet(
        sheet="自评表2", form="预算支出绩效自评表", edition="湖南-2020", instance_code="P02",
        instance="政务中心运行经费", layout=sheets[3].layout.fingerprint(),
        slots={
            "数量指标": 3, "质量指标": 2, "时效指标": 2, "成本指标": 3, "经济效益指标": 2, "社会效益指标": 2,
            "生态效益指标": 2, "可持续影响指标": 2, "服务对象满意度指标": 2,
        },
    )  # fmt: skip
    assert identity.sheet("填报说明") is None


def test_the_layout_can_be_made_again_from_the_identity(path: Path) -> None:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(IDENTITY_SHEET).to_python()
    identity = read_identity(rows)  # type: ignore[arg-type]
    assert identity is not None
    for sheet in identity.sheets:
        layout = lay_out(built_in().form(sheet.form, sheet.edition), identity.year, sheet.slots)
        assert layout.fingerprint() == sheet.layout, sheet.sheet


IDENTITY = Identity("007", "某单位", 2021, 2, "ab12", sheets=(IdentitySheet("表", "甲", "乙", "", "", {}, "f"),))


def test_identity_round_trip() -> None:
    assert read_identity([list(row) for row in identity_rows(IDENTITY)]) == IDENTITY


def test_identity_survives_numbers_and_padding() -> None:
    rows: list[list[object]] = [[*row, "", None] for row in identity_rows(IDENTITY)]
    rows[0][1], rows[3][1], rows[4][1] = 1.0, 2021.0, 2
    assert read_identity([*rows, [""], [None]]) == IDENTITY


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (0, 0, "其他"),
        (0, 1, "99"),
        (1, 0, "单位"),
        (3, 1, "二〇二一"),
        (3, 1, "２０２１"),
        (3, 1, ""),
        (3, 1, "1e3"),
        (4, 1, "0"),
        (6, 0, "表"),
        (7, 0, ""),
        (7, 1, None),
        (7, 5, "项目=x"),
        (7, 5, "项目=4;项目=5"),
        (7, 5, "项目=999999"),
    ],
)
def test_an_identity_that_cannot_be_relied_on_is_none(row: int, column: int, value: object) -> None:
    rows: list[list[object]] = [list(texts) for texts in identity_rows(IDENTITY)]
    rows[row][column] = value
    assert read_identity(rows) is None


@pytest.mark.parametrize("rows", [[], [[]], [["gouji"]], [["gouji", "1"]] * 9, [[None] * 3] * 20])
def test_other_sheets_are_no_identity(rows: list[list[object]]) -> None:
    assert read_identity(rows) is None


# ---- the file ----------------------------------------------------------------------------------------


@pytest.mark.in_turn("long")
def test_equal_arguments_give_equal_bytes(path: Path, tmp_path: Path) -> None:
    issue_workbook(UNIT, FORMS, 2021, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    issue_workbook(UNIT, FORMS, 2021, tmp_path / "second.xlsx", round=2)
    assert (tmp_path / "second.xlsx").read_bytes() != path.read_bytes()


def test_the_file_is_small(path: Path) -> None:
    assert path.stat().st_size < 100 * 1024  # it goes out by mail to every unit


def test_instructions_name_unit_year_and_every_sheet(book: Workbook) -> None:
    guide = book["填报说明"]
    texts = [str(each.value) for row in guide.iter_rows() for each in row if each.value is not None]
    assert "衡山县行政审批服务局（430423001）　2021年度" in texts
    links = {each.value: each.hyperlink.location for row in guide.iter_rows() for each in row if each.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in (*SHEETS, SELF_CHECK_SHEET)}
    assert any("“自评表（备用1）”、“自评表（备用2）”" in text for text in texts)


@pytest.mark.in_turn("long")
def test_hostile_names_stay_text(tmp_path: Path) -> None:
    hostile = Recipient("=1", "=HYPERLINK(1)\x07", "@部门", (Project("-1", "=1+1"), Project("", "\ud800")))
    path = tmp_path / "a.xlsx"
    issue_workbook(hostile, FORMS, 2021, path)
    book = load_workbook(path)
    base, _, first, second, *_ = issued_sheets(hostile, FORMS, 2021)
    unit = cell(book, base, base.layout.positions["填报单位"])
    project = cell(book, first, first.layout.positions["项目支出名称"])
    assert (unit.value, unit.data_type) == ("=HYPERLINK(1)", "s")
    assert (project.value, project.data_type) == ("=1+1", "s")
    assert cell(book, second, second.layout.positions["项目支出名称"]).value == "\ufffd"
    width = len(BASE.definition.page.widths)
    rows = book[base.name].iter_rows(max_col=width)
    formulas = {box.coordinate for row in rows for box in row if box.data_type == "f"}
    assert len(formulas) == len(BASE.computed)
