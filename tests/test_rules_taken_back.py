"""规则簿.xlsx taken back: exactly what was changed, each bad line with its cell, nothing half."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from difflib import ndiff
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from gouji.bureau_rules.proposed import proposed
from gouji.commands.editions import begun_edition
from gouji.export.rule_workbook import write_rule_workbook
from gouji.ingest.beside.rule_workbook import RuleRow, RuleWorkbook, read_rule_workbook
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.checks import Check
from gouji.templates.form import Form
from gouji.templates.inherit import inherited
from gouji.templates.layer import INSTALLED
from gouji.templates.plain_yaml import plain_yaml
from gouji.templates.rewritten import with_checks
from gouji.templates.rule_workbook import HEADS, RECORD_SHEET, RULES_SHEET, SEVERITIES
from gouji.workers.here import Here
from tests.test_commands import gouji

FORM, EDITION = "预算支出绩效自评表", "某县-2026"
KEY = f"{FORM}@湖南-2020"
BOOK = "规则簿.xlsx"
Edit = Callable[[Worksheet], None]


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The rules of a built-in edition."""
    path = tmp_path_factory.mktemp("rules") / BOOK
    write_rule_workbook(built_in().find(KEY), path)
    return path.read_bytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handed_out: bytes) -> Path:
    """The same in the current folder; what is handed over is read by this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gouji.commands.rules.reader", lambda: nullcontext(Here()))
    (tmp_path / BOOK).write_bytes(handed_out)
    return tmp_path


def cell_of(sheet: Worksheet, code: str, head: str) -> str:
    """The address of a cell by the number of its rule."""
    row = next(row[0].row for row in sheet.iter_rows(min_row=4, max_col=1) if row[0].value == code)
    return str(sheet.cell(row, HEADS.index(head) + 1).coordinate)


def put(code: str, head: str, text: str) -> Edit:
    def change(sheet: Worksheet) -> None:
        sheet[cell_of(sheet, code, head)] = text

    return change


def added(**texts: str) -> Edit:
    """A new rule in the first empty row."""

    def change(sheet: Worksheet) -> None:
        row = next(row[0].row for row in sheet.iter_rows(min_row=4, max_col=1) if row[0].value is None)
        for head, text in texts.items():
            sheet.cell(row, HEADS.index(head) + 1).value = text

    return change


def changed(folder: Path, *changes: Edit) -> None:
    book = openpyxl.load_workbook(folder / BOOK)
    for change in changes:
        change(book[RULES_SHEET])
    book.save(folder / BOOK)


def taken_back(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    status, out, err = gouji(capsys, "rules", "import", BOOK, "--json", *options)
    return status, json.loads(out) if out else {"error": err}


def edition(folder: Path) -> Form:
    return Catalogue.of([INSTALLED, folder / "表样"]).form(FORM, EDITION)


NEW = {"编号": "本-01", "规则": "全年执行数 ≤ 年初预算数", "逐项核对": "每行", "严重程度": "提示", "启用": "否"}


def test_what_was_not_changed_makes_no_difference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, report = taken_back(capsys, "--edition", EDITION)
    assert (status, report) == (0, {"written": None, "troubles": [], "changes": []})
    assert not (folder / "表样").exists()


def test_exactly_what_was_changed_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(
        folder,
        put("A-09", "严重程度", "提示"),
        put("A-06", "说明", "总分应为一百分"),
        put("A-08", "启用", "否"),
        put("A-07", "依据", "本县通知第3条"),
        added(**NEW),
    )
    status, report = taken_back(capsys, "--edition", EDITION)
    assert (status, report["troubles"]) == (0, [])
    assert [(change["rule"], change["what"], change["after"]) for change in report["changes"]] == [
        ("A-06", "说明", "总分应为一百分"),
        ("A-07", "依据", "本县通知第3条"),
        ("A-08", "启用", "否"),
        ("A-09", "严重程度", "提示"),
        ("本-01", "新规则", "全年执行数 ≤ 年初预算数（提示，没有启用）"),
    ]
    file = folder / "表样" / FORM / f"{EDITION}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    start = lines.index("change:")
    assert [line for line in lines[:start] if not line.startswith("#")] == [
        "extends: 湖南-2020",
        f"edition: {EDITION}",
        "basis: 待定  # 待定：依据，哪一份文件的哪个附件",
    ]
    assert lines[start:] == [
        "change:",
        "  checks:",
        "    A-06: {words: 总分应为一百分}",
        "    A-07: {basis: 本县通知第3条}",
        "    A-08: {active: false}",
        "    A-09: {severity: 提示}",
        "add:",
        "  checks:",
        "    - {id: 本-01, rule: 全年执行数 ≤ 年初预算数, each: 每行, severity: 提示, active: false}",
    ]
    form = edition(folder)
    assert {check.id for check in form.definition.checks} - {rule.id for rule in form.rules} == {"A-08", "本-01"}
    # Once more: nothing is left to be written; and back: what was changed is changed back, line by line.
    assert taken_back(capsys, "--edition", EDITION)[1]["changes"] == []
    changed(folder, put("A-09", "严重程度", "核实性"), put("本-01", "启用", "是"))
    assert [(change["rule"], change["after"]) for change in taken_back(capsys, "--edition", EDITION)[1]["changes"]] == [
        ("A-09", "核实性"),
        ("本-01", "是"),
    ]
    again = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line not in again] == ["    A-09: {severity: 提示}", lines[-1]]
    assert [line for line in again if line not in lines] == [lines[-1].replace(", active: false", "")]


def test_comments_order_and_everything_else_of_a_file_stay(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For every edition that comes with gouji, as a bureau's own file: only the line of the rule is another one."""
    for form in built_in().forms:
        check = form.definition.checks[-1]
        path = INSTALLED / form.name / f"{form.edition}.yaml"
        text = path.read_text(encoding="utf-8")
        if "extends:" in text:
            continue
        before = form.definition.checks
        assert with_checks(text, before, before, None) == text
        other = [*before[:-1], check.model_copy(update={"severity": "提示", "active": False})]
        written = with_checks(text, other, before, None)
        changed_lines = [line for line in ndiff(text.splitlines(), written.splitlines()) if line[0] in "+-"]
        assert [line[0] for line in changed_lines if check.severity in line and line[0] == "-"] == ["-"], form.key
        assert all("active: false" in line or "severity: 提示" in line for line in changed_lines if line[0] == "+"), (
            form.key
        )
        assert with_checks(written, before, other, None) == text


