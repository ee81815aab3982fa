"""False alarms on honest returns in every habit of typing, with 0 to 6 decimals.

By hand: `python -m tests.measure_honest [UNITS] [SEED]`; a unit has 15 to 21 tables of all forms, issued and pasted.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.pipeline import run
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.tables import UnitReturn
from tests.oracle.returns import YEAR, honest_of, paste


@dataclass(frozen=True)
class Alarms:
    """`grave`: 强制性·不符 by rule, with one sentence of each; `others`: 核实性·不符 by rule."""

    tables: int
    grave: Counter[str]
    others: Counter[str]
    sentences: dict[str, str]


def write_roster(units: list[UnitReturn], path: Path) -> None:
    """The units and their projects."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.writer(file)
        written.writerow(["单位编码", "单位名称", "项目编码", "项目名称"])
        for whose in (unit.recipient for unit in units):
            written.writerows([whose.unit_code, whose.unit, project.code, project.name] for project in whose.projects)


def measure(folder: Path, count: int, seed: str, *, issued: bool, forms: str = "all") -> Alarms:
    """What a run says of so many honest units."""
    returned = folder / "报送"
    returned.mkdir(parents=True)
    units = [honest_of(seed, number, forms=forms, issued=issued) for number in range(count)]
    for unit in units:
        deliver(unit, returned) if issued else paste(unit, returned)
    write_roster(units, folder / "名册.csv")
    results = run([returned], roster_path=folder / "名册.csv", year=YEAR)
    wrong = results.findings[results.findings["verdict"] == "不符"]
    grave, others = (wrong[wrong["severity"] == severity] for severity in ("强制性", "核实性"))
    places = grave["sheet"].fillna("") + "!" + grave["cell"].fillna("")
    sentences = dict(zip(grave["rule"], grave["unit"].fillna("") + places + grave["message"], strict=True))
    return Alarms(len(results.returns), Counter(grave["rule"]), Counter(others["rule"]), sentences)


def main() -> None:
    """The command line."""
    count, seed = [*sys.argv[1:], *("20", "1")[len(sys.argv) - 1 :]]
    for issued in (True, False):
        with TemporaryDirectory() as folder:
            measured = measure(Path(folder), int(count), seed, issued=issued)
        print(f"{'issued' if issued else 'pasted'}: {measured.tables} tables, 强制性·不符 {dict(measured.grave)}")
        print(f"  核实性·不符 {dict(measured.others)}")
        for rule, sentence in measured.sentences.items():
            print(f"  {rule} {sentence[:200]}")


if __name__ == "__main__":
    main()
