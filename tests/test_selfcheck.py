"""The 自查 of issued workbooks: worked out by LibreOffice, it must say what gouji says of the same file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji.pipeline import run
from gouji.samples.build import ISSUED, issued_sheet_names
from gouji.samples.figures import load_unit, unit_files
from gouji.samples.fill import Entry, Number, Text, fill_workbook, unpacked
from gouji.templates.catalogue import built_in
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.layout import Position
from gouji.templates.recipient import Project, Recipient
from gouji.templates.selfcheck.checks import Check, self_check
from gouji.templates.selfcheck.names import HEADS, LEDGER_SHEET, SELF_CHECK_SHEET
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, TO_FILL, UNCHECKED
from tests.agreement import (
    FAMILIES,
    YEAR,
    Case,
    Told,
    cell_values,
    computed_differences,
    differences,
    forms_of,
    make_case,
    of_return,
    recipient,
)
from tests.patience import slowed
from tests.recalculation import recalculated
from tests.rotation import deep, in_turn, some

AT_ONCE = 6
CASES = int(os.environ.get("SELFCHECK_CASES", "24"))
"""Workbooks of each family in a deep run; a quick one takes `AT_ONCE` of one family."""
GROUPS = [range(first, min(first + AT_ONCE, CASES)) for first in range(0, CASES, AT_ONCE)]


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("family", "seeds"),
    [
        *((family, in_turn(family, GROUPS)) for family in some("自查", FAMILIES, 1)),
        *(deep((family, range(CASES))) for family in FAMILIES),
    ],
)
def test_every_computed_cell_and_verdict_agrees(
    family: str, seeds: range, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    filled, out = tmp_path / "filled", tmp_path / "out"
    filled.mkdir()
    out.mkdir()
    cases = [make_case(filled, family, seed) for seed in seeds]
    calculated = recalculated([case.path for case in cases], out)
    # The bureau's own table is no return: of it only the computed cells are compared.
    results = None if family == "财政局" else run(sorted(calculated.values()))
    counted: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    told_by_gouji = None if results is None else Told(results)
    for case in cases:
        wrong += compared(case, calculated[case.path.stem], told_by_gouji, counted)
    by_form: Counter[str] = Counter()
    for (form, _), count in counted.items():
        by_form[form] += count
    for form, count in by_form.items():
        record_property(f"自查 {family} {form}", f"{count} compared")
    unused = sum(count for (_, verdict), count in counted.items() if verdict == "——")
    told_all = (
        f"{counted.total()} compared (of these {unused} where both have nothing to judge), {len(wrong)} differences"
    )
    record_property(f"自查 {family}, workbooks {seeds[0]} to {seeds[-1]}", told_all)
    assert wrong == []
    tally = Counter(verdict for (_, verdict), count in counted.items() for _ in range(count))
    share = len(seeds) / CASES
    least = 15 if family == "财政局" else 40
    assert tally["算出"] >= least * share, tally
    if results is not None:
        # The comparison means something only if every verdict is there in numbers.
        assert min(tally[AGREES], tally[DIFFERS], tally[UNCHECKED]) >= 100 * share, tally
        assert tally[ROUNDING] >= 5 or share < 1, tally


def compared(case: Case, path: Path, by_gouji: Told | None, counted: Counter[tuple[str, str]]) -> list[str]:
    cells = cell_values(path, [LEDGER_SHEET, *(sheet.name for sheet in case.sheets)])
    wrong = list(computed_differences(case, cells, counted))
    return wrong if by_gouji is None else wrong + list(differences(case, cells[LEDGER_SHEET], by_gouji, counted))


@pytest.mark.deep
@pytest.mark.libreoffice
def test_the_published_returns_agree(
    published: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    (tmp_path / "out").mkdir()
    files = [next((published / ISSUED).glob(f"*_{unit.stem}_*")) for unit in unit_files()]
    calculated = recalculated(files, tmp_path / "out")
    by_gouji = Told(run(sorted(calculated.values())))
    counted: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for file, unit in zip(files, unit_files(), strict=True):
        wrong += compared(of_return(file, unit), calculated[file.stem], by_gouji, counted)
    record_property("自查 of the published returns", f"{counted.total()} compared, {len(wrong)} differences")
    # 61% was printed, and is typed so over our 0.00%: gouji goes by the file's format, a formula by the issued one.
    reformatted = [line for line in wrong if "基础数据表!F4 G-07 控制率" in line]
    assert wrong == reformatted
    assert len(reformatted) == 1
    assert len(issued_sheet_names(unit_files()[0])) == len(load_unit(unit_files()[0]).tables)


# ---- what a person sees ------------------------------------------------------------------------------

BASE = built_in().form("部门整体支出绩效评价基础数据表", "衡山县-2021")
PROJECT = built_in().form("预算支出绩效自评表", "湖南-2020")
UNIT = Recipient("1", "某单位", "", (Project("P1", "项目甲"),))


def issued(path: Path, entries: dict[str, dict[str, Entry]]) -> Path:
    """基础数据表 and 自评表 of one unit; `entries`: sheet → item → what is typed there."""
    issue_workbook(UNIT, [BASE, PROJECT], YEAR, path)
    sheets = {sheet.name: sheet for sheet in issued_sheets(UNIT, [BASE, PROJECT], YEAR)}
    typed: dict[str, dict[Position, Entry]] = {
        name: {sheets[name].layout.positions[item]: entry for item, entry in items.items()}
        for name, items in entries.items()
    }
    fill_workbook(path, typed)
    return path


def shown(path: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    """(sheet, rule, cell of its link or "") → the line of the 自查."""
    sheet = openpyxl.load_workbook(path, data_only=True)[SELF_CHECK_SHEET]
    lines = {}
    for row in sheet.iter_rows(min_row=5):
        if row[0].value is None or not isinstance(row[0].value, int):
            continue
        line = {head: cell.value for head, cell in zip(HEADS, row, strict=False)}
        lines[str(line["工作表"]), str(line["规则"]), str(row[len(HEADS)].value or "")] = line
    return lines


G_01 = "三公经费应等于公务用车购置和维护经费＋出国经费＋公务接待（2021年决算数）"


@pytest.mark.in_turn("自查 shown")
@pytest.mark.libreoffice
def test_a_unit_sees_its_error_where_it_is(tmp_path: Path) -> None:
    amounts = {"公车购置": "1", "公车运行维护": "2", "出国经费": "0", "公务接待": "4"}
    items: dict[str, Entry] = {f"{row}.本年决算数": Number(Decimal(value)) for row, value in amounts.items()}
    items |= {
        "三公经费.本年决算数": Number(Decimal("70")),
        "编制数": Number(Decimal(10)),
        "实际在职人数": Number(Decimal(12)),
    }
    (tmp_path / "out").mkdir()
    path = issued(tmp_path / "a.xlsx", {"基础数据表": items})
    seen = recalculated([path], tmp_path / "out")["a"]
    lines = shown(seen)
    wrong = lines["基础数据表", "G-01", "F6"]
    heads = ("填报数", "应为", "相差", "结果", "程度")
    assert tuple(wrong[head] for head in heads) == (70, 7, 63, DIFFERS, "强制性")
    assert wrong["核对内容"] == G_01
    assert lines["基础数据表", "G-01", "B6"]["结果"] == TO_FILL
    assert lines["基础数据表", "G-02", "F7"]["结果"] == AGREES
    assert lines["基础数据表", "G-08", "D4"]["结果"] == DIFFERS
    assert lines["自评表（备用1）", "A-01", "D6"]["结果"] == "——"
    book = openpyxl.load_workbook(seen, data_only=True)
    assert book[SELF_CHECK_SHEET]["A2"].value.startswith("不符 2 项（强制性 1，核实性 1）；待填 ")
    width = len(BASE.definition.page.widths)
    sheet = book["基础数据表"]
    beside = {row: sheet.cell(row, width + 1).value for row in (4, 6, 7)}
    assert beside[6] == f"【G-01】{G_01}：现为70万元，应为7万元，相差63万元。"
    assert str(beside[4]).startswith("【G-08】2021年实际在职人数应不大于编制数：现为12，应≤10，相差2。")
    assert not beside[7]
    flags = {name: sheet.cell(row, width + 12 + column).value for name, row, column in (("F6", 6, 6), ("D4", 4, 4))}
    assert flags == {"F6": 2, "D4": 1}
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert sorted(rule.formula[0] for rule in rules) == ["T1=1", "T1=2"]
    findings = run([seen]).findings
    assert {"G-01", "G-08"} <= set(findings[findings["verdict"] == DIFFERS]["rule"])


@pytest.mark.in_turn("自查 shown")
@pytest.mark.libreoffice
def test_an_indicator_shows_the_score_that_its_figures_give(tmp_path: Path) -> None:
    project = issued_sheets(UNIT, [BASE, PROJECT], YEAR)[1]
    first, second, third = (slot.columns for slot in project.layout.slots["指标"][:3])
    typed: dict[Position, Entry] = {}
    for columns, wanted, reached, score in (
        (first, "100%", "90%", 10),
        (second, "50人", "60人", 10),
        (third, "提升", "提升", 9),
    ):
        typed |= {columns["年度指标值"]: Text(wanted), columns["实际完成值"]: Text(reached)}
        typed |= {columns["分值"]: Number(Decimal(10)), columns["得分"]: Number(Decimal(score))}
    (tmp_path / "out").mkdir()
    path = issued(tmp_path / "a.xlsx", {})
    fill_workbook(path, {project.name: typed})
    seen = recalculated([path], tmp_path / "out")["a"]
    line = shown(seen)[project.name, "A-S1", ""]
    assert (line["填报数"], line["相差"], line["结果"]) == ("共3处", "1处不符", DIFFERS)
    sheet = openpyxl.load_workbook(seen, data_only=True)[project.name]
    beside = [sheet.cell(row, len(PROJECT.definition.page.widths) + 1).value for row in (13, 14, 15)]
    assert "应与按指标值和完成值复算的一致：现为10分，应为9分，相差1分。" in beside[0]
    assert [text for text in beside[1:] if text and "A-S1" in text] == []


@pytest.mark.in_turn("自查 shown")
@pytest.mark.libreoffice
def test_a_figure_as_text_is_open_and_named_by_gouji(tmp_path: Path) -> None:
    items: dict[str, Entry] = {
        f"{row}.本年决算数": Number(Decimal(1)) for row in ("公车购置", "公车运行维护", "出国经费")
    }
    (tmp_path / "out").mkdir()
    path = issued(tmp_path / "a.xlsx", {"基础数据表": {**items, "公务接待.本年决算数": Text("12.5万元")}})
    seen = recalculated([path], tmp_path / "out")["a"]
    assert shown(seen)["基础数据表", "G-01", "F6"]["结果"] == TO_FILL
    findings = run([seen]).findings
    assert findings[findings["rule"] == "T-03"][["sheet", "cell"]].to_numpy().tolist() == [["基础数据表", "F11"]]


def test_a_workbook_that_was_never_calculated_shows_no_stale_verdict(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(issued(tmp_path / "a.xlsx", {}), data_only=True)
    results = [row[HEADS.index("结果")].value for row in book[SELF_CHECK_SHEET].iter_rows(min_row=5)]
    assert set(results) == {None}


@pytest.mark.in_turn("long")
def test_equal_workbooks_are_equal_bytes_in_every_process(tmp_path: Path) -> None:
    """The order of a set differs from process to process; nothing that is written may depend on it."""
    first_copy = tmp_path / "own.xlsx"
    issue_workbook(recipient(1), forms_of("衡山"), 2021, first_copy)
    script = (
        "import sys; from pathlib import Path; from tests.agreement import forms_of, recipient; "
        "from gouji.templates.issued import issue_workbook; "
        "issue_workbook(recipient(1), forms_of('衡山'), 2021, Path(sys.argv[1]))"
    )
    path = tmp_path / "other.xlsx"
    other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": other, "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, env=environment, timeout=slowed(60))
    assert path.read_bytes() == first_copy.read_bytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_formula_is_too_long_or_volatile(family: str) -> None:
    sheets = issued_sheets(UNIT, forms_of(family), YEAR)
    formulas = list(self_check(sheets, YEAR).ledger.cells.values())
    assert len(formulas) > 100
    assert max(len(formula) for formula in formulas) < 8192
    for word in ("NOW(", "TODAY(", "RAND", "OFFSET(", "INDIRECT(", "CELL(", "INFO(", "LET(", "XLOOKUP(", "TEXTJOIN("):
        assert not [formula for formula in formulas if word in formula]
    assert max(_depth(formula) for formula in formulas) < 64


def _depth(formula: str) -> int:
    depth = deepest = 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def test_every_rule_is_listed_or_left_to_the_bureau() -> None:
    for family in FAMILIES:
        forms = forms_of(family)
        checked = self_check(issued_sheets(UNIT, forms, YEAR), YEAR)
        listed = {(check.table.form.key, check.rule) for check in checked.checks} | {
            ("", skipped.rule) for skipped in checked.left_out
        }
        for form in forms:
            for rule in form.rules:
                assert (form.key, rule.id) in listed or ("", rule.id) in listed, (form.key, rule.id)


def test_an_issued_workbook_is_small(tmp_path: Path) -> None:
    """Two projects and the two spare sheets; a further project costs about 10 KB, a check of four rows 0.4 KB."""
    forms = [built_in().form(*key.split("@")) for key in FAMILIES["衡山"][:3]]
    projects = tuple(Project(f"P{number}", f"第{number}个项目") for number in range(2))
    issue_workbook(Recipient("1", "某单位", "某部门", projects), forms, YEAR, tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").stat().st_size < 99_500


def test_the_calculation_sheet_is_the_same_for_every_unit(tmp_path: Path) -> None:
    """Whoever reads a batch unpacks it once; what is a unit's own stands on the identity sheet."""
    units = (
        Recipient("1", "某单位", "某部门", (Project("P1", "项目甲"), Project("P2", "项目乙"))),
        Recipient("22", "另一个单位", "", (Project("", "没有编码的项目"), Project('Q7"', "项目丁"))),
    )
    ledgers = set()
    for unit in units:
        issue_workbook(unit, [BASE, PROJECT], YEAR, tmp_path / "a.xlsx")
        number = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True).sheetnames.index(LEDGER_SHEET) + 1
        ledgers.add(unpacked(tmp_path / "a.xlsx")[f"xl/worksheets/sheet{number}.xml"])
    assert len(ledgers) == 1


