"""The lines of a roster: which are units and their projects, which go on with the unit above, which are neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gouji.ingest.roster.cells import cell_text, code_text, is_ditto, is_none, is_nothing, lost
from gouji.ingest.roster.errors import Fault
from gouji.ingest.roster.heads import COLUMNS, Headed, is_head
from gouji.ingest.roster.tables import Broken, Line
from gouji.templates.labels import squeezed

_HEAD_OF = {column: head for head, column in COLUMNS.items()}
_IDENTITY = {"unit_code", "unit"}
_CODES = ("unit_code", "project_code")
_LONGEST = {"unit_code": 60, "unit": 200, "project_code": 60, "project_name": 200, "department": 200}
"""Signs of a cell; others: 2,000."""
_TOTAL = r"(?:合计|总计|小计|共计)"
_COUNT = r"[:(]?\d*(?:个|家)?(?:单位|部门|项目)?\)?"
_IS_TOTAL = re.compile(
    rf".{{0,40}}{_TOTAL}数?{_COUNT}|{_TOTAL}数?[:(\d].{{0,60}}|(?:以上)?共\d+(?:个|家)(?:单位|部门|项目)?"
)
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_NUMBERED = re.compile(rf"(?:\({_NUMERAL}\)|{_NUMERAL}[、.:]|第{_NUMERAL}(?:部分|类)).*")
_ONLY_NUMERAL = re.compile(rf"\(?{_NUMERAL}\)?[、.:]?")
_SECTIONS = re.compile(
    r"(?:[县市区]直|[县市区]级|乡镇|街道|乡镇街道|乡镇及街道|党政|党群|政府|事业|其他|直属|全额拨款|差额拨款|行政)"
    r"(?:机关|单位|部门|事业|预算|街道)*"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|附注|制表人?|填表人|填报人|审核人?|负责人|联系人|制表日期|日期)\d?:.*|注$"
)
_LIKE_A_CODE = re.compile(r"[._\-/#]*[0-9A-Za-z][\w.\-/#]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a unit: its number, column of the frame → text (only what is filled); `no_project`: it says that the
    unit has none."""

    line: int
    texts: dict[str, str]
    no_project: bool = False


@dataclass(slots=True)
class Lines:
    """The entries of a roster, and the faults of its lines."""

    headed: Headed
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _above: dict[str, str] | None = None

    def read(self) -> None:
        """All lines below the heads."""
        table, head, _ = self.headed
        for line in table.lines[head + 1 :]:
            self._read(line)

    def _read(self, line: Line) -> None:
        texts = {column: cell_text(line.cells[at]) for column, at in self._places(line)}
        texts["unit_code"] = code_text(texts.get("unit_code", ""))
        filled = {column: text for column, text in texts.items() if text}
        first = squeezed(next((text for cell in line.cells if (text := cell_text(cell))), ""))
        if is_head(line.cells, self.headed.columns) or _is_total(first, filled):
            return
        if not self._broken(line) and _is_section(first, filled):
            self._above = None
        elif filled and not (_NOTE.fullmatch(first) and len(_IDENTITY & filled.keys()) < 2):
            self._take(line, filled)

    def _broken(self, line: Line) -> bool:
        return any(isinstance(line.cells[at], Broken) for _, at in self._places(line))

    def _places(self, line: Line) -> Iterator[tuple[str, int]]:
        return ((column, at) for column, at in self.headed.columns.items() if at < len(line.cells))

    def _take(self, line: Line, filled: dict[str, str]) -> None:
        """The line under its own unit or the one above."""
        if faults := list(self._faults(line)):
            self.faults += faults
            return
        written = {column: text for column, text in filled.items() if not is_ditto(text)}
        whose = {column: written[column] for column in sorted(_IDENTITY) if column in written}
        above = self._above or {}
        goes_on = bool(above) and all(squeezed(above[column]) == squeezed(text) for column, text in whose.items())
        if len(whose) < 2 and not goes_on:
            self.faults.append(_nobodys(line.number, whose))
            return
        ditto = {column: above[column] for column in filled.keys() - written.keys() if column in above}
        self._above = {**above, **written} if goes_on else written
        complete = {**ditto, **written, **{column: self._above[column] for column in sorted(_IDENTITY)}}
        none = is_none(complete.get("project_name", ""))
        self.entries.append(Entry(line.number, _without_nothing(complete), none))

    def _faults(self, line: Line) -> Iterator[Fault]:
        """What cannot be read of the line."""
        table, head, _ = self.headed
        for column, at in self._places(line):
            value, name = line.cells[at], _HEAD_OF[column]
            if column in _CODES and (fault := lost(value, printed=table.is_text)):
                yield Fault(line.number, f"的{name}{fault}，请把这一列设为文本格式后重新填写")
            elif isinstance(value, Broken):
                yield Fault(line.number, f"的{name}是“{value}”，请填写内容")
            elif len(cell_text(value)) > _LONGEST.get(column, 2000):
                yield Fault(line.number, f"的{name}过长，请核对")
        width = len(table.lines[head].cells)
        if table.is_text and any(cell_text(cell) for cell in line.cells[width:]):
            yield Fault(line.number, f"比表头多出几列（表头有 {width} 列），内容里可能有没加引号的分隔符，请核对")


def _is_total(first: str, filled: dict[str, str]) -> bool:
    whose = (squeezed(filled.get(column, "")) for column in _IDENTITY)
    return any(map(_IS_TOTAL.fullmatch, (first, *whose)))


def _is_section(first: str, filled: dict[str, str]) -> bool:
    """A title between the lines: 一、县直单位. A line with a code and a name is a unit, unless its code is 一."""
    code, unit = squeezed(filled.get("unit_code", "")), squeezed(filled.get("unit", ""))
    if code and unit:
        return bool(_ONLY_NUMERAL.fullmatch(code))
    if unit:
        return bool(_NUMBERED.fullmatch(unit) or _SECTIONS.fullmatch(unit))
    if code:
        return not (_LIKE_A_CODE.fullmatch(code) or is_ditto(code) or "project_name" in filled)
    return bool(_NUMBERED.fullmatch(first)) and "project_name" not in filled


def _nobodys(line: int, whose: dict[str, str]) -> Fault:
    if "unit" in whose:
        name = whose["unit"]
        return Fault(line, f"“{name}”没有单位编码；如果这是分组的标题，请在前面加上“一、”，或删去这一行")
    if "unit_code" in whose:
        return Fault(line, f"单位编码“{whose['unit_code']}”没有单位名称")
    return Fault(line, "没有单位编码和单位名称，上面也没有可以接续的单位")


def _without_nothing(texts: dict[str, str]) -> dict[str, str]:
    """Without a project where the line says 无, or where it is the sum of those above."""
    name = texts.get("project_name", "")
    no_project = is_nothing(name) or bool(_IS_TOTAL.fullmatch(squeezed(name)))
    kept = {column: text for column, text in texts.items() if not is_nothing(text) or column in _IDENTITY}
    return {column: text for column, text in kept.items() if not (no_project and column.startswith("project"))}
