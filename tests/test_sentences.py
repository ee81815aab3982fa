"""The Chinese that people read, as a person has read it: a change shows up here, to be read again.

`python -m tests.test_sentences` writes the snapshots anew.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from gouji.pipeline import run
from samples.build import ISSUED, ROSTER, build_samples
from templates.issued import issued_sheets
from templates.recipient import Project, Recipient
from templates.selfcheck.checks import self_check
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
            f"{one.sheet.name} {one.rule} {one.severity} {one.what}" for one in checked.checks if not one.sheet.spare
        ]
        lines += ["", *(f"不列 {one.rule} {one.what}（{one.why}）" for one in checked.left_out), ""]
    return "\n".join(lines)


def finding_lines() -> str:
    """Every finding of the published returns, as filled in on the issued sheets."""
    with tempfile.TemporaryDirectory() as folder:
        build_samples(Path(folder))
        found = run([Path(folder) / ISSUED], roster_path=ROSTER).findings
    found = found.sort_values(["unit", "form", "instance", "rule", "item"])
    rows = found[["unit", "sheet", "cell", "rule", "severity", "message"]].astype(object).fillna("——")
    return "\n".join("\t".join(map(str, row)) for row in rows.itertuples(index=False)) + "\n"


SNAPSHOT = {"自查.txt": self_check_lines, "问题.txt": finding_lines}


@pytest.mark.parametrize("name", SNAPSHOT)
def test_sentences_are_as_read(name: str) -> None:
    assert SNAPSHOT[name]() == (SNAPSHOTS / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    for name, lines in SNAPSHOT.items():
        (SNAPSHOTS / name).write_text(lines(), encoding="utf-8")
