"""Single changed figures are told: a small sample of what `measure_changes` measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure_changes import KINDS, SUPPLEMENT, honest, measure

SAMPLE = 60
LARGE = [kind for kind in KINDS if kind != "+0.01"]


@pytest.mark.deep
def test_changed_figures_are_told(tmp_path: Path) -> None:
    changes = [change for change in measure(honest(tmp_path, 1, 3), 2, 3, at_most=SAMPLE) if change.form != SUPPLEMENT]
    large = [change for change in changes if change.kind in LARGE]
    assert len(large) > SAMPLE / 2
    missed = [change for change in large if not change.found]
    assert len(missed) <= len(large) * 0.06, missed
