"""Whether what is compared belongs together: last year's results to this year's returns, a reference to its year."""

from __future__ import annotations

import pandas as pd

from gouji.ingest.beside.previous import Previous
from gouji.ingest.register.batch import Batch


class OtherYearError(Exception):
    """What was given for comparison is of another year; the message is Chinese."""


def require_years(returns: pd.DataFrame, previous: Previous | None, reference: Batch | None) -> None:
    """Raises OtherYearError where no table could be compared: the user took the wrong folder or file."""
    asked = {int(year) for year in returns["year"].dropna()}
    if not asked:
        return
    if previous is not None and not {year - 1 for year in asked} & previous.years:
        found = f"里面是{_shown(previous.years)}的表" if previous.years else "里面没有报表"
        raise OtherYearError(f"--previous 应是上年的结果：本次是{_shown(asked)}，给的文件夹{found}")
    if reference is not None:
        told = {int(year) for year in reference.returns["year"].dropna()}
        if not told & asked:
            found = f"是{_shown(told)}的" if told else "没有写年度"
            raise OtherYearError(f"--reference 应是同一年度的参照表：本次是{_shown(asked)}，给的表{found}")


def _shown(years: set[int]) -> str:
    return "、".join(f"{year}年度" for year in sorted(years))
