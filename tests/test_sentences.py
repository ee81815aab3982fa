"""The Chinese that people read, as a person has read it: a change shows up here, to be read again.

`python -m tests.test_sentences` writes the snapshots anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from gouji.export.results import Results
from gouji.pipeline import run
from gouji.samples.build import ISSUED, ROSTER, build_samples
from gouji.templates.issued import issued_sheets
from gouji.templates.recipient import Project, Recipient
from gouji.templates.selfcheck.checks import self_check
from tests.agreement import FAMILIES, YEAR, forms_of

SNAPSHOTS = Path(__file__).parent / "snapshots"


def self_check_lines() -> str:
    """Every line of the 自查 of every family of forms, spare sheets left out, and what is left to the bureau."""
    lines: list[str] = []
    for family in FAMILIES:
        sheets = issued_sheets(Recipient("1", "某单位", "", (Project("P1", "项目甲"),)), forms_of(family), YEAR)
        checked = self_check(sheets, YEAR)
        lines += [f"# {family}", ""]
        lines += [
            f"{check.sheet.name} {check.rule} {check.severity} {check.what}"
            for check in checked.checks
            if not check.sheet.spare
        ]
        lines += ["", *(f"不列 {skipped.rule} {skipped.what}（{skipped.why}）" for skipped in checked.left_out), ""]
    return "\n".join(lines)


def finding_lines(results: Results) -> str:
    """Every finding of the published returns, as filled in on the issued sheets."""
    findings = results.findings.sort_values(["unit", "form", "instance", "rule", "item"])
    rows = findings[["unit", "sheet", "cell", "rule", "severity", "message"]].astype(object).fillna("——")
    return "\n".join("\t".join(map(str, row)) for row in rows.itertuples(index=False)) + "\n"


SELF_CHECK, FINDINGS = SNAPSHOTS / "自查.txt", SNAPSHOTS / "问题.txt"


def test_sentences_of_the_self_check_are_as_read() -> None:
    assert self_check_lines() == SELF_CHECK.read_text(encoding="utf-8")


def test_sentences_of_findings_are_as_read(of_published: Callable[[str], Results]) -> None:
    assert finding_lines(of_published(ISSUED)) == FINDINGS.read_text(encoding="utf-8")


if __name__ == "__main__":
    SELF_CHECK.write_text(self_check_lines(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        build_samples(Path(folder))
        results = run([Path(folder) / ISSUED], roster_path=ROSTER)
        FINDINGS.write_text(finding_lines(results), encoding="utf-8")
