"""Honest returns in every habit of typing, with 0 to 6 decimals: nothing in them is 强制性·不符."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure_honest import measure
from tests.rotation import rotated


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("issued", rotated("honest", [True, False]))
def test_honest_returns_are_left_alone(tmp_path: Path, issued: bool) -> None:
    measured = measure(tmp_path, 2, "small", issued=issued)
    assert measured.tables == (44 if issued else 32)
    assert {rule: measured.sentences[rule] for rule in measured.grave} == {}
    assert dict(measured.others) == {}
