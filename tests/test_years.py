"""跨年: last year's results under this year's units, what must equal them, and changes that have to be explained."""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.commands.issue import issue_all
from gouji.export.stored import arrow
from gouji.ingest.beside.earlier_values import EarlierValues, by_whole_returns
from gouji.ingest.beside.previous import Previous, PreviousError, read_previous
from gouji.ingest.roster import COLUMNS, Roster
from gouji.pipeline import run
from gouji.prefill import carried
from gouji.samples.generate import ROSTER, WORKBOOKS, generate
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import built_in
from gouji.templates.errors import RuleError
from gouji.templates.issued import issued_sheets
from gouji.templates.model import ACROSS
from gouji.templates.rules.parse import parse_rule
from gouji.templates.supplement import SUPPLEMENT
from gouji.validate.check import Checked, check_rules
from gouji.validate.earlier import as_this_years, earlier_tables
from gouji.validate.figures import Tables
from gouji.validate.units import Units
from gouji.validate.wide import widen
from gouji.years import OtherYearError
from tests.frames import Given, returns_of, values_of

BASE = built_in().find("基础数据表@衡山县-2021")
BEFORE, NOW = "上年决算数", "本年决算数"
Lines = list[dict[str, Given]]


def figure(text: str | None) -> Given:
    return Decimal(text) if text is not None and not text.startswith("!") else text


def last_year(rows: list[dict[str, Given]], lines: list[dict[str, Lines]] | None = None) -> Previous:
    return Previous.of(returns_of(BASE, len(rows), year=2020), values_of(BASE, rows, lines or []))


def checked(
    rows: list[dict[str, Given]],
    previous: Previous | None,
    *,
    lines: list[dict[str, Lines]] | None = None,
    roster: Roster | None = None,
    suspended: frozenset[str] = frozenset(),
) -> Checked:
    """By the rules across tables and years alone."""
    returns = returns_of(BASE, len(rows), year=2021)
    across = copy(BASE)
    across.__dict__["rules"] = [rule for rule in BASE.rules if rule.layer in ACROSS]
    wide = widen(across, returns, values_of(BASE, rows, lines or []))
    earlier = (
        None
        if previous is None
        else earlier_tables(as_this_years(previous, Units(returns, roster), built_in()), built_in())
    )
    return check_rules(wide, Tables([wide], previous=earlier, suspended=suspended))


def verdicts(result: Checked, rule: str, item: str) -> list[str]:
    rows = result.verdicts[(result.verdicts["rule"] == rule) & (result.verdicts["item"] == item)]
    return [str(verdict) for verdict in rows["verdict"]]


def test_without_last_years_results_there_is_nothing_to_judge() -> None:
    result = checked([{f"三公经费.{BEFORE}": Decimal(5)}], None)
    assert "Y-01" not in set(result.verdicts["rule"])


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        ("5.00", "5", "相符"),
        ("5.01", "5.014", "尾差"),
        ("12", "12.4", "尾差"),
        ("10.3", "10", "尾差"),  # a whole 万元 that the other rounds to
        ("5.3", "5", "不符"),  # too small for whole 万元
        ("5.6", "5", "不符"),
        ("5", None, "无法核对"),
        (None, "5", "无法核对"),
        ("5", "!error", "无法核对"),
        ("0", "0", "相符"),
    ],
)
def test_a_row_must_be_what_was_reported_a_year_ago(now: str | None, before: str | None, verdict: str) -> None:
    result = checked([{f"三公经费.{BEFORE}": figure(now)}], last_year([{f"三公经费.{NOW}": figure(before)}]))
    assert verdicts(result, "Y-01", f"三公经费.{BEFORE}") == [verdict]
    differing = [
        (finding.item, finding.verdict, finding.severity) for finding in result.findings if finding.rule == "Y-01"
    ]
    expected = {"不符": "核实性", "尾差": "提示"}.get(verdict)
    assert differing == ([(f"三公经费.{BEFORE}", verdict, expected)] if expected else [])


def test_the_finding_names_both_years_and_the_file_of_last_year() -> None:
    result = checked([{f"三公经费.{BEFORE}": Decimal("5.6")}], last_year([{f"三公经费.{NOW}": Decimal(5)}]))
    (finding,) = [finding for finding in result.findings if finding.rule == "Y-01"]
    assert finding.message == (
        "“三公经费（2020年决算数）”现为 5.6万元，应等于 上年报表的2020年决算数＝5万元，相差 0.6万元，"
        "请核对后更正，或说明理由。"
    )
    assert (finding.layer, finding.cell, finding.related_cells) == ("跨年", "A1", "上年0.xlsx：表!A1")


