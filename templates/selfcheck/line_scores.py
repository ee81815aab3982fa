"""The indicator lines of a 自评表 as formulas: T = 年度指标值, A = 实际完成值, W = 分值; the rules of `score.projects`.

Only what is plainly a figure with a unit is judged; the rest is left to gouji, which reads text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gouji.templates.labels import squeezed
from gouji.templates.precision import LEAST
from gouji.templates.scoring.line_share import less_share, more_share
from gouji.templates.scoring.line_words import BAD, GOOD, LASTING, TIMELY
from gouji.templates.scoring.parameters import ProjectScoring
from gouji.templates.selfcheck.arithmetic import Formulas
from gouji.templates.selfcheck.ledger import HIGH, LOW, TEXT, VALUE, Figure, among, quoted_text
from gouji.templates.selfcheck.measures import PERCENT, Measure, measure
from gouji.templates.selfcheck.scores import Reading, fit, up_to
from gouji.templates.selfcheck.table import Table
from gouji.templates.selfcheck.verdicts import DIFFERS, IDLE, LEFT, OPEN, UNUSED, Judged
from gouji.templates.selfcheck.workbook import Sheets
from gouji.templates.units import MONEY, TIMES

TARGET, ACTUAL, POINTS, SCORE = "年度指标值", "实际完成值", "分值", "得分"
_AT_LEAST, _AT_MOST, _EQUAL = "≥≧>＞", "≤≦<＜", "=＝"


def scored_line(rules: ProjectScoring, sheets: Sheets, table: Table, slot: int) -> Judged:
    """Whether the self-score of a line is the one that its figures give, whichever kind the line may be of."""
    ledger, columns = sheets.ledger, table.lines[rules.lines]
    formulas = Formulas(ledger)
    target, actual = (measure(ledger, columns[name][slot].state) for name in (TARGET, ACTUAL))
    points, stated = columns[POINTS][slot], columns[SCORE][slot]
    pair = ledger.add(value=_aligned(target, actual), low=_aligned(actual, target), high=_half(actual, target))
    target_value, reached, half = (pair.part(part) for part in (VALUE, LOW, HIGH))
    # 1 more is better, 2 less is better, 3 in doubt.
    direction = ledger.add(
        value="+".join(_direction(rules, table, slot, target, actual, more=more) for more in (True, False))
    )
    readings = [
        _reading(share, target_value, reached, half, points.value, formulas) for share in (more_share, less_share)
    ]
    fits = ledger.add(
        value=_fits(direction.part(VALUE), 1, fit(readings[0], stated, formulas)),
        low=_fits(direction.part(VALUE), 2, fit(readings[1], stated, formulas)),
    )
    more_fit, less_fit = fits.part(VALUE), fits.part(LOW)
    usable = f"AND({table.holds(columns[TARGET][slot])},{table.holds(columns[ACTUAL][slot])})"
    record = ledger.next
    code = record.part(VALUE)
    is_less = f"OR({less_fit}<{more_fit},AND({less_fit}={more_fit},{direction.part(VALUE)}>1))"
    fitting = up_to(points.value, stated, f"MIN({more_fit},{less_fit})")
    share = f"IF({is_less},{readings[1].score},{readings[0].score})"
    ledger.add(
        value=f"IF({table.exists[rules.lines][slot]}=0,{UNUSED},IF({points.state}<>0,{UNUSED},IF({stated.state}<>0,{IDLE},"
        f"IF({usable},IF({_is_plain(target, actual)},{fitting},{LEFT}),{OPEN}))))",
        low=f"IF({code}<={DIFFERS},ROUND({share},2),0)",
    )
    score = record.part(LOW)
    due = Figure(score, score, score, f"({code}>{DIFFERS})*1")
    return Judged(f"{rules.lines}.{SCORE}", slot, record, stated, due, "points")


def _fits(direction: str, required: int, code: str) -> str:
    """How the self-score fits a reading, where the line may be of that kind."""
    return f"IF(OR({direction}={required},{direction}=3),{code},{DIFFERS})"


def _is_plain(target: Measure, actual: Measure) -> str:
    """Both are figures in one unit, and the actual is no range."""
    units = f"OR({target.unit}={actual.unit},LEN({target.unit})=0,LEN({actual.unit})=0)"
    is_range = actual.leads(_AT_LEAST + _AT_MOST)
    return f"AND(ISNUMBER({target.number}),ISNUMBER({actual.number}),{units},NOT({is_range}))"


def _aligned(measure: Measure, reference: Measure) -> str:
    """A figure beside the other's unit: without one beside % it is a fraction up to 3, percent beyond."""
    return (
        f'IF(ISNUMBER({measure.number}),IF({_is_percent(measure, reference)},{measure.number}/100,{measure.number}),"")'
    )


