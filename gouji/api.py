"""gouji from Python: what the commands do, with frames in hand. `import gouji` gives these names; see docs/api.md.

Whatever makes a call impossible is a GoujiError with one Chinese sentence; what is wrong with a returned file is a row.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from gouji import failures
from gouji.templates.catalogue import built_in

if TYPE_CHECKING:
    import pandera.pandas as pa

    from gouji.export.results import Results
    from gouji.templates.catalogue import Catalogue
    from gouji.templates.form import Form
    from gouji.workers.tasks import Workers

Paths = str | Path | Sequence[str | Path]


class GoujiError(Exception):
    """A call that is impossible, as a Chinese sentence that says why and what to do; `__cause__` is what it was."""


@dataclass(frozen=True)
class Reading:
    """What was read, not checked: frames as docs/data.md describes them."""

    returns: pd.DataFrame
    values: pd.DataFrame


@dataclass(frozen=True)
class Outcome:
    """What a check or a run found out: frames as docs/data.md describes them.

    `run`: counts, versions, hashes, timings, as in run.json.
    """

    _results: Results

    @property
    def returns(self) -> pd.DataFrame:
        """One row per table, and per file that holds none."""
        return self._results.returns

    @cached_property
    def values(self) -> pd.DataFrame:
        """One row per item of a table, with its figure and its cell. Read from disk when first asked for."""
        return self._results.values.frame()

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """One row per rule and table: 相符, 尾差, 不符, 无法核对. Read from disk when first asked for."""
        return self._results.verdicts.frame()

    @property
    def findings(self) -> pd.DataFrame:
        """One row per finding."""
        return self._results.findings

    @cached_property
    def asides(self) -> pd.DataFrame:
        """One row per thing that a finding stands for, or that asks nothing of anybody. Read from disk when first asked
        for."""
        return self._results.asides.frame()

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row per indicator of a table. Read from disk when first asked for."""
        return self._results.scores.frame()

    @property
    def totals(self) -> pd.DataFrame:
        """One row per scored table."""
        return self._results.totals

    @property
    def run(self) -> dict[str, Any]:
        """What run.json says of it."""
        return self._results.run


def read(
    paths: Paths, *, units: str | Path | None = None, year: int | None = None, own: Paths = (), jobs: int = 1
) -> Reading:
    """Every table of these files and folders with its figures, whose it is told by the roster `units`.

    `own`: folders of definitions (`表名/版本.yaml`) above those that come with gouji, the last one above all. `jobs`:
    processes that read (a file that hangs or breaks its process costs no other); 0: this one, for files that are
    trusted. Raises GoujiError.
    """
    from gouji.pipeline import read as read_tables

    with _sentences(), _workers(jobs) as workers:
        tables = read_tables(
            _paths(paths), roster_path=_path(units), year=year, catalogue=_catalogue(own), workers=workers
        )
    return Reading(tables.returns, tables.values)


def check(
    paths: Paths,
    *,
    units: str | Path | None = None,
    year: int | None = None,
    previous: str | Path | None = None,
    reference: str | Path | None = None,
    library: str | Path | None = None,
    own: Paths = (),
    jobs: int = 1,
) -> Outcome:
    """Every table read, checked and scored; nothing is written.

    `previous`: the results folder of last year's run; `reference`: the bureau's 部门决算参照表; `library`: its
    指标库; `units`, `own`, `jobs` as in `read`. Raises GoujiError.
    """
    from gouji.pipeline import run as run_pipeline

    with _sentences(), _workers(jobs) as workers:
        results = run_pipeline(
            _paths(paths), roster_path=_path(units), year=year, previous_path=_path(previous),
            reference_path=_path(reference), library_path=_path(library), catalogue=_catalogue(own), workers=workers,
        )  # fmt: skip
    return Outcome(results)


