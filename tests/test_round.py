"""A round is a folder: its settings, what is said where it cannot be used, and a small round from init to archive."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from rich.console import Console

from gouji import cli
from gouji.commands.demo import show_demo
from gouji.commands.init import Wishes, _ask, _settings
from gouji.ingest.register.receipts import ReceiptsError, first_receipt, read_receipts, seen, write_receipts
from gouji.ingest.roster import COLUMNS, RosterError, owing, read_roster
from gouji.locking import alone
from gouji.round.errors import RoundError
from gouji.round.founding import found_round
from gouji.round.settings import Settings, read_settings, settings_text
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import built_in
from gouji.templates.layout import lay_out
from gouji.workers.here import Here

NAMES = "year、bureau、forms、evidence、deadline、reply_days、newest、roster、previous、reference、library、limits"
FORMS = ["基础数据表@衡山县-2021", "自评表@湖南-2020"]
ROSTER = "单位编码,单位名称,项目名称,应报表\n001,甲局,道路,\n002,乙局,,\n003,丙局,,自评表\n"


def settings(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "勾稽.toml").write_text(text, encoding="utf-8")
    return read_settings(tmp_path / "勾稽.toml")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """One call as people type it, done in this process: exit status, standard output, standard error."""
    monkeypatch.setattr("gouji.workers.local.LocalWorkers", lambda *_, **__: Here())

    def done(*arguments: str | Path, within: Path | None = None) -> tuple[int, str, str]:
        if within is not None:
            monkeypatch.chdir(within)
        monkeypatch.setattr(sys, "argv", ["gouji", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(str(ended.value.code)), said.out, said.err.strip()

    return done


# ---- 勾稽.toml ----


def test_a_new_file_says_what_it_was_given_and_shows_what_else_may_stand_there(tmp_path: Path) -> None:
    full = Settings(
        year=2025, bureau='某"某\\县', forms=("基础数据表@衡山县-2021",), evidence=True, reply_days=10,
        deadline=datetime.date(2026, 3, 31), previous="../上年", reference="参照表.xlsx",
    )  # fmt: skip
    for written in (full, Settings(year=2025)):
        assert settings(tmp_path, settings_text(written)) == written
    shown = settings_text(Settings(year=2025)).replace("\n# [limits]\n# ", "\n[limits]\n")
    for name in Settings.model_fields:
        shown = shown.replace(f"\n# {name} = ", f"\n{name} = ")
    examples = settings(tmp_path, shown)
    assert examples.model_fields_set == set(Settings.model_fields)
    assert (examples.reply_days, examples.limits.file_size) == (10, 62914560)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "有 1 处要先更正：\n  year（填报年度）没有写，应写：1990 到 2199 的四位数字，例如 2025"),
        (
            "yaer = 1\nyear = 2025\nfoo = 2",
            f"有 1 处要先更正：\n  不认识“yaer”（是不是 year？）、“foo”，可用的名称：{NAMES}",
        ),
        (
            'year = 25\nreply_days = "十天"\nevidence = 1\ndeadline = "三月底"\nbureau = ""\n',
            "有 5 处要先更正：\n  year（填报年度）现在是 25，应为：1990 到 2199 的四位数字，例如 2025\n"
            '  bureau（财政局名称）现在是 ""，应为：引号里写全称，印在反馈意见的落款处\n'
            "  evidence（附评分依据补充表）现在是 1，应为：true（附）或 false（不附）\n"
            '  deadline（报送截止日期）现在是 "三月底"，应为：年-月-日；名册里写了截止日期的单位以名册为准\n'
            '  reply_days（报回天数）现在是 "十天"，应为：1 到 365 的整数；反馈意见写的报回日期是发出之日加上这些天',
        ),
        (
            "year = 2025\n[limits]\nmemory = 0",
            "有 1 处要先更正：\n  [limits]（文件大小等限制）里的“memory”应为大于 0 的整数，现为 0",
        ),
        (
            'year = 2025\nprevious = "C:\\user"',
            "第 2 行第 17 列写得不对。每项写成“名称 = 内容”，各写一次；文字写在英文双引号里，"
            "路径里的“\\”写成“/”，说明写在“#”后面。",
        ),
    ],
)
def test_what_is_wrong_is_told_all_at_once_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RoundError) as caught:
        settings(tmp_path, text)
    assert str(caught.value) == f"“{tmp_path / '勾稽.toml'}”{said}"


def test_what_is_no_text_of_a_few_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "勾稽.toml"
    path.write_bytes('year = 2025 # "年度"'.encode("gb18030"))
    with pytest.raises(RoundError, match="不是 UTF-8 编码的文本，请用记事本打开，另存为 UTF-8 编码。"):
        read_settings(path)
    path.write_text("#" * 70_000, encoding="utf-8")
    with pytest.raises(RoundError, match="太大，不像一轮的设置，请核对文件。"):
        read_settings(path)


# ---- the folder ----


def test_a_round_is_begun_once_and_takes_over_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "一轮"
    (folder / "收到").mkdir(parents=True)
    (folder / "收到" / "甲.xlsx").write_bytes(b"x")
    (tmp_path / "单位.csv").write_text(ROSTER, encoding="utf-8")
    begun = found_round(folder, Settings(year=2025), tmp_path / "单位.csv")
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["勾稽.toml", "名册.csv", "表样", "下发", "收到", "结果", "定稿"]
    )
    assert begun.settings.roster == "名册.csv" and begun.roster().read_bytes() == ROSTER.encode()
    assert (folder / "收到" / "甲.xlsx").read_bytes() == b"x"
    before = (folder / "勾稽.toml").read_bytes()
    with pytest.raises(RoundError, match="已经是一轮的文件夹，没有改动"):
        found_round(folder, Settings(year=2026), None)
    assert (folder / "勾稽.toml").read_bytes() == before


def test_a_roster_of_another_content_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "一轮").mkdir()
    (tmp_path / "一轮" / "名册.csv").write_text("别的", encoding="utf-8")
    (tmp_path / "单位.csv").write_text(ROSTER, encoding="utf-8")
    with pytest.raises(FileExistsError):
        found_round(tmp_path / "一轮", Settings(year=2025), tmp_path / "单位.csv")
    assert not (tmp_path / "一轮" / "勾稽.toml").exists()


def test_the_empty_roster_has_every_head_and_keeps_the_zeros_of_codes(tmp_path: Path) -> None:
    begun = found_round(tmp_path / "一轮", Settings(year=2025), None)
    with pytest.raises(RosterError, match="里没有单位"):
        read_roster(begun.roster(), built_in())
    book = openpyxl.load_workbook(begun.roster())
    sheet, guide = book.worksheets
    assert [cell.value for cell in sheet[1]] == [row[0].value for row in guide.iter_rows()] == list(COLUMNS)
    assert sheet.column_dimensions["A"].number_format == "@"
    sheet["A2"], sheet["B2"] = "001", "甲局"
    book.save(begun.roster())
    assert read_roster(begun.roster(), built_in()).recipients()[0].unit_code == "001"


def test_units_owe_what_was_issued_where_the_roster_does_not_say(tmp_path: Path) -> None:
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    frame = owing(read_roster(tmp_path / "名册.csv", built_in()), ["部门决算参照表", *FORMS], built_in()).frame
    assert list(frame["required_forms"]) == [
        "基础数据表@衡山县-2021；自评表@湖南-2020",
        "基础数据表@衡山县-2021",
        "自评表",
    ]


def test_a_round_whose_results_are_gone_is_not_run_as_if_it_were_new(
    tmp_path: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    folder = found_round(tmp_path / "一轮", Settings(year=2025), None).folder
    (folder / "收到登记.jsonl").write_text("", encoding="utf-8")
    assert call("run", within=folder)[::2] == (
        2,
        f"这一轮以前核对过（有 收到登记.jsonl），现在“{folder}/结果”里没有运行结果，审核意见也就没有了，没有运行。"
        "这个文件夹如果是复制来的，可能只复制了一半，请从原来的地方补上。"
        "确实要从头再来的，请先把 收到登记.jsonl 移走。",
    )


@pytest.mark.parametrize(
    ("gone", "command", "said"),
    [
        (
            "名册.csv", "issue",
            "找不到名册“名册.csv”（应在“{folder}/名册.csv”）。请把它放到那里，或在“{folder}/勾稽.toml”的 roster "
            "一项改成现在的位置。这个文件夹如果是复制来的，可能只复制了一半，请从原来的地方补上。",
        ),
        (
            "收到", "run",
            "“{folder}”里没有“收到”文件夹，不知道收到了哪些报表。这个文件夹如果是复制来的，可能只复制了一半，"
            "请从原来的地方补上。还没有收到报表的，新建一个再运行。",
        ),
        (
            "结果", "final",
            "“{folder}/结果”里没有运行结果（run.json）。还没有核对过的，请先运行 gouji run；核对过的，"
            "这个文件夹如果是复制来的，可能只复制了一半，请从原来的地方补上。",
        ),
        (
            "勾稽.toml", "archive",
            "缺少 结果文件夹，这里也不是一轮的文件夹（当前文件夹和它的上级里都没有 勾稽.toml）。请写明，"
            "或到一轮的文件夹里运行，或用 --round 指明它；新的一轮用 gouji init 建立。",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_with_what_to_do(
    tmp_path: Path, call: Callable[..., tuple[int, str, str]], gone: str, command: str, said: str
) -> None:
    folder = tmp_path / "一轮"
    (tmp_path / "单位.csv").write_text(ROSTER, encoding="utf-8")
    found_round(folder, Settings(year=2025, forms=tuple(FORMS)), tmp_path / "单位.csv")
    path = folder / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    status, _, screen = call(command, within=folder)
    assert (status, screen) == (2, said.format(folder=folder.resolve()))


def test_options_of_init_are_held_against_what_the_file_may_say(
    tmp_path: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    status, _, screen = call("init", "一轮", "--year", "2025", "--deadline", "三月底", within=tmp_path)
    assert (status, screen) == (
        2,
        "--deadline（报送截止日期）写的是“三月底”，应为：年-月-日；名册里写了截止日期的单位以名册为准。没有建立文件夹。",
    )
    assert call("init", "一轮", within=tmp_path)[::2] == (
        2, "没有写明 --year（填报年度），没有建立文件夹。例如：gouji init 2025年度绩效自评 --year 2025",
    )  # fmt: skip
    assert call("init", "一轮", "--year", "2025", "--form", "没有这张表", within=tmp_path)[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_questions_are_asked_until_the_answer_can_be_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = ["部门整体支出绩效评价基础数据表@衡山县-2021", "预算支出绩效自评表@湖南-2020"]
    listed = [f"{form}@{edition}" for form, edition in built_in().editions]
    numbers = "，".join(str(listed.index(form) + 1) for form in forms)
    answers = iter(
        ["20x5", "2025", "", "1 99", numbers, "三月底", "2026年3月31日", "十天", "10", "没有.xlsx", ""]
    )  # fmt: skip
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    wishes = Wishes()
    _ask(Console(width=80), wishes)
    assert list(answers) == []
    assert wishes == Wishes(year=2025, forms=forms, deadline="2026年3月31日", reply_days=10)
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if "不能用" in line] == [
        f"“{answer}”不能用，请再写一次。" for answer in ("20x5", "1 99", "三月底", "十天", "没有.xlsx")
    ]
    assert _settings(tmp_path, wishes).deadline == datetime.date(2026, 3, 31)


# ---- 表样 ----


def own_edition(folder: Path) -> Path:
    """An edition of the round's own: the published one under another name."""
    place = folder / "表样" / "部门整体支出绩效评价基础数据表"
    place.mkdir()
    path = place / "本县-2021.yaml"
    path.write_text("extends: 衡山县-2021\nedition: 本县-2021\nbasis: 本县文件\n", encoding="utf-8")
    return path


