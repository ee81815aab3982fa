"""Files that people hand over beside the returns: whatever they hold, a sentence and a status come of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from gouji.archiving.manifest import DEFINITIONS
from gouji.cli import main
from gouji.commands.new import _draft
from gouji.failures import foreseen_errors, sentence_of
from gouji.files import inbox
from gouji.ingest.beside.indicator_library import read_indicator_library
from gouji.ingest.beside.previous import read_previous
from gouji.ingest.beside.reference import read_reference
from gouji.ingest.beside.review import read_review
from gouji.ingest.beside.rule_workbook import read_rule_workbook
from gouji.ingest.beside.sampled import read_sampled
from gouji.ingest.beside.taught_file import TaughtError, read_taught
from gouji.ingest.limits import MEGABYTE, Limits, LimitsError, read_limits
from gouji.ingest.roster import read_roster
from gouji.pipeline import run
from gouji.placing import place
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.statement import StatementError, read_statement
from gouji.templates.catalogue import built_in
from gouji.templates.errors import DefinitionError
from gouji.templates.layer import INSTALLED
from gouji.templates.plain_yaml import PlainYamlError, plain_yaml
from gouji.validate.review.log import LOG, LogError, read_log
from gouji.workers.handed_over import handed_over
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import HandedOverError
from tests.definitions import load_form
from tests.hostile.base import good, zipped
from tests.hostile.make import CASES
from tests.hostile.mutants import _BYTES
from tests.hostile.names import ODD
from tests.rotation import SEED, in_turn
from tests.sabotage import burst
from tests.test_archive import Members, made, remade, restated

__all__ = ["made"]  # the archived round of test_archive

pytestmark = pytest.mark.skipif(os.name != "posix", reason="memory is bounded where the system can")
Read = Callable[[Path], Any]
WORKBOOK_KINDS: dict[str, Read] = {
    "名册": partial(read_roster, catalogue=built_in()),
    "参照表": partial(read_reference, catalogue=built_in()),
    "汇总": read_review,
    "空表": partial(_draft, sheet=None),
    "抽查复核": read_sampled,
    "规则簿": read_rule_workbook,
    "指标库": read_indicator_library,
}
TEXT_KINDS: dict[str, Read] = {
    "名册": partial(read_roster, catalogue=built_in()),
    "限制": read_limits,
    "表样对照": read_taught,
    "审核记录": read_log,
    "定义": load_form,
}
FIERCE = (
    "共享文本数目谎报-四十亿.xlsx", "格子远-XFD1048576.xlsx", "范围谎报-四十亿行.xls", "复合文件扇区表成环.xls",
    "工作表有两个标识.xlsx", "空格重复十亿.ods", "数字1e300.xlsx", "扩展字段另起名字.xlsx",
)  # fmt: skip
"""Some that end the reader, each in its own way."""
FOLDED = "a: &a [1, 1]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(9))
TEXTS: dict[str, bytes] = {
    "空": b"",
    "零字节": bytes(300),
    "不是文字": bytes(range(256)) * 9,
    "层层方括号": b"a = " + b"[" * 200_000,
    "层层花括号": b"{" * 200_000,
    "层层对象": b'{"a":' * 100_000,
    "层层缩进": b"".join(b" " * n + b"a:\n" for n in range(900)),
    "一行八兆": b"x" * 8 * MEGABYTE,
    "十万个引号": b'"' * 100_001,
    "长长的数": b"file_size = " + b"9" * 5000 + b"\n",
    "大大的数": b"file_size = 99999999999999999999999\n",
    "层层点号": b".".join([b"a"] * 5000) + b" = 1\n",
    "别名炸弹": FOLDED.encode(),
    "指向自身": b"form: &a [*a]\n",
    "标签": b"form: !!python/object/apply:os.system [ls]\n",
    "合并键": b"x: {form: a}\n<<: {form: b}\n",
    "两份": b"form: a\n---\nform: b\n",
    "不是日期": b"form: 2021-13-45\n",
    "键是列表": b"? [a, b]\n: c\n",
    "只有数": b"5\n",
    "继承自身": "extends: 坏\n".encode(),
    "继承别处": b"extends: ../../../etc/hosts\n",
}


@pytest.fixture(scope="module")
def worker() -> Iterator[LocalWorkers]:
    os.environ["RUST_BACKTRACE"] = "0"
    with closing(LocalWorkers(1, Limits(deadline=60, memory=1200 * MEGABYTE))) as workers:
        yield workers


def outcome(worker: LocalWorkers, read: Read, path: Path) -> str:
    """`read`, or the sentence that is said. Anything else that comes out fails the test."""
    try:
        handed_over(worker, read, path)
    except foreseen_errors() as error:
        sentence = sentence_of(error)
        assert re.search("[一-鿿]{4}", sentence) and "Traceback" not in sentence and len(sentence) < 2000
        return sentence
    return "read"


def hostile(name: str, folder: Path) -> Path:
    """The hostile workbook of that name."""
    path = folder / name
    if name in ODD:
        ODD[name](path)
    else:
        path.write_bytes(CASES[name](good(1)))
    return path


# ---- workbooks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WORKBOOK_KINDS)
def test_workbooks_that_end_the_reader(kind: str, worker: LocalWorkers, tmp_path: Path) -> None:
    names = {*FIERCE[:2], in_turn(f"handed over {kind}", FIERCE[2:]), "链接到设备.xlsx", "文件夹.xlsx", "链接成环.xlsx"}
    for name in sorted(names):
        assert outcome(worker, WORKBOOK_KINDS[kind], hostile(name, tmp_path)) != "" and name
    tmp_path.joinpath("名册.csv").write_text("单位编码,单位名称\n001,甲局\n", encoding="utf-8")
    assert outcome(worker, WORKBOOK_KINDS["名册"], tmp_path / "名册.csv") == "read"


@pytest.mark.parametrize("kind", WORKBOOK_KINDS)
def test_hostile_workbooks(kind: str, worker: LocalWorkers, tmp_path: Path) -> None:
    """Others every time."""
    for name in Random(f"{kind} {os.environ[SEED]}").sample(sorted(CASES), 6):
        assert outcome(worker, WORKBOOK_KINDS[kind], hostile(name, tmp_path)) != "" and name
        (tmp_path / name).unlink()


@pytest.mark.parametrize("name", ["管道.xlsx", "套接字.xlsx"])
def test_what_is_no_file_holds_nobody(name: str, worker: LocalWorkers, tmp_path: Path) -> None:
    for read in (WORKBOOK_KINDS[kind] for kind in ("名册", "汇总", "参照表")):
        assert "超过" not in outcome(worker, read, hostile(name, tmp_path))
        (tmp_path / name).unlink()


@pytest.mark.in_turn("long")
def test_our_own_results_damaged_at_random(worker: LocalWorkers, round_: Path, tmp_path: Path) -> None:
    """汇总.xlsx and last year's frames, cut, doubled and with bits turned over."""
    random = Random(16)
    whole = (round_ / "汇总.xlsx").read_bytes()
    for _ in range(30):
        (tmp_path / "汇总.xlsx").write_bytes(random.choice(_BYTES)(whole, random))
        outcome(worker, read_review, tmp_path / "汇总.xlsx")
    data = tmp_path / "上年" / "data"
    data.mkdir(parents=True)
    for name in ("returns", "values"):
        (data / f"{name}.parquet").write_bytes((round_ / "data" / f"{name}.parquet").read_bytes())
    assert outcome(worker, read_previous, tmp_path / "上年") == "read"
    for name in ("returns", "values"):
        before = (data / f"{name}.parquet").read_bytes()
        for _ in range(30):
            (data / f"{name}.parquet").write_bytes(random.choice(_BYTES)(before, random))
            outcome(worker, read_previous, tmp_path / "上年")
        (data / f"{name}.parquet").write_bytes(before)


