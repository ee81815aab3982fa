"""抽查复核: samples that anybody can draw again, and deviation rates in which a blank is never a zero."""

from __future__ import annotations

import hashlib
import io
import itertools
import zipfile
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gouji
from gouji.cli import main
from gouji.export.results import Results
from gouji.export.sampling.deviation import deviations, table_rate
from gouji.export.sampling.draw import SampleError, draw
from gouji.export.sampling.population import COLUMNS, Population, population
from gouji.export.sampling.workbook import write_sample
from gouji.ingest.beside.sampled import Reviewed, SampledError, read_sampled
from gouji.pipeline import run
from gouji.templates.catalogue import built_in
from gouji.templates.sampling import row_seal
from tests.a4 import LEAST, printed_points

D = Decimal
TABLES = [
    ("a", "01", "甲局", 100.5, 95.0, None, 60.0, 85.0, 10.0),
    ("b", "01", "甲局", None, 90.0, 88.0, 88.0, 88.0, 2.0),
    ("c", "02", "乙局", 300.0, 80.0, None, 70.0, 90.0, 0.0),
    ("d", "02", "乙局", 300.0, 85.0, None, 20.0, 90.0, 0.0),
    ("e", "03", '=HYPERLINK("http://x")', 7.25, 70.0, 82.0, 82.0, 82.0, -12.0),
    ("f", None, "丙局", 0.0, 99.0, None, None, None, None),
]
"""return_id, unit_code, unit, money, own, score, low, high, difference."""


def made(rows: list[tuple[Any, ...]] = TABLES) -> Population:
    names = ["return_id", "unit_code", "unit", "money", "own", "score", "low", "high", "difference"]
    frame = pd.DataFrame(rows, columns=names).assign(form="项目支出绩效自评表", year=2021, instance="项目")
    return Population(frame[COLUMNS], ())


def ids(frame: pd.DataFrame) -> str:
    return "".join(frame["return_id"])


@pytest.mark.parametrize(
    ("by", "count", "drawn"),
    [
        ("金额", 3, "cda"), ("money", 9, "cdaef"), ("偏差", 2, "ea"), ("deviation", 4, "eabd"), ("偏差", 9, "eabdc"),
    ],
)  # fmt: skip
def test_the_largest_are_drawn_and_equals_in_a_fixed_order(by: str, count: int, drawn: str) -> None:
    """Of two within their range, the one that may be farther off; what has no amount, or no score, is not drawn."""
    sample = draw(made(), by, count)
    assert (ids(sample.tables), sample.seed) == (drawn, None)
    assert ids(draw(made(list(reversed(TABLES))), by, count).tables) == drawn


def test_what_cannot_be_drawn_is_told() -> None:
    assert "表上没有项目预算数的1张表不能按金额抽取，请另用别的方法抽取" in draw(made(), "金额", 2).remarks
    assert "不能复算的1张表不能按偏差抽取，请另用别的方法抽取" in draw(made(), "偏差", 2).remarks
    assert "抽中的表预算数合计600万元，占总体707.75万元的84.78%" in draw(made(), "金额", 2).remarks
    assert "可以抽取的只有6张，全部抽中" in draw(made(), "随机", 7, "1").remarks


@settings(max_examples=50)
@given(st.from_regex("[0-9a-z种子 -]{0,9}[0-9a-z种]", fullmatch=True), st.integers(1, 8))
def test_by_chance_anybody_draws_the_same(seed: str, count: int) -> None:
    """With nothing but a hash, as 抽样说明 says."""
    lots = sorted((hashlib.sha256(f"{seed}\n{row[0]}".encode()).hexdigest(), row[0])
                  for row in TABLES)  # fmt: skip
    assert ids(draw(made(), "随机", count, seed).tables) == "".join(return_id for _, return_id in lots[:count])


def test_every_table_is_drawn_as_often_as_another() -> None:
    counts = dict.fromkeys("abcdef", 0)
    for seed in range(600):
        for return_id in ids(draw(made(), "随机", 2, str(seed)).tables):
            counts[return_id] += 1
    assert sum(counts.values()) == 1200 and all(150 < count < 250 for count in counts.values()), counts


def test_without_a_seed_one_is_made_and_kept() -> None:
    first = draw(made(), "随机", 3)
    assert first.seed is not None
    assert ids(draw(made(), "随机", 3, first.seed).tables) == ids(first.tables)
    assert len({draw(made(), "随机", 3).seed for _ in range(5)}) > 1


def test_the_hash_of_the_population_tells_any_change() -> None:
    lines = [
        "a\t95\t60\t10\t100.5", "b\t90\t88\t2\t", "c\t80\t70\t0\t300", "d\t85\t20\t0\t300", "e\t70\t82\t-12\t7.25",
        "f\t99\t\t\t0",
    ]  # fmt: skip
    assert made().sha256 == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    changed = [(*TABLES[0][:4], 95.01, *TABLES[0][5:]), *TABLES[1:]]
    assert made(changed).sha256 != made().sha256 != made(TABLES[1:]).sha256


