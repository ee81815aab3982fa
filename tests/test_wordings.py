"""表样对照: a label that gouji was not sure of is asked about once, and read from then on as people said."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gouji.archiving.pack import archive_place, pack
from gouji.archiving.replay import replay
from gouji.export.results import Results
from gouji.ingest.beside.taught_file import TaughtError, read_taught, write_taught
from gouji.ingest.limits import Limits
from gouji.ingest.locating.form_labels import teachable_labels
from gouji.ingest.versions import stamp
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.templates.catalogue import built_in
from gouji.templates.labels import label_key
from gouji.templates.review import ANSWER_HEAD, WORDINGS_SHEET
from gouji.templates.taught import TAUGHT_FILE, Taught, shown_label
from gouji.validate.review.log import LOG, WORDING, read_log
from gouji.validate.review.wordings import NOT_TAKEN
from gouji.workers.here import Here
from tests.field.build import build_field
from tests.rotation import rotated

SUMMARY = "汇总.xlsx"
FORM, EDITION = "预算支出绩效自评表", "湖南-2020"
LIKE, COLUMN, ROW = "年度资金总金额", "拨付到位数", "专项债券资金"
"""Read by likeness for 年度资金总额; not recognised, stands for 全年执行数; a row beyond the definition."""
EXECUTED = "年度资金总额.全年执行数"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four returns, each with one of the labels or none, and the results of a first run."""
    folder = tmp_path_factory.mktemp("wordings")
    (folder / "field").mkdir()
    build_field(folder / "field")
    returns = folder / "收到"
    returns.mkdir()
    (plain,) = (folder / "field").glob("v00_*.xlsx")
    for name, cells in {"原样": {}, "相近": {"B6": LIKE, "F6": 91}, "未认出": {"F5": COLUMN}}.items():
        book = openpyxl.load_workbook(plain)
        for cell, value in {"G4": f"{name}局", **cells}.items():
            book.worksheets[0][cell] = value
        book.save(returns / f"{name}.xlsx")
    (beyond,) = (folder / "field").glob("v10_*.xlsx")
    shutil.copyfile(beyond, returns / "多一行.xlsx")
    shutil.rmtree(folder / "field")
    again(folder)
    return folder


@pytest.fixture
def batch(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "batch"))


def again(batch: Path, *decisions: Path) -> Results:
    return run([batch / "收到"], batch / "结果", year=2023, decisions=decisions, only=["汇总"])


def asked(batch: Path) -> dict[str, dict[str, object]]:
    """Label → what stands beside it on 表样对照."""
    book = openpyxl.load_workbook(batch / "结果" / SUMMARY)
    if WORDINGS_SHEET not in book.sheetnames:
        return {}
    heads, *rows = book[WORDINGS_SHEET].iter_rows(3, values_only=True)
    return {str(row[3]): dict(zip(map(str, heads), row, strict=True)) for row in rows}


def answer(path: Path, words: Mapping[str, str | None]) -> None:
    """Write beside the labels, as a person would, the rows in another order."""
    book = openpyxl.load_workbook(path)
    sheet = book[WORDINGS_SHEET]
    heads = [cell.value for cell in sheet[3]]
    column, label = heads.index(ANSWER_HEAD), heads.index("表上的标签")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(4)]
    for number, row in enumerate(reversed(rows), 4):
        if row[label] in words:
            row[column] = words[row[label]]
        for column_number, value in enumerate(row, 1):
            sheet.cell(number, column_number).value = value
    assert words.keys() <= {row[label] for row in rows}
    book.save(path)


def findings_of(results: Results, rule: str) -> list[tuple[str, str]]:
    findings = results.findings[results.findings["rule"] == rule]
    return list(zip(findings["file"], findings["severity"], strict=True))


def value(results: Results, file: str, item: str) -> float | None:
    rows = results.values.frame()
    figures = rows[rows["return_id"].str.startswith(f"{file}#") & (rows["item"] == item)]["value"]
    return None if figures.empty or pd.isna(figures.iloc[0]) else float(figures.iloc[0])


def matters(results: Results) -> list[str]:
    return [matter.text for matter in results.matters if matter.kind == NOT_TAKEN]


def taught(batch: Path) -> tuple[Taught, ...]:
    return read_taught(batch / "结果" / TAUGHT_FILE)


