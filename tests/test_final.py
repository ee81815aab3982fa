"""定稿: the 校验数 goes with the figures, the 送审版 is the unit's own workbook, the 公开版 names nobody."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from gouji.cli import main
from gouji.export.final.check_number import check_number, unsettled
from gouji.export.final.finish import finished, printed_numbers
from gouji.export.final.formats import _shows_as_much
from gouji.export.final.paper import Sheet as PrintedSheet
from gouji.export.final.paper import number_in, signed
from gouji.export.final.personal import issued_personal
from gouji.export.final.public import public
from gouji.export.returned.mark_up import Mark, Stamp, mark_up
from gouji.export.returned.package import MAIN, CannotMark, Package, parsed
from gouji.export.returned.page_setup import with_page
from gouji.export.returned.sheet import Sheet
from gouji.export.returned.styles import Styles
from gouji.files import Source
from gouji.finishing import Finished, Task, finish, make, read_again, verify
from gouji.samples.fill import Number, Text, Uncalculated, fill_workbook
from gouji.samples.generate import WORKBOOKS, generate
from gouji.templates.addresses import cell_position
from gouji.templates.catalogue import built_in
from gouji.templates.identity import IdentitySheet
from gouji.templates.layout import lay_out
from gouji.workers.here import Here
from tests.hostile.mutants import mutant
from tests.recalculation import recalculated

pytestmark = pytest.mark.in_turn("final")

NUMBER = re.compile(r"\d{4}( \d{4}){7}")
PERSON, PHONE, REASON = "欧阳测试甲", "1380000测试", "因机构改革增加的支出"
PROJECT, BASE = "自评表1", "基础数据表"
PERSONAL = {"C34": PERSON, "G34": PHONE, "I34": PERSON}
Frames = tuple[pd.DataFrame, pd.DataFrame]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A unit's workbook in which nothing is wrong, with names and a telephone number."""
    place = tmp_path_factory.mktemp("final")
    generate(place, 1, 0.0, 3)
    path = next((place / WORKBOOKS).glob("*.xlsx"))
    fill_workbook(path, {PROJECT: {cell_position(cell): Text(text) for cell, text in PERSONAL.items()}})
    return path


@pytest.fixture(scope="module")
def frames(honest: Path) -> Frames:
    return read_again(Source(honest, honest.name), built_in(), None)


