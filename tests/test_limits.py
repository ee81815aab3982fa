"""Limits are settings: from a TOML file into admission, the workers and what readings are kept under."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gouji.ingest.limits import MEGABYTE, Limits, LimitsError, read_limits
from gouji.ingest.versions import stamp
from gouji.pipeline import run
from gouji.samples.build import build_issued
from gouji.templates.catalogue import built_in
from tests.audit import SAMPLES


def written(folder: Path, text: str) -> Path:
    path = folder / "限制.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_not_named_stays_as_it_is(tmp_path: Path) -> None:
    assert read_limits(written(tmp_path, "file_size = 1000\ndeadline = 5\n")) == Limits(file_size=1000, deadline=5)
    assert read_limits(written(tmp_path, "")) == Limits()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("file_size", "不是正确的 TOML"),
        ("size = 1", "“size”不是一项限制，可用的有：file_size、"),
        ("members = 0", "“members”应为大于 0 的整数，现为 0"),
        ('cells = "5M"', "“cells”应为大于 0 的整数，现为 5M"),
        ("ratio = true", "“ratio”应为大于 0 的整数"),
        ("file_size = 99999999999999999999", "“file_size”过大，最多 4398046511104"),
        ("memory = 0xFFFFFFFFFFFFFFFF", "“memory”过大"),
        ("deadline = 604801", "“deadline”过大，最多 604800"),
        ("cells = -99999999999999999999", "“cells”应为大于 0 的整数"),
        (f"members = 1{'0' * 5000}", "不是正确的 TOML"),
    ],
)
def test_what_is_no_limit_is_said(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(LimitsError, match=said):
        read_limits(written(tmp_path, text))


@pytest.mark.in_turn("long")
def test_a_limit_decides_and_what_was_read_under_another_is_read_again(tmp_path: Path) -> None:
    unit = next((SAMPLES / "returns").glob("*.yaml"))
    path = build_issued(unit, tmp_path / "收到")
    shutil.copy(path, path.with_name("大.xlsx"))
    with path.with_name("大.xlsx").open("ab") as file:
        file.write(bytes(2 * MEGABYTE))
    out = tmp_path / "结果"
    reasons = {}
    for size in (1, 4):
        results = run([tmp_path / "收到"], out, limits=Limits(file_size=size * MEGABYTE), only=())
        kept = json.loads((out / "run.json").read_text(encoding="utf-8"))["counts"]["kept"]
        reasons[size] = results.returns.set_index("file").loc["大.xlsx", "reason"], kept
    assert "文件超过 1 MB" in str(reasons[1][0])
    assert "文件超过" not in str(reasons[4][0]) and reasons[4][1] == 0
    assert stamp([], built_in(), Limits()) != stamp([], built_in(), Limits(file_size=1))