def test_project_lines_are_compared_with_the_line_of_the_same_name() -> None:
    before: Lines = [{"line": "甲", NOW: Decimal(10)}, {"line": "乙", NOW: Decimal(4)}, {"line": "旧", NOW: Decimal(1)}]
    now: Lines = [
        {"line": "乙", BEFORE: Decimal(4)},
        {"line": "甲", BEFORE: Decimal(9)},
        {"line": "新", BEFORE: Decimal(3)},
    ]
    result = checked([{}], last_year([{}], [{"项目": before}]), lines=[{"项目": now}])
    assert [verdicts(result, "Y-01", f"{name}.{BEFORE}") for name in "甲乙新"] == [["不符"], ["相符"], ["无法核对"]]
    (finding,) = [finding for finding in result.findings if finding.rule == "Y-01"]
    assert (finding.item, finding.difference) == (f"甲.{BEFORE}", -1.0)


def test_what_was_not_adopted_or_is_of_another_year_is_not_last_years() -> None:
    rows: list[dict[str, Given]] = [{f"三公经费.{NOW}": Decimal(5)}]
    previous = last_year(rows)
    result = checked(
        [{f"三公经费.{BEFORE}": Decimal(5)}], Previous(previous.returns.assign(year=2019), previous.values)
    )
    assert verdicts(result, "Y-01", f"三公经费.{BEFORE}") == ["无法核对"]
    twice = last_year([*rows, *rows])
    one_unit = Previous(twice.returns.assign(unit_code="U0", unit="单位0"), twice.values)
    assert verdicts(checked([{f"三公经费.{BEFORE}": Decimal(5)}], one_unit), "Y-01", f"三公经费.{BEFORE}") == [
        "无法核对"
    ]


def roster_of(**columns: str) -> Roster:
    return Roster(pd.DataFrame([{name: columns.get(name) for name in COLUMNS.values()}], dtype=object))


def test_a_unit_is_known_by_its_former_name_or_code() -> None:
    previous = last_year([{f"三公经费.{NOW}": Decimal(5)}])
    renamed = Previous(previous.returns.assign(unit_code=None, unit="旧名单位"), previous.values)
    rows: list[dict[str, Given]] = [{f"三公经费.{BEFORE}": Decimal(5)}]
    assert verdicts(checked(rows, renamed), "Y-01", f"三公经费.{BEFORE}") == ["无法核对"]
    roster = roster_of(unit_code="U0", unit="单位0", former="旧名单位")
    assert verdicts(checked(rows, renamed, roster=roster), "Y-01", f"三公经费.{BEFORE}") == ["相符"]
    nameless = Previous(previous.returns.assign(unit_code=None, unit="单位0"), previous.values)
    assert verdicts(checked(rows, nameless), "Y-01", f"三公经费.{BEFORE}") == ["相符"]


def test_merged_renamed_and_new_units_are_left_alone() -> None:
    rows: list[dict[str, Given]] = [{f"三公经费.{BEFORE}": Decimal(5), f"三公经费.{NOW}": Decimal(50)}] * 2
    previous = last_year([{f"三公经费.{NOW}": Decimal(7)}] * 2)
    result = checked(rows, previous, suspended=frozenset({"U1"}))
    assert verdicts(result, "Y-01", f"三公经费.{BEFORE}") == ["不符", "无法核对"]
    assert verdicts(result, "Y-02", f"三公经费.{NOW}") == ["不符", "无法核对"]
    assert {(finding.rule, finding.unit_code) for finding in result.findings if finding.layer == "跨年"} == {
        ("Y-01", "U0"),
        ("Y-02", "U0"),
    }


@pytest.mark.parametrize(
    ("change", "suspended"), [("2021年合并设立", True), ("更名", True), ("新设", True), ("", False), ("迁址", False)]
)
def test_the_roster_says_which_units_changed(change: str, suspended: bool) -> None:
    roster = roster_of(unit_code="U0", unit="单位0", change=change or None)  # type: ignore[arg-type]
    assert roster.suspended == (frozenset({"U0"}) if suspended else frozenset())


cents = st.one_of(st.none(), st.integers(-500, 5000).map(lambda n: Decimal(n) / 100), st.just("!error"))


