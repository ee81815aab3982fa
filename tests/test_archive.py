"""A round in one archive, run again out of it; what was tampered with is told and nothing of it is read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from gouji.archiving.compare import compared
from gouji.archiving.manifest import MANIFEST, ArchiveError, require_safe
from gouji.archiving.pack import archive_place, pack
from gouji.archiving.replay import Replayed, replay
from gouji.cli import main
from gouji.commands.issue import issue_all
from gouji.ingest.limits import Limits
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.catalogue import built_in
from gouji.workers.here import Here
from tests.hostile.names import NOT_UTF8

pytestmark = pytest.mark.in_turn("archive")
HOSTILE = "=换\n行\x01\x1b[31m.xlsx"
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round with faults, a hostile file name, a file that is no table and an empty one; archived."""
    place = tmp_path_factory.mktemp("round")
    generate(place, 4, 0.75, 5)
    received = place / WORKBOOKS
    first = min(received.glob("*.xlsx"))
    first.rename(received / HOSTILE)
    (received / "说明.txt").write_text("不是表", encoding="utf-8")
    (received / "空.xlsx").write_bytes(b"")
    (received / os.fsdecode(NOT_UTF8)).write_bytes(b"no table either")
    limits = Limits(members=3000)
    run(
        [received], place / "结果", roster_path=place / ROSTER, year=2021, limits=limits, personal=True,
        only=["汇总"],
    )  # fmt: skip
    pack(place / "结果", archive_place(place / "结果"), built_in())
    return place


def again(archive: Path) -> Replayed:
    return replay(archive, None, Here(), Silent())


def remade(archive: Path, to: Path, change: Callable[[Members], None]) -> Path:
    """The archive with its members changed, the manifest as it was unless it is changed too."""
    with zipfile.ZipFile(archive) as held:
        members = {name: held.read(name) for name in held.namelist()}
    change(members)
    with zipfile.ZipFile(to, "w") as target:
        for name, content in members.items():
            target.writestr(zipfile.ZipInfo(name), content)
    return to


def restated(members: Members, name: str, content: bytes) -> None:
    """A member forged together with the manifest's word for it."""
    members[name] = content
    manifest = json.loads(members[MANIFEST])
    for member in manifest["members"]:
        if member["name"] == name:
            member |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    members[MANIFEST] = json.dumps(manifest).encode()


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """The round in a place of its own, with run.json naming the files there."""
    shutil.copytree(made, tmp_path / "批")
    path = tmp_path / "批" / "结果" / "run.json"
    path.write_text(path.read_text(encoding="utf-8").replace(str(made), str(tmp_path / "批")), encoding="utf-8")
    return tmp_path / "批"


def test_a_round_comes_out_of_its_archive_as_it_was(made: Path) -> None:
    replayed = again(made / "结果-归档.zip")
    assert replayed.equal, [str(difference) for difference in replayed.differences]
    rows = {difference.name: difference.rows for difference in replayed.differences}
    assert rows.pop("decisions") == 0 and "asides" in rows
    del rows["asides"]
    assert rows.keys() == {"returns", "values", "verdicts", "findings", "scores", "totals"} and all(rows.values())
    assert replayed.forms == [] and replayed.program and replayed.year == 2021
    assert replayed.aside == ["空.xlsx"]


def test_the_archive_holds_what_a_replay_needs(made: Path) -> None:
    with zipfile.ZipFile(made / "结果-归档.zip") as held:
        manifest, names = json.loads(held.read(MANIFEST)), set(held.namelist())
        for member in manifest["members"]:
            assert hashlib.sha256(held.read(member["name"])).hexdigest() == member["sha256"]
        stated = json.loads(held.read("结果/run.json"))
    assert names == {member["name"] for member in manifest["members"]} | {MANIFEST}
    for wanted in ("规则/rules.md", "结果/汇总.xlsx", "结果/findings.csv", "结果/data/values.parquet", "版本.txt"):
        assert wanted in names
    assert any(name.startswith("表样定义/") for name in names)
    originals = {original["file"]: original for original in manifest["originals"]}
    assert originals[HOSTILE]["member"] == f"原件/{originals[HOSTILE]['sha256']}.xlsx"
    assert originals["空.xlsx"]["member"] == ""
    assert originals[NOT_UTF8.decode("utf-8", "backslashreplace")]["member"]
    assert [entry["role"] for entry in manifest["given"]] == ["roster"]
    assert stated["parameters"]["personal"] is True and stated["parameters"]["limits"]["members"] == 3000


def test_equal_rounds_are_equal_bytes(made: Path, tmp_path: Path) -> None:
    packed = pack(made / "结果", tmp_path / "再来.zip", built_in())
    assert packed.path.read_bytes() == (made / "结果-归档.zip").read_bytes()
    assert packed.sha256 == hashlib.sha256(packed.path.read_bytes()).hexdigest()
    pack(made / "结果", tmp_path / "再来.zip", built_in())  # the same again is no other archive
    (tmp_path / "再来.zip").write_bytes(b"another round")
    with pytest.raises(FileExistsError):
        pack(made / "结果", tmp_path / "再来.zip", built_in())
    assert (tmp_path / "再来.zip").read_bytes() == b"another round"
    assert [path.name for path in tmp_path.iterdir()] == ["再来.zip"]


