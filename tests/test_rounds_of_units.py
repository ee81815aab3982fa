"""Two rounds with other codes: no opinion, and no state of a finding, moves to another unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.export.resolved import SENT
from gouji.export.results import Results
from gouji.pipeline import run
from gouji.validate.review.take_up import OTHER_UNIT, RECODED
from tests.field import issued as make
from tests.field.issued import YEAR, build_returned, issued_unit
from tests.rotation import rotated
from tests.test_review import decide

OWNER, SILENT, THIRD, OTHER = (issued_unit(number).recipient.unit for number in range(4))
FIRST = {OWNER: "001001", SILENT: "001002", THIRD: "001003"}
LOST_ZEROS = {OWNER: "1001", SILENT: "1002", THIRD: "1003"}
SWAPPED = {OWNER: "001002", SILENT: "001001", THIRD: "001003"}
ANEW = {OWNER: "300001", SILENT: "001001", THIRD: "001003"}


def a_round(folder: Path, codes: dict[str, str], only: tuple[str, ...] = ("汇总",)) -> Results:
    lines = [f"{code},{unit},基础数据表；自评表\n" for unit, code in codes.items()]
    (folder / "名册.csv").write_text("单位编码,单位名称,应报表\n" + "".join(lines), encoding="utf-8-sig")
    return run([folder / "报送"], folder / "结果", roster_path=folder / "名册.csv", year=YEAR, only=only)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A round in which one unit has a fault that an opinion is on, one sent nothing, and one is sound."""
    build_returned(tmp_path / "报送", 0, make.negative, None)
    build_returned(tmp_path / "报送", 2, None, None)
    return tmp_path


def standing(results: Results) -> tuple[set[str], set[str]]:
    """Units with an opinion that holds, units that are 已补报."""
    held = results.decisions[results.decisions["opinion"].notna()]["finding_id"]
    units = results.findings[results.findings["finding_id"].isin(held)]["unit"]
    sent = results.resolved[results.resolved["outcome"] == SENT]["unit"]
    return set(units), set(sent)


@pytest.mark.in_turn("long")
@pytest.mark.parametrize(
    "later", rotated("rounds of units", [LOST_ZEROS, SWAPPED, ANEW]), ids=["lost zeros", "swapped", "given anew"]
)
def test_opinions_stay_with_their_unit_and_nobody_is_said_to_have_sent(folder: Path, later: dict[str, str]) -> None:
    first = a_round(folder, FIRST)
    faults = first.findings[(first.findings["unit"] == OWNER) & first.findings["cell"].notna()]
    decide(folder / "结果" / "汇总.xlsx", {faults["finding_id"].iloc[0]: {"审核意见": "退回修改", "审核人": "甲"}})
    assert standing(a_round(folder, later)) == ({OWNER}, set())
    back = a_round(folder, FIRST)
    assert standing(back) == ({OWNER}, set())
    recoded = [matter for matter in back.matters if matter.kind == RECODED and matter.unit == OWNER]
    assert len(recoded) == (0 if later is LOST_ZEROS else 1)
    assert all(later[OWNER] in matter.text and FIRST[OWNER] in matter.text for matter in recoded)


@pytest.mark.in_turn("rounds of units")
def test_an_opinion_on_a_unit_that_is_gone_is_not_taken_for_the_unit_that_has_its_code_now(folder: Path) -> None:
    first = a_round(folder, FIRST)
    missing = first.findings[(first.findings["unit"] == SILENT) & (first.findings["rule"] == "R-03")]
    decide(folder / "结果" / "汇总.xlsx", {missing["finding_id"].iloc[0]: {"审核意见": "说明采纳", "审核人": "甲"}})
    results = a_round(folder, {OWNER: "001001", OTHER: "001002", THIRD: "001003"})
    assert standing(results) == (set(), set())
    assert [matter.kind for matter in results.matters] == [OTHER_UNIT]


@pytest.mark.in_turn("rounds of units")
@pytest.mark.parametrize("left", [(SILENT, THIRD), (THIRD,)], ids=["renamed", "merged"])
def test_an_opinion_never_moves_to_the_unit_that_a_unit_became(folder: Path, left: tuple[str, ...]) -> None:
    """The next roster has the code under another name: alone, or with what two units were."""
    first = a_round(folder, FIRST)
    faults = first.findings[(first.findings["unit"] == OWNER) & first.findings["cell"].notna()]
    decide(folder / "结果" / "汇总.xlsx", {faults["finding_id"].iloc[0]: {"审核意见": "退回修改", "审核人": "甲"}})
    later = a_round(folder, {OTHER: FIRST[OWNER]} | {unit: FIRST[unit] for unit in left})
    held, sent = standing(later)
    assert OTHER not in held | sent
    assert later.log  # what was said stays in 审核记录


@pytest.mark.in_turn("rounds of units")
def test_what_a_unit_sent_late_is_told_and_what_nobody_asks_for_any_more_is_not(folder: Path) -> None:
    a_round(folder, FIRST, ())
    assert standing(a_round(folder, {OWNER: "001001", THIRD: "001003"}, ()))[1] == set()
    a_round(folder, FIRST, ())
    build_returned(folder / "报送", 1, None, None)
    assert standing(a_round(folder, FIRST, ()))[1] == {SILENT}
