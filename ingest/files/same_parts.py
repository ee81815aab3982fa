"""What was worked out of a part of a package, kept for the next package with the same part.

The returns of a batch come from few templates: spare sheets, 填报说明 and 自查 are often the same to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

_LARGEST, _ALTOGETHER = 1024 * 1024, 16 * 1024 * 1024
"""Bytes of a part that is kept, and of all that one function keeps."""
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
_Working = Callable[Concatenate[bytes, Arguments], Result]


def once_per_part(most: int) -> Callable[[_Working[Arguments, Result]], _Working[Arguments, Result]]:
    """Keeps the last `most` results of a function of a part and of hashable arguments, fewer of large parts; none of
    the largest, which are no two files'. Parts are compared as a whole, and hashed once, however many functions ask.

    Results are handed out again and again: they are not to be changed. What is raised is not kept.
    """

    def keeping(work: _Working[Arguments, Result]) -> _Working[Arguments, Result]:
        kept: dict[tuple[bytes, Hashable, Hashable], Result] = {}
        size = 0

        def looked_up(part: bytes, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            nonlocal size
            if len(part) > _LARGEST:
                return work(part, *args, **kwargs)
            key = (part, args, tuple(kwargs.items()))
            if key in kept:
                result = kept[key] = kept.pop(key)  # the last that was asked for stays longest
            else:
                result = kept[key] = work(part, *args, **kwargs)
                size += len(part)
                while kept and (len(kept) > most or size > _ALTOGETHER):
                    oldest = next(iter(kept))
                    kept.pop(oldest, None)
                    size = size - len(oldest[0]) if kept else 0
            return result

        update_wrapper(looked_up, work)
        return looked_up

    return keeping
