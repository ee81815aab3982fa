"""Everything checking does with one part of a batch: wide frames, rules, completeness, projects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pandas as pd

from gouji.ingest.beside.previous import Previous
from gouji.ingest.frames import AMOUNTS_OPEN, UNIT_OPEN, typed
from gouji.ingest.register.batch import Batch
from gouji.ingest.roster import Roster
from gouji.templates.catalogue import Catalogue
from gouji.templates.indicator_library import IndicatorLibrary
from gouji.validate.check import check_rules
from gouji.validate.completeness import check_completeness
from gouji.validate.earlier import earlier_tables
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.frames import verdicts_schema
from gouji.validate.indicator_library import library_findings
from gouji.validate.lookup import Reference
from gouji.validate.money_scale import hold_back
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.projects import check_projects, says_none
from gouji.validate.records import Records
from gouji.validate.wide import Wide, widen

CHECKED = ["已收", "重复报送", AMOUNTS_OPEN, UNIT_OPEN]
"""Statuses whose tables are checked; what is empty, refused or a copy has its own finding instead."""

HELD_BACK = ["return_id", "reason"]


@dataclass
class CheckedPart:
    """The wide frames, verdicts and findings of a part. `verdicts` is valid under its schema.

    `held`: the tables that do not count because it is open in which unit their amounts are, and why.
    """

    tables: Tables
    verdicts: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    held: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=HELD_BACK))


def check_part(
    batch: Batch,
    catalogue: Catalogue,
    roster: Roster | None = None,
    *,
    previous: Previous | None = None,
    reference: Reference | None = None,
    settled: Collection[str] = (),
    no_projects: Collection[str] = (),
    library: IndicatorLibrary | None = None,
    paragraphs: Sequence[Paragraph] = (),
) -> CheckedPart:
    """All checks within the units of a part: one pandera judgement per form edition and level.

    `previous`: last year's tables of these units, under this year's codes (`validate.earlier.as_this_years`);
    `reference`: the bureau's own table; `settled`: tables (`ingest.batch.table_id`) that people said are to count.
    `no_projects`: codes of the units that say that they have none; `library`: the bureau's 指标库;
    `paragraphs`: the text beside the tables.
    """
    tables = Tables(
        wides_of(batch, catalogue),
        previous=None if previous is None else earlier_tables(previous, catalogue),
        reference=reference,
        suspended=frozenset() if roster is None else roster.suspended,
    )
    findings = hold_back(tables, settled)
    held = [wide.returns.loc[wide.returns["status"] == AMOUNTS_OPEN, HELD_BACK] for wide in tables.wides]
    verdicts = []
    codes = {str(code) for code in batch.returns["unit_code"].dropna()}
    none = {code for code in codes if says_none(code, roster, no_projects)}
    for wide in tables.wides:
        findings += check_completeness(wide, batch.year, none)
        checked = check_rules(wide, tables)
        verdicts.append(checked.verdicts)
        findings += checked.findings
        findings += [] if library is None else library_findings(wide, library)
    projects = check_projects(tables, roster, catalogue, no_projects)
    findings += projects.findings
    findings += check_narrative(tables, catalogue, paragraphs)
    every = verdicts_frame([*verdicts, *projects.verdicts])
    return CheckedPart(tables, every, findings, pd.concat([pd.DataFrame(columns=HELD_BACK), *held], ignore_index=True))


def verdicts_frame(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The `verdicts` frame from pieces that have its columns."""
    filled = [part for part in parts if not part.empty]
    return typed(pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(), verdicts_schema)


def wides_of(batch: Batch, catalogue: Catalogue) -> list[Wide]:
    """The wide frames of all tables that are checked, one per edition."""
    received = batch.returns[batch.returns["status"].isin(CHECKED) & batch.returns["form"].notna()]
    grouped = received.groupby(["form", "edition"], sort=True)
    records = Records(batch.values)
    return [widen(catalogue.form(str(form), str(edition)), rows, records) for (form, edition), rows in grouped]
