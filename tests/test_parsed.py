"""Definitions kept as plain data: what is kept is what is in the file, and never of another text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from gouji.templates.layer import INSTALLED, installed
from gouji.templates.parsed import parsed
from gouji.templates.plain_yaml import plain_yaml

TEXT = "表: {1: 一, 二: [0.1, 1, true, null, '1']}\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return tmp_path / "某县-2021.yaml"


def kept(file: Path) -> list[Path]:
    return list((file.parent / "__pycache__").glob("*"))


def never(text: str) -> None:
    raise AssertionError(f"taken apart again: {text}")


def typed(data: object) -> object:
    """The data with the type of every part."""
    if isinstance(data, dict):
        return [(typed(key), typed(value)) for key, value in data.items()]
    return [typed(part) for part in data] if isinstance(data, list) else (type(data), data)


def test_what_was_taken_apart_once_comes_back_with_its_types(file: Path) -> None:
    first = parsed(file, TEXT, plain_yaml)
    assert typed(parsed(file, TEXT, never)) == typed(first) == typed(plain_yaml(TEXT))
    assert [file_kept.name for file_kept in kept(file)] == [f"某县-2021.{sys.implementation.cache_tag}.msgpack"]


def test_another_text_is_taken_apart_anew(file: Path) -> None:
    parsed(file, TEXT, plain_yaml)
    assert parsed(file, "表: 2\n", plain_yaml) == {"表": 2}
    assert parsed(file, "表: 2\n", never) == {"表": 2}


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x93\x01\x02\x03", b"\x92\xa1x", b"\x01"])
def test_what_is_damaged_is_made_anew(file: Path, content: bytes) -> None:
    parsed(file, TEXT, plain_yaml)
    kept(file)[0].write_bytes(content)
    assert parsed(file, TEXT, plain_yaml) == plain_yaml(TEXT) == parsed(file, TEXT, never)


def test_nothing_is_kept_without_bytecode_nor_of_what_would_come_back_otherwise(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parsed(file, "日: 2021-01-01\n", plain_yaml) == plain_yaml("日: 2021-01-01\n")
    assert kept(file) == []
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    parsed(file, TEXT, plain_yaml)
    assert kept(file) == []


@pytest.mark.in_turn("long")
def test_every_definition_is_what_its_file_says() -> None:
    for edition in installed().editions:
        path = INSTALLED / edition[0] / f"{edition[1]}.yaml"
        expected = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        assert typed(installed().plain(edition)) == typed(expected) == typed(installed().plain(edition))
