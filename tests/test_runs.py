"""How a batch is worked through: in parts, by workers that may die, from kept readings; the results stay equal."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL

import distributed  # noqa: F401 (its settings must be there before a test changes one and puts back what was)
import numpy as np
import openpyxl
import pandas as pd
import pytest
from dask import config as dask_config

from gouji import parts, pipeline
from gouji.commands import run as run_command
from gouji.examining import Examined
from gouji.export.stored import arrow
from gouji.files import UnreachableError
from gouji.ingest.kept import Kept, KeptError, key
from gouji.ingest.limits import Limits
from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.layer import INSTALLED
from gouji.workers.cluster import ClusterWorkers, open_to_others
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import WorkersError
from tests.patience import slowed
from tests.rotation import deep, rotated
from tests.sabotage import Sabotaged, read_or_die, read_or_die_once

UNITS = 6
FRAMES = ("returns", "values", "verdicts", "findings", "scores", "totals")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    generate(folder, UNITS, 0.3, seed=4)
    return folder


@pytest.fixture(scope="module")
def undisturbed(batch: Path) -> dict[str, str]:
    """What a run in this process gives."""
    _run(batch, batch / "undisturbed" / "结果")
    return hashes(batch / "undisturbed" / "结果")


@pytest.fixture(scope="module")
def local() -> Iterator[LocalWorkers]:
    with closing(LocalWorkers(2)) as workers:
        yield workers


def _run(batch: Path, out: Path, **options: object) -> None:
    run([batch / WORKBOOKS], out, roster_path=batch / ROSTER, year=2021, only=(), **options)  # type: ignore[arg-type]


def _part_of(batch: Path, folder: Path, count: int = 3) -> Path:
    """A folder with so many of the batch's workbooks and its roster."""
    (folder / WORKBOOKS).mkdir()
    for path in sorted((batch / WORKBOOKS).glob("*.xlsx"))[:count]:
        shutil.copy(path, folder / WORKBOOKS)
    shutil.copy(batch / ROSTER, folder / ROSTER)
    return folder


def hashes(out: Path) -> dict[str, str]:
    """The data files of a run; run.json and the workbook state when they were made."""
    files = [*(out / "data" / f"{name}.parquet" for name in FRAMES), out / "findings.csv"]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("jobs", [deep(1), 2])
