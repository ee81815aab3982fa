"""Nothing is said of honest reports, in whatever style they are written (`tests/phrasings/honest.yaml`)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

import pytest
from ruamel.yaml import YAML

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.narrative.check import check_narrative
from gouji.validate.narrative.passages import Paragraph
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of

D = Decimal
REPORTS: list[str] = YAML(typ="safe", pure=True).load(
    (Path(__file__).with_name("phrasings") / "honest.yaml").read_text(encoding="utf-8")
)
WHOLE = built_in().form("部门整体支出绩效评价自评报告", "汨罗市-2018")
ITEMS = {
    "支出": ["收入汇总.收入合计", "支出汇总.支出合计"], "基本": ["支出汇总.基本支出"], "人员": ["支出汇总.人员支出"],
    "公用": ["支出汇总.公用支出"], "项目": ["支出汇总.项目支出"], "三公": ["三公汇总.三公经费合计"],
    "接待": ["三公汇总.公务接待费"], "公车": ["三公汇总.公务用车运维费"], "编制": ["人员编制"], "人数": ["实有人数"],
    "得分": ["绩效自评综合得分"],
}  # fmt: skip
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def drawn(seed: int) -> dict[str, Decimal]:
    """Figures that tie."""
    dice = Random(seed)
    staff, running, projects, reception, car = (
        D(dice.randrange(low, high)) / 100
        for low, high in ((9000, 60000), (1500, 9000), (5000, 90000), (50, 900), (1, 700))
    )
    posts = dice.randrange(32, 80)
    return {
        "支出": staff + running + projects, "基本": staff + running, "人员": staff, "公用": running, "项目": projects,
        "三公": reception + car, "接待": reception, "公车": car, "编制": D(posts), "人数": D(posts - 3), "得分": D(95),
    }  # fmt: skip


def written(report: str, figures: dict[str, Decimal]) -> str:
    """A report with the figures in the places that it names."""

    def put(place: re.Match[str]) -> str:
        name, _, how = place.group(1).partition(":")
        if name == "率":
            above, below = (figures.get(part) or D(part) for part in how.split("/"))
            return f"{(above / below * 100).quantize(D('0.01'), ROUND_HALF_UP)}"
        figure = figures[name]
        match how:
            case "元":
                return f"{figure * 10000:,.0f}"
            case "亿":
                return f"{(figure / 10000).quantize(D('0.0001'), ROUND_HALF_UP)}"
            case "全角":
                return f"{figure}".translate(_FULL_WIDTH)
        return f"{figure}"

    return re.sub(r"\{([^}]+)\}", put, report)


@pytest.mark.parametrize("number", range(len(REPORTS)))
def test_nothing_is_said_of_an_honest_report(number: int) -> None:
    for seed in range(4):
        figures = drawn(seed)
        values = {item: figures[name] for name, items in ITEMS.items() for item in items} | {"评价等次": "优秀"}
        tables = Tables(wides_of(Batch(returns_of(WHOLE, 1), values_of(WHOLE, [values]), 2021), built_in()))
        lines = written(REPORTS[number], figures).splitlines()
        paragraphs = [Paragraph("R0", f"第{place}段", line) for place, line in enumerate(lines, 1)]
        assert [(one.rule, one.message) for one in check_narrative(tables, built_in(), paragraphs)] == []
