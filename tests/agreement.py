"""Filled cases of issued workbooks, and the verdicts that their 自查 and gouji give: the two must be the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineWorkbook

from gouji.export.results import Results
from gouji.ingest.figures.measures import aligned, parse_measure
from gouji.ingest.frames import AMOUNTS_OPEN
from gouji.ingest.roster import read_roster
from gouji.samples.build import ROSTER
from gouji.samples.figures import load_unit
from gouji.samples.fill import Blank, Entry, ErrorValue, Number, Result, Text, filled_parts, pack
from gouji.samples.generating.issued import issued_parts
from gouji.templates.addresses import cell_name
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.issued import issued_sheets
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.items import Item
from gouji.templates.layout import Position
from gouji.templates.recipient import Listed, Project, Recipient
from gouji.templates.rules.evaluate import evaluate
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import Compare, Ref, demanded, refs
from gouji.templates.rules.quantity import OK, round_half_up
from gouji.templates.rules.single import OneForm, computed_values
from gouji.templates.selfcheck.checks import REQUIRED, Check, SelfCheck, self_check
from gouji.templates.selfcheck.verdicts import LEFT, Judged
from gouji.templates.supplement import supplement
from gouji.templates.units import PLAIN
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING, UNCHECKED

YEAR = 2021
FAMILIES = {
    "衡山": [
        "部门整体支出绩效评价基础数据表@衡山县-2021",
        "部门整体支出绩效评价指标评分表@衡山县-2021",
        "预算支出绩效自评表@湖南-2020",
        "专项资金绩效目标自评表@衡山县-2021",
    ],
    "鹤城": [
        "部门整体支出绩效评价基础数据表@鹤城区-2020",
        "部门整体支出绩效评价共性指标框架@鹤城区-2020",
        "预算支出绩效评价共性指标体系框架@鹤城区-2020",
        "预算支出绩效自评表@湖南-2020",
    ],
    "炎陵": ["项目支出绩效评价共性指标@炎陵县-2020", "预算支出绩效自评表@湖南-2020"],
    "岳阳": ["项目支出绩效评价指标体系@岳阳市-2019", "财政支出项目绩效评价自评报告@岳阳市-2019"],
    "汨罗": ["部门整体支出绩效评价自评报告@汨罗市-2018", "财政支出项目绩效评价自评报告@汨罗市-2018"],
    "财政局": ["部门决算参照表@通用"],
}
"""Workbooks whose forms refer to each other: together all ten forms in their twelve editions, and the bureau's own."""

_AMOUNTS = [Decimal(text) for text in "0 0 1 2.5 5 10 12.34 28.25 132.45 295.53 1733.6341 0.01 0.005 99.9999".split()]
_IMPOSSIBLE = 0.03
"""How many figures are such as cannot be."""
_COUNTS = [Decimal(text) for text in "0 1 3 11 18 48".split()]
_RATES = [Decimal(text) for text in "0 0.5 0.61 0.6111 1 1.05 1.2 2".split()]
_POINTS = [Decimal(text) for text in "0 0.5 1 2 2.5 3 4 5 6 8 9.35 10".split()]
_ODD = ["——", "无", "不适用", "……", "/", "暂无数据", "待定", " ", "无。", "（无）"]
_MEASURES = (
    "100% 95% ≥95% 98.5% ＞90% 48人 50人 3次 ≤30分钟 25分钟 40分钟 10万元 12万元 12.5万元 0 0次 5 =3 0.9 90 3年 "
    "1.5万人 >=80% 提升 及时 达成 部分达成 —— 不适用 不超过5次 1,200人 100％ ≤5个工作日 4天"
).split()
_NAMES = "甲 乙 丙 1、甲 甲，项目 投诉次数 投诉办结率 成本节约率 差错数 培训天数 超时件数 信访处理率 无".split()
_OWN = "〈本单位〉"
"""Stands for the unit's own name: another one typed in would leave open whose the table is."""
_GRADES = ["优秀", "良好", "中等", "较差", "优", "好"]


def forms_of(family: str) -> list[Form]:
    """The forms of a workbook, and the 评分依据补充表 that they need."""
    forms = [built_in().form(*key.split("@")) for key in FAMILIES[family]]
    return [*forms, *(form_supplement for form in forms if (form_supplement := supplement(form)) is not None)]


def recipient(number: int) -> Recipient:
    projects = tuple(Project(f"P{n}" if n else "", f"项目{'甲乙丙'[n]}") for n in range(2))
    units = tuple(Listed(str(n), f"单位{n}") for n in range(4))
    return Recipient(f"4399{number:05}", f"单位{number:04}", "某主管部门", projects, units=units)