def leap(before: Given, now: Given) -> set[str]:
    """What may come of a change from year to year: more than 30 % from a base above 0, and 1 万元 or more.

    A base that rounding could make 30 % is 尾差 at most; so close to the edge either is right.
    """
    if isinstance(before, Decimal) and before <= 0:
        return {"相符"}  # whatever stands beside it
    if not isinstance(before, Decimal) or not isinstance(now, Decimal):
        return {"无法核对"}
    if abs(now - before) < 1:
        return {"相符"}
    half = Decimal("0.005")
    rates = [abs((now + a) / (before + b) - 1) for a in (-half, half) for b in (-half, half) if before + b > 0]
    if abs(now / before - 1) <= Decimal("0.3"):
        return {"相符"}
    return {"不符"} if min(rates) > Decimal("0.3") else {"尾差", "不符"}


@pytest.mark.in_turn("long")
@settings(max_examples=15)  # each of many returns at once: what a check costs is hardly more for them
@given(st.lists(st.tuples(cents, cents), min_size=30, max_size=60))
def test_large_changes_are_asked_about(pairs: list[tuple[Given, Given]]) -> None:
    rows = [{f"公用经费.{BEFORE}": before, f"公用经费.{NOW}": now} for before, now in pairs]
    judged = verdicts(checked(rows, None), "Y-02", f"公用经费.{NOW}")
    for verdict, (before, now) in zip(judged, pairs, strict=True):
        assert verdict in leap(before, now), (before, now)


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        ("10", "13", "相符"),
        ("10", "13.02", "不符"),
        ("10", "6.98", "不符"),
        ("10", "7", "相符"),
        ("2", "2.99", "相符"),
        ("2", "3", "不符"),
        ("0", "50", "相符"),
        ("-1", "50", "相符"),
        (None, "50", "无法核对"),
        ("50", None, "无法核对"),
    ],
)
def test_edges_of_a_large_change(before: str | None, now: str | None, verdict: str) -> None:
    result = checked([{f"项目支出.{BEFORE}": figure(before), f"项目支出.{NOW}": figure(now)}], None)
    assert verdicts(result, "Y-02", f"项目支出.{NOW}") == [verdict]
    assert [finding.rule for finding in result.findings if finding.rule == "Y-02"] == (
        ["Y-02"] if verdict == "不符" else []
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("三公经费.上年决算数 = 上年(没有)", "表中没有“没有”"),
        ("三公经费.上年决算数 = 上年(编制数)", "金额与人数不能比较"),
        (
            "三公经费.上年决算数 = 上年(合计(自评表.年度资金总额.全年执行数))",
            "上年() 的括号里应写本表或另一张表的一个项目",
        ),
        ("三公经费.上年决算数 = 上年(项目.本年决算数)", "上年() 的括号里应写本表或另一张表的一个项目"),
        ("三公经费.上年决算数 = 上年(1)", "上年() 的括号里应写本表或另一张表的一个项目"),
        ("三公经费.上年决算数 = 上年(公用经费.本年决算数, 1)", "“上年”的括号里应写一个项目"),
        ("三公经费.上年决算数 = 合计(上年(公用经费.本年决算数))", "“合计”里不能写 上年() 或 参照()"),
        ("三公经费.上年决算数 = 参照(没有)", "参照表里没有“没有”这一栏"),
        ("三公经费.上年决算数 = 参照(单位编码)", "文字"),
        ("若(有(参照(公用经费)), 编制数 = 1)", "“有”里不能写 上年() 或 参照()"),
    ],
)
def test_what_the_author_of_a_wrong_rule_reads(rule: str, said: str) -> None:
    with pytest.raises(RuleError) as error:
        parse_rule(rule, BASE.scope)
    assert said in str(error.value)


