"""Thousands of damaged workbooks and texts: no crash, no hang, and a verdict for every one of them."""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from datetime import time as time_of_day
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gouji.ingest.figures.measures import parse_measure
from gouji.ingest.figures.numbers import KINDS, parse_number
from gouji.templates.catalogue import built_in
from gouji.templates.errors import DefinitionError, RuleError
from gouji.templates.number_format import shows_date
from gouji.templates.rules.parse import FUNCTIONS, parse_rule
from gouji.templates.rules.scope import Scope
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import Lost, in_order
from tests.hostile.manifest import read_manifest
from tests.hostile.mutants import mutant, verdicts
from tests.rotation import deep

SEED = int(os.environ.get("FUZZ_SEED", "1"))
"""From which mutant on: another one shows others."""
SECONDS = float(os.environ.get("FUZZ_SECONDS", "40"))
LEAST = 300
"""Mutants that even a busy machine gets through in that time."""
KNOWN_CRASHES = {case.now.verdict for case in read_manifest().values() if case.now.verdict.startswith("crashed")}
"""Faults that the hostile files show too; none once they are mended."""

os.environ["RUST_BACKTRACE"] = "0"  # of the processes that a mutant ends


def _until(end: float) -> Iterator[list[int]]:
    """Numbers of mutants, some at a time, until the time is up."""
    first = SEED * 1_000_000
    while time.monotonic() < end:
        yield list(range(first, first + 20))
        first += 20


def _one_by_one(numbers: list[int]) -> Iterator[str]:
    """Those of a lost worker, each in a worker that nobody used."""
    for number in numbers:
        with closing(LocalWorkers(1)) as workers:
            ((_, outcome),) = in_order(workers, verdicts, [[number]])
            yield "lost" if isinstance(outcome, Lost) else outcome[0]


@pytest.mark.parametrize(("seconds", "least"), [(8, 60), deep((SECONDS, LEAST))])
def test_mutants_of_our_own_workbooks_all_get_a_verdict(
    seconds: float, least: int, record_property: Callable[[str, object], None]
) -> None:
    by_number: dict[int, str] = {}
    with closing(LocalWorkers(2)) as workers:
        for numbers, outcomes in in_order(workers, verdicts, _until(time.monotonic() + seconds)):
            by_number |= zip(numbers, _one_by_one(numbers) if isinstance(outcomes, Lost) else outcomes, strict=True)
    counts = Counter(map(_kind, by_number.values()))
    for kind, count in [("mutants", len(by_number)), *sorted(counts.items())]:
        record_property(kind, count)
    ends = {
        number: verdict for number, verdict in by_number.items() if _kind(verdict) not in {"read", "refused", "lost"}
    }
    assert {number: verdict for number, verdict in ends.items() if verdict not in KNOWN_CRASHES} == {}
    assert len(by_number) >= least


def _kind(verdict: str) -> str:
    """`refused` for whatever has a Chinese reason."""
    return "refused" if re.search("[\u4e00-\u9fff].*。$", verdict) else verdict


def test_mutants_are_the_same_for_the_same_number() -> None:
    assert [mutant(number) for number in range(20)] == [mutant(number) for number in range(20)]
    assert len({mutant(number) for number in range(20)}) == 20


# ---- figures ---------------------------------------------------------------------------------------

_SIGNS = "0123456789０１.,，-−()（）+％% 万元亿千人次个分㎡平方米≥≤<>=约¥①½\u200b\u202e\u3000x/~E"
_TYPED = st.text(alphabet=_SIGNS, max_size=24)
_RAW = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), _TYPED, st.decimals(), st.dates(),
    st.datetimes(), st.times(), st.timedeltas(),
    st.from_regex(r"[0-9]{1,400}(\.[0-9]{1,400})?(万元|%|人)?", fullmatch=True),
)  # fmt: skip
_FORMAT = st.one_of(st.none(), st.text(alphabet='0#?.,%;"[]\\_*@yGeneralE+-/ ', max_size=30), st.text(max_size=20))


