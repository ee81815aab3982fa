"""What only a whole batch shows: copies between units, a rule that most break, rates unlike the peers'."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from gouji.export.results import Results
from gouji.ingest.roster import Roster
from gouji.pipeline import run
from gouji.samples.build import ISSUED, PASTED
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.names import recipient
from gouji.samples.generating.units import honest_unit
from gouji.templates.catalogue import built_in
from gouji.validate.check import check_rules
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.whole_batch.aggregates import Aggregates, aggregates_of
from gouji.validate.whole_batch.common_faults import FEWEST as MOST_CHECKED
from gouji.validate.whole_batch.copies import FEWEST as SAME_AMOUNTS
from gouji.validate.whole_batch.findings import whole_batch_findings
from gouji.validate.whole_batch.outliers import FEWEST as PEERS
from gouji.validate.wide import Wide, widen
from tests.frames import Given, returns_of, values_of

BASE = built_in().find("基础数据表@衡山县-2021")
PROJECT = built_in().find("自评表@湖南-2020")


def whole(out: Path, year: int = 2021) -> pd.DataFrame:
    """What a run on a generated batch finds about it as a whole."""
    findings = run([out / WORKBOOKS], roster_path=out / ROSTER, year=year).findings
    return findings[findings["rule"].str.startswith("W-")]


def told_of(wide: Wide, roster: Roster | None = None) -> list[Finding]:
    """The same of frames, in two parts."""
    verdicts = check_rules(wide, Tables([wide])).verdicts
    parts = [aggregates_of([wide], verdicts).frames()]
    return list(whole_batch_findings(wide.returns, [], Aggregates.together(parts), roster, 2021, built_in()))


def roster_of(count: int, *, alone: int = 0) -> Roster:
    """U0, U1, … of one department, the last `alone` each of its own."""
    rows = [
        {
            "unit_code": f"U{number}",
            "unit": f"单位{number}",
            "department": "县财政局" if number < count - alone else f"部门{number}",
        }
        for number in range(count)
    ]
    columns = [*rows[0], "former", "change", "project_code", "project_name"]
    return Roster(pd.DataFrame(rows, columns=columns, dtype=object).replace({float("nan"): None}))


def amounts(*figures: str) -> dict[str, Given]:
    """The first inputs of 基础数据表 that are amounts."""
    items = [
        item_listed.id
        for item_listed in BASE.items.values()
        if item_listed.kind == "amount" and item_listed.id not in BASE.computed
    ]
    return {item: Decimal(figure) for item, figure in zip(items, figures, strict=False)}


def base_of(rows: list[dict[str, Given]]) -> Wide:
    return widen(BASE, returns_of(BASE, len(rows)), values_of(BASE, rows))


def rates_of(*figures: str) -> Wide:
    rows: list[dict[str, Given]] = [{"年度资金总额.执行率": Decimal(figure)} for figure in figures]
    return widen(PROJECT, returns_of(PROJECT, len(rows)), values_of(PROJECT, rows))


@pytest.mark.in_turn("long")
def test_an_honest_batch_has_none(tmp_path: Path) -> None:
    generate(tmp_path, 24, 0, seed=21)
    assert whole(tmp_path).empty


@pytest.mark.parametrize("folder", [ISSUED, PASTED])
def test_the_published_returns_have_none(of_published: Callable[[str], Results], folder: str) -> None:
    findings = of_published(folder).findings
    assert not findings["rule"].str.startswith("W-").any()


def test_a_file_under_two_units_names(tmp_path: Path) -> None:
    generate(tmp_path, 3, 0, seed=21)
    first, second, _ = sorted((tmp_path / WORKBOOKS).iterdir())
    shutil.copyfile(first, second)
    again = first.with_name(first.name.replace(".xlsx", "（再次报送）.xlsx"))
    shutil.copyfile(first, again)  # the unit's own second copy is only 重复文件
    findings = whole(tmp_path)
    assert findings["rule"].tolist() == ["W-01"]
    copy = findings.iloc[0]
    assert (copy["file"], copy["unit"]) == (second.name, second.name.split("_")[1])
    assert f"“{first.name.split('_')[1]}”的文件“{first.name}”" in copy["message"]


def test_a_workbook_filled_with_another_units_figures(tmp_path: Path) -> None:
    generate(tmp_path, 3, 0, seed=21)
    first, second, _ = sorted((tmp_path / WORKBOOKS).iterdir())
    random = Random("21/0")
    copied = honest_unit(recipient(0, random), 2021, random)
    deliver(copied, tmp_path)  # the first unit's own, as `generate` makes it
    assert (tmp_path / first.name).read_bytes() == first.read_bytes()
    other = Random("21/1")
    unit = honest_unit(recipient(1, other), 2021, other)
    unit.base.cells = {item: copied.base.cells.get(item, entry) for item, entry in unit.base.cells.items()}
    lines = {old: new for (old, _), (new, _) in zip(copied.base.lines["项目"], unit.base.lines["项目"], strict=True)}
    for item, entry in copied.base.cells.items():
        line, _, column = item.rpartition(".")
        if line in lines:
            unit.base.cells[f"{lines[line]}.{column}"] = entry
    deliver(unit, tmp_path / WORKBOOKS)
    findings = whole(tmp_path)
    alike = findings[findings["rule"] == "W-02"]
    assert alike["file"].tolist() == [first.name, second.name]
    assert set(alike["form"]) == {BASE.name}
    assert all(word in alike["message"].iloc[0] for word in (second.name.split("_")[1], "完全相同"))


def test_few_zero_or_blank_figures_are_no_copy() -> None:
    enough = [str(figure) for figure in range(11, 11 + SAME_AMOUNTS)]
    few = [*enough[:-1], *enough[:-1]]  # as many cells, one different amount too few
    assert told_of(base_of([amounts(*few), amounts(*few)])) == []
    assert told_of(base_of([amounts(*["0"] * 20), amounts(*["0"] * 20), {}, {}])) == []
    same = told_of(base_of([amounts(*enough), amounts(*enough), amounts(*enough[:-1], "99")]))
    assert [(finding.rule, finding.unit_code) for finding in same] == [("W-02", "U0"), ("W-02", "U1")]
    assert "“单位1”" in same[0].message


def test_one_units_own_tables_may_be_alike() -> None:
    enough = [str(figure) for figure in range(11, 21)]
    returns = returns_of(BASE, 2, unit="U7")
    wide = widen(BASE, returns, values_of(BASE, [amounts(*enough), amounts(*enough)]))
    assert told_of(wide) == []


@pytest.mark.parametrize(
    ("broken", "count", "expected"), [(6, 10, True), (5, 10, False), (9, 9, False), (12, 20, True)]
)
def test_a_rule_that_most_break(broken: int, count: int, expected: bool) -> None:
    rows: list[dict[str, Given]] = [
        {"控制率": Decimal("0.5" if number < broken else "0.9"), "实际在职人数": Decimal(9), "编制数": Decimal(10)}
        for number in range(count)
    ]
    findings = [finding for finding in told_of(base_of(rows)) if finding.rule == "W-03"]
    assert [(finding.item, finding.severity, finding.layer) for finding in findings] == [
        ("G-07", "表样问题", "表样")
    ] * expected
    assert MOST_CHECKED == 10
    if expected:
        assert f"{count} 家单位中有 {broken} 家不符" in findings[0].message


def test_a_habit_of_many_units_is_only_a_hint() -> None:
    rows: list[dict[str, Given]] = [{"实际在职人数": Decimal(11), "编制数": Decimal(10)} for _ in range(12)]
    findings = [finding for finding in told_of(base_of(rows)) if finding.rule == "W-03"]
    assert [(finding.item, finding.severity, finding.layer) for finding in findings] == [("G-08", "提示", "汇总")]


ORDINARY = ["0.98", "0.97", "1", "0.95", "0.99", "0.96", "1", "0.94"]


def test_a_rate_unlike_its_peers() -> None:
    wide = rates_of(*ORDINARY, "0.31")
    findings = told_of(wide, roster_of(9))
    assert [(finding.rule, finding.unit_code, finding.item, finding.severity) for finding in findings] == [
        ("W-04", "U8", "年度资金总额.执行率", "提示")
    ]
    assert (findings[0].stated, findings[0].expected, findings[0].cell) == ("31%", "97%", "A1")
    assert "“县财政局”所属报了这一项的 9 家单位" in findings[0].message


def test_too_few_peers_other_departments_and_no_roster_tell_nothing() -> None:
    assert PEERS == 8
    wide = rates_of(*ORDINARY, "0.31")
    assert told_of(wide, roster_of(9, alone=1)) == []
    assert told_of(wide, roster_of(9, alone=2)) == []
    assert told_of(wide) == []
    assert told_of(rates_of(*ORDINARY[:7], "0.31"), roster_of(8)) == []


@pytest.mark.parametrize("figures", ["1 1 1 1 1 1 1 1 1 1 1 0.9", "0.2 0.4 0.5 0.7 0.9 1 0.6 0.8 0.1 1.3"])
def test_ordinary_spread_is_no_outlier(figures: str) -> None:
    rates = figures.split()
    assert told_of(rates_of(*rates), roster_of(len(rates))) == []
