"""Columns of texts as arrays: each text once, whatever pieces a frame was put together from."""

from __future__ import annotations

import pandas as pd
import pytest

from gouji.validate.records import Coded

FIRST, SECOND = ["甲", None, "乙"], ["乙", "丙", None]
TEXTS = [*FIRST, *SECOND]


@pytest.mark.parametrize(
    "column",
    [
        pd.concat([pd.Series(piece, dtype="str") for piece in (FIRST, SECOND)]),
        pd.Series(TEXTS, dtype="str"),
        pd.Series(TEXTS, dtype=object),
    ],
    ids=["pieces", "whole", "objects"],
)
def test_every_text_is_there_once_and_blanks_are_none(column: pd.Series[str]) -> None:
    coded = Coded.of(column)
    assert coded.texts.tolist() == ["甲", "乙", "丙"]
    assert coded.code.tolist() == [0, -1, 1, 1, 2, -1]
    assert coded.objects.tolist() == TEXTS
    assert coded.mapped({"丙": 7, "甲": 3}).tolist() == [3, -1, -1, -1, 7, -1]
    assert [coded.number(text) for text in ("乙", "丁")] == [1, -1]


def test_a_column_of_blanks_has_no_texts() -> None:
    coded = Coded.of(pd.Series([None, None], dtype="str"))
    assert coded.objects.tolist() == [None, None]
    assert coded.mapped({"甲": 0}).tolist() == [-1, -1]
