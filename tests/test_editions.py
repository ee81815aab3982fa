"""Editions told apart: none pulls other tables to itself, none is missed by other forms, none is chosen silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gouji.ingest.locating.region import Region
from gouji.ingest.locating.which_form import Kinship, chosen, kinship, regions
from gouji.ingest.read import read_workbook
from gouji.ingest.read_return import read_return
from gouji.ingest.register.batch import register
from gouji.samples.build import PASTED
from gouji.templates.catalogue import built_in
from gouji.templates.definition import Definition
from gouji.templates.form import Form
from gouji.validate.whole_batch.alike_editions import alike_editions
from tests.field.build import build_field

OTHER = "仿县-2099"
FORMS = built_in().forms
BASE = built_in().find("基础数据表@衡山县-2021")


def twin(form: Form, label: tuple[str, str] | None = None) -> Form:
    """Another edition: the same but for its name and, where given, one printed label, which has another wording."""
    data = form.definition.model_dump(mode="json", by_alias=True, exclude_unset=True) | {"edition": OTHER}
    if label is not None:
        assert _reworded(data["blocks"], *label) == 1
    return Form(Definition.model_validate(data), form.source, form.uses)


def _reworded(part: Any, name: str, label: str) -> int:
    """Give the row of that id another label; how many there were."""
    if isinstance(part, list):
        return sum(_reworded(child, name, label) for child in part)
    if not isinstance(part, dict):
        return 0
    if part.get("id") == name:
        part["label"] = label
        return 1
    return sum(_reworded(child, name, label) for child in part.values())


@pytest.fixture(scope="module")
def kin(published: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Region, list[Kinship]]]:
    """Every region of the published returns and of the field's, with its kinship to every edition."""
    field = tmp_path_factory.mktemp("field")
    build_field(field)
    files = sorted(path for folder in (published, field) for path in folder.rglob("*.xlsx"))
    books = [read_workbook(path.read_bytes(), path.name) for path in files]
    sheets = [sheet for book in books for sheet in book.sheets if sheet.rows and not sheet.name.startswith("_")]
    all_regions = [region for sheet in sheets for region in regions(sheet, FORMS, 0)]
    return [(region, kinship(region, FORMS)) for region in all_regions]


def taken(kin: list[Kinship]) -> Form | None:
    best, _ = chosen(sorted(kin, key=lambda candidate: candidate.rank, reverse=True))
    return None if best is None else best.form


@pytest.mark.in_turn("long")
def test_without_its_edition_a_table_goes_to_no_other_form_and_others_stay(
    kin: list[tuple[Region, list[Kinship]]],
) -> None:
    assert sum(taken(candidates) is not None for _, candidates in kin) > 50
    for form in FORMS:
        for _, candidates in kin:
            before, after = (
                taken(candidates),
                taken([candidate for candidate in candidates if candidate.form is not form]),
            )
            if before is form:
                assert after is None or after.name == form.name
            else:
                assert after is before


def test_another_edition_pulls_no_table_to_itself(kin: list[tuple[Region, list[Kinship]]]) -> None:
    for form in FORMS:
        other = twin(form)
        for region, candidates in kin:
            best, alike = chosen(
                sorted([*candidates, *kinship(region, [other])], key=lambda candidate: candidate.rank, reverse=True)
            )
            before = taken(candidates)
            assert (None if best is None else best.form) is before
            assert alike == ([other] if before is form else [])


@pytest.fixture(scope="module")
def pasted(published: Path) -> Path:
    return next(path for path in sorted((published / PASTED).iterdir()) if _holds(path))


def _holds(path: Path) -> bool:
    return BASE.key in {
        f"{table.form}@{table.edition}" for table in read_return(path, path.name, built_in(), forms=FORMS).tables
    }


def test_editions_that_nothing_tells_apart_are_told_to_the_bureau(pasted: Path) -> None:
    registered = register([read_return(pasted, pasted.name, built_in(), forms=[*FORMS, twin(BASE)])], None, 2021)
    (finding,) = alike_editions(registered.returns, registered.notes, 2021)
    assert (finding.rule, finding.severity, finding.form, finding.edition) == (
        "W-05",
        "表样问题",
        BASE.name,
        BASE.edition,
    )
    assert finding.unit is None and finding.file is None
    assert f"有 1 张表，“{BASE.edition}”和“{OTHER}”几个版本" in finding.message


@pytest.mark.parametrize("label", ["在册人员总数", "某某其他经费支出"])
def test_one_label_of_its_own_is_enough_to_tell_them_apart(pasted: Path, label: str) -> None:
    other = twin(BASE, ("公务接待", label))
    for forms in ([*FORMS, other], [other, *FORMS]):
        registered = register([read_return(pasted, pasted.name, built_in(), forms=forms)], None, 2021)
        assert list(alike_editions(registered.returns, registered.notes, 2021)) == []
        assert OTHER not in set(registered.returns["edition"].dropna())
