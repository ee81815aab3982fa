"""The words that stand beside a faulty cell, made on the calculation sheet beside the verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from templates.grades import NAMES
from templates.items import UNITS
from templates.selfcheck.checks import Check, SelfCheck
from templates.selfcheck.ledger import TEXT, Record, quoted_text
from templates.selfcheck.verdicts import DIFFERS, Judged

Words = Mapping[tuple[str, int], list[str]]
"""(sheet, row from 0) → cells of the calculation sheet with the words for that row, empty where nothing is wrong."""


def say(checked: SelfCheck, rules: Mapping[int, str]) -> Words:
    """Write the words; `rules`: number of a check → the cell in which its rule stands, as formulas write it."""
    ledger = checked.ledger
    words: dict[tuple[str, int], list[str]] = defaultdict(list)
    lines: dict[tuple[str, int], tuple[Record, list[str]]] = {}
    for number, check in enumerate(checked.checks):
        ledger.put(check.words, TEXT, f"{quoted_text(f'【{check.rule}】')}&{rules[number]}")
        rule = check.words.part(TEXT)
        for one, (row, _) in zip(check.judged, check.places, strict=True):
            if one.slot is None:
                figures = "" if check.together else _figures(one, check)
                ledger.put(one.record, TEXT, f'IF({one.code}={DIFFERS},{rule}{figures}&"。","")')
                words[check.sheet.name, row].append(one.record.part(TEXT))
            else:
                _, parts = lines.setdefault((check.sheet.name, row), (one.record, []))
                fixed = f"${rule[0]}${rule[1:]}"
                parts.append(f'IF({one.code}={DIFFERS},{fixed}&"。","")')
    for place, (record, parts) in lines.items():
        ledger.put(record, TEXT, "&".join(parts))
        words[place].append(record.part(TEXT))
    return words


def _figures(one: Judged, check: Check) -> str:
    """`：现为 …，应为 …` behind the rule, as the end of a formula; nothing where no figures are compared."""
    if one.stated is None or one.expected is None or check.kind is None:
        return ""
    stated, expected = (_text(check.kind, figure.value) for figure in (one.stated, one.expected))
    should = "应为" if check.sign == "=" else f"应{check.sign}"
    told = f"&{quoted_text('：现为')}&{stated}&{quoted_text(f'，{should}')}&{expected}"
    if check.kind == "choice":
        return told
    gap = _text(check.kind, f"ABS({one.stated.value}-{one.expected.value})")
    return f"{told}&{quoted_text('，相差')}&{gap}"


def _text(kind: str, value: str) -> str:
    """A figure as text, with its unit."""
    match kind:
        case "choice":
            return f"CHOOSE({value}+1,{','.join(quoted_text(name) for name in NAMES)})"
        case "rate":
            return f'ROUND({value}*100,4)&"%"'
        case _:
            return f"ROUND({value},6)&{quoted_text(UNITS.get(kind, ''))}"
