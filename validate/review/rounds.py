"""Two rounds of one batch compared: findings corrected, still open, new, and not comparable.

Units are the same by their names: a code may have been given anew, even to another unit, in between.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gouji.ingest.roster import code_key
from gouji.templates.labels import squeezed
from gouji.templates.verdicts import DIFFERS, UNCHECKED

_FORM_FAULT = "表样问题"


@dataclass(frozen=True)
class Compared:
    """Findings of two runs by their ids: `gone` of the first, `open` in both (rows of the second), `new`."""

    gone: pd.DataFrame
    open: pd.DataFrame
    new: pd.DataFrame


@dataclass(frozen=True)
class Recoded:
    """The `findings` of an earlier round, their ids as they were, under the codes that units have now; `units`: (name,
    code then, code now) of those that have another one."""

    findings: pd.DataFrame
    units: list[tuple[str, str, str]]


def recoded(earlier: pd.DataFrame, *current: pd.DataFrame) -> Recoded:
    """`current`: frames with the columns unit_code and unit of the units there are now."""
    earlier_codes, current_codes = _codes(earlier), _codes(*current)
    units = [
        (name, code, current_codes[name])
        for name, code in earlier_codes.items()
        if code and current_codes.get(name) and code_key(code) != code_key(str(current_codes[name]))
    ]
    if not units:
        return Recoded(earlier, [])
    codes = {name: code for name, _, code in units}
    now_coded = earlier["unit"].astype(object).map(lambda name: codes.get(squeezed(name)), na_action="ignore")
    return Recoded(earlier.assign(unit_code=now_coded.fillna(earlier["unit_code"].astype(object)).astype("str")), units)


def _codes(*frames: pd.DataFrame) -> dict[str, str]:
    """Name → code of the units that have both, where no other one has that name."""
    codes_by_name: dict[str, dict[str, str]] = {}
    for frame in frames:
        coded_units = frame[["unit", "unit_code"]].dropna().drop_duplicates()
        for name, code in coded_units.itertuples(index=False):
            codes_by_name.setdefault(squeezed(name), {})[code_key(code)] = code
    return {name: next(iter(codes.values())) for name, codes in codes_by_name.items() if len(codes) == 1}


def compared(earlier: pd.DataFrame, current: pd.DataFrame) -> Compared:
    """`findings` frames of two runs; what needs no mending (尾差, 表样问题) is left out."""
    before, after = _to_mend(earlier), _to_mend(current)
    again = after["finding_id"].isin(before["finding_id"])
    return Compared(before[~before["finding_id"].isin(after["finding_id"])], after[again], after[~again])


def _to_mend(findings: pd.DataFrame) -> pd.DataFrame:
    return findings[findings["verdict"].isin([DIFFERS, UNCHECKED]) & (findings["severity"] != _FORM_FAULT)]
