"""Who may replace whose: a mended copy takes places table by table, for its own unit, with our proof."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gouji.ingest.locating.recognise import Unrecognised
from gouji.ingest.read_return import FileReading, TableReading
from gouji.ingest.register.batch import Register, register
from gouji.ingest.register.return_row import table_id
from gouji.ingest.roster import Roster
from gouji.ingest.values import Values
from gouji.round_keys import round_keys
from gouji.templates.returned import Proof, Record, read_record, record_rows
from tests.test_identity import FINANCE, PROJECT, TOWN, findings, roster, table

__all__ = ["roster"]
KEY, OTHER = "1" * 64, "2" * 64
SCORES = "部门整体支出绩效评价指标评分表"
A, M1, M2 = "a" * 64, "b" * 64, "c" * 64


def file(
    name: str, sha256: str, *tables: TableReading, of: Sequence[Proof] = (), sources: Sequence[str] = ()
) -> FileReading:
    """A file that was read, made of the tables `of` (or naming `sources` without more)."""
    named = sources or list(dict.fromkeys(proof.source for proof in of))
    return FileReading(name, sha256, list(tables), mends=list(named), proofs=list(of))


def proof(source: str, sheet: str, unit: str = FINANCE, code: str = "301", key: str = KEY) -> Proof:
    made = Proof(source, f"{sheet}#1", code, unit)
    return replace(made, seal=made.sealed(key))


def base(unit: str = FINANCE, typed: str = "", **attributes: object) -> TableReading:
    return table(unit, typed or unit, sheet="基础", **attributes)


def scores(unit: str = FINANCE, **attributes: object) -> TableReading:
    return table(unit, unit, form=SCORES, sheet="评分", **attributes)


def blank(reading: TableReading) -> TableReading:
    reading.values = Values()
    return reading


def batch_of(roster: Roster, *files: FileReading, decided: dict[str, str] | None = None) -> Register:
    return register(list(files), roster, 2021, decided, [OTHER, KEY])


def standing(batch: Register) -> dict[tuple[str, str], str]:
    rows = batch.returns[["file", "sheet", "status"]].astype(object).fillna("")
    return {(row.file, row.sheet): row.status for row in rows.itertuples(index=False)}


def messages_of(batch: Register, roster: Roster) -> list[tuple[str, str]]:
    return [(finding.severity, finding.message) for finding in findings(batch, roster) if finding.rule == "R-17"]


BOTH = (proof(A, "基础"), proof(A, "评分"))


def test_only_the_tables_that_it_holds_are_replaced(roster: Roster) -> None:
    batch = batch_of(roster, file("a.xlsx", A, base(), scores()), file("m.xlsx", M1, base(), of=BOTH))
    assert standing(batch) == {("a.xlsx", "基础"): "已替代", ("a.xlsx", "评分"): "已收", ("m.xlsx", "基础"): "已收"}
    ((severity, words),) = messages_of(batch, roster)
    assert severity == "提示" and f"没有“{SCORES}”，原来报的仍然有效" in words
    whole = batch_of(roster, file("a.xlsx", A, base(), scores()), file("m.xlsx", M1, base(), scores(), of=BOTH))
    assert (list(whole.returns["status"]), messages_of(whole, roster)) == (["已替代"] * 2 + ["已收"] * 2, [])


def test_an_emptied_table_replaces_nothing_and_is_told(roster: Roster) -> None:
    batch = batch_of(roster, file("a.xlsx", A, base(), scores()), file("m.xlsx", M1, base(), blank(scores()), of=BOTH))
    assert (standing(batch)["a.xlsx", "评分"], standing(batch)["a.xlsx", "基础"]) == ("已收", "已替代")
    ((severity, words),) = messages_of(batch, roster)
    assert severity == "核实性" and "现在是空白的，没有替代" in words and "“a.xlsx”（评分）" in words


@pytest.mark.parametrize(
    "of",
    [
        [proof(A, "基础", key="3" * 64)],
        [replace(proof(A, "基础"), unit=TOWN)],
        [replace(proof(A, "评分"), table="基础#1")],
        [replace(proof(M2, "基础"), source=A)],
        [replace(proof(A, "基础"), seal="")],
    ],
)
def test_a_record_that_we_did_not_write_replaces_nothing(roster: Roster, of: list[Proof]) -> None:
    """Another key, another unit, another table, another file, none at all."""
    batch = batch_of(roster, file("a.xlsx", A, base()), file("m.xlsx", M1, base(), of=of))
    assert list(batch.returns["status"]) == ["重复报送"] * 2
    ((severity, words),) = messages_of(batch, roster)
    assert severity == "核实性" and "不是发出退回文件时写的" in words and "“a.xlsx”" in words
    (adopted,) = (row for row in batch.returns.itertuples(index=False) if row.file == "m.xlsx")
    settled = batch_of(
        roster, file("a.xlsx", A, base()), file("m.xlsx", M1, base(), of=of),
        decided={table_id(adopted.sha256, adopted.return_id): "是"},
    )  # fmt: skip
    assert (list(settled.returns["status"]), messages_of(settled, roster)) == (["已替代", "已收"], [])


def test_a_record_copied_to_another_units_file_replaces_nothing(roster: Roster) -> None:
    batch = batch_of(roster, file("a.xlsx", A, base()), file("m.xlsx", M1, base(TOWN), of=[proof(A, "基础")]))
    assert list(batch.returns["status"]) == ["已收"] * 2
    ((_, words),) = messages_of(batch, roster)
    assert f"那里的表是“{FINANCE}”的，这里的是“{TOWN}”的" in words


def test_a_table_headed_with_a_name_does_not_cancel_that_units_file(roster: Roster) -> None:
    """The record names the other unit's file, and a table of that name was pasted beneath."""
    copy = file(
        "m.xlsx", M1, base(TOWN), table("", FINANCE, form=SCORES, sheet="另"), of=[proof(M2, "基础", TOWN, "401")],
        sources=[M2, A],
    )  # fmt: skip
    batch = batch_of(roster, file("a.xlsx", A, base(), scores()), copy)
    assert standing(batch)["a.xlsx", "基础"] == "已收"
    assert (standing(batch)["a.xlsx", "评分"], standing(batch)["m.xlsx", "另"]) == ("重复报送", "重复报送")
    assert [words for _, words in messages_of(batch, roster) if "“a.xlsx”" in words]


