"""The self-scores that an honest unit gives itself, by the criteria printed on the forms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

from gouji.samples.generating.arithmetic import to_hundredths

WITHOUT_FIGURES: Mapping[str, list[str]] = {
    "三公经费变动率": ["5", "5", "4.2", "3.4"],
    "预算完成率": ["5", "5", "3", "1"],
    "预算控制率": ["5", "4", "4", "3"],
    "管理制度健全性": ["8", "8", "6"],
    "资金使用合规性": ["6", "6", "5"],
    "预决算信息公开性": ["5", "5", "4"],
    "重点工作实际完成率": ["8", "7.6", "7.2"],
    "经济效益和社会效益": ["10", "9.5", "9", "8"],
    "行政效能": ["6", "6", "3"],
    "社会公众或服务对象满意度": ["6", "6", "4"],
}
"""Indicators of 评分表 whose figures are on no form here → scores that their criteria allow."""


def more_is_better(points: Decimal, target: Decimal, actual: Decimal) -> Decimal:
    """正向: full marks from the target on, below it in proportion."""
    return points if actual >= target else to_hundredths(actual / target * points)


def less_is_better(points: Decimal, target: Decimal, actual: Decimal) -> Decimal:
    """反向: full marks up to the target, beyond it less by the share of the excess, never below 0."""
    return points if actual <= target else max(Decimal(0), to_hundredths((2 - actual / target) * points))


def steps(points: int, actual: Decimal, plan: Decimal, *, per: int, deduct: str, both: bool = False) -> Decimal:
    """Full marks while actual stays within plan (or on it, for `both`), less `deduct` for each whole `per` points.

    Nothing planned and nothing spent is full marks.
    """
    if not plan:
        return Decimal(points) if not actual else Decimal(0)
    beyond = (actual - plan) * 100 / plan
    whole = int((abs(beyond) if both else max(beyond, Decimal(0))) / per)
    return max(Decimal(0), points - whole * Decimal(deduct))


def sheet_scores(figures: Mapping[str, Decimal], random: Random) -> dict[str, Decimal]:
    """Indicator → self-score, from the figures of 基础数据表 where these decide."""
    chosen = {name: Decimal(random.choice(scores)) for name, scores in WITHOUT_FIGURES.items()}
    return chosen | rated_scores(figures)


def rated_scores(figures: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The indicators of 评分表 that the figures of 基础数据表 decide."""
    f = figures
    bought = f["政府采购金额.本年决算数"], f["政府采购金额.本年预算数"]
    return {
        "在职人员控制率": steps(5, f["实际在职人数"], f["编制数"], per=1, deduct="0.5"),
        "楼堂馆所面积控制率": steps(5, f["实际规模"], f["批复规模"], per=5, deduct="2"),
        "楼堂馆所投资概算控制率": steps(5, f["实际投资"], f["预算投资"], per=5, deduct="2"),
        "公用经费控制率": steps(8, f["公用经费.本年决算数"], f["公用经费.本年预算数"], per=1, deduct="1"),
        "三公经费控制率": steps(7, f["三公经费.本年决算数"], f["三公经费.本年预算数"], per=1, deduct="1"),
        "政府采购执行率": steps(6, *bought, per=5, deduct="2", both=True),
    }  # fmt: skip
