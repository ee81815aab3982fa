"""Opinions written at the desk: in the log at once, by the same chain and rules as those of a workbook."""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn

from gouji.archiving.pack import pack
from gouji.export.data_files import data_file
from gouji.export.states import states
from gouji.export.stored import Stored
from gouji.ingest.frames import typed
from gouji.locking import alone
from gouji.logged import read_whole_log
from gouji.statement import StatementError
from gouji.templates.catalogue import built_in
from gouji.templates.review import ACCEPTED, MISJUDGED, REJECTED, SENT_BACK
from gouji.validate.frames import resolved_schema
from gouji.validate.review.log import CONFLICT, DECISION, DESK, Entry
from gouji.workers.here import Here
from tests.desk import Answer, Visitor, served
from tests.test_review import decide
from tests.test_twelve_units import BASE, RUN, County
from tests.twelve_units import UNITS, grown, recipient, send, total_too_high

HOSTILE_FILE = "<img src=x onerror=alert(1)>&=cmd.xlsx"
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A round with one wrong unit, and one that is to explain three things in a file of a hostile name."""
    with pytest.MonkeyPatch.context() as patch:
        county = County(tmp_path_factory.mktemp("desk"), patch)
        send(county.received, "wrong", total_too_high)
        send(county.received, "asked", grown, HOSTILE_FILE)
        assert county.call(*RUN) == 1
        yield county


@pytest.fixture
def county(checked: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    """Its round, to be changed."""
    other = object.__new__(County)
    other.folder, other.patch = Path(shutil.copytree(checked.folder, tmp_path / "一轮")), monkeypatch
    monkeypatch.setattr("gouji.workers.local.LocalWorkers", lambda *_, **__: Here())
    monkeypatch.chdir(other.folder)
    yield other


def log_of(county: County) -> list[Entry]:
    """Held against what run.json states of it."""
    return read_whole_log(county.folder / "结果")


def say(desk: Visitor, name: str, opinion: str, seen: int, **more: str) -> Answer:
    return desk.ask(f"/findings/{name}/opinion", HTMX, form={"opinion": opinion, "seen": str(seen), **more})


def test_a_finding_with_its_table(county: County) -> None:
    name = county.id_of("wrong", "G-01")
    with served(county.folder) as desk:
        shown = desk.ask(f"/findings/{name}").text
        assert 'class="number faulty" id="faulty" colspan="2">4.46</td>' in shown
        assert shown.count('class="number part"') == 3
        for text in (
            "三公经费应等于",
            "三公经费 = 公务用车 + 出国经费 + 公务接待",
            "4.46万元",
            "3.96万元",
            " / 14 条",
        ):
            assert text in shown, text
        assert "没有核对过" not in shown and "Traceback" not in shown
        hostile = desk.ask(f"/findings/{county.id_of('asked', 'Y-02')}").text
        assert "&lt;img src=x onerror=alert(1)&gt;&amp;=cmd.xlsx" in hostile and "<img" not in hostile
        assert desk.ask("/findings/../../结果/run.json").status == 404
        assert desk.ask("/findings/<b>x").status == 404


def test_the_figure_of_the_round_before(checked: County, county: County) -> None:
    toml = county.folder / "勾稽.toml"
    toml.write_text(f'previous = "{checked.folder.as_posix()}"\n{toml.read_text("utf-8")}', encoding="utf-8")
    with served(county.folder) as desk:
        assert "<dt>上一轮</dt><dd>4.46万元</dd>" in desk.ask(f"/findings/{county.id_of('wrong', 'G-01')}").text
        assert "上一轮" not in desk.ask(f"/findings/{county.id_of('missing', 'R-03')}").text


def test_a_unit_over_the_rounds(checked: County, county: County) -> None:
    gone = {
        "finding_id": "ab", "unit_code": recipient("wrong").unit_code, "unit": UNITS["wrong"], "form": BASE,
        "year": 2021, "rule": "G-09", "severity": "强制性", "stated": "5万元", "message": "<b>不等", "now": "4万元",
        "outcome": "已修改",
    }  # fmt: skip
    frame = typed(pd.DataFrame([gone], columns=list(resolved_schema.columns)), resolved_schema)
    Stored.of(frame).write(data_file(county.folder / "结果", "resolved"))
    with served(county.folder) as desk:
        page = f"/units/{recipient('wrong').unit_code}"
        alone = desk.ask(page).text
        assert "没有以前的一轮可看" in alone and "439900004_误算局_2021.xlsx" in alone
        was = alone.split("<h2>以前的问题")[1].partition("<h2>")[0]
        assert all(text in was for text in ("5万元", "4万元", "已修改", "&lt;b&gt;不等")) and "<b>不" not in was
        toml = county.folder / "勾稽.toml"
        toml.write_text(f'previous = "{checked.folder.as_posix()}"\n{toml.read_text("utf-8")}', encoding="utf-8")
        past = desk.ask(page).text.split("<h2>历轮</h2>")[1]
        assert "2021 年度" in past and "强制性 1 条" in past
        assert past.count('class="state bad"') == past.count('class="state good"') == 1  # 退回修改 and 通过
        assert "强制性问题 1 处" in past
        toml.write_text(toml.read_text("utf-8").replace(checked.folder.as_posix(), "/nowhere"), encoding="utf-8")
        assert "没有以前的一轮可看" in desk.ask(page).text


def test_what_is_owed_as_text(county: County) -> None:
    with served(county.folder) as desk:
        owed = desk.ask(f"/owing?text={UNITS['missing']}").text
        assert (
            f"{UNITS['missing']}：没有收到基础数据表1张，自评表1张（" in owed and "截止日期 2022-03-31，已逾期" in owed
        )
        assert UNITS["late"] not in owed and UNITS["wrong"] not in desk.ask("/owing").text
        assert "都报齐了" in desk.ask(f"/owing?text={UNITS['wrong']}").text
        boxes = re.findall(r'name="unit" value="([^"]+)"', desk.ask("/").text)
        assert len(boxes) == 10
        ticked = desk.ask(f"/owing?unit={boxes[0]}&unit={boxes[3]}&unit=<img>").text
        assert "2 个单位" in ticked and ticked.count("：没有收到") == 2 and "<img" not in ticked


def test_what_is_owed_as_one_document(checked: County, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("gouji.desk.pages.progress.now", lambda: "2022-03-20T09:00:00+08:00")
    with served(checked.folder) as desk:
        code = re.findall(r'name="unit" value="([^"]+)"', desk.ask(f"/?text={UNITS['late']}").text)[0]
        every = desk.ask("/owing/docx?text=局&late=1")
        one = desk.ask(f"/owing/docx?unit={code}&unit=../x")
        assert every.headers["content-disposition"].endswith(quote("催报通知.docx"))
        assert desk.ask(f"/owing/docx?text={UNITS['wrong']}").status == 409
    monkeypatch.chdir(checked.folder)
    # By the command and at the desk the same bytes.
    assert checked.call("letters", "--remind", tmp_path / "全部.docx") == 0
    assert (tmp_path / "全部.docx").read_bytes() == every.data
    assert checked.call("letters", "--remind", tmp_path / "催报.docx", "--only", UNITS["late"]) == 0
    assert (tmp_path / "催报.docx").read_bytes() == one.data
    lines = [line.text for line in Document(str(tmp_path / "全部.docx")).paragraphs]
    assert lines.count("关于催报2021年度绩效自评材料的通知") == 10 and lines.count("迟报局：") == 1
    sections = Document(str(tmp_path / "全部.docx")).sections
    assert [one._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for one in sections] == ["1"] * 10
    for only in (UNITS["wrong"], "没有局"):
        assert checked.call("letters", "--remind", tmp_path / "无.docx", "--only", only) == 2
    assert not (tmp_path / "无.docx").exists()


def test_progress_in_pages(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gouji.desk.pages.progress.PAGE", 5)
    with served(county.folder) as desk:
        shown = [desk.ask(f"/?page={number}").text for number in (1, 2, 3, 99)]
        names = [re.findall(r'href="/units/([^"]+)"', text) for text in shown]
        assert list(map(len, names)) == [5, 5, 2, 2] and len({*names[0], *names[1], *names[2]}) == 12
        assert names[3] == names[2] and "第 2 / 3 页" in shown[1] and "12 个单位" in shown[0]
        assert "共 12 个" in (late := desk.ask("/?late=1&page=x").text) and "page=1" not in late
        name = county.id_of("wrong", "G-01")
        before = desk.ask(f"/?text={UNITS['wrong']}").text
        assert say(desk, name, MISJUDGED, 0).status == 200
        after = desk.ask(f"/?text={UNITS['wrong']}").text
        assert "退回修改" in cells(before) and "退回修改" not in cells(after) and "通过 1" in cells(after)


def cells(text: str) -> str:
    """Of the only unit that is shown."""
    return text.split("<tbody>")[1].partition("</tbody>")[0]


def test_the_list_is_searched_narrowed_and_put_in_order(county: County) -> None:
    with served(county.folder) as desk:

        def counted(query: str) -> str:
            return (
                desk.ask(f"/findings?{query}")
                .text.split('class="hint above"><span>')[1]
                .partition("</span>")[0]
                .strip()
            )

        assert counted("") == "14 条"
        assert counted("severity=核实性").startswith("3 条")
        assert counted(f"unit={UNITS['wrong']}&rule=G-01").startswith("1 条")
        assert counted("text=三公经费 2020").startswith("1 条")
        assert counted('text="><script>&sort=x&page=-1&office=<b>').startswith("0 条")
        first = desk.ask("/findings?severity=核实性&sort=difference").text
        assert [cell in first for cell in ("104.3%", "85.53%", "87.42%")] == [True] * 3
        assert first.index("104.3%") < first.index("87.42%") < first.index("85.53%")


@pytest.mark.in_turn("long")
def test_an_opinion_is_in_the_log_at_once_and_in_the_next_run(county: County) -> None:
    name = county.id_of("wrong", "G-01")
    with served(county.folder) as desk:
        answer = say(desk, name, MISJUDGED, 0, reviewer="甲<b>", remark="=1+1")
        assert (answer.status, "甲&lt;b&gt;" in answer.text, "甲<b>" in answer.text) == (200, True, False)
        (entry,) = log_of(county)
        assert (entry.kind, entry.workbook, entry.written[1:3]) == (DECISION, DESK, (MISJUDGED, "甲<b>"))
        assert (entry.told[2], entry.told[6], entry.told[7]) == (UNITS["wrong"], "F6", "4.46万元")
        assert entry.return_sha256 and entry.figures
        assert "规则误判" in desk.ask("/findings?opinion=规则误判").text
        assert "1 条意见写进" in desk.ask("/").text
    assert set(states(county.results).loc[lambda rows: rows["unit"].eq(UNITS["wrong"]), "state"]) == {"通过"}
    with pytest.raises(StatementError, match="请先运行 gouji run"):
        pack(county.folder / "结果", county.folder / "x.zip", built_in())
    assert county.call(*RUN) == 1
    assert len(log_of(county)) == 1 and "decided" not in json.loads(
        (county.folder / "结果/run.json").read_text("utf-8")
    )
    assert county.results.decisions.set_index("finding_id").loc[name, "opinion"] == MISJUDGED
    assert county.call("archive") == 0


def test_two_windows(county: County) -> None:
    name = county.id_of("wrong", "G-01")
    with served(county.folder) as desk:
        assert say(desk, name, SENT_BACK, 0, reviewer="甲").status == 200
        late = say(desk, name, ACCEPTED, 0, reviewer="乙")
        assert late.status == 409 and "您的没有写入" in late.text and "退回修改，甲" in late.text
        assert [entry.written[1] for entry in log_of(county)] == [SENT_BACK]
        assert say(desk, name, ACCEPTED, 1, reviewer="乙").status == 200
        undone = desk.ask(f"/findings/{name}/undo", HTMX, form={"seen": "2"})
        assert undone.status == 200 and "审核意见：退回修改" in undone.text
        assert [entry.written[1] for entry in log_of(county)] == [SENT_BACK, ACCEPTED, SENT_BACK]
        assert say(desk, name, "随便", 3).status == 409 and len(log_of(county)) == 3
        assert say(desk, "ffff", ACCEPTED, 0).status in (404, 409) and len(log_of(county)) == 3


@pytest.mark.in_turn("long")
def test_the_workbook_was_edited_meanwhile(county: County) -> None:
    one, other = county.id_of("wrong", "G-01"), county.id_of("asked", "Y-02")
    with served(county.folder) as desk:
        assert say(desk, one, ACCEPTED, 0, reviewer="甲").status == 200
        assert say(desk, other, ACCEPTED, 0, reviewer="甲").status == 200
        decide(county.folder / "结果" / "汇总.xlsx", {one: {"审核意见": SENT_BACK, "审核人": "乙"}})
        assert "要等下一次运行" in desk.ask("/findings").text
    assert county.call(*RUN) == 1
    log = log_of(county)
    assert [(entry.kind, entry.written[1], entry.workbook) for entry in log[2:]] == [
        (CONFLICT, ACCEPTED, DESK), (CONFLICT, SENT_BACK, "汇总.xlsx"),
    ]  # fmt: skip
    decisions = county.results.decisions.set_index("finding_id")
    assert decisions.loc[one, "state"].startswith("意见冲突") and decisions.loc[other, "opinion"] == ACCEPTED
    with served(county.folder) as desk:
        assert "意见冲突" in desk.ask(f"/findings/{one}").text
        assert say(desk, one, SENT_BACK, 3, reviewer="丙").status == 200
    assert county.results.decisions.set_index("finding_id").loc[one, "opinion"] == SENT_BACK


def test_several_alike_at_once(county: County) -> None:
    with served(county.folder) as desk:
        preview = desk.ask("/findings/together?rule=Y-02").text
        assert preview.count('name="finding"') == 3
        names = [part.partition(" ")[0] for part in preview.split('name="finding" value="')[1:]]
        assert say(desk, names[0], SENT_BACK, 0).status == 200
        ticked = [("finding", f"{name} 0") for name in names]
        done = desk.ask("/findings/together", form=[*ticked, ("opinion", ACCEPTED), ("reviewer", "甲")])
        assert done.status == 200 and "已写到 2 条问题上" in done.text and "刚刚有别人写过意见" in done.text
        assert [entry.written[1] for entry in log_of(county)] == [SENT_BACK, ACCEPTED, ACCEPTED]
        again = [("finding", value) for value in re.findall(r'name="finding" value="([^"]+)"', done.text)]
        assert again == [("finding", f"{name} 1") for name in names[1:]]
        assert say(desk, names[2], REJECTED, 1).status == 200
        undone = desk.ask("/findings/together/undo", form=again)
        assert "已撤销 1 条" in undone.text and "刚刚有别人写过意见" in undone.text
        assert [entry.written[1] for entry in log_of(county)[3:]] == [REJECTED, ""]
        assert desk.ask("/findings/together/undo", form=[("finding", "<b> 1")]).status == 400


def test_kept_narrowings(county: County) -> None:
    with served(county.folder) as desk:
        name, asked = "<b>要办的&", "severity=强制性&text=A%26B%2B%23 50%25&sort=unit&page=7"
        assert desk.ask(f"/findings/views?{asked}", {"Origin": "null"}, form={"name": name}).status == 403
        assert desk.ask(f"/findings/views?{asked}", form={"name": " "}).status == 409
        assert desk.ask(f"/findings/views?{asked}", form={"name": name}).status == 303
        assert desk.ask("/findings/views?rule=G-01&sort=../x", form={"name": "二"}).status == 303
    kept = json.loads((county.folder / "常看.json").read_text("utf-8"))
    assert kept == {name: "text=A%26B%2B%23 50%25&severity=强制性&sort=unit", "二": "rule=G-01"}
    with served(county.folder) as desk:  # another day
        shown = desk.ask("/findings").text
        assert "&lt;b&gt;要办的&amp;" in shown and "<b>要" not in shown
        link = "/findings?text=A%26B%2B%23+50%25&amp;severity=%E5%BC%BA%E5%88%B6%E6%80%A7&amp;sort=unit"
        assert f'href="{link}"' in shown and "1 条" in desk.ask("/findings?rule=G-01").text
        assert desk.ask("/findings/views/drop", form={"name": name}).status == 303
        assert list(json.loads((county.folder / "常看.json").read_text("utf-8"))) == ["二"]
        for broken in ("[1]", "{", '{"三": 1, "四": "page=x&unit=<i>"}'):
            (county.folder / "常看.json").write_text(broken, encoding="utf-8")
            assert desk.ask("/findings").status == 200 and "<i>" not in desk.ask("/findings").text


def test_a_table_is_sent_back(county: County) -> None:
    with served(county.folder) as desk:
        links = {
            key: re.findall(
                r'href="(/findings/together\?table=[^"]+)"', desk.ask(f"/units/{recipient(key).unit_code}").text
            )
            for key in ("asked", "wrong")
        }
        assert (len(links["asked"]), links["wrong"]) == (1, [])  # which is to be mended already
        preview = desk.ask(links["asked"][0].replace("&amp;", "&")).text
        assert f'class="main"><kbd>1</kbd>{SENT_BACK}' in preview and preview.count(" checked") == 3
        assert "没有这样的问题" in desk.ask("/findings/together?table=<b>&say=<i>").text


def test_nothing_is_written_while_a_run_is_at_work_or_has_replaced_what_was_seen(county: County) -> None:
    name = county.id_of("wrong", "G-01")
    with served(county.folder) as desk:
        desk.ask("/findings")
        with alone(county.folder / "结果"):
            busy = say(desk, name, ACCEPTED, 0)
        assert busy.status == 409 and "另一个 gouji 正在写" in busy.text and log_of(county) == []
        with served(county.folder) as other:  # a second desk on the same round
            assert say(other, name, SENT_BACK, 0, reviewer="乙").status == 200
            late = say(desk, name, ACCEPTED, 0)
            assert late.status == 409 and "退回修改，乙" in late.text
        full = OSError(errno.ENOSPC, "No space left on device")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("gouji.deciding.write_log", mock.Mock(side_effect=full))
            shown = say(desk, name, ACCEPTED, 1)
            assert shown.status == 409 and "磁盘已满" in shown.text and "No space" not in shown.text
        assert [entry.written[1] for entry in log_of(county)] == [SENT_BACK]
        assert not list(county.folder.glob(".结果.gouji-writing*"))
        before = desk.ask("/").text
        away = county.folder.rename(county.folder.with_name("拔掉"))
        for path in ("/", "/findings", "/received", "/work", "/results", f"/findings/{name}", "/units/439900004"):
            gone = desk.ask(path)
            assert (gone.status, "插回原处" in gone.text, "Traceback" in gone.text) == (409, True, False), path
        assert "插回原处" in say(desk, name, ACCEPTED, 1).text
        assert "插回原处" in desk.ask("/work/run", form={}).text
        assert "插回原处" in json.loads(desk.ask("/received/files?name=a.xlsx", form={"a": "b"}).text)["said"]
        assert not county.folder.exists()
        away.rename(county.folder)
        assert desk.ask("/").text == before and say(desk, name, ACCEPTED, 1).status == 200
        shutil.move(county.folder / "勾稽.toml", county.folder / "拔掉了")
        gone = desk.ask("/findings")
        assert gone.status == 409 and "不是一轮的文件夹" in gone.text and "Traceback" not in gone.text
