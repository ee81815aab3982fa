"""Which checks the 自查 of a workbook lists, each with its verdict, and which it leaves to the bureau and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from gouji.templates.addresses import cell_name
from gouji.templates.block_items import ASK, MUST
from gouji.templates.form import Form
from gouji.templates.issuing.plan import IssuedSheet
from gouji.templates.layout import Position
from gouji.templates.rules.expand import Rule
from gouji.templates.rules.naming import BY_LINE, placed_sentence, quoted, row_labels, rule_sentence
from gouji.templates.rules.nodes import Compare, Node, demanded, refs
from gouji.templates.rules.scope import PREVIOUS, REFERENCE
from gouji.templates.scores_block import Indicator, ScoresBlock
from gouji.templates.scoring.parameters import ProjectScoring
from gouji.templates.scoring.rated import Rated
from gouji.templates.selfcheck.ledger import VALUE, Ledger, Record, count, joined
from gouji.templates.selfcheck.line_scores import SCORE, scored_line
from gouji.templates.selfcheck.scores import attainable, rated
from gouji.templates.selfcheck.table import Table
from gouji.templates.selfcheck.verdicts import AGREES, DIFFERS, OPEN, ROUNDING, Judged, in_use, judged
from gouji.templates.selfcheck.workbook import Sheets, live

_TEXTS = "要读懂文字填写的指标值"
REQUIRED = "T-01"
"""The common rule that required cells are filled."""


@dataclass(frozen=True)
class Check:
    """One line of the 自查.

    `what`: the rule in words; `kind`: of the figures compared (None: it compares none); `sign`: how they are compared.
    `judged`: its judgement, or one per line or indicator where the line stands for several; `places`: the cell of
    each on its sheet; `code`: the cell of the worst verdict;
    `words`: where the rule stands in words on the calculation sheet. `key`: what a 说明
    on this line belongs to.
    """

    table: Table
    rule: str
    what: str
    severity: str
    judged: tuple[Judged, ...]
    places: tuple[Position, ...]
    code: str
    words: Record
    kind: str | None = None
    sign: str = "="
    together: bool = False

    @property
    def sheet(self) -> IssuedSheet:
        """The form sheet that is checked."""
        return self.table.sheet

    @property
    def key(self) -> str:
        """What a 说明 on this line belongs to beside its sheet and rule: a cell, or "" for all of the rule's."""
        return "" if self.together else cell_name(*self.places[0])


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A rule that the workbook cannot check by itself; `why`: what it would need."""

    rule: str
    what: str
    why: str


@dataclass
class SelfCheck:
    """The calculation sheet and what the 自查 shows of it."""

    ledger: Ledger
    checks: list[Check] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def self_check(sheets: Sequence[IssuedSheet], year: int) -> SelfCheck:
    """Every check of these sheets, in their order, spare sheets last.

    Checks within a sheet are written right behind its cells, so that sheets of one form are alike row by row and
    share their formulas; checks across sheets follow after all sheets.
    """
    result, checks_by_sheet = SelfCheck(Ledger()), {}
    tables = Sheets(result.ledger, [])
    for number, sheet in enumerate(sheets):
        table = Table(result.ledger, sheet, number)
        tables.tables.append(table)
        checks_by_sheet[sheet.name] = list(_checks(table, tables, year, within_sheet=True))
    for table in tables.tables:
        checks_by_sheet[table.sheet.name] += _checks(table, tables, year, within_sheet=False)
    for table in sorted(tables.tables, key=lambda table: table.sheet.spare):
        result.checks += [check for _, check in sorted(checks_by_sheet[table.sheet.name], key=lambda placed: placed[0])]
    for form in dict.fromkeys(sheet.form for sheet in sheets):
        result.left_out += _left_out(form, tables, year)
    return result


def _checks(table: Table, sheets: Sheets, year: int, *, within_sheet: bool) -> Iterator[tuple[int, Check]]:
    """The checks that read this sheet alone (`within_sheet`), or those across sheets, each with its place in order."""
    form = table.form
    if within_sheet and (required := _required(table, sheets)) is not None:
        yield 0, required
    every = [*form.bounds, *form.rules]
    readable = [rule for rule in every if within_sheet or sheets.tells(form, rule.node)]
    groups = [list(rules) for _, rules in groupby(readable, key=lambda rule: _group(form, rule))]
    for rules in groups:
        if _reads_own_sheet(rules[0].node) == within_sheet:
            place = every.index(rules[0]) + 1
            yield from ((place, check) for check in _of_rules(rules, table, sheets, year))
    behind = len(every) + 1
    scoring = form.definition.scoring
    if within_sheet and scoring is not None and scoring.project is not None and not form.measured_beside:
        yield behind, _of_lines(scoring.project, table, sheets)
    for number, indicator in enumerate(form.scored_indicators):
        for within, check in _of_scores(indicator, table, sheets, within_sheet=within_sheet):
            yield behind + 2 * number + within, check


def _of_lines(rules: ProjectScoring, table: Table, sheets: Sheets) -> Check:
    """Every indicator line of a 自评表, recomputed where its figures are plain."""
    judgements, places = [], []
    for slot, line in enumerate(table.sheet.layout.slots[rules.lines]):
        with sheets.ledger.line(table.rows[rules.lines] + slot):
            judgements.append(scored_line(rules, sheets, table, slot))
        places.append(line.columns[SCORE])
    sentence = f"各项指标的自评得分应与按指标值和完成值复算的一致{BY_LINE}"
    return _together(table, sheets, rules.id, sentence, ASK, judgements, places, "points")


def _reads_own_sheet(node: Node) -> bool:
    """Whether an expression reads nothing but its own sheet."""
    return all(ref.form is None for ref in refs(node)) and live(node)


def _required(table: Table, sheets: Sheets) -> Check | None:
    """Whether every required cell is filled."""
    judgements, places = [], []
    for place, blank in table.missing():
        row = sheets.ledger.add(value=in_use(f"IF({blank},{OPEN},{AGREES})", table))
        judgements.append(Judged("", None, row))
        places.append(place)
    if not judgements:
        return None
    return _together(table, sheets, REQUIRED, "必填项都应填写", MUST, judgements, places)


def _group(form: Form, rule: Rule) -> str:
    """Rules of one check are one line of the 自查 where they repeat over the indicators of a 评分表; bounds always."""
    scored = form.items.get(rule.item)
    blocks = {block.scores for block in form.definition.blocks if isinstance(block, ScoresBlock)}
    is_scored = rule.row is not None and scored is not None and scored.block in blocks
    is_scored |= rule.is_bound
    return rule.id if is_scored or rule.list_id is not None else rule.key


def _of_rules(rules: list[Rule], table: Table, sheets: Sheets, year: int) -> Iterator[Check]:
    rule = rules[0]
    demand = demanded(rule.node)[1]
    if rule.list_id is None and len(rules) == 1 and not rule.is_bound:
        judgement = judged(rule, sheets, table)
        yield Check(
            table, rule.id, placed_sentence(table.form, rule, year), rule.severity, (judgement,),
            (_place(table, rule.item),), judgement.code, sheets.ledger.add(),
            kind=demand.left.kind if isinstance(demand, Compare) else None,
            sign=demand.sign if isinstance(demand, Compare) else "=",
        )  # fmt: skip
        return
    judgements = [judgement for repeated in rules for judgement in _judgements(repeated, table, sheets)]
    if judgements:
        yield _together(
            table, sheets, rule.id, rule_sentence(table.form, rule, year), rule.severity,
            [judgement for judgement, _ in judgements], [place for _, place in judgements],
            kind=demand.left.kind if isinstance(demand, Compare) else None,
            sign=demand.sign if isinstance(demand, Compare) else "=",
            otherwise=in_use(str(AGREES), table) if rule.is_bound else None,
        )  # fmt: skip


def _judgements(rule: Rule, table: Table, sheets: Sheets) -> Iterator[tuple[Judged, Position]]:
    """One judgement with its cell, or one per line of the rule's list."""
    if rule.list_id is None:
        yield judged(rule, sheets, table), _place(table, rule.item)
        return
    for slot in range(len(table.sheet.layout.slots.get(rule.list_id, []))):
        with sheets.ledger.line(table.rows[rule.list_id] + slot):
            yield judged(rule, sheets, table, slot), table.place(rule.item, slot)


