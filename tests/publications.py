"""Published 部门决算 in the layouts that units publish, with the figures that stand in them.

Figures are invented. Every layout is written from one set of amounts, so that what is to be read is known apart from
any reading: `Publication.truth` names it by unit, year and column of 部门决算参照表, in 万元.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import ClassVar

import openpyxl

from gouji.samples.document import document_bytes, paragraph, table
from gouji.samples.word_table import Patch

Row = list[str]
Rows = list[Row]
Merge = tuple[int, int, int, int]
UNIT, YEAR = "青禾县档案馆", 2023


@dataclass(frozen=True)
class Amounts:
    """A unit's year in hundreds of 元 (万元 with two decimals)."""

    general: int
    fund: int
    superior: int
    other: int
    person: int
    public: int
    project: int
    begin: int
    meeting: int
    training: int
    abroad: tuple[int, int, int]
    bought: tuple[int, int, int]
    run: tuple[int, int, int]
    received: tuple[int, int, int]
    procured: int

    @property
    def income(self) -> int:
        """本年收入合计."""
        return self.general + self.fund + self.superior + self.other

    @property
    def basic(self) -> int:
        """基本支出."""
        return self.person + self.public

    @property
    def spent(self) -> int:
        """本年支出合计."""
        return self.basic + self.project

    @property
    def end(self) -> int:
        """年末结转和结余."""
        return self.income + self.begin - self.spent

    def three(self, which: int) -> int:
        """三公经费: 0 of the budget, 1 spent, 2 spent last year."""
        return self.abroad[which] + self.bought[which] + self.run[which] + self.received[which]


def amounts(seed: int, fund: int | None = None) -> Amounts:
    """Amounts of a unit, by chance."""
    chance = random.Random(seed)
    person, public, project = (
        chance.randrange(*ends) for ends in ((40_000, 90_000), (8_000, 20_000), (20_000, 70_000))
    )
    fund = chance.randrange(1_000, 5_000) if fund is None else fund
    superior, other, begin = chance.randrange(100, 900), chance.randrange(100, 900), chance.randrange(1_000, 3_000)
    general = person + public + project - fund - superior - other + chance.randrange(-500, 500)
    return Amounts(
        general, fund, superior, other, person, public, project, begin, chance.randrange(10, 99),
        chance.randrange(100, 300), *(_three(chance, *ends) for ends in ((0, 9), (10, 30), (200, 400), (100, 300))),
        chance.randrange(3_000, 9_000),
    )  # fmt: skip


