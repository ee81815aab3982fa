"""The hand audit is whole: every required cell, text figure, check and form fault is judged once."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest

from gouji.samples.figures import Table, load_unit
from gouji.samples.pasted import as_pasted
from gouji.templates.form import Form
from gouji.templates.model import FIGURES
from gouji.templates.rules.nodes import refs
from gouji.templates.rules.scope import PREVIOUS, REFERENCE
from gouji.templates.scores_block import ScoresBlock
from tests.audit import FINDING_KEYS, UNITS, expected, filled_lines, group_totals, item_kinds, returns, without_finding


@pytest.mark.parametrize("name", UNITS)
def test_every_required_cell_is_filled_or_found_blank(name: str) -> None:
    """The audit's T-01 and T-02 against the form's own required items."""
    unit, findings = load_unit(returns(name)), expected(name)["both"]
    blank = [finding for finding in findings if finding["rule"] in ("T-01", "T-02")]
    stated = {(f["form"], f["instance"], f["item"], f.get("alone", f["severity"])) for f in blank}
    assert stated == {blank_cell for instance, each in unit.instances() for blank_cell in blanks(each, instance)}


def blanks(each: Table, instance: str) -> set[tuple[str, str, str, str]]:
    form = each.definition

    def blank(item: str) -> bool:
        return not each.values.get(item, "").strip()

    groups = {name: items for name, items in form.groups.items() if all(blank(item.id) for item in items)}
    whole = {
        (each.form, instance, name, "强制性" if any(item.required for item in items) else "提示")
        for name, items in groups.items()
    }
    single = {
        (each.form, instance, item.id, "提示" if item.role == "year" else item.severity)
        for item in form.items.values()
        if item.required and blank(item.id) and item.group not in groups
    }
    return whole | single


@pytest.mark.parametrize("name", UNITS)
def test_figures_that_are_text_when_pasted_are_the_audits(name: str) -> None:
    unit = load_unit(returns(name))
    stated = {(f["form"], f["instance"]): sorted(f["related_items"]) for f in expected(name)["pasted"]}
    text_items: dict[tuple[str, str], list[str]] = {}
    for instance, each in unit.instances():
        kinds = item_kinds(each)
        for item, text in each.printed().items():
            if kinds.get(item) in FIGURES and text.strip() and isinstance(as_pasted(text)[0], str):
                text_items.setdefault((each.form, instance), []).append(item)
    assert stated == {key: sorted(items) for key, items in text_items.items()}


@pytest.mark.parametrize("name", UNITS)
def test_audit_names_items_of_its_tables_and_none_twice(name: str) -> None:
    unit, audit = load_unit(returns(name)), expected(name)
    tables = {(each.form, instance): each for instance, each in unit.instances()}
    assert audit["forms"] == {each.form: each.edition for each in unit.tables}
    judged = [(f["form"], f["instance"], f["rule"], f["item"]) for f in [*audit["both"], *audit["pasted"]]]
    judged += without_finding(audit)
    assert [key for key, count in Counter(judged).items() if count > 1] == []
    for form, instance, rule, item in judged:
        each = tables[form, instance]
        known = {"", *item_kinds(each), *each.definition.groups, *group_totals(each)}
        assert item in known, (instance, rule, item)
    for finding in [*audit["both"], *audit["pasted"]]:
        assert set(finding) - {"stated", "expected", "difference", "related_items", "beside", "alone"} == FINDING_KEYS


@pytest.mark.parametrize("name", UNITS)
def test_figures_typed_over_formulas_when_issued_are_the_audits(name: str) -> None:
    stated = {(f["form"], f["instance"]): sorted(f["related_items"]) for f in expected(name)["issued"]}
    assert {f["rule"] for f in expected(name)["issued"]} == {"T-13"}
    typed_over: dict[tuple[str, str], list[str]] = {}
    for instance, each in load_unit(returns(name)).instances():
        printed = each.printed()
        items = [item for item in each.definition.computed if printed.get(item, "").strip()]
        if items:
            typed_over[each.form, instance] = sorted(items)
    assert stated == typed_over


@pytest.mark.parametrize("name", UNITS)
def test_every_check_of_a_form_is_judged_once_by_the_audit(name: str) -> None:
    """No sum, ratio or limit of a definition may be missing from the hand audit."""
    unit, audit = load_unit(returns(name)), expected(name)
    judged = {(f["form"], f["instance"], f["rule"], f["item"]) for f in audit["both"]}
    judged |= set(without_finding(audit))
    wanted = set()
    for instance, each in unit.instances():
        for rule in each.definition.rules:
            if {PREVIOUS, REFERENCE} & {ref.form for ref in refs(rule.node)}:
                continue  # nothing was given to compare with
            lines = filled_lines(each, rule.list_id) if rule.list_id else [None]
            column = rule.item.rpartition(".")[2]
            items = [rule.item if line is None else f"{line}.{column}" for line in lines]
            wanted |= {(each.form, instance, rule.id, item) for item in items}
    assert wanted == {key for key in judged if not re.match(r"T-|[A-Z]-S|X-03", key[2])}


def test_form_faults_are_those_printed() -> None:
    """Every figure, direction, year and contradiction that an indicator records as printed is in the audit."""
    forms = {each.definition.key: each.definition for name in UNITS for each in load_unit(returns(name)).tables}
    named = {form.name for form in forms.values() if form.indicators}
    audited = [finding for finding in expected("表样")["findings"] if finding["form"] in named]
    faults = {(f["form"], f["item"], f["rule"], f.get("stated")) for f in audited if f["rule"] in INDICATOR_FAULTS}
    printed = {fault for form in forms.values() for fault in indicator_faults(form)}
    assert faults == printed


INDICATOR_FAULTS = ("S-01", "S-02", "S-03", "S-06")


def indicator_faults(form: Form) -> set[tuple[str, str, str, str | None]]:
    """(form, indicator, rule, figure as printed) from the definition alone."""
    printed: set[tuple[str, str, str, str | None]] = set()
    for name, (block, place) in form.indicators.items():
        indicator = block.indicators[place]
        full = getattr(indicator.rule, "printed_full", None)
        if full is not None and full != indicator.points:
            printed.add((form.name, name, "S-01", str(full)))
        if getattr(indicator.rule, "meant", None) is not None:
            printed.add((form.name, name, "S-02", None))
        if indicator.stale_year is not None:
            printed.add((form.name, name, "S-03", str(indicator.stale_year)))
        if indicator.faults or indicator.gaps:
            printed.add((form.name, name, "S-06", None))
    return printed


def test_points_of_the_forms_make_the_audits_sums() -> None:
    forms = {each.definition.key: each.definition for name in UNITS for each in load_unit(returns(name)).tables}
    for entry in expected("表样")["agrees"]:
        form = forms[f"{entry['form']}@{entry['edition']}"]
        for block in form.definition.blocks:
            if isinstance(block, ScoresBlock):
                sums = {section: Decimal(0) for section in block.sections}
                for indicator in block.indicators:
                    for section in indicator.under:
                        sums[section] += indicator.points
                assert sums == {section: Decimal(points) for section, points in entry["sections"].items()}
                assert sum((indicator.points for indicator in block.indicators), Decimal(0)) == Decimal(entry["total"])