@pytest.fixture(scope="module")
def done(honest: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return next(finish([honest], tmp_path_factory.mktemp("out"), built_in(), None, Here()))


def number_of(path: Path) -> str:
    return check_number(*read_again(Source(path, path.name), built_in(), None), built_in())


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def edited(honest: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    members = parts(honest)
    change(members)
    path = tmp_path / honest.name
    path.write_bytes(packed(members))
    return path


def made(path: Path) -> Finished:
    return next(finish([path], path.parent / "定稿", built_in(), None, Here()))


# ---- 校验数 ----


def test_the_number_changes_with_any_figure(frames: Frames) -> None:
    returns, values = frames
    number = check_number(returns, values, built_in())
    assert NUMBER.fullmatch(number)
    figures = values.index[values["value"].notna() & values["raw"].isna()]
    assert len(figures) > 100
    figures = figures[::3]
    seen = {number}
    for row in figures:
        changed = values.copy()
        changed.loc[row, "value"] += 0.01
        seen.add(check_number(returns, changed, built_in()))
    assert len(seen) == len(figures) + 1


def test_a_blank_is_no_zero_and_a_measure_counts_in_its_words(frames: Frames) -> None:
    returns, values = frames
    blank = values.index[values["state"].eq("blank") & values["item"].eq("规模控制率")][0]
    zero = values.copy()
    zero.loc[blank, ["value", "state"]] = [0.0, "filled"]
    measure = values.index[values["item"].str.endswith(".实际完成值") & values["raw"].notna()][0]
    other = values.copy()
    other.loc[measure, "raw"] = "≥" + str(other.loc[measure, "raw"])
    assert len({check_number(returns, frame, built_in()) for frame in (values, zero, other)}) == 3


@pytest.mark.parametrize("column", ["form", "edition", "unit", "year"])
def test_the_number_changes_with_whose_figures_they_are(frames: Frames, column: str) -> None:
    returns, values = frames
    other = returns.copy()
    other.loc[0, column] = {"edition": "鹤城区-2020", "year": 2020}.get(column, "另一个")
    assert check_number(other, values, built_in()) != check_number(returns, values, built_in())


def test_the_number_does_not_change_with_anything_else(frames: Frames) -> None:
    returns, values = frames
    noisy = values.sample(frac=1, random_state=1)
    noisy["decimals"] = None
    noisy["sheet"], noisy["cell"] = "另一张", None
    computed = noisy["item"].eq("控制率")
    noisy.loc[computed, "value"] = noisy.loc[computed, "value"].round(4)  # as the paper shows it
    personal = noisy["item"].isin(["填表人", "联系电话"])
    noisy.loc[personal, "raw"] = "别人"
    assert check_number(returns.iloc[::-1], noisy, built_in()) == check_number(returns, values, built_in())


def test_no_table_has_no_number(frames: Frames) -> None:
    returns, values = frames
    assert check_number(returns.head(0), values, built_in()) == ""


@pytest.mark.deep
@pytest.mark.libreoffice
def test_the_number_outlasts_a_save_by_another_program(done: Finished, tmp_path: Path) -> None:
    assert done.sent_up is not None and done.published is not None
    (tmp_path / "公开.xlsx").write_bytes(done.published.read_bytes())
    (tmp_path / "送审.xlsx").write_bytes(done.sent_up.read_bytes())
    saved = recalculated([tmp_path / "公开.xlsx", tmp_path / "送审.xlsx"], tmp_path / "另存")
    for path in saved.values():
        assert path.read_bytes() not in (done.sent_up.read_bytes(), done.published.read_bytes())
        verified = next(verify([path], built_in(), None, Here()))
        assert verified.number == done.made.number and verified.agrees, verified
    # What the other program saved is finished again like any file: its texts are shared between cells.
    again = made(saved["送审"])
    assert again.made.number == done.made.number and again.published is not None, again.made
    assert not any(PERSON.encode() in part for part in parts(again.published).values())
    assert any(PERSON.encode() in part for part in parts(saved["送审"]).values())


# ---- 送审版 ----


def test_the_footer_of_every_form_sheet_bears_the_number(done: Finished, honest: Path) -> None:
    assert done.sent_up is not None
    number = done.made.number
    assert number == number_of(honest) == number_of(done.sent_up)
    numbers = printed_numbers(done.sent_up.read_bytes())
    assert set(numbers) == {BASE, "评分表", PROJECT, "自评表2"}
    assert set(numbers.values()) == {number}
    book = openpyxl.load_workbook(done.sent_up)
    assert book[PROJECT].oddFooter.left.text == f"校验数 {number}"


HELPERS = {"填报说明", "自查", "_自查", "自评表（备用1）", "自评表（备用2）"}
"""Sheets that served the filling in."""


def sheet_parts(path: Path) -> dict[str, bytes]:
    package = Package(path.read_bytes())
    return {sheet.name: package.read(sheet.part) for sheet in package.sheets()}


def test_nothing_but_the_page_changes(done: Finished, honest: Path) -> None:
    """Headers, footers, the colours for filling in, the words of the 自查 beside the table; every other byte stays."""
    assert done.sent_up is not None
    before, after = parts(honest), parts(done.sent_up)
    page = rb"<headerFooter>.*?</headerFooter>|<conditionalFormatting\b.*?</conditionalFormatting>"
    beside = rb'|<c r="(?:[%s-Z]|[A-Z]{2})\d+"[^>]*><f.*?</c>| tabSelected="."'
    sheets, left = sheet_parts(honest), sheet_parts(done.sent_up)
    assert set(sheets) - set(left) == HELPERS
    for name in left:
        taken = re.compile(page + beside % (b"J" if name.startswith(PROJECT[:3]) else b"H"), re.S)
        assert taken.sub(b"", sheets[name]) == taken.sub(b"", left[name]), name
    same = [name for name in after if not name.startswith(("xl/worksheets/", "xl/workbook", "xl/_rels", "xl/styles"))]
    assert [name for name in same if before[name] != after[name]] == ["[Content_Types].xml"]
    names = [openpyxl.load_workbook(path)[BASE].print_area for path in (honest, done.sent_up)]
    assert names[0] == names[1]


def test_what_is_printed_is_tables_alone_without_the_colours_for_filling_in(done: Finished, honest: Path) -> None:
    assert done.sent_up is not None
    before, after = openpyxl.load_workbook(honest), openpyxl.load_workbook(done.sent_up)
    shown = [sheet.title for sheet in after.worksheets if sheet.sheet_state == "visible"]
    assert shown == [BASE, "评分表", PROJECT, "自评表2"] and after.active.title == BASE
    assert set(before.sheetnames) >= HELPERS and not HELPERS & set(after.sheetnames)
    assert not any("自查" in part.decode() for part in sheet_parts(done.sent_up).values())
    for name in shown:
        fills = [cell.fill.fill_type for row in after[name] for cell in row]
        assert set(fills) == {None} and not after[name].conditional_formatting, name
        assert any(cell.fill.fill_type for row in before[name] for cell in row)


def test_a_sheet_that_a_formula_needs_is_hidden_and_not_taken_out(honest: Path, tmp_path: Path) -> None:
    """The unit let a cell look at a spare sheet: taken out, it would leave #REF! behind."""

    def change(members: dict[str, bytes]) -> None:
        package = Package(packed(members))
        part = next(sheet.part for sheet in package.sheets() if sheet.name == BASE)
        xml = re.sub(rb'<c r="A50".*?</c>', b"", package.read(part))
        added_row = '<row r="60"><c r="A60"><f>\'自评表（备用1）\'!A1</f><v>0</v></c></row>'.encode()
        members[part] = xml.replace(b"</sheetData>", added_row + b"</sheetData>")

    outcome = made(edited(honest, tmp_path, change))
    assert outcome.sent_up is not None, outcome.made
    book = openpyxl.load_workbook(outcome.sent_up)
    assert set(book.sheetnames) >= HELPERS
    assert {book[name].sheet_state for name in HELPERS} == {"hidden", "veryHidden"}


def test_every_printed_table_says_whose_it_is_what_it_comes_to_and_who_signs(done: Finished) -> None:
    assert done.sent_up is not None
    book = openpyxl.load_workbook(done.sent_up)
    unit = read_again(Source(done.sent_up, "x.xlsx"), built_in(), None)[0]["unit"].iloc[0]
    for sheet in (page for page in book.worksheets if page.sheet_state == "visible"):
        head, foot = sheet.oddHeader, sheet.oddFooter
        assert (head.left.text.strip(), head.right.text.strip()) == (f"填报单位：{unit}", "2021年度")
        assert "校验数" in foot.left.text and "第 &P 页" in foot.right.text
        on_form = any("单位负责人" in str(cell.value) for row in sheet for cell in row)
        assert on_form != ("单位负责人（签章）" in foot.left.text)
    assert re.fullmatch(r"自评得分合计：[\d.]+分", book["评分表"].oddHeader.center.text.strip())
    assert book[PROJECT].oddHeader.center.text is None  # the form prints its total itself


def test_a_header_says_the_unit_as_it_is_called() -> None:
    """Codes of a header begin with &, and digits behind a size are part of it."""
    sheet = PrintedSheet(as_issued=True, unit="12345&P部队{0}", year=2021)
    assert sheet.header() == "&L&8 填报单位：12345&&P部队{0}&R&8 2021年度"
    assert len(PrintedSheet(as_issued=True, unit="&" * 900, year=2021).header()) <= 255
    xml = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()
    page_xml = with_page(xml, sheet.footer("1" * 4), None, sheet.header()).decode()
    assert "<oddHeader>&amp;L&amp;8 填报单位：12345&amp;&amp;P部队{0}&amp;R&amp;8 2021年度</oddHeader>" in page_xml
    assert sorted({built_in().short_name(form.name) for form in built_in().forms if signed(form)}) == [
        "整体自评报告", "整体自评表", "自评表", "项目自评报告"
    ]  # fmt: skip


def test_the_page_is_as_issued_again(done: Finished, honest: Path, tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        sheet = members["xl/worksheets/sheet2.xml"]
        sheet = re.sub(rb"<pageSetup [^>]*/>", b'<pageSetup paperSize="8" orientation="landscape"/>', sheet)
        sheet = sheet.replace(b'<pageSetUpPr fitToPage="1"/>', b"")
        members["xl/worksheets/sheet2.xml"] = re.sub(rb"<pageMargins [^>]*/>", b"", sheet)
        book = members["xl/workbook.xml"]
        members["xl/workbook.xml"] = re.sub(rb"<definedNames>.*</definedNames>", b"", book)

    outcome = made(edited(honest, tmp_path, change))
    assert outcome.sent_up is not None and done.sent_up is not None, outcome.made
    wanted, mended = parts(done.sent_up)["xl/worksheets/sheet2.xml"], parts(outcome.sent_up)["xl/worksheets/sheet2.xml"]
    for name in ("pageSetup", "pageMargins", "printOptions", "headerFooter"):
        element = re.compile(rf"<{name}\b.*?>".encode())
        assert element.findall(mended) == element.findall(wanted) and element.search(wanted)
    assert b'<pageSetUpPr fitToPage="1"/>' in mended
    books = [openpyxl.load_workbook(path) for path in (done.sent_up, outcome.sent_up)]
    assert books[0][BASE].print_area == books[1][BASE].print_area != ""
    assert books[0]["评分表"].print_area == books[1]["评分表"].print_area


FORMATS = ["# ?/?", "0.00E+00", "General", "[=0]0;General", "#,##0.00"]
"""Of which none is barred, and none is ours."""


def test_figures_are_printed_in_the_formats_that_were_issued(honest: Path, tmp_path: Path, done: Finished) -> None:
    typed = [cell for row in openpyxl.load_workbook(honest)[BASE] for cell in row if cell.number_format == "0.00##"]
    figures = [cell.coordinate for cell in typed if isinstance(cell.value, float)]
    formats = dict(zip(figures, FORMATS, strict=False))
    assert len(formats) == len(FORMATS)

    def change(members: dict[str, bytes]) -> None:
        package = Package(packed(members))
        part = next(sheet.part for sheet in package.sheets() if sheet.name == BASE)
        styles, codes = Styles(package), {cell_position(cell): code for cell, code in formats.items()}
        sheet = Sheet(package.read(part), codes, lambda position, style: styles.formatted(style, codes[position]))
        package.write(part, sheet.to_bytes())
        tree = package.tree(package.related(package.workbook, "styles") or "")
        dxfs = next(iter(tree.iter("{*}dxfs")))
        dxfs.append(
            parsed(f'<dxf xmlns="{MAIN}"><numFmt numFmtId="200" formatCode="&quot;1.00&quot;"/></dxf>'.encode())
        )
        members.update({name: package.read(name) for name in package.names})

    path = edited(honest, tmp_path, change)
    before, wanted = (openpyxl.load_workbook(file)[BASE] for file in (path, honest))
    assert [before[cell].number_format for cell in formats] == FORMATS
    outcome = made(path)
    assert outcome.sent_up is not None, outcome.made
    after = openpyxl.load_workbook(outcome.sent_up)
    for cell in formats:
        same = after[BASE][cell]
        assert same.number_format == wanted[cell].number_format, cell
        assert (same.value, repr(same.border)) == (wanted[cell].value, repr(wanted[cell].border))
    assert b"1.00" not in parts(outcome.sent_up)["xl/styles.xml"]
    assert outcome.made.number == done.made.number


@pytest.mark.parametrize(
    ("wanted", "code", "figure", "takes"),
    [
        ("0.00##", "General", 1.5, True), ("0.00##", "# ?/?", 1.5, True), ("0", "General", 5.5, False),
        ("0", "0", 5.5, False), ("0", "#,##0", 5.5, True), ("0", "#,##0.00", 5.0, True), ("0.00%", "0.0%", 0.5, True),
        ("0.00%", "General", 0.5, False), ("0.00##", "0%", 0.5, False), ("0.00##", "0.000000", 1.23456789, False),
    ],
)  # fmt: skip
def test_no_issued_format_shows_less_than_the_unit_did(wanted: str, code: str, figure: float, takes: bool) -> None:
    assert _shows_as_much(wanted, code, figure) is takes


def test_our_marks_are_gone(honest: Path, tmp_path: Path, done: Finished) -> None:
    said = Mark(
        finding_id="x", severity="核实性", verdict="不符", sheet=BASE, cell="D12", rule="G-04", message="请核对。"
    )  # fmt: skip
    path = tmp_path / honest.name
    path.write_bytes(mark_up(honest.read_bytes(), [said], Stamp("a" * 64, 2), "某局"))
    assert "问题" in openpyxl.load_workbook(path).sheetnames
    outcome = made(path)
    assert outcome.sent_up is not None and outcome.made.number == done.made.number
    book = openpyxl.load_workbook(outcome.sent_up)
    assert "问题" not in book.sheetnames and book[BASE]["D12"].comment is None


def test_what_is_not_to_be_finished_is_said(honest: Path, tmp_path: Path) -> None:
    wrong, stale = tmp_path / "错.xlsx", tmp_path / "空.xlsx"
    for path in (wrong, stale):
        path.write_bytes(honest.read_bytes())
    fill_workbook(wrong, {BASE: {cell_position("B4"): Number(Decimal("-3"))}})
    outcome = made(wrong)
    assert outcome.sent_up is None and "强制性·不符" in outcome.made.reason and not (tmp_path / "定稿").exists()
    fill_workbook(stale, {BASE: {cell_position("F4"): Uncalculated()}})
    returns, values = read_again(Source(stale, stale.name), built_in(), None)
    assert unsettled(returns, values, built_in()) == [f"{BASE}!F4"]
    task = Task(Source(stale, stale.name), built_in(), str(returns["sha256"].iloc[0]), None)
    assert "没有结果（基础数据表!F4）" in make(task).reason
    assert "有改动" in make(Task(Source(honest, honest.name), built_in(), "0" * 64, None)).reason
    (tmp_path / "字.txt").write_text("不是表", encoding="utf-8")
    assert "没有可以定稿的表" in made(tmp_path / "字.txt").made.reason


# ---- 公开版 ----


def test_the_published_edition_names_nobody(done: Finished, honest: Path) -> None:
    assert done.published is not None
    for part in parts(done.published).values():
        assert PERSON.encode() not in part and PHONE.encode() not in part
    assert not any(name.startswith("docProps/") for name in parts(done.published))
    assert any(PERSON.encode() in part for part in parts(honest).values())
    before, after = openpyxl.load_workbook(honest), openpyxl.load_workbook(done.published)
    assert set(before.sheetnames) - set(after.sheetnames) == HELPERS
    for sheet in (PROJECT, BASE):
        for row in before[sheet].iter_rows():
            for cell in row:
                left = after[sheet][cell.coordinate]
                if "自查" in str(cell.value):
                    continue  # what is said beside the table
                assert left.value == (None if sheet == PROJECT and cell.coordinate in PERSONAL else cell.value)
                assert left.style_id == cell.style_id
    assert number_of(done.published) == done.made.number


def test_reasons_given_beside_the_checks_are_not_published(honest: Path, tmp_path: Path) -> None:
    path = tmp_path / honest.name
    path.write_bytes(honest.read_bytes())
    heads = next(row for row in openpyxl.load_workbook(path)["自查"].iter_rows(max_row=12) if row[0].value == "序号")
    column = next(cell.column for cell in heads if cell.value == "单位说明")
    fill_workbook(path, {"自查": {(heads[0].row, column - 1): Text(REASON)}})
    outcome = made(path)
    assert outcome.sent_up is not None and outcome.published is not None, outcome.made
    assert any(REASON.encode() in part for part in parts(path).values())
    assert not any(REASON.encode() in part for part in parts(outcome.published).values())


def test_a_spare_sheet_and_a_list_about_persons_name_nobody(honest: Path, tmp_path: Path) -> None:
    path = tmp_path / honest.name
    path.write_bytes(honest.read_bytes())
    fill_workbook(path, {"自评表（备用1）": {cell_position("C34"): Text("司马测试乙")}})
    outcome = made(path)
    assert outcome.published is not None, outcome.made
    assert not any("司马测试乙" in part.decode("utf-8", "replace") for part in parts(outcome.published).values())
    form = built_in().find("整体自评报告")
    slots = {name: 4 for name in form.lists if name == "评价人员"}
    sheet = IdentitySheet("报告", form.name, form.edition, "", "", slots, "")
    layout = lay_out(form, 2018, slots)
    lines = {slot.name for slot in layout.slots["评价人员"]}
    columns = {position for slot in layout.slots["评价人员"] for position in slot.columns.values()}
    assert len(lines) == 4 and lines | columns | {layout.positions["联系人"]} <= issued_personal(
        sheet, 2018, built_in()
    )
    assert layout.positions["填报人电话"] in issued_personal(sheet, 2018, built_in())


def test_a_name_that_stands_elsewhere_too_is_not_published(honest: Path, tmp_path: Path) -> None:
    path = tmp_path / honest.name
    path.write_bytes(honest.read_bytes())
    fill_workbook(path, {PROJECT: {cell_position("F11"): Text(f"由{PERSON}负责完成")}})
    outcome = made(path)
    assert outcome.sent_up is not None and outcome.published is None
    assert f"{PROJECT}!F11" in outcome.made.public_reason


def book(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        write(workbook)
    return target.getvalue()


def test_comments_properties_and_shared_texts_go() -> None:
    def write(workbook: xlsxwriter.Workbook) -> None:
        workbook.set_properties({"author": PERSON, "company": "某公司", "manager": PERSON})
        sheet = workbook.add_worksheet("表")
        sheet.write_row("A1", ["填表人", PERSON, "留着"])
        sheet.write_formula("B2", "=B1", None, PERSON)
        sheet.write_comment("C1", f"{PERSON}改过", {"author": PERSON})

    data = book(write)
    assert sum(PERSON.encode() in part for part in parts_of(data).values()) >= 4
    left = public(data, {"表": {(0, 1), (1, 1)}}, {PERSON}, {"表"})
    assert not any(PERSON.encode() in part for part in parts_of(left).values())
    assert "某公司" not in str(parts_of(left))
    sheet = openpyxl.load_workbook(io.BytesIO(left))["表"]
    assert [cell.value for cell in sheet[1]] == ["填表人", None, "留着"] and sheet["C1"].comment is None


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_pictures_and_strange_sheets_are_not_published() -> None:
    def drawn(workbook: xlsxwriter.Workbook) -> None:
        workbook.add_worksheet("表").insert_textbox("A1", "签字")

    def strange(workbook: xlsxwriter.Workbook) -> None:
        workbook.add_worksheet("表")
        workbook.add_worksheet("通讯录").write("A1", PERSON)

    with pytest.raises(CannotMark, match="图形"):
        public(book(drawn), {}, set(), {"表"})
    with pytest.raises(CannotMark, match="“通讯录”不是下发的表"):
        public(book(strange), {}, set(), {"表"})


def test_damaged_workbooks_are_refused_or_finished() -> None:
    outcomes = {"done": 0, "refused": 0}
    for number in range(60):
        try:
            data = finished(mutant(number), "0000 " * 7 + "0000", {BASE: PrintedSheet(True)}, {"评分表"}, built_in())
            public(data, {BASE: {(3, 1)}}, {PERSON}, {BASE})
            outcomes["done"] += 1
        except CannotMark:
            outcomes["refused"] += 1
    assert sum(outcomes.values()) == 60


# ---- the command ----


def test_verify_says_what_changed_since(
    done: Finished, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert done.sent_up is not None
    path = tmp_path / done.sent_up.name
    path.write_bytes(done.sent_up.read_bytes())
    assert next(verify([path], built_in(), None, Here())).agrees
    fill_workbook(path, {BASE: {cell_position("B4"): Number(Decimal("9999"))}})
    monkeypatch.setattr("sys.argv", ["gouji", "final", str(path), "--verify"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().out
    assert ended.value.code == 1 and "与页脚上印的不同" in said and number_of(path) in said


def test_the_footer_fits_and_its_number_is_found_again() -> None:
    for form_signs in (True, False):
        footer = PrintedSheet(as_issued=True, signed=form_signs).footer(" ".join(["0123"] * 8))
        assert len(footer) <= 255 and number_in(footer) == " ".join(["0123"] * 8)
