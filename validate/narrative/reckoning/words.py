"""What the words around figures say of them, and how findings call them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gouji.ingest.narrative.written import Written

_EDGES = re.compile(r"^(?:[，,、；;：:。\s()]|其中|按照?|与|比|较|并|元)+|[：:；;、的为达到是有共约仅\s(]+$")
_LABEL = 24
"""Characters of what a figure is called."""
BEFORE = re.compile(
    r"上年|去年|上一年|期初|原有|年初(?!预算|部门|批复|安排)"
    r"|(?:比|较|与|由|从)[^，]{0,6}(?:19|20)\d\d年|(?:19|20)\d\d年度?(?:的|为|是|末|底)?$"
)
"""In the clause of a figure: that it is of an earlier time."""
_CHANGE = re.compile(
    r"(?:净?增[加长]?|净?减少?|增收|增支|多|少|下降|降低|上升|提高|压减|调减|调增|追加|下滑|回落|节约)"
    r"(?:支出|开支|收入)?(?:了|额)?(?:为|达)?$"
)
_COMPARED = re.compile(r"^(?:较|比(?!例|重)|与)")
_PRICE = re.compile(r"每|(?:[户人亩车站村校班次件家平])均|单价|标准")


def called(figure: Written) -> str:
    """A figure as a finding calls it: the words of its clause, and what is printed."""
    return f"{_words(figure)}{figure.printed}"


def named(figure: Written) -> str:
    """What a figure is of."""
    return _words(figure) or "这个数"


def _words(figure: Written) -> str:
    return _EDGES.sub("", figure.clause)[-_LABEL:]


def listed(figures: Iterable[Written]) -> str:
    """Figures as a finding lists them."""
    return "、".join(figure.printed for figure in figures)


def is_compared(figure: Written) -> bool:
    """Whether something is compared with a figure: 与预算22.6万元相比."""
    return _COMPARED.search(figure.clause) is not None


def is_change(figure: Written) -> bool:
    """Whether a figure is by how much something changed."""
    return _CHANGE.search(figure.clause) is not None


def is_price(figure: Written) -> bool:
    """Whether an amount is that of each of several."""
    return _PRICE.search(figure.clause) is not None


def is_earlier(figure: Written) -> bool:
    """Whether a figure is of an earlier time than what the report is about."""
    return BEFORE.search(figure.clause) is not None
