"""What stands beside a faulty cell, in words, and how the cell is coloured: made beside the verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from gouji.templates.grades import NAMES
from gouji.templates.items import UNITS
from gouji.templates.layout import Position
from gouji.templates.rules.naming import BY_LINE, BY_ROW
from gouji.templates.selfcheck.checks import REQUIRED, Check, SelfCheck
from gouji.templates.selfcheck.ledger import FLAG, TEXT, Ledger, Record, quoted_text
from gouji.templates.selfcheck.verdicts import DIFFERS, Judged

MUST_FLAG, ASK_FLAG = 2, 1
"""Flags of a cell that is 不符 by a 强制性 rule, or only by others; 0 where nothing is wrong."""


@dataclass
class Marks:
    """Cells of the calculation sheet for one form sheet: `flags` by cell, `words` by row (from 0), to be joined."""

    flags: dict[Position, str] = field(default_factory=dict)
    words: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


def marks(checked: SelfCheck, rules: Mapping[int, str]) -> dict[str, Marks]:
    """Sheet → its marks; a blank cell is not faulty, only open.

    `rules`: number of a check → the cell in which its rule stands, as formulas write it.
    """
    marks_by_sheet: dict[str, Marks] = defaultdict(Marks)
    judged: dict[tuple[str, Position], tuple[Record, list[str]]] = {}
    lines: dict[tuple[str, int], tuple[Record, list[str]]] = {}
    for number, check in enumerate(checked.checks):
        checked.ledger.put(check.words, TEXT, f"{quoted_text(f'【{check.rule}】')}&{_of_one(rules[number])}")
        for judgement, place in zip(check.judged, check.places, strict=True):
            if check.rule == REQUIRED:
                continue
            weight = MUST_FLAG if check.severity == "强制性" else ASK_FLAG
            judged.setdefault((check.sheet.name, place), (judgement.record, []))[1].append(
                f"({judgement.code}={DIFFERS})*{weight}"
            )
            if judgement.slot is None:
                _say(checked.ledger, check, judgement)
                marks_by_sheet[check.sheet.name].words[place[0]].append(judgement.record.part(TEXT))
            else:
                words = f'IF({judgement.code}={DIFFERS},{_fixed(check)}{_figures(judgement, check)}&"。","")'
                lines.setdefault((check.sheet.name, place[0]), (judgement.record, []))[1].append(words)
    for (sheet, row), (record, parts) in lines.items():
        checked.ledger.put(record, TEXT, "&".join(parts))
        marks_by_sheet[sheet].words[row].append(record.part(TEXT))
    for (sheet, place), (record, parts) in judged.items():
        checked.ledger.put(record, FLAG, f"MAX({','.join(parts)})")
        marks_by_sheet[sheet].flags[place] = record.part(FLAG)
    return marks_by_sheet


def _of_one(rule: str) -> str:
    """The rule without what it is repeated over: the words stand beside the one row that they are about."""
    for repeated in (BY_LINE, BY_ROW):
        rule = f"SUBSTITUTE({rule},{quoted_text(repeated)},{quoted_text('')})"
    return rule


def _say(ledger: Ledger, check: Check, judged: Judged) -> None:
    rule = _fixed(check) if check.together else check.words.part(TEXT)
    words = f"{rule}{_figures(judged, check)}"
    ledger.put(judged.record, TEXT, f'IF({judged.code}={DIFFERS},{words}&"。","")')


def _fixed(check: Check) -> str:
    """The cell of the rule in words, the same seen from every place that the check stands for."""
    cell = check.words.part(TEXT)
    return f"${cell[0]}${cell[1:]}"


def _figures(judged: Judged, check: Check) -> str:
    """`：现为 …，应为 …` behind the rule, as the end of a formula; nothing where no figures are compared."""
    if judged.stated is None or judged.expected is None or judged.kind is None:
        return ""
    stated, expected = (_text(judged.kind, figure.value) for figure in (judged.stated, judged.expected))
    should = "应为" if check.sign == "=" else f"应{check.sign}"
    sentence = f"&{quoted_text('：现为')}&{stated}&{quoted_text(f'，{should}')}&{expected}"
    if judged.kind == "choice" or judged.expected.value == "0":  # how far a figure is from 0 it says itself
        return sentence
    gap = _text(judged.kind, f"ABS({judged.stated.value}-{judged.expected.value})")
    return f"{sentence}&{quoted_text('，相差')}&{gap}"


def _text(kind: str, value: str) -> str:
    """A figure as text, with its unit."""
    match kind:
        case "choice":
            return f"CHOOSE({value}+1,{','.join(quoted_text(name) for name in NAMES)})"
        case "rate":
            return f'ROUND({value}*100,4)&"%"'
        case _:
            return f"ROUND({value},6)&{quoted_text(UNITS.get(kind, ''))}"
