"""How sentences call the rows and projects of tables: in short, without what names end or all begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gouji.ingest.narrative.phrases import phrases
from gouji.templates.labels import squeezed

LEAST_NAME = 3
"""Characters of a name that says enough."""
_LONGEST_NAME = 40
_SEVERAL = -1


def by_name(names: Sequence[str]) -> dict[str, int]:
    """How the rows may be called → their place: by their name, or without what several begin with (政务大厅物业费 is
    物业费, but 空调维修费 not all 维修费); what may mean several rows means none."""
    begins = Counter(name[:end] for name in names for end in range(1, min(len(name), _LONGEST_NAME)))
    rows: dict[str, int] = {}
    for row, name in enumerate(names):
        for start in range(min(len(name), _LONGEST_NAME) - LEAST_NAME + 1):
            if start == 0 or begins[name[:start]] > 1:
                rows[name[start:]] = row if name[start:] not in rows else _SEVERAL
    return {name: row for name, row in rows.items() if row != _SEVERAL}


def bare(name: str) -> str:
    """A name without number, kind of money and short words: 2、运维经费 and 运行维护专项 are 运行维护."""
    words = phrases()
    plain = words.numbering.sub("", squeezed(name))
    for short, whole in words.short_names.items():
        plain = plain.replace(short, whole)
    return words.name_endings.sub("", plain)
