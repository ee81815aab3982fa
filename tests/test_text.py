"""The gate for text: nothing that passes it can become a formula, break a file, or leave its folder."""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from gouji.templates.text import (
    CUT_MARK,
    MAX_CELL,
    MAX_FILE_NAME,
    csv_text,
    file_name,
    html_text,
    sheet_name,
    sheet_text,
)
from gouji.templates.write import (
    add_sheet,
    open_workbook,
    write_date,
    write_figure,
    write_formula,
    write_sheet_link,
    write_text,
)

# st.text() leaves lone surrogates out of its own accord; returned files do not.
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("经费\n控制", "经费\n控制"),
        ("a\x00b\x0bc\x1fd\x7fe\x85f", "abcdef"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a b"),
        ("单\ud800位", "单\ufffd位"),
        ("\ufffe\uffff", ""),
        ("=1+1", "=1+1"),
        ("　全角 ", "　全角 "),
    ],
)
def test_sheet_text(text: str, expected: str) -> None:
    assert sheet_text(text) == expected


def test_long_text_is_cut_with_a_visible_mark() -> None:
    assert sheet_text("长" * MAX_CELL) == "长" * MAX_CELL
    assert sheet_text("长" * (MAX_CELL + 1)) == "长" * (MAX_CELL - len(CUT_MARK)) + CUT_MARK


def test_signs_beyond_the_basic_plane_count_twice() -> None:
    cut = sheet_text("𠮷" * MAX_CELL)
    assert cut == "𠮷" * ((MAX_CELL - len(CUT_MARK)) // 2) + CUT_MARK


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "\x00="])
def test_csv_text_marks_what_would_be_a_formula(lead: str) -> None:
    assert csv_text(f"{lead}1+1").startswith("'")


@pytest.mark.parametrize("text", ["", "——", "1、公务接待", "三公经费 = 公务用车", "'quoted"])
def test_csv_text_leaves_other_text_alone(text: str) -> None:
    assert csv_text(text) == text


def test_html_text() -> None:
    assert html_text("<b>\"A\" & 'B'</b>\x00") == "&lt;b&gt;&quot;A&quot; &amp; &#x27;B&#x27;&lt;/b&gt;"


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("自评表1", (), "自评表1"),
        ("a[b]:c*d?e/f\\g", (), "a_b__c_d_e_f_g"),
        ("a：b／c", (), "a_b_c"),
        ("'单位'", (), "单位"),
        ("", (), "表"),
        ("History", (), "History（2）"),
        ("数据", ("数据", "数据（2）"), "数据（3）"),
        ("ABC", ("abc",), "ABC（2）"),
        ("ＡＢＣ", ("abc",), "ＡＢＣ（2）"),
        ("长" * 40, (), "长" * 31),
        ("长" * 40, ("长" * 31,), "长" * 28 + "（2）"),
        ("两\n行", (), "两 行"),
    ],
)
def test_sheet_name(name: str, taken: tuple[str, ...], expected: str) -> None:
    assert sheet_name(name, taken) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("衡山县行政审批服务局.xlsx", "衡山县行政审批服务局.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b:c.xlsx", "a_b_c.xlsx"),
        (".hidden", "hidden"),
        ("~$锁.xlsx", "$锁.xlsx"),
        ("-rf", "rf"),
        ("CON", "_CON"),
        ("nul.xlsx", "_nul.xlsx"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("控制", "控制"),
        ("名\x00称\u202e.xlsx", "名称.xlsx"),
        ("尾. .", "尾"),
        ("", "未命名"),
        ("...", "未命名"),
    ],
)
def test_file_name(name: str, expected: str) -> None:
    assert file_name(name) == expected


def test_long_file_names_keep_extension_and_stay_apart() -> None:
    first, second = file_name("长" * 100 + "甲.xlsx"), file_name("长" * 100 + "乙.xlsx")
    assert first != second
    assert first.endswith(".xlsx")
    assert first.startswith("长" * 34)
    assert len(first.encode()) <= MAX_FILE_NAME


