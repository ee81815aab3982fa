"""A folder of returned files may hold `pandas.py`: nothing that gouji starts looks for modules there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from gouji.commands.check import check_files
from gouji.pipeline import run
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.layer import INSTALLED
from gouji.workers import import_path
from gouji.workers.cluster import ClusterWorkers
from gouji.workers.import_path import leave_out_current_folder
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import WorkersError
from tests.rotation import deep

pytestmark = pytest.mark.in_turn("import path")
RAN = "ran.txt"
STARTED = """
import multiprocessing, sys
{method}
from gouji.cli import main
if __name__ == "__main__":
    sys.exit(main())
"""
METHODS = {"fork server": "", "spawn": "multiprocessing.get_all_start_methods = lambda: ['spawn']"}


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A folder with two returns, a roster, and a file in the name of every module that gouji or Python may ask for."""
    folder = tmp_path / "收到"
    folder.mkdir()
    generate(folder, 2, 0.5, seed=5)
    loaded = {name.partition(".")[0] for name in sys.modules}
    for name in (sys.stdlib_module_names | loaded | {"sitecustomize", "usercustomize"}) - {"__main__", "__mp_main__"}:
        (folder / f"{name}.py").write_text(f"open({str(folder / RAN)!r}, 'a').write('{name}\\n')\n", encoding="utf-8")
    return folder


def _said(started: list[str], *arguments: str, folder: Path) -> str:
    """What a command prints that is started in a folder, as it is from a shell."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    ended = subprocess.run(
        [*started, *arguments], cwd=folder, env=plain, capture_output=True, encoding="utf-8", check=False
    )
    assert ended.returncode in (0, 1), ended.stderr
    assert not (folder / RAN).exists(), (folder / RAN).read_text(encoding="utf-8")
    return ended.stdout


def _started(tmp_path: Path, method: str) -> list[str]:
    script = tmp_path / "start.py"
    script.write_text(STARTED.format(method=METHODS[method]), encoding="utf-8")
    return [sys.executable, str(script)]


def test_workers_of_a_fork_server_run_no_module_beside_the_returns(trapped: Path, tmp_path: Path) -> None:
    started, asked = _started(tmp_path, "fork server"), ["--units", ROSTER, "--year", "2021", "--out"]
    (file,) = sorted((trapped / WORKBOOKS).glob("*.xlsx"))[:1]
    assert "部门整体支出" in _said(started, "check", str(file), folder=trapped)
    assert "2 个单位" in _said(started, "issue", "基础数据表@衡山县-2021", *asked, "下发", folder=trapped)


@pytest.mark.deep
def test_spawned_workers_run_no_module_beside_the_returns(trapped: Path, tmp_path: Path) -> None:
    started, asked = _started(tmp_path, "spawn"), ["--units", ROSTER, "--year", "2021", "--out"]
    assert "2 个文件" in _said(started, "run", WORKBOOKS, *asked, "结果", "--jobs", "1", folder=trapped)
    _said(started, "archive", "结果", folder=trapped)
    assert "与归档的相同" in _said(started, "replay", "结果-归档.zip", "--jobs", "1", folder=trapped)


def test_a_module_run_by_name_leaves_the_folder_out(trapped: Path) -> None:
    # Python puts the folder in front before any of our code runs: only what is loaded after that can be kept out.
    for name in {*sys.stdlib_module_names, "gouji"}:
        (trapped / f"{name}.py").unlink(missing_ok=True)
    file = min((trapped / WORKBOOKS).glob("*.xlsx"))
    assert "部门整体支出" in _said([sys.executable, "-m", "gouji"], "check", str(file), folder=trapped)


def test_a_stray_colon_adds_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "/usr/lib/somewhere", str(tmp_path), os.curdir])
    monkeypatch.setenv("PYTHONPATH", f":/usr/lib/somewhere:{tmp_path}:.")
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    leave_out_current_folder()
    assert sys.path == ["/usr/lib/somewhere"]
    assert (os.environ["PYTHONPATH"], os.environ["PYTHONSAFEPATH"]) == ("/usr/lib/somewhere", "1")


def test_a_checkout_that_one_stands_in_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(import_path._HOME)
    monkeypatch.setattr(sys, "path", ["", import_path._HOME])
    leave_out_current_folder()
    assert sys.path == ["", import_path._HOME]


@pytest.mark.parametrize("safe", [deep(True), False])  # a cluster takes as much as ten runs
def test_a_cluster_worker_runs_none_of_them_or_is_refused(trapped: Path, tmp_path: Path, safe: bool) -> None:
    dask = [sys.executable, *(["-P"] if safe else []), "-m", "dask"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    scheduler, address = _begun([*dask, "scheduler", "--port", "0"], tmp_path, tmp_path / "scheduler.json", environment)
    where = trapped if safe else tmp_path
    environment |= {"PYTHONSAFEPATH": "1"} if safe else {}
    options = ["--nthreads", "1", "--scheduler-file", str(tmp_path / "scheduler.json"), "--no-dashboard"]
    worker = subprocess.Popen(
        [*dask, "worker", *options, "--local-directory", str(tmp_path)],
        cwd=where, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        if safe:
            with closing(ClusterWorkers(address)) as workers:
                results = run([trapped / WORKBOOKS], tmp_path / "结果", year=2021, workers=workers, only=())
            assert results.run["counts"]["files"] == 2
            assert not (trapped / RAN).exists()
        else:
            with pytest.raises(WorkersError, match="PYTHONSAFEPATH=1"):
                ClusterWorkers(address)
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait()


def _begun(
    command: list[str], folder: Path, file: Path, environment: dict[str, str]
) -> tuple[subprocess.Popen[bytes], str]:
    process = subprocess.Popen(
        [*command, "--scheduler-file", str(file), "--no-dashboard"],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (file.exists() and file.read_text(encoding="utf-8")) and time.monotonic() < end:
        time.sleep(0.1)
    return process, str(json.loads(file.read_text(encoding="utf-8"))["address"])


def test_a_broken_definition_is_one_sentence_for_every_command(trapped: Path, tmp_path: Path) -> None:
    broken = tmp_path / "forms"
    for path in sorted(INSTALLED.glob("*/*.yaml")):
        place = broken / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes() + b"\nunknown_key: 1\n")
    (file,) = sorted((trapped / WORKBOOKS).glob("*.xlsx"))[:1]
    commands = (
        ["check", str(file)],
        ["run", WORKBOOKS, "--out", "结果"],
        ["issue", "基础数据表@衡山县-2021", "--units", ROSTER, "--year", "2021", "--out", "下发"],
    )
    for command in commands:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "gouji", *command, "--forms", str(broken)], cwd=trapped, capture_output=True,
            encoding="utf-8", check=False,
        )  # fmt: skip
        assert (ended.returncode, "表样定义有误" in ended.stderr, "unknown_key" in ended.stderr) == (2, True, True)
        assert "Traceback" not in ended.stderr


def _nowhere(*_: object) -> None:
    raise OSError("no more processes")


def test_workers_that_cannot_be_started_are_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("multiprocessing.popen_forkserver.Popen.__init__", _nowhere)
    (tmp_path / "空.xlsx").write_bytes(b"")
    with pytest.raises(WorkersError, match="本机无法启动工作进程"), closing(LocalWorkers(1)) as workers:
        run([tmp_path / "空.xlsx"], workers=workers)
    monkeypatch.setattr("os.fork", _nowhere)
    with pytest.raises(WorkersError, match="本机无法启动工作进程"):
        check_files([tmp_path / "空.xlsx"], None, None, as_json=True)