@given(raw=_RAW, kind=st.sampled_from(sorted(KINDS)), number_format=_FORMAT)
@example(raw=float("nan"), kind="rate", number_format="0%")
@example(raw=Decimal("sNaN"), kind="amount", number_format=None)
@example(raw=1e308, kind="amount", number_format="0,,,")
def test_any_cell_as_a_figure(raw: object, kind: str, number_format: str | None) -> None:
    parsed = parse_number(raw, kind, number_format)
    assert (parsed.value is not None) == (parsed.state == "filled") == (parsed.decimals is not None)
    if parsed.value is not None and parsed.decimals is not None:
        assert parsed.value.is_finite() and float(parsed.value) == float(parsed.value)
        assert abs(float(parsed.value)) != float("inf")
        assert parsed.decimals >= 0
    if isinstance(raw, (bool, date, time_of_day, timedelta)):
        assert parsed.state == "unreadable"


@given(raw=_RAW, number_format=_FORMAT)
@example(raw=float("inf"), number_format="yyyy")
@example(raw=44562, number_format="m月d日")
@example(raw=date(2022, 1, 2), number_format=None)
def test_any_cell_as_a_measure(raw: object, number_format: str | None) -> None:
    measure = parse_measure(raw, number_format)
    assert measure.state in {"filled", "blank", "not_applicable", "unreadable"}
    # A date, or a number that the cell shows as one (T-18), and nothing else.
    number = isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) <= sys.float_info.max
    is_date = isinstance(raw, (date, time_of_day, timedelta)) or (number and shows_date(number_format))
    assert (measure.state == "unreadable") == is_date
    if measure.number is not None:
        assert measure.state == "filled"
        assert measure.number.is_finite() and abs(float(measure.number)) != float("inf")
    else:
        assert (measure.sign, measure.unit, measure.percent) == ("", "", False)


# ---- rules -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scope() -> Scope:
    """The names of a form with lists, groups and other tables."""
    return next(form for form in built_in().forms if form.name == "部门整体支出绩效评价指标评分表").scope


_PIECES = """
投入 得分 评分 分值 依据 x 0 1.5 1e9 1_0 1j None True ( ) （ ） [ ] { } + - × ÷ ** // = ≤ ≥ < > , ， . : := @ # \\ "
lambda if else and not for in __import__ 'a' f'{x}'
""".split()
_WORDS = st.lists(st.sampled_from([*sorted(FUNCTIONS), *_PIECES, "9" * 50, "\n"]), max_size=25)
_RULES = st.one_of(st.text(max_size=60), _WORDS.map("".join), _WORDS.map(" ".join))


def _parses(text: str, scope: Scope) -> float:
    """Seconds that it takes to parse, or to say what is wrong. Whatever else is raised goes through."""
    begun = time.perf_counter()
    try:
        parse_rule(text, scope)
    except (RuleError, DefinitionError) as error:
        assert re.search("[\u4e00-\u9fff]", str(error))
    return time.perf_counter() - begun


@settings(max_examples=400)
@given(text=_RULES)
def test_any_text_as_a_rule(text: str, scope: Scope) -> None:
    assert _parses(text, scope) < 2


DEEP = {
    "brackets": "(" * 5000 + "1" + ")" * 5000,
    "signs": "-" * 20_000 + "1",
    "sum": "+".join(["1"] * 20_000),
    "product": "×".join(["1"] * 20_000),
    "calls": "绝对值(" * 90 + "1" + ")" * 90,
    "name": "长" * 50_000,
    "dots": ".".join(["得分"] * 5000),
    "digits": "9" * 20_000,
    "NUL": "1\0+1",
    "surrogate": "\ud800",
    "hex": "0x1f",
    "binary": "0b1 + 1",
    "huge exponent": "1e999999999",
}


@pytest.mark.parametrize("case", sorted(DEEP))
def test_texts_that_no_parser_likes(case: str, scope: Scope) -> None:
    assert _parses(DEEP[case], scope) < 5
