"""The range in which a recomputed score stands where evidence is missing: no figure that turns up leads out of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.export.score_words import difference_cell, due_cell, grade_words, range_words
from gouji.ingest.frames import typed, values_schema
from gouji.ingest.register.batch import Batch
from gouji.pipeline import read
from gouji.samples.generating.delivering import deliver
from gouji.score.difference import with_differences
from gouji.score.score import score
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.part import check_part
from gouji.validate.wide import widen
from tests.frames import returns_of, values_of
from tests.oracle import arithmetic as a
from tests.oracle.forms import form_data
from tests.oracle.returns import honest_of
from tests.oracle.scores import grade, score_spans
from tests.oracle.ties import TableData
from tests.test_score_project import line, money
from tests.test_score_project import scored as scored_projects

SHEET, BASE = built_in().find("评分表"), built_in().find("基础数据表@衡山县-2021")
D = Decimal
HALF = D("0.005")
"""A score in the frames is rounded at two decimals."""
NAMES = ("差", "中", "良", "优")
COUNTS = ("实际在职人数", "编制数")
AMOUNTS = tuple(
    f"{name}.{side}" for name in ("公用经费", "三公经费", "政府采购金额") for side in ("本年决算数", "本年预算数")
)
EVIDENCE = ("上年三公预算", "年初预算", "本年追加", "上年结转", "年末结余", "满意率", "考核得分", "考核总分")
"""What no table of this form holds: the frames never get it, the oracle does."""

figures = st.fixed_dictionaries(
    dict.fromkeys(COUNTS, st.integers(0, 40).map(D))
    | dict.fromkeys((*AMOUNTS, *EVIDENCE), st.integers(0, 400).map(lambda cents: D(cents) / 100))
)


def table_of(form: Any, known: Mapping[str, Decimal], evidence: Mapping[str, Decimal]) -> TableData:
    stated = {
        item: a.exact(value, "count") if item in COUNTS else a.rounded(value, 2, "amount")
        for item, value in known.items()
    }
    return TableData(
        form_data(form.name, form.edition), "", form.name, stated,
        evidence={item: a.exact(value) for item, value in evidence.items()},
    )  # fmt: skip


def frames_of(known: Mapping[str, Decimal]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """`scores` by indicator and the row of `totals`, of a unit that has filled in so much."""
    wides = [
        widen(form, returns_of(form, 1), values_of(form, [rows])) for form, rows in ((SHEET, {}), (BASE, dict(known)))
    ]
    outcome = score(Tables(wides))
    return outcome.scores.set_index("indicator"), outcome.totals.iloc[0].to_dict()


@pytest.mark.in_turn("long")
@settings(max_examples=30, deadline=None)
@given(figures, st.sets(st.sampled_from((*COUNTS, *AMOUNTS))))
def test_no_missing_figure_leads_out_of_the_range(whole: dict[str, Decimal], missing: set[str]) -> None:
    """Whatever stood in the missing cells, and however the criterion is read; and what is known is not wider than the
    rounding of its figures explains."""
    stated = {item: whole[item] for item in (*COUNTS, *AMOUNTS)}
    known = {item: value for item, value in stated.items() if item not in missing}
    scores, total = frames_of(known)
    sheet, base = table_of(SHEET, {}, {item: whole[item] for item in EVIDENCE}), table_of(BASE, stated, {})
    less, seen = table_of(SHEET, {}, {}), table_of(BASE, known, {})
    least = most = D(0)
    for name, indicator in sheet.form.indicators.items():
        low, high, points = (D(str(value)) for value in (scores.low[name], scores.high[name], indicator["points"]))
        spans = score_spans(sheet, [sheet, base], name) if "rate" in indicator["rule"] else []
        spans = spans or [(D(0), points)]
        ends = min(start for start, _ in spans), max(end for _, end in spans)
        assert low - HALF <= ends[0] and ends[1] <= high + HALF, name
        least, most = least + ends[0], most + ends[1]
        if "rate" in indicator["rule"] and (shown := score_spans(less, [less, seen], name, ends=True)):
            assert min(start for start, _ in shown) - HALF <= low, name
            assert high <= max(end for _, end in shown) + HALF, name
    few = HALF * len(sheet.form.indicators)
    assert D(str(total["low"])) - few <= least and most <= D(str(total["high"])) + few
    assert (total["lowest_grade"], total["highest_grade"]) == tuple(
        grade(D(str(total[end]))) for end in ("low", "high")
    )


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Some units' tables of all forms, with honest figures."""
    folder = tmp_path_factory.mktemp("ranges")
    for number in range(2):
        deliver(honest_of("ranges", number, forms="all", issued=True), folder)
    return read([folder])


