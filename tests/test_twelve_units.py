"""A whole round of twelve units, from the first returns to the archive: the state of every table, what each letter and
each returned file names, and what is finished, after every step.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from docx import Document

from gouji import cli
from gouji.commands.diff import diff_rounds
from gouji.export.attendance import attendance
from gouji.export.results import Results
from gouji.export.states import states
from gouji.finished import read_finished
from gouji.ingest.roster import owing, read_roster
from gouji.round.folder import round_at
from gouji.round.standing import results_of
from gouji.samples.fill import Number
from gouji.samples.generating.arithmetic import base_results
from gouji.templates.catalogue import built_in
from gouji.workers.here import Here
from tests.test_review import decide
from tests.twelve_units import (
    AGAIN,
    TOTAL,
    UNITS,
    first_returns,
    grown,
    honest,
    mend,
    paid_less,
    recipient,
    send,
    write_roster,
)  # fmt: skip

FORMS = ["基础数据表@衡山县-2021", "自评表@湖南-2020"]
BASE, PROJECT = "部门整体支出绩效评价基础数据表", "预算支出绩效自评表"
WHY = "上年机构改革，人员划入"
DONE = "已定稿"
RUN = ("run", "--jobs", "1", "--only", "汇总,退回,反馈意见")


class County:
    """The bureau with its round folder, at work day by day."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder / "一轮", patch
        patch.setattr("gouji.workers.local.LocalWorkers", lambda *_, **__: Here())
        patch.chdir(folder)
        write_roster(folder / "单位.csv")
        asked = ["--year", "2021", "--form", FORMS[0], "--form", FORMS[1], "--units", "单位.csv"]
        terms = ["--bureau", "某某县财政局", "--deadline", "2022-03-31", "--reply-days", "10"]
        assert self.call("init", "一轮", *asked, *terms) == 0
        patch.chdir(self.folder)

    def call(self, *arguments: str | Path, day: str = "2022-03-20") -> int:
        """A command as people type it, on that day; its exit status."""
        return self.call_then(f"{day}T09:00:00+08:00", *arguments)

    def call_then(self, moment: str, *arguments: str | Path, folder: Path | None = None) -> int:
        """A command at that moment, in another folder of a round where one is named."""
        with self.patch.context() as patch:
            if folder is not None:
                patch.chdir(folder)
            for module in ("pipeline", "commands.letters"):
                patch.setattr(f"gouji.{module}.now", lambda: moment)
            patch.setattr(sys, "argv", ["gouji", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        return int(str(ended.value.code))

    @property
    def received(self) -> Path:
        return self.folder / "收到"

    @property
    def results(self) -> Results:
        """What the last run found."""
        round_ = round_at(self.folder)
        roster = owing(read_roster(round_.roster(), built_in()), round_.settings.forms, built_in())
        return results_of(round_, roster, built_in(), Here())

    def states(self) -> dict[str, str]:
        """Unit → the states of its 基础数据表 and of its 自评表."""
        counts: dict[str, dict[str, Counter[str]]] = {}
        for row in states(self.results).itertuples(index=False):
            counts.setdefault(row.unit, {}).setdefault(row.form, Counter())[row.state] += 1
        return {unit: " / ".join(_words(forms.get(form)) for form in (BASE, PROJECT)) for unit, forms in counts.items()}

    def letters(self) -> dict[str, str]:
        """Unit → what its letter says."""
        folder = self.folder / "结果" / "反馈意见"
        return {path.name.split("_")[1]: _text(path) for path in sorted(folder.iterdir())}

    def copies(self) -> dict[str, list[str]]:
        """Unit → the files that go back to it."""
        by_unit: dict[str, list[str]] = {}
        for path in sorted((self.folder / "结果" / "退回").rglob("*.*")):
            by_unit.setdefault(path.parent.name, []).append(path.name)
        return by_unit

    def copy(self, key: str) -> Path:
        (name,) = self.copies()[UNITS[key]]
        return self.folder / "结果" / "退回" / UNITS[key] / name

    def adopt(self, *files: str) -> None:
        """Write 是 beside the first table of each of these files."""
        path = self.folder / "结果" / "汇总.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["收表明细"]
        heads = {str(cell.value): cell.column for cell in sheet[3]}
        wanted = set(files)
        for row in range(4, sheet.max_row + 1):
            if (name := sheet.cell(row, heads["文件"]).value) in wanted:
                wanted.discard(name)
                sheet.cell(row, heads["采用"]).value = "是"
        assert not wanted
        book.save(path)

    def decide(self, opinions: Mapping[str, str]) -> None:
        """An opinion on everything grave that is found in a unit's return."""
        findings = self.results.findings
        grave = findings[findings["severity"].isin(["强制性", "核实性"])]
        decisions = {
            str(name): {"审核意见": opinion, "审核人": "甲"}
            for key, opinion in opinions.items()
            for name in grave.loc[grave["unit"] == UNITS[key], "finding_id"]
        }
        assert decisions
        decide(self.folder / "结果" / "汇总.xlsx", decisions)

    def id_of(self, key: str, rule: str) -> str:
        findings = self.results.findings
        return str(findings.loc[(findings["unit"] == UNITS[key]) & (findings["rule"] == rule), "finding_id"].iloc[0])

    def became(self) -> dict[tuple[str, str], str]:
        """(unit, rule) → what became of an earlier finding."""
        rows = pd.read_parquet(self.folder / "结果" / "data" / "resolved.parquet")
        return dict(zip(zip(rows["unit"], rows["rule"], strict=True), rows["outcome"], strict=True))


def _words(counts: Counter[str] | None) -> str:
    if counts is None:
        return "—"
    return "，".join(state if count == 1 else f"{state}{count}" for state, count in counts.items())


def _text(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def of(**by_key: str) -> dict[str, str]:
    """Unit → what is said, by its key."""
    return {UNITS[key]: said for key, said in by_key.items()}


PASSED = "通过 / 通过"
FIRST = of(
    right=PASSED, eight="通过 / 通过8", bare="退回修改 / —", wrong="退回修改 / 通过", asked="待说明 / 通过",
    late="未报 / 未报", missing="未报 / 未报", twice="待选 / 通过", word=PASSED, year="年度不对 / 年度不对",
    yuan="待审 / 待审", text=PASSED,
)  # fmt: skip
"""Units and their tables when the bureau looks for the first time."""
ALL_BUT_ONE = dict.fromkeys(UNITS.values(), PASSED) | of(eight="通过 / 通过8", bare="通过 / —", missing="未报 / 未报")


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    return County(tmp_path, monkeypatch)


@pytest.mark.in_turn("long")
def test_units_answer_what_they_were_asked(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    answered(county, capsys)


@pytest.mark.deep
def test_a_round_of_twelve_units(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    assert county.call("issue", "--jobs", "1") == 0
    issued = {f"{of.unit_code}_{of.unit}_2021.xlsx" for of in map(recipient, UNITS)}
    assert {path.name for path in (county.folder / "下发").iterdir()} == issued
    answered(county, capsys)
    everything_passes(county)
    the_round_closes(county, capsys)


def answered(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    first_look(county)
    before = shutil.copytree(county.folder / "结果", county.folder.parent / "第一次")
    units_answer(county)
    second_look(county)
    what_became(county, before, capsys)


def first_look(county: County) -> None:
    """One wrong, one to explain, two versions, 元, a wrong year; two have sent nothing."""
    first_returns(county.received)
    assert county.call(*RUN) == 1
    assert county.states() == FIRST
    assert county.copies() == {
        UNITS[key]: [f"{recipient(key).unit_code}_{UNITS[key]}_{2020 if key == 'year' else 2021}.xlsx"]
        for key in ("wrong", "asked", "bare", "year", "yuan")
    }
    findings = county.results.findings
    grave = findings["severity"].isin(["强制性", "核实性"]) & (findings["unit"] == UNITS["bare"])
    assert list(findings.loc[grave, "rule"]) == ["G-01"]  # 无 in the roster: nothing is asked about projects
    letters = county.letters()
    assert set(letters) == {
        UNITS[key] for key in ("wrong", "asked", "bare", "year", "yuan", "late", "missing", "twice")
    }
    assert all("2022年3月30日" in letter and "某某县财政局" in letter for letter in letters.values())
    texts = "".join(letters.values())
    for word in ("A-S3", "自评预警", "汇总.xlsx", "财政部门"):
        assert word not in texts, texts[texts.index(word) - 200 : texts.index(word) + 50]
    for key, said in of(
        wrong="4.46万元\n3.96万元", asked="需要核实说明的问题3处", year="表上是2020年度", yuan="按元填列",
        bare="相差 0.5万元",
        late="催报2021年度", missing="基础数据表1张；自评表1张", twice=f"“{AGAIN}”。请说明以哪一份为准",
    ).items():  # fmt: skip
        assert said in letters[key]


def units_answer(county: County) -> None:
    """Mended and explained copies, the right year, 万元, a late return; the bureau chooses between the two versions."""
    inbox, right = county.received, base_results(honest("wrong").base)[TOTAL]
    assert right is not None
    mend(county.copy("wrong"), inbox / "改好.xlsx", {"F6": Number(right)})
    mend(county.copy("asked"), inbox / "说明.xlsx", {}, {"Y-02": WHY})
    for key in ("year", "yuan", "late"):
        send(inbox, key, name=f"新报{UNITS[key]}.xlsx")
    county.adopt(AGAIN)


def second_look(county: County) -> None:
    """After the deadline. What was answered has passed or waits for the bureau; 元 and 万元 are two versions."""
    question = county.id_of("asked", "Y-02")
    assert county.call(*RUN, day="2022-04-05") == 1
    answered = of(wrong=PASSED, asked="待审 / 通过", late=PASSED, twice=PASSED, year=PASSED, yuan="待选 / 待选")
    assert county.states() == FIRST | answered
    assert county.copies() == {UNITS["bare"]: [f"{recipient('bare').unit_code}_{UNITS['bare']}_2021.xlsx"]}
    assert set(county.letters()) == {UNITS[key] for key in ("bare", "missing", "yuan")}
    explained = county.results.findings.set_index("finding_id").loc[question]
    assert (explained["file"], explained["explanation"]) == ("说明.xlsx", WHY)
    late = {unit.name for unit in attendance(county.results) if unit.late}
    assert late == {UNITS["late"], UNITS["year"]}


def what_became(county: County, before: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is said of the findings that are gone."""
    became = county.became()
    assert {(key, rule): became[UNITS[key], rule] for key, rule in SAID} == SAID
    capsys.readouterr()
    assert diff_rounds(before, county.folder / "结果", as_json=False) == 1
    assert "已修改 1 条" in capsys.readouterr().out


SAID = {
    ("wrong", "G-01"): "已修改", ("twice", "R-04"): "已确定用哪一份", ("year", "T-08"): "已报本年度的表",
    ("late", "R-03"): "已补报",
}  # fmt: skip


def everything_passes(county: County) -> None:
    """The bureau decides what is left, the last unit sends; `final` takes what has passed and says of the rest why."""
    county.decide({"asked": "说明采纳", "bare": "规则误判"})
    county.adopt(f"新报{UNITS['yuan']}.xlsx")
    assert county.call(*RUN, day="2022-04-06") == 1
    assert county.states() == ALL_BUT_ONE
    assert (county.copies(), set(county.letters())) == ({}, {UNITS["missing"]})
    assert county.call("final") == 0
    assert len(read_finished(county.folder / "定稿")) == 11
    send(county.received, "missing")
    assert county.call(*RUN, day="2022-04-07") == 0
    finished = {unit: said.replace("通过", DONE) for unit, said in ALL_BUT_ONE.items()} | of(missing=PASSED)
    assert county.states() == finished


def the_round_closes(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is finished, archived, and comes out the same when it is run again."""
    capsys.readouterr()
    assert county.call("final") == 0
    said = capsys.readouterr().out
    assert "没有定稿" not in said and "改好.xlsx：校验数" in said
    assert said.count("不用定稿") == 5
    assert county.call(*RUN, day="2022-04-08") == 0
    assert {state for said in county.states().values() for state in said.replace("8", "").split(" / ")} == {DONE, "—"}
    assert county.call("letters", day="2022-04-08") == 0 and county.letters() == {}
    capsys.readouterr()
    assert county.call("status") == 0
    assert "都已定稿，运行 gouji archive 归档" in capsys.readouterr().out
    assert county.call("archive") == 0 and county.call("verify") == 0
    assert county.call("replay", "一轮-归档.zip", "--jobs", "1") == 0


@pytest.mark.in_turn("long")
def test_the_newest_version_is_taken_where_the_round_says_so_and_again_in_a_replay(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = county.folder / "勾稽.toml"
    toml.write_text(toml.read_text("utf-8").replace("newest = false", "newest = true"), encoding="utf-8")
    send(county.received, "twice")
    assert county.call(*RUN) == 1
    send(county.received, "twice", paid_less, AGAIN)
    assert county.call(*RUN, day="2022-04-05") == 1
    assert "按设置用新的一份的有 1 处" in capsys.readouterr().out
    assert county.states()[UNITS["twice"]] == PASSED
    (stated,) = county.results.run["newest"]
    assert (stated["taken"], "2022-04-05" in stated["evidence"]) == (AGAIN, True)
    assert [finding.rule for finding in county.results.findings.itertuples() if finding.unit == UNITS["twice"]] == [
        "R-19"
    ]
    assert county.call("archive") == 0 and county.call("replay", "一轮-归档.zip", "--jobs", "1") == 0


@pytest.mark.in_turn("long")
def test_an_opinion_holds_though_the_file_is_renamed_and_the_code_corrected(county: County) -> None:
    sent = send(county.received, "asked", grown)
    assert county.call(*RUN) == 1
    before = county.id_of("asked", "Y-02")
    county.decide({"asked": "说明采纳"})
    sent.rename(county.received / "改了名.xlsx")
    roster = county.folder / "名册.csv"
    code = recipient("asked").unit_code
    roster.write_text(roster.read_text("utf-8-sig").replace(code, "777700005"), encoding="utf-8-sig")
    assert county.call(*RUN) == 1
    results = county.results
    findings = results.findings[(results.findings["unit"] == UNITS["asked"]) & (results.findings["rule"] == "Y-02")]
    assert before in set(findings["finding_id"]) and set(findings["unit_code"]) == {"777700005"}
    assert set(findings["file"]) == {"改了名.xlsx"} and set(findings["finding_id"]) <= set(
        results.decisions["finding_id"]
    )
    assert county.states()[UNITS["asked"]] == PASSED
