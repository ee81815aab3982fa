"""`gouji forms preview`: an example that ties, for editions of the catalogue and for forms that gouji does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.commands.preview import write_example
from gouji.ingest.drafting.answers import Answers
from gouji.pipeline import run
from gouji.samples.example import CannotFillError, example_entries
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.form import Form
from gouji.templates.issued import issued_sheets
from gouji.templates.layer import INSTALLED
from gouji.templates.recipient import Project, Recipient
from tests.definitions import load_form
from tests.rotation import rotated
from tests.test_published_blanks import KEYS, RIGHT, drafted

DONE = "已填好各项核对都相符的示例数据。改动几个数，看“自查”指出什么"


def recipient(form: Form, number: int) -> Recipient:
    projects = (Project("P01", "示例项目"),) if form.definition.per == "project" else ()
    return Recipient(f"{number:03d}", f"示例{number:03d}局", "示例主管部门", projects)


def faults(forms: list[Form], catalogue: Catalogue, folder: Path) -> list[tuple[str, ...]]:
    """What is wrong with the examples of these forms, each of a unit of its own: rule, cell, words."""
    for number, form in enumerate(forms, 1):
        assert write_example(recipient(form, number), form, 2022, folder / f"{number:03d}.xlsx") == DONE, form.key
    results = run([folder], catalogue=catalogue, year=2022)
    assert sorted(results.returns["form"].dropna().unique()) == sorted({form.name for form in forms})
    assert set(results.returns["status"]) == {"已收"}
    found = results.findings[results.findings["severity"].isin(["强制性", "核实性"])]
    return list(found[["file", "rule", "cell", "message"]].itertuples(index=False, name=None))


def test_the_example_of_every_edition_has_nothing_wrong(tmp_path: Path) -> None:
    forms = [form for form in built_in().forms if form.definition.per != "bureau"]
    assert faults(forms, built_in(), tmp_path) == []


@pytest.mark.parametrize("key", rotated("examples of drafts", [*KEYS, *RIGHT], 3))
def test_the_example_of_a_drafted_form_has_nothing_wrong(key: str, tmp_path: Path) -> None:
    edition, draft = key.rpartition("@")[2], drafted(key)
    path = tmp_path / "表样" / draft.form / f"{edition}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(draft.text(Answers(edition=edition)), encoding="utf-8")
    catalogue = Catalogue.of([INSTALLED, tmp_path / "表样"])
    (tmp_path / "收到").mkdir()
    assert faults([catalogue.form(draft.form, edition)], catalogue, tmp_path / "收到") == []


def test_checks_that_contradict_one_another_are_named(tmp_path: Path) -> None:
    checks = "\n  - {id: Z-01, rule: 其他资金.全年预算数 ≥ 当年财政拨款.全年预算数 + 1, severity: 强制性}"
    checks += "\n  - {id: Z-02, rule: 当年财政拨款.全年预算数 ≥ 其他资金.全年预算数 + 1, severity: 强制性}"
    path = tmp_path / "x.yaml"
    path.write_text(
        f"form: 预算支出绩效自评表\nedition: 某县-2026\nextends: 湖南-2020\nadd:\n  checks:{checks}", "utf-8"
    )
    form = load_form(path)
    sheet = issued_sheets(recipient(form, 1), [form], 2022)[0]
    with pytest.raises(CannotFillError, match="Z-0"):
        example_entries(sheet)
