"""The parsed rule: a small tree whose leaves are figures and items. Nodes know their kind, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

BOOLEAN = "boolean"
NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Number:
    """A figure of the rule itself; `words` where it is another one in every row (满分).

    `mark`: the indicator of which it is the full mark as the form prints it; a sheet may print another one.
    """

    value: Decimal
    kind: str = NUMBER
    words: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """An item: of the own form (`form` None), of another table of the unit, or of the scoring evidence (依据).

    With `list_id`, it is a column of that list; `group` narrows it to the lines under one indicator. `last_year`: the
    form in whose last year's table it stands (上年), where that is not the own one.
    """

    item: str
    kind: str
    form: str | None = None
    list_id: str | None = None
    group: str | None = None
    last_year: str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """合计 and chains of +: blank parts count as 0 while at least one part is filled.

    The sum of a column of a 评分表 or of one of its sections has a name of its own: `of` as an item (投入.分值),
    `words` in sentences.
    """

    parts: tuple[Node, ...]
    kind: str
    of: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """合计 of a list's column over its lines, or of an item over the unit's tables of another form."""

    part: Node
    kind: str


@dataclass(frozen=True, slots=True)
class Binary:
    """− × ÷ of two figures; both sides are needed."""

    sign: str
    left: Node
    right: Node
    kind: str


@dataclass(frozen=True, slots=True)
class Call:
    """最大, 最小, 绝对值, 舍入, 金额, 等次 of figures; 任一 as the right side of an equation."""

    name: str
    parts: tuple[Node, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Filled:
    """有(x): whether something stands there; 无(x), with `nothing`: whether nothing does."""

    ref: Ref
    nothing: bool = False
    kind: str = BOOLEAN


@dataclass(frozen=True, slots=True)
class Compare:
    sign: str
    left: Node
    right: Node
    kind: str = BOOLEAN


@dataclass(frozen=True, slots=True)
class Implies:
    """若(condition, demand)."""

    condition: Node
    demand: Node
    kind: str = BOOLEAN


Node = Number | Ref | Sum | Over | Binary | Call | Filled | Compare | Implies


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Sum(parts=parts) | Call(parts=parts):
            return parts
        case Over(part=part):
            return (part,)
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Filled(ref=ref):
            return (ref,)
        case Implies(condition=condition, demand=demand):
            return (condition, demand)
        case _:
            return ()


def demanded(node: Node) -> tuple[tuple[Node, ...], Node]:
    """What a rule demands in the end, and the conditions under which: 若(a, 若(b, c)) → ((a, b), c)."""
    conditions: list[Node] = []
    while isinstance(node, Implies):
        conditions.append(node.condition)
        node = node.demand
    return tuple(conditions), node


EITHER = "任一"


def alternatives(node: Node) -> tuple[Node, ...]:
    """What a side of an equation may be: the parts of 任一, of which one is to fit, else the side itself."""
    return node.parts if isinstance(node, Call) and node.name == EITHER else (node,)


def demands_whole(node: Node) -> bool:
    """Whether a comparison demands that a figure is a whole number: x = 舍入(x, 0)."""
    match node:
        case Compare(sign="=", left=left, right=Call(name="舍入", parts=(part, Number(value=places)))):
            return left == part and places == 0
        case _:
            return False


def refs(node: Node) -> Iterator[Ref]:
    """Every item that the rule reads, in the order of its text."""
    if isinstance(node, Ref):
        yield node
    for child in children(node):
        yield from refs(child)


def marks(node: Node) -> list[str]:
    """The indicators of which the rule reads the full mark as the sheet prints it."""
    mark_read = [node.mark] if isinstance(node, Number) and node.mark else []
    return mark_read + [mark for child in children(node) for mark in marks(child)]
