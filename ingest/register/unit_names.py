"""Names of units as people write them: with a stamp, a code before or behind it, or shortened."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from gouji.templates.blanks import NO_NAME, NOT_APPLICABLE, NOT_ASKED
from gouji.templates.head_words import PLACES, SECTIONS, SELF, UNITS
from gouji.templates.labels import squeezed

_STAMP = r"(?:加盖|单位|部门)?(?:公\s*章|盖\s*章|签\s*章|印\s*章|章)"
_STAMPED = re.compile(rf"[(\[【]\s*{_STAMP}\s*[)\]】]|(?<=\S)\s+{_STAMP}\s*$|(?:盖章|公章)[:：]?\s*$")
_CODE_BEFORE = re.compile(r"[(\[【]?(\d{3,20})[)\]】]?\s*[-_—–:：.、]*\s*(?=[^\d\s])")
_CODE_BEHIND = re.compile(r"(?<=\D)[(\[【]\s*(\d{3,20})\s*[)\]】]$")
_NOBODY = frozenset((*NO_NAME, *NOT_APPLICABLE, *NOT_ASKED))
_LEADS = re.compile(
    rf"(.{{2,}}?(?:{'|'.join(sorted(UNITS, key=len, reverse=True))}))"
    "(?=部门|项目|整体|预算|财政支出|财政项目|专项|政策|绩效|自评|基础数据|评分|上报|报送|报表|汇总|填报)"
)
_NOBODYS = ("各", "全", "本", "我", "县直", "市直", "区直", "省直", "乡镇", "中央", "地方", "附件")
_LONGEST_TITLE = 60
_APART = re.compile(r"[^\w]+|_|(?:19|20)\d{2}年?度?")


def unstamped(text: str) -> str:
    """A label or name without the place of its stamp: `实施单位（盖章）` → 实施单位."""
    return _STAMPED.sub("", unicodedata.normalize("NFKC", text).strip()).strip()


class Named(NamedTuple):
    """A unit as it was written: its code, empty where none was, and its name without stamp."""

    code: str
    name: str


@lru_cache(maxsize=65536)
def named(text: str) -> Named:
    """`219001-某镇（公章）` → 219001, 某镇; nothing of （无） and other words for nothing."""
    name = unstamped(text)
    if squeezed(name).strip("()") in _NOBODY:
        return Named("", "")
    before, behind = _CODE_BEFORE.match(name), _CODE_BEHIND.search(name)
    if before is not None:
        return Named(before[1], name[before.end() :].strip())
    if behind is not None:
        return Named(behind[1], name[: behind.start()].strip())
    return Named(name, "") if name.isdigit() else Named("", name)


def is_section(name: str) -> bool:
    """Whether a name may be that of a section (股, 科, 中心 …) or what a unit calls itself."""
    short = squeezed(name)
    return short in SELF or (len(short) > 1 and short.endswith(SECTIONS))


def shortens(short: str, full: str) -> bool:
    """Whether all signs of one name stand in the other in their order: 交通局 and 某县交通运输局."""
    short, signs = squeezed(short), iter(squeezed(full))
    return len(short) > 1 and all(sign in signs for sign in short)


def unit_within(text: str) -> str:
    """The one part of a file's or folder's name that ends as names of units do; empty where none or several do."""
    parts = {
        part for part in _APART.split(unicodedata.normalize("NFKC", text)) if len(part) > 2 and part.endswith(UNITS)
    }
    return parts.pop() if len(parts) == 1 else ""


def units_named(text: str) -> set[str]:
    """The names of units with which a title, a line or the name of a file begins: 某县水利局2023年度自评表."""
    if len(text) > _LONGEST_TITLE:
        return set()
    parts = [part.lstrip("0123456789") for part in _APART.split(unicodedata.normalize("NFKC", text)) if part]
    led = [part if part.endswith(UNITS) else match[1] for part in parts if (match := _LEADS.match(part + "自评"))]
    return {name for name in led if len(name) > 2 and not name.startswith(_NOBODYS) and not name.endswith("财政局")}


def stands_alone(name: str) -> bool:
    """Whether a name without more about it can be a unit's: one that a section may have too needs its place."""
    return not is_section(name) or any(sign in name for sign in (*PLACES, "镇", "乡"))
