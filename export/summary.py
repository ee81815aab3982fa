"""汇总.xlsx: the consolidated workbook that an auditor works in."""

from __future__ import annotations

from pathlib import Path

from gouji.export.book import Book, Size
from gouji.export.dated import made_at
from gouji.export.results import Results
from gouji.export.sheets.asides import write_asides
from gouji.export.sheets.chasing import write_chasing
from gouji.export.sheets.departments import write_departments
from gouji.export.sheets.findings import write_findings, write_form_faults
from gouji.export.sheets.indicators import write_indicators
from gouji.export.sheets.overview import overview_sheet, write_overview
from gouji.export.sheets.projects import write_projects
from gouji.export.sheets.received import write_files, write_received
from gouji.export.sheets.review import write_matters, write_resolved
from gouji.export.sheets.rules import write_rules
from gouji.export.sheets.scores import write_indicator_scores, write_unit_scores
from gouji.export.sheets.unit_figures import write_unit_figures
from gouji.export.sheets.versions import write_versions
from gouji.export.sheets.wordings import write_wordings
from gouji.templates.write import workbook_by_rows

_SHEETS = (
    write_findings, write_matters, write_resolved, write_form_faults, write_asides, write_wordings, write_unit_scores,
    write_indicator_scores, write_unit_figures, write_projects, write_departments, write_indicators, write_received,
    write_chasing, write_files, write_rules, write_versions,
)  # fmt: skip


def write_summary(results: Results, path: Path, size: Size | None = None) -> None:
    """Write the workbook. Equal results give equal bytes. Raises OSError when the file cannot be written."""
    with workbook_by_rows(path, made_at(results)) as workbook:
        book = Book(workbook, size or Size())
        overview = overview_sheet(book)
        for write in _SHEETS:
            write(book, results)
        # It stands first and comes last: it says on which sheets the long tables go on.
        write_overview(book, overview, results)
