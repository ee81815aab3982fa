"""Opinions hang on the finding that the reviewer saw, whatever was done to the workbook, or are told as not taken."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from gouji.export.summary import write_summary
from gouji.ingest.beside.review import ReviewBook, ReviewError, ReviewRow, read_review
from gouji.templates.review import ID_HEAD, SEAL_HEAD, TOLD_HEADS, WRITTEN_HEADS
from gouji.validate.review.log import Entry
from gouji.validate.review.seal import Seal, texts_mark
from gouji.validate.review.take_up import ALTERED, DATED, MOVED, REFUSED, Matter, taken_up, worth_reading
from tests.rotation import rotated
from tests.test_export import results

NOTHING = ("",) * len(WRITTEN_HEADS)
HEAD_ROW = 3


# ---- any disorder --------------------------------------------------------------------------------------------------

Row = tuple[tuple[str, ...], tuple[str, ...], str, str]
"""What a row shows, what people write in it, its hidden id and seal."""


def written_row(number: int, seen: tuple[str, ...]) -> Row:
    name = f"{number:016x}"
    return seen, NOTHING, name, str(Seal(f"f{number}", texts_mark(NOTHING), texts_mark(seen), "", texts_mark([name])))


@st.composite
def disorders(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """A list of findings as it was written, and what people made of it: visible columns sorted without the hidden
    ones, or some of them only, rows copied over others, opinions written, rows deleted."""
    looks = draw(st.lists(st.integers(0, 6), min_size=1, max_size=7))  # some look alike
    rows = [written_row(number, (f"看{look}", "同") + ("",) * 10) for number, look in enumerate(looks)]
    opinions = [draw(st.sampled_from(("", "说明采纳", "退回修改"))) for _ in rows]
    written = [("", opinion, f"某{number}" if opinion else "", "", "", "") for number, opinion in enumerate(opinions)]
    order = draw(st.permutations(range(len(rows))))
    kind = draw(st.sampled_from(("whole", "visible", "hidden apart", "first column", "copied", "seals apart")))
    match kind:
        case "whole":
            made = [rows[position] for position in order]
        case "visible":
            made = [(rows[position][0], *rows[place][1:]) for place, position in enumerate(order)]
        case "hidden apart":
            made = [(*rows[place][:2], *rows[position][2:]) for place, position in enumerate(order)]
        case "first column":
            made = [
                ((rows[position][0][0], *rows[position - 1][0][1:11], f"另{place}"), *rows[place][1:])
                for place, position in enumerate(order)
            ]
        case "copied":
            made = [(rows[order[0]][0], *rows[place][1:]) for place in range(len(rows))]
        case _:
            made = [(*rows[place][:3], rows[position][3]) for place, position in enumerate(order)]
    made = [(seen, words, name, seal) for (seen, _, name, seal), words in zip(made, written, strict=True)]
    kept = draw(st.sets(st.sampled_from(range(len(rows))), min_size=1))
    return rows, [made[position] for position in sorted(kept)]


@given(disorders())
def test_an_opinion_is_the_seen_findings_or_is_told(made: tuple[list[Row], list[Row]]) -> None:
    original, disordered = made
    rows = [
        ReviewRow(name, seal, words, seen, f"第{number}行")
        for number, (seen, words, name, seal) in enumerate(disordered)
    ]
    kept = list(filter(worth_reading, rows))
    book = ReviewBook("意见.xlsx", "ab" * 32, kept, [], [(row.finding_id, row.seal) for row in rows])
    log, matters = taken_up([], [book], "2026-11-29T10:00:00+08:00")
    looks: dict[tuple[str, ...], set[str]] = {}
    for seen, _, name, _ in original:
        looks.setdefault(seen, set()).add(name)
    taken = {entry.written: entry.finding_id for entry in log}
    for row in rows:
        if any(row.written):
            refused = any(matter.kind == REFUSED and row.place in matter.text for matter in matters)
            assert (row.written in taken) != refused
            if row.written in taken:
                assert taken[row.written] in looks[row.told]
    assert len(log) == len(taken)


@given(disorders())
def test_what_is_whole_needs_no_word(made: tuple[list[Row], list[Row]]) -> None:
    original, _ = made
    rows = [ReviewRow(name, seal, NOTHING, seen) for seen, _, name, seal in original]
    book = ReviewBook("意见.xlsx", "ab" * 32, rows, [], [(row.finding_id, row.seal) for row in rows])
    assert taken_up([], [book], "") == ([], [])


# ---- a workbook in hands -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("汇总") / "汇总.xlsx"
    write_summary(results(), path)
    return path


@pytest.fixture
def summary(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(written, tmp_path / "汇总.xlsx"))


def heads(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEAD_ROW]}


def first_row(sheet: Worksheet, finding_id: str) -> int:
    place = heads(sheet)[ID_HEAD]
    return next(row for row in range(HEAD_ROW + 1, sheet.max_row + 1) if sheet.cell(row, place).value == finding_id)


def write(path: Path, words: Mapping[str, Mapping[str, object]]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["问题清单"]
    for finding_id, cells in words.items():
        for head, value in cells.items():
            sheet.cell(first_row(sheet, finding_id), heads(sheet)[head]).value = value
    book.save(path)


def taken(path: Path) -> tuple[dict[str, Entry], list[Matter]]:
    log, matters = taken_up([], [read_review(path, worth_reading)], "2026-11-29T10:00:00+08:00")
    return {entry.finding_id: entry for entry in log}, matters


@pytest.mark.in_turn("long")
def test_visible_columns_sorted_without_the_hidden_ones(summary: Path) -> None:
    write(summary, {"f1": {"审核意见": "说明采纳"}, "f3": {"审核意见": "退回修改", "备注": "甲"}})
    book = openpyxl.load_workbook(summary)
    sheet = book["问题清单"]
    last = heads(sheet)["文件"]
    cells = [[sheet.cell(row, column).value for column in range(1, last + 1)]
             for row in range(HEAD_ROW + 1, sheet.max_row + 1)]  # fmt: skip
    for row, values in enumerate(reversed(cells), HEAD_ROW + 1):
        for column, value in enumerate(values, 1):
            sheet.cell(row, column).value = value
    book.save(summary)
    log, matters = taken(summary)
    assert {name: entry.written[1] for name, entry in log.items()} == {"f1": "说明采纳", "f3": "退回修改"}
    assert [matter.kind for matter in matters] == [MOVED]


@pytest.mark.parametrize("head", rotated("told heads", TOLD_HEADS, 4))
def test_an_opinion_beside_a_changed_text_is_told_and_not_taken(summary: Path, head: str) -> None:
    write(summary, {"f2": {head: "别的", "审核意见": "说明采纳"}})
    log, (matter,) = taken(summary)
    assert (log, matter.kind, matter.finding_id) == ({}, REFUSED, "f2")
    assert "说明采纳" in matter.text and "问题清单第" in matter.text


def test_a_changed_text_without_opinion_is_told(summary: Path) -> None:
    write(summary, {"f2": {"应为": "0万元"}})
    assert [matter.kind for matter in taken(summary)[1]] == [ALTERED]


@pytest.mark.parametrize("head", [ID_HEAD, SEAL_HEAD])
def test_an_opinion_whose_hidden_cells_are_gone_is_told(summary: Path, head: str) -> None:
    write(summary, {"f2": {"审核意见": "说明采纳"}})
    book = openpyxl.load_workbook(summary)
    sheet = book["问题清单"]
    sheet.cell(first_row(sheet, "f2"), heads(sheet)[head]).value = None
    book.save(summary)
    log, (matter,) = taken(summary)
    assert (log, matter.kind) == ({}, REFUSED)


@pytest.mark.parametrize(
    "word",
    rotated("no opinion", ["同意单位说明", "√", "说明采纳。", "说明采纳、不予采纳", "0", 45000, "退回", "同意"], 3),
)
def test_words_that_are_no_opinion_are_told(summary: Path, word: object) -> None:
    write(summary, {"f2": {"审核意见": word, "审核人": "甲"}})
    log, (matter,) = taken(summary)
    assert (log, matter.kind) == ({}, REFUSED)
    assert f"“{word}”" in matter.text and "“规则误判”" in matter.text


@pytest.mark.parametrize(
    ("date", "taken_as", "kinds"),
    [
        (datetime.date(2026, 11, 1), "2026-11-01", []),
        ("2026年11月1日", "2026-11-01", []),
        (46327, "2026-11-01", [DATED]),
        ("下周", "下周", [DATED]),
    ],
)
def test_the_date_of_an_opinion(summary: Path, date: object, taken_as: str, kinds: list[str]) -> None:
    write(summary, {"f2": {"审核意见": "说明采纳", "日期": date}})
    log, matters = taken(summary)
    assert log["f2"].written[WRITTEN_HEADS.index("日期")] == taken_as
    assert [matter.kind for matter in matters] == kinds


def test_a_merged_opinion_is_one_of_all_its_rows(summary: Path) -> None:
    book = openpyxl.load_workbook(summary)
    sheet = book["问题清单"]
    for head, value in {"审核意见": "退回修改", "审核人": "甲"}.items():
        column = heads(sheet)[head]
        sheet.cell(HEAD_ROW + 1, column).value = value
        sheet.merge_cells(start_row=HEAD_ROW + 1, end_row=HEAD_ROW + 3, start_column=column, end_column=column)
    ids = [sheet.cell(row, heads(sheet)[ID_HEAD]).value for row in range(HEAD_ROW + 1, HEAD_ROW + 4)]
    book.save(summary)
    log, matters = taken(summary)
    assert {name: entry.written[1:3] for name, entry in log.items()} == dict.fromkeys(ids, ("退回修改", "甲"))
    assert matters == []


@pytest.mark.parametrize("head", rotated("columns gone", [ID_HEAD, SEAL_HEAD, "审核意见", "备注", "应为", "单位"], 2))
@pytest.mark.parametrize("renamed", [True, False])
def test_a_column_that_is_gone_is_named(summary: Path, head: str, renamed: bool) -> None:
    book = openpyxl.load_workbook(summary)
    sheet = book["问题清单"]
    if renamed:
        sheet.cell(HEAD_ROW, heads(sheet)[head]).value = "改了"
    else:
        sheet.delete_cols(heads(sheet)[head])
    book.save(summary)
    with pytest.raises(ReviewError, match=f"没有“{head}”这1列"):
        read_review(summary)


def test_rows_above_and_an_emptied_column_in_front_do_no_harm(summary: Path) -> None:
    write(summary, {"f2": {"审核意见": "说明采纳"}})
    book = openpyxl.load_workbook(summary)
    sheet = book["问题清单"]
    sheet.insert_rows(1, 2)
    sheet.insert_cols(1)
    book.save(summary)
    assert set(taken(summary)[0]) == {"f2"}


def test_a_copy_without_the_hidden_columns_names_both(summary: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(summary)
    sheet = book["问题清单"]
    copy = openpyxl.Workbook()
    for row in sheet.iter_rows(max_col=heads(sheet)["文件"], values_only=True):
        copy.worksheets[0].append(row)
    copy.save(tmp_path / "抄.xlsx")
    with pytest.raises(ReviewError, match=f"“{ID_HEAD}”、“{SEAL_HEAD}”这2列（有的是隐藏的列"):
        read_review(tmp_path / "抄.xlsx")


def test_other_formats_are_named(summary: Path, tmp_path: Path) -> None:
    ole = tmp_path / "汇总.xls"
    ole.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(ReviewError, match="为避免丢失，没有继续"):
        read_review(ole)
