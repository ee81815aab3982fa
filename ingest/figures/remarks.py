"""A remark behind a figure in its cell (`95.83%（见附件）`, `3.2（含追加1.2）`): dropped where it changes nothing."""

from __future__ import annotations

import re
from decimal import Decimal

from gouji.templates.blanks import NOT_APPLICABLE, NOT_ASKED, NOTHING_SPENT
from gouji.templates.exact import FIGURE, figure, places

_REFERS = r"(?:详|参)?见"
_INCLUDES = r"含|其中|包括|包含"
_DOCUMENT = r"(?:根据|依据|按照?)?《?[一-鿿]{2,12}[(\[【〔]\d{4}[)\]】〕]第?\d{1,5}号》?(?:文件?)?"
"""A document by its number (县财预〔2023〕12号): on what the figure rests."""
_CELL = re.compile(
    rf"(?P<figure>¥?(?:{FIGURE})[^\d()\[\]【】〔〕,;:]{{0,4}}?)[,;]?"
    rf"(?:[(\[【〔](?P<inside>[^()\[\]【】〔〕]+|{_DOCUMENT}(?:[、,;]{_DOCUMENT})*)[)\]】〕]|(?P<behind>(?:{_REFERS}|{_INCLUDES}).+))",
    re.ASCII,
)
_REFERENCE = re.compile(rf"{_REFERS}[^\d,;]{{1,12}}(?:\d{{1,2}}(?:[-、]\d{{1,2}})?)?")
"""见附件, 详见附表2: where more is said; a digit behind it numbers an attachment."""
_PARTS = re.compile(rf"(?:{_INCLUDES}):?(?P<what>.+)")
_OTHER_FIGURE = re.compile(
    "不含|未含|不包|未包|另|除外|扣除|剔除|以外|外加|[后前应改]为|更正|调整为|合计|共计|总共|%|‰"
)
"""What makes the remark more than parts of the figure in front of it."""
_DOCUMENTS = re.compile(rf"{_DOCUMENT}(?:[、,;]{_DOCUMENT})*")
_CHANGE = re.compile("追加|追减|调增|调减|收回|核减|核增|结转")
_GRADE = re.compile("优秀?|良好?|中|一般|合格|不合格|较?差")
_PART = re.compile(FIGURE)
_PLAIN = r"\d+(?:\.\d+)?"
_SUM = re.compile(rf"{_PLAIN}(?:\+{_PLAIN})+", re.ASCII)
_QUOTIENT = re.compile(rf"({_PLAIN})[/÷]({_PLAIN})", re.ASCII)


def without_remark(text: str) -> str | None:
    """The figure with its unit in front of a remark, None where there is none or it may change the figure.

    `text`: normalised, without white space. Harmless remarks: a reference (见附件), the
    documents it rests on (县财预〔2023〕12号), its grade (优), why it is 0 (未发生), how it was computed
    (80+20, 115/120), and its parts (含, 其中), none larger than the figure.
    """
    match = _CELL.fullmatch(text)
    if match is None:
        return None
    remark = match["inside"] or match["behind"]
    if _REFERENCE.fullmatch(remark) or _GRADE.fullmatch(remark) or _rests_on_documents(remark):
        return match["figure"]
    parts = _PARTS.fullmatch(remark)
    sizes = _sizes(match["figure"])
    if parts is None:
        nothing = remark in (*NOT_APPLICABLE, *NOTHING_SPENT, *NOT_ASKED) and sizes == [0]
        return match["figure"] if nothing or _worked_out(match["figure"], sizes[0], remark) else None
    harmless = not _OTHER_FIGURE.search(parts["what"]) and all(size <= sizes[0] for size in _sizes(parts["what"]))
    return match["figure"] if harmless else None


def _rests_on_documents(remark: str) -> bool:
    return _DOCUMENTS.fullmatch(remark) is not None and not _OTHER_FIGURE.search(remark) and not _CHANGE.search(remark)


def _worked_out(text: str, size: Decimal, remark: str) -> bool:
    """Whether the remark is a sum equal to the figure, or a quotient equal to it at the decimals shown."""
    if _SUM.fullmatch(remark):
        return sum(_sizes(remark)) == size
    over = _QUOTIENT.fullmatch(remark)
    if over is None or not Decimal(over[2]):
        return False
    quotient = Decimal(over[1]) / Decimal(over[2]) * (100 if text.endswith("%") else 1)
    return abs(quotient - size) * 2 <= Decimal(1).scaleb(-places(size))


def _sizes(text: str) -> list[Decimal]:
    return [size for part in _PART.findall(text) if (size := figure(part)) is not None]
