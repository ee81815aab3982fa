"""问题清单.csv: the findings under Chinese heads, figures as numbers in one unit of measure."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from gouji.export.findings_list import LIST_CSV, LIST_PARQUET, findings_list, list_schema
from gouji.export.results import Results
from gouji.export.tables import write_tables
from gouji.ingest.frames import typed
from gouji.validate.frames import decisions_schema, findings_schema
from tests.test_export import FINDINGS, results


def list_of(**finding: object) -> dict[str, object]:
    """The row of one finding on a 项目支出 of 衡山县-2021."""
    made = results(findings=typed(pd.DataFrame([FINDINGS[0] | finding]), findings_schema))
    row = findings_list(made).astype(object).iloc[0]
    return {name: None if pd.isna(row[name]) else row[name] for name in ("填报数", "应为", "差额", "计量单位")}


@pytest.mark.parametrize(
    ("stated", "expected", "difference", "listed"),
    [
        ("1,733.634137万元", "1799.206137万元", -65.572, (1733.634137, 1799.206137, -65.572, "万元")),
        ("30.34%", "≤30%", 0.003391202, (30.34, None, 0.3391202, "%")),
        ("-1.5分", "0、2、4分", None, (-1.5, None, None, "分")),
        ("≧95%", None, None, (None, None, None, "%")),
        ("12O.5", "3分", None, (None, 3.0, None, "分")),
        ("2019", None, None, (2019.0, None, None, None)),
        ("5分", "30%", None, (5.0, None, None, "分")),
        ("5万元左右", None, None, (None, None, None, None)),
        ("=1+1", None, float("inf"), (None, None, None, None)),
        (None, None, None, (None, None, None, None)),
    ],
)
def test_figures_are_numbers_in_their_unit(
    stated: str | None, expected: str | None, difference: float | None, listed: tuple[object, ...]
) -> None:
    row = list_of(stated=stated, expected=expected, difference=difference, item="填表人", score_impact=None)
    assert tuple(row.values()) == listed


def test_the_difference_is_that_of_the_figures(of_published: Callable[[str], Results]) -> None:
    """On the published returns: read the texts once more, by themselves, and subtract."""
    published_results = of_published("下发表样填报")
    listed = findings_list(published_results)
    list_schema.validate(listed)
    assert list(listed["问题编号"]) == list(published_results.findings["finding_id"])
    both = listed[listed[["填报数", "应为", "差额"]].notna().all(axis=1)]
    assert set(both["计量单位"].dropna()) == {"万元", "分", "%"}
    for row in both.itertuples():
        stated, due = (Decimal(re.sub("[万元分%,]", "", text)) for text in (row.填报内容, row.应为内容))
        assert (Decimal(str(row.填报数)), Decimal(str(row.应为))) == (stated, due)
        assert abs(stated - due - Decimal(str(row.差额))) < Decimal("0.01"), row
    shown = listed[listed["填报内容"].str.fullmatch(r"-?[\d.]+(万元|分|%)", na=False)]
    assert len(shown) > 10 and shown["填报数"].notna().all()


def test_the_file_opens_in_excel_with_opinions_and_nothing_that_acts(tmp_path: Path) -> None:
    decision = {
        "finding_id": FINDINGS[0]["finding_id"],
        "opinion": "说明采纳",
        "reviewer": "=1+1",
        "explanation": "+说明",
    }
    made = results(decisions=typed(pd.DataFrame([decision]), decisions_schema))
    write_tables(made, tmp_path)
    assert (tmp_path / LIST_CSV).read_bytes().startswith("\ufeff问题编号,严重程度,".encode())
    with (tmp_path / LIST_CSV).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(list_schema.columns)
    assert len(rows) == len(made.findings)
    first = rows[0]
    assert (first["已审"], first["审核意见"], first["审核人"]) == ("是", "说明采纳", "'=1+1")
    assert {row["已审"] for row in rows[1:]} == {"否"}
    numbers = [row[head] for row in rows for head in ("填报数", "应为", "差额", "影响得分（分）") if row[head]]
    assert numbers and all(float(number) == float(number) for number in numbers)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@" and cell]
    back = pd.read_parquet(tmp_path / LIST_PARQUET)
    pd.testing.assert_frame_equal(back, findings_list(made))
