"""One figure that a sentence states."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

COUNT = "数量"
"""The item of a figure that only stands for itself: what sums, rates and growths of the same sentence are made of."""
PLANNED, RECEIVED, SPENT, LEFT, LACKING = "预算", "到位", "支出", "结余", "缺口"
CHANGE, GROWTH, SHARE, COMPLETION, EXECUTION, RECEIPT = "增减额", "增减率", "占比", "完成率", "执行率", "到位率"
RATES = {EXECUTION: (SPENT, PLANNED), RECEIPT: (RECEIVED, PLANNED)}
"""Rates of an item's money, and of which two of its figures."""
AGAINST_PLAN = "比预算"
LAST_YEAR = "上年"
"""What a change is counted from, beside the plan."""
RATE = "比率"
EXACT, ABOUT, BOUND = "", "约", "界限"
PROJECT_FUNDS, ALL_SPENT, ALL_INCOME = "项目资金", "支出合计", "收入合计"
BALANCED = "收支总计"
"""What came in, or was spent, with what was left over before, or at the end."""
OPENING, CLOSING = "年初结转", "年末结转"
"""What was left over before the year, and at its end."""
NONE_SAID = "没有"
"""Printed of a sum of which a sentence says that there is none."""
SATISFACTION = "满意度"
STAFFING = "人员控制率"
"""Staff as a share of the posts."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure of a sentence. `number`: its place in the paragraph; `start`, `end`: its sentence in the paragraph.

    `value`: 万元, a fraction, or as counted, a decrease negative; `decimals`: those that it shows, in that unit.
    `exactness`: `约` (左右, 近 …) or `界限` (不低于, 以上 …). `year`: None where the sentence names none. `subject`:
    whose figure the sentence says it is, blank for the unit's own; `funds`: of which money (财政拨款), blank for all.
    `label`: the words before it. `implied`: whether its item is not named but what the whole report is about.
    `whole`: the item of which a share is one, where the sentence has no figure of that.
    `of`, `against`: numbers of the statements that a share, a growth or a rate is worked out from; -1 for none.
    `part_of`: the number of the sum that it is a part of, `complete`: whether all its parts are listed.
    """

    number: int
    start: int
    end: int
    item: str
    aspect: str
    year: int | None
    value: Decimal
    unit: str
    printed: str
    decimals: int
    exactness: str = EXACT
    subject: str = ""
    funds: str = ""
    label: str = ""
    implied: bool = False
    whole: str = ""
    of: int = -1
    against: int = -1
    part_of: int = -1
    complete: bool = False

    @property
    def name(self) -> str:
        """Item and aspect (`三公经费.预算`)."""
        return f"{self.item}.{self.aspect}" if self.aspect else self.item
