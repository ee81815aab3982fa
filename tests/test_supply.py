"""What gouji is built on: lower bounds above known faults, and an audit that cannot pass when it looked at nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.audited import unaudited

ROOT = Path(__file__).parents[1]
FIXED_IN = {
    "distributed": "2026.1.0",  # CVE-2026-23528
    "filelock": "3.20.3",  # CVE-2025-68146, CVE-2026-22701
    "jinja2": "3.1.6",  # CVE-2025-27516
    "lxml": "6.1.0",  # CVE-2026-41066
    "pyarrow": "23.0.1",  # CVE-2023-47248, CVE-2026-25087
    "pydantic": "2.4.0",  # CVE-2024-3772
}
"""Package → the version that mended its latest fault that we know of."""


def test_lower_bounds_stand_above_known_faults() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [
        *project["dependencies"],
        *(requirement for extra in project["optional-dependencies"].values() for requirement in extra),
    ]
    bounds = {requirement.name: requirement.specifier for requirement in map(Requirement, asked)}
    for name, fixed in FIXED_IN.items():
        (lowest,) = (Version(bound.version) for bound in bounds[name] if bound.operator == ">=")
        assert lowest >= Version(fixed), name


def test_what_is_pinned_lies_within_the_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M))
    versions = {name.lower(): version for name, version in pinned.items()}
    for requirement in map(Requirement, project["dependencies"]):
        assert requirement.specifier.contains(versions[requirement.name.lower()]), requirement


PINNED = "a-b==1.0\nC.d==2\n"
WHOLE = [{"name": "A_b", "version": "1.0", "vulns": []}, {"name": "c-d", "version": "2", "vulns": []}]


@pytest.mark.parametrize(
    ("dependencies", "lacking"),
    [
        (WHOLE, []),
        ([], ["a-b==1.0: not in the report", "C.d==2: not in the report"]),
        (WHOLE[:1], ["C.d==2: not in the report"]),
        ([WHOLE[0], {"name": "c-d", "skip_reason": "not found"}], ["C.d==2: not found"]),
        ([WHOLE[0], {"name": "c-d", "version": "3", "vulns": []}], ["C.d==2: the report is on 3"]),
    ],
)
def test_an_audit_that_skipped_a_package_fails(
    dependencies: list[dict[str, object]], lacking: list[str], tmp_path: Path
) -> None:
    assert unaudited({"dependencies": dependencies}, PINNED) == lacking
    (tmp_path / "pinned.txt").write_text(PINNED, encoding="utf-8")
    (tmp_path / "report.json").write_text(json.dumps({"dependencies": dependencies}), encoding="utf-8")
    command = [sys.executable, "-m", "tests.audited", str(tmp_path / "report.json"), str(tmp_path / "pinned.txt")]
    ours = os.environ | {"PYTHONPATH": str(ROOT)}  # other tests leave the current folder out of the search
    assert subprocess.run(command, check=False, env=ours, capture_output=True).returncode == bool(lacking)


def test_an_audit_of_nothing_fails() -> None:
    assert unaudited({"dependencies": []}, "# nothing\n") == ["nothing is pinned"]
