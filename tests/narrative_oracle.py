"""The narratives of the published returns, worked out by hand (`tests/narrative/`), and what is taken from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from gouji.export.results import Results
from gouji.ingest.narrative.statement import COUNT, Statement
from gouji.ingest.narrative.statements import statements
from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of

FOLDER = Path(__file__).with_name("narrative")


def oracles() -> list[dict[str, Any]]:
    """One per published return."""
    return [
        YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
    ]


def read(oracle: dict[str, Any]) -> Iterator[tuple[int, Statement]]:
    """Every statement that is taken from a unit's passages, with the number of its passage from 1."""
    for number, passage in enumerate(oracle["passages"], 1):
        project = passage["of"] == "项目自评报告"
        for statement in statements(passage["text"], year=oracle["year"], project=project):
            yield number, statement


def stated(oracle: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """(passage, item, year, figure as printed) as taken."""
    kept = [(number, statement) for number, statement in read(oracle) if statement.item != COUNT]
    return Counter(
        (number, statement.name, statement.year or oracle["year"], statement.printed) for number, statement in kept
    )


def wanted(oracle: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """The same as worked out by hand."""
    return Counter(tuple(row[:4]) for row in oracle["statements"])


# ---- contradictions -----------------------------------------------------------------------------------

_TABLE_RULES = ("L-01", "L-02", "L-08", "L-10", "L-11")


def findings_of(oracle: dict[str, Any], results: Results) -> list[Finding]:
    """What is found when the passages stand beside the unit's tables, as read by a run over the published returns."""
    returns = results.returns[results.returns["unit"] == oracle["unit"]]
    values = results.values.frame().reset_index(drop=True)
    tables = Tables(wides_of(Batch(returns, values, oracle["year"]), built_in()))
    beside = {**_first(returns), "单位": _first_of_unit(returns)}
    paragraphs = [
        Paragraph(beside[passage["of"]], str(number), passage["text"])
        for number, passage in enumerate(oracle["passages"], 1)
    ]
    return [one for one in check_narrative(tables, built_in(), paragraphs) if one.item == "正文"]


def contradicted(findings: list[Finding]) -> Counter[tuple[Any, ...]]:
    """(passage, kind, figure as printed) of what was found."""
    return Counter((int(one.cell or 0), _kind(one), one.stated) for one in findings)


def contradictions(oracle: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """The same as worked out by hand."""
    return Counter((row[0], row[1], row[3]) for row in oracle["contradictions"])


def _kind(finding: Finding) -> str:
    return "文表" if finding.rule in _TABLE_RULES else "文内"


def _first(returns: pd.DataFrame) -> dict[str, str]:
    """Short name of a form → its first return."""
    found: dict[str, str] = {}
    for row in returns[returns["form"].notna()].itertuples(index=False):
        found.setdefault(built_in().form(str(row.form), str(row.edition)).definition.short, str(row.return_id))
    return found


def _first_of_unit(returns: pd.DataFrame) -> str:
    """The first return that is filled once by a unit, else the first of all."""
    forms = [built_in().form(str(row.form), str(row.edition)) for row in returns.itertuples(index=False)]
    ids = returns["return_id"].tolist()
    of_unit = [own for own, form in zip(ids, forms, strict=True) if form.definition.per == "unit" and form.narrative]
    return str((of_unit or ids)[0])
