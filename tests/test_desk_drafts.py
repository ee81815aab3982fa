"""起草 at the desk: a blank put in, what its cells were taken for, the definition that `gouji forms new` writes."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from rich.console import Console

from gouji.commands import new
from gouji.ingest.drafting.draft import draft_of, open_points
from gouji.ingest.drafting.taken import FILLED, HEAD, LABEL, UNUSED, WORDS, taken
from gouji.ingest.read import read_workbook
from gouji.round.founding import found_round
from gouji.round.settings import Settings
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.layer import INSTALLED
from tests.desk import Answer, Visitor, served
from tests.drafting import blank_sheet

NAME = "空表 <b>&=1+1.xlsx"
KEPT = "空表 _b_&=1+1.xlsx"
"""As the gate for names has it."""
FORM = "部门收支表"
_ROWS = [
    ["2021年部门收支表"], ["填报单位", None, "填报日期", None], ["项目", "2021年预算数", "2021年决算数", "备注"],
    ["收入合计", None, None, None], ["1、财政拨款", None, None, None], ["2、其他收入", None, None, None],
    ["支出合计", None, None, None], ["其中：工资", None, None, None],
    ["<img src=x onerror=alert(1)>", None, None, None],
]  # fmt: skip


def blank() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in _ROWS:
        book.active.append(row)
    book.active.merge_cells("A1:D1")
    book.active.title = "收支表"
    book.create_sheet("另一张").append(["项目", "金额"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture
def round_folder(tmp_path: Path) -> Path:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位编码,单位名称\n4399,平安局\n", encoding="utf-8-sig")
    found_round(tmp_path / "一轮", Settings(year=2021, forms=("自评表",), roster="名册.csv"), roster)
    return tmp_path / "一轮"


@pytest.fixture
def desk(round_folder: Path) -> Iterator[Visitor]:
    with served(round_folder) as visitor:
        yield visitor


def put(desk: Visitor, name: str, data: bytes, **headers: str) -> Answer:
    own = {
        "Host": f"127.0.0.1:{desk.access.port}", "Cookie": f"{desk.access.cookie}={desk.access.pass_}",
        "Origin": desk.access.origin,
    }  # fmt: skip
    return desk.send("POST", f"/drafts/files?name={quote(name, safe='')}", own | headers, data)


def page_of(name: str) -> str:
    return f"/drafts/{quote(name, safe='')}"


def files(folder: Path) -> set[str]:
    """What lies below the parent of the round, but for its settings and roster."""
    found = (path.relative_to(folder.parent).as_posix() for path in folder.parent.rglob("*") if path.is_file())
    return {name for name in found if not name.endswith(("名册.csv", "勾稽.toml"))}


def test_what_cells_were_taken_for() -> None:
    workbook = read_workbook(blank(), NAME)
    found = {cell_name(*place): told for place, told in taken(draft_of(workbook, NAME), workbook.sheets[0]).items()}
    kinds = {cell: told.kind for cell, told in found.items()}
    assert {cell: kinds[cell] for cell in ("A1", "A2", "A3", "B3", "A4", "A5", "B4", "C8", "B2")} == {
        "A1": WORDS, "A2": LABEL, "A3": HEAD, "B3": HEAD, "A4": LABEL, "A5": LABEL, "B4": FILLED, "C8": FILLED,
        "B2": FILLED,
    }  # fmt: skip
    assert found["A4"].id == found["B4"].id == "收入合计" and UNUSED not in kinds.values()
    assert "金额" in found["B4"].words


@pytest.mark.parametrize(
    ("key", "unused"),
    [("预算支出绩效自评表@云南-2023", {"年度指标值"}), ("部门整体支出绩效评价指标评分表@衡山县-2021", set())],
)
def test_what_a_draft_leaves_out_is_shown_as_such(key: str, unused: set[str], tmp_path: Path) -> None:
    workbook = read_workbook(blank_sheet(built_in().find(key), tmp_path), NAME)
    draft, sheet = draft_of(workbook, NAME), workbook.sheets[0]
    found = taken(draft, sheet)
    assert {sheet.raw(*place) for place, told in found.items() if told.kind == UNUSED} == unused
    assert all(f"表上还印有“{text}”" in draft.text() for text in unused)
    assert len([told for told in found.values() if told.kind == FILLED]) > 15


def test_a_blank_is_drafted_as_the_command_drafts_it(
    desk: Visitor, round_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = blank()
    taken_in = json.loads(put(desk, NAME, data).text)
    assert (taken_in["taken"], taken_in["name"], taken_in["open"]) == (True, KEPT, page_of(KEPT))
    assert (round_folder / "表样" / "空白表" / KEPT).read_bytes() == data
    assert html.escape(KEPT) in desk.ask("/drafts").text
    shown = desk.ask(page_of(KEPT))
    assert shown.status == 200 and "<img" not in shown.text and "&lt;img src=x" in shown.text
    text = html.unescape(shown.text)
    assert '<a href="#c-A4">收入合计</a>' in text and re.search(r'id="c-A4"[^>]*><b>A4</b>　一行的名称。', text)
    assert '<label for="required-0">这一行必填（打勾、取消）</label>' in text and f"{page_of(KEPT)}?sheet=" in text

    draft = draft_of(read_workbook(data, KEPT), KEPT)
    open_checks = [one.rule for one in draft.suggestions if not one.sure]
    assert len(open_checks) == 1 and draft.form == FORM
    said = {"版本": "某县-2026", "依据": "某县财〔2026〕1号附件1", "简称": "收支"}
    monkeypatch.setattr(new.typer, "prompt", lambda question, **_: next(said[key] for key in said if key in question))
    monkeypatch.setattr(
        new.typer, "confirm", lambda question, default: "支出合计" not in question or "核对" in question
    )
    answers = new.ask(Console(), draft, None)
    form = {
        "edition": "某县-2026", "basis": said["依据"], "short": "收支", "check-0": "1",
        "required": next(iter(answers.required)),
    }  # fmt: skip
    assert len(answers.required) == 1 and answers.checks == {open_checks[0]: True}
    done = desk.ask(page_of(KEPT), form=form)
    path = round_folder / "表样" / FORM / "某县-2026.yaml"
    assert done.status == 200 and path.read_bytes() == draft.text(answers).encode()
    assert f"其中待定 {open_points(draft.text(answers))} 处" in done.text and "<img" not in done.text
    catalogue = Catalogue.of([INSTALLED, round_folder / "表样"])
    assert not catalogue.broken and catalogue.form(FORM, "某县-2026").definition.short == "收支"
    assert f"/forms/{quote(FORM, safe='')}/" in desk.ask("/forms").text

    path.write_text("是我改过的", encoding="utf-8")
    again = desk.ask(page_of(KEPT), form=form)
    assert again.status == 409 and "已经存在" in again.text and path.read_text(encoding="utf-8") == "是我改过的"
    assert f'value="{said["依据"]}"' in again.text and 'aria-labelledby="row-check-0" value="1" checked' in again.text


def test_what_cannot_be_drafted_or_answered_is_said(desk: Visitor, round_folder: Path) -> None:
    put(desk, "空.xlsx", blank())
    put(desk, "坏.xlsx", b"PK\x03\x04 broken")
    broken = desk.ask(page_of("坏.xlsx"))
    assert broken.status == 409 and "Traceback" not in broken.text
    missing = desk.ask(f"{page_of('空.xlsx')}?sheet=<b>")
    assert missing.status == 409 and "没有“&lt;b&gt;”这个工作表" in missing.text
    for edition in ("", "../甲", "甲/乙", "..", "a@b", "<b>"):
        refused = desk.ask(page_of("空.xlsx"), form={"edition": edition, "required": "<i>"})
        assert refused.status == 409 and "<b>甲" not in refused.text, edition
    for name in ("..%2f..%2f名册.csv", "没有.xlsx", "%2e%2e", "..%5c勾稽.toml", "<b>"):
        assert desk.ask(f"/drafts/{name}").status == 404, name
        assert desk.ask(f"/drafts/{name}", form={"edition": "甲"}).status == 404, name
    assert files(round_folder) == {"一轮/表样/空白表/空.xlsx", "一轮/表样/空白表/坏.xlsx"}


def test_what_is_put_in_stays_inside_and_replaces_nothing(desk: Visitor, round_folder: Path, tmp_path: Path) -> None:
    sent = [("甲.xlsx", b"1"), ("甲.xlsx", b"2"), ("../../乙.xlsx", b"3"), ("..\\丙.docx", b"4"), ("U盘/丁.xls", b"5")]
    names = [json.loads(put(desk, name, data).text)["name"] for name, data in sent]
    assert names == ["甲.xlsx", "甲（2）.xlsx", "乙.xlsx", "丙.docx", "丁.xls"]
    assert files(round_folder) == {f"一轮/表样/空白表/{name}" for name in names}
    for name in ("表.yaml", "甲.yml", "x.exe", "", "..", "~$甲.xlsx", ".xlsx"):
        assert put(desk, name, b"x").status == 422, name
    assert put(desk, "戊.xlsx", b"").status == 422
    assert put(desk, "戊.xlsx", b"1", Origin="http://evil.example").status == 403
    assert put(desk, "戊.xlsx", b"1", Cookie="").status == 403 == put(desk, "戊.xlsx", b"1", Host="evil").status
    for path in ("/drafts", page_of("甲.xlsx")):
        assert desk.ask(path, {"Cookie": ""}).status == desk.ask(path, {"Host": "evil.example"}).status == 403
    assert desk.ask(page_of("甲.xlsx"), {"Origin": "null"}, form={"edition": "甲"}).status == 403
    assert len(files(round_folder)) == 5
    (tmp_path / "别处").mkdir()
    (round_folder / "表样" / "空白表").rename(tmp_path / "移走")
    (round_folder / "表样" / "空白表").symlink_to(tmp_path / "别处")
    assert put(desk, "己.xlsx", b"1").status == 409 and list((tmp_path / "别处").iterdir()) == []
    assert desk.ask("/drafts").status == 409
