"""表间 by project: the project lines of 基础数据表 against the unit's 自评表 (X-03, X-04, X-05) and 专项表 (X-06).

A line and a table are one project by 项目编码, else by name, else by amounts (`validate.matching`); what is compared
is then judged like any other rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gouji.ingest.roster import Roster, code_key
from gouji.templates.catalogue import Catalogue
from gouji.templates.checks import ProjectTies
from gouji.templates.rules import quantity as q
from gouji.templates.rules.evaluate import Truth
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.nodes import EITHER, Call, Compare, Node, Over, Ref
from gouji.templates.verdicts import AGREES, DIFFERS, UNCHECKED
from gouji.validate.catalogue import COMMON_RULES
from gouji.validate.causes.figure import Difference, equated, figure_at
from gouji.validate.causes.naming import cause_of
from gouji.validate.explaining import explained
from gouji.validate.figures import Tables
from gouji.validate.findings import Finding, common
from gouji.validate.inputs import InputAt
from gouji.validate.judge import judge
from gouji.validate.lookup import picked
from gouji.validate.matching import Amounts, Line, Span, matched
from gouji.validate.project_sides import Side, line_side, table_side
from gouji.validate.receipt import owed
from gouji.validate.residuals import Residual, residual_of
from gouji.validate.wide import Wide
from gouji.validate.wording import figure_text

DIFFERENT, MISSING, UNLISTED, MORE, CONTRADICTED = "X-03", "X-04", "X-05", "X-06", "X-13"
_SHOWN = 5


@dataclass(frozen=True)
class ProjectChecks:
    """`verdicts` of X-03 and X-06 (columns as in `validate.check.Checked`), and all findings."""

    verdicts: list[pd.DataFrame]
    findings: list[Finding]


def check_projects(
    tables: Tables, roster: Roster | None, catalogue: Catalogue, no_projects: Collection[str] = ()
) -> ProjectChecks:
    """Every form whose definition ties a list of projects to another form's tables; `no_projects`: codes of the units
    that say that they have none."""
    result = ProjectChecks([], [])
    due = [] if roster is None else list(owed(roster, catalogue))
    for wide in tables.wides:
        for ties in wide.form.definition.projects if wide.size else []:
            _check(_Tied(wide, ties, tables, roster, due, frozenset(no_projects)), result)
    return result


@dataclass
class _Tied:
    """The lines of one edition's returns and the tables that they are to agree with; `due`: as `owed` tells it."""

    wide: Wide
    ties: ProjectTies
    tables: Tables
    roster: Roster | None
    due: Sequence[tuple[str, str, str]]
    no_projects: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.form = self.wide.form.scope.others[self.ties.form][0]
        wides = [wide for wide in self.tables.of_form(self.form) if set(self.ties.items) <= wide.form.items.keys()]
        self.lines = line_side(self.wide, self.ties, self.roster)
        self.projects = table_side(wides, self.ties)
        self.undecided = {key for wide in wides for key in wide.unit_key[~wide.returns["adopted"].to_numpy(dtype=bool)]}
        self.debtors = {code for code, _, form in self.due if form == self.form}
        self.owners = self._matched()

    def _matched(self) -> NDArray[np.intp]:
        """The line that each table belongs to, -1 for none."""
        owners = np.full(len(self.projects.unit), -1, np.intp)
        tables = _by_unit(self.projects.unit)
        for unit, lines in _by_unit(self.lines.unit).items():
            mine = tables.get(unit, [])
            for line, belonging in zip(lines, self._found(lines, mine), strict=True):
                owners[[mine[place] for place in sorted(belonging)]] = line
        return owners

    def _found(self, lines: list[int], tables: list[int]) -> Sequence[Collection[int]]:
        """The places of the tables of every line: by name, and where they hold all of its money by amounts too."""
        named = [self._named(line, lines, tables) for line in lines]
        if self.ties.parts:
            return named
        wanted = [Line(self._wanted(line), tables_by_name) for line, tables_by_name in zip(lines, named, strict=True)]
        return matched(wanted, [self._offered(table) for table in tables])

    @property
    def rule(self) -> str:
        """Under which code the amounts are compared."""
        return MORE if self.ties.parts else DIFFERENT

    def _wanted(self, line: int) -> tuple[Span | None, ...]:
        return tuple(self.lines.amount(column, line) for column in self.ties.columns)

    def _offered(self, table: int) -> Amounts:
        return tuple(tuple(self.projects.amount(item, table) for item in items) for items in self.ties.columns.values())

    def _named(self, line: int, lines: list[int], tables: list[int]) -> frozenset[int]:
        """The tables with the line's code or name; a name that two lines have tells nothing."""
        names = self.lines.names[line]
        if any(other != line and self.lines.names[other] & names for other in lines):
            return frozenset()
        return frozenset(place for place, table in enumerate(tables) if self.projects.names[table] & names)

    def asked(self, unit_code: str | None) -> bool:
        """Whether the roster demands these tables of a unit."""
        return unit_code in self.debtors

    def says_none(self, unit_code: str | None) -> str:
        """Who says that the unit has no projects, empty if nobody does."""
        return says_none(unit_code, self.roster, self.no_projects)


