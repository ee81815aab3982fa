"""外部核对: the bureau's 部门决算参照表 issued, filled, read, and held against the units' own figures."""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gouji import cli
from gouji.commands.issue import issue_all
from gouji.ingest.beside.reference import ReferenceTableError, read_reference
from gouji.ingest.register.batch import Batch
from gouji.pipeline import run
from gouji.samples.build import ISSUED, ROSTER
from gouji.samples.reference import ReferenceFigures, build_reference, load_reference
from gouji.templates.catalogue import built_in
from gouji.templates.supplement import SUPPLEMENT
from gouji.validate.check import Checked, check_rules
from gouji.validate.figures import Tables
from gouji.validate.reference import reference_of
from gouji.validate.units import Units
from gouji.validate.wide import widen
from gouji.years import OtherYearError
from tests.frames import Given, returns_of, values_of
from tests.rotation import rotated

BASE = built_in().find("基础数据表@衡山县-2021")
HECHENG = built_in().find("基础数据表@鹤城区-2020")
MILUO = "汨罗市人民政府政务服务中心"


def table(year: int, *units: tuple[str, str, dict[str, str]]) -> ReferenceFigures:
    rows = [{"code": code, "name": name, "figures": figures} for code, name, figures in units]
    return ReferenceFigures.model_validate({"year": year, "units": rows})


def returned_by(unit: str, published: Path) -> Path:
    """A published return in the issued layout."""
    return next((published / ISSUED).glob(f"*{unit}*"))


def built(folder: Path, *units: tuple[str, str, dict[str, str]], year: int = 2021) -> Path:
    return build_reference(folder, table(year, *units))


def checked(rows: list[dict[str, Given]], batch: Batch | None, form: object = BASE) -> Checked:
    assert form in (BASE, HECHENG)
    edition = BASE if form is BASE else HECHENG
    returns = returns_of(edition, len(rows), year=2021)
    wide = widen(edition, returns, values_of(edition, rows))
    reference = None if batch is None else reference_of(batch, Units(returns, None), built_in())
    return check_rules(wide, Tables([wide], reference=reference))


def verdicts(result: Checked, rule: str) -> list[str]:
    return [str(judged) for judged in result.verdicts.loc[result.verdicts["rule"] == rule, "verdict"]]


@pytest.mark.in_turn("long")
def test_the_published_figures_of_miluo(published: Path, tmp_path: Path) -> None:
    """Nine figures of the 自评报告 agree with the 部门决算; 三公经费 does not: 4.54 against 4.5. 会议费 is blank."""
    returned = returned_by(MILUO, published)
    path = build_reference(tmp_path)
    results = run([returned], roster_path=ROSTER, reference_path=path)
    verdicts = results.verdicts.frame()
    rows = verdicts[verdicts["rule"].str.startswith("X-R")]
    assert dict(zip(rows["rule"], rows["verdict"], strict=True)) == {
        "X-R1": "相符", "X-R2": "相符", "X-R4": "不符", "X-R6": "无法核对", "X-R8": "相符", "X-R9": "相符",
        "X-R10": "相符", "X-R11": "相符", "X-R12": "相符", "X-R13": "相符", "X-R20": "无法核对",
    }  # fmt: skip
    (finding,) = results.findings[results.findings["layer"] == "外部核对"].itertuples(index=False)
    assert (finding.rule, finding.item, finding.severity) == ("X-R4", "三公汇总.三公经费合计", "核实性")
    assert (finding.stated, finding.expected, finding.difference) == ("4.54万元", "4.5万元", pytest.approx(0.04))
    assert finding.related_cells == "部门决算参照表!N5"
    assert results.run["hashes"]["reference"] is not None


def test_the_sample_says_what_was_published() -> None:
    (unit,) = load_reference().units
    assert (unit.name, len(unit.figures)) == (MILUO, 14)
    figures = unit.figures
    assert figures["收入合计"] == figures["一般公共预算财政拨款"] + figures["政府性基金"] == Decimal("846.77")
    assert figures["支出合计"] == figures["基本支出"] + figures["项目支出"]
    assert figures["基本支出"] == figures["人员经费"] + figures["公用经费"]
    assert figures["上年三公经费决算数"] - figures["三公经费决算数"] == Decimal("0.45")


