"""A finding keeps its id, whatever its file is called, whichever version of a table was chosen, whatever code its unit
has.

An id is made of what a finding is about (`validate.findings.finding_ids`), and some of that may be named otherwise by
the next run. What stands on the same table of the same bytes, or on one that was made of it, is the same finding.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from gouji.ingest.register.return_row import table_id
from gouji.validate.findings import finding_ids

_Replaced = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Told:
    """The `findings` of a run and the `returns` that they are on; `replaced`: return_id → the tables (`table_id`) whose
    place it takes, having been made of them."""

    findings: pd.DataFrame
    returns: pd.DataFrame
    replaced: _Replaced = field(default_factory=dict)


def with_kept_ids(now: Told, before: Told, gone: pd.DataFrame | None = None) -> pd.DataFrame:
    """The findings `now` with the ids that they had `before`; `gone`: findings of still earlier runs (a `resolved`
    frame), which may come back.

    The earlier findings stand under the codes that their units have now, with the ids that they had. First those on the
    same contents are the same, then those that are about the same; what is new gets no id that was another one's.
    """
    contents, computed = list(_contents(now)), finding_ids(now.findings)
    by_contents, by_words = _by_contents(before), _by_words(before.findings, gone)
    names = _first_time([[by_contents.get(key, "") for key in keys] for keys in contents], set())
    taken = {name for name in names if name}
    same = _first_time(
        [["" if name else by_words.get(fingerprint, "")] for name, fingerprint in zip(names, computed, strict=True)],
        taken,
    )
    taken |= {*same, *by_words.values()}
    ids = [
        name or again or (fingerprint if fingerprint not in taken else _apart(fingerprint, keys))
        for name, again, fingerprint, keys in zip(names, same, computed, contents, strict=True)
    ]
    return now.findings.assign(finding_id=pd.Series(ids, index=now.findings.index, dtype="str"))


def _first_time(choices: Sequence[Sequence[str]], taken: set[str]) -> list[str]:
    """Of each the first that is not `taken` by then; empty where there is none."""
    used, chosen = set(taken) | {""}, []
    for names in choices:
        name = next((candidate for candidate in names if candidate not in used), "")
        used.add(name)
        chosen.append(name)
    return chosen


def _by_contents(before: Told) -> dict[str, str]:
    ids = [str(finding_id) for finding_id in before.findings["finding_id"]]
    return {keys[0]: finding_id for keys, finding_id in zip(_contents(before), ids, strict=True) if keys}


def _by_words(findings: pd.DataFrame, gone: pd.DataFrame | None) -> dict[str, str]:
    """The id that a finding would have by what it is about → the id that it has."""
    ids = {} if gone is None else _words(gone.assign(file=None, return_id=None))
    return ids | _words(findings)


def _words(findings: pd.DataFrame) -> dict[str, str]:
    return dict(zip(finding_ids(findings), map(str, findings["finding_id"]), strict=True))


def _contents(edition: Told) -> Iterator[list[str]]:
    """For every finding what it is known by: its own table or file by contents, then those that it was made of."""
    returns, seen = edition.returns, Counter[str]()
    tables = dict(zip(returns["return_id"], map(table_id, returns["sha256"], returns["return_id"]), strict=True))
    files = dict(zip(returns["file"], returns["sha256"], strict=True))
    columns = (edition.findings[name].astype(object).where(edition.findings[name].notna(), "") for name in _COLUMNS)
    for return_id, file, rule, item in zip(*columns, strict=True):
        table = tables.get(return_id, "") or files.get(file, "")
        what = f"{rule}\n{item}"
        seen[f"{table}\n{what}"] += 1
        count = seen[f"{table}\n{what}"]
        yield [f"{table}\n{what}\n{count}" for table in (table, *edition.replaced.get(return_id, ())) if table]


_COLUMNS = ("return_id", "file", "rule", "item")


def _apart(fingerprint: str, keys: Sequence[str]) -> str:
    """An id for a finding whose own is another one's."""
    return hashlib.sha256("\n".join([fingerprint, *keys[:1]]).encode()).hexdigest()[:16]
