"""Which tables are replaced by later ones that were made of them (已替代), and what is told where one is not.

A file says itself what it was made of, so it is believed only with a proof that the bureau gave with the copy
(`templates.returned.Proof`), and only table by table, where the unit is the same by all evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gouji.ingest.frames import UNIT_OPEN
from gouji.ingest.register.return_row import Return, which
from gouji.ingest.roster import Roster, code_key
from gouji.templates.labels import squeezed
from gouji.templates.returned import Proof

_REPLACED, _BLANK = "已替代", "空表"
_NO_TABLES = ("未识别", "未收录")
_AnyUnit = tuple[str | None, str | None]
_DECIDE = "（财政部门：如确为改好的文件，在汇总.xlsx“收表明细”的“采用”栏确定用哪一份）"
_MOVE = "（财政部门：不再报送的，请把原来的文件移出收件文件夹）"
_WHOSE = _DECIDE.replace("用哪一份", "用哪一份，或者写明是哪个单位的")


@dataclass(frozen=True, slots=True)
class Mended:
    """The origin that a file states: hashes of the files that it was made of, the latest first, and their proofs."""

    sources: Sequence[str]
    proofs: Sequence[Proof] = ()


@dataclass(frozen=True, slots=True)
class Unreplaced:
    """Why the table `return_id` did not take the place of one that it says it was made of; `lacking`: only because
    its file does not hold such a table."""

    return_id: str
    detail: str
    lacking: bool = False


@dataclass(slots=True)
class _Claim:
    """A file and an earlier one that it says it was made of; `proofs`: by table, those that hold; `rounds`: how many
    earlier files it proves to come from; `sources`: all that it names."""

    later: Sequence[Return]
    earlier: Sequence[Return]
    proofs: Mapping[str, Proof]
    rounds: int
    sources: Sequence[str]


def supersede(
    rows: Sequence[Return], mended: Mapping[str, Mended], keys: Collection[str] = (), roster: Roster | None = None,
    settled: Collection[str] = (),
) -> list[Unreplaced]:  # fmt: skip
    """Tables that came back mended take the places of those that they were made of; returns those that do not.

    `mended`: by file; `keys`: of the rounds; `settled`: tables (`table_id`) that people said are to count.
    """
    _remember_gone(rows, mended, keys, roster)
    claims = _claims(rows, mended, keys)
    taken: dict[str, _Claim] = {}
    for claim in claims:
        for former in claim.earlier:
            if former.status != _REPLACED and (table := _successor(claim, former, roster)) is not None:
                former.status, former.reason = _REPLACED, f"已由“{table.file}”替代"
                table.supersedes = table.supersedes or former.file
                table.replaces = (*table.replaces, former.known_as, *former.replaces)
                taken[former.return_id] = claim
    return [
        unreplaced
        for claim in claims
        for unreplaced in dict.fromkeys(_unreplaced(claim, taken, roster))
        if not {row.known_as for row in claim.later if row.return_id == unreplaced.return_id} & set(settled)
    ]


def _remember_gone(
    rows: Sequence[Return], mended: Mapping[str, Mended], keys: Collection[str], roster: Roster | None
) -> None:
    """Adds to `replaces` the tables that the batch no longer holds: the mended copy may have overwritten their file."""
    hashes = {row.sha256 for row in rows}
    for row in rows:
        for proof in mended[row.file].proofs if row.file in mended and row.table is not None else ():
            whose = proof.unit_code or None, proof.unit or None
            if proof.source not in hashes and proof.table == _place(row) and proof.holds(keys):
                row.replaces += (f"{proof.source}#{proof.table}",) if _same(whose, _unit(row), roster) else ()


def _claims(all_rows: Sequence[Return], mended: Mapping[str, Mended], keys: Collection[str]) -> list[_Claim]:
    """Every file with every earlier one of the batch that it names; those of the latest round first."""
    files: dict[str, list[Return]] = defaultdict(list)
    for row in all_rows:
        files[row.file].append(row)
    unique = {file: rows for file, rows in files.items() if rows[0].sha256 and rows[0].status != "重复文件"}
    by_hash = {rows[0].sha256: rows for rows in unique.values()}
    claims = []
    for file in mended.keys() & unique.keys():
        statement, rows = mended[file], unique[file]
        proofs = [proof for proof in statement.proofs if proof.holds(keys)]
        rounds = len({proof.source for proof in proofs})
        for source in dict.fromkeys(statement.sources):
            if source in by_hash and source != rows[0].sha256:
                proofs_by_table = {proof.table: proof for proof in proofs if proof.source == source}
                claims.append(_Claim(rows, by_hash[source], proofs_by_table, rounds, statement.sources))
    return sorted(claims, key=lambda claim: (-claim.rounds, claim.later[0].file))


def _successor(claim: _Claim, former: Return, roster: Roster | None) -> Return | None:
    """What takes the place of a table, or of a part of a sheet that is none; None where nothing may."""
    proof = claim.proofs.get(_place(former))
    if proof is None or (former.table is None and former.status not in _NO_TABLES):
        return None
    candidates = claim.later if former.table is None else [_same_table(claim.later, former)]
    return next(
        (
            candidate
            for candidate in candidates
            if candidate is not None and _may_replace(candidate, former, proof, roster)
        ),
        None,
    )


def _may_replace(later: Return, former: Return, proof: Proof, roster: Roster | None) -> bool:
    stands = later.counts or later.status == _BLANK == former.status
    return stands and not _unlike(later, former, proof, roster)


def _place(row: Return) -> str:
    return row.return_id.partition("#")[2]


def _same_table(later: Sequence[Return], former: Return) -> Return | None:
    """The table of the same form on the same sheet, else of the same project, else the only one of its form."""
    assert former.table is not None
    form, project = which(former.table), _project(former)
    of_form = [row for row in later if row.table is not None and which(row.table) == form]
    for alike in (
        [row for row in of_form if _place(row) == _place(former)],
        [row for row in of_form if project and _project(row) == project],
        of_form if former.table.per != "project" else [],
    ):
        if len(alike) == 1:
            return alike[0]
    return None


def _project(row: Return) -> str | None:
    return None if row.table is None else row.table.identity_instance or row.table.header_instance


def _unlike(later: Return, former: Return, proof: Proof, roster: Roster | None) -> str:
    """Which evidence of their unit disagrees, as a clause; empty where all agrees."""
    unit, later_unit = _unit(former), _unit(later)
    if former.status == UNIT_OPEN:
        if not any(_same(claim.unit, later_unit, roster) for claim in former.claims):
            return f"“{former.file}”里的表没有一处写着“{later.unit}”"
    elif unit == (None, None):
        return f"“{former.file}”里的表还不能确定是哪个单位的"
    elif not _same(unit, later_unit, roster):
        return f"那里的表是“{former.unit}”的，这里的是“{later.unit or '单位不明'}”的"
    returned_to = (proof.unit_code or None, proof.unit or None)
    if returned_to != (None, None) and not _same(returned_to, later_unit, roster):
        return f"退回时是“{proof.unit}”的，这里的是“{later.unit or '单位不明'}”的"
    return later.doubt if later.doubt != former.doubt else ""


def _unit(row: Return) -> _AnyUnit:
    return row.unit_code, row.unit


def _same(first: _AnyUnit, second: _AnyUnit, roster: Roster | None) -> bool:
    if roster is not None and None not in (listed := [roster.unit_of(*first), roster.unit_of(*second)]):
        return listed[0] == listed[1]
    if first[0] and second[0] and code_key(first[0]) == code_key(second[0]):
        return True
    return bool(first[1] and second[1]) and squeezed(first[1] or "") == squeezed(second[1] or "")


def _unreplaced(claim: _Claim, taken: Mapping[str, _Claim], roster: Roster | None) -> Iterator[Unreplaced]:
    """Why a file does not replace every table of the earlier file that it names."""
    first = next((row for row in claim.later if row.table is not None and row.status != _REPLACED), None)
    if first is None:
        return
    file = claim.earlier[0].file
    if not claim.proofs:
        why = "但这份记录不是发出退回文件时写的（可能改动过，或抄自别的文件）"
        yield Unreplaced(first.return_id, f"文件里的退回记录说它由“{file}”改成，{why}，没有替代那份文件。{_DECIDE}")
        return
    lacking = []
    for former in claim.earlier:
        proof, table = claim.proofs.get(_place(former)), former.table
        if proof is None or table is None or taken.get(former.return_id) is claim:
            continue
        later = _same_table(claim.later, former)
        if later is None:
            lacking += [table.form] if former.counts else []
        elif later.status != _REPLACED and (why := _why_not(claim, later, former, taken, proof, roster)):
            yield Unreplaced(later.return_id, f"这张表由“{file}”（{former.sheet}）改成，{why}")
    if lacking:
        forms = "、".join(f"“{form}”" for form in dict.fromkeys(lacking))
        words = f"这份文件由“{file}”改成，但没有{forms}，原来报的仍然有效。{_MOVE}"
        yield Unreplaced(first.return_id, words, lacking=True)


def _why_not(
    claim: _Claim, later: Return, former: Return, taken: Mapping[str, _Claim], proof: Proof, roster: Roster | None
) -> str:
    """Why a table does not take the place of another one; empty where nothing more is to be said of it."""
    if (taker := taken.get(former.return_id)) is not None:
        if taker.rounds <= claim.rounds or later.sha256 in taker.sources:
            return ""
        return f"但那一份已由更晚一轮的“{taker.later[0].file}”替代，这一份较旧，没有替代任何表。{_DECIDE}"
    if former.status == _REPLACED:
        return ""
    if later.status == _BLANK:
        return "但现在是空白的，没有替代：原来填好的仍然有效。请核对是否误删。"
    if later.counts and (unlike := _unlike(later, former, proof, roster)):
        return f"但{unlike}，没有替代。{_WHOSE}"
    return ""
