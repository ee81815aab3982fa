"""`gouji forms new --filled`: suggested checks counted over filled returns, and what their figures add."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from gouji.filled_returns import NoFilledReturnError, held_against
from gouji.ingest.drafting.answers import Answers
from gouji.ingest.drafting.draft import Draft
from gouji.ingest.drafting.suggest import Suggestion
from gouji.ingest.drafting.tally import Tally, tallied
from gouji.samples.example import example_entries
from gouji.samples.fill import Entry, Number, Text, fill_workbook
from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.recipient import Project, Recipient
from gouji.workers.here import Here
from tests.test_commands import gouji
from tests.test_published_blanks import HUNAN, NATIONAL, blank, drafted, load_form, suggested

PERSON = "张三丰"
FUNDS = [f"年度资金总额.{column}" for column in ("年初预算数", "全年预算数", "全年执行数")]


def filled(folder: Path, form: Form, number: int, changes: dict[str, Entry]) -> None:
    """One unit's return that ties, but for these changes."""
    unit = Recipient(f"{number:03d}", f"示例{number}局", "示例主管部门", (Project("P01", "示例项目"),))
    path = folder / f"{number}.xlsx"
    issue_workbook(unit, [form], 2022, path)
    sheet = issued_sheets(unit, [form], 2022)[0]
    places = sheet.layout.positions
    fill_workbook(path, {sheet.name: example_entries(sheet) | {places[item]: one for item, one in changes.items()}})


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    """Four returns: one sum is wrong, one project has no budget, a person signs one of them."""
    folder = tmp_path_factory.mktemp("填好的表")
    draft = drafted(NATIONAL)
    path = folder.parent / "draft.yaml"
    path.write_text(draft.text(Answers(edition="某县-2026")), encoding="utf-8")
    form = load_form(path)
    filled(folder, form, 1, {})
    filled(folder, form, 2, {"其他资金.年初预算数": Number(Decimal(77))})
    filled(folder, form, 3, {"预期目标": Text(PERSON)})
    filled(folder, form, 4, {})
    return held_against(draft, [folder], Here())


def told(draft: Draft, rule: str) -> Suggestion:
    return next(one for one in draft.suggestions if one.rule == rule)


def test_a_check_that_holds_in_all_is_in_use_with_its_counts(judged: Draft) -> None:
    total = told(judged, "总分.得分 = 年度资金总额.得分 + 合计(指标.得分)")
    assert total.sure and total.reason == "“总分”是上面各项的合计；在 4 份填好的表里 4 份成立"
    # A guess that the labels leave open, and a tie that only the figures tell.
    guess = told(judged, "年度资金总额.得分 = 舍入(年度资金总额.分值 × 最小(1, 年度资金总额.执行率), 2)")
    assert guess.sure and guess.reason.endswith("；在 4 份填好的表里 4 份成立")
    found = told(judged, "全年执行数 ≤ 全年预算数")
    assert found.sure and set(found.each) == {"年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"}


def test_a_check_that_fails_somewhere_is_commented_out_and_names_where(judged: Draft) -> None:
    rule = "年度资金总额 = 当年财政拨款 + 上年结转资金 + 其他资金"
    failed = told(judged, rule)
    assert not failed.sure
    assert failed.reason.endswith("；在 4 份填好的表里 3 份成立，1 份不成立（2.xlsx D6）")
    text = judged.text(Answers(edition="某县-2026"))
    used, _, open_checks = text.partition("# 待定：以下核对")
    assert rule not in used and rule in open_checks and suggested(text)[0] != rule


def test_nothing_of_the_returns_but_counts_and_places_gets_into_the_draft(judged: Draft) -> None:
    text = judged.text()
    assert PERSON not in text and "示例" not in text


def test_unchecked_tables_are_counted_and_counter_examples_are_named_up_to_three() -> None:
    tally = Tally(9, held=2, failed=4, against=["a.xlsx B1", "b.xlsx B1", "c.xlsx B1", "d.xlsx B1"])
    said = "在 9 份填好的表里 2 份成立，4 份不成立（a.xlsx B1、b.xlsx B1、c.xlsx B1等），3 份没有可核对的数"
    assert tally.words == said
    at_least, equal = Suggestion("甲 ≥ 乙 + 丙", "其中", sure=False), Suggestion("甲 = 乙 + 丙", "数", sure=False)
    kept = tallied([at_least, equal], [Tally(3, held=3), Tally(3, held=3)])
    assert [(one.rule, one.sure) for one in kept] == [("甲 = 乙 + 丙", True)]
    few = tallied([at_least, equal], [Tally(2, held=2), Tally(2, held=2)])
    assert [(one.rule, one.sure) for one in few] == [("甲 ≥ 乙 + 丙", False), ("甲 = 乙 + 丙", False)]


def test_files_without_the_form_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, key in (("空表.xlsx", NATIONAL), ("别的.xlsx", HUNAN)):
        (tmp_path / name).write_bytes(blank(key))
    with pytest.raises(NoFilledReturnError, match="没有认出填好的《项目支出绩效自评表》"):
        held_against(drafted(NATIONAL), [tmp_path / "别的.xlsx"], Here())
    broken = tmp_path / "坏的.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    status, _, err = gouji(capsys, "forms", "new", "--from", tmp_path / "空表.xlsx", "--filled", broken)
    assert status == 2 and "没有认出填好的" in err
