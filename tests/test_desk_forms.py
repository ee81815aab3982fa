"""表样 at the desk: what the commands say of forms, an issued sheet as it looks, a new edition of one."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from gouji.commands.editions import copy_edition, differences
from gouji.commands.forms import list_forms
from gouji.commands.preview import described, preview_form
from gouji.round.founding import found_round
from gouji.round.settings import Settings
from gouji.templates.catalogue import built_in
from tests.desk import Visitor, served

BASE, SHEET = "部门整体支出绩效评价基础数据表", "预算支出绩效自评表"
HOSTILE = "<img src=x onerror=alert(1)>&=cmd"
_STRANGE = """\
form: "{form}"
edition: 某县-2026
short: "{form}"
basis: "{form}"
money_unit: 万元
page: {{orientation: portrait, widths: [20, 20]}}
blocks:
  - title: "{form}"
  - fields:
      - {{id: 填报单位, kind: text, role: unit, label_span: 1, span: 1}}
  - grid: 收支
    stub: 1
    columns: [{{id: 数, kind: amount}}]
    rows: [{{id: 合计, label: "{form}"}}, {{id: 甲}}]
checks:
  - {{id: G-01, rule: 合计 = 甲, each: 金额列, severity: 强制性}}
"""


@pytest.fixture
def round_folder(tmp_path: Path) -> Path:
    """A round that issues two forms."""
    roster = tmp_path / "名册.csv"
    roster.write_text("单位编码,单位名称\n4399,平安局\n", encoding="utf-8-sig")
    folder = tmp_path / "一轮"
    found_round(folder, Settings(year=2021, forms=(f"{BASE}@衡山县-2021", "没有的表"), roster="名册.csv"), roster)
    return folder


@pytest.fixture
def desk(round_folder: Path) -> Iterator[Visitor]:
    with served(round_folder) as visitor:
        yield visitor


def define(folder: Path, form: str, edition: str, text: str) -> Path:
    """A definition in 表样."""
    path = folder / "表样" / form / f"{edition}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def address(form: str, edition: str, what: str = "") -> str:
    return f"/forms/{quote(form, safe='')}/{quote(edition, safe='')}{what}"


def test_the_catalogue_is_that_of_the_commands(
    desk: Visitor, round_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    define(round_folder, HOSTILE, "某县-2026", _STRANGE.format(form=HOSTILE))
    define(round_folder, SHEET, "某县-2026", f"extends: 湖南-2020\nedition: 某县-2026\n'{HOSTILE}': 1\n")
    shown = desk.ask("/forms").text
    list_forms([round_folder / "表样"], as_json=True)
    listed = json.loads(capsys.readouterr().out)
    rows = shown.split("<tbody>")[2].split("<tr>")[1:]
    assert len(rows) == len(listed) == len(built_in().forms) + 1
    for one in listed:
        (row,) = [row for row in rows if html.escape(one["form"]) + "</a>" in row and f'"版本">{one["edition"]}' in row]
        assert f'"项目">{one["items"]}<' in row and f'"核对">{one["rules"]}<' in row
        assert html.escape(one["basis"]) in row
        assert ("下发" in row) == (f"{one['form']}@{one['edition']}" == f"{BASE}@衡山县-2021")
        assert ('"来源">内置<' in row) == (one["form"] != HOSTILE)
    assert rows[0].count("下发") == 1 and '"来源">表样<' in rows[1]
    wrong = shown.split("<tbody>")[1].split("</tbody>")[0]
    assert f">表样/{SHEET}/某县-2026.yaml<" in wrong and '"行">3<' in wrong and html.escape(HOSTILE) in wrong
    assert "<img" not in shown and "Traceback" not in shown
    broken = desk.ask(address(SHEET, "某县-2026"))
    assert broken.status == 409 and "第 3 行" in broken.text and "<img" not in broken.text
    assert desk.ask("/forms?text=湖南").text.count('scope="row"') - wrong.count("<tr>") == 2


def test_a_definition_astray_is_told_and_the_others_stay(desk: Visitor, round_folder: Path) -> None:
    (round_folder / "表样" / "迷路.yaml").write_text("form: 甲", encoding="utf-8")
    shown = desk.ask("/forms").text
    assert "不在应放的位置" in shown and f"{len(built_in().forms)} 个版本" in shown
    progress = desk.ask("/")
    assert progress.status == 200 and "平安局" in progress.text
    assert progress.text.count("表样/迷路.yaml") == 2 and 'href="/forms">到“表样”' in progress.text
    for page in ("/received", "/work", "/drafts"):
        assert desk.ask(page).status == 200, page
    (round_folder / "表样" / "迷路.yaml").unlink()
    progress = desk.ask("/")
    assert "迷路" not in progress.text
    assert progress.status == 200 and progress.text.count("没有找到表“没有的表”") == 2  # which the settings ask for


def test_an_edition_with_its_checks_differences_and_sheet(desk: Visitor) -> None:
    form, other = built_in().form(SHEET, "湖南-2020"), built_in().form(SHEET, "全国-2020")
    shown = html.unescape(desk.ask(address(SHEET, "湖南-2020", "?other=全国-2020")).text)
    for line in described(form):
        for words in line.strip().split(" ", 1) if line.startswith("  ") else ():
            assert words in shown, words
    rows = differences(other, form)
    assert f"共 {len(rows)} 处不同" in shown and all(row[1] in shown for row in rows)
    blank, filled = (desk.ask(address(SHEET, "湖南-2020", f"/sheet?year=2022&filled={one}")).text for one in (0, 1))
    assert '<td class="blank computed"></td>' in blank and '<td class="number">10</td>' in blank
    assert "（2022年度）" in blank and blank.count("input") > 50
    assert 'class="number input">20.00</td>' in filled and "已填好各项核对都相符的示例数据" in filled
    assert 'class="number input"' not in blank and "公式没有结果" not in blank


def test_a_hostile_form_is_text_on_every_page(desk: Visitor, round_folder: Path) -> None:
    define(round_folder, HOSTILE, "某县-2026", _STRANGE.format(form=HOSTILE))
    for what in ("", "/sheet", "/sheet?filled=1&year=<b>"):
        answer = desk.ask(address(HOSTILE, "某县-2026", what))
        assert answer.status == 200 and "<img" not in answer.text and "&lt;img src=x" in answer.text, what
    taken = desk.ask(address(HOSTILE, "某县-2026", "/workbook"))
    assert taken.status == 200 and "<" not in taken.headers["content-disposition"]


def test_the_example_workbook_is_that_of_the_command(desk: Visitor, tmp_path: Path) -> None:
    preview_form(f"{BASE}@衡山县-2021", 2021, tmp_path / "示例.xlsx")
    taken = desk.ask(address(BASE, "衡山县-2021", "/workbook"))
    assert taken.data == (tmp_path / "示例.xlsx").read_bytes()
    assert taken.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E9%A2%84%E8%A7%88")


def test_a_new_edition_is_what_the_command_writes_and_overwrites_nothing(
    desk: Visitor, round_folder: Path, tmp_path: Path
) -> None:
    copy = address(SHEET, "湖南-2020", "/copy")
    done = desk.ask(copy, form={"edition": "某县-2026"})
    assert (done.status, done.headers["location"]) == (303, address(SHEET, "某县-2026"))
    copy_edition(f"{SHEET}@湖南-2020", "某县-2026", tmp_path)
    path = round_folder / "表样" / SHEET / "某县-2026.yaml"
    assert path.read_bytes() == (tmp_path / SHEET / "某县-2026.yaml").read_bytes()
    assert f"由 {SHEET}@湖南-2020 而来" in desk.ask(done.headers["location"]).text
    path.write_text("是我改过的", encoding="utf-8")
    again = desk.ask(copy, form={"edition": "某县-2026"})
    assert again.status == 409 and "已经存在" in again.text and path.read_text(encoding="utf-8") == "是我改过的"


def test_names_of_editions_lead_nowhere_else(desk: Visitor, round_folder: Path, tmp_path: Path) -> None:
    copy = address(SHEET, "湖南-2020", "/copy")
    for name in ("../甲", "..", "/etc/甲", "甲\\乙", "甲/乙", "a@b", "<b>", "", ".甲", "甲\n乙", "长" * 90):
        assert desk.ask(copy, form={"edition": name}).status in (400, 409), name
    strange = (address("..", ".."), address(SHEET, "../湖南-2020"), "/forms/%2e%2e%2f%2e%2e/x", address(SHEET, "<b>"))
    for where in strange:
        for what in ("", "/sheet", "/workbook"):
            assert desk.ask(f"{where}{what}").status == 404, where
        assert desk.ask(f"{where}/copy", form={"edition": "甲"}).status == 404
    assert desk.ask(copy, {"Origin": "http://evil.example"}, form={"edition": "甲"}).status == 403
    assert desk.ask(copy, {"Cookie": ""}, form={"edition": "甲"}).status == 403
    for path in ("/forms", address(SHEET, "湖南-2020"), address(SHEET, "湖南-2020", "/workbook")):
        assert desk.ask(path, {"Host": "evil.example"}).status == 403
        assert desk.ask(path, {"Cookie": ""}).status == 403
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {name for name in files if name.endswith("yaml")} == set()
    (tmp_path / "别处").mkdir()
    (round_folder / "表样" / SHEET).symlink_to(tmp_path / "别处")
    assert desk.ask(copy, form={"edition": "甲"}).status == 400 and list((tmp_path / "别处").iterdir()) == []
