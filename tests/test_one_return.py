"""One return, however many files it came in: the same figures in other bytes, and tables spread over several files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gouji.ingest.read_return import FileReading, TableReading, read_return
from gouji.ingest.register.batch import Register, register
from gouji.ingest.register.same_figures import figures_digest
from gouji.ingest.values import Values
from gouji.pipeline import run
from gouji.samples.fill import pack, unpacked
from gouji.samples.generating.delivering import deliver
from gouji.templates.catalogue import built_in
from gouji.validate.receipt import receipt_findings
from tests.field.issued import YEAR, build_returned, issued_unit
from tests.frames import all_found

BASE = "部门整体支出绩效评价基础数据表"


def table(digest: str, layout: str = "issued", *, filled: bool = True) -> TableReading:
    made = TableReading("表", 1, BASE, "衡山县-2021", "unit", layout, Values(anything=filled))
    made.header_unit, made.digest = "某县财政局", digest
    return made


def received(**files: TableReading) -> Register:
    readings = [
        FileReading(name.replace("_", "."), str(number) * 64, [reading])
        for number, (name, reading) in enumerate(files.items())
    ]
    return register(readings, None, 2021)


def states_of(batch: Register) -> dict[str, tuple[str, bool]]:
    rows = batch.returns[["file", "status", "adopted"]].itertuples(index=False)
    return {str(row.file): (str(row.status), bool(row.adopted)) for row in rows}


def rules(batch: Register) -> list[tuple[str, str]]:
    return [
        (finding.rule, finding.severity)
        for finding in receipt_findings(batch.returns, batch.notes, None, 2021, built_in())
    ]


def test_equal_figures_in_other_bytes_are_one_return_and_it_is_told_which_was_used() -> None:
    batch = received(a_xls=table("1"), b_xlsx=table("1"), c_xlsx=table("1", "found"))
    assert states_of(batch) == {"a.xls": ("重复文件", False), "b.xlsx": ("已收", True), "c.xlsx": ("重复文件", False)}
    assert rules(batch) == [("R-05", "提示")] * 2
    assert "“b.xlsx”" in str(batch.returns["reason"].iloc[0])


def test_figures_that_differ_anywhere_are_for_people_to_choose_from() -> None:
    batch = received(a_xlsx=table("1"), b_xlsx=table("1"), c_xlsx=table("2"))
    assert states_of(batch) == {
        "a.xlsx": ("重复报送", False), "b.xlsx": ("重复文件", False), "c.xlsx": ("重复报送", False),
    }  # fmt: skip
    assert states_of(received(a_xlsx=table(""), b_xlsx=table("")))["a.xlsx"] == ("重复报送", False)


def test_a_blank_table_beside_the_filled_one_is_no_fault() -> None:
    batch = received(a_xlsx=table("", filled=False), b_xlsx=table("1"))
    assert states_of(batch) == {"a.xlsx": ("已替代", False), "b.xlsx": ("已收", True)}
    assert rules(batch) == []
    assert rules(received(a_xlsx=table("", filled=False))) == [("R-07", "强制性")]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"cell": ["B9", "C9", "D9"]}, True),
        ({"decimals": [4, 4, 4]}, True),
        ({"value": [1.25000000000001, None, 0.0]}, True),
        ({"state": ["filled", "filled", "blank"], "value": [1.25, None, None]}, True),
        ({"raw": ["1.25", "某 局", "0"]}, True),
        ({"value": [1.2501, None, 0.0]}, False),
        ({"raw": ["1.25", "另一句话", "0"]}, False),
        ({"value": [1.25, None, 3.9]}, False),
    ],
)
def test_what_counts_as_the_same_figures(change: dict[str, list[object]], same: bool) -> None:
    form = built_in().form(BASE, "衡山县-2021")
    text = next(item.id for item in form.items.values() if not item.is_figure and item.role is None)
    figure, computed = "公务接待.本年决算数", next(iter(form.computed))
    values = Values(
        list_id=[None] * 3, line=[None] * 3, item=[figure, text, computed], value=[1.25, None, 0.0],
        raw=["1.25", "某局", "0"], decimals=[2, None, 2], state=["filled"] * 3, cell=["F11", "B2", "F9"],
    )  # fmt: skip
    assert (figures_digest(form, values) == figures_digest(form, replace(values, **change))) is same  # type: ignore[arg-type]


@pytest.mark.in_turn("long")
def test_a_workbook_that_was_saved_again_and_the_work_of_two_offices(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    first = build_returned(folder, 0, None, None)
    parts = dict(unpacked(first))
    parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(b"Microsoft Excel", b"WPS Office")
    pack(parts, folder / "另存.xlsx")
    for office, kept in (("财务", slice(0, 1)), ("业务", slice(1, None))):
        unit = issued_unit(1)
        tables = unit.tables[kept]
        for candidate in unit.tables:
            candidate.filled = candidate in tables
        (tmp_path / office).mkdir()
        name = deliver(unit, tmp_path / office)
        (tmp_path / office / name).rename(folder / f"{office}_{name}")
    readings = [read_return(path, path.name, built_in()) for path in (first, folder / "另存.xlsx")]
    assert readings[0].sha256 != readings[1].sha256
    assert [reading.digest for reading in readings[0].tables] == [reading.digest for reading in readings[1].tables]
    units = [issued_unit(number).recipient for number in (0, 1)]
    lines = [f"{recipient.unit_code},{recipient.unit},基础数据表；评分表；自评表\n" for recipient in units]
    (tmp_path / "名册.csv").write_text("单位编码,单位名称,应报表\n" + "".join(lines), encoding="utf-8-sig")
    results = run([folder], roster_path=tmp_path / "名册.csv", year=YEAR)
    findings = all_found(results)
    assert set(findings.loc[findings["rule"].str.startswith("R-"), "rule"]) == {"R-05"}
    assert results.returns.groupby("unit")["adopted"].sum().nunique() == 1
    assert pd.Series(results.returns["status"]).isin(["已收", "重复文件", "已替代"]).all()
