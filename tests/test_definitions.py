"""Every way in which a definition can be wrong, with the message that its author reads."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from gouji.failures import foreseen_errors, is_foreseen
from gouji.templates.catalogue import built_in
from gouji.templates.errors import DefinitionError, FormNotFoundError
from gouji.templates.issuable import check_issuable
from tests.definitions import load_form

GOOD = """
form: 测试表
edition: 某县-2021
short: 测试
basis: 测试
page: {widths: [20, 10, 10]}
blocks:
  - title: 测试表
  - grid: 经费
    columns:
      - {id: 预算数, kind: amount}
      - {id: 人数, kind: count}
    rows:
      - {id: 合计数, required: true}
      - {id: 甲}
      - {id: 乙}
  - list: 指标
    levels: [一级, 二级, 三级]
    columns: []
    groups: [{id: 产出, points: 50, groups: [{id: 数量}]}]
checks:
  - {id: T-1, rule: 合计数 = 甲 + 乙, each: 金额列, severity: 强制性}
"""


def load(tmp_path: Path, text: str, name: str = "某县-2021", form: str = "测试表") -> None:
    folder = tmp_path / form
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    load_form(path)


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_good_definition_loads(tmp_path: Path) -> None:
    load(tmp_path, GOOD)


_FILLED = ", severity: 强制性, fills: true}"
_ROUND = "rule: 甲.预算数 = 乙.预算数" + _FILLED + "\n  - {id: T-2, rule: 乙.预算数 = 甲.预算数 + 合计数.预算数"
_LONG = " + ".join(f"甲.人数 × {number}" for number in range(1, 400))
_MANY = " + ".join(["甲.人数"] * 300)
_DEEP = "绝对值(" * 70 + "甲.人数" + ")" * 70

WRONG = {
    "a way round": (changed("rule: 合计数 = 甲 + 乙, each: 金额列, severity: 强制性}", _ROUND + _FILLED), "checks.T-1：算式绕回到了自己：甲.预算数 → 乙.预算数 → 甲.预算数"),
    "longer than Excel takes": (changed("合计数 = 甲 + 乙, each: 金额列, severity: 强制性}", "合计数.人数 = " + _LONG + _FILLED), "checks.合计数.人数：写成 Excel 公式有"),
    "more parts than Excel takes": (changed("合计数 = 甲 + 乙, each: 金额列", "合计数.人数 ≤ " + _MANY), "checks：写成 Excel 公式有 300 项在一个函数里，最多 255，请拆成几条规则"),
    "deeper than Excel takes": (changed("合计数 = 甲 + 乙, each: 金额列, severity: 强制性}", "合计数.人数 = " + _DEEP + _FILLED), "checks.合计数.人数：写成 Excel 公式有 71 层括号，最多 64，请拆成几条规则"),
    "fault of no item": (changed("basis: 测试", "basis: 测试\nfaults: {丁.预算数: 印错了}"), "测试表/某县-2021.yaml：第 6 行：faults：表中没有“丁.预算数”"),
    "yuan against nothing": (changed("kind: amount}", "kind: amount, yuan_against: 丁.预算数}"), "经费.预算数：表中没有“丁.预算数”"),
    "column of two lists": (changed("      - {id: 乙}\n", "      - {id: 乙}\n      - {list: 项目, names: 三级}\n"), "指标.三级：清单“项目”已有这一栏，请改成不同的名称"),
    "grade of money": (changed("合计数 = 甲 + 乙", "合计数 = 等次(甲)"), "“等次”的写法不对，请检查括号里的内容"),
    "spans of a list": (changed("levels: [一级, 二级, 三级]", "levels: [一级, 二级, 三级]\n    spans: [1, 1, 2]"), "指标：各栏合计占 4 列，page.widths 是 3 列"),
    "duplicate key": (changed("short: 测试\n", "short: 测试\nshort: 又\n"), "测试表/某县-2021.yaml：第 5 行：同一个键写了两次，请删去其中一个"),
    "not yaml": (changed("[20, 10, 10]", "[20, 10"), "不是正确的 YAML"),
    "empty file": ("", "测试表/某县-2021.yaml：内容应为键和值，文件是空的或不是一张表"),
    "unknown key": (changed("basis: 测试", "basis: 测试\nbasos: 1"), "测试表/某县-2021.yaml：第 6 行：basos：不认识这个键，请检查拼写"),
    "unknown key in a column": (changed("kind: count}", "kind: count, knd: 1}"), "第 12 行：blocks.1.grid.columns.1.knd：不认识这个键，请检查拼写"),
    "missing key": (changed("short: 测试\n", ""), "short：缺少这个键"),
    "unknown kind": (changed("kind: count", "kind: cuont"), "kind：只能是 'amount'"),
    "unknown severity": (changed("severity: 强制性", "severity: 强制"), "severity：只能是 '强制性', '核实性' or '提示'，现为“强制”"),
    "not a number": (changed("points: 50", "points: 五十"), "points：应为数字，现为“五十”"),
    "unknown block": (changed("- grid: 经费", "- gird: 经费"), "blocks.1：应有 title、heading、caption、fields、grid、pairs、list、scores、note 之一，请检查拼写"),
    "id twice": (changed("{id: 乙}", "{id: 甲}"), "甲.预算数：这个名称用了两次，请改成不同的名称"),
    "id no identifier": (changed("{id: 乙}", "{id: 1乙}"), "1乙.预算数：名称只能用汉字、字母、数字和下划线，且不能以数字开头"),
    "widths do not fit": (changed("[20, 10, 10]", "[20, 10]"), "经费：各栏合计占 3 列，page.widths 是 2 列"),
    "unknown name in a rule": (changed("甲 + 乙,", "甲 + 丁,"), "checks.T-1：规则“合计数 = 甲 + 丁”：第 12 个字符附近，表中没有“丁”"),
    "near name": (changed("合计数 = 甲", "合计 = 甲"), "表中没有“合计”，是不是“合计数”？"),
    "amount plus count": (
        changed("合计数 = 甲 + 乙, each: 金额列", "合计数.预算数 = 甲.预算数 + 乙.人数"), "checks.T-1：规则“合计数.预算数 = 甲.预算数 + 乙.人数”：第 12 个字符附近，金额与人数不能相加"
    ),
    "amount compared with count": (
        changed("合计数 = 甲 + 乙, each: 金额列", "合计数.预算数 ≤ 乙.人数"), "金额与人数不能比较"
    ),
    "half a rule": (changed("合计数 = 甲 + 乙", "合计数 = 甲 +"), "checks.T-1：规则“合计数 = 甲 +”"),
    "no comparison": (changed("合计数 = 甲 + 乙", "甲 + 乙"), "规则应是等式、不等式或 若(…)"),
    "forbidden syntax": (changed("甲 + 乙, each", "'[甲 for 甲 in 乙]', each").replace("rule: 合计数 = '[", "rule: '合计数 = ["), "不能使用"),
    "unknown function": (changed("合计数 = 甲 + 乙", "合计数 = 平均(甲)"), "没有“平均”这个函数，可用的有"),
    "full marks that are not printed": (
        changed("合计数 = 甲 + 乙, each: 金额列", "合计数.预算数 = 满分(经费)"), "“经费”没有印明分值，不能用 满分()"
    ),
    "each without meaning": (changed("each: 金额列", "each: 每页"), "each: 每页 在这张表里没有对应的列或行"),
    "fills an expression": (
        changed("severity: 强制性}", "severity: 强制性, fills: true}").replace("合计数 = 甲 + 乙", "甲 + 乙 = 合计数"), "自动计算（fills）要求规则写成“项目 = 算式”"
    ),
    "check id twice": (
        GOOD + "  - {id: T-1, rule: 合计数 = 甲, each: 金额列, severity: 强制性}\n", "checks.T-1[合计数.预算数]：同一编号的规则写了两次"
    ),
    "unknown table used": (GOOD + "uses: {别表: 没有这张表@某县}\n", "uses.别表：没有“没有这张表@某县”这个版本"),
    "parent missing": ("extends: 乌有县\nedition: 某县-2021\n", "extends：没有“乌有县”这个版本"),
    "parent of itself": ("extends: 某县-2021\nedition: 某县-2021\n", "extends：“某县-2021”绕回到了自己"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_the_author_of_a_wrong_definition_reads(name: str, tmp_path: Path) -> None:
    text, message = WRONG[name]
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, text)
    assert message in str(error.value)


SCORES = """
form: 测试表
edition: 某县-2021
short: 测试
basis: 测试
page: {widths: [9, 9, 9, 9, 9, 9, 9]}
blocks:
  - scores: 评分
    levels: [一级指标, 二级指标, 三级指标]
    sections: {投入: 10, 配置: 10}
    indicators:
      - id: 控制率
        under: [投入, 配置]
        points: 10
        rule: {kind: step, rate: 依据.甲 / 依据.乙, threshold: 100%, bad: above, per: 1, deduct: 0.5}
