"""Generated returns written in Word say what they say as workbooks: every figure, every finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from tests.documents import in_word
from tests.rotation import rotated

_WHOLE = ["unit", "form", "instance", "item"]
_OF_WORKBOOKS = ["T-03", "T-12", "T-13", "T-14"]
"""Only a workbook has numbers beside texts that look like them, formulas, entry rules."""
_OF_FORMULAS = {("T-06", "总分.得分"), ("T-01", "总分.得分")}
"""A formula without a result is an empty cell in Word."""


def figures(results: Results) -> pd.DataFrame:
    returns = results.returns[["return_id", *_WHOLE[:3]]]
    frame = results.values.frame().merge(returns, on="return_id")
    frame["instance"] = frame["instance"].fillna("")
    return frame.set_index(_WHOLE)[["value", "state"]].sort_index()


def findings(results: Results) -> set[tuple[Any, ...]]:
    found = results.findings
    found = found[found["severity"].ne("表样问题") & ~found["rule"].str.startswith("R-")]
    found = found[~found["rule"].isin(_OF_WORKBOOKS)]
    found = found[[*_WHOLE, "rule", "verdict", "severity"]].astype(object)
    told = found.where(found.notna(), "").itertuples(index=False, name=None)
    return {one for one in told if (one[4], one[3]) not in _OF_FORMULAS}


@pytest.mark.parametrize(("units", "seed"), [*rotated("word", [(6, seed) for seed in range(5)], 1)])
def test_a_report_in_word_is_read_and_judged_as_the_workbook(tmp_path: Path, units: int, seed: int) -> None:
    generate(tmp_path, units, 0.75, seed=seed)
    words = tmp_path / "Word"
    words.mkdir()
    for path in sorted((tmp_path / WORKBOOKS).iterdir()):
        if "再次" not in path.name:
            try:
                data = in_word(path.read_bytes(), path.name)
            except Exception as error:  # a fault of delivery: cut short
                assert type(error).__name__ == "Refused"
                continue
            (words / f"{path.stem}.docx").write_bytes(data)
    sent = [tmp_path / WORKBOOKS / f"{path.stem}.xlsx" for path in sorted(words.iterdir())]
    book, word = (run(places, roster_path=tmp_path / ROSTER, year=2021) for places in (sent, [words]))
    expected, read = figures(book), figures(word)
    pd.testing.assert_index_equal(expected.index, read.index)
    there = expected["state"].ne("uncalculated")
    assert expected["state"][there].eq(read["state"][there]).all()
    pd.testing.assert_series_equal(expected["value"], read["value"], rtol=1e-9)
    assert findings(word) ^ findings(book) == set()
    assert len(findings(word)) > 0