def test_what_is_issued_lists_the_units_of_the_roster(tmp_path: Path) -> None:
    issue_all(["部门决算参照表"], ROSTER, 2021, tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.name == "部门决算参照表_2021.xlsx"
    sheet = openpyxl.load_workbook(path)["参照表"]
    rows = [(row[0].value, row[1].value) for row in sheet.iter_rows(min_row=5, max_row=9)]
    assert rows == [
        ("衡山县行政审批服务局", "430423001"), ("鹤城区政务服务中心", "431202001"), ("炎陵县政务服务中心", "430225001"),
        ("岳阳市政务服务中心", "430600001"), (MILUO, "430681001"),
    ]  # fmt: skip
    assert sheet["C4"].value.startswith("=IF(COUNT(C5:")


def test_without_the_table_nothing_is_judged() -> None:
    assert not any(str(rule).startswith("X-R") for rule in checked([{}], None).verdicts["rule"])


@pytest.mark.parametrize(
    ("stated", "due", "verdict"),
    rotated(
        "figures against the table",
        [
            ("51.32", "51.32", "相符"),
            ("51", "51.32", "尾差"),
            ("51.3", "51.32", "不符"),
            ("51.32", None, "无法核对"),
            (None, "51.32", "无法核对"),
            ("0", "0", "相符"),
        ],
        3,
    ),
)
def test_a_figure_against_the_table(tmp_path: Path, stated: str | None, due: str | None, verdict: str) -> None:
    figures = {"收入合计": "1"} | ({} if due is None else {"公用经费": due})
    reference = read_reference(built(tmp_path, ("U0", "单位0", figures)), built_in())
    result = checked([{"公用经费.本年决算数": None if stated is None else Decimal(stated)}], reference)
    assert verdicts(result, "X-R1") == [verdict]
    assert [finding.verdict for finding in result.findings if finding.rule == "X-R1"] == [
        v for v in [verdict] if v in ("尾差", "不符")
    ]


@pytest.mark.parametrize(("rest", "verdict"), [("10", "相符"), ("11", "不符"), (None, "无法核对")])
def test_what_was_asked_for_beside_the_forms_is_compared_too(tmp_path: Path, rest: str | None, verdict: str) -> None:
    """20 + 100 + 5 − 10 is what 部门决算 says was spent."""
    form = built_in().form(SUPPLEMENT, "评分表.衡山县-2021")
    figures: dict[str, Given] = {
        "上年结转.数值": Decimal(20),
        "年初预算.数值": Decimal(100),
        "本年追加.数值": Decimal(5),
    }
    figures["年末结余.数值"] = None if rest is None else Decimal(rest)
    returns = returns_of(form, 1, year=2021)
    batch = read_reference(built(tmp_path, ("U0", "单位0", {"支出合计": "115"})), built_in())
    wide = widen(form, returns, values_of(form, [figures]))
    result = check_rules(wide, Tables([wide], reference=reference_of(batch, Units(returns, None), built_in())))
    assert verdicts(result, "X-R14") == [verdict]
    assert [finding.severity for finding in result.findings if finding.rule == "X-R14"] == ["核实性"] * (
        verdict == "不符"
    )


FRAMEWORK = "整体支出共性指标.鹤城区-2020"


@pytest.mark.parametrize(
    ("sheet", "item", "rule", "figures", "honest", "wrong"),
    [
        ("评分表.衡山县-2021", "年初预算", "X-R15", {"年初预算数": "100"}, ["100"], "110"),
        ("评分表.衡山县-2021", "年末结余", "X-R16", {"年末结转结余": "-3"}, ["-3"], "3"),
        ("评分表.衡山县-2021", "上年结转", "X-R17", {"年初结转结余": "20"}, ["20"], "0"),
        (FRAMEWORK, "预算数", "X-R15", {"年初预算数": "100", "全年预算数": "120"}, ["100", "120"], "110"),
        (FRAMEWORK, "支出预算数", "X-R18", {"年初预算数": "100", "全年预算数": "120"}, ["100", "120"], "110"),
        (FRAMEWORK, "本年累计结转结余", "X-R16", {"年末结转结余": "30"}, ["30"], "3"),
        (FRAMEWORK, "上年累计结转结余", "X-R17", {"年初结转结余": "20"}, ["20"], "200"),
        (FRAMEWORK, "结转结余总额", "X-R19", {"年末结转结余": "30"}, ["30", "12"], "31"),
        (FRAMEWORK, "固定资产总额", "X-R20", {"固定资产": "500"}, ["500"], "5000"),
    ],
)
def test_evidence_is_compared_with_what_the_accounts_say(
    tmp_path: Path, sheet: str, item: str, rule: str, figures: dict[str, str], honest: list[str], wrong: str
) -> None:
    form = built_in().form(SUPPLEMENT, sheet)
    rows: list[dict[str, Given]] = [{f"{item}.数值": Decimal(text)} for text in (*honest, wrong)]
    returns = returns_of(form, len(rows), year=2021)
    wide = widen(form, returns, values_of(form, rows))
    units = [(f"U{number}", f"单位{number}", figures) for number in range(len(rows))]
    table_given = read_reference(built(tmp_path, *units), built_in())
    result = check_rules(wide, Tables([wide], reference=reference_of(table_given, Units(returns, None), built_in())))
    assert verdicts(result, rule) == ["相符"] * len(honest) + ["不符"]
    (finding,) = [candidate for candidate in result.findings if candidate.rule == rule]
    assert (finding.severity, finding.item) == ("核实性", f"{item}.数值")


def test_units_are_told_apart_by_code_and_found_by_name(tmp_path: Path) -> None:
    reference = read_reference(
        built(
            tmp_path,
            ("U1", "改了名", {"公用经费": "2"}),
            ("", "单位0", {"公用经费": "1"}),
            ("U9", "外单位", {"公用经费": "9"}),
        ),
        built_in(),
    )
    rows: list[dict[str, Given]] = [{"公用经费.本年决算数": Decimal(n)} for n in (1, 2, 3)]
    assert verdicts(checked(rows, reference), "X-R1") == ["相符", "相符", "无法核对"]


def test_sums_and_bounds(tmp_path: Path) -> None:
    """会议费、培训费 of the form are part of 公用经费 only; 鹤城's 项目支出 leaves 专项资金 out."""
    reference = read_reference(
        built(tmp_path, ("U0", "单位0", {"会议费": "3", "培训费": "0.5", "项目支出": "100"})), built_in()
    )
    rows: list[dict[str, Given]] = [{"会议培训费.本年决算数": Decimal("3.5"), "项目支出.本年决算数": Decimal(90)}]
    assert (verdicts(checked(rows, reference), "X-R6"), verdicts(checked(rows, reference), "X-R2")) == (
        ["相符"],
        ["不符"],
    )
    assert verdicts(checked(rows, reference, HECHENG), "X-R2") == ["相符"]
    rows[0]["会议培训费.本年决算数"] = Decimal("3.6")
    assert verdicts(checked(rows, reference), "X-R6") == ["不符"]


def test_a_table_that_is_no_standard_is_refused(published: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_reference(tmp_path / "没有.xlsx", built_in())
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    with pytest.raises(ReferenceTableError, match="无法读取"):
        read_reference(tmp_path / "坏.xlsx", built_in())
    with pytest.raises(ReferenceTableError, match="没有找到“部门决算参照表”"):
        read_reference(returned_by("炎陵", published), built_in())
    path = built(tmp_path, ("U0", "单位0", {"公用经费": "1"}))
    book = openpyxl.load_workbook(path)
    book["参照表"]["J5"] = "约1万元多"
    book.save(path)
    with pytest.raises(ReferenceTableError, match="J5不是数字"):
        read_reference(path, built_in())


def test_a_unit_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = built(tmp_path, ("U0", "单位0", {"公用经费": "1"}), ("", "单位0", {"公用经费": "2"}))
    with pytest.raises(ReferenceTableError, match="“单位0”有不止一行"):
        checked([{}], read_reference(path, built_in()))


def test_a_table_of_another_year_is_refused(published: Path, tmp_path: Path) -> None:
    returned = returned_by("衡山", published)
    with pytest.raises(OtherYearError, match="--reference 应是同一年度的参照表：本次是2021年度，给的表是2018年度的"):
        run([returned], reference_path=build_reference(tmp_path))


def test_the_table_is_no_return_even_where_it_lies_among_them(published: Path, tmp_path: Path) -> None:
    shutil.copy(returned_by(MILUO, published), tmp_path)
    path = build_reference(tmp_path)
    results = run([tmp_path], roster_path=ROSTER, reference_path=path)
    assert path.name not in set(results.returns["file"])


@pytest.mark.parametrize(
    ("option", "said"), [("--reference", "找不到“没有.xlsx”"), ("--previous", "找不到“没有.xlsx”")]
)
def test_the_command_line_says_what_is_missing(
    option: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "收到").mkdir()
    monkeypatch.setattr(sys, "argv", ["gouji", "run", "收到", "--out", "结果", option, "没有.xlsx"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    screen = capsys.readouterr().err
    assert (ended.value.code, said in screen, "Traceback" in screen) == (2, True, False)
