"""The names by which an issued workbook's 自查 is found again when it comes back."""

from __future__ import annotations

SELF_CHECK_SHEET, LEDGER_SHEET = "自查", "_自查"
"""The sheet for people, and the hidden calculation sheet behind it."""
HEADS = ("序号", "工作表", "规则", "核对内容", "填报数", "应为", "相差", "结果", "定位", "程度", "单位说明")
KEY_HEAD = "标识"
"""Head of the hidden column that says which cell a line is about; nothing where it is about several."""
SHEET_HEAD, RULE_HEAD, EXPLANATION_HEAD = "工作表", "规则", "单位说明"

WORDS_TO_FLAGS = 12
"""Columns from the words beside a form to its flags: words run on into empty neighbours."""


def flag_columns(width: int) -> range:
    """The hidden columns of flags beside a form of so many columns: once calculated, 0, 1 or 2 stands there."""
    return range(width + WORDS_TO_FLAGS, 2 * width + WORDS_TO_FLAGS)
