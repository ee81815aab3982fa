"""The published returns read, checked and scored, in every layout: what the hand audit found, no more, no less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd
import pytest

from gouji.export.results import Results
from gouji.samples.build import ISSUED, PASTED, REPORTED, issued_cells, issued_sheet_names
from gouji.samples.figures import Key, Table, load_unit
from gouji.samples.pasted import pasted_cells
from gouji.samples.report import report_cells
from gouji.templates.addresses import BODY, with_sheet
from tests.audit import UNITS, expected, returns
from tests.frames import all_found
from tests.rotation import rotated

LAYOUTS = {ISSUED: "issued", PASTED: "pasted", REPORTED: "pasted"}
BOTH = [(layout, name) for layout in LAYOUTS for name in UNITS]
Told = tuple[str, str, str, str, str, str]


@pytest.fixture(scope="module")
def results(of_published: Callable[[str], Results]) -> dict[str, Results]:
    """What a run on the units' workbooks gives, by layout."""
    return {layout: of_published(layout) for layout in LAYOUTS}


def findings_of(results: Results, name: str) -> list[Any]:
    found = all_found(results)
    frame = found[(found["unit"] == name) & (found["item"] != BODY)]  # what is said of the text has a test of its own
    return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False))


def audited(layout: str, name: str) -> list[dict[str, Any]]:
    audit = expected(name)
    own = audit[LAYOUTS[layout]]
    return [*audit["both"], *(own if layout != REPORTED else _in_words(own, name))]


