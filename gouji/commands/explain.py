"""`gouji explain`: one rule in words, with its formula, severity and basis; with a file, its case in that file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gouji.commands.catalogue import chosen_catalogue
from gouji.export.records import records
from gouji.export.results import Results
from gouji.export.rulebook import RuleWords, rulebook
from gouji.export.settled import ruled
from gouji.pipeline import run
from gouji.screen import say
from gouji.templates.catalogue import Catalogue
from gouji.templates.errors import FormNotFoundError
from gouji.validate.catalogue import BASIS
from gouji.workers.chosen import beside_us

_TRACED = ("return_id", "indicator", "trace")


def explain_rule(code: str, file: Path | None, *, layers: Sequence[Path] = (), as_json: bool) -> None:
    """Prints every meaning of a rule id over the catalogue. Raises FormNotFoundError when there is none."""
    catalogue = chosen_catalogue(layers)
    rules = rulebook(catalogue.forms)
    meanings = [meaning(rule, catalogue) for rule in rules if rule.id.upper() == code.strip().upper()]
    if not meanings:
        raise FormNotFoundError(f"没有编号为“{code}”的规则", list(dict.fromkeys(rule.id for rule in rules)))
    cases = [] if file is None else _cases(_run(file, catalogue), meanings[0]["规则"])
    if as_json:
        print(
            json.dumps(meanings if file is None else {"rules": meanings, "cases": cases}, ensure_ascii=False, indent=2)
        )
        return
    console = Console()
    for record in [*meanings, *cases]:
        for name, value in record.items():
            say(console, f"{name}：{value}")
        console.print()
    if file is not None and not cases:
        say(console, "这份文件里没有用到这条规则。")


def _run(file: Path, catalogue: Catalogue) -> Results:
    with beside_us() as workers:
        return run([file], catalogue=catalogue, workers=workers)


def meaning(rule: RuleWords, catalogue: Catalogue) -> dict[str, str]:
    """What a rule asks, under the heads that people see."""
    record = {"规则": rule.id, "内容": rule.words, "层次": rule.layer, "严重程度": rule.severity}
    if rule.form is None or rule.edition is None:
        return {**record, "适用": "全部表", "依据": BASIS}
    form = catalogue.form(rule.form, rule.edition)
    check = next((check for check in form.definition.checks if check.id == rule.id), None)
    record |= {"适用": form.key, "依据": (check.basis if check is not None else None) or form.definition.basis}
    return record if check is None else {**record, "算式": check.rule}


def _cases(results: Results, rule: str) -> list[dict[str, str]]:
    """Every judgement of the rule in the file: sheet, item, verdict, the finding's sentence, the score's trace."""
    sheets = dict(zip(results.returns["return_id"], results.returns["sheet"], strict=True))
    judged = [(row["return_id"], row["item"], row["verdict"]) for row in records(results.verdicts.frame(rule={rule}))]
    findings = {(row["return_id"], row["item"]): row for row in records(ruled(results, rule))}
    traces = {
        (row["return_id"], f"{row['indicator']}.得分"): row["trace"] for row in records(results.scores.frame(_TRACED))
    }
    judged += [
        (*key, row["verdict"]) for key, row in findings.items() if key not in {judgement[:2] for judgement in judged}
    ]
    cases = []
    for return_id, item, verdict in judged:
        case = {"工作表": str(sheets.get(return_id) or ""), "项目": str(item or ""), "结论": str(verdict)}
        finding, trace = findings.get((return_id, item)), traces.get((return_id, item))
        if finding is not None:
            case |= {"单元格": str(finding["cell"] or ""), "说明": str(finding["message"])}
        if trace:
            case["计算过程"] = str(trace)
        cases.append(case)
    return cases
