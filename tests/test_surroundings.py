"""Whatever a command meets around it: other encodings, closed streams, signals, another run, folders in one another."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineError

from gouji import pipeline
from gouji.export.output import OutputError, finish_interrupted, staged, write_outputs, write_results
from gouji.export.outputs import OUTPUTS
from gouji.files import MixedPlacesError, require_apart
from gouji.ingest.files.quiet import opened_quietly
from gouji.locking import BusyError, alone
from gouji.pipeline import run
from gouji.reviewing import earlier_round, keep_edited
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.surroundings import shortage
from gouji.templates.catalogue import built_in
from gouji.templates.review import OPINIONS
from gouji.validate.review.log import LOG, read_log
from gouji.workers.here import Here
from tests.hostile.base import good, zipped
from tests.rotation import deep, rotated
from tests.test_export import results
from tests.test_opinions import write

GOUJI = [sys.executable, "-m", "gouji"]
POSIX = os.name == "posix"


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    return kept | more


@pytest.mark.in_turn("long")
@pytest.mark.skipif(not POSIX, reason="locales and file descriptors of POSIX")
@pytest.mark.parametrize(
    "environment",
    rotated(
        "encoding of the screen",
        [
            {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"},
            {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "gbk"},
            {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "cp1252:strict"},
        ],
    ),
)
def test_any_encoding_of_the_screen(environment: dict[str, str], tmp_path: Path) -> None:
    shutil.copyfile("/dev/null", tmp_path / "空表.xlsx")
    done = subprocess.run(
        [*GOUJI, "check", "空表.xlsx"],
        check=False,
        cwd=tmp_path,
        env=_environment(**environment),
        capture_output=True,
        timeout=300,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)


@pytest.mark.in_turn("long")
@pytest.mark.skipif(not POSIX, reason="file descriptors of POSIX")
@pytest.mark.parametrize("ending", rotated("ending", ["2>&- >&-", ">/dev/full", "| head -c 1; exit ${PIPESTATUS[0]}"]))
def test_streams_that_nobody_reads_leave_the_exit_status(ending: str) -> None:
    line = f"{sys.executable} -m gouji forms list {ending}"
    done = subprocess.run(["bash", "-c", line], check=False, env=_environment(), capture_output=True, timeout=300)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.in_turn("long")
@pytest.mark.skipif(not POSIX, reason="limits of POSIX")
@pytest.mark.parametrize("limit", rotated("limit", ["-v 400000", "-v 600000", "-d 200000", "-n 24", "-f 16"]))
def test_what_is_scarce_is_said_and_nothing_half_done_is_left(limit: str, tmp_path: Path) -> None:
    """Memory, processes, open files, sizes of files: done all the same, or a sentence."""
    (tmp_path / "收到").mkdir()
    (tmp_path / "收到" / "某局.xlsx").write_bytes(zipped(good(0)))
    line = f"ulimit {limit}; exec {sys.executable} -m gouji run 收到 --out 结果 --year 2021 --only 汇总"
    done = subprocess.run(
        ["bash", "-c", line], check=False, cwd=tmp_path, env=_environment(), capture_output=True, timeout=300
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1, 2)
    assert (tmp_path / "结果").exists() == (done.returncode < 2)
    if done.returncode == 2:
        assert done.stderr.decode().rstrip()[-1] in "。）行"


def _wrapped(error: Exception) -> Exception:
    try:
        try:
            raise error
        except Exception as cause:
            raise ValueError("写不出") from cause
    except ValueError as wrapped:
        return wrapped


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (MemoryError(), "内存不足"),
        (OSError(errno.ENOMEM, "x"), "内存不足"),
        (ImportError("x.so: failed to map segment from shared object"), "内存不足"),
        (OSError(errno.EMFILE, "x"), "文件太多"),
        (BlockingIOError(errno.EAGAIN, "x"), "新的进程"),
        (RuntimeError("can't start new thread"), "新的进程"),
    ],
)
def test_shortage_is_told_from_faults(error: Exception, word: str) -> None:
    assert word in str(shortage(error))
    assert word in str(shortage(_wrapped(error)))
    assert [
        shortage(error_other) for error_other in (ValueError("x"), OSError(errno.EACCES, "x"), ImportError("no pandas"))
    ] == [None] * 3


@pytest.mark.in_turn("long")
@pytest.mark.skipif(not POSIX, reason="signals of POSIX")
@pytest.mark.parametrize("number", rotated("signals", [signal.SIGTERM, signal.SIGHUP]))
def test_a_run_that_is_asked_to_stop_clears_up(number: signal.Signals, tmp_path: Path) -> None:
    generate(tmp_path, 8, 0.5, seed=5)
    # On a busy machine a run may be over before the signal reaches it: then once more.
    status, errors = next(end for _ in range(5) if (end := _stopped(tmp_path, number))[0] != 1)
    assert (status, errors) == (2, "已中止。")
    left = {path.name for path in tmp_path.iterdir() if path.name.startswith(".结果")}
    assert not {name for name in left if "writing" in name or "holder" in name}


def _stopped(folder: Path, number: signal.Signals) -> tuple[int, str]:
    """Exit status and last words of a run that got a signal as soon as it had begun to write."""
    command = [*GOUJI, "run", WORKBOOKS, "--out", "结果", "--units", ROSTER, "--year", "2021", "--jobs", "1", "--fresh"]
    running = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while not list(folder.glob(".结果.gouji-writing-*")) and time.monotonic() < deadline:
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(number)
    _, errors = running.communicate(timeout=300)
    return running.returncode, errors.decode().strip()


# ---- one at a time -----------------------------------------------------------------------------------------------


def test_a_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    out = tmp_path / "结果"
    with alone(out):
        with pytest.raises(BusyError, match=f"进程 {os.getpid()}，自 20"), alone(out):
            pass
        with alone(tmp_path / "别处"):
            pass
    with alone(out):
        pass


@pytest.mark.in_turn("long")
def test_a_lock_whose_holder_died_is_free(tmp_path: Path) -> None:
    holding = (
        "import os, sys; from pathlib import Path; from gouji.locking import alone\n"
        "with alone(Path(sys.argv[1])): os._exit(3)"
    )
    assert subprocess.run([sys.executable, "-c", holding, tmp_path / "结果"], check=False, timeout=300).returncode == 3
    with alone(tmp_path / "结果"):
        pass


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("turns", [3, deep(20)])
def test_no_opinion_is_lost_when_two_run_at_once(turns: int, tmp_path: Path) -> None:
    random, out, received = Random(11), tmp_path / "结果", tmp_path / "收到"
    received.mkdir()
    base = tmp_path / "底稿"
    write_outputs(results(), base, ["汇总"])
    said: set[tuple[str, str]] = set()
    for turn in range(turns):
        books = []
        for number, finding in enumerate(random.sample(["f1", "f2", "f3", "f4", "f6", "f7", "f8"], 2)):
            books.append(Path(shutil.copyfile(base / "汇总.xlsx", tmp_path / f"{turn}{number}.xlsx")))
            word = random.choice(OPINIONS)
            write(books[-1], {finding: {"审核意见": word, "备注": f"{turn}{number}"}})
            said.add((finding, f"{turn}{number}"))
        runs = [threading.Thread(target=_until_done, args=(received, out, book)) for book in books]
        for thread in runs:
            thread.start()
        for thread in runs:
            thread.join()
    assert {(entry.finding_id, entry.written[-1]) for entry in read_log(out / LOG)} == said


def _until_done(received: Path, out: Path, book: Path) -> None:
    while True:
        try:
            run([received], out, year=2021, decisions=[book], only=())
        except BusyError:
            time.sleep(0.05)
        else:
            return


@pytest.mark.in_turn("long")
def test_what_is_written_while_a_run_is_at_work_is_kept_for_the_next(tmp_path: Path) -> None:
    out, draft = tmp_path / "结果", tmp_path / "稿"
    write_outputs(results(), out, ["汇总"])
    draft.mkdir()
    earlier = earlier_round(Here(), built_in(), out)
    assert keep_edited(earlier, out, draft) == []
    write(out / "汇总.xlsx", {"f2": {"审核意见": "说明采纳"}})
    (remark,) = keep_edited(earlier, out, draft)
    assert "下一次运行会带入" in remark
    write_outputs(results(), out, ["汇总"])  # the run's own 汇总.xlsx
    (kept,) = draft.iterdir()
    shutil.move(kept, out / kept.name)
    assert [entry.finding_id for entry in earlier_round(Here(), built_in(), out).log] == ["f2"]
    assert openpyxl.load_workbook(out / "汇总.xlsx")["问题清单"].max_row > 3


# ---- folders in one another ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "out"), [("收到", "收到"), ("收到", "收到/结果"), ("结果/收到", "结果"), ("收到/../收到", "收到/x/..")]
)
def test_results_and_returns_may_not_lie_in_one_another(received: str, out: str, tmp_path: Path) -> None:
    (tmp_path / "收到" / "x").mkdir(parents=True)
    with pytest.raises(MixedPlacesError, match="请把结果放到别处"):
        require_apart([tmp_path / received], tmp_path / out)


def test_results_beside_the_returns_are_in_order(tmp_path: Path) -> None:
    require_apart([tmp_path / "收到", tmp_path / "收到2" / "a.xlsx", "s3://b/收到"], tmp_path / "收到的结果")


# ---- where results cannot go, and what cannot be replaced ------------------------------------------------------------


@pytest.mark.parametrize("kind", ["file", "dangling", "to a file"])
def test_a_place_that_can_be_no_folder_is_refused_before_anything_is_read(kind: str, tmp_path: Path) -> None:
    out, received = tmp_path / "结果", tmp_path / "收到"
    received.mkdir()
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    if kind == "file":
        out.write_text("x", encoding="utf-8")
    else:
        out.symlink_to(tmp_path / ("没有" if kind == "dangling" else "文件"))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(MixedPlacesError, match="请换一个 --out，或先把它移走"):
        run([received], out)
    assert (sorted(tmp_path.iterdir()), os.path.lexists(out)) == (before, True)


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("locked", ["汇总.xlsx", "审核报告.html", "data", "run.json", "审核报告（以前）.html"])
def test_where_one_file_cannot_be_replaced_none_is(
    locked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "结果"
    write_outputs(results(), out)
    (out / "审核报告（以前）.html").write_text("早先", encoding="utf-8")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    replace = os.replace

    def refusing(source: str | Path, target: str | Path) -> None:
        if Path(source) == out / locked:  # as Windows does where a program has it open
            raise PermissionError(13, "in use", str(source))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refusing)
    wanted = ["汇总", "反馈意见", "退回"] if "以前" in locked else list(OUTPUTS)
    with pytest.raises(OutputError, match="原来的结果都没有动"), staged(out) as draft:
        write_results(results(run={"gouji": "新"}), draft, wanted)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["结果"]
    with staged(out) as draft:
        write_results(results(run={"gouji": "新"}), draft, wanted)
    assert '"新"' in (out / "run.json").read_text(encoding="utf-8")


@pytest.mark.in_turn("long")
def test_what_cannot_be_put_back_is_finished_by_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "结果"
    write_outputs(results(), out)
    replace, failed = os.replace, []

    def refusing(source: str | Path, target: str | Path) -> None:
        if Path(source) == out / "run.json" or failed:
            failed.append(source)
            raise PermissionError(13, "in use", str(source))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refusing)
    with pytest.raises(OutputError, match="下一次运行会把这次的结果放好"):
        write_outputs(results(run={"gouji": "新"}), out)
    monkeypatch.undo()
    finish_interrupted(out)
    assert '"新"' in (out / "run.json").read_text(encoding="utf-8")
    assert (out / "汇总.xlsx").exists() and [path.name for path in tmp_path.iterdir()] == ["结果"]


# ---- words ---------------------------------------------------------------------------------------------------------


def test_the_start_is_told_as_of_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(["始", "终"])
    monkeypatch.setattr(pipeline, "now", lambda: next(clock))
    read = pipeline.read_files

    def later(*arguments: Any, **named: Any) -> Any:
        assert next(clock) == "终"
        return read(*arguments, **named)

    monkeypatch.setattr(pipeline, "read_files", later)
    (tmp_path / "空.xlsx").write_bytes(b"")
    assert run([tmp_path / "空.xlsx"], year=2021).run["started"] == "始"


def test_the_readers_own_words_stay_off_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    """A panic writes to the error stream itself, past Python; so do threads that read at the same time."""

    def talking(words: bytes) -> None:
        with opened_quietly(zipped(good(1))) as opened:
            os.write(2, b"thread '<unnamed>' panicked at ")
            time.sleep(0.02)
            assert opened.sheet_names
            os.write(2, words)

    talking(b"a")
    threads = [threading.Thread(target=talking, args=(b"b",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(CalamineError), opened_quietly(b"no workbook"):
        pass
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"
