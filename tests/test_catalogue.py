"""The catalogue as a value: layers upon layers, two catalogues in one process, and on its way to another one."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import shutil
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from gouji.archiving.replay import replay
from gouji.commands.archive import archive_run
from gouji.commands.catalogue import chosen_catalogue
from gouji.commands.forms import list_forms
from gouji.commands.issue import issue_all
from gouji.pipeline import run
from gouji.progress import Silent
from gouji.templates.catalogue import Catalogue, built_in
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.templates.layer import INSTALLED, Layer, installed
from gouji.workers import local
from gouji.workers.here import Here

BASE, SHEET = "部门整体支出绩效评价基础数据表", "部门整体支出绩效评价指标评分表"
PROJECT = "预算支出绩效自评表"
OWN = "衡山县-2021"
NEWER = f"extends: {OWN}\nedition: 某县-2026\n"
RENAMED = f"extends: {OWN}\nshort: 本县数据表\n"


def folder(place: Path, files: dict[str, str]) -> Path:
    """A layer in a folder."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def layered(place: Path, files: dict[str, str]) -> Catalogue:
    return Catalogue.of([INSTALLED, folder(place, files)])


def test_a_layer_adds_an_edition_and_replaces_one(tmp_path: Path) -> None:
    catalogue = layered(tmp_path, {f"{BASE}/某县-2026.yaml": NEWER, f"{BASE}/{OWN}.yaml": RENAMED})
    assert set(catalogue.editions) == {*built_in().editions, (BASE, "某县-2026")}
    replaced, before = catalogue.form(BASE, OWN), built_in().form(BASE, OWN)
    assert (replaced.definition.short, before.definition.short) == ("本县数据表", "基础数据表")
    assert replaced.source == f"{tmp_path}/{BASE}/{OWN}.yaml" and before.source == f"{BASE}/{OWN}.yaml"
    # What is added inherits from its own layer first.
    assert catalogue.form(BASE, "某县-2026").definition.short == "本县数据表"
    assert catalogue.find("本县数据表@某县-2026").edition == "某县-2026"


def test_an_edition_is_built_upon_what_its_own_layer_knew(tmp_path: Path) -> None:
    """鹤城区-2020 of the built-in layer extends an edition that the bureau replaces: nothing of it changes."""
    catalogue = layered(tmp_path, {f"{BASE}/{OWN}.yaml": f"extends: {OWN}\nremove: {{checks: [G-01]}}\n"})
    assert "G-01" not in {rule.id for rule in catalogue.form(BASE, OWN).rules}
    assert "G-01" in {rule.id for rule in catalogue.form(BASE, "鹤城区-2020").rules}


def test_what_a_replaced_edition_has_nothing_to_do_with_is_loaded_once(tmp_path: Path) -> None:
    catalogue = layered(tmp_path, {f"{BASE}/{OWN}.yaml": RENAMED})
    shared = {form.key for form in catalogue.forms if form is built_in().form(form.name, form.edition)}
    sheet = catalogue.form(SHEET, OWN)
    assert sheet.key not in shared and sheet.uses(f"{BASE}@{OWN}") is catalogue.form(BASE, OWN)
    assert {form.key for form in catalogue.forms} - shared == {
        form.key for form in catalogue.forms
        if form.key == f"{BASE}@{OWN}" or f"{BASE}@{OWN}" in form.definition.uses.values()
    }  # fmt: skip


def test_two_catalogues_in_one_process_do_not_see_each_other(tmp_path: Path) -> None:
    first = layered(tmp_path / "一", {f"{BASE}/某县-2026.yaml": NEWER})
    second = layered(tmp_path / "二", {f"{BASE}/{OWN}.yaml": RENAMED})
    assert first.known(BASE, "某县-2026") and second.known(BASE, "某县-2026") is None
    assert [each.full_name("本县数据表") for each in (first, second, built_in())] == [None, BASE, None]
    assert len({first.version, second.version, built_in().version}) == 3
    assert {second.supplements[0].definition.form} == {first.supplements[0].definition.form}


