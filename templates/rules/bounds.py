"""What cannot be: bounds that follow from the kind of an item and from what its definition says of it, as rules.

They are the same for every form: a figure that is not `signed` is not below 0, a count is whole, a part is not more
than its whole (`part_of`), nothing is more than its `most`. A figure that breaks one is impossible: it must be
corrected, and no score is worked out from it (`validate.possible`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gouji.templates.items import Item
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import Call, Compare, Node, Number, Ref
from gouji.templates.rules.parse import parse_rule
from gouji.templates.rules.scope import Scope

NOT_NEGATIVE, WHOLE, PART, MOST = "N-01", "N-02", "N-03", "N-04"
WORDS = {
    NOT_NEGATIVE: "金额、个数、数量、比率和得分应不小于 0（结余、调整等可以为负数的栏除外）",
    WHOLE: "人数、个数应为整数",
    PART: "其中的一部分应不大于总数",
    MOST: "得分、比率应不大于能达到的最高值",
}
"""Each bound in general words, for all the items that it holds for."""


def item_bounds(item: Item, scope: Scope, *, computed: bool) -> Iterator[Rule]:
    """The bounds of an item, or of a column of a list. Raises RuleError where its `part_of` names nothing.

    `computed`: a rule of the form works it out. Such a rate or score is held to its inputs, which have bounds of their
    own; a total may stand alone, its parts left blank.
    """
    if not item.is_figure or item.fixed is not None:
        return
    reference = Ref(item.id, item.kind, list_id=item.list_id)
    if not item.signed and not (computed and item.kind in ("rate", "points")):
        yield _bound(NOT_NEGATIVE, item, Compare("≥", reference, Number(Decimal(0))))
    if item.kind == "count":
        yield _bound(WHOLE, item, Compare("=", reference, Call("舍入", (reference, Number(Decimal(0))), item.kind)))
    if item.part_of is not None:
        place = scope.at(column=item.column, row=item.row, line=item.list_id)
        yield _bound(PART, item, parse_rule(f"{item.id} ≤ {item.part_of}", place))
    if item.most is not None:
        yield _bound(MOST, item, Compare("≤", reference, Number(item.most, item.kind)))


def _bound(code: str, item: Item, node: Node) -> Rule:
    return Rule(
        id=code, item=item.id, node=node, severity="强制性", layer="表内", fills=False, optional=True,
        list_id=item.list_id, words=WORDS[code], is_bound=True,
    )  # fmt: skip