# ---- what a unit does to its workbook ----------------------------------------------------------------


def messages_of(path: Path) -> dict[tuple[str, str], str]:
    """(sheet, rule) → the message, of what the unit did to the workbook, as it stands among the 留意事项."""
    asides = run([path]).asides.frame()
    asides = asides[asides["rule"].isin(["T-12", "T-13", "T-14"])]
    return {(row.sheet, row.rule): row.message for row in asides.itertuples(index=False)}


@pytest.mark.in_turn("long")
def test_formulas_typed_over_are_named_and_the_figures_read(tmp_path: Path) -> None:
    path = issued(tmp_path / "a.xlsx", {"基础数据表": {"三公经费.本年决算数": Number(Decimal("5"))}})
    assert messages_of(path) == {
        ("基础数据表", "T-13"): "有 1 个自动计算的格子已不是公式（F6）。本次按格子里的内容核对，请改用下发表里的公式。"
    }
    values = run([path]).values.frame()
    assert values[values["item"] == "三公经费.本年决算数"]["value"].tolist() == [5]


@pytest.mark.in_turn("long")
def test_a_copied_sheet_is_read_and_named(tmp_path: Path) -> None:
    path = issued(tmp_path / "a.xlsx", {"自评表1": {"年度资金总额.全年预算数": Number(Decimal("5"))}})
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book["自评表1"])
    copy.title = "自评表1 (2)"
    copy["C3"] = "另一个项目"
    book.save(path)
    assert ("自评表1 (2)", "T-12") in messages_of(path)
    returns = run([path]).returns
    assert returns[returns["sheet"] == "自评表1 (2)"]["instance"].tolist() == ["另一个项目"]