def test_a_changed_and_a_missing_original_are_named(copy: Path, tmp_path: Path) -> None:
    whole, second = sorted((copy / WORKBOOKS).glob("4*.xlsx"))[:2]
    whole.write_bytes(whole.read_bytes() + b"x")
    second.unlink()
    to = tmp_path / "归档.zip"
    with pytest.raises(ArchiveError) as said:
        pack(copy / "结果", to, built_in())
    assert f"{whole.name}：内容有变化" in str(said.value) and f"{second.name}：找不到" in str(said.value)
    assert not to.exists()
    packed = pack(copy / "结果", to, built_in(), incomplete=True)
    assert {absent.name for absent in packed.manifest.absent} == {whole.name, second.name}
    replayed = again(to)
    assert {whole.name, second.name} <= set(replayed.aside)
    assert next(difference for difference in replayed.differences if difference.name == "totals").equal


def test_changed_results_are_named_but_the_workbook_may_be_written_in(copy: Path, tmp_path: Path) -> None:
    (copy / "结果" / "汇总.xlsx").write_bytes(b"with decisions")
    packed = pack(copy / "结果", tmp_path / "归档.zip", built_in())
    assert packed.manifest.changed == ["汇总.xlsx"]
    (copy / "结果" / "data" / "scores.parquet").unlink()
    with pytest.raises(ArchiveError, match=r"scores\.parquet：找不到"):
        pack(copy / "结果", tmp_path / "归档二.zip", built_in())
    pack(copy / "结果", tmp_path / "归档二.zip", built_in(), incomplete=True)
    assert not again(tmp_path / "归档二.zip").equal


def test_a_run_of_an_older_version_is_said(copy: Path, tmp_path: Path) -> None:
    path = copy / "结果" / "run.json"
    stated = json.loads(path.read_text(encoding="utf-8"))
    del stated["parameters"]
    path.write_text(json.dumps(stated), encoding="utf-8")
    with pytest.raises(ArchiveError, match="再运行一次"):
        pack(copy / "结果", tmp_path / "归档.zip", built_in())


def test_last_years_results_and_the_reference_go_with_the_round(made: Path, tmp_path: Path) -> None:
    generate(tmp_path, 2, 0.0, 5, year=2022)
    roster = tmp_path / ROSTER
    issue_all(["部门决算参照表"], roster, 2022, tmp_path / "参照", evidence=False)
    reference = next((tmp_path / "参照").glob("*.xlsx"))
    run(
        [tmp_path / WORKBOOKS], tmp_path / "结果", roster_path=roster, previous_path=made / "结果",
        reference_path=reference,
    )  # fmt: skip
    rules = pd.read_parquet(tmp_path / "结果" / "data" / "verdicts.parquet")["rule"]
    assert rules.eq("Y-01").any() and rules.str.startswith("X-R").any()
    packed = pack(tmp_path / "结果", tmp_path / "归档.zip", built_in())
    assert [entry.role for entry in packed.manifest.given] == ["roster", "reference", "previous", "previous"]
    for gone in (roster, reference, *(tmp_path / WORKBOOKS).iterdir()):
        gone.unlink()
    replayed = again(packed.path)
    assert replayed.equal, [str(difference) for difference in replayed.differences]


# ---- tampering ----


def first(members: Members, folder: str) -> str:
    return min(name for name in members if name.startswith(folder))


def test_a_changed_member_is_named(made: Path, tmp_path: Path) -> None:
    changed: list[str] = []

    def change(members: Members) -> None:
        changed.append(first(members, "原件/"))
        members[changed[0]] += b"x"

    with pytest.raises(ArchiveError, match="校验值不符") as said:
        again(remade(made / "结果-归档.zip", tmp_path / "改.zip", change))
    assert changed[0] in str(said.value)


def test_an_original_exchanged_with_its_hash_is_told(made: Path, tmp_path: Path) -> None:
    def change(members: Members) -> None:
        restated(members, first(members, "原件/"), b"another workbook")

    with pytest.raises(ArchiveError, match="对不上"):
        again(remade(made / "结果-归档.zip", tmp_path / "改.zip", change))


def test_results_exchanged_with_their_hash_are_told(made: Path, tmp_path: Path) -> None:
    def change(members: Members) -> None:
        restated(members, "结果/data/totals.parquet", members["结果/data/scores.parquet"])

    with pytest.raises(ArchiveError, match=r"totals\.parquet"):
        again(remade(made / "结果-归档.zip", tmp_path / "改.zip", change))


def test_a_member_that_is_listed_and_not_there_is_named(made: Path, tmp_path: Path) -> None:
    def change(members: Members) -> None:
        del members["规则/rules.md"]

    with pytest.raises(ArchiveError, match=r"没有的成员 1 个.*\n  规则/rules.md"):
        again(remade(made / "结果-归档.zip", tmp_path / "改.zip", change))


