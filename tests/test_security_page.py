"""docs/security.md: every test that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

_PAGE = (Path(__file__).parents[1] / "docs" / "security.md").read_text(encoding="utf-8")
_TESTS = Path(__file__).parent
_FORMATS = ["promise", ".xlsx", ".xls", ".ods", ".xlsb"]
_NAMED = re.compile(r"`(test_\w+)::(test_\w+)`")


def _rows() -> list[list[str]]:
    """The cells of the table of promises by format, its head first."""
    section = _PAGE.partition("## Promises by format")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _functions(file: str) -> set[str]:
    tree = ast.parse((_TESTS / f"{file}.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_promise_is_held_or_said_not_to_be_in_every_format() -> None:
    head, _, *rows = _rows()
    assert head == _FORMATS and len(rows) > 10
    for promise, *cells in rows:
        assert len(cells) == len(_FORMATS) - 1, promise
        assert all(_NAMED.fullmatch(cell) or cell.startswith("— ") for cell in cells), promise


@pytest.mark.parametrize("file", sorted({file for file, _ in _NAMED.findall(_PAGE)}))
def test_the_tests_that_are_named_exist(file: str) -> None:
    assert {function for named, function in _NAMED.findall(_PAGE) if named == file} <= _functions(file)


def test_the_files_that_are_named_exist() -> None:
    files = set(re.findall(r"`tests/(\w+\.py)`", _PAGE))
    assert len(files) > 20
    assert [file for file in sorted(files) if not (_TESTS / file).exists()] == []
