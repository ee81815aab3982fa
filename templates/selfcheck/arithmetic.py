"""A rule's expression → rows of the calculation sheet, one per step, with the meaning of `templates.rules.quantity`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gouji.templates.grades import GRADES
from gouji.templates.precision import LESS_THAN_ONE
from gouji.templates.rules.nodes import Binary, Call, Node, Number, Over, Ref, Sum
from gouji.templates.rules.sentence import plain
from gouji.templates.selfcheck.ledger import BLANK, HIGH, LOW, NO_UNIT, VALUE, Figure, Ledger, coarsest, joined, literal


class Leaves(Protocol):
    """Where the leaves of a rule stand."""

    def figure(self, ref: Ref) -> Figure:
        """The figure of an item."""
        ...

    def parts(self, ref: Ref) -> Sequence[Figure]:
        """What 合计 adds up: the lines of a list, or an item of the unit's tables of another form."""
        ...


def figure_of(node: Node, leaves: Leaves, ledger: Ledger) -> Figure:
    """The value of an expression. Raises TypeError for a node that has none in a workbook."""
    match node:
        case Number(value=value):
            return literal(value)
        case Ref():
            return leaves.figure(node)
        case Sum(parts=parts):
            return total([figure_of(part, leaves, ledger) for part in parts], ledger)
        case Over(part=Ref() as ref):
            return total(leaves.parts(ref), ledger)
        case Binary(sign=sign, left=left, right=right):
            return _BINARY[sign](figure_of(left, leaves, ledger), figure_of(right, leaves, ledger), ledger)
        case Call(name="舍入", parts=(part, Number(value=places))):
            inner = figure_of(part, leaves, ledger)
            return ledger.figure(f"ROUND(ROUND({inner.value},9),{plain(places)})", None, None, inner.state)
        case Call(name="等次", parts=(part,)):
            return _ranked(figure_of(part, leaves, ledger), ledger)
        case Call(name="绝对值", parts=(part,)):
            return absolute(figure_of(part, leaves, ledger), ledger)
        case Call(name=("最大" | "最小") as name, parts=parts):
            return _extreme(name, [figure_of(part, leaves, ledger) for part in parts], ledger)
        case _:
            raise TypeError(f"{type(node).__name__} has no figure in a workbook")


def total(parts: Sequence[Figure], ledger: Ledger) -> Figure:
    """A sum: blank parts count as 0 while at least one is filled; anything worse than blank spoils it."""
    if not parts:
        return BLANK
    if len(parts) == 1:
        return parts[0]
    states = joined([part.state for part in parts])
    state = f"IF(MAX({states})>1,MAX({states}),IF(MIN({states})=1,1,0))"
    value, low, high = (f"SUM({joined([getattr(part, end) for part in parts])})" for end in ("value", "low", "high"))
    if all(part.exact for part in parts):
        return ledger.figure(value, None, None, state, coarsest(parts))
    return ledger.figure(value, low, high, state, coarsest(parts))


def subtract(left: Figure, right: Figure, ledger: Ledger) -> Figure:
    """A difference: both sides needed."""
    value, state, unit = f"{left.value}-{right.value}", f"MAX({left.state},{right.state})", coarsest((left, right))
    if left.exact and right.exact:
        return ledger.figure(value, None, None, state, unit)
    return ledger.figure(value, f"{left.low}-{right.high}", f"{left.high}-{right.low}", state, unit)


def multiply(left: Figure, right: Figure, ledger: Ledger) -> Figure:
    """A product: both sides needed."""
    state = f"MAX({left.state},{right.state})"
    value = f"{left.value}*{right.value}"
    if left.exact and right.exact:
        return ledger.figure(value, None, None, state)
    corners = ",".join(f"{a}*{b}" for a in (left.low, left.high) for b in (right.low, right.high))
    return ledger.figure(value, f"MIN({corners})", f"MAX({corners})", state)


