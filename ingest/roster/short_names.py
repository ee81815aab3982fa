"""Names of units without the name of their county, or with the usual short word: 县水利局, 发改局."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from gouji.ingest.register.unit_names import is_section
from gouji.templates.head_words import PLACES, SHORT_WORDS

_OWN = re.compile(rf"^[本我该](?=[{PLACES}])")
_SHORTEST = 3
Unit = tuple[str, str]


class ShortNames:
    """Names of a roster without their places → the units, each with the level of its place."""

    def __init__(self, names: Iterable[tuple[str, Unit]]) -> None:
        self._rests: dict[str, set[tuple[str, Unit]]] = defaultdict(set)
        for name, unit in names:
            for level, rest in _placeless(name):
                self._rests[rest].add((level, unit))

    def unit(self, name: str) -> Unit | None:
        """The one unit that a squeezed name means which leaves out its county's own; None where none or several."""
        meant = {
            unit
            for level, rest in _written(name)
            for place, unit in self._rests.get(rest, ())
            if not (level and place) or level == place
        }
        return meant.pop() if len(meant) == 1 else None


def _placeless(name: str) -> Iterator[tuple[str, str]]:
    """(level of the place, the rest) of a listed name for all that may be its place: 青山县水利局 → 县, 水利局."""
    yield "", _full(name)
    for at, sign in enumerate(name):
        if at and sign in PLACES and len(name) - at > 2:
            yield sign, _full(name[at + 1 :])


def _written(name: str) -> Iterator[tuple[str, str]]:
    """The same of a name as it was written: 县水利局 → 县, 水利局. A bare name of a section is no unit's."""
    short = _OWN.sub("", name)
    if len(short) >= _SHORTEST and not is_section(short):
        yield "", _full(short)
    if short[:1] in PLACES and len(short) > _SHORTEST:
        yield short[0], _full(short[1:])


def _full(rest: str) -> str:
    """With the full word for a usual short one; 和 and 与 in the middle say nothing."""
    for short, full in SHORT_WORDS.items():
        if rest.startswith(short) and rest[len(short) :] in ("", "局", "委", "委员会"):
            rest = full + rest[len(short) :]
    rest = re.sub("委$", "委员会", rest)
    return rest[:1] + re.sub("[和与]", "", rest[1:])
