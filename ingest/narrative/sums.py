"""Sums of a sentence and their parts, while it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.ingest.narrative.phrases import Phrases
from gouji.ingest.narrative.statement import COUNT, SPENT, Statement

_LEAST_MONEY, _LEAST_COUNTS = 2, 3
"""Parts with 、 between them behind 其中 that make up an enumeration."""
_TOTAL = re.compile(
    r"[，、；:：\s]*(?:以上|上述)?(?:[两二三四五六七八九](?:项|者))?(?:费用)?(?:合计|共计|总计|相加|加总|总和)(?:为|是|达|共|支出|得分|得)?"
)
"""Before a figure that adds up those before it."""
_REST = re.compile(
    r"[，、；：:和及与\s]*(?:(?:其余|余下)(?!额)|(?:[^，。；]{0,12}?[及和与])?其他(?:费用|方面)?[为是：:]?$)"
)
"""Before a part: with it a sum is complete."""
_POINTS, _PERCENT = "分", "%"
_TOTAL_SCORE = re.compile(r"[，、；:：\s]*(?:(?:自评|综合|最终)总?|总)(?:得分?|分)[为是达:：]?")
_SCORED = re.compile(r"(?!.*(?:其中|包括|上年|去年))[^应满扣加减]{2,}得分?[为是:：]?")
"""What stands before the points that a part came to."""
_OF_DIVISION = re.compile(r"(?:财政|专项|类|支出|资金|经费|采购|补助|补贴|配套|拨款|预算|投入|安排)*")
"""What stands behind a word of a division."""
_WITHIN = re.compile(r"(?:经费|支出|资金)中")
_ALSO = ("以及", "和", "及", "还有", "另有")
_STAGE = re.compile(r"累计|完成|[本当今上全去]年|合计|小计|共计|已|较|比|同")
_PARTICLES = re.compile(r"^中?[，、；：:和及与\s]+|^其中[：:]?|[为是约达共有的：:\s]+$")


@dataclass
class Listing:
    """A sum and its parts. `level`: by which marks these are parted; `aspect`: which figure of its item it is; `names`:
    the items that it was called the sum of, where it was; `bracketed`: whether they stand
    in brackets behind it; `open`: whether more may come; `partial`: whether 等 says that not
    all parts have a figure; `compared`: whether its first part was, so that the others may be."""

    total: int
    unit: str
    complete: bool
    parts: list[int] = field(default_factory=list)
    aspect: str = ""
    names: tuple[str, ...] = ()
    level: int | None = None
    bracketed: bool = False
    open: bool = True
    partial: bool = False
    compared: bool = False

    def take(self, at: int, found: Sequence[Statement], level: int, after: str, words: Phrases) -> bool:
        """The statement at `at` as a further part; whether it is one."""
        one = found[at]
        if not self.open:
            return False
        if _WITHIN.search(one.label) and self.parts:
            self.open = False  # 人员经费884万元，公用经费78万元，公用经费中办公费12万元
            return False
        if one.unit != self.unit or one.exactness or not one.label.strip("：: "):
            self.open = one.unit != self.unit
            return False
        if self.parts:
            self.level = level if self.level is None else self.level
            goes_on = one.label.startswith(_ALSO) or self._divided(one, found, words)
            if level > self.level and not (level == 1 and goes_on):
                self.open = False
                return False
        self.parts.append(at)
        self.partial |= after == "等" or one.label.endswith("等")
        self.complete = self.complete or _REST.match(one.label) is not None
        return True

    def _divided(self, one: Statement, found: Sequence[Statement], words: Phrases) -> bool:
        """Whether a further part is of the division of those before it (中央200万元、省级120万元，县级80万元)."""
        labels = [*(found[part].label for part in self.parts), one.label]
        return bool(_division([_PARTICLES.sub("", label) for label in labels], words))

    def is_over(self, level: int) -> bool:
        """Whether a mark of a level ends it: its parts were parted by lower ones, or none came."""
        return not self.parts or self.ended_by(level)

    def goes_to_whole(self, level: int) -> bool:
        """Whether what is compared behind it may be the whole: its parts are over, or none of them was compared."""
        self.compared |= len(self.parts) == 1
        return self.ended_by(level) or (len(self.parts) > 1 and not self.compared)

    def ended_by(self, level: int) -> bool:
        """Whether a mark of a higher level than those between its parts ends it."""
        return self.level is not None and len(self.parts) > 1 and level > self.level

    def tells(self, found: Sequence[Statement], words: Phrases) -> bool:
        """Whether its parts make it up, or divide it: 其中网上800件，当场办结600件 may be the same ones."""
        money = self.unit in words.units
        least = _LEAST_MONEY if money else _LEAST_COUNTS
        if len(self.parts) < 2:
            return False
        parts = [found[part] for part in self.parts]
        self.complete |= bool(self.names) and set(self.names) == {part.item for part in parts}
        held = _division([_PARTICLES.sub("", part.label) for part in parts], words)
        self.complete |= (
            self.bracketed and len(held) >= _LEAST_COUNTS
        )  # 860万元（中央500万元、省级200万元、县级160万元）
        self.complete |= any(held == set(division) for division in words.divisions)  # 货物, 服务 and 工程
        alike = money and all(part.item == COUNT for part in parts) and _alike([part.label for part in parts], words)
        return self.complete or alike or (self.level == 0 and len(parts) >= least)


def _alike(labels: Sequence[str], words: Phrases) -> bool:
    """Whether parts divide one thing: their names end alike (设备费、材料费), or are of one division (省级、市级)."""
    names = [_PARTICLES.sub("", label) for label in labels]
    if _division(names, words):
        return True
    if not all(names) or any(_STAGE.search(name) or words.an_aspect.search(name) for name in names):
        return False  # 其中本年投资300万元，累计完成投资500万元: the one holds the other
    return len({name[-1] for name in names}) == 1 and len(set(names)) == len(names)


def _division(names: Sequence[str], words: Phrases) -> frozenset[str]:
    """The words of one division by which parts are called; none where some are called otherwise."""
    for division in words.divisions:
        held = [next((word for word in division if name.startswith(word)), "") for name in names]
        if not all(_OF_DIVISION.fullmatch(name[len(word) :]) for name, word in zip(names, held, strict=True)):
            continue
        if all(held) and len(set(held)) == len(held):
            return frozenset(held)
    return frozenset()


def added_up(found: Sequence[Statement], label: str, words: Phrases) -> Listing | None:
    """The sum whose label (，三项合计) says that it adds up the amounts before it in the sentence."""
    if found[-1].unit == _POINTS:
        return _scores_added_up(found, label)
    if found[-1].item != COUNT or found[-1].unit not in words.units or _TOTAL.fullmatch(label) is None:
        return None
    parts = [at for at, one in enumerate(found[:-1]) if one.unit != _PERCENT]  # 设备费6万元，占60%
    plain = all(
        one.unit in words.units and one.aspect in ("", SPENT) and not one.exactness and one.label.strip("，、；：: ")
        for one in (found[part] for part in parts)
    )
    return Listing(len(found) - 1, found[-1].unit, complete=True, parts=parts) if plain and len(parts) > 1 else None


def _scores_added_up(found: Sequence[Statement], label: str) -> Listing | None:
    """投入得18分、产出得29分，合计47分: what each part came to, and nothing else."""
    if _TOTAL.fullmatch(label) is None and _TOTAL_SCORE.fullmatch(label) is None:
        return None
    plain = all(one.unit == _POINTS and not one.exactness and _SCORED.fullmatch(one.label) for one in found[:-1])
    parts = list(range(len(found) - 1))
    return Listing(len(found) - 1, _POINTS, complete=True, parts=parts) if plain and len(parts) > 1 else None


def with_lists(
    found: Sequence[Statement], listings: Sequence[Listing], first: int, words: Phrases
) -> Iterator[Statement]:
    """The statements, those that are parts with the number of their sum; `first`: the number of the first."""
    part_of = {
        part: (one.total, one.complete and not one.partial)
        for one in listings
        if one.tells(found, words)
        for part in one.parts
    }
    for at, statement in enumerate(found):
        total, complete = part_of.get(at, (None, False))
        yield statement if total is None else replace(statement, part_of=first + total, complete=complete)
