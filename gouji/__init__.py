"""勾稽: budget-performance returns read, their ties checked, their scores recomputed. docs/api.md shows its use.

The names below come from `gouji.api` when they are first asked for: a command that needs no frames loads none.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# Arrow's own pools keep what was freed: a whole run holds a third less with that of the system. It is asked once, when
# Arrow is loaded, which nothing here may have done before.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

if TYPE_CHECKING:
    from gouji.api import (
        GoujiError,
        Outcome,
        Reading,
        check,
        deviation,
        forms,
        issue,
        items,
        read,
        rules,
        run,
        sample,
        schema,
        verdicts,
    )

__all__ = [
    "GoujiError",
    "Outcome",
    "Reading",
    "check",
    "deviation",
    "forms",
    "issue",
    "items",
    "read",
    "rules",
    "run",
    "sample",
    "schema",
    "verdicts",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'gouji' has no attribute {name!r}")
    from gouji import api

    return getattr(api, name)
