"""Returns with figures chosen to mislead, in every habit of typing, and the figures as an oracle takes them.

Made from honest units of the generator of samples. A change moves a figure by a unit of its last place, rounds or
cuts it, types full marks or 100 %, or leaves it; then every figure is typed in one of the habits of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from gouji.samples.fill import Entry, Number, Result, Text
from gouji.samples.generating.arithmetic import results_of
from gouji.samples.generating.more_forms import add_more_forms
from gouji.samples.generating.names import recipient
from gouji.samples.generating.tables import Table, UnitReturn
from gouji.samples.generating.units import honest_unit
from gouji.samples.places import issued_places
from gouji.templates.issued import issued_sheets
from gouji.templates.issuing.contents import contents
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.layout import Position
from gouji.templates.text import file_name
from tests.oracle.arithmetic import BLANK, Figure, exact, rounded
from tests.oracle.forms import FormData, form_data
from tests.oracle.ties import TableData

YEAR = 2021
_AMOUNTS: list[str | None] = [None, None, "General", "0.00", "#,##0.00", "0.00_);[Red]\\(0.00\\)"]
_FIGURES = ("amount", "quantity", "rate", "points", "count")
_SIGNED = re.compile(r"[≥≤](\d+(?:\.\d+)?)(\D*)")
_LARGEST_FRACTION = 3
_SHOWN = {2: "0%", 4: "0.00%"}
_MONEY = re.compile(r"(\d+(?:\.\d+)?)万元")
_RATES: list[str | None] = [None, "0%", "0.00%", "General", "0.0%"]


def unit_of(seed: str, number: int, *, forms: str, wrong: float) -> UnitReturn:
    """The n-th unit: honest, then each figure changed with probability `wrong`, then typed in some habit."""
    dice = Random(f"{seed}/{number}")
    unit = honest_unit(recipient(number, dice), YEAR, dice)
    if forms == "all":
        add_more_forms(unit, dice)
    for table in unit.tables:
        _mislead(table, dice, wrong)
        _mislead_measures(table, dice, wrong)
    for table in unit.tables:
        _type(table, dice)
    return unit


def honest_of(seed: str, number: int, *, forms: str, issued: bool) -> UnitReturn:
    """The n-th unit in honest figures of 0 to 6 decimals, every figure typed in some habit, nothing left to formulas
    where text stands among their inputs."""
    dice = Random(f"{seed}/{number}/honest")
    unit = honest_unit(recipient(number, dice), YEAR, dice)
    if forms == "all":
        add_more_forms(unit, dice)
    _scale(unit, dice)
    for table in unit.tables:
        kinds = kinds_of(table)
        for item, value in results_of(table).items():
            if value is not None and item in kinds and (not issued or dice.random() < 0.5):
                table.typed_over[item] = (
                    typed_rate(value, dice, issued=issued) if kinds[item] == "rate" else Number(value)
                )
        for cells in (table.cells, table.typed_over):
            for item, entry in list(cells.items()):
                if isinstance(entry, Number) and kinds.get(item, "rate") != "rate":
                    by_hand = not issued or not results_of(table).keys() - table.typed_over.keys()
                    cells[item] = typed(entry.value, kinds[item], dice, text=by_hand)
    return unit


def typed_rate(value: Decimal, dice: Random, *, issued: bool) -> Entry:
    """A rate rounded as far as it is shown: our own format shows two decimals of a percentage."""
    places = 4 if issued else dice.choice([2, 4])
    near = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if dice.random() < 0.3:
        return Text(f"{_percent(near)}%")
    return Number(dice.choice([near, value]), None if issued else dice.choice([_SHOWN[places], "General"]))


def _scale(unit: UnitReturn, dice: Random) -> None:
    """All amounts of the unit times a power of ten, so that they have 0 to 6 decimals; every tie stays.

    At most a hundred times: ten thousand times its true size, a return is one in 元, which must be told (R-12).
    """
    most = max((_own(table, item) for table in unit.tables for item in table.cells), default=0)
    power = dice.choice([2, 1, 0, -1, -2, -3, -4] if most <= 2 else [2, 1, 0])
    for table in unit.tables:
        kinds = kinds_of(table)
        for cells in (table.cells, table.typed_over):
            for item, entry in list(cells.items()):
                if isinstance(entry, Number) and (kinds.get(item) == "amount" or _is_evidence(table, item)):
                    cells[item] = Number(entry.value.scaleb(power))
                elif isinstance(entry, Text):
                    cells[item] = Text(_MONEY.sub(lambda match: f"{Decimal(match[1]).scaleb(power):f}万元", entry.text))


def _own(table: Table, item: str) -> int:
    value = table.typed(item)
    return (
        0 if value is None or kinds_of(table).get(item) != "amount" else max(0, -int(_plain(value).as_tuple().exponent))
    )


def _is_evidence(table: Table, item: str) -> bool:
    spec = table.form.items.get(item)
    return data_of(table) is None and spec is not None and spec.kind == "amount"


def _mislead(table: Table, dice: Random, wrong: float) -> None:
    """Computed cells typed over with a figure near the right one, and inputs moved a little."""
    for item, value in results_of(table).items():
        if value is not None and dice.random() < wrong and _kind(table, item) is not None:
            near = _near(value, str(_kind(table, item)), dice)
            table.typed_over[item] = Number(near)
    for item in list(table.cells):
        value, kind = table.typed(item), _kind(table, item)
        if value is not None and kind in ("amount", "quantity", "points", "rate") and dice.random() < wrong / 4:
            table.cells[item] = Number(_near(value, kind, dice))


def _mislead_measures(table: Table, dice: Random, wrong: float) -> None:
    """Actual values a little beside a signed target, full points or nearly for them."""
    for line, _ in table.lines.get("指标", []):
        target = table.cells.get(f"{line}.年度指标值")
        signed = _SIGNED.fullmatch(target.text) if isinstance(target, Text) else None
        full = table.typed(f"{line}.分值")
        if signed is None or full is None or dice.random() > wrong * 2:
            continue
        value = Decimal(signed[1])
        actual = value * dice.choice([Decimal(1), Decimal("0.999"), Decimal("1.001"), Decimal("0.95"), Decimal("1.3")])
        table.cells[f"{line}.实际完成值"] = Text(f"{_plain(actual)}{signed[2]}")
        due = full * min(actual / value, Decimal(1))
        near = [due, full, due.quantize(Decimal("0.01"), ROUND_HALF_UP), due.quantize(Decimal("0.1"), ROUND_HALF_UP)]
        score = dice.choice([*near, due.quantize(Decimal("0.01"), ROUND_DOWN)])
        table.put(f"{line}.得分", Decimal(format(score, ".12g")))


def _near(value: Decimal, kind: str, dice: Random) -> Decimal:
    """A figure that somebody may take for the right one."""
    places = {"rate": 4, "points": 2}.get(kind, 2)
    unit = Decimal(1).scaleb(-places)
    right = value.quantize(unit, ROUND_HALF_UP)
    choices = [
        right, right + unit, right - unit, value.quantize(unit, ROUND_DOWN),
        value.quantize(Decimal("0.1"), ROUND_HALF_UP), value.quantize(Decimal(1), ROUND_HALF_UP), right + unit / 4,
        right + 10 * unit, right if kind == "rate" else right * 10,
    ]  # fmt: skip
    if kind == "rate":
        choices += [Decimal(1), Decimal(1), value.quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("0.9")]
    if kind == "points":
        choices += [Decimal(10), value.quantize(Decimal(1), ROUND_HALF_UP), right + Decimal("0.002")]
    return max(dice.choice(choices), Decimal(0))


def _type(table: Table, dice: Random) -> None:
    for cells in (table.cells, table.typed_over):
        for item, entry in list(cells.items()):
            kind = _kind(table, item)
            if isinstance(entry, Number) and kind is not None:
                cells[item] = typed(entry.value, kind, dice)


def typed(value: Decimal, kind: str, dice: Random, *, text: bool = True) -> Entry:
    """The figure as somebody types it; as text too where `text` allows it."""
    if kind in ("amount", "quantity"):
        if text and dice.random() < 0.04:
            return Text(f"{value:f}{dice.choice(['', '万元'] if kind == 'amount' else [''])}")
        return Number(value, dice.choice(_AMOUNTS))
    if kind == "rate":
        shown = dice.choice(_RATES)
        if dice.random() < 0.2:
            return Text(f"{_percent(value)}%")
        return Number(value, shown)
    return Number(value)


def _percent(value: Decimal) -> Decimal:
    percent = value.quantize(Decimal("0.0001"), ROUND_HALF_UP) * 100
    return _plain(percent)


def _kind(table: Table, item: str) -> str | None:
    """The kind of a figure; None for texts and measures."""
    return kinds_of(table).get(item)


def kinds_of(table: Table) -> dict[str, str]:
    """Item → kind, lines included."""
    form = data_of(table)
    if form is None:
        return {item: spec.kind for item, spec in table.form.items.items() if spec.kind in _FIGURES}
    kinds = dict(form.kinds)
    for name, lines in table.lines.items():
        kinds |= {f"{line}.{column}": kind for line, _ in lines for column, kind in form.lists[name].items()}
    return {item: kind for item, kind in kinds.items() if kind in _FIGURES}


def data_of(table: Table) -> FormData | None:
    """The form's data; None for the 补充表, which no definition describes."""
    return None if table.form.name == "评分依据补充表" else form_data(table.form.name, table.form.edition)