@dataclass(frozen=True)
class Case:
    """One filled workbook: its sheets, and what was typed into each."""

    path: Path
    sheets: list[IssuedSheet]
    entries: Mapping[str, Mapping[Position, Entry]]
    year: int = YEAR


def make_case(folder: Path, family: str, seed: int) -> Case:
    """An issued workbook, filled by chance; every formula has a wrong stored value or none."""
    dice = random.Random(f"{family}/{seed}")
    to, forms = recipient(seed), forms_of(family)
    path = folder / f"{family}_{seed:04}.xlsx"
    sheets = issued_sheets(to, forms, YEAR)
    entries = {
        sheet.name: dict(_entries(sheet, dice)) for sheet in sheets if dice.random() < (0.5 if sheet.spare else 0.95)
    }
    for typed in entries.values():
        typed |= {place: Text(to.unit) for place, entry in typed.items() if entry == Text(_OWN)}
    pack(filled_parts(issued_parts(to, forms, YEAR), entries), path)
    return Case(path, sheets, entries)


def of_return(path: Path, unit_file: Path) -> Case:
    """A published return in the issued layout: what was typed is told by the file itself."""
    unit = load_unit(unit_file)
    to = next(candidate for candidate in read_roster(ROSTER, built_in()).recipients() if candidate.unit == unit.unit)
    forms = list({table.definition.key: table.definition for table in unit.tables}.values())
    sheets = issued_sheets(to, forms, unit.year)
    over = {sheet.name: {place: Blank() for place in sheet.layout.positions.values()} for sheet in sheets}
    return Case(path, sheets, over, unit.year)


def _entries(sheet: IssuedSheet, dice: random.Random) -> Iterator[tuple[Position, Entry]]:
    share, odd = dice.choice([0.2, 0.7, 0.95, 1.0, 1.0]), dice.choice([0, 0, 0.01, 0.04])
    typed: dict[Position, Entry] = {}
    lines = {
        (name, number): dice.random() < 0.6
        for name, slots in sheet.layout.slots.items()
        for number in range(len(slots))
    }
    for box in sheet.layout.boxes:
        if box.role not in ("input", "name") or box.item is None:
            continue
        if (
            box.slot is not None
            and not lines[(box.item if box.role == "name" else box.item.rpartition(".")[0]), box.slot]
        ):
            continue
        if dice.random() < share:
            typed[box.row, box.column] = _typed(
                _item(sheet.form, box.item, box.role, box.slot), sheet, box.item, box.slot, odd, dice
            )
    for rule in sheet.form.rules:
        _tie(sheet, rule, typed, dice)
    _score(sheet, typed, dice)
    for item in sheet.form.computed:
        place = sheet.layout.positions[item]
        typed.setdefault(place, Result(Decimal(dice.choice([-1, 77777]))))
    yield from typed.items()


def _item(form: Form, name: str, role: str, slot: int | None) -> Item | None:
    if role == "name":
        return None
    owner, _, column = name.rpartition(".")
    return form.items[name] if slot is None else form.lists[owner].columns[column]


def _typed(
    item: Item | None, sheet: IssuedSheet, name: str, slot: int | None, odd: float, dice: random.Random
) -> Entry:
    if item is None:
        return Text(dice.choice(_NAMES))
    if dice.random() < odd:
        # What a formula makes of an error that it reads is the spreadsheet's business, not an exact figure.
        read = {ref.item for node in sheet.form.computed.values() for ref in refs(node)}
        is_error = item.id not in read and dice.random() < 0.3
        return ErrorValue("#REF!") if is_error else Text(dice.choice(_ODD))
    match item.kind:
        case "amount" | "quantity":
            figure = dice.choice(_AMOUNTS)
            return Number(-figure if dice.random() < (0.3 if item.signed else _IMPOSSIBLE) else figure)
        case "count":
            figure = dice.choice(_COUNTS)
            return Number(figure + dice.choice([Decimal("0.5"), -99]) if dice.random() < _IMPOSSIBLE else figure)
        case "rate":
            return Number(dice.choice(_RATES))
        case "points":
            return Number(dice.choice(_POINTS))
        case "choice":
            return Text(dice.choice(_GRADES))
        case "measure":
            return Text(dice.choice(_MEASURES))
        case "date":
            return Text("2022-3-25")
        case _:
            return (
                Text(dice.choice(["某文字", " ", "——"]))
                if item.role is None
                else Text(f"{'项目甲' if item.role == 'instance' else _OWN}")
            )


