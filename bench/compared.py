"""What gouji is compared with: the bare reader, the bare writer, and the pipeline that people write."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.identity import IDENTITY_SHEET, read_identity
from gouji.templates.layout import Position, lay_out
from gouji.workers.tasks import Workers, in_order

_CHUNK = 16


def calamine_alone(files: Sequence[Path], workers: Workers) -> int:
    """(a) Every sheet of every file read by python-calamine and nothing else; returns the number of cells."""
    chunks = [list(files[start : start + _CHUNK]) for start in range(0, len(files), _CHUNK)]
    return sum(cells for _, cells in in_order(workers, _read_chunk, chunks) if isinstance(cells, int))


def _read_chunk(files: Sequence[Path]) -> int:
    return sum(_read(file) for file in files)


def _read(file: Path) -> int:
    try:
        with CalamineWorkbook.from_path(str(file)) as book:
            grids = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except CalamineError:  # one of the faults is a file cut short
        return 0
    return sum(len(row) for rows in grids for row in rows)


class Cells:
    """The cells of a workbook by type: what a bare writer has to write to match it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blanks = self.formulas = 0
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    xml = archive.read(name)
                    self.blanks += len(re.findall(rb'<c r="[A-Z0-9]+"(?: s="\d+")?/>', xml))
                    self.formulas += xml.count(b"<f>")

    def sheets(self) -> Iterator[list[list[Any]]]:
        """The values of each sheet."""
        with CalamineWorkbook.from_path(str(self.path)) as book:
            for name in book.sheet_names:
                yield book.get_sheet_by_name(name).to_python(skip_empty_area=True)


def write_bare(rows: Sequence[Sequence[Any]], book: xlsxwriter.Workbook) -> int:
    """(d) The texts and figures of one sheet written by xlsxwriter and nothing else; returns how many."""
    sheet, cells = book.add_worksheet(), 0
    for row_number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str) and value:
                sheet.write_string(row_number, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(row_number, place, value)
            else:
                continue
            cells += 1
    return cells


def write_bare_others(cells: Cells, book: xlsxwriter.Workbook) -> int:
    """(d) As many empty cells with a format and formulas; returns how many."""
    sheet, style = book.add_worksheet(), book.add_format({"border": 1})
    for number in range(cells.blanks):
        sheet.write_blank(number // 16, number % 16, None, style)
    sheet = book.add_worksheet()
    for number in range(cells.formulas):
        sheet.write_formula(number, 0, "=SUM(B1:B9)", None, 1)
    return cells.blanks + cells.formulas


def plain_pandas(files: Sequence[Path], out: Path) -> None:
    """(e) The pipeline that people write: pandas.read_excel with openpyxl, a pandera schema per file, to_excel."""
    frames, wrong = [], []
    for file in files:
        try:
            grids = pd.read_excel(file, sheet_name=None, header=None, engine="openpyxl")
        except zipfile.BadZipFile as error:
            wrong.append(pd.DataFrame([{"file": file.name, "error": str(error)}]))
            continue
        for name, form, places in _tables(grids):
            grid = grids[name]
            row = {item: grid.iat[position] if _inside(grid, position) else None for item, position in places.items()}
            schema = pa.DataFrameSchema({item: _column(form, item) for item in places})
            frame = pd.DataFrame([row]).astype(object)
            try:
                schema.validate(frame, lazy=True)
            except pandera.errors.SchemaErrors as error:
                wrong.append(error.failure_cases)
            frames.append(frame.assign(文件=file.name, 表=name))
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        for (form_name,), rows in pd.concat(frames).assign(表=lambda made: made["表"].str[:6]).groupby(["表"]):
            rows.to_excel(writer, sheet_name=str(form_name), index=False)


def _tables(grids: dict[Any, pd.DataFrame]) -> Iterator[tuple[str, Form, dict[str, Position]]]:
    """(sheet, form, item → where it stands) of every table that was issued in the workbook."""
    records = grids[IDENTITY_SHEET].astype(object)
    identity = read_identity(records.where(records.notna(), "").to_numpy().tolist())
    for sheet in identity.sheets if identity is not None and identity.sheets else ():
        form = built_in().form(sheet.form, sheet.edition)
        yield sheet.sheet, form, _places(form, identity.year, tuple(sorted(sheet.slots.items())))


@cache
def _places(form: Form, year: int, slots: tuple[tuple[str, int], ...]) -> dict[str, Position]:
    """Addresses as people have them in their script: worked out once."""
    return lay_out(form, year, dict(slots)).positions


def _inside(grid: pd.DataFrame, position: tuple[int, int]) -> bool:
    return position[0] < grid.shape[0] and position[1] < grid.shape[1]


def _column(form: Form, item: str) -> pa.Column:
    """A check as people write one: figures are numbers."""
    if not form.items[item].is_figure:
        return pa.Column(nullable=True)
    return pa.Column(nullable=True, checks=pa.Check(lambda column: pd.to_numeric(column, errors="coerce").notna()))
