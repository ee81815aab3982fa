"""Two versions of a unit's table: neither counts until people choose a file (采用), or the bureau has laid down that
the newest counts. What is chosen of a file holds for all of its tables that the other files have too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gouji.ingest.register.receipts import Receipts
from gouji.ingest.register.return_row import Return
from gouji.ingest.register.settling import by_place, digest, hidden
from gouji.templates.addresses import sheet_in_words
from gouji.templates.review import NO, YES

VERSION = "重复报送"
_COPY, _REPLACED = "重复文件", "已替代"


@dataclass(frozen=True, slots=True)
class Newest:
    """Which of several files was sent last, and by what evidence; no `file` where `evidence` says why none."""

    file: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Tables of one unit that stand in the same `files` with unlike contents, and of which people have chosen none;
    `newest`: None where the newest is not to count unasked."""

    files: tuple[str, ...]
    tables: tuple[Return, ...]
    newest: Newest | None = None

    @property
    def known_as(self) -> str:
        """What these files are known by, whatever they are called."""
        return "+".join(sorted({one.sha256[:12] for one in self.tables}))

    def __str__(self) -> str:
        forms = "、".join(dict.fromkeys(f"“{one.table.form}”" for one in self.tables if one.table is not None))
        if len(self.files) > 1:
            where = "、".join(f"“{file}”" + self._hidden(file) for file in self.files)
        else:
            hide = ("", "（隐藏的工作表）")
            sheets = "、".join(f"{sheet_in_words(one.sheet or '')}{hide[hidden(one)]}" for one in self.tables)
            where = f"“{self.files[0]}”的{sheets}"
        return f"同一单位的{forms}报了不止一份，内容不同：{where}"

    def _hidden(self, file: str) -> str:
        sheets = "、".join(f"“{one.sheet}”" for one in self.tables if one.file == file and hidden(one))
        return f"（其中{sheets}是隐藏的工作表）" if sheets else ""


class _Choices:
    """What people have chosen, table by table (`settled`), and so of files: file → those that it was preferred to."""

    def __init__(self, settled: frozenset[str], decided: Mapping[str, str]) -> None:
        self._settled, self._decided = settled, decided
        self._preferred: dict[str, set[str]] = defaultdict(set)

    def learn(self, same: Sequence[Return]) -> None:
        """Take the choice among the versions of one table for one among their files."""
        chosen = self._own(same)
        if len(same) > 1 and len(chosen) == 1 and YES in map(self._decided.get, _lineage(chosen[0])):
            self.prefer(chosen[0].file, (one.file for one in same))

    def prefer(self, file: str, others: Iterator[str]) -> None:
        """Choose a file before others."""
        self._preferred[file] |= set(others) - {file}

    def among(self, same: Sequence[Return]) -> Return | None:
        """The one version of a table that was chosen; None where there is no such choice, or more than one."""
        chosen = self._own(same) or [one for one in same if self._best(one.file, {other.file for other in same})]
        return chosen[0] if len(chosen) == 1 else None

    def _own(self, same: Sequence[Return]) -> list[Return]:
        """Those that people settled on themselves, or settled on what they were made of."""
        return [
            one
            for one in same
            if one.known_as in self._settled
            or (self._decided.get(one.known_as) != NO and any(map(self._settled_once, one.replaces)))
        ]

    def _settled_once(self, table: str) -> bool:
        """Whether people settled on a table, which may be gone."""
        return table in self._settled or self._decided.get(table) == YES

    def _best(self, file: str, files: set[str]) -> bool:
        others = files - {file}
        return bool(others) and others <= self._preferred[file] and not any(file in self._preferred[o] for o in others)


def _lineage(one: Return) -> tuple[str, ...]:
    return one.known_as, *one.replaces


def settle_versions(
    found: Sequence[Return], settled: frozenset[str], decided: Mapping[str, str], seen: Receipts | None = None
) -> list[Versions]:
    """Which tables are adopted: those that came once, those that were chosen; returns the versions of which people
    have chosen none.

    `settled`: tables (`table_id`) that people settled on; `decided`: what they wrote beside tables; `seen`: when files
    were seen, where the newest one is to count.
    """
    places = list(by_place(found))
    choices = _Choices(settled, decided)
    for same in places:
        choices.learn(same)
    undecided = list(_undecided(places, choices, seen))
    reasons = {}
    for versions in undecided:
        if versions.newest is not None and (file := versions.newest.file):
            choices.prefer(file, iter(versions.files))
            reasons[file] = f"按设置采用新的一份“{file}”（{versions.newest.evidence}）"
    for same in places:
        chosen = choices.among(same)
        if chosen is None:
            _mark_undecided(same)
        else:
            chosen_by = reasons.get(chosen.file) or f"审核人已确定采用“{chosen.file}”（{chosen.sheet}）"
            _mark_chosen(chosen, same, chosen_by)
    return undecided


