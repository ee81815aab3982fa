"""The narratives of the published returns, worked out by hand (`tests/narrative/`), and what is taken from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from gouji.ingest.narrative.statements import COUNT, Statement, statements

FOLDER = Path(__file__).with_name("narrative")


def oracles() -> list[dict[str, Any]]:
    """One per published return."""
    return [
        YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
    ]


def read(oracle: dict[str, Any]) -> Iterator[tuple[int, Statement]]:
    """Every statement that is taken from a unit's passages, with the number of its passage from 1."""
    for number, passage in enumerate(oracle["passages"], 1):
        project = passage["of"] == "项目自评报告"
        for one in statements(passage["text"], year=oracle["year"], project=project):
            yield number, one


def stated(oracle: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """(passage, item, year, figure as printed) as taken."""
    kept = [(number, one) for number, one in read(oracle) if one.item != COUNT]
    return Counter((number, one.name, one.year or oracle["year"], one.printed) for number, one in kept)


def wanted(oracle: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """The same as worked out by hand."""
    return Counter(tuple(row[:4]) for row in oracle["statements"])