def _three(chance: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return chance.randrange(low, high), chance.randrange(low, high), chance.randrange(low, high)


@dataclass
class Sheet:
    """A table as published: its lines above (cells of one line apart), its cells, its lines below."""

    name: str
    above: list[list[str]]
    rows: Rows
    merges: list[Merge] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


@dataclass
class Publication:
    """A document with what is to be read of it."""

    file: str
    sheets: list[Sheet]
    truth: dict[tuple[str, int | None, str], Decimal]
    text: list[str] = field(default_factory=list)


@dataclass
class Style:
    """How a publication is written; every field has what most units do."""

    money: str = "万元"
    unit_line: str = "部门：{unit}"
    money_line: str = "金额单位：{money}"
    year_line: str = ""
    title: str = "{title}"
    order: bool = True
    numbering: bool = True
    merged: bool = True
    zero: str = "0.00"
    figure: Callable[[str], str] = str
    label: Callable[[str], str] = str
    head: str = "决算数"
    number: bool = True
    names: bool = True


PUBLIC = {
    "01": "收入支出决算总表", "02": "收入决算表", "03": "支出决算表", "04": "财政拨款收入支出决算总表",
    "05": "一般公共预算财政拨款支出决算表", "06": "一般公共预算财政拨款基本支出决算表",
    "07": "一般公共预算财政拨款“三公”经费支出决算表", "08": "政府性基金预算财政拨款收入支出决算表",
    "09": "国有资本经营预算财政拨款支出决算表",
}  # fmt: skip


class Writer:
    """The tables of a unit in one style."""

    def __init__(self, figures: Amounts, style: Style, unit: str = UNIT, year: int = YEAR) -> None:
        self.a, self.style, self.unit, self.year = figures, style, unit, year
        self.seen: dict[str, Decimal] = {}

    def truth(self) -> dict[tuple[str, int | None, str], Decimal]:
        """What the tables written so far show, in 万元."""
        return {(self.unit, self.year, column): figure for column, figure in self.seen.items()}

    def says(self, amount: int, column: str = "") -> str:
        """An amount as written; `column`: what it is of 部门决算参照表."""
        if amount == 0 and self.style.zero != "0.00":
            return self.style.zero
        if column:
            self.seen[column] = Decimal(amount) / 100
        plain = f"{Decimal(amount) / 100:,.2f}" if self.style.money == "万元" else f"{amount * 100:,}.00"
        return self.style.figure(plain)

    def sheet(
        self, number: str, rows: Rows, merges: Sequence[Merge] = (), below: Sequence[str] = (), title: str = ""
    ) -> Sheet:
        """A table under its title and the line of unit and money."""
        style, name = self.style, title or PUBLIC[number]
        about = {"unit": self.unit, "year": self.year, "money": style.money, "title": name}
        above = [[style.title.format(**about)]] if style.title else []
        if style.number:
            above.append(["", f"公开{number}表"])
        line = [text.format(**about) for text in (style.unit_line, style.year_line, style.money_line) if text]
        above += [line] if line else []
        rows = [[style.label(text) if text and not text[0].isdigit() else text for text in row] for row in rows]
        called = f"公开{number}" if not style.names else f"Z{number} {name}"[:31]
        return Sheet(
            called.replace("“", "").replace("”", ""), above, rows, list(merges) if style.merged else [], list(below)
        )

    def summary(self, budgets: bool = False, head: str = "") -> Sheet:
        """公开01表; `budgets`: with 年初预算数 and 全年预算数 in front of 决算数."""
        a, say = self.a, self.says
        left = [
            ("一、一般公共预算财政拨款收入", a.general, "一般公共预算财政拨款"),
            ("二、政府性基金预算财政拨款收入", a.fund, "政府性基金"), ("三、国有资本经营预算财政拨款收入", 0, ""),
            ("四、上级补助收入", a.superior, ""), ("五、事业收入", 0, ""), ("八、其他收入", a.other, ""),
            ("本年收入合计", a.income, "收入合计"), ("使用非财政拨款结余", 0, ""),
            ("年初结转和结余", a.begin, "年初结转结余"), ("总计", a.income + a.begin, ""),
        ]  # fmt: skip
        right = [
            ("一、一般公共服务支出", a.spent - a.fund - 1200, ""), ("四、公共安全支出", 0, ""), ("八、社会保障和就业支出", 700, ""),
            ("九、卫生健康支出", 500, ""), ("十二、城乡社区支出", a.fund, ""), ("十九、住房保障支出", 0, ""),
            ("本年支出合计", a.spent, "支出合计"), ("结余分配", 0, ""),
            ("年末结转和结余", a.end, "年末结转结余"), ("总计", a.spent + a.end, ""),
        ]  # fmt: skip
        heads = ["年初预算数", "全年预算数", self.style.head] if budgets else [head or self.style.head]
        order = self.style.order
        rows: Rows = [["项目", *(["行次"] if order else []), *heads] * 2]
        width = len(rows[0]) // 2
        rows.insert(0, ["收入", *[""] * (width - 1), "支出", *[""] * (width - 1)])
        merges: list[Merge] = [(0, 0, 0, width - 1), (0, width, 0, 2 * width - 1)]
        if self.style.numbering:
            numbers = [str(n) for n in range(1, 2 * len(heads) + 1)]
            lead = ["栏次", *([""] if order else [])]
            rows.append([*lead, *numbers[: len(heads)], *lead, *numbers[len(heads) :]])
        for n, (one, other) in enumerate(zip(left, right, strict=True), 1):
            line: list[str] = []
            for (label, amount, column), number in ((one, n), (other, n + len(left))):
                before = [say(amount * 9 // 10), say(amount * 11 // 10)] if budgets else []
                line += [label, *([str(number)] if order else []), *before, say(amount, column)]
            rows.append(line)
        return self.sheet(
            "01",
            rows,
            merges,
            ["注：1.本表反映部门本年度的总收支和年末结转结余情况。", "2.本套报表金额单位转换时可能存在尾数误差。"],
        )

    def old_summary(self) -> Sheet:
        """公开01表 until 2018: 财政拨款收入 in one line."""
        a, say = self.a, self.says
        order = ["行次"] if self.style.order else []
        rows: Rows = [
            ["收入", *[""] * (1 + len(order)), "支出", *[""] * (1 + len(order))],
            ["项目", *order, "决算数", "项目", *order, "决算数"],
        ]
        left = [("一、财政拨款收入", a.general + a.fund, ""), ("其中：政府性基金预算财政拨款", a.fund, "政府性基金"), ("二、上级补助收入", a.superior, ""),
                ("六、其他收入", a.other, ""), ("本年收入合计", a.income, "收入合计"), ("用事业基金弥补收支差额", 0, ""),
                ("年初结转和结余", a.begin, "年初结转结余"), ("总计", a.income + a.begin, "")]  # fmt: skip
        right = [("一、一般公共服务支出", a.spent - a.fund, ""), ("二、外交支出", 0, ""), ("三、国防支出", 0, ""), ("十一、城乡社区支出", a.fund, ""),
                 ("本年支出合计", a.spent, "支出合计"), ("结余分配", 0, ""), ("年末结转和结余", a.end, "年末结转结余"), ("总计", a.spent + a.end, "")]  # fmt: skip
        for n, (one, other) in enumerate(zip(left, right, strict=True), 1):
            line: list[str] = []
            for (label, amount, column), number in ((one, n), (other, n + len(left))):
                line += [label, *([str(number)] if order else []), say(amount, column)]
            rows.append(line)
        width = 2 + len(order)
        return self.sheet("01", rows, [(0, 0, 0, width - 1), (0, width, 0, 2 * width - 1)])

    def internal_summary(self) -> Sheet:
        """财决01表: income, spending by function and by nature beside one another, each with three figures."""
        a, say = self.a, self.says
        heads = ["年初预算数", "全年预算数", "决算数"]
        rows: Rows = [
            ["收入", "", "", "", "", "支出", *[""] * 9],
            [
                "项目",
                "行次",
                *heads,
                "项目（按功能分类）",
                "行次",
                *heads,
                "项目（按支出性质和经济分类）",
                "行次",
                *heads,
            ],
            ["栏次", "", "1", "2", "3", "栏次", "", "4", "5", "6", "栏次", "", "7", "8", "9"],
        ]
        left = [("一、一般公共预算财政拨款收入", a.general, "一般公共预算财政拨款"), ("二、政府性基金预算财政拨款收入", a.fund, "政府性基金"),
                ("八、其他收入", a.other + a.superior, ""), ("", None, ""), ("", None, ""), ("本年收入合计", a.income, "收入合计"),
                ("年初结转和结余", a.begin, "年初结转结余"), ("总计", a.income + a.begin, "")]  # fmt: skip
        middle = [("一、一般公共服务支出", a.spent, ""), ("二、外交支出", 0, ""), ("三、国防支出", 0, ""), ("四、公共安全支出", 0, ""), ("五、教育支出", 0, ""),
                  ("本年支出合计", a.spent, "支出合计"), ("年末结转和结余", a.end, "年末结转结余"), ("总计", a.spent + a.end, "")]  # fmt: skip
        right = [("一、基本支出", a.basic, "基本支出"), ("人员经费", a.person, "人员经费"), ("公用经费", a.public, "公用经费"), ("二、项目支出", a.project, "项目支出"),
                 ("其中：基本建设类项目", 0, ""), ("本年支出合计", a.spent, "支出合计"), ("年末结转和结余", a.end, "年末结转结余"), ("总计", a.spent + a.end, "")]  # fmt: skip
        for n, parts in enumerate(zip(left, middle, right, strict=True), 1):
            line: list[str] = []
            for at, (label, amount, column) in enumerate(parts):
                figures = (
                    [""] * 3 if amount is None else [say(amount * 9 // 10), say(amount * 11 // 10), say(amount, column)]
                )
                line += [label, str(n + at * len(left)), *figures]
            rows.append(line)
        return self.sheet("01", rows, [(0, 0, 0, 4), (0, 5, 0, 14)], title="收入支出决算总表（财决01表）")

    def by_years(self) -> Sheet:
        """公开01表 with last year's figures beside this year's."""
        a, say, year = self.a, self.says, self.year
        heads = [f"{year - 1}年决算数", f"{year}年决算数"]
        rows: Rows = [["项目", *heads, "项目", *heads]]
        for one, other in (
            (
                ("一、一般公共预算财政拨款收入", a.general, "一般公共预算财政拨款"),
                ("一、一般公共服务支出", a.spent, ""),
            ),
            (("本年收入合计", a.income, "收入合计"), ("本年支出合计", a.spent, "支出合计")),
            (("年初结转和结余", a.begin, "年初结转结余"), ("年末结转和结余", a.end, "年末结转结余")),
        ):
            rows.append(
                [
                    text
                    for label, amount, column in (one, other)
                    for text in (label, say(amount * 8 // 10), say(amount, column))
                ]
            )
        return self.sheet("01", rows)

    def income(self) -> Sheet:
        """公开02表."""
        a, say = self.a, self.says
        rows: Rows = [
            ["项目", "", "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "其他收入"],
            ["功能分类科目编码", "科目名称", "", "", "", "", ""],
            ["栏次", "", "1", "2", "3", "4", "5"],
            ["合计", "", say(a.income, "收入合计"), say(a.general + a.fund), say(a.superior), say(0), say(a.other)],
            [
                "201",
                "一般公共服务支出",
                say(a.income - 900),
                say(a.general - 900),
                say(a.superior),
                say(0),
                say(a.other),
            ],
            ["2012604", "档案馆", say(a.income - 900), say(a.general - 900), say(a.superior), say(0), say(a.other)],
        ]
        return self.sheet(
            "02", rows, [(0, 0, 0, 1), *((0, at, 1, at) for at in range(2, 7)), (2, 0, 2, 1), (3, 0, 3, 1)]
        )

    def spending(self, total: bool = True) -> Sheet:
        """公开03表; `total`: with a row 合计."""
        a, say = self.a, self.says
        rows: Rows = [
            ["项目", "", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"],
            ["功能分类科目编码", "科目名称", "", "", "", "", "", ""],
        ]
        if self.style.numbering:
            rows.append(["栏次", "", "1", "2", "3", "4", "5", "6"])
        figures = [
            say(a.spent, "支出合计"),
            say(a.basic, "基本支出"),
            say(a.project, "项目支出"),
            say(0),
            say(0),
            say(0),
        ]
        merges: list[Merge] = [(0, 0, 0, 1), *((0, at, 1, at) for at in range(2, 8))]
        if total:
            merges.append((len(rows), 0, len(rows), 1))
            rows.append(["合计", "", *figures])
            rows.append(["201", "一般公共服务支出", say(a.spent - 700), say(a.basic), say(a.project - 700), "", "", ""])
            rows.append(["2012601", "行政运行", say(a.basic), say(a.basic), "", "", "", ""])
            rows.append(["2012604", "档案馆", say(a.project - 700), "", say(a.project - 700), "", "", ""])
            rows.append(["212", "城乡社区支出", say(700), "", say(700), "", "", ""])
        else:
            rows.append(["2012604", "档案馆", *figures])
        return self.sheet("03", rows, merges, ["注：本表反映部门本年度各项支出情况。"])

    def appropriations_summary(self) -> Sheet:
        """公开04表: what was not from appropriations is not in it."""
        a, say = self.a, self.says
        spent = a.basic + a.project // 2
        rows: Rows = [
            ["收入", "", "", "支出", "", "", "", "", ""],
            [
                "项目",
                "行次",
                "金额",
                "项目",
                "行次",
                "合计",
                "一般公共预算财政拨款",
                "政府性基金预算财政拨款",
                "国有资本经营预算财政拨款",
            ],
            ["栏次", "", "1", "栏次", "", "2", "3", "4", "5"],
            [
                "一、一般公共预算财政拨款",
                "1",
                say(a.general, "一般公共预算财政拨款"),
                "一、一般公共服务支出",
                "33",
                say(spent - a.fund),
                say(spent - a.fund),
                "",
                "",
            ],
            [
                "二、政府性基金预算财政拨款",
                "2",
                say(a.fund, "政府性基金"),
                "十二、城乡社区支出",
                "43",
                say(a.fund),
                "",
                say(a.fund),
                "",
            ],
            [
                "本年收入合计",
                "27",
                say(a.general + a.fund),
                "本年支出合计",
                "59",
                say(spent),
                say(spent - a.fund),
                say(a.fund),
                "",
            ],
            [
                "年初财政拨款结转和结余",
                "28",
                say(a.begin // 2),
                "年末财政拨款结转和结余",
                "60",
                say(a.end // 2),
                "",
                "",
                "",
            ],
            ["一、一般公共预算财政拨款", "29", say(a.begin // 2), "", "61", "", "", "", ""],
            ["二、政府性基金预算财政拨款", "30", "", "", "62", "", "", "", ""],
            ["总计", "32", say(a.general + a.fund + a.begin // 2), "总计", "64", say(spent + a.end // 2), "", "", ""],
        ]
        return self.sheet("04", rows, [(0, 0, 0, 2), (0, 3, 0, 8)])

    def appropriations(self) -> Sheet:
        """公开05表."""
        a, say = self.a, self.says
        rows: Rows = [
            ["项目", "", "本年支出", "", ""],
            ["功能分类科目编码", "科目名称", "小计", "基本支出", "项目支出"],
            ["栏次", "", "1", "2", "3"],
            ["合计", "", say(a.basic + a.project // 2), say(a.basic), say(a.project // 2)],
            ["201", "一般公共服务支出", say(a.basic + a.project // 2), say(a.basic), say(a.project // 2)],
        ]
        return self.sheet("05", rows, [(0, 0, 0, 1), (0, 2, 0, 4), (3, 0, 3, 1)])

    def basic(self, rows_only: bool = False) -> Sheet:
        """公开06表 in three pairs of columns."""
        a, say = self.a, self.says
        rows: Rows = [
            ["人员经费", "", "", "公用经费", "", "", "", "", ""],
            ["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
            [
                "301",
                "工资福利支出",
                say(a.person - 300),
                "302",
                "商品和服务支出",
                say(a.public - 50),
                "307",
                "债务利息及费用支出",
                say(0),
            ],
            [
                "30101",
                "基本工资",
                say(a.person - 9000),
                "30201",
                "办公费",
                say(a.public - 900),
                "30701",
                "国内债务付息",
                say(0),
            ],
            ["30102", "津贴补贴", say(8700), "30215", "会议费", say(a.meeting, "会议费"), "310", "资本性支出", say(50)],
            [
                "303",
                "对个人和家庭的补助",
                say(300),
                "30216",
                "培训费",
                say(a.training, "培训费"),
                "31002",
                "办公设备购置",
                say(50),
            ],
            ["30302", "退休费", say(300), "30217", "公务接待费", say(a.received[1]), "399", "其他支出", say(0)],
            ["人员经费合计", "", say(a.person, "人员经费"), "公用经费合计", "", "", "", "", say(a.public, "公用经费")],
        ]
        if rows_only:
            rows = [[text for at, text in enumerate(row) if at not in (0, 3, 6)] for row in rows]
            rows[0] = ["人员经费", "", "公用经费", "", "", ""]
            rows[-1] = ["人员经费合计", say(a.person), "公用经费合计", "", "", say(a.public)]
            return self.sheet("06", rows, [(0, 0, 0, 1), (0, 2, 0, 5), (len(rows) - 1, 2, len(rows) - 1, 4)])
        return self.sheet("06", rows, [(0, 0, 0, 2), (0, 3, 0, 8), (7, 0, 7, 1), (7, 3, 7, 7)])

    def basic_by_heads(self) -> Sheet:
        """公开06表 as a list of subjects with 人员经费 and 公用经费 as columns."""
        a, say = self.a, self.says
        rows: Rows = [
            ["经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费"],
            ["栏次", "", "1", "2", "3"],
            ["合计", "", say(a.basic), say(a.person, "人员经费"), say(a.public, "公用经费")],
            ["301", "工资福利支出", say(a.person), say(a.person), ""],
            ["302", "商品和服务支出", say(a.public), "", say(a.public)],
            ["30215", "会议费", say(a.meeting, "会议费"), "", say(a.meeting)],
            ["30216", "培训费", say(a.training, "培训费"), "", say(a.training)],
        ]
        return self.sheet("06", rows, [(2, 0, 2, 1)])

    def _parts(self, which: int, column: str) -> list[str]:
        a, say = self.a, self.says
        cars = a.bought[which] + a.run[which]
        total = say(a.three(which), column)
        return [total, say(a.abroad[which]), say(cars), say(a.bought[which]), say(a.run[which]), say(a.received[which])]

    _HEADS: ClassVar[Row] = ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "", "", "公务接待费"]
    _UNDER: ClassVar[Row] = ["", "", "小计", "公务用车购置费", "公务用车运行维护费", ""]

    def three(self, number: str = "07", title: str = "") -> Sheet:
        """公开07表: twelve columns in one row."""
        rows: Rows = [["预算数", *[""] * 5, "决算数", *[""] * 5], [*self._HEADS] * 2, [*self._UNDER] * 2]
        if self.style.numbering:
            rows.append([str(n) for n in range(1, 13)])
        rows.append([*self._parts(0, "三公经费预算数"), *self._parts(1, "三公经费决算数")])
        merges: list[Merge] = [(0, 0, 0, 5), (0, 6, 0, 11), (1, 2, 1, 4), (1, 8, 1, 10)]
        merges += [(1, at, 2, at) for at in (0, 1, 5, 6, 7, 11)]
        return self.sheet(
            number,
            rows,
            merges,
            [
                "注：本表反映部门本年度“三公”经费支出预决算情况。其中，预算数为全年预算数，决算数包括当年财政拨款和以前年度结转资金安排的实际支出。"
            ],
            title,
        )

    def three_in_two_rows(self, further: bool = False) -> Sheet:
        """三公 with 预算数 and 决算数 as rows; `further`: with 会议费 and 培训费 behind."""
        a, say = self.a, self.says
        more = ["培训费", "会议费"] if further else []
        rows: Rows = [
            ["项目", *self._HEADS, *more],
            ["", *self._UNDER, *[""] * len(more)],
            ["栏次", *(str(n) for n in range(1, 7 + len(more)))],
        ]
        for label, which, column in (("预算数", 0, "三公经费预算数"), ("决算数", 1, "三公经费决算数")):
            spent = (
                [say(a.training, "培训费" if which else ""), say(a.meeting, "会议费" if which else "")]
                if further
                else []
            )
            rows.append([label, *self._parts(which, column), *spent])
        merges: list[Merge] = [(0, 3, 0, 5), *((0, at, 1, at) for at in (0, 1, 2, 6, *((7, 8) if further else ())))]
        title = (
            "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表" if further else "财政拨款“三公”经费支出决算表"
        )
        return self.sheet("08", rows, merges, title=title)

    def three_in_rows(self, years: bool = False, budgets: bool = False) -> Sheet:
        """三公 as rows; `years`: last year's figure beside; `budgets`: two budgets."""
        heads = ["预算数", "决算数"]
        if years:
            heads = ["上年决算数", "本年预算数", "本年决算数"]
        if budgets:
            heads = ["年初预算数", "全年预算数", "决算数"]
        columns = {"预算数": (0, "三公经费预算数"), "本年预算数": (0, "三公经费预算数"), "决算数": (1, "三公经费决算数"), "本年决算数": (1, "三公经费决算数"),
                   "上年决算数": (2, "上年三公经费决算数"), "年初预算数": (2, ""), "全年预算数": (0, "")}  # fmt: skip
        labels = [
            "合计",
            "1.因公出国（境）费",
            "2.公务用车购置及运行维护费",
            "（1）公务用车购置费",
            "（2）公务用车运行维护费",
            "3.公务接待费",
        ]
        figures = [self._parts(*columns[head]) for head in heads]
        rows: Rows = [["项目", "行次", *heads], ["栏次", "", *(str(n) for n in range(1, len(heads) + 1))]]
        rows += [[label, str(n), *(part[n - 1] for part in figures)] for n, label in enumerate(labels, 1)]
        return self.sheet("07", rows)

    def running(self) -> Sheet:
        """机构运行信息表: 三公, its numbers, 机关运行经费, 政府采购, in two halves."""
        a, say = self.a, self.says
        parts = [self._parts(0, ""), self._parts(1, "三公经费决算数")]
        self.seen["三公经费预算数"] = Decimal(a.three(0)) / 100
        rows: Rows = [
            ["项目", "行次", "预算数", "统计数", "项目", "行次", "统计数"],
            ["栏次", "", "1", "2", "栏次", "", "3"],
            ["一、“三公”经费支出", "1", "—", "—", "三、机关运行经费", "21", say(a.public)],
            ["（一）支出合计", "2", parts[0][0], parts[1][0], "（一）行政单位", "22", say(a.public)],
            ["1．因公出国（境）费", "3", parts[0][1], parts[1][1], "四、国有资产占用情况", "24", "—"],
            ["2．公务用车购置及运行维护费", "4", parts[0][2], parts[1][2], "（一）车辆数合计（辆）", "25", "3"],
            ["（1）公务用车购置费", "5", parts[0][3], parts[1][3], "五、政府采购支出信息", "38", "—"],
            [
                "（2）公务用车运行维护费",
                "6",
                parts[0][4],
                parts[1][4],
                "（一）政府采购支出合计",
                "39",
                say(a.procured, "政府采购金额"),
            ],
            ["3．公务接待费", "7", parts[0][5], parts[1][5], "1．政府采购货物支出", "40", say(a.procured - 1000)],
            ["（二）相关统计数", "11", "—", "—", "2．政府采购工程支出", "41", say(0)],
            ["1．公务接待批次（个）", "12", "—", "35", "3．政府采购服务支出", "42", say(1000)],
        ]
        return self.sheet("10", rows, title="机构运行信息表")

    def of_fund(self, empty: bool = False, state: bool = False) -> Sheet:
        """公开08表, 公开09表: of other funds."""
        say, fund = self.says, self.a.fund
        if state:
            rows: Rows = [["项目", "", "本年支出", "", ""], ["功能分类科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["栏次", "", "1", "2", "3"],
                          ["合计", "", *([""] * 3 if empty else [say(500), say(200), say(300)])]]  # fmt: skip
            return self.sheet(
                "09", rows, [(0, 2, 0, 4)], ["本部门无国有资本经营预算财政拨款支出，本表无数据。"] if empty else []
            )
        rows = [
            ["项目", "", "年初结转和结余", "本年收入", "本年支出", "", "", "年末结转和结余"],
            ["功能分类科目编码", "科目名称", "", "", "小计", "基本支出", "项目支出", ""],
            ["栏次", "", "1", "2", "3", "4", "5", "6"],
            ["合计", "", *([""] * 6 if empty else [say(0), say(fund), say(fund), say(0), say(fund), say(0)])],
        ]
        return self.sheet(
            "08",
            rows,
            [(0, 4, 0, 6)],
            ["本部门没有政府性基金收入，也没有使用政府性基金安排的支出，故本表无数据。"] if empty else [],
        )

    def nine(self) -> list[Sheet]:
        """The national set."""
        return [
            self.summary(),
            self.income(),
            self.spending(),
            self.appropriations_summary(),
            self.appropriations(),
            self.basic(),
            self.three(),
            self.of_fund(),
            self.of_fund(state=True),
        ]


def in_excel(one: Publication, numbers: bool = True, cover: bool = False) -> bytes:
    """As a workbook, a table per sheet; `numbers`: figures as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    if cover:
        sheet = book.create_sheet("封面")
        for line in one.text:
            sheet.append([line])
    for n, part in enumerate(one.sheets):
        sheet = book.create_sheet(part.name if part.name not in book.sheetnames else f"{part.name[:28]}{n}")
        width = max(map(len, part.rows))
        for line in part.above:
            sheet.append(_spread(line, width))
        if part.above:
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
        for row in part.rows:
            sheet.append([_number(text) if numbers else text or None for text in row])
        down = len(part.above) + 1
        for top, left, bottom, right in part.merges:
            sheet.merge_cells(start_row=top + down, start_column=left + 1, end_row=bottom + down, end_column=right + 1)
        for line in part.below:
            sheet.append([line])
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        for row in sheet.iter_rows(min_row=down, max_row=down + len(part.rows) - 1):
            for cell in row:
                cell.border, cell.alignment = _LINED, _WRAPPED
        for at in range(width):
            widest = max((2 * len(row[at]) for row in part.rows if at < len(row)), default=0)
            sheet.column_dimensions[openpyxl.utils.get_column_letter(at + 1)].width = min(max(widest + 2, 12), 40)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _spread(line: list[str], width: int) -> list[str | None]:
    """The texts of a line over a table, over its width: the last at the right, the others from the left."""
    texts: list[str | None] = [None] * max(width, len(line))
    for n, text in enumerate(line):
        at = len(texts) - 1 if n and n == len(line) - 1 else n * max(len(texts) // (2 * len(line)), 1)
        texts[at] = text or None
    return texts


_WRAPPED = openpyxl.styles.Alignment(wrap_text=True)
_LINED = openpyxl.styles.Border(*(openpyxl.styles.Side("thin"),) * 4)


def _number(text: str) -> object:
    bare = text.replace(",", "")
    return float(bare) if "." in bare and bare.replace(".", "").removeprefix("-").isdecimal() else text or None


def in_word(one: Publication, spaced: bool = False) -> bytes:
    """As a document, its text in front of the tables; `spaced`: unit and money in one paragraph, apart by blanks."""
    body = "".join(paragraph(text) for text in one.text)
    for part in one.sheets:
        for line in part.above:
            texts = [text for text in line if text]
            body += paragraph("    ".join(texts)) if spaced else "".join(map(paragraph, texts))
        ends = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in part.merges}
        covered = {
            (row, at)
            for top, left, bottom, right in part.merges
            for row in range(top, bottom + 1)
            for at in range(left, right + 1)
        } - set(ends)
        body += table(
            [
                Patch(row, at, *ends.get((row, at), (1, 1)), text)
                for row, line in enumerate(part.rows)
                for at, text in enumerate(line)
                if (row, at) not in covered
            ]
        )
        body += "".join(paragraph(text) for text in part.below) or paragraph("")
    return document_bytes(body)