@pytest.mark.parametrize(
    ("by", "count", "seed"),
    [
        ("大小", 1, None),
        ("随机", 0, "1"),
        ("金额", 1, "7"),
        ("随机", 1, " "),
        ("随机", 1, "\ud800"),
        ("随机", 1, "a\x01"),
    ],
)
def test_what_makes_no_sense_is_refused(by: str, count: int, seed: str | None) -> None:
    with pytest.raises(SampleError):
        draw(made(), by, count, seed)


def test_the_population_is_what_counts_with_each_project_once(of_published: Callable[[str], Results]) -> None:
    """By hand from the frames: 自评表 and 评分表 with a sum of scores, reports with a stated one."""
    results = of_published("下发表样填报")
    drawn_from = population(results)
    adopted = results.returns.loc[results.returns["adopted"], "return_id"]
    totals = results.totals.set_index("return_id")
    scored = {
        return_id for return_id in adopted if return_id in totals.index and totals["self_total"].notna()[return_id]
    }
    assert scored <= set(drawn_from.tables["return_id"])
    rest = set(drawn_from.tables["return_id"]) - scored
    assert all("报告" in return_id for return_id in rest)
    assert drawn_from.tables["own"].notna().all() and drawn_from.tables["return_id"].is_unique
    budgets = results.values.frame(item=["年度资金总额.全年预算数"]).set_index("return_id")["value"]
    for row in drawn_from.tables.itertuples():
        if row.return_id in budgets.index and "自评表" in row.return_id and "报告" not in row.return_id:
            assert (pd.isna(row.money) and pd.isna(budgets[row.return_id])) or row.money == budgets[row.return_id]


# ---- the list, and the list filled in ----


def filled(path: Path, scores: dict[str, Any], **changes: Any) -> Path:
    """The list of all tables with 复核得分 by return_id; `changes`: head → what to write into it, by return_id."""
    write_sample(draw(made(), "随机", 9, "7"), built_in(), path, {"gouji": "0"})
    book = openpyxl.load_workbook(path)
    sheet = book["抽查复核"]
    heads = {sheet.cell(3, column).value: column for column in range(1, sheet.max_column + 1)}
    for row in range(4, sheet.max_row + 1):
        return_id = sheet.cell(row, heads["表编号"]).value
        if return_id in scores:
            sheet.cell(row, heads["复核得分"]).value = scores[return_id]
        for head, given_ in changes.items():
            if return_id in given_:
                sheet.cell(row, heads[head]).value = given_[return_id]
    book.save(path)
    return path


def test_the_list_says_how_to_draw_it_again_and_asks_for_scores(tmp_path: Path) -> None:
    sample = draw(made(), "随机", 4, "种子")
    write_sample(sample, built_in(), tmp_path / "抽查.xlsx", {"gouji": "9.9", "started": "2026-11-29T20:00:00+08:00"})
    book = openpyxl.load_workbook(tmp_path / "抽查.xlsx")
    facts = {row[0]: row[1] for row in book["抽样说明"].iter_rows(min_row=4, values_only=True)}
    assert (facts["抽取方法"], facts["种子"], facts["抽取个数"], facts["总体张数"]) == ("随机", "种子", "4", "6")
    assert facts["总体校验值"] == made().sha256
    assert facts["再抽一次"] == "gouji sample 结果文件夹 --by 随机 -n 4 --seed 种子"
    rows = list(book["抽查复核"].iter_rows(min_row=4, values_only=True))
    assert [row[15] for row in rows] == list(sample.tables["return_id"])
    assert {row[10] for row in rows} == {None}
    due = {"a": "60–85", "b": 88, "c": "70–90", "d": "20–90", "e": 82, "f": None}
    assert [row[8] for row in rows] == [due[row[15]] for row in rows]
    assert all(printed_points(sheet) >= LEAST for sheet in book)


def test_hostile_names_stay_text_in_the_list(tmp_path: Path) -> None:
    write_sample(draw(made(), "随机", 6, "7"), built_in(), tmp_path / "x.xlsx", {})
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    live = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(live) == 6 and all(text.startswith("=IF(ISNUMBER(K") for text in live)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as package:
        assert not [name for name in package.namelist() if "external" in name.lower()]


