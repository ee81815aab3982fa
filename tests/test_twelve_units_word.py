"""The round of twelve units, half of them sending Word documents: run, 退回, mend, run, final, as with workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest

from gouji.finished import read_finished
from gouji.ingest.read import read_workbook
from gouji.samples.generating.arithmetic import base_results
from gouji.templates.addresses import cell_position
from tests.documents import in_word
from tests.test_twelve_units import DONE, FIRST, PASSED, RUN, UNITS, WHY, County, of
from tests.twelve_units import AGAIN, TOTAL, first_returns, honest, recipient, send

IN_WORD = ("right", "wrong", "asked", "twice", "year", "late")
_OF_WORKBOOKS = ["T-03", "T-12", "T-13", "T-14"]
"""Only a workbook has numbers beside texts that look like them, formulas, entry rules."""
_TOLD = ["unit", "form", "instance", "item", "rule", "verdict", "severity", "stated", "expected"]


def into_word(folder: Path) -> None:
    """Every workbook of these units becomes a document of the same name."""
    for path in sorted(folder.glob("*.xlsx")):
        if any(UNITS[key] in path.name for key in IN_WORD):
            path.with_suffix(".docx").write_bytes(in_word(path.read_bytes(), path.name))
            path.unlink()


def found(county: County) -> set[tuple[Any, ...]]:
    """What is found in units' tables, wherever it stands."""
    findings = county.results.findings
    told = findings[findings["severity"].ne("表样问题") & ~findings["rule"].isin(_OF_WORKBOOKS)][_TOLD].astype(object)
    told.loc[told["rule"].eq("R-04"), "item"] = ""  # of what hash the versions are
    return set(told.where(told.notna(), "").itertuples(index=False, name=None))


def place(county: County, key: str, rule: str) -> tuple[int, int, int]:
    """Table, row and column, each from 0, of a document's faulty cell."""
    findings = county.results.findings
    row = findings[(findings["unit"] == UNITS[key]) & (findings["rule"] == rule)].iloc[0]
    return int(row["sheet"].removeprefix("第").removesuffix("个表")) - 1, *cell_position(row["cell"])


def mend(copy: Path, to: Path, cells: Mapping[tuple[int, int, int], str], words: Mapping[str, str]) -> None:
    """A copy that was given back, with these texts in its cells and these 说明 (rule → text) on its first page."""
    document = docx.Document(str(copy))
    front, *tables = document.tables
    for (table, row, column), text in cells.items():
        tables[table].cell(row, column).text = text
    heads = [cell.text for cell in front.rows[0].cells]
    for line in front.rows[1:]:
        if (said := words.get(line.cells[heads.index("规则")].text)) is not None:
            line.cells[heads.index("单位说明")].text = said
    document.save(str(to))


@pytest.fixture
def counties(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[County, County]:
    """One in which all send workbooks, one in which half send documents."""
    made = []
    for name in ("甲县", "乙县"):
        (tmp_path / name).mkdir()
        made.append(County(tmp_path / name, monkeypatch))
    return made[0], made[1]


@pytest.mark.deep
def test_a_round_with_half_its_units_in_word(counties: tuple[County, County], monkeypatch: pytest.MonkeyPatch) -> None:
    books, words = counties
    for county in counties:
        monkeypatch.chdir(county.folder)
        first_returns(county.received)
        if county is words:
            into_word(county.received)
        assert county.call(*RUN) == 1
        assert county.states() == FIRST
    assert len(list(words.received.glob("*.docx"))) == 6
    assert found(words) == found(books)
    suffix = {True: "docx", False: "xlsx"}
    assert words.copies() == {
        UNITS[key]: [
            f"{recipient(key).unit_code}_{UNITS[key]}_{2020 if key == 'year' else 2021}.{suffix[key in IN_WORD]}"
        ]
        for key in ("wrong", "asked", "bare", "year", "yuan")
    }
    _letters_alike(books, words)
    _front_alike(words)
    _answered(words)


def _letters_alike(books: County, words: County) -> None:
    """The same units get a letter that names the same figures and asks the same."""
    first, second = books.letters(), words.letters()
    assert set(first) == set(second)
    for unit, said in of(
        wrong="4.46万元\n3.96万元", asked="需要核实说明的问题3处", year="表上是2020年度", bare="相差 0.5万元",
        late="催报2021年度", missing="基础数据表1张；自评表1张", yuan="按元填列",
    ).items():  # fmt: skip
        assert said in first[unit] and said in second[unit], unit
    assert f"“{AGAIN.replace('xlsx', 'docx')}”。请说明以哪一份为准" in second[UNITS["twice"]]


def _front_alike(words: County) -> None:
    """The first page of a document names what was found of it, and its comments are at the cells."""
    document = docx.Document(str(words.copy("wrong")))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    (line,) = (row for row in rows if "G-01" in row)
    assert line[4:6] == ["4.46万元", "3.96万元"]
    assert sum("三公经费" in comment.text for comment in document.comments) == 1


def _answered(county: County) -> None:
    """Mended and explained documents, the right year, a late return: each is taken in the place of the first."""
    inbox, right = county.received, base_results(honest("wrong").base)[TOTAL]
    assert isinstance(right, Decimal)
    mend(county.copy("wrong"), inbox / "改好.docx", {place(county, "wrong", "G-01"): str(right)}, {})
    mend(county.copy("asked"), inbox / "说明.docx", {}, {"Y-02": WHY})
    for key in ("year", "yuan", "late"):
        send(inbox, key, name=f"新报{UNITS[key]}.xlsx")
    into_word(inbox)
    county.adopt(AGAIN.replace("xlsx", "docx"))
    question = county.id_of("asked", "Y-02")
    assert county.call(*RUN, day="2022-04-05") == 1
    answered = of(wrong=PASSED, asked="待审 / 通过", late=PASSED, twice=PASSED, year=PASSED, yuan="待选 / 待选")
    assert county.states() == FIRST | answered
    explained = county.results.findings.set_index("finding_id").loc[question]
    assert (explained["file"], explained["explanation"]) == ("说明.docx", WHY)
    assert county.became()[UNITS["wrong"], "G-01"] == "已修改"
    county.decide({"asked": "说明采纳", "bare": "规则误判"})
    county.adopt(f"新报{UNITS['yuan']}.xlsx")
    assert county.call(*RUN, day="2022-04-06") == 1
    assert county.copies() == {}
    assert county.call("final") == 1  # of a document there is no 公开版, which is told
    assert len(read_finished(county.folder / "定稿")) == 11
    assert county.call(*RUN, day="2022-04-07") == 1
    states = county.states()
    assert {states[UNITS[key]] for key in IN_WORD} == {f"{DONE} / {DONE}"}
    for path in (county.folder / "定稿").rglob("*.docx"):
        assert read_workbook(path.read_bytes(), path.name).sheets
