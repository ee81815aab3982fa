"""The four verdicts on a check, in the field's own words, and what the 自查 calls the last one."""

AGREES, ROUNDING, DIFFERS, UNCHECKED = "相符", "尾差", "不符", "无法核对"
TO_FILL = "待填"
"""无法核对 as it is told to whom is still filling in the form."""

WORST_FIRST = (DIFFERS, UNCHECKED, ROUNDING, AGREES)
"""A return of which a rule says several things counts under the first of these."""