def test_the_rates_are_those_of_what_was_reviewed(tmp_path: Path) -> None:
    scores = {"a": 80, "b": 92.5, "c": "80分", "d": None, "e": "７５"}
    reviewed = read_sampled(filled(tmp_path / "抽查.xlsx", scores, 复核人={"a": "某甲"}, 说明={"a": "看了凭证"}))
    assert [row.wrong for row in reviewed.rows] == [""] * 6
    units = {deviation.unit: deviation for deviation in deviations(reviewed.rows)}
    assert (units["甲局"].drawn, units["甲局"].reviewed) == (2, 2)
    assert float(units["甲局"].rate or 0) == pytest.approx((15 + 2.5) / 172.5)
    assert (units["甲局"].net, units["乙局"].rate, units["乙局"].reviewed) == (D("12.5"), D(0), 1)
    assert (units["丙局"].reviewed, units["丙局"].rate, units["丙局"].score) == (0, None, None)
    whole = deviations(reviewed.rows)[-1]
    assert (whole.unit, whole.drawn, whole.reviewed) == ("合计", 6, 4)
    apart, due = Fraction("15") + Fraction("2.5") + 0 + 5, Fraction("80") + Fraction("92.5") + 80 + 75
    assert whole.rate is not None and abs(Fraction(whole.rate) - apart / due) < Fraction(1, 10**50)
    (table,) = [row for row in reviewed.rows if row.return_id == "a"]
    assert (table.reviewer, table.remark, table.place[:4]) == ("某甲", "看了凭证", "抽查复核")


scores_of = st.lists(
    st.tuples(
        st.sampled_from(["01", "02", ""]), st.decimals(0, 100, places=2), st.none() | st.decimals(0, 100, places=2)
    ),
    max_size=12,
)


@settings(max_examples=100)
@given(scores_of)
def test_sums_and_rates_by_brute_force(drawn: list[tuple[str, Decimal, Decimal | None]]) -> None:
    """In fractions; a table that was not reviewed takes no part, one that got 0 does, but has no rate of its own."""
    rows = [
        Reviewed(str(place), code, code or "无编码", "表", "", stated, score, "", "", "", "")
        for place, (code, stated, score) in enumerate(drawn)
    ]
    for row in rows:
        own_rate = table_rate(row)
        assert (own_rate is None) == (row.score is None or row.score == 0)
    rates = deviations(rows)
    assert [deviation.unit_code for deviation in rates[:-1]] == list(dict.fromkeys(code for code, *_ in drawn))
    for deviation in rates:
        mine = [
            (stated, score) for code, stated, score in drawn if deviation.unit == "合计" or code == deviation.unit_code
        ]
        both = [(Fraction(stated), Fraction(score)) for stated, score in mine if score is not None]
        whole = sum((score for _, score in both), Fraction(0))
        assert (deviation.drawn, deviation.reviewed) == (len(mine), len(both))
        if not both:
            assert (deviation.own, deviation.score, deviation.net, deviation.rate) == (None, None, None, None)
        elif whole == 0:
            assert deviation.rate is None and deviation.score == 0
        else:
            exact = sum((abs(stated - score) for stated, score in both), Fraction(0)) / whole
            assert deviation.rate is not None and abs(Fraction(deviation.rate) - exact) < Fraction(1, 10**40)


def test_what_is_no_score_is_told_and_not_counted(tmp_path: Path) -> None:
    reviewed = read_sampled(
        filled(
            tmp_path / "抽查.xlsx", {"a": "未复核", "b": 101, "c": -1, "d": 85, "e": 75, "f": 0},
            自评得分={"d": 99}, 表编号={"e": "别的"},
        )
    )  # fmt: skip
    wrong = {row.return_id: row.wrong for row in reviewed.rows}
    assert wrong["a"] == "“复核得分”填的“未复核”不是数"
    assert wrong["b"] == "“复核得分”填的 101 不在 0 到 100 之间"
    assert wrong["c"] == "“复核得分”填的 -1 不在 0 到 100 之间"
    assert wrong["d"] == wrong["别的"] == "“自评得分”或隐藏的“表编号”在抽样以后被改过"
    assert {row.return_id for row in reviewed.rows if row.score is not None} == {"f"}
    assert deviations(reviewed.rows)[-1].reviewed == 1 and deviations(reviewed.rows)[-1].rate is None


def test_a_table_listed_twice_counts_once_and_not_with_two_scores(tmp_path: Path) -> None:
    path = filled(tmp_path / "抽查.xlsx", {"a": 80, "b": 70})
    book = openpyxl.load_workbook(path)
    sheet = book["抽查复核"]
    for row in list(sheet.iter_rows(min_row=4, values_only=True)):
        if row[15] in ("a", "b"):
            sheet.append([*row[:10], 80, *row[11:]])
    book.save(path)
    by_id = {row.return_id: row for row in read_sampled(path).rows}
    assert len(by_id) == 6 and by_id["a"].score == 80
    assert by_id["b"].score is None and "列了两次" in by_id["b"].wrong


