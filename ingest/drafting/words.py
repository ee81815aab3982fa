"""What the words of a blank form tell: kinds of values, roles, identifiers, years, values that are personal."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field

from gouji.templates.labels import identifier, one_line, squeezed
from gouji.templates.model import Kind, Role
from gouji.templates.rules.parse import FUNCTIONS
from gouji.templates.rules.scope import EVIDENCE, FULL

_KINDS: list[tuple[str, Kind]] = [
    (r"^(?:指标)?权重", "points"),
    (r"率(?:$|[(（])|比例|占比|百分比|[(（]%[)）]", "rate"),
    (
        r"^(?:自评|评价)?(?:得分|分值|评分|分数)|自评分|综合得分|满分"
        r"|^(?:标准|应得|实得|参考|复核|复评|初评|核定)(?:得?分|分[值数])|^(?:扣减?|加|奖励|附加)分"
        r"|(?:得分|分值|权重|总分)$|[(（]分[)）]$",
        "points",
    ),
    (r"日期|(?<!起止)时间$", "date"),
    (r"㎡|平方米|面积|规模|公里|数量", "quantity"),
    (r"人数|编制|在职|人次|户数|个数|件数|次数", "count"),
    (
        r"原因|措施|说明|备注|情况|内容|名称|目标|意见|单位$|姓名|职务|职称|电话|地址|依据|凭证|事项|文号|邮编|[编代号]码|编号|起止",
        "text",
    ),
    (r"[万亿]?元|额|费|资金|支出|收入|预算|决算|结余|结转|拨款|经费|投资|资产|补助|数$", "amount"),
]
_MEASURES = re.compile(r"指标值|目标值|完成值|实际值|完成情况$|实际完成$")
_ROLES: list[tuple[str, Role]] = [
    (r"^(?:主管|归口|预算主管|县级主管|市级主管)(?:部门|单位)(?:名称)?$", "department"),
    (
        r"^(?:填报|报送|实施|项目|预算|评价|资金使用|项目实施|项目承担)?单位(?:名称)?$"
        r"|^(?:预算)?(?:部门|单位|部门[、及和]?单位)名称$|^填报部门$",
        "unit",
    ),
    (r"^(?:项目|项目支出|专项|专项资金|预算项目|转移支付)名称$", "instance"),
]
_PERSONAL = re.compile(r"填表人|填报人|制表人|经办人|联系人|负责人|审核人|电话|姓名|签字|签名|签章|手机")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*(?=年)")
_PLACE_LEFT = re.compile(
    r"[…\.]{2,}|^指标\d*[:：]?$|^\d*[、.]?$|^(?:(?:指标|目标|任务|项目|工作|内容)\d+(?:完成情况|名称)?[:：]?)+$"
)
_BRACKETS = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")
_RESERVED = {*FUNCTIONS, EVIDENCE, FULL}
"""Words of the rule language: a row called 合计 becomes 合计数, so that `合计数 = 合计(项目)` can be written."""


def kind_of(label: str, *, measures: bool = False) -> Kind | None:
    """The kind of value under a label; None when its words tell nothing. `measures`: in a list of indicators."""
    words = squeezed(label).rstrip(":")
    bare = _BRACKETS.sub("", words)
    if measures and (_MEASURES.search(words) or _MEASURES.search(bare)):
        return "measure"
    return next((kind for pattern, kind in _KINDS if re.search(pattern, words) or re.search(pattern, bare)), None)


def role_of(label: str) -> Role | None:
    """Unit, department or instance, where the label names one."""
    words = _BRACKETS.sub("", squeezed(label).rstrip(":"))
    return next((role for pattern, role in _ROLES if re.search(pattern, words)), None)


def is_place_left(label: str) -> bool:
    """Whether words only keep the place of what its user writes: 指标1：, 目标1：目标2：, ……, 1、."""
    return _PLACE_LEFT.search(squeezed(label)) is not None


def is_personal(label: str) -> bool:
    """Whether a name or a telephone number is asked for."""
    return _PERSONAL.search(squeezed(label)) is not None


def unit_of(label: str) -> str | None:
    """The printed unit of a quantity."""
    return "㎡" if re.search(r"㎡|平方米|面积", label) else None


def latest_year(texts: list[str]) -> int | None:
    """The latest year that the labels print."""
    years = [int(digits) for text in texts for digits in _YEAR.findall(text)]
    return max(years, default=None)


def with_placeholders(text: str, year: int | None) -> str:
    """`2021年预算数` → `{年}年预算数`, `2020年…` → `{上年}年…`; other years stay as they are printed."""
    if year is None:
        return text
    names = {year: "{年}", year - 1: "{上年}"}
    return _YEAR.sub(lambda match: names.get(int(match[1]), match[0]), text)


def without_year(text: str) -> str:
    """A title without the year in front of it, or in brackets behind it."""
    text = re.sub(r"^(?:\{上?年\}|(?:19|20)\d{2}|[_×Xx ]*)年度?", "", text)
    return re.sub(r"[(（](?:\{上?年\}|(?:19|20)\d{2}|[_×Xx ]*)年度?[)）]$", "", text)


def plain_name(label: str) -> str:
    """A label as an identifier, perhaps empty: no numbering, brackets, punctuation; {年}年 is 本年."""
    label = re.sub(r"\{上年\}年度?", "上年", label)
    label = re.sub(r"\{年\}年度?", "本年", label)
    name = identifier(_BRACKETS.sub("", one_line(label)))
    name = "".join(sign for sign in name if f"a{sign}".isidentifier())
    return f"_{name}" if name and not name.isidentifier() else name


@dataclass
class Names:
    """The names given so far, so that none is given twice."""

    taken: set[str] = field(default_factory=set)

    def take(self, label: str, fallback: str, parent: str = "") -> str:
        """A free identifier for a label; one that is taken is keyed by `parent`, then numbered."""
        name = plain_name(label) or fallback
        if name in _RESERVED or keyword.iskeyword(name):
            name = f"{name}数"
        if name in self.taken and parent:
            name = f"{parent}_{name}"
        number, free = 1, name
        while free in self.taken:
            number += 1
            free = f"{name}_{number}"
        self.taken.add(free)
        return free

    def copy(self) -> Names:
        """The names given so far, to come back to."""
        return Names(set(self.taken))
