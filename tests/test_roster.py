"""The roster as it comes: merged cells, totals, marks at heads, encodings, dates; faults name their line."""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook

from gouji.ingest.figures.days import day_of
from gouji.ingest.roster import Roster, RosterError, read_roster
from gouji.templates.catalogue import built_in

HEADS = ["单位编码", "单位名称", "项目编码", "项目名称", "截止日期", "应报表", "主管部门"]
Rows = Sequence[Sequence[object]]
Units = list[tuple[str, str, list[tuple[str, str]]]]


def write(path: Path, rows: Rows, merges: Sequence[str] = ()) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    for area in merges:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path


def units(roster: Roster) -> Units:
    return [
        (to.unit_code, to.unit, [(project.code, project.name) for project in to.projects]) for to in roster.recipients()
    ]


def of(path: Path, rows: Rows, merges: Sequence[str] = (), heads: Sequence[object] = HEADS) -> Units:
    return units(read_roster(write(path / "名册.xlsx", [heads, *rows], merges), built_in()))


def refusal(path: Path, rows: Rows, heads: Sequence[object] = HEADS) -> str:
    with pytest.raises(RosterError) as raised:
        of(path, rows, (), heads)
    return str(raised.value)


def text(folder: Path, content: str, encoding: str = "utf-8") -> Units:
    path = folder / "名册.csv"
    path.write_bytes(content.encode(encoding))
    return units(read_roster(path, built_in()))


THREE = ("001", "甲局", [("P1", "道路"), ("P2", "桥梁"), ("P3", "路灯")])


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        ([["001", "甲局", "P1", "道路"], [None, None, "P2", "桥梁"], [None, None, "P3", "路灯"]], ["A2:A4", "B2:B4"]),
        ([["001", "甲局", "P1", "道路"], [None, None, "P2", "桥梁"], [None, None, "P3", "路灯"]], []),
        ([["001", "甲局", "P1", "道路"], ["001", None, "P2", "桥梁"], ["001", None, "P3", "路灯"]], ["B2:B4"]),
        ([["001", "甲局", "P1", "道路"], ["同上", "同上", "P2", "桥梁"], ["〃", "〃", "P3", "路灯"]], []),
        ([["001", "甲局"], [None, None, "P1", "道路"], [], [None, None, "P2", "桥梁"], ["", "", "P3", "路灯"]], []),
        ([["001", "甲 局", "P1", "道路"], [None, "甲局", "P2", "桥梁"], ["001", "甲局", "P3", "路灯"]], []),
    ],
)
def test_blank_and_merged_cells_go_on_with_the_unit_above(tmp_path: Path, rows: Rows, merges: list[str]) -> None:
    read = of(tmp_path, [*rows, ["002", "乙局"]], merges)
    assert [(code, name.replace(" ", ""), projects) for code, name, projects in read] == [THREE, ("002", "乙局", [])]


def test_what_is_merged_over_the_lines_of_a_unit_holds_for_all_of_them(tmp_path: Path) -> None:
    rows = [["001", "甲局", "P1", "道路", None, "基础数据表"], [None, None, "P2", "桥梁"]]
    roster = read_roster(write(tmp_path / "a.xlsx", [HEADS, *rows], ["A2:A3", "B2:B3", "F2:F3"]), built_in())
    assert roster.frame["required_forms"].tolist() == ["基础数据表"] * 2


@pytest.mark.parametrize(
    "line",
    [
        ["合计", "2个单位"], [None, "合计"], ["合  计"], ["县直单位小计"], ["共2个单位"], ["总计：2家"],
        ["合计（2个单位）", None, "3"], ["一、县直单位"], [None, "（二）乡镇"], [None, "县直单位"], [None, "乡镇街道"],
        ["行政政法股"], ["二", "乡镇"], ["注：编码由财政局统一编制"], ["填表人：张某", None, None, None, "审核：李某"],
        HEADS, [], [None, None, None],
    ],
)  # fmt: skip
def test_totals_sections_notes_and_repeated_heads_are_no_units(tmp_path: Path, line: list[object]) -> None:
    assert of(tmp_path, [["001", "甲局"], line, ["002", "乙局"], line]) == [("001", "甲局", []), ("002", "乙局", [])]


@pytest.mark.parametrize("name", ["综合计划局", "统计局", "会计中心", "三江镇", "乡镇企业局", "一中", "小计量站"])
def test_names_that_resemble_such_lines_are_units(tmp_path: Path, name: str) -> None:
    assert of(tmp_path, [["001", name], ["002", "乙局"]]) == [("001", name, []), ("002", "乙局", [])]


