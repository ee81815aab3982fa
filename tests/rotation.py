"""Cases of which a quick run takes some, others every time; all of them run under `make test-deep` and in CI."""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

SEED = "TEST_SEED"
"""Environment variable with the number by which the cases of a quick run are chosen; conftest.py sets and tells it."""
SHARE = "TEST_SHARE"
"""Environment variable: of how many deep tests one is run, where not all are."""


def rotated(name: str, cases: Sequence[Any], quick: int = 1) -> list[Any]:
    """The cases as parameters: `quick` of them, chosen by the seed and `name`, ordinary, the others marked deep."""
    chosen = random.Random(f"{name}/{os.environ[SEED]}").sample(range(len(cases)), quick)
    return [case if place in chosen else deep(case) for place, case in enumerate(cases)]


def some(name: str, cases: Iterable[Any], quick: int) -> list[Any]:
    """So many of the cases, chosen by the seed and `name`."""
    return random.Random(f"{name}/{os.environ[SEED]}").sample(list(cases), quick)


def in_turn(name: str, cases: Sequence[Any]) -> Any:
    """The case whose turn it is."""
    return random.Random(f"{name}/{os.environ[SEED]}").choice(cases)


def turns(items: Iterable[pytest.Item]) -> None:
    """Mark as deep all but a third of the tests of each group of `in_turn`."""
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        mark = item.get_closest_marker("in_turn")
        if mark is not None:
            groups.setdefault(mark.args[0], []).append(item)
    for name, group in groups.items():
        chosen = random.Random(f"{name}/{os.environ[SEED]}").sample(range(len(group)), -(-len(group) // 3))
        for place, item in enumerate(group):
            if place not in chosen:
                item.add_marker("deep")


def of_this_share(items: Iterable[pytest.Item], share: int) -> list[pytest.Item]:
    """The items but for the deep ones whose turn it is not: one in `share` of these stays, chosen by the seed; those in
    a browser stay always, since nothing else holds the desk as people use it."""
    chosen = random.Random(f"share/{os.environ[SEED]}").randrange(share)
    return [item for item in items if _always(item) or _place(item) % share == chosen]


def _always(item: pytest.Item) -> bool:
    return item.get_closest_marker("deep") is None or item.get_closest_marker("browser") is not None


def _place(item: pytest.Item) -> int:
    return zlib.crc32(item.nodeid.encode())


def deep(case: Any) -> Any:
    """The case as a parameter that only a deep run takes."""
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.deep)