def says_none(unit_code: str | None, roster: Roster | None, no_projects: Collection[str]) -> str:
    """Who says that a unit has no projects, empty if nobody does; `no_projects`: codes of those who say so."""
    if unit_code in no_projects:
        return "单位在“填报说明”里选了“无”："
    of_roster = roster is not None and code_key(str(unit_code)) in roster.no_projects
    return "名册写的是" if of_roster else ""


def _by_unit(units: NDArray[np.object_]) -> dict[str, list[int]]:
    by_unit: dict[str, list[int]] = {}
    for row, unit in enumerate(units):
        by_unit.setdefault(unit, []).append(row)
    return by_unit


def _check(tied: _Tied, result: ProjectChecks) -> None:
    pairs = np.flatnonzero(tied.owners >= 0)
    lines, places = np.unique(tied.owners[pairs], return_inverse=True)
    if len(lines):
        figures = _Matched(tied, lines, places, pairs)
        residuals = [residual_of(_rule(tied, column, items), figures) for column, items in tied.ties.columns.items()]
        verdicts = judge(residuals)
        for residual in residuals:
            result.verdicts.append(_verdicts(tied, lines, residual, verdicts[residual.rule.key]))
            result.findings.extend(_different(tied, figures, residual, verdicts[residual.rule.key]))
    if not tied.ties.parts:
        result.findings.extend(_contradicted(tied))
        result.findings.extend(_missing(tied, set(lines.tolist())))
        result.findings.extend(_unlisted(tied))


@dataclass
class _Matched:
    """Figures for every line that has its tables (see `templates.rules.evaluate.Figures`).

    `lines`: their places; `pairs`: the tables that belong to one, `places`: to which of `lines`.
    """

    tied: _Tied
    lines: NDArray[np.intp]
    places: NDArray[np.intp]
    pairs: NDArray[np.intp]

    @property
    def size(self) -> int:
        return len(self.lines)

    def quantity(self, ref: Ref) -> q.Quantity:
        return picked(self.tied.lines.figures[ref.item.rpartition(".")[2]], self.lines)

    def total(self, part: Node) -> q.Quantity:
        assert isinstance(part, Ref)
        return q.total_by(self.places, self.size, picked(self.tied.projects.figures[part.item], self.pairs))

    def full_mark(self, name: str, value: Decimal) -> q.Quantity:
        return q.constant(value, self.size)

    def filled(self, ref: Ref) -> Truth:
        return self.quantity(ref).known.astype(np.int8)

    def money(self, ref: Ref) -> q.Quantity:
        return self.quantity(ref)

    def tables(self, place: int) -> NDArray[np.intp]:
        """The tables of one of the lines."""
        return self.pairs[np.equal(self.places, place)]


def _rule(tied: _Tied, column: str, items: tuple[str, ...]) -> Rule:
    """`项目.本年决算数 = 合计(自评表.年度资金总额.全年执行数)`, over the tables of the line's project; ≥ of parts."""
    common_rule = COMMON_RULES[tied.rule]
    stated = Ref(f"{tied.ties.list_id}.{column}", "amount", list_id=tied.ties.list_id)
    sums = tuple(Over(Ref(item, "amount", form=tied.form), "amount") for item in items)
    node = Compare("≥" if tied.ties.parts else "=", stated, sums[0] if len(sums) == 1 else Call(EITHER, sums, "amount"))
    return Rule(
        id=tied.rule, item=stated.item, node=node, severity=common_rule.severity, layer=common_rule.layer, fills=False,
        optional=True, list_id=tied.ties.list_id,
    )  # fmt: skip


def _verdicts(tied: _Tied, lines: NDArray[np.intp], residual: Residual, verdict: NDArray[np.object_]) -> pd.DataFrame:
    column = residual.rule.item.rpartition(".")[2]
    items = [f"{name}.{column}" for name in tied.lines.ids[lines]]
    ids = [tied.lines.origins[line].return_id for line in lines]
    stated, expected = residual.sides()
    return pd.DataFrame(
        {
            "return_id": ids, "rule": tied.rule, "item": items, "verdict": verdict, "stated": stated,
            "expected": expected,
        }
    )  # fmt: skip


def _different(tied: _Tied, figures: _Matched, residual: Residual, verdict: NDArray[np.object_]) -> Iterator[Finding]:
    column = residual.rule.item.rpartition(".")[2]
    for place in np.flatnonzero((verdict != AGREES) & (verdict != UNCHECKED)).tolist():
        line, tables = int(figures.lines[place]), figures.tables(place)
        inputs = [InputAt(Ref(residual.rule.item, "amount"), None, tied.lines.cells[column][line])]
        for name in tied.ties.columns[column]:
            cells = "；".join(str(cell) for cell in tied.projects.cells[name][tables] if cell)
            inputs.append(InputAt(Ref(name, "amount", form=tied.form), None, cells or None))
        item = f"{tied.lines.ids[line]}.{column}"
        equal = verdict[place] == DIFFERS and not tied.ties.parts
        cause = cause_of(_difference(tied, figures, residual, place)) if equal else None
        finding = explained(
            tied.wide.form, residual, place, str(verdict[place]), tied.lines.origins[line], item, inputs, cause
        )
        yield replace(finding, message=finding.message + _which(tied, line, tables))