def test_a_sum_of_projects_and_none_are_no_projects(tmp_path: Path) -> None:
    rows = [
        ["001", "甲局", "P1", "道路"],
        [None] * 3 + ["小计"],
        ["002", "乙局", "/", "无"],
        ["003", "丙局", None, "—"],
    ]
    assert of(tmp_path, rows) == [("001", "甲局", [("P1", "道路")]), ("002", "乙局", []), ("003", "丙局", [])]


@pytest.mark.parametrize(
    "heads",
    [
        ["单位编码（必填）", "单位名称*"], ["*单位编码", "★单位名称"], ["单 位\n编 码", "单位名称："],
        ["单位代码", "单位全称（必填*）"], ["1.单位编码", "2.单位名称【必填】"], ["预算单位编码", "预算单位名称"],
        ["单位编码必填", "单位名称(与公章一致)"],
    ],
)  # fmt: skip
def test_marks_at_heads(tmp_path: Path, heads: list[str]) -> None:
    assert of(tmp_path, [["001", "甲局"]], heads=heads) == [("001", "甲局", [])]


def test_heads_of_two_lines(tmp_path: Path) -> None:
    rows = [[None, None, "项目编码", "项目名称"], ["001", "甲局", "P1", "道路"]]
    read = of(tmp_path, rows, ["A1:A2", "B1:B2", "C1:D1"], ["单位编码", "单位名称", "项目", None])
    assert read == [("001", "甲局", [("P1", "道路")])]


def test_a_title_and_the_sheet_that_has_the_heads(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    book = Workbook()
    book.worksheets[0].append(["填报说明：单位编码、单位名称必填"])
    empty, full, old = (book.create_sheet(name) for name in ("空白", "名册", "旧"))
    empty.append(HEADS)
    for row in (["某县预算单位名册"], [], HEADS, ["001", "甲局"]):
        full.append(row)
    for row in (HEADS, ["009", "旧局"]):
        old.append(row)
    old.sheet_state = "hidden"
    book.save(path)
    assert units(read_roster(path, built_in())) == [("001", "甲局", [])]
    old.sheet_state = "visible"
    book.save(path)
    with pytest.raises(RosterError, match="2 张表都像名册：“名册”、“旧”"):
        read_roster(path, built_in())


CSV = "单位编码,单位名称,项目编码,项目名称\n001,甲局,P1,道路\n,,P2,桥梁\n,,P3,路灯\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "，", "|"])
def test_every_usual_text(tmp_path: Path, encoding: str, separator: str) -> None:
    assert text(tmp_path, CSV.replace(",", separator), encoding) == [THREE]


@pytest.mark.parametrize(
    "content",
    [
        f"sep=,\n{CSV}", f"sep=;\r\n{CSV.replace(',', ';')}", f"某县预算单位名册\n{CSV}", f"名册,,\n\n{CSV}",
        CSV + "注：本表由财政局填写\n", CSV + "合计,1个单位,3\n", CSV.replace(",道路", ',"道路"'),
        CSV.replace("\n", "\r\n"), CSV.replace("\n", "\r"), CSV.replace(",桥梁", ",桥梁,,,"), CSV + ",,,\n\n",
    ],
)  # fmt: skip
def test_lines_around_and_of_other_lengths(tmp_path: Path, content: str) -> None:
    assert text(tmp_path, content) == [THREE]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("单位编码,单位名称\n001,甲局,乙局\n", ["第2行", "多出几列"]),
        ('单位编码,单位名称\n001,"甲局\n002,乙局\n', ["第2行", "引号"]),
        ('单位编码,单位名称\n001,"甲局\n002,乙局"\n', ["第2行", "引号"]),
        ("单位编码,单位名称\n1.14304E+17,甲局\n", ["第2行", "科学记数"]),
        ("单位编码,单位名称\n114304230061234000,甲局\n", ["第2行", "超过 15 位"]),
        ("<table><tr><td>单位编码</td></tr></table>", ["不是表格"]),
        ("\0\1\2", ["不是表格"]),
    ],
)
def test_a_text_that_cannot_be_divided_names_its_line(tmp_path: Path, content: str, words: list[str]) -> None:
    with pytest.raises(RosterError) as raised:
        text(tmp_path, content)
    assert all(word in str(raised.value) for word in words), raised.value


