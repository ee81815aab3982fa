"""The outputs that a run can be asked for, by their names; the data (data/, findings.csv, run.json) always come too."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import Any

from gouji.export.returned import copies

SUMMARY, REPORT, LETTERS, COPIES, PAPERS = "汇总.xlsx", "审核报告.html", "反馈意见", copies.FOLDER, "底稿"
OUTPUTS = {PurePath(place).stem: place for place in (SUMMARY, REPORT, LETTERS, COPIES, PAPERS)}
"""Name of an output → its file or folder below OUT."""
USUAL = tuple(name for name in OUTPUTS if name != PAPERS)
"""Those that are written unless others are asked for: 底稿 are a workbook per unit, for an audit."""
EVERYTHING = "全部"
"""A name for all of them."""
DATA = "数据"
"""A name for what is always written, so that nothing else can be asked for."""
_BETWEEN = re.compile(r"[,，、;；\s]+")


class UnknownOutputError(Exception):
    """An output was asked for that there is not; the message is Chinese and lists those there are."""


def outputs_named(text: str) -> tuple[str, ...]:
    """The outputs in a list such as `汇总,退回`, each once, in the order of OUTPUTS. Raises UnknownOutputError."""
    names = {PurePath(name.rstrip("/\\")).stem for name in _BETWEEN.split(text) if name}
    unknown = sorted(names - OUTPUTS.keys() - {DATA, EVERYTHING})
    if unknown or not names:
        wrong = f"没有名为{'、'.join(f'“{name}”' for name in unknown)}的结果" if unknown else "没有写明要哪些结果"
        raise UnknownOutputError(
            f"{wrong}。可选：{'、'.join([*OUTPUTS, EVERYTHING])}；"
            f"只要 data/、findings.csv 和 run.json 的写“{DATA}”（它们总是写出）。"
        )
    return tuple(name for name in OUTPUTS if name in names or EVERYTHING in names)


def written(run: Mapping[str, Any]) -> Collection[str]:
    """The outputs that a run wrote, as its run.json states; one of an earlier version wrote all usual ones."""
    return tuple(run.get("written", USUAL))


def not_written(run: Mapping[str, Any], among: Collection[str] = USUAL) -> list[str]:
    """The places below OUT of the outputs (of the usual ones) that a run was not asked for."""
    return [place for name, place in OUTPUTS.items() if name in among and name not in written(run)]


def set_aside(place: str) -> str:
    """What an output of an earlier run is called once a run has not written it again."""
    path = PurePath(place)
    return f"{path.stem}（以前）{path.suffix}"
