"""What is done with a text of a file takes time in proportion to its length, however it is written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from ingest.acting.formulas import calls_out
from ingest.cleaning import normalise
from ingest.days import day_of
from ingest.drafting.lists import split_points
from ingest.format_sections import sections
from ingest.measures import parse_measure
from ingest.own_outputs import own_output_named
from ingest.roster.cells import cell_text, code_text
from ingest.unit_names import named, unit_within, unstamped
from templates.labels import label_key, squeezed
from templates.number_format import is_percentage, shown_decimals, shows_date
from templates.text import sheet_text

READERS: list[Callable[[str], object]] = [
    calls_out, cell_text, code_text, day_of, is_percentage, label_key, named, normalise, own_output_named,
    parse_measure, sections, sheet_text, shown_decimals, shows_date, split_points, squeezed, unit_within, unstamped,
]  # fmt: skip
"""Functions that meet a text as it stands in a file."""
PIECES = (
    "(", ")", " ", "\n", "1", "1.", "1,", "1 ", "一", "年", "2021年", "单位:", "a:", "(a", "(盖章)", "盖章",
    "其中", "每", "1分", "-", '"', "[", "[a]", "a ", "中文", "<", "同比", "不", "达到", "#", "0.", "\\", "_", "至",
    "'", "'[a]'", "|", "HYPERLINK(",
)  # fmt: skip
"""What texts are made of that take long to look through."""
LENGTH, MOST = 8000, 2.5
QUICK = 0.004
"""Seconds for twice the length under which growth is not told from noise."""


def seconds(read: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


def growth(read: Callable[[str], object], piece: str, end: str) -> float:
    """Of the time where the length doubles; 0 where it is too short to be told."""
    short, long = (piece * (length // len(piece)) + end for length in (LENGTH, 2 * LENGTH))
    if seconds(read, long) < QUICK:
        return 0
    return min(seconds(read, long) for _ in range(3)) / max(min(seconds(read, short) for _ in range(3)), 1e-9)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_twice_the_length_takes_twice_the_time(read: Callable[[str], object]) -> None:
    read("1")  # what it loads, it loads once
    found = {(piece, end): growth(read, piece, end) for piece in PIECES for end in ("", "\0")}
    slow = [case for case, grown in found.items() if grown > MOST]
    assert [case for case in slow if growth(read, *case) > MOST] == []


def test_a_pattern_that_is_worse_than_linear_is_seen() -> None:
    worse = re.compile("a*a*b")
    assert growth(lambda text: worse.search(text[: len(text) // 20]), "a", "") > MOST
