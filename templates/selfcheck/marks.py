"""What a form sheet shows of the 自查: faulty cells coloured, and beside each row the words that say why.

Right of the form stand the words; behind them, hidden, a grid of flags of the form's own shape, so that one
conditional format with a relative reference colours every cell (a format may not look into another sheet in
every program).
"""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from gouji.templates.addresses import cell_name
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.issuing.styles import DOUBTFUL, FAULTY, Styles
from gouji.templates.live import write_live
from gouji.templates.selfcheck.ledger import outside
from gouji.templates.selfcheck.names import flag_columns
from gouji.templates.selfcheck.words import ASK_FLAG, MUST_FLAG, Marks

_WORDS_WIDTH = 14.0


def write_marks(worksheet: Worksheet, sheet: IssuedSheet, marks: Marks, styles: Styles) -> None:
    """Flags, colours and words of one form sheet."""
    if not marks.flags:
        return
    width, height = len(sheet.form.definition.page.widths), sheet.layout.height
    first_flag = flag_columns(width).start
    for (row, column), flag in marks.flags.items():
        write_live(worksheet, row, first_flag + column, outside(flag))
    red = styles.of(font_size=9, font_color="#C00000", align="left")
    for row, words in marks.words.items():
        write_live(worksheet, row, width, "&".join(map(outside, words)), red)
    worksheet.set_column(width, width, _WORDS_WIDTH)
    worksheet.set_column(first_flag, first_flag + width - 1, None, None, {"hidden": True})
    flag = cell_name(0, first_flag)
    for weight, look in ((MUST_FLAG, FAULTY), (ASK_FLAG, DOUBTFUL)):
        rule = {"type": "formula", "criteria": f"={flag}={weight}", "format": styles.of(**look)}
        worksheet.conditional_format(0, 0, height - 1, width - 1, rule)