def test_a_member_that_is_not_listed_is_named(made: Path, tmp_path: Path) -> None:
    def change(members: Members) -> None:
        members["原件/more.xlsx"] = b"more"

    with pytest.raises(ArchiveError, match=r"原件/more\.xlsx"):
        again(remade(made / "结果-归档.zip", tmp_path / "改.zip", change))


@pytest.mark.parametrize(
    "name", ["../外面.txt", "/外面.txt", "原件/../../外面.txt", "C:/外面.txt", "原件\\..\\外面.txt", "con"]
)
def test_no_name_leads_outside(made: Path, tmp_path: Path, name: str) -> None:
    def change(members: Members) -> None:
        members[name] = b"outside"
        manifest = json.loads(members[MANIFEST])
        manifest["members"].append({"name": name, "sha256": hashlib.sha256(b"outside").hexdigest(), "size": 7})
        members[MANIFEST] = json.dumps(manifest).encode()

    with pytest.raises(ArchiveError, match="不安全"):
        again(remade(made / "结果-归档.zip", tmp_path / "改.zip", change))
    assert not list(tmp_path.rglob("外面.txt"))


def test_names_that_fall_together_are_refused() -> None:
    with pytest.raises(ArchiveError, match="重名"):
        require_safe(["原件/a.xlsx", "原件/A.xlsx"])


def test_a_member_is_never_larger_than_stated(made: Path, tmp_path: Path) -> None:
    def change(members: Members) -> None:
        manifest = json.loads(members[MANIFEST])
        manifest["members"][0]["size"] -= 1
        members[MANIFEST] = json.dumps(manifest).encode()

    with pytest.raises(ArchiveError, match="校验值不符"):
        again(remade(made / "结果-归档.zip", tmp_path / "改.zip", change))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut short"])
def test_what_is_no_archive_ends_with_2(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "坏.zip").write_bytes(content)
    monkeypatch.setattr("sys.argv", ["gouji", "replay", str(tmp_path / "坏.zip")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2 and "不是归档文件" in capsys.readouterr().err


def test_an_archive_cut_short_is_told(made: Path, tmp_path: Path) -> None:
    whole = (made / "结果-归档.zip").read_bytes()
    last = [info for info in zipfile.ZipFile(made / "结果-归档.zip").infolist() if info.filename.endswith(".xlsx")][-1]
    behind_a_workbook = last.header_offset + last.compress_size + 100  # whose own end of a zip is the last one there
    for length in (len(whole) // 2, behind_a_workbook, len(whole) - 30, 100):
        (tmp_path / "短.zip").write_bytes(whole[:length])
        with pytest.raises(ArchiveError, match="损坏"):
            again(tmp_path / "短.zip")


# ---- comparing ----


def test_differences_are_counted_and_named(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "结果", tmp_path / "另")
    path = tmp_path / "另" / "data" / "findings.parquet"
    findings = pd.read_parquet(path)
    changed, gone = findings["finding_id"].iloc[0], findings["finding_id"].iloc[1]
    findings.loc[0, "message"] = "别的话"
    findings.drop(index=1).to_parquet(path)
    path = tmp_path / "另" / "data" / "values.parquet"
    values = pd.read_parquet(path)
    row = values["value"].notna().idxmax()
    values.loc[row, "value"] += 1e-9
    values.to_parquet(path)
    differences = {difference.name: difference for difference in compared(made / "结果", tmp_path / "另")}
    assert (differences["findings"].gone, differences["findings"].new, differences["findings"].changed) == (
        [gone],
        [],
        [changed],
    )
    assert differences["findings"].columns == ["message"] and gone in str(differences["findings"])
    assert differences["values"].changed == [f"{values['return_id'][row]}／{values['item'][row]}"]
    assert [name for name, difference in differences.items() if difference.equal] == [
        "returns",
        "verdicts",
        "asides",
        "scores",
        "totals",
        "decisions",
    ]


# ---- the commands ----


def test_other_definitions_are_told_and_used(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive's own definition has lost its first rule: the verdicts on it, and no others, are gone."""
    name = "部门整体支出绩效评价基础数据表/衡山县-2021"

    def change(members: Members) -> None:
        lines = members[f"表样定义/{name}.yaml"].decode().splitlines(keepends=True)
        kept = [line for line in lines if not line.strip().startswith("- {id: G-01,")]
        assert len(kept) == len(lines) - 1
        restated(members, f"表样定义/{name}.yaml", "".join(kept).encode())

    archive = remade(made / "结果-归档.zip", tmp_path / "改.zip", change)
    monkeypatch.setattr("sys.argv", ["gouji", "replay", str(archive), "--out", str(tmp_path / "重算"), "--jobs", "1"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().out
    assert ended.value.code == 1 and "结论：重算结果与归档的不同" in said
    assert f"有 1 个不同（{name}），已按归档里的定义重算" in said
    verdicts = [pd.read_parquet(place / "data" / "verdicts.parquet") for place in (made / "结果", tmp_path / "重算")]
    lost = int(verdicts[0]["rule"].eq("G-01").sum())
    assert lost and len(verdicts[1]) == len(verdicts[0]) - lost and not verdicts[1]["rule"].eq("G-01").any()
    assert f"只在归档里的 {lost} 行" in said
