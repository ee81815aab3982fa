"""Which number format each cell style of an .xlsx shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ingest.xml import elements, local

# The codes of the numbered formats that a file does not spell out (Chinese locale where it matters).
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy/m/d"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"),
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip

# Larger styles than this are not kept.
_ORDINARY = 64 * 1024


def number_formats(styles_xml: bytes | None) -> Sequence[str]:
    """Number format code per cell style (cellXfs in order); "" stands for General."""
    if styles_xml is None:
        return ()
    return _ordinary(styles_xml) if len(styles_xml) <= _ORDINARY else _codes(styles_xml)


@lru_cache(maxsize=64)
def _ordinary(styles_xml: bytes) -> tuple[str, ...]:
    """Worked out once: the returns of a batch come from few templates and programs, and have few sets of styles."""
    return _codes(styles_xml)


def _codes(styles_xml: bytes) -> tuple[str, ...]:
    own: dict[str, str] = {}
    codes: list[str] = []
    for element in elements(styles_xml, "numFmt", "xf"):
        if local(element.tag) == "numFmt":
            own[element.get("numFmtId", "")] = element.get("formatCode", "")
            continue
        parent = element.getparent()
        if parent is not None and local(parent.tag) == "cellXfs":
            number = element.get("numFmtId", "0")
            code = own.get(number)
            if code is None:
                code = _BUILT_IN.get(int(number), "") if number.isdecimal() and len(number) < 6 else ""
            codes.append("" if code.lower() in {"general", "g/通用格式"} else code)
    return tuple(codes)
