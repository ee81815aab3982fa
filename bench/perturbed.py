"""How much of a table is read right when its labels and layout are altered at random, per kind of alteration.

`python -m bench.perturbed [tables per form and kind]` prints a line per kind: items read right, wrong (worse than not
read) and not read. The seed is the number of the table, so that every run measures the same tables.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import openpyxl

from gouji.ingest.grid import Sheet, Workbook
from gouji.ingest.locating.recognise import recognise
from gouji.ingest.read import read_workbook
from gouji.ingest.values import collect
from gouji.templates.catalogue import built_in
from gouji.templates.form import Form
from gouji.templates.issued import issue_workbook, issued_sheets
from gouji.templates.items import Item
from gouji.templates.labels import label_key, squeezed
from gouji.templates.recipient import Project, Recipient
from gouji.templates.vocabulary import vocabulary

UNIT = Recipient("430001", "某县财政局", "某县人民政府", (Project("P1", "办案经费"),))
YEAR = 2021
Read = dict[str, object]


@dataclass
class Page:
    """A sheet that can be altered: its cells, merges, which of the cells are printed labels and which hold values.

    `lost`: values that an alteration took away; `rest`: what it moved to a sheet of its own.
    """

    cells: dict[tuple[int, int], object]
    merges: list[tuple[int, int, int, int]]
    labels: set[tuple[int, int]]
    places: set[tuple[int, int]] = field(default_factory=set)
    lost: set[object] = field(default_factory=set)
    rest: Page | None = None

    def copy(self) -> Page:
        """Another one like it."""
        return Page(dict(self.cells), list(self.merges), set(self.labels), set(self.places))

    @property
    def heads(self) -> list[int]:
        """The rows of labels under which values stand."""
        rows = sorted({row for row, _ in self.labels} - {row for row, _ in self.places})
        return [row for row in rows if len(self._under(row)) > 1]

    def _under(self, row: int) -> list[int]:
        """The columns of a row in which a label stands right above a value."""
        return [
            column for label_row, column in sorted(self.labels) if label_row == row and (row + 1, column) in self.places
        ]

    def figure_columns(self, row: int) -> list[int]:
        """The columns of a row of heads with figures below."""
        return [column for column in self._under(row) if isinstance(self.cells.get((row + 1, column)), float)]

    def sheet(self) -> Sheet:
        """As reading sees it."""
        height = max(row for row, _ in self.cells) + 1
        width = max(column for _, column in self.cells) + 1
        rows = [[self.cells.get((row, column), "") for column in range(width)] for row in range(height)]
        return Sheet("表", False, rows, merges=list(self.merges))

    def move(self, *, row: int = -1, column: int = -1, by: int = 1) -> None:
        """Everything from a row on downwards, or from a column on to the right; merges over the place are widened."""
        down, right = (by if row >= 0 else 0), (by if column >= 0 else 0)

        def place(position: tuple[int, int]) -> tuple[int, int]:
            return position[0] + (down if position[0] >= row >= 0 else 0), position[1] + (
                right if position[1] >= column >= 0 else 0
            )

        self.cells = {place(position): value for position, value in self.cells.items()}
        self.labels = {place(position) for position in self.labels}
        self.places = {place(position) for position in self.places}
        self.merges = [(*place((top, left)), *place((bottom, right))) for top, left, bottom, right in self.merges]

    def drop_row(self, row: int) -> None:
        """A row deleted, with what stood there."""
        self.lost |= {value for (cell_row, _), value in self.cells.items() if cell_row == row}
        self.cells = {position: value for position, value in self.cells.items() if position[0] != row}
        self.labels = {position for position in self.labels if position[0] != row}
        self.places = {position for position in self.places if position[0] != row}
        self.merges = [merge for merge in self.merges if not merge[0] == merge[2] == row]
        kept = [(top, left, bottom - (top <= row <= bottom), right) for top, left, bottom, right in self.merges]
        self.merges = kept
        self.move(row=row + 1, by=-1)


def filled(form: Form, path: Path) -> tuple[Page, Read]:
    """The issued sheet of a form with another value in every place, and what is read from it at its addresses."""
    issue_workbook(UNIT, [form], YEAR, path)
    issued = issued_sheets(UNIT, [form], YEAR)[0]
    book = openpyxl.load_workbook(path)
    page = book[issued.name]
    printed = {(cell.row - 1, cell.column - 1) for row in page.iter_rows() for cell in row if cell.value is not None}
    number = 1000
    for item, (row, column) in issued.layout.positions.items():
        number += 1
        definition = form.items[item]
        if definition.fixed is None and (row, column) not in printed:
            page.cell(row + 1, column + 1, None if definition.role else _value(definition, number))
    for list_id, slots in issued.layout.slots.items():
        for slot in slots[:3]:
            number += 1
            page.cell(slot.name[0] + 1, slot.name[1] + 1, f"第{number}项")
            printed.discard(slot.name)
            for name, (row, column) in slot.columns.items():
                number += 1
                page.cell(row + 1, column + 1, _value(form.lists[list_id].columns[name], number))
    name = issued.name
    book.save(path)
    workbook = read_workbook(path.read_bytes(), path.name)
    ((located, _), *_rest) = recognise(workbook, [form], built_in()).tables
    sheet = next(candidate for candidate in workbook.sheets if candidate.name == name)
    cells = {
        (row, column): value for row, line in enumerate(sheet.rows) for column, value in enumerate(line) if value != ""
    }
    labels = {position for position in printed if isinstance(cells.get(position), str)} - {
        *issued.layout.positions.values()
    }
    places = {position for position in {*cells, *issued.layout.positions.values()} if position not in labels}
    return Page(cells, list(sheet.merges), labels, places), _told(collect(located))


def _value(item: Item, number: int) -> object:
    if not item.is_figure:
        return f"文字{number}"
    return number / 10000 if item.kind == "rate" else number


def _told(values: object) -> Read:
    columns = zip(values.item, values.value, values.raw, values.state, strict=True)  # type: ignore[attr-defined]
    return {item: raw if value is None else value for item, value, raw, state in columns if state == "filled"}


def read(page: Page, forms: list[Form], form: Form) -> Read | None:
    """What is read of the altered sheet, None where it is not taken for that form."""
    sheets = [page.sheet()] if page.rest is None else [page.sheet(), replace(page.rest.sheet(), name="续表")]
    tables = [
        table
        for table, _ in recognise(Workbook(sheets, "xlsx"), forms, built_in()).tables
        if table.form.name == form.name
    ]
    return None if not tables else {item: value for table in tables for item, value in _told(collect(table)).items()}


# ---- alterations ------------------------------------------------------------------------------------


def suffixes(page: Page, chance: random.Random) -> None:
    """（A）（B）（万元）, 其中：, numbering, blanks, line feeds and colons around labels."""
    for position in sorted(page.labels)[1:]:
        text = str(page.cells[position])
        if len(squeezed(text)) > 16 or chance.random() < 0.5 or "单位：" in text:
            continue
        page.cells[position] = chance.choice(
            ["{}（A）", "{}（万元）", "其中：{}", "1、{}", "（二）{}", "{}：", " {}\n"]
        ).format(text)


def synonyms(page: Page, chance: random.Random) -> None:
    """Labels in other words of the vocabulary, none of which stands on the sheet already."""
    here = {label_key(str(page.cells[position])) for position in page.labels}
    for position in sorted(page.labels):
        key = label_key(str(page.cells[position]))
        others = sorted(vocabulary().meaning(key) - {key} - here)
        if others and chance.random() < 0.5:
            page.cells[position] = chance.choice(others)
            here.add(str(page.cells[position]))


def retyped(page: Page, chance: random.Random) -> None:
    """Two labels of six characters and more with one character too many or too few."""
    long = [position for position in sorted(page.labels)[1:] if 6 <= len(label_key(str(page.cells[position]))) <= 16]
    for position in chance.sample(long, min(2, len(long))):
        text = squeezed(str(page.cells[position]))
        place = chance.randrange(2, len(text) - 1)
        page.cells[position] = text[:place] + ("类" if chance.random() < 0.5 else "") + text[place + 1 :]


def moved(page: Page, chance: random.Random) -> None:
    """The whole table down and to the right, a report number above it."""
    page.move(row=0, by=chance.randint(1, 4))
    page.move(column=0, by=chance.randint(0, 3))
    page.cells[0, 0] = "报表编号：430000_0013zp"


def title(page: Page, chance: random.Random) -> None:
    """The title behind a place and a year, or over two rows."""
    position = min(page.labels)
    text = str(page.cells[position])
    if chance.random() < 0.5:
        page.cells[position] = f"某某县{YEAR}年度{text.partition('年度')[2] or text}"
    else:
        page.move(row=position[0] + 1)
        page.cells[position], page.cells[position[0] + 1, position[1]] = text[:6], text[6:]


def blank_column(page: Page, chance: random.Random) -> None:
    """An empty column inserted."""
    page.move(column=chance.randint(1, max(column for _, column in page.cells)))


def blank_row(page: Page, chance: random.Random) -> None:
    """An empty row inserted."""
    page.move(row=chance.randint(1, max(row for row, _ in page.cells)))


def row_dropped(page: Page, chance: random.Random) -> None:
    """One row deleted that is not the title."""
    page.drop_row(chance.randint(2, max(row for row, _ in page.cells)))


def unmerged(page: Page, chance: random.Random) -> None:
    """Every merged cell taken apart."""
    page.merges = []


def radicals(page: Page, chance: random.Random) -> None:
    """Characters as radicals, as copies out of PDF have them."""
    swap = {"车": "⻋", "门": "⻔", "用": "⽤", "目": "⽬", "长": "⻓", "见": "⻅", "水": "⽔", "金": "⾦"}
    for position in page.labels:
        page.cells[position] = "".join(swap.get(sign, sign) for sign in str(page.cells[position]))


def head_shifted(page: Page, chance: random.Random) -> None:
    """A head over two columns, of which the values stand in the second."""
    for row in page.heads:
        columns = page.figure_columns(row)
        if not columns:
            continue
        column = chance.choice(columns)
        text = page.cells[row, column]
        page.move(column=column)
        page.merges = [
            merge for merge in page.merges if not merge[0] <= row <= merge[2] or not merge[1] <= column + 1 <= merge[3]
        ]
        del page.cells[row, column + 1]
        page.labels.discard((row, column + 1))
        page.cells[row, column] = text
        page.labels.add((row, column))
        page.merges.append((row, column, row, column + 1))


def two_row_heads(page: Page, chance: random.Random) -> None:
    """A head over the columns of figures, above their own; the other heads over both rows."""
    rows = [row for row in page.heads if len(page.figure_columns(row)) > 1]
    if not rows:
        return
    row = chance.choice(rows)
    columns = page.figure_columns(row)
    page.move(row=row)
    others = {
        position: text for position, text in page.cells.items() if position[0] == row + 1 and position[1] not in columns
    }
    for (_, column), text in others.items():
        del page.cells[row + 1, column]
        page.labels.discard((row + 1, column))
        page.cells[row, column] = text
        page.labels.add((row, column))
    page.cells[row, columns[0]] = chance.choice(["其中", "资金情况（万元）", "有关情况"])
    page.labels.add((row, columns[0]))


def blocks_swapped(page: Page, chance: random.Random) -> None:
    """Two blocks that follow one another in the other order."""
    heads = page.heads
    if len(heads) < 3:
        return
    first = chance.randrange(len(heads) - 2)
    start, middle, end = heads[first : first + 3]
    if any(top < edge <= bottom for top, _, bottom, _ in page.merges for edge in (start, middle, end)):
        return

    def place(row: int) -> int:
        if start <= row < middle:
            return row + end - middle
        return row - (middle - start) if middle <= row < end else row

    page.cells = {(place(row), column): value for (row, column), value in page.cells.items()}
    page.labels = {(place(row), column) for row, column in page.labels}
    page.places = {(place(row), column) for row, column in page.places}
    page.merges = [(place(top), left, place(bottom), right) for top, left, bottom, right in page.merges]


def cut(page: Page, chance: random.Random) -> None:
    """The last blocks on a sheet of their own; nobody cuts through a merged cell."""
    rows = [row for row in page.heads[1:] if not any(top < row <= bottom for top, _, bottom, _ in page.merges)]
    if not rows:
        return
    row = chance.choice(rows)
    page.rest = page.copy()
    page.rest.cells = {position: value for position, value in page.cells.items() if position[0] >= row}
    page.rest.merges = [merge for merge in page.merges if merge[0] >= row]
    page.cells = {position: value for position, value in page.cells.items() if position[0] < row}
    page.merges = [merge for merge in page.merges if merge[2] < row]


def row_added(page: Page, chance: random.Random) -> None:
    """A row with a name of its own and figures between the rows of a block."""
    rows = [row for row in page.heads if page.figure_columns(row)]
    if not rows:
        return
    row = chance.choice(rows)
    columns = page.figure_columns(row)
    behind = [head_row for head_row in page.heads if head_row > row]
    last = min(behind, default=max(place_row for place_row, _ in page.places)) - 1
    if last - row < 2:
        return
    new_row = chance.randint(row + 2, last)
    stub = [column for line, column in page.labels if line == new_row and column < columns[0]]
    if not stub:
        return
    page.move(row=new_row)
    page.cells[new_row, max(stub)] = chance.choice(["专项债券资金", "社会捐赠", "另列事项"])
    page.cells |= {(new_row, column): 7.0 + column for column in columns}


def column_added(page: Page, chance: random.Random) -> None:
    """A column with a head of its own and figures or words in it."""
    rows = [row for row in page.heads if page.figure_columns(row)]
    if not rows:
        return
    row = chance.choice(rows)
    column = chance.choice(page.figure_columns(row))
    figures = {line: isinstance(page.cells.get((line, column)), float) for line in range(row + 1, row + 3)}
    lines = [line for line, figure in figures.items() if figure]
    page.move(column=column)
    head, values = chance.choice([("备注", "无"), ("调整金额", 7.5), ("度量单位", "个"), ("上次填报数", 3.25)])
    page.cells[row, column] = head
    for line in lines:
        page.cells[line, column] = values


def several(page: Page, chance: random.Random) -> None:
    """Three kinds at once, as a unit's own form has them."""
    kinds = [suffixes, synonyms, title, blank_column, blank_row, head_shifted, two_row_heads, row_added, column_added]
    for alter in chance.sample(kinds, 3):
        alter(page, chance)


