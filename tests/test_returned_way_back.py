"""退回 on its way: written by a run, mended by the unit in another program, sent back, read, and marked again."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from gouji.commands.check import check_files
from gouji.export.results import Results
from gouji.export.returned.copies import Copies
from gouji.export.returned.mark_up import Stamp
from gouji.export.returned.unmark import unmarked
from gouji.files import Source
from gouji.ingest.limits import Limits
from gouji.ingest.place import contents
from gouji.ingest.read_return import read_return
from gouji.ingest.refusal import Refused
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.returning import FAULT, Copy, GivenBack, make_copy, return_copies
from gouji.templates.catalogue import built_in
from gouji.validate.frames import findings_schema
from gouji.workers.here import Here
from gouji.workers.local import LocalWorkers
from gouji.workers.tasks import Lost, in_order
from tests.hostile.base import FORM, good, zipped
from tests.hostile.make import make_all
from tests.hostile.manifest import read_manifest
from tests.hostile.returning import Tried, try_copy
from tests.recalculation import converted, recalculated
from tests.test_returned import mark, parts

pytestmark = pytest.mark.in_turn("way back")
SHEET, FAULTY = "基础数据表", "D8"
FIRST, MENDED = "甲.xlsx", "改好的.xlsx"
EXPLAINED, REASON = "G-08", "年底接收转业人员，编制次年下达。"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one return that has text for a figure, and the results of a run over it.

    It also has more staff than 编制 (G-08) and less spent than a year ago (Y-02), which a unit may explain.
    """
    folder = tmp_path_factory.mktemp("way")
    (folder / "in").mkdir()
    members = good(1)
    for cell, instead in (
        (b"D8", b' t="inlineStr"><is><t>?</t></is>'), (b"D4", b"><v>95</v>"), (b"B22", b"><v>66.26</v>")
    ):  # fmt: skip
        pattern = rb'(<c r="' + cell + rb'" s="\d+")><v>[0-9.]+</v>'
        members[FORM], count = re.subn(pattern, rb"\g<1>" + instead, members[FORM])
        assert count == 1
    (folder / "in" / FIRST).write_bytes(zipped(members))
    run([folder / "in"], folder / "out", year=2021)
    return folder


def copy_of(folder: Path, out: str = "out", file: str = FIRST) -> Path:
    return folder / out / "退回" / "青禾县第1所" / file


def mended(folder: Path, change: Callable[[openpyxl.Workbook], None], name: str = MENDED) -> Path:
    """The copy with the fault mended and a 说明 written, as LibreOffice saves it."""
    workbook = openpyxl.load_workbook(copy_of(folder))
    workbook[SHEET][FAULTY] = 13.49
    for row in workbook["问题"].iter_rows(min_row=5):
        if row[8].value == EXPLAINED:
            row[9].value = REASON
    change(workbook)
    (folder / "work").mkdir(exist_ok=True)
    workbook.save(folder / "work" / name)
    out = folder / f"lo-{Path(name).stem}"
    return recalculated([folder / "work" / name], out)[Path(name).stem]


def test_a_run_writes_the_copies(first: Path) -> None:
    stated = json.loads((first / "out" / "run.json").read_text(encoding="utf-8"))
    assert stated["returned"] == {
        "marked": 1, "listed": 0, "copies": [{"file": FIRST, "copy": f"青禾县第1所/{FIRST}"}],
    }  # fmt: skip
    workbook = openpyxl.load_workbook(copy_of(first))
    assert workbook["问题"]["A1"].value == "青禾县第1所退回问题清单"
    assert workbook[SHEET][FAULTY].fill.fgColor.rgb.startswith("FFF8B4")


@pytest.fixture(scope="module")
def second(first: Path) -> tuple[Path, Results]:
    """The results of a run in which the mended copy came in beside the first file."""
    shutil.copyfile(mended(first, lambda workbook: None), first / "in" / MENDED)
    results = run([first / "in"], first / "out2", year=2021)
    (first / "in" / MENDED).rename(first / MENDED)
    return first, results


@pytest.mark.libreoffice
def test_a_mended_copy_takes_the_place_of_the_file_that_it_was_made_of(second: tuple[Path, Results]) -> None:
    _, results = second
    returns = results.returns.set_index("file")
    assert (returns.loc[FIRST, "status"], returns.loc[MENDED, "status"]) == ("已替代", "已收")
    assert (returns.loc[FIRST, "reason"], returns.loc[MENDED, "supersedes"]) == (f"已由“{MENDED}”替代", FIRST)
    assert list(returns["adopted"]) == [name == MENDED for name in returns.index]
    findings = results.findings[results.findings["file"].notna()]
    assert set(findings["file"]) == {MENDED}
    assert set(findings["rule"]) == {EXPLAINED, "Y-02"}


