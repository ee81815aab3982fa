"""The figure of a finding's item a year ago, from the results of the round before."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from gouji.desk.looking import Desk, Look
from gouji.export.catalogue import figure_kind
from gouji.export.data_files import data_file
from gouji.export.stored import Stored
from gouji.round.errors import RoundError
from gouji.validate.wording import figure_text
from gouji.workers.handed_over import handed_over
from gouji.workers.tasks import HandedOverError


def earlier_figure(desk: Desk, look: Look, finding: Mapping[str, Any]) -> str | None:
    """`12.5万元`, `空白`; None where there is no round before, or no such table of the unit or item in it."""
    if not (finding["unit_code"] and finding["form"] and finding["item"]):
        return None
    try:
        previous = look.round.previous()
        if previous is None:
            return None
        figure = handed_over(desk.workers, partial(_figure, finding=dict(finding)), previous)
    except (RoundError, HandedOverError, OSError):
        return None
    if figure is None or figure[0] is None:
        return None if figure is None else "空白"
    kind = figure_kind(look.catalogue, finding["form"], finding["edition"], finding["item"])
    return figure_text(figure[0], kind or "quantity")


def _figure(previous: Path, finding: Mapping[str, Any]) -> tuple[float | None] | None:
    """The value of the item on the table that counted, in the results folder `previous`."""
    returns = Stored.from_file(data_file(previous, "returns")).frame(
        ["return_id", "instance", "adopted"], unit_code={finding["unit_code"]}, form={finding["form"]}
    )
    counted = returns[returns["adopted"] & (returns["instance"].eq(finding["instance"]) | returns["instance"].isna())]
    if counted.empty:
        return None
    values = Stored.from_file(data_file(previous, "values")).frame(
        ["value"], return_id=set(counted["return_id"]), item={finding["item"]}
    )
    if len(values) != 1:
        return None
    value = values["value"].iloc[0]
    return (None if value != value else float(value),)
