"""All that was found → the findings, one for each cause, and beside them what these say or what asks nothing."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain

import pandas as pd

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


def by_cause(found: pd.DataFrame, returns: pd.DataFrame, figures: Figures) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`findings` and `asides` of a batch from all that was found in it (`found_schema`).

    `figures`: what stands in a few of the tables. Nothing is lost: every row of `found` is in one of the two, with its
    id. A finding keeps its id, its sentence (followed by what it stands for) and its cells, and is as severe as the
    gravest of those that it stands for.
    """
    found = found.reset_index(drop=True)
    said = (
        together(found, returns), waiting(found), in_yuan(found), text_figures(found, figures), missing_table(found),
        typed_over(found),
    )  # fmt: skip
    merged = rooted(chain.from_iterable(said))
    quiet = idle(found)
    behind = {row: merged.get(parent, parent) for row, parent in rooted(following(found)).items() if row not in merged}
    apart = quiet | found.index.isin(list(merged))
    rows = dict(zip(found.index, found.itertuples(index=False), strict=True))
    told = found.copy()
    for parent, mine in _children(merged).items():
        graver = [SEVERITIES.index(rows[one].severity) for one in (*mine, parent) if not (quiet[one] and one != parent)]
        others = [rows[one] for one in mine]
        told.loc[parent, "severity"] = SEVERITIES[min(graver)]
        told.loc[parent, "message"] = rows[parent].message + beside(rows[parent], others)
        cells = [rows[parent].related_cells, *(cell_at(rows[parent], one) for one in others if pd.notna(one.cell))]
        told.loc[parent, "related_cells"] = _joined(cells)
        words = (rows[one].explanation for one in (parent, *mine))
        told.loc[parent, "explanation"] = next((one for one in words if isinstance(one, str)), None)
    for row, parent in behind.items():
        told.loc[row, "cause"] = follows(rows[row], rows[parent])
    ids = found["finding_id"]
    of = pd.Series({row: ids[parent] for row, parent in merged.items()}, dtype=object)
    asides = found[apart].assign(of=of.reindex(found.index[apart]))
    return typed(told[~apart].reset_index(drop=True), findings_schema), typed(asides, asides_schema)


def _children(merged: dict[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row, parent in merged.items():
        found[parent].append(row)
    return {parent: sorted(rows) for parent, rows in found.items()}


def _joined(cells: list[object]) -> str | None:
    texts = [text for cell in cells if isinstance(cell, str) for text in cell.split(BETWEEN)]
    return BETWEEN.join(dict.fromkeys(texts)) or None
