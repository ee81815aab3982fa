"""A bureau's own editions: copied from one that is there, drafted from a blank, checked, compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from gouji.templates.catalogue import built_in
from tests.test_commands import gouji

PARENT = "预算支出绩效自评表@湖南-2020"
FORM, EDITION = "预算支出绩效自评表", "某县-2026"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the commands are called."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def differences(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    """What the own edition has otherwise than the one that it was made of."""
    status, out, _ = gouji(capsys, "forms", "diff", PARENT, f"{FORM}@{EDITION}", "--forms", "表样", "--json")
    entries: list[dict[str, str]] = json.loads(out)
    assert status == int(bool(entries))
    return entries


def test_a_copy_is_the_same_form_until_one_line_is_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gouji(capsys, "forms", "copy", "自评表@湖南-2020", "--edition", EDITION)[0] == 0
    file = folder / "表样" / FORM / f"{EDITION}.yaml"
    assert gouji(capsys, "forms", "check", "表样")[0] == 0
    assert [(entry["name"], entry["second"]) for entry in differences(capsys)] == [("依据", "待定")]
    with file.open("a", encoding="utf-8") as text:
        text.write("change:\n  rows: {其他资金: {label: 单位自筹资金}}\n  checks: {A-09: {severity: 提示}}\n")
    changed = {entry["name"]: (entry["first"], entry["second"]) for entry in differences(capsys)[1:]}
    rows = {f"其他资金.{column}" for column in ("年初预算数", "全年预算数", "全年执行数", "执行率")}
    assert rows < changed.keys()
    assert "其他资金" in changed["其他资金.全年预算数"][0] and "单位自筹资金" in changed["其他资金.全年预算数"][1]
    assert "核实性" in changed["A-09"][0] and "提示" in changed["A-09"][1]
    # What serves other editions is the parent: nobody's name means two editions now.
    assert gouji(capsys, "forms", "show", "自评表@鹤城区-2020", "--forms", "表样", "--json")[0] == 0
    status, _, err = gouji(capsys, "forms", "copy", "自评表@湖南-2020", "--edition", EDITION)
    assert (status, "已经存在" in err) == (2, True)


@pytest.mark.parametrize("edition", ["../某县", "某县/2026", "某县@2026", " 某县", "a" * 300])
def test_a_name_that_is_no_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], edition: str) -> None:
    status, _, err = gouji(capsys, "forms", "copy", "自评表@湖南-2020", "--edition", edition)
    assert (status, "要作文件名" in err, list(folder.rglob("*.yaml"))) == (2, True, [])


def test_what_is_wrong_is_said_with_its_line_and_nothing_else_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gouji(capsys, "forms", "copy", "自评表@湖南-2020", "--edition", EDITION)
    file = folder / "表样" / FORM / f"{EDITION}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, "remove: {rows: [没有的行]}", ""]), encoding="utf-8")
    status, out, _ = gouji(capsys, "forms", "check", "表样", "--json")
    (error,) = json.loads(out)["errors"]
    assert (status, error["file"], error["line"]) == (1, f"表样/{FORM}/{EDITION}.yaml", len(lines) + 1)
    status, out, err = gouji(capsys, "forms", "list", "--forms", "表样", "--json")
    assert (status, len(json.loads(out)), EDITION in err) == (0, len(built_in().forms), True)


def test_a_draft_goes_where_editions_stand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    for row in (["专项情况表"], ["填报单位：", None], ["项目", "2026年预算数"], ["会议费", None], ["培训费", None]):
        book.active.append(row)
    book.save(folder / "空表.xlsx")
    status, out, _ = gouji(capsys, "forms", "new", "--from", "空表.xlsx", "--edition", EDITION)
    file = folder / "表样" / "专项情况表" / f"{EDITION}.yaml"
    text = file.read_text(encoding="utf-8")
    assert (status, f"edition: {EDITION}\n" in text, "gouji forms check 表样" in out) == (0, True, True)
    assert gouji(capsys, "forms", "check", "表样")[0] == 0
    assert gouji(capsys, "forms", "new", "--from", "空表.xlsx", "--edition", EDITION)[0] == 2
    assert file.read_text(encoding="utf-8") == text


def test_a_preview_is_an_issued_workbook_and_every_check_in_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gouji(capsys, "forms", "copy", "自评表@湖南-2020", "--edition", EDITION)
    status, out, _ = gouji(capsys, "forms", "preview", f"自评表@{EDITION}", "--year", "2026", "--forms", "表样")
    form = built_in().find(PARENT)
    assert status == 0 and {rule.id for rule in form.rules} <= set(out.split())
    assert "年度资金总额应等于当年财政拨款＋上年结转资金＋其他资金" in out
    (book,) = folder.glob("*.xlsx")
    sheet = next(sheet for sheet in load_workbook(book) if sheet.title.startswith("自评表"))
    titles = [row[0] for row in sheet.iter_rows(values_only=True) if row[0]]
    assert titles[:2] == ["预算支出绩效自评表", "（2026年度）"]
    assert "示例数据" in out and sheet["E7"].value == 20
    before = book.read_bytes()
    assert gouji(capsys, "forms", "preview", f"自评表@{EDITION}", "--forms", "表样")[0] == 2
    assert book.read_bytes() == before
