"""The documents say what is true: every command and every form is in the README, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from typer.main import get_command

from gouji.cli import app
from gouji.export.summary import write_summary
from gouji.handbook import DOCS, PAGES
from gouji.templates.catalogue import built_in
from tests.test_export import results

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(command: object, path: str) -> list[str]:
    below = getattr(command, "commands", None)
    if below is None:
        return [path]
    return [
        full_name
        for name, inner in below.items()
        if not inner.hidden
        for full_name in commands(inner, f"{path} {name}")
    ]


def test_the_readme_lists_exactly_the_commands_that_there_are() -> None:
    table = README.split("## 命令")[1].split("## ")[0]
    rows = [re.findall(r"`([a-z ]+)`", row.split("|")[1]) for row in table.splitlines() if row.startswith("| `gouji")]
    # `gouji forms new`、`copy`: what comes after the first is called by its last word.
    named = [
        part if " " in part else f"{first.rpartition(' ')[0]} {part}"
        for first, *more in rows
        for part in (first, *more)
    ]
    assert sorted(named) == sorted(commands(get_command(app), "gouji"))


def test_the_readme_lists_exactly_the_forms_that_there_are() -> None:
    table = README.split("## 现有表样")[1].split("## ")[0]
    for form in built_in().forms:
        row = next(line for line in table.splitlines() if line.startswith(f"| {form.name}"))
        assert form.edition in row
        assert all(edition in row for edition in form.definition.serves)
    assert len(re.findall(r"^\| (?!表 |-)", table, re.MULTILINE)) == len({form.name for form in built_in().forms})


AT_TIMES = ("意见处理", "已修改", "留意事项")
"""Sheets that are there once decisions have been made, or where there is anything to be said on them."""


def test_the_sheets_named_in_the_readme_are_those_of_the_summary(tmp_path: Path) -> None:
    write_summary(results(), tmp_path / "汇总.xlsx")
    row = next(line for line in README.splitlines() if line.startswith("| `汇总.xlsx` |"))
    named = row.split("|")[2].strip().replace("（带图）", "").split("、")
    assert [name for name in named if name not in AT_TIMES] == openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames


@pytest.mark.parametrize("name", PAGES)
def test_the_generated_pages_are_current(name: str) -> None:
    """`python -m gouji.handbook` writes them anew."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](built_in())
