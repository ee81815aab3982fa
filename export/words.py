"""The Chinese words for the codes that the frames use."""

from __future__ import annotations

from gouji.ingest.frames import AMOUNTS_OPEN, PACKED, UNIT_OPEN, UNSEEN
from gouji.templates.review import NO, YES

STATES = {
    "not_applicable": "不适用", "unreadable": "无法识别", "error": "错误值", "uncalculated": "未计算",
    "absent": "表上没有", "ambiguous": "不止一个数",
}  # fmt: skip
"""What stands in the consolidated tables where a cell held no figure; a blank stays blank."""

KINDS = {
    "step": "按步扣分", "band": "分档计分", "ratio": "按比例计分", "checklist": "逐项得分",
    "deduct": "逐例扣分", "qualitative": "定性分档", "judge": "人工评定",
}  # fmt: skip
LAYOUTS = {"issued": "下发表样", "found": "按标签查找", "pages": "PDF 页面"}
ADOPTED = {True: YES, False: NO}

MUST, ASK, HINT, FORM_FAULT = "强制性", "核实性", "提示", "表样问题"
GRADES = ["优", "良", "中", "差"]
RECEIVED = "已收"
REPEATED = "重复报送"
HELD_BACK = (AMOUNTS_OPEN, UNIT_OPEN)
UNOPENED = (PACKED, UNSEEN)
ALERTS = {"红色预警": "bad", "黄色预警": "warn"}


def said(words: dict[str, str], code: object) -> str | None:
    """The word for a code; what is no code (already Chinese) comes back as it is."""
    return None if code is None else words.get(str(code), str(code))
