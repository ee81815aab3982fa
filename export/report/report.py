"""审核报告.html: overview, findings and units of a run in one file that opens from a folder without a network."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from gouji.export.outputs import SUMMARY, not_written
from gouji.export.parties import NOBODY, Parties, title
from gouji.export.records import records
from gouji.export.report.bounds import Bounds
from gouji.export.report.overview import overview
from gouji.export.report.page import packed, rendered
from gouji.export.report.problems import NAMES, Problems, counted, problems
from gouji.export.report.unit_pages import unit_pages
from gouji.export.results import Results
from gouji.export.sheets.versions import basis, definitions, facts
from gouji.export.states import words
from gouji.export.words import ASK, FORM_FAULT, HINT, MUST

UNIT_NAMES = [
    "place", "code", "name", "department", "office", "deadline", "listed", "lacking", "received", "must", "all_must",
    "ask", "hint", "impact", "page",
]  # fmt: skip
_NONE = {"must": 0, "impact": 0.0, MUST: 0, ASK: 0, HINT: 0}


def write_report(results: Results, path: Path, bounds: Bounds | None = None) -> None:
    """Write the page. Equal results give equal bytes. Raises OSError when the file cannot be written."""
    path.write_text(report(results, bounds or Bounds()), encoding="utf-8", newline="\n")


def report(results: Results, bounds: Bounds) -> str:
    """The page as text."""
    parties = Parties(results)
    listed = problems(results, parties, bounds)
    counts = counted(listed.frame)
    ranked = _ranked(parties, counts)
    wanted = sorted(ranked[: bounds.pages])
    pages = unit_pages(results, parties.places(results.returns), wanted, bounds)
    data = {
        "problems": packed({"names": NAMES, "rows": listed.rows}),
        "units": packed({"names": UNIT_NAMES, "rows": _units(results, parties, counts, set(wanted))}),
        **{f"unit-{place}": packed(page) for place, page in pages},
    }
    contents: dict[str, Any] = {
        "heading": f"{results.year}年度绩效自评审核报告" if results.year else "绩效自评审核报告",
        "day": str(results.run.get("started") or results.run.get("finished") or "")[:10],
        "overview": overview(results, parties, listed, counts, ranked),
        "left_out": _left_out(listed, len(parties.units) - len(wanted), len(listed.rows), not_written(results.run)),
        "refused": _refused(results, bounds),
        "form_faults": _form_faults(results, bounds),
        "versions": [
            *definitions(results), *facts(results.run, "本次运行"), *basis(results),
        ],
    }  # fmt: skip
    return rendered(contents, data, [chart["style"] for chart in contents["overview"]["charts"]])


def _ranked(parties: Parties, counts: Mapping[int, dict[str, Any]]) -> list[int]:
    """The places of the units, those with most at stake first: what the score risks, what must be mended, the rest."""

    def stake(place: int) -> tuple[float, ...]:
        count = counts.get(place, _NONE)
        return (-count["impact"], -count["must"], -count[MUST], -count[ASK], -count[HINT], place)

    return sorted((place for place in range(len(parties.units)) if place != NOBODY), key=stake)


def _units(
    results: Results, parties: Parties, counts: Mapping[int, dict[str, Any]], with_page: set[int]
) -> list[list[Any]]:
    rows, short_name = [], results.catalogue.short_name
    for place, unit in enumerate(parties.units):
        count = counts.get(place, _NONE)
        lacking = [[short_name(form), unit.lacking(form)] for form in unit.asked if unit.lacking(form)]
        forms = dict.fromkeys([*unit.asked, *unit.sent])
        received = [[short_name(form), words(results, place, form)] for form in forms]
        rows.append(
            [
                place, unit.code, title(unit), unit.department, unit.office, unit.deadline, unit.listed, lacking,
                received, count["must"], count[MUST], count[ASK], count[HINT], count["impact"], place in with_page,
            ]
        )  # fmt: skip
    return rows


def _left_out(listed: Problems, units: int, shown: int, lacking: Collection[str]) -> list[str]:
    """What the page does not hold and where it stands, in sentences."""
    said = []
    if SUMMARY in lacking:
        said.append(
            f"本次运行按 --only 没有写出 {SUMMARY}：本页提到它的地方，请看 findings.csv 和 data/ 里的数据，"
            "或不加 --only 再运行一次。"
        )
    if listed.left_out:
        named = "、".join(f"{severity}{count}条" for severity, count in listed.left_out.items())
        said.append(
            f"问题共{len(listed.frame)}条，本页列出最要紧的{shown}条；没有列出的（{named}）见 汇总.xlsx 的“问题清单”、"
            "findings.csv 和 data/findings.parquet。"
        )
    if units:
        said.append(
            f"问题较少的{units}个单位在本页没有单独的页面，其数据和得分见 汇总.xlsx 的“单位得分”“指标得分”等工作表，"
            "以及 data/values.parquet、data/scores.parquet。"
        )
    return said


def _refused(results: Results, bounds: Bounds) -> dict[str, Any]:
    """The files and tables that do not count, each with its reason."""
    returns = results.returns[~results.returns["adopted"]].sort_values(["file", "sheet"], kind="stable")
    names = ["file", "sheet", "status", "reason"]
    rows = [[row[name] for name in names] for row in records(returns[names].head(bounds.rows))]
    return {"rows": rows, "more": len(returns) - len(rows)}


def _form_faults(results: Results, bounds: Bounds) -> dict[str, Any]:
    faults = results.findings[results.findings["severity"] == FORM_FAULT]
    names = ["form", "edition", "item", "message", "rule"]
    ordered = faults.sort_values(["form", "edition", "rule", "item"], kind="stable")
    rows = [[row[name] for name in names] for row in records(ordered[names].head(bounds.rows))]
    return {"rows": rows, "more": len(faults) - len(rows)}
