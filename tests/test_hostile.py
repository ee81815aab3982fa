"""Every returned file is hostile until read: each case of tests/hostile gets its verdict, and harms no other file."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from random import Random
from types import MappingProxyType

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from gouji.ingest.limits import MEGABYTE, Limits
from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import Lost
from tests.hostile.base import behind_rows, good, zipped
from tests.hostile.judging import Verdict, crash_of, read_alone, run_together
from tests.hostile.live import live
from tests.hostile.make import case_names, make, make_all
from tests.hostile.manifest import Expected, label, read_manifest
from tests.hostile.trial import Outcome, attempt
from tests.recalculation import converted
from tests.rotation import rotated

os.environ["RUST_BACKTRACE"] = "0"  # of the processes that the files end, which is no news
MANIFEST = MappingProxyType(read_manifest())
AS_ROOT = {"没有权限.xlsx"} if os.geteuid() == 0 else set()
"""Files that root may read all the same."""
READ = {"已收", "重复报送", "重复文件", "未识别", "未收录", "空表"}
"""What a file's tables may be that was not refused."""


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All hostile files by their label."""
    made = make_all(tmp_path_factory.mktemp("hostile"))
    return {label(name): path for name, path in made.items() if name not in AS_ROOT}


@pytest.fixture(scope="session")
def outcomes(files: dict[str, Path]) -> dict[str, Outcome]:
    """What becomes of each alone."""
    return {label(name): outcome for name, outcome in read_alone(list(files.values())).items()}


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run over all of them writes."""
    return tmp_path_factory.mktemp("out") / "结果"


@pytest.fixture(scope="session")
def verdicts(files: dict[str, Path], outcomes: dict[str, Outcome], out: Path) -> dict[str, Verdict]:
    """What becomes of each in one run over all; those that end a whole run today are run by themselves."""
    crashing = {name for name in files if MANIFEST[name].now.verdict.startswith("crashed")}
    judged = run_together((path for name, path in files.items() if name not in crashing), out)
    together = {
        name: judged.verdict(outcomes[name], label(path.name), MANIFEST[name].right.cells)
        for name, path in files.items()
        if name not in crashing
    }
    return together | {name: Verdict(crash_of(files[name])) for name in crashing}


def test_the_manifest_has_every_case_and_no_other() -> None:
    assert sorted(MANIFEST) == sorted(map(label, case_names()))
    assert len(MANIFEST) >= 130


def test_known_faults_are_faults() -> None:
    """What is listed as wrong differs from what is right; a mended one leaves the list."""
    listed = {name: case for name, case in MANIFEST.items() if case.now is not case.right}
    assert [name for name, case in listed.items() if case.now == case.right] == []


@pytest.mark.deep
def test_every_file_gets_its_verdict(verdicts: dict[str, Verdict]) -> None:
    """A verdict that changed fails, also when it became better: then the manifest is to be changed."""
    changed = {
        name: (verdict, MANIFEST[name].now) for name, verdict in verdicts.items() if verdict != MANIFEST[name].now
    }
    assert changed == {}


@pytest.mark.deep
@pytest.mark.usefixtures("verdicts")
def test_nothing_of_them_is_live_in_the_outputs(out: Path) -> None:
    assert list(live(out)) == []


