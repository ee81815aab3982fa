"""`gouji rules try` says exactly what a run under the same rules finds, from the stored values alone."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gouji.bureau_rules.trial import MOST
from gouji.bureau_rules.tried import CHANGED, NEW, OFF, STOPPED
from gouji.export.data_files import data_file
from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.build import PASTED, ROSTER
from gouji.templates.catalogue import Catalogue
from gouji.templates.layer import INSTALLED
from gouji.templates.verdicts import WORST_FIRST
from gouji.workers.here import Here
from tests.test_commands import gouji
from tests.test_no_english import english, shown

PROJECT, BASE = "预算支出绩效自评表", "部门整体支出绩效评价基础数据表"
KEY = f"{PROJECT}@湖南-2020"
EDITIONS = {
    PROJECT: """\
extends: 湖南-2020
edition: 湖南-2020
basis: 测试
change:
  checks:
    A-17: {rule: 全年执行数 < 全年预算数}
    A-10: {active: ACTIVE}
add:
  checks:
    - {id: 本-01, rule: 全年执行数 ≥ 年初预算数, each: 每行, severity: 提示, active: ACTIVE}
    - {id: 本-02, rule: 合计(产出指标.得分) ≥ 45, severity: 核实性}
    - {id: 本-03, rule: "若(得分 = 分值, 有(偏差原因))", each: 指标, severity: 核实性}
    - {id: 本-04, rule: 年度资金总额.全年执行数 = 上年(年度资金总额.全年执行数), layer: 跨年, severity: 核实性}
    - {id: 本-05, rule: 有(联系电话), severity: 核实性}
""",
    BASE: """\
extends: 衡山县-2021
edition: 衡山县-2021
basis: 测试
add:
  checks:
    - {id: 本-06, rule: 三公经费 ≤ 公用经费, each: 金额列, severity: 核实性}
    - {id: 本-07, rule: 项目支出.本年决算数 ≥ 合计(自评表.年度资金总额.全年执行数), layer: 表间, severity: 核实性}
""",
}


def own_forms(folder: Path, active: str) -> Path:
    for form, text in EDITIONS.items():
        place = folder / form / f"{'湖南-2020' if form == PROJECT else '衡山县-2021'}.yaml"
        place.parent.mkdir(parents=True)
        place.write_text(text.replace("ACTIVE", active), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def round_(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results by the editions that come with gouji, with no file left to be read again."""
    place = tmp_path_factory.mktemp("tried")
    shutil.copytree(published / PASTED, place / "收到")
    run([place / "收到"], place / "结果", roster_path=ROSTER, only=())
    shutil.rmtree(place / "收到")
    own_forms(place / "表样", "false")
    return place


