"""`gouji sample`: tables drawn for 抽查复核, and the filled list read back as deviation rates."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from gouji.commands.catalogue import catalogue_of_run
from gouji.export.exact import number
from gouji.export.records import records
from gouji.export.sampling.deviation import Deviation, deviations, table_rate
from gouji.export.sampling.deviation_book import write_deviations
from gouji.export.sampling.draw import CHANCE, Sample, SampleError, draw, way_of
from gouji.export.sampling.population import population
from gouji.export.sampling.workbook import write_sample
from gouji.export.score_words import difference_cell, due_cell
from gouji.ingest.beside.sampled import Reviewed, read_sampled
from gouji.results_folder import read_results
from gouji.screen import say, show_table
from gouji.statement import read_statement
from gouji.templates.catalogue import Catalogue
from gouji.templates.replacing import replaced
from gouji.templates.sampling import POPULATION
from gouji.validate.wording import figure_text
from gouji.workers.chosen import reader
from gouji.workers.handed_over import handed_over

_MOST = 40
"""Rows that are shown on the screen; the workbook has all."""


def draw_sample(
    folder: Path, by: str, count: int, seed: str | None, to: Path | None, layers: Sequence[Path] = (), *, as_json: bool
) -> None:
    """Draws from the results in `folder` and writes the list to `to`, by default beside `folder`; no file is replaced.

    Raises StatementError, PreviousError, SampleError, FileExistsError, OSError.
    """
    catalogue, run = catalogue_of_run(folder, layers), read_statement(folder)
    way_of(by)
    place = to or folder.with_name(f"{folder.name}-抽查复核.xlsx")
    _require_new(place)
    with reader() as process:
        drawing = partial(drawn, catalogue=catalogue, by=by, count=count, seed=seed)
        sample = handed_over(process, drawing, folder)
    with replaced(place) as draft:
        write_sample(sample, catalogue, draft, run)
    if as_json:
        print(json.dumps(_as_json(sample), ensure_ascii=False, indent=2))
        return
    _show(Console(), sample, catalogue, place)


def drawn(folder: Path, catalogue: Catalogue, by: str, count: int, seed: str | None) -> Sample:
    """The sample of a folder of results; runs in a worker."""
    return draw(population(read_results(folder, catalogue)), by, count, seed)


def read_back(file: Path, folder: Path | None, to: Path | None, layers: Sequence[Path] = (), *, as_json: bool) -> int:
    """Says the deviation rates of a filled list and writes them to `to`, by default beside it; returns 1 where
    something in it could not be used. `folder`: the results, to tell whether they are those that it was drawn from.

    Raises FileNotFoundError, SampledError, StatementError, PreviousError, OSError.
    """
    console = Console()
    with reader() as process:
        filled = handed_over(process, read_sampled, file)
        current_hash = None
        if folder is not None:
            current_hash = handed_over(
                process, partial(_population_hash, catalogue=catalogue_of_run(folder, layers)), folder
            )
    units = deviations(filled.rows)
    place = to or file.with_name(f"{file.stem}-偏差.xlsx")
    if place.absolute() == file.absolute():
        raise SampleError("--to 不能是填好的抽查复核表本身，请换一个文件名。")
    with replaced(place) as draft:
        write_deviations(filled.rows, units, draft)
    wrong = [row for row in filled.rows if row.wrong]
    if as_json:
        output = {"units": [_unit_json(unit) for unit in units], "tables": [_table_json(row) for row in filled.rows]}
        print(json.dumps(output, ensure_ascii=False, indent=2))
        return 1 if wrong else 0
    for row in wrong:
        say(console, f"{row.place}（{row.unit}）：{row.wrong}，没有计入")
    drawn_hash = filled.facts.get(POPULATION)
    if current_hash is not None and drawn_hash is not None and current_hash != drawn_hash:
        say(console, "结果在抽样以后有变化（总体校验值不同），偏差率按抽样时的自评得分计算")
    _show_units(console, units)
    say(console, f"自评与复核对照、各单位偏差率：{place}")
    return 1 if wrong else 0


def _population_hash(folder: Path, catalogue: Catalogue) -> str:
    return population(read_results(folder, catalogue)).sha256


def _require_new(place: Path) -> None:
    if os.path.lexists(place):
        raise SampleError(
            f"“{place}”已经存在，里面可能填了复核得分，没有覆盖。请用 --to 写到别的文件，或先把它移走；"
            "读取填好的表用 --read。"
        )


def _show(console: Console, sample: Sample, catalogue: Catalogue, place: Path) -> None:
    rows = records(sample.tables)
    heads = ["单位", "表", "项目", "预算数", "自评得分", "复算得分或范围", "自评－复算"]
    show_table(console, heads, [_shown(row, catalogue) for row in rows[:_MOST]])
    if len(rows) > _MOST:
        say(console, f"另有 {len(rows) - _MOST} 张没有列出，都在文件里。")
    seed = f"，种子 {sample.seed}" if sample.by == CHANCE else ""
    say(console, f"按{sample.by}从 {sample.size} 张表里抽取 {len(rows)} 张{seed}；总体校验值 {sample.sha256}")
    for remark in sample.remarks:
        say(console, f"{remark}。")
    say(console, f"请在这里填写复核得分：{place}")


def _shown(row: dict[str, Any], catalogue: Catalogue) -> list[str]:
    due, gap = due_cell(row["score"], row["low"], row["high"]), difference_cell(row["difference"], row["score"])
    cells = [
        row["unit"] or row["unit_code"], catalogue.short_name(row["form"]), row["instance"],
        figure_text(row["money"], "amount"),
        *(score if isinstance(score, str) else figure_text(score, "quantity") for score in (row["own"], due, gap)),
    ]  # fmt: skip
    return [str(cell or "") for cell in cells]


def _as_json(sample: Sample) -> dict[str, Any]:
    return {
        "by": sample.by, "count": sample.count, "seed": sample.seed, "size": sample.size, "population": sample.sha256,
        "remarks": list(sample.remarks), "tables": records(sample.tables),
    }  # fmt: skip


def _show_units(console: Console, units: Sequence[Deviation]) -> None:
    heads = ["单位", "抽查张数", "已复核", "自评得分", "复核得分", "自评－复核", "偏差率"]
    rows = [
        [
            deviation.unit or deviation.unit_code, str(deviation.drawn), str(deviation.reviewed),
            *(figure_text(figure, "quantity") or "—" for figure in (deviation.own, deviation.score, deviation.net)),
            figure_text(deviation.rate, "rate") or "—",
        ]
        for deviation in [*units[:_MOST], *units[max(_MOST, len(units) - 1) :]]
    ]  # fmt: skip
    show_table(console, heads, rows)
    unreviewed = units[-1].drawn - units[-1].reviewed
    if unreviewed:
        say(console, f"还有 {unreviewed} 张没有复核得分，没有计入，也不当作 0。")


def _unit_json(deviation: Deviation) -> dict[str, Any]:
    return {
        "unit_code": deviation.unit_code or None, "unit": deviation.unit, "drawn": deviation.drawn,
        "reviewed": deviation.reviewed,
        **{name: number(getattr(deviation, name)) for name in ("own", "score", "net", "rate")},
    }  # fmt: skip


def _table_json(row: Reviewed) -> dict[str, Any]:
    return {
        "return_id": row.return_id, "unit_code": row.unit_code or None, "unit": row.unit, "own": number(row.own),
        "score": number(row.score), "rate": number(table_rate(row)), "wrong": row.wrong or None,
    }  # fmt: skip
