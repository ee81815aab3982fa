"""What a form sheet shows of the 自查: faulty cells coloured, and beside each row the words that say why.

Right of the form stand the words; behind them, hidden, a grid of flags of the form's own shape, so that one
conditional format with a relative reference colours every cell (a format may not look into another sheet in
every program).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from templates.addresses import cell_name
from templates.issuing.plan import IssuedSheet
from templates.issuing.styles import Styles
from templates.layout import Position
from templates.selfcheck.checks import REQUIRED, Check
from templates.selfcheck.ledger import outside
from templates.selfcheck.sheet import DOUBTFUL, FAULTY
from templates.selfcheck.verdicts import DIFFERS, Judged
from templates.selfcheck.words import Words
from templates.write import write_live, write_text

_GAP = 12
"""Columns from the words to the flags: words run on into empty neighbours."""
_WORDS_WIDTH = 14.0
_MUST, _ASK = 2, 1


def write_marks(
    worksheet: Worksheet, sheet: IssuedSheet, checks: Sequence[Check], words: Words, styles: Styles
) -> None:
    """Flags, colours and words for one form sheet; `checks` and `words` are those of the whole workbook."""
    width, height = len(sheet.form.definition.page.widths), sheet.layout.height
    flags: dict[Position, list[str]] = defaultdict(list)
    for check, one, (row, column) in _places(sheet, checks):
        weight = _MUST if check.severity == "强制性" else _ASK
        flags[row, column].append(f"({outside(one.code)}={DIFFERS})*{weight}")
    if not flags:
        return
    first_flag = width + _GAP
    for (row, column), parts in flags.items():
        write_live(worksheet, row, first_flag + column, f"MAX({','.join(parts)})")
    told = styles.of(font_size=9, font_color="#C00000", align="left")
    for row in sorted({row for row, _ in flags}):
        write_live(worksheet, row, width, "&".join(map(outside, words[sheet.name, row])), told)
    head = styles.of(font_size=9, font_color="#7F7F7F", align="left")
    write_text(worksheet, 0, width, "自查提示", head)
    worksheet.set_column(width, width, _WORDS_WIDTH)
    worksheet.set_column(first_flag, first_flag + width - 1, None, None, {"hidden": True})
    flag = cell_name(0, first_flag)
    for weight, look in ((_MUST, FAULTY), (_ASK, DOUBTFUL)):
        rule = {"type": "formula", "criteria": f"={flag}={weight}", "format": styles.of(**look)}
        worksheet.conditional_format(0, 0, height - 1, width - 1, rule)


def _places(sheet: IssuedSheet, checks: Sequence[Check]) -> list[tuple[Check, Judged, Position]]:
    """Every judgement that is shown at a cell of the sheet; a blank cell is not faulty, only open."""
    return [
        (check, one, place)
        for check in checks
        if check.sheet is sheet and check.rule != REQUIRED
        for one, place in zip(check.judged, check.places, strict=True)
    ]
