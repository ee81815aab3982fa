"""To which table of its file a paragraph belongs: whose report it is, and whether of one project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gouji.ingest.narrative.phrases import phrases
from gouji.templates.addresses import paragraph_name
from gouji.templates.catalogue import Catalogue
from gouji.validate.narrative.passages import Paragraph

_LONGEST_TITLE = 45


def paragraphs_of_file(texts: Sequence[str], returns: pd.DataFrame, catalogue: Catalogue) -> Iterator[Paragraph]:
    """The paragraphs of a document with the return to which each belongs; `returns`: the rows of its tables.

    They belong to the unit's own table, behind the title of a report on a project to the table of that project; where
    the document has several projects it cannot be told to which, and they are left.
    """
    of_unit, of_projects = _tables(returns, catalogue)
    owner = of_unit or _only(of_projects)
    for number, text in enumerate(texts, 1):
        match _title(text):
            case "project" if of_projects:
                owner = _only(of_projects)
            case "unit":
                owner = of_unit
        if owner:
            yield Paragraph(owner, paragraph_name(number), text)


def _tables(returns: pd.DataFrame, catalogue: Catalogue) -> tuple[str, list[str]]:
    """The first table that a unit fills in once and a text can be held against, and those of projects."""
    of_unit, of_projects = "", []
    for row in returns[returns["form"].notna()].itertuples(index=False):
        form = catalogue.known(str(row.form), str(row.edition))
        if form is None or not form.narrative:
            continue
        if form.definition.per == "project":
            of_projects.append(str(row.return_id))
        elif not of_unit:
            of_unit = str(row.return_id)
    return of_unit, of_projects


def _only(returns: Sequence[str]) -> str:
    return returns[0] if len(returns) == 1 else ""


def _title(text: str) -> str | None:
    """Of what a report is that begins here; None where no title stands."""
    title = "".join(text.split())
    if len(title) > _LONGEST_TITLE or not title.endswith(phrases().titles["report"]):
        return None
    if any(word in title for word in phrases().titles["unit"]):
        return "unit"
    return "project" if any(word in title for word in phrases().titles["project"]) else None
