"""What the bureau has laid down for a round, beside its roster."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """`bureau`: its name; `forms`: what a unit owes of which the roster does not say it, as `表` or `表@版本`;
    `deadline`: by when, where the roster does not say it; `reply_days`: days within which an answer to a letter is due;
    `newest`: whether of several versions of a table the newest counts, where nobody has chosen.
    """

    bureau: str | None = None
    forms: tuple[str, ...] = ()
    deadline: datetime.date | None = None
    reply_days: int | None = None
    newest: bool = False
