"""How often the probable cause is right: `python -m tests.measure_causes` writes the tables of docs/causes.md.

Every kind of slip is planted in as many honest tables, one in each, and the rule that it breaks is checked as usual.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from gouji.validate.check import check_rules
from gouji.validate.figures import Tables
from gouji.validate.wide import widen
from tests.frames import returns_of, values_of
from tests.planted_causes import NOTHING, PLANTS, Sheet, Slip, planted

PAGE = Path(__file__).parents[1] / "docs" / "causes.md"
COUNT, SEED = 200, 20_210_101
RIGHT, AMONG_TWO, WRONG, NONE = "指对", "两个里有一个对", "指错", "未指出"
OUTCOMES = (RIGHT, AMONG_TWO, WRONG, NONE)
_PART = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", re.S)


def measure(count: int = COUNT, seed: int = SEED) -> dict[str, Counter[str]]:
    """Kind → how many causes came out how."""
    kinds = (*PLANTS, *NOTHING)
    measured: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    by_form: dict[str, list[tuple[Sheet, Slip]]] = {}
    for kind in kinds:
        for sheet, slip in planted(kind, count, seed):
            by_form.setdefault(sheet.form.key, []).append((sheet, slip))
    for pairs in by_form.values():
        for (_, slip), cause in zip(pairs, _causes(pairs), strict=True):
            measured[slip.kind][outcome(cause, slip)] += 1
    return measured


def _causes(pairs: list[tuple[Sheet, Slip]]) -> list[str | None]:
    """The cause that is named at the rule that each slip breaks; KeyError where it breaks none."""
    form = pairs[0][0].form
    lines = [sheet.given_lines() for sheet, _ in pairs]
    wide = widen(
        form, returns_of(form, len(pairs)), values_of(form, [sheet.fixed_items() for sheet, _ in pairs], lines)
    )
    causes = {
        (finding.return_id, finding.item): finding.cause
        for finding in check_rules(wide, Tables([wide])).findings
        if finding.verdict == "不符" and finding.layer == "表内"
    }
    return [causes[f"R{number}", slip.item] for number, (_, slip) in enumerate(pairs)]


def outcome(cause: str | None, slip: Slip) -> str:
    """What a cause is worth for a slip."""
    if cause is None:
        return NONE
    named = re.findall("“(.*?)”", cause)
    right = [name for name in named if slip.told and all(any(word in name for word in words) for words in slip.told)]
    if not right:
        return WRONG
    return RIGHT if len(named) == 1 else AMONG_TWO


def precision(counts: Counter[str]) -> float:
    """The share of the causes named that are right, alone or as one of two."""
    named = counts.total() - counts[NONE]
    return 1 - counts[WRONG] / named if named else 1.0


def tables(measured: dict[str, Counter[str]]) -> str:
    """Both tables in Markdown."""
    heads = ["植入的原因", "植入", *OUTCOMES, "指出的里面对的"]
    rows = [
        [kind, str(counts.total()), *(str(counts[worth]) for worth in OUTCOMES), f"{precision(counts):.1%}"]
        for kind, counts in measured.items()
        if kind in PLANTS
    ]
    whole = sum((counts for kind, counts in measured.items() if kind in PLANTS), Counter())
    rows.append(["合计", str(whole.total()), *(str(whole[worth]) for worth in OUTCOMES), f"{precision(whole):.1%}"])
    none = [
        [kind, str(counts.total()), str(counts[WRONG]), f"{counts[WRONG] / counts.total():.1%}"]
        for kind, counts in measured.items()
        if kind in NOTHING
    ]
    return f"{_markdown(heads, rows)}\n{_markdown(['没有植入原因的差额', '个数', '误指', '误指率'], none)}"


def _markdown(heads: list[str], rows: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in (heads, ["---"] * len(heads), *rows))


def written(page: str, measured: dict[str, Counter[str]]) -> str:
    """The page with these tables in it."""
    return _PART.sub(lambda _: tables(measured), page)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), measure()), encoding="utf-8")
