"""What is done with a text of a file takes time in proportion to its length, however it is written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gouji.ingest.acting.formulas import calls_out
from gouji.ingest.drafting.draft import draft_of
from gouji.ingest.drafting.lists import split_points
from gouji.ingest.figures.chinese_numerals import numeral, with_years_in_digits
from gouji.ingest.figures.cleaning import normalise
from gouji.ingest.figures.days import day_of
from gouji.ingest.figures.deadlines import in_time
from gouji.ingest.figures.measures import parse_measure
from gouji.ingest.figures.printed_units import named_units
from gouji.ingest.figures.shown_figures import shown_text
from gouji.ingest.figures.written_units import known_unit
from gouji.ingest.files.format_sections import sections
from gouji.ingest.grid import Kind, Workbook
from gouji.ingest.locating.accounting import account
from gouji.ingest.locating.recognise import recognise
from gouji.ingest.locating.which_form import is_title
from gouji.ingest.locating.year_heads import year_head
from gouji.ingest.narrative.statements import statements
from gouji.ingest.read import read_workbook
from gouji.ingest.register.own_outputs import own_output_named
from gouji.ingest.register.unit_names import named, unit_within, unstamped
from gouji.ingest.roster.cells import cell_text, code_text
from gouji.ingest.values import collect
from gouji.score.projects.outcome import missed, short_of_all
from gouji.templates.catalogue import built_in
from gouji.templates.labels import label_key, squeezed
from gouji.templates.number_format import is_percentage, shown_decimals, shows_date
from gouji.templates.text import sheet_text
from tests.field.build import write_book
from tests.rotation import some


def deadline(text: str) -> object:
    return in_time(text, text)


def outcome(text: str) -> object:
    measure = parse_measure(text)
    return missed(measure, measure), short_of_all(measure, measure)


def format_code(text: str) -> object:
    return shown_text(text, 13.5)


def stated(text: str) -> object:
    return statements(text[: len(text) // 8])  # every figure is a row, which takes longer than a look


READERS: list[Callable[[str], object]] = [
    calls_out, cell_text, code_text, day_of, is_percentage, label_key, named, normalise, own_output_named,
    parse_measure, sections, sheet_text, shown_decimals, shows_date, split_points, squeezed, unit_within, unstamped,
    deadline, format_code, is_title, known_unit, numeral, outcome, named_units, with_years_in_digits, year_head,
    stated,
]  # fmt: skip
"""Functions that meet a text as it stands in a file."""
PIECES = (
    "(", ")", " ", "\n", "1", "1.", "1,", "1 ", "一", "年", "2021年", "单位:", "a:", "(a", "(盖章)", "盖章",
    "其中", "每", "1分", "-", '"', "[", "[a]", "a ", "中文", "<", "同比", "不", "达到", "#", "0.", "\\", "_", "至",
    "'", "'[a]'", "|", "HYPERLINK(",
    "其中1件、", "项目支出1万元，", "占",
)  # fmt: skip
"""What texts are made of that take long to look through."""
LENGTH, MOST = 8000, 2.5
QUICK = 0.004
"""Seconds for twice the length under which growth is not told from noise."""
SHEET_QUICK = 0.6
"""The same for a whole sheet, of which a good part does not depend on the text."""


def seconds(read: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


def growth(read: Callable[[str], object], piece: str, end: str, quick: float = QUICK) -> float:
    """Of the time where the length doubles; 0 where it is too short to be told."""
    short, long = (piece * (length // len(piece)) + end for length in (LENGTH, 2 * LENGTH))
    if seconds(read, long) < quick:
        return 0
    return min(seconds(read, long) for _ in range(3)) / max(min(seconds(read, short) for _ in range(3)), 1e-9)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_twice_the_length_takes_twice_the_time(read: Callable[[str], object]) -> None:
    read("1")  # what it loads, it loads once
    times = {(piece, end): growth(read, piece, end) for piece in PIECES for end in ("", "\0")}
    slow = [case for case, grown in times.items() if grown > MOST]
    assert [case for case in slow if growth(read, *case) > MOST] == []


def test_a_pattern_that_is_worse_than_linear_is_seen() -> None:
    worse = re.compile("a*a*b")
    assert growth(lambda text: worse.search(text[: len(text) // 20]), "a", "") > MOST


# ---- whole sheets: which form, heads, wording, whose, drafting ----------------------------------------


@cache
def pasted(table: str) -> Workbook:
    with TemporaryDirectory() as folder:
        path = write_book([{"of": table}], "某局", Path(folder) / "某局.xlsx")
        return read_workbook(path.read_bytes(), path.name)


def with_text(workbook: Workbook, text: str, kinds: frozenset[Kind], *, behind: bool) -> Workbook:
    """The text in every cell of these kinds, behind what stands there or in its place."""
    changed = deepcopy(workbook)
    for sheet, source in zip(changed.sheets, workbook.sheets, strict=True):
        for row, line in enumerate(sheet.rows):
            for column, value in enumerate(line):
                if source.kind(row, column) in kinds:
                    line[column] = f"{value}{text}" if behind else text
    return changed


def whole(workbook: Workbook) -> object:
    return [collect(located) for located, _ in recognise(workbook, built_in().forms, built_in()).tables]


def drafted(workbook: Workbook) -> object:
    return draft_of(workbook, "某表.xlsx").text()


@pytest.mark.deep
@pytest.mark.parametrize("read", [whole, drafted])
@pytest.mark.parametrize("table", ["基础数据表2021", "项目支出绩效自评表"])
@pytest.mark.parametrize(
    ("kinds", "behind"),
    [({Kind.TEXT}, True), ({Kind.NUMBER}, False), ({Kind.BLANK}, False), ({Kind.TEXT, Kind.NUMBER}, False)],
    ids=["labels", "figures", "blanks", "everything"],
)
def test_a_sheet_of_texts_twice_as_long_takes_twice_the_time(
    read: Callable[[Workbook], object], table: str, kinds: set[Kind], behind: bool
) -> None:
    def changed(text: str) -> object:
        return read(with_text(pasted(table), text, frozenset(kinds), behind=behind))

    changed("1")
    pieces = some(f"{read.__name__}/{table}/{len(kinds)}/{behind}", PIECES, 3)
    slow = [piece for piece in pieces if growth(changed, piece, "", SHEET_QUICK) > MOST]
    assert [piece for piece in slow if growth(changed, piece, "", SHEET_QUICK) > MOST] == []


def accounted(rows: int) -> float:
    """Seconds for the account of a table with so many rows of figures below it, that no form has."""
    workbook = deepcopy(pasted("基础数据表2021"))
    sheet = workbook.sheets[0]
    width = len(sheet.rows[0])
    sheet.rows += [["明细", *[float(row)] * (width - 1)] for row in range(1, rows + 1)]
    ((located, _),) = recognise(workbook, built_in().forms, built_in()).tables
    values = collect(located)
    begun = time.process_time()
    account(located, values, ())
    return time.process_time() - begun


@pytest.mark.deep
def test_four_times_the_figures_beyond_a_form_take_four_times_the_time() -> None:
    accounted(10)
    short, long = (min(accounted(rows) for _ in range(3)) for rows in (1000, 4000))
    assert long < QUICK or long / short <= MOST**2