@pytest.mark.parametrize("data", [b"\xff\xff\xff,\xff", codecs.BOM_UTF16_LE + b"\x00", b""])
def test_a_text_in_an_unknown_encoding_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(data)
    with pytest.raises(RosterError):
        read_roster(path, built_in())


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["001", "甲局"], ["001", "乙局"]], ["第3行", "第2行", "单位编码相同"]),
        ([["001", "甲局"], [1, "乙局"]], ["第3行", "单位编码相同"]),
        ([["A1", "甲局"], ["Ａ１", "乙局"]], ["第3行", "单位编码相同"]),
        ([["001", "甲局"], ["002", "甲局"]], ["第3行", "名称相同"]),
        ([["001", "甲局", None, "道路"], ["001", "甲局", None, "道路"]], ["第3行", "重复"]),
        ([["001", "甲局", "P1", "道路"], ["001", "甲局", None, "道路"]], ["第3行", "重复"]),
        ([["001", "甲局", "P1", "道路"], ["001", "甲局", "P1", "桥梁"]], ["第3行", "项目编码相同"]),
        ([["001", "甲局", "P1", None]], ["第2行", "没有项目名称"]),
        ([[114304230061234567, "甲局"]], ["第2行", "15 位"]),
        ([[1.14304230061234567e17, "甲局"]], ["第2行", "15 位"]),
        ([["1.14304E+17", "甲局"]], ["第2行", "科学记数"]),
        ([["001", "甲局", 114304230061234567, "道路"]], ["第2行", "项目编码"]),
        ([[219.01, "甲局"]], ["第2行", "小数"]),
        ([[datetime.date(2022, 3, 1), "甲局"]], ["第2行", "日期"]),
        ([["#N/A", "甲局"]], ["第2行", "单位编码", "#N/A"]),
        ([["001", "=VLOOKUP(1,A1:B2,2)"]], ["第2行", "单位名称", "没有计算结果"]),
        ([["=A9", None]], ["第2行", "没有计算结果"]),
        ([["001", "甲局", None, None, None, "基础数据表；自评报"]], ["第2行", "自评报", "最接近"]),
        ([["001", "甲局", None, None, None, "基础数据表@某县-1999"]], ["第2行", "没有这个版本", "衡山县-2021"]),
        ([["001", "甲局", None, None, None, "部门决算参照表"]], ["第2行", "由财政局填写"]),
        ([[None, None, "P1", "道路"], ["001", "甲局"]], ["第2行", "没有单位编码和单位名称"]),
        ([["001", "甲局"], ["一、乡镇"], [None, None, "P1", "道路"]], ["第4行", "没有可以接续的单位"]),
        ([["001", "甲局"], ["002", None, "P1", "道路"]], ["第3行", "没有单位名称"]),
        ([["001", "甲局"], [None, "乙局", "P1", "道路"]], ["第3行", "“乙局”没有单位编码"]),
        ([["001", "甲" * 300]], ["第2行", "过长"]),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(tmp_path: Path, rows: Rows, words: list[str]) -> None:
    message = refusal(tmp_path, rows)
    assert all(word in message for word in words), message


def test_all_faults_are_told_at_once_and_not_too_many(tmp_path: Path) -> None:
    message = refusal(tmp_path, [[f"{n}", f"局{n}", None, None, None, f"表{n}"] for n in range(1, 12)])
    assert "有 11 处要先更正" in message and "第9行" in message and "另有 3 处" in message and "第10行" not in message


def test_a_head_that_stands_twice_is_refused(tmp_path: Path) -> None:
    heads = ["单位编码", "单位名称", "单位名称"]
    assert "第1行有两列“单位名称”" in refusal(tmp_path, [["1", "甲局", "乙局"]], heads)


def test_units_of_one_name_are_told_apart_by_their_departments(tmp_path: Path) -> None:
    rows = [["001", "中心小学", *[None] * 4, "东乡"], ["002", "中心小学", *[None] * 4, "西乡"]]
    assert [unit[:2] for unit in of(tmp_path, rows)] == [("001", "中心小学"), ("002", "中心小学")]


def test_zeros_that_a_format_shows_belong_to_the_code(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEADS, [1001, "甲局"], [7, "乙局"]):
        sheet.append(row)
    sheet["A2"].number_format = "000000"
    book.save(path)
    assert [unit[0] for unit in units(read_roster(path, built_in()))] == ["001001", "7"]


