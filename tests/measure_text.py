"""Recall and precision of what is read from sentences: against the lists made by hand, and on generated reports.

`python -m tests.measure_text [--reports N] [--seed N]`. A report is written about generated tables in one of many
phrasings; in half of them one figure is falsified in the text. Told are the kinds of faults that were found, and the
false alarms in honest reports.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from gouji.ingest.register.batch import Batch
from gouji.templates.catalogue import built_in
from gouji.validate.figures import Tables
from gouji.validate.narrative.check import check_narrative
from gouji.validate.part import wides_of
from tests.frames import returns_of, values_of
from tests.narrative_oracle import oracles, stated, wanted

FORM = built_in().form("部门整体支出绩效评价自评报告", "汨罗市-2018")
YEAR = 2021
Said = Callable[[str, Decimal], str]
"""Item and amount → the amount in words, falsified where that is the fault."""

OPENINGS = ["", "{year}年，", "本单位", "我局{year}年度", "{year}年度，我单位"]
IS = ["", "为", "共", "合计", "总计", "达", "：", "共计", "为人民币"]
TOTALS = ["支出合计", "总支出", "本年支出", "支出总额", "全年支出"]
GROWTHS = [
    "比上年{verb}{change}，{verb}{rate}",
    "较上年{verb}了{change}，{noun}{rate}",
    "同比{verb}{change}，{noun}为{rate}",
]
NOISE = [
    "全年召开会议12次，参会1100人次。", "完成上级交办事项230件，办结230件，办结率100%。",
    "下一步计划争取项目资金500万元。",
    "按照要求，满意度应达到90%以上。", "全县三公经费支出3200万元。", "1-11月受理来信42件。", "培训干部40余人。",
    "下属事业单位支出120.5万元。", "发放补贴每人300元，惠及群众5600户。", "2019年支出合计888.8万元。",
]  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A text, the figures of its tables, and the kind of its fault, if it has one."""

    text: str
    figures: dict[str, Decimal | str | None]
    fault: str | None


