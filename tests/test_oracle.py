"""An independent oracle in `decimal` judges what a run judges, on figures chosen to mislead: no verdict differs.

`ORACLE_UNITS=200 python -m pytest tests/test_oracle.py` compares as many units; by default there are few.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.tables import UnitReturn
from tests.measure_honest import write_roster
from tests.oracle.compare import compare_scores, compare_sides, compare_ties
from tests.oracle.forms import form_data
from tests.oracle.returns import YEAR, data_of, paste, unit_of
from tests.oracle.ties import left_out
from tests.rotation import rotated

UNITS = int(os.environ.get("ORACLE_UNITS", "3"))
HERE = Path(__file__).parent / "oracle"
ARITHMETIC = ["arithmetic.py", "forms.py", "rules.py", "scores.py", "ties.py"]
LEFT_OUT = {
    "A-12", "A-13", "A-14", "A-15", "A-16", "C-18", "D-08", "D-10", "J-04", "Y-01", "Y-02", "Y-03",
    *(f"X-R{number}" for number in range(1, 21)),
}  # fmt: skip
"""Checks that read what is no figure of the return: texts, words, last year's results, the bureau's own table."""

KNOWN = {"I-02": "a total behind its label (总分：98) that a copy has in a cell of its own is not read"}
"""Checks of pasted tables whose verdicts differ for a reason that is told elsewhere."""


@dataclass(frozen=True)
class Judged:
    """What a run says of the units' returns."""

    results: Results
    units: list[UnitReturn]
    issued: bool


@pytest.fixture(scope="module", params=rotated("oracle", [True, False]), ids=["issued", "pasted"])
def judged(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Judged:
    """Misleading returns of some units, in all their forms, and what a run says of them."""
    issued, folder = bool(request.param), tmp_path_factory.mktemp("oracle")
    units = [unit_of("mislead", number, forms="all", wrong=0.3) for number in range(UNITS)]
    returned = folder / "报送"
    returned.mkdir()
    for unit in units:
        deliver(unit, returned) if issued else paste(unit, returned)
    write_roster(units, folder / "名册.csv")
    return Judged(run([returned], roster_path=folder / "名册.csv", year=YEAR), units, issued)


def test_the_oracle_imports_nothing_of_what_it_judges() -> None:
    for name in ARITHMETIC:
        tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
        modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        ours = {module for module in modules if module.split(".")[0] in ("score", "validate", "ingest", "templates")}
        assert ours == set(), name


def test_what_the_oracle_leaves_out_is_documented() -> None:
    forms = {table.form.key: table for table in unit_of("forms", 0, forms="all", wrong=0).tables}
    definitions = [
        form_data(data.name, data.edition) for table in forms.values() if (data := data_of(table)) is not None
    ]
    assert len(definitions) == 11
    assert {check for form in definitions for check in left_out(form)} <= LEFT_OUT


@pytest.mark.in_turn("long")
def test_no_verdict_on_ties_differs(judged: Judged) -> None:
    compared = compare_ties(judged.results, judged.units, issued=judged.issued)
    known = [] if judged.issued else [text for text in compared.differences for rule in KNOWN if f" {rule} " in text]
    assert [text for text in compared.differences if text not in known] == []
    assert {verdict for _, verdict in compared.counted} == {"相符", "尾差", "不符", "无法核对"}
    assert len({form for form, _ in compared.counted}) >= 9


def test_no_side_of_a_tie_differs(judged: Judged) -> None:
    compared = compare_sides(judged.results, judged.units, issued=judged.issued)
    assert compared.differences == []
    assert {verdict for _, verdict in compared.counted} == {"相符", "尾差", "不符", "无法核对"}
    assert sum(compared.counted.values()) > 100 * UNITS


def test_no_verdict_on_scores_differs(judged: Judged) -> None:
    compared = compare_scores(judged.results, judged.units, issued=judged.issued)
    assert compared.differences == []
    assert {"相符", "不符", "无法核对"} <= {verdict for _, verdict in compared.counted}
