"""Money by level of government against the rows of a project's table: 中央财政2563万元，自治区384万元，市级96万元.

Told only of a report of which another level's amount is that of its own row: its text then speaks of this table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gouji.ingest.narrative.statement import PLANNED, RECEIVED, SPENT
from gouji.ingest.narrative.written import MONEY, Written
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.facts import Amount
from gouji.validate.narrative.reckoning.span import Span
from gouji.validate.narrative.reckoning.surroundings import Surroundings

_LEVELS = {"中央": "中央", "省": "省", "自治区": "省", "市": "市", "州": "市", "县": "县", "区": "县", "旗": "县"}
"""Level → how the row of the table begins."""
_LEVEL = re.compile(
    r"^(?:其中|上级|包括|含)?[：:]?(?:由|来自)?(?P<level>中央|自治区|省|市|州|县|区|旗)(?:本?级)?(?:财政)?(?:预算内)?(?P<due>应)?"
    r"(?:补助|奖补|配套|专项|投入|安排|承担|分担)?(?:资金|经费|补助)?"
    r"(?:(?P<received>实际到位|已到位|到位|拨付到位)|(?P<spent>支出|支付|执行|使用))?(?:资金)?(?:为|是|仅|共)?$"
)
_RECEIVED = re.compile(r"(?:实际|已)到位(?:资金)?(?:为|仅)?")
_AND = re.compile(r"^(?:和|以及|及|与)")
_SEVERAL = re.compile(r"(?:中央|省|市|州|县)级?(?:财政|资金)?[、和及与](?:省|市|州|县|区)")
"""中央、省、市资金1500万元 are of no level."""
_OTHERWISE = re.compile(r"结余|剩余|未|缺|追加|调")
_ASPECTS = (PLANNED, RECEIVED, SPENT)


def levels(around: Surroundings) -> Iterator[Claim]:
    """Every amount of a level that is to be that of its row."""
    if around.facts is None or not around.facts.passage.project:
        return
    rows = {level: [one for one in around.amounts if one.row.startswith(level)] for level in set(_LEVELS.values())}
    if any(_is_told(figure, rows) for figure in (*around.earlier, *around.figures)):
        for figure in around.figures:
            yield from _of_level(around, figure, rows)


def _row(figure: Written, rows: Mapping[str, list[Amount]]) -> tuple[list[Amount], str]:
    """The amounts of the row that a figure is called by, and of which column it is called; blank where of none."""
    clause = _AND.sub("", figure.clause)
    single = figure.unit == MONEY and figure.exact and _SEVERAL.search(figure.before) is None
    match = _LEVEL.fullmatch(clause) if single else None
    if match is None:
        return [], ""
    called = {PLANNED: match["due"], RECEIVED: match["received"], SPENT: match["spent"]}
    return rows[_LEVELS[match["level"]]], next((aspect for aspect, word in called.items() if word), "")


def _is_told(figure: Written, rows: Mapping[str, list[Amount]]) -> bool:
    """Whether a figure is of a level, and what its row has."""
    return any(Span.exactly(amount.value).explains(figure) for amount in _row(figure, rows)[0])


def _of_level(around: Surroundings, figure: Written, rows: Mapping[str, list[Amount]]) -> Iterator[Claim]:
    amounts, aspect = _row(figure, rows)
    last = around.last(figure)
    if not amounts and last is not None and _RECEIVED.fullmatch(figure.clause) and figure.exact:
        due, aspect = _row(last, rows)
        amounts, aspect = (due, RECEIVED) if aspect == PLANNED else ([], "")  # 县级应配套585万元，实际到位351万元
    if _OTHERWISE.search(_total_before(around, figure, rows)):
        return  # 结余23万元，包括中央资金16万元
    aspect = aspect or _aspect_before(around, figure)
    known = [amount for amount in amounts if amount.aspect in ((aspect,) if aspect else _ASPECTS)]
    if any(amount.aspect == (aspect or PLANNED) for amount in known):
        nearest = min(known, key=lambda amount: abs(amount.value - figure.value))
        yield Claim(figure, [Way(Span.exactly(amount.value)) for amount in known], table=nearest.words)


def _total_before(around: Surroundings, figure: Written, rows: Mapping[str, list[Amount]]) -> str:
    """The words of the amount before those of levels."""
    before = reversed(around.before(figure, sentences=1))
    return next((total.clause for total in before if not _row(total, rows)[0]), "")


def _aspect_before(around: Surroundings, figure: Written) -> str:
    """Whether amounts by level are of what was planned, or received: as the total before them is."""
    facts = around.facts
    for total in reversed(around.before(figure, sentences=1)):
        same = [
            aspect for aspect in _ASPECTS
            if facts is not None and any(Span.exactly(one.value).explains(total) for one in facts.of_project(aspect))
        ]  # fmt: skip
        if same:
            return same[0] if len(same) == 1 else ""
    return ""
