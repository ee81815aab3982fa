"""`gouji forms preview`: the workbook that units would get, filled with an example, and its checks in sentences."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.export.rulebook import RuleWords, rulebook
from gouji.samples.example import CannotFillError, example_entries
from gouji.samples.fill import fill_workbook
from gouji.screen import say
from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.recipient import Project, Recipient
from gouji.templates.text import file_name

_UNIT, _DEPARTMENT, _PROJECT = "示例单位", "示例主管部门", "示例项目"
NO_CHECKS = "没有核对（checks）：填什么都不会指出问题，请补上。"


def preview_form(name: str, year: int, out: Path | None, layers: Sequence[Path] = ()) -> None:
    """Writes the example workbook (`out`, else `预览_<表>.xlsx` in the current folder) and prints the checks.

    Raises FormNotFoundError, DefinitionError, FileExistsError, OSError.
    """
    form = chosen_catalogue(layers).find(name)
    path = out or Path(example_name(form))
    if path.exists():
        raise FileExistsError(errno.EEXIST, "", str(path))
    recipient = example_recipient(form)
    console = Console()
    for line in described(form):
        say(console, line)
    say(console, f"示例工作簿：{path}，{write_example(recipient, form, year, path)}；看完可以删除。")


def example_name(form: Form) -> str:
    """The name of its example workbook."""
    return file_name(f"预览_{form.definition.short}_{form.edition}.xlsx")


def example_recipient(form: Form) -> Recipient:
    """Nobody's unit, with one project where the form is filled per project."""
    projects = (Project("P01", _PROJECT),) if form.definition.per == "project" else ()
    return Recipient("示例", _UNIT, _DEPARTMENT, projects)


def write_example(recipient: Recipient, form: Form, year: int, path: Path) -> str:
    """Issues the form to one unit and fills it in so that all checks hold; what was done, in Chinese.

    Where the checks contradict one another the workbook stays blank, and the words name them. Raises OSError.
    """
    issue_workbook(recipient, [form], year, path)
    sheet = issued_sheets(recipient, [form], year)[0]
    try:
        fill_workbook(path, {sheet.name: example_entries(sheet)})
    except CannotFillError as error:
        return f"没有填示例数据：{error}，请先检查这几条"
    return "已填好各项核对都相符的示例数据。改动几个数，看“自查”指出什么"


def described(form: Form) -> Iterator[str]:
    """What the form asks for and what is checked in it, line by line."""
    yield f"{form.key}：{counts(form)}。依据：{form.definition.basis}"
    checks = checks_of(form)
    for severity, sentences in checks:
        yield f"{severity}的核对 {len(sentences)} 条："
        yield from (f"  {rule.id} {rule.words}" for rule in sentences)
    if not checks:
        yield NO_CHECKS


def counts(form: Form) -> str:
    """How many items it has, and of which kinds."""
    items = [*form.items.values(), *(item for spec in form.lists.values() for item in spec.columns.values())]
    computed = [item for item in items if item.id in form.computed]
    required = [item for item in items if item.required]
    return f"{len(items)} 项，其中自动计算 {len(computed)} 项，必填 {len(required)} 项"


def checks_of(form: Form) -> list[tuple[str, list[RuleWords]]]:
    """What is checked, by severity, the gravest first."""
    rules = sorted((rule for rule in rulebook([form]) if rule.form is not None), key=_severity)
    return [(severity, list(group)) for severity, group in groupby(rules, key=lambda rule: rule.severity)]


def _severity(rule: RuleWords) -> int:
    order = ("强制性", "核实性", "提示")
    return order.index(rule.severity) if rule.severity in order else len(order)
