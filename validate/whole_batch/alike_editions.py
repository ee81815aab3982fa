"""Tables that fit several editions of their form alike (W-05): which of them counts is the bureau's to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from gouji.ingest.register.notes import Note
from gouji.validate.findings import Finding, Origin, common


def alike_editions(returns: pd.DataFrame, notes: Sequence[Note], year: int | None) -> Iterator[Finding]:
    """One finding per edition taken and others that fit as well, with the number of such tables in `returns`."""
    taken = {row.return_id: (row.form, row.edition) for row in returns.itertuples(index=False)}
    tables = Counter((*taken[note.return_id], note.detail) for note in notes if note.kind == "alike")
    for (form, edition, others), count in sorted(tables.items()):
        origin = Origin(form=str(form), edition=str(edition), year=year)
        yield common("W-05", origin, item=others, label=edition, count=count, detail=others)
