"""All findings about a batch as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gouji.ingest.register.notes import Note
from gouji.ingest.roster import Roster
from gouji.templates.catalogue import Catalogue
from gouji.validate.findings import Finding
from gouji.validate.whole_batch.aggregates import Aggregates
from gouji.validate.whole_batch.alike_editions import alike_editions
from gouji.validate.whole_batch.common_faults import common_faults
from gouji.validate.whole_batch.copies import same_figures, same_files
from gouji.validate.whole_batch.outliers import outliers


def whole_batch_findings(
    returns: pd.DataFrame, notes: Sequence[Note], aggregates: Aggregates, roster: Roster | None, year: int | None,
    catalogue: Catalogue,
) -> Iterator[Finding]:  # fmt: skip
    """W-01 … W-05, from the register and from what the parts told of themselves."""
    yield from same_files(returns, roster)
    yield from same_figures(returns, aggregates.digests)
    yield from common_faults(aggregates.counts, year, catalogue)
    yield from outliers(returns, aggregates.rates, roster, catalogue)
    yield from alike_editions(returns, notes, year)
