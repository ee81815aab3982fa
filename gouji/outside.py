"""Outside checks say how far they reached: in run.json, on the screen, and in 汇总.xlsx (版本与依据)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gouji.export.stored import Stored
from gouji.ingest.beside.previous import Previous
from gouji.ingest.register.batch import Batch, Register
from gouji.ingest.roster import Roster
from gouji.templates.catalogue import Catalogue
from gouji.templates.verdicts import UNCHECKED
from gouji.validate.findings import Finding
from gouji.validate.lookup import Reference
from gouji.validate.outside import LAST_YEAR, Coverage, bureau_findings, previous_coverage, reference_coverage
from gouji.validate.units import Units

_SHOWN = 10


@dataclass(frozen=True)
class Outside:
    """What was given from outside: what is wrong with it, and how far it reaches."""

    findings: Sequence[Finding]
    coverages: Sequence[Coverage]


def outside(
    registered: Register, catalogue: Catalogue, roster: Roster | None, last_year: tuple[Previous, Previous] | None,
    bureau: tuple[Batch, Reference] | None,
) -> Outside:  # fmt: skip
    """`last_year`: results as they were and under this year's units; `bureau`: its table, read and framed."""
    units = Units(registered.returns, roster)
    coverages: list[Coverage] = []
    findings: list[Finding] = []
    if last_year is not None:
        coverages.append(previous_coverage(*last_year, registered.returns, units, catalogue))
    if bureau is not None:
        coverages.append(reference_coverage(*bureau, registered.returns, units, catalogue))
        findings += bureau_findings(bureau[0], units, catalogue)
    return Outside(findings, coverages)


def coverage_statement(coverages: Sequence[Coverage], verdicts: Stored) -> list[dict[str, Any]]:
    """Per source: units, those it lacks, its lines that match nobody, and rule → how often it could not be made."""
    every, unmade = Counter[str](), Counter[str]()
    for rows in verdicts.batches(["rule", "verdict"]) if coverages else ():
        every.update(rows["rule"])
        unmade.update(rows["rule"][rows["verdict"] == UNCHECKED])
    return [
        {
            "source": coverage.source,
            "units": coverage.units,
            "reached": coverage.units - len(coverage.lacks),
            "lacking": list(coverage.lacks),
            "unmatched": list(coverage.strangers),
            "checks": sum(every[rule] for rule in coverage.rules),
            "unmade": (lacking := {rule: unmade[rule] for rule in sorted(coverage.rules) if unmade[rule]}),
            "words": _words(coverage, sum(every[rule] for rule in coverage.rules), lacking),
        }
        for coverage in coverages
    ]


def _words(coverage: Coverage, checks: int, unmade: Mapping[str, int]) -> str:
    """The same in a sentence."""
    parts = [f"本次{coverage.units}个单位中对上{coverage.units - len(coverage.lacks)}个"]
    if coverage.lacks:
        parts.append(f"没有对上、因此没有核对的是{_several(coverage.lacks)}")
    if coverage.strangers:
        lines = "个单位" if coverage.source == LAST_YEAR else "行"
        parts.append(
            f"有{len(coverage.strangers)}{lines}在本次收到的表和名册里都找不到：{_several(coverage.strangers)}"
        )
    if unmade:
        rules = "、".join(f"{rule} {count}次" for rule, count in unmade.items())
        parts.append(f"应核对{checks}次，其中缺数没有核对的{sum(unmade.values())}次（{rules}）")
    else:
        parts.append(f"共核对{checks}次")
    return "；".join(parts)


def _several(names: Sequence[str]) -> str:
    return "、".join(names[:_SHOWN]) + (f"等{len(names)}个" if len(names) > _SHOWN else "")
