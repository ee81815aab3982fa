"""Cells of a roster as texts, and what a spreadsheet program did to a code that it took for a number."""

from __future__ import annotations

import datetime
import re
import unicodedata

from gouji.ingest.roster.tables import Broken

_WHOLE = 10**15
"""From here on a spreadsheet program keeps 15 digits only."""
_KEPT = 15
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{1,3}", re.IGNORECASE)
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BREAKS = re.compile(r"[\r\n]+")
_NOTHING = {"-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "无项目", "没有", "没有项目", "0"}
_NONE = {"无", "暂无", "无项目", "没有", "没有项目", "0"}
_DITTO = {"同上", "″", "〃", '"', "''", "”"}


def cell_text(value: object) -> str:
    """A cell as text: without line breaks, padding and invisible signs; whole numbers without decimals."""
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    return "".join(line.strip() for line in _BREAKS.split(_UNSEEN.sub("", str(value))))


def is_ditto(text: str) -> bool:
    """Whether a cell refers to the one above."""
    return text in _DITTO


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is none."""
    return text in _NOTHING


def is_none(text: str) -> bool:
    """Whether a cell says in words, or with a 0, that there is none."""
    return text in _NONE


def code_text(value: object) -> str:
    """A code: full width as half width, without white space."""
    return "".join(unicodedata.normalize("NFKC", cell_text(value)).split())


def lost(value: object, *, printed: bool) -> str:
    """How a code in a cell was damaged, as a fault; empty where it is intact. `printed`: only the characters of a text
    file are known, which a spreadsheet program may have written."""
    text = code_text(value)
    match value:
        case Broken():
            return f"是“{text}”"
        case bool():
            return f"“{text}”不是编码"
        case datetime.date() | datetime.time() | datetime.timedelta():
            return f"变成了日期（{text}）"
        case float() if not value.is_integer():
            return f"“{text}”变成了小数，末尾的 0 可能已丢失"
        case int() | float() if abs(value) >= _WHOLE:
            return f"超过 {_KEPT} 位数字，后面的已丢失"
        case _ if _SCIENTIFIC.fullmatch(text):
            return f"“{text}”变成了科学记数，后面的数字已丢失"
        case _ if printed and text.isdecimal() and len(text) > _KEPT + 1 and not text[_KEPT:].strip("0"):
            return f"“{text}”超过 {_KEPT} 位，后面的数字已变成 0"
        case _:
            return ""
