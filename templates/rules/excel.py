"""A rule's expression as an Excel formula over the cells of an issued sheet.

Only functions that Excel 2010, WPS and LibreOffice share are used. While the inputs are blank the formula
gives the empty text, with the meaning of `templates.rules.quantity`: a sum needs one filled part and counts
the blank ones as 0, everything else needs all its inputs and no 0 below a fraction line. A cell with text
counts as blank: the entry rules keep text out, and checking finds what was pasted past them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gouji.templates.addresses import range_name
from gouji.templates.errors import RuleError
from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.layout import Layout, Position
from gouji.templates.rules.nodes import Binary, Call, Node, Number, Over, Ref, Sum

_FUNCTIONS = {"最大": "MAX", "最小": "MIN", "绝对值": "ABS"}


def excel_formula(form: Form, item: str, layout: Layout) -> str:
    """The formula of the computed `item`, with the leading `=`.

    Raises KeyError when nothing computes the item, RuleError (Chinese) when its expression reads what does
    not stand on the sheet.
    """
    compiler = _Compiler(form, layout, item)
    node = form.computed[item]
    return f"={compiler.guarded(node)}"


@dataclass(frozen=True)
class _Compiler:
    form: Form
    layout: Layout
    item: str

    def guarded(self, node: Node) -> str:
        """The value where there is one, else the empty text."""
        result = self.value(node)
        # From the inside out: each condition may rely on those before it.
        for condition in reversed([*self.filled(node), *self.sound(node)]):
            result = f'IF({condition},{result},"")'
        return result

    def value(self, node: Node) -> str:
        """The arithmetic itself, right wherever `filled` and `sound` hold."""
        match node:
            case Number(value=value):
                return plain(value)
            case Ref():
                return self._address(node)
            case Sum() | Over():
                return self._sum(node)
            case Binary(sign=sign, left=left, right=right):
                return f"{self._operand(left)}{sign}{self._operand(right)}"
            case Call(name="舍入", parts=(part, Number(value=places))):
                return f"ROUND({self.value(part)},{plain(places)})"
            case Call(name=name, parts=parts) if name in _FUNCTIONS:
                return f"{_FUNCTIONS[name]}({','.join(self.value(part) for part in parts)})"
            case _:
                raise self._error()

    def filled(self, node: Node) -> list[str]:
        """Conditions (never an error) under which nothing that is needed is blank."""
        cells = list(dict.fromkeys(self._needed(node)))
        sums = list(dict.fromkeys(self._some_filled(part) for part in _sums(node)))
        return [*([f"COUNT({','.join(cells)})={len(cells)}"] if cells else []), *sums]

    def sound(self, node: Node) -> list[str]:
        """Conditions under which nothing is divided by 0; valid in this order, once `filled` holds."""
        match node:
            case Binary(sign=sign, left=left, right=right):
                below = [f"{self._operand(right)}<>0"] if sign == "/" else []
                return [*self.sound(left), *self.sound(right), *below]
            case Call(parts=parts):
                return [condition for part in parts for condition in self.sound(part)]
            case Sum():
                # A part that is blank may stay so; one that is divided by 0 spoils the sum.
                _, expressions = _parted(node)
                stages = ((self.filled(part), self.sound(part)) for part in expressions)
                return [_implied(filled, sound) for filled, sound in stages if sound]
            case _:
                return []

    def _sum(self, node: Sum | Over) -> str:
        plain_parts, expressions = _parted(node)
        cells = self._cells(plain_parts)
        terms = [f"SUM({','.join(cells)})"] if cells else []
        terms += [f"IF({_all(self.filled(part))},{self.value(part)},0)" for part in expressions]
        if not terms:
            return "0"
        return terms[0] if len(terms) == 1 else f"({'+'.join(terms)})"

    def _some_filled(self, node: Sum | Over) -> str:
        plain_parts, expressions = _parted(node)
        cells = self._cells(plain_parts)
        either = [f"COUNT({','.join(cells)})>0"] if cells else []
        either += [_all(self.filled(part)) for part in expressions]
        if not either:
            return "FALSE"
        return either[0] if len(either) == 1 else f"OR({','.join(either)})"

    def _needed(self, node: Node) -> Iterator[str]:
        """Single cells that must be filled; what stands inside sums is for `_some_filled`."""
        match node:
            case Ref():
                yield self._address(node)
            case Binary(left=left, right=right):
                yield from self._needed(left)
                yield from self._needed(right)
            case Call(parts=parts):
                for part in parts:
                    yield from self._needed(part)
            case _:
                pass

    def _cells(self, parts: Iterable[Node]) -> list[str]:
        """The arguments of SUM and COUNT: literals, and cells with neighbours joined into ranges."""
        places: list[Position] = []
        literals: list[str] = []
        for part in parts:
            match part:
                case Number(value=value):
                    literals.append(plain(value))
                case Ref():
                    places.append(self._place(part))
                case Over(part=Ref() as column):
                    places += self._column(column)
                case _:
                    raise self._error()
        return [*_ranges(places), *literals]

    def _address(self, ref: Ref) -> str:
        row, column = self._place(ref)
        return range_name(row, column, row, column)

    def _place(self, ref: Ref) -> Position:
        if ref.form is not None or ref.list_id is not None or ref.item not in self.layout.positions:
            raise self._error()
        return self.layout.positions[ref.item]

    def _column(self, ref: Ref) -> list[Position]:
        """The cells of a list's column, of all its lines or of those under one indicator."""
        if ref.form is not None or ref.list_id is None:
            raise self._error()
        groups = self.form.lists[ref.list_id].groups
        groups_meant = {leaf for leaf, parent in groups.items() if ref.group in (leaf, parent)}
        column = ref.item.rpartition(".")[2]
        slots = self.layout.slots.get(ref.list_id, [])
        return [slot.columns[column] for slot in slots if ref.group is None or slot.group in groups_meant]

    def _operand(self, node: Node) -> str:
        """In brackets where the signs beside it could tear it apart."""
        return f"({self.value(node)})" if isinstance(node, Binary) else self.value(node)

    def _error(self) -> RuleError:
        return RuleError(self.item, "算式里有本表以外的内容，不能写成表内公式")