# ---- as an oracle takes it ---------------------------------------------------------------------------


def tables_of(unit: UnitReturn, *, issued: bool) -> list[TableData]:
    """The unit's tables with the figures that stand on its sheets. `issued`: in our formats where nothing is said.

    A pasted sheet whose form has no field for the project does not tell whose it is.
    """
    tables, plans = [], _plans(unit)
    for table in unit.tables:
        form = data_of(table)
        if form is not None:
            instance = table.instance if issued or form.names_project else ""
            sheet = plans[table.form.key, table.instance].name
            texts = {item: entry.text for item, entry in table.cells.items() if isinstance(entry, Text)}
            evidence = _evidence(table, unit) if issued else {}
            figures = _figures(table, issued=issued)
            tables.append(TableData(form, instance, sheet, figures, dict(table.lines), texts, evidence))
    return tables


def _evidence(table: Table, unit: UnitReturn) -> dict[str, Figure]:
    """The figures of the 补充表 that belongs to a table."""
    edition = f"{table.form.definition.short}.{table.form.edition}"
    basis = next(
        (
            candidate
            for candidate in unit.tables
            if candidate.form.edition == edition and candidate.instance == table.instance
        ),
        None,
    )
    if basis is None:
        return {}
    kinds = kinds_of(basis)
    return {
        item.rpartition(".")[0]: taken(entry, kinds[item], issued=True)
        for item, entry in basis.cells.items()
        if item in kinds
    }


