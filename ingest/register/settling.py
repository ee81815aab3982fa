"""Which tables count: whose they are in the end, what waits until people say so (采用)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from gouji.ingest.frames import AMOUNTS_OPEN, PAGES, UNIT_OPEN
from gouji.ingest.read_return import TableReading
from gouji.ingest.register.return_row import Return, which
from gouji.ingest.register.whose import DESIGNATED, FILE, FOLDER, Claim, Whose, designated, folder_of
from gouji.ingest.roster import Roster, Unit
from gouji.templates.review import NO, YES

BLANK = "空白"
"""With it begins why a blank table is 已替代: nobody misses it."""


def compare_folders(found: Iterable[Return], roster: Roster | None) -> None:
    """A folder that names a unit contradicts tables of another one, unless several units' files lie in it: then it is
    that of whoever collected them. What the file's own name says comes first."""
    if roster is None:
        return
    inside: dict[str, dict[Unit, list[Return]]] = defaultdict(lambda: defaultdict(list))
    named: dict[str, Unit] = {}
    folders: dict[str, tuple[str, Unit] | None] = {}
    for one in found:
        above = one.file.rpartition("/")[0]
        if one.table is None or one.unit_code is None or one.unit is None or not above:
            continue
        if above not in folders:
            folders[above] = folder_of(one.file, roster)
        if (place := folders[above]) is not None:
            named[place[0]] = place[1]
            inside[place[0]][one.unit_code, one.unit].append(one)
    for folder, units in inside.items():
        _compare_folder(named[folder], units, roster)


def _compare_folder(folder: Unit, units: Mapping[Unit, Sequence[Return]], roster: Roster) -> None:
    others = [unit for unit in units if not roster.related(unit, folder)]
    if len(others) != 1:
        return
    (unit,) = others
    for one in units[unit]:
        if roster.match_in(one.file.rpartition("/")[2]) is None and one.unit_source not in (FILE, FOLDER):
            claims = one.claims or (Claim(f"{one.unit_source}的单位是", unit),)
            one.claims = (*claims, Claim(f"{FOLDER}里是", folder))


def settle_units(found: Iterable[Return], decided: Mapping[str, str], roster: Roster | None) -> frozenset[str]:
    """What people wrote beside tables (`decided`): 是, or the unit whose it is. A table of which two units are named
    waits for that. Returns the tables that were settled on."""
    settled = set()
    for one in found:
        words = decided.get(one.known_as, "") if one.table is not None else ""
        if words == YES:
            settled.add(one.known_as)
        elif words not in ("", NO) and (unit := designated(words, one.claims, roster)) is not None:
            one.belongs(Whose(*unit, DESIGNATED))
            settled.add(one.known_as)
        elif one.claims and one.counts:
            _hold(one, words)
    return frozenset(settled)


def _hold(one: Return, words: str) -> None:
    one.status, one.reason = UNIT_OPEN, "，".join(map(str, one.claims))
    one.unit_code = one.unit = one.unit_source = None
    if words not in ("", NO):
        one.reason += f"（“采用”栏填的“{words}”不是“是”“否”，也不是名册里的单位，没有采用）"


def hold_amounts(found: Iterable[Return], settled: Collection[str]) -> None:
    """A table whose amounts may be in any of two units of money counts only when people say that it is right (采用)."""
    for one in found:
        if one.counts and one.table is not None and one.table.unit_unclear and one.known_as not in settled:
            one.status, one.reason = AMOUNTS_OPEN, one.table.unit_unclear