KINDS: dict[str, Callable[[Page, random.Random], None]] = {
    "unchanged": lambda page, chance: None,
    "suffixes": suffixes,
    "synonyms": synonyms,
    "retyped": retyped,
    "moved": moved,
    "title": title,
    "blank column": blank_column,
    "blank row": blank_row,
    "row dropped": row_dropped,
    "unmerged": unmerged,
    "radicals": radicals,
    "head shifted": head_shifted,
    "two-row heads": two_row_heads,
    "blocks swapped": blocks_swapped,
    "row added": row_added,
    "column added": column_added,
    "several": several,
    "cut": cut,
}


def measure(
    forms: list[Form], tables: int, kinds: dict[str, Callable[[Page, random.Random], None]]
) -> dict[str, Counter[str]]:
    """Kind → items right, wrong, not read, and the items that were read wrong."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for form in forms:
        with tempfile.TemporaryDirectory() as folder:
            page, truth = filled(form, Path(folder) / "a.xlsx")
        for kind, alter in kinds.items():
            for seed in range(tables):
                altered = page.copy()
                alter(altered, random.Random(seed))
                counts[kind]["altered"] += (altered.cells, altered.merges) != (page.cells, page.merges)
                _count(counts[kind], form, truth, altered, read(altered, forms, form))
    return counts


def other_editions(forms: list[Form]) -> Counter[str]:
    """The tables of each edition read with a catalogue that lacks it: what the editions share is right or not read."""
    counts: Counter[str] = Counter()
    for form in forms:
        others = [other for other in forms if other is not form]
        akin = [other for other in others if other.name == form.name]
        if not akin:
            continue
        with tempfile.TemporaryDirectory() as folder:
            page, truth = filled(form, Path(folder) / "a.xlsx")
        shared = {item: value for item, value in truth.items() if any(item in other.items for other in akin)}
        counts["altered"] += 1
        _count(counts, form, shared, page, read(page, others, form))
    return counts


def _count(into: Counter[str], form: Form, truth: Read, page: Page, outcome: Read | None) -> None:
    asked = {item: value for item, value in truth.items() if value not in page.lost}
    if outcome is None:
        into["table not recognised"] += 1
        into["not read"] += len(asked)
        return
    levels = {level for spec in form.lists.values() for level in spec.levels[:-1]}
    groups = {value for item, value in asked.items() if item.rpartition(".")[2] in levels}
    for item, value in asked.items():
        unknown = item.rpartition(".")[2] in levels and outcome.get(item) not in groups
        if item not in outcome or unknown:  # a group that is not the form's comes back as it is printed
            into["not read"] += 1
            into[f"  {form.definition.short} {item} not read"] += 1
        elif outcome[item] == value:
            into["right"] += 1
        else:
            into["wrong"] += 1
            into[f"  {form.definition.short} {item}: {value} read as {outcome[item]}"] += 1


def main() -> None:
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    forms = [form for form in built_in().forms if form.definition.per != "bureau"]
    for kind, counted in {**measure(forms, tables, KINDS), "other edition": other_editions(forms)}.items():
        total = counted["right"] + counted["wrong"] + counted["not read"]
        shares = "  ".join(f"{name} {counted[name] / total:8.4%}" for name in ("right", "wrong", "not read"))
        unknown = f"tables not recognised {counted['table not recognised']}"
        print(f"{kind:14} tables {counted['altered']:4}  items {total:7}  {shares}  {unknown}")
        for words, count in sorted(counted.items(), key=lambda pair: -pair[1])[:8]:
            if words.startswith("  "):
                print(f"    {count:4} {words}")


if __name__ == "__main__":
    main()
