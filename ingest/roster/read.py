"""A roster's file → the Roster: lines that cannot be read are refused together, doubtful ones get a remark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from gouji.ingest.figures.days import day_of
from gouji.ingest.roster.doubles import code_key, double_projects, double_units, remarks
from gouji.ingest.roster.errors import Fault, RosterError, refused
from gouji.ingest.roster.heads import COLUMNS, Headed, headed, unknown_heads
from gouji.ingest.roster.lines import Entry, Lines
from gouji.ingest.roster.matching import Roster
from gouji.ingest.roster.owing import per_project
from gouji.ingest.roster.tables import tables_of
from gouji.templates.catalogue import Catalogue
from gouji.templates.errors import FormNotFoundError
from gouji.templates.supplement import SUPPLEMENT

_BETWEEN = str.maketrans(dict.fromkeys(";、,，\r\n", "；"))
_BUREAU = "bureau"
_MOST_UNKNOWN = 20
"""Names of no form that are looked into: what they are like is searched for."""


def read_roster(path: Path, catalogue: Catalogue) -> Roster:
    """The roster from a workbook (.xlsx, .xls, .et, .ods) or a text (.csv, .txt, in UTF-8, UTF-16 or GB 18030);
    `catalogue`: what it may ask units for.

    Raises FileNotFoundError, and RosterError (Chinese) naming what is missing, or every line that cannot be taken.
    """
    head = _headed(path)
    lines = Lines(head)
    lines.read()
    unknown = islice(_unknown(lines.entries, catalogue), _MOST_UNKNOWN)
    faults = [*lines.faults, *double_units(lines.entries), *double_projects(lines.entries), *unknown]
    if faults:
        raise refused(path.name, head.table.name, faults)
    if not lines.entries:
        raise RosterError(f"名册 {path.name} 里没有单位")
    remarks_found = [*unknown_heads(head), *remarks(lines.entries), *_undated(lines.entries)]
    frame, none = _frame(lines.entries), _without_projects(lines.entries)
    return Roster(_not_owing(frame, none, catalogue), tuple(map(str, sorted(remarks_found))), none)


def required_forms(text: str, catalogue: Catalogue) -> list[str]:
    """The forms named in the roster's 应报表: `表@版本；表`, by full or short name; unknown names as they stand."""
    return list(dict.fromkeys(catalogue.full_name(name) or name for name in _asked(text)))


def _headed(path: Path) -> Headed:
    """The table with the heads; of a text the first way of dividing it that has them."""
    first: RosterError | None = None
    for tables in tables_of(path):
        try:
            return headed(tables, path.name)
        except RosterError as error:
            first = first or error
    raise first or RosterError(f"名册 {path.name} 是空的")


def _frame(entries: Sequence[Entry]) -> pd.DataFrame:
    """One row per entry; one spelling of code and name per unit, the one with all its zeros."""
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for entry in entries:
        key, code = code_key(entry.texts["unit_code"]), entry.texts["unit_code"]
        codes[key] = max(codes.get(key, code), code, key=len)
        names.setdefault(key, entry.texts["unit"])
    records = []
    for entry in entries:
        key = code_key(entry.texts["unit_code"])
        day = day_of(entry.texts.get("deadline"))
        unified = {"unit_code": codes[key], "unit": names[key]} | ({"deadline": day.isoformat()} if day else {})
        records.append(entry.texts | unified)
    frame = pd.DataFrame(records, columns=list(COLUMNS.values()), dtype="object")
    return frame.where(frame.notna(), None)


def _without_projects(entries: Sequence[Entry]) -> frozenset[str]:
    """Codes (`code_key`) of the units that are said to have no project, and have none on any line."""
    without = {code_key(entry.texts["unit_code"]) for entry in entries if entry.no_project}
    listed = {code_key(entry.texts["unit_code"]) for entry in entries if "project_name" in entry.texts}
    return frozenset(without - listed)


def _not_owing(frame: pd.DataFrame, none: frozenset[str], catalogue: Catalogue) -> pd.DataFrame:
    """The roster with 应报表 without the forms that are filled per project, of the units that have no project."""
    asked = frame["unit_code"].map(code_key).isin(none) & frame["required_forms"].notna()
    of_projects = per_project(catalogue)
    kept = (
        "；".join(_not_per_project(str(text), of_projects, catalogue)) for text in frame.loc[asked, "required_forms"]
    )
    frame.loc[asked, "required_forms"] = list(kept)
    return frame


def _not_per_project(text: str, of_projects: frozenset[str], catalogue: Catalogue) -> Iterator[str]:
    return (name for name in _asked(text) if catalogue.full_name(name) not in of_projects)


def _asked(text: str) -> list[str]:
    return [name for part in text.translate(_BETWEEN).split("；") if (name := part.strip())]


def _unknown(entries: Sequence[Entry], catalogue: Catalogue) -> Iterator[Fault]:
    """应报表 that is no form of the catalogue, where it is first asked for."""
    first: dict[str, int] = {}
    for entry in entries:
        for name in _asked(entry.texts.get("required_forms", "")):
            first.setdefault(name, entry.line)
    for name, line in first.items():
        if why := _why_unknown(name, catalogue):
            yield Fault(line, f"的应报表“{name}”{why}")


def _why_unknown(name: str, catalogue: Catalogue) -> str:
    full_name = catalogue.full_name(name)
    if name.partition("@")[0] == SUPPLEMENT:
        return ""
    if full_name is None:
        names = sorted({name for form in catalogue.forms for name in form.known_names})
        near = process.extractOne(name, names, scorer=fuzz.WRatio, score_cutoff=60)
        return "不在表样目录里" + (f"，最接近的是“{near[0]}”" if near else "") + "，几张表之间请用“；”隔开"
    if next(form for form in catalogue.forms if form.name == full_name).definition.per == _BUREAU:
        return "由财政局填写，不由单位报送，请删去"
    try:
        catalogue.find(name)
    except FormNotFoundError as error:
        return "没有这个版本，可选：" + "、".join(error.choices) if "@" in name else ""
    return ""


def _undated(entries: Sequence[Entry]) -> Iterator[Fault]:
    for entry in entries:
        text = entry.texts.get("deadline")
        if text and day_of(text) is None:
            fault = f"的截止日期“{text}”看不出是哪一天"
            yield Fault(entry.line, f"{fault}，逾期天数不计算，请写成 2022-03-31 这样")
