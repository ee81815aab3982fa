"""Signs and units of measures in columns of their own: 指标性质 | 指标值 | 度量单位."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.ingest.locating.recognise import recognise
from gouji.ingest.read import read_workbook
from gouji.ingest.values import collect
from gouji.templates.catalogue import built_in
from tests.field.build import build_field


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("field")
    build_field(folder)
    return next(folder.glob("v00_*.xlsx"))


def measures(plain: Path, folder: Path, cells: dict[str, Any]) -> tuple[str | None, str | None]:
    """Target and actual of the first indicator, whose table has columns of signs (E) and units (G)."""
    book = openpyxl.load_workbook(plain)
    sheet = book.worksheets[0]
    for merged in [*sheet.merged_cells.ranges]:
        sheet.unmerge_cells(str(merged))
    sheet.insert_cols(6)
    sheet.insert_cols(5)
    sheet["E12"], sheet["G12"] = "指标性质", "度量单位"
    for cell, value in cells.items():
        sheet[cell] = value
    book.save(folder / "某局.xlsx")
    workbook = read_workbook((folder / "某局.xlsx").read_bytes(), "某局.xlsx")
    ((located, _),) = recognise(workbook, [built_in().find("自评表@湖南-2020")], built_in()).tables
    values = collect(located)
    return values.text_of("养护里程.年度指标值"), values.text_of("养护里程.实际完成值")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"E13": "≥", "F13": 10, "G13": "公里", "H13": 12}, ("≥10公里", "12公里")),
        ({"E13": "反向", "F13": "10", "G13": "%", "H13": "12%"}, ("≤10%", "12%")),
        ({"E13": "≥", "F13": "≤10公里", "G13": "公里", "H13": "12公里"}, ("≤10公里", "12公里")),  # the cell's own first
        ({"E13": "=", "F13": 10, "G13": "座"}, ("10座", "10公里")),
        ({"E13": "≥", "F13": 0.95, "G13": "%", "H13": 0.96}, ("≥0.95", "0.96")),  # 0.95 % or 95 %: as it stands
        ({"E13": "定性", "F13": "优良", "G13": "级", "H13": "优"}, ("优良", "优")),
        ({"F13": 10, "H13": 12}, ("10", "12")),
    ],
)
def test_what_stands_beside_a_measure_belongs_to_it(
    plain: Path, tmp_path: Path, cells: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert measures(plain, tmp_path, cells) == expected