def test_what_is_live_is_seen(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "活.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula(0, 0, "=SUM(A2:A3)")
        sheet.write_formula(0, 1, '=HYPERLINK("x")')
        sheet.write_formula(0, 2, "=cmd|'/c calc'!A0")
        sheet.write_url(0, 3, "https://example.invalid")
    (tmp_path / "findings.csv").write_text("-1.5,=1+1,好\n", encoding="utf-8-sig")
    assert len(list(live(tmp_path))) == 4


@pytest.mark.deep
def test_no_worker_dies_of_what_is_not_told_to_kill_it(outcomes: dict[str, Outcome]) -> None:
    died = sorted(name for name, outcome in outcomes.items() if outcome.code == "已隔离")
    assert died == sorted(name for name, case in MANIFEST.items() if case.now.verdict == "已隔离")


@pytest.mark.deep
def test_every_refusal_has_a_reason_that_its_sender_understands(outcomes: dict[str, Outcome]) -> None:
    refused = {name: outcome for name, outcome in outcomes.items() if outcome.reason and outcome.code != "已隔离"}
    poor = [
        name
        for name, outcome in refused.items()
        if not re.fullmatch(r"[^a-z]*(?:[a-zA-Z0-9. ]{1,12}[^a-z]+)*。", outcome.reason)
    ]
    assert poor == []


@pytest.mark.deep
def test_measured(
    files: dict[str, Path], outcomes: dict[str, Outcome], record_property: Callable[[str, object], None]
) -> None:
    """Told at the end of the run. Times are not asserted tightly: the machines are shared."""
    counts = Counter(MANIFEST[name].now.verdict for name in files)
    slowest = max(outcomes, key=lambda name: outcomes[name].seconds)
    largest = max(outcomes, key=lambda name: outcomes[name].memory)
    small = [name for name, path in files.items() if path.is_file() and path.stat().st_size < 10_000_000]
    tardy = max(small, key=lambda name: outcomes[name].admission)
    record_property("hostile files", len(files))
    record_property("verdicts", "、".join(f"{verdict} {count}" for verdict, count in counts.most_common()))
    record_property("slowest file", f"{slowest}, {outcomes[slowest].seconds:.1f} s")
    record_property("slowest admission under 10 MB", f"{tardy}, {outcomes[tardy].admission:.1f} s")
    record_property("admissions over 1 s", sum(outcomes[name].admission > 1 for name in small))
    record_property("largest memory", f"{outcomes[largest].memory:.0f} MB ({largest})")
    assert max(outcome.seconds for outcome in outcomes.values()) < 60


def test_macros_and_links_are_told_to_the_auditor(tmp_path: Path) -> None:
    results = run([make(tmp_path, "宏.xlsx")])
    assert results.findings["message"].str.contains("宏").any()


def test_a_file_that_takes_all_memory_costs_no_other(tmp_path: Path) -> None:
    greedy = behind_rows(f"<extLst><ext>{'<a/>' * 3_000_000}</ext></extLst>")
    (tmp_path / "贪.xlsx").write_bytes(greedy(good(1)))
    (tmp_path / "好.xlsx").write_bytes(zipped(good(2)))
    with closing(LocalWorkers(1, Limits(memory=1500 * MEGABYTE))) as workers:
        first, second = [workers.submit(attempt, tmp_path / name) for name in ("贪.xlsx", "好.xlsx")]
        with suppress(Lost):
            first.result()
        assert second.result().code == ""


def test_a_good_file_needs_little_memory(tmp_path: Path) -> None:
    (tmp_path / "好.xlsx").write_bytes(zipped(good(2)))
    with closing(LocalWorkers(1, Limits(memory=300 * MEGABYTE))) as workers:
        assert workers.submit(attempt, tmp_path / "好.xlsx").result().code == ""


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("seed", rotated("poison", [1, 2]))
def test_poison_changes_nothing_about_the_good_files(seed: int, tmp_path: Path) -> None:
    """Refused and quarantined files at random places in a batch: equal bytes for all the others."""
    generate(tmp_path, 6, 0.3, seed=seed)
    random = Random(seed)
    before = _data(tmp_path, tmp_path / "先")
    poison = [name for name in sorted(case_names()) if _is_poison(MANIFEST[label(name)]) and name not in AS_ROOT]
    made = (make(tmp_path / "毒", name) for name in random.sample(poison, len(poison)))
    chosen = list(islice((path for path in made if path.is_file()), 20))
    for path in chosen:
        shutil.copyfile(path, tmp_path / WORKBOOKS / f"{random.randrange(10**9):09}-{label(path.name)}")
    assert _data(tmp_path, tmp_path / "后") == before
    returns = pd.read_parquet(tmp_path / "后" / "data" / "returns.parquet")
    turned_away = returns["status"].isin(["无法读取", "已隔离", "附件"])
    assert turned_away.sum() == len(chosen)
    assert returns.loc[turned_away, "reason"].notna().all()


def _is_poison(case: Expected) -> bool:
    verdict = case.now.verdict
    return verdict not in READ and "、" not in verdict and not verdict.startswith("crashed")


def _data(batch: Path, out: Path) -> dict[str, str]:
    with closing(LocalWorkers(2)) as workers:
        run([batch / WORKBOOKS], out, roster_path=batch / ROSTER, year=2021, workers=workers, only=())
    names = ("values", "scores")
    return {name: hashlib.sha256((out / "data" / f"{name}.parquet").read_bytes()).hexdigest() for name in names}


# ---- ordinary files are not refused --------------------------------------------------------------


def _by_openpyxl(path: Path) -> None:
    """Our own workbook, loaded and saved by another program."""
    path.write_bytes(zipped(good(1)))
    openpyxl.load_workbook(path).save(path)


def _by_xlsxwriter(path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("表")
        for row in range(2000):
            sheet.write_row(row, 0, [f"项目{row}", row * 1.25, row / 7, "说明"])
        sheet.merge_range("F1:H3", "合并")
        sheet.insert_textbox("J1", "框")
        sheet.add_table("A1:D2000")
        sheet.data_validation("B1:B2000", {"validate": "decimal", "criteria": ">=", "value": 0})
        chart = workbook.add_chart({"type": "column"})
        chart.add_series({"values": "=表!$B$1:$B$9"})
        sheet.insert_chart("F9", chart)


def _by_openpyxl_new(path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in range(500):
        sheet.append([f"第{row}行", row, f"=B{row + 1}*2", None, row % 2 == 0])
    workbook.create_sheet("隐藏").sheet_state = "hidden"
    workbook.create_chartsheet("图")
    workbook.save(path)


@pytest.mark.parametrize("write", [_by_openpyxl, _by_openpyxl_new, _by_xlsxwriter])
def test_ordinary_workbooks_are_not_refused(write: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "普通.xlsx"
    write(path)
    outcome = attempt(path)
    assert (outcome.code, outcome.notes) == ("", [])


@pytest.mark.in_turn("long")
@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", rotated("ordinary", ["xls", "ods", "xlsx"]))
def test_ordinary_workbooks_of_libreoffice_are_not_refused(kind: str, tmp_path: Path) -> None:
    _by_xlsxwriter(tmp_path / "表.xlsx")
    (tmp_path / "报.xlsx").write_bytes(zipped(good(1)))
    converted([tmp_path / name for name in ("表.xlsx", "报.xlsx")], tmp_path / kind, kind)
    made = sorted((tmp_path / kind).iterdir())
    assert len(made) == 2
    assert {path.name: attempt(path).code for path in made} == {path.name: "" for path in made}
