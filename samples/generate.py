"""Batches of invented returns with known faults: `python -m samples.generate OUT --units 500 --faults 0.3`.

Every unit sends one issued workbook with 基础数据表, 评分表 and two 自评表. All figures tie, except that a stated
share of the units has one fault each, of a kind in the catalogue. Same arguments, same bytes.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from samples.generating.catalogue import CATALOGUE
from samples.generating.delivering import deliver
from samples.generating.names import OFFICES, recipient
from samples.generating.planted import Planted, write_planted
from samples.generating.tables import UnitReturn
from samples.generating.units import BASE, PROJECT, SHEET, honest_unit, leaps

WORKBOOKS, ROSTER, PLANTED = "报送", "名册.csv", "planted.json"
LEAP = "Y-02"
"""The rule on totals that change a lot from year to year."""

_HEADS = ["单位编码", "单位名称", "主管部门", "归口股室", "应报表", "项目编码", "项目名称"]
_OWED = "；".join("@".join(form) for form in (BASE, SHEET, PROJECT))


def generate(
    out: Path, units: int, faults: float, seed: int, year: int = 2021, kinds: Sequence[str] | None = None
) -> list[Planted]:
    """Write `out`/报送/*.xlsx, 名册.csv and planted.json; returns what was planted.

    `faults`: share of the units (0 to 1) that get one fault each, the `kinds` (all by default) as evenly as
    they come out. Unit n is the same whatever the number of units. Raises ValueError for a share or kind that
    does not exist.
    """
    if not 0 <= faults <= 1:
        raise ValueError(f"the share of faults must lie between 0 and 1, not {faults}")
    unknown = set(kinds or ()) - CATALOGUE.keys()
    if unknown:
        raise ValueError(f"no such kind of fault: {min(unknown)}")
    folder = out / WORKBOOKS
    folder.mkdir(parents=True, exist_ok=True)
    planted: list[Planted] = []
    roster: list[list[str]] = []
    for number, kind in enumerate(_assigned(units, faults, seed, list(kinds or CATALOGUE))):
        unit, found = _made(number, kind, folder, seed, year)
        planted += found
        roster += _roster_rows(unit, number)
    _write_roster(roster, out / ROSTER)
    write_planted(planted, out / PLANTED)
    return planted


def _assigned(units: int, faults: float, seed: int, kinds: list[str]) -> list[str | None]:
    """The kind of fault of every unit, None for the honest ones."""
    random = Random(f"{seed}/kinds")
    count = round(units * faults)
    chosen: list[str] = []
    while len(chosen) < count:
        chosen += random.sample(kinds, len(kinds))
    assigned: list[str | None] = [*chosen[:count], *[None] * (units - count)]
    random.shuffle(assigned)
    return assigned


def _made(number: int, kind: str | None, folder: Path, seed: int, year: int) -> tuple[UnitReturn, list[Planted]]:
    random = Random(f"{seed}/{number}")
    unit = honest_unit(recipient(number, random), year, random)
    spot = None if kind is None else CATALOGUE[kind](unit, random)
    file = deliver(unit, folder)
    if kind is None or spot is None:
        return unit, []
    whose = unit.recipient
    # A fault in a figure may also make its total leap from year to year; the amounts decide that.
    exactly = (*spot.exactly, LEAP) if spot.exactly is not None and leaps(unit.base) else spot.exactly
    return unit, [
        Planted(file, whose.unit_code, whose.unit, kind, spot.form, spot.instance, spot.item, spot.rules, exactly)
    ]


def _roster_rows(unit: UnitReturn, number: int) -> Iterator[list[str]]:
    if not unit.delivery.on_roster:
        return
    whose = unit.recipient
    office = OFFICES[number % len(OFFICES)]
    for project in whose.projects:
        yield [whose.unit_code, whose.unit, whose.department, office, _OWED, project.code, project.name]


def _write_roster(rows: list[list[str]], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_HEADS, *rows])


def main() -> None:
    """The command line."""
    description = "生成一批带有已知错误的填报工作簿。"
    parser = argparse.ArgumentParser(prog="python -m samples.generate", description=description)
    parser.add_argument("out", type=Path, help="写到哪个文件夹")
    parser.add_argument("--units", type=int, default=100, help="单位个数")
    parser.add_argument("--faults", type=float, default=0.3, help="有错误的单位所占比例，0 到 1")
    parser.add_argument("--seed", type=int, default=1, help="随机种子，相同则结果相同")
    parser.add_argument("--year", type=int, default=2021, help="填报年度")
    given = parser.parse_args()
    planted = generate(given.out, given.units, given.faults, given.seed, given.year)
    print(f"已生成 {given.units} 个单位的填报工作簿，其中 {len(planted)} 个单位各有一处错误：{given.out}")


if __name__ == "__main__":
    main()