def test_a_folder_that_holds_no_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_previous(tmp_path / "没有")
    with pytest.raises(PreviousError, match="不是一次运行的结果文件夹"):
        read_previous(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "returns.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(PreviousError, match="无法读取"):
        read_previous(tmp_path)
    pd.DataFrame({"别的": [1]}).to_parquet(tmp_path / "data" / "returns.parquet")
    with pytest.raises(PreviousError, match="无法读取"):
        read_previous(tmp_path)


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on a small batch of 2020, and what is issued for 2021 with its figures."""
    folder = tmp_path_factory.mktemp("years")
    generate(folder, 3, 0, seed=5, year=2020)
    run([folder / WORKBOOKS], folder / "结果2020", roster_path=folder / ROSTER, year=2020, only=())
    issue_all(
        ["基础数据表@衡山县-2021", "自评表@湖南-2020"],
        folder / ROSTER,
        2021,
        folder / "下发",
        previous=folder / "结果2020",
    )
    return folder


@pytest.mark.in_turn("long")
def test_issued_workbooks_hold_last_years_figures(two_years: Path) -> None:
    previous = read_previous(two_years / "结果2020")
    base = previous.returns[previous.returns["form"] == BASE.name].set_index("unit_code")
    values = previous.values.frame(set(base["return_id"])).set_index(["return_id", "item"])["value"]
    cells = _cells(two_years)
    for path in sorted((two_years / "下发").iterdir()):
        book = openpyxl.load_workbook(path, data_only=True)
        return_id = base.loc[path.name.partition("_")[0], "return_id"]
        for item, cell in cells[path.name].items():
            assert book["基础数据表"][cell].value == pytest.approx(
                values[return_id, item.replace(BEFORE, NOW)], rel=1e-14
            )


def test_last_years_figures_come_back_and_agree(two_years: Path) -> None:
    results = run([two_years / "下发"], roster_path=two_years / ROSTER, previous_path=two_years / "结果2020")
    rows = results.verdicts.frame(rule={"Y-01"})
    assert rows["verdict"].value_counts().to_dict() == {"相符": 3 * (12 + 2)}
    assert results.run["hashes"]["previous"] is not None


@pytest.mark.in_turn("long")
def test_a_figure_changed_after_it_was_issued_is_found(two_years: Path, tmp_path: Path) -> None:
    path = sorted((two_years / "下发").iterdir())[0]
    book = openpyxl.load_workbook(path)
    cell = _cells(two_years)[path.name][f"公务接待.{BEFORE}"]
    was = book["基础数据表"][cell].value
    book["基础数据表"][cell] = was + 0.5
    book.save(tmp_path / path.name)
    results = run([tmp_path], roster_path=two_years / ROSTER, previous_path=two_years / "结果2020")
    findings = results.findings[(results.findings["rule"] == "Y-01") & (results.findings["verdict"] == "不符")]
    assert findings["item"].tolist() == [f"公务接待.{BEFORE}"]
    assert findings["difference"].tolist() == pytest.approx([0.5])


def test_values_of_an_earlier_run_are_unpacked_by_return(tmp_path: Path) -> None:
    rows: list[dict[str, Given]] = [{f"三公经费.{NOW}": Decimal(number)} for number in range(5)]
    values = values_of(BASE, rows, [])
    groups = [values[values["return_id"].eq(f"R{number}")] for number in range(5)]
    pq.write_table(arrow(values), tmp_path / "values.parquet", row_group_size=len(groups[0]) * 3 // 2)
    packed = EarlierValues.of(by_whole_returns(tmp_path / "values.parquet"))
    assert len(packed.pieces) > 2 and len(packed.among({"R4"}).pieces) == 1
    assert packed.frame({"R1", "R4"}).equals(pd.concat([groups[1], groups[4]], ignore_index=True))
    assert packed.frame({"R9"}).empty
    apart = pd.concat([groups[0], groups[1], groups[0].assign(item=groups[0]["item"] + "×")], ignore_index=True)
    pq.write_table(arrow(apart), tmp_path / "apart.parquet", row_group_size=len(groups[0]))
    with pytest.raises(ValueError, match="stand together"):
        list(by_whole_returns(tmp_path / "apart.parquet"))


def test_results_of_another_year_are_refused(two_years: Path) -> None:
    with pytest.raises(OtherYearError, match="--previous 应是上年的结果：本次是2020年度，给的文件夹里面是2020年度的表"):
        run([two_years / WORKBOOKS], previous_path=two_years / "结果2020")


@pytest.mark.in_turn("long")
def test_a_project_of_last_year_keeps_a_line_for_its_figure(two_years: Path, tmp_path: Path) -> None:
    """Without it the year's total would no longer be last year's."""
    rows = (two_years / ROSTER).read_text("utf-8-sig").splitlines()
    first = rows[1].split(",")
    kept = [row for row in rows if row.split(",")[5] != first[5]]
    (tmp_path / "名册.csv").write_text("\n".join(kept), encoding="utf-8")
    issue_all(
        ["基础数据表@衡山县-2021"], tmp_path / "名册.csv", 2021, tmp_path / "下发", previous=two_years / "结果2020"
    )
    path = next(path for path in (tmp_path / "下发").iterdir() if path.name.startswith(first[0]))
    sheet = openpyxl.load_workbook(path, data_only=True)["基础数据表"]
    names = [cell.value for column in sheet.iter_cols() for cell in column]
    assert first[6] in names
    results = run([path], previous_path=two_years / "结果2020")
    rows_ = results.verdicts.frame(rule={"Y-01"}, item={f"项目支出.{BEFORE}"})
    assert rows_["verdict"].tolist() == ["相符"]


def _cells(folder: Path) -> dict[str, dict[str, str]]:
    """File → prefilled item of 基础数据表 → its cell."""
    from gouji.ingest.roster import read_roster
    from gouji.placing import workbook_names

    by_file = {}
    for recipient in read_roster(folder / ROSTER, built_in()).recipients():
        (sheet,) = issued_sheets(recipient, [BASE], 2021)
        rows = ["公车购置", "公车运行维护", "出国经费", "公务接待", "办公经费", "印刷及其他费"]
        cells = {f"{row}.{BEFORE}": cell_name(*sheet.layout.positions[f"{row}.{BEFORE}"]) for row in rows}
        by_file[workbook_names([recipient], 2021)[0]] = cells
    return by_file


@pytest.mark.parametrize(
    ("now", "before", "verdict"), [("12.5", "12.5", "相符"), ("12.6", "12.5", "不符"), (None, "12.5", "无法核对")]
)
def test_the_rest_of_last_year_is_what_was_brought_forward(now: str | None, before: str, verdict: str) -> None:
    """On the 评分依据补充表, of which last year's is read as any other table's."""
    form = built_in().form(SUPPLEMENT, "评分表.衡山县-2021")
    items: dict[str, Given] = {"上年结转.数值": figure(now)}
    earlier: dict[str, Given] = {"年末结余.数值": figure(before)}
    previous = Previous.of(returns_of(form, 1, year=2020), values_of(form, [earlier]))
    returns = returns_of(form, 1, year=2021)
    wide = widen(form, returns, values_of(form, [items]))
    result = check_rules(
        wide,
        Tables([wide], previous=earlier_tables(as_this_years(previous, Units(returns, None), built_in()), built_in())),
    )
    assert verdicts(result, "Y-04", "上年结转.数值") == [verdict]
    differing = [finding for finding in result.findings if finding.rule == "Y-04"]
    assert [finding.severity for finding in differing] == ["核实性"] * (verdict == "不符")
    if differing:
        assert differing[0].message == (
            "“上年结转（数值）”现为 12.6万元，应等于 上年报表的年末结余（数值）＝12.5万元，相差 0.1万元，"
            "请核对后更正，或说明理由。"
        )


@pytest.mark.parametrize(
    ("now", "before", "verdict"), [("4.2", "4.2", "相符"), ("4.2", "3.9", "不符"), ("4.2", None, "无法核对")]
)
@pytest.mark.parametrize("edition", ["评分表.衡山县-2021", "整体支出共性指标.鹤城区-2020"])
def test_last_years_public_costs_are_those_that_last_years_base_table_planned(
    edition: str, now: str, before: str | None, verdict: str
) -> None:
    """上年() of another table: the 补充表 against 基础数据表 of the year before."""
    form, base = built_in().form(SUPPLEMENT, edition), BASE
    items: dict[str, Given] = {"上年三公预算.数值": figure(now)}
    earlier: dict[str, Given] = {"三公经费.本年预算数": figure(before)}
    previous = Previous.of(returns_of(base, 1, year=2020), values_of(base, [earlier]))
    returns = returns_of(form, 1, year=2021)
    wide = widen(form, returns, values_of(form, [items]))
    result = check_rules(
        wide,
        Tables([wide], previous=earlier_tables(as_this_years(previous, Units(returns, None), built_in()), built_in())),
    )
    assert verdicts(result, "Y-05", "上年三公预算.数值") == [verdict]
    messages = [finding.message for finding in result.findings if finding.rule == "Y-05"]
    assert len(messages) == (verdict == "不符")
    if messages:
        assert "上年报表的《基础数据表》三公经费（本年预算数）＝3.9万元" in messages[0]


def test_the_issued_supplement_has_last_years_planned_public_costs() -> None:
    form = built_in().form(SUPPLEMENT, "评分表.衡山县-2021")
    assert [(now.item, before.last_year, before.item) for now, before in carried(form) if before.last_year] == [
        ("上年三公预算.数值", BASE.name, "三公经费.本年预算数")
    ]
