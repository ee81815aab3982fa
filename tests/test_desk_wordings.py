"""表样对照 at the desk: what a run was not sure of, settled as in 汇总.xlsx, by the same file and log."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gouji.ingest.beside.taught_file import write_taught
from gouji.locking import alone
from gouji.logged import read_whole_log
from gouji.round.founding import found_round
from gouji.round.settings import Settings
from gouji.templates.taught import TAUGHT_FILE, Taught
from gouji.validate.review.log import DESK, WORDING
from tests.desk import Answer, Visitor, served
from tests.test_wordings import (
    COLUMN,
    EDITION,
    EXECUTED,
    FORM,
    LIKE,
    ROW,
    SUMMARY,
    again,
    answer,
    asked,
    findings_of,
    first,
    matters,
    taught,
    value,
)

__all__ = ["first"]


@pytest.fixture
def batch(first: Path, tmp_path: Path) -> Path:
    """The round of which these are the returns and results."""
    roster = tmp_path / "名册.csv"
    roster.write_text("单位编码,单位名称\n1,原样局\n2,相近局\n3,未认出局\n4,<b>局\n", encoding="utf-8-sig")
    found_round(tmp_path / "一轮", Settings(year=2023, forms=(f"{FORM}@{EDITION}",), roster="名册.csv"), roster)
    return Path(shutil.copytree(first, tmp_path / "一轮", dirs_exist_ok=True))


@pytest.fixture
def desk(batch: Path) -> Iterator[Visitor]:
    with served(batch) as visitor:
        yield visitor


def listed(desk: Visitor) -> dict[str, str]:
    """Label → the address of its page."""
    shown = html.unescape(desk.ask("/wordings").text)
    return {label: link for link, label in re.findall(r'<a href="(/wordings/\w+)">([^<]+)</a>', shown)}


def seen_at(page: str) -> str:
    return re.findall(r'name="seen" value="(\w+)"', page)[0]


def say(desk: Visitor, which: str, /, **form: str) -> Answer:
    """As a person does who has the page before them."""
    link = listed(desk)[which]
    return desk.ask(link, form={"seen": seen_at(desk.ask(link).text), **form})


@pytest.mark.in_turn("long")
def test_the_list_and_a_label_on_its_sheet(desk: Visitor) -> None:
    shown = html.unescape(desk.ask("/wordings").text)
    assert set(listed(desk)) == {LIKE, COLUMN, ROW} and "3 种写法等确定" in shown
    for words in ("“年度资金总额”", "未认出，它的数没有读取", "“项目资金”里表样没有的一行，核对合计时一并考虑"):
        assert words in shown, words
    page = html.unescape(desk.ask(listed(desk)[LIKE]).text)
    assert re.search(f'class="text faulty" id="faulty"[^>]*>{LIKE}</td>', page) and "相近局 · 相近.xlsx" in page
    assert "读得对，就是“年度资金总额”" in page
    column = html.unescape(desk.ask(listed(desk)[COLUMN]).text)
    assert "同一张表上没有找到的：全年执行数" in column and 'data-key="1"' not in column
    for path in ("/wordings/<b>", "/wordings/..%2f..", "/wordings/ffff", "/wordings/%00"):
        assert desk.ask(path).status == 404, path
        assert desk.ask(path, form={"answer": "是"}).status in (404, 409), path
    for path in ("/wordings", listed(desk)[LIKE]):
        assert desk.ask(path, {"Host": "evil.example"}).status == desk.ask(path, {"Cookie": ""}).status == 403
        assert desk.ask(path, {"Origin": "http://evil.example"}, form={"answer": "是"}).status == 403


@pytest.mark.in_turn("long")
def test_answers_are_those_of_the_workbook_and_effective_in_the_next_run(
    desk: Visitor, batch: Path, tmp_path: Path
) -> None:
    by_workbook = Path(shutil.copytree(batch, tmp_path / "另一份"))
    assert say(desk, LIKE, answer="是").status == say(desk, COLUMN, label="全年执行数").status == 303
    assert say(desk, ROW, answer="否").status == 303
    out = batch / "结果"
    log = read_whole_log(out)
    assert [(entry.kind, entry.workbook, entry.written) for entry in log] == [
        (WORDING, DESK, ("是",)), (WORDING, DESK, ("全年执行数",)), (WORDING, DESK, ("否",)),
    ]  # fmt: skip
    assert "按在桌面上确定的写法（表样对照，3 次）重新读取" in desk.ask("/").text
    assert log[0].told == (FORM.replace("预算支出绩效", ""), EDITION, LIKE, "“年度资金总额”")
    answer(by_workbook / "结果" / SUMMARY, {LIKE: "是", COLUMN: "全年执行数", ROW: "否"})
    results, other = again(batch), again(by_workbook)
    assert (out / TAUGHT_FILE).read_bytes() == (by_workbook / "结果" / TAUGHT_FILE).read_bytes()
    assert (
        findings_of(results, "T-31") == [] == matters(results) and value(results, "未认出.xlsx", EXECUTED) is not None
    )
    assert results.values.frame().equals(other.values.frame()) and results.findings.equals(other.findings)
    assert '0</b><span><i aria-hidden="true">▲</i>等确定' in desk.ask("/wordings").text
    assert say(desk, LIKE, withdraw="1").status == say(desk, ROW, answer="是").status == 303  # another time
    assert {one.label: one.counted for one in taught(batch)} == {COLUMN: None, ROW: True}


def test_two_windows_and_the_file_edited_meanwhile(desk: Visitor, batch: Path) -> None:
    out = batch / "结果"
    link = listed(desk)[LIKE]
    seen = seen_at(desk.ask(link).text)
    assert say(desk, LIKE, answer="是").status == 303
    late = desk.ask(link, form={"seen": seen, "answer": "否"})
    assert late.status == 409 and "您的没有写入" in late.text and "是哪一项：是" in late.text
    assert taught(batch) == (Taught(FORM, EDITION, LIKE, ("年度资金总额",)),)
    seen = seen_at(late.text)
    by_hand = (Taught(FORM, EDITION, LIKE, (), ("年度资金总额",)), Taught(FORM, "别县-2020", "甲", ("乙",)))
    write_taught(out / TAUGHT_FILE, by_hand)
    assert desk.ask(link, form={"seen": seen, "answer": "是"}).status == 409 and set(taught(batch)) == set(by_hand)
    assert say(desk, COLUMN, label="全年执行数").status == 303
    assert set(taught(batch)) == {*by_hand, Taught(FORM, EDITION, COLUMN, ("全年执行数",))}
    assert len(read_whole_log(out)) == 2
    stated = json.loads((out / "run.json").read_text("utf-8"))
    assert stated["decided"] == 2 and TAUGHT_FILE in stated["outputs"]
    (out / TAUGHT_FILE).write_text("- <b>坏的", encoding="utf-8")
    broken = desk.ask("/wordings")
    assert broken.status == 409 and "内容有误" in broken.text and "<b>坏" not in broken.text


def test_what_cannot_be_taken_is_said_and_nothing_written(desk: Visitor, batch: Path) -> None:
    before = (batch / "结果" / "run.json").read_bytes()
    for label, form in {COLUMN: {"answer": "是"}, LIKE: {"label": "<img src=x>=1+1"}, ROW: {"label": ""}}.items():
        refused = say(desk, label, **form)
        assert refused.status in (400, 409) and "<img" not in refused.text, label
    assert "不知道是哪一项" in say(desk, COLUMN, answer="是").text
    with alone(batch / "结果"):
        assert "另一个 gouji 正在写" in say(desk, LIKE, answer="是").text
    assert (batch / "结果" / "run.json").read_bytes() == before and not (batch / "结果" / TAUGHT_FILE).exists()


@pytest.mark.in_turn("long")
def test_the_workbook_says_otherwise_than_the_desk(desk: Visitor, batch: Path) -> None:
    assert say(desk, LIKE, answer="是").status == 303 and say(desk, ROW, answer="否").status == 303
    answer(batch / "结果" / SUMMARY, {LIKE: "否", ROW: "否"})
    results = again(batch)
    (told,) = matters(results)
    assert "勾稽桌面填的是“是”，汇总.xlsx填的是“否”" in told and "都没有采用" in told
    assert {one.label: one.counted for one in taught(batch)} == {ROW: False}
    assert asked(batch)[LIKE]["确定（是／否／标签）"] is None
    assert html.unescape(desk.ask("/wordings").text).count("等确定") == 2