def _plans(unit: UnitReturn) -> dict[tuple[str, str], IssuedSheet]:
    """The sheet of every table of the unit, by form and project."""
    forms = list({table.form.key: table.form for table in unit.tables}.values())
    issued = issued_sheets(unit.recipient, forms, YEAR)
    return {(sheet.form.key, sheet.project.code if sheet.project else ""): sheet for sheet in issued if not sheet.spare}


def _figures(table: Table, *, issued: bool) -> dict[str, Figure]:
    kinds, results = kinds_of(table), results_of(table)
    figures = {
        item: Figure(BLANK, kind=kinds[item]) if value is None else computed(value, kinds[item], issued=issued)
        for item, value in results.items()
        if item in kinds
    }
    fixed = {item: spec.fixed for item, spec in table.form.items.items() if spec.fixed is not None and item in kinds}
    figures |= {item: exact(value, kinds[item]) for item, value in fixed.items()}
    for item, entry in (table.cells | table.typed_over).items():
        if item in kinds:
            figures[item] = taken(entry, kinds[item], issued=issued)
    return figures


def computed(value: Decimal, kind: str, *, issued: bool) -> Figure:
    """The result of a formula: an amount counts as rounded at its last place like any other, all else is exact."""
    result = Decimal(format(value, ".15g"))
    if kind not in ("amount", "quantity"):
        return exact(result, kind)
    return taken(Number(result), kind, issued=issued)


