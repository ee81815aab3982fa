"""The text of a definition with other checks: comments, order and everything else stay as they stand."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from gouji.templates.checks import Check

_NOTHING = object()
_WIDTH = 100_000
"""Columns: no line is broken that its author has not broken."""


def with_checks(text: str, checks: Sequence[Check], before: Sequence[Check], parent: Sequence[Check] | None) -> str:
    """`text`, a definition that stands for the checks `before`, made to stand for `checks`.

    `parent`: the checks of the edition that it extends; None where it lists all checks itself. Every one of `before`
    must be among `checks`, by its id.
    """
    yaml = _round_trip()
    raw = yaml.load(text)
    if parent is None or "checks" in raw:
        _rewrite_list(raw, "checks", checks, before)
    else:
        removed = set((raw.get("remove") or {}).get("checks") or [])
        inherited = {check.id: check for check in parent if check.id not in removed}
        added = {str(entry["id"]) for entry in (raw.get("add") or {}).get("checks") or []}
        listed = [check for check in checks if check.id in added or check.id not in inherited]
        _rewrite_changes(raw, [check for check in checks if check not in listed], inherited)
        if listed:
            _rewrite_list(_section(raw, "add"), "checks", listed, before)
    written = io.StringIO()
    yaml.dump(raw, written)
    return written.getvalue()


def _round_trip() -> YAML:
    yaml = YAML()
    yaml.width, yaml.preserve_quotes, yaml.allow_unicode = _WIDTH, True, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _rewrite_list(owner: CommentedMap, key: str, checks: Sequence[Check], before: Sequence[Check]) -> None:
    """The entries of a list of checks, changed where they stand; new ones follow."""
    entries = owner.get(key)
    known = {check.id: check for check in before}
    standing = {str(entry["id"]): entry for entry in entries or []}
    for check in checks:
        if check.id in standing:
            _change(standing[check.id], _said(check), _said(known[check.id]), _said_by_default(check))
            continue
        if entries is None:
            entries = owner[key] = CommentedSeq()
        entries.append(_entry(check))


def _rewrite_changes(raw: CommentedMap, checks: Sequence[Check], inherited: Mapping[str, Check]) -> None:
    """`change.checks`: of each check what it has otherwise than its parent, and no more."""
    for check in checks:
        said, parents = _said(check), _said(inherited[check.id])
        differing = {key: value for key, value in said.items() if value != parents[key]}
        changes = (raw.get("change") or {}).get("checks") or {}
        entry = changes.get(check.id)
        if entry is None and not differing:
            continue
        if entry is None:
            entry = _section(_section(raw, "change"), "checks")[check.id] = _flow()
        for key in [key for key in entry if key not in differing]:
            del entry[key]
        for key, value in differing.items():
            if entry.get(key, _NOTHING) != value:
                entry[key] = value
        if not entry:
            _without(raw, "change", "checks", check.id)


def _section(owner: CommentedMap, key: str) -> CommentedMap:
    """The mapping under a key, made where there is none."""
    if owner.get(key) is None:
        owner[key] = CommentedMap()
    section: CommentedMap = owner[key]
    return section


def _without(raw: CommentedMap, *keys: str) -> None:
    """Takes away what stands under the keys, and what is left empty by it."""
    owners = [raw]
    for key in keys[:-1]:
        owners.append(owners[-1][key])
    for owner, key in zip(reversed(owners), reversed(keys), strict=True):
        if owner is owners[-1] or not owner[key]:
            del owner[key]


def _change(entry: CommentedMap, said: Mapping[str, Any], before: Mapping[str, Any], usual: Mapping[str, Any]) -> None:
    """The keys that say something else than before; one that says what is usual is not written."""
    for key, value in said.items():
        if value == before[key]:
            continue
        if value == usual.get(key, _NOTHING):
            entry.pop(key, None)
        else:
            entry[key] = value


def _said(check: Check) -> dict[str, Any]:
    return check.model_dump(exclude={"id"})


def _said_by_default(check: Check) -> dict[str, Any]:
    fields = type(check).model_fields
    return {name: one.default for name, one in fields.items() if not one.is_required()}


def _entry(check: Check) -> CommentedMap:
    """A new check on one line, without what is usual."""
    usual = _said_by_default(check)
    told = {key: value for key, value in check.model_dump().items() if value != usual.get(key, _NOTHING)}
    return _flow(told)


def _flow(given: Mapping[str, Any] | None = None) -> CommentedMap:
    entry = CommentedMap(given or {})
    entry.fa.set_flow_style()
    return entry
