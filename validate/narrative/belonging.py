"""To which table of its file a paragraph belongs: whose report it is, and whether of one project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from gouji.ingest.narrative.phrases import phrases
from gouji.ingest.text_beside import TextBeside
from gouji.templates.catalogue import Catalogue
from gouji.templates.labels import squeezed
from gouji.validate.narrative.passages import Paragraph

_LONGEST_TITLE = 45
_SHORTEST_NAME, _LONGEST_NAME = 3, 200
"""Characters by which a project can be told, and of the line that names it."""
_NAME = re.compile(r"\s*项目(?:支出)?名称\s*[：:]")
_BEHIND_NAME = re.compile(r"(?:项目|专项)?(?:资金|经费|支出)?$")


def paragraphs_of_file(texts: Sequence[TextBeside], returns: pd.DataFrame, catalogue: Catalogue) -> Iterator[Paragraph]:
    """The paragraphs of a file with the return to which each belongs; `returns`: the rows of its tables.

    They belong to the unit's own table, behind the title of a report on a project to the table of that project: the
    only one, or the one whose name stands in the title or behind 项目名称. Else it cannot be told, and they are left.
    A sheet of a workbook begins anew, and its name may be the title.
    """
    of_unit, of_projects = _tables(returns, catalogue)
    owner, in_project, sheet = "", False, ""
    for paragraph in texts:
        text, headline = paragraph.text, paragraph.text
        if paragraph.sheet != sheet:
            sheet, owner, in_project = paragraph.sheet, of_unit or _named(of_projects, ""), False
            headline = text if _title(text) else sheet
        match _title(headline):
            case "project" if of_projects:
                owner, in_project = _named(of_projects, headline), True
            case "unit":
                owner, in_project = of_unit, False
            case _ if in_project and _NAME.match(text):
                owner = _named(of_projects, text[:_LONGEST_NAME])
        if owner:
            yield Paragraph(owner, paragraph.cell, text, paragraph.sheet)


def _tables(returns: pd.DataFrame, catalogue: Catalogue) -> tuple[str, list[tuple[str, str]]]:
    """The first table that a unit fills in once and a text can be held against, and those of projects, with the
    project's name."""
    of_unit, of_projects = "", []
    for row in returns[returns["form"].notna()].itertuples(index=False):
        form = catalogue.known(str(row.form), str(row.edition))
        if form is None or not form.narrative:
            continue
        if form.definition.per == "project":
            name = _bare(row.instance) if isinstance(row.instance, str) else ""
            of_projects.append((str(row.return_id), name))
        elif not of_unit:
            of_unit = str(row.return_id)
    return of_unit, of_projects


def _named(of_projects: Sequence[tuple[str, str]], text: str) -> str:
    """The only table, else the one whose project the text names; of names that contain each other the longest."""
    if len(of_projects) == 1:
        return of_projects[0][0]
    line = squeezed(text)
    named = [(name, own) for own, name in of_projects if len(name) >= _SHORTEST_NAME and name in line]
    longest = max((name for name, _ in named), key=len, default="")
    tables = [own for name, own in named if name == longest]
    return tables[0] if len(tables) == 1 and all(name in longest for name, _ in named) else ""


def _bare(name: str) -> str:
    """A project's name without what titles leave out."""
    return _BEHIND_NAME.sub("", squeezed(name))


def _title(text: str) -> str | None:
    """Of what a report is that begins here; None where no title stands."""
    title = "".join(text.split())
    if len(title) > _LONGEST_TITLE or not title.endswith(phrases().titles["report"]):
        return None
    if any(word in title for word in phrases().titles["unit"]):
        return "unit"
    return "project" if any(word in title for word in phrases().titles["project"]) else None
