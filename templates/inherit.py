"""Inheritance between editions of one form: a child states only what it removes, changes or adds."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

from gouji.templates.errors import DefinitionError

Raw = dict[str, Any]
_BLOCK_KEYS = ("title", "heading", "grid", "pairs", "list", "scores")


def inherited(parent: Raw, child: Raw, file: str) -> Raw:
    """The parent's definition with the child's `remove`, `change` and own keys carried out.

    `remove` and `change` take `blocks`, `rows`, `columns`, `indicators`, `fields`, `checks` and (change only)
    `notes`; `add` takes `blocks` (put at the end) and `checks`. Every other key of the child replaces the parent's;
    `serves` is not handed on.
    Raises DefinitionError for an id that the parent does not have.
    """
    result = copy.deepcopy(parent)
    result.pop("serves", None)  # what stands for other editions is the parent, not everything made of it
    for place, ids in (child.get("remove") or {}).items():
        for name in ids:
            _at(result, place, name, file, f"remove.{place}", lambda owner, index: owner.pop(index))
    for place, changes in (child.get("change") or {}).items():
        if place == "notes":
            _replace_notes(result, changes)
            continue
        for name, change in changes.items():
            _at(result, place, name, file, f"change.{place}", partial(_updated, change))
    for place, entries in (child.get("add") or {}).items():
        if place not in ("blocks", "checks"):
            raise DefinitionError(file, f"add.{place}", "只能写 blocks 或 checks")
        result.setdefault(place, []).extend(entries)
    result.update({k: v for k, v in child.items() if k not in ("extends", "remove", "change", "add")})
    return result


def _updated(change: Raw, owner: list[Any], index: int) -> None:
    owner[index].update(change)


def _at(raw: Raw, place: str, name: str, file: str, key: str, act: Callable[[list[Any], int], Any]) -> None:
    for owner in _owners(raw, place, file, key):
        for index, entry in enumerate(owner):
            if name in _ids(entry):
                act(owner, index)
                return
    raise DefinitionError(file, f"{key}.{name}", "所继承的版本里没有这一项")


def _owners(raw: Raw, place: str, file: str, key: str) -> list[list[Any]]:
    """The lists in which an entry of that place may stand."""
    blocks = raw["blocks"]
    if place == "checks":
        return [raw.get("checks", [])]
    if place == "blocks":
        return [blocks]
    if place in ("rows", "columns", "indicators", "fields"):
        return [block[place] for block in blocks if place in block]
    raise DefinitionError(file, key, "只能写 blocks、rows、columns、indicators、fields、checks 或 notes")


def _ids(entry: Raw) -> set[str]:
    """By what an entry may be named: its id, its block key, or the one field that a block of fields holds."""
    found = {entry[key] for key in (*_BLOCK_KEYS, "id") if key in entry}
    fields = entry.get("fields", [])
    return found | {field["id"] for field in fields if "id" in field} if len(fields) == 1 else found


def _replace_notes(raw: Raw, notes: list[str]) -> None:
    raw["blocks"] = [block for block in raw["blocks"] if "note" not in block]
    raw["blocks"] += [{"note": note} for note in notes]