@pytest.fixture(scope="module")
def round_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run."""
    folder = tmp_path_factory.mktemp("round")
    generate(folder, 2, 0.5, seed=3)
    run([folder / WORKBOOKS], folder / "结果", roster_path=folder / ROSTER, year=2021, only=["汇总"])
    return folder / "结果"


# ---- texts and definitions -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_texts(kind: str, worker: LocalWorkers, tmp_path: Path) -> None:
    for name, content in TEXTS.items():
        path = tmp_path / f"{name}.yaml"
        path.write_bytes(content)
        message = outcome(worker, TEXT_KINDS[kind], path)
        # Each of them is foreseen: none needs the worker's end to be stopped.
        assert not re.search("意外|中止|内容有误（[A-Z]", message), (name, message)


def test_the_right_sentence(tmp_path: Path) -> None:
    path = tmp_path / "坏.yaml"
    for read, content, error, words in (
        (load_form, TEXTS["空"], DefinitionError, "文件是空的"),
        (load_form, TEXTS["别名炸弹"], DefinitionError, "展开后过大"),
        (load_form, TEXTS["标签"], DefinitionError, "标签"),
        (load_form, TEXTS["合并键"], DefinitionError, "合并键"),
        (load_form, TEXTS["层层缩进"], DefinitionError, "超过 40 层"),
        (load_form, TEXTS["继承自身"], DefinitionError, "绕回到了自己"),
        (load_form, b"\xff\xfe", DefinitionError, "不是 UTF-8"),
        (read_taught, TEXTS["指向自身"], TaughtError, "指向自身"),
        (read_limits, TEXTS["层层方括号"], LimitsError, "太大"),
        (read_limits, b"a = " + b"[" * 9000, LimitsError, "不是正确的 TOML"),
        (read_limits, TEXTS["大大的数"], LimitsError, "过大"),
        (read_log, b"[" * 9000, LogError, "第 1 行无法读取"),
    ):
        path.write_bytes(content)
        with pytest.raises(error, match=words):
            read(path)


def test_yaml_as_it_is_meant_is_read() -> None:
    assert plain_yaml("a: &x [1, {b: 二}]\nc: *x\nd: 2021-01-02\n")["c"] == [1, {"b": "二"}]
    assert plain_yaml("") is None
    with pytest.raises(PlainYamlError, match="第 2 行同一个键"):
        plain_yaml("a: 1\na: 2")


@pytest.mark.parametrize("content", [b'{"gouji": 1}', b"[" * 100_000, b'{"files": {}, "outputs": []}', b"\xff"])
def test_statements_that_are_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(foreseen_errors()) as caught:
        read_statement(tmp_path)
    assert "run.json" in sentence_of(caught.value)


def test_a_statement_longer_than_any_run_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run.json").write_bytes(b'{"files": [], "outputs": {}}' + b" " * 100)
    assert read_statement(tmp_path) == {"files": [], "outputs": {}}
    monkeypatch.setattr("gouji.run_json.LONGEST", 100)
    with pytest.raises(StatementError, match="无法读取"):
        read_statement(tmp_path)


def test_a_run_json_among_returns_is_not_read_whole(tmp_path: Path) -> None:
    """Its name is all that a folder of results and a folder of a sender have in common."""
    for name, content in (("甲", b"[" * 1_000_000), ("乙", b'{"gouji": "0.1", "x": ' + b"[" * 1_000_000)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_bytes(content)
        (tmp_path / name / "表.xlsx").write_bytes(b"x")
    (tmp_path / "丙").mkdir()
    os.mkfifo(tmp_path / "丙" / "run.json")
    assert sorted(source.name for source in inbox([tmp_path]).sources) == ["丙/run.json", "甲/run.json", "甲/表.xlsx"]


# ---- what became of it, for whoever asked ----------------------------------------------------------


def test_the_worker_bears_it(tmp_path: Path) -> None:
    for deadline, name, words in (
        (60, "中断", "意外结束"),
        (2, "挂起", "超过 2 秒"),
        (60, "别的", "ZeroDivisionError"),
    ):
        with closing(LocalWorkers(1, Limits(deadline=deadline))) as workers:
            with pytest.raises(HandedOverError, match=words) as caught:
                handed_over(workers, burst, tmp_path / name)
            assert str(tmp_path / name) in sentence_of(caught.value)


def test_an_issued_workbook_that_ends_the_reader_is_not_overwritten(worker: LocalWorkers, tmp_path: Path) -> None:
    there = hostile(FIERCE[0], tmp_path)
    (tmp_path / "新.xlsx").write_bytes(zipped(good(1)))
    assert not place(tmp_path / "新.xlsx", there, built_in(), worker)
    assert there.exists()


def ended(arguments: list[str | Path], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["gouji", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(str(end.value.code))


def test_a_broken_summary_costs_a_run_a_sentence(
    round_: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results of the run before stay as they are."""
    hostile("格子远-XFD1048576.xlsx", tmp_path).rename(tmp_path / "汇总.xlsx")
    (tmp_path / "收").mkdir()
    asked = ["run", tmp_path / "收", "--out", tmp_path / "结果", "--jobs", "1", "--decisions", tmp_path / "汇总.xlsx"]
    status = ended(asked, monkeypatch)
    screen = capfd.readouterr().err
    assert status == 2 and screen.count("\n") == 1 and "汇总.xlsx" in screen and "请核对" in screen
    assert not (tmp_path / "结果").exists()