def _difference(tied: _Tied, figures: _Matched, residual: Residual, place: int) -> Difference:
    """The line's figure against those of its tables, for the probable cause."""
    column, line, tables = (
        residual.rule.item.rpartition(".")[2],
        int(figures.lines[place]),
        figures.tables(place).tolist(),
    )
    stated = figure_at(tied.lines.label(line), tied.lines.figures[column], line, weight=1, kind="amount")
    theirs = tied.projects.figures[_nearest(tied, residual, place, column)]
    sides = [
        figure_at(f"《{tied.ties.form}》{tied.projects.label(table)}", theirs, table, weight=-1, kind="amount")
        for table in tables
    ]
    return equated(
        stated, [figure for side in sides for figure in side], residual.stated[place] - residual.expected[place]
    )


def _nearest(tied: _Tied, residual: Residual, place: int, column: str) -> str:
    """The item, of those that may fit, that the line was compared with."""
    items = tied.ties.columns[column]
    fit = (
        item
        for item, (_, tried) in zip(items, residual.tried, strict=True)
        if tried.value[place] == residual.expected[place]
    )
    return next(fit) if residual.tried else items[0]


def _which(tied: _Tied, line: int, tables: NDArray[np.intp]) -> str:
    """Which tables were taken for the line's, and why."""
    named = all(tied.projects.names[table] & tied.lines.names[line] for table in tables)
    shown = "、".join(f"“{tied.projects.label(int(table))}”" for table in tables)
    return f"对应的{tied.ties.form}是{shown}（按{'项目名称' if named else '金额'}对应）。"


def _contradicted(tied: _Tied) -> Iterator[Finding]:
    """X-13: lines with money of units that have no projects, by their own words or by the roster."""
    by_return: dict[str | None, list[int]] = {}
    for line, origin in enumerate(tied.lines.origins):
        if not tied.ties.parts and tied.says_none(origin.unit_code) and _money(tied.lines, line):
            by_return.setdefault(origin.return_id, []).append(line)
    for lines in by_return.values():
        origin, names = tied.lines.origins[lines[0]], [f"“{tied.lines.label(line)}”" for line in lines]
        listed = "".join(names[:_SHOWN]) + (f"等 {len(names)} 个项目" if len(names) > _SHOWN else "")
        cells = [cell for line in lines if (cell := tied.lines.name_cells[line])]
        yield common(
            CONTRADICTED, origin, item=tied.ties.list_id, cell=cells[0] if cells else None,
            related_cells="；".join(cells) or None, detail=f"项目清单里列了{listed}",
            said=tied.says_none(origin.unit_code),
        )  # fmt: skip


def _missing(tied: _Tied, have: set[int]) -> Iterator[Finding]:
    """X-04: lines with money and without a table, of units that sent such tables or have to."""
    sent = set(tied.projects.unit)
    for line, origin in enumerate(tied.lines.origins):
        unit, asked = tied.lines.unit[line], tied.asked(origin.unit_code)
        if line in have or unit in tied.undecided or not (asked or unit in sent) or not _money(tied.lines, line):
            continue
        if tied.says_none(origin.unit_code):
            continue
        yield common(
            MISSING, origin, severity="强制性" if asked else None, item=tied.lines.item(line),
            cell=tied.lines.name_cells[line], label=tied.lines.label(line), amounts=_amounts(tied.lines, line),
        )  # fmt: skip


def _unlisted(tied: _Tied) -> Iterator[Finding]:
    """X-05: tables with money of units whose list of projects came and has no line for them."""
    listing = set(tied.wide.unit_key[tied.wide.returns["adopted"].to_numpy(dtype=bool)])
    for table in np.flatnonzero(tied.owners < 0).tolist():
        if tied.projects.unit[table] in listing and _money(tied.projects, table):
            yield common(
                UNLISTED, tied.projects.origins[table], item=tied.projects.item(table),
                cell=tied.projects.name_cells[table], label=tied.projects.label(table),
                amounts=_amounts(tied.projects, table), listing=tied.wide.form.definition.short,
            )  # fmt: skip


def _money(side: Side, row: int) -> bool:
    return any(amount is not None and amount[0] != 0 for amount in (side.amount(name, row) for name in side.figures))


def _amounts(side: Side, row: int) -> str:
    """`本年预算数 10万元，本年决算数 9万元`."""
    shown = [(name.rpartition(".")[2], side.amount(name, row)) for name in side.figures]
    return "，".join(f"{name} {figure_text(amount[0], 'amount')}" for name, amount in shown if amount is not None)
