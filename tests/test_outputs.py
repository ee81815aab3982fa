"""A run that writes only what it was asked for says so everywhere, and leaves nothing of an earlier run as its own."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gouji.archiving.manifest import MANIFEST, ArchiveError
from gouji.archiving.pack import archive_place, pack
from gouji.archiving.replay import replay
from gouji.cli import main
from gouji.commands.verify import verify_run
from gouji.export.output import finish_interrupted
from gouji.export.outputs import OUTPUTS, UnknownOutputError, outputs_named
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.catalogue import built_in
from gouji.workers.here import Here

pytestmark = pytest.mark.in_turn("outputs")
ALWAYS = {"data", "findings.csv", "问题清单.csv", "run.json"}
LINKED = "点“单元格”可打开退回单位的文件"


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two units, one of them with something to mend."""
    folder = tmp_path_factory.mktemp("batch")
    generate(folder, 2, 0.5, 3)
    return folder


@pytest.fixture(scope="module")
def whole(batch: Path) -> Path:
    """The results of a run that wrote everything."""
    _run(batch, batch / "whole", *OUTPUTS)
    return batch / "whole"


@pytest.fixture
def earlier(whole: Path, tmp_path: Path) -> Path:
    """A copy of them to run into again."""
    return Path(shutil.copytree(whole, tmp_path / "结果"))


@pytest.fixture(scope="module")
def partial(batch: Path, whole: Path) -> Callable[[str], Path]:
    """The results of a run that was asked for these outputs."""

    @cache
    def results(text: str) -> Path:
        out = batch / text
        _run(batch, out, *outputs_named(text))
        return out

    return results


def _run(batch: Path, out: Path, *only: str) -> None:
    """A run into `out`; what the first one read needs no reading again."""
    if (batch / ".whole.gouji-kept").exists():
        shutil.copy(batch / ".whole.gouji-kept", out.with_name(f".{out.name}.gouji-kept"))
    run([batch / WORKBOOKS], out, roster_path=batch / ROSTER, year=2021, only=only)


def _names(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()}


def _findings_sheet(out: Path) -> tuple[str, list[str]]:
    """The text above 问题清单, and where its cells lead."""
    sheet = load_workbook(out / "汇总.xlsx")["问题清单"]
    links = [cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink is not None]
    return " ".join(str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row if cell.value), links


@pytest.mark.parametrize("name", [*OUTPUTS, "数据"])
def test_a_run_writes_what_it_was_asked_for_and_the_same_data(
    name: str, partial: Callable[[str], Path], whole: Path
) -> None:
    out, wanted = partial(name), outputs_named(name)
    assert _names(out) == ALWAYS | {OUTPUTS[output] for output in wanted}
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["written"] == list(wanted)
    for file in [
        Path("findings.csv"),
        Path("问题清单.csv"),
        *(path.relative_to(whole) for path in (whole / "data").iterdir()),
    ]:
        assert (out / file).read_bytes() == (whole / file).read_bytes()


def test_a_run_writes_everything_unless_it_is_told(whole: Path) -> None:
    assert _names(whole) == ALWAYS | set(OUTPUTS.values())
    assert json.loads((whole / "run.json").read_text(encoding="utf-8"))["written"] == list(OUTPUTS)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("汇总,退回", ("汇总", "退回")),
        ("退回，汇总.xlsx、汇总", ("汇总", "退回")),
        ("反馈意见/ 审核报告.html", ("审核报告", "反馈意见")),
        ("数据", ()),
        ("数据;退回", ("退回",)),
        ("底稿", ("底稿",)),
        ("全部", tuple(OUTPUTS)),
    ],
)
def test_outputs_are_named_as_people_write_lists(text: str, wanted: tuple[str, ...]) -> None:
    assert outputs_named(text) == wanted


@pytest.mark.parametrize("text", ["总汇", "汇总,退", "", " ，", "汇总退回"])
def test_an_unknown_output_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(UnknownOutputError, match=r"可选：汇总、审核报告、反馈意见、退回、底稿、全部；.*“数据”"):
        outputs_named(text)


def _command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["gouji", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code))