@pytest.mark.libreoffice
def test_the_explanation_arrives(second: tuple[Path, Results]) -> None:
    _, results = second
    explanations = results.findings.set_index("rule")["explanation"]
    assert explanations[EXPLAINED] == REASON
    assert explanations.drop(EXPLAINED).isna().all()


@pytest.mark.libreoffice
def test_the_marks_are_gone(second: tuple[Path, Results]) -> None:
    """The copy of the mended file is marked for what is still open, and for nothing else."""
    folder, results = second
    assert [path.name for path in (folder / "out2" / "退回").rglob("*.xlsx")] == [MENDED]
    workbook = openpyxl.load_workbook(copy_of(folder, "out2", MENDED))
    assert workbook.sheetnames == ["问题", "填报说明", SHEET, "自查", "_自查", "_gouji", "_退回"]
    commented = {cell.coordinate for row in workbook[SHEET].iter_rows() for cell in row if cell.comment}
    assert commented == set(results.findings.loc[results.findings["file"].notna(), "cell"])
    before = openpyxl.load_workbook(folder / "in" / FIRST)[SHEET][FAULTY]
    assert workbook[SHEET][FAULTY].fill.fgColor.rgb == before.fill.fgColor.rgb
    listed = {row[8].value: row[9].value for row in workbook["问题"].iter_rows(min_row=5)}
    assert listed == {EXPLAINED: REASON, "Y-02": None}


@pytest.mark.libreoffice
def test_a_copy_knows_every_file_before_it(second: tuple[Path, Results]) -> None:
    folder, _ = second
    reading = read_return(copy_of(folder, "out2", MENDED), "丙.xlsx", built_in())
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / MENDED, folder / "in" / FIRST)]
    assert (reading.mends, reading.round, len(reading.tables)) == (hashes, 3, 1)
    assert reading.unrecognised == []


@pytest.mark.libreoffice
def test_the_clean_version_has_no_mark(second: tuple[Path, Results]) -> None:
    folder, _ = second
    clean = unmarked((folder / MENDED).read_bytes())
    assert clean is not None
    assert not [name for name in parts(clean) if "comments" in name and b"<comment " in parts(clean)[name]]
    assert openpyxl.load_workbook(io.BytesIO(clean)).sheetnames == ["填报说明", SHEET, "自查", "_自查", "_gouji"]


def _without_columns(workbook: openpyxl.Workbook) -> None:
    workbook["问题"].delete_cols(11)
    workbook["问题"].delete_cols(4, 2)


def _without_sheet(workbook: openpyxl.Workbook) -> None:
    del workbook["问题"]


@pytest.mark.libreoffice
@pytest.mark.parametrize(("change", "explained"), [(_without_columns, 1), (_without_sheet, 0)])
def test_what_is_deleted_costs_the_way_back_nothing(
    first: Path, tmp_path: Path, change: Callable[[openpyxl.Workbook], None], explained: int
) -> None:
    shutil.copytree(first / "in", tmp_path / "in")
    shutil.copyfile(mended(first, change, f"{change.__name__}.xlsx"), tmp_path / "in" / MENDED)
    results = run([tmp_path / "in"], year=2021)
    assert sorted(results.returns["status"]) == ["已收", "已替代"]
    assert results.findings["explanation"].notna().sum() == explained
    assert not results.findings["rule"].eq("R-02").any()


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_saved_as_another_kind_it_is_still_known(first: Path, tmp_path: Path, kind: str) -> None:
    converted([copy_of(first)], tmp_path, kind)
    reading = read_return(tmp_path / f"甲.{kind}", f"甲.{kind}", built_in())
    assert reading.mends == [hashlib.sha256((first / "in" / FIRST).read_bytes()).hexdigest()]
    assert (reading.round, len(reading.tables), reading.unrecognised) == (2, 1, [])