def _undecided(places: Sequence[list[Return]], choices: _Choices, seen: Receipts | None) -> Iterator[Versions]:
    """The versions of which none is chosen, those in the same files together."""
    together: dict[tuple[str, tuple[str, ...]], list[Return]] = defaultdict(list)
    for same in places:
        if choices.among(same) is None and len({digest(one) for one in same}) > 1:
            unlike = _told_apart(same)
            unit = same[0].unit_code or same[0].unit or same[0].file
            together[unit, tuple(sorted({one.file for one in unlike}))] += unlike
    for (_, files), tables in together.items():
        newest = None if seen is None or len(files) == 1 else _newest(files, tables, seen)
        yield Versions(files, tuple(tables), newest)


def _newest(files: Sequence[str], tables: Sequence[Return], seen: Receipts) -> Newest:
    """By when the files were first seen; where that was at once, by their own modification. Where the two say unlike
    things, neither is believed."""
    hashes = {one.file: one.sha256 for one in tables}
    receipts = {file: seen[hashes[file]] for file in files if hashes[file] in seen}
    first = {file: one.first for file, one in receipts.items()}
    modified = {file: one.modified for file, one in receipts.items() if one.modified is not None}
    by_first, by_modified = (_last(times) if len(times) == len(files) else "" for times in (first, modified))
    if by_first and by_modified and by_first != by_modified:
        return Newest("", "首次看到的时间和文件自己的修改时间说法相反，没有按新旧采用")
    if by_first:
        return Newest(by_first, f"首次看到的时间：{_days(first)}")
    if by_modified:
        return Newest(by_modified, f"同一次看到，按文件自己的修改时间：{_days(modified)}")
    return Newest("", "看不出哪一份新，没有按新旧采用")


def _last(times: Mapping[str, str]) -> str:
    """The file with the latest time; empty where several have it."""
    latest = [file for file, time in times.items() if time == max(times.values())]
    return latest[0] if len(latest) == 1 else ""


def _days(times: Mapping[str, str]) -> str:
    return "，".join(f"“{file}”{time[:16].replace('T', ' ')}" for file, time in times.items())


def _mark_chosen(chosen: Return, same: Sequence[Return], reason: str) -> None:
    for one in same:
        one.adopted = one is chosen
        if one is not chosen:
            one.status, one.reason = (_COPY if digest(one) == digest(chosen) else _REPLACED), reason


def _mark_undecided(same: Sequence[Return]) -> None:
    unlike = _told_apart(same)
    for one in same:
        if one not in unlike:
            first = next(other for other in unlike if digest(other) == digest(one))
            what = "数据完全相同（可能是另存或换了格式）"
            one.status, one.reason = _COPY, f"与“{first.file}”（{first.sheet}）{what}，本次采用那一份"
    for one in unlike:
        one.adopted = len(unlike) == 1
        if len(unlike) > 1:
            others = "、".join(_named(other) for other in unlike if other is not one)
            own = "这一份所在的工作表是隐藏的，" if hidden(one) else ""
            one.status, one.reason = VERSION, f"{own}同一单位的同一张表还有：{others}"


def _named(one: Return) -> str:
    return f"{one.file}（{one.sheet}{'，隐藏的工作表' if hidden(one) else ''}）"


def _told_apart(same: Sequence[Return]) -> list[Return]:
    """Those of a table that differ in anything that was filled in; of equal ones that in the issued layout, in the
    newest file format."""
    different: dict[str, Return] = {}
    for one in sorted(same, key=_standing):
        different.setdefault(digest(one), one)
    return [one for one in same if one is different[digest(one)]]


def _standing(one: Return) -> tuple[bool, bool, bool, str, str]:
    issued = one.table is not None and one.table.layout == "issued"
    return hidden(one), not issued, not one.file.lower().endswith(".xlsx"), one.file, one.return_id
