"""总览: the first page. Where to look, what came, what was found, where it is worst; below it what its charts count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gouji.export.attendance import attendance, forms_shown
from gouji.export.book import Book
from gouji.export.records import plain
from gouji.export.results import Results
from gouji.export.rulebook import rule_words
from gouji.export.settled import outstanding
from gouji.export.sheets.asides import ASIDES_SHEET
from gouji.export.sheets.charts import AMBER, BLUE, GREEN, GREY, HEIGHT, LIGHT, RED, Chart, insert_chart, rows_of
from gouji.export.sheets.unit_figures import sheet_title, unit_forms
from gouji.export.standing import (
    GAPS,
    GRADE_NAMES,
    RATE_BANDS,
    SEVERITIES,
    UNDECIDED,
    at_stake,
    by_layer,
    counted_totals,
    gap_counts,
    grade_counts,
    rate_counts,
)
from gouji.export.table import Column, Formula, Link, add_row
from gouji.export.words import FORM_FAULT, MUST, RECEIVED
from gouji.templates.addresses import quoted_sheet, range_name
from gouji.templates.catalogue import Catalogue
from gouji.templates.live import LiveSheet
from gouji.templates.review import WORDINGS_SHEET
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED
from gouji.templates.write import span_cells
from gouji.validate.frames import VERDICTS
from gouji.validate.review.wordings import unanswered

WIDTHS = [22.0, *[11.0] * 9]
_MOST = 6
"""Units and rules that are named: all of it stands on one page."""
_STATUSES = 5
_LINKS = (0, 1, 4, 7)
"""The columns in which the links of a row begin."""
_BESIDE = 5
"""The column at which the chart of the findings begins, right of their table."""
_THIRD = 332
"""Pixels of the width of a chart, of which three stand side by side."""
_COLOURS = (RED, AMBER, GREY)
_MEANINGS = {
    AGREES: "数字对得上",
    ROUNDING: "相差不超过四舍五入所能造成的，不用改",
    DIFFERS: "相差超过四舍五入所能造成的，应改正或说明",
    UNCHECKED: "缺少数据，不能判断；既不算对，也不算错",
}


@dataclass
class _Page:
    """The page as it grows downwards; `head` and `row` write lines of a table from the first column on."""

    book: Book
    sheet: LiveSheet
    next_row: int = 0

    def section(self, text: str) -> None:
        """A heading."""
        self.book.section(self.sheet, self.next_row, text, len(WIDTHS))
        self.next_row += 1

    def head(self, heads: Sequence[str], spans: Sequence[int] = ()) -> None:
        """A head line; `spans`: how many columns each head has."""
        self._line(heads, spans, "head")

    def row(self, cells: Sequence[Any], shade: str = "") -> None:
        """A line of cells: texts and counts."""
        self._line(cells, (), shade)

    def described(self, first: str, count: int | None, text: str) -> None:
        """A line with a name, a count and a text over the remaining columns."""
        self._line([first, count, text], (1, 1, len(WIDTHS) - 2))

    def links(self, names: Sequence[str]) -> None:
        """Links to other sheets, side by side."""
        ends = [*_LINKS[1:], len(WIDTHS)]
        cells = [_link(name) for name in names] + [None] * (len(_LINKS) - len(names))
        self._line(cells, [end - start for start, end in zip(_LINKS, ends, strict=True)])

    def link(self, target: str, text: str) -> None:
        """A line with a link to another sheet and what is there."""
        self._line([_link(target), text], (1, len(WIDTHS) - 1))

    def ranked(self, cells: Sequence[Any]) -> None:
        """A line of a ranking: a name, points, two counts, and a text over the remaining columns."""
        self._line(cells, (*[1] * 4, len(WIDTHS) - 4), kinds={1: "points"})

    def room(self, first: int, pixels: int) -> None:
        """No further line before so many pixels below the line `first`."""
        while self.sheet.height_of(first, self.next_row) < pixels:
            self.next_row += 1

    def _line(
        self, cells: Sequence[Any], spans: Sequence[int], shade: str = "", kinds: Mapping[int, str] | None = None
    ) -> None:
        """Cells one after the other, each over as many columns as `spans` says, by default one."""
        spans = spans or [1] * len(cells)
        columns: list[Column] = []
        shown: list[Any] = []
        widths: list[float] = []
        for number, (cell, span) in enumerate(zip(cells, spans, strict=True)):
            column, kind = len(columns), (kinds or {}).get(number, "count")
            text = isinstance(cell, str) or number == 0
            columns += [Column("") if text else Column("", kind, align=None if kinds and number in kinds else "center")]
            columns += [Column("")] * (span - 1)
            shown += [cell, *[None] * (span - 1)]
            widths += [sum(WIDTHS[column : column + span]), *WIDTHS[column + 1 : column + span]]
            if span > 1:
                span_cells(self.sheet, self.next_row, column, 1, span)
        add_row(self.book, self.sheet, self.next_row, columns, shown, widths, shade)
        self.next_row += 1


def _link(name: str) -> Link:
    return Link.to(f"internal:{quoted_sheet(name)}!A1", name)


def overview_sheet(book: Book) -> LiveSheet:
    """The sheet for it, one upright A4 page."""
    sheet = book.sheet("总览", landscape=False)
    sheet.fit_to_pages(1, 1)
    sheet.measured = True
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    return sheet


def write_overview(book: Book, sheet: LiveSheet, results: Results) -> None:
    """The page. `book` knows by now on which sheets the long tables go on."""
    book.title(sheet, f"{results.year}年度绩效自评收审总览" if results.year else "绩效自评收审总览")
    book.note(sheet, 1, lead(results), WIDTHS, shade="")
    page = _Page(book, sheet, 2)
    findings = outstanding(results)
    findings = findings[findings["severity"] != FORM_FAULT]
    guide = _guide(results, book.names)
    names = [name for name, _ in guide]
    for first in range(0, len(names), len(_LINKS)):
        page.links(names[first : first + len(_LINKS)])
    _write_receipt(page, results)
    _write_findings(page, findings)
    _write_verdicts(page, results)
    page.section("四、等次、得分和执行率（各柱的数目在本页下方）")
    charts = page.next_row
    page.next_row += rows_of(HEIGHT)
    _write_worst(page, findings, results)
    sheet.print_area(0, 0, page.next_row - 1, len(WIDTHS) - 1)
    totals = counted_totals(results)
    page.next_row += 1
    drawn = [_write_grades(page, totals), _write_gaps(page, totals), _write_rates(page, results)]
    for place, chart in enumerate(drawn):
        insert_chart(book, sheet, chart, charts, 0, place * (_THIRD + 6), (_THIRD, HEIGHT))
    _write_guide(page, guide)


def lead(results: Results) -> str:
    """One sentence that says how things stand."""
    findings = outstanding(results)
    serious = findings[(findings["severity"] == MUST) & (findings["verdict"] == DIFFERS)]
    units = serious["unit_code"].fillna(serious["unit"]).nunique()
    lacking = sum(not unit.complete for unit in attendance(results))
    files, tables = results.returns["file"].nunique(), int(results.returns["form"].notna().sum())
    state = f"收到{files}个文件，识别出{tables}张表；" if files else "没有收到文件；"
    whose = f"{units}个单位" if units else ""  # the bureau's own table is no unit's
    wrong = f"{whose}有强制性问题{len(serious)}处，改正后才能通过" if len(serious) else "没有强制性问题"
    closed = len(results.findings) - len(findings)
    wrong += f"；另有{closed}处已审（说明采纳或规则误判）" if closed else ""
    return f"{state}{wrong}；" + (f"{lacking}个单位还没有报齐。" if lacking else "要求报送的单位都已报齐。")


def _write_receipt(page: _Page, results: Results) -> None:
    returns, units = results.returns, attendance(results)
    page.section("一、收表")
    page.head(["项目", "数量", "说明"], (1, 1, len(WIDTHS) - 2))
    page.described("收到的文件", returns["file"].nunique(), "逐个文件的去向见“收表明细”")
    page.described(
        "已收并采用的表", int(returns["adopted"].sum()), _forms(returns[returns["adopted"]], results.catalogue)
    )
    others = returns.loc[returns["status"] != RECEIVED, "status"].value_counts()
    for status, count in others.head(_STATUSES).items():
        page.described(str(status), int(count), _reasons(returns[returns["status"] == status]))
    if len(others) > _STATUSES:
        rest = others.iloc[_STATUSES:]
        page.described("其他", int(rest.sum()), "，".join(f"{status} {count}" for status, count in rest.items()))
    listed = [unit for unit in units if unit.listed]
    if listed:
        done = sum(unit.complete for unit in listed)
        page.described("名册单位", len(listed), f"报齐{done}个，未报齐{len(listed) - done}个")
    forms = forms_shown(results, units)
    short = {results.catalogue.short_name(form): sum(unit.lacking(form) for unit in units) for form in forms}
    if any(short.values()):
        words = "，".join(f"{name}缺{count}张" for name, count in short.items() if count)
        page.described("缺报的表", sum(short.values()), words)
    outside = [unit.name or unit.code or "单位无法确定的表" for unit in units if not unit.listed]
    if results.roster is not None and outside:
        page.described("名册外单位", len(outside), "、".join(outside[:6]) + ("等" if len(outside) > 6 else ""))


def _forms(returns: pd.DataFrame, catalogue: Catalogue) -> str:
    counts = returns["form"].value_counts(sort=False)
    return "，".join(f"{catalogue.short_name(str(form))}{count}张" for form, count in counts.items())


def _reasons(returns: pd.DataFrame) -> str:
    reasons = list(dict.fromkeys(reason for reason in plain(returns["reason"]) if reason))
    return "；".join(reasons[:2]) + ("等" if len(reasons) > 2 else "")


def _write_findings(page: _Page, findings: pd.DataFrame) -> None:
    page.section("二、问题（个数，不含表样问题和已审的）")
    top = page.next_row
    page.head(["类别", *SEVERITIES, "合计"])
    layers, series = by_layer(findings)
    first = page.next_row
    for layer, *numbers in zip(layers, *series.values(), strict=True):
        page.row([layer, *numbers, _sum(range_name(page.next_row, 1, page.next_row, 3), sum(numbers))])
    if not layers:
        page.row(["没有发现问题", None, None, None, None])
        return
    sums = [sum(counts) for counts in series.values()]
    totals = [
        _sum(range_name(first, column, page.next_row - 1, column), value)
        for column, value in enumerate([*sums, sum(sums)], 1)
    ]
    page.row(["合计", *totals], "sum")
    page.room(top, HEIGHT)
    chart = Chart("问题的类别与严重程度（个）", first, len(layers), _COLOURS, stacked=True)
    size = (
        sum(map(page.sheet.width_of, range(_BESIDE, len(WIDTHS)))) - 8,
        page.sheet.height_of(top, page.next_row) - 4,
    )
    insert_chart(page.book, page.sheet, chart, top, _BESIDE, 8, size)


def _sum(cells: str, value: int) -> Formula:
    return Formula(f"=SUM({cells})", value, "count")


def _write_verdicts(page: _Page, results: Results) -> None:
    page.section("三、核对结论（次数）")
    judged: Counter[str] = Counter()
    for rows in results.verdicts.batches(["verdict"]):
        for verdict, count in rows["verdict"].value_counts().items():
            judged[str(verdict)] += int(count)
    for verdict in VERDICTS:
        page.described(verdict, judged[verdict], _MEANINGS[verdict])


def _write_grades(page: _Page, totals: pd.DataFrame) -> Chart:
    page.section("七、等次（采用的表，自评与复算对照）")
    page.head(["自评等次＼复算等次", *GRADE_NAMES, "合计"])
    pairs = totals[["self_grade", "grade"]].fillna(UNDECIDED).value_counts().to_dict()
    first = page.next_row
    for stated in GRADE_NAMES:
        row = [pairs.get((stated, other), 0) for other in GRADE_NAMES]
        page.row(
            [
                stated,
                *(number or None for number in row),
                _sum(range_name(page.next_row, 1, page.next_row, 5), sum(row)),
            ]
        )
    sums = [sum(pairs.get((stated, other), 0) for stated in GRADE_NAMES) for other in GRADE_NAMES]
    totals_row = [
        _sum(range_name(first, column, page.next_row - 1, column), n) for column, n in enumerate([*sums, sum(sums)], 1)
    ]
    page.row(["合计", *totals_row], "sum")
    page.head(["等次（张表）", *grade_counts(totals)])
    first = page.next_row
    for name, *numbers in zip(GRADE_NAMES, *grade_counts(totals).values(), strict=True):
        page.row([name, *numbers])
    return Chart("等次：自评与复算（张表）", first, len(GRADE_NAMES), (LIGHT, BLUE))


def _write_gaps(page: _Page, totals: pd.DataFrame) -> Chart:
    page.section("八、自评总分与复算范围")
    page.head(["自评与表中数据所允许的分数相比", "张表"])
    return _counted(page, "自评总分与复算范围（张表）", GAPS, gap_counts(totals), BLUE)


def _write_rates(page: _Page, results: Results) -> Chart:
    page.section("九、项目预算执行率")
    page.head(["执行率", "项目数"])
    return _counted(page, "项目预算执行率（个项目）", RATE_BANDS, rate_counts(results), GREEN)


def _counted(page: _Page, title: str, names: Sequence[str], counts: Sequence[int], colour: str) -> Chart:
    """Lines of names and counts, and the chart of them."""
    first = page.next_row
    for name, count in zip(names, counts, strict=True):
        page.row([name, count])
    return Chart(title, first, len(names), (colour,))


def _write_worst(page: _Page, findings: pd.DataFrame, results: Results) -> None:
    words = rule_words(results, findings)
    units, rules = findings["unit"].fillna(findings["unit_code"]), findings["rule"]
    page.section("五、影响最大的单位（先看影响得分，再看强制性不符）")
    _write_top(page, "单位", at_stake(findings, units), lambda unit: "涉及规则：" + _listed(rules[units == unit]))
    page.section("六、影响最大的规则")
    _write_top(page, "规则", at_stake(findings, rules), lambda rule: words.get(rule, ""))


def _write_top(page: _Page, head: str, ranked: pd.DataFrame, words: Callable[[str], str]) -> None:
    page.head([head, "影响得分", "强制性不符", "全部问题", "内容"], (*[1] * 4, len(WIDTHS) - 4))
    for name, impact, must, count in ranked.head(_MOST).itertuples():
        page.ranked([str(name), float(impact) or None, int(must), int(count), words(str(name))])
    if ranked.empty:
        page.ranked(["没有", None, None, None, ""])


def _listed(names: pd.Series[Any]) -> str:
    known = sorted(set(plain(names)))
    return "、".join(known[:8]) + ("等" if len(known) > 8 else "")


def _write_guide(page: _Page, guide: Sequence[tuple[str, str]]) -> None:
    page.section("十、各张表里有什么")
    for name, text in guide:
        page.link(name, text)
    if page.book.parts:
        page.section("十一、续表目录（行数多的表分在几张工作表上）")
        for part in page.book.parts:
            page.link(part.sheet, part.rows)


def _guide(results: Results, names: Collection[str]) -> list[tuple[str, str]]:
    return [
        ("问题清单", "每一处问题，最重要的在前，注明文件、工作表和单元格；审核意见填在这里"),
        *([("意见处理", f"有{len(results.matters)}条审核意见需要重新确定")] if results.matters else []),
        *([("已修改", "以前有、本次没有的问题，当时和现在的数字")] if len(results.resolved) else []),
        ("表样问题", "表样自身的矛盾，由财政部门修订"),
        *([(ASIDES_SHEET, "尾差、改成数字的公式等，不需要另外处理")] if len(results.asides) else []),
        *_wordings(results),
        ("单位得分", "自评总分、复算总分或范围、等次、预警"),
        ("指标得分", "每项指标怎样复算，为什么不能复算"),
        *((sheet_title(name, results.catalogue), "各单位基础数据逐行列出并合计") for name in unit_forms(results)),
        ("项目绩效汇总", "各项目预算、执行和得分，按资金额度加权"),
        ("主管部门汇总", "按主管部门和全县汇总的预算、执行和得分"),
        ("绩效指标汇总", "同名绩效指标的指标值和完成值汇总"),
        ("收表情况", "哪个单位哪张表已收、缺报或重复"),
        *([("催报名单", "还缺哪些单位的哪些表，按归口股室打印")] if "催报名单" in names else []),
        ("收表明细", "每个文件的去向和原因；重复报送的在这里定采用哪一份"),
        ("审核规则", "用了哪些规则，各有多少次相符、不符"),
        ("版本与依据", "软件版本、校验值、表样依据，供日后复核"),
    ]


def _wordings(results: Results) -> list[tuple[str, str]]:
    still = unanswered(results.questions)
    more = f"，有{still}种写法请确定" if still else ""
    return [(WORDINGS_SHEET, f"表上与表样写法不同的标签各读作什么{more}")] if results.questions else []