@pytest.mark.in_turn("long")
def test_pasting_over_entry_rules_is_named(tmp_path: Path) -> None:
    path = issued(tmp_path / "a.xlsx", {"基础数据表": {"公车购置.本年决算数": Number(Decimal("5"))}})
    book = openpyxl.load_workbook(path)
    sheet = book["基础数据表"]
    rules = sheet.data_validations.dataValidation
    sheet.data_validations.dataValidation = [rule for rule in rules if "F8" not in rule.sqref]
    book.save(path)
    assert "F8" in messages_of(path)["基础数据表", "T-14"]


def test_a_workbook_as_issued_is_not_accused(tmp_path: Path) -> None:
    path = issued(tmp_path / "a.xlsx", {"基础数据表": {"公车购置.本年决算数": Number(Decimal("5"))}})
    assert messages_of(path) == {}


@pytest.mark.in_turn("自查 shown")
@pytest.mark.libreoffice
def test_saved_by_another_program_it_is_not_accused_either(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = issued(tmp_path / "a.xlsx", {"基础数据表": {"公车购置.本年决算数": Number(Decimal("5"))}})
    assert messages_of(recalculated([path], tmp_path / "out")["a"]) == {}


# ---- 单位说明 ----------------------------------------------------------------------------------------


@pytest.mark.in_turn("long")
def test_a_reason_travels_to_its_finding(tmp_path: Path) -> None:
    items: dict[str, Entry] = {
        "编制数": Number(Decimal(10)),
        "实际在职人数": Number(Decimal(12)),
        "厉行节约保障措施": Text("节约"),
    }
    path = issued(tmp_path / "a.xlsx", {"基础数据表": items})
    book = openpyxl.load_workbook(path)
    sheet = book[SELF_CHECK_SHEET]
    line = next(row for row in sheet.iter_rows(min_row=5) if row[2].value == "G-08")
    assert line[HEADS.index("单位说明")].protection.locked is False
    line[HEADS.index("单位说明")].value = "借调人员 2 名，编制在原单位。"
    must = next(row for row in sheet.iter_rows(min_row=5) if row[2].value == "G-07")
    assert must[HEADS.index("单位说明")].protection.locked is not False
    book.save(path)
    findings = run([path]).findings
    told_by_rule = {row.rule: row.explanation for row in findings.itertuples(index=False)}
    assert told_by_rule["G-08"] == "借调人员 2 名，编制在原单位。"
    assert [rule for rule, text in told_by_rule.items() if isinstance(text, str)] == ["G-08"]


@pytest.mark.in_turn("long")
def test_a_reason_on_a_line_for_several_is_for_all_of_them(tmp_path: Path) -> None:
    project = issued_sheets(UNIT, [BASE, PROJECT], YEAR)[1]
    lines = [slot.columns for slot in project.layout.slots["指标"][:3]]
    typed: dict[Position, Entry] = {}
    for columns in lines:
        typed |= {columns["分值"]: Number(Decimal(5)), columns["得分"]: Number(Decimal(4))}
    path = issued(tmp_path / "a.xlsx", {})
    fill_workbook(path, {project.name: typed})
    book = openpyxl.load_workbook(path)
    reason = next(row for row in book[SELF_CHECK_SHEET].iter_rows(min_row=5) if row[2].value == "A-13")
    reason[HEADS.index("单位说明")].value = "当年新增的指标"
    book.save(path)
    findings = run([path]).findings
    findings = findings[findings["rule"] == "A-13"]
    assert findings["explanation"].tolist() == ["当年新增的指标"] * 3


def test_lines_name_their_places() -> None:
    checks: list[Check] = self_check(issued_sheets(UNIT, [BASE, PROJECT], YEAR), YEAR).checks
    keys = [(check.sheet.name, check.rule, check.key) for check in checks]
    assert len(set(keys)) == len(keys)
    assert all(len(check.judged) == len(check.places) for check in checks)
