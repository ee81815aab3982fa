"""What units are told: nothing that is the bureau's own affair, whatever it is written on."""

from __future__ import annotations

import pandas as pd
import pytest

from gouji.export.letters.contents import letters
from gouji.export.to_units import told_to_units
from gouji.ingest.frames import typed
from gouji.templates.catalogue import built_in
from gouji.validate.catalogue import COMMON_RULES, as_told_to_units, without_codes
from gouji.validate.frames import findings_schema
from tests.test_states import FORM, PROJECT, asked, of, returned, round_of

OWN = [
    ("A-S3", "提示", PROJECT, "湖南-2020"), ("W-02", "核实性", FORM, "衡山县-2021"),
    ("W-04", "提示", FORM, "衡山县-2021"),
    ("S-01", "表样问题", FORM, "衡山县-2021"), ("K-03", "核实性", FORM, "衡山县-2021"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "form", "edition"), OWN)
def test_the_bureaus_own_affairs_reach_no_unit(rule: str, severity: str, form: str, edition: str) -> None:
    bureau_finding = asked("f1", "甲", rule=rule, severity=severity, form=form, edition=edition, message="内部的话")
    results = round_of([returned("甲")], [bureau_finding, asked("f2", "甲", message="单位要改的")])
    assert list(told_to_units(results.findings, built_in())["finding_id"]) == ["f2"]
    texts = "".join(map(str, letters(results)))
    assert "单位要改的" in texts and "内部的话" not in texts


def test_what_the_bureau_alone_can_do_is_cut_off() -> None:
    message = COMMON_RULES["R-12"].sentence.format(detail="整张表可能是按元填列的")
    assert "（财政部门：" in message
    frame = typed(pd.DataFrame([asked("f1", "甲", message=message)]), findings_schema)
    (sentence,) = told_to_units(frame, built_in())["message"]
    assert (
        sentence == "整张表可能是按元填列的。未确定前不参与表间核对和汇总，请核对后按万元重新报送；确认无误的，请说明。"
    )
    assert as_told_to_units(f"{message}　同因：自评表也是。").endswith("请说明。　同因：自评表也是。")
    assert as_told_to_units("文件“（财政部门：甲）.xlsx”有误。") == "文件“（财政部门：甲）.xlsx”有误。"
    assert as_told_to_units("请说明。（财政部门：填“是”）　同因：甲也是。") == "请说明。　同因：甲也是。"
    assert without_codes("随B7的问题（G-01）：相差的数相同") == "随B7的问题：相差的数相同"
    sentence = as_told_to_units("总分（A-05）不符。　同因：由此不符的有B7（G-01）、自评表1!C3（A-S1），更正后再核对。")
    assert sentence == "总分（A-05）不符。　同因：由此不符的有B7、自评表1!C3，更正后再核对。"


def test_no_sentence_sends_a_unit_to_the_bureaus_workbook() -> None:
    sentences = {
        code: as_told_to_units(rule.sentence) for code, rule in COMMON_RULES.items() if rule.severity != "表样问题"
    }
    assert [code for code, words in sentences.items() if "汇总.xlsx" in words or "请财政部门" in words] == []


def test_what_the_bureau_has_to_look_into_is_no_units_to_explain() -> None:
    bureau_finding = asked("f1", "甲", rule="W-02", severity="核实性")
    assert of(round_of([returned("甲")], [bureau_finding]), "甲") == [("待审", "财政部门要核实 1 处")]
    assert of(round_of([returned("甲")], [bureau_finding], {"f1": "规则误判"}), "甲") == [("通过", "")]
