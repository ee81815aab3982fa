"""Everything that is checked of what units write in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gouji.templates.catalogue import Catalogue
from gouji.templates.form import Form
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding
from gouji.validate.narrative.dates import times
from gouji.validate.narrative.derived import Known, derived
from gouji.validate.narrative.indicators import indicators_of
from gouji.validate.narrative.named_amounts import named_amounts
from gouji.validate.narrative.named_indicators import named_figures
from gouji.validate.narrative.named_projects import named_projects
from gouji.validate.narrative.passages import Paragraph, Passage, passages_of
from gouji.validate.narrative.reckoned import Asked, reckoned
from gouji.validate.narrative.satisfaction import satisfactions
from gouji.validate.narrative.slips import slips
from gouji.validate.narrative.stated import NOT_ASKED, Stated
from gouji.validate.narrative.states import states
from gouji.validate.narrative.tables import against_reference, against_tables
from gouji.validate.narrative.within import within


def check_narrative(tables: Tables, catalogue: Catalogue, paragraphs: Sequence[Paragraph] = ()) -> Iterator[Finding]:
    """Contradictions of the texts of a part with its tables, with the bureau's own table, and in themselves."""
    passages = list(passages_of(tables, paragraphs))
    told: dict[tuple[str | None, str | None], Asked] = {}
    for finding in _stated(tables, catalogue, passages):
        told.setdefault((finding.item, finding.cell), Asked()).add(finding)
        yield finding
    yield from reckoned(passages, told)


def _stated(tables: Tables, catalogue: Catalogue, passages: list[Passage]) -> Iterator[Finding]:
    """What is found of the figures of which it is known what they are of."""
    stated = Stated.of(passages)
    yield from times(passages, tables)
    yield from states(passages)
    if not len(stated):
        return
    asked = np.full(len(stated), NOT_ASKED, np.int8)
    yield from against_tables(stated, tables, asked)
    indicators = indicators_of(tables)
    yield from satisfactions(stated, indicators)
    yield from named_figures(stated, indicators)
    yield from named_amounts(stated, tables)
    yield from named_projects(stated, tables)
    form = None if tables.reference is None else _form_of(tables.reference.form, catalogue)
    if tables.reference is not None and form is not None:
        yield from against_reference(stated, tables.reference, form, asked)
    yield from within(stated, asked)
    known = Known(stated, tables, form, asked)
    yield from derived(stated, known, asked)
    yield from slips(stated, known)


def _form_of(name: str, catalogue: Catalogue) -> Form | None:
    """The form of the bureau's table, where sentences can be held against it."""
    return next((form for form in catalogue.forms if form.name == name and form.narrative), None)