@pytest.mark.in_turn("long")
def test_definitions_in_an_archive(
    made: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    form, name = sorted(INSTALLED.glob("*/*.yaml"))[0], in_turn("definitions", ["别名炸弹", "层层缩进", "空", "标签"])

    def change(members: Members) -> None:
        restated(members, f"{DEFINITIONS}/{form.parent.name}/{form.name}", TEXTS[name])

    archive = remade(made / "结果-归档.zip", tmp_path / "改.zip", change)
    assert ended(["replay", archive, "--jobs", "1"], monkeypatch) == 2
    screen = capfd.readouterr().err
    assert "表样定义有误" in screen and form.name in screen and "Traceback" not in screen


def test_frames_of_an_archive_that_are_none(made: Path, tmp_path: Path, worker: LocalWorkers) -> None:
    path = tmp_path / "values.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-9])
    (tmp_path / "data").mkdir()
    path.rename(tmp_path / "data" / "returns.parquet")
    assert "无法读取" in outcome(worker, read_previous, tmp_path)


def test_nothing_of_the_log_is_guessed(tmp_path: Path, worker: LocalWorkers) -> None:
    (tmp_path / LOG).write_bytes(b'{"kind":' * 3)
    assert "第 1 行" in outcome(worker, read_log, tmp_path / LOG)
