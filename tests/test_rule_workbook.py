"""规则簿.xlsx: what is handed out, and which rules bind."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gouji.export.pages import LEAST_SIZE
from gouji.export.rule_workbook import ADVICE, write_rule_workbook
from gouji.export.rulebook import rulebook
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.errors import DefinitionError
from gouji.templates.layer import INSTALLED
from gouji.templates.rule_workbook import HEADS, RECORD_SHEET, RULES_SHEET
from gouji.templates.rules.parse import FUNCTIONS
from tests.test_commands import gouji
from tests.test_no_english import english, shown
from tests.test_paper import size_on_paper

KEY = "预算支出绩效自评表@湖南-2020"
HEAD_ROW = 3


def rows_of(sheet: Worksheet) -> list[dict[str, str]]:
    """The filled rows of the sheet 规则, by head."""
    lines = sheet.iter_rows(min_row=HEAD_ROW + 1, max_col=len(HEADS), values_only=True)
    return [dict(zip(HEADS, (str(cell or "") for cell in line), strict=True)) for line in lines if any(line)]


def own_edition(folder: Path, changes: str) -> Catalogue:
    """The catalogue with an edition 某县-2026 of the 自评表."""
    place = folder / "表样" / "预算支出绩效自评表" / "某县-2026.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"extends: 湖南-2020\nedition: 某县-2026\nbasis: 测试\n{changes}", encoding="utf-8")
    return Catalogue.of([INSTALLED, folder / "表样"])


def test_every_check_is_a_row_in_the_words_of_its_definition(tmp_path: Path) -> None:
    for form in built_in().forms:
        write_rule_workbook(form, tmp_path / "规则簿.xlsx")
        book = openpyxl.load_workbook(tmp_path / "规则簿.xlsx")
        sheet, checks = book[RULES_SHEET], form.definition.checks
        words = {rule.id: rule.words for rule in rulebook([form]) if rule.form is not None}
        rows = rows_of(sheet)
        assert [row["规则"] for row in rows] == [check.rule for check in checks]
        assert [row["说明"] for row in rows] == [words[check.id] for check in checks]
        assert [row["严重程度"] for row in rows] == [check.severity for check in checks]
        assert {row["启用"] for row in rows} == {"是"}
        assert not english(shown(tmp_path / "规则簿.xlsx"))
        assert book[RECORD_SHEET].sheet_state == "veryHidden"
        assert min(size_on_paper(page) for page in book if page.sheet_state == "visible") >= LEAST_SIZE
        lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
        assert lists >= {'"强制性,核实性,提示"', '"是,否"'}


def test_what_is_not_active_is_parsed_and_asked_of_nobody(tmp_path: Path) -> None:
    changes = "change:\n  checks: {A-09: {active: false}, A-06: {words: 总分应为一百分, basis: 附件1第3条}}\n"
    form = own_edition(tmp_path, changes).form("预算支出绩效自评表", "某县-2026")
    assert {check.id for check in form.definition.checks} - {rule.id for rule in form.rules} == {"A-09"}
    words = {rule.id: rule.words for rule in rulebook([form])}
    assert "A-09" not in words and words["A-06"] == "总分应为一百分"
    write_rule_workbook(form, tmp_path / "规则簿.xlsx")
    rows = {row["编号"]: row for row in rows_of(openpyxl.load_workbook(tmp_path / "规则簿.xlsx")[RULES_SHEET])}
    assert (rows["A-09"]["启用"], rows["A-06"]["说明"], rows["A-06"]["依据"]) == ("否", "总分应为一百分", "附件1第3条")
    broken = own_edition(tmp_path, "change:\n  checks: {A-09: {active: false, rule: 总分.丁 = 100}}\n")
    with pytest.raises(DefinitionError, match="A-09"):
        broken.form("预算支出绩效自评表", "某县-2026")


def test_a_rule_about_nothing_on_the_form_is_told(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="规则里应有本表的至少一个项目"):
        own_edition(tmp_path, "change:\n  checks: {A-09: {rule: 1 = 1}}\n").form("预算支出绩效自评表", "某县-2026")


def test_the_guide_names_every_function() -> None:
    assert {name for name in FUNCTIONS if f"{name}(" not in " ".join(text for _, text in ADVICE)} == set()


def test_nothing_that_is_there_is_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert gouji(capsys, "rules", "export", KEY)[0] == 0
    before = (tmp_path / "规则簿.xlsx").read_bytes()
    assert gouji(capsys, "rules", "export", KEY)[0] == 2
    assert (tmp_path / "规则簿.xlsx").read_bytes() == before
