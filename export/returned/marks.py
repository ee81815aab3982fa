"""What is marked: the findings of one file, in the order in which its unit should read them, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gouji.export.returned.comments import LEAD
from gouji.ingest.files.cell_areas import Position
from gouji.templates.addresses import cell_position
from gouji.templates.returned import ISSUES_SHEET, Proof
from gouji.templates.text import shortened
from gouji.templates.verdicts import DIFFERS

SEVERITIES = ("强制性", "核实性", "提示")
"""What a unit is asked about, the gravest first; 表样问题 are the bureau's own."""
_LONGEST, _MOST = 300, 4
"""Characters of one finding in a comment, and findings in one comment."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as the unit is told it. `sheet` and `cell` are None where it is about a whole file or sheet."""

    finding_id: str
    rule: str
    severity: str
    verdict: str
    message: str
    sheet: str | None = None
    cell: str | None = None
    stated: str | None = None
    expected: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which file a copy was made of (`sha256`), which round of returning it is, and the proofs of its tables."""

    sha256: str
    round: int = 2
    proofs: tuple[Proof, ...] = ()


def position(mark: Mark) -> Position | None:
    """The cell that is marked, the first where there are several; None without one."""
    try:
        return None if mark.cell is None else cell_position(mark.cell.partition(":")[0])
    except ValueError:
        return None


def ordered(marks: Iterable[Mark], sheets: Sequence[str] = ()) -> list[Mark]:
    """The gravest first, what is wrong before what is open, then by place; `sheets`: in the order of the workbook."""
    places = {name: number for number, name in enumerate(sheets)}

    def key(mark: Mark) -> tuple[object, ...]:
        where = places.get(mark.sheet or "", -1)
        severity = SEVERITIES.index(mark.severity)
        return severity, mark.verdict != DIFFERS, where, position(mark) or (-1, -1), mark.rule, mark.finding_id

    return sorted(marks, key=key)


def counted(marks: Sequence[Mark]) -> str:
    """`共 5 条：强制性 2 条，提示 3 条`."""
    numbers = [(severity, sum(mark.severity == severity for mark in marks)) for severity in SEVERITIES]
    return f"共 {len(marks)} 条：" + "，".join(f"{severity} {number} 条" for severity, number in numbers if number)


def comment(marks: Sequence[Mark]) -> str:
    """What stands in the comment on a cell about its findings."""
    if len(marks) == 1:
        return f"{LEAD}{_sentence(marks[0])}"
    lines = [f"{LEAD}此处有 {len(marks)} 个问题"]
    lines += [f"{number}．{_sentence(mark)}" for number, mark in enumerate(marks[:_MOST], 1)]
    if len(marks) > _MOST:
        lines.append(f"其余 {len(marks) - _MOST} 个请看“{ISSUES_SHEET}”表。")
    return "\n".join(lines)


def _sentence(mark: Mark) -> str:
    return f"{mark.severity}·{mark.verdict}　规则 {mark.rule}\n{shortened(mark.message, _LONGEST)}"
