"""Zeros that stand for an empty result: what another program writes where a formula of an issued sheet yields "".

LibreOffice saves "" as 0 in .xls, and such a file does not tell its formulas. A total of nothing and a rate without its
amounts are blanks; a 0 there would say that somebody filled in 0.
"""

from __future__ import annotations

from ingest.input_cells import first
from ingest.located import Located
from templates.rules.nodes import Binary, Node, Ref, refs


def empty_results(located: Located) -> frozenset[str]:
    """The computed items of an issued sheet that read 0 and whose formula, by what it reads, yields nothing."""
    if located.issued is None or located.sheet.told:
        return frozenset()
    return frozenset(
        item for item in located.form.computed if _raw(located, item) == 0 and _yields_nothing(located, item)
    )


def _yields_nothing(located: Located, item: str) -> bool:
    node = located.form.computed[item]
    if isinstance(node, Binary):  # every part is needed, and a divisor other than 0
        divides = node.sign == "/" and all(_raw(located, ref.item) == 0 for ref in refs(node.right))
        return divides or any(_nothing(located, part) for part in (node.left, node.right))
    return _nothing(located, node)


def _nothing(located: Located, node: Node) -> bool:
    read = list(refs(node))
    return bool(read) and all(_blank(located, ref) for ref in read)


def _blank(located: Located, ref: Ref) -> bool:
    if ref.form is not None:
        return False  # what another table says is not looked at here
    if ref.list_id is not None:
        column = ref.item.rpartition(".")[2]
        lines = (line.columns.get(column) for line in located.lines if line.list_id == ref.list_id)
        return all(place is None or located.sheet.raw(*first(place)) is None for place in lines)
    if ref.item in located.form.computed and _raw(located, ref.item) == 0:
        return _yields_nothing(located, ref.item)
    return _raw(located, ref.item) is None


def _raw(located: Located, item: str) -> object:
    place = located.places.get(item)
    return None if place is None else located.sheet.raw(*first(place))
