"""What was given from outside to compare with: whose its lines are, and how far it reaches into the batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from gouji.ingest.beside.previous import Previous
from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import Catalogue
from gouji.templates.issuing.plan import UNIT_CODES
from gouji.templates.rules.nodes import refs
from gouji.templates.rules.scope import PREVIOUS, REFERENCE
from gouji.templates.verdicts import DIFFERS
from gouji.validate.check import check_rules
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding, Origin, common
from gouji.validate.lookup import Reference
from gouji.validate.units import Units
from gouji.validate.wide import Lines, Wide, widen

LAST_YEAR = "上年结果"
_SHOWN = 20


@dataclass(frozen=True)
class Coverage:
    """How far `source` reaches.

    `units` of the batch; those of them that it `lacks`; its `strangers`, lines or units that are neither in the batch
    nor on its roster; `rules`: the ids of those that read it.
    """

    source: str
    units: int
    lacks: tuple[str, ...]
    strangers: tuple[str, ...]
    rules: frozenset[str]


def bureau_findings(batch: Batch, units: Units, catalogue: Catalogue) -> Iterator[Finding]:
    """What is wrong with the bureau's own table: its sums and bounds; lines of no unit (K-02), or of two (K-03)."""
    row = next(batch.returns.itertuples(index=False))
    # It is nobody's return: no file goes back because of it.
    origin = replace(Origin.of(row), unit=None, unit_code=None, return_id=None)
    wide = _framed(batch, catalogue)
    for finding in check_rules(wide, Tables([wide])).findings:
        if finding.verdict == DIFFERS:
            yield replace(finding, unit=None, unit_code=None, return_id=None)
    lines = _lines(wide)
    strangers = [line for line in lines if _stranger(units, line)]
    if strangers:
        yield common(
            "K-02", origin, item="单位", count=len(strangers),
            examples=_several([line.words for line in strangers]),
            cell=strangers[0].cell, related_cells="；".join(line.cell for line in strangers if line.cell) or None,
        )  # fmt: skip
    for line in lines:
        by_code, by_name = units.meant(line.code, line.name)
        if by_code is not None and by_name is not None and by_code != by_name:
            yield common(
                "K-03", origin, item=line.words, cell=line.cell, stated=line.name, expected=by_code[1], detail=line.code
            )


def reference_coverage(
    batch: Batch, reference: Reference, returns: pd.DataFrame, units: Units, catalogue: Catalogue
) -> Coverage:
    """How far the bureau's own table reaches."""
    strangers = tuple(line.words for line in _lines(_framed(batch, catalogue)) if _stranger(units, line))
    return _coverage(reference.form, set(reference.keys), returns, strangers, _reading(REFERENCE, catalogue))


def previous_coverage(
    previous: Previous, renamed: Previous, returns: pd.DataFrame, units: Units, catalogue: Catalogue
) -> Coverage:
    """How far last year's results reach; `renamed`: their tables that some rule compares, under this year's units."""
    pairs = previous.returns[["unit_code", "unit"]].drop_duplicates().itertuples(index=False)
    strangers = tuple(
        str(name if _there(name) else code) for code, name in pairs if units.meant(code, name) == (None, None)
    )
    return _coverage(LAST_YEAR, set(_keys(renamed.returns)), returns, strangers, _reading(PREVIOUS, catalogue))


def _coverage(
    source: str, keys: set[str], returns: pd.DataFrame, strangers: tuple[str, ...], rules: frozenset[str]
) -> Coverage:
    known = returns[returns["form"].notna() & (returns["unit_code"].notna() | returns["unit"].notna())]
    whose = known.assign(key=list(_keys(known)), name=known["unit"].fillna(known["unit_code"]))
    reached = whose.assign(there=whose["key"].isin(keys)).groupby("name", sort=False)["there"].any()
    return Coverage(source, len(reached), tuple(reached.index[~reached.to_numpy(dtype=bool)]), strangers, rules)


def _keys(returns: pd.DataFrame) -> Iterator[str]:
    """As `Wide.unit_key` has it."""
    year = returns["year"].astype("string").fillna("")
    for whose, of in zip(returns["unit_code"].fillna(returns["unit"]), year, strict=True):
        yield f"{whose}|{of}"


def _reading(form: str, catalogue: Catalogue) -> frozenset[str]:
    forms = (*catalogue.forms, *catalogue.supplements)
    return frozenset(
        rule.id for definition in forms for rule in definition.rules if any(ref.form == form for ref in refs(rule.node))
    )


@dataclass(frozen=True)
class _Line:
    """A line of the bureau's table: its unit, and the cell of the name."""

    code: str | None
    name: str | None
    cell: str | None

    @property
    def words(self) -> str:
        """`某县某局（002，A6）`."""
        details = "，".join(part for part in (self.code, self.cell) if part)
        return f"{self.name or ''}（{details}）"


def _framed(batch: Batch, catalogue: Catalogue) -> Wide:
    row = next(batch.returns.itertuples(index=False))
    return widen(catalogue.form(str(row.form), str(row.edition)), batch.returns, batch.values)


def _lines(wide: Wide) -> list[_Line]:
    list_id, spec = next(iter(wide.form.lists.items()))
    lines: Lines = wide.lists[list_id]
    columns = lines.columns
    names = columns.raw_of(spec.name_column)
    codes = columns.raw_of(UNIT_CODES) if UNIT_CODES in columns.place else [None] * len(names)
    cells = columns.cell[:, columns.place[spec.name_column]]
    return [_Line(_text(code), _text(name), _text(cell)) for code, name, cell in zip(codes, names, cells, strict=True)]


def _stranger(units: Units, line: _Line) -> bool:
    return units.meant(line.code, line.name) == (None, None)


def _several(words: list[str]) -> str:
    return "、".join(words[:_SHOWN]) + ("等" if len(words) > _SHOWN else "")


def _there(value: Any) -> bool:
    return value is not None and value is not pd.NA and value == value


def _text(value: Any) -> str | None:
    return str(value) if _there(value) else None