@given(ANY_TEXT)
def test_texts_hold_nothing_that_a_file_cannot(text: str) -> None:
    clean = sheet_text(text)
    clean.encode("utf-8")
    assert not [sign for sign in clean if unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n"]
    assert sheet_text(clean) == clean
    assert not re.match(r"\s*[=+\-@]", csv_text(text))


@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=4))
def test_sheet_names_are_always_accepted(name: str, others: list[str]) -> None:
    taken: list[str] = []
    for wish in [*others, name, name]:
        taken.append(sheet_name(wish, taken))
    # The library checks length, signs, quotes and repetitions, and raises.
    workbook = xlsxwriter.Workbook("unused.xlsx", {"in_memory": True})
    for wish in taken:
        workbook.add_worksheet(wish)
    workbook.fileclosed = True


@given(ANY_TEXT)
def test_file_names_stay_in_their_folder(name: str) -> None:
    clean = file_name(name)
    assert Path(clean).name == clean
    assert clean not in ("", ".", "..")
    assert clean[0] not in ".-~ "
    assert clean[-1] not in ". "
    assert 0 < len(clean.encode()) <= MAX_FILE_NAME
    assert file_name(clean) == clean


def test_hostile_text_stays_text_in_a_workbook(tmp_path: Path) -> None:
    hostile = [
        "=1+1",
        "http://example.org",
        "{=SUM(A1)}",
        "mailto:a",
        "internal:A1",
        "_x0041_",
        "<r><t>x</t></r>",
        "\x01=1\ud800",
    ]
    path = tmp_path / "hostile.xlsx"
    workbook = open_workbook(path, created=datetime.datetime(2022, 1, 1))
    sheet = add_sheet(workbook, "表")
    for row, text in enumerate(hostile):
        write_text(sheet, row, 0, text)
    workbook.close()
    cells = [row[0] for row in load_workbook(path)["表"].iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * len(hostile)
    assert [cell.hyperlink for cell in cells] == [None] * len(hostile)
    assert cells[0].value == "=1+1"
    assert cells[-2].value.strip() == "<r><t>x</t></r>"
    assert cells[-1].value == "=1\ufffd"


def test_typed_cells(tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    workbook = open_workbook(path, created=datetime.datetime(2022, 1, 1))
    sheet = add_sheet(workbook, "表 1")
    write_figure(sheet, 0, 0, Decimal("1733.634137"))
    write_figure(sheet, 0, 1, None)
    write_figure(sheet, 0, 2, 0)
    write_formula(sheet, 1, 0, "=A1*2", Decimal("3467.268274"))
    write_formula(sheet, 1, 1, '=""', None)
    write_formula(sheet, 1, 2, '="甲"', "甲")
    write_date(sheet, 2, 0, datetime.date(2022, 3, 25), workbook.add_format({"num_format": "yyyy-mm-dd"}))
    write_date(sheet, 2, 1, None)
    write_text(sheet, 2, 2, "")
    write_sheet_link(sheet, 3, 0, "表 1", "=回到开头", cell="B2")
    workbook.close()
    values = [[cell.value for cell in row] for row in load_workbook(path, data_only=True)["表 1"].iter_rows()]
    assert values == [
        [1733.634137, None, 0],
        [3467.268274, None, "甲"],
        [datetime.datetime(2022, 3, 25), None, None],
        ["=回到开头", None, None],
    ]
    written = load_workbook(path)["表 1"]
    assert [cell.value for cell in written[2]] == ["=A1*2", '=""', '="甲"']
    assert written["A4"].hyperlink.location == "'表 1'!B2"
    assert written["A1"].font.name == "宋体"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_figure_is_not_written(tmp_path: Path, value: float | Decimal) -> None:
    workbook = open_workbook(tmp_path / "a.xlsx", created=datetime.datetime(2022, 1, 1))
    sheet = add_sheet(workbook, "表")
    with pytest.raises(ValueError, match="not a figure"):
        write_figure(sheet, 0, 0, value)
    workbook.close()
