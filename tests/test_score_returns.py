"""Scores of the published returns, and the faults of the forms themselves: against the hand audit."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gouji.ingest.frames import typed
from gouji.ingest.read_return import read_return
from gouji.ingest.register.batch import assemble
from gouji.ingest.roster import read_roster
from gouji.samples.figures import load_unit
from gouji.samples.pasted import build_pasted
from gouji.score.form_faults import form_faults
from gouji.score.frames import scores_schema, totals_schema
from gouji.score.result import Scored
from gouji.score.score import score
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.frames import verdicts_schema
from gouji.validate.part import check_part
from tests.audit import SAMPLES, SELF, SHEET, UNITS, expected, returns
from tests.definitions import load_form

SCORING = re.compile(r"[A-Z]-S\d")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The wide frames of the three units' workbooks as pasted from Word."""
    folder = tmp_path_factory.mktemp("pasted")
    paths = [build_pasted(returns(name), folder) for name in UNITS]
    readings = [read_return(path, path.name, built_in()) for path in paths]
    return check_part(assemble(readings, read_roster(SAMPLES / "roster.csv", built_in()), None), built_in()).tables


@pytest.fixture(scope="module")
def scored(tables: Tables) -> Scored:
    return score(tables)


def plain(frame: Any) -> list[dict[str, Any]]:
    return list(frame.astype(object).where(frame.notna(), None).to_dict("records"))


@pytest.mark.in_turn("long")
def test_findings_and_verdicts_are_the_audits(scored: Scored) -> None:
    for name in UNITS:
        audit = expected(name)
        wanted = {
            (entry["form"], entry["instance"], entry["item"], entry["rule"], entry["verdict"], entry["severity"])
            for entry in audit["both"]
            if SCORING.match(entry["rule"]) or (entry["rule"] == "T-10" and entry["form"] == SELF)
        }
        mine = [finding for finding in scored.findings if finding.unit == name]
        assert {
            (finding.form, finding.instance or "", finding.item, finding.rule, finding.verdict, finding.severity)
            for finding in mine
        } == wanted
        assert len(mine) == len(wanted)
        agreeing = [
            (rule, item)
            for part in audit["agrees"]
            for rule, items in part["checks"].items()
            if SCORING.match(rule)
            for item in items
        ]
        agreed = scored.verdicts[
            scored.verdicts["return_id"].str.startswith(name) & scored.verdicts["verdict"].eq("相符")
        ]
        assert sorted(agreed[["rule", "item"]].itertuples(index=False, name=None)) == sorted(agreeing)


def test_frames_are_valid_and_a_second_run_gives_the_same(tables: Tables, scored: Scored) -> None:
    again = score(tables)
    for schema, frame, again_frame in (
        (scores_schema, scored.scores, again.scores),
        (totals_schema, scored.totals, again.totals),
        (verdicts_schema, scored.verdicts, again.verdicts),
    ):
        assert typed(frame, schema).equals(again_frame)
    published = [each.definition.definition.scoring for name in UNITS for each in load_unit(returns(name)).tables]
    assert len(scored.totals) == len([scoring for scoring in published if scoring is not None])
    assert not scored.scores.duplicated(["return_id", "indicator"]).any()


def test_nothing_to_score_gives_empty_frames() -> None:
    empty = score(Tables([]))
    assert (len(empty.scores), len(empty.totals), len(empty.verdicts), empty.findings) == (0, 0, 0, [])
    assert list(empty.scores.columns) == list(scores_schema.columns)


def test_totals_of_the_published_returns(scored: Scored) -> None:
    """鹤城's new building: 10 + [16, 20] + 2 × 7 (± 0.05 each for 70 %) + 10 + 2 × [8, 10] + 2 × 10 = [85.9, 94.1];
    提升10% against 提升10% is a quantity that was reached.

    Of the 评分表, what nobody can recompute may be anything that its criteria allow: 炎陵's 项目设计合理性 at least 1,
    鹤城's 在职人员控制率 2, 岳阳's 到位率 3 and 到位时效 at least 0.5. 鹤城's 预算支出 has no more than 97 points.
    """
    totals = {row["return_id"].partition(".")[0] + row["return_id"][-2:]: row for row in plain(scored.totals)}
    keys = ("self_total", "stated_total", "score_total", "low", "high", "self_grade", "grade", "alert")
    assert {name: tuple(row[key] for key in keys) for name, row in totals.items()} == {
        "衡山县行政审批服务局#1": (99.0, None, None, 12.0, 92.0, "优", None, None),
        "炎陵县政务服务中心#1": (109.0, 99.0, None, 99.0, 109.0, "优", "优", "红色预警"),
        "鹤城区政务服务中心#2": (100.0, 100.0, None, 79.0, 100.0, "优", None, "无"),
        "鹤城区政务服务中心#3": (99.0, 99.0, None, 92.0, 100.0, "优", "优", "无"),
        "鹤城区政务服务中心#4": (100.0, 100.0, None, 98.0, 100.0, "优", "优", "无"),
        "鹤城区政务服务中心#5": (94.0, 94.0, None, 85.9, 94.1, "优", None, "无"),
        "炎陵县政务服务中心#2": (100.0, 100.0, None, 1.0, 100.0, "优", None, None),
        "鹤城区政务服务中心#6": (94.0, 98.0, None, 2.0, 100.0, "优", None, None),
        "鹤城区政务服务中心#7": (95.0, 98.0, None, 0.0, 97.0, "优", None, None),
        "岳阳市政务服务中心#1": (98.0, 98.0, None, 3.5, 100.0, "优", None, "红色预警"),  # E-S3: 98 分, 30 % spent
    }


