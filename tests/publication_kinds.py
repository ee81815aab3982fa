"""The kinds of published 部门决算 that are tried: each a document with what is to be read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.publications import UNIT, YEAR, Publication, Sheet, Style, Writer, amounts

Made = Callable[[Writer], list[Sheet]]
FILE = f"{UNIT}{YEAR}年度部门决算公开"


def publication(
    make: Made, style: Style | None = None, *, seed: int = 1, file: str = FILE, text: tuple[str, ...] = ()
) -> Publication:
    """A document of one unit."""
    writer = Writer(amounts(seed), style or Style())
    sheets = make(writer)
    return Publication(file, sheets, writer.truth(), list(text))


def kinds() -> Iterator[tuple[str, Publication]]:
    """Every kind by its name."""
    nine: Made = Writer.nine
    plain = Style()
    yield "national", publication(nine)
    yield "in 元", publication(nine, replace(plain, money="元"), seed=2)
    yield "人民币元", publication(nine, replace(plain, money_line="金额单位：人民币元", money="元"), seed=3)
    yield "单 位 ： 万 元", publication(nine, replace(plain, money_line="单 位 ：万 元"))
    yield "money with other units", publication(nine, replace(plain, money_line="单位：万元、辆、人次"))
    yield (
        "money in brackets",
        publication(nine, replace(plain, money_line="（单位：万元）", unit_line="编制单位：{unit}")),
    )
    yield "公开部门", publication(nine, replace(plain, unit_line="公开部门：{unit}", year_line="{year}年度"))
    yield "no number of rows", publication(nine, replace(plain, order=False))
    yield "no number of columns", publication(nine, replace(plain, numbering=False, order=False))
    yield "heads not merged", publication(nine, replace(plain, merged=False))
    yield "head 金额", publication(nine, replace(plain, head="金额"))
    yield "head with money", publication(lambda w: [w.summary()], replace(plain, head="决算数（万元）", money_line=""))
    yield "title with unit and year", publication(nine, replace(plain, title="{year}年度{unit}{title}", number=False))
    yield (
        "title numbered",
        publication(nine, replace(plain, title="（一）{title}", number=False, unit_line="单位名称：{unit}")),
    )
    yield (
        "title spaced",
        publication(nine, replace(plain, label=lambda text: " ".join(text) if len(text) < 5 else text)),
    )
    yield "zeros blank", publication(nine, replace(plain, zero=""))
    yield "zeros dashes", publication(nine, replace(plain, zero="—"))
    yield "full width", publication(nine, replace(plain, figure=_wide))
    yield "commas of full width", publication(nine, replace(plain, figure=lambda text: text.replace(",", "，")))
    yield "年初 全年 决算", publication(lambda w: [w.summary(budgets=True), w.spending(), w.three()])
    yield "财决01表", publication(lambda w: [w.internal_summary(), w.spending()], replace(plain, number=False))
    yield "until 2018", publication(lambda w: [w.old_summary(), w.spending(), w.basic(), w.three()])
    yield "two years in a table", publication(lambda w: [w.by_years(), w.spending()])
    yield "basic by heads", publication(lambda w: [w.summary(), w.spending(), w.basic_by_heads(), w.three()])
    yield "基本支出 without codes", publication(lambda w: [w.summary(), w.spending(), w.basic(rows_only=True)])
    yield "三公 in two rows", publication(lambda w: [w.summary(), w.spending(), w.three_in_two_rows()])
    yield (
        "三公 with 会议费 培训费",
        publication(lambda w: [w.summary(), w.spending(), w.three_in_two_rows(further=True)]),
    )
    yield "三公 in rows", publication(lambda w: [w.summary(), w.three_in_rows()])
    yield "三公 with last year", publication(lambda w: [w.summary(), w.three_in_rows(years=True)])
    yield "三公 with two budgets", publication(lambda w: [w.summary(), w.three_in_rows(budgets=True)])
    yield "机构运行信息表", publication(lambda w: [w.summary(), w.spending(), w.running()])
    yield "三公 twice", publication(lambda w: [w.summary(), w.three(), w.running()])
    yield "三公 of 2022", publication(lambda w: [*w.nine()[:6], w.three("09", "财政拨款“三公”经费支出决算表")])
    yield (
        "tables without data",
        publication(lambda w: [*w.nine()[:7], w.of_fund(empty=True), w.of_fund(empty=True, state=True)]),
    )
    yield "appropriations alone", publication(lambda w: [w.appropriations_summary(), w.basic(), w.three()])
    yield "other funds alone", publication(lambda w: [w.summary(), w.of_fund(), w.of_fund(state=True)])
    yield "one subject", publication(lambda w: [w.summary(), w.spending(total=False)])
    yield "file of the year after", publication(nine, replace(plain, year_line="{year}年度"), file="20240926公开附件")
    yield (
        "published in",
        publication(nine, replace(plain, title="{year}年度{title}"), file=f"2024年公开{YEAR}年度部门决算"),
    )
    yield "unit on the cover alone", publication(
        nine, replace(plain, unit_line=""), file="附件1", text=(f"{UNIT}{YEAR}年度部门决算", "目录", "第二部分 部门决算表", "一、收入支出决算总表")
    )  # fmt: skip
    yield (
        "titles in sheet names",
        publication(lambda w: [w.summary(), w.spending(), w.appropriations_summary()], replace(plain, title="")),
    )
    yield "with its report", publication(nine, text=_REPORT)
    yield from _odd()
    yield "two units", _two_units()
    yield "two years", _two_years()
    yield "contradicts itself", _contradicting()
    yield "money differs by table", _two_moneys()


_REPORT = (
    f"{UNIT}{YEAR}年度部门决算", "第一部分 部门概况", "本部门主要负责档案接收、整理和利用工作，内设三个股室，编制人数12人，年末实有在职人员11人。",
    "第三部分 部门决算情况说明", "一、收入支出决算总体情况说明", "本部门本年度收入总计比上年减少58.21万元，下降3.20%，主要原因是项目减少，单位：万元的表格见下。",
    "收入支出决算总表反映部门本年度的总收支和年末结转结余情况，具体数字见公开01表，与2022年度相比变化不大，原因如上所述。",
    "第二部分 部门决算表",
)  # fmt: skip


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def _two_units() -> Publication:
    """A department with what belongs to it, then its office alone."""
    dated = Style(year_line="{year}年度")
    parts = [Writer(amounts(11), dated), Writer(amounts(12), dated, "青禾县城建档案室")]
    sheets = [sheet for writer in parts for sheet in (writer.summary(), writer.spending(), writer.three())]
    return Publication("青禾县档案馆部门决算", sheets, parts[0].truth() | parts[1].truth())


def _two_years() -> Publication:
    """Two publications in one document, each table with its year."""
    style = Style(year_line="{year}年度")
    parts = [Writer(amounts(13), style, year=YEAR - 1), Writer(amounts(14), style, year=YEAR)]
    sheets = [sheet for writer in parts for sheet in (writer.summary(), writer.spending())]
    return Publication("决算汇编", sheets, parts[0].truth() | parts[1].truth())


def _contradicting() -> Publication:
    """Two tables say different things of the unit's spending: nothing of that is to be taken."""
    writer, other = Writer(amounts(15), Style()), Writer(amounts(16), Style())
    sheets = [writer.summary(), other.spending()]
    truth = writer.truth() | {key: figure for key, figure in other.truth().items() if key[2] != "支出合计"}
    del truth[UNIT, YEAR, "支出合计"]
    return Publication(FILE, sheets, truth)