def _tie(sheet: IssuedSheet, rule: Rule, typed: dict[Position, Entry], dice: random.Random) -> None:
    """Make the stated side of an equation right, or nearly right: what chance alone would never do."""
    node = demanded(rule.node)[1]
    if not (isinstance(node, Compare) and node.sign == "=" and isinstance(node.left, Ref) and rule.list_id is None):
        return
    place = sheet.layout.positions.get(rule.item)
    if (
        place is None
        or sheet.form.items[rule.item].fixed is not None
        or node.left.kind == "choice"
        or dice.random() < 0.3
    ):
        return
    computed = rule.item in sheet.form.computed
    if computed and dice.random() < 0.6:
        return
    known = _known(sheet, typed)
    try:
        expected = evaluate(node.right, OneForm(sheet.form, known, _lines(sheet, typed)))
    except (KeyError, TypeError, AssertionError):
        return
    if expected.state[0] != OK:
        return
    exact = expected.value[0]
    places = {"rate": 4, "points": 2, "count": 0}.get(node.left.kind, 2)
    near = [
        round_half_up(exact, places),
        round_half_up(exact, places + 2),
        Decimal(int(exact)),
        round_half_up(exact, places) + Decimal("0.01"),
    ]
    near += [
        round_half_up(exact, places) - Decimal(1).scaleb(-places),
        Decimal(str(float(exact))),
        round_half_up(exact, 0),
        -exact,
    ]
    typed[place] = Number(dice.choice(near))


def _score(sheet: IssuedSheet, typed: dict[Position, Entry], dice: random.Random) -> None:
    """Give some lines of a 自评表 the score that their figures earn, or nearly that."""
    for slot in sheet.layout.slots.get("指标", []):
        full = typed.get(slot.columns.get("分值", (-1, -1)))
        measures = [typed.get(slot.columns.get(name, (-1, -1))) for name in ("年度指标值", "实际完成值")]
        if not isinstance(full, Number) or dice.random() < 0.3:
            continue
        score = full.value
        wanted, reached = (
            parse_measure(measure.text).number if isinstance(measure, Text) else None for measure in measures
        )
        if wanted and reached is not None and dice.random() < 0.7:
            score = full.value * dice.choice([reached / wanted, 2 - reached / wanted])
        score = dice.choice(
            [round_half_up(score, 2), round_half_up(score, 1), score.quantize(Decimal("0.01"), ROUND_DOWN)]
        )
        typed[slot.columns["得分"]] = Number(max(score, Decimal(0)))


def _known(sheet: IssuedSheet, typed: Mapping[Position, Entry]) -> dict[str, Decimal | None]:
    entries = {item: typed.get(place) for item, place in sheet.layout.positions.items()}
    return {item: entry.value for item, entry in entries.items() if isinstance(entry, Number)}


def _lines(sheet: IssuedSheet, typed: Mapping[Position, Entry]) -> dict[str, list[dict[str, Decimal | str | None]]]:
    lines: dict[str, list[dict[str, Decimal | str | None]]] = {}
    for owner, slots in sheet.layout.slots.items():
        for slot in slots:
            line: dict[str, Decimal | str | None] = {}
            for column, place in slot.columns.items():
                entry = typed.get(place)
                line[column] = entry.value if isinstance(entry, Number) else None
            if slot.group is not None:
                line[sheet.form.lists[owner].levels[-2]] = slot.group
            lines.setdefault(owner, []).append(line)
    return lines


# ---- comparing ---------------------------------------------------------------------------------

WORDS = {0: AGREES, 1: ROUNDING, 2: DIFFERS, 3: UNCHECKED, 4: UNCHECKED}
Cells = Mapping[str, object]
"""Cell → value of one recalculated sheet."""


class Told:
    """What gouji says of several workbooks: verdicts by return, rule and item, values by return and cell."""

    def __init__(self, results: Results) -> None:
        self.results = results
        rows = results.verdicts.frame().itertuples(index=False)
        self.verdicts = {(row.return_id, row.rule, row.item): row.verdict for row in rows}
        self.values = {(row.return_id, row.cell): row for row in results.values.frame().itertuples(index=False)}


