"""The same thing counted twice in a report, once with a slip: 毕业生640人 … 毕业生604人."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gouji.ingest.narrative.written import PERCENT, POINTS, SCORE, Written
from gouji.validate.narrative.digits import is_slip
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.span import Span
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.words import called

_LEAD = re.compile(r"^(?:其中|其|全年|本年|当年|共|项目|全县)+|(?:共|为|有|达到?)+$")
_LEAST = 5
"""Characters of a name that is one thing's in a report."""
_GENERAL = re.compile(r"合计|小计|其他|其余|共计|总计|平均|每|均|较|比|增加|减少|计划|目标|补助|实际")


def twice(around: Surroundings) -> Iterator[Claim]:
    """Every figure of a paragraph that is called as one before it is, and is that with its digits otherwise."""
    told: dict[tuple[str, str], Written] = {}
    for figure in (*around.earlier, *around.figures):
        name = _LEAD.sub("", figure.clause)
        if (
            len(name) < _LEAST
            or not figure.exact
            or figure.unit in ("", PERCENT, POINTS, SCORE)
            or _GENERAL.search(name)
        ):
            continue
        first = told.setdefault((name, figure.unit), figure)
        if first is not figure and figure in around.figures and is_slip(figure.value, first.value, exchanged=True):
            yield Claim(figure, [Way(Span.of(first), called(first), "前文")])