def test_it_arrives_as_what_it_was(tmp_path: Path) -> None:
    catalogue = layered(tmp_path, {f"{BASE}/某县-2026.yaml": NEWER})
    sent = pickle.dumps(catalogue)
    assert len(sent) < 2000 and len(pickle.dumps(built_in())) < 300
    (tmp_path / BASE / "某县-2026.yaml").unlink()  # a machine of the cluster need not reach the folder
    assert pickle.loads(sent) is catalogue and pickle.loads(pickle.dumps(built_in())) is built_in()
    alone = pickle.loads(sent.replace(str(tmp_path).encode(), str(tmp_path)[::-1].encode()))
    assert alone != catalogue and alone.version == catalogue.version
    assert alone.form(BASE, "某县-2026").definition == catalogue.form(BASE, "某县-2026").definition


def test_other_installed_definitions_are_not_taken_for_those_that_were_meant() -> None:
    sent = pickle.dumps(built_in()).replace(installed().version.encode(), b"0" * 16)
    with pytest.raises(DefinitionError, match="安装的表样定义与开始时的不同"):
        pickle.loads(sent)


def test_a_copy_of_what_is_installed_is_what_is_installed(tmp_path: Path) -> None:
    for name, data in installed().files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert Catalogue.of([tmp_path]) is built_in()