def test_definitions_in_the_round_are_a_layer_without_being_named(
    tmp_path: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "单位.csv").write_text("单位编码,单位名称\n001,甲局\n", encoding="utf-8")
    forms = ("基础数据表@本县-2021",)
    folder = found_round(tmp_path / "一轮", Settings(year=2021, forms=forms), tmp_path / "单位.csv").folder
    assert "本县-2021" in call("issue", "--jobs", "1", within=folder)[2]  # the folder is empty
    path = own_edition(folder)
    assert call("issue", "--jobs", "1")[0] == 0
    assert "本县-2021" in call("forms", "list")[1]
    shutil.copyfile(folder / "下发" / "001_甲局_2021.xlsx", folder / "收到" / "甲.xlsx")
    assert call("run", "--jobs", "1", "--only", "数据")[0] == 1
    stated = json.loads((folder / "结果" / "run.json").read_text(encoding="utf-8"))
    assert [layer["editions"] for layer in stated["layers"]] == [["部门整体支出绩效评价基础数据表@本县-2021"]]
    moved = folder.rename(tmp_path / "搬走")
    assert call("status", within=moved)[0] == 0
    path = moved / "表样" / path.parent.name / path.name
    path.rename(moved / "表样" / path.name)
    status, _, screen = call("run", "--jobs", "1")
    assert status == 2 and "不在应放的位置" in screen
    status, shown, _ = call("status")
    assert status == 0 and "表　样　" in shown and "不在应放的位置" in shown