@pytest.mark.parametrize("typed", ["", "某某公司"])
def test_a_file_of_no_known_unit_is_replaced_by_nothing(roster: Roster, typed: str) -> None:
    nobody = table("", typed, sheet="基础")
    batch = batch_of(roster, file("a.xlsx", A, nobody), file("m.xlsx", M1, base(), of=[proof(A, "基础", typed, "")]))
    assert list(batch.returns["status"]) == ["已收"] * 2
    assert len(messages_of(batch, roster)) == 1
    known = next(row for row in batch.returns.itertuples(index=False) if row.file == "a.xlsx")
    said = batch_of(
        roster, file("a.xlsx", A, nobody), file("m.xlsx", M1, base(), of=[proof(A, "基础", "", "")]),
        decided={table_id(A, known.return_id): FINANCE},
    )  # fmt: skip
    assert (list(said.returns["status"]), messages_of(said, roster)) == (["已替代", "已收"], [])


def test_a_name_on_the_copy_that_the_roster_does_not_have_is_told(roster: Roster) -> None:
    copy = file("m.xlsx", M1, base(typed="某县某某公司"), of=[proof(A, "基础")])
    batch = batch_of(roster, file("a.xlsx", A, base()), copy)
    assert (list(batch.returns["status"]), len(messages_of(batch, roster))) == (["重复报送"] * 2, 1)


def test_the_latest_round_takes_the_places_of_all_before(roster: Roster) -> None:
    first, second = file("a.xlsx", A, base()), file("b.xlsx", M1, base(), of=[proof(A, "基础")])
    last = file("c.xlsx", M2, base(), of=[proof(M1, "基础"), proof(A, "基础")])
    for files in ([first, second, last], [last, second, first]):
        batch = batch_of(roster, *files)
        assert standing(batch) == {
            ("a.xlsx", "基础"): "已替代",
            ("b.xlsx", "基础"): "已替代",
            ("c.xlsx", "基础"): "已收",
        }
        assert messages_of(batch, roster) == []


def test_an_older_copy_is_told_and_replaces_nothing(roster: Roster) -> None:
    """The copy of the first round, mended once more, after that of the second has come."""
    late = file("d.xlsx", "d" * 64, base(digest="x"), of=[proof(A, "基础")])
    last = file("c.xlsx", M2, base(digest="y"), of=[proof(M1, "基础"), proof(A, "基础")])
    batch = batch_of(roster, file("a.xlsx", A, base()), late, last)
    assert standing(batch) == {
        ("a.xlsx", "基础"): "已替代", ("d.xlsx", "基础"): "重复报送", ("c.xlsx", "基础"): "重复报送",
    }  # fmt: skip
    ((severity, words),) = messages_of(batch, roster)
    assert severity == "核实性" and "已由更晚一轮的“c.xlsx”替代，这一份较旧" in words


def test_what_a_later_copy_dropped_stays_with_the_copy_before(roster: Roster) -> None:
    second = file("b.xlsx", M1, base(), scores(), of=BOTH)
    last = file("c.xlsx", M2, base(), of=[proof(M1, "基础"), proof(M1, "评分"), *BOTH])
    batch = batch_of(roster, file("a.xlsx", A, base(), scores()), second, last)
    counting = {place for place, status in standing(batch).items() if status == "已收"}
    assert counting == {("b.xlsx", "评分"), ("c.xlsx", "基础")}


