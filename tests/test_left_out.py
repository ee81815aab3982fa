"""Adding a definition pulls no other form's returns to itself: every edition is left out once, and added again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from gouji.ingest.grid import Workbook
from gouji.ingest.locating.recognise import recognise
from gouji.ingest.read import read_workbook
from gouji.samples.pasted import build_pasted
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from tests.audit import UNITS, returns
from tests.field.build import build_field
from tests.rotation import rotated

FORMS = built_in().forms


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Published returns as pasted, and the workbooks from the field."""
    folder = tmp_path_factory.mktemp("tables")
    build_field(folder)
    return [*(build_pasted(returns(name), folder) for name in UNITS), *sorted(folder.glob("[vwx]*.xlsx"))]


def tables(files: list[Path], forms: list[Form]) -> dict[tuple[str, str], list[Form]]:
    """(file, sheet) → the forms for which its tables are taken, in their order."""
    return {
        (path.name, sheet.name): [
            located.form for located, _ in recognise(Workbook([sheet], "xlsx"), forms, built_in()).tables
        ]
        for path in files
        for sheet in read_workbook(path.read_bytes(), path.name).sheets
    }


@pytest.fixture(scope="module")
def complete(files: list[Path]) -> dict[tuple[str, str], list[Form]]:
    return tables(files, FORMS)


@pytest.mark.parametrize("left_out", rotated("left out", FORMS, 4), ids=lambda form: form.key)
def test_no_table_is_taken_for_another_form_with_or_without_an_edition(
    left_out: Form, files: list[Path], complete: dict[tuple[str, str], list[Form]]
) -> None:
    without = tables(files, [form for form in FORMS if form is not left_out])
    for place, forms in complete.items():
        assert [form.key for form in without[place] if form.name != left_out.name] == [
            form.key for form in forms if form.name != left_out.name
        ]
        # What was an edition's own is another edition's of the same form, or nothing that is known.
        kept = [form.key for form in forms if form.name == left_out.name and form is not left_out]
        assert not Counter(kept) - Counter(form.key for form in without[place])
