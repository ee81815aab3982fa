"""Tables whose labels and layout are altered at random: figures are read right or not at all, and none is grave."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from bench.perturbed import KINDS, Page, measure
from gouji.ingest.read import read_workbook
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from tests.field.build import build_field
from tests.rotation import rotated

FORMS = [
    built_in().find("自评表@湖南-2020"),
    built_in().find("基础数据表@衡山县-2021"),
    built_in().find("评分表"),
    built_in().find("专项自评表"),
]
LEAST = {"retyped": 0.85}
"""Share of items read right where it may be less than 99 %: a label that was mistyped may not be found."""


@pytest.fixture(scope="module")
def measured() -> dict[str, Counter[str]]:
    return measure(FORMS, 1, KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_read_right_or_not_at_all(measured: dict[str, Counter[str]], kind: str) -> None:
    counted = measured[kind]
    total = counted["right"] + counted["wrong"] + counted["not read"]
    assert [words for words in counted if " read as " in words] == []
    assert counted["right"] >= LEAST.get(kind, 0.99) * total


def altered(source: Path, unit_cell: tuple[int, int], kind: str, seed: int, target: Path) -> None:
    """A table that ties, altered, from a unit of its own."""
    (sheet,) = read_workbook(source.read_bytes(), source.name).sheets
    cells = {(row, column): value for row, line in enumerate(sheet.rows) for column, value in enumerate(line)}
    filled = {position: value for position, value in cells.items() if value != ""}
    texts = {position for position, value in filled.items() if isinstance(value, str) and position != unit_cell}
    values = {position for position, value in filled.items() if not isinstance(value, str)}
    page = Page(filled | {unit_cell: target.stem}, list(sheet.merges), texts, values)
    KINDS[kind](page, random.Random(seed))
    book = openpyxl.Workbook()
    made = book.active
    assert isinstance(made, Worksheet)
    _write(page, made)
    if page.rest is not None:
        _write(page.rest, book.create_sheet("续表"))
    book.save(target)


def _write(page: Page, made: Worksheet) -> None:
    for (row, column), value in page.cells.items():
        made.cell(row + 1, column + 1, value)  # type: ignore[arg-type]
    for top, left, bottom, right in page.merges:
        made.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)


@pytest.mark.in_turn("long")
@pytest.mark.parametrize(("case", "unit_cell"), rotated("tables that tie", [("v00", (3, 6)), ("w16", (1, 1))]))
def test_nothing_is_grave_on_tables_that_tie(case: str, unit_cell: tuple[int, int], tmp_path: Path) -> None:
    build_field(tmp_path / "来源")
    inbox = tmp_path / "报送"
    inbox.mkdir()
    # A line that is gone or new breaks a sum in truth; suffixes would also be put behind what the unit wrote.
    kinds = [kind for kind in KINDS if kind not in ("row dropped", "row added", "suffixes", "several")]
    (source,) = (tmp_path / "来源").glob(f"{case}_*.xlsx")
    for place, kind in enumerate(kinds):
        for seed in range(2):
            altered(source, unit_cell, kind, seed, inbox / f"{case}甲{place}乙{seed}局.xlsx")
    results = run([inbox])
    assert results.returns["form"].notna().all() and set(results.returns["status"]) == {"已收"}
    findings = results.findings
    grave = findings[(findings["severity"] == "强制性") & findings["verdict"].isin(["不符", "无法核对"])]
    assert grave[["file", "rule", "message"]].to_numpy().tolist() == []
