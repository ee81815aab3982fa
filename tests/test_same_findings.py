"""A finding keeps its id from run to run, and is said to be 已修改 only where its tie was judged again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from gouji.export.resolved import resolved
from gouji.export.stored import Stored
from gouji.ingest.frames import returns_schema, typed, values_schema
from gouji.ingest.register.return_row import table_id
from gouji.validate.findings import finding_ids
from gouji.validate.frames import findings_schema, resolved_schema, verdicts_schema
from gouji.validate.review.rounds import recoded
from gouji.validate.review.same_findings import RunFindings, with_kept_ids
from tests.test_export import RETURNS, empty_results, figures, finding

TIE, CELL = "G-01", "三公经费.本年决算数"


def run(*rows: dict[str, Any], replaced: dict[str, Sequence[str]] | None = None) -> RunFindings:
    """A run that finds G-01 in every one of these tables (`file`, `sha256`, the columns that differ)."""
    returns, findings = [], []
    for number, row in enumerate(rows):
        fields = {"unit_code": "001", "unit": "甲局"} | row
        fields |= {"return_id": f"{row['file']}#表#1", "sheet": "表"}
        returns.append(RETURNS[0] | fields)
        shared = {name: fields[name] for name in ("unit_code", "unit", "return_id", "file")}
        findings.append(finding(f"n{number}", rule=TIE, item=CELL, **shared))
    frame = typed(pd.DataFrame(findings, columns=list(findings_schema.columns)), findings_schema)
    frame["finding_id"] = finding_ids(frame)
    return RunFindings(frame, typed(pd.DataFrame(returns), returns_schema), replaced or {})


def ids(edition: RunFindings) -> list[str]:
    return list(edition.findings["finding_id"])


def kept(now: RunFindings, before: RunFindings) -> list[str]:
    earlier = RunFindings(recoded(before.findings, now.returns, now.findings).findings, before.returns)
    return list(with_kept_ids(now, earlier)["finding_id"])


A, B = {"file": "a.xlsx", "sha256": "a" * 64}, {"file": "b.xlsx", "sha256": "b" * 64}


def test_of_two_versions_the_one_that_was_chosen_keeps_its_id() -> None:
    both = run(A, B)
    assert len(set(ids(both))) == 2
    assert kept(run(A), both) == ids(both)[:1] and kept(run(B), both) == ids(both)[1:]
    assert kept(both, run(A))[0] == ids(run(A))[0]  # the other way round: a second version comes later


def test_a_renamed_file_keeps_the_ids_of_what_was_found_in_it() -> None:
    nobodys = {"unit_code": None, "unit": None}
    before, now = run(A | nobodys), run(A | nobodys | {"file": "改名.xlsx"})
    assert ids(now) != ids(before) and kept(now, before) == ids(before)
    both = run(A, B)
    assert kept(run(A | {"file": "改名.xlsx"}, B), both) == ids(both)


def test_a_corrected_code_changes_no_id_and_a_later_file_has_it_still() -> None:
    before = run(A)
    corrected = run(A | {"unit_code": "009"})
    assert ids(corrected) != ids(before) and kept(corrected, before) == ids(before)
    named = RunFindings(corrected.findings.assign(finding_id=kept(corrected, before)), corrected.returns)
    again = run({"file": "再报.xlsx", "sha256": "c" * 64, "unit_code": "009"})
    assert kept(again, named) == ids(before)
    mended = {"c.xlsx#表#1": [table_id("a" * 64, "a.xlsx#表#1")]}
    copy = run({"file": "c.xlsx", "sha256": "c" * 64, "unit": "改了名的局", "unit_code": "777"}, replaced=mended)
    assert kept(copy, named) == ids(before)


def test_codes_that_change_places_move_no_id_to_another_unit() -> None:
    first = run(A, B | {"unit_code": "002", "unit": "乙局"})
    swapped = run(A | {"unit_code": "002"}, B | {"unit_code": "001", "unit": "乙局"})
    assert sorted(ids(swapped)) == sorted(ids(first)) and kept(swapped, first) == ids(first)
    # A new unit under a code that was another's, whose file is another one now.
    taken = run({"file": "c.xlsx", "sha256": "c" * 64, "unit": "乙局"}, A | {"unit_code": "009", "sha256": "d" * 64})
    names = kept(taken, run(A))
    assert names[1] == ids(run(A))[0] and names[0] not in ids(run(A)) + ids(taken)[1:]


def test_what_was_gone_comes_back_under_its_id() -> None:
    now = run(A)
    earlier = run(B).findings.iloc[:0]
    gone = typed(pd.DataFrame([finding("old", rule=TIE, item=CELL, unit_code="001", unit="甲局")]), findings_schema)
    rows = gone[[name for name in resolved_schema.columns if name in gone]].assign(outcome="本次不再出现")
    named = with_kept_ids(now, RunFindings(earlier, now.returns.iloc[:0]), typed(rows, resolved_schema))
    assert list(named["finding_id"]) == ["old"]


# ---- what became of a finding -----------------------------------------------------------------------


def outcome(
    verdict: str | None, value: float, *, rule: str = TIE, fields: dict[str, Any] | None = None,
    returned: dict[str, Any] | None = None, carried: str | None = None,
) -> str:  # fmt: skip
    """What is said of a finding of `rule` (3万元 then) that is gone, where the cell holds `value` now."""
    made = empty_results()
    made.year = 2021
    made.returns = typed(pd.DataFrame([RETURNS[0] | (returned or {})]), returns_schema)
    made.values = Stored.of(typed(pd.DataFrame(figures("a", **{CELL.replace(".", "__"): value})), values_schema))
    judged = [] if verdict is None else [{"return_id": "a", "rule": rule, "item": CELL, "verdict": verdict}]
    made.verdicts = Stored.of(typed(pd.DataFrame(judged, columns=list(verdicts_schema.columns)), verdicts_schema))
    row = finding("old", **({"rule": rule, "item": CELL, "stated": "3万元"} | (fields or {})))
    before = typed(pd.DataFrame([row], columns=list(findings_schema.columns)), findings_schema)
    nothing = typed(pd.DataFrame(), resolved_schema)
    if carried is not None:
        carried_rows = before[[name for name in resolved_schema.columns if name in before]].assign(outcome=carried)
        return str(resolved(made, before.iloc[:0], typed(carried_rows, resolved_schema), [])["outcome"].iloc[0])
    return str(resolved(made, before, nothing, [])["outcome"].iloc[0])


@pytest.mark.parametrize(
    ("verdict", "value", "said"),
    [
        ("相符", 5.0, "已修改"),
        ("尾差", 5.0, "已修改"),
        ("相符", 3.0, "填报数未变，核对已通过"),
        (None, 5.0, "本次没有核对这一项，不能确认"),
        ("无法核对", 5.0, "本次没有核对这一项，不能确认"),
        ("不符", 5.0, "仍不相符，并入别的问题"),
    ],
)
def test_corrected_is_what_was_judged_again_and_agrees(verdict: str | None, value: float, said: str) -> None:
    assert outcome(verdict, value) == said


@pytest.mark.parametrize(
    ("rule", "fields", "returned", "said"),
    [
        ("T-04", {}, {}, "已修改"),
        ("T-20", {"item": "D9"}, {}, "本次不再出现"),
        ("X-03", {}, {}, "本次不再出现"),
        (TIE, {}, {"adopted": False}, "本次没有收到这张表，不能确认"),
        (TIE, {"year": 2020}, {}, "已报本年度的表"),
        ("T-08", {"year": 2020, "item": "年度"}, {}, "已报本年度的表"),
        ("T-08", {"year": 2020, "item": "年度", "unit_code": "99"}, {}, "本次没有收到这张表，不能确认"),
        ("R-03", {"return_id": None}, {}, "已补报"),
        ("R-04", {"form": None}, {}, "已确定用哪一份"),
        ("R-10", {"form": None}, {}, "本次不再出现"),
    ],
)
def test_every_kind_of_finding_has_its_honest_word(
    rule: str, fields: dict[str, Any], returned: dict[str, Any], said: str
) -> None:
    assert outcome(None, 5.0, rule=rule, fields=fields, returned=returned) == said


def test_what_could_not_be_told_is_looked_at_again() -> None:
    assert outcome("相符", 5.0, carried="本次没有收到这张表，不能确认") == "已修改"
    assert outcome(None, 5.0, carried="已修改") == "已修改"
