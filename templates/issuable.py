"""Whether what a definition computes and checks can be said in a workbook at all: tried when it is loaded."""

from __future__ import annotations

import re

from gouji.templates.errors import DefinitionError, RuleError
from gouji.templates.form import Form
from gouji.templates.issuing.plan import planned_sheets
from gouji.templates.layout import lay_out
from gouji.templates.recipient import Recipient
from gouji.templates.rules.excel import excel_formula
from gouji.templates.selfcheck.checks import self_check

MOST_CHARACTERS, MOST_ARGUMENTS, MOST_DEPTH = 8192, 255, 64
"""What Excel takes in one formula, in one function, and of brackets within brackets."""
MOST_TEXT = 255
"""Characters of a text inside a formula."""
_TEXT = re.compile(r'"((?:[^"]|"")*)"')
_ANY_YEAR = 2000


def check_issuable(form: Form) -> None:
    """Raises DefinitionError for a computed item or a check that no spreadsheet program would take."""
    layout = lay_out(form, _ANY_YEAR)
    for item in form.computed:
        try:
            formula = excel_formula(form, item, layout)
        except RuleError as error:
            raise DefinitionError(form.source, f"checks.{item}", str(error)) from error
        _check(form, item, formula)
    sheets = planned_sheets(Recipient("", "", ""), [form], _ANY_YEAR, ())
    for formula in self_check(sheets, _ANY_YEAR).ledger.cells.values():
        _check(form, "", formula)


def _check(form: Form, item: str, formula: str) -> None:
    arguments, depth = _shape(formula)
    longest = max((len(text) for text in _TEXT.findall(formula)), default=0)
    limits = (
        (longest, MOST_TEXT, "个字符在一段文字里"),
        (len(formula), MOST_CHARACTERS, "个字符"),
        (arguments, MOST_ARGUMENTS, "项在一个函数里"),
        (depth, MOST_DEPTH, "层括号"),
    )
    for size, most, what in limits:
        if size > most:
            message = f"写成 Excel 公式有 {size} {what}，最多 {most}，请拆成几条规则"
            raise DefinitionError(form.source, f"checks.{item}" if item else "checks", message)


def _shape(formula: str) -> tuple[int, int]:
    """Most arguments in any bracket, and the depth of brackets; a comma inside a text makes the first too high."""
    open_brackets: list[int] = []
    arguments = depth = 0
    for sign in formula:
        if sign in "({":
            open_brackets.append(1)
            depth = max(depth, len(open_brackets))
        elif sign in ")}" and open_brackets:
            arguments = max(arguments, open_brackets.pop())
        elif sign == "," and open_brackets:
            open_brackets[-1] += 1
    return arguments, depth
