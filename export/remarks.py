"""What a consolidated table covers, in words: 口径, what is in it, what is not and why."""

from __future__ import annotations

import pandas as pd

from gouji.export.attendance import attendance
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.unit_figures import standing_apart
from gouji.templates.form import Form

_NAMED = 20


def remarks(results: Results, name: str, editions: list[Form]) -> list[str]:
    """The remarks below the consolidated tables of a form."""
    returns = results.returns[results.returns["form"] == name]
    included = int(returns["adopted"].sum())
    said = [] if included else ["没有收到可以汇总的表。"]
    said += [f"口径（{form.edition}）：{form.definition.scope}" for form in editions if form.definition.scope]
    apart = [row for row in dict.fromkeys(item.row for form in editions for item in form.items.values()) if row]
    differing = "、".join(row for row in apart if row in standing_apart(editions))
    if differing:
        said.append(f"{differing}在各版本里口径不同，分别小计，不相加。")
    said.append(f"纳入汇总{included}份。{_left_out(returns[~returns['adopted']])}")
    lacking = [unit.name or unit.code or "" for unit in attendance(results) if unit.lacking(name)]
    return [*said, f"还没有收到的单位{len(lacking)}个：{_listed(lacking)}"] if lacking else said


def _left_out(returns: pd.DataFrame) -> str:
    if returns.empty:
        return ""
    named = [f"{row['unit'] or row['file']}（{row['status']}）" for row in records(returns)]
    return f"没有纳入{len(named)}份：{_listed(named)}"


def _listed(names: list[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return f"{shown}。" if len(names) <= _NAMED else f"{shown}等，全部名单见“收表情况”和“收表明细”。"