def test_projects_are_replaced_on_their_sheets_and_by_their_names(roster: Roster) -> None:
    def project(sheet: str, name: str) -> TableReading:
        return table(FINANCE, FINANCE, form=PROJECT, sheet=sheet, identity_instance=name)

    before = file("a.xlsx", A, project("一", "桥"), project("二", "路"), project("三", "渠"))
    after = file("m.xlsx", M1, project("一", "桥梁"), project("另", "路"), of=[proof(A, sheet) for sheet in "一二三"])
    batch = batch_of(roster, before, after)
    assert [standing(batch)["a.xlsx", sheet] for sheet in "一二三"] == ["已替代", "已替代", "已收"]


def test_a_sheet_that_was_no_table_goes_with_its_file(roster: Roster) -> None:
    odd = Unrecognised("评分", 1, (0, 9), 12, 0, f"{SCORES}@衡山县-2021", 0.9, ["x"])
    before = replace(file("a.xlsx", A, base()), unrecognised=[odd])
    batch = batch_of(roster, before, file("m.xlsx", M1, base(), scores(), of=BOTH))
    assert standing(batch)["a.xlsx", "评分"] == "已替代"
    other = batch_of(roster, before, file("m.xlsx", M1, base(TOWN), scores(TOWN), of=BOTH))
    assert standing(other)["a.xlsx", "评分"] == "未识别"


def test_a_file_that_was_not_read_is_never_replaced(roster: Roster) -> None:
    unread = FileReading("a.xlsx", A, refused="文件已加密")
    batch = batch_of(roster, unread, file("m.xlsx", M1, base(), of=[proof(A, "基础")]))
    assert standing(batch)["a.xlsx", ""] == "无法读取"


def test_nothing_more_is_asked_about_what_was_replaced(roster: Roster) -> None:
    stranger, code = "某某公司", "999"
    before = base(stranger, identity_code=code, formulas_told=False, hidden=["A1"])
    batch = batch_of(
        roster, file("a.xlsx", A, before),
        file("m.xlsx", M1, base(stranger, identity_code=code), of=[proof(A, "基础", stranger, code)]),
    )  # fmt: skip
    assert list(batch.returns["status"]) == ["已替代", "已收"]
    assert {finding.file for finding in findings(batch, roster) if finding.file} == {"m.xlsx"}


def test_replaced_tables_are_no_receipt(roster: Roster) -> None:
    batch = batch_of(roster, file("a.xlsx", A, base()), file("m.xlsx", M1, base(), of=[proof(A, "基础")]))
    batch.returns.loc[batch.returns["file"] == "m.xlsx", "unit_code"] = "402"
    assert FINANCE in {finding.unit for finding in findings(batch, roster) if finding.rule == "R-03"}


# ---- the record and its key ----------------------------------------------------------------------


def test_a_record_is_read_as_it_was_written() -> None:
    record = Record(3, (M1, A), fills={"FF000000": "<fill/>"}, proofs=(proof(M1, "基 础"), proof(A, "二", code="0012")))
    again = read_record([list(row) for row in record_rows(record)])
    assert again == record
    assert all(
        proof_read.holds([OTHER, KEY]) and not proof_read.holds([OTHER]) and not proof_read.holds([])
        for proof_read in again.proofs
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    yield tmp_path / "home"


def test_the_key_is_the_users_and_goes_along_with_the_results(home: Path, tmp_path: Path) -> None:
    (mine,) = round_keys([None])
    assert round_keys([tmp_path]) == [mine]
    key = home / "gouji" / "round.key"
    assert stat.S_IMODE(key.stat().st_mode) & 0o077 == 0
    (tmp_path / "run.json").write_text(json.dumps({"keys": [mine, "x", OTHER]}), encoding="utf-8")
    key.unlink()
    there = round_keys([tmp_path])
    assert (there[0] != mine, there[1:]) == (True, [mine, OTHER])
    for damaged in ("", "{}", "[]", '{"keys": 3}', '{"keys": [3]}'):
        (tmp_path / "run.json").write_text(damaged, encoding="utf-8")
        assert len(round_keys([tmp_path])) == 1


def test_where_nothing_can_be_kept_the_results_keep_the_key(home: Path, tmp_path: Path) -> None:
    home.write_text("no folder", encoding="utf-8")
    first, second = round_keys([tmp_path]), round_keys([tmp_path])
    assert first != second
    (tmp_path / "run.json").write_text(json.dumps({"keys": first}), encoding="utf-8")
    assert round_keys([tmp_path]) == first