def _two_moneys() -> Publication:
    """The tables are in 万元, but one is in 元."""
    writer, other = Writer(amounts(17), Style()), Writer(amounts(17), Style(money="元"))
    return Publication(FILE, [writer.summary(), other.spending(), writer.basic()], writer.truth() | other.truth())


def _odd() -> Iterator[tuple[str, Publication]]:
    """What a clerk does to the layouts, and what is no 部门决算 at all."""
    yield "a blank beside budgets", _changed(lambda w: [w.summary(budgets=True)], _without_begin)
    yield "列表 of contents", _changed(Writer.nine, lambda one: one.sheets.insert(0, _contents()))
    yield "unit and money in cells of their own", _changed(Writer.nine, _split_lines)
    yield (
        "day of making",
        _changed(Writer.nine, lambda one: [sheet.above.append(["编制日期：2024年8月20日"]) for sheet in one.sheets]),
    )
    yield "基本支出 with a sum below", _changed(lambda w: [w.summary(), w.basic()], _basic_summed)
    yield "三公 that does not add up", _changed(lambda w: [w.three()], _three_broken)
    yield "blanks within figures", _changed(lambda w: [w.summary()], _spaced_figures)
    yield "收入总计", _changed(lambda w: [w.summary()], _named_totals)
    yield "two units of money", _changed(lambda w: [w.summary()], _two_units_of_money)
    yield "2015", _changed(lambda w: [w.summary()], _of_2015)
    yield "基本支出 parted", _changed(lambda w: [w.spending()], _parted_spending)
    yield "title in the table", _changed(Writer.nine, _titles_within)
    yield "growth beside", _changed(lambda w: [w.three_in_rows(years=True)], _growth)
    yield (
        "total twice",
        _changed(
            lambda w: [w.spending()],
            lambda one: one.sheets[0].rows.append(list(one.sheets[0].rows[3])),
            lost=("支出合计", "基本支出", "项目支出"),
        ),
    )
    yield "a budget", _budget()
    yield "torn, title again", _changed(Writer.nine, lambda one: _torn(one, again=True))
    yield "torn, heads again", _changed(Writer.nine, _torn)
    yield (
        "torn, no heads",
        _changed(Writer.nine, lambda one: _torn(one, heads=0), lost=("年初结转结余", "年末结转结余")),
    )
    yield "left over less than nothing", publication(lambda w: [w.summary()], seed=23)


def _changed(make: Made, change: Callable[[Publication], object], lost: tuple[str, ...] = ()) -> Publication:
    one = publication(make, seed=21)
    change(one)
    for column in lost:
        del one.truth[UNIT, YEAR, column]
    return one


