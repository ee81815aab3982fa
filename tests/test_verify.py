"""run.json accounts for every file, and `gouji verify` tells what changed since."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gouji.commands.verify import verify_run
from gouji.pipeline import run
from gouji.samples.build import ISSUED
from gouji.statement import StatementError

FOUND = "衡山县"


@pytest.fixture(scope="module")
def unchanged(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place to be looked at only."""
    return received(published, tmp_path_factory.mktemp("verify"))


def received(published: Path, folder: Path) -> Path:
    """Three files that are read, one of them twice, and two that cannot be."""
    inbox = folder / "收到"
    inbox.mkdir()
    path = Path(shutil.copy(next((published / ISSUED).glob(f"*{FOUND}*")), inbox))
    shutil.copy(path, path.with_name("再来一份.xlsx"))
    (inbox / "空.xlsx").write_bytes(b"")
    (inbox / "说明.txt").write_text("不是表", encoding="utf-8")
    run([inbox], folder / "结果")
    return folder


def verified(out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    status = verify_run(out)
    return status, capsys.readouterr().out


@pytest.mark.in_turn("long")
def test_every_file_is_accounted_for(unchanged: Path) -> None:
    stated = json.loads((unchanged / "结果" / "run.json").read_text(encoding="utf-8"))
    outcomes = {Path(entry["file"]).name: entry["outcome"] for entry in stated["files"]}
    assert [name for name in outcomes if outcomes[name] == "refused"] == ["空.xlsx", "说明.txt"]
    assert len(outcomes) == 4
    counts = stated["counts"]
    assert counts["files"] == counts["accepted"] + counts["refused"] + counts["quarantined"] == 4


def test_what_did_not_change_is_said_to_be_as_it_was(unchanged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = verified(unchanged / "结果", capsys)
    assert status == 0
    written = sum(path.is_file() for path in (unchanged / "结果").rglob("*")) - 1  # run.json cannot vouch for itself
    assert written > 15
    assert f"收到的文件：4 个没有变化，0 个有变化或找不到\n结果文件：{written} 个没有变化，0 个有变化或找不到" in said


@pytest.mark.in_turn("long")
def test_what_changed_since_is_named(published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = received(published, tmp_path)
    (place / "收到" / "说明.txt").write_text("改过", encoding="utf-8")
    (place / "收到" / "再来一份.xlsx").unlink()
    (place / "结果" / "findings.csv").write_text("改过", encoding="utf-8")
    (place / "结果" / "data" / "totals.parquet").unlink()
    status, said = verified(place / "结果", capsys)
    assert status == 1
    for line in (
        "说明.txt：内容有变化",
        "再来一份.xlsx：找不到",
        "findings.csv：内容有变化",
        "data/totals.parquet：找不到",
    ):
        assert line in said


def test_a_folder_that_states_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StatementError, match=r"没有 run\.json"):
        verify_run(tmp_path)
    (tmp_path / "run.json").write_text('{"gouji": "0"}', encoding="utf-8")
    with pytest.raises(StatementError, match="无法读取"):
        verify_run(tmp_path)