@pytest.fixture(scope="module")
def bound(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A run in which all these rules bind."""
    catalogue = Catalogue.of([INSTALLED, own_forms(tmp_path_factory.mktemp("bound"), "true")])
    return run([published / PASTED], roster_path=ROSTER, catalogue=catalogue)


@pytest.fixture
def tried(
    round_: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, dict[str, object]]]:
    monkeypatch.chdir(round_)
    monkeypatch.setattr("gouji.commands.try_rules.chosen", lambda jobs: nullcontext(Here()))

    def told(form: str, *options: str) -> dict[str, dict[str, object]]:
        status, out, err = gouji(capsys, "rules", "try", form, "--on", "结果", "--forms", "表样", "--json", *options)
        assert status == 0, err
        return {row["rule"]: row for row in json.loads(out)["rules"]}

    return told


def said(results: Results, form: str, edition: str, rule: str) -> tuple[dict[str, int], dict[str, int]]:
    """(worst verdict → returns, verdict → times) of a rule in a run."""
    returns = results.returns
    mine = returns.loc[returns["form"].eq(form) & returns["edition"].eq(edition), "return_id"]
    rows = results.verdicts.frame(["return_id", "rule", "verdict"], rule={rule})
    rows = rows[rows["return_id"].isin(mine)]
    worst = rows["verdict"].map(WORST_FIRST.index).groupby(rows["return_id"]).min()
    counts = Counter(WORST_FIRST[rank] for rank in worst)
    times = Counter(rows["verdict"])
    return {one: counts[one] for one in WORST_FIRST}, {one: times[one] for one in WORST_FIRST}


def test_a_trial_says_what_a_run_says(tried: Callable[..., dict[str, dict[str, object]]], bound: Results) -> None:
    for form, edition in ((PROJECT, "湖南-2020"), (BASE, "衡山县-2021")):
        rows = tried(f"{form}@{edition}")
        for rule, row in rows.items():
            if row["asked"]:
                assert (row["returns"], row["times"]) == said(bound, form, edition, rule), rule
        assert all(sum(row["returns"].values()) for row in rows.values() if row["asked"])  # type: ignore[attr-defined]
    assert {rule for rule, row in tried(KEY).items() if not row["asked"]} == {"Y-03", "本-04", "本-05"}


def test_examples_are_verdicts_of_that_run(tried: Callable[..., dict[str, dict[str, object]]], bound: Results) -> None:
    names = ["rule", "return_id", "item", "verdict"]
    judged = set(bound.verdicts.frame(names)[names].itertuples(index=False, name=None))
    told = [(row["rule"], row["examples"]) for row in tried(KEY).values()]
    for rule, examples in told:
        keys = [(rule, one["return_id"], one["item"], one["verdict"]) for one in examples]  # type: ignore[attr-defined]
        assert set(keys) <= judged and len({key[1::2] for key in keys}) == len(keys) <= 2 * MOST, rule
        assert all(one["cell"] and one["message"] for one in examples), rule  # type: ignore[attr-defined]
    assert {rule for rule, examples in told if examples} >= {"A-17", "本-03"}


def test_only_what_the_results_were_not_judged_by_is_tried(
    round_: Path, tried: Callable[..., dict[str, dict[str, object]]]
) -> None:
    """An edition of another name, against the one that it extends and that the run used."""
    place = round_ / "表样" / PROJECT / "某县-2026.yaml"
    text = EDITIONS[PROJECT].replace("edition: 湖南-2020", "edition: 某县-2026").replace("ACTIVE", "false")
    place.write_text(text, encoding="utf-8")
    own = round_ / "表样" / PROJECT / "湖南-2020.yaml"
    kept = own.read_text(encoding="utf-8")
    own.unlink()
    try:
        states = {rule: row["state"] for rule, row in tried(f"{PROJECT}@某县-2026").items()}
    finally:
        own.write_text(kept, encoding="utf-8")
        place.unlink()
    assert states == {
        "A-10": STOPPED, "A-17": CHANGED, "本-01": OFF, "本-02": NEW, "本-03": NEW, "本-04": NEW, "本-05": NEW,
    }  # fmt: skip


def test_what_compares_with_last_year_is_tried_on_last_years_values(
    round_: Path, tmp_path: Path, tried: Callable[..., dict[str, dict[str, object]]]
) -> None:
    """The same tables a year ago: every figure is what it was."""
    (tmp_path / "上年" / "data").mkdir(parents=True)
    returns = pd.read_parquet(data_file(round_ / "结果", "returns"))
    returns.assign(year=returns["year"] - 1).to_parquet(data_file(tmp_path / "上年", "returns"))
    shutil.copy(data_file(round_ / "结果", "values"), data_file(tmp_path / "上年", "values"))
    row = tried(KEY, "--previous", str(tmp_path / "上年"))["本-04"]
    counts: dict[str, int] = row["returns"]  # type: ignore[assignment]
    assert row["asked"] and counts["相符"] > 0 and counts["不符"] == counts["尾差"] == 0


def test_the_workbook_and_the_screen(
    round_: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(round_)
    monkeypatch.setattr("gouji.commands.try_rules.chosen", lambda jobs: nullcontext(Here()))
    before = pd.read_parquet(data_file(Path("结果"), "verdicts"))
    asked = ("rules", "try", KEY, "--on", "结果", "--forms", "表样", "--out", str(tmp_path / "试算.xlsx"))
    status, out, _ = gouji(capsys, *asked)
    assert status == 0 and "没有改动任何结果" in out and "本-01 全年执行数应不小于年初预算数（各行分别核对）" in out
    book = openpyxl.load_workbook(tmp_path / "试算.xlsx")
    assert book.sheetnames == ["规则试算", "例子"] and not english(shown(tmp_path / "试算.xlsx"))
    told = {row[0]: row for row in book["规则试算"].iter_rows(min_row=4, values_only=True)}
    assert told["本-05"][1] == "现有（没有试）" and told["本-05"][4] is None
    assert gouji(capsys, *asked)[0] == 2
    pd.testing.assert_frame_equal(pd.read_parquet(data_file(Path("结果"), "verdicts")), before)
    status, _, err = gouji(capsys, "rules", "try", "专项资金绩效目标自评表", "--on", "表样")
    assert status == 2 and "run.json" in err