def test_scores_and_traces_of_the_published_returns(scored: Scored) -> None:
    rows = {(row["return_id"].partition(".")[0], row["indicator"]): row for row in plain(scored.scores)}
    office = rows["衡山县行政审批服务局", "公用经费控制率"]
    assert (office["self_score"], office["score"], office["low"], office["high"]) == (8.0, 0.0, 0.0, 0.0)
    assert office["trace"] == (
        "公用经费（2021年决算数）49.76（I49）÷公用经费（2021年预算数）17.67（G49）＝281.61%；"
        "超过100%达181.61个百分点，扣181分，得0分"
    )
    checked = rows["鹤城区政务服务中心", "项目验收合格率"]
    assert (checked["points"], checked["score"], checked["kind"]) == (10.0, 7.0, "正向")
    assert checked["trace"] == "完成值70%（G133），指标值100%（F133）；正向指标，完成70%，10分×70%，得7分"
    assert rows["炎陵县政务服务中心", "服务社会公众"]["score"] == 9.0
    wages = rows["鹤城区政务服务中心", "临聘工资"]
    assert (wages["score"], wages["low"], wages["high"], wages["reason"]) == (None, 0.0, 5.0, "“实际完成值”未填")


def test_faults_of_the_published_forms_are_the_audits() -> None:
    keys = ("form", "edition", "item", "rule", "verdict", "severity")
    faults = [fault for form in built_in().forms for fault in form_faults(form)]
    wanted = {
        tuple(entry[key] for key in keys): entry for entry in expected("表样")["findings"] if entry["rule"] != "S-08"
    }
    assert sorted(tuple(getattr(fault, key) for key in keys) for fault in faults) == sorted(wanted)
    for fault in faults:
        audited = wanted[tuple(getattr(fault, key) for key in keys)]
        assert "stated" not in audited or (fault.stated, fault.expected) == (audited["stated"], audited.get("expected"))
        assert "difference" not in audited or fault.difference == float(audited["difference"])
    (full,) = (fault for fault in faults if fault.rule == "S-01" and fault.form == SHEET)
    assert (full.expected, full.difference, full.unit, full.return_id) == ("5", 3.0, None, None)
    assert full.message.startswith("“三公经费变动率”的评分标准印的满分是 8 分，分值栏是 5 分")


FORM = """
form: 试评表
edition: 测试
short: 试评
basis: 测试
page: {orientation: portrait, widths: [9, 9, 9, 6, 30, 30, 9]}
blocks:
  - title: 试评表
  - scores: 评分
    levels: [一级, 二级, 三级]
    sections: {甲: 97, 乙: 97}
    indicators:
      - {id: 对, under: [甲, 乙], points: 92, rule: {kind: judge}}
      - id: 错
        under: [甲, 乙]
        points: 5
        rule: {kind: checklist, items: [{text: 一, points: 2}, {text: 二, points: 1.5}]}
"""


def test_points_that_do_not_add_up_are_faults_of_the_form(tmp_path: Path) -> None:
    folder = tmp_path / "试评表"
    folder.mkdir()
    path = folder / "测试.yaml"
    path.write_text(FORM, encoding="utf-8")
    faults = [
        (fault.rule, fault.item, fault.stated, fault.expected, fault.difference)
        for fault in form_faults(load_form(path))
    ]
    assert faults == [("S-05", "错", "3.5", "5", -1.5), ("S-04", "评分", "97", "100", -3.0)]


def test_the_blank_forms_add_up_to_a_hundred_or_are_told_so() -> None:
    sums = {(entry["form"], entry["edition"]): entry for entry in expected("表样")["agrees"]}
    for (name, edition), entry in sums.items():
        faults = [fault for fault in form_faults(built_in().form(name, edition)) if fault.rule == "S-04"]
        assert [fault.stated for fault in faults] == ([] if entry["total"] == "100" else [entry["total"]])
    assert {form.key for form in built_in().forms if form.indicators} <= {f"{name}@{edition}" for name, edition in sums}
    sections = sums[SELF, "湖南-2020"]["sections"].values()
    assert sum((Decimal(points) for points in sections), Decimal(0)) == 100
