"""Issued workbooks for tests to fill in: issued once by a process, whoever asks for them."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook
from gouji.templates.recipient import Recipient


@cache
def issued(recipient: Recipient, *forms: Form, year: int = 2021) -> bytes:
    """The unit's workbook with these forms."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "表.xlsx"
        issue_workbook(recipient, forms, year, path)
        return path.read_bytes()


def opened(recipient: Recipient, *forms: Form, year: int = 2021) -> openpyxl.Workbook:
    """The same in openpyxl's hands."""
    return openpyxl.load_workbook(BytesIO(issued(recipient, *forms, year=year)))