def test_the_own_edition_is_changed_where_it_stands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder / "表样" / FORM / f"{EDITION}.yaml"
    place.parent.mkdir(parents=True)
    text = (
        "# 本县的表\nextends: 湖南-2020\nedition: 某县-2026\nbasis: 本县通知\n"
        "change:\n  rows: {其他资金: {label: 单位自筹资金}}  # 按通知\n  checks:\n"
        "    A-09: {severity: 提示}  # 商定\n"
        "remove: {checks: [A-07]}\n"
        "add:\n  checks:\n    # 新的\n    - {id: 本-01, rule: 总分.得分 ≤ 100, severity: 强制性}\n"
    )
    place.write_text(text, encoding="utf-8")
    (folder / BOOK).unlink()
    assert gouji(capsys, "rules", "export", f"{FORM}@{EDITION}", "--forms", "表样")[0] == 0
    changed(folder, put("本-01", "严重程度", "核实性"), put("A-09", "启用", "否"))
    status, report = taken_back(capsys)
    assert (status, len(report["changes"])) == (0, 2)
    expected = text.replace("{severity: 提示}", "{severity: 提示, active: false}").replace("强制性}", "核实性}")
    assert place.read_text(encoding="utf-8") == expected.replace("  # 商定", " # 商定")


Change = Callable[[tuple[RuleRow, ...]], tuple[RuleRow, ...]]


