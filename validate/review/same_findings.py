"""A finding keeps its id, whatever its file is called, whichever version of a table was chosen, whatever code its unit
has.

An id is made of what a finding is about (`validate.findings.finding_ids`), and some of that may be named otherwise by
the next run. What stands on the same table of the same bytes, or on one that was made of it, is the same finding.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from gouji.ingest.columns import texts
from gouji.ingest.register.return_row import table_id
from gouji.validate.findings import finding_ids

_Replaced = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class RunFindings:
    """The `findings` of a run and the `returns` that they are on; `replaced`: return_id → the tables (`table_id`) whose
    place it takes, having been made of them."""

    findings: pd.DataFrame
    returns: pd.DataFrame
    replaced: _Replaced = field(default_factory=dict)


def with_kept_ids(current: RunFindings, earlier: RunFindings, gone: pd.DataFrame | None = None) -> pd.DataFrame:
    """The `current` findings with the ids that they had in the `earlier` run; `gone`: findings of runs before that (a
    `resolved` frame), which may come back.

    The earlier findings stand under the present codes of their units, with their ids. Findings are matched first by the
    contents of their table or file, then by their words; a new finding never gets the id of another finding.
    """
    computed, by_contents, by_words = (
        finding_ids(current.findings), _by_contents(earlier), _by_words(earlier.findings, gone),
    )  # fmt: skip
    names = _first_time(([by_contents.get(_hash(key), "") for key in keys] for keys in _contents(current)), set())
    taken = {name for name in names if name}
    ids_by_words = _first_time(
        (["" if name else by_words.get(fingerprint, "")] for name, fingerprint in zip(names, computed, strict=True)),
        taken,
    )
    taken |= {*ids_by_words, *by_words.values()}
    ids = [
        name or again or (fingerprint if fingerprint not in taken else _apart(fingerprint, keys))
        for name, again, fingerprint, keys in zip(names, ids_by_words, computed, _contents(current), strict=True)
    ]
    return current.findings.assign(finding_id=pd.Series(ids, index=current.findings.index, dtype="str"))


def _first_time(choices: Iterable[Sequence[str]], taken: set[str]) -> list[str]:
    """Of each the first that is not `taken` by then; empty where there is none."""
    used, chosen = set(taken) | {""}, []
    for names in choices:
        name = next((candidate for candidate in names if candidate not in used), "")
        used.add(name)
        chosen.append(name)
    return chosen


def _by_contents(before: RunFindings) -> dict[bytes, str]:
    """Known by the hash of the first key: the keys of all findings of a batch would fill the memory."""
    ids = map(str, before.findings["finding_id"])
    return {_hash(keys[0]): finding_id for keys, finding_id in zip(_contents(before), ids, strict=True) if keys}


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _by_words(findings: pd.DataFrame, gone: pd.DataFrame | None) -> dict[str, str]:
    """The id that a finding would have by what it is about → the id that it has."""
    ids = {} if gone is None else _words(gone.assign(file=None, return_id=None))
    return ids | _words(findings)


def _words(findings: pd.DataFrame) -> dict[str, str]:
    return dict(zip(finding_ids(findings), map(str, findings["finding_id"]), strict=True))


def _contents(edition: RunFindings) -> Iterator[list[str]]:
    """For every finding its keys: the contents of its own table or file, then of the tables that this was made of."""
    returns, counts = edition.returns, Counter[bytes]()
    tables = dict(zip(returns["return_id"], map(table_id, returns["sha256"], returns["return_id"]), strict=True))
    files = dict(zip(returns["file"], returns["sha256"], strict=True))
    columns = (texts(edition.findings[name].astype("str"), "") for name in _COLUMNS)
    for return_id, file, rule, item in zip(*columns, strict=True):
        table = tables.get(return_id, "") or files.get(file, "")
        subject = f"{rule}\n{item}"
        about = _hash(f"{table}\n{subject}")
        counts[about] += 1
        count = counts[about]
        yield [f"{table}\n{subject}\n{count}" for table in (table, *edition.replaced.get(return_id, ())) if table]


_COLUMNS = ("return_id", "file", "rule", "item")


def _apart(fingerprint: str, keys: Sequence[str]) -> str:
    """An id for a finding whose own is another one's."""
    return hashlib.sha256("\n".join([fingerprint, *keys[:1]]).encode()).hexdigest()[:16]
