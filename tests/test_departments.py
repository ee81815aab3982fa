"""主管部门汇总: departments add up to the whole; a project without figures counts, but is no 0."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gouji.export.sheets.departments import BASE, Department
from gouji.pipeline import run
from gouji.samples.build import ISSUED, ROSTER


@pytest.mark.deep
def test_departments_add_up_to_the_whole_of_the_published_returns(published: Path, tmp_path: Path) -> None:
    run([published / ISSUED], tmp_path / "结果", roster_path=ROSTER, only=["汇总"])
    sheet = openpyxl.load_workbook(tmp_path / "结果" / "汇总.xlsx", data_only=True)["主管部门汇总"]
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0] == 2020]
    *departments, whole = rows
    assert (whole[1], whole[2], whole[6]) == ("合计", 2, 5)
    assert whole[3:6] == (None, 1733.634137, None)
    for column in (7, 8):
        parts = [Decimal(str(row[column])) for row in departments if row[column] is not None]
        assert sum(parts) == Decimal(str(whole[column])) == Decimal("1733.634137")
    unstated = next(row for row in departments if row[1] == "（未注明主管部门）")
    assert (unstated[2], *unstated[6:10]) == (1, 1, None, None, None)
    assert whole[9] == 1
    weights = {"212.6468": "100", "45.5182": "99", "53.872": "100", "1421.597137": "94"}
    mean = sum(Decimal(w) * Decimal(p) for w, p in weights.items()) / Decimal("1733.634137")
    assert whole[10] == pytest.approx(float(mean), abs=1e-9)


def test_figures_of_different_scope_stand_apart() -> None:
    department = Department(bases=[("甲口径", dict.fromkeys(BASE, 1.5)), ("甲口径", dict.fromkeys(BASE, 0.1))])
    assert department.base(BASE[1]) == 1.6
    department.bases.append(("乙口径", dict.fromkeys(BASE, 2.0)))
    assert department.base(BASE[1]) is None
    department.bases[-1] = ("乙口径", dict.fromkeys(BASE))
    assert department.base(BASE[1]) == 1.6