def _row(sheet: Sheet, label: str) -> list[str]:
    return next(row for row in sheet.rows if label in row)


def _without_begin(one: Publication) -> None:
    row = _row(one.sheets[0], "年初结转和结余")
    row[4] = ""
    del one.truth[UNIT, YEAR, "年初结转结余"]


def _contents() -> Sheet:
    titles = ("一、收入支出决算总表", "二、收入决算表", "三、支出决算表", "四、财政拨款收入支出决算总表")
    return Sheet("目录", [["目录"], *([title] for title in titles)], [["", ""]])


def _split_lines(one: Publication) -> None:
    for sheet in one.sheets:
        sheet.above[-1] = ["部门：", UNIT, "金额单位：", "万元"]


def _basic_summed(one: Publication) -> None:
    sheet = one.sheets[1]
    figures = [_row(sheet, label)[at].replace(",", "") for label, at in (("人员经费合计", 2), ("公用经费合计", 8))]
    sheet.rows.append(["合计", "", f"{sum(map(float, figures)):,.2f}", *[""] * 6])


def _three_broken(one: Publication) -> None:
    one.sheets[0].rows[-1][6] = "99.99"
    del one.truth[UNIT, YEAR, "三公经费决算数"]


def _spaced_figures(one: Publication) -> None:
    row = _row(one.sheets[0], "本年收入合计")
    row[2] = "1 234.56"
    del one.truth[UNIT, YEAR, "收入合计"]


def _named_totals(one: Publication) -> None:
    row = _row(one.sheets[0], "总计")
    row[0], row[3] = "收入总计", "支出总计"


def _two_units_of_money(one: Publication) -> None:
    one.sheets[0].above[-1].append("单位：元")
    one.truth.clear()


def _of_2015(one: Publication) -> None:
    rows = [
        ["项目", "", "年初结转和结余", "本年收入", "", "", "本年支出", "", ""],
        ["科目编码", "科目名称", "", "合计", "基本支出", "项目支出", "合计", "基本支出", "项目支出"],
        ["合计", "", "9.00", "500.00", "300.00", "200.00", "490.00", "295.00", "195.00"],
    ]
    merges = [(0, 0, 0, 1), (0, 3, 0, 5), (0, 6, 0, 8), (0, 2, 1, 2)]
    one.sheets.append(
        Sheet("05", [["一般公共预算财政拨款收入支出决算表"], [f"部门：{UNIT}", "单位：万元"]], rows, merges)
    )


def _parted_spending(one: Publication) -> None:
    sheet = one.sheets[0]
    for n, row in enumerate(sheet.rows):
        more = (["", ""], ["人员经费", "公用经费"], ["", ""])[n] if n < 3 else ["1.00", "2.00"]
        row[4:4] = more
    sheet.rows[1][3] = "小计"
    sheet.rows[2][2:] = [str(number) for number in range(1, 9)]
    sheet.merges = [(0, 0, 0, 1), (0, 3, 0, 5), (0, 2, 1, 2)]


def _titles_within(one: Publication) -> None:
    for sheet in one.sheets:
        width = len(sheet.rows[0])
        lines = [[*line, *[""] * (width - len(line))] for line in sheet.above]
        sheet.rows[:0] = lines
        down = len(lines)
        sheet.merges = [
            (0, 0, 0, width - 1),
            *((top + down, left, bottom + down, right) for top, left, bottom, right in sheet.merges),
        ]
        sheet.above = []


def _torn(one: Publication, *, again: bool = False, heads: int = 3) -> None:
    """The first table goes on behind the end of a page, below `heads` rows of heads, its title `again` or 续表."""
    first = one.sheets[0]
    rest = Sheet(
        "续表",
        first.above if again else [["续表"]],
        [*first.rows[:heads], *first.rows[11 - heads :]],
        first.merges if heads else [],
    )
    first.rows, first.below = first.rows[:8], []
    one.sheets.insert(1, rest)


def _growth(one: Publication) -> None:
    sheet = one.sheets[0]
    sheet.rows[0] += ["增减额", "增减率（%）"]
    for row in sheet.rows[1:]:
        row += ["1.20", "3.40"]


def _budget() -> Publication:
    writer = Writer(amounts(22), Style(number=False))
    sheets = [
        writer.sheet(
            "01",
            [
                ["收入", "", "支出", ""],
                ["项目", "预算数", "项目", "预算数"],
                ["本年收入合计", "100.00", "本年支出合计", "100.00"],
            ],
            title="部门收支总表",
        ),
        writer.sheet(
            "03", [["科目", "合计", "基本支出", "项目支出"], ["合计", "100.00", "60.00", "40.00"]], title="部门支出总表"
        ),
        writer.sheet(
            "07",
            [["合计", "因公出国（境）费", "公务接待费"], ["5.00", "0.00", "5.00"]],
            title="一般公共预算“三公”经费支出表",
        ),
    ]
    return Publication(f"{UNIT}{YEAR}年度部门预算公开", sheets, {})