@pytest.fixture(scope="module")
def book(handed_out: bytes, tmp_path_factory: pytest.TempPathFactory) -> RuleWorkbook:
    path = tmp_path_factory.mktemp("rules") / BOOK
    path.write_bytes(handed_out)
    return read_rule_workbook(path)


def row(code: str, head: str, text: str) -> Change:
    return lambda rows: tuple(
        replace(rule_row, texts=rule_row.texts | {head: text}) if rule_row.texts["编号"] == code else rule_row
        for rule_row in rows
    )


def new(texts: dict[str, str]) -> Change:
    """A new rule in row 22, the first empty one."""
    cells = {head: f"{'ABCDEFGHIJ'[number]}22" for number, head in enumerate(HEADS)}
    return lambda rows: (*rows, RuleRow({head: texts.get(head, "") for head in HEADS}, cells))


def without(code: str) -> Change:
    return lambda rows: tuple(rule_row for rule_row in rows if rule_row.texts["编号"] != code)


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        (row("A-06", "规则", "总分.丁 = 100"), "B9", "表中没有“总分.丁”"),
        (row("A-06", "规则", "总分.分值 = (100"), "B9", "写法不完整"),
        (row("A-06", "规则", "总分.分值 = 年度资金总额.全年执行数"), "B9", "分值与金额不能比较"),
        (row("A-06", "规则", "1 = 1"), "B9", "规则里应有本表的至少一个项目"),
        (row("A-06", "规则", ""), "B9", "没有写规则"),
        (row("A-01", "规则", "年度资金总额 ≤ 当年财政拨款"), "B4", "自动计算"),
        (row("A-10", "逐项核对", "每页"), "C13", "“每页”在这张表里没有对应的列、行或清单"),
        (row("A-06", "严重程度", "很严重"), "D9", "填的是“很严重”，只能是 强制性、核实性、提示 之一"),
        (row("A-06", "类别", "表里"), "E9", "填的是“表里”"),
        (row("A-06", "说明", "长" * 300), "F9", "太长（300 个字）"),
        (row("A-06", "缺数据时", "看情况"), "H9", "只能是 指出、不指出 之一"),
        (row("A-06", "自动计算", "是"), "I9", "这一栏只供查看，不能改"),
        (row("A-06", "启用", ""), "J9", "没有填，只能是 是、否 之一"),
        (row("A-03", "启用", "否"), "J6", "规则 A-11、得分的复算还要用，不能停用"),
        (row("A-04", "启用", "否"), "J7", "自动算出的数，规则 A-06还要用"),
        (row("A-06", "编号", ""), "A9", "没有编号"),
        (row("A-06", "编号", "A-05"), "A9", "编号“A-05”用了两次（另一处是 A8）"),
        (new(NEW | {"编号": "T-02"}), "A22", "已是另一条通用或评分规则的编号"),
        (new(NEW | {"编号": "a b"}), "A22", "编号“a b”不能用"),
        (new(NEW | {"启用": ""}), "J22", "没有填"),
        (new(NEW | {"自动计算": "是"}), "I22", "不能改"),
        (without("A-06"), "", "规则簿里没有编号为“A-06”的规则"),
    ],
)
def test_a_bad_line_is_told_with_its_cell(book: RuleWorkbook, change: Change, cell: str, words: str) -> None:
    form = built_in().find(KEY)
    messages = {
        trouble.cell: trouble.message
        for trouble in proposed(replace(book, rows=change(book.rows)), form, form).troubles
    }
    assert words in messages.get(cell, ""), messages


