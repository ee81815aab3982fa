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
        """A name of these files by their contents, independent of their names."""
        return "+".join(sorted({row.sha256[:12] for row in self.tables}))

    def __str__(self) -> str:
        forms = "、".join(dict.fromkeys(f"“{row.table.form}”" for row in self.tables if row.table is not None))
        if len(self.files) > 1:
            where = "、".join(f"“{file}”" + self._hidden(file) for file in self.files)
        else:
            hide = ("", "（隐藏的工作表）")
            sheets = "、".join(f"{sheet_in_words(row.sheet or '')}{hide[hidden(row)]}" for row in self.tables)
            where = f"“{self.files[0]}”的{sheets}"
        return f"同一单位的{forms}报了不止一份，内容不同：{where}"

    def _hidden(self, file: str) -> str:
        sheets = "、".join(f"“{row.sheet}”" for row in self.tables if row.file == file and hidden(row))
        return f"（其中{sheets}是隐藏的工作表）" if sheets else ""


class _Choices:
    """What people have chosen, table by table (`settled`), and so of files: file → those that it was preferred to."""

    def __init__(self, settled: frozenset[str], decided: Mapping[str, str]) -> None:
        self._settled, self._decided = settled, decided
        self._preferred: dict[str, set[str]] = defaultdict(set)

    def learn(self, versions: Sequence[Return]) -> None:
        """Take the choice among the versions of one table for one among their files."""
        chosen = self._settled_on(versions)
        if len(versions) > 1 and len(chosen) == 1 and YES in map(self._decided.get, _lineage(chosen[0])):
            self.prefer(chosen[0].file, (row.file for row in versions))

    def prefer(self, file: str, rejected: Iterator[str]) -> None:
        """Choose a file before others."""
        self._preferred[file] |= set(rejected) - {file}

    def among(self, versions: Sequence[Return]) -> Return | None:
        """The one version of a table that was chosen; None where there is no such choice, or more than one."""
        chosen = self._settled_on(versions) or [
            row for row in versions if self._best(row.file, {version.file for version in versions})
        ]
        return chosen[0] if len(chosen) == 1 else None

    def _settled_on(self, versions: Sequence[Return]) -> list[Return]:
        """The versions that people have settled on, or whose earlier version they have settled on."""
        return [
            row
            for row in versions
            if row.known_as in self._settled
            or (self._decided.get(row.known_as) != NO and any(map(self._settled_once, row.replaces)))
        ]

    def _settled_once(self, table: str) -> bool:
        """Whether people settled on a table, which may be gone."""
        return table in self._settled or self._decided.get(table) == YES

    def _best(self, file: str, files: set[str]) -> bool:
        rivals = files - {file}
        return bool(rivals) and rivals <= self._preferred[file] and not any(file in self._preferred[o] for o in rivals)


def _lineage(row: Return) -> tuple[str, ...]:
    return row.known_as, *row.replaces


def settle_versions(
    rows: Sequence[Return], settled: frozenset[str], decided: Mapping[str, str], receipts: Receipts | None = None
) -> list[Versions]:
    """Which tables are adopted: those that came once, those that were chosen; returns the versions of which people
    have chosen none.

    `settled`: tables (`table_id`) that people settled on; `decided`: what they wrote beside tables; `receipts`: when
    files were seen, where the newest one is to count.
    """
    places = list(by_place(rows))
    choices = _Choices(settled, decided)
    for alike in places:
        choices.learn(alike)
    undecided = list(_undecided(places, choices, receipts))
    reasons = {}
    for versions in undecided:
        if versions.newest is not None and (file := versions.newest.file):
            choices.prefer(file, iter(versions.files))
            reasons[file] = f"按设置采用新的一份“{file}”（{versions.newest.evidence}）"
    for alike in places:
        chosen = choices.among(alike)
        if chosen is None:
            _mark_undecided(alike)
        else:
            chosen_by = reasons.get(chosen.file) or f"审核人已确定采用“{chosen.file}”（{chosen.sheet}）"
            _mark_chosen(chosen, alike, chosen_by)
    return undecided


def _undecided(places: Sequence[list[Return]], choices: _Choices, receipts: Receipts | None) -> Iterator[Versions]:
    """The versions of which none is chosen, those in the same files together."""
    together: dict[tuple[str, tuple[str, ...]], list[Return]] = defaultdict(list)
    for alike in places:
        if choices.among(alike) is None and len({digest(row) for row in alike}) > 1:
            unlike = _told_apart(alike)
            unit = alike[0].unit_code or alike[0].unit or alike[0].file
            together[unit, tuple(sorted({row.file for row in unlike}))] += unlike
    for (_, files), tables in together.items():
        newest = None if receipts is None or len(files) == 1 else _newest(files, tables, receipts)
        yield Versions(files, tuple(tables), newest)


def _newest(files: Sequence[str], tables: Sequence[Return], receipts_by_hash: Receipts) -> Newest:
    """By when the files were first seen; where that was at once, by their own modification. Where the two say unlike
    things, neither is believed."""
    hashes = {row.file: row.sha256 for row in tables}
    receipts = {file: receipts_by_hash[hashes[file]] for file in files if hashes[file] in receipts_by_hash}
    first = {file: receipt.first for file, receipt in receipts.items()}
    modified = {file: receipt.modified for file, receipt in receipts.items() if receipt.modified is not None}
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


def _mark_chosen(chosen: Return, versions: Sequence[Return], reason: str) -> None:
    for row in versions:
        row.adopted = row is chosen
        if row is not chosen:
            row.status, row.reason = (_COPY if digest(row) == digest(chosen) else _REPLACED), reason


def _mark_undecided(versions: Sequence[Return]) -> None:
    unlike = _told_apart(versions)
    for row in versions:
        if row not in unlike:
            first = next(version for version in unlike if digest(version) == digest(row))
            reason = "数据完全相同（可能是另存或换了格式）"
            row.status, row.reason = _COPY, f"与“{first.file}”（{first.sheet}）{reason}，本次采用那一份"
    for row in unlike:
        row.adopted = len(unlike) == 1
        if len(unlike) > 1:
            rivals = "、".join(_named(version) for version in unlike if version is not row)
            hint = "这一份所在的工作表是隐藏的，" if hidden(row) else ""
            row.status, row.reason = VERSION, f"{hint}同一单位的同一张表还有：{rivals}"


def _named(row: Return) -> str:
    return f"{row.file}（{row.sheet}{'，隐藏的工作表' if hidden(row) else ''}）"


def _told_apart(versions: Sequence[Return]) -> list[Return]:
    """Those of a table that differ in anything that was filled in; of equal ones that in the issued layout, in the
    newest file format."""
    different: dict[str, Return] = {}
    for row in sorted(versions, key=_standing):
        different.setdefault(digest(row), row)
    return [row for row in versions if row is different[digest(row)]]


def _standing(row: Return) -> tuple[bool, bool, bool, str, str]:
    issued = row.table is not None and row.table.layout == "issued"
    return hidden(row), not issued, not row.file.lower().endswith(".xlsx"), row.file, row.return_id
