"""The frame of statements: a row per figure that a sentence states, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

import pandas as pd
import pandera.pandas as pa

from gouji.ingest.frames import typed
from gouji.ingest.narrative.statement import Statement
from gouji.ingest.narrative.statements import statements

statements_schema = pa.DataFrameSchema(
    {
        "passage": pa.Column(int, description="哪一段文字"),
        "number": pa.Column(int, description="段里的第几个数，从 0 起"),
        "start": pa.Column(int, description="句子在段里从哪里起"),
        "end": pa.Column(int, description="句子到哪里止"),
        "item": pa.Column(str, description="项目；数量：只与同一句里的数核对的"),
        "aspect": pa.Column(str, description="项目的哪一个数：预算、增减额、增减率、占比、完成率 …"),
        "year": pa.Column("Int64", nullable=True, description="句子写的年度"),
        "value": pa.Column(object, description="数值（Decimal）：金额为万元，百分数为小数"),
        "unit": pa.Column(str, description="写的单位"),
        "printed": pa.Column(str, description="原文"),
        "decimals": pa.Column(int, description="写出的小数位数，按万元或小数计，可以为负"),
        "exactness": pa.Column(str, description="约（左右、近）、界限（不低于、以上），空为确数"),
        "subject": pa.Column(str, description="句子说是谁的"),
        "funds": pa.Column(str, description="句子说是哪一种资金的"),
        "label": pa.Column(str, description="数前面的文字"),
        "implied": pa.Column(bool, description="句子没有写项目，是整个报告说的那一项"),
        "whole": pa.Column(str, description="占的是哪一项，句子里没有那一项的数时"),
        "of": pa.Column(int, description="由哪一行算出的增减、占比、比率，没有的为 -1"),
        "against": pa.Column(int, description="与哪一行相比，没有的为 -1"),
        "part_of": pa.Column(int, description="是哪一行的一部分，没有的为 -1"),
        "complete": pa.Column(bool, description="各部分是否列全"),
    },
    strict=True,
    ordered=True,
)
"""`of`, `against`, `part_of`: places of other rows of the frame. See `ingest.narrative.statements.Statement`."""

_NAMES = [field.name for field in fields(Statement)]
_plain = attrgetter(*_NAMES[: _NAMES.index("of")])


def statements_frame(texts: Iterable[tuple[str, int | None, bool, str, str]]) -> pd.DataFrame:
    """The statements of passages, each a text with the year that it reports on, whether of one project, its
    name, and the heading before it."""
    rows: list[tuple[object, ...]] = []
    for passage, (text, year, project, name, heading) in enumerate(texts):
        first = len(rows)
        for one in statements(text, year=year, project=project, name=name, heading=heading):
            links = (link + first if link >= 0 else -1 for link in (one.of, one.against, one.part_of))
            rows.append((passage, *_plain(one), *links, one.complete))
    return typed(pd.DataFrame(rows, columns=["passage", *_NAMES]), statements_schema)