def _is_percent(measure: Measure, reference: Measure) -> str:
    return f"AND(LEN({measure.unit})=0,{reference.unit}={PERCENT},N({measure.number})>3)"


def _half(actual: Measure, target: Measure) -> str:
    """What rounding leaves open of an actual: half its last decimal, nothing of a whole count."""
    places = f"({actual.decimals}+IF({_is_percent(actual, target)},2,0))"
    beside_percent = f"AND(LEN({actual.unit})=0,{target.unit}={PERCENT})"
    of_money_or_percent = f"OR({actual.unit}={PERCENT},{beside_percent},{among(actual.unit, MONEY)})"
    return f"IF({of_money_or_percent},0.5/10^MAX({places},{LEAST}),IF({places}>0,0.5/10^{places},0))"


def _reading(
    share: Callable[[str, str, Formulas], str], target: str, actual: str, half: str, points: str, formulas: Formulas
) -> Reading:
    """A target is met or it is not: the rounding of A leaves open only what is below the full points."""
    at, from_below, from_above = (
        share(target, end, formulas) for end in (actual, f"({actual}-{half})", f"({actual}+{half})")
    )
    low, high = (f"IF({at}<1,{end}({from_below},{from_above}),{at})*{points}" for end in ("MIN", "MAX"))
    short_of_all = f"AND({at}<1,ROUND(MAX({from_below},{from_above}),9)>=1)"
    return Reading(f"{at}*{points}", low, high, open_high=short_of_all)


def _direction(rules: ProjectScoring, table: Table, slot: int, target: Measure, actual: Measure, *, more: bool) -> str:
    """1 where more of it may be better (2 where less may be), else 0: by the target's sign, by 0, else by words."""
    yes, no = ("1", "0") if more else ("2", "0")
    if_nothing, if_something = (no, yes) if more else (yes, no)
    equal = f"IF({target.number}=0,{if_nothing},{if_something})"
    result = f"IF(N({target.number})=0,{if_nothing},{_by_words(rules, table, slot, target, actual, more=more)})"
    for signs, outcome in ((_EQUAL, equal), (_AT_MOST, no if more else yes), (_AT_LEAST, yes if more else no)):
        result = f"IF({target.leads(signs)},{outcome},{result})"
    return result


def _by_words(rules: ProjectScoring, table: Table, slot: int, target: Measure, actual: Measure, *, more: bool) -> str:
    """By the line's own name, by the indicator above it, by its unit: as `score.projects.line_kind` does."""
    group = squeezed(table.sheet.layout.slots[rules.lines][slot].group or "")
    line_name = table.names[rules.lines][slot].part(TEXT)
    name = f"IF(LEN({line_name})=0,{quoted_text(group)},{line_name})"
    unit = f"IF(LEN({target.unit})>0,{target.unit},{actual.unit})"
    good, bad = _has(name, GOOD), _has(name, BAD)
    if any(word in group for word in rules.lower_is_better):
        above = f"OR(NOT({among(unit, MONEY)}),{good})" if more else "TRUE"
    else:
        in_time = ("TRUE" if not more else _has(name, LASTING)) if TIMELY in group else "TRUE"
        above = f"IF({among(unit, TIMES)},{in_time},{'TRUE' if more else bad})"
    named = good if more else "TRUE"
    return f"IF(IF({_has(name, rules.lower_is_better)},{named},{above}),{1 if more else 2},0)"


def _has(name: str, words: Iterable[str]) -> str:
    return f"SUMPRODUCT(--ISNUMBER(FIND({{{','.join(map(quoted_text, words))}}},{name})))>0"
