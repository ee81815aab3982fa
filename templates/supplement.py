"""评分依据补充表: the figures that a form's scoring rules need and no table of its edition holds, asked for on a sheet.

The sheet is a form of its own, made from the `evidence` of the form that needs it; nothing is written twice.
"""

from __future__ import annotations

from functools import lru_cache

from gouji.templates.blocks import Column, FieldsBlock, GridBlock, HeaderField, NoteBlock, Page, Row, TitleBlock
from gouji.templates.definition import Definition
from gouji.templates.form import Form

SUPPLEMENT = "评分依据补充表"
FIGURE = "数值"

_NOTE = (
    "说明：这些数是“{form}”复算得分要用、其他表里没有的。金额填万元，比率填百分数；"
    "没有发生的填 0，确实没有这项数据的可以留空，留空的指标只能人工评定。"
)


def supplement_edition(form: Form) -> str:
    """The edition of the supplement that belongs to a form: `评分表.衡山县-2021`."""
    return f"{form.definition.short}.{form.edition}"


def supplement_item(evidence: str) -> str:
    """The item of the supplement in which an evidence item stands."""
    return f"{evidence}.{FIGURE}"


@lru_cache(maxsize=256)
def supplement(form: Form) -> Form | None:
    """The supplement of a form; None when its rules need nothing more."""
    if not form.evidence:
        return None
    kinds = dict.fromkeys(item.kind for item in form.evidence.values())
    definition = Definition(
        form=SUPPLEMENT,
        edition=supplement_edition(form),
        short=SUPPLEMENT,
        basis=form.definition.basis,
        per=form.definition.per,
        page=Page(widths=[40, 20, 24]),
        blocks=[
            TitleBlock(title=SUPPLEMENT),
            *(FieldsBlock(fields=[field]) for field in _fields(form)),
            *(_grid(form, kind) for kind in kinds),
            NoteBlock(note=_NOTE.format(form=form.name)),
        ],
        checks=form.definition.evidence_checks,
        uses=form.definition.uses,
    )
    return Form(definition, source=f"{SUPPLEMENT}/{definition.edition}", uses=form.uses)


def _fields(form: Form) -> list[HeaderField]:
    """Whose figures they are: the unit's, and which project's where the form is filled per project."""
    unit = HeaderField(id="填报单位", label="填报单位：", role="unit", required=True, span=2)
    project = HeaderField(id="项目名称", label="项目名称：", role="instance", required=True, span=2)
    return [unit, project] if form.definition.per == "project" else [unit]


def _grid(form: Form, kind: str) -> GridBlock:
    """The items of one kind, since a column holds one kind only."""
    items = [item for item in form.evidence.values() if item.kind == kind]
    return GridBlock(
        grid=f"依据_{kind}",
        head=_HEADS.get(kind, "需要的数据"),
        columns=[Column(id=FIGURE, kind=items[0].kind, span=2)],  # type: ignore[arg-type]
        rows=[
            Row(id=item.id, label=item.label, signed=item.signed, part_of=item.part_of, most=item.most)
            for item in items
        ],
    )


_HEADS = {
    "amount": "金额（万元）",
    "count": "个数",
    "quantity": "数量",
    "rate": "比率",
    "points": "分数",
}
