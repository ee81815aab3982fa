"""The forms that a unit owes where the roster does not list them: those that were issued in the round."""

from __future__ import annotations

from collections.abc import Sequence

from gouji.ingest.roster.matching import Roster
from gouji.templates.catalogue import Catalogue


def owing(roster: Roster, forms: Sequence[str], catalogue: Catalogue) -> Roster:
    """The roster with `forms` (`表` or `表@版本`) in 应报表 of every unit that has nothing there; those that are filled
    per project only where the unit has one. Raises FormNotFoundError."""
    per = {name: catalogue.find(name).definition.per for name in forms}
    frame = roster.frame.copy()
    units = frame.groupby("unit_code", sort=False)
    silent = units["required_forms"].transform("count") == 0
    first = ~frame["unit_code"].duplicated()
    with_project = units["project_name"].transform("count") > 0
    for projects in (False, True):
        due = [name for name in forms if per[name] == "unit" or (projects and per[name] == "project")]
        if due:
            frame.loc[silent & first & (with_project == projects), "required_forms"] = "；".join(due)
    return Roster(frame, roster.remarks, roster.no_projects)


def per_project(catalogue: Catalogue) -> frozenset[str]:
    """The forms that are filled once for every project."""
    return frozenset(form.name for form in catalogue.forms if form.definition.per == "project")
