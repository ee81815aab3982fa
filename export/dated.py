"""The time that stands in what is written: bytes must not depend on the clock."""

from __future__ import annotations

import datetime

from gouji.export.results import Results

UNDATED = datetime.datetime(2000, 1, 1)
"""Where no time is stated."""


def made_at(results: Results) -> datetime.datetime:
    """The time that the run states; without one a fixed date."""
    finished = results.run.get("finished")
    if isinstance(finished, datetime.datetime):
        return finished.replace(tzinfo=None)
    try:
        return datetime.datetime.fromisoformat(str(finished)).replace(tzinfo=None)
    except ValueError:
        return UNDATED
