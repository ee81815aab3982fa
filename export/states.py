"""Where every table of every unit stands in the round: one word each, by which all outputs go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from gouji.export.attendance import attendance
from gouji.export.parties import NOBODY, Parties
from gouji.export.results import Results, once
from gouji.export.settled import outstanding
from gouji.export.to_units import of_the_bureau, refused
from gouji.export.words import ASK, HELD_BACK, MUST, RECEIVED, REPEATED
from gouji.export.wrong_year import wrong_year
from gouji.templates.supplement import SUPPLEMENT
from gouji.templates.verdicts import DIFFERS, UNCHECKED

(UNSENT, WRONG_YEAR, UNREADABLE, UNCHOSEN, TO_MEND, TO_EXPLAIN, TO_DECIDE, PASSED, FINISHED) = STATES = (
    "未报", "年度不对", "无法读取", "待选", "退回修改", "待说明", "待审", "通过", "已定稿",
)  # fmt: skip
"""未报: nothing that counts has come. 待选: two versions, and nobody has said which. 退回修改: something mandatory is
wrong, or an auditor has sent it back. 待说明: the unit is to explain something. 待审: the unit has explained it, or the
bureau is to decide something else. 通过: nothing is asked of anybody."""
LACKING = (UNSENT, WRONG_YEAR, UNREADABLE)
"""No receipt: the unit is still to send the table."""
NOT_ASKED, EXCUSED = "未要求", "不再催报"
STATE_SHADES = {
    UNSENT: "bad", WRONG_YEAR: "bad", UNREADABLE: "bad", TO_MEND: "bad", UNCHOSEN: "warn", TO_EXPLAIN: "warn",
    TO_DECIDE: "warn", PASSED: "good", FINISHED: "good",
}  # fmt: skip
COLUMNS = ["unit_code", "unit", "form", "instance", "return_id", "file", "state", "why"]

_GONE = ("已替代", "重复文件")
_BLANK = "空表"
_UNREAD = ("无法读取", "已隔离")
_HIDDEN_FIGURES = "T-15"
"""Figures that count and would stand on no paper."""


@once
def states(results: Results) -> pd.DataFrame:
    """One row per table that came or is due, with COLUMNS; `why` says what the state rests on, where it is not plain.

    A table that is due and has not come has no return_id; of two versions the first file is named.
    """
    came = _standing(each_return(results))
    return pd.concat([came, _owed(results, came)], ignore_index=True)[COLUMNS]


@once
def by_unit(results: Results) -> Mapping[tuple[int, str], Counter[str]]:
    """(place of the unit, form) → state → tables; places as of `Parties`."""
    frame = states(results)
    places = Parties(results).places(frame)
    counts: dict[tuple[int, str], Counter[str]] = {}
    for place, form, state in zip(places, frame["form"], frame["state"], strict=True):
        if place != NOBODY:
            counts.setdefault((int(place), str(form)), Counter())[str(state)] += 1
    return counts


@once
def reasons(results: Results) -> Mapping[tuple[int, str], list[str]]:
    """(place of the unit, form) → why what has come is no receipt: `表上是2020年度`."""
    frame = states(results)
    frame = frame[frame["state"].isin(LACKING) & frame["why"].ne("")]
    whys: dict[tuple[int, str], list[str]] = {}
    for place, form, why in zip(Parties(results).places(frame), frame["form"], frame["why"], strict=True):
        whys.setdefault((int(place), str(form)), []).append(str(why))
    return whys


def state_words(counts: Mapping[str, int]) -> str:
    """`退回修改 1，通过 2`, in the order of STATES."""
    return "，".join(f"{state} {counts[state]}" for state in STATES if counts.get(state))


def words(results: Results, place: int, form: str) -> str:
    """What is said of a form of a unit: its states, 不再催报 where the bureau has decided so, else 未要求."""
    said = [state_words(by_unit(results).get((place, form), {}))]
    excused = [EXCUSED] if form in attendance(results)[place].excused else []
    return "，".join(filter(None, [*said, *excused])) or NOT_ASKED


@once
def each_return(results: Results) -> pd.DataFrame:
    """The rows of `results.returns` that are tables of a unit and replaced by no other, with their state and why."""
    returns = results.returns
    known = returns["form"].notna() & (returns["unit"].notna() | returns["unit_code"].notna())
    rows = returns[known & ~returns["status"].isin(_GONE)].copy()
    judged = _judged(results).reindex(rows["return_id"])
    rows["state"], rows["why"] = judged["state"].fillna(PASSED).to_numpy(), judged["why"].fillna("").to_numpy()
    wrong = wrong_year(results).reindex(rows.index)
    versions = rows["status"].eq(REPEATED) & ~rows["adopted"]
    others = ~rows["status"].isin([RECEIVED, REPEATED, *HELD_BACK, _BLANK])
    reasons = rows["status"] + "：" + rows["reason"].fillna("")
    for where, state, why in (
        (rows["status"].isin(HELD_BACK) | others, TO_DECIDE, reasons),
        (versions, UNCHOSEN, "报了不止一份"),
        (wrong, WRONG_YEAR, "表上是" + rows["year"].astype("string").fillna("") + "年度"),
        (rows["state"].eq(PASSED) & rows["sha256"].isin(results.finished), FINISHED, ""),
        (rows["status"].eq(_BLANK), UNSENT, "报来的是空表"),
    ):
        rows["state"] = rows["state"].mask(where, state)
        rows["why"] = rows["why"].mask(where, why)
    return rows


def _standing(rows: pd.DataFrame) -> pd.DataFrame:
    """Those that stand for a table: what counts, else one of the versions that do not."""
    rank = rows["state"].map({UNCHOSEN: 1, WRONG_YEAR: 2, UNSENT: 3}).fillna(0)
    ranked = rows.assign(rank=rank, key=_key(rows)).sort_values("rank", kind="stable")
    return ranked[ranked["rank"].eq(0) | ~ranked["key"].duplicated()].sort_index()


def shade(results: Results, place: int, form: str) -> str:
    """That of the worst state of a form of a unit: bad, warn, good, or quiet where nothing was asked."""
    shades = {STATE_SHADES[state] for state in by_unit(results).get((place, form), {})}
    return next((candidate for candidate in ("bad", "warn", "good") if candidate in shades), "quiet")


def owed_words(results: Results, place: int) -> list[str]:
    """`自评表1张（应急物资储备经费；表上是2020年度）` of every form that a unit owes: of which projects, as far as the
    roster tells, and what came and is no receipt."""
    unit, clauses = attendance(results)[place], []
    for form in unit.asked:
        if count := unit.lacking(form):
            why = list(dict.fromkeys(reasons(results).get((place, form), [])))
            named = _owed_projects(results, place, form, count)
            more = "；".join(["、".join(named), *why] if named else why)
            clauses.append(f"{results.catalogue.short_name(form)}{count}张" + (f"（{more}）" if more else ""))
    return clauses


def _owed_projects(results: Results, place: int, form: str, count: int) -> list[str]:
    """The projects whose table has not come, where there are as many in the roster as tables are owed."""
    if form not in {candidate.name for candidate in results.catalogue.forms if candidate.definition.per == "project"}:
        return []
    came = _came(results).get((place, form), set())
    owed = [name for code, name in _listed_projects(results).get(place, []) if not {code, name} & came]
    return owed if len(owed) == count else []


@once
def _came(results: Results) -> Mapping[tuple[int, str], set[str]]:
    """(place of the unit, form) → what tells apart the projects whose table has come."""
    frame = states(results)
    frame = frame[~frame["state"].isin(LACKING) & frame["instance"].notna()]
    came: dict[tuple[int, str], set[str]] = {}
    for place, form, instance in zip(Parties(results).places(frame), frame["form"], frame["instance"], strict=True):
        came.setdefault((int(place), str(form)), set()).add(str(instance))
    return came


@once
def _listed_projects(results: Results) -> Mapping[int, list[tuple[str, str]]]:
    """Place of the unit → 项目编码 (its name where it has none) and name of its projects in the roster."""
    if results.roster is None or not {"project_code", "project_name"} <= set(results.roster.columns):
        return {}
    rows = results.roster[results.roster["project_name"].notna()]
    listed: dict[int, list[tuple[str, str]]] = {}
    codes = rows["project_code"].fillna(rows["project_name"])
    for place, code, name in zip(Parties(results).places(rows), codes, rows["project_name"], strict=True):
        listed.setdefault(int(place), []).append((str(code), str(name)))
    return {place: list(dict.fromkeys(projects)) for place, projects in listed.items()}


def _key(rows: pd.DataFrame) -> pd.Series[str]:
    """What tells a unit's tables apart."""
    unit = rows["unit_code"].fillna(rows["unit"])
    edition = rows["edition"].where(rows["form"].eq(SUPPLEMENT), "")
    return unit + "\n" + rows["form"] + "\n" + edition.fillna("") + "\n" + rows["instance"].fillna("")