def run(
    paths: Paths,
    out: str | Path,
    *,
    units: str | Path | None = None,
    year: int | None = None,
    previous: str | Path | None = None,
    reference: str | Path | None = None,
    library: str | Path | None = None,
    own: Paths = (),
    outputs: Collection[str] | None = None,
    jobs: int | None = None,
) -> Outcome:
    """The same, written to the folder `out` as `gouji run` does, with the decisions that are there taken up.

    `outputs`: those to write, by the names of `gouji run --only` (汇总, 审核报告, 反馈意见, 退回, 底稿, 全部); by
    default all but 底稿.
    `jobs`: as many as there are processors by default. Raises GoujiError.
    """
    from gouji.export.outputs import USUAL, outputs_named
    from gouji.pipeline import run as run_pipeline

    with _sentences(), _workers(jobs) as workers:
        chosen = USUAL if outputs is None else outputs_named(",".join(outputs))
        results = run_pipeline(
            _paths(paths), Path(out), roster_path=_path(units), year=year, previous_path=_path(previous),
            reference_path=_path(reference), library_path=_path(library), catalogue=_catalogue(own), only=chosen,
            workers=workers,
        )  # fmt: skip
    return Outcome(results)


def sample(
    out: str | Path, by: str = "随机", count: int = 10, seed: str | int | None = None, *, own: Paths = ()
) -> pd.DataFrame:
    """Tables of the results in `out` drawn for 抽查复核, as `gouji sample` draws them: a row per table in the order of
    drawing (columns as in `gouji.export.sampling.population`).

    `by`: 随机, 金额 or 偏差; `seed`: for 随机, of our own where none is given. `attrs` of the frame: seed, size and
    population (hash) of what was drawn from, remarks. Raises GoujiError.
    """
    from gouji.commands.sample import drawn

    with _sentences():
        seed_text = None if seed is None else str(seed)
        sampled = drawn(Path(out), _catalogue(own), by, count, seed_text)
    frame = sampled.tables.copy()
    frame.attrs |= {
        "seed": sampled.seed,
        "size": sampled.size,
        "population": sampled.sha256,
        "remarks": list(sampled.remarks),
    }
    return frame


