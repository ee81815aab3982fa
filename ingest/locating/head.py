"""The lines above the figures of a table: whose it is, which project, which year, wherever that is said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from gouji.ingest.figures.chinese_numerals import with_years_in_digits
from gouji.ingest.figures.printed_units import named_units
from gouji.ingest.grid import Sheet
from gouji.ingest.locating.figure_cells import is_figure
from gouji.ingest.locating.located import Located, Position
from gouji.ingest.register.unit_names import unstamped
from gouji.templates.blocks import FieldsBlock, HeaderField
from gouji.templates.form import Form
from gouji.templates.head_words import HEAD_WORDS, LEVELS
from gouji.templates.labels import squeezed

_LABELLED = re.compile(r"(?:(?<=\s)|^)([^\s:]{2,20}):\s*")
_LED = re.compile(r"([^\s:]{2,20})\s+(\S.*)")
_UNPARTED = re.compile(
    r"(?<=[^\s:(\[])(?=(?:填报日期|填表日期|报送日期|编制日期|上报日期|填报时间|填表时间|金额单位|联系人|联系电话|填报人|填表人|单位编码|单位代码):)"
)
"""Where a field begins without a gap behind the value of the one before it."""
_GAP = 3
"""Columns from a label to its value at most, where the file does not tell merged cells."""
_LONGEST = 100
_FEW_FIGURES = 2
_MOST_ROWS = 8
"""Rows of a table that nobody defined among which its head is looked for."""
_BRACKETS = re.compile(r"[()\[\]【】、/和及]")
_WITH_CODE = re.compile(r"(?:及|和|与)(?:代码|编码)$|[(](?:代码|编码)[)]$")
_YEAR = r"(?:19|20)\d{2}"
_STANDING_YEAR = re.compile(rf"[(\[]?{_YEAR}\s*年\s*度[)\]]?")
_TO = r"\s*(?:至|到|[-—–~])\s*"
_WHOLE_YEAR = re.compile(
    rf"(?<!\d)({_YEAR})\s*年\s*0?1\s*月?(?:\s*0?1\s*日)?{_TO}(?:\1\s*年\s*)?12\s*月(?:\s*31\s*日)?"
    rf"|(?<!\d)({_YEAR})([./-])0?1\3 ?0?1{_TO}\2\3 ?12\3 ?31(?!\d)"
)
"""2023年1月1日至2023年12月31日, 2023年1-12月, 2023.1.1-2023.12.31."""
_DATED = re.compile(rf"\s+{_YEAR}\s*[年./-]\s*\d{{1,2}}\s*[月./-].*$", re.DOTALL)
"""The date of a signature behind its name."""
_OF_FULL_YEAR = re.compile(rf"(?<!\d)({_YEAR})\s*年\s*度")
_OF_YEAR = re.compile(rf"(?<!\d)({_YEAR})\s*年(?!\s*\d{{1,2}}\s*月)")


@dataclass(frozen=True, slots=True)
class Stated:
    """The text of a field of the head, and its cell."""

    text: str
    place: Position


@dataclass
class Head:
    """The fields of the head by role (unit, department, instance, code, year), the most reliable first."""

    fields: dict[str, list[Stated]] = field(default_factory=dict)

    def first(self, role: str) -> Stated | None:
        """The most reliable field of a role; None without any."""
        return next(iter(self.fields.get(role, [])), None)

    def all(self, role: str) -> tuple[str, ...]:
        """All texts of a role, the most reliable first."""
        return tuple(stated.text for stated in self.fields.get(role, []))


def read_head(located: Located) -> Head:
    """The fields of the lines above the first figure, be they the form's own or not."""
    return _read_head(located.sheet, head_rows(located), _own_labels(located.form))


def head_of_undefined(sheet: Sheet, first: int, last: int) -> Head:
    """The same of a table that no definition describes."""
    return _read_head(sheet, head_rows_of_undefined(sheet, first, last), frozenset())


def head_rows_of_undefined(sheet: Sheet, first: int, last: int) -> range:
    """The rows in which the head of a table that nobody defined is looked for."""
    return range(first, min(last + 1, first + _MOST_ROWS, sheet.height))


def _read_head(sheet: Sheet, rows: range, own_labels: frozenset[str]) -> Head:
    ranked: dict[str, list[tuple[int, Stated]]] = {}
    years: list[Stated] = []
    for row in rows:
        if _over_columns(sheet, row):
            continue
        behind: set[int] = set()
        for label, text, place in fields_of_row(sheet, row, own_labels):
            role, rank = role_of(label)
            if role == "year":
                years += [Stated(year, place) for year in _years(text) or re.findall(_YEAR, text)]
            elif role and text and len(text) <= _LONGEST and not named_units(f"{label}:{text}").units:
                ranked.setdefault(role, []).append((rank, Stated(undated(text), place)))
                behind.add(place[1])
        years += _row_years(sheet, row, behind)
    fields = {
        role: [statement for _, statement in sorted(statements, key=lambda pair: pair[0])]
        for role, statements in ranked.items()
    }
    if len({statement.text for statement in years}) == 1:
        fields["year"] = years
    return Head(fields)