# ---- two at once ----


@pytest.mark.parametrize(
    ("command", "place"), [("issue", "下发"), ("final", "定稿"), ("final", "结果"), ("archive", "结果")]
)
def test_two_at_once_are_told_and_the_second_does_nothing(
    tmp_path: Path, call: Callable[..., tuple[int, str, str]], command: str, place: str
) -> None:
    (tmp_path / "单位.csv").write_text("单位编码,单位名称\n001,甲局\n", encoding="utf-8")
    folder = found_round(tmp_path / "一轮", Settings(year=2021, forms=(FORMS[0],)), tmp_path / "单位.csv").folder
    if command != "issue":
        assert call("run", "--jobs", "1", "--only", "数据", within=folder)[0] == 1
    with alone(folder / place):
        status, _, screen = call(command, within=folder)
    assert status == 2 and screen.startswith(f"另一个 gouji 正在写“{folder / place}”（")
    assert list((folder / "下发").iterdir()) == [] and not list(folder.glob("*.zip"))


# ---- 收到登记 ----


def test_a_round_without_its_register_is_not_run_as_if_everything_came_today(
    tmp_path: Path, call: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "单位.csv").write_text("单位编码,单位名称\n001,甲局\n", encoding="utf-8")
    folder = found_round(tmp_path / "一轮", Settings(year=2021, forms=(FORMS[0],)), tmp_path / "单位.csv").folder
    (folder / "收到" / "甲局.xlsx").write_bytes(b"x")
    assert call("run", "--jobs", "1", "--only", "数据", within=folder)[0] == 1
    (folder / "收到登记.jsonl").unlink()
    status, _, screen = call("run", "--jobs", "1")
    assert status == 2 and screen.startswith("这一轮以前核对过，现在没有 收到登记.jsonl（应在“")
    (folder / "收到登记.jsonl").write_text("", encoding="utf-8")
    assert call("run", "--jobs", "1", "--only", "数据")[0] == 1


