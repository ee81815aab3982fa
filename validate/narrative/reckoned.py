"""What a text makes of its own figures, paragraph by paragraph, against what they make (`reckoning`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gouji.ingest.narrative.written import MONEY, PERCENT, POINTS, SCORE, Paper, Written, written
from gouji.templates.exact import plain
from gouji.validate.findings import Finding, common
from gouji.validate.narrative.passages import Passage
from gouji.validate.narrative.reckoning.claim import Claim, Way
from gouji.validate.narrative.reckoning.differences import gaps
from gouji.validate.narrative.reckoning.facts import Facts
from gouji.validate.narrative.reckoning.goals import goals
from gouji.validate.narrative.reckoning.growth import growths
from gouji.validate.narrative.reckoning.levels import levels
from gouji.validate.narrative.reckoning.openings import openings
from gouji.validate.narrative.reckoning.plans import plans
from gouji.validate.narrative.reckoning.prices import prices
from gouji.validate.narrative.reckoning.rates import rates
from gouji.validate.narrative.reckoning.rows import rows
from gouji.validate.narrative.reckoning.scores import scores
from gouji.validate.narrative.reckoning.shares import shares
from gouji.validate.narrative.reckoning.sums import sums
from gouji.validate.narrative.reckoning.surroundings import Surroundings
from gouji.validate.narrative.reckoning.twice import twice
from gouji.validate.narrative.reckoning.words import named
from gouji.validate.narrative.tables import AGAINST_REFERENCE, AGAINST_TABLE
from gouji.validate.narrative.told import origin_of, quoted_at
from gouji.validate.wording import told_apart

SUM, WORKED_OUT = "L-03", "L-05"
_KINDS = (sums, openings, plans, rates, shares, prices, gaps, growths, scores, levels, rows, goals, twice)
_FIGURE_KIND = {MONEY: "amount", PERCENT: "rate", SCORE: "points"}
_MOST_EARLIER = 40
_IN_YUAN, _YUAN = re.compile(r"[\d\s余多]元$"), Decimal(10000)


@dataclass
class Asked:
    """The figures of a passage of which something was said; of them `wrong`: those that are not what a table has, and
    `sums`: those that are not what their parts add up to. What is made of these is the same fault."""

    figures: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    sums: set[str] = field(default_factory=set)

    def add(self, finding: Finding) -> None:
        """One more finding of the passage."""
        self.figures.add(str(finding.stated))
        if finding.rule in (AGAINST_TABLE, AGAINST_REFERENCE):
            self.wrong.add(str(finding.stated))
        elif finding.rule == SUM:
            self.sums.add(str(finding.stated))

    def of(self, claim: Claim, way: Way) -> bool:
        """Whether a claim says nothing new."""
        parts = f"{way.one} {way.other} {claim.parts}"
        same = self.wrong | (self.sums if way.rest else set())
        made_of_wrong = any(re.search(rf"(?<![\d.,]){re.escape(printed)}", parts) for printed in same)
        return made_of_wrong or claim.figure.printed in self.figures


def reckoned(passages: Sequence[Passage], told: Mapping[tuple[str | None, str | None], Asked]) -> Iterator[Finding]:
    """The figures that none around them make. `told`: item and cell of a passage → what was said of it already."""
    earlier: tuple[Written, ...] = ()
    for place, passage in enumerate(passages):
        if not place or not _same_report(passages[place - 1], passage):
            earlier = ()
        before, paper = earlier, written(passage.text)
        earlier = (*earlier, *paper.figures)[-_MOST_EARLIER:]
        if len(paper.figures) < 2:
            continue
        around = Surroundings(paper, before, Facts(passage))
        said = told.get((passage.item, passage.cell), Asked())
        for claim in (claim for kind in _KINDS for claim in kind(around)):
            way = claim.contradiction()
            if way is not None and not said.of(claim, way):
                finding = _finding(passage, paper, claim, way)
                said.add(finding)
                yield finding


def _same_report(one: Passage, other: Passage) -> bool:
    """Whether two passages stand beside one table, one behind the other."""
    return one.wide is other.wide and one.row == other.row and one.item == other.item


def _finding(passage: Passage, paper: Paper, claim: Claim, way: Way) -> Finding:
    figure = claim.figure
    expected, gap = _shown(figure, way.due.value)
    code = AGAINST_TABLE if claim.table else SUM if claim.parts else WORKED_OUT
    first, last = paper.spans[figure.sentence]
    return common(
        code, origin_of(passage), item=passage.item, cell=passage.cell,
        quote=quoted_at(passage.text[first:last], figure.start - first, figure.end - first),
        label=named(figure), stated=figure.printed, expected=expected, difference=float(figure.value - way.due.value),
        gap=gap, one=way.one, other=way.other, parts=claim.parts, where=claim.table,
    )  # fmt: skip


def _shown(figure: Written, due: Decimal) -> tuple[str, str]:
    """What a figure should be, and by how much it differs, in the unit in which it is written."""
    if figure.unit == MONEY and _IN_YUAN.search(figure.printed):
        return _yuan(due), _yuan(abs(figure.value - due))
    if figure.unit in _FIGURE_KIND:
        _, expected, gap = told_apart(figure.value, due, _FIGURE_KIND[figure.unit])
        return expected, gap
    if figure.unit == POINTS:
        return f"{plain(due * 100)}个百分点", f"{plain(abs(figure.value - due) * 100)}个百分点"
    return f"{plain(round(due, 2))}{figure.unit}", f"{plain(round(abs(figure.value - due), 2))}{figure.unit}"


def _yuan(amount: Decimal) -> str:
    return f"{plain(round(amount * _YUAN, 2))}元"