@pytest.mark.libreoffice
def test_check_writes_a_marked_copy_or_a_clean_one(
    second: tuple[Path, Results], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = second
    assert check_files([folder / "in" / FIRST], 2021, tmp_path, as_json=False) == 1
    assert (tmp_path / "青禾县第1所" / FIRST).exists()
    assert "标注后的文件" in capsys.readouterr().out
    known = GivenBack(
        _returned(folder), pd.DataFrame(columns=list(findings_schema.columns)), [_mended(folder)], {MENDED: 2}
    )
    counts = return_copies(known, tmp_path / "clean", Here(), Silent(), clean=True)
    assert (counts["clean"], counts["marked"]) == (1, 0)
    clean = openpyxl.load_workbook(tmp_path / "clean" / "青禾县第1所" / MENDED)
    assert "问题" not in clean.sheetnames


def _mended(folder: Path) -> Source:
    return Source(folder / MENDED, MENDED)


def _returned(folder: Path) -> pd.DataFrame:
    return run([folder / MENDED], year=2021).returns


# ---- names ---------------------------------------------------------------------------------------


def test_no_copy_lies_over_another_or_outside() -> None:
    copies = Copies()
    asked = [
        ("1", "甲局", "a/表.xlsx"), ("1", "甲局", "b/表.xlsx"), ("1", "甲局", "b/表.XLSX"), ("2", "甲局", "表.xlsx"),
        (None, "甲局", "表.xlsx"), (None, None, "表.xls"), (None, "../../甲", "..\\..\\表.xlsm"), (None, "..", ".."),
        (None, "CON", "aux.xlsx"), (None, "長" * 200, "長" * 200 + ".xlsx"), (None, "con", "AUX.xlsx"),
    ]  # fmt: skip
    names = [copies.name(*asked_for, marked=marked) for asked_for in asked for marked in (True, False)]
    assert len({str(name).casefold() for name in names}) == len(names)
    assert all(len(name.parts) == 2 and ".." not in name.parts and name.suffix == ".xlsx" for name in names)
    assert len({name.parent.name.casefold() for name in names}) == 9
    assert all(len(part.encode()) <= 130 for name in names for part in name.parts)


# ---- files that cannot be marked -----------------------------------------------------------------


def _copies(files: dict[str, Path]) -> list[Copy]:
    made = []
    for name, path in sorted(files.items()):
        try:
            digest = hashlib.sha256(contents(path)).hexdigest()
        except Refused:
            digest = ""
        marks = [mark(SHEET, FAULTY), mark(SHEET, "D200000", "提示"), mark(SHEET, None), mark(None, None)]
        source = Source(path, name.encode("utf-8", "backslashreplace").decode())
        made.append(Copy(source, Stamp(digest), "1", "甲局", marks, False, Limits()))
    return made


@pytest.mark.deep
def test_hostile_files_end_no_worker_and_carry_nothing_on(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    files = {name: path for name, path in make_all(tmp_path).items() if path.is_file()}
    with closing(LocalWorkers(2)) as workers:
        done = {copy.source.name: tried for copy, tried in in_order(workers, try_copy, _copies(files))}
    manifest = read_manifest()
    ended = {name for name, tried in done.items() if isinstance(tried, Lost)}
    assert ended == {name for name in done if name in manifest and manifest[name].now.verdict == "已隔离"}
    tried = {name: outcome for name, outcome in done.items() if isinstance(outcome, Tried)}
    assert {name: outcome for name, outcome in tried.items() if not outcome.fit or FAULT in outcome.reason} == {}
    record_property("hostile files marked", sum(outcome.reason == "" for outcome in tried.values()))
    record_property(
        "hostile files listed", dict(Counter(outcome.reason for outcome in tried.values() if outcome.reason))
    )


def test_a_file_that_changed_meanwhile_is_not_marked(tmp_path: Path) -> None:
    (tmp_path / "甲.xlsx").write_bytes(zipped(good(1)))
    copy = _copies({"甲.xlsx": tmp_path / "甲.xlsx"})[0]
    assert make_copy(copy).reason == ""
    (tmp_path / "甲.xlsx").write_bytes(zipped(good(2)))
    made = make_copy(copy)
    assert "有改动" in made.reason
    assert make_copy(copy) == made


def test_a_file_that_cannot_be_read_comes_back_as_a_list_and_old_copies_go(tmp_path: Path) -> None:
    (tmp_path / "out" / "退回" / "旧").mkdir(parents=True)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
    results = run([tmp_path / "in"], tmp_path / "out", year=2021)
    assert [path.name for path in (tmp_path / "out" / "退回").rglob("*") if path.is_file()] == ["坏.xlsx-问题清单.xlsx"]
    sheet = openpyxl.load_workbook(tmp_path / "out" / "退回" / "单位不明" / "坏.xlsx-问题清单.xlsx").active
    assert results.findings["message"].iloc[0] in [cell.value for row in sheet.iter_rows() for cell in row]
