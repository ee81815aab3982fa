"""The sheet 自查: every check of the workbook with its figures and result, what is open on top, room for a 说明."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gouji.templates.addresses import cell_name, column_name, quoted_sheet, range_name
from gouji.templates.block_items import ASK
from gouji.templates.grades import NAMES
from gouji.templates.issuing.heights import text_height
from gouji.templates.issuing.page import protect, set_up_page
from gouji.templates.issuing.styles import DOUBTFUL, FAULTY, INPUT, Styles, number_format
from gouji.templates.layout import Position
from gouji.templates.live import write_live
from gouji.templates.selfcheck.checks import REQUIRED, Check, SelfCheck
from gouji.templates.selfcheck.ledger import Figure, count, joined, outside, quoted_text
from gouji.templates.selfcheck.names import EXPLANATION_HEAD, HEADS, KEY_HEAD, SELF_CHECK_SHEET
from gouji.templates.selfcheck.verdicts import DIFFERS, OPEN, UNUSED
from gouji.templates.verdicts import AGREES, ROUNDING, TO_FILL
from gouji.templates.verdicts import DIFFERS as DIFFERS_WORD
from gouji.templates.write import add_sheet, merge_cells, write_figure, write_sheet_link, write_text

EXPLAINED, KEY = HEADS.index(EXPLANATION_HEAD), len(HEADS)
"""The column to write a 说明 in, and the hidden one that says what each line is about."""
FIRST_ROW = 4
"""The first line of the list; its heads stand above it."""

WORDS = (AGREES, ROUNDING, DIFFERS_WORD, TO_FILL, "——")
"""What a verdict code is called here; the last for all that asks nothing of the unit."""

_WIDTHS = [5.0, 16.0, 7.5, 46.0, 13.0, 13.0, 13.0, 8.0, 7.0, 9.0, 30.0]
_WHAT, _STATED, _EXPECTED, _GAP, _RESULT, _LINK, _SEVERITY = range(3, 10)
_SIZE = 10
_TOLD = (
    "本表由公式自动核对，随填随变。红色是不符，请改正；橙色是核实性的不符，请改正，确属实情的在“单位说明”里写明理由，"
    "说明随文件一并报送；蓝色是待填。点“转到”可以跳到所查的格子。"
)
_LEFT_OUT = "以下核对要用本文件以外的数据，由财政局收表后进行，本表不列："


def rule_cells(checked: SelfCheck) -> dict[int, str]:
    """Number of a check → the cell in which its rule stands in words."""
    rows = range(FIRST_ROW, FIRST_ROW + len(checked.checks))
    return {number: f"{quoted_sheet(SELF_CHECK_SHEET)}!{cell_name(row, _WHAT)}" for number, row in enumerate(rows)}


def write_self_check(workbook: Workbook, checked: SelfCheck, styles: Styles) -> None:
    """Add the sheet, behind the forms."""
    _Sheet(add_sheet(workbook, SELF_CHECK_SHEET), checked, styles).write()


class _Sheet:
    def __init__(self, sheet: Worksheet, checked: SelfCheck, styles: Styles) -> None:
        self._sheet = sheet
        self._checked = checked
        self._styles = styles
        self._last = FIRST_ROW + len(checked.checks) - 1
        self._heights = [36.0, 24.0, 32.0, 24.0]
        self._gaps: list[str] = []

    def write(self) -> None:
        """Title, counts, list, what is left out."""
        self._top()
        for number, check in enumerate(self._checked.checks):
            self._check(FIRST_ROW + number, number + 1, check)
        self._sheet.share(self._gaps)
        self._left_out()
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        self._sheet.set_column(KEY, KEY, None, None, {"hidden": True})
        for row, height in enumerate(self._heights):
            self._sheet.set_row(row, height)
        self._sheet.autofilter(FIRST_ROW - 1, 0, self._last, len(HEADS) - 1)
        self._sheet.freeze_panes(FIRST_ROW, _WHAT + 1)
        self._colours()
        set_up_page(self._sheet, "landscape", _WIDTHS, self._heights, repeat=FIRST_ROW - 1)
        self._sheet.ignore_errors({"number_stored_as_text": range_name(0, 0, self._last, KEY)})
        self._sheet.set_tab_color("#C00000")
        protect(self._sheet)

    def _style(self, **look: Any) -> Format:
        return self._styles.of(**{"font_size": _SIZE, "text_wrap": True, "align": "left", **look})

    def _boxed(self, **look: Any) -> Format:
        return self._style(border=1, border_color="#808080", **look)

    def _line(self, row: int, style: Format) -> None:
        merge_cells(self._sheet, row, 0, 1, len(HEADS), style)

    def _top(self) -> None:
        title, counts = self._style(font_size=18, bold=True, align="center"), self._style(font_size=12, bold=True)
        grey = self._style(font_color="#595959")
        for row, style in enumerate((title, counts, grey)):
            self._line(row, style)
        write_text(self._sheet, 0, 0, SELF_CHECK_SHEET, title)
        write_live(self._sheet, 1, 0, self._summary(), counts)
        write_text(self._sheet, 2, 0, _TOLD, grey)
        for column, head in enumerate((*HEADS, KEY_HEAD)):
            write_text(self._sheet, 3, column, head, self._boxed(bold=True, align="center", bg_color="#EDEDED"))

    def _summary(self) -> str:
        """What is open, in words: counts by result, faults by severity."""
        results, severities = (range_name(FIRST_ROW, at, self._last, at) for at in (_RESULT, _SEVERITY))
        bad = f'COUNTIF({results},"{DIFFERS_WORD}")'
        parts = [quoted_text(f"{DIFFERS_WORD} "), bad, quoted_text(" 项")]
        for severity, lead in (("强制性", "（强制性 "), ("核实性", "，核实性 ")):
            parts += [quoted_text(lead), f'COUNTIFS({results},"{DIFFERS_WORD}",{severities},"{severity}")']
        parts.append(quoted_text("）"))
        for word in (TO_FILL, ROUNDING, AGREES):
            parts += [quoted_text(f"；{word} "), f'COUNTIF({results},"{word}")', quoted_text(" 项")]
        return "&".join(parts)

    def _check(self, row: int, number: int, check: Check) -> None:
        plain, centred = self._boxed(), self._boxed(align="center")
        write_figure(self._sheet, row, 0, number, centred)
        write_text(self._sheet, row, 1, check.sheet.name, plain)
        write_text(self._sheet, row, 2, check.rule, centred)
        write_text(self._sheet, row, _WHAT, check.what, plain)
        if check.together:
            self._several(row, check)
        else:
            self._figures(row, check)
        words = ",".join(quoted_text(word) for word in WORDS)
        write_live(self._sheet, row, _RESULT, f"CHOOSE(MIN({outside(check.code)},{len(WORDS) - 1})+1,{words})", centred)
        self._link(row, check)
        write_text(self._sheet, row, _SEVERITY, check.severity, centred)
        is_asked = check.severity == ASK
        room = self._boxed(locked=not is_asked, **({"bg_color": INPUT} if is_asked else {}))
        write_text(self._sheet, row, EXPLAINED, "", room)
        write_text(self._sheet, row, KEY, check.key)
        self._heights.append(max(24.0, text_height(check.what, _WIDTHS[_WHAT], _SIZE)))

    def _figures(self, row: int, check: Check) -> None:
        """What stands there, what was expected, and the difference."""
        judged, look = check.judged[0], {"align": "right", "shrink": True, "text_wrap": False}
        shown = self._boxed(num_format=_shown_format(check.kind, "="), **look)
        bound = self._boxed(num_format=_shown_format(check.kind, check.sign), **look)
        gap = self._boxed(num_format=_shown_format(check.kind, "="), **look)
        for column, figure, style in ((_STATED, judged.stated, shown), (_EXPECTED, judged.expected, bound)):
            if figure is None:
                write_text(self._sheet, row, column, "", style)
            else:
                write_live(self._sheet, row, column, _if_known(check.kind, figure), style)
        if judged.stated is None or judged.expected is None or check.kind == "choice":
            write_text(self._sheet, row, _GAP, "", gap)
            return
        stated, expected = (cell_name(row, column) for column in (_STATED, _EXPECTED))
        both_known = f"AND(ISNUMBER({stated}),ISNUMBER({expected}))"
        write_live(self._sheet, row, _GAP, f'IF({both_known},ROUND({stated}-{expected},6),"")', gap)
        self._gaps.append(cell_name(row, _GAP))

    def _several(self, row: int, check: Check) -> None:
        """How many places there are, and how many of them are faulty or open."""
        codes = [judged.code for judged in check.judged]
        style = self._boxed(align="right", font_color="#595959")
        used = f"({len(codes)}-({count(codes, str(UNUSED), from_outside=True)}))"
        write_live(self._sheet, row, _STATED, f'IF({used}=0,"","共"&{used}&"处")', style)
        write_text(self._sheet, row, _EXPECTED, "", style)
        bad, still = (count(codes, str(code), from_outside=True) for code in (DIFFERS, OPEN))
        open_word = "未填" if check.rule == REQUIRED else "待填"
        summary = f'IF({bad}>0,({bad})&"处不符",IF({still}>0,({still})&"处{open_word}",""))'
        write_live(self._sheet, row, _GAP, summary, style)

    def _link(self, row: int, check: Check) -> None:
        """To the cell; to the first faulty one, else the first open one, where the line stands for several."""
        style = self._boxed(font_color="#0563C1", underline=1, align="center")
        places = list(check.places)
        codes = joined([judged.code for judged in check.judged])
        if len(places) == 1 or "," in codes or len(places) > _MOST_CHOICES:
            write_sheet_link(self._sheet, row, _LINK, check.sheet.name, "转到", style, cell_name(*places[0]))
            return
        first, last = codes.split(":")
        area = f"{outside(first)}:{last}"
        number = f"IFERROR(MATCH({DIFFERS},{area},0),IFERROR(MATCH({OPEN},{area},0),1))"
        sheet = f"#{quoted_sheet(check.sheet.name)}!"
        write_live(self._sheet, row, _LINK, f'HYPERLINK({_cell_of(number, places, sheet)},"转到")', style)

    def _left_out(self) -> None:
        if not self._checked.left_out:
            return
        head, plain = self._style(bold=True), self._style(font_color="#595959")
        self._heights += [12.0, 22.0]
        row = len(self._heights) - 1
        self._line(row, head)
        write_text(self._sheet, row, 0, _LEFT_OUT, head)
        for rule in self._checked.left_out:
            row = len(self._heights)
            self._line(row, plain)
            text = f"{rule.rule}　{rule.what}（{rule.why}）"
            write_text(self._sheet, row, 0, text, plain)
            self._heights.append(max(18.0, text_height(text, sum(_WIDTHS), _SIZE)))

    def _colours(self) -> None:
        area = (FIRST_ROW, _RESULT, self._last, _RESULT)
        severity = f"${cell_name(FIRST_ROW, _SEVERITY)}"
        result = f"${cell_name(FIRST_ROW, _RESULT)}"
        looks = (
            (f'AND({result}="{DIFFERS_WORD}",{severity}="强制性")', FAULTY),
            (f'{result}="{DIFFERS_WORD}"', DOUBTFUL),
            (f'{result}="{TO_FILL}"', {"bg_color": "#DDEBF7"}),
            (f'{result}="{AGREES}"', {"font_color": "#2E7D32"}),
        )
        for condition, look in looks:
            rule = {
                "type": "formula",
                "criteria": f"={condition}",
                "format": self._styles.of(**look),
                "stop_if_true": True,
            }
            self._sheet.conditional_format(*area, rule)


_MOST_CHOICES = 254


def _cell_of(number: str, places: Sequence[Position], sheet: str) -> str:
    """The address of the place with that number, as a formula."""
    (top, column), rows = places[0], range(places[0][0], places[0][0] + len(places))
    if list(places) == [(row, column) for row in rows]:
        return f"{quoted_text(sheet + column_name(column))}&{top}+{number}"
    names = ",".join(quoted_text(cell_name(*place)) for place in places)
    return f"{quoted_text(sheet)}&CHOOSE({number},{names})"


def _if_known(kind: str | None, figure: Figure) -> str:
    if kind == "choice":
        names = ",".join(quoted_text(name) for name in NAMES)
        return f'IF({_out(figure.state)}=0,CHOOSE({_out(figure.value)}+1,{names}),"")'
    return f'IF({_out(figure.state)}=0,{_out(figure.value)},"")'


def _out(cell: str) -> str:
    """A part of a figure seen from another sheet; a literal stays as it is."""
    return outside(cell) if cell[:1].isalpha() else cell


def _shown_format(kind: str | None, sign: str) -> str:
    code = number_format(kind or "text")
    if kind in (None, "choice"):
        return "General"
    return code if sign == "=" else f'"{sign} "{"0.######" if code == "General" else code}'