def test_sorted_rows_and_columns_in_another_order_are_read_by_their_heads(tmp_path: Path) -> None:
    path = filled(tmp_path / "抽查.xlsx", {"a": 80, "d": 60})
    book = openpyxl.load_workbook(path)
    grid = [list(row) for row in book["抽查复核"].iter_rows(values_only=True)]
    other = openpyxl.Workbook()
    other.active.title = "我的抽查"
    for row in (*grid[:3], *reversed(grid[3:])):
        other.active.append(list(reversed(row)))
    other.save(path)
    scores = {row.return_id: row.score for row in read_sampled(path).rows}
    assert scores == {"a": 80, "d": 60, "b": None, "c": None, "e": None, "f": None}


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(data)
    with pytest.raises(SampledError, match=r"x\.xlsx"):
        read_sampled(tmp_path / "x.xlsx")
    blank = io.BytesIO()
    openpyxl.Workbook().save(blank)
    (tmp_path / "y.xlsx").write_bytes(blank.getvalue())
    with pytest.raises(SampledError, match="没有抽查复核的表"):
        read_sampled(tmp_path / "y.xlsx")


def test_a_seal_is_of_the_table_and_its_score() -> None:
    pairs = itertools.product(("a", "b"), (D("80"), D("80.1")))
    assert len({row_seal(*pair) for pair in pairs}) == 4
    assert row_seal("a", D("80")) == row_seal("a", D("80.00"))


# ---- the command and Python ----


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["gouji", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code))


def test_from_drawing_to_the_rates(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    received, out = tmp_path / "收到", tmp_path / "结果"
    received.mkdir()
    for source in (published / "下发表样填报").glob("*.xlsx"):
        if "鹤城区" in source.name or "衡山县" in source.name:
            (received / source.name).write_bytes(source.read_bytes())
    run([received], out, only=["数据"])
    asked = ("sample", str(out), "-n", "3", "--seed", "20261129")
    assert command(monkeypatch, *asked) == 0
    said = capsys.readouterr().out
    place = tmp_path / "结果-抽查复核.xlsx"
    assert "种子 20261129" in said and "总体校验值" in said and place.exists()
    before = place.read_bytes()
    assert command(monkeypatch, *asked) == 2
    assert "没有覆盖" in capsys.readouterr().err and place.read_bytes() == before
    again = gouji.sample(out, "随机", 3, 20261129)
    book = openpyxl.load_workbook(place)
    sheet = book["抽查复核"]
    assert [row[15] for row in sheet.iter_rows(min_row=4, values_only=True)] == list(again["return_id"])
    assert again.attrs["population"] in said.replace("\n", "") and again.attrs["size"] >= 6
    first = next(row[7] for row in sheet.iter_rows(min_row=4, values_only=True))
    sheet["K4"] = first - 10
    book.save(place)
    assert command(monkeypatch, "sample", str(out), "--read", str(place)) == 0
    said = capsys.readouterr().out
    assert "还有 2 张没有复核得分，没有计入，也不当作 0。" in said and "有变化" not in said
    rates = gouji.deviation(place)
    whole = rates.iloc[-1]
    assert (whole["unit"], whole["drawn"], whole["reviewed"]) == ("合计", 3, 1)
    assert whole["rate"] == pytest.approx(10 / (first - 10))
    result = openpyxl.load_workbook(tmp_path / "结果-抽查复核-偏差.xlsx")
    last = list(result["偏差率"].iter_rows(values_only=True))[-1]
    assert (last[1:4], last[7]) == (("合计", 3, 1), pytest.approx(10 / (first - 10)))
    tables = list(result["自评与复核对照"].iter_rows(min_row=4, values_only=True))
    assert [row[6] for row in tables] == [first - 10, None, None]
    written = [place, tmp_path / "结果-抽查复核-偏差.xlsx"]
    for file in written:
        (received / file.name).write_bytes(file.read_bytes())
    again = run([received], out, only=["数据"])
    statuses = again.returns.groupby("file")["status"].unique().map(set)
    assert [statuses[file.name] for file in written] == [{"不是报表"}] * 2
    for file in written:
        (received / file.name).unlink()
    (received / "鹤城区.xlsx").unlink(missing_ok=True)
    next(received.glob("*鹤城区*")).unlink()
    run([received], out, only=["数据"])
    assert command(monkeypatch, "sample", str(out), "--read", str(place)) == 0
    assert "结果在抽样以后有变化" in capsys.readouterr().out.replace("\n", "")


def test_python_gets_one_kind_of_error(tmp_path: Path) -> None:
    with pytest.raises(gouji.GoujiError, match="找不到"):
        gouji.sample(tmp_path / "没有")
    with pytest.raises(gouji.GoujiError, match="找不到"):
        gouji.deviation(tmp_path / "没有.xlsx")
