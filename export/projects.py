"""项目绩效汇总 worked out: which columns a 自评表 has for money, and the rows of its consolidation."""

from __future__ import annotations

from dataclasses import dataclass

from templates.form import Form
from templates.rules.nodes import Binary, Ref


@dataclass(frozen=True, slots=True)
class Money:
    """The items of the row on which the execution rate stands: its amounts in order, and the stated rate."""

    amounts: tuple[str, ...]
    budget: str
    executed: str
    stated_rate: str | None


def money_of(form: Form) -> Money | None:
    """The money of a form whose projects are taken together (自评表, 专项自评表, 项目自评报告); None for any other."""
    match form.execution_rate:
        case Binary(
            sign="/",
            left=Ref(form=None, list_id=None) as executed,
            right=Ref(form=None, list_id=None) as budget,
        ):
            row = form.items[executed.item].row
            beside = [item for item in form.items.values() if item.row == row]
            rates = [item.id for item in beside if item.kind == "rate"]
            amounts = tuple(item.id for item in beside if item.kind == "amount")
            return Money(amounts, budget.item, executed.item, rates[0] if rates else None)
        case _:
            return None
