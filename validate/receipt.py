"""收表: files that could not be read or recognised, duplicates, units outside the roster, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from gouji.ingest.frames import AMOUNTS_OPEN, PACKED, UNIT_OPEN, UNSEEN
from gouji.ingest.register.batch import Note
from gouji.ingest.roster import Roster, required_forms
from gouji.templates.catalogue import Catalogue
from gouji.validate.findings import Finding, Origin, common

_BY_STATUS = {
    "无法读取": "R-01", "未识别": "R-02", "重复报送": "R-04", "重复文件": "R-05", "空表": "R-07", "已隔离": "R-09",
    UNIT_OPEN: "R-11", AMOUNTS_OPEN: "R-12", "未收录": "R-14", PACKED: "R-16", UNSEEN: "R-18",
}  # fmt: skip


def receipt_findings(
    returns: pd.DataFrame, notes: Sequence[Note], roster: Roster | None, year: int | None, catalogue: Catalogue
) -> Iterator[Finding]:
    """R-01 … R-12, R-14, R-16 … R-18: a finding per file or table that does not count as it stands, per missing one."""
    for row in returns.itertuples(index=False):
        origin = Origin.of(row)
        code = _BY_STATUS.get(str(row.status))
        if code is not None:
            yield common(code, origin, item=origin.return_id, detail=str(row.reason or ""), place=origin.file)
        if origin.form is not None:
            yield from _whose(origin, str(row.status), roster)
    yield from _remarks(returns, notes)
    yield from _not_replaced(returns, notes)
    if roster is not None:
        yield from _missing(returns, notes, owed(roster, catalogue), year)


def _whose(origin: Origin, status: str, roster: Roster | None) -> Iterator[Finding]:
    if status in (UNIT_OPEN, "已替代"):
        return
    if origin.unit is None:
        yield common("R-08", origin, item=origin.return_id)
    elif roster is not None and roster.unit_of(origin.unit_code, origin.unit) is None:
        near = roster.nearest(origin.unit or "")
        like = "" if near is None else f"名册里最接近的是“{near[1]}”（{near[0]}）。"
        yield common("R-06", origin, item=origin.return_id, detail=like)


def _not_replaced(returns: pd.DataFrame, notes: Sequence[Note]) -> Iterator[Finding]:
    """Mended copies that did not take the place of what they say they were made of."""
    rows = {row.return_id: row for row in returns.itertuples(index=False)}
    for note in notes:
        if note.kind in ("not_replaced", "lacking"):
            origin, severity = Origin.of(rows[note.return_id]), "提示" if note.kind == "lacking" else None
            yield common("R-17", origin, severity=severity, item=note.detail, detail=note.detail)


def _remarks(returns: pd.DataFrame, notes: Sequence[Note]) -> Iterator[Finding]:
    """Macros, links to other workbooks, an extension that does not fit: told once for a file that was read."""
    whose = {row.file: Origin.of(row) for row in returns.drop_duplicates("file").itertuples(index=False)}
    for note in notes:
        if note.kind == "remark":
            of = whose[note.return_id]
            origin = Origin(unit_code=of.unit_code, unit=of.unit, year=of.year, return_id=of.return_id, file=of.file)
            yield common("R-10", origin, item=note.detail, detail=note.detail)


def _missing(
    returns: pd.DataFrame, notes: Sequence[Note], due: Iterable[tuple[str, str, str]], year: int | None
) -> Iterator[Finding]:
    """缺报: forms that the roster asks of a unit (应报表) and that no return of it holds."""
    waiting, unopened = _waiting(returns, notes), _unopened(returns)
    received = returns[returns["form"].notna() & ~returns["status"].isin(["空表", "已替代"])]
    have = set(zip(received["unit_code"], received["form"], strict=True))
    for unit_code, unit, name in due:
        if (unit_code, name) not in have:
            origin = Origin(unit_code=unit_code, unit=unit, form=name, year=year)
            more = waiting.get((unit_code, name), "") + unopened.get(unit_code, "")
            yield common("R-03", origin, item=name, detail=name, more=more)


def _unopened(returns: pd.DataFrame) -> dict[str, str]:
    """单位编码 → what is said beside 缺报 where the unit sent something that nobody has opened."""
    of_units = returns[returns["unit_code"].notna()]
    packed = of_units["status"] == PACKED
    unseen = (of_units["status"] == UNSEEN) | of_units["file"].str.endswith("/")
    told: dict[str, str] = defaultdict(str)
    for rows, words in (
        (of_units[packed], "（收到压缩包或邮件“{}”，还没有打开，表可能在里面，请解压或另存附件后再运行一次）"),
        (of_units[unseen], "（“{}”没有读取，表可能在里面，原因见“收表明细”）"),
    ):
        for code, names in rows.groupby("unit_code")["file"].agg("”“".join).items():
            told[str(code)] += words.format(names)
    return told


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
