"""Issuing into a folder: two units never share a file, and what somebody has filled in is never overwritten."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from gouji.commands.issue import issue_all
from gouji.placing import workbook_names
from gouji.round.errors import RoundError
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import built_in
from gouji.templates.layout import lay_out
from gouji.templates.recipient import Recipient
from tests.rotation import rotated

FORMS = ["基础数据表@衡山县-2021", "自评表@湖南-2020"]
ROSTER = "单位编码,单位名称,项目名称\n001,甲局,道路\n002,乙局,\n"


def issued(folder: Path, roster: str = ROSTER) -> dict[str, bytes]:
    (folder / "名册.csv").write_text(roster, encoding="utf-8")
    issue_all(FORMS, folder / "名册.csv", 2021, folder / "下发")
    return {path.name: path.read_bytes() for path in sorted((folder / "下发").iterdir())}


def typed(path: Path, sheet: str, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("1/1", "甲"), ("1:1", "甲")),
        (("1", "甲/乙"), ("1", "甲:乙")),
        (("a1", "甲"), ("A1", "甲")),
        (("1", "甲?"), ("1", "甲*")),
    ],
)  # fmt: skip
def test_names_that_no_file_can_have_never_make_two_units_one(first: tuple[str, str], second: tuple[str, str]) -> None:
    names = workbook_names([Recipient(*first, ""), Recipient(*second, ""), Recipient("9", "丙", "")], 2021)
    assert len({name.casefold() for name in names}) == 3
    assert names[2] == "9_丙_2021.xlsx"
    assert workbook_names([Recipient(*second, ""), Recipient(*first, "")], 2021) == [names[1], names[0]]


@pytest.mark.in_turn("long")
def test_what_nobody_touched_is_issued_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = issued(tmp_path)
    path = tmp_path / "下发" / "001_甲局_2021.xlsx"
    openpyxl.load_workbook(path).save(path)
    assert path.read_bytes() != first[path.name]
    assert issued(tmp_path) == first
    assert "没有覆盖" not in capsys.readouterr().out


@pytest.mark.in_turn("long")
@pytest.mark.parametrize(
    "what", rotated("filled in", ["figure", "text", "damaged", "note", "sheet", "other book", "another unit"])
)
def test_what_somebody_filled_in_stays_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    issued(tmp_path)
    path = tmp_path / "下发" / "001_甲局_2021.xlsx"
    form = built_in().find(FORMS[0])
    match what:
        case "figure":
            typed(path, "基础数据表", cell_name(*lay_out(form, 2021).positions["编制数"]), 12)
        case "text":
            goal = next(
                item.id for item in built_in().find(FORMS[1]).items.values() if item.kind == "text" and not item.role
            )
            typed(path, "自评表1", cell_name(*lay_out(built_in().find(FORMS[1]), 2021).positions[goal]), "完成道路维修")
        case "note":
            typed(path, "基础数据表", "Z3", "请先报这张")
        case "sheet":
            book = openpyxl.load_workbook(path)
            book.create_sheet("附言")["A1"] = "没有项目"
            book.save(path)
        case "other book":
            book = openpyxl.Workbook()
            book.active["A1"] = "会议通知"
            book.save(path)
        case "another unit":
            shutil.copyfile(path.with_name("002_乙局_2021.xlsx"), path)
        case _:
            path.write_bytes(path.read_bytes()[:1000])
    before = path.read_bytes()
    after = issued(tmp_path)
    out = capsys.readouterr().out
    assert after[path.name] == before
    assert "1 个工作簿已经填写过，没有覆盖" in out and path.name in out and "已为 1 个单位生成" in out
    assert sorted(after) == ["001_甲局_2021.xlsx", "002_乙局_2021.xlsx"]


def test_remarks_on_the_roster_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    issued(tmp_path, "单位编码,单位名称,截止日期\n001,甲局,月底\n")
    assert "名册第2行的截止日期“月底”看不出是哪一天" in capsys.readouterr().out


@pytest.mark.in_turn("long")
def test_a_unit_that_joins_later_gets_its_own_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = issued(tmp_path)
    (tmp_path / "名册.csv").write_text(f"{ROSTER}003,丙局,\n004,丁局,\n", encoding="utf-8")
    with pytest.raises(RoundError) as caught:
        issue_all(FORMS, tmp_path / "名册.csv", 2021, tmp_path / "下发", only="丙局，戊局、0009")
    assert str(caught.value) == (
        "名册里没有“戊局”、“0009”，什么都没有生成。--only 后面写名册里的单位编码或单位名称，用“，”隔开。"
    )
    issue_all(["部门决算参照表", *FORMS], tmp_path / "名册.csv", 2021, tmp_path / "下发", only="丙局，4")
    names = {path.name for path in (tmp_path / "下发").iterdir()}
    assert names - first.keys() == {"003_丙局_2021.xlsx", "004_丁局_2021.xlsx"}
    assert "已为 2 个单位生成" in capsys.readouterr().out
