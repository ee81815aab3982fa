"""docs/forms.md is true: its example is what the program gives, its tables hold what there is and nothing else."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

import openpyxl
import pytest

import gouji.templates.definition as definition
from gouji.ingest.drafting.draft import draft_of
from gouji.ingest.read import read_workbook
from gouji.samples.fill import Entry, Number, Result, fill_workbook
from gouji.templates.catalogue import Catalogue
from gouji.templates.layer import INSTALLED
from gouji.templates.model import Kind, Layer, Role, Severity
from gouji.templates.rules.expand import AMOUNT_COLUMNS, ROWS
from gouji.templates.rules.parse import _COMPARISONS, _SIGNS, FUNCTIONS
from gouji.templates.scores_block import ScoringRule
from tests import test_definitions, test_definitions_scoring
from tests.test_commands import gouji

GUIDE = (Path(__file__).parents[1] / "docs" / "forms.md").read_text(encoding="utf-8")
FORM, EDITION = "专项资金使用情况表", "示例县-2023"


def marked(mark: str) -> str:
    """What stands below a mark, up to the next blank line behind a table or the end of a code block."""
    assert GUIDE.count(f"<!-- {mark} -->") == 1, mark
    below = GUIDE.split(f"<!-- {mark} -->")[1].lstrip("\n")
    if below.startswith("```"):
        return below.split("\n", 1)[1].split("```")[0]
    return below.split("\n\n")[0]


def table(mark: str) -> list[list[str]]:
    """The rows of a table, without its head."""
    rows = [line.strip("|").split("|") for line in marked(mark).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def first_column(mark: str) -> list[str]:
    return [row[0].strip("`") for row in table(mark)]


# ---- the keys -----------------------------------------------------------------------------------


def models() -> Iterator[tuple[str, list[str]]]:
    """Every model of a definition and the keys that it has beyond those of the model that it extends."""
    for name, model in vars(definition).items():
        if inspect.isclass(model) and issubclass(model, definition.Model) and model is not definition.Model:
            (parent,) = model.__bases__
            inherited = getattr(parent, "model_fields", {})
            keys = [field.alias or key for key, field in model.model_fields.items() if key not in inherited]
            yield name, keys


@pytest.mark.parametrize(("name", "keys"), [*models()])
def test_every_key_of_a_definition_is_explained_and_no_other(name: str, keys: list[str]) -> None:
    assert first_column(f"keys: {name}") == keys
    assert all(row[1] for row in table(f"keys: {name}"))


def test_the_keys_that_must_be_there_are_marked() -> None:
    for name, keys in models():
        fields = {field.alias or key: field for key, field in getattr(definition, name).model_fields.items()}
        required = {row[0].strip("`"): row[2] == "—" for row in table(f"keys: {name}")}
        assert required == {key: fields[key].is_required() for key in keys}, name


@pytest.mark.parametrize(("mark", "values"), [("Kind", Kind), ("Role", Role), ("Severity", Severity), ("Layer", Layer)])
def test_every_word_that_a_key_may_take_is_explained(mark: str, values: object) -> None:
    assert first_column(f"values: {mark}") == list(get_args(values))


def test_every_scoring_rule_is_explained() -> None:
    rules = get_args(get_args(ScoringRule)[0])
    assert first_column("values: rules") == [get_args(rule.model_fields["kind"].annotation)[0] for rule in rules]


def test_every_block_is_named() -> None:
    line = next(line for line in GUIDE.splitlines() if "<!-- blocks -->" in line)
    tags = re.findall(r"`(\w+)`", line.split("<!-- blocks -->")[1])
    union = get_args(definition.Block)[0]
    assert tags == [get_args(part)[1].tag for part in get_args(union)]


# ---- the rule language --------------------------------------------------------------------------


def test_every_sign_is_in_the_table() -> None:
    rows = [[re.findall(r"`([^`]+)`", cell) for cell in (row[0], row[-1])] for row in table("signs")]
    plain = [sign for row in rows for sign in row[0]]
    also = [sign for row in rows for sign in row[1]]
    assert sorted(also) == sorted(_SIGNS)
    spelt = {"=": "=", "≠": "!=", "≤": "<=", "≥": ">=", "<": "<", ">": ">"}
    assert {spelt[sign] for sign in _COMPARISONS.values()} <= set(plain)
    assert set(_SIGNS.values()) <= set(plain)


def test_every_function_is_in_the_table() -> None:
    assert sorted(name.split("(")[0] for name in first_column("functions")) == sorted(FUNCTIONS)


def test_what_a_rule_may_be_repeated_over_is_in_the_table() -> None:
    assert first_column("each")[:2] == [AMOUNT_COLUMNS, ROWS]


# ---- the messages -------------------------------------------------------------------------------


@pytest.mark.parametrize("message", first_column("messages"))
def test_every_message_is_one_that_the_author_of_a_wrong_definition_reads(message: str) -> None:
    wrong = {**test_definitions.WRONG, **test_definitions.WRONG_SCORES, **test_definitions_scoring.WRONG}
    assert any(message in case[-1] for case in wrong.values())


# ---- the example --------------------------------------------------------------------------------


def blank_form(path: Path) -> Path:
    """The sheet that the page shows as a table."""
    section = GUIDE.split("### The blank sheet")[1].split("### The draft")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")][2:]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "使用情况表"
    for row, cells in enumerate(rows, 1):
        for column, text in enumerate(cells, 1):
            if text.strip():
                sheet.cell(row, column).value = text.strip()
    assert "B3:D3, B11:E11 and\nD12:E12" in section
    for area in ("A1:E1", "A2:E2", "B3:D3", "B11:E11", "D12:E12"):
        sheet.merge_cells(area)
    sheet.column_dimensions["A"].width = 24.6
    book.save(path)
    return path


@pytest.fixture
def own_forms(tmp_path: Path) -> Path:
    """A folder of the bureau's own forms that holds the example."""
    folder = tmp_path / "表样"
    (folder / FORM).mkdir(parents=True)
    (folder / FORM / f"{EDITION}.yaml").write_text(marked("example: definition"), encoding="utf-8")
    return folder


