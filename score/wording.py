"""The sentences of scoring: what is wrong with a score, and what to do about it."""

from __future__ import annotations

from decimal import Decimal

from templates.form import Form
from templates.rules.nodes import Ref
from templates.rules.quantity import round_half_up
from templates.rules.scope import EVIDENCE
from templates.rules.sentence import plain
from validate.frames import ROUNDING
from validate.inputs import InputAt
from validate.wording import input_label, item_label, row_labels

TOO_HIGH, TOO_LOW = "虚高", "虚低"
_PLACES = 2


def points_text(value: Decimal) -> str:
    """`9.33分`: at most two decimals, half up."""
    return f"{plain(round_half_up(value, _PLACES))}分"


def figure(value: Decimal) -> str:
    """A stated figure as it is, without trailing zeros."""
    return plain(value)


def percent(rate: Decimal) -> str:
    """`281.61%`."""
    return f"{plain(round_half_up(rate * 100, _PLACES))}%"


def range_text(low: Decimal, high: Decimal) -> str:
    """`8分` or `8分至10分`."""
    return points_text(low) if low == high else f"{points_text(low)}至{points_text(high)}"


def indicator_label(form: Form, indicator: str) -> str:
    """An indicator's name as printed, without quotation marks of its own (the sentences set them)."""
    return row_labels(form).get(indicator, indicator).strip("“”")


def quoted(label: str) -> str:
    """In quotation marks, which are not doubled."""
    return f"“{label.replace('“', '').replace('”', '')}”"


def reference_label(form: Form, ref: Ref, year: int | None) -> str:
    """What an input is called, wherever it stands: own table, another table of the unit, 评分依据."""
    if ref.form == EVIDENCE:
        return form.evidence[ref.item].label
    if ref.form is None:
        return input_label(form, ref, year)
    for key in form.definition.uses.values():
        other = form.uses(key)
        if other.name == ref.form and ref.item in other.items:
            return item_label(other, other.items[ref.item], year)
    return ref.item


def missing_text(form: Form, inputs: list[InputAt], year: int | None) -> str:
    """`“年初预算”（本版表格没有这一项）`: every input that cannot be used, and why."""
    told = [
        f"{quoted(reference_label(form, one.ref, year))}（{_why(one)}）" for one in inputs if one.trouble is not None
    ]
    return "、".join(dict.fromkeys(told))


def _why(given: InputAt) -> str:
    if given.ref.form == EVIDENCE:
        return "本版表格没有这一项"
    return str(given.trouble).replace("“", "").replace("”", "")


def what_it_takes(inputs: list[InputAt], full_when_absent: bool) -> str:
    """What the unit or the bureau can do about missing inputs."""
    refs = [one.ref for one in inputs if one.trouble is not None]
    if refs and all(ref.form == EVIDENCE for ref in refs):
        return "需要另附这些数据作为评分依据，才能复算。"
    if full_when_absent:
        return "如没有该类项目，请在表中填 0 或“无”；如有，请补填后再核对。"
    return "补齐后才能复算。"


def differs_text(label: str, stated: Decimal, how: str, expected: str, gap: Decimal) -> str:
    """A self-score that no reading yields. `how`: the steps of the recomputation."""
    word = TOO_HIGH if gap > 0 else TOO_LOW
    return f"{quoted(label)}自评{figure(stated)}分，{how}，应为{expected}，{word}{points_text(abs(gap))}。请核对后更正，或说明理由。"


def rounding_text(label: str, stated: Decimal, how: str, expected: str, cut_off: bool) -> str:
    """A self-score that only rounding keeps from the recomputed one."""
    why = "少进了一位（应四舍五入）" if cut_off else "在四舍五入的范围之内"
    return f"{quoted(label)}自评{figure(stated)}分，{how}，算得{expected}，相差{why}，属于{ROUNDING}，无须更正。"


def unchecked_text(label: str, stated: Decimal, why: str, what_to_do: str) -> str:
    """A self-score that cannot be recomputed."""
    return f"{quoted(label)}自评{figure(stated)}分，无法复算：{why}。{what_to_do}"


def unattainable_text(label: str, stated: Decimal, possible: str | None) -> str:
    """A self-score that the printed criteria cannot yield."""
    only = f"只能得{possible}分" if possible else "得不出这个分数"
    return f"{quoted(label)}自评{figure(stated)}分，按评价标准{only}。请按评价标准重新评分，或说明理由。"