def _judged(results: Results) -> pd.DataFrame:
    """return_id → state and why, of the tables of which something is asked."""
    findings = outstanding(results)
    findings = findings[findings["return_id"].notna()]
    asking = findings["verdict"].isin([DIFFERS, UNCHECKED])
    must = findings["severity"].eq(MUST) & asking | findings["rule"].eq(_HIDDEN_FIGURES)
    explained = findings["explanation"].notna()
    asked = must | findings["severity"].eq(ASK) & asking
    bureau = of_the_bureau(findings, results.catalogue)
    marks = pd.DataFrame(
        {
            "back": findings["finding_id"].isin(refused(results)),
            "must": must & ~explained & ~bureau,
            "ask": asked & ~must & ~explained & ~bureau,
            "decide": asked & explained & ~bureau,
            "own": asked & bureau,
        }
    )
    counts = marks.groupby(findings["return_id"]).sum()
    ways = (
        ("own", TO_DECIDE, "财政部门要核实 {} 处"),
        ("decide", TO_DECIDE, "单位已说明 {} 处"),
        ("ask", TO_EXPLAIN, "核实性问题 {} 处"),
        ("must", TO_MEND, "强制性问题 {} 处"),
        ("back", TO_MEND, "审核意见退回 {} 处"),
    )
    judged = pd.DataFrame({"state": PASSED, "why": ""}, index=counts.index)
    for name, state, words in ways:
        where = counts[name] > 0
        judged.loc[where, "state"] = state
        judged.loc[where, "why"] = [words.format(count) for count in counts.loc[where, name]]
    return judged


def _owed(results: Results, came: pd.DataFrame) -> pd.DataFrame:
    """The tables that are due and of which nothing at all has come."""
    parties = Parties(results)
    lesser = came[came["state"].isin([WRONG_YEAR, UNSENT])]
    counted = Counter(zip(parties.places(lesser), lesser["form"], strict=True))
    unread = results.returns[results.returns["status"].isin(_UNREAD) & results.returns["unit"].notna()]
    shut = dict(zip(parties.places(unread), unread["file"], strict=True))
    rows = []
    for place, unit in enumerate(attendance(results)):
        for form in unit.asked:
            state, why = (UNREADABLE, f"“{shut[place]}”无法读取") if place in shut else (UNSENT, "")
            row = {"unit_code": unit.code, "unit": unit.name, "form": form, "state": state, "why": why}
            rows += [row] * (unit.lacking(form) - counted[place, form])
    return pd.DataFrame(rows, columns=COLUMNS).astype("str")
