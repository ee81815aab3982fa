"""All that was found → the findings, one for each cause, and beside them what these say or what asks nothing."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from gouji.ingest.columns import is_text, texts
from gouji.ingest.frames import typed
from gouji.validate.frames import SEVERITIES, asides_schema, findings_schema
from gouji.validate.one_cause.following import following
from gouji.validate.one_cause.idle import idle, typed_over
from gouji.validate.one_cause.in_yuan import in_yuan
from gouji.validate.one_cause.links import BETWEEN, rooted
from gouji.validate.one_cause.missing_table import missing_table
from gouji.validate.one_cause.text_figures import Figures, text_figures
from gouji.validate.one_cause.together import together
from gouji.validate.one_cause.waiting import waiting
from gouji.validate.one_cause.words import beside, cell_at, follows

_CHANGED = ("severity", "message", "related_cells", "explanation", "cause")


def by_cause(all_findings: pd.DataFrame, returns: pd.DataFrame, figures: Figures) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`findings` and `asides` of a batch from all that was found in it (`found_schema`).

    `figures`: what stands in a few of the tables. Nothing is lost: every row of `all_findings` is in one of the two,
    with its id. A finding keeps its id, its sentence (followed by what it stands for) and its cells, and is as severe
    as the gravest of those that it stands for.
    """
    all_findings = all_findings.reset_index(drop=True)
    quiet = idle(all_findings)
    merged, changed = _related(all_findings, returns, figures, quiet.tolist())
    apart = quiet | all_findings.index.isin(list(merged))
    findings = all_findings[~apart].assign(**{name: column[~apart] for name, column in changed.items()})
    changed.clear()
    parents = all_findings["finding_id"].iloc[list(merged.values())].tolist()
    of = pd.Series(dict(zip(merged, parents, strict=True)), dtype=object)
    asides = all_findings[apart].assign(of=of.reindex(all_findings.index[apart]))
    return typed(findings.reset_index(drop=True), findings_schema), typed(asides, asides_schema)


def _related(
    all_findings: pd.DataFrame, returns: pd.DataFrame, figures: Figures, quiet: list[bool]
) -> tuple[dict[int, int], dict[str, pd.Series[Any]]]:
    """Row → the row that says it, and the columns of `all_findings` that say something else by that."""
    read = _as_objects(all_findings)
    said = (
        together(read, returns), waiting(read), in_yuan(read), text_figures(read, figures), missing_table(read),
        typed_over(read),
    )  # fmt: skip
    merged = rooted(chain.from_iterable(said))
    behind = {row: merged.get(parent, parent) for row, parent in rooted(following(read)).items() if row not in merged}
    return merged, _spoken(all_findings, read, _children(merged), behind, quiet)


def _as_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as plain objects: it is gone through many times, and texts of Arrow are slow one by one."""
    return pd.DataFrame({name: _objects(frame[name]) for name in frame.columns}, index=frame.index)


def _objects(column: pd.Series[Any]) -> pd.Series[Any]:
    if not is_text(column):
        return column.astype(object)
    return pd.Series(texts(column, np.nan), index=column.index, dtype=object)


def _spoken(
    all_findings: pd.DataFrame,
    read: pd.DataFrame,
    children: dict[int, list[int]],
    behind: dict[int, int],
    quiet: list[bool],
) -> dict[str, pd.Series[Any]]:
    """The columns of `all_findings` with what its rows say of those that they stand for, and of those that they follow
    from.

    `read`: the same as plain objects.
    """
    asked = sorted({*children, *chain.from_iterable(children.values()), *behind, *behind.values()})
    rows: dict[int, Any] = dict(zip(asked, read.iloc[asked].itertuples(index=False), strict=True))
    # Lists, for a column of texts is written anew with every cell that is set in it.
    columns: dict[str, list[Any]] = {name: read[name].tolist() for name in _CHANGED}
    for parent, mine in children.items():
        root, others = rows[parent], [rows[child] for child in mine]
        asking = [root.severity, *(rows[child].severity for child in mine if not quiet[child])]
        cells = [root.related_cells, *(cell_at(root, other) for other in others if isinstance(other.cell, str))]
        words = (finding.explanation for finding in (root, *others))
        columns["severity"][parent] = min(asking, key=SEVERITIES.index)
        columns["message"][parent] = root.message + beside(root, others)
        columns["related_cells"][parent] = _joined(cells)
        columns["explanation"][parent] = next((text for text in words if isinstance(text, str)), None)
    for row, parent in behind.items():
        columns["cause"][row] = follows(rows[row], rows[parent])
    return {
        name: pd.Series(column, index=all_findings.index, dtype=all_findings[name].dtype)
        for name, column in columns.items()
    }


def _children(merged: dict[int, int]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for row, parent in merged.items():
        children[parent].append(row)
    return {parent: sorted(rows) for parent, rows in children.items()}


def _joined(cells: list[object]) -> str | None:
    texts = [text for cell in cells if isinstance(cell, str) for text in cell.split(BETWEEN)]
    return BETWEEN.join(dict.fromkeys(texts)) or None
