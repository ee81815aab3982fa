"""The kinds of active content of a file: the word for each, the remark for people, whether a copy can do without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

_NAMED, _LONGEST = 3, 60
"""Places that are named of a kind, and the characters of each."""


class Acting(Enum):
    """A kind of active content.

    word: the noun in 文件含有…; remark: the remark when it is met ({} is its place), empty for content that is
    idle when a workbook is opened; leaves: whether a workbook is complete without it.
    """

    MACRO = "宏", "含有宏{}，未运行", True
    MACRO_SHEET = "宏表", "含有宏表{}，未运行", False
    AUTOMATIC = "自动运行的名称", "含有打开、关闭时自动运行的名称{}，未运行", True
    SCRIPT = "脚本", "含有脚本{}，未运行", False
    LAUNCH = "启动程序的动作", "含有启动程序的动作{}，未运行", False
    EVENT = "事件", "含有绑定在单元格、图形上的程序{}，未运行", True
    RIBBON = "自定义的功能区", "含有自定义的功能区或工具栏{}，未启用", True
    ADD_IN = "网络加载项", "含有网络加载项{}，未运行", False
    CONTROL = "控件", "含有控件{}，未运行", False
    OBJECT = "嵌入的对象", "含有嵌入的对象{}，未打开", False
    DDE = "DDE 链接", "含有 DDE 链接（从别的程序取数）{}，未运行", True
    CALL = "访问网络或运行程序的公式", "含有访问网络或运行程序的公式{}，没有重新计算", True
    OTHER_BOOK = "其他工作簿的链接", "链接了其他工作簿{}，链接未更新", True
    CONNECTION = "外部数据连接", "含有外部数据连接{}，未刷新", False
    OUTSIDE = "外部的对象", "按地址取用外部的内容{}，没有访问", False
    ADDRESS = "带有地址的公式", "公式里有网址或共享路径{}，没有访问", True
    REVISION = "共享工作簿的修订记录", "", False
    SIGNATURE = "数字签名", "", True

    def __init__(self, word: str, remark: str, leaves: bool) -> None:
        self.word, self.remark, self.leaves = word, remark, leaves


class Act(NamedTuple):
    """Something that acts, and where it stands: a part of the file, a cell, a name; empty where nothing says."""

    kind: Acting
    where: str


def remarks(acts: Iterable[Act]) -> Iterator[str]:
    """One Chinese remark per kind that was met, in the order of the kinds."""
    places: defaultdict[Acting, dict[str, None]] = defaultdict(dict)
    for act in acts:
        places[act.kind][act.where] = None
    for kind in Acting:
        if kind in places and kind.remark:
            yield f"文件{kind.remark.format(_listed(list(places[kind])))}，也不会带入结果。"


def _listed(places: list[str]) -> str:
    places = [place for place in places if place]
    if not places:
        return ""
    named = "、".join(place if len(place) <= _LONGEST else f"{place[:_LONGEST]}…" for place in places[:_NAMED])
    return f"（{named}等 {len(places)} 处）" if len(places) > _NAMED else f"（{named}）"
