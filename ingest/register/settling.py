"""Which tables count: whose they are in the end, what waits until people say so (采用)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from gouji.ingest.frames import AMOUNTS_OPEN, PAGES, UNIT_OPEN
from gouji.ingest.register.return_row import Received, Return, which
from gouji.ingest.register.whose import DESIGNATED, FILE, FOLDER, Claim, Whose, designated, folder_of
from gouji.ingest.roster import Roster, Unit
from gouji.templates.review import NO, YES

BLANK = "空白"
"""Beginning of the reason by which a blank table is 已替代: it is not required."""


def compare_folders(rows: Iterable[Return], roster: Roster | None) -> None:
    """A folder that names a unit contradicts tables of another one, unless several units' files lie in it: then it is
    that of whoever collected them. What the file's own name says comes first."""
    if roster is None:
        return
    inside: dict[str, dict[Unit, list[Return]]] = defaultdict(lambda: defaultdict(list))
    named: dict[str, Unit] = {}
    folders: dict[str, tuple[str, Unit] | None] = {}
    for row in rows:
        above = row.file.rpartition("/")[0]
        if row.table is None or row.unit_code is None or row.unit is None or not above:
            continue
        if above not in folders:
            folders[above] = folder_of(row.file, roster)
        if (place := folders[above]) is not None:
            named[place[0]] = place[1]
            inside[place[0]][row.unit_code, row.unit].append(row)
    for folder, units in inside.items():
        _compare_folder(named[folder], units, roster)


def _compare_folder(folder: Unit, units: Mapping[Unit, Sequence[Return]], roster: Roster) -> None:
    contradicted = [unit for unit in units if not roster.related(unit, folder)]
    if len(contradicted) != 1:
        return
    (unit,) = contradicted
    for row in units[unit]:
        if roster.match_in(row.file.rpartition("/")[2]) is None and row.unit_source not in (FILE, FOLDER):
            claims = row.claims or (Claim(f"{row.unit_source}的单位是", unit),)
            row.claims = (*claims, Claim(f"{FOLDER}里是", folder))


def settle_units(rows: Iterable[Return], decided: Mapping[str, str], roster: Roster | None) -> frozenset[str]:
    """What people wrote beside tables (`decided`): 是, or the unit whose it is. A table of which two units are named
    waits for that. Returns the tables that were settled on."""
    settled = set()
    for row in rows:
        words = decided.get(row.known_as, "") if row.table is not None else ""
        if words == YES:
            settled.add(row.known_as)
        elif words not in ("", NO) and (unit := designated(words, row.claims, roster)) is not None:
            row.belongs(Whose(*unit, DESIGNATED))
            settled.add(row.known_as)
        elif row.claims and row.counts:
            _hold(row, words)
    return frozenset(settled)


def _hold(row: Return, words: str) -> None:
    row.status, row.reason = UNIT_OPEN, "，".join(map(str, row.claims))
    row.unit_code = row.unit = row.unit_source = None
    if words not in ("", NO):
        row.reason += f"（“采用”栏填的“{words}”不是“是”“否”，也不是名册里的单位，没有采用）"


def hold_amounts(rows: Iterable[Return], settled: Collection[str]) -> None:
    """A table whose amounts may be in any of two units of money counts only when people say that it is right (采用)."""
    for row in rows:
        if row.counts and row.table is not None and row.table.unit_unclear and row.known_as not in settled:
            row.status, row.reason = AMOUNTS_OPEN, row.table.unit_unclear


def mark_hidden_twins(rows: Sequence[Return], settled: Collection[str]) -> list[Return]:
    """A hidden sheet beside the one visible sheet of its file that is the same table: what is shown was sent.

    Returns those hidden tables whose figures are others. Where people settled on one of them nothing is marked.
    """
    marked = []
    for versions in by_place(rows):
        shown = [row for row in versions if not hidden(row)]
        if len(shown) != 1 or any(row.known_as in settled for row in versions):
            continue
        for row in versions:
            if row is not shown[0] and row.file == shown[0].file and digest(row) != digest(shown[0]):
                row.status, row.reason = (
                    "已替代",
                    (
                        f"工作表“{row.sheet}”是隐藏的，与没有隐藏的“{shown[0].sheet}”是同一张表而数不同，"
                        f"本次采用“{shown[0].sheet}”，隐藏的没有计入；如应以隐藏的为准，请取消隐藏后重新报送"
                    ),
                )
                marked.append(row)
    return marked