def mark_hidden_twins(found: Sequence[Return], settled: Collection[str]) -> list[Return]:
    """A hidden sheet beside the one visible sheet of its file that is the same table: what is shown was sent.

    Returns those hidden tables whose figures are others. Where people settled on one of them nothing is marked.
    """
    marked = []
    for same in by_place(found):
        shown = [one for one in same if not hidden(one)]
        if len(shown) != 1 or any(one.known_as in settled for one in same):
            continue
        for one in same:
            if one is not shown[0] and one.file == shown[0].file and digest(one) != digest(shown[0]):
                one.status, one.reason = (
                    "已替代",
                    (
                        f"工作表“{one.sheet}”是隐藏的，与没有隐藏的“{shown[0].sheet}”是同一张表而数不同，"
                        f"本次采用“{shown[0].sheet}”，隐藏的没有计入；如应以隐藏的为准，请取消隐藏后重新报送"
                    ),
                )
                marked.append(one)
    return marked


def set_aside_pages(found: Sequence[Return], settled: Collection[str]) -> None:
    """A table in a PDF is answered for by the same one in a workbook or a document, from which it was printed: its
    figures are rounded there. Where people settled on one of them nothing is set aside."""
    for same in by_place(found):
        others = [one for one in same if one.table is not None and one.table.layout != PAGES]
        if not others or any(one.known_as in settled for one in same):
            continue
        for one in same:
            if one not in others:
                one.status = "已替代"
                one.reason = f"这张表已在“{others[0].file}”（{others[0].sheet}）里报来，PDF 里的不作依据"


def hidden(one: Return) -> bool:
    """Whether it stands on a hidden sheet."""
    return one.table is not None and one.table.sheet_hidden


def digest(one: Return) -> str:
    """What tells whether two tables differ in anything that was filled in."""
    return (one.table.digest if one.table is not None else "") or one.return_id


def by_place(found: Iterable[Return]) -> Iterable[list[Return]]:
    """The tables that count, those of one table of one unit together."""
    places: dict[tuple[object, ...], list[Return]] = defaultdict(list)
    for one in found:
        if one.table is not None and one.counts:
            places[_place(one, one.table)].append(one)
    return places.values()


def set_aside_other_years(found: Sequence[Return], year: int | None, roster: Roster | None) -> None:
    """A table of another year than the one asked for is replaced when the unit has sent the right one: of a form per
    project that of the same project, or any where the project is none of this year's."""
    right = [one for one in found if one.counts and one.year == year]
    sent = {(_unit(one), which(one.table), one.instance): one for one in reversed(right) if one.table is not None}
    forms = {key[:2]: one for key, one in sent.items()}
    for one in found:
        if year is None or one.table is None or not one.counts or one.year in (year, None):
            continue
        due = one.table.per == "project" and roster is not None and roster.has_project(one.unit_code, one.instance)
        key = _unit(one), which(one.table), one.instance
        if (twin := sent.get(key) or (None if due else forms.get(key[:2]))) is not None:
            one.status = "已替代"
            one.reason = f"表上是{one.year}年度；{year}年度的这张表已在“{twin.file}”（{twin.sheet}）里报来"


def _unit(one: Return) -> str:
    return one.unit_code or one.unit or one.file


def mark_blank_twins(found: Sequence[Return]) -> None:
    """A blank table is no fault where the unit sent the same one filled in (offices of a unit fill in one each), or,
    naming no project, where the file holds another of its form: it is a spare one."""
    filled: dict[tuple[object, ...], Return] = {}
    for one in found:
        if one.table is not None and one.status not in ("空表", "已替代") and (one.unit_code or one.unit):
            filled.setdefault(_place(one, one.table), one)
            filled.setdefault((one.file, which(one.table)), one)
    for one in found:
        if one.table is not None and one.status == "空表" and (one.unit_code or one.unit):
            if (twin := filled.get(_place(one, one.table))) is not None:
                one.status, one.reason = "已替代", f"{BLANK}；这张表已在“{twin.file}”（{twin.sheet}）里填报"
            elif _nameless(one.table) and (one.file, which(one.table)) in filled:
                one.status, one.reason = "已替代", f"{BLANK}，也没有写项目，是没有用到的备用表"


def _nameless(table: TableReading) -> bool:
    return table.per == "project" and not (table.identity_instance or table.header_instance)


def _place(one: Return, table: TableReading) -> tuple[object, ...]:
    return _unit(one), which(table), one.year, one.instance
