"""What people write where there is nothing: signs that stand for a blank, words that stand for 不适用.

One list for reading returned files and for the formulas of the issued workbook.
"""

from __future__ import annotations

SIGNS = "-—―─━_~…/\\、."
"""A cell of nothing but these is blank (a single full stop is not)."""
OTHER_SHAPES = "‐‑‒–−－＿～／＼．"
"""Other shapes of the same signs, which reading folds into them."""
NOT_APPLICABLE = ("不适用", "无", "没有", "无此项", "不涉及", "N/A", "n/a", "NA")
"""Words for 不适用, as they stand after white space and brackets are gone."""
ZERO = ("零", "〇", "零元", "零万元")
"""Words for 0, whatever the figure counts."""
NOTHING_SPENT = (
    "未发生", "没有发生", "无发生", "无发生额", "未发生支出", "未发生费用", "未支出", "无支出",
    "没有支出", "未安排", "没有安排",
)  # fmt: skip
"""Words for an amount or a number of 0. A formula reads neither of these: the check is 待填 in the workbook."""
NOT_ASKED = ("暂无", "无此项支出", "没有此项", "无此项目", "无此类支出", "未涉及")
"""More words for 不适用, which a formula does not read either."""
NO_NAME = ("", "……", "…", "...", "......", "不适用", "无")
"""What stands in front of a list's line that has no name."""
