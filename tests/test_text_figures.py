"""Figures as text in a total that does not add them: one finding, at the text, with the total named in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.pipeline import run
from gouji.samples.fill import Entry, Number, Result
from gouji.samples.generating.arithmetic import base_results
from gouji.samples.generating.delivering import deliver
from tests.field.issued import YEAR, issued_unit

PARTS, TOTAL = ("办公经费.本年决算数", "水电差旅费.本年决算数"), "公用经费.本年决算数"


@pytest.mark.parametrize("typed", [False, True])
def test_a_total_without_the_figures_that_are_text(tmp_path: Path, typed: bool) -> None:
    unit = issued_unit(1)
    figures = [unit.base.figure(part) for part in PARTS]
    total = base_results(unit.base)[TOTAL]
    assert total is not None
    short: Entry = Number(total - sum(figures)) if typed else Result(total - sum(figures))
    unit.base.typed_over[TOTAL] = short
    unit.base.put(PARTS[0], str(figures[0]))
    unit.base.put(PARTS[1], f"{figures[1]}万元")
    deliver(unit, tmp_path)
    results = run([tmp_path], year=YEAR)
    findings = results.findings[results.findings["layer"].isin(["规范性", "表内"])]
    assert list(zip(findings["rule"], findings["severity"], findings["cell"], strict=True)) == [
        ("T-03", "强制性", "F20")
    ]
    assert "合计没有算进这些数的有F19（G-04）" in findings["message"].iloc[0]
    assert results.asides.frame().set_index("rule").loc["G-04", "of"] == findings["finding_id"].iloc[0]
    judged = results.verdicts.frame(rule={"G-04"}, item={TOTAL})
    assert judged["verdict"].tolist() == ["不符"]