evidence: {甲: {kind: amount}, 乙: {kind: amount}}
"""

WRONG_SCORES = {
    "unknown rule kind": ("kind: step", "kind: stap", "不认识“stap”，只能是"),
    "step without its step": (", per: 1", "", "rule.step.per：缺少这个键"),
    "level missing": ("under: [投入, 配置]", "under: [投入]", "indicators.控制率.under：应写 2 级上级指标"),
    "unknown section": ("under: [投入, 配置]", "under: [投入, 执行]", "indicators.控制率.under：sections 里没有“执行”"),
    "unknown evidence": ("依据.乙,", "依据.丙,", "indicators.控制率.rule.rate：规则“依据.甲 / 依据.丙”：第 8 个字符附近，表中没有“依据.丙”"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_SCORES)
def test_what_the_author_of_a_wrong_scoring_rule_reads(name: str, tmp_path: Path) -> None:
    old, new, message = WRONG_SCORES[name]
    assert old in SCORES
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, SCORES.replace(old, new))
    assert message in str(error.value)


def test_an_edition_states_only_what_differs(tmp_path: Path) -> None:
    load(tmp_path, GOOD)
    child = (
        "extends: 某县-2021\nedition: 乙县-2022\nremove: {rows: [乙]}\nchange: {checks: {T-1: {rule: 合计数 = 甲}}}\n"
    )
    load(tmp_path, child, name="乙县-2022")
    form = load_form(tmp_path / "测试表" / "乙县-2022.yaml")
    assert sorted(form.items) == sorted(["合计数.预算数", "合计数.人数", "甲.预算数", "甲.人数"])
    assert [rule.key for rule in form.rules] == ["T-1[合计数.预算数]"]


def test_an_edition_adds_blocks_at_the_end_and_prints_another_title(tmp_path: Path) -> None:
    load(tmp_path, GOOD)
    child = """
    extends: 某县-2021
    edition: 乙县-2022
    change: {blocks: {测试表: {title: 乙县测试表}}}
    add:
      blocks:
        - heading: 二、其他
        - fields: [{id: 综述, kind: text, label_span: 1, span: 2}]
      checks: [{id: T-2, rule: 合计数.预算数 ≥ 甲.预算数, severity: 提示}]
    """
    load(tmp_path, child, name="乙县-2022")
    form = load_form(tmp_path / "测试表" / "乙县-2022.yaml")
    assert form.titles == ["乙县测试表"]
    assert list(form.items)[-1] == "综述"
    assert [rule.id for rule in form.rules] == ["T-1", "T-2"]
    with pytest.raises(DefinitionError, match=r"add\.rows：只能写 blocks 或 checks"):
        load(tmp_path, "extends: 某县-2021\nedition: 丙县-2022\nadd: {rows: [丁]}\n", name="丙县-2022")


@pytest.mark.parametrize("place", ["remove: {rows: [丁]}", "change: {checks: {T-9: {rule: 合计数 = 甲}}}"])
def test_an_edition_cannot_change_what_is_not_there(place: str, tmp_path: Path) -> None:
    load(tmp_path, GOOD)
    with pytest.raises(DefinitionError, match="所继承的版本里没有这一项"):
        load(tmp_path, f"extends: 某县-2021\nedition: 乙县-2022\n{place}\n", name="乙县-2022")


def test_every_edition_of_the_catalogue_loads_and_lies_where_it_says() -> None:
    assert [(form.name, form.edition) for form in built_in().forms] == built_in().editions


def test_a_form_is_found_by_short_name_and_by_an_edition_that_another_serves() -> None:
    assert built_in().find("自评表@炎陵县-2020").key == "预算支出绩效自评表@湖南-2020"
    assert built_in().find("项目支出绩效自评表@全国-2020").key == "预算支出绩效自评表@全国-2020"
    assert built_in().find("评分表").key == "部门整体支出绩效评价指标评分表@衡山县-2021"
    assert built_in().full_name("基础数据表") == "部门整体支出绩效评价基础数据表"


def test_several_editions_are_listed_and_none_is_chosen() -> None:
    with pytest.raises(FormNotFoundError) as error:
        built_in().find("基础数据表")
    assert str(error.value) == "“基础数据表”有 3 个版本，请用 表名@版本 指明"
    assert error.value.choices == [
        "部门整体支出绩效评价基础数据表@衡山县-2021",
        "部门整体支出绩效评价基础数据表@衡山县-2023",
        "部门整体支出绩效评价基础数据表@鹤城区-2020",
    ]


@pytest.mark.in_turn("long")
def test_everything_that_comes_with_gouji_can_be_issued() -> None:
    for form in built_in().forms:  # it is not tried when it is loaded
        check_issuable(form)


def test_every_error_that_has_a_sentence_is_known_by_its_name() -> None:
    for error in foreseen_errors():
        assert is_foreseen(error.__new__(error))
    assert not is_foreseen(ValueError()) and not is_foreseen(KeyboardInterrupt())