def differences(case: Case, ledger: Cells, by_gouji: Told, counted: dict[tuple[str, str], int]) -> Iterator[str]:
    """Every judgement of the case's 自查 that is not gouji's; `counted`: (form, verdict) → how many were compared."""
    checked, results = self_check(case.sheets, case.year), by_gouji.results
    returns = {
        row.sheet: row for row in results.returns[results.returns["file"] == case.path.name].itertuples(index=False)
    }
    verdicts, values = by_gouji.verdicts, by_gouji.values
    # What seems to be in 元 is held against no other table: whether it is, no formula asks.
    doubtful = any(row.status == AMOUNTS_OPEN for row in returns.values())
    yield from _untold(case, checked, returns, results)
    for check in checked.checks:
        row = returns.get(check.sheet.name)
        counts = row is not None and row.status in ("已收", "重复报送", AMOUNTS_OPEN)
        for judged, place in zip(check.judged, check.places, strict=True):
            code = ledger.get(judged.code)
            verdict = None
            if counts and check.rule == REQUIRED:
                value = values.get((row.return_id, cell_name(*place)))
                verdict = UNCHECKED if value is None or value.state == "blank" else AGREES
            elif counts:
                item = judged.item
                if judged.slot is not None:
                    value = values.get((row.return_id, cell_name(*place)))
                    item = None if value is None else value.item
                verdict = verdicts.get((row.return_id, check.rule, item))
            counted[check.sheet.form.name, verdict or "——"] = (
                counted.get((check.sheet.form.name, verdict or "——"), 0) + 1
            )
            said = WORDS.get(int(code)) if isinstance(code, float) else None
            agrees = said == verdict if verdict is not None else code in (3, 4, 5)
            if code == LEFT:
                # A formula reads no text: it must leave to gouji exactly what is not plainly a figure with a unit.
                agrees = verdict is not None and not _is_plain(check, judged, row.return_id, values)
            if not agrees and not (doubtful and verdict == UNCHECKED):
                where = f"{case.path.stem} {check.sheet.name}!{cell_name(*place)} {check.rule} {judged.item}"
                yield f"{where}: 自查 {code}, gouji {verdict}"


_PLAIN = re.compile(
    rf"[≥≧>＞≤≦<＜=＝]?\d{{1,9}}(?:\.\d+)?(?:{'|'.join(sorted(map(re.escape, PLAIN), key=len, reverse=True))})?"
)


def _is_plain(check: Check, judged: Judged, return_id: str, values: Mapping[tuple[str, str], Any]) -> bool:
    """Whether target and actual of a line are figures with known units, in one unit, and the actual is no range."""
    columns = check.sheet.layout.slots["指标"][judged.slot or 0].columns
    texts = [
        str(values[return_id, cell_name(*columns[name])].raw).replace("％", "%")
        for name in ("年度指标值", "实际完成值")
    ]
    measures = [parse_measure(text) for text in texts]
    alike = all(_PLAIN.fullmatch(text) for text in texts)
    units = {re.sub(r"^[^\d]*[\d.]+", "", text) for text in texts} - {""}
    return alike and len(units) <= 1 and aligned(*measures) is not None and not measures[1].sign


def _untold(case: Case, checked: SelfCheck, returns: Mapping[str, object], results: Results) -> Iterator[str]:
    """Rules of ours that the 自查 neither lists nor names as left to the bureau."""
    listed = {(check.sheet.name, check.rule) for check in checked.checks}
    left = {skipped.rule for skipped in checked.left_out}
    ids = {row.return_id: name for name, row in returns.items()}
    mine = results.verdicts.frame(return_id=ids)
    elsewhere = {"X-04", "X-05", "X-06"}  # named together, under X-03
    for return_id, rule in {(row.return_id, row.rule) for row in mine.itertuples(index=False)}:
        if (ids[return_id], rule) not in listed and rule not in left | elsewhere:
            yield f"{case.path.stem} {ids[return_id]} {rule}: not in 自查"


def computed_differences(case: Case, cells: Mapping[str, Cells], counted: dict[tuple[str, str], int]) -> Iterator[str]:
    """Computed cells whose formula stayed and that hold something else than the exact figure."""
    for sheet in case.sheets:
        entries, form = case.entries.get(sheet.name, {}), sheet.form
        places = {item: sheet.layout.positions[item] for item in form.computed}
        over = {
            item for item, place in places.items() if isinstance(entries.get(place), Number | Text | Blank | ErrorValue)
        }
        known = {**dict.fromkeys(over), **_known(sheet, entries)}
        for item, expected in computed_values(form, known, _lines(sheet, entries)).items():
            if item in over:
                continue
            shown = cells[sheet.name].get(cell_name(*places[item]))
            counted[form.name, "算出"] = counted.get((form.name, "算出"), 0) + 1
            if shown is None:
                agrees = expected is None
            else:
                agrees = (
                    expected is not None
                    and isinstance(shown, int | float)
                    and bool(np.isclose(shown, float(expected), rtol=1e-13, atol=1e-12))
                )
            if not agrees:
                yield f"{case.path.stem} {sheet.name} {item}: {shown!r}, not {expected}"


def cell_values(path: Path, sheets: Sequence[str]) -> dict[str, dict[str, object]]:
    """Sheet → cell → value of a recalculated workbook; an error is read as the empty text."""
    with CalamineWorkbook.from_path(path) as book:
        return {
            name: {
                cell_name(row, column): value
                for row, line in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
                for column, value in enumerate(line)
                if value != ""
            }
            for name in sheets
        }
