"""指标库.xlsx, read: one row per indicator, under the heads of `templates.indicator_library`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from python_calamine import CalamineSheet, CalamineWorkbook

from gouji.ingest.admit import admit, read_bytes
from gouji.ingest.beside.review import cell_text
from gouji.ingest.files.quiet import opened_quietly
from gouji.ingest.limits import Limits
from gouji.ingest.refusal import Refused
from gouji.templates.addresses import cell_name
from gouji.templates.indicator_library import (
    DIRECTION,
    DIRECTIONS,
    FIRST,
    HEADS,
    NAME,
    NOTE,
    SECOND,
    UNIT,
    IndicatorLibrary,
    LibraryIndicator,
)
from gouji.templates.labels import squeezed

_HEADS_WITHIN = 10
_MOST_ROWS, _MOST_COLUMNS = 20_000, 60
_LONGEST = 200
"""Signs of a text; what is longer is no name."""
_MOST_FAULTS = 8


class IndicatorLibraryError(Exception):
    """The table cannot be used; the message is Chinese."""


def read_indicator_library(path: Path) -> IndicatorLibrary:
    """The rows that name an indicator. Raises FileNotFoundError, IndicatorLibraryError with the cell of every fault."""
    path.stat()
    try:
        data = read_bytes(path, Limits())
        admit(data, path.name)
        with opened_quietly(data) as opened:
            rows = list(_rows(opened, path))
    except Refused as refused:
        raise IndicatorLibraryError(f"指标库“{path}”无法读取：{refused.reason}") from refused
    except (KeyboardInterrupt, SystemExit, MemoryError, IndicatorLibraryError):
        raise
    except BaseException as error:  # calamine's PanicException is no Exception
        raise IndicatorLibraryError(f"指标库“{path}”无法读取，文件可能已损坏，请打开检查、另存后再试。") from error
    if not rows:
        raise IndicatorLibraryError(
            f"指标库“{path}”里一个指标也没有，请在“{NAME}”一栏逐行填写；不用指标库的，删去 勾稽.toml 里的 library。"
        )
    return IndicatorLibrary(tuple(rows))


def _rows(opened: CalamineWorkbook, path: Path) -> Iterator[LibraryIndicator]:
    sheet, first, places = _table(opened, path)
    above = {FIRST: "", SECOND: ""}
    faults: list[str] = []
    for number, cells in enumerate(islice(sheet.iter_rows(), _MOST_ROWS + first + 1)):
        if number <= first:
            continue
        texts = {head: cell_text(cells[at])[:_LONGEST] if at < len(cells) else "" for head, at in places.items()}
        # A merged 一级 or 二级 stands in its first row only.
        group = texts.get(FIRST, "")
        above = {FIRST: group or above[FIRST], SECOND: texts.get(SECOND) or ("" if group else above[SECOND])}
        if not texts[NAME]:
            continue
        direction = squeezed(texts.get(DIRECTION, "")).removesuffix("指标")
        if direction not in DIRECTIONS:
            faults.append(f"{cell_name(number, places[DIRECTION])} 的“{direction}”")
            continue
        yield LibraryIndicator(
            above[FIRST],
            above[SECOND],
            texts[NAME],
            texts.get(UNIT, ""),
            direction,
            DIRECTIONS[direction],
            texts.get(NOTE, ""),
        )
    if faults:
        and_more = f"等 {len(faults)} 处" if len(faults) > _MOST_FAULTS else ""
        raise IndicatorLibraryError(
            f"指标库“{path}”的“{DIRECTION}”一栏只能写 正向、负向、等于、定性，或者空着；"
            f"{'、'.join(faults[:_MOST_FAULTS])}{and_more}请更正。"
        )


def _table(opened: CalamineWorkbook, path: Path) -> tuple[CalamineSheet, int, dict[str, int]]:
    """The sheet that has the heads, the row where they stand, head → column."""
    for name in opened.sheet_names:
        sheet = opened.get_sheet_by_name(name)
        for number, cells in enumerate(islice(sheet.iter_rows(), _HEADS_WITHIN)):
            texts = [squeezed(cell_text(cell)).removesuffix("指标") for cell in cells[:_MOST_COLUMNS]]
            places = {head: texts.index(label) for head in HEADS if (label := head.removesuffix("指标")) in texts}
            if NAME in places:
                return sheet, number, places
    raise IndicatorLibraryError(f"指标库“{path}”里没有找到“{NAME}”一栏。第一行请写：{'、'.join(HEADS)}。")
