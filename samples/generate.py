"""Batches of invented returns with known faults: `python -m gouji.samples.generate OUT --units 500 --faults 0.3`.

Every unit sends one issued workbook with 基础数据表, 评分表 and two 自评表. All figures tie, except that a stated
share of the units has one fault each, of a kind in the catalogue. Same arguments, same bytes. With `--forms all`
the workbook also has the tables of the eight other forms, and the catalogue their faults.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Literal

from pebble import ProcessPool

from gouji.samples.generating.catalogue import ALL, CATALOGUE, MORE, MORE_BY_FORM
from gouji.samples.generating.delivering import deliver
from gouji.samples.generating.more_forms import add_more_forms
from gouji.samples.generating.more_keys import MORE_FORMS
from gouji.samples.generating.names import OFFICES, recipient
from gouji.samples.generating.planted import Planted, Spot, write_planted
from gouji.samples.generating.tables import UnitReturn
from gouji.samples.generating.units import BASE, PROJECT, SHEET, honest_unit, leaps

WORKBOOKS, ROSTER, PLANTED = "报送", "名册.csv", "planted.json"
LEAP = "Y-02"
"""The rule on totals that change a lot from year to year."""

_HEADS = ["单位编码", "单位名称", "主管部门", "归口股室", "应报表", "项目编码", "项目名称"]
_CHUNK = 50
"""Units that a process makes at a time."""
_CORE = (BASE, SHEET, PROJECT)

Forms = Literal["core", "all"]
"""The three forms of 衡山县's and 湖南's self-evaluation, or all ten."""


def generate(
    out: Path, units: int, faults: float, seed: int, year: int = 2021, kinds: Sequence[str] | None = None, *,
    forms: Forms = "core", together: bool = False, jobs: int = 1,
) -> list[Planted]:  # fmt: skip
    """Write `out`/报送/*.xlsx, 名册.csv and planted.json; returns what was planted.

    `faults`: share of the units (0 to 1) that get one fault each, the `kinds` (all by default) as evenly as
    they come out. Unit n is the same whatever the number of units. `together`: a faulty unit gets one fault in each
    of the forms that `kinds` has faults of, so that fewer units hold them all; with `forms="all"` only. `jobs`: in how
    many processes it is done, which changes nothing else. Raises ValueError for a share or kind that does not exist.
    """
    catalogue = ALL if forms == "all" else CATALOGUE
    if not 0 <= faults <= 1:
        raise ValueError(f"the share of faults must lie between 0 and 1, not {faults}")
    unknown = set(kinds or ()) - catalogue.keys()
    if unknown:
        raise ValueError(f"no such kind of fault: {min(unknown)}")
    folder = out / WORKBOOKS
    folder.mkdir(parents=True, exist_ok=True)
    planted: list[Planted] = []
    roster: list[list[str]] = []
    planned = list(kinds or catalogue)
    bundles: list[tuple[str, ...]] = _bundles(planned) if together else [(kind,) for kind in planned]
    owed = "；".join("@".join(form) for form in (*_CORE, *(MORE_FORMS if forms == "all" else ())))
    assigned = _assigned(units, faults, seed, bundles)
    order = [_Order(number, chosen, folder, seed, year, forms, owed) for number, chosen in enumerate(assigned)]
    for unit_faults, rows in _all_made(order, jobs):
        planted += unit_faults
        roster += rows
    _write_roster(roster, out / ROSTER)
    write_planted(planted, out / PLANTED)
    return planted


def _bundles(kinds: Sequence[str]) -> list[tuple[str, ...]]:
    """The kinds, one of every form at a time; those of the core forms one by one."""
    lists = [[kind for kind in kinds if kind in faults] for faults in (CATALOGUE, *MORE_BY_FORM.values())]
    return [tuple(kind for kind in row if kind) for row in zip_longest(*lists, fillvalue="")]


def _assigned(units: int, faults: float, seed: int, bundles: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The kinds of fault of every unit, none for the honest ones."""
    random = Random(f"{seed}/kinds")
    count = round(units * faults)
    chosen: list[tuple[str, ...]] = []
    while len(chosen) < count:
        chosen += random.sample(bundles, len(bundles))
    assigned = [*chosen[:count], *[()] * (units - count)]
    random.shuffle(assigned)
    return assigned


@dataclass(frozen=True, slots=True)
class _Order:
    """A unit to be made: the n-th, with these kinds of fault."""

    number: int
    kinds: tuple[str, ...]
    folder: Path
    seed: int
    year: int
    forms: Forms
    owed: str


_Made = tuple[list[Planted], list[list[str]]]
"""What was planted in a unit's return, and its rows of the roster."""


def _all_made(orders: list[_Order], jobs: int) -> Iterator[_Made]:
    if jobs == 1:
        yield from map(_made, orders)
        return
    os.environ["PYTHONSAFEPATH"] = "1"  # nothing beside OUT is for the new processes to import
    with ProcessPool(jobs, context=get_context("spawn")) as pool:
        yield from pool.map(_made, orders, chunksize=_CHUNK).result()


def _made(order: _Order) -> _Made:
    random = Random(f"{order.seed}/{order.number}")
    unit = honest_unit(recipient(order.number, random), order.year, random)
    if order.forms == "all":
        add_more_forms(unit, random)
    spots = {kind: ALL[kind](unit, random) for kind in order.kinds}
    file = deliver(unit, order.folder)
    exactly = _foretold(spots, unit)
    whose = unit.recipient
    planted = [
        Planted(file, whose.unit_code, whose.unit, kind, spot.form, spot.instance, spot.item, spot.rules, exactly)
        for kind, spot in spots.items()
    ]
    return planted, list(_roster_rows(unit, order.number, order.owed))


def _foretold(spots: dict[str, Spot], unit: UnitReturn) -> tuple[str, ...] | None:
    """Every rule that the unit's faults break, where each foretells its own.

    A fault of the core forms may break ties to the other forms too, which it does not know.
    """
    rules: list[str] = []
    for kind, spot in spots.items():
        if spot.exactly is None or (unit.more and kind not in MORE):
            return None
        rules += [rule for rule in spot.exactly if rule not in rules]
    # A fault in a figure may also make its total leap from year to year; the amounts decide that.
    return (*rules, LEAP) if leaps(unit.base) else tuple(rules)


def _roster_rows(unit: UnitReturn, number: int, owed: str) -> Iterator[list[str]]:
    if not unit.delivery.on_roster:
        return
    whose = unit.recipient
    office = OFFICES[number % len(OFFICES)]
    for project in whose.projects:
        yield [whose.unit_code, whose.unit, whose.department, office, owed, project.code, project.name]


def _write_roster(rows: list[list[str]], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_HEADS, *rows])


def main() -> None:
    """The command line."""
    description = "生成一批带有已知错误的填报工作簿。"
    parser = argparse.ArgumentParser(prog="python -m gouji.samples.generate", description=description)
    parser.add_argument("out", type=Path, help="写到哪个文件夹")
    parser.add_argument("--units", type=int, default=100, help="单位个数")
    parser.add_argument("--faults", type=float, default=0.3, help="有错误的单位所占比例，0 到 1")
    parser.add_argument("--seed", type=int, default=1, help="随机种子，相同则结果相同")
    parser.add_argument("--year", type=int, default=2021, help="填报年度")
    parser.add_argument("--jobs", type=int, default=1, help="同时使用几个进程")
    parser.add_argument("--forms", choices=["core", "all"], default="core", help="三种常用表，或者全部十种表")
    options = parser.parse_args()
    planted = generate(
        options.out, options.units, options.faults, options.seed, options.year, forms=options.forms, jobs=options.jobs
    )
    print(f"已生成 {options.units} 个单位的填报工作簿，其中 {len(planted)} 个单位各有一处错误：{options.out}")


if __name__ == "__main__":
    main()