def test_the_command_refuses_before_it_reads(
    batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "结果"
    assert _command(monkeypatch, "run", str(batch / WORKBOOKS), "--out", str(out), "--only", "汇总,网页") == 2
    assert "没有名为“网页”的结果" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_was_not_written_and_what_became_of_the_earlier(
    batch: Path, earlier: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [str(batch / WORKBOOKS), "--units", str(batch / ROSTER), "--year", "2021", "--jobs", "1"]
    assert _command(monkeypatch, "run", *options, "--out", str(earlier), "--only", "汇总，退回") == 0
    said = capsys.readouterr().out.replace("\n", "")
    assert "没有写出：审核报告.html、反馈意见" in said
    assert "改名为：审核报告（以前）.html、反馈意见（以前）" in said
    assert "请先打开" in said and "网页报告" not in said and "给各单位的审核反馈意见" not in said


def test_what_an_earlier_run_wrote_is_set_aside(batch: Path, earlier: Path, whole: Path) -> None:
    for _ in range(2):  # what was set aside before makes room
        _run(batch, earlier, "汇总")
        assert _names(earlier) == ALWAYS | {
            "汇总.xlsx", "审核报告（以前）.html", "反馈意见（以前）", "退回（以前）", "底稿（以前）"
        }  # fmt: skip
        shutil.copytree(earlier / "退回（以前）", earlier / "退回")
    copies = {path.relative_to(whole / "退回") for path in (whole / "退回").rglob("*.xlsx")}
    assert copies == {path.relative_to(earlier / "退回（以前）") for path in (earlier / "退回（以前）").rglob("*.xlsx")}
    shutil.rmtree(earlier / "退回")
    _run(batch, earlier, "退回")
    assert "汇总（以前）.xlsx" in _names(earlier) and "汇总.xlsx" not in _names(earlier)


def test_results_half_moved_when_a_run_was_killed_are_moved_and_not_set_aside(
    batch: Path, earlier: Path, tmp_path: Path
) -> None:
    """The next run finds 汇总 moved already, the earlier 退回 and the rest of the new results not yet."""
    _run(batch, tmp_path / "new", "汇总")
    ready = tmp_path / ".结果.gouji-ready-x"
    (tmp_path / "new").rename(ready)
    (ready / "汇总.xlsx").replace(earlier / "汇总.xlsx")
    new = (earlier / "汇总.xlsx").read_bytes()
    finish_interrupted(earlier)
    aside = {"审核报告（以前）.html", "反馈意见（以前）", "退回（以前）", "底稿（以前）"}
    assert _names(earlier) == ALWAYS | {"汇总.xlsx"} | aside
    assert (earlier / "汇总.xlsx").read_bytes() == new
    assert not ready.exists()


def test_the_summary_leads_only_into_copies_that_were_written(partial: Callable[[str], Path], whole: Path) -> None:
    said, links = _findings_sheet(whole)
    assert LINKED in said and links and all((whole / link.partition("#")[0]).is_file() for link in links)
    said, links = _findings_sheet(partial("汇总"))
    assert LINKED not in said and links == []


def test_the_page_says_that_there_is_no_workbook_to_look_into(partial: Callable[[str], Path], whole: Path) -> None:
    said = "本次运行按 --only 没有写出 汇总.xlsx"
    assert said in (partial("审核报告") / "审核报告.html").read_text(encoding="utf-8")
    assert said not in (whole / "审核报告.html").read_text(encoding="utf-8")


def test_verify_says_what_was_not_written(partial: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = partial("退回")
    capsys.readouterr()
    assert verify_run(out) == 0
    assert "没有写出：汇总.xlsx、审核报告.html、反馈意见" in capsys.readouterr().out


def test_an_archive_without_the_summary_says_so_and_can_be_replayed(
    partial: Callable[[str], Path], tmp_path: Path
) -> None:
    out = partial("退回")
    with pytest.raises(ArchiveError, match=r"汇总\.xlsx：这次运行没有写出（--only）"):
        pack(out, archive_place(out), built_in())
    packed = pack(out, archive_place(out), built_in(), incomplete=True)
    with zipfile.ZipFile(packed.path) as held:
        assert [entry["name"] for entry in json.loads(held.read(MANIFEST))["absent"]] == ["汇总.xlsx"]
        assert any(name.startswith("表样定义/") for name in held.namelist())
        assert "结果/汇总.xlsx" not in held.namelist()
    replayed = replay(packed.path, tmp_path / "重算", Here(), Silent())
    assert replayed.equal and [entry.name for entry in replayed.absent] == ["汇总.xlsx"]
    assert _names(tmp_path / "重算") == ALWAYS | {"退回"}