def test_the_draft_of_the_example_is_the_one_shown(tmp_path: Path) -> None:
    path = blank_form(tmp_path / "空表.xlsx")
    assert (
        draft_of(read_workbook(path.read_bytes(), path.name), path.name).text().rstrip()
        == marked("example: draft").rstrip()
    )


def test_the_example_is_linted_issued_filled_and_checked_as_shown(
    own_forms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, screen, _ = gouji(capsys, "forms", "check", own_forms)
    assert (status, f"{FORM}@{EDITION}" in screen) == (0, False)
    assert "共 1 个版本，定义错误 0 处" in screen
    roster = tmp_path / "名册.csv"
    roster.write_text("单位编码,单位名称\n001,示例县某局\n", encoding="utf-8-sig")
    asked = ["使用情况表", "--units", roster, "--year", "2023", "--out", tmp_path / "下发", "--forms", own_forms]
    assert gouji(capsys, "issue", *asked)[0] == 0
    path = tmp_path / "下发" / "001_示例县某局_2023.xlsx"
    sheet = openpyxl.load_workbook(path)["使用情况表"]
    # What Excel would show after the figures are typed: 合计 and 支出率 are computed there.
    figures = {
        5: (0.5, 20, 20.4, 1.02), 6: (0, 15, 12, 0.8), 7: (0, 5, 2.8, 0.56), 8: (0, 10, 8.7, 0.87),
        9: (0, None, 3.4, None), 10: (0.5, 5, 5, 1),
    }  # fmt: skip
    entries: dict[tuple[int, int], Entry] = {}
    for row, values in figures.items():
        for column, value in enumerate(values, 2):
            if value is not None:
                computed = sheet.cell(row, column).data_type == "f"
                figure = Decimal(str(value))
                entries[row - 1, column - 1] = Result(figure) if computed else Number(figure)
    fill_workbook(path, {"使用情况表": entries})
    status, out, _ = gouji(capsys, "check", path, "--year", "2023", "--json", "--forms", own_forms)
    findings = [
        [finding["cell"], finding["rule"], finding["severity"], finding["message"]]
        for finding in json.loads(out)["findings"]
    ]
    assert (status, findings) == (1, table("example: findings"))


def test_the_edition_that_differs_a_little_loads(own_forms: Path) -> None:
    section = GUIDE.split("## An edition that differs a little")[1]
    child = section.split("```yaml\n")[1].split("```")[0]
    (own_forms / FORM / "示例县-2024.yaml").write_text(child, encoding="utf-8")
    form = Catalogue.of([INSTALLED, own_forms]).form(FORM, "示例县-2024")
    assert "设备购置.本年支出数" not in form.items
    assert sorted({rule.id for rule in form.rules}) == ["U-01", "U-03", "U-04", "U-05", "U-06"]
