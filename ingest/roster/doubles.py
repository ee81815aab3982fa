"""Duplicates on a roster: a code of two units, a name with two codes, a project that is listed twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gouji.ingest.roster.errors import Fault
from gouji.ingest.roster.lines import Entry
from gouji.templates.labels import squeezed

_TOLD_ONCE = {"department": "主管部门", "office": "归口股室", "sort": "乡镇/部门", "deadline": "截止日期"}
"""Columns with one value per unit, in whichever of its lines."""


def code_key(code: str) -> str:
    """The part of a code that is compared: spreadsheets lose leading zeros, and the case of letters varies."""
    key = squeezed(code).casefold()
    return (key.lstrip("0") or "0") if key.isdecimal() else key


def double_units(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Two units under one code, one name under two codes (unless their departments tell them apart)."""
    by_code: dict[str, Entry] = {}
    by_name: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        code, name = code_key(entry.texts["unit_code"]), squeezed(entry.texts["unit"])
        earlier = by_code.setdefault(code, entry)
        if squeezed(earlier.texts["unit"]) != name:
            pair = f"“{entry.texts['unit']}”（{entry.texts['unit_code']}）与第{earlier.line}行“{earlier.texts['unit']}”"
            yield Fault(entry.line, f"{pair}（{earlier.texts['unit_code']}）的单位编码相同，请核对")
        elif earlier is entry:
            department = squeezed(entry.texts.get("department", ""))
            by_department = by_name.setdefault(name, {})
            if namesake := _one_of(by_department, department):
                pair = f"“{entry.texts['unit']}”与第{namesake.line}行名称相同，单位编码却不同"
                yield Fault(entry.line, f"{pair}，请核对；如确是两个单位，请写全称，或填明各自的主管部门")
            by_department.setdefault(department, entry)


def double_projects(entries: Sequence[Entry]) -> Iterator[Fault]:
    """A project of a unit in two lines, a code of two projects, a code without a name."""
    by_name: dict[tuple[str, str], dict[str, Entry]] = {}
    by_code: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        unit, texts = code_key(entry.texts["unit_code"]), entry.texts
        name, code = squeezed(texts.get("project_name", "")), code_key(texts.get("project_code", ""))
        if not name:
            if code:
                yield Fault(entry.line, f"有项目编码“{texts['project_code']}”，没有项目名称")
            continue
        codes = by_name.setdefault((unit, name), {})
        if namesake := _one_of(codes, code):
            project = f"“{texts['unit']}”的项目“{texts['project_name']}”"
            yield Fault(entry.line, f"{project}与第{namesake.line}行重复，请删去一行，或填明各自的项目编码")
        codes.setdefault(code, entry)
        earlier = by_code.setdefault((unit, code), entry) if code else entry
        if squeezed(earlier.texts["project_name"]) != name:
            pair = f"的项目“{texts['project_name']}”与第{earlier.line}行“{earlier.texts['project_name']}”"
            yield Fault(entry.line, f"{pair}的项目编码相同（{texts['project_code']}），请核对")


def _one_of(entries: dict[str, Entry], key: str) -> Entry | None:
    """The entry with that key, or with a blank one; any entry where `key` is blank: blanks distinguish nothing."""
    if not key:
        return next(iter(entries.values()), None)
    return entries.get(key) or entries.get("")


def remarks(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Remarks on lines that are accepted: different values for one unit, a line that repeats another."""
    first_by_unit: dict[str, dict[str, tuple[str, int]]] = {}
    lines: dict[tuple[tuple[str, str], ...], int] = {}
    for entry in entries:
        unit = entry.texts["unit"]
        first_values = first_by_unit.setdefault(code_key(entry.texts["unit_code"]), {})
        for column, name in {**_TOLD_ONCE, "unit_code": "单位编码"}.items():
            text = entry.texts.get(column)
            before, line = first_values.setdefault(column, (text, entry.line)) if text else ("", 0)
            if text and squeezed(before) != squeezed(text):
                yield Fault(
                    entry.line, f"“{unit}”的{name}（{text}）与第{line}行（{before}）不同，{_which(column, line)}"
                )
        line = lines.setdefault(tuple(sorted(entry.texts.items())), entry.line)
        if line != entry.line and "project_name" not in entry.texts:
            yield Fault(entry.line, f"“{unit}”与第{line}行完全相同，只算一行")


def _which(column: str, line: int) -> str:
    return "按位数多的" if column == "unit_code" else f"按第{line}行"
