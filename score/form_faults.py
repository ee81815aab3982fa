"""表样问题: where a published form contradicts itself. The bureau's to mend, never a unit's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from gouji.score.wording import indicator_label
from gouji.templates.blocks import ListBlock
from gouji.templates.exact import plain
from gouji.templates.form import Form
from gouji.templates.labels import squeezed
from gouji.templates.rules.naming import item_label
from gouji.templates.scores_block import Indicator, ScoresBlock
from gouji.templates.scoring.checklist import ChecklistRule
from gouji.templates.scoring.step import StepRule
from gouji.validate.findings import Finding, Origin, common

HUNDRED = Decimal(100)
_CRITERION, _NOTE = "评价标准", "指标说明"


def form_faults(form: Form, *, issued: bool = False) -> list[Finding]:
    """S-01 to S-07 of one edition, without a unit. `issued`: only what is wrong with the text of the workbooks that we
    issue, where criteria and notes are worded from the rule unless the definition has the official wording."""
    return [*_item_faults(form), *_indicator_faults(form, issued=issued), *_total_faults(form)]


def _item_faults(form: Form) -> Iterator[Finding]:
    """What the definition says is wrong with the print outside its scoring rules."""
    for item, detail in form.definition.faults.items():
        label = item_label(form, form.items[item], None)
        yield common("S-06", _origin(form), item=item, label=label, detail=detail)


def _indicator_faults(form: Form, *, issued: bool) -> Iterator[Finding]:
    for block, place in form.indicators.values():
        indicator = block.indicators[place]
        official = indicator.printed.keys() if issued else {_CRITERION, _NOTE}
        if _CRITERION in official:
            yield from _full_marks(form, indicator)
            yield from _reversed(form, indicator)
        yield from _parts(form, indicator)
        if indicator.stale_year is not None and _NOTE in official:
            yield _fault("S-03", form, indicator, stated=str(indicator.stale_year))
        if faults := [*(indicator.faults if official else []), *indicator.gaps]:
            # One finding for all: what is told apart by form, item and rule must not stand there twice.
            yield _fault("S-06", form, indicator, detail="；".join(faults))


def _full_marks(form: Form, indicator: Indicator) -> Iterator[Finding]:
    printed = indicator.rule.printed_full_marks
    if printed is not None and printed != indicator.points:
        yield _against("S-01", form, indicator, printed)


def _reversed(form: Form, indicator: Indicator) -> Iterator[Finding]:
    rule = indicator.rule
    if isinstance(rule, StepRule) and rule.meant is not None:
        printed, meant = (
            text.rstrip("。") for text in (rule.criterion_as_printed(indicator.points), indicator.criterion)
        )
        yield _fault("S-02", form, indicator, stated=printed, expected=meant)


def _parts(form: Form, indicator: Indicator) -> Iterator[Finding]:
    if isinstance(indicator.rule, ChecklistRule):
        total = sum((item.points for item in indicator.rule.items), Decimal(0))
        if total != indicator.points:
            yield _against("S-05", form, indicator, total)


def _total_faults(form: Form) -> Iterator[Finding]:
    for block in form.definition.blocks:
        match block:
            case ScoresBlock():
                yield from _sections(form, block)
                yield from _not_hundred(
                    form, block.scores, sum((indicator.points for indicator in block.indicators), Decimal(0))
                )
            case ListBlock() if _is_scored(form, block):
                if printed := [group.points for group in block.groups if group.points is not None]:
                    yield from _not_hundred(form, block.list_id, sum(printed, _execution_points(form)))


def _sections(form: Form, block: ScoresBlock) -> Iterator[Finding]:
    """The points printed in a section's label against its indicators, at whatever level they stand below it."""
    for section, printed in block.sections.items():
        total = sum((indicator.points for indicator in block.indicators if section in indicator.under), Decimal(0))
        if printed != total:
            yield common(
                "S-07", _origin(form), item=section, label=section, stated=plain(printed), expected=plain(total),
                difference=float(printed - total),
            )  # fmt: skip


def _is_scored(form: Form, block: ListBlock) -> bool:
    scoring = form.definition.scoring
    return scoring is not None and scoring.project is not None and scoring.project.lines == block.list_id


def _execution_points(form: Form) -> Decimal:
    """The points printed beside the self-score for 执行率."""
    scoring = form.definition.scoring
    assert scoring is not None and scoring.project is not None
    row = form.items[scoring.project.execution.points].row
    printed = form.items.get(f"{row}.分值")
    return printed.fixed if printed is not None and printed.fixed is not None else Decimal(0)


def _not_hundred(form: Form, item: str, total: Decimal) -> Iterator[Finding]:
    if total != HUNDRED:
        yield common(
            "S-04", _origin(form), item=item, stated=plain(total), expected=plain(HUNDRED),
            difference=float(total - HUNDRED),
        )  # fmt: skip


def _against(code: str, form: Form, indicator: Indicator, printed: Decimal) -> Finding:
    """A printed figure against the 分值."""
    return _fault(
        code, form, indicator, stated=plain(printed), expected=plain(indicator.points),
        difference=float(printed - indicator.points),
    )  # fmt: skip


def _fault(code: str, form: Form, indicator: Indicator, **details: Any) -> Finding:
    label = squeezed(indicator_label(form, indicator.id)).replace("“", "").replace("”", "")
    return common(code, _origin(form), item=indicator.id, label=label, **details)


def _origin(form: Form) -> Origin:
    return Origin(form=form.name, edition=form.edition)
