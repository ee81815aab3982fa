"""A form that gouji does not know, from its blank to the 送审版: init, forms new, issue, fill, run, final."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from gouji.samples.fill import Entry, Number, Result, Text, fill_workbook
from gouji.templates.catalogue import Catalogue
from gouji.templates.layer import INSTALLED
from gouji.templates.layout import Layout, lay_out
from tests.test_commands import gouji
from tests.test_published_blanks import SICHUAN, blank

FORM = SICHUAN.partition("@")[0]
ROSTER = "单位编码,单位名称,主管部门,项目编码,项目名称\n001,某县公路所,某县交通局,P1,乡村道路养护\n"
TEXTS = {
    "项目年度目标完成情况.项目年度目标": "养护道路40公里", "项目年度目标完成情况.年度目标完成情况": "已完成",
    "项目实施内容及过程概述": "按计划实施", "总额.原因": "按进度支付",
}  # fmt: skip
FUNDS = {"财政资金": (60, 70, 63), "财政专户管理资金": (0, 0, 0), "单位资金": (30, 30, 27), "其他资金": (10, 0, 0)}
COLUMNS = ("年初预算", "调整后预算数", "预算执行数")
LINES = {
    "数量指标": ("养护里程", "40", "公里", "40", 30), "质量指标": ("合格率", "95", "%", "96", 20),
    "社会效益指标": ("受益村", "12", "个", "12", 30), "服务对象满意度指标": ("满意度", "90", "%", "93", 10),
}  # fmt: skip
COMPUTED = {
    **dict(zip([f"总额.{column}" for column in COLUMNS], ("100", "100", "90"), strict=True)),
    "总额.预算执行率": "0.9", "财政资金.预算执行率": "0.9", "单位资金.预算执行率": "0.9", "总分.得分": "99",
}  # fmt: skip


def entries(layout: Layout) -> dict[tuple[int, int], Entry]:
    """A return that ties: figures typed, and what the workbook calculates from them."""
    positions = layout.positions
    typed: dict[tuple[int, int], Entry] = {positions[item]: Text(text) for item, text in TEXTS.items()}
    for row, amounts in FUNDS.items():
        typed |= {
            positions[f"{row}.{column}"]: Number(Decimal(amount))
            for column, amount in zip(COLUMNS, amounts, strict=True)
        }
    typed[positions["总额.得分"]] = Number(Decimal(9))
    for slot in layout.slots["指标"]:
        if slot.group in LINES:
            name, target, unit, actual, points = LINES[slot.group]
            said = {"指标性质": "≥", "指标值": target, "度量单位": unit, "完成值": actual}
            typed |= {slot.columns[column]: Text(text) for column, text in said.items()} | {slot.name: Text(name)}
            typed |= {slot.columns[column]: Number(Decimal(points)) for column in ("权重", "得分")}
    return typed | {positions[item]: Result(Decimal(value)) for item, value in COMPUTED.items()}


def sheet_of(path: Path) -> str:
    return next(name for name in openpyxl.load_workbook(path).sheetnames if name.startswith("自评表") or FORM in name)


@pytest.mark.deep
def test_a_form_that_is_not_known_goes_through_a_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "空表.xlsx").write_bytes(blank(SICHUAN))
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    assert gouji(capsys, "init", "一轮", "--year", "2026", "--units", "名册.csv", "--form", "自评表@湖南-2020")[0] == 0
    monkeypatch.chdir(tmp_path / "一轮")
    assert gouji(capsys, "forms", "new", "--from", "../空表.xlsx", "--edition", "某县-2026")[0] == 0
    settings = Path("勾稽.toml").read_text(encoding="utf-8")
    Path("勾稽.toml").write_text(settings.replace("自评表@湖南-2020", f"{FORM}@某县-2026"), encoding="utf-8")
    assert gouji(capsys, "forms", "check")[0] == 0
    assert gouji(capsys, "issue")[0] == 0
    (issued,) = Path("下发").glob("*.xlsx")
    sheet = sheet_of(issued)
    layout = lay_out(Catalogue.of([INSTALLED, Path("表样")]).form(FORM, "某县-2026"), 2026)
    returned = Path("收到") / issued.name
    returned.write_bytes(issued.read_bytes())
    fill_workbook(returned, {sheet: entries(layout)})
    status, _, err = gouji(capsys, "run")
    assert (status, err) == (0, "")
    statement = json.loads(Path("结果/run.json").read_text(encoding="utf-8"))
    assert statement["layers"][0]["editions"] == [f"{FORM}@某县-2026"]
    findings = Path("结果/findings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line for line in findings if "强制性" in line or "核实性" in line] == []
    assert gouji(capsys, "final")[0] == 0
    finished = [path.relative_to("定稿").as_posix() for path in Path("定稿").rglob("*.xlsx")]
    assert any(issued.stem in name for name in finished), finished
    # One figure that does not tie, and it is sent back.
    fill_workbook(returned, {sheet: {layout.positions["单位资金.预算执行数"]: Number(Decimal(26))}})
    assert gouji(capsys, "run")[0] == 1
    assert "C-01" in Path("结果/findings.csv").read_text(encoding="utf-8-sig")
