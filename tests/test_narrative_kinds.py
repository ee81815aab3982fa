"""Every kind of contradiction in many phrasings, each with its honest twin (`tests/phrasings/kinds.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.validate.figures import Tables
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

KINDS: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load(
    (Path(__file__).with_name("phrasings") / "kinds.yaml").read_text(encoding="utf-8")
)
D = Decimal


def form(name: str, edition: str) -> Form:
    return built_in().form(name, edition)


WHOLE = form("部门整体支出绩效评价自评报告", "汨罗市-2018")
PROJECT = form("财政支出项目绩效评价自评报告", "汨罗市-2018")
BASIC = form("部门整体支出绩效评价基础数据表", "衡山县-2021")
SPECIAL = form("专项资金绩效目标自评表", "衡山县-2021")
BASIC_BY_ROWS = form("部门整体支出绩效评价基础数据表", "鹤城区-2020")
OF_PROJECT = form("预算支出绩效自评表", "湖南-2020")

Table = tuple[Form, dict[str, Any], dict[str, list[dict[str, Any]]], str | None]
"""A form, its figures, the lines of its lists, and the project that it is of."""


def _lines(list_id: str, rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {list_id: [{"line": f"{list_id}.{place}", **row} for place, row in enumerate(rows)]}


def _amounts(planned: str, spent: str) -> dict[str, Decimal]:
    return {"年度资金总额.全年预算数": D(planned), "年度资金总额.全年执行数": D(spent)}


ROWS = _lines(
    "项目",
    [
        {"项目名称": "业务工作专项", "本年预算数": D("1634.24"), "本年决算数": D("1634.24")},
        {"项目名称": "运行维护专项", "本年预算数": D("45.52"), "本年决算数": D("111.09")},
    ],
)
TIMES = _lines("定量目标", [{"指标内容": "3个月完成项目开发", "指标值": "3个月", "实际完成值": "3个月"}])
TABLES: dict[str, list[Table]] = {
    "L-07": [(WHOLE, {"人员编制": D(20)}, {}, None)],
    "专项": [
        (BASIC, {"项目支出.本年决算数": D("456.23")}, {}, None),
        (SPECIAL, {**_amounts("146.07", "127.30"), "县级资金.全年预算数": D("146.07")}, {}, "平台建设"),
    ],
    "L-09": [(BASIC, {"编制数": D(20)}, {}, None)],
    "项目": [
        (BASIC_BY_ROWS, {"项目支出.本年决算数": D("1745.33")}, ROWS, None),
        (OF_PROJECT, _amounts("1421.59", "1421.59"), {}, "政务中心异地新建大楼项目"),
        (OF_PROJECT, _amounts("53.87", "53.87"), {}, "政务中心网络租赁费"),
    ],
    "L-10": [(PROJECT, {"绩效自评综合得分": D(98)}, TIMES, "平台项目")],
    "L-11": [(PROJECT, {"实际完成": "按期完成招投标；系统尚未验收；"}, {}, "平台项目")],
}  # fmt: skip
OF_KIND = {"专项以外的项目支出": "专项", "项目的金额": "项目", "没有完成的项目": "项目"}


def found(kind: str, text: str) -> list[str]:
    """The rules of what is found of a report beside the tables of its kind."""
    return rules(TABLES[OF_KIND.get(kind, KINDS[kind]["rule"])], text)


def rules(tables_of_unit: list[Table], text: str) -> list[str]:
    all_returns, all_values = [], []
    for number, (of_form, figures, lists, project) in enumerate(tables_of_unit):
        returns = returns_of(of_form, 1).assign(unit="某局", unit_code="U0", instance=project)
        all_returns.append(returns.assign(return_id=f"T{number}"))
        all_values.append(values_of(of_form, [figures], [lists] if lists else ()).assign(return_id=f"T{number}"))
    batch = Batch(pd.concat(all_returns, ignore_index=True), pd.concat(all_values, ignore_index=True), 2021)
    tables = Tables(wides_of(batch, built_in()))
    return [one.rule for one in check_narrative(tables, built_in(), [Paragraph("T0", "第1段", text)])]


def twins(kind: str, of: str) -> Iterator[tuple[str, str]]:
    """Honest and faulty text of every phrasing."""
    told = KINDS[kind]
    for phrase in told[of]:
        first, second = (
            told.get("before", "") + phrase.replace("{}", value) + told.get("after", "") for value in told["values"]
        )
        yield first, second


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_found_in_every_phrasing_and_its_twin_is_honest(kind: str) -> None:
    for honest, faulty in twins(kind, "developed"):
        assert (found(kind, honest), found(kind, faulty)) == ([], [KINDS[kind]["rule"]]), faulty


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_sentence_is_not_sure_nothing_is_said(kind: str) -> None:
    told = KINDS[kind]
    for sentence in told["silent"]:
        assert found(kind, told.get("before", "") + sentence + told.get("after", "")) == [], sentence


def main() -> None:
    for kind, told in KINDS.items():
        for of in ("developed", "held", "fresh"):
            right = alarms = 0
            for honest, faulty in twins(kind, of):
                caught, wrong = found(kind, faulty), found(kind, honest)
                right += told["rule"] in caught
                alarms += bool(wrong)
                if wrong or told["rule"] not in caught:
                    print("   ", caught, wrong, faulty)
            print(f"{kind} {of}: {right}/{len(told[of])}, false alarms {alarms}")


if __name__ == "__main__":
    main()