def _over_columns(sheet: Sheet, row: int) -> bool:
    """Whether a row holds the heads of a list of units (单位名称, 编制数 …): figures stand below most of its texts."""
    texts = [column for column, value in enumerate(sheet.rows[row]) if isinstance(value, str) and value.strip()]
    figures = sum(is_figure(sheet.raw(row + 1, column)) for column in texts)
    return figures > _FEW_FIGURES and 2 * figures > len(texts)


def head_rows(located: Located) -> range:
    """The rows of a table above its first figure and line."""
    first, last = located.rows or (0, located.sheet.height - 1)
    form = located.form
    figures = [place.span[0] for item, place in located.places.items() if form.items[item].is_figure]
    lines = [line.name.span[0] for line in located.lines]
    return range(first, min([*figures, *lines, last + 1]))


def fields_of_row(sheet: Sheet, row: int, own_labels: frozenset[str]) -> Iterator[tuple[str, str, Position]]:
    """(label, value, cell of the value) of a row; the value may stand behind the label or in the next cell."""
    cells = [(at, _plain(value)) for at, value in enumerate(sheet.rows[row]) if value not in ("", None)]
    for number, (column, text) in enumerate(cells):
        beside = _beside(sheet, (row, column), cells[number + 1 : number + 2], own_labels)
        parts = list(_LABELLED.finditer(text))
        for at, part in enumerate(parts):
            end = parts[at + 1].start() if at + 1 < len(parts) else len(text)
            value = text[part.end() : end].strip()
            if value:
                yield part[1], value, (row, column)
            elif beside and at + 1 == len(parts):
                yield part[1], *beside
        led = _LED.fullmatch(text)
        if not parts and role_of(text)[0] and beside:
            yield text, *beside
        elif not parts and led and role_of(led[1])[0]:
            yield led[1], led[2].strip(), (row, column)


def _beside(
    sheet: Sheet, label: Position, following: list[tuple[int, str]], own_labels: frozenset[str]
) -> tuple[str, Position] | None:
    """What stands in the next cell, if that is no label; in a file without merged cells it may be further away."""
    row, column = label
    merges = sheet.merges
    for at, text in following:
        if _is_label(text):
            continue
        end = next((right for top, left, _, right in merges if (top, left) == label), column)
        if at <= end + (1 if merges else _GAP):
            return None if squeezed(text).rstrip(":") in own_labels else (text, (row, at))
    return None


@lru_cache(maxsize=256)
def _own_labels(form: Form) -> frozenset[str]:
    """The labels of the form's own fields."""
    fields = [header for block in form.definition.blocks if isinstance(block, FieldsBlock) for header in block.fields]
    return frozenset(
        squeezed(header.label or header.id).rstrip(":") for header in fields if isinstance(header, HeaderField)
    )


def undated(text: str) -> str:
    """What stands before the date of a signature: `某县文化馆    2024年2月28日`."""
    return _DATED.sub("", text)


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _UNPARTED.sub(" ", unstamped(str(value)))


def _is_label(text: str) -> bool:
    return bool(_LABELLED.match(text)) or bool(role_of(text)[0])


@lru_cache(maxsize=4096)
def role_of(label: str) -> tuple[str, int]:
    """The role that a label of the head asks for and its rank among the labels of that role; empty without a role.

    Labels that name a level of government rank behind labels without, higher levels last.
    """
    word = _BRACKETS.sub("", _WITH_CODE.sub("", unstamped(squeezed(label).rstrip(":"))))
    level = next((at for at, level in enumerate(LEVELS, 1) if word.startswith(level)), 0)
    for role, words in HEAD_WORDS.items():
        if word in words:
            return role, words.index(word)
        if level and (shorter := word[len(LEVELS[level - 1]) :]) in words:
            return role, words.index(shorter) + level * len(words)
    return "", -1


def _row_years(sheet: Sheet, row: int, behind: Collection[int]) -> Iterator[Stated]:
    """The years that a title or a line of its own names, or a cell right behind a field (`behind`: columns of values);
    not those of a column's head, which may be last year's."""
    cells = [(at, _plain(value)) for at, value in enumerate(sheet.rows[row]) if str(value).strip()]
    if len(cells) == 1:
        ((column, text),) = cells
        yield from (Stated(year, (row, column)) for year in _years(text))
    for (before, _), (column, text) in pairwise(cells):
        if before in behind and _STANDING_YEAR.fullmatch(with_years_in_digits(text)):
            yield from (Stated(year, (row, column)) for year in _years(text))


def _years(text: str) -> list[str]:
    """2023年度, 2023 年, 二〇二三年, 2023年1-12月; not 2023年3月."""
    digits = with_years_in_digits(text)
    full_years = [match[1] or match[2] for match in _WHOLE_YEAR.finditer(digits)]
    return list(dict.fromkeys(_OF_FULL_YEAR.findall(digits) or full_years or _OF_YEAR.findall(digits)))