def deviation(file: str | Path) -> pd.DataFrame:
    """How far self-scores lie from the 复核得分 of a filled list of 抽查复核: a row per unit and 合计 with `unit_code`,
    `unit`, `drawn`, `reviewed`, `own`, `score`, `net`, `rate` (Σ|自评−复核| ÷ Σ复核). What was not reviewed is counted
    for nothing. Raises GoujiError.
    """
    from gouji.export.exact import number
    from gouji.export.sampling.deviation import deviations
    from gouji.ingest.beside.sampled import read_sampled
    from gouji.workers.chosen import reader
    from gouji.workers.handed_over import handed_over

    with _sentences(), reader() as process:
        filled = handed_over(process, read_sampled, Path(file))
    rows = [
        (entry.unit_code or None, entry.unit, entry.drawn, entry.reviewed,
         *(number(figure) for figure in (entry.own, entry.score, entry.net, entry.rate)))
        for entry in deviations(filled.rows)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit_code", "unit", "drawn", "reviewed", "own", "score", "net", "rate"])


def issue(
    forms: str | Sequence[str],
    units: str | Path,
    year: int,
    out: str | Path,
    *,
    evidence: bool = False,
    previous: str | Path | None = None,
    library: str | Path | None = None,
    own: Paths = (),
) -> list[Path]:
    """The workbooks of every unit of the roster, in `out`; those that somebody has filled in stay as they are.

    `forms`: `表名@版本` or short names; `evidence`: with the 评分依据补充表; `previous`: last year's results, whose
    figures are filled in; `library`: 指标库, whose names units may choose. Returns the workbooks of `out`.
    Raises GoujiError.
    """
    from rich.console import Console

    from gouji.commands.issue import issue_all

    named = [forms] if isinstance(forms, str) else list(forms)
    with _sentences(), _workers(1) as workers:
        issue_all(
            named, Path(units), year, Path(out),
            evidence=evidence, previous=_path(previous), library=_path(library), layers=_paths(own),
            workers=workers,
            console=Console(quiet=True),
        )  # fmt: skip
    return sorted(Path(out).glob("*.xlsx"))


def forms(own: Paths = ()) -> pd.DataFrame:
    """The catalogue with the folders `own` of definitions: `form`, `edition`, `short`, `items`, `rules`, `lists` (their
    names, joined with 、)."""
    with _sentences():
        editions = _catalogue(own).forms
    return pd.DataFrame(
        [
            {
                "form": form.name, "edition": form.edition, "short": form.definition.short, "items": len(form.items),
                "rules": len(form.rules), "lists": "、".join(form.lists),
            }
            for form in editions
        ]
    )  # fmt: skip


def items(form: str, block: str | None = None, *, own: Paths = ()) -> pd.DataFrame:
    """The columns of a plain frame of this form (or of its list `block`): `item`, `label`, `kind`, `unit`.

    `kind`: amount (万元), rate (a fraction), points (分), count, quantity, text … Raises GoujiError.
    """
    from gouji.templates.items import UNITS
    from gouji.validate.plain import plain_items

    with _sentences():
        form_items = plain_items(*_form(form, block, own))
    rows = [(item.id, item.label, item.kind, item.unit or UNITS.get(item.kind, "")) for item in form_items.values()]
    return pd.DataFrame(rows, columns=["item", "label", "kind", "unit"])


def rules(form: str, block: str | None = None, *, own: Paths = ()) -> pd.DataFrame:
    """The rules that `schema` and `verdicts` check: `key`, `rule`, `item`, `severity`, `layer`, `words` (Chinese)."""
    from gouji.templates.rules.sentence import sentence
    from gouji.validate.plain import plain_rules

    with _sentences():
        form_rules = plain_rules(*_form(form, block, own))
    rows = [
        (rule.key, rule.id, rule.item, rule.severity, rule.layer, rule.words or sentence(rule.node))
        for rule in form_rules
    ]
    return pd.DataFrame(rows, columns=["key", "rule", "item", "severity", "layer", "words"])


def schema(form: str, block: str | None = None, *, own: Paths = (), rounding: bool = False) -> pa.DataFrameSchema:
    """The pandera schema of a plain frame: one column per item, one named check per rule (`gouji.validate.plain`).

    `schema("基础数据表@衡山县-2021").validate(frame, lazy=True)` raises pandera's SchemaErrors, whose failure cases
    name the rule (`G-01[三公经费.本年决算数]`), the row and the difference; what holds or cannot be told passes and is
    0 or NaN in the frame that it returns. `block`: a list of the form, with a row per line; `rounding`: differences
    that rounding explains fail too. Raises GoujiError where there is no such form.
    """
    from gouji.validate.plain import form_schema

    with _sentences():
        return form_schema(*_form(form, block, own), rounding=rounding)


def verdicts(form: str, frame: pd.DataFrame, block: str | None = None, *, own: Paths = ()) -> pd.DataFrame:
    """The four verdicts over a plain frame: `row`, `rule`, `item`, `verdict`, `stated`, `expected`, `difference`."""
    from gouji.validate.plain import plain_verdicts

    with _sentences():
        definition, list_id = _form(form, block, own)
    return plain_verdicts(definition, frame, list_id)


def _form(name: str, block: str | None, own: Paths) -> tuple[Form, str | None]:
    form = _catalogue(own).find(name)
    if block is not None and block not in form.lists:
        choices = "、".join(form.lists) or "（没有清单）"
        raise GoujiError(f"《{form.name}》没有清单“{block}”，可用的有：{choices}。")
    return form, block


def _catalogue(own: Paths) -> Catalogue:
    from gouji.commands.catalogue import chosen_catalogue

    catalogue = chosen_catalogue(_paths(own)) if own else built_in()
    for error in catalogue.broken.values():
        raise error  # who calls from a program names the folder, and can mend it
    return catalogue


def _paths(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]


def _path(path: str | Path | None) -> Path | None:
    return None if path is None else Path(path)


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except failures.foreseen_errors() as error:
        raise GoujiError(failures.sentence_of(error)) from error


@contextmanager
def _workers(jobs: int | None) -> Iterator[Workers]:
    """The workers, which look for modules as the commands' do; where this process looks is its user's affair."""
    from gouji.workers.chosen import chosen
    from gouji.workers.here import Here

    if jobs == 0:
        yield Here()
        return
    path, environment = list(sys.path), dict(os.environ)
    try:
        with chosen(jobs) as workers:
            yield workers
    finally:
        sys.path[:] = path
        for name in ("PYTHONSAFEPATH", "PYTHONPATH"):
            os.environ.pop(name, None)
            if name in environment:
                os.environ[name] = environment[name]