@pytest.mark.in_turn("long")
def test_every_label_is_asked_about_once_with_what_it_was_read_as(first: Path) -> None:
    rows = asked(first)
    assert {label: row["本次读作"] for label, row in rows.items()} == {
        LIKE: "“年度资金总额”",
        COLUMN: "未认出，它的数没有读取",
        ROW: "“项目资金”里表样没有的一行，核对合计时一并考虑",
    }
    assert {row[ANSWER_HEAD] for row in rows.values()} == {None}
    assert (rows[LIKE]["例：单位"], rows[LIKE]["例：文件"], rows[LIKE]["例：单元格"]) == ("相近局", "相近.xlsx", "B6")
    assert str(rows[COLUMN]["可填的标签"]).startswith("表上没有找到的：全年执行数。")
    assert not (first / "结果" / TAUGHT_FILE).exists()
    overview = openpyxl.load_workbook(first / "结果" / SUMMARY)["总览"]
    assert any("有3种写法请确定" in str(cell.value) for row in overview.iter_rows() for cell in row)


@pytest.mark.in_turn("long")
def test_yes_makes_it_a_label_of_the_form(batch: Path) -> None:
    before = run([batch / "收到"], year=2023)
    assert findings_of(before, "T-31") == [("相近.xlsx", "提示")]
    assert findings_of(before, "A-01") == [("相近.xlsx", "核实性")]
    answer(batch / "结果" / SUMMARY, {LIKE: "是"})
    results = again(batch)
    assert findings_of(results, "T-31") == []
    assert findings_of(results, "A-01") == [("相近.xlsx", "强制性")]
    assert taught(batch) == (Taught(FORM, EDITION, LIKE, ("年度资金总额",)),)
    assert asked(batch)[LIKE][ANSWER_HEAD] == "是"
    assert matters(results) == []
    assert findings_of(again(batch), "A-01") == [("相近.xlsx", "强制性")]  # and a third time, out of the file


@pytest.mark.in_turn("long")
def test_no_means_that_it_is_never_read_so_again(batch: Path) -> None:
    answer(batch / "结果" / SUMMARY, {LIKE: "否", ROW: "否"})
    results = again(batch)
    assert findings_of(results, "T-31") == []
    assert value(results, "相近.xlsx", EXECUTED) is None
    assert "“年度资金总额”" in " ".join(results.findings.loc[results.findings["rule"] == "T-30", "message"])
    assert asked(batch)[LIKE]["本次读作"] == (
        "“项目资金”里表样没有的一行，核对合计时一并考虑；已确定不读作“年度资金总额”"
    )
    # The row that is part of no sum: its figure is read, and the sum is judged without it.
    assert ("多一行.xlsx", "提示") not in findings_of(results, "T-32")
    assert "多一行.xlsx" in dict(findings_of(results, "A-01"))
    assert asked(batch)[ROW][ANSWER_HEAD] == "否"


@pytest.mark.in_turn("long")
def test_yes_to_a_row_beyond_the_definition_settles_it(batch: Path) -> None:
    answer(batch / "结果" / SUMMARY, {ROW: "是"})
    results = again(batch)
    assert findings_of(results, "T-32") == []
    assert findings_of(results, "A-01") == [("相近.xlsx", "核实性")]


@pytest.mark.in_turn("long")
def test_another_label_of_the_form_is_what_it_is_read_as(batch: Path) -> None:
    assert value(run([batch / "收到"], year=2023), "未认出.xlsx", EXECUTED) is None
    answer(batch / "结果" / SUMMARY, {COLUMN: "“全年执行数”。", LIKE: "其他资金"})
    results = again(batch)
    assert value(results, "未认出.xlsx", EXECUTED) == 90
    assert findings_of(results, "T-30") == [("相近.xlsx", "提示")]
    assert findings_of(results, "T-20") == []
    assert Taught(FORM, EDITION, COLUMN, ("全年执行数",)) in taught(batch)
    assert Taught(FORM, EDITION, LIKE, ("其他资金",), ("年度资金总额",)) in taught(batch)


@pytest.mark.in_turn("long")
@pytest.mark.parametrize("words", rotated("not understood", [{LIKE: "大概吧"}, {COLUMN: "是"}, {ROW: "三公经费"}]))
def test_what_cannot_be_understood_is_told_and_not_taken(batch: Path, words: dict[str, str]) -> None:
    answer(batch / "结果" / SUMMARY, words)
    results = again(batch)
    ((label, text),) = words.items()
    (matter,) = matters(results)
    assert label in matter and f"填了“{text}”" in matter and "没有采用" in matter
    assert taught(batch) == ()
    assert findings_of(results, "T-31") == [("相近.xlsx", "提示")]
    assert asked(batch)[label][ANSWER_HEAD] is None


