"""A draft beside filled returns of its form: which of its checks hold in them, and what else their figures tell.

The draft is made the one edition of a catalogue, with every suggested check in use, and the returns go through a run
as any others: read by workers, judged by the same rules. From them only counts and places come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import pandas as pd

from gouji.export.results import Results
from gouji.files import Source, inbox
from gouji.ingest.drafting.draft import Draft, NothingToDraftError
from gouji.ingest.drafting.suggest import ASK, Suggestion
from gouji.ingest.drafting.tally import Tally, tallied
from gouji.ingest.locating.undefined import read_undefined
from gouji.ingest.place import contents
from gouji.ingest.read import read_workbook
from gouji.ingest.read_return import read_return
from gouji.pipeline import run
from gouji.templates.catalogue import Catalogue
from gouji.templates.layer import Layer
from gouji.templates.verdicts import AGREES, DIFFERS, ROUNDING
from gouji.validate.inferring.inferred import ties
from gouji.validate.inferring.rules import Proposal, proposals
from gouji.validate.part import CHECKED
from gouji.workers.tasks import Lost, Workers, in_order

_FOUND = "填好的表里的数这样相关"


class NoFilledReturnError(NothingToDraftError):
    """None of the files given holds a filled table of the form. The message is Chinese."""


def held_against(draft: Draft, filled: Sequence[Path], workers: Workers) -> Draft:
    """The draft with its suggestions counted over the returns, and with those that their figures add.

    Raises NoFilledReturnError, OSError.
    """
    suggested = [*draft.suggestions, *_added(draft, filled, workers)]
    results = run(list(filled), catalogue=_catalogue(draft, suggested), workers=workers)
    returns = results.returns[results.returns["form"] == draft.form]
    returns = returns[returns["status"].isin(CHECKED)]
    if returns.empty:
        raise NoFilledReturnError(f"给的文件里没有认出填好的《{draft.form}》，请核对是不是这张表。")
    return replace(draft, judged=tallied(suggested, _tallies(results, returns, suggested)))


def _catalogue(draft: Draft, suggested: Sequence[Suggestion]) -> Catalogue:
    text = draft.trial(suggested)
    return Catalogue((Layer.of("草稿", {f"{draft.form}/{draft.edition}.yaml": text.encode()}),))


# ---- what the figures add --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Look:
    """One file to look for ties in, by a draft."""

    source: Source
    catalogue: Catalogue


def _added(draft: Draft, filled: Sequence[Path], workers: Workers) -> Iterator[Suggestion]:
    """Ties that are inferred from the tables as from tables without a definition, as far as none is suggested yet."""
    catalogue = _catalogue(draft, ())
    looks = [_Look(source, catalogue) for source in inbox(filled).sources]
    inferred = [
        proposal
        for _, ties_of_file in in_order(workers, _proposals, looks)
        if not isinstance(ties_of_file, Lost)
        for proposal in ties_of_file
    ]
    suggested = set(draft.said_by(draft.suggestions))
    for rule, alike in groupby(sorted(set(inferred)), key=lambda proposal: proposal.rule):
        suggestion = Suggestion(rule, _FOUND, tuple(place for _, place in alike if place), ASK, sure=False)
        if not draft.fits([suggestion]):
            continue
        stated = set(draft.said_by([suggestion]))
        if not stated <= suggested:
            suggested |= stated
            yield suggestion


def _proposals(look: _Look) -> list[Proposal]:
    """The ties of one file; runs in a worker."""
    reading = read_return(look.source.path, look.source.name, look.catalogue)
    if not reading.tables:
        return []
    sheets = {sheet.name: sheet for sheet in read_workbook(contents(look.source.path), look.source.name).sheets}
    inferred: dict[Proposal, None] = {}
    for table in reading.tables:
        values = zip(table.values.cell, table.values.item, table.values.list_id, strict=True)
        items = {cell: item for cell, item, list_id in values if cell is not None and list_id is None}
        sheet = sheets[table.sheet]
        inferred |= dict.fromkeys(proposals(ties(read_undefined(sheet, 0, sheet.height - 1)), items))
    return list(inferred)


# ---- how the checks fare ---------------------------------------------------------------------------


def _tallies(results: Results, returns: pd.DataFrame, suggested: Sequence[Suggestion]) -> list[Tally]:
    """One per suggestion: a table agrees with it where one of its cases does and none differs."""
    files = dict(zip(returns["return_id"], returns["file"], strict=True))
    verdicts = results.verdicts.frame(["return_id", "rule", "item", "verdict"], return_id=list(files))
    verdicts = verdicts[verdicts["rule"].str.fullmatch(r"C-\d+")]
    cells = _cells(results, verdicts[verdicts["verdict"] == DIFFERS])
    tallies = [Tally(len(files)) for _ in suggested]
    for key, cases in verdicts.groupby(["rule", "return_id"], sort=True):
        rule, return_id = map(str, key)
        tally = tallies[int(rule.removeprefix("C-")) - 1]
        verdicts_of_rule = set(cases["verdict"])
        if DIFFERS in verdicts_of_rule:
            tally.failed += 1
            item = cases.loc[cases["verdict"] == DIFFERS, "item"].iloc[0]
            tally.against.append(f"{files[return_id]} {cells.get((return_id, item), '')}".strip())
        elif verdicts_of_rule & {AGREES, ROUNDING}:
            tally.held += 1
    return tallies


def _cells(results: Results, differing: pd.DataFrame) -> dict[tuple[str, str], str]:
    values = results.values.frame(["return_id", "item", "cell"], return_id=list(differing["return_id"].unique()))
    named: Iterable[tuple[str, str, str]] = values.dropna(subset=["cell"]).itertuples(index=False, name=None)
    return {(return_id, item): cell for return_id, item, cell in named}