def test_of_two_spellings_of_a_code_the_one_with_its_zeros_counts_and_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [HEADS, [1001, "甲局", "P1", "道路"], ["001001", "甲局", "P2", "桥梁"]])
    roster = read_roster(path, built_in())
    assert units(roster) == [("001001", "甲局", [("P1", "道路"), ("P2", "桥梁")])]
    assert all(word in roster.remarks[0] for word in ("第3行", "单位编码", "按位数多的"))


@pytest.mark.parametrize(
    "day",
    [
        "2022-03-31", "2022.3.31", "20220331", 20220331, 44651, "44651", 44651.7, "2022年3月31日",
        "2022年3月31日前", "２０２２．３．３１", "二〇二二年三月三十一日", "2022/3/31 17:00", "截至2022年3月31日",
        "31/3/2022", "2022年3月31日（星期四）", datetime.date(2022, 3, 31), datetime.datetime(2022, 3, 31, 17, 30),
    ],
)  # fmt: skip
def test_a_deadline_in_any_form(tmp_path: Path, day: object) -> None:
    assert day_of(day) == datetime.date(2022, 3, 31)
    roster = read_roster(write(tmp_path / "a.xlsx", [HEADS, ["001", "甲局", None, None, day]]), built_in())
    assert (roster.frame["deadline"].tolist(), roster.remarks) == (["2022-03-31"], ())


@pytest.mark.parametrize(
    "day", ["3月底", "2022.3", "2022-02-30", "3/4/2022", "2022.3.31-4.15", 99999, "另行通知", True]
)
def test_a_deadline_that_names_no_day_is_told(tmp_path: Path, day: object) -> None:
    assert day_of(day) is None
    roster = read_roster(write(tmp_path / "a.xlsx", [HEADS, ["001", "甲局", None, None, day]]), built_in())
    assert "第2行" in roster.remarks[0] and "截止日期" in roster.remarks[0]


def test_another_department_of_one_unit_is_told(tmp_path: Path) -> None:
    rows = [["001", "甲局", *[None] * 4, "甲"], ["001", "甲局", *[None] * 4, "乙"], ["001", "甲局"]]
    assert len(read_roster(write(tmp_path / "a.xlsx", [HEADS, *rows, rows[0]]), built_in()).remarks) == 2


@pytest.mark.parametrize("seed", range(12))
def test_random_rosters_come_out_right(tmp_path: Path, seed: int) -> None:
    """Codes as texts, numbers, with zeros; lines merged, blank or repeated; totals, sections and notes between."""
    random = Random(f"roster/{seed}")
    expected: Units = []
    rows: list[list[object]] = []
    merges: list[str] = []
    for number in range(random.randint(1, 15)):
        digits = random.choice([6, 9, 15])
        code = str(random.randrange(10 ** (digits - 4)) * 1000 + number + 1).zfill(digits)
        if random.random() < 0.4:
            code = code.lstrip("0")
        written = int(code) if not code.startswith("0") and random.random() < 0.5 else code
        name = f"第{number}局" + random.choice(["", "（本级）", " ", "·分局"])
        projects = [(f"{code}P{count}", f"项目{count}") for count in range(random.randint(0, 4))]
        expected.append((code, name.strip(), projects))
        if random.random() < 0.2:
            rows.append(random.choice([["一、县直单位"], ["小计", f"{number}个单位"], [], [None, "乡镇"]]))
        way, top = random.choice(["merged", "blank", "repeated"]), len(rows) + 2
        for place, project in enumerate(projects or [(None, None)]):
            rows.append([written, name, *project] if place == 0 or way == "repeated" else [None, None, *project])
        if way == "merged" and len(projects) > 1:
            merges += [f"{column}{top}:{column}{len(rows) + 1}" for column in "AB"]
    assert of(tmp_path, [*rows, ["合计", f"{len(expected)}个单位"]], merges) == expected


def test_a_head_that_is_much_like_one_is_named(tmp_path: Path) -> None:
    heads, rows = (
        ["单位编码", "单位名称", "应报送表", "归口科室", "备注"],
        ["001001", "甲局", "基础数据表", "预算股", "新"],
    )
    roster = read_roster(write(tmp_path / "a.xlsx", [heads, rows]), built_in())
    (remark,) = roster.remarks
    assert "第1行" in remark and "“应报送表”" in remark and "“应报表”" in remark
    assert roster.frame.loc[0, ["required_forms", "office"]].tolist() == [None, "预算股"]
