"""gouji from Python: docs/api.md runs as it stands; frames, errors, and what a call leaves of its caller's process."""

from __future__ import annotations

import contextlib
import io
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pandera.errors
import pytest

import gouji
from gouji.export.sheets.versions import facts
from gouji.samples.build import ROSTER
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.layer import INSTALLED
from gouji.templates.layout import lay_out
from gouji.templates.program import ROOMS
from gouji.validate.plain import plain_rules
from tests.patience import slowed

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
FORM = "基础数据表@衡山县-2021"
UNITS = {"301": "县教育局", "302": "县水利局"}
SPENT = {
    2020: {"301": [14.2, 9.2, 5.0], "302": [8.0, 5.0, 3.0]},
    2021: {"301": [12.5, 8.0, 4.5], "302": [9.0, 5.5, 3.5]},
}


def _examples() -> list[tuple[str, str]]:
    """(code, what it prints) of every example of the page."""
    blocks = re.findall(r"```(python|text)\n(.*?)```", PAGE, re.S)
    return [
        (text, blocks[number + 1][1] if blocks[number + 1 : number + 2] and blocks[number + 1][0] == "text" else "")
        for number, (kind, text) in enumerate(blocks)
        if kind == "python"
    ]


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the page takes for granted: a roster, and the returns of two years."""
    (tmp_path / "名册.csv").write_text(
        "单位编码,单位名称\n" + "".join(f"{code},{name}\n" for code, name in UNITS.items()), encoding="utf-8"
    )
    for year, spent in SPENT.items():
        for code, path in zip(
            UNITS, gouji.issue(FORM, tmp_path / "名册.csv", year, tmp_path / f"收到{year}"), strict=True
        ):
            _fill(path, year, dict(zip(["三公经费", "公务用车", "公务接待"], spent[code], strict=True)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _fill(path: Path, year: int, spent: dict[str, float]) -> None:
    book = openpyxl.load_workbook(path)
    cells = lay_out(built_in().find(FORM), year).positions
    for row, figure in spent.items():
        place = cells[f"{row}.本年决算数"]
        book.worksheets[1].cell(place[0] + 1, place[1] + 1).value = figure
    book.save(path)


def test_no_module_takes_the_place_of_a_function() -> None:
    """A module that is imported becomes a name of its package."""
    assert not {module.name for module in pkgutil.iter_modules(gouji.__path__)} & set(gouji.__all__)


@pytest.mark.in_turn("long")
def test_the_page_runs_as_it_stands(county: Path) -> None:
    names: dict[str, object] = {}
    for code, printed in _examples():
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, "docs/api.md", "exec"), names)
        assert said.getvalue() == printed, code
    assert "县教育局</text>" in (county / "三公经费.svg").read_text(encoding="utf-8")
    assert (county / "结果" / "汇总.xlsx").is_file()
    assert not (county / "结果" / "审核报告.html").exists()


@pytest.mark.in_turn("long")
def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    issued = gouji.issue(FORM, ROSTER, 2021, tmp_path / "下发")
    script = tmp_path / "script.py"
    script.write_text(
        "import gouji, sys\nprint('begun')\nprint(len(gouji.check(sys.argv[1]).returns), len(sys.path))\n"
        "print(len(sys.path))\n", encoding="utf-8",
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(script), str(issued[0])],
        capture_output=True, encoding="utf-8", check=True, timeout=slowed(120), cwd=tmp_path,
    )  # fmt: skip
    begun, counts, after = done.stdout.splitlines()
    assert (begun, counts.split()[0], counts.split()[1]) == ("begun", "1", after)


def test_reading_and_checking_give_the_same_tables_and_leave_the_process_as_it_was(tmp_path: Path) -> None:
    issued = gouji.issue(FORM, ROSTER, 2021, tmp_path / "下发")[:2]
    _fill(issued[0], 2021, {"三公经费": 3.0, "公务用车": 1.0, "公务接待": 1.0})
    path, environment = list(sys.path), dict(os.environ)
    reading, outcome = gouji.read(issued), gouji.check(issued, jobs=0)
    assert (sys.path, dict(os.environ)) == (path, environment)
    pd.testing.assert_frame_equal(reading.returns, outcome.returns)
    pd.testing.assert_frame_equal(reading.values, outcome.values)
    said = [(group, name) for group, name, _ in facts(outcome.run, "本次运行") if group != "软件版本"]
    assert [words for words in said if words[0].isascii() or words[1].isascii()] == [("本次运行", "gouji")]
    (broken,) = outcome.findings.query("rule == 'G-01' and verdict == '不符'").to_dict("records")
    assert (broken["item"], broken["difference"]) == ("三公经费.本年决算数", 1.0)
    assert outcome.verdicts.query("rule == 'G-01' and verdict == '不符'")["item"].tolist() == ["三公经费.本年决算数"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: gouji.schema("没有这张表"), "没有找到表“没有这张表”"),
        (lambda: gouji.schema(FORM, "没有"), "没有清单“没有”，可用的有：项目。"),
        (lambda: gouji.check("没有这个文件夹"), "没有这个文件夹”，请核对路径。"),
        (lambda: gouji.run([], "x", outputs=["照片"]), "没有名为“照片”的结果"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(gouji.GoujiError, match=re.escape(sentence)):
        call()


def test_a_bureaus_own_definitions_stand_above_ours(tmp_path: Path) -> None:
    (known,) = (form for form in built_in().forms if form.key.endswith("基础数据表@衡山县-2021"))
    form_folder = tmp_path / "表样" / known.name
    form_folder.mkdir(parents=True)
    text = (INSTALLED / known.name / "衡山县-2021.yaml").read_text(encoding="utf-8")
    (form_folder / "某县-2026.yaml").write_text(
        text.replace("edition: 衡山县-2021", "edition: 某县-2026"), encoding="utf-8"
    )
    assert "某县-2026" in gouji.forms(form_folder.parent)["edition"].tolist()
    assert "某县-2026" not in gouji.forms()["edition"].tolist()
    mine = f"{known.name}@某县-2026"
    (issued, *_) = gouji.issue(mine, ROSTER, 2026, tmp_path / "下发", own=form_folder.parent)
    assert gouji.check(issued, own=form_folder.parent, jobs=0).returns["edition"].tolist() == ["某县-2026"]
    assert gouji.rules(mine, own=[form_folder.parent]).equals(gouji.rules(FORM))
    with pytest.raises(gouji.GoujiError, match="没有找到表"):
        gouji.schema(mine)


@pytest.mark.parametrize("form", built_in().forms, ids=lambda form: form.key)
def test_every_form_has_a_schema_that_empty_and_blank_frames_pass(form: Form) -> None:
    key = form.key
    for block in (None, *form.lists):
        asked = gouji.schema(key, block, rounding=True)
        names = gouji.items(key, block)["item"].tolist()
        assert set(names) <= set(asked.columns)
        blank = pd.DataFrame({name: [None] for name in names})
        passed = asked.validate(blank, lazy=True)
        keys = [rule.key for rule in plain_rules(built_in().find(key), block)]
        assert gouji.rules(key, block)["key"].tolist() == keys
        assert len(asked.validate(blank.iloc[:0], lazy=True)) == 0
        verdicts = gouji.verdicts(key, blank, block)
        unknown = [name for name in keys if passed[name].isna().item()]
        assert verdicts.query("verdict == '无法核对'").shape[0] == len(unknown)


def test_a_failure_names_rule_row_and_difference_and_rounding_is_asked_for_apart() -> None:
    frame = pd.DataFrame(
        {"编制数": [3, 3, 2.5], "实际在职人数": [2, 2, 2], "控制率": [0.6667, 0.67, 0.8]}, index=["甲", "乙", "丙"]
    )
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        gouji.schema(FORM).validate(frame, lazy=True)
    cases = caught.value.failure_cases
    assert cases[["check", "index", "failure_case"]].to_numpy().tolist() == [["N-02[编制数]", "丙", -0.5]]
    verdicts = gouji.verdicts(FORM, frame).query("rule == 'G-07'")
    assert verdicts["verdict"].tolist() == ["尾差", "尾差", "相符"]
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        gouji.schema(FORM, rounding=True).validate(frame, lazy=True)
    rounded = caught.value.failure_cases.query("check == 'G-07[控制率]·尾差'")
    assert rounded["index"].tolist() == ["甲", "乙"]


OUTSIDE = """
from pathlib import Path

