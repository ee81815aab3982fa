"""Drawing: the largest amounts, the largest deviations, or by chance under a seed. The same population, way, number and
seed give the same tables, on any machine and without this program.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import pandas as pd

from gouji.export.exact import number, total
from gouji.export.records import plain
from gouji.export.sampling.population import Population
from gouji.templates.text import sheet_text
from gouji.validate.wording import figure_text

MONEY, DEVIATION, CHANCE = "金额", "偏差", "随机"
WAYS = {MONEY: "money", DEVIATION: "deviation", CHANCE: "random"}
"""Ways of drawing and their other names."""
_LARGEST_SEED = 10**9


class SampleError(Exception):
    """A sample cannot be drawn or read back; the message is Chinese and says what to do."""


@dataclass(frozen=True)
class Sample:
    """The drawn `tables` (rows of the population, in the order in which they were drawn), how they were drawn, and
    `remarks`: what of the population could not be drawn, and how much of the money was.
    """

    tables: pd.DataFrame
    by: str
    count: int
    seed: str | None
    size: int
    sha256: str
    remarks: tuple[str, ...]


def way_of(name: str) -> str:
    """A way of drawing by either of its names. Raises SampleError."""
    way = next((way for way, other in WAYS.items() if name.strip().lower() in (way, other)), None)
    if way is None:
        raise SampleError(f"没有名为“{name}”的抽取方法。可选：{'、'.join(WAYS)}。")
    return way


def draw(population: Population, by: str, count: int, seed: str | None = None) -> Sample:
    """`count` tables by one of WAYS; by chance under a seed of our own where none is given. Raises SampleError."""
    way = way_of(by)
    if count < 1:
        raise SampleError("抽取个数应至少为 1。")
    if seed is not None and way != CHANCE:
        raise SampleError(f"按{way}抽取的结果是确定的，用不着种子；种子只用于按{CHANCE}抽取。")
    if seed is not None and (sheet_text(seed) != seed or not seed.strip()):
        raise SampleError("种子是空的，或有不能写在表里的字符，请用数字或一般的文字。")
    if way == CHANCE and seed is None:
        seed = str(secrets.randbelow(_LARGEST_SEED))
    ranked = _ranked(population.tables, way, seed)
    drawn = ranked.head(count).reset_index(drop=True)
    remarks = [*population.left_out, *_lacking(population.tables, way), *_covered(population.tables, drawn)]
    if len(drawn) < count:
        remarks.append(f"可以抽取的只有{len(drawn)}张，全部抽中")
    return Sample(drawn, way, count, seed, len(population.tables), population.sha256, tuple(remarks))


def _ranked(tables: pd.DataFrame, way: str, seed: str | None) -> pd.DataFrame:
    """The tables that can be drawn, the first to be drawn first; equals by their return_id."""
    if way == CHANCE:
        lots = [hashlib.sha256(f"{seed}\n{return_id}".encode()).hexdigest() for return_id in plain(tables["return_id"])]
        return tables.assign(lot=lots).sort_values("lot", kind="stable")[tables.columns]
    column = tables["money"] if way == MONEY else tables["difference"].abs()
    # Of two in their range, the one whose lowest possible score is farther away may be farther off.
    second = 0.0 if way == MONEY else tables["own"] - tables["low"]
    known = tables.assign(size=column, second=second)[column.notna()]
    order = known.sort_values(["size", "second", "return_id"], ascending=[False, False, True], kind="stable")
    return order[tables.columns]


def _lacking(tables: pd.DataFrame, way: str) -> list[str]:
    column = {MONEY: "money", DEVIATION: "difference"}.get(way)
    lacking = 0 if column is None else int(tables[column].isna().sum())
    words = "表上没有项目预算数" if way == MONEY else "不能复算"
    return [f"{words}的{lacking}张表不能按{way}抽取，请另用别的方法抽取"] if lacking else []


def _covered(tables: pd.DataFrame, drawn: pd.DataFrame) -> list[str]:
    """How much of the money the drawn tables have."""
    whole, part = total(plain(tables["money"])), total(plain(drawn["money"]))
    if not whole or part is None:
        return []
    drawn_money, all_money = (figure_text(number(amount), "amount") for amount in (part, whole))
    return [f"抽中的表预算数合计{drawn_money}，占总体{all_money}的{figure_text(part / whole, 'rate')}"]
