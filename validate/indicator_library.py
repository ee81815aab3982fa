"""Indicators of the units held against the bureau's 指标库: wording, unit, direction. One 提示 per list and table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
from rapidfuzz import fuzz, process

from gouji.ingest.figures.measures import Measure, parse_measure
from gouji.templates.block_items import ListSpec
from gouji.templates.indicator_library import IndicatorLibrary, LibraryIndicator, indicator_key
from gouji.templates.units import spelling
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.wide import Lines, Wide

CODE = "T-36"
_LIKE = 60
"""Likeness (0 … 100) from which an indicator of the library is worth naming."""
_NAMED = 5
_OPPOSITE = {"≥": "≤", ">": "≤", "≤": "≥", "<": "≥"}
"""Sign of a target → the direction of the library that contradicts it."""


def library_findings(wide: Wide, library: IndicatorLibrary) -> Iterator[Finding]:
    """What the lists of indicators of these returns have otherwise than the library."""
    for list_id, lines in wide.lists.items():
        spec = wide.form.lists[list_id]
        target = next((name for name, item in spec.columns.items() if item.kind == "measure" and not item.actual), None)
        if target is None or spec.personal or not len(lines.line):
            continue
        frame = _compared(spec, lines, target, library)
        said = frame[frame["words"] != ""]
        rows = list(wide.returns.itertuples(index=False))
        for owner, mine in said.groupby("owner", sort=True):
            words = mine["words"].tolist()
            more = f"等 {len(words)} 项" if len(words) > _NAMED else ""
            yield common(
                CODE, Origin.of(rows[int(str(owner))]), item=list_id, cell=mine["cell"].iloc[0], count=len(words),
                detail="；".join(words[:_NAMED]) + more,
                related_cells="；".join(cell for cell in mine["cell"] if isinstance(cell, str)) or None,
            )  # fmt: skip


def _compared(spec: ListSpec, lines: Lines, target: str, library: IndicatorLibrary) -> pd.DataFrame:
    """One row per named line: `owner`, `cell` of its target, `words`: what differs, "" where nothing does."""
    columns = lines.columns
    frame = pd.DataFrame(
        {
            "owner": lines.owner,
            "name": columns.raw_of(spec.name_column),
            "target": columns.raw_of(target),
            "cell": columns.cell[:, columns.place[target]],
        }
    )
    frame = frame[frame["name"].notna()].fillna({"target": ""}).astype({"name": str, "target": str})
    keys = {name: indicator_key(name) for name in frame["name"].unique()}
    frame = frame.assign(key=frame["name"].map(keys))
    frame = frame[frame["key"] != ""]
    targets = {text: parse_measure(text) for text in frame["target"].unique()}
    near = _nearest(sorted(set(frame["key"]) - library.by_key.keys()), library)
    # A batch has few different lines: each is worded once.
    worded = {
        (key, name, text): _words(name, library.by_key.get(key, ()), targets[text], near.get(key, ""))
        for key, name, text in frame[["key", "name", "target"]].drop_duplicates().itertuples(index=False)
    }
    triples = zip(frame["key"], frame["name"], frame["target"], strict=True)
    return frame.assign(words=[worded[triple] for triple in triples])


def _nearest(unknown: Sequence[str], library: IndicatorLibrary) -> dict[str, str]:
    """Name → the name of the library that is most like it, where one is like enough."""
    known = list(library.by_key)
    matches = ((key, process.extractOne(key, known, scorer=fuzz.ratio, score_cutoff=_LIKE)) for key in unknown)
    return {key: library.by_key[best[0]][0].name for key, best in matches if best is not None}


def _words(name: str, known: Sequence[LibraryIndicator], target: Measure, near: str) -> str:
    """What a line has otherwise than the rows of the library with its name; "" where nothing."""
    if not known:
        return f"指标库没有“{name}”" + (f"（相近的有“{near}”）" if near else "")
    differences = [words for words in (_unit_words(known, target), _direction_words(known, target)) if words]
    return f"“{name}”{'，'.join(differences)}" if differences else ""


def _unit_words(known: Sequence[LibraryIndicator], target: Measure) -> str:
    """The unit differs from those of all rows; a target without a figure or without a unit has none to compare."""
    units = [row.unit for row in known if row.unit]
    if target.number is None or not target.unit or len(units) < len(known):
        return ""
    same = {spelling(unit) for unit in units}
    return "" if spelling(target.unit) in same else f"的计量单位是“{target.unit}”，与指标库的“{units[0]}”不同"


def _direction_words(known: Sequence[LibraryIndicator], target: Measure) -> str:
    """A limit on the side that no row allows: 负向 with ≥."""
    sign = target.sign or target.direction
    contradicted = [row for row in known if row.sign and row.sign == _OPPOSITE.get(sign)]
    return f"是{contradicted[0].direction}指标，指标值却是“{target.text}”" if len(contradicted) == len(known) else ""
