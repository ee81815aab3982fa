"""Which table of another form belongs to a return, when a unit has several of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.validate.pairing import NONE, SEVERAL, partners
from gouji.validate.wide import Columns, Wide

PROJECT, OTHER, UNIT = (
    built_in().find("项目共性指标"),
    built_in().find("自评表@湖南-2020"),
    built_in().find("基础数据表@鹤城区-2020"),
)


def wide(form: Form, *tables: str) -> Wide:
    """One return per `unit instance`; `-` is no instance, a `!` in front a return that does not count."""
    parts = [text.lstrip("!").split() for text in tables]
    returns = pd.DataFrame(
        {
            "return_id": [f"{form.name}{place}" for place in range(len(tables))],
            "unit_code": [unit for unit, _ in parts],
            "unit": [unit for unit, _ in parts],
            "year": pd.array([2020] * len(tables), dtype="Int64"),
            "instance": [None if instance == "-" else instance for _, instance in parts],
            "adopted": [not text.startswith("!") for text in tables],
        }
    )
    none = np.zeros((len(tables), 0))
    return Wide(form, returns, Columns({}, none, none, none, none, none), {})


@pytest.mark.parametrize(
    ("projects", "others", "expected"),
    [
        (["甲 第1张"], ["甲 第1张"], [0]),
        (["甲 第1张"], ["甲 修路"], [0]),
        (["甲 修路"], ["甲 第1张"], [0]),
        (["甲 修路"], ["甲 修桥"], [NONE]),
        (["甲 修路", "甲 修桥"], ["甲 修桥", "甲 修路"], [1, 0]),
        (["甲 修路", "甲 修桥"], ["甲 修桥"], [NONE, 0]),
        (["甲 第1张", "甲 第2张"], ["甲 第1张", "甲 第2张"], [SEVERAL, SEVERAL]),
        (["甲 第1张", "甲 第2张"], ["甲 修路"], [SEVERAL, SEVERAL]),
        (["甲 第1张"], ["甲 修路", "甲 修桥"], [SEVERAL]),
        (["甲 第1张"], ["甲 修路", "!甲 修桥"], [0]),
        (["甲 第1张", "!甲 第2张"], ["甲 修路"], [0, 0]),
        (["甲 修路"], ["甲 修路", "甲 修路"], [SEVERAL]),
        (["甲 修路", "乙 修路"], ["乙 修路"], [NONE, 0]),
        (["甲 修路"], [], [NONE]),
        (["甲 修路"], ["甲 修桥", "甲 修渠"], [NONE]),
        (["甲 修路"], ["甲 修桥", "甲 第2张"], [SEVERAL]),
    ],
)
def test_tables_of_one_project_belong_together(projects: list[str], others: list[str], expected: list[int]) -> None:
    assert partners(wide(PROJECT, *projects), [wide(OTHER, *others)]).tolist() == expected


@pytest.mark.parametrize(
    ("projects", "others", "expected"),
    [
        (["甲 修路", "甲 修桥"], ["甲 -"], [0, 0]),
        (["甲 修路"], ["甲 -", "甲 -"], [SEVERAL]),
        (["甲 修路"], ["乙 -", "甲 -"], [1]),
        (["甲 修路"], ["乙 -"], [NONE]),
    ],
)
def test_a_table_of_the_unit_serves_all_its_projects(
    projects: list[str], others: list[str], expected: list[int]
) -> None:
    assert partners(wide(PROJECT, *projects), [wide(UNIT, *others)]).tolist() == expected


def test_rows_count_through_all_editions() -> None:
    assert partners(wide(PROJECT, "乙 修路"), [wide(OTHER, "甲 修路"), wide(OTHER, "乙 修路")]).tolist() == [1]