def test_a_sentence_that_was_not_touched_follows_its_rule(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(folder, put("A-09", "规则", "合计(满意度指标.分值) = 15"))
    assert [change["what"] for change in taken_back(capsys, "--edition", EDITION)[1]["changes"]] == ["规则", "说明"]
    text = (folder / "表样" / FORM / f"{EDITION}.yaml").read_text(encoding="utf-8")
    assert "A-09: {rule: 合计(满意度指标.分值) = 15}" in text


@pytest.mark.parametrize("options", [[], ["--edition", "全国-2020"], ["--edition", "../某县"], ["--edition", "a@b"]])
def test_an_edition_that_cannot_be_written_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    changed(folder, put("A-09", "严重程度", "提示"))
    status, report = taken_back(capsys, *options)
    assert status == 2 and "版本" in report["error"]
    assert not list(folder.rglob("*.yaml"))


def test_a_built_in_edition_is_replaced_only_by_its_own_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(folder, put("A-09", "严重程度", "提示"))
    assert taken_back(capsys, "--edition", "湖南-2020")[0] == 0
    made = Catalogue.of([INSTALLED, folder / "表样"]).form(FORM, "湖南-2020")
    assert {check.id: check.severity for check in made.definition.checks}["A-09"] == "提示"
    assert len(made.definition.checks) == len(built_in().find(KEY).definition.checks)


@pytest.mark.parametrize("sheet", [RULES_SHEET, RECORD_SHEET])
def test_a_workbook_that_is_none_of_ours_is_told(folder: Path, capsys: pytest.CaptureFixture[str], sheet: str) -> None:
    book = openpyxl.load_workbook(folder / BOOK)
    del book[sheet]
    book.save(folder / BOOK)
    status, report = taken_back(capsys, "--edition", EDITION)
    assert status == 2 and f"“{sheet}”" in report["error"]
    (folder / BOOK).write_bytes(b"PK\x03\x04 nothing")
    status, report = taken_back(capsys, "--edition", EDITION)
    assert status == 2 and "无法读取" in report["error"]


def test_nothing_is_written_where_one_line_is_bad(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(folder, put("A-09", "严重程度", "提示"), put("A-06", "严重程度", "很严重"))
    status, report = taken_back(capsys, "--edition", EDITION)
    assert (status, report["troubles"]) == (
        2, [{"cell": "规则!D9", "message": "填的是“很严重”，只能是 强制性、核实性、提示 之一"}]
    )  # fmt: skip
    status, out, _ = gouji(capsys, "rules", "import", BOOK, "--edition", EDITION)
    assert (status, "规则!D9：填的是“很严重”" in out, "什么都没有写" in out) == (2, True, True)
    assert not (folder / "表样").exists()


FREE = "本级通知第条总分应为一百，：#'\"{}[]&*!|>%@-"
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "severity": st.sampled_from(SEVERITIES),
        "active": st.booleans(),
        "optional": st.booleans(),
        "words": st.none() | st.text(FREE, min_size=1, max_size=12),
        "basis": st.none() | st.text(FREE, min_size=1, max_size=12),
    },
)


@given(st.lists(st.dictionaries(st.integers(0, 17), CHANGES, max_size=4), min_size=1, max_size=3), st.integers(0, 2))
@settings(max_examples=12, deadline=None)
def test_whatever_is_changed_one_time_after_the_other_is_what_the_file_says(
    rounds: list[dict[int, dict[str, object]]], added: int
) -> None:
    """An edition that extends another one, and the same checks listed by an edition of its own."""
    form = built_in().find(KEY)
    parent = form.definition.checks
    inherited_raw = {"blocks": [], "checks": [check.model_dump() for check in parent]}
    child, alone = begun_edition(form, EDITION), (INSTALLED / FORM / "湖南-2020.yaml").read_text(encoding="utf-8")
    now = list(parent)
    for number, changes in enumerate(rounds):
        after = [check.model_copy(update=changes.get(at, {})) for at, check in enumerate(now)]
        after += [parent[5].model_copy(update={"id": f"本-{number}{one}"}) for one in range(added)]
        child, alone = with_checks(child, after, now, parent), with_checks(alone, after, now, None)
        now = after
        said = [Check(**one) for one in inherited(inherited_raw, plain_yaml(child), "")["checks"]]
        assert said == now == [Check(**one) for one in plain_yaml(alone)["checks"]]
    unchanged = with_checks(child, now, now, parent)
    assert unchanged == child
