"""Where a definition contradicts itself: what the models of its blocks cannot see one by one."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from gouji.templates.blocks import FieldsBlock, GridBlock, HeaderField, ListBlock, PairsBlock
from gouji.templates.rules.nodes import Binary, refs
from gouji.templates.scores_block import ScoresBlock

if TYPE_CHECKING:
    from gouji.templates.form import Form

Contradiction = tuple[str, str]
"""The key of the definition, and what is wrong there."""


def contradictions(form: Form) -> Iterator[Contradiction]:
    """Worked out one after another: what follows the first may rest on it. Raises DefinitionError for a broken rule."""
    for look in (_ids, _columns, _lines, _spans, _indicators, _projects, _named, _unpointed, _cycles):
        yield from look(form)


def _ids(form: Form) -> Iterator[Contradiction]:
    seen: set[str] = set()
    for block in form.definition.blocks:
        names = [item.id for item in form.block_items.items(block)] + [
            spec.id for spec in form.block_items.lists(block)
        ]
        for name in names:
            if name in seen:
                yield name, "这个名称用了两次，请改成不同的名称"
            if not all(part.isidentifier() for part in name.split(".")):
                yield name, "名称只能用汉字、字母、数字和下划线，且不能以数字开头"
            seen.add(name)


def _columns(form: Form) -> Iterator[Contradiction]:
    """A value of a list is told by its line and column alone, so that no column may belong to two lists."""
    seen: dict[str, str] = {}
    for spec in form.lists.values():
        for column in (*spec.levels, *spec.columns):
            if column in seen:
                yield f"{spec.id}.{column}", f"清单“{seen[column]}”已有这一栏，请改成不同的名称"
            seen[column] = spec.id


def _spans(form: Form) -> Iterator[Contradiction]:
    width = len(form.definition.page.widths)
    for block in form.definition.blocks:
        for name, span in _widths(block):
            if span != width:
                yield name, f"各栏合计占 {span} 列，page.widths 是 {width} 列"


def _lines(form: Form) -> Iterator[Contradiction]:
    for block in form.definition.blocks:
        if not isinstance(block, ListBlock):
            continue
        for key, values in (("spans", block.spans), ("level_labels", block.level_labels)):
            if values and len(values) != len(block.levels):
                yield f"{block.list_id}.{key}", f"应与 levels 一样是 {len(block.levels)} 个"
        for leaf in (leaf for group in block.groups for leaf in group.groups):
            if len(leaf.printed) > leaf.slots:
                yield f"{leaf.id}.printed", f"印好的名称有 {len(leaf.printed)} 个，slots 只有 {leaf.slots} 行"


def _indicators(form: Form) -> Iterator[Contradiction]:
    for name, (block, place) in form.indicators.items():
        indicator = block.indicators[place]
        if len(indicator.under) != len(block.levels) - 1:
            yield f"indicators.{name}.under", f"应写 {len(block.levels) - 1} 级上级指标"
        unknown = [section for section in indicator.under if section not in block.sections]
        if unknown:
            yield f"indicators.{name}.under", f"sections 里没有“{unknown[0]}”"


def _named(form: Form) -> Iterator[Contradiction]:
    """Items that are named outside rules must be there."""
    grids = [block for block in form.definition.blocks if isinstance(block, GridBlock)]
    against = [(f"{grid.grid}.{one.id}", one.yuan_against) for grid in grids for one in grid.columns]
    for key, item in [*(("faults", item) for item in form.definition.faults), *against]:
        if item is not None and item not in form.items:
            yield key, f"表中没有“{item}”"
    scoring = form.definition.scoring
    if scoring is not None and scoring.sheet is not None and scoring.sheet.alert is not None:
        yield from _spending(form, "scoring.sheet.alert")


def _unpointed(form: Form) -> Iterator[Contradiction]:
    """What is asked of indicators without points must be there: their columns, a score, the money."""
    definition = form.definition
    stated, unscored = definition.stated_score, definition.unscored
    if stated is not None and (stated.item not in form.items or form.items[stated.item].kind != "points"):
        yield "stated_score.item", f"表中没有得分“{stated.item}”"
    if unscored is not None and (stated is not None or definition.scoring is not None):
        yield "unscored", "只用于不评分的表，这里已写了 stated_score 或 scoring"
    if definition.indicators is None:
        return
    key, indicators = definition.indicators
    columns = {indicators.target, indicators.actual} | ({unscored.reason} if unscored is not None else set())
    lines = form.lists.get(indicators.lines)
    if lines is None or not columns <= lines.columns.keys():
        yield f"{key}.lines", f"没有清单“{indicators.lines}”，或其中没有这些栏：{'、'.join(sorted(columns))}"
    if indicators.completion is not None:
        yield from _spending(form, f"{key}.completion")
    if stated is not None and stated.alert is not None:
        yield from _spending(form, "stated_score.alert")


def _spending(form: Form, key: str) -> Iterator[Contradiction]:
    """Whoever holds a score against the money needs to know of which."""
    if not isinstance(form.spending_rate, Binary):
        yield key, "没有写明执行率（rate）"


def _cycles(form: Form) -> Iterator[Contradiction]:
    """No computed item may need itself, by whatever way round."""
    needed = {item: {ref.item for ref in refs(node)} & form.computed.keys() for item, node in form.computed.items()}
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        way = " → ".join(error.args[1])
        rule = next(rule for rule in form.rules if rule.fills and rule.item == error.args[1][0])
        yield f"checks.{rule.id}", f"算式绕回到了自己：{way}"


def _projects(form: Form) -> Iterator[Contradiction]:
    for ties in form.definition.projects:
        if ties.list_id not in form.lists:
            yield "projects.list", f"表里没有清单“{ties.list_id}”"
        if ties.form not in form.scope.others:
            yield "projects.form", f"uses 里没有“{ties.form}”"
        columns, items = form.lists[ties.list_id].columns, form.scope.others[ties.form][1].items
        for column, tied in ties.columns.items():
            if column not in columns or columns[column].kind != "amount":
                yield f"projects.columns.{column}", f"清单“{ties.list_id}”没有金额栏“{column}”"
            for item in tied:
                if item not in items or items[item].kind != "amount":
                    yield f"projects.columns.{column}", f"“{ties.form}”没有金额“{item}”"


def _widths(block: object) -> Iterator[tuple[str, int]]:
    """How many sheet columns the parts of a block take."""
    match block:
        case FieldsBlock(fields=fields):
            widths = [f.label_span + f.span if isinstance(f, HeaderField) else f.span for f in fields]
            first = next((f.id for f in fields if isinstance(f, HeaderField)), "fields")
            yield first, sum(widths)
        case GridBlock():
            spans = sum(column.span for column in block.columns)
            yield block.grid, block.left + block.stub_span + spans + block.closed_span
        case PairsBlock():
            yield block.pairs, len(block.columns) * (block.label_span + block.span)
        case ListBlock():
            yield block.list_id, block.left + sum(span for _, _, span in block.heads)
        case ScoresBlock():
            yield block.scores, len(block.order)
        case _:
            pass
