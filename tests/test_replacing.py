"""Files replaced whole: what was there stays until all is written, and nothing is left beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.templates.replacing import replaced


def test_replaces_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "登记.csv"
    path.write_text("旧", encoding="utf-8")
    with replaced(path) as draft:
        draft.write_text("新", encoding="utf-8")
        assert (draft.parent, path.read_text(encoding="utf-8")) == (tmp_path, "旧")
    assert path.read_text(encoding="utf-8") == "新"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "登记.csv"
    path.write_text("旧", encoding="utf-8")
    with pytest.raises(ValueError, match="half"), replaced(path) as draft:
        draft.write_text("新", encoding="utf-8")
        raise ValueError("half")
    assert path.read_text(encoding="utf-8") == "旧"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_replaced_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "登记.csv"
    path.mkdir()
    with pytest.raises(OSError), replaced(path) as draft:
        draft.write_text("新", encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replaced(tmp_path / "登记.csv"):
        pass
    assert list(tmp_path.iterdir()) == []