def set_aside_pages(rows: Sequence[Return], settled: Collection[str]) -> None:
    """A table in a PDF is answered for by the same one in a workbook or a document, from which it was printed: its
    figures are rounded there. Where people settled on one of them nothing is set aside."""
    for versions in by_place(rows):
        originals = [row for row in versions if row.table is not None and row.table.layout != PAGES]
        if not originals or any(row.known_as in settled for row in versions):
            continue
        for row in versions:
            if row not in originals:
                row.status = "已替代"
                row.reason = f"这张表已在“{originals[0].file}”（{originals[0].sheet}）里报来，PDF 里的不作依据"


def hidden(row: Return) -> bool:
    """Whether it stands on a hidden sheet."""
    return row.table is not None and row.table.sheet_hidden


def digest(row: Return) -> str:
    """Equal for two tables with the same entries."""
    return (row.table.digest if row.table is not None else "") or row.return_id


def by_place(rows: Iterable[Return]) -> Iterable[list[Return]]:
    """The tables that count, those of one table of one unit together."""
    places: dict[tuple[object, ...], list[Return]] = defaultdict(list)
    for row in rows:
        if row.table is not None and row.counts:
            places[_place(row, row.table)].append(row)
    return places.values()


def set_aside_other_years(rows: Sequence[Return], year: int | None, roster: Roster | None) -> None:
    """A table of another year than the one asked for is replaced when the unit has sent the right one: of a form per
    project that of the same project, or any where the project is none of this year's."""
    of_year = [row for row in rows if row.counts and row.year == year]
    sent = {(_unit(row), which(row.table), row.instance): row for row in reversed(of_year) if row.table is not None}
    forms = {key[:2]: row for key, row in sent.items()}
    for row in rows:
        if year is None or row.table is None or not row.counts or row.year in (year, None):
            continue
        due = row.table.per == "project" and roster is not None and roster.has_project(row.unit_code, row.instance)
        key = _unit(row), which(row.table), row.instance
        if (twin := sent.get(key) or (None if due else forms.get(key[:2]))) is not None:
            row.status = "已替代"
            row.reason = f"表上是{row.year}年度；{year}年度的这张表已在“{twin.file}”（{twin.sheet}）里报来"


def _unit(row: Return) -> str:
    return row.unit_code or row.unit or row.file


def mark_blank_twins(rows: Sequence[Return]) -> None:
    """A blank table is no fault where the unit sent the same one filled in (offices of a unit fill in one each), or,
    naming no project, where the file holds another of its form: it is a spare one."""
    filled: dict[tuple[object, ...], Return] = {}
    for row in rows:
        if row.table is not None and row.status not in ("空表", "已替代") and (row.unit_code or row.unit):
            filled.setdefault(_place(row, row.table), row)
            filled.setdefault((row.file, which(row.table)), row)
    for row in rows:
        if row.table is not None and row.status == "空表" and (row.unit_code or row.unit):
            if (twin := filled.get(_place(row, row.table))) is not None:
                row.status, row.reason = "已替代", f"{BLANK}；这张表已在“{twin.file}”（{twin.sheet}）里填报"
            elif _nameless(row.table) and (row.file, which(row.table)) in filled:
                row.status, row.reason = "已替代", f"{BLANK}，也没有写项目，是没有用到的备用表"


def _nameless(table: Received) -> bool:
    return table.per == "project" and not (table.identity_instance or table.header_instance)


def _place(row: Return, table: Received) -> tuple[object, ...]:
    return _unit(row), which(table), row.year, row.instance