def _together(
    table: Table,
    sheets: Sheets,
    rule: str,
    what: str,
    severity: str,
    judgements: list[Judged],
    places: list[Position],
    kind: str | None = None,
    sign: str = "=",
    otherwise: str | None = None,
) -> Check:
    """Several judgements as one line: 不符 before 待填 before 尾差 before 相符; `otherwise` where there is none."""
    codes = [judgement.code for judgement in judgements]
    worst = otherwise or f"MAX({joined(codes)})"
    for code in (AGREES, ROUNDING, OPEN, DIFFERS):
        worst = f"IF({count(codes, str(code))}>0,{code},{worst})"
    row = sheets.ledger.add(value=worst)
    return Check(
        table, rule, what, severity, tuple(judgements), tuple(places), row.part(VALUE), row, kind, sign, together=True
    )


def _place(table: Table, item: str) -> Position:
    """Where a finding of a rule is shown; the total of a list, group or section at the first cell that it adds up."""
    places = table.sheet.layout.positions
    if item in places:
        return places[item]
    owner, _, column = item.rpartition(".")
    for spec in table.form.lists.values():
        groups = {leaf for leaf, parent in spec.groups.items() if owner in (leaf, parent)}
        for slot in table.sheet.layout.slots.get(spec.id, []):
            if owner == spec.id or slot.group in groups:
                return slot.columns[column]
    rows = table.form.scope.rows.get(owner, ())
    return next(places[f"{row}.{column}"] for row in rows)


