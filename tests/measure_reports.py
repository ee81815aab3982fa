"""Recall and false alarms on reports that others wrote (`tests/reports`): `python -m tests.measure_reports [-v]`.

Their writers knew neither the checker nor one another. In `planted.yaml` a mark `{!a right|wrong}` is a figure and what
it was falsified to: each report is checked with all its figures right, and with all of them wrong. The checker was
mended on them since; docs/decisions.md has what it found when nobody had seen them.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.templates.rules import quantity as q
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.lookup import Reference
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

FOLDER = Path(__file__).with_name("reports")
FORMS = {
    "WHOLE": ("部门整体支出绩效评价自评报告", "汨罗市-2018"),
    "PROJECT": ("财政支出项目绩效评价自评报告", "汨罗市-2018"),
    "OF_PROJECT": ("预算支出绩效自评表", "湖南-2020"),
}
_MARK = re.compile(r"\{!\w+ ([^|{}]*)\|([^{}]*)\}")


@dataclass(frozen=True)
class Report:
    """A report with its tables, as it stands in a file."""

    name: str
    year: int
    tables: list[dict[str, Any]]
    paragraphs: list[str]
    project: bool = False

    def honest(self) -> list[str]:
        """Its paragraphs with every figure right."""
        return [_MARK.sub(lambda mark: mark[1], text) for text in self.paragraphs]

    def falsified(self) -> list[str]:
        """Its paragraphs with every marked figure wrong."""
        return [_MARK.sub(lambda mark: mark[2], text) for text in self.paragraphs]

    def wrong(self) -> list[tuple[int, str]]:
        """Paragraph (from 1) and text of every figure that was falsified."""
        return [(place, mark[2]) for place, text in enumerate(self.paragraphs, 1) for mark in _MARK.finditer(text)]

    def findings(self, texts: list[str]) -> list[Finding]:
        """What is found in its texts beside its tables."""
        paragraphs = [Paragraph("T0", str(place), text) for place, text in enumerate(texts, 1)]
        return list(check_narrative(self._tables(), built_in(), paragraphs))

    def _tables(self) -> Tables:
        own = [table for table in self.tables if table["form"] in FORMS] or [{"form": "WHOLE", "figures": {}}]
        returns, values = [], []
        for number, table in enumerate(own):
            form = built_in().form(*FORMS[table["form"]])
            of_table = {"unit": "某局", "unit_code": "U0", "instance": table.get("project"), "return_id": f"T{number}"}
            figures = {name: _figure(value) for name, value in table["figures"].items()}
            returns.append(returns_of(form, 1, year=self.year).assign(**of_table))
            lists = [table["lists"]] if "lists" in table else ()
            values.append(values_of(form, [figures], lists).assign(return_id=f"T{number}"))
        batch = Batch(pd.concat(returns, ignore_index=True), pd.concat(values, ignore_index=True), self.year)
        references = [table["figures"] for table in self.tables if table["form"] == "REFERENCE"]
        reference = _reference(references[0], self.year) if references else None
        return Tables(wides_of(batch, built_in()), reference=reference)


def _figure(value: object) -> object:
    return Decimal(str(value)) if isinstance(value, int | float) else value


def _reference(figures: dict[str, object], year: int) -> Reference:
    columns = {name: _published(Decimal(str(value))) for name, value in figures.items()}
    cells = {name: np.array(["参照表!D9"], dtype=object) for name in columns}
    return Reference("部门决算参照表", np.array([f"U0|{year}"], dtype=object), columns, cells)


def _published(value: Decimal) -> q.Quantity:
    decimals = max(0, -int(value.as_tuple().exponent))
    return q.rounded(np.array([value], dtype=object), np.zeros(1, np.int8), np.array([decimals], np.int16))


@cache
def reports(name: str) -> list[Report]:
    """The reports of a file."""
    read = YAML(typ="safe", pure=True).load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [Report(**report) for report in read]


def missed(report: Report) -> Iterator[str]:
    """The falsified figures of a report that no finding names."""
    findings = report.findings(report.falsified())
    for place, printed in report.wrong():
        here = [one for one in findings if str(one.cell) == str(place)]
        if not any(one.stated == printed or printed in one.message for one in here) and not any(
            one.stated == printed for one in findings
        ):
            yield printed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", action="store_true", help="name what was missed and what was told of honest reports")
    shown = parser.parse_args().v
    lost, planted, alarms = 0, 0, 0
    for report in [*reports("planted"), *reports("honest")]:
        told = report.findings(report.honest())
        gone = list(missed(report))
        lost, planted, alarms = lost + len(gone), planted + len(report.wrong()), alarms + len(told)
        for text in [*gone, *(one.message for one in told)] if shown else ():
            print(f"{report.name}: {text}")
    print(f"falsified figures found: {planted - lost}/{planted}; findings in honest reports: {alarms}")


if __name__ == "__main__":
    main()
