"""Whether the years match: last year's results with this year's returns, a reference table with its year."""

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
        content = f"里面是{_shown(previous.years)}的表" if previous.years else "里面没有报表"
        raise OtherYearError(f"--previous 应是上年的结果：本次是{_shown(asked)}，给的文件夹{content}")
    if reference is not None:
        years = {int(year) for year in reference.returns["year"].dropna()}
        if not years & asked:
            content = f"是{_shown(years)}的" if years else "没有写年度"
            raise OtherYearError(f"--reference 应是同一年度的参照表：本次是{_shown(asked)}，给的表{content}")


def _shown(years: set[int]) -> str:
    return "、".join(f"{year}年度" for year in sorted(years))
