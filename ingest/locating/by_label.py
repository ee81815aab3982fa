"""The slow path: a table found by its labels wherever it stands, as when it was pasted from Word.

Labels decide. The heads of all blocks are placed together (`heads.py`); below its heads a block's labels are aligned
with the rows as a whole (`wording.py`); a value may stand in any cell that its column's head spans, and in any row that
its label spans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gouji.ingest.figures.numbers import parse_number
from gouji.ingest.locating.form_labels import block_heads, block_labels, field_label, label_words, row_labels
from gouji.ingest.locating.heads import ENOUGH_HEADS, Head, has_years, head_at, placed
from gouji.ingest.locating.indicator_levels import Levels
from gouji.ingest.locating.located import ExtraRow, Line, Located, Place, Wording
from gouji.ingest.locating.measure_columns import sign_and_unit_columns, with_sign_and_unit
from gouji.ingest.locating.parts import is_of_which, is_total
from gouji.ingest.locating.region import Region
from gouji.ingest.locating.wording import EXACT, SIMILAR, Match, Wanted, aligned, wanted
from gouji.ingest.locating.year_heads import names_years
from gouji.ingest.register.unit_names import unstamped
from gouji.templates.block_items import TOTAL
from gouji.templates.blocks import (
    CaptionBlock,
    Column,
    FieldsBlock,
    GridBlock,
    HeaderField,
    ListBlock,
    ListRow,
    PairsBlock,
    Row,
    TitleBlock,
)
from gouji.templates.form import Form
from gouji.templates.labels import label_key, printed_years, squeezed
from gouji.templates.model import FIGURES
from gouji.templates.scores_block import SECTION_POINTS, ScoresBlock, TotalRow
from gouji.templates.taught import shown_label
from gouji.templates.vocabulary import vocabulary

Columns = dict[str, tuple[int, int]]
"""Column id → first and last sheet column of its head."""


def by_label(form: Form, region: Region, number: int) -> Located:
    """The table as far as its labels are there; `missing` names the labels that are not."""
    located = Located(form, region.sheet, number, "found", (region.first, region.last))
    words = label_words(form)
    located.missing = sorted(word.name for word in words if region.words.isdisjoint(word.keys))
    located.share = 1 - len(located.missing) / len(words)
    finder = _Finder(form, region, located)
    sought = dict.fromkeys(label for labels in finder.labels for label in labels if label in words)
    nowhere = [label for label in sought if region.words.isdisjoint(label.keys | label.synonyms)]
    located.lacking = list(dict.fromkeys(shown_label(label.label) for label in nowhere))
    for place in range(len(form.definition.blocks)):
        finder.find(place)
    located.absent = [
        item.id
        for spec in form.lists.values()
        for column, item in spec.columns.items()
        if column not in finder.listed.get(spec.id, ())
    ]
    return located


def _leaves_room(label: str, column: int, right: int) -> bool:
    """A label over several columns that ends with a colon (`填报单位：`): its value was to stand behind it."""
    return right > column and squeezed(label).endswith(":")


class _Finder:
    """Walks the form's blocks down one region; `row` is the first row not yet used up."""

    def __init__(self, form: Form, region: Region, located: Located) -> None:
        self.form = form
        self.region = region
        self.located = located
        self.row = region.first
        self.columns: Columns = {}
        self.stub = (0, 0)
        self.listed: dict[str, set[str]] = {}
        blocks = form.definition.blocks
        self.labels = [block_labels(block, form.taught) for block in blocks]
        self.taught = {one.key: one for one in form.taught}
        keys = [{key for one in labels for key in one.keys} for labels in self.labels]
        self.known = frozenset().union(*keys)
        self.later: list[frozenset[str]] = []
        for place, own in enumerate(keys):
            behind = {key for labels in self.labels[place + 1 :] for one in labels for key in one.keys}
            if place + 1 < len(blocks) and block_heads(blocks[place + 1]) is None:
                behind |= {key for one in self.labels[place + 1] for key in one.synonyms}
            self.later.append(frozenset(behind - own))
        self.looked_for = [block_heads(block, form.taught) for block in blocks]
        self.heads = placed(region, self.looked_for, self.known)

    def find(self, place: int) -> None:
        """Find what the block at this place of the definition holds."""
        block, head = self.form.definition.blocks[place], self.heads[place]
        match block:
            case TitleBlock(title=title) if "{年}" in title:
                self._title_year()
            case CaptionBlock(caption=caption):
                self._caption(caption.id)
            case FieldsBlock():
                self._fields(block)
            case GridBlock(header=False):
                self._labelled_rows(block, self.row, self._next_head(place, self.row))
            case GridBlock() | PairsBlock() | ListBlock() | ScoresBlock() if head is not None:
                self._note_wordings(self.labels[place], head.matches, head.first)
                self.columns = dict(head.columns)
                first = min(start for start, _ in head.columns.values())
                left = [other for other in self.heads if other is not None and other.beside(head)]
                self.stub = (max((end + 1 for other in left for _, end in other.columns.values()), default=0), first)
                self._headed(block, head, self._end(place, head))
            case _:
                pass

    def _headed(self, block: object, head: Head, end: int) -> None:
        match block:
            case GridBlock():
                self._note_year(head, block.columns)
                if block.rows:
                    self._labelled_rows(block, head.last + 1, end)
                else:
                    self._unlabelled_row(block, head.last + 1, end)
            case PairsBlock():
                self._pairs(block, head, end)
            case ListBlock():
                self._list(block, head, end)
            case ScoresBlock():
                self._scores(block, head, end)

    def _caption(self, item: str) -> None:
        for row, column, value in self._text_cells(self.region.first):
            if re.fullmatch(r"[(\[]?(?:\d{4})?年度?[)\]]?", squeezed(value)):
                self.located.places[item] = Place((row, column, row, column))
                return

    def _title_year(self) -> None:
        """The year in the title, with which the region begins."""
        told = [printed_years(value) for _, _, value in self._text_cells(self.region.first)][:1]
        if told and told[0]:
            self.located.printed_years.append((told[0][0], (self.region.first, 0)))

    def _fields(self, block: FieldsBlock) -> None:
        given = [one for one in block.fields if isinstance(one, HeaderField)]
        labels = {one.id: squeezed(one.label or one.id).rstrip(":") for one in given}
        for item, label in labels.items():
            others = [other for other in labels.values() if other != label]
            place = self._beside(label) or self._within(label, others) or self._led(label)
            if place is not None:
                self.located.places[item] = place
        for one in given:
            if one.id not in self.located.places:
                self._field_by_synonym(one)

    def _field_by_synonym(self, given: HeaderField) -> None:
        """A field under another name of the same thing: 项目名称 for 项目支出名称."""
        label = field_label(given, self.form.taught)
        names = (label.synonyms - self.known) | (label.keys & self.taught.keys())
        ordered = sorted(names, key=len, reverse=True)
        places = (place for name in ordered if (place := self._beside(name)) and not self._is_label(place))
        place = next(places, None)
        if place is None and given.role is None:
            # In one cell with others, a field of a role is left to `ingest.head`, which knows where its value ends.
            place = next((place for name in ordered if (place := self._within(name, []))), None)
        if place is not None:
            self.located.places[given.id] = place

    def _is_label(self, place: Place) -> bool:
        """Whether another label stands where a value should: 预算单位： | 填报日期：; 单位名称 | 编制数."""
        row, first, _, last = place.span
        values = (self.region.sheet.raw(row, column) for column in range(first, last + 1))
        texts = [value for value in values if isinstance(value, str)]
        return any(squeezed(text).endswith(":") or label_key(text) in self.known for text in texts)

    def _beside(self, label: str) -> Place | None:
        """A label in a cell of its own: the value stands in the next cell to its right."""
        for row, column, value in self._text_cells(self.row):
            plain = unstamped(value)
            if squeezed(plain).rstrip(":") == label or label_key(plain) == label_key(label):
                bottom, right = self.region.end_of(row, column)
                end = self._end_of_value(row, right + 1)
                follows = right + 1 < self.region.sheet.width
                if follows and (self._anything(row, right + 1, end) or not _leaves_room(value, column, right)):
                    return Place((row, right + 1, bottom, end))
                return Place((row, column, row, column), after=label)
        return None

    def _end_of_value(self, row: int, column: int) -> int:
        """The last cell in which the value of a field may stand: merged, or behind cells left empty."""
        filled = (at for at in range(column, self.region.sheet.width) if self._anything(row, at, at))
        first = next(filled, column)
        label = self.region.keys.get(row, {}).get(first) in self.known or ":" in self.region.texts.get(row, {}).get(
            first, ""
        )
        if first == column or label:
            return self.region.end_of(row, column)[1]
        return first

    def _within(self, label: str, others: list[str]) -> Place | None:
        """A label and its value in one cell: 填报单位：某某局."""
        for row, column, value in self._text_cells(self.row):
            if f"{label}:" in squeezed(value):
                return Place((row, column, row, column), after=label, before=tuple(others))
        return None

    def _led(self, label: str) -> Place | None:
        """A label that leads its value in one cell with only a gap between them: 项目名称  某某项目."""
        led = re.compile(r"\s*".join(map(re.escape, label)) + r"\s+\S")
        for row, column, value in self._text_cells(self.row):
            if led.match(unstamped(value)):
                return Place((row, column, row, column), after=label)
        return None

    def _text_cells(self, first: int) -> list[tuple[int, int, str]]:
        rows = self.region.texts
        return [
            (row, column, str(self.region.sheet.rows[row][column]))
            for row in rows
            if row >= first
            for column in rows[row]
        ]

    def _next_head(self, place: int, first: int) -> int:
        """The first row from `first` on that the heads of another block take."""
        others = (head for other, head in enumerate(self.heads) if head is not None and other != place)
        return min((head.first for head in others if head.first >= first), default=self.region.last + 1)

    def _end(self, place: int, head: Head) -> int:
        """Where a block ends: at the next heads, or the first label of a later block, alone or with its value."""
        end = self._next_head(place, head.last + 1)
        later = self.later[place]
        for row, cells in self.region.texts.items():
            if head.last < row < end and not self._repeats(head, place, row):
                keys = {
                    *self.region.keys[row].values(),
                    *(label_key(text.partition(":")[0]) for text in cells.values()),
                }
                if not later.isdisjoint(keys) and not self._total_on_top(place, head, row, end):
                    return row
        return end

    def _total_on_top(self, place: int, head: Head, row: int, end: int) -> bool:
        """Whether the label right under the heads of a list is that of its total, and the lines follow it."""
        if row != head.last + 1 or not isinstance(self.form.definition.blocks[place], ListBlock):
            return False
        left, right = min(start for start, _ in head.columns.values()), max(last for _, last in head.columns.values())
        return any(self.region.figures(below, left, right) for below in range(row + 1, end))

    def _repeats(self, head: Head, place: int, row: int) -> bool:
        """Whether the block's own heads stand here once more, as at the top of a new page."""
        looked_for = self.looked_for[place]
        keys = self.region.keys.get(row)
        if looked_for is None or keys is None:
            return False
        if names_years(looked_for.labels):
            known = has_years(self.region, row)
        else:
            known = sum(one.text in keys.values() for one in head.matches.values()) > 1
        if not known:
            return False
        again = head_at(self.region, looked_for, row, self.known)
        return len(again.matches) >= ENOUGH_HEADS * len(looked_for.labels)

    def _note_year(self, head: Head, columns: list[Column]) -> None:
        for column in columns:
            label = column.label or ""
            if column.id in head.matches and "{" in label:
                cells = (str(self.region.sheet.raw(row, head.matches[column.id].place) or "") for row in _rows(head))
                printed = [year for cell in cells for year in printed_years(cell)]
                if printed:
                    at = (head.first, head.matches[column.id].place)
                    self.located.printed_years.append((printed[0] + ("{上年}" in label), at))

    def _note_wordings(self, labels: list[Wanted], matches: dict[str, Match], row: int | None = None) -> None:
        """Remember the labels that were read for others of the definition by their likeness, or as people said."""
        printed = {one.name: one.label for one in reversed(labels)}  # heads come first, and are the ones meant
        for name, match in matches.items():
            said = self.taught.get(match.text)
            taught = match.how == EXACT and said is not None and bool(said.read_as)
            if match.how == SIMILAR or taught:
                at = (row, match.place) if row is not None else self._cell_of(match)
                text = squeezed(str(self.region.sheet.raw(*at) or match.text))
                read_as = shown_label(printed[name])
                named = name.partition(".")[0]  # an indicator of a 评分表 may have several printed labels
                self.located.wordings.append(Wording(named, text, match.likeness, at, read_as, taught))

    def _cell_of(self, match: Match) -> tuple[int, int]:
        cells = self.region.keys[match.place]
        return match.place, next(column for column, key in cells.items() if key == match.text)

    def _rows_of(self, block: object, start: int, end: int, stub: tuple[int, int]) -> dict[str, Match]:
        """Row id → where its label stands between two rows, left of the values."""
        places = [
            (row, [key for column, key in self.region.keys[row].items() if stub[0] <= column < stub[1]])
            for row in self.region.keys
            if start <= row < end
        ]
        labels = row_labels(block, self.form.taught)
        found = aligned(labels, [(row, keys) for row, keys in places if keys], self.known)
        self._note_wordings(labels, found)
        return found

    def _pairs(self, block: PairsBlock, head: Head, end: int) -> None:
        """Label and value side by side: the heads of the first row tell where every value stands."""
        starts = sorted(first for first, _ in head.columns.values())
        for name, (first, last) in head.columns.items():
            following = [start for start in starts if start > first]
            self.columns[name] = last + 1, min(following, default=self.region.sheet.width) - 1
        rows = {name: match.place for name, match in self._rows_of(block, head.last + 1, end, self._width()).items()}
        rows[block.rows[0].id] = head.last
        for name, at in rows.items():
            for column in head.columns:
                self._place(f"{name}.{column}", at, at, column)
        self.row = max(rows.values()) + 1

    def _width(self) -> tuple[int, int]:
        return 0, self.region.sheet.width

    def _unlabelled_row(self, grid: GridBlock, start: int, end: int) -> None:
        """The first row under the heads that holds anything in their columns, else the very next one.

        A row with a label of its own in front of the values belongs to something else.
        """
        spans = list(self.columns.values())
        at = start
        for row in range(start, end):
            if any(self.stub[0] <= column < self.stub[1] for column in self.region.keys.get(row, {})):
                break
            if any(self.region.anything(row, *span) for span in spans):
                at = row
                break
        if at >= end:
            return
        for column in grid.columns:
            if column.id in self.columns:
                self._place(column.id, at, at, column.id)
        self.row = at + 1

    def _labelled_rows(self, grid: GridBlock, start: int, end: int) -> None:
        rows = grid.rows
        matches = self._rows_of(grid, start, end, self.stub if grid.header else self._before_figures(grid))
        found: dict[int, int] = {-1: start - 1}
        for place, row in enumerate(rows):
            if isinstance(row, Row) and row.id in matches:
                at = matches[row.id].place
                found[place] = at
                self._row_items(grid, row, at)
        lines: set[int] = set()
        for place, row in enumerate(rows):
            if isinstance(row, ListRow) and place - 1 in found:
                first = found[place - 1] + 1
                last = min((at for at in found.values() if at >= first), default=end)
                self.listed[row.list_id] = set(self.columns)
                if not self._any_figures(grid, first, last) and is_total(self._label_of(found[place - 1])):
                    # 项目支出合计 stands below its projects.
                    last = first - 1
                    first = max((at for at in found.values() if at < last), default=start - 1) + 1
                lines |= self._grid_lines(grid, row, first, last)
        self.row = max([self.row, *(at + 1 for at in found.values()), *(at + 1 for at in lines)])
        if grid.header:
            self._extra_rows(grid, range(start, end), lines | set(found.values()))

    def _before_figures(self, grid: GridBlock) -> tuple[int, int]:
        """Where labels stand in a grid that has no heads: left of the first of its columns, known from above."""
        columns = [self.columns[column.id][0] for column in grid.columns if column.id in self.columns]
        return 0, min(columns, default=0)

    def _row_items(self, grid: GridBlock, row: Row, at: int) -> None:
        for column in grid.columns:
            item = f"{row.id}.{column.id}"
            if item in self.form.items and column.id in self.columns:
                self._place(item, at, at, column.id)

    def _grid_lines(self, grid: GridBlock, row: ListRow, first: int, end: int) -> set[int]:
        spec = self.form.lists[row.list_id]
        place = self.form.definition.blocks.index(grid)
        head = self.heads[place]
        used = set()
        for at in range(first, end):
            if head is not None and self._repeats(head, place, at):
                continue
            if not self._is_line(grid, at):
                continue
            columns = {column.id: self._span(at, at, column.id) for column in grid.columns if column.id in self.columns}
            name = Place((at, self.stub[0], at, max(self.stub[1] - 1, 0)))
            self.located.lines.append(Line(spec.id, name, columns))
            used.add(at)
        return used

    def _any_figures(self, grid: GridBlock, first: int, end: int) -> bool:
        """Whether figures stand in the block's columns in some rows."""
        spans = [self.columns[column.id] for column in grid.columns if column.id in self.columns]
        return any(self.region.figures(row, *span) for row in range(first, end) for span in spans)

    def _label_of(self, row: int) -> str:
        """What stands in a row left of the block's figures."""
        cells = (self.region.sheet.raw(row, column) for column in range(*self.stub))
        return squeezed("".join(cell for cell in cells if isinstance(cell, str)))

    def _is_line(self, grid: GridBlock, row: int) -> bool:
        """Whether a row of a list can be one of its lines: no subtotal of them, no part of one, no whole kind of
        spending (人员经费), and not the lines that a page repeats above its heads (填报单位：…)."""
        label = self._label_of(row)
        if is_total(label) or is_of_which(label) or label_key(label) in vocabulary().wholes:
            return not self._any_figures(grid, row, row + 1)
        texts = self.region.texts.get(row, {})
        return not any(":" in text for text in texts.values()) or self._any_figures(grid, row, row + 1)

    def _extra_rows(self, grid: GridBlock, rows: range, used: set[int]) -> None:
        """Rows with a label and figures that the definition does not have."""
        place = self.form.definition.blocks.index(grid)
        head = self.heads[place]
        amounts = [column for column in grid.columns if column.kind in FIGURES and column.id in self.columns]
        for row in rows:
            cells = self.region.keys.get(row, {})
            labels = [column for column in cells if self.stub[0] <= column < self.stub[1]]
            if row in used or not labels or (head is not None and self._repeats(head, place, row)):
                continue
            if any(self.region.figures(row, *self.columns[column.id]) for column in amounts):
                label = squeezed(str(self.region.sheet.raw(row, labels[-1])))
                places = {column.id: self._span(row, row, column.id) for column in amounts}
                said = self.taught.get(cells[labels[-1]])
                counted = None if said is None else said.counted
                self.located.extra.append(ExtraRow(grid.grid, label, places, (row, labels[-1]), counted))

    def _list(self, block: ListBlock, head: Head, end: int) -> None:
        name_column = self.columns.get(block.levels[-1])
        if name_column is None:
            return
        spec = self.form.lists[block.list_id]
        self.listed[block.list_id] = set(self.columns)
        place = self.form.definition.blocks.index(block)
        levels = Levels(block, self.columns, self.form.taught)
        around = sign_and_unit_columns(self.region, _rows(head))
        measures = [column.id for column in block.columns if column.kind == "measure"]
        first = head.last + 1
        on_top = not self.later[place].isdisjoint(self.region.keys.get(first, {}).values())
        for row in range(first + on_top, end):
            if self._repeats(head, place, row):
                continue
            cells = {
                column: str(self.region.sheet.raw(row, column))
                for column in self.region.keys.get(row, {})
                if column < name_column[0]
            }
            group, leaf = levels.at(cells)
            columns = {
                column.id: self._span(row, row, column.id) for column in block.columns if column.id in self.columns
            }
            with_sign_and_unit(columns, measures, row, *around)
            above = dict(zip(block.levels[:-1], (group, leaf), strict=True))
            self.located.lines.append(Line(spec.id, Place((row, name_column[0], row, name_column[1])), columns, above))
        marks = {group.id: group.points for group in block.groups if group.points is not None}
        printed = {group: levels.points.get(group) for group in (*marks, *levels.points)}
        if printed != marks:
            self.located.printed_points |= printed
        self.row = first if on_top else end

    def _scores(self, block: ScoresBlock, head: Head, end: int) -> None:
        self.located.printed_columns += [self.columns[name] for name in SECTION_POINTS if name in self.columns]
        behind = block.order[block.order.index(block.levels[-1]) + 1 :]
        stub = (0, min((self.columns[name][0] for name in behind if name in self.columns), default=0))
        found = self._rows_of(block, head.last + 1, end, stub)
        self.row = head.last + 1
        taken: dict[str, tuple[int, int]] = {}
        for indicator in block.indicators:
            names = (f"{indicator.id}.{place}" for place in range(len(indicator.printed_labels)))
            rows = [found[name].place for name in names if name in found]
            if rows:
                taken[indicator.id] = (min(rows), max(rows))
                self._row_places(indicator.id, *taken[indicator.id])
                self.row = max(self.row, max(rows) + 1)
        self._section_points(block, taken)
        if block.total is not None:
            self._score_total(block.total)

    def _section_points(self, block: ScoresBlock, taken: Mapping[str, tuple[int, int]]) -> None:
        """The points printed for a section, where somebody typed others over them; `taken`: rows of the indicators."""
        for name, level in SECTION_POINTS.items():
            if name not in self.columns:
                continue
            column = self.columns[name][0]
            rows: dict[str, list[int]] = {}
            for indicator in block.indicators:
                if indicator.id in taken and level < len(indicator.under):
                    rows.setdefault(indicator.under[level], []).extend(taken[indicator.id])
            for section, inside in rows.items():
                read = [parse_number(self.region.sheet.raw(row, column), "points") for row in sorted(set(inside))]
                other = [one.value for one in read if one.value is not None and one.value != block.sections[section]]
                if other:
                    self.located.printed_points[section] = other[0]

    def _score_total(self, total: TotalRow) -> None:
        if total.inline:
            place = self._within(squeezed(total.label).rstrip(":"), [])
            if place is None:
                return
            row, column = place.span[:2]
            alone = squeezed(str(self.region.sheet.raw(row, column))).endswith(":")
            first, last = self.columns.get("得分", (0, -1))
            if alone and column < first and self._anything(row, first, last):
                self._row_places(TOTAL, row, row)  # the label stands alone, its figure in the column of scores
            else:
                self.located.places[f"{TOTAL}.得分"] = place
            return
        at = self._row_with(total.label) if total.label else self._first_filled("得分")
        if at is not None:
            self._row_places(TOTAL, at, at)
            self.row = at + 1

    def _row_with(self, label: str) -> int | None:
        one = wanted(TOTAL, label)
        rows = [(row, cells.values()) for row, cells in self.region.keys.items() if row >= self.row]
        match = aligned([one], rows).get(TOTAL)
        return None if match is None else match.place

    def _first_filled(self, column: str) -> int | None:
        """The first row from here on that holds anything in a column."""
        if column not in self.columns:
            return None
        rows = range(self.row, self.region.last + 1)
        return next((row for row in rows if self._anything(row, *self.columns[column])), None)

    def _row_places(self, name: str, first: int, last: int) -> None:
        """分值 and 得分 of an indicator or the total."""
        for column in ("分值", "得分"):
            if f"{name}.{column}" in self.form.items and column in self.columns:
                self._place(f"{name}.{column}", first, last, column)

    def _span(self, first: int, last: int, column: str) -> Place:
        left, right = self.columns[column]
        return Place((first, self._merged_from(first, left), last, right))

    def _merged_from(self, row: int, left: int) -> int:
        """Where the value under a head begins: further left, where cells are merged that stand under no other head."""
        start = self.region.start_of(row, left)
        others = any(first < left and last >= start for first, last in self.columns.values())
        return left if others or isinstance(self.region.sheet.raw(row, start), str) else start

    def _place(self, item: str, first: int, last: int, column: str) -> None:
        self.located.places[item] = self._span(first, last, column)

    def _anything(self, row: int, left: int, right: int) -> bool:
        return self.region.anything(row, left, right)


def _rows(head: Head) -> range:
    return range(head.first, head.last + 1)
