"""Whether pip-audit looked at everything that is pinned: `python -m tests.audited REPORT.json constraints.txt`.

It ends well for a package that it could not look up, and for an empty list.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

_SEPARATORS = re.compile(r"[-_.]+")


def unaudited(report: dict[str, Any], constraints: str) -> list[str]:
    """Every pinned package that the report does not judge at its version, with the reason."""
    judged = {_name(package["name"]): package for package in report.get("dependencies", [])}
    pinned = [line.split("==") for line in constraints.splitlines() if "==" in line]
    lacking = []
    for name, version in pinned:
        package = judged.get(_name(name), {"skip_reason": "not in the report"})
        if "skip_reason" in package:
            lacking.append(f"{name}=={version}: {package['skip_reason']}")
        elif package.get("version") != version.strip():
            lacking.append(f"{name}=={version}: the report is on {package.get('version')}")
    return lacking or ([] if pinned else ["nothing is pinned"])


def _name(name: str) -> str:
    """As package indexes compare names (PEP 503)."""
    return _SEPARATORS.sub("-", name.strip()).lower()


def main(arguments: list[str]) -> int:
    """Prints what was not looked at and the faults that were found; 1 where there is any of the first."""
    try:
        report = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        lacking = unaudited(report, Path(arguments[1]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"pip-audit left no report: {error}", file=sys.stderr)
        return 1
    for package in report["dependencies"]:
        for fault in package.get("vulns", []):
            print(
                f"{package['name']} {package['version']}: {fault['id']}, "
                f"fixed in {', '.join(fault['fix_versions']) or '-'}"
            )
    for line in lacking:
        print(f"not audited: {line}", file=sys.stderr)
    print(f"{len(report['dependencies'])} packages, {len(lacking)} not audited")
    return int(bool(lacking))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
