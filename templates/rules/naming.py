"""What items are called in sentences: the labels printed on the form, without what the sentence says anyway."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from gouji.templates.blocks import FieldsBlock, GridBlock, HeaderField, PairsBlock, Row
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.labels import one_line, unnumbered
from gouji.templates.layout import with_year
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import Ref
from gouji.templates.rules.scope import EVIDENCE, PREVIOUS, REFERENCE
from gouji.templates.rules.sentence import sentence
from gouji.templates.scores_block import ScoresBlock

BY_LINE, BY_ROW = "（逐行核对）", "（各行分别核对）"
"""Behind a rule that is repeated over the lines of a list, or over rows."""


def rule_sentence(form: Form, rule: Rule, year: int | None = None) -> str:
    """The rule in words, with the labels of its form; what it is repeated over is said once, at the end."""
    if rule.words:
        return rule.words
    words = sentence(rule.node, partial(ref_name, form, rule=rule, year=year))
    if rule.list_id is not None:
        return f"{words}{BY_LINE}"
    if rule.column is not None:
        return f"{words}（各金额栏分别核对）"
    return words if rule.row is None else f"{words}{BY_ROW}"


def placed_sentence(form: Form, rule: Rule, year: int | None = None) -> str:
    """The same for the one column or row that the rule stands in: `三公经费应等于…（2021年决算数）`."""
    words = rule.words or sentence(rule.node, partial(ref_name, form, rule=rule, year=year))
    if rule.column is not None:
        return f"{words}（{column_label(form.items[rule.item], year).removesuffix('（万元）')}）"
    return words if rule.row is None else f"{words}（{row_labels(form).get(rule.row, rule.row)}）"


def quoted(label: str) -> str:
    """In quotation marks, which are not doubled."""
    return f"“{label.replace('“', '').replace('”', '')}”"


def ref_name(form: Form, ref: Ref, *, year: int | None = None, rule: Rule | None = None) -> str:
    """An item in a sentence; the column, row or list that `rule` is repeated over is left out."""
    if ref.form == EVIDENCE:
        return form.evidence[ref.item].label
    if ref.form == PREVIOUS:
        name = ref_name(
            form, replace(ref, form=ref.last_year, last_year=None), year=None if year is None else year - 1, rule=rule
        )
        return f"上年报表的{name}"
    if ref.form == REFERENCE:
        return f"《{form.scope.others[REFERENCE][0]}》{ref.item}"
    if ref.form is not None:
        short = next((alias for alias, (name, _) in form.scope.others.items() if name == ref.form), ref.form)
        row, _, last = ref.item.rpartition(".")
        return f"《{short}》{row}（{last}）" if row else f"《{short}》{last}"
    column = None if rule is None else rule.column
    if ref.item in form.items:
        item = form.items[ref.item]
        if rule is not None and rule.row is not None and item.row == rule.row:
            return column_label(item, year)
        return _item_name(form, item, year, column)
    item = form.scope.list_columns[ref.item]
    if rule is not None and rule.list_id is not None and rule.list_id == item.list_id:
        return column_label(item, year)
    owner = ref.group or ref.list_id or ""
    return owner if item.column == column else f"{owner}{column_label(item, year)}"


def item_label(form: Form, item: Item, year: int | None) -> str:
    """`三公经费（2021年决算数）`: the row's and the column's label as printed, without line breaks."""
    return _item_name(form, item, year, None)


def _item_name(form: Form, item: Item, year: int | None, column: str | None) -> str:
    if item.role == "year":
        return "年度"
    if item.row is None:
        return column_label(item, year)
    row = row_labels(form).get(item.row, item.row)
    return row if item.column == column else f"{row}（{column_label(item, year).removesuffix('（万元）')}）"


def column_label(item: Item, year: int | None) -> str:
    """A column's or field's label on one line; 本年 and 上年 where no year is known."""
    label = one_line(item.label).rstrip(":：")
    return with_year(label, year) if year is not None else label.replace("{年}年", "本年").replace("{上年}年", "上年")


def row_labels(form: Form) -> dict[str, str]:
    """Row, indicator or field id → its printed label on one line."""
    labels: dict[str, str] = {}
    for block in form.definition.blocks:
        match block:
            case GridBlock(rows=rows) | PairsBlock(rows=rows):
                labels |= {row.id: _row_label(row) for row in rows if isinstance(row, Row)}
            case ScoresBlock(indicators=indicators):
                labels |= {indicator.id: "、".join(indicator.printed_labels) for indicator in indicators}
            case FieldsBlock(fields=fields):
                named = (block_field for block_field in fields if isinstance(block_field, HeaderField))
                labels |= {header.id: one_line(header.label or header.id).rstrip(":：") for header in named}
            case _:
                pass
    return labels


def _row_label(row: Row) -> str:
    return unnumbered(one_line(row.label or row.id).rstrip(":："))
