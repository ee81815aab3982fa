"""Which files of a batch are replaced by later ones that were made of them (来源)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """A file: what it was made of (hashes, the latest first), the codes of its units, whether it can take a place.

    `claimed`: the codes of the units that may be whose its tables are, where that is open.
    """

    file: str
    sha256: str
    mends: tuple[str, ...]
    units: frozenset[str]
    counts: bool
    claimed: frozenset[str] = frozenset()

    def may_replace(self, earlier: Made) -> bool:
        """Whether it holds tables of every unit that the earlier one is of, and of none that this cannot be of."""
        if self.sha256 == earlier.sha256 or not earlier.units <= self.units:
            return False
        return not earlier.claimed or self.units <= earlier.claimed | earlier.units


def replaced(files: Iterable[Made]) -> dict[str, str]:
    """Earlier file → the later one that takes its place.

    A file says itself what it was made of, so it is believed only where it holds tables of every unit that the
    earlier one is known to be of, and none of units that it cannot be of. Where several claim the same, the one that
    was returned most often is named.
    """
    known = list(files)
    by_hash = {one.sha256: one for one in known if one.sha256}
    found: dict[str, str] = {}
    for later in sorted(known, key=lambda one: (-len(one.mends), one.file)):
        for sha256 in later.mends if later.counts else ():
            earlier = by_hash.get(sha256)
            if earlier is not None and later.may_replace(earlier):
                found.setdefault(earlier.file, later.file)
    return found