def test_a_file_keeps_the_day_on_which_it_was_first_seen(tmp_path: Path) -> None:
    file, register = tmp_path / "甲.xlsx", tmp_path / "收到登记.jsonl"
    file.write_bytes(b"x")
    os.utime(file, (0, datetime.datetime(2026, 3, 30, 12).timestamp()))
    write_receipts(
        register, seen(read_receipts(register), [("a1", "甲.xlsx", file, None)], "2026-04-02T09:00:00+08:00")
    )
    later = [("a1", "改名.xlsx", tmp_path / "改名.xlsx", None), ("b2", "乙.xlsx", tmp_path / "没有.xlsx", "a1")]
    write_receipts(register, seen(read_receipts(register), later, "2026-05-01T09:00:00+08:00"))
    first, second = read_receipts(register).values()
    assert (first.file, first.first[:10], first.last[:10]) == ("甲.xlsx", "2026-04-02", "2026-05-01")
    assert (first.first_day, first.modified_day) == (datetime.date(2026, 4, 2), datetime.date(2026, 3, 30))
    assert (second.file, second.first[:10], second.modified) == ("乙.xlsx", "2026-05-01", None)
    assert first_receipt(read_receipts(register), "b2") == first  # the mended copy of a file that came in time
    assert first_receipt({"a1": second}, "a1") == second and first_receipt({}, "a1") is None


@pytest.mark.parametrize("text", ['{"sha256": "a1"', '{"sha256":"a1","file":"a","first":"昨天","last":"今天"}'])
def test_a_register_that_cannot_be_read_stops_what_would_replace_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "收到登记.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(ReceiptsError) as caught:
        read_receipts(tmp_path / "收到登记.jsonl")
    assert str(caught.value) == (
        f"“{tmp_path / '收到登记.jsonl'}”读不懂，可能被改动过或没有复制完，没有继续。请从备份恢复；确实找不回的，"
        "把它改名留存，各文件的首次收到时间就从这次算起。"
    )


# ---- from init to archive ----


def fill(path: Path) -> None:
    """A 基础数据表 with a head count and nothing else."""
    book = openpyxl.load_workbook(path)
    book["基础数据表"][cell_name(*lay_out(built_in().find(FORMS[0]), 2021).positions["编制数"])] = 12
    book.save(path)