def divide(left: Figure, right: Figure, ledger: Ledger) -> Figure:
    """A quotient: both sides needed; a 0 below is state 3, or 2 when 0 stands above as well."""
    both = f"MAX({left.state},{right.state})"
    state = f"IF({both}>0,{both},IF({right.value}=0,IF({left.value}=0,2,3),0))"
    value = f"IF({right.value}=0,0,{left.value}/{right.value})"
    if left.exact and right.exact:
        return ledger.figure(value, None, None, state)
    # Where the interval below the line reaches 0 the quotient has no ends: the figure itself stands for it.
    ends: tuple[str, ...] = (right.value,)
    if not right.exact:
        crosses = f"AND({right.low}<=0,{right.high}>=0)"
        narrow = ledger.add(
            value=f"IF({crosses},{right.value},{right.low})", low=f"IF({crosses},{right.value},{right.high})",
            high=_most(left, right),
        )  # fmt: skip
        ends = (narrow.part(VALUE), narrow.part(LOW))
    tops = dict.fromkeys((left.low, left.high))
    corners = ",".join(f"{a}/{b}" for a in tops for b in ends)
    low, high = f"MIN({corners})", f"MAX({corners})"
    if not right.exact and _most(left, right) is not None:
        quotient, most = f"{left.value}/{right.value}", narrow.part(HIGH)
        low, high = f"MAX({low},{quotient}-{most})", f"MIN({high},{quotient}+{most})"
    return ledger.figure(value, f"IF({right.value}=0,0,{low})", f"IF({right.value}=0,0,{high})", state)


def _most(above: Figure, below: Figure) -> str | None:
    """How far rounding moves a quotient of two rounded figures: by less than a unit of the coarser one's last place."""
    if NO_UNIT in (above.unit, below.unit):
        return None
    units = f"{above.unit},{below.unit}"
    return f"IF(MIN({units})=0,1E+99,{plain(LESS_THAN_ONE)}*MAX({units})/ABS({below.value}))"


_BINARY = {"-": subtract, "*": multiply, "/": divide}


def nearest(stated: Figure, parts: Sequence[Figure], places: int, ledger: Ledger) -> Figure:
    """任一: of the parts that are known the one nearest to what is stated, as `quantity.nearest` takes it."""
    found = parts[0]
    for other in parts[1:]:
        nearer = f"OR({other.state}>0,ABS({stated.value}-{found.value})<=ABS({stated.value}-{other.value}))"
        first = ledger.add(value=f"AND({found.state}=0,{nearer})").part(VALUE)
        value, low, high, state, unit = (
            f"IF({first},{getattr(found, part)},{getattr(other, part)})"
            for part in ("value", "low", "high", "state", "unit")
        )
        own = ledger.next.part(VALUE)
        worst = f"MAX({found.state},{other.state})"
        spoilt = f"IF(ROUND({stated.value}-{own},{places})=0,{state},{worst})"
        found = ledger.figure(value, low, high, f"IF({worst}>1,{spoilt},{state})", unit)
    return found


def absolute(part: Figure, ledger: Ledger) -> Figure:
    """|x|."""
    if part.exact:
        return ledger.figure(f"ABS({part.value})", None, None, part.state, part.unit)
    inner = f"IF(AND({part.low}<=0,{part.high}>=0),0,MIN(ABS({part.low}),ABS({part.high})))"
    return ledger.figure(f"ABS({part.value})", inner, f"MAX(ABS({part.low}),ABS({part.high}))", part.state, part.unit)


def _extreme(name: str, parts: Sequence[Figure], ledger: Ledger) -> Figure:
    """最大 / 最小: every part needed."""
    function = "MAX" if name == "最大" else "MIN"
    value, low, high = (
        f"{function}({joined([getattr(part, end) for part in parts])})" for end in ("value", "low", "high")
    )
    state = f"MAX({joined([part.state for part in parts])})"
    exact = all(part.exact for part in parts)
    return ledger.figure(value, None if exact else low, None if exact else high, state, coarsest(parts))


def _ranked(part: Figure, ledger: Ledger) -> Figure:
    """等次: the rank of the grade that so many points have."""
    steps = "+".join(f"(ROUND({part.value},9)>={plain(least)})" for least, _ in GRADES)
    return ledger.figure(steps, None, None, part.state)