def _of_scores(
    indicator: Indicator, table: Table, sheets: Sheets, *, within_sheet: bool
) -> Iterator[tuple[int, Check]]:
    """Whether the score equals the recomputed one, where the rate is known; whether the criteria can yield it."""
    form, place = table.form, (_place(table, f"{indicator.id}.得分"),)
    scoring = form.definition.scoring
    assert scoring is not None and scoring.sheet is not None
    label = f"{quoted(row_labels(form)[indicator.id])}的自评得分"
    if isinstance(indicator.rule, Rated):
        rate = form.rates[indicator.id]
        if _reads_own_sheet(rate) == within_sheet and (within_sheet or sheets.tells(form, rate)):
            score, sentence = rated(indicator, indicator.rule, sheets, table), f"{label}应与按评分标准复算的一致"
            words = sheets.ledger.add()
            yield 0, Check(table, scoring.sheet.id, sentence, ASK, (score,), place, score.code, words, kind="points")
    if within_sheet:
        score, sentence = attainable(indicator, sheets, table), f"{label}应是评分标准能给出的分数"
        words = sheets.ledger.add()
        yield (
            1,
            Check(table, scoring.sheet.attainable, sentence, ASK, (score,), place, score.code, words, kind="points"),
        )


def _left_out(form: Form, sheets: Sheets, year: int) -> Iterator[LeftOut]:
    listed: set[str] = set()
    for rule in form.rules:
        if rule.id not in listed and not sheets.tells(form, rule.node):
            listed.add(rule.id)
            yield LeftOut(rule.id, rule_sentence(form, rule, year), _why(form, rule.node))
    yield from _left_out_scores(form, sheets)
    if form.definition.projects:
        yield LeftOut("X-03", "各个项目与其自评表逐一对应，金额一致（X-03 至 X-06）", "要按编码、名称和金额配对")


def _left_out_scores(form: Form, sheets: Sheets) -> Iterator[LeftOut]:
    scoring = form.definition.scoring
    if scoring is not None and scoring.sheet is not None:
        for name, node in form.rates.items():
            if not sheets.tells(form, node):
                yield LeftOut(scoring.sheet.id, f"{quoted(row_labels(form)[name])}的得分复算", _why(form, node))
        if scoring.sheet.alert is not None:
            yield LeftOut(scoring.sheet.alert.id, "自评预警", "由财政局掌握")
    if scoring is not None and scoring.project is not None:
        rules = scoring.project
        which = "各项指标" if form.measured_beside else "用文字填写的指标值和完成值，其"
        yield LeftOut(rules.id, f"{which}得分的复算", _TEXTS)
        yield LeftOut(rules.completion.id, "执行率与指标完成程度比较", _TEXTS)
        yield LeftOut(rules.over_target.id, "完成值远高于指标值的说明", _TEXTS)
        yield LeftOut(rules.alert.id, "自评预警", "由财政局掌握")
    yield from _left_out_indicators(form)


def _left_out_indicators(form: Form) -> Iterator[LeftOut]:
    """What is asked of indicators without points of their own."""
    stated, unscored = form.definition.stated_score, form.definition.unscored
    if stated is not None:
        yield LeftOut(stated.full, f"{stated.item}为满分而有指标没有达到", _TEXTS)
    if unscored is not None:
        yield LeftOut(unscored.missed, "没有达到指标值的指标要写明原因", _TEXTS)
    _, indicators = form.definition.indicators or ("", None)
    if indicators is not None and indicators.completion is not None:
        yield LeftOut(indicators.completion.id, "执行率与指标完成程度比较", _TEXTS)
    if indicators is not None and indicators.over_target is not None:
        yield LeftOut(indicators.over_target.id, "完成值远高于指标值的说明", _TEXTS)
    if stated is not None and stated.alert is not None:
        yield LeftOut(stated.alert.id, "自评预警", "由财政局掌握")


def _why(form: Form, node: Node) -> str:
    read = {ref.form for ref in refs(node)}
    if PREVIOUS in read:
        return "要用上年的报表"
    if REFERENCE in read:
        return "要用财政局的部门决算数"
    if read == {None}:
        return _TEXTS
    evidence = [form.evidence[ref.item].label for ref in refs(node) if ref.form == "依据"]
    if evidence:
        return f"要用本文件以外的数：{'、'.join(dict.fromkeys(evidence))}"
    return "要用本文件以外的表"
