"""The filter of a page, as the query of its address; and long lists cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

_LONGEST = 200
"""Signs of a word in an address."""
_Item = TypeVar("_Item")


@dataclass(frozen=True, kw_only=True)
class Address:
    """The fields that a query may hold: texts (empty by default) and ticks (off by default). `page`: counted from 1."""

    page: int = 1

    @classmethod
    def of(cls, query: QueryParams) -> Self:
        """The fields of a query; a `page` that is no number counts as the first."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            word = query.get(field.name, "").strip()[:_LONGEST]
            values[field.name] = word == "1" if isinstance(field.default, bool) else word
        number = query.get("page", "")
        values["page"] = max(1, int(number)) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
        return cls(**values)

    def query(self, **changes: Any) -> str:
        """The query string with these changes: `unit=平安局&page=2`."""
        values = asdict(replace(self, **changes))
        values["page"] = values.pop("page")  # last
        texts = {name: int(value) if isinstance(value, bool) else value for name, value in values.items()}
        return urlencode(
            {name: text for name, text in texts.items() if text not in ("", 0) and (name, text) != ("page", 1)}
        )


@dataclass(frozen=True)
class Cut:
    """One page of a list: its number, the number of pages, and the slice of the list."""

    number: int
    pages: int
    part: slice


def cut(count: int, number: int, size: int) -> Cut:
    """Page `number` of `count` items, `size` a page; the last page where there are fewer."""
    pages = max(1, -(-count // size))
    number = min(number, pages)
    return Cut(number, pages, slice((number - 1) * size, number * size))


def on_page(items: Sequence[_Item], number: int, size: int) -> tuple[Sequence[_Item], Cut]:
    """The items of page `number`, and the page itself."""
    page = cut(len(items), number, size)
    return items[page.part], page