import pandas as pd

import gouji


def spent(folder: Path) -> pd.DataFrame:
    outcome: gouji.Outcome = gouji.check([folder], year=2021)
    wide = outcome.values.pivot(index="return_id", columns="item", values="value")
    return gouji.schema("基础数据表@衡山县-2021").validate(wide, lazy=True)


def wrong() -> int:
    return gouji.check(3)
"""


@pytest.mark.deep
def test_types_reach_an_outside_program(tmp_path: Path) -> None:
    """Looked at as it is installed; what is right passes mypy's strict mode, what is wrong does not."""
    (tmp_path / "program.py").write_text(OUTSIDE, encoding="utf-8")
    root, installed = Path(__file__).parents[1], tmp_path / "installed" / "gouji"
    installed.mkdir(parents=True)
    for entry in (*(root / "gouji").iterdir(), *(root / room for room in ROOMS)):
        (installed / entry.name).symlink_to(entry)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "program.py"],
        cwd=tmp_path, env={**os.environ, "MYPYPATH": str(installed.parent)}, capture_output=True, encoding="utf-8",
        check=False, timeout=slowed(300),
    )  # fmt: skip
    errors = [line.rpartition("[")[2] for line in done.stdout.splitlines() if "error:" in line]
    assert errors == ["return-value]", "arg-type]"], done.stdout
