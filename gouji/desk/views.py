"""常看: named filters of the list of findings, in a small file of the round that people can read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qsl, quote

from starlette.datastructures import QueryParams

from gouji.desk.listing import Narrowed
from gouji.templates.replacing import replaced
from gouji.templates.text import sheet_text

VIEWS = "常看.json"
_LONGEST, _MOST = 30, 40
_WRITING = Lock()


class ViewError(Exception):
    """A filter cannot be kept; the message is Chinese."""


@dataclass(frozen=True)
class View:
    """A named filter, from its first page on."""

    name: str
    asked: Narrowed


def read_views(folder: Path) -> list[View]:
    """The views of the round in `folder`, in the order in which they were kept; none without a file, or where it holds
    something else."""
    try:
        kept = json.loads((folder / VIEWS).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return []
    if not isinstance(kept, dict):
        return []
    texts = [(str(name), query) for name, query in kept.items() if isinstance(query, str)]
    return [View(name, Narrowed.of(QueryParams(query))) for name, query in texts[:_MOST]]


def keep_view(folder: Path, name: str, asked: Narrowed) -> None:
    """Keeps a filter under `name`, in place of one of that name. Raises ViewError, OSError."""
    name = sheet_text(name).strip()[:_LONGEST]
    if not name:
        raise ViewError("没有写名称，没有保存。")
    _changed(folder, lambda views: [*(view for view in views if view.name != name), View(name, asked)])


def drop_view(folder: Path, name: str) -> None:
    """Removes the view of that name. Raises OSError."""
    _changed(folder, lambda views: [view for view in views if view.name != name])


def _changed(folder: Path, change: Callable[[list[View]], list[View]]) -> None:
    with _WRITING:  # of two windows, both
        views = change(read_views(folder))
        if len(views) > _MOST:
            raise ViewError(f"已经有 {_MOST} 个常看的筛选，请先去掉不用的，没有保存。")
        queries = {view.name: "&".join(f"{name}={text}" for name, text in _words(view.asked)) for view in views}
        with replaced(folder / VIEWS) as draft:
            draft.write_text(json.dumps(queries, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _words(asked: Narrowed) -> list[tuple[str, str]]:
    """(field, text) as in a query, but readable: only signs with a meaning there are escaped."""
    meaning = str.maketrans({sign: quote(sign, safe="") for sign in "%&+=#;"})
    return [(name, text.translate(meaning)) for name, text in parse_qsl(asked.query(page=1))]
