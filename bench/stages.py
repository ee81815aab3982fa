"""What is timed: our stages, and what they are compared with, on the same files in one process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import xlsxwriter
from python_calamine import CalamineWorkbook

from export.output import write_outputs
from export.results import Results
from gouji.pipeline import examined, run
from ingest.batch import assemble
from ingest.read_return import read_return
from ingest.roster import read_roster
from templates.library import all_forms


def calamine_alone(files: Sequence[Path]) -> int:
    """(a) Every sheet read by python-calamine and nothing else; returns the number of cells."""
    cells = 0
    for file in files:
        book = CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            cells += sum(len(row) for row in rows)
    return cells


def ours(files: Sequence[Path], roster: Path) -> Results:
    """(b) Reading, checking and scoring, values in frames."""
    forms = all_forms()
    units = read_roster(roster)
    batch = assemble((read_return(file, file.name, forms) for file in files), units, 2021)
    return examined(batch, units, {})


def whole_run(folder: Path, roster: Path, out: Path) -> None:
    """(c) `gouji run` with all its outputs."""
    run([folder], out, roster_path=roster, year=2021)


def outputs(results: Results, out: Path) -> None:
    """Writing 汇总.xlsx and the data files alone."""
    write_outputs(results, out)


def xlsxwriter_alone(path: Path, texts: int, figures: int) -> None:
    """(d) As many cells of the same types written by xlsxwriter and nothing else."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    width = 20
    for cell in range(texts + figures):
        row, column = divmod(cell, width)
        if cell % (texts + figures) < texts:
            sheet.write_string(row, column, f"单位{cell % 997}")
        else:
            sheet.write_number(row, column, cell / 7)
    book.close()


def plain_pandas(files: Sequence[Path], out: Path) -> None:
    """(e) The pipeline that people write: pandas.read_excel with openpyxl, a pandera schema per file, to_excel."""
    frames = []
    for file in files:
        for name, frame in pd.read_excel(file, sheet_name=None, header=None, engine="openpyxl").items():
            schema = pa.DataFrameSchema({column: pa.Column(nullable=True) for column in frame.columns})
            frames.append(schema.validate(frame).assign(file=file.name, sheet=name))
    pd.concat(frames).to_excel(out, index=False)
