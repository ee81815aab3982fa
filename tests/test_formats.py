"""The same return as .xlsx, .xls and .ods: the same values, the same findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.pipeline import run
from samples.build import ROSTER, build_issued
from samples.figures import unit_files
from tests.recalculation import converted
from tests.rotation import rotated


def findings(folder: Path) -> set[tuple[str, ...]]:
    found = run([folder], roster_path=ROSTER).findings
    # Which cells hold formulas is told by .xlsx only.
    found = found[found["rule"] != "T-13"]
    columns = ["unit_code", "form", "instance", "item", "rule", "verdict", "cell", "message"]
    return {tuple(row) for row in found[columns].astype(str).to_numpy().tolist()}


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", rotated("formats", ["xls", "ods"]))
def test_a_return_saved_in_another_format_gives_the_same_findings(kind: str, tmp_path: Path) -> None:
    for unit in unit_files():
        build_issued(unit, tmp_path / "xlsx")
    converted(list((tmp_path / "xlsx").iterdir()), tmp_path / kind, kind)
    assert findings(tmp_path / kind) == findings(tmp_path / "xlsx")
