"""收表: files that could not be read or recognised, duplicates, units outside the roster, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from gouji.ingest.frames import AMOUNTS_OPEN, ATTACHED, PACKED, UNIT_OPEN, UNSEEN
from gouji.ingest.register.batch import said_none
from gouji.ingest.register.no_return import NO_TABLE
from gouji.ingest.register.notes import Note
from gouji.ingest.roster import Roster, per_project, required_forms
from gouji.templates.catalogue import Catalogue
from gouji.validate.findings import Finding, Origin, common

_BY_STATUS = {
    "无法读取": "R-01", "未识别": "R-02", "空表": "R-07", "已隔离": "R-09",
    UNIT_OPEN: "R-11", AMOUNTS_OPEN: "R-12", "未收录": "R-14", PACKED: "R-16", UNSEEN: "R-18",
}  # fmt: skip
_BROKEN = ("R-01", "R-09")


def receipt_findings(
    returns: pd.DataFrame, notes: Sequence[Note], roster: Roster | None, year: int | None, catalogue: Catalogue
) -> Iterator[Finding]:
    """R-01 … R-12, R-14, R-16 … R-19: a finding per file or table that does not count as it stands, per missing one."""
    answered = _answered(returns, roster, catalogue)
    for row in returns.itertuples(index=False):
        origin = Origin.of(row)
        code = _BY_STATUS.get(str(row.status))
        if code in _BROKEN and origin.unit_code in answered:
            detail = f"{row.reason}。这个单位应报的表已在别的文件里收到，这份不影响收表"
            yield common(code, origin, severity="提示", item=origin.place, detail=detail)
        elif code is not None:
            yield common(code, origin, item=origin.place, detail=str(row.reason or ""), place=origin.file)
        if origin.form is not None:
            yield from _whose(origin, str(row.status), roster)
    yield from _remarks(returns, notes)
    yield from _versions(returns, notes)
    yield from _copies(returns)
    yield from _not_replaced(returns, notes)
    yield from _no_projects(returns, notes, catalogue)
    if roster is not None:
        none, of_projects = said_none(returns, notes), per_project(catalogue)
        due = (debt for debt in owed(roster, catalogue) if not (debt[0] in none and debt[2] in of_projects))
        yield from _missing(returns, notes, due, year)


def _answered(returns: pd.DataFrame, roster: Roster | None, catalogue: Catalogue) -> frozenset[str]:
    """Codes of the units of which every form that they owe has come."""
    if roster is None:
        return frozenset()
    have, asked = _received(returns), defaultdict(set)
    for unit_code, _, name in owed(roster, catalogue):
        asked[unit_code].add((unit_code, name))
    return frozenset(code for code, forms in asked.items() if forms <= have)


def _received(returns: pd.DataFrame) -> set[tuple[str, str]]:
    """(单位编码, form) of what has come."""
    rows = returns[returns["form"].notna() & ~returns["status"].isin(["空表", "已替代"])]
    return set(zip(rows["unit_code"], rows["form"], strict=True))


def _whose(origin: Origin, status: str, roster: Roster | None) -> Iterator[Finding]:
    if status in (UNIT_OPEN, "已替代"):
        return
    if origin.unit is None:
        yield common("R-08", origin, item=origin.place)
    elif roster is not None and roster.unit_of(origin.unit_code, origin.unit) is None:
        near = roster.nearest(origin.unit or "")
        like = "" if near is None else f"名册里最接近的是“{near[1]}”（{near[0]}）。"
        yield common("R-06", origin, item=origin.place, detail=like)


def _not_replaced(returns: pd.DataFrame, notes: Sequence[Note]) -> Iterator[Finding]:
    """Mended copies that did not take the place of what they say they were made of."""
    rows = {row.return_id: row for row in returns.itertuples(index=False)}
    for note in notes:
        if note.kind in ("not_replaced", "lacking"):
            origin, severity = Origin.of(rows[note.return_id]), "提示" if note.kind == "lacking" else None
            yield common("R-17", origin, severity=severity, item=note.detail, detail=note.detail)


def _remarks(returns: pd.DataFrame, notes: Sequence[Note]) -> Iterator[Finding]:
    """Macros, links to other workbooks, an extension that does not fit: told once for a file that was read, and not of
    one whose tables were all replaced."""
    standing = set(returns.loc[~returns["status"].eq("已替代"), "file"])
    whose = {row.file: Origin.of(row) for row in returns.drop_duplicates("file").itertuples(index=False)}
    for note in notes:
        if note.kind == "remark" and note.return_id in standing:
            of = whose[note.return_id]
            origin = Origin(unit_code=of.unit_code, unit=of.unit, year=of.year, return_id=of.return_id, file=of.file)
            yield common("R-10", origin, item=note.detail, detail=note.detail)


def _no_projects(returns: pd.DataFrame, notes: Sequence[Note], catalogue: Catalogue) -> Iterator[Finding]:
    """R-20 of every unit that says so; X-13 of one that sent tables of projects all the same."""
    none, of_projects = said_none(returns, notes), per_project(catalogue)
    counted = returns[returns["adopted"] & returns["unit_code"].isin(list(none))]
    for row in counted.drop_duplicates("unit_code").itertuples(index=False):
        of = Origin.of(row)
        whole = Origin(unit_code=of.unit_code, unit=of.unit, year=of.year, file=of.file)
        yield common("R-20", whole, item="项目")
    sent = counted[counted["form"].isin(list(of_projects))]
    for _, rows in sent.groupby("unit_code", sort=False):
        origin = Origin.of(next(rows.itertuples(index=False)))
        names = "".join(f"“{sheet}”" for sheet in rows["sheet"])
        yield common("X-13", origin, item="项目", detail=f"报了{names}", said="单位在“填报说明”里选了“无”：")


def _versions(returns: pd.DataFrame, notes: Sequence[Note]) -> Iterator[Finding]:
    """Files that hold the same tables of a unit with unlike contents: told once for all these tables."""
    by_return = {note.return_id: note for note in notes if note.kind in ("versions", "newest")}
    for row in returns[returns["return_id"].isin(list(by_return))].itertuples(index=False):
        note, of = by_return[str(row.return_id)], Origin.of(row)
        origin = Origin(unit_code=of.unit_code, unit=of.unit, year=of.year, file=of.file)
        code = "R-04" if note.kind == "versions" else "R-19"
        yield common(code, origin, item=note.cells[0], detail=note.detail)


def _copies(returns: pd.DataFrame) -> Iterator[Finding]:
    """Files of which everything has come already, each told once. Of one that holds other tables too, it is told with
    these."""
    others = set(returns.loc[returns["status"].isin(["重复报送", "已替代"]), "file"])
    copies = returns[(returns["status"] == "重复文件") & ~returns["file"].isin(others)]
    counts = copies["file"].value_counts()
    for row in copies.drop_duplicates("file").itertuples(index=False):
        origin, more = Origin.of(row), int(counts[str(row.file)])
        detail = str(row.reason) + (f"；这个文件里另有 {more - 1} 张表也是这样" if more > 1 else "")
        yield common("R-05", origin, item=origin.place, detail=detail)


def _missing(
    returns: pd.DataFrame, notes: Sequence[Note], due: Iterable[tuple[str, str, str]], year: int | None
) -> Iterator[Finding]:
    """缺报: forms that the roster asks of a unit (应报表) and that no return of it holds."""
    waiting, unopened = _waiting(returns, notes), _unopened(returns)
    have = _received(returns)
    for unit_code, unit, name in due:
        if (unit_code, name) not in have:
            origin = Origin(unit_code=unit_code, unit=unit, form=name, year=year)
            more = waiting.get((unit_code, name), "") + unopened.get(unit_code, "")
            yield common("R-03", origin, item=name, detail=name, more=more)


def _unopened(returns: pd.DataFrame) -> dict[str, str]:
    """单位编码 → what is said beside 缺报 where the unit sent something that nobody has opened or read."""
    of_units = returns[returns["unit_code"].notna()]
    packed = of_units["status"] == PACKED
    unread = (of_units["status"] == ATTACHED) & (of_units["reason"] != NO_TABLE)
    unseen = (of_units["status"] == UNSEEN) | of_units["file"].str.endswith("/")
    remarks: dict[str, str] = defaultdict(str)
    for rows, words in (
        (of_units[packed], "（收到压缩包或邮件“{}”，还没有打开，表可能在里面，请解压或另存附件后再运行一次）"),
        (
            of_units[unread],
            "（收到“{}”，内容没有读取，表可能在里面，请另存为 .docx 或 .xlsx 后再报送，原因见“收表明细”）",
        ),
        (of_units[unseen], "（“{}”没有读取，表可能在里面，原因见“收表明细”）"),
    ):
        for code, names in rows.groupby("unit_code")["file"].agg("”“".join).items():
            remarks[str(code)] += words.format(names)
    return remarks


def _waiting(returns: pd.DataFrame, notes: Sequence[Note]) -> dict[tuple[str, str], str]:
    """(单位编码, form) → what is said beside 缺报 where a table that is open whose it is may be the unit's."""
    held = returns[returns["status"] == UNIT_OPEN].set_index("return_id")
    claimed = ((note.cells, held.loc[note.return_id]) for note in notes if note.kind == "claimed")
    return {
        (code, str(row["form"])): f"（收到的文件“{row['file']}”身份不一致，还没有确定是哪个单位的）"
        for codes, row in claimed
        for code in codes
    }


def owed(roster: Roster, catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """(单位编码, 单位名称, form) of everything that the roster asks for."""
    rows = roster.frame[["unit_code", "unit", "required_forms"]].dropna().drop_duplicates()
    named = {text: required_forms(str(text), catalogue) for text in rows["required_forms"].unique()}
    for unit_code, unit, text in rows.itertuples(index=False):
        for name in named[text]:
            yield str(unit_code), str(unit), name
