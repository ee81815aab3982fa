"""The state of every table of every unit: one word each, from what came, what was found and what was decided."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gouji.export.attendance import attendance, overdue
from gouji.export.results import Results
from gouji.export.settled import settled
from gouji.export.states import COLUMNS, STATES, owed_words, states, words
from gouji.export.terms import Terms
from gouji.finished import Entry, read_finished, write_finished
from gouji.ingest.frames import returns_schema, typed
from gouji.ingest.register.receipts import Receipt
from gouji.validate.frames import decisions_schema, findings_schema
from tests.test_export import RETURNS, empty_results, finding

FORM = "部门整体支出绩效评价基础数据表"
PROJECT = "预算支出绩效自评表"
UNITS = "甲乙丙丁戊己庚辛壬癸"


def returned(unit: str, **changed: Any) -> dict[str, Any]:
    """A table that counts; `unit` is one sign, and its place in UNITS is the unit's code."""
    name = changed.get("return_id", unit)
    fields = {"return_id": name, "file": f"{name}.xlsx", "sha256": name, "unit": f"{unit}局", "unit_code": unit}
    return RETURNS[0] | fields | {"instance": None, "status": "已收", "adopted": True, "year": 2021} | changed


def asked(name: str, unit: str, **changed: Any) -> dict[str, Any]:
    fields = {"return_id": unit, "unit": f"{unit}局", "unit_code": unit, "rule": "G-01"}
    return finding(name, item=name, **(fields | {"explanation": None} | changed))


def round_of(
    returns: list[dict[str, Any]], findings: list[dict[str, Any]] | None = None, opinions: dict[str, str] | None = None
) -> Results:
    """Results of 2021 for a roster on which every unit owes the form; 癸 owes one per project of two."""
    made = empty_results()
    made.year = 2021
    made.returns = typed(pd.DataFrame(returns), returns_schema)
    made.findings = typed(pd.DataFrame(findings or [], columns=list(findings_schema.columns)), findings_schema)
    rows = [
        {"unit_code": unit, "unit": f"{unit}局", "required_forms": FORM, "project_name": None} for unit in UNITS[:-1]
    ]
    rows += [{"unit_code": "癸", "unit": "癸局", "required_forms": PROJECT, "project_name": f"项目{n}"} for n in "一二"]
    made.roster = pd.DataFrame(rows)
    rulings = [{"finding_id": name, "opinion": opinion} for name, opinion in (opinions or {}).items()]
    made.decisions = typed(pd.DataFrame(rulings, columns=list(decisions_schema.columns)), decisions_schema)
    return made


def of(results: Results, unit: str) -> list[tuple[str, str]]:
    frame = states(results)
    rows = frame[frame["unit_code"] == unit]
    return list(zip(rows["state"], rows["why"], strict=True))


def test_every_state_has_its_case() -> None:
    returns = [
        returned("乙", year=2020),
        returned("丙", form=None, edition=None, status="无法读取", reason="已加密", adopted=False),
        returned("丁", status="重复报送", adopted=False),
        returned("丁", return_id="丁2", status="重复报送", adopted=False),
        *(returned(unit) for unit in "戊己庚辛壬"),
    ]
    findings = [
        asked("f1", "戊"),
        asked("f2", "己", severity="核实性"),
        asked("f3", "庚", severity="核实性", verdict="无法核对", explanation="属实"),
        asked("f4", "辛", severity="提示"),
        asked("f5", "壬", severity="核实性"),
    ]
    made = round_of(returns, findings, {"f5": "退回修改"})
    assert {unit: of(made, unit) for unit in UNITS} == {
        "甲": [("未报", "")],
        "乙": [("年度不对", "表上是2020年度")],
        "丙": [("无法读取", "“丙.xlsx”无法读取")],
        "丁": [("待选", "报了不止一份")],
        "戊": [("退回修改", "强制性问题 1 处")],
        "己": [("待说明", "核实性问题 1 处")],
        "庚": [("待审", "单位已说明 1 处")],
        "辛": [("通过", "")],
        "壬": [("退回修改", "审核意见退回 1 处")],
        "癸": [("未报", ""), ("未报", "")],
    }
    assert list(states(made).columns) == COLUMNS and set(states(made)["state"]) <= set(STATES)
    lacking = [unit.name for unit in attendance(made) if not unit.complete]
    assert lacking == ["甲局", "乙局", "丙局", "癸局"]
    assert [words(made, place, FORM) for place in (0, 3, 9)] == ["未报 1", "待选 1", "未要求"]
    assert owed_words(made, 1) == ["基础数据表1张（表上是2020年度）"]


@pytest.mark.parametrize(
    ("opinions", "state"),
    [
        ({}, "退回修改"),
        ({"f1": "规则误判"}, "待说明"),
        ({"f1": "规则误判", "f2": "说明采纳"}, "通过"),
        ({"f1": "规则误判", "f2": "不予采纳"}, "退回修改"),
        ({"f1": "规则误判", "f2": "说明采纳", "f3": "退回修改"}, "退回修改"),
    ],
)
def test_what_was_decided_counts(opinions: dict[str, str], state: str) -> None:
    findings = [asked("f1", "甲"), asked("f2", "甲", severity="核实性"), asked("f3", "甲", severity="提示")]
    assert [state_of for state_of, _ in of(round_of([returned("甲")], findings, opinions), "甲")] == [state]