def ranges(batch: Batch, values: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`scores` by table and indicator, `totals` by table."""
    scored = score(check_part(Batch(batch.returns, values, batch.year), built_in()).tables)
    return scored.scores.set_index(["return_id", "indicator"]), scored.totals.set_index("return_id")


@pytest.mark.parametrize("seed", range(4))
def test_a_figure_that_cannot_be_read_only_widens_a_range(honest: Batch, seed: int) -> None:
    """In every form: whatever is lost of what was there, what it had yielded lies within."""
    whole, whole_totals = ranges(honest, honest.values)
    assert whole["score"].notna().sum() > 40
    dice = np.random.default_rng(seed)
    lost = (honest.values["state"] == "filled") & (dice.random(len(honest.values)) < (0.03, 0.1, 0.3, 0.8)[seed])
    values = honest.values.assign(state=honest.values["state"].mask(lost, "unreadable"),
                                  value=honest.values["value"].mask(lost), raw=honest.values["raw"])  # fmt: skip
    less, less_totals = ranges(honest, typed(values, values_schema))
    widened = 0
    for key in less.index.intersection(whole.index):
        now, before = less.loc[key], whole.loc[key]
        if pd.isna(now["low"]):
            continue  # its 分值 is lost: the total tells
        assert now["low"] <= before["low"] and before["high"] <= now["high"], key
        assert pd.isna(before["score"]) or now["low"] <= before["score"] <= now["high"], key
        widened += (now["low"], now["high"]) != (before["low"], before["high"])
    for key in less_totals.index.intersection(whole_totals.index):
        now, before = less_totals.loc[key], whole_totals.loc[key]
        assert now["low"] <= before["low"] + 1e-6 and before["high"] <= now["high"] + 1e-6, key
        lowest, grade_before, highest = (
            None if pd.isna(name) else NAMES.index(name)
            for name in (now["lowest_grade"], before["grade"], now["highest_grade"])
        )
        assert lowest is not None and highest is not None
        assert grade_before is None or lowest <= grade_before <= highest, key
    assert widened > 0


LINES = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 40), st.booleans(), st.booleans()), min_size=3, max_size=3
)  # target, actual, is the actual there, are the points there


@pytest.mark.in_turn("long")
@settings(max_examples=30, deadline=None)
@given(LINES, st.integers(0, 12), st.booleans())
def test_no_missing_line_leads_out_of_the_range(
    given_lines: list[tuple[int, int, bool, bool]], executed: int, budget: bool
) -> None:
    """A 自评表 of three lines of 30 points: actuals, 分值 and the budget may be missing, and turn up as anything."""
    rows = []
    for target, actual, acted, weighed in given_lines:
        row = line(f"≥{target}个", f"{actual}个" if acted else None, "30", "30")
        rows.append(row if weighed else row | {"分值": None})
    outcome = scored_projects((money("10" if budget else None, str(executed), "10"), rows))
    total = outcome.totals.iloc[0]
    line_scores = [
        [min(D(1), D(turned) / target) * 30 for turned in ((actual,) if acted else (0, 1, target, 40))]
        for target, actual, acted, _ in given_lines
    ]
    spent = [min(D(10), D(executed) * 10 / budgeted) for budgeted in ((10,) if budget else (1, 10, 1000))]
    for parts in product(spent, *line_scores):
        due = sum((part.quantize(D("0.01"), ROUND_HALF_UP) for part in parts), D(0))
        assert D(str(total["low"])) <= due <= D(str(total["high"])), (parts, total.to_dict())
        if not pd.isna(total["score_total"]) and all(weighed for *_, weighed in given_lines):
            assert due == D(str(total["score_total"]))


@pytest.mark.parametrize(
    ("self_score", "stated", "score_total", "low", "high", "gap"),
    [
        (95, None, None, 14.5, 82, 13), (82, None, None, 14.5, 82, 0), (14.4, None, None, 14.5, 82, -0.1),
        (None, 90, None, 14.5, 82, 8), (None, None, 80, 80, 80, None), (5, None, None, None, 2, None),
        (80.1, 99, 80, 79.5, 80.5, 0.1), (5, None, 5, 5, 5, 0),
    ],
)  # fmt: skip
def test_the_difference_from_a_score_or_the_nearer_end_of_its_range(
    self_score: float | None,
    stated: float | None,
    score_total: float | None,
    low: float | None,
    high: float,
    gap: float | None,
) -> None:
    names = ("own", "stated", "score", "low", "high")
    frame = pd.DataFrame([dict(zip(names, (self_score, stated, score_total, low, high), strict=True))], dtype=float)
    gaps = with_differences(frame, ["own", "stated"], "score")["difference"].iloc[0]
    assert np.isnan(gaps) if gap is None else gaps == gap
    assert gap != 0 or not np.signbit(gaps)


def test_within_a_range_nothing_is_said_to_agree() -> None:
    assert (due_cell(None, 14.5, 82), difference_cell(0.0, None)) == ("14.5–82", "范围内")
    assert (due_cell(80.0, 79.5, 80.5), difference_cell(0.0, 80.0)) == (80.0, 0.0)
    assert (difference_cell(13.0, None), difference_cell(-0.1, None), difference_cell(None, None)) == (13.0, -0.1, None)


def test_the_range_in_words() -> None:
    assert (range_words(14.5, 82), range_words(3, 3), range_words(None, None)) == ("14.5–82", "3", None)
    assert grade_words(None, "差", "良") == "差至良，不可能为优"
    assert grade_words(None, "中", "优") == "中至优"
    assert grade_words(None, "差", "优") == "不能确定"
    assert grade_words("良", "良", "良") == "良"
    assert grade_words(None, None, None) is None
