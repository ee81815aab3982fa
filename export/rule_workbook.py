"""规则簿.xlsx: the checks of an edition, handed out to be read, changed and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gouji.export.book import Book
from gouji.export.dated import UNDATED
from gouji.export.table import Column, write_list
from gouji.templates.form import Form
from gouji.templates.items import Item
from gouji.templates.labels import one_line
from gouji.templates.model import KIND_NAMES
from gouji.templates.rule_workbook import (
    ACTIVE,
    BASIS,
    EACH,
    EDITION,
    EXPORTED,
    FILLS,
    FORM,
    GUIDE_SHEET,
    HEADS,
    ID,
    LACKING,
    LAYER,
    LAYERS,
    NAMES_SHEET,
    NO,
    PASS_OVER,
    RECORD_SHEET,
    RULE,
    RULES_SHEET,
    SEVERITIES,
    SEVERITY,
    TELL,
    WORDS,
    YES,
    cells_of,
    fingerprint,
)
from gouji.templates.rules.expand import AMOUNT_COLUMNS, ROWS
from gouji.templates.rules.naming import item_label
from gouji.templates.rules.scope import EVIDENCE, REFERENCE
from gouji.templates.write import workbook_by_rows, write_text

_SPARE = 30
"""Empty rows for new rules."""
_COLUMNS = [
    Column(ID, least=7, widest=9, align="center", written=True),
    Column(RULE, least=30, widest=44, written=True),
    Column(EACH, least=10, widest=16, written=True),
    Column(SEVERITY, least=9, widest=9, align="center", written=True, choices=SEVERITIES),
    Column(LAYER, least=9, widest=9, align="center", written=True, choices=LAYERS),
    Column(WORDS, least=30, widest=44, written=True),
    Column(BASIS, least=12, widest=18, written=True),
    Column(LACKING, least=8, widest=8, align="center", written=True, choices=(TELL, PASS_OVER)),
    Column(FILLS, least=6, widest=6, align="center"),
    Column(ACTIVE, least=6, widest=6, align="center", written=True, choices=(YES, NO)),
]
_NAMES = [
    Column("规则里写的名称", least=24, widest=44),
    Column("表上的名称", least=24, widest=56),
    Column("类型", least=8, widest=10, align="center"),
    Column("在哪里", least=14, widest=26),
]
_GUIDE = [Column("栏目", least=14, widest=20), Column("怎么填写", least=90, widest=120)]
_NOTE = (
    "《{form}》（{edition}）的核对规则。黄色的栏可以修改，新的规则写在下面的空行里；各栏怎么填见“填写说明”，规则里能写哪些名称见“项目名称”。"
    "不要删除行：不再用的规则把“启用”改为“否”。改好以后保存，用 gouji rules import 读回。"
)
_NAMES_NOTE = (
    "写规则时用第一栏的名称。逐项核对的规则里只写变化以外的部分，例如逐行核对写栏的名称，逐个金额栏核对写行的名称。"
)
ADVICE = [
    (ID, "每条规则一个编号，不能重复，例如 本-01。已有的编号不要改：问题、审核意见都按编号对应。"),
    (
        RULE,
        "等式、不等式或 若(条件, 要求)。名称照“项目名称”写，符号有 ＋ － × ÷ 和 = ≠ ≤ ≥ < >，括号可以用中文的。"
        "例如 合计数 = 基本支出 + 项目支出。相差在四舍五入范围以内的算尾差，不用另写容差。",
    ),
    (
        "可以用的函数",
        "合计(清单.栏)、最大(甲, 乙)、最小(甲, 乙)、绝对值(甲)、舍入(甲, 2)、金额(指标值)、满分(组)、等次(得分)、"
        "有(项目)、无(项目)、若(条件, 要求)、任一(甲, 乙)（只写在等号右边）、上年(项目)（要有上年的结果）、"
        "参照(栏)（要有部门决算参照表）。",
    ),
    (
        EACH,
        f"空着：只核对一次。{AMOUNT_COLUMNS}：规则里写行的名称，每个金额栏各核对一次。{ROWS}：规则里写栏的名称，每一行各核对一次。"
        "清单或评分表的名称：每一行各核对一次。也可以写几个栏或行，用“、”隔开。",
    ),
    (SEVERITY, "强制性：改正后才能通过。核实性：改正或说明理由。提示：供参考。"),
    (LAYER, f"规则的类别，用来分类统计：{'、'.join(LAYERS)}。"),
    (WORDS, "规则的意思，印在审核规则里。空着或不改的，按规则自动写出；改成自己的话的，用您的话。"),
    (BASIS, "这条规则依据哪份文件的哪一条。空着的，用表样的依据。"),
    (LACKING, f"{TELL}：缺少数据、无法核对的，列为问题。{PASS_OVER}：不列。"),
    (FILLS, "填报工作簿里由这条规则自动算出的格子写“是”。这一栏只供查看，不能改。"),
    (
        ACTIVE,
        "是：用来核对。否：留着，不核对。自动计算的规则，别的规则还要用它算出的数的，不能停用。"
        "新规则可以先写“否”，用 gouji rules try 在已有的结果上试过，再改为“是”。",
    ),
    ("读回", "有一处填写有误，就全部不写，逐条指出是哪一格、怎么改；改好再读回。"),
]  # fmt: skip


def write_rule_workbook(form: Form, path: Path) -> None:
    """The checks of an edition at `path`, with the names that a rule may use and a guide. Raises OSError."""
    checks = form.definition.checks
    rows = [tuple(cells_of(check, form)[head] or None for head in HEADS) for check in checks]
    rows += [(None,) * len(HEADS)] * _SPARE
    with workbook_by_rows(path, UNDATED) as made:
        book = Book(made)
        note = _NOTE.format(form=form.name, edition=form.edition)
        write_list(book, RULES_SHEET, note, _COLUMNS, rows, empty="", frozen=1, by=ID)
        write_list(book, NAMES_SHEET, _NAMES_NOTE, _NAMES, list(_names(form)), empty="", by=_NAMES[0].head)
        write_list(book, GUIDE_SHEET, "各栏怎么填写。", _GUIDE, ADVICE, empty="", by=_GUIDE[0].head)
        record = book.sheet(RECORD_SHEET)
        told = {FORM: form.name, EDITION: form.edition, EXPORTED: fingerprint(checks)}
        for row, cells in enumerate(told.items()):
            for column, text in enumerate(cells):
                write_text(record, row, column, text)
        record.very_hidden()


def _names(form: Form) -> Iterator[tuple[str, str, str, str]]:
    """What a rule of the form may be about, what it is repeated over, and what stands in other tables."""
    for item in form.items.values():
        yield _name(form, item, item.id, "本表")
    for spec in form.lists.values():
        for item in spec.columns.values():
            yield _name(form, item, item.id, f"清单“{spec.id}”")
    for name, item in form.evidence.items():
        yield f"{EVIDENCE}.{name}", one_line(item.label), KIND_NAMES[item.kind], "评分依据补充表"
    for alias, (name, scope) in form.scope.others.items():
        columns = scope.list_columns.values() if alias == REFERENCE else ()
        told = [(f"{REFERENCE}({item.column})", item) for item in columns]
        told += [(f"{alias}.{item.id}", item) for item in scope.items.values() if alias != REFERENCE]
        yield from (
            (written, one_line(item.label), KIND_NAMES[item.kind], f"《{name}》")
            for written, item in told
            if item.is_figure
        )


def _name(form: Form, item: Item, name: str, where: str) -> tuple[str, str, str, str]:
    return name, item_label(form, item, None), KIND_NAMES[item.kind], where
