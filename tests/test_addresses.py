"""Addresses of cells, held against openpyxl's reading of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_to_tuple

from gouji.templates.addresses import cell_name, cell_position


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_a_position_comes_back_from_its_name(row: int, column: int) -> None:
    name = cell_name(row, column)
    assert cell_position(name) == (row, column)
    assert coordinate_to_tuple(name) == (row + 1, column + 1)


@pytest.mark.parametrize("name", ["$B$7", "b7", "B$7", "B07"])
def test_other_ways_of_writing_a_cell(name: str) -> None:
    assert cell_position(name) == (6, 1)


@pytest.mark.parametrize("name", ["", "B", "7", "B0", "7B", "A1:B2", "ABCD1", "B-7", "B７", "B7 ", "表!B7"])
def test_what_is_no_cell_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no cell"):
        cell_position(name)
