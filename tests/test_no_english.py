"""Whatever people look at is Chinese: every text of every output and every help page against a list of what may be."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import sync_playwright
from typer.main import get_command

from gouji.cli import app, main
from gouji.commands.sample import drawn
from gouji.export.findings_list import findings_list, list_schema
from gouji.export.outputs import OUTPUTS, REPORT, SUMMARY
from gouji.export.sampling.deviation import deviations
from gouji.export.sampling.deviation_book import write_deviations
from gouji.export.sampling.workbook import write_sample
from gouji.ingest.beside.sampled import read_sampled
from gouji.pipeline import run
from gouji.results_folder import read_results
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.catalogue import built_in
from tests.test_documents import commands

ENGLISH = re.compile(r"[A-Za-z][A-Za-z]+")
NO_WORDS = re.compile(
    r"\b[0-9a-f]{8,}\b"  # hashes
    r"|\b[A-Z]{1,3}\d+\b|\b[A-Z]-[A-Z]?\d+\b"  # cells, rules
    r"|--[a-z-]+|\bgouji(?: forms| rules)? [a-z]+|[a-z_]+ = "  # options, commands, keys of 勾稽.toml
    r"|[\w./（）-]*\.(?:xlsx?|et|ods|xlsb|pdf|docx|html|csv|jsonl?|toml|yaml|zip|parquet|md)\b"
)
ALLOWED = set(
    "gouji Excel WPS Word PDF LibreOffice Dask JSON CSV TOML SHA Schema DataFrame Windows tls run true false Python "
    "pandas pandera python calamine openpyxl xlsxwriter jinja itables pygal docx xls xlsx xlsb et ods csv zip forms "
    "help CPU GB MB KB UTF".split()
)
"""Names of programs, kinds of files and commands, as Chinese texts write them."""
HEIGHT_OF_A_SCREEN = 900


def english(texts: Iterable[object]) -> set[str]:
    """The words that ought to be Chinese."""
    return {word for text in texts for word in ENGLISH.findall(NO_WORDS.sub(" ", str(text)))} - ALLOWED


def shown(path: Path) -> Iterator[object]:
    """What a workbook shows: cells, comments, hints, headers, footers, titles of charts."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        if sheet.sheet_state == "visible":
            yield sheet.title
            yield from _cells(sheet)
            for rule in sheet.data_validations.dataValidation:
                yield from (rule.promptTitle or "", rule.prompt or "", rule.errorTitle or "", rule.error or "")
            for part in (sheet.oddHeader, sheet.oddFooter):
                yield from (
                    re.sub('&[A-Z]|&"[^"]*"', "", section.text or "")
                    for section in (part.left, part.center, part.right)
                )


def _cells(sheet: Worksheet) -> Iterator[object]:
    hidden = {letter for letter, look in sheet.column_dimensions.items() if look.hidden}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None:
                yield cell.comment.text
            if isinstance(cell.value, str) and cell.data_type != "f" and cell.column_letter not in hidden:
                yield cell.value


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of few units: one sent nothing, one a picture beside its return, the others have faults."""
    place = tmp_path_factory.mktemp("chinese")
    generate(place, 6, 0.9, 11)
    first, second, *_ = sorted((place / WORKBOOKS).iterdir())
    first.unlink()
    (place / WORKBOOKS / f"{second.stem}.pdf").write_bytes(b"%PDF-1.7")
    shutil.copy(second, place / WORKBOOKS / "另存.xlsx")
    run([place / WORKBOOKS], place / "结果", roster_path=place / ROSTER, year=2021, only=tuple(OUTPUTS))
    write_sample(drawn(place / "结果", built_in(), "随机", 5, None), built_in(), place / "抽查.xlsx", {})
    filled = read_sampled(place / "抽查.xlsx").rows
    write_deviations(filled, deviations(filled), place / "偏差.xlsx")
    return place


def test_workbooks_and_letters_are_chinese(batch: Path) -> None:
    books = [batch / "结果" / SUMMARY, *sorted((batch / "结果" / "退回").rglob("*.xlsx"))]
    books += [*sorted((batch / "结果" / "底稿").iterdir()), batch / "抽查.xlsx", batch / "偏差.xlsx"]
    assert len(books) > 8
    assert not english(
        [*list_schema.columns, *findings_list(read_results(batch / "结果", built_in()))["计量单位"].dropna()]
    )
    remains = {path.name: left for path in books if (left := english(shown(path)))}
    assert not remains
    letters = sorted((batch / "结果" / "反馈意见").iterdir())
    for path in letters:
        paper = Document(str(path))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        texts = [*(line.text for line in paper.paragraphs), *cells]
        assert not english(texts), path.name
        assert not re.search("虚高|虚低|弄虚|造假", "".join(texts)), path.name
    assert {path.stem.rpartition("_")[2] for path in letters} == {"催报通知", "审核反馈意见"}


@pytest.mark.browser
def test_the_page_is_chinese(batch: Path) -> None:
    texts = """() => [document.body.innerText, ...[...document.querySelectorAll("[aria-label], [placeholder], [title]")]
      .flatMap((one) => [one.ariaLabel, one.placeholder, one.title])].filter(Boolean)"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": HEIGHT_OF_A_SCREEN})
        for part, ready in (
            ("overview", "figure"), ("problems", "#problem-table tbody td"), ("units", "#unit-table tbody td"),
            ("unit-1", "#unit-page .card"), ("about", "#about td"),
        ):  # fmt: skip
            page.goto(f"{(batch / '结果' / REPORT).as_uri()}#{part}")
            page.locator(ready).first.wait_for(state="attached")
            assert not english(page.evaluate(texts)), part
        browser.close()


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


@pytest.mark.parametrize(
    "command", ["gouji", "gouji forms", "gouji rules", *sorted(commands(get_command(app), "gouji"))]
)
def test_help_is_chinese_and_fits_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.rich_utils.MAX_WIDTH", 80)
    monkeypatch.setattr("sys.argv", [*command.split(), "--help"])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr().out
    below = {name for command_line in commands(get_command(app), "gouji") for name in command_line.split()}
    assert said and not (english(re.sub(r" -h\b", "", said).split("\n")) - below), command
    assert max(map(width, said.splitlines())) <= 80
    assert not re.search(r"…\s*│$", said, re.MULTILINE)


def test_the_list_would_find_what_was_left() -> None:
    assert english(["All", "parameters", "2026-01-01 10:00 UTC", "returned", "用法：gouji run [OPTIONS]", "TEXT"]) == {
        "All", "parameters", "UTC", "returned", "OPTIONS", "TEXT",
    }  # fmt: skip
    assert not english(["评分表!AB12 与 G-01、A-S3", "gouji issue 加 --evidence", "结果/汇总.xlsx", "439932afbfdc"])