def _sums(node: Node) -> Iterator[Sum | Over]:
    """The outermost sums of an expression."""
    match node:
        case Sum() | Over():
            yield node
        case Binary(left=left, right=right):
            yield from _sums(left)
            yield from _sums(right)
        case Call(parts=parts):
            for part in parts:
                yield from _sums(part)
        case _:
            pass


def _parted(node: Sum | Over) -> tuple[list[Node], list[Node]]:
    """The parts that SUM itself can take, and the others."""
    parts: tuple[Node, ...] = node.parts if isinstance(node, Sum) else (node,)
    simple: list[Node] = [part for part in parts if isinstance(part, Number | Ref | Over)]
    return simple, [part for part in parts if not isinstance(part, Number | Ref | Over)]


def _ranges(places: list[Position]) -> list[str]:
    """Cells one below another as ranges, the rest singly, in the given order."""
    runs: list[tuple[Position, Position]] = []
    for row, column in places:
        if runs and runs[-1][1] == (row - 1, column):
            runs[-1] = (runs[-1][0], (row, column))
        else:
            runs.append(((row, column), (row, column)))
    return [range_name(*first, *last) for first, last in runs]


def _all(conditions: list[str]) -> str:
    if not conditions:
        return "TRUE"
    return conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"


def _implied(filled: list[str], sound: list[str]) -> str:
    """When filled, then sound; the second is not looked at before the first holds."""
    checked = sound[-1]
    for condition in reversed(sound[:-1]):
        checked = f"IF({condition},{checked},FALSE)"
    return f"IF({_all(filled)},{checked},TRUE)" if filled else checked
