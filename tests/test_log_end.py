"""审核记录 is trusted at its end: whatever is gone there, or was made anew, is said before a run goes on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gouji.archiving.pack import pack
from gouji.commands.verify import verify_run
from gouji.export.output import write_outputs
from gouji.export.outputs import SUMMARY
from gouji.logged import read_kept_log
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.review import WRITTEN_HEADS
from gouji.validate.review.log import DECISION, LOG, Entry, LogError, chained, head_of, read_log, write_log
from tests.test_export import results

Change = Callable[[Path], None]


def entries(opinions: Sequence[str]) -> list[Entry]:
    blank = ("",) * len(WRITTEN_HEADS)
    return chained([], (Entry(kind=DECISION, finding_id=f"{n:016x}", figures="", written=(words, *blank[1:]))
                        for n, words in enumerate(opinions)))  # fmt: skip


LOGGED = entries(["甲", "乙", "丙"])


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results with a log of three entries."""
    out = tmp_path_factory.mktemp("round") / "结果"
    write_outputs(results(log=LOGGED, run={"gouji": "0", "files": [], "counts": {}}), out)
    return out


@pytest.fixture
def out(round_: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(round_, tmp_path / "结果"))


def _without_last(log: Path) -> None:
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))


def _last_changed(log: Path) -> None:
    log.write_text(log.read_text(encoding="utf-8").replace("丙", "丁"), encoding="utf-8")


def _deleted(log: Path) -> None:
    log.unlink()


def _emptied(log: Path) -> None:
    log.write_bytes(b"")


def _made_anew(log: Path) -> None:
    write_log(log, entries(["甲", "甲", "甲"]))


def _longer(log: Path) -> None:
    write_log(log, [*LOGGED, *chained(LOGGED, entries(["戊"]))[-1:]])


def _spaced(log: Path) -> None:
    log.write_bytes(log.read_bytes().replace(b"}\n", b"} \n"))


CHANGES = [
    (_without_last, "原有 3 条，现在 2 条，最后 1 条没有了"),
    (_last_changed, "原有 3 条，现在 3 条，第 3 条不是原来的"),
    (_deleted, "原有 3 条，现在整个记录没有了"),
    (_emptied, "是空的"),
    (_made_anew, "或者整个记录被重写过"),
    (_longer, "原有 3 条，现在 4 条，后面 1 条不是运行写入的"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_what_is_gone_is_said_and_nothing_is_overwritten(
    out: Path, change: Change, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(out / LOG)
    (out.parent / "收到").mkdir()
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    for command in (lambda: run([out.parent / "收到"], out), lambda: pack(out, out.parent / "a.zip", built_in())):
        with pytest.raises(LogError) as error:
            command()
        assert words in str(error.value)
    assert verify_run(out) == 1
    assert words in capsys.readouterr().out
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert not (out.parent / "a.zip").exists()


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_the_workbook_of_the_round_tells_where_run_json_is_gone(out: Path, change: Change, words: str) -> None:
    (out / "run.json").unlink()
    change(out / LOG)
    if change is _longer:  # a later run may have added to it
        assert len(read_kept_log(out)) == 4
        return
    with pytest.raises(LogError, match=words) as error:
        read_kept_log(out)
    assert change is _emptied or f"与{SUMMARY}记载的不一致" in str(error.value)


def test_a_log_that_only_looks_alike_is_said(out: Path) -> None:
    _spaced(out / LOG)
    with pytest.raises(LogError):
        read_kept_log(out)


def test_results_of_an_earlier_version_state_the_hash_of_the_file(out: Path) -> None:
    stated = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert stated.pop("log") == {"entries": 3, "sha256": head_of(LOGGED).sha256}
    (out / "run.json").write_text(json.dumps(stated), encoding="utf-8")
    (out / SUMMARY).unlink()
    assert read_kept_log(out) == LOGGED
    _without_last(out / LOG)
    with pytest.raises(LogError, match=r"与 run\.json 记载的不一致"):
        read_kept_log(out)
    del stated["outputs"][LOG]
    (out / "run.json").write_text(json.dumps(stated), encoding="utf-8")
    with pytest.raises(LogError, match="上次运行没有审核记录"):
        read_kept_log(out)


def test_what_was_written_down_is_found_in_the_log(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    end = head_of(LOGGED).sha256
    assert verify_run(out, end.upper()) == 0
    said = capsys.readouterr().out
    assert f"审核记录：3 条，末条校验值 {end}" in said and "与记下的校验值相同" in said
    assert verify_run(out, head_of(LOGGED[:1]).sha256) == 0
    assert "是第 1 条的，此后又有 2 条" in capsys.readouterr().out
    assert verify_run(out, head_of(entries(["甲", "甲", "甲"])).sha256) == 1
    assert "整个记录被重写过" in capsys.readouterr().out


def test_a_log_of_no_bytes_is_damaged(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(b"")
    with pytest.raises(LogError, match="是空的"):
        read_log(tmp_path / LOG)