@pytest.mark.in_turn("long")
def test_a_small_round_walks_from_init_to_archive(tmp_path: Path, call: Callable[..., tuple[int, str, str]]) -> None:
    (tmp_path / "单位.csv").write_text("单位编码,单位名称\n001,甲局\n002,乙局\n", encoding="utf-8")
    begun = call(
        "init", "一轮", "--year", "2021", "--form", FORMS[0], "--bureau", "某某县财政局", "--deadline", "2022-03-31",
        "--reply-days", "10", "--units", "单位.csv", within=tmp_path,
    )  # fmt: skip
    assert begun[0] == 0 and "名册，2 个单位" in begun[1]
    folder = tmp_path / "一轮"
    assert "下一步　运行 gouji issue" in call("status", within=folder)[1]
    assert call("issue", "--jobs", "1")[0] == 0
    issued = folder / "下发" / "001_甲局_2021.xlsx"
    shutil.copyfile(issued, folder / "收到" / "甲.xlsx")
    fill(folder / "收到" / "甲.xlsx")
    said = call("status")[1]
    assert "收　到　1 个文件，其中 1 个还没有核对" in said and "下一步　运行 gouji run" in said
    status, said, _ = call("run", "--jobs", "1")
    assert status == 1 and "各表的状态：未报 1，退回修改 1\n还没有报齐的单位 1 个（见“催报名单”）：乙局\n" in said
    said = call("status")[1]
    assert "报齐 1 个，没有报齐的 1 个：乙局，逾期的 2 个" in said and "各　表　未报 1，退回修改 1" in said
    assert len(said.splitlines()) <= 14
    letter = Document(str(folder / "结果" / "反馈意见" / "001_甲局_审核反馈意见.docx"))
    assert letter.paragraphs[-2].text == "某某县财政局"
    settings_file = folder / "勾稽.toml"
    settings_file.write_text(settings_file.read_text("utf-8").replace("某某县财政局", "新县财政局"), encoding="utf-8")
    status, said, _ = call("letters")
    assert status == 0 and "给 2 个单位写了反馈意见" in said
    letter = Document(str(folder / "结果" / "反馈意见" / "001_甲局_审核反馈意见.docx"))
    assert letter.paragraphs[-2].text == "新县财政局"
    (receipt,) = read_receipts(folder / "收到登记.jsonl").values()
    assert receipt.file == "甲.xlsx" and receipt.first_day == datetime.date.today()
    status, said, _ = call("final")
    assert status == 1 and "甲.xlsx：没有定稿。" in said
    assert call("archive")[0] == 0
    with zipfile.ZipFile(folder / "一轮-归档.zip") as archive:
        assert archive.read("这一轮/勾稽.toml") == settings_file.read_bytes()
        assert archive.read("这一轮/收到登记.jsonl") == (folder / "收到登记.jsonl").read_bytes()
    assert call("verify")[0] == 0
    moved = folder.rename(tmp_path / "搬走")
    status, _, screen = call("final", within=moved)
    assert (status, screen) == (
        2,
        f"这个文件夹在上次核对以后移动过，或者是复制来的（当时读取的是“{folder}/收到/甲.xlsx”，现在是"
        f"“{moved}/收到/甲.xlsx”）。请在现在的位置再运行一次 gouji run（没有变化的文件不会重读），再继续。",
    )


@pytest.mark.parametrize(
    "name", ["下发/甲.xlsx", "收到/甲.xlsx", "结果/汇总.xlsx", "定稿/甲.xlsx", "样例/甲.xlsx", "名册.csv"]
)
def test_the_demonstration_replaces_nothing_of_anybody(tmp_path: Path, name: str) -> None:
    """A folder without settings, in which people have put files by themselves."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"1")
    with pytest.raises(RoundError, match=f"里已经有“{name.partition('/')[0]}”，不是演示留下的"):
        show_demo(tmp_path)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path] and path.read_bytes() == b"1"


def test_the_demonstration_replaces_no_round(tmp_path: Path) -> None:
    """What lies there is somebody's."""
    found_round(tmp_path / "一轮", Settings(year=2021), None)
    (tmp_path / "一轮" / "收到" / "甲.xlsx").write_bytes(b"1")
    with pytest.raises(RoundError, match="没有演示"):
        show_demo(tmp_path / "一轮")
    assert (tmp_path / "一轮" / "收到" / "甲.xlsx").read_bytes() == b"1"
