"""The four verdicts on a check, in the field's own words, and what the 自查 calls the last one."""

AGREES, ROUNDING, DIFFERS, UNCHECKED = "相符", "尾差", "不符", "无法核对"
TO_FILL = "待填"
"""无法核对 as it is told to whom is still filling in the form."""
