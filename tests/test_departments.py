"""主管部门汇总: departments add up to the whole; a project without figures counts, but is no 0."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline import run
from samples.build import ISSUED, ROSTER, build_samples


def test_departments_add_up_to_the_whole_of_the_published_returns(tmp_path: Path) -> None:
    build_samples(tmp_path)
    run([tmp_path / ISSUED], tmp_path / "结果", roster_path=ROSTER)
    sheet = openpyxl.load_workbook(tmp_path / "结果" / "汇总.xlsx", data_only=True)["主管部门汇总"]
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0] == 2020]
    *departments, whole = rows
    assert whole[1:4] == ("合计", 2, 5)
    for column in (4, 5):
        parts = [Decimal(str(row[column])) for row in departments if row[column] is not None]
        assert sum(parts) == Decimal(str(whole[column])) == Decimal("1733.634137")
    unstated = next(row for row in departments if row[1] == "（未注明主管部门）")
    assert unstated[2:7] == (1, 1, None, None, None)
    assert whole[6] == 1
    weights = {"212.6468": "100", "45.5182": "99", "53.872": "100", "1421.597137": "94"}
    mean = sum(Decimal(w) * Decimal(p) for w, p in weights.items()) / Decimal("1733.634137")
    assert whole[7] == pytest.approx(float(mean), abs=1e-9)
