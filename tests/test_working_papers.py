"""底稿: a workbook per unit with the figures, the ties with both sides, the scores, the opinions and lines to sign."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from gouji.export.results import Results
from gouji.export.rulebook import rulebook
from gouji.export.states import each_return
from gouji.export.unit_files import UnitFiles
from gouji.export.working_papers.papers import papers
from gouji.export.working_papers.workbook import FIGURES, PROBLEMS, SCORES, SIGNED, TABLES, TIES, workbook
from gouji.ingest.frames import returns_schema, typed
from gouji.papers import write_papers
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.templates.review import PAPER_SHEETS
from gouji.validate.frames import decisions_schema
from gouji.workers.here import Here
from gouji.workers.tasks import Lost
from tests.a4 import LEAST, printed_points
from tests.test_export import RETURNS, results

Sheet = Any


@pytest.fixture(scope="module")
def whole(of_published: Callable[[str], Results]) -> Results:
    return of_published("下发表样填报")


@pytest.fixture(scope="module")
def books(whole: Results) -> dict[str, Any]:
    """The 底稿 by unit."""
    return {paper.name: openpyxl.load_workbook(io.BytesIO(workbook(paper))) for paper in papers(whole)}


def rows_of(sheet: Sheet, head: str = "序号") -> list[dict[str, Any]]:
    """The rows below the heads, up to the first blank one."""
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    top = next(place for place, row in enumerate(grid) if row[0] == head)
    rows = []
    for row in grid[top + 1 :]:
        if row[1] is None:
            break
        rows.append(dict(zip(grid[top], row, strict=True)))
    return rows


def test_every_unit_has_one_with_all_sheets(whole: Results, books: dict[str, Any]) -> None:
    assert set(books) == set(whole.returns["unit"])
    assert all(tuple(book.sheetnames) == PAPER_SHEETS for book in books.values())


def test_every_sheet_prints_on_a4_under_its_head_and_ends_with_the_lines_to_sign(books: dict[str, Any]) -> None:
    for unit, book in books.items():
        for sheet in book:
            assert sheet.page_setup.orientation == "landscape"
            assert printed_points(sheet) >= LEAST, sheet.title
            last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value)
            assert sheet.cell(last, 1).value == SIGNED
            assert all(word in SIGNED for word in ("编制人", "复核人", "日期"))
            assert sheet.print_area.endswith(f"${last}")
            if sheet.title != PAPER_SHEETS[0]:
                assert sheet.print_title_rows == "$1:$3"
                assert sheet["A2"].value.startswith(f"被核单位：{unit}（")


def test_a_tie_shows_both_sides_and_what_lies_between(whole: Results, books: dict[str, Any]) -> None:
    """The figures of G-01 once more from the values: 三公经费 and the sum of its parts."""
    (base,) = whole.returns.loc[
        whole.returns["form"].str.contains("基础数据表") & whole.returns["unit"].str.startswith("衡山县"), "return_id"
    ]
    values = whole.values.frame(return_id=[base]).set_index("item")["value"]
    shown = {
        row["核对内容"]: row for row in rows_of(books["衡山县行政审批服务局"]["勾稽核对"]) if row["规则"] == "G-01"
    }
    assert len(shown) == 3
    for words, row in shown.items():
        column = next(name for name in ("上年决算数", "本年预算数", "本年决算数") if _column(name) in words)
        parts = [values[f"{part}.{column}"] for part in ("公务用车", "出国经费", "公务接待")]
        assert row["填报数"] == pytest.approx(values[f"三公经费.{column}"])
        assert row["应为"] == pytest.approx(sum(parts))
        assert row["差额"] == pytest.approx(values[f"三公经费.{column}"] - sum(parts), abs=1e-9)


def _column(name: str) -> str:
    return {"上年决算数": "2020年决算数", "本年预算数": "2021年预算数", "本年决算数": "2021年决算数"}[name]


def test_the_sides_are_those_of_the_findings(whole: Results) -> None:
    """What is told of a broken tie is what stands in `verdicts`; one that holds has sides that meet."""
    verdicts = whole.verdicts.frame()
    known = verdicts[verdicts["stated"].notna()]
    assert (known["stated"].notna() == known["expected"].notna()).all()
    assert verdicts.loc[verdicts["verdict"] == "无法核对", ["stated", "expected"]].isna().all().all()
    joined = known.merge(whole.findings, on=["return_id", "rule", "item"], suffixes=("", "_told"))
    joined = joined[joined["difference"].notna()]
    assert len(joined) > 10
    for row in joined.itertuples():
        assert row.stated - row.expected == pytest.approx(row.difference, abs=1e-9)
        stated = Decimal(re.sub("[万元分%,]", "", row.stated_told))
        assert float(stated) == pytest.approx(row.stated * (100 if row.stated_told.endswith("%") else 1), abs=0.006)


def test_every_judged_tie_is_listed(whole: Results, books: dict[str, Any]) -> None:
    """All of them but those of the scores; of conditions that hold line by line one row says on how many."""
    tables = each_return(whole)
    scoring = {rule.id for rule in rulebook(whole.catalogue.forms) if rule.layer == "得分重算"}
    for unit, book in books.items():
        ids = list(tables.loc[tables["unit"] == unit, "return_id"])
        due = whole.verdicts.frame(return_id=ids)
        due = due[~due["rule"].isin(scoring)]
        listed = rows_of(book["勾稽核对"])
        count = sum(int(match[1]) if (match := re.search("（([0-9]+)行）$", row["核对内容"])) else 1 for row in listed)
        assert count == len(due), unit
        for verdict in ("不符", "尾差", "无法核对"):
            assert sum(row["结论"] == verdict for row in listed) == (due["verdict"] == verdict).sum()
        assert not [row for row in listed if row["核对内容"] == row["规则"]]


def test_figures_stand_with_their_cells_and_scores_with_their_trace(whole: Results, books: dict[str, Any]) -> None:
    tables = each_return(whole)
    for unit, book in books.items():
        ids = list(tables.loc[tables["unit"] == unit, "return_id"])
        values = whole.values.frame(return_id=ids)
        stand = {f"{row.sheet}!{row.cell}": row.value for row in values.itertuples()}
        figures = rows_of(book["所用数据"])
        assert figures
        for row in figures:
            assert row["所在单元格"] in stand
            if isinstance(row["数"], (int, float)):
                assert row["数"] == pytest.approx(stand[row["所在单元格"]])
        scores = whole.scores.frame(return_id=ids)
        shown = rows_of(book["得分复算"]) if len(scores) else []
        assert [row["指标"] for row in shown].sort() == list(scores["label"]).sort()
        assert {row["复算过程，或不能复算的原因"] for row in shown} >= set(scores["trace"].dropna())
        ranged = scores[scores["score"].isna() & scores["low"].notna()]
        assert sum(isinstance(row["复算得分或范围"], str) for row in shown) == len(ranged)


def test_opinions_stand_beside_the_problem_and_the_tie(whole: Results) -> None:
    broken = whole.findings[(whole.findings["rule"] == "G-03") & (whole.findings["verdict"] == "不符")].iloc[0]
    decision = {"finding_id": broken["finding_id"], "opinion": "说明采纳", "reviewer": "甲", "checker": "乙",
            "date": "2026-11-29", "remark": "已看凭证"}  # fmt: skip
    decided = Results(**{name: getattr(whole, name) for name in
                         ("catalogue", "returns", "values", "verdicts", "findings", "scores", "totals")},
                      decisions=typed(pd.DataFrame([decision]), decisions_schema))  # fmt: skip
    (paper,) = [candidate for candidate in papers(decided) if candidate.name == broken["unit"]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(paper)))
    last = rows_of(book["问题和意见"])[-1]
    assert [last[head] for head in ("规则", "审核意见", "审核人", "复核人", "日期", "备注")] == [
        "G-03", "说明采纳", "甲", "乙", "2026-11-29", "已看凭证",
    ]  # fmt: skip
    assert [row["审核意见"] for row in rows_of(book["勾稽核对"]) if row["审核意见"]] == ["说明采纳"]
    assert any("（已审1个）" in str(row[0]) for row in book["底稿"].iter_rows(values_only=True))


def test_what_was_noticed_stands_behind_the_problems(whole: Results, books: dict[str, Any]) -> None:
    """With the problem that stands for it, and in no count."""
    for unit, book in books.items():
        own, beside = (frame[frame["unit"] == unit] for frame in (whole.findings, whole.asides.frame()))
        rows = rows_of(book["问题和意见"])
        marks = [row["严重程度"] == "留意" for row in rows]
        assert marks == sorted(marks) and sum(marks) == len(beside)
        assert len(rows) - sum(marks) == (own["severity"] != "表样问题").sum()
        told = sorted(row["备注"] for row in rows if row["严重程度"] == "留意")
        rules = whole.findings.set_index("finding_id")["rule"]
        assert told == sorted("不需要处理" if pd.isna(of) else f"归入{rules[of]}一条" for of in beside["of"])
    assert any(len(whole.asides.frame(unit={unit})) for unit in books)


def test_hostile_names_are_text_and_stay_in_the_folder(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x","点")'
    rows = [row | {"unit": evil, "unit_code": "../../01", "sheet": "+1", "instance": "@x"} for row in RETURNS[:1]]
    made = results(returns=typed(pd.DataFrame(rows), returns_schema), roster=None)
    assert write_papers(made, tmp_path / "底稿", Here(), Silent()) == []
    (file,) = (tmp_path / "底稿").iterdir()
    assert list(tmp_path.iterdir()) == [tmp_path / "底稿"]
    with zipfile.ZipFile(file) as package:
        xml = "".join(package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets"))
        assert "<f>" not in xml and "hyperlink" not in xml
        assert not [name for name in package.namelist() if "external" in name.lower()]
    assert evil in str(openpyxl.load_workbook(file)["底稿"]["A2"].value)


def test_names_of_files_are_told_apart() -> None:
    names = UnitFiles()
    told = [names.name(code, "甲局", "底稿.xlsx") for code in ("01", "02", None, None, "a/b", "A_B")]
    assert told == [
        "01_甲局_底稿.xlsx", "02_甲局_底稿.xlsx", "甲局_底稿.xlsx", "甲局_2_底稿.xlsx", "a_b_甲局_底稿.xlsx",
        "A_B_甲局_2_底稿.xlsx",
    ]  # fmt: skip
    assert len(names) == 6


def test_a_paper_that_was_lost_is_told(whole: Results, tmp_path: Path) -> None:
    class Losing(Here):
        def submit(self, function: Any, task: Any) -> Any:
            class Gone:
                def result(self) -> Any:
                    raise Lost("工作进程意外退出")

            return Gone() if task.name.startswith("衡山县") else super().submit(function, task)

    said = write_papers(whole, tmp_path / "底稿", Losing(), Silent())
    assert said == ["“衡山县行政审批服务局”的底稿没有做成：工作进程意外退出。请再运行一次"]
    assert len(list((tmp_path / "底稿").iterdir())) == len(set(whole.returns["unit"])) - 1


def test_a_run_writes_them_when_asked_and_takes_none_for_a_return(published: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    given = tmp_path / "收到"
    given.mkdir()
    source = next((published / "下发表样填报").glob("*衡山县*.xlsx"))
    (given / source.name).write_bytes(source.read_bytes())
    run([given], out, only=["底稿"])
    (paper,) = (out / "底稿").iterdir()
    assert paper.name == "430423001_衡山县行政审批服务局_底稿.xlsx"
    (given / paper.name).write_bytes(paper.read_bytes())
    again = run([given], out, only=["数据"])
    assert (out / "底稿（以前）").is_dir() and not (out / "底稿").exists()
    assert set(again.returns.loc[again.returns["file"] == paper.name, "status"]) == {"不是报表"}


def test_the_columns_are_all_for_paper() -> None:
    assert all(one.printed and not one.hidden for one in (*TABLES, *FIGURES, *TIES, *SCORES, *PROBLEMS))
