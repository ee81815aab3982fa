"""说明采纳 and 规则误判 close a finding: it is in no letter, copy, count or list of importance, and stays on record."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from rich.console import Console

from gouji.commands.run import summarise
from gouji.export.attendance import attendance
from gouji.export.letters.contents import letters
from gouji.export.parties import Parties
from gouji.export.report.bounds import Bounds
from gouji.export.report.problems import problems
from gouji.export.results import Results
from gouji.export.settled import CLOSING, outstanding
from gouji.export.sheets.overview import lead
from gouji.export.states import words
from gouji.finishing import finish_round
from gouji.ingest.frames import typed
from gouji.pipeline import run
from gouji.statement import StatementError
from gouji.status import exit_status
from gouji.templates.catalogue import built_in
from gouji.templates.review import OPINIONS
from gouji.validate.frames import decisions_schema
from gouji.workers.here import Here
from tests.field import issued as make
from tests.field.issued import YEAR, build_returned, write_roster
from tests.test_export import results
from tests.test_review import decide


def with_opinions(opinions: dict[str, str | None]) -> Results:
    rows = [{"finding_id": name, "opinion": opinion} for name, opinion in opinions.items()]
    return results(decisions=typed(pd.DataFrame(rows), decisions_schema))


@pytest.mark.parametrize("opinion", [*OPINIONS, None])
def test_only_what_is_accepted_or_misjudged_is_closed(opinion: str | None) -> None:
    left = set(outstanding(with_opinions({"f2": opinion}))["finding_id"])
    assert ("f2" not in left) == (opinion in CLOSING)
    assert len(left) == len(results().findings) - (opinion in CLOSING)


def test_what_is_closed_asks_nothing_of_anybody() -> None:
    before, after = results(), with_opinions({"f2": "规则误判", "f4": "说明采纳", "f6": "说明采纳", "f1": "退回修改"})
    shown = {row[-1] for row in problems(after, Parties(after), Bounds()).rows}
    assert {"f1", "f3"} <= shown and not {"f2", "f4", "f6"} & shown
    letters_text = "".join(str(letter) for letter in letters(after))
    assert "漏加一行" in "".join(str(letter) for letter in letters(before))
    assert "漏加一行" not in letters_text
    assert "另有3处已审" in lead(after) and "已审" not in lead(before)
    assert exit_status(outstanding(before)) == 1
    (there,) = [unit for unit in attendance(after) if unit.name == "丁局"]
    (owing,) = [unit for unit in attendance(before) if unit.name == "丁局"]
    assert (owing.complete, there.complete) == (False, True)
    place = attendance(after).index(there)
    assert words(after, place, "部门整体支出绩效评价基础数据表") == "不再催报"


def closed(folder: Path) -> Results:
    return run(
        [folder / "报送"],
        folder / "结果",
        roster_path=folder / "名册.csv",
        year=YEAR,
        only=("汇总", "退回", "反馈意见"),
    )


def listed(folder: Path) -> list[str]:
    """问题清单 from top to bottom."""
    sheet = openpyxl.load_workbook(folder / "结果" / "汇总.xlsx")["问题清单"]
    heads = [cell.value for cell in sheet[3]]
    return [str(row[heads.index("问题编号")]) for row in sheet.iter_rows(4, values_only=True)]


@pytest.mark.in_turn("settled")
def test_a_round_in_which_everything_is_settled(tmp_path: Path) -> None:
    """Closed: no letter, no copy, status 0, last in the list. Taken back: as before."""
    write_roster(tmp_path / "名册.csv", 1)
    build_returned(tmp_path / "报送", 0, make.negative, None)
    first = closed(tmp_path)
    grave = first.findings[first.findings["severity"].isin(["强制性", "核实性"])]["finding_id"]
    assert exit_status(outstanding(first)) == 1
    assert list((tmp_path / "结果" / "反馈意见").glob("*.docx")) and first.run["returned"]["marked"] == 1
    decide(tmp_path / "结果" / "汇总.xlsx", {name: {"审核意见": "规则误判", "审核人": "甲"} for name in grave})
    second = closed(tmp_path)
    assert exit_status(outstanding(second)) == 0
    assert not list((tmp_path / "结果").glob("反馈意见/*.docx"))
    assert set(listed(tmp_path)[-len(grave) :]) == set(grave)
    assert set(second.decisions["finding_id"]) == set(grave)
    decide(tmp_path / "结果" / "汇总.xlsx", {name: {"审核意见": None, "审核人": None} for name in grave})
    third = closed(tmp_path)
    assert exit_status(outstanding(third)) == 1 and third.run["returned"]["marked"] == 1


def finished(folder: Path) -> dict[str, str]:
    """File → why it was not finished, "" where it was."""
    out = folder / "定稿"
    return {outcome.file: outcome.made.reason for outcome in finish_round(folder / "结果", out, built_in(), Here())}


@pytest.mark.in_turn("settled")
def test_what_is_finished_follows_the_opinions(tmp_path: Path) -> None:
    """Four units: nothing wrong, sent back for a question, a fault misjudged, a fault nobody spoke of."""
    write_roster(tmp_path / "名册.csv", 4)
    sound, asked, misjudged, wrong = (
        build_returned(tmp_path / "报送", number, before, after).name
        for number, before, after in (
            (0, None, None), (1, None, make.project_below), (2, make.negative, None), (3, make.negative, None)
        )
    )  # fmt: skip
    first = closed(tmp_path)
    findings = first.findings[first.findings["severity"] != "表样问题"]
    question = findings[(findings["file"] == asked)]["finding_id"].iloc[0]
    faults = findings[(findings["file"] == misjudged) & (findings["severity"] == "强制性")]["finding_id"]
    to_explain = findings[(findings["file"] == misjudged) & (findings["severity"] == "核实性")]["finding_id"]
    words = {question: {"审核意见": "退回修改", "审核人": "甲"}}
    words |= {name: {"审核意见": "规则误判", "审核人": "甲"} for name in faults}
    words |= {name: {"审核意见": "说明采纳", "审核人": "甲"} for name in to_explain}
    decide(tmp_path / "结果" / "汇总.xlsx", words)
    with pytest.raises(StatementError, match="还没有生效"):
        finished(tmp_path)
    closed(tmp_path)
    why = finished(tmp_path)
    assert (why[sound], why[misjudged]) == ("", "")
    assert why[asked].startswith("审核意见是“退回修改”") and "强制性·不符" in why[wrong]
    made = {path.name.partition("_")[0] for path in (tmp_path / "定稿" / "送审版").rglob("*.xlsx")}
    assert len(made) == 2
    (tmp_path / "报送" / sound).write_bytes((tmp_path / "报送" / wrong).read_bytes())
    assert "核对以后有改动" in finished(tmp_path)[sound]


@pytest.mark.in_turn("settled")
def test_mere_remarks_send_no_file_back(tmp_path: Path) -> None:
    """A hidden row of a return whose ties hold is a 提示; the unit's own check marks it all the same."""
    write_roster(tmp_path / "名册.csv", 1)
    build_returned(tmp_path / "报送", 0, None, make.row_height_zero)
    results = closed(tmp_path)
    findings = results.findings[results.findings["file"].notna()]
    assert set(findings["severity"]) == {"提示"} and "T-15" in set(findings["rule"])
    assert results.run["returned"]["marked"] == 0
    self_checked = run([tmp_path / "报送"], marked=tmp_path / "自查", year=YEAR)
    assert self_checked.run["returned"]["marked"] == 1


def test_who_owes_a_table_is_said_on_the_screen(tmp_path: Path) -> None:
    counts = {"files": 8, "passed_over": 0, "kept": 0}
    statement = {"remarks": [], "counts": counts, "unseen": [], "outside": [], "timings": {}}
    screen = Console(width=200, record=True, file=io.StringIO())
    summarise(screen, results(run=statement), tmp_path)
    (line,) = [text_line for text_line in screen.export_text().splitlines() if "没有报齐" in text_line]
    assert "丁局" in line and "催报名单" in line