@pytest.mark.in_turn("long")
def test_answers_that_contradict_each_other_are_told_and_not_taken(batch: Path, tmp_path: Path) -> None:
    for name, word in (("甲.xlsx", "是"), ("乙.xlsx", "否")):
        shutil.copyfile(batch / "结果" / SUMMARY, tmp_path / name)
        answer(tmp_path / name, {LIKE: word})
    results = again(batch, tmp_path / "甲.xlsx", tmp_path / "乙.xlsx")
    (matter,) = matters(results)
    assert "甲.xlsx填的是“是”；乙.xlsx填的是“否”" in matter
    assert taught(batch) == ()


@pytest.mark.in_turn("long")
def test_what_was_taken_out_of_a_workbook_is_not_taken_again_once_it_was_withdrawn(batch: Path, tmp_path: Path) -> None:
    shutil.copyfile(batch / "结果" / SUMMARY, tmp_path / "甲.xlsx")
    answer(tmp_path / "甲.xlsx", {LIKE: "是"})
    again(batch, tmp_path / "甲.xlsx")
    answer(batch / "结果" / SUMMARY, {LIKE: None})
    results = again(batch, tmp_path / "甲.xlsx")
    assert (taught(batch), findings_of(results, "T-31")) == ((), [("相近.xlsx", "提示")])
    assert [entry.written for entry in read_log(batch / "结果" / LOG) if entry.kind == WORDING] == [("是",), ("",)]


@pytest.mark.in_turn("long")
def test_it_goes_with_the_archive_and_to_next_year(batch: Path, tmp_path: Path) -> None:
    answer(batch / "结果" / SUMMARY, {LIKE: "是", COLUMN: "全年执行数", ROW: "否"})
    again(batch)
    pack(batch / "结果", archive_place(batch / "结果"), built_in())
    replayed = replay(archive_place(batch / "结果"), tmp_path / "重算", Here(), Silent())
    assert [str(difference) for difference in replayed.differences if not difference.equal] == []
    assert read_taught(tmp_path / "重算" / TAUGHT_FILE) == taught(batch)
    book = openpyxl.load_workbook(batch / "收到" / "相近.xlsx")
    book.worksheets[0]["A2"] = "（2024年度）"
    book.save(tmp_path / "2024.xlsx")
    later = run([tmp_path / "2024.xlsx"], tmp_path / "明年", year=2024, previous_path=batch / "结果")
    assert findings_of(later, "T-31") == []
    assert read_taught(tmp_path / "明年" / TAUGHT_FILE) == taught(batch)
    (tmp_path / "另处").mkdir()
    shutil.copyfile(batch / "结果" / TAUGHT_FILE, tmp_path / "另处" / TAUGHT_FILE)
    assert findings_of(run([batch / "收到"], tmp_path / "另处", year=2023), "T-31") == []


def test_a_label_that_somebody_misspelt_in_the_file_is_told(batch: Path) -> None:
    write_taught(batch / "结果" / TAUGHT_FILE, [Taught(FORM, EDITION, LIKE, ("年度资金总",))])
    results = again(batch)
    (matter,) = matters(results)
    assert f"“{LIKE}”写的“年度资金总”不是表样里的标签" in matter
    assert findings_of(results, "T-31") == [("相近.xlsx", "提示")]


def test_only_what_a_reading_depends_on_is_read_again() -> None:
    other = Taught("部门整体支出绩效评价基础数据表", "衡山县-2021", "某标签", ("车辆数量",))
    taught_label, both = Taught(FORM, EDITION, LIKE, ("年度资金总额",)), f"{FORM}@{EDITION}"
    assert stamp([both], built_in(), Limits(), (other,)) == stamp([both], built_in(), Limits())
    assert stamp([both], built_in(), Limits(), (other, taught_label)) not in (stamp([both], built_in(), Limits()), None)
    assert stamp(None, built_in(), Limits(), (other,)) != stamp(None, built_in(), Limits())


def test_a_form_of_which_nothing_was_said_is_read_as_before() -> None:
    said = (Taught(FORM, EDITION, LIKE, ("年度资金总额",)),)
    changed = [form.key for form in built_in().forms if form.knowing(said) is not form]
    assert changed == [f"{FORM}@{EDITION}"]


def test_every_label_that_is_offered_is_understood() -> None:
    for form in built_in().forms:
        for label in teachable_labels(form):
            assert label_key(shown_label(label.label)) in label.keys, (form.key, label)


@pytest.mark.parametrize(
    ("text", "words"),
    [("- 表: 甲\n", "内容有误"), ("a: [", "内容有误"), ("- {表: 甲, 版本: 乙, 表上的标签: 丙}\n" * 2, "写了两次")],
)
def test_a_file_that_is_not_right_is_told(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / TAUGHT_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(TaughtError, match=words):
        read_taught(tmp_path / TAUGHT_FILE)