@pytest.mark.parametrize(
    ("files", "edition", "said"),
    [
        ({"新表/甲.yaml": "extends: 甲\n"}, ("新表", "甲"), "新表/甲.yaml：第 1 行：extends：“甲”绕回到了自己"),
        ({"新表/甲.yaml": "extends: 乙\n"}, ("新表", "甲"), "新表/甲.yaml：第 1 行：extends：没有“乙”这个版本"),
        (
            {"新表/甲.yaml": "extends: 乙\n", "新表/乙.yaml": "extends: 甲\n"}, ("新表", "甲"),
            "新表/乙.yaml：extends：“甲”绕回到了自己",
        ),
        (
            {f"{BASE}/{OWN}.yaml": "extends: 乙\n", f"{BASE}/乙.yaml": f"extends: {OWN}\n"}, (BASE, OWN),
            f"{BASE}/乙.yaml：extends：“{OWN}”绕回到了自己",
        ),
        ({"新表/甲.yaml": "", "新表/甲.yml": ""}, ("新表", "甲"), "新表/甲.yml 是同一个版本，请删去其中一个"),
        ({f"{BASE}/甲.yaml": NEWER}, (BASE, "甲"), f"与文件所在位置 {BASE}/甲.yaml 不一致"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_layer_is_named(
    files: dict[str, str], edition: tuple[str, str], said: str, tmp_path: Path
) -> None:
    catalogue = layered(tmp_path, files)
    with pytest.raises(DefinitionError) as error:
        catalogue.form(*edition)
    assert f"{tmp_path}/" in str(error.value) and said in str(error.value)
    assert catalogue.form(PROJECT, "湖南-2020") is built_in().form(PROJECT, "湖南-2020")


def test_forms_that_use_each_other_are_named(tmp_path: Path) -> None:
    text = (
        "form: {0}\nedition: 一\nshort: {0}\nbasis: 无\npage: {{widths: [20, 20]}}\n"
        "uses: {{对方: {1}@一}}\n"
        "blocks: [{{title: {0}}}, {{fields: [{{id: 数, kind: count, label_span: 1, span: 1}}]}}]\n"
    )
    pairs = (("甲表", "乙表"), ("乙表", "甲表"))
    catalogue = layered(tmp_path, {f"{form}/一.yaml": text.format(form, used) for form, used in pairs})
    with pytest.raises(DefinitionError, match="互相引用"):
        catalogue.form("甲表", "一")
    with pytest.raises(FormNotFoundError):
        catalogue.form("丙表", "一")


def test_the_version_is_that_of_the_contents(tmp_path: Path) -> None:
    same = {f"{BASE}/某县-2026.yaml": NEWER}
    here, there = layered(tmp_path / "一", same), layered(tmp_path / "二", same)
    assert here.version == there.version != built_in().version == installed().version
    assert Layer.read(tmp_path / "一") != Layer.read(tmp_path / "二")  # told apart by where they are from
    noted = {f"{BASE}/某县-2026.yaml": NEWER + "change: {notes: [本县说明]}\n"}
    assert layered(tmp_path / "三", noted).version != here.version


@pytest.mark.in_turn("long")
def test_a_round_by_forms_of_the_bureaus_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An edition that is added and one that is replaced: issued, run by workers of either kind, archived, replayed."""
    definitions = folder(
        tmp_path / "表样",
        {f"{BASE}/某县-2026.yaml": NEWER, f"{PROJECT}/湖南-2020.yaml": "extends: 湖南-2020\nbasis: 某县另定\n"},
    )
    (tmp_path / "名册.csv").write_text("单位编码,单位名称,项目名称\n001,甲局,修路\n", encoding="utf-8")
    forms = ["基础数据表@某县-2026", "自评表@湖南-2020"]
    issue_all(forms, tmp_path / "名册.csv", 2026, tmp_path / "收", layers=[definitions])
    catalogue = chosen_catalogue([definitions])
    read = []
    for kind in ("forkserver", "spawn"):
        monkeypatch.setattr(local, "context", lambda _, kind=kind: multiprocessing.get_context(kind))
        out = tmp_path / kind
        with closing(local.LocalWorkers(1)) as workers:
            run([tmp_path / "收"], out, catalogue=catalogue, year=2026, workers=workers, only=["汇总"])
        read.append(pd.read_parquet(out / "data" / "returns.parquet")[["form", "edition", "status"]])
    assert read[0].equals(read[1])
    assert {(BASE, "某县-2026"), (PROJECT, "湖南-2020")} <= set(zip(read[0]["form"], read[0]["edition"], strict=True))
    stated = json.loads((tmp_path / "spawn" / "run.json").read_text(encoding="utf-8"))
    (layer,) = stated["layers"]
    assert (layer["place"], layer["replaced"]) == (str(definitions), [f"{PROJECT}@湖南-2020"])
    assert stated["hashes"]["definitions"] == catalogue.version
    capsys.readouterr()
    list_forms([definitions], as_json=True)
    origins = {(listed["form"], listed["edition"]): listed["origin"] for listed in json.loads(capsys.readouterr().out)}
    assert (origins[BASE, "某县-2026"], origins[BASE, OWN]) == (str(definitions), "内置")
    archive_run(tmp_path / "spawn", tmp_path / "档.zip", incomplete=False)
    shutil.rmtree(definitions)
    replayed = replay(tmp_path / "档.zip", None, Here(), Silent())
    assert replayed.equal and replayed.forms == sorted([f"{BASE}/某县-2026", f"{PROJECT}/湖南-2020"])


def test_a_broken_edition_leaves_the_others_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named with its line, with all that rests on it; what rests on none of it is as it was."""
    whole = (INSTALLED / BASE / f"{OWN}.yaml").read_text(encoding="utf-8")
    definitions = folder(
        tmp_path, {f"{BASE}/{OWN}.yaml": f"{whole}\nunknown_key: 1\n", f"{BASE}/某县-2026.yaml": NEWER}
    )
    catalogue = chosen_catalogue([definitions])
    resting = [f"{BASE}@{OWN}", f"{BASE}@某县-2026", f"{SHEET}@{OWN}"]
    assert {"@".join(edition) for edition in catalogue.broken} == set(resting)
    assert {form.key for form in catalogue.forms} == {form.key for form in built_in().forms} - set(resting)
    assert catalogue.usable(BASE, OWN) is None
    line = f"第 {len(whole.splitlines()) + 2} 行：unknown_key：不认识这个键"
    for name, wrong in zip(
        resting, [f"{OWN}.yaml：{line}", "某县-2026.yaml：unknown_key", f"{OWN}.yaml：{line}"], strict=True
    ):
        with pytest.raises(DefinitionError, match=wrong):
            catalogue.find(name)
    said = capsys.readouterr().err
    assert said.count("没有采用") == 2 and said.count(line) == 1 and all(name in said for name in resting)
