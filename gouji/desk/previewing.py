"""The issued sheet of a form as a drawing, blank or filled with an example; and the example workbook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji.commands.preview import example_name, example_recipient, write_example
from gouji.desk.drawing import Drawn, Position, drawn, with_formulas
from gouji.ingest.read import read_workbook
from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.issuing.plan import IssuedSheet

INPUT, COMPUTED = "input", "computed"
_BY_ITSELF = "自动计算"


@dataclass(frozen=True)
class Preview:
    """The sheet with its cells to fill in and its computed ones marked; `remark`: what was filled in, or why not."""

    drawn: Drawn
    remark: str


def preview(form: Form, year: int, *, filled: bool) -> Preview:
    """Issues the form to an example unit and draws the sheet. Raises OSError."""
    recipient = example_recipient(form)
    with TemporaryDirectory() as folder:
        path, remark = Path(folder, example_name(form)), ""
        if filled:
            remark = write_example(recipient, form, year, path)
        else:
            issue_workbook(recipient, [form], year, path)
        sheets = read_workbook(path.read_bytes(), path.name).sheets
    issued = issued_sheets(recipient, [form], year)[0]
    sheet = next(sheet for sheet in sheets if sheet.name == issued.name)
    return Preview(with_formulas(drawn(sheet, _marks(issued)), _BY_ITSELF), remark)


def example_workbook(form: Form, year: int) -> bytes:
    """The workbook that `gouji forms preview` writes. Raises OSError."""
    with TemporaryDirectory() as folder:
        path = Path(folder, example_name(form))
        write_example(example_recipient(form), form, year, path)
        return path.read_bytes()


def _marks(issued: IssuedSheet) -> dict[Position, str]:
    """Marks of input cells and of cells with a formula; printed cells have none."""
    form, layout = issued.form, issued.layout
    places = {place: form.items[item] for item, place in layout.positions.items()}
    for name, slots in layout.slots.items():
        spec = form.lists[name]
        for slot in slots:
            places |= {place: spec.columns[column] for column, place in slot.columns.items()}
    marks = {
        place: COMPUTED if item.id in form.computed else INPUT for place, item in places.items() if item.fixed is None
    }
    names = {slot.name: INPUT for slots in layout.slots.values() for slot in slots}
    return dict(sorted({**names, **marks}.items()))