def test_worker_processes_give_the_same_files(
    jobs: int, batch: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    with closing(LocalWorkers(jobs)) as workers:
        _run(batch, tmp_path / "结果", workers=workers)
    assert hashes(tmp_path / "结果") == undisturbed


@pytest.mark.in_turn("long")
def test_the_size_of_the_parts_changes_no_row(batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames, few = {}, _part_of(batch, tmp_path, 2)
    for size in (1, 10_000):
        monkeypatch.setattr(parts, "PART", size)
        _run(few, tmp_path / str(size))
        frames[size] = {name: pd.read_parquet(tmp_path / str(size) / "data" / f"{name}.parquet") for name in FRAMES}
    for name in FRAMES:
        small, large = (frame[name].sort_values(list(frame[name].columns)) for frame in frames.values())
        pd.testing.assert_frame_equal(small.reset_index(drop=True), large.reset_index(drop=True))


def test_frames_travel_without_a_change() -> None:
    texts = pd.array(["甲", None] * 500, dtype="str")
    many = pd.DataFrame({"甲": texts, "乙": np.arange(1000) / 3, "丙": pd.array([None, 7] * 500, dtype="Int64")})
    examined = pickle.loads(pickle.dumps(Examined.of({"many": many, "none": many.iloc[:0]})))
    for name, frame in {"many": many, "none": many.iloc[:0]}.items():
        assert examined[name].equals(arrow(frame)) and examined[name].schema.equals(
            arrow(frame).schema, check_metadata=True
        )
    assert len(examined.packed["many"]) < arrow(many).nbytes


def test_a_part_holds_whole_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 2)
    returns = pd.DataFrame(
        {
            "return_id": list("abcdefg"), "form": ["表"] * 6 + [None], "file": list("aabcdeg"),
            "unit_code": ["1", "2", "1", None, None, "2", None], "unit": ["甲", "乙", "甲", "丙", None, "乙", None],
        }
    ).astype("string")  # fmt: skip
    divided = [list(rows["return_id"]) for rows in parts.divided(returns)]
    assert divided == [["a", "c"], ["b", "f"], ["d", "e"]]
    assert list(parts.divided(returns.iloc[6:])) == [] and parts.part_count(returns.iloc[6:]) == 0
    assert parts.part_count(returns) == len(divided)


@pytest.mark.parametrize("name", rotated("quarantine", ["中断.xlsx", "挂起.xlsx", "内存.xlsx"]))
def test_a_file_that_costs_its_worker_is_quarantined_and_no_other(
    name: str, batch: Path, undisturbed: dict[str, str], local: LocalWorkers, tmp_path: Path
) -> None:
    shutil.copytree(batch / WORKBOOKS, tmp_path / WORKBOOKS)
    (tmp_path / WORKBOOKS / name).write_bytes(b"anything")
    shutil.copy(batch / ROSTER, tmp_path / ROSTER)
    deadline = int(slowed(8))
    with closing(LocalWorkers(2, Limits(deadline=deadline))) as workers:
        _run(tmp_path, tmp_path / "结果", workers=Sabotaged(workers, read_or_die, local))
    returns = pd.read_parquet(tmp_path / "结果" / "data" / "returns.parquet")
    lost = returns[returns["status"] == "已隔离"]
    assert list(lost["file"]) == [name]
    assert list(lost["sha256"]) == [hashlib.sha256(b"anything").hexdigest()]
    said = {"中断.xlsx": "意外结束", "挂起.xlsx": f"超过 {deadline} 秒", "内存.xlsx": "内存"}
    assert said[name] in lost["reason"].iloc[0]
    findings = pd.read_parquet(tmp_path / "结果" / "data" / "findings.parquet")
    assert list(findings.loc[findings["file"] == name, "rule"]) == ["R-09"]
    assert hashes(tmp_path / "结果")["values.parquet"] == undisturbed["values.parquet"]
    assert hashes(tmp_path / "结果")["scores.parquet"] == undisturbed["scores.parquet"]


@pytest.mark.in_turn("runs broken off")
def test_every_output_of_a_resumed_run_is_that_of_an_undisturbed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the time, which stands in run.json and in one named cell of 汇总.xlsx."""
    generate(tmp_path, 2, 0.5, seed=5)
    options = {"roster_path": tmp_path / ROSTER, "year": 2021}
    outs = tmp_path / "一次做完" / "结果", tmp_path / "中断过" / "结果"
    for out, time_ in zip(outs, ("2026-01-02T03:04:05", "2026-01-02T05:06:07"), strict=True):
        monkeypatch.setattr(pipeline, "now", lambda time_=time_: time_)
        if out is outs[1]:
            with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
                patch.setattr(pipeline, "write_results", _stopped)
                run([tmp_path / WORKBOOKS], out, **options)  # type: ignore[arg-type]
            assert not out.exists()
        run([tmp_path / WORKBOOKS], out, **options)  # type: ignore[arg-type]
    assert (taken_from_before(outs[0]), taken_from_before(outs[1])) == (0, len(list((tmp_path / WORKBOOKS).iterdir())))
    undisturbed, resumed = (
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()} for out in outs
    )
    assert undisturbed.keys() == resumed.keys()
    assert {str(name) for name in resumed if resumed[name] != undisturbed[name]} == {"run.json", "汇总.xlsx"}
    books = [openpyxl.load_workbook(out / "汇总.xlsx") for out in outs]
    sheet, cell = next(iter(books[0].defined_names["运行时间"].destinations))
    differ = {
        (name, cell_before.coordinate)
        for name in books[0].sheetnames
        for rows in zip(*(book[name].iter_rows() for book in books), strict=True)
        for cell_before, cell_after in zip(*rows, strict=True)
        if cell_before.value != cell_after.value
    }
    assert differ == {(sheet, cell.replace("$", ""))}
    packed = [zipfile.ZipFile(out / "汇总.xlsx") for out in outs]
    unlike = [name for name in packed[0].namelist() if packed[0].read(name) != packed[1].read(name)]
    assert len(unlike) == 1


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt


COMMAND = [sys.executable, "-m", "gouji"]


MOMENTS = {"started": 0, **{f"{count} read": count for count in range(1, UNITS)}, "writing": UNITS}
"""When a run is killed → the files that it has read by then."""


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("moment", rotated("killed", [*MOMENTS]))
def test_a_run_killed_at_any_moment_is_continued_by_the_next(
    moment: str, batch: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "结果"
    options = [
        str(batch / WORKBOOKS),
        "--units",
        str(batch / ROSTER),
        "--year",
        "2021",
        "--out",
        str(out),
        "--jobs",
        "2",
    ]
    options += ["--only", "数据"]
    killed = subprocess.Popen([*COMMAND, "run", *options], stdout=subprocess.DEVNULL)
    wait_for(moment, out, killed)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not out.exists()
    with closing(Kept(tmp_path / ".结果.gouji-kept", built_in())) as kept:
        read = len(kept)
    _run(batch, out)
    assert hashes(out) == undisturbed
    assert taken_from_before(out) == read


def wait_for(moment: str, out: Path, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + slowed(120)
    while time.monotonic() < end and running.poll() is None:
        drafts = list(out.parent.glob(".结果.gouji-writing-*"))
        if moment == "writing" and drafts:
            return
        if moment != "writing" and out.with_name(".结果.gouji-kept").exists() and _read(out) >= MOMENTS[moment]:
            return
        time.sleep(0.02)
    raise AssertionError(f"the run never got there: {moment}")


def _read(out: Path) -> int:
    with closing(Kept(out.with_name(".结果.gouji-kept"), built_in())) as kept:
        return len(kept)


def taken_from_before(out: Path) -> int:
    return int(json.loads((out / "run.json").read_text(encoding="utf-8"))["counts"]["kept"])


@pytest.mark.in_turn("runs broken off")
def test_a_run_reads_what_is_new_and_drops_what_is_gone(batch: Path, tmp_path: Path) -> None:
    _part_of(batch, tmp_path)
    out = tmp_path / "结果"
    files = sorted((tmp_path / WORKBOOKS).glob("*.xlsx"))
    counts = []
    for change in (lambda: None, lambda: None, files[0].unlink, lambda: files[1].write_bytes(files[2].read_bytes())):
        change()
        _run(tmp_path, out)
        counts.append(taken_from_before(out))
    assert counts == [0, len(files), len(files) - 1, len(files) - 1]
    _run(tmp_path, out, fresh=True)
    assert taken_from_before(out) == 0
    with closing(Kept(tmp_path / ".结果.gouji-kept", built_in())) as kept:
        assert len(kept) == len(files) - 2


@pytest.mark.in_turn("long")
@pytest.mark.parametrize(
    ("changed", "all_again"), rotated("changed definition", [("自评表", True), ("专项资金", False)])
)
def test_a_changed_definition_makes_only_its_own_files_be_read_again(
    changed: str, all_again: bool, batch: Path, tmp_path: Path
) -> None:
    """Every unit sends 自评表 and none 专项资金; a change of either is a change of the catalogue."""
    _run(batch, tmp_path / "结果")
    with closing(Kept(tmp_path / ".结果.gouji-kept", built_in())) as kept:
        rows = [json.loads(row[0]) for row in kept._rows.execute("SELECT forms FROM readings")]
    sent = [forms for forms in rows if forms is not None]
    assert len(sent) > UNITS // 2
    for name, edition in built_in().editions:
        if changed in name:
            place = tmp_path / "表样" / name / f"{edition}.yaml"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(f"extends: {edition}\nbasis: 某县另定\n", encoding="utf-8")
    _run(batch, tmp_path / "结果", catalogue=Catalogue.of([INSTALLED, tmp_path / "表样"]))
    assert taken_from_before(tmp_path / "结果") == (0 if all_again else len(sent))


def test_kept_readings_that_are_damaged_are_made_anew(batch: Path, undisturbed: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".结果.gouji-kept").write_bytes(b"no database at all" * 1000)
    _run(batch, tmp_path / "结果")
    assert hashes(tmp_path / "结果") == undisturbed


def test_equal_contents_under_another_kind_of_name_are_not_the_same_reading() -> None:
    assert key("a", "x.xls") != key("a", "x.et")
    assert key("a", "甲.XLSX") == key("a", "乙/丙.xlsx")


@pytest.mark.in_turn("runs broken off")
def test_a_full_disk_is_said_and_the_previous_output_stays(batch: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    _run(batch, out)
    before = hashes(out)
    limited = f"ulimit -f 40; exec '{sys.executable}' -m gouji run '{batch / WORKBOOKS}' --out '{out}' --fresh --jobs 1"
    ended = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.returncode == 2
    assert "请检查磁盘空间和权限" in ended.stderr or "请检查权限和磁盘空间" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert hashes(out) == before


def test_a_place_where_nothing_can_be_kept_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeptError, match="请检查磁盘空间和权限"):
        Kept(tmp_path / "没有" / "kept", built_in())


_AT_HOME = ["--protocol", "tls", "--host", "127.0.0.1"]


def _with_tls(folder: Path) -> Path:
    """Dask's settings with one certificate for all, as README says."""
    made = (
        f"openssl req -x509 -newkey rsa:2048 -nodes -keyout {folder}/c.key -out {folder}/c.crt -days 2 -subj /CN=gouji"
    )
    subprocess.run(made.split(), check=True, capture_output=True)
    whose = "".join(f"      {role}: {{cert: {folder}/c.crt, key: {folder}/c.key}}\n" for role in _ROLES)
    settings = folder / "cluster.yaml"
    settings.write_text(
        f"distributed:\n  comm:\n    require-encryption: true\n    tls:\n      ca-file: {folder}/c.crt\n{whose}",
        encoding="utf-8",
    )
    return settings


_ROLES = ("scheduler", "worker", "client")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two worker processes, started as README says: with TLS, at a named address."""
    folder = tmp_path_factory.mktemp("cluster")
    where = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    options = ["--scheduler-file", str(where), "--no-dashboard"]
    here = str(Path(__file__).parents[1])  # the tests' own functions are sent to the workers
    safe = os.environ | {"PYTHONSAFEPATH": "1", "PYTHONPATH": here, "DASK_CONFIG": str(_with_tls(folder))}
    begun = [
        subprocess.Popen([*dask, *command, *options], stdout=DEVNULL, stderr=DEVNULL, cwd=folder, env=safe)
        for command in (["scheduler", *_AT_HOME, "--port", "0"], ["worker", "--nworkers", "2", "--nthreads", "1"])
    ]
    end = time.monotonic() + slowed(60)
    while not where.exists() and time.monotonic() < end:
        time.sleep(0.1)
    tls = "distributed.comm.tls"
    tls_settings = {
        f"{tls}.ca-file": f"{folder}/c.crt",
        f"{tls}.client.cert": f"{folder}/c.crt",
        f"{tls}.client.key": f"{folder}/c.key",
    }
    with dask_config.set(tls_settings):
        yield str(json.loads(where.read_text(encoding="utf-8"))["address"])
    for process in reversed(begun):
        process.terminate()
        process.wait()


@pytest.mark.deep  # as the other tests of a cluster are: it takes as much as ten runs to start one
def test_a_cluster_gives_the_same_files(cluster: str, batch: Path, undisturbed: dict[str, str], tmp_path: Path) -> None:
    assert cluster.startswith("tls://127.0.0.1:")
    with closing(ClusterWorkers(cluster)) as workers:
        run(
            [f"file://{batch / WORKBOOKS}"], tmp_path / "结果", roster_path=batch / ROSTER, year=2021, workers=workers,
            only=(),
        )  # fmt: skip
    assert hashes(tmp_path / "结果") == undisturbed


@pytest.mark.deep
def test_a_cluster_worker_that_is_lost_costs_nothing_but_time(
    cluster: str, batch: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(batch / WORKBOOKS, tmp_path / WORKBOOKS)
    shutil.copy(batch / ROSTER, tmp_path / ROSTER)
    mark = tmp_path / WORKBOOKS / "标记"
    mark.touch()
    with closing(ClusterWorkers(cluster)) as workers:
        run(
            sorted((tmp_path / WORKBOOKS).glob("*.xlsx")), tmp_path / "结果", roster_path=tmp_path / ROSTER, year=2021,
            workers=Sabotaged(workers, read_or_die_once), only=(),
        )  # fmt: skip
    assert not mark.exists()
    assert hashes(tmp_path / "结果") == undisturbed


@pytest.mark.deep
def test_a_file_that_ends_cluster_workers_is_quarantined(cluster: str, batch: Path, tmp_path: Path) -> None:
    shutil.copytree(batch / WORKBOOKS, tmp_path / WORKBOOKS)
    (tmp_path / WORKBOOKS / "中断.xlsx").write_bytes(b"anything")
    (tmp_path / WORKBOOKS / "挂起.xlsx").write_bytes(b"anything else")
    with closing(ClusterWorkers(cluster, Limits(deadline=30))) as workers:
        results = run([tmp_path / WORKBOOKS], tmp_path / "结果", workers=Sabotaged(workers, read_or_die), only=())
    lost = results.returns[results.returns["status"] == "已隔离"]
    assert list(lost["file"]) == ["中断.xlsx", "挂起.xlsx"]
    assert (results.returns["status"] != "已隔离").sum() > UNITS


def test_a_cluster_reached_without_its_certificate_is_refused() -> None:
    with (
        dask_config.set({f"distributed.comm.tls.{name}": None for name in ("ca-file", "client.cert", "client.key")}),
        pytest.raises(WorkersError, match="没有找到证书的设置"),
    ):
        ClusterWorkers("tls://127.0.0.1:8786")  # before anybody is asked


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("tcp://10.1.2.3:8786", True),
        ("10.1.2.3:8786", True),
        ("tcp://scheduler:8786", True),
        ("ws://10.1.2.3:8786", True),
        ("tcp://[fe80::1]:8786", True),
        ("tls://10.1.2.3:8786", False),
        ("tcp://127.0.0.1:8786", False),
        ("tcp://localhost:8786", False),
        ("tcp://[::1]:8786", False),
    ],
)
def test_a_cluster_that_is_open_to_others_is_warned_of(address: str, warned: bool) -> None:
    assert ("没有加密" in open_to_others(address)) == warned


def test_the_warning_comes_before_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def none(*_: object) -> None:
        raise WorkersError("")

    with pytest.MonkeyPatch.context() as patch, pytest.raises(WorkersError):
        patch.setattr(run_command, "chosen", none)
        run_command.run_batch(
            [], tmp_path, None, None, None, None,
            jobs=None, cluster="tcp://10.1.2.3:1", limits=None, fresh=False, personal=False, decisions=[],
        )  # fmt: skip
    assert "请按 README 以 TLS 启动集群" in capsys.readouterr().out


@pytest.mark.deep
def test_a_cluster_that_is_not_there_is_said() -> None:
    with pytest.raises(WorkersError, match="连接不上集群"):
        ClusterWorkers("tcp://127.0.0.1:9")


def test_a_url_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    for url in (f"file://{tmp_path / '没有'}", "nowhere://x"):
        with pytest.raises(UnreachableError, match="请核对地址"):
            run([url])
