"""Personal items (填表人、联系电话、签字) stay in the unit's own file and appear in no output."""

from __future__ import annotations

from functools import reduce

import pandas as pd

from gouji.export.records import plain, records
from gouji.templates.catalogue import Catalogue

HIDDEN = "（个人信息，不显示）"


def without_personal(
    returns: pd.DataFrame, values: pd.DataFrame, findings: pd.DataFrame, catalogue: Catalogue
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`values` and `findings` without the values of personal items, also where a finding quotes them."""
    personal = [*_personal_items(returns, catalogue), *_personal_lines(returns, values, catalogue)]
    if not personal:
        return values, findings
    hidden = pd.MultiIndex.from_frame(values[["return_id", "item"]]).isin(personal)
    quoted = _quoted(values[hidden])
    return values[~hidden].reset_index(drop=True), _silenced(findings, personal, quoted)


def _personal_items(returns: pd.DataFrame, catalogue: Catalogue) -> list[tuple[str, str]]:
    """(return_id, item) of every personal item of the returns."""
    personal: list[tuple[str, str]] = []
    for (name, edition), part in returns.groupby(["form", "edition"], sort=False):
        form = catalogue.known(str(name), str(edition))
        items = [item.id for item in form.items.values() if item.personal] if form else []
        personal += [(str(return_id), item) for return_id in part["return_id"] for item in items]
    return personal


def _personal_lines(returns: pd.DataFrame, values: pd.DataFrame, catalogue: Catalogue) -> list[tuple[str, str]]:
    """(return_id, item) of every cell of lists about persons (评价人员)."""
    lists: dict[str, set[str]] = {}
    for (name, edition), part in returns.groupby(["form", "edition"], sort=False):
        form = catalogue.known(str(name), str(edition))
        personal = {spec.id for spec in form.lists.values() if spec.personal} if form else set()
        lists |= {str(return_id): personal for return_id in part["return_id"] if personal}
    values = values[values["list_id"].notna() & values["return_id"].isin(lists)]
    columns = (plain(values[name]) for name in ("return_id", "list_id", "item"))
    return [(return_id, item) for return_id, list_id, item in zip(*columns, strict=True) if list_id in lists[return_id]]


def _quoted(values: pd.DataFrame) -> dict[tuple[str, str], str]:
    texts = values["raw"].notna()
    return {(row["return_id"], row["item"]): row["raw"] for row in records(values[texts])}


def _silenced(
    findings: pd.DataFrame, personal: list[tuple[str, str]], quoted: dict[tuple[str, str], str]
) -> pd.DataFrame:
    keys = pd.MultiIndex.from_frame(findings[["return_id", "item"]])
    about = keys.isin(personal)
    if not about.any():
        return findings
    columns = {name: plain(findings[name]) for name in ("stated", "expected", "message", "cause")}
    for row, key in enumerate(keys):
        if about[row]:
            columns["stated"][row] = columns["expected"][row] = None
            for name in ("message", "cause"):
                columns[name][row] = _without(columns[name][row], quoted.get(key))
    hidden = {name: pd.Series(column, index=findings.index, dtype="str") for name, column in columns.items()}
    return findings.assign(**hidden)


def _without(text: str | None, quoted: str | None) -> str | None:
    if text is None or not quoted:
        return text
    return reduce(lambda left, part: left.replace(part, HIDDEN), {quoted, quoted.strip()} - {""}, text)
