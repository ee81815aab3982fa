"""A unit's table that came in several versions: told once per files, decided once per file, or by the newest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.batch import Register, register
from gouji.ingest.register.receipts import Receipt
from gouji.ingest.register.return_row import table_id
from gouji.ingest.roster import Roster, read_roster
from gouji.templates.catalogue import built_in
from gouji.validate.receipt import receipt_findings
from tests.test_identity import FINANCE, PROJECT, roster, table
from tests.test_superseded import KEY, M1, A, base, blank, file, proof, scores, standing

__all__ = ["roster"]
B, C = "d" * 64, "e" * 64
DAYS = {A: ("2022-03-20", "2022-03-01"), B: ("2022-04-05", "2022-03-02")}


def batch_of(
    roster: Roster, *files: FileReading, decided: Mapping[str, str] | None = None,
    receipts: Mapping[str, Receipt] | None = None,
) -> Register:  # fmt: skip
    return register(files, roster, 2021, decided, [KEY], receipts)


def seen(days: Mapping[str, tuple[str, str | None]]) -> dict[str, Receipt]:
    return {
        sha: Receipt(
            sha, sha[0], f"{first}T09:00:00+08:00", f"{first}T09:00:00+08:00", last and f"{last}T08:00:00+08:00"
        )
        for sha, (first, last) in days.items()
    }


def messages_of(batch: Register, roster: Roster, *codes: str) -> list[tuple[str, str]]:
    findings = receipt_findings(batch.returns, batch.notes, roster, 2021, built_in())
    return [
        (finding.rule, finding.message) for finding in findings if finding.rule in (codes or ("R-04", "R-05", "R-19"))
    ]


def both() -> tuple[FileReading, FileReading]:
    return file("a.xlsx", A, base(), scores()), file("b.xlsx", B, base(), scores())


def test_two_files_are_told_once_whatever_tables_they_share(roster: Roster) -> None:
    batch = batch_of(roster, *both())
    assert set(standing(batch).values()) == {"重复报送"} and not batch.returns["adopted"].any()
    ((rule, words),) = messages_of(batch, roster)
    assert rule == "R-04" and "基础数据表”、“部门整体支出绩效评价指标评分表”报了不止一份" in words
    assert "“a.xlsx”、“b.xlsx”" in words
    (finding,) = [
        finding
        for finding in receipt_findings(batch.returns, batch.notes, roster, 2021, built_in())
        if finding.rule == "R-04"
    ]
    renamed = batch_of(roster, file("甲.xlsx", A, base(), scores()), file("b.xlsx", B, base(), scores()))
    findings = receipt_findings(renamed.returns, renamed.notes, roster, 2021, built_in())
    assert [again.item for again in findings if again.rule == "R-04"] == [finding.item]


def test_equal_tables_beside_unlike_ones_need_no_word_of_their_own(roster: Roster) -> None:
    first, second = scores(), scores()
    first.digest = second.digest = "same"
    batch = batch_of(roster, file("a.xlsx", A, base(), first), file("b.xlsx", B, base(), second))
    assert standing(batch)["b.xlsx", "评分"] == "重复文件" and [rule for rule, _ in messages_of(batch, roster)] == [
        "R-04"
    ]
    decided = batch_of(
        roster, file("a.xlsx", A, base(), first), file("b.xlsx", B, base(), second),
        decided={table_id(B, "b.xlsx#基础#1"): "是"},
    )  # fmt: skip
    assert standing(decided) == {
        ("a.xlsx", "基础"): "已替代", ("a.xlsx", "评分"): "重复文件", ("b.xlsx", "基础"): "已收",
        ("b.xlsx", "评分"): "已收",
    }  # fmt: skip


def test_a_file_is_chosen_once_for_all_its_tables(roster: Roster) -> None:
    batch = batch_of(roster, *both(), decided={table_id(B, "b.xlsx#基础#1"): "是"})
    assert standing(batch) == {
        ("a.xlsx", "基础"): "已替代", ("a.xlsx", "评分"): "已替代",
        ("b.xlsx", "基础"): "已收", ("b.xlsx", "评分"): "已收",
    }  # fmt: skip
    assert messages_of(batch, roster) == []


def test_a_choice_says_nothing_of_other_files_or_against_another_choice(roster: Roster) -> None:
    third = file("c.xlsx", C, scores())
    batch = batch_of(roster, *both(), third, decided={table_id(B, "b.xlsx#基础#1"): "是"})
    assert {status for (_, sheet), status in standing(batch).items() if sheet == "评分"} == {"重复报送"}
    choices = {table_id(A, "a.xlsx#基础#1"): "是", table_id(B, "b.xlsx#评分#1"): "是"}
    assert standing(batch_of(roster, *both(), decided=choices)) == {
        ("a.xlsx", "基础"): "已收", ("a.xlsx", "评分"): "已替代",
        ("b.xlsx", "基础"): "已替代", ("b.xlsx", "评分"): "已收",
    }  # fmt: skip
    choices = {table_id(A, "a.xlsx#基础#1"): "是", table_id(B, "b.xlsx#基础#1"): "是"}
    assert set(standing(batch_of(roster, *both(), decided=choices)).values()) == {"重复报送"}


def test_the_mended_copy_of_the_chosen_file_needs_no_choice_of_its_own(roster: Roster) -> None:
    mended = file("m.xlsx", M1, base(), scores(), of=(proof(A, "基础"), proof(A, "评分")))
    choice = {table_id(A, "a.xlsx#基础#1"): "是"}
    batch = batch_of(roster, *both(), mended, decided=choice)
    assert {file: status for (file, _), status in standing(batch).items()} == {
        "a.xlsx": "已替代", "b.xlsx": "已替代", "m.xlsx": "已收",
    }  # fmt: skip
    alone = batch_of(
        roster, file("b.xlsx", B, base(), scores()), mended, decided=choice
    )  # it was put in a.xlsx's place
    assert {file: status for (file, _), status in standing(alone).items()} == {"b.xlsx": "已替代", "m.xlsx": "已收"}
    refused = batch_of(roster, *both(), mended, decided=choice | {table_id(M1, "m.xlsx#基础#1"): "否"})
    assert standing(refused)["m.xlsx", "基础"] == "重复报送"


@pytest.mark.parametrize(
    ("days", "taken", "evidence"),
    [
        (DAYS, "b.xlsx", "首次看到的时间：“a.xlsx”2022-03-20 09:00，“b.xlsx”2022-04-05 09:00"),
        ({A: ("2022-03-20", None), B: ("2022-04-05", None)}, "b.xlsx", "首次看到的时间"),
        (
            {A: ("2022-03-20", "2022-03-03"), B: ("2022-03-20", "2022-03-02")},
            "a.xlsx",
            "同一次看到，按文件自己的修改时间",
        ),
        ({A: ("2022-03-20", "2022-03-03"), B: ("2022-04-05", "2022-03-02")}, "", "说法相反，没有按新旧采用"),
        ({A: ("2022-03-20", None), B: ("2022-03-20", "2022-03-02")}, "", "看不出哪一份新"),
        ({}, "", "看不出哪一份新"),
    ],
)
def test_the_newest_counts_where_that_was_laid_down_and_by_what_evidence_is_told(
    roster: Roster, days: Mapping[str, tuple[str, str | None]], taken: str, evidence: str
) -> None:
    batch = batch_of(roster, *both(), receipts=seen(days))
    ((rule, words),) = messages_of(batch, roster)
    assert evidence in words
    if not taken:
        assert rule == "R-04" and set(standing(batch).values()) == {"重复报送"} and batch.newest == []
        return
    assert rule == "R-19" and f"采用新的一份“{taken}”" in words
    assert {file for (file, _), status in standing(batch).items() if status == "已收"} == {taken}
    left = batch.returns[batch.returns["file"] != taken]
    assert set(left["status"]) == {"已替代"} and all(evidence in reason for reason in left["reason"])
    (stated,) = batch.newest
    assert (stated["unit"], stated["taken"]) == (FINANCE, taken) and evidence in str(stated["evidence"])


def test_what_people_chose_stands_before_the_newest(roster: Roster) -> None:
    batch = batch_of(roster, *both(), receipts=seen(DAYS), decided={table_id(A, "a.xlsx#基础#1"): "是"})
    assert {file for (file, _), status in standing(batch).items() if status == "已收"} == {"a.xlsx"}
    assert messages_of(batch, roster) == [] and batch.newest == []


# ---- a table of another year ------------------------------------------------------------------------


def test_the_right_year_replaces_the_wrong_one(roster: Roster) -> None:
    wrong = file("旧.xlsx", A, base(header_year=2020), scores(header_year=2020))
    assert set(standing(batch_of(roster, wrong)).values()) == {"已收"}
    batch = batch_of(roster, wrong, file("新.xlsx", B, base(header_year=2021)))
    assert standing(batch) == {
        ("旧.xlsx", "基础"): "已替代", ("旧.xlsx", "评分"): "已收", ("新.xlsx", "基础"): "已收",
    }  # fmt: skip
    empty = batch_of(roster, wrong, file("新.xlsx", B, blank(base(header_year=2021))))
    assert standing(empty)["旧.xlsx", "基础"] == "已收"


def test_of_a_form_per_project_only_the_same_project_replaces_one_that_is_due(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(
        "单位编码,单位名称,项目编码,项目名称\n301,某县财政局,P1,道路\n301,某县财政局,P2,桥梁\n", encoding="utf-8"
    )
    listed = read_roster(path, built_in())

    def project(year: int, name: str) -> TableReading:
        return table(FINANCE, FINANCE, form=PROJECT, sheet=name, identity_instance=name, header_year=year)

    wrong = file("旧.xlsx", A, *(project(2020, name) for name in ("P1", "P2", "去年的")))
    batch = batch_of(listed, wrong, file("新.xlsx", B, project(2021, "P1")))
    assert standing(batch) == {
        ("旧.xlsx", "P1"): "已替代", ("旧.xlsx", "P2"): "已收", ("旧.xlsx", "去年的"): "已替代",
        ("新.xlsx", "P1"): "已收",
    }  # fmt: skip
    assert listed.has_project("301", "桥梁") and not listed.has_project("302", "桥梁")


# ---- files that ask nothing any more ----------------------------------------------------------------


def test_a_blank_table_that_names_no_project_is_a_spare_one(roster: Roster) -> None:
    def project(name: str) -> TableReading:
        return table(FINANCE, FINANCE, form=PROJECT, sheet=name, header_instance=name)

    batch = batch_of(roster, file("a.xlsx", A, project("道路"), blank(project(""))))
    assert standing(batch) == {("a.xlsx", "道路"): "已收", ("a.xlsx", ""): "已替代"}
    assert (
        standing(batch_of(roster, file("a.xlsx", A, project("道路"), blank(project("桥梁")))))["a.xlsx", "桥梁"]
        == "空表"
    )
    assert standing(batch_of(roster, file("a.xlsx", A, base(), blank(project("")))))["a.xlsx", ""] == "空表"


@pytest.mark.parametrize(("more", "severity"), [([], "强制性"), ([file("好.xlsx", B, base())], "提示")])
def test_a_broken_file_asks_nothing_once_everything_due_has_come(
    roster: Roster, more: list[FileReading], severity: str
) -> None:
    batch = batch_of(roster, FileReading(f"{FINANCE}.xlsx", A, refused="文件设有密码"), *more)
    findings = receipt_findings(batch.returns, batch.notes, roster, 2021, built_in())
    assert [finding.severity for finding in findings if finding.rule == "R-01"] == [severity]


def test_what_acts_in_a_replaced_file_is_told_no_more(roster: Roster) -> None:
    first = file("a.xlsx", A, base())
    first.notes.append("含有宏")
    assert [rule for rule, _ in messages_of(batch_of(roster, first), roster, "R-10")] == ["R-10"]
    mended = file("m.xlsx", M1, base(), of=(proof(A, "基础"),))
    assert messages_of(batch_of(roster, first, mended), roster, "R-10") == []