def rounded(value: Decimal, places: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def money(value: Decimal, dice: Random) -> str:
    """The amount as one of the ways in which people write it."""
    match dice.randrange(6):
        case 0:
            return f"{value * 10000:f}".partition(".")[0] + "元"
        case 1:
            return f"{value:,}万元"
        case 2 if value > 20:
            return f"{rounded(value, 1)}万元"
        case _:
            return f"{value}万元"


def percent(value: Decimal, dice: Random) -> str:
    return f"{rounded(value * 100, dice.choice([1, 2]))}%"


def wrong(value: Decimal, dice: Random) -> Decimal:
    """A figure that is clearly another one, as slips are: two digits exchanged, a digit changed, ten times as much."""
    changed = rounded(value * dice.choice([Decimal("1.1"), Decimal("0.8"), Decimal(10), Decimal("1.35")]))
    return changed if abs(changed - value) > Decimal("0.6") else value + Decimal("3.21")


FAULTS = [
    "支出合计",
    "基本支出",
    "项目支出",
    "三公经费",
    "人数",
    "得分",
    "等次",
    "增减率",
    "占比",
    "合计与各部分",
    "完成率",
]


def report(dice: Random, fault: str | None) -> Report:
    """One report on tables of its own."""
    staff, running, projects, reception, car = (
        rounded(Decimal(dice.randrange(low, high)) / 100)
        for low, high in ((9000, 60000), (1500, 9000), (5000, 90000), (50, 900), (0, 700))
    )
    basic = staff + running
    total, three = basic + projects, reception + car
    posts = dice.randrange(12, 80)
    people = posts - dice.randrange(0, 9)
    score = dice.randrange(90, 100)
    figures: dict[str, Decimal | str | None] = {
        "收入汇总.收入合计": total, "支出汇总.支出合计": total, "支出汇总.基本支出": basic, "支出汇总.人员支出": staff,
        "支出汇总.公用支出": running, "支出汇总.项目支出": projects, "三公汇总.三公经费合计": three,
        "三公汇总.公务接待费": reception, "三公汇总.公务用车运维费": car, "人员编制": Decimal(posts),
        "实有人数": Decimal(people), "绩效自评综合得分": Decimal(score), "评价等次": "优秀",
    }  # fmt: skip

    def said(name: str, value: Decimal) -> str:
        return money(wrong(value, dice) if fault == name else value, dice)

    opening, is_ = dice.choice(OPENINGS).format(year=YEAR), dice.choice(IS)
    sentences = [
        f"{opening}{dice.choice(TOTALS)}{is_}{said('支出合计', total)}。",
        _parts(dice, said, basic, projects),
        _growth(dice, running, fault),
        _share(dice, basic, total, fault),
        _three(dice, said, three, fault),
        f"{dice.choice(['定编', '编制数', '人员编制'])}{posts}人，{dice.choice(['在职人员', '在编在岗', '实有人数'])}"
        f"{people + (7 if fault == '人数' else 0)}人。",
        f"{dice.choice(['自评得分', '绩效自评得分为', '综合得分为', '本次评价得分'])}"
        f"{score - (11 if fault == '得分' else 0)}分，"
        f"{dice.choice(['评价等次为', '绩效等级：', '评价等次为“'])}{'良' if fault == '等次' else '优'}。",
        _sum(dice, projects, fault),
    ]  # fmt: skip
    sentences += dice.sample(NOISE, 4)
    dice.shuffle(sentences)
    return Report("".join(sentences), {**figures, "综述": "".join(sentences)}, fault)


def _parts(dice: Random, said: Said, basic: Decimal, projects: Decimal) -> str:
    comma = dice.choice(["，", "；", "、"])
    year = dice.choice(["", f"{YEAR}年", "全年"])
    return f"{year}基本支出{dice.choice(IS)}{said('基本支出', basic)}{comma}项目支出{said('项目支出', projects)}。"


def _growth(dice: Random, running: Decimal, fault: str | None) -> str:
    change = rounded(running * Decimal(dice.randrange(2, 30)) / 100)
    rises = dice.random() < 0.5
    before = running - change if rises else running + change
    rate = change / before
    if fault == "增减率":
        rate = rate * 2 + Decimal("0.03")
    verb, noun = ("增加", "增幅") if rises else ("减少", "降幅")
    words = dice.choice(GROWTHS).format(verb=verb, noun=noun, change=f"{change}万元", rate=percent(rate, dice))
    return f"公用经费{running}万元，{words}。"


def _share(dice: Random, basic: Decimal, total: Decimal, fault: str | None) -> str:
    share = basic / total
    if fault == "占比":
        share = share - Decimal("0.07")
    return f"支出合计{total}万元，其中基本支出{basic}万元，占支出合计的{percent(share, dice)}。"


def _three(dice: Random, said: Said, three: Decimal, fault: str | None) -> str:
    budget = rounded(three * Decimal("1.2") + 1)
    rate = (wrong(three, dice) if fault == "完成率" else three) / budget
    if fault == "三公经费":
        return f"“三公”经费支出{said('三公经费', three)}。"
    planned, done = dice.choice(["支出预算", "年初预算"]), percent(rate, dice)
    return f"“三公”经费{planned}{budget}万元，支出决算{three}万元，完成预算的{done}。"


def _sum(dice: Random, projects: Decimal, fault: str | None) -> str:
    first, second = rounded(projects * Decimal("0.37")), rounded(projects * Decimal("0.21"))
    third = projects - first - second
    if fault == "合计与各部分":
        third += Decimal("9.5")
    words = dice.choice(["，具体为：", "，包括", "，分别为"])
    comma = dice.choice(["、", "，", "；"])
    named = zip(["平台建设", "网络租赁", "设备购置"], (first, second, third), strict=True)
    parts = comma.join(f"{name}{value}万元" for name, value in named)
    return f"项目支出{projects}万元{words}{parts}。"


def found(reports: Sequence[Report]) -> Iterator[list[str]]:
    """The rules of the findings of every report."""
    values = values_of(FORM, [one.figures for one in reports])
    tables = Tables(wides_of(Batch(returns_of(FORM, len(reports)), values, YEAR), built_in()))
    by_return: dict[str, list[str]] = {}
    for one in check_narrative(tables, built_in()):
        by_return.setdefault(str(one.return_id), []).append(f"{one.rule} {one.message}")
    yield from (by_return.get(f"R{number}", []) for number in range(len(reports)))


def measured(count: int, seed: int) -> tuple[Counter[str], Counter[str], list[tuple[str, list[str]]]]:
    """Faults planted and found by kind; honest reports with what was said of them."""
    dice = Random(seed)
    kinds = [FAULTS[number % len(FAULTS)] if number % 2 else None for number in range(count)]
    dice.shuffle(kinds)
    reports = [report(dice, kind) for kind in kinds]
    planted, caught, alarms = Counter[str](), Counter[str](), []
    for one, told in zip(reports, found(reports), strict=True):
        if one.fault is None:
            alarms += [(one.text, told)] if told else []
        else:
            planted[one.fault] += 1
            caught[one.fault] += bool(told)
    return planted, caught, alarms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    hand = [(stated(oracle), wanted(oracle)) for oracle in oracles()]
    right = sum((mine & theirs).total() for mine, theirs in hand)
    print(f"statements of the published texts: recall {right}/{sum(theirs.total() for _, theirs in hand)},", end=" ")
    print(f"precision {right}/{sum(mine.total() for mine, _ in hand)}")
    planted, caught, alarms = measured(given.reports, given.seed)
    for kind in FAULTS:
        print(f"{kind}: {caught[kind]}/{planted[kind]}")
    honest = given.reports - planted.total()
    print(f"false alarms: {len(alarms)} of {honest} honest reports; recall {caught.total()}/{planted.total()}")
    for text, told in alarms[:5]:
        print(text, told)


if __name__ == "__main__":
    main()
