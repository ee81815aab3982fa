"""`gouji init`: a folder for a round, by options or, on a terminal, by questions."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console

from gouji.ingest.roster import read_roster
from gouji.round.errors import RoundError
from gouji.round.folder import RECEIVED
from gouji.round.founding import found_round, path_in, require_new
from gouji.round.library_template import LIBRARY, write_library_template
from gouji.round.settings import SETTINGS_FILE, Settings
from gouji.screen import say
from gouji.templates.catalogue import built_in
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over


@dataclass
class Wishes:
    """The options of the command, as they were typed; None where one was not."""

    year: int | None = None
    bureau: str | None = None
    forms: list[str] | None = None
    evidence: bool | None = None
    deadline: str | None = None
    reply_days: int | None = None
    roster: Path | None = None
    previous: Path | None = None
    reference: Path | None = None
    library: bool = False


def begin_round(folder: Path, wishes: Wishes) -> None:
    """Makes the folder and says what to do next.

    Raises RoundError, FormNotFoundError, RosterError, FileNotFoundError, FileExistsError, OSError.
    """
    console = Console()
    require_new(folder)
    if sys.stdin.isatty() and console.is_terminal:
        _ask(console, wishes)
    settings = _settings(folder, wishes)
    for name in settings.forms:
        built_in().find(name)
    units = _units(wishes.roster)
    begun = found_round(folder, settings, wishes.roster)
    if settings.library is not None:
        write_library_template(begun.folder / settings.library)
    say(console, f"已建好这一轮的文件夹：{begun.folder}")
    say(console, f"  {SETTINGS_FILE}：这一轮的设置，可以用记事本修改")
    say(console, f"  {settings.roster if wishes.roster is None else begun.settings.roster}：{units}")
    if settings.library is not None:
        say(console, f"  {settings.library}：指标库，请填写（一行一个指标，“填写说明”里写明各栏填什么）")
    say(console, f"  {RECEIVED}：收到的报表放在这里")
    say(console, "下一步：" + _next(settings, wishes.roster))


def _next(settings: Settings, roster: Path | None) -> str:
    first = "" if roster is not None else "填好名册，"
    forms = "" if settings.forms else f"在 {SETTINGS_FILE} 的 forms 写明下发哪些表，"
    return f"{first}{forms}到这个文件夹里运行 gouji issue；随时可用 gouji status 看进展。"


def _units(roster: Path | None) -> str:
    """What is said of the roster. One that is given is read first: it is no use to copy what cannot be read."""
    if roster is None:
        return "名册，请填写（“填写说明”里写明各栏填什么）"
    with reader() as process:
        listed = handed_over(process, partial(read_roster, catalogue=built_in()), roster)
    return f"名册，{listed.frame['unit_code'].nunique()} 个单位"


def _settings(folder: Path, wishes: Wishes) -> Settings:
    """The settings that were asked for. Raises RoundError naming the option."""
    if wishes.year is None:
        raise RoundError("没有写明 --year（填报年度），没有建立文件夹。例如：gouji init 2025年度绩效自评 --year 2025")
    values: dict[str, Any] = {
        "year": wishes.year, "bureau": wishes.bureau, "forms": tuple(wishes.forms or ()),
        "evidence": bool(wishes.evidence), "deadline": wishes.deadline, "reply_days": wishes.reply_days,
        "library": LIBRARY if wishes.library else None,
    }  # fmt: skip
    for name in ("previous", "reference"):
        if (path := getattr(wishes, name)) is not None:
            values[name] = path_in(folder, path)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        field = Settings.model_fields[name]
        option = f"--{name.replace('_', '-')}"
        raise RoundError(
            f"{option}（{field.title}）写的是“{getattr(wishes, name)}”，应为：{field.description}。没有建立文件夹。"
        ) from error


# ---- questions ----


def _ask(console: Console, wishes: Wishes) -> None:
    """Asks for what was not given, each question with what may be answered; an empty answer leaves it to the file."""
    if wishes.year is None:
        wishes.year = int(_answer("填报年度", _is_year, str(datetime.date.today().year - 1)))
    if wishes.bureau is None:
        wishes.bureau = _answer("财政局名称（印在反馈意见的落款处）") or None
    if wishes.forms is None:
        wishes.forms = _ask_forms(console)
    if wishes.deadline is None:
        wishes.deadline = _answer("报送截止日期（例如 2026-03-31）", _is("deadline")) or None
    if wishes.reply_days is None:
        days = _answer("退回以后几天内报回（例如 10）", _is_days)
        wishes.reply_days = int(days) if days else None
    if wishes.roster is None:
        name = _answer("名册文件（没有就直接按回车，给您一份空的）", lambda text: not text or Path(text).is_file())
        wishes.roster = Path(name) if name else None


def _ask_forms(console: Console) -> list[str]:
    choices = [f"{form}@{edition}" for form, edition in built_in().editions]
    for number, name in enumerate(choices, 1):
        say(console, f"  {number:2} {name}")

    def valid(text: str) -> bool:
        return all(digits.isdecimal() and 0 < int(digits) <= len(choices) for digits in _numbers(text))

    return [choices[int(digits) - 1] for digits in _numbers(_answer("下发哪几张表（写上面的序号，用空格隔开）", valid))]


def _numbers(text: str) -> list[str]:
    return text.replace("，", " ").replace(",", " ").replace("、", " ").split()


def _answer(question: str, allowed: Callable[[str], bool] = lambda _: True, default: str = "") -> str:
    while True:
        text: str = typer.prompt(question, default=default, show_default=bool(default)).strip()
        if allowed(text):
            return text
        typer.echo(f"“{text}”不能用，请再写一次。")


def _is(name: str) -> Callable[[str], bool]:
    """Whether the settings would take an answer; none at all they do."""

    def taken(text: str) -> bool:
        try:
            Settings.model_validate({"year": 2000, name: text or None})
        except ValidationError:
            return False
        return True

    return taken


def _is_year(text: str) -> bool:
    return text.isdecimal() and 1990 <= int(text) <= 2199


def _is_days(text: str) -> bool:
    return not text or (text.isdecimal() and 1 <= int(text) <= 365)
