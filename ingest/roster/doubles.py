"""What stands twice on a roster: a code of two units, a name with two codes, a project that is listed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gouji.ingest.roster.errors import Fault
from gouji.ingest.roster.lines import Entry
from gouji.templates.labels import squeezed

_TOLD_ONCE = {"department": "主管部门", "office": "归口股室", "sort": "乡镇/部门", "deadline": "截止日期"}
"""What a unit has once, in whichever of its lines."""


def code_key(code: str) -> str:
    """What is compared of a code: zeros in front get lost in spreadsheets, and so does the case of letters."""
    key = squeezed(code).casefold()
    return (key.lstrip("0") or "0") if key.isdecimal() else key


def double_units(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Two units under one code, one name under two codes (unless their departments tell them apart)."""
    by_code: dict[str, Entry] = {}
    by_name: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        code, name = code_key(entry.texts["unit_code"]), squeezed(entry.texts["unit"])
        known = by_code.setdefault(code, entry)
        if squeezed(known.texts["unit"]) != name:
            both = f"“{entry.texts['unit']}”（{entry.texts['unit_code']}）与第{known.line}行“{known.texts['unit']}”"
            yield Fault(entry.line, f"{both}（{known.texts['unit_code']}）的单位编码相同，请核对")
        elif known is entry:
            department = squeezed(entry.texts.get("department", ""))
            by_department = by_name.setdefault(name, {})
            if other := _one_of(by_department, department):
                both = f"“{entry.texts['unit']}”与第{other.line}行名称相同，单位编码却不同"
                yield Fault(entry.line, f"{both}，请核对；如确是两个单位，请写全称，或填明各自的主管部门")
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
        if other := _one_of(codes, code):
            what = f"“{texts['unit']}”的项目“{texts['project_name']}”"
            yield Fault(entry.line, f"{what}与第{other.line}行重复，请删去一行，或填明各自的项目编码")
        codes.setdefault(code, entry)
        known = by_code.setdefault((unit, code), entry) if code else entry
        if squeezed(known.texts["project_name"]) != name:
            both = f"的项目“{texts['project_name']}”与第{known.line}行“{known.texts['project_name']}”"
            yield Fault(entry.line, f"{both}的项目编码相同（{texts['project_code']}），请核对")


def _one_of(known: dict[str, Entry], key: str) -> Entry | None:
    """The entry of that key; any where the key, or one that is known, is blank and tells nothing apart."""
    if not key:
        return next(iter(known.values()), None)
    return known.get(key) or known.get("")


def remarks(entries: Sequence[Entry]) -> Iterator[Fault]:
    """What is taken as it stands, and should be looked at: other words for one unit, a line that adds nothing."""
    seen: dict[str, dict[str, tuple[str, int]]] = {}
    whole: dict[tuple[tuple[str, str], ...], int] = {}
    for entry in entries:
        unit = entry.texts["unit"]
        known = seen.setdefault(code_key(entry.texts["unit_code"]), {})
        for column, name in {**_TOLD_ONCE, "unit_code": "单位编码"}.items():
            text = entry.texts.get(column)
            before, line = known.setdefault(column, (text, entry.line)) if text else ("", 0)
            if text and squeezed(before) != squeezed(text):
                yield Fault(
                    entry.line, f"“{unit}”的{name}（{text}）与第{line}行（{before}）不同，{_which(column, line)}"
                )
        line = whole.setdefault(tuple(sorted(entry.texts.items())), entry.line)
        if line != entry.line and "project_name" not in entry.texts:
            yield Fault(entry.line, f"“{unit}”与第{line}行完全相同，只算一行")


def _which(column: str, line: int) -> str:
    return "按位数多的" if column == "unit_code" else f"按第{line}行"
