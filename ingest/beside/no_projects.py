"""What a unit says on 填报说明 of its workbook: that it has no projects this year."""

from __future__ import annotations

from gouji.ingest.figures.cleaning import squeeze
from gouji.ingest.grid import Sheet
from gouji.templates.issuing.guide import NO_PROJECTS, NONE


def says_no_projects(guide: Sheet) -> bool:
    """Whether 无 was chosen beside the question, wherever on the sheet it stands."""
    for row in guide.rows:
        texts = [squeeze(value) for value in row if isinstance(value, str) and value.strip()]
        if texts and texts[0].startswith(squeeze(NO_PROJECTS)):
            return texts[-1] == NONE
    return False