def _in_words(own: list[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    """In a document all figures are text: T-03 tells there what stands beside a figure, not the space around it."""
    printed = {(table.form, instance): table.printed() for instance, table in load_unit(returns(name)).instances()}
    for one in own:
        texts = printed[one["form"], one["instance"]]
        beside = [item for item in one.get("related_items", ()) if not re.fullmatch(r"\s*[\d.]+%?\s*", texts[item])]
        if one["rule"] != "T-03":
            yield one
        elif beside:
            yield one | {"related_items": beside}


def told(one: Any) -> Told:
    return (one.form, one.instance or "", one.item, one.rule, one.verdict, one.severity)


def wanted(one: dict[str, Any]) -> Told:
    return (one["form"], one["instance"], one["item"], one["rule"], one["verdict"], one["severity"])


@pytest.mark.parametrize(("layout", "name"), BOTH)
def test_findings_are_the_audits(results: dict[str, Results], layout: str, name: str) -> None:
    found = [told(one) for one in findings_of(results[layout], name)]
    assert sorted(found) == sorted(wanted(one) for one in audited(layout, name))


@pytest.mark.parametrize(("layout", "name"), BOTH)
def test_what_asks_nothing_or_is_said_by_another_stands_beside(
    results: dict[str, Results], layout: str, name: str
) -> None:
    asides = results[layout].asides.frame()
    beside = asides[asides["unit"] == name]
    frame = beside.astype(object).where(beside.notna(), None)
    found = [told(one) for one in frame.itertuples(index=False)]
    assert sorted(found) == sorted(wanted(one) for one in audited(layout, name) if one.get("beside"))


def test_nothing_else_is_found(results: dict[str, Results]) -> None:
    for layout in LAYOUTS:
        findings = results[layout].findings
        rest = findings[~findings["unit"].isin(UNITS)]
        assert set(rest["layer"]) == {"表样"}
        published = sum(len(load_unit(returns(name)).tables) for name in UNITS)
        assert results[layout].returns["status"].tolist() == ["已收"] * published
        assert results[layout].returns["layout"].eq("issued" if layout == ISSUED else "found").all()


def test_faults_of_the_forms_are_the_audits(results: dict[str, Results]) -> None:
    keys = ["form", "edition", "item", "rule", "verdict", "severity"]
    for layout in LAYOUTS:
        listed = [one for one in expected("表样")["findings"] if layout != ISSUED or one.get("issued")]
        wanted_faults = sorted(tuple(one[key] for key in keys) for one in listed)
        faults = results[layout].findings
        faults = faults[faults["layer"] == "表样"]
        assert sorted(faults[keys].itertuples(index=False, name=None)) == wanted_faults
        by_item = {(one.form, one.rule, one.item): one for one in faults.itertuples(index=False)}
        for one in listed:
            for key in ("stated", "expected"):
                if key in one:
                    told_figure = getattr(by_item[one["form"], one["rule"], one["item"]], key)
                    assert figure_of(told_figure)[0] == Decimal(one[key])


@pytest.mark.parametrize(("layout", "name"), rotated("cells", BOTH, 3))
def test_findings_stand_at_their_cells(results: dict[str, Results], layout: str, name: str) -> None:
    cells = _CELLS[layout](returns(name))
    sheets = {} if layout == PASTED else issued_sheet_names(returns(name))
    places = {told(one): one for one in findings_of(results[layout], name)}
    for one in audited(layout, name):
        found = places[wanted(one)]
        if layout == REPORTED:
            found = found._replace(
                sheet=load_unit(returns(name)).paste.sheet,
                cell=found.cell and with_sheet(found.sheet, found.cell),
                related_cells=found.related_cells
                and "；".join(with_sheet(found.sheet, cell) for cell in found.related_cells.split("；")),
            )
        assert layout == REPORTED or found.sheet == sheets.get(
            (one["form"], one["instance"]), load_unit(returns(name)).paste.sheet
        )
        if one["rule"] in ("T-03", "T-13"):
            related = {cells[one["form"], one["instance"], item] for item in one["related_items"]}
            assert set(found.related_cells.split("；")) == related
            assert found.cell in related
        else:
            assert found.cell == first_cell(cells, name, one), one


_CELLS = {ISSUED: issued_cells, PASTED: pasted_cells, REPORTED: report_cells}


def first_cell(cells: dict[Key, str], name: str, one: dict[str, Any]) -> str:
    """The cell of a finding's item; of a block or of an indicator's lines, the first that belongs to it."""
    key = one["form"], one["instance"], one["item"]
    if key in cells:
        return cells[key]
    table = next(t for at, t in load_unit(returns(name)).instances() if (t.form, at) == key[:2])
    return next(cells[(*key[:2], item)] for item in members(table, one["item"]))


def members(table: Table, item: str) -> Iterator[str]:
    """The items of a block that may be blank together, or those of a column under an indicator that hold a figure."""
    yield from (one.id for one in table.definition.groups.get(item, []))
    group, _, column = item.rpartition(".")
    for list_id, lines in table.lines.items():
        parents = table.definition.lists[list_id].groups
        for line_id, line in zip(table.line_ids(list_id), lines, strict=True):
            figure = re.search(r"\d", line.values.get(column, ""))
            if figure and group in (line.group, parents.get(line.group or "")):
                yield f"{line_id}.{column}"


@pytest.mark.parametrize(("layout", "name"), BOTH)
def test_figures_of_the_findings_are_the_audits(results: dict[str, Results], layout: str, name: str) -> None:
    places = {told(one): one for one in findings_of(results[layout], name)}
    for one in audited(layout, name):
        found = places[wanted(one)]
        for key in ("stated", "expected"):
            if key in one:
                shown, unit = figure_of(getattr(found, key))
                assert shown == Decimal(one[key]).quantize(unit, ROUND_HALF_UP), one
        if "difference" in one:
            assert found.difference == pytest.approx(float(one["difference"]), rel=1e-12)


def figure_of(text: str) -> tuple[Decimal, Decimal]:
    """A figure as a finding shows it, and the unit of its last decimal; percent as a fraction."""
    found = re.fullmatch(r"[≤≥]?(-?\d+(?:\.\d+)?)(万元|分|%)?", text)
    assert found, text
    power = -2 if found[2] == "%" else 0
    shown = Decimal(found[1]).scaleb(power)
    return shown, Decimal(1).scaleb(int(shown.as_tuple().exponent))


def judged(results: Results, name: str, verdict: str) -> set[tuple[str, str, str, str]]:
    """(form, instance, rule, item) of every check of a unit with this verdict."""
    returned = results.returns[results.returns["unit"] == name]
    frame = results.verdicts.frame(verdict={verdict}).merge(returned, on="return_id")
    frame["instance"] = frame["instance"].fillna("")
    return set(frame[["form", "instance", "rule", "item"]].itertuples(index=False, name=None))


def listed(name: str, section: str) -> set[tuple[str, str, str, str]]:
    return {
        (table["form"], table["instance"], rule, item)
        for table in expected(name)[section]
        for rule, items in table["checks"].items()
        for item in items
    }


@pytest.mark.parametrize(("layout", "name"), BOTH)
def test_checks_that_agree_are_the_audits(results: dict[str, Results], layout: str, name: str) -> None:
    assert judged(results[layout], name, "相符") == listed(name, "agrees")


@pytest.mark.parametrize(("layout", "name"), BOTH)
def test_checks_that_cannot_be_made_are_the_audits(results: dict[str, Results], layout: str, name: str) -> None:
    found = {
        (one["form"], one["instance"], one["rule"], one["item"])
        for one in audited(layout, name)
        if one["verdict"] == "无法核对"
    }
    assert judged(results[layout], name, "无法核对") - found == listed(name, "unchecked")


def test_all_layouts_give_the_same_figures(results: dict[str, Results]) -> None:
    """Where a value stands and how it was typed must not change what it is."""
    keys = ["unit", "form", "instance", "item"]
    sides = []
    for layout in LAYOUTS:
        frame = results[layout].values.frame().merge(results[layout].returns[["return_id", *keys[:3]]], on="return_id")
        frame["instance"] = frame["instance"].fillna("")
        sides.append(frame[frame["value"].notna()].set_index(keys)["value"].sort_index())
    for side in sides[1:]:
        pd.testing.assert_series_equal(sides[0], side)
