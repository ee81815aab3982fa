"""What the author of a definition has decided about its draft; what is not here stays 待定."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Answers:
    """`edition`, `basis`, `short`: as in a definition.

    `required`: ids of rows that must be filled in; `points`: 分值 of indicators by id; `checks`: suggested rule →
    whether it is in use.
    """

    edition: str | None = None
    basis: str | None = None
    short: str | None = None
    required: frozenset[str] = frozenset()
    points: Mapping[str, Decimal] = field(default_factory=dict)
    checks: Mapping[str, bool] = field(default_factory=dict)