def test_the_right_table_stands_before_one_of_another_year_or_a_blank_one() -> None:
    wrong, blank = (
        returned("甲", return_id="旧", year=2020),
        returned("甲", return_id="空", status="空表", adopted=False),
    )
    assert of(round_of([wrong, blank]), "甲") == [("年度不对", "表上是2020年度")]
    assert of(round_of([blank]), "甲") == [("未报", "报来的是空表")]
    assert of(round_of([wrong, blank, returned("甲")]), "甲") == [("通过", "")]
    replaced = returned("甲", return_id="原", status="已替代", adopted=False)
    assert of(round_of([replaced, returned("甲")]), "甲") == [("通过", "")]


def test_a_form_that_is_filled_per_project_is_owed_once_where_no_project_is_listed() -> None:
    made = round_of([returned("甲", form=PROJECT, edition="湖南-2020", instance="别的", year=2020)])
    made.roster = pd.DataFrame([{"unit_code": "甲", "unit": "甲局", "required_forms": PROJECT, "project_name": None}])
    (unit,) = attendance(made)
    assert (unit.complete, of(made, "甲")) == (False, [("年度不对", "表上是2020年度")])


def test_the_version_that_was_chosen_counts() -> None:
    first, second = (returned("甲", return_id=name, status="重复报送", adopted=False) for name in "ab")
    assert of(round_of([first, second]), "甲") == [("待选", "报了不止一份")]
    assert of(round_of([first | {"adopted": True}, second | {"status": "已替代"}]), "甲") == [("通过", "")]


def test_a_year_that_an_auditor_calls_right_is_a_receipt() -> None:
    year = asked("f1", "甲", rule="T-08") | {"item": "年度"}
    made = round_of([returned("甲", year=2020)], [year], {"f1": "规则误判"})
    assert settled(made).all() and of(made, "甲") == [("通过", "")]


def test_what_is_finished_stays_so_only_as_long_as_it_has_passed() -> None:
    made = round_of([returned("甲"), returned("乙")], [asked("f1", "乙")])
    made.finished = frozenset({"甲", "乙"})
    assert (of(made, "甲"), of(made, "乙")) == ([("已定稿", "")], [("退回修改", "强制性问题 1 处")])


def test_the_list_of_what_is_finished_is_read_as_it_was_written_and_without_what_is_gone(tmp_path: Path) -> None:
    entries = [Entry(f"{n}.xlsx", "1234 5678", f"送审版/{n}.xlsx", "", f"{n}{n}") for n in "ab"]
    assert read_finished(tmp_path) == []
    (tmp_path / "送审版").mkdir()
    for entry in entries:
        (tmp_path / entry.sent_up).write_bytes(b"x")
    write_finished(tmp_path, entries)
    assert read_finished(tmp_path) == entries
    (tmp_path / entries[0].sent_up).unlink()
    assert read_finished(tmp_path) == entries[1:]
    (tmp_path / "定稿登记.csv").write_text("别的,表头\n1,2\n", encoding="utf-8")
    assert read_finished(tmp_path) == []


def test_projects_are_counted_one_by_one() -> None:
    made = round_of([returned("癸", form=PROJECT, edition="湖南-2020", instance="项目二")])
    assert of(made, "癸") == [("通过", ""), ("未报", "")]
    assert words(made, 9, PROJECT) == "未报 1，通过 1"


def receipt(name: str, first: str, modified: str) -> Receipt:
    return Receipt(
        name, f"{name}.xlsx", f"2022-{first}T09:00:00+08:00", "2022-06-01T09:00:00+08:00", f"2022-{modified}"
    )


def test_late_is_what_was_first_seen_after_the_deadline() -> None:
    """甲 in time, 乙 late, 丙 mended later and late by the first of its files, 丁 late though its file is older."""
    replaced = returned("丙", return_id="原", status="已替代", adopted=False)
    made = round_of([returned("甲"), returned("乙"), returned("丙"), replaced, returned("丁")])
    made.terms = Terms(deadline=datetime.date(2022, 3, 31))
    made.receipts = {
        "甲": receipt("甲", "03-31", "03-31"), "乙": receipt("乙", "04-02", "04-01"),
        "丙": receipt("丙", "05-01", "05-01"), "原": receipt("原", "04-05", "04-05"),
        "丁": receipt("丁", "04-08", "03-20"),
    }  # fmt: skip
    units = attendance(made)
    assert [overdue(unit, datetime.date(2022, 4, 10)) for unit in units[:5]] == [None, 2, 5, 8, 10]
    assert [unit.doubtful for unit in units[:5]] == [False, False, False, True, False]
