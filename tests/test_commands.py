"""The commands as people call them: what they print, what they write, with which status they end."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gouji import cli
from gouji.samples.build import ISSUED, ROSTER
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import built_in
from gouji.templates.layout import lay_out

FORMS = ["基础数据表@衡山县-2021", "评分表", "自评表@湖南-2020"]


def gouji(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Exit status, standard output, standard error of one call."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setattr(sys, "argv", ["gouji", *map(str, arguments)])
        patch.setenv("COLUMNS", "200")
        cli.main()
    said = capsys.readouterr()
    return int(str(ended.value.code)), said.out, said.err


@pytest.fixture
def sample(published: Path) -> Callable[[str, Path], Path]:
    """A copy of a published return in the issued layout."""
    return lambda name, out: Path(shutil.copy(next((published / ISSUED).glob(f"*{name}*")), out))


def test_help_answers_without_heavy_imports() -> None:
    code = "import sys, gouji.cli; print(sorted({'pandas', 'pandera', 'openpyxl', 'xlsxwriter'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def test_a_check_loads_no_readers_of_documents_and_no_pool_of_processes() -> None:
    spare = [
        "pebble",
        "pypdfium2",
        "gouji.ingest.files.docx",
        "gouji.ingest.files.pdf",
        "gouji.templates.selfcheck.checks",
    ]
    code = f"import sys, gouji.commands.check; print(sorted(set({spare}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def test_what_is_loaded_is_not_searched_for_garbage() -> None:
    code = (
        "import gc\nfrom gouji.loading import loading\n"
        "with loading():\n    print(gc.isenabled())\n    kept = [[] for _ in range(9999)]\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 9999)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.split() == ["False", "True", "True"]


@pytest.mark.parametrize("arguments", [["run"], ["status"], ["run", "没有", "--out", "结果"]])
def test_what_is_missing_is_said_before_anything_heavy_is_loaded(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys, gouji.cli\n"
        "try: gouji.cli.main()\n"
        "except SystemExit as ended: print(ended.code, sorted({'pandas', 'pandera', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
    )
    assert done.stdout.strip() == "2 []"
    assert re.match("缺少|找不到“.*没有”，请核对路径", done.stderr)


def test_help_pages_are_chinese_and_cut_nothing_short_at_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 80)
    for arguments in ([], ["run"], ["init"], ["issue"], ["final"]):
        said = gouji(capsys, *arguments, "--help")[1]
        assert "选项" in said and not re.search("… *│$", said, re.MULTILINE)
        assert not re.search(r"<[a-z]+.*>", said)


@pytest.mark.in_turn("long")
def test_an_issued_filled_and_returned_workbook_arrives_in_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位编码,单位名称\n430001,甲局\n430002,乙局\n", encoding="utf-8-sig")
    assert gouji(capsys, "issue", *FORMS, "--units", roster, "--year", "2021", "--out", tmp_path / "下发")[0] == 0
    workbooks = sorted((tmp_path / "下发").iterdir())
    assert len(workbooks) == 2
    cells = lay_out(built_in().find(FORMS[0]), 2021).positions
    for number, path in enumerate(workbooks, 1):
        book = openpyxl.load_workbook(path)
        book["基础数据表"][cell_name(*cells["编制数"])] = 10 * number
        book["基础数据表"][cell_name(*cells["公务接待.本年决算数"])] = number / 10
        book.save(path)
    status, out, _ = gouji(
        capsys, "run", tmp_path / "下发", "--out", tmp_path / "结果", "--units", roster, "--year", "2021"
    )
    assert (status, "请先打开" in out) == (1, True)
    sheet = openpyxl.load_workbook(tmp_path / "结果" / "汇总.xlsx", data_only=True)["基础数据汇总"]
    rows = [row for row in sheet.iter_rows(values_only=True) if "合计" in row]
    units = len(workbooks)
    people, receptions = 10 * sum(range(1, units + 1)), sum(range(1, units + 1)) / 10
    assert people in rows[0]
    assert any(value == pytest.approx(receptions) for value in rows[0] if isinstance(value, float))


@pytest.mark.in_turn("long")
def test_the_outputs_of_a_run_are_all_there_and_are_never_its_input(
    sample: Callable[[str, Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    received, out = tmp_path / "收到", tmp_path / "结果"
    received.mkdir()
    sample("衡山县", received)
    for _ in range(2):
        gouji(capsys, "run", received, "--out", out, "--units", ROSTER)
        shutil.copytree(out, received / "上次的结果", dirs_exist_ok=True)
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    frames = {
        f"data/{name}.parquet"
        for name in (
            "returns",
            "values",
            "verdicts",
            "findings",
            "asides",
            "scores",
            "totals",
            "decisions",
            "resolved",
            "labels",
            "问题清单",
        )
    }
    copies = {name for name in names if name.startswith("退回/衡山县行政审批服务局/")}
    assert len(copies) == 1
    letters = {name for name in names if name.startswith("反馈意见/")}
    assert len(letters) == 5  # the other units of the roster have sent nothing
    assert names - copies - letters == {
        "汇总.xlsx",
        "审核报告.html",
        "findings.csv",
        "问题清单.csv",
        "run.json",
        *frames,
    }
    stated = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert stated["counts"]["files"] == 1
    assert stated["counts"]["findings"] == len(pd.read_csv(out / "findings.csv", encoding="utf-8-sig"))


def test_check_shows_a_unit_its_own_faults(
    sample: Callable[[str, Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sample("鹤城区", tmp_path)
    status, out, _ = gouji(capsys, "check", path)
    assert status == 1
    assert "G-03" in out and "表样问题" not in out
    status, out, _ = gouji(capsys, "check", path, "--json")
    findings = json.loads(out)["findings"]
    wrong = next(
        finding for finding in findings if finding["rule"] == "G-03" and finding["item"] == "项目支出.本年决算数"
    )
    assert (wrong["stated"], wrong["expected"], wrong["severity"]) == ("1733.634137万元", "1799.206137万元", "强制性")
    assert wrong["difference"] == pytest.approx(-65.572)


def test_a_form_is_shown_with_every_item_and_its_cell(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = gouji(capsys, "forms", "show", "自评表@湖南-2020", "--year", "2021", "--json")
    items = {item["item"]: item for item in json.loads(out)["items"] if "line" not in item}
    assert status == 0
    shown = {key: items["年度资金总额.执行率"][key] for key in ("cell", "kind", "entry", "label")}
    assert shown == {"cell": "H6", "kind": "rate", "entry": "computed", "label": "年度资金总额（执行率）"}


def test_a_rule_is_explained_with_its_case_in_a_file(
    sample: Callable[[str, Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sample("衡山县", tmp_path)
    status, out, _ = gouji(capsys, "explain", "F-S1", "--file", path, "--json")
    cases = {case["项目"]: case for case in json.loads(out)["cases"]}
    assert status == 0
    assert (cases["在职人员控制率.得分"]["结论"], cases["公用经费控制率.得分"]["结论"]) == ("相符", "不符")
    assert "281.61%" in cases["公用经费控制率.得分"]["计算过程"]
    assert "自评高8分" in cases["公用经费控制率.得分"]["说明"]
    assert "本年追加" in cases["预算控制率.得分"]["说明"]


def test_lint_lists_what_published_forms_get_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = gouji(capsys, "forms", "lint", "--json")
    report = json.loads(out)
    assert (status, report["errors"]) == (0, [])
    assert ("S-01", "三公经费变动率") in {(fault["rule"], fault["item"]) for fault in report["faults"]}


def test_the_schema_names_every_part_of_a_definition(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = gouji(capsys, "forms", "schema")
    schema = json.loads(out)
    assert status == 0
    assert {"form", "edition", "blocks", "checks", "scoring"} <= schema["properties"].keys()
    assert {"GridBlock", "ListBlock", "ScoresBlock", "StepRule", "Check"} <= schema["$defs"].keys()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "没有这里", "--out", "x"], "找不到"),
        (["run", "."], "缺少 --out"),
        (["forms", "show", "基础数据表"], "有 3 个版本"),
        (["forms", "show", "没有的表"], "没有找到表“没有的表”"),
        (["explain", "X-99"], "没有编号为“X-99”的规则"),
        (["isue"], "没有这个命令"),
        (["issue", "自评表@湖南-2020", "--units", "没有.csv", "--year", "2021", "--out", "x"], "找不到“没有.csv”"),
        (["run", ".", "--out", "x", "--yaer", "3"], "没有 --yaer 这个选项，是不是 --year"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_a_reason(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = gouji(capsys, *arguments)
    assert status == 2
    assert said in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_an_output_folder_that_cannot_be_written_is_a_sentence(
    sample: Callable[[str, Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sample("衡山县", tmp_path)
    occupied = tmp_path / "占用"
    occupied.write_text("这里是一个文件", encoding="utf-8")
    status, _, err = gouji(capsys, "run", path, "--out", occupied / "结果")
    assert status == 2
    assert "无法在" in err and "Traceback" not in err
    assert occupied.read_text(encoding="utf-8") == "这里是一个文件"


@pytest.mark.in_turn("long")
def test_every_disorder_ends_in_the_account_and_never_in_a_traceback(
    sample: Callable[[str, Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "收到"
    inbox.mkdir()
    good = sample("衡山县", inbox)
    (inbox / "又一份.xlsx").write_bytes(good.read_bytes())
    (inbox / "报告.docx").write_bytes(b"PK\x03\x04")
    (inbox / "空.xlsx").write_bytes(b"")
    (inbox / "说明.txt").write_text("您好", encoding="utf-8")
    blank = openpyxl.Workbook()
    blank.save(inbox / "白纸.xlsx")
    status, out, err = gouji(capsys, "run", inbox, "--out", tmp_path / "结果", "--units", ROSTER)
    assert (status, err) == (1, "")
    returns = pd.read_parquet(tmp_path / "结果" / "data" / "returns.parquet")
    statuses = dict(zip(returns["file"], returns["status"], strict=True))
    assert len(statuses) == 6
    assert statuses["白纸.xlsx"] == "未识别"
    assert {statuses[name] for name in ("空.xlsx", "说明.txt", "报告.docx")} == {"无法读取"}
    assert sorted(statuses[name] for name in ("又一份.xlsx", good.name)) == ["已收", "重复文件"]
    assert "重复文件 1" in out
