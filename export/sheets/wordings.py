"""表样对照: labels that were not read by their own wording, asked about once per form edition."""

from __future__ import annotations

from typing import Any

from gouji.export.book import Book
from gouji.export.results import Results
from gouji.export.table import Column, write_list
from gouji.ingest.locating.form_labels import teachable_labels
from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.templates.review import ANSWER_HEAD, SEAL_HEAD, WORDING_HEAD, WORDING_TOLD_HEADS, WORDINGS_SHEET
from gouji.templates.taught import shown_label
from gouji.validate.review.seal import Seal, texts_mark
from gouji.validate.review.wordings import Question

_MOST_OFFERED = 16
COLUMNS = [
    Column("序号", "number", least=5, align="center"),
    Column("表", widest=14, least=10),
    Column("版本", widest=14, least=10),
    Column("表上的标签", widest=24, least=14),
    Column("本次读作", widest=36, least=20),
    Column(ANSWER_HEAD, widest=20, least=16, written=True),
    Column("表数", "count", least=6, align="center"),
    Column("例：单位", widest=18, least=12),
    Column("可填的标签", widest=56, least=30),
    Column("例：文件", widest=30, least=14, printed=False),
    Column("例：工作表", widest=14, least=9, printed=False),
    Column("例：单元格", widest=9, least=9, align="center", printed=False),
    Column(WORDING_HEAD, widest=40, hidden=True),
    Column(SEAL_HEAD, widest=40, hidden=True),
]
_PLACES = {column.head: place for place, column in enumerate(COLUMNS)}


def write_wordings(book: Book, results: Results) -> None:
    """No sheet where every label was read by its own wording and nothing was ever said of one."""
    if results.questions:
        note = (
            "表上的标签与表样的写法不同的，一种写法只列一次，请在黄色的栏里确定：读得对的填“是”；读得不对的填“否”，以后不再这样读；"
            "是表样里另一项的，照抄“可填的标签”里的一个（表样的其他标签也可以）。没有把握的空着。保存后再运行一次就按确定的读取，"
            "只对这一张表的这一个版本起作用，记在“表样对照.yaml”里，以后一直有效；要撤回，清空这一栏。"
        )
        rows = [_row(number, question, results.catalogue) for number, question in enumerate(results.questions, 1)]
        write_list(book, WORDINGS_SHEET, note, COLUMNS, rows, empty="", frozen=4, by="表上的标签")


def _row(number: int, question: Question, catalogue: Catalogue) -> tuple[Any, ...]:
    unit, file, sheet, cell = question.example
    asked = question.asked
    row = (
        number, catalogue.short_name(asked.form), asked.edition, asked.label, reading(question),
        question.answer or None, question.tables, unit,
        _offered(question, catalogue.known(asked.form, asked.edition)), file, sheet, cell, asked.id,
    )  # fmt: skip
    texts = texts_mark(str(row[_PLACES[head]] or "") for head in WORDING_TOLD_HEADS)
    return (*row, str(Seal("", texts_mark([question.answer]), texts, "", texts_mark([asked.id]))))


def reading(question: Question) -> str:
    """What became of the label in this run, and what was said of it before."""
    words = []
    if question.asked.read_as:
        words.append("、".join(f"“{label}”" for label in question.asked.read_as))
    if question.blocks:
        within = "、".join(f"“{block}”" for block in question.blocks)
        left_out = question.taught is not None and question.taught.counted is False
        words.append(f"{within}里表样没有的一行，{'不计入合计' if left_out else '核对合计时一并考虑'}")
    if question.unknown:
        words.append("未认出，它的数没有读取")
    if not question.tables:
        words = [f"本次没有出现{'；' if words else ''}{'、'.join(words)}"]
    said = question.taught
    if said is not None and said.never:
        words.append(f"已确定不读作{'、'.join(f'“{label}”' for label in said.never)}")
    return "；".join(words)


def _offered(question: Question, form: Form | None) -> str:
    if form is None:
        return ""
    lacking, further = offered(question, form)
    begun = f"表上没有找到的：{'、'.join(lacking[:_MOST_OFFERED])}。其他：" if lacking else ""
    others = further[: max(_MOST_OFFERED - len(lacking), 4)]
    more = "等" if len(further) > len(others) else ""
    return f"{begun}{'、'.join(others)}{more}"


def offered(question: Question, form: Form) -> tuple[list[str], list[str]]:
    """The labels of the form that may be meant, those first that the same tables lack: most probably one of these."""
    labels = dict.fromkeys([*question.lacking, *(shown_label(label.label) for label in teachable_labels(form))])
    others = [label for label in labels if label not in question.asked.read_as]
    lacking = [label for label in question.lacking if label not in question.asked.read_as]
    return lacking, others[len(lacking) :]
