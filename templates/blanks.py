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
NO_NAME = ("", "……", "…", "...", "......", "不适用", "无")
"""What stands in front of a list's line that has no name."""