def taken(entry: Entry, kind: str, *, issued: bool) -> Figure:
    """The figure of a cell and its last place, from what was typed and is seen."""
    match entry:
        case Text(text=text):
            match = re.fullmatch(r"(-?\d+(?:\.(\d+))?)(万元|%)?", text)
            assert match is not None, text
            shift = 2 if match[3] == "%" else 0
            return _of_kind(Decimal(match[1]).scaleb(-shift), len(match[2] or "") + shift, kind, text=True)
        case Number(value=value, number_format=shown):
            decimals = max(0, -int(_plain(value).as_tuple().exponent))
            if kind == "rate" and value > _LARGEST_FRACTION and "%" not in (shown or ("%" if issued else "")):
                value, decimals = value / 100, decimals + 2  # nobody is at so many times 100 %: meant in percent
            return _of_kind(value, _decimals(shown, decimals, kind, issued=issued), kind)
        case _:
            return Figure(BLANK, kind=kind)


def _plain(value: Decimal) -> Decimal:
    return Decimal(format(value.normalize(), "f"))


def _decimals(shown: str | None, decimals: int, kind: str, *, issued: bool) -> int:
    if shown is None and issued:
        shown = {"amount": "0.00##", "quantity": "0.00##"}.get(kind)
        if shown is not None:
            return min(max(decimals, 2), 4)
        shown = "0.00%" if kind == "rate" else shown
    if shown is None or shown == "General":
        return decimals
    digits = len(re.sub(r"[^0]", "", shown.split(";")[0].partition(".")[2]))
    return digits + 2 * shown.count("%")


def _of_kind(value: Decimal, decimals: int, kind: str, *, text: bool = False) -> Figure:
    if kind in ("points", "count"):
        return exact(value, kind)
    return rounded(value, decimals if text and kind == "rate" else max(2, decimals), kind)


# ---- a plain workbook --------------------------------------------------------------------------------


def issued_name(unit: UnitReturn) -> str:
    """The file that `gouji.samples.generating.delivering.deliver` writes."""
    return file_name(f"{unit.recipient.unit_code}_{unit.recipient.unit}_{unit.year}.xlsx")


def pasted_name(unit: UnitReturn) -> str:
    """The file that `paste` writes."""
    return f"{unit.recipient.unit}.xlsx"


def paste(unit: UnitReturn, folder: Path) -> Path:
    """The unit's tables on plain sheets, without any trace of a template; formulas as plain sums with results."""
    plans = _plans(unit)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / pasted_name(unit)
    with xlsxwriter.Workbook(str(path)) as book:
        for table in unit.tables:
            if data_of(table) is not None:
                _paste_table(book, plans[table.form.key, table.instance], table, unit)
    return path


def _paste_table(book: Any, plan: IssuedSheet, table: Table, unit: UnitReturn) -> None:
    sheet, content = book.add_worksheet(plan.name), contents(plan, unit.recipient, {})
    places, kinds = issued_places(plan, table.lines), kinds_of(table)
    entries = dict(_entries(table, places))
    shown = {position: "0.00%" for item, position in places.items() if kinds.get(item) == "rate"}
    for box in plan.layout.boxes:
        position = (box.row, box.column)
        if (box.rows, box.columns) != (1, 1):
            sheet.merge_range(*position, box.row + box.rows - 1, box.column + box.columns - 1, "")
        figure = content.figure(box)
        printed = box.text.replace("{年}", str(YEAR)).replace("{上年}", str(YEAR - 1)) or content.text(box)
        _write(
            book,
            sheet,
            position,
            entries.get(position, Text(printed) if figure is None else Number(figure)),
            shown.get(position),
        )


def _entries(table: Table, places: dict[str, Position]) -> Iterator[tuple[Position, Entry]]:
    for item, value in results_of(table).items():
        yield places[item], Result(value)
    for item, entry in (table.cells | table.typed_over).items():
        yield places[item], entry


def _write(book: Any, sheet: Any, position: Position, entry: Entry, computed_as: str | None) -> None:
    match entry:
        case Number(value=value, number_format=shown):
            sheet.write_number(
                *position, float(value), None if shown is None else book.add_format({"num_format": shown})
            )
        case Text(text=text) if text:
            sheet.write_string(*position, text)
        case Result(value=Decimal() as value):
            look = None if computed_as is None else book.add_format({"num_format": computed_as})
            sheet.write_formula(*position, f"=0+{value:.15g}", look, float(value))
