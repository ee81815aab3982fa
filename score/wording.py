"""The sentences of scoring: what is wrong with a score, and what to do about it."""

from __future__ import annotations

from decimal import Decimal

from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.rules.naming import item_label, quoted, ref_name, row_labels
from gouji.templates.rules.nodes import Ref
from gouji.templates.rules.scope import EVIDENCE
from gouji.templates.scoring.points import points_text
from gouji.templates.verdicts import ROUNDING
from gouji.validate.inputs import InputAt
from gouji.validate.possible import IMPOSSIBLE


def stated_text(value: Decimal) -> str:
    """A self-score as it is filled in: `9.3分`."""
    return f"{plain(value)}分"


def indicator_label(form: Form, indicator: str) -> str:
    """An indicator's name as printed."""
    return row_labels(form).get(indicator, indicator)


def reference_label(form: Form, ref: Ref, year: int | None) -> str:
    """What an input is called, wherever it stands: own table, another table of the unit, 评分依据."""
    for key in form.definition.uses.values():
        other = form.uses(key)
        if other.name == ref.form and ref.item in other.items:
            return item_label(other, other.items[ref.item], year)
    return ref_name(form, ref, year=year)


def missing_text(form: Form, inputs: list[InputAt], year: int | None) -> str:
    """`“年初预算”“本年追加”（本版表格没有）`: every input that cannot be used, and why."""
    why: dict[str, list[str]] = {}
    for operand in inputs:
        if operand.trouble is not None:
            unasked = operand.ref.form == EVIDENCE and operand.trouble != IMPOSSIBLE
            reason = "本版表格没有" if unasked else operand.trouble
            why.setdefault(reason, []).append(quoted(reference_label(form, operand.ref, year)))
    return "、".join(f"{''.join(dict.fromkeys(names))}（{reason}）" for reason, names in why.items())


def what_it_takes(inputs: list[InputAt], full_when_absent: bool) -> str:
    """What the unit or the bureau can do about missing inputs."""
    refs = [operand.ref for operand in inputs if operand.trouble is not None]
    if any(operand.trouble == IMPOSSIBLE for operand in inputs):
        return "更正后才能复算。"
    if refs and all(ref.form == EVIDENCE for ref in refs):
        return "需要另附这些数据作为评分依据，才能复算。"
    if refs and full_when_absent:
        return "如没有该类项目，请在表中填 0 或“无”；如有，请补填后再核对。"
    return "请补齐，补齐后才能复算。" if refs else "请核实表内数据，或说明理由。"


def differs_text(label: str, stated: Decimal, how: str, expected: str, gap: Decimal) -> str:
    """A self-score that no reading yields. `how`: the steps of the recomputation."""
    # Which of the two is higher, and not that it is 虚高: why it is, nobody knows yet.
    # By nothing where the range is open: the steps say that its end does not belong to it.
    by = f"，自评{'高' if gap > 0 else '低'}{points_text(abs(gap))}" if gap else ""
    sentence = f"{quoted(label)}自评{stated_text(stated)}，复算应为{expected}{by}"
    return f"{sentence}。计算过程：{how}。请核对后更正，或说明理由。"


def rounding_text(label: str, stated: Decimal, how: str, expected: str, cut_off: bool) -> str:
    """A self-score that only rounding keeps from the recomputed one."""
    why = "是直接舍去尾数、没有四舍五入造成的" if cut_off else "在数据四舍五入的范围之内"
    sentence = f"{quoted(label)}自评{stated_text(stated)}，复算为{expected}，相差{why}，属于{ROUNDING}，无须更正"
    return f"{sentence}。计算过程：{how}。"


def unchecked_text(label: str, stated: Decimal, why: str, what_to_do: str) -> str:
    """A self-score that cannot be recomputed."""
    return f"{quoted(label)}自评{stated_text(stated)}，无法复算：{why}。{what_to_do}"


def unattainable_text(label: str, stated: Decimal, possible: str | None, points: Decimal) -> str:
    """A self-score that the printed criteria cannot yield."""
    only = f"只能得{possible}分" if possible else f"应在0至{points_text(points)}之间"
    return f"{quoted(label)}自评{stated_text(stated)}，按评价标准{only}。请按评价标准重新评分，或说明理由。"
