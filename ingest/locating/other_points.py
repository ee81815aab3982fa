"""Points printed on a pasted table that are not the form's: an edition that nobody has defined."""

from __future__ import annotations

from gouji.ingest.figures.numbers import parse_number
from gouji.ingest.locating.located import Located
from gouji.templates.scores_block import ScoresBlock

_FEWEST = 3
_SHARE = 0.2
"""From so many indicators, and such a share of them, other points are another edition and no slip of the pen."""


def other_points(located: Located) -> list[str]:
    """`indicator（表上 n 分，表样 m 分）` of every indicator with other points; empty where these are the form's.

    A province's table of indicators shares most names with a county's 评分表, but neither points nor criteria: by the
    county's it would be wrong in every row.
    """
    indicators = [
        indicator
        for block in located.form.definition.blocks
        if isinstance(block, ScoresBlock)
        for indicator in block.indicators
    ]
    differing, read = [], 0
    for indicator in indicators:
        place = located.places.get(f"{indicator.id}.分值")
        printed = None if place is None else parse_number(located.sheet.raw(*place.span[:2]), "points").value
        if printed is None:
            continue
        read += 1
        if printed != indicator.points:
            name = indicator.label or indicator.id
            differing.append(f"{name}（表上 {printed.normalize():f} 分，表样 {indicator.points.normalize():f} 分）")
    return differing if len(differing) >= max(_FEWEST, _SHARE * read) else []
